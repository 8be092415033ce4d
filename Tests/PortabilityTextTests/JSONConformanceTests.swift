import PortabilityText
import Testing

@Suite("JSONTestSuite (github.com/nst/JSONTestSuite)")
struct JSONConformanceTests {
    static let names = TestData.names(in: "json-test-suite").filter { $0.hasSuffix(".json") }

    @Test("All 318 files are there") func complete() { #expect(Self.names.count == 318) }

    @Test("Texts that must be accepted are", arguments: names.filter { $0.hasPrefix("y_") })
    func accepted(name: String) throws {
        let bytes = try TestData.bytes("json-test-suite/" + name)
        var tokenizer = JSONTokenizer()
        #expect(tokenizer.tokenize(bytes.span) == nil)
    }

    @Test("Texts that must be refused are", arguments: names.filter { $0.hasPrefix("n_") })
    func refused(name: String) throws {
        let bytes = try TestData.bytes("json-test-suite/" + name)
        var tokenizer = JSONTokenizer()
        let fault = tokenizer.tokenize(bytes.span)
        #expect(fault != nil)
        #expect((0...bytes.count).contains(fault?.offset ?? -1))
    }

    @Test(
        "Texts that may go either way give a canonical text that is JSON, or a fault",
        arguments: names.filter { $0.hasPrefix("i_") })
    func either(name: String) throws {
        let bytes = try TestData.bytes("json-test-suite/" + name)
        var tokenizer = JSONTokenizer()
        if tokenizer.tokenize(bytes.span) != nil { return }
        var out: [UInt8] = []
        _ = tokenizer.appendCanonical(0, in: bytes.span, into: &out)
        #expect(tokenizer.tokenize(out.span) == nil)
    }
}
