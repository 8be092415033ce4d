import PortabilityCrypto
import PortabilityModel
import Testing

@Suite("Sealed pages")
struct PageKeyTests {
    private let secret = [UInt8](repeating: 3, count: 32)
    private let id = [UInt8](0..<16)

    @Test("What was sealed opens under its number, in its file, with its key, as it was, and not else")
    func opens() throws {
        let key = try PageKey(secret: secret, info: "test 1")
        let page = (0..<4080).map { UInt8(truncatingIfNeeded: $0) }
        let sealed = try key.pages(of: id).seal(page.span, number: 5)
        #expect(sealed.count == page.count + sealedPageOverhead)
        #expect(key.pages(of: id).open(sealed.span, number: 5) == page)
        #expect(key.pages(of: id).open(sealed.span, number: 6) == nil)
        #expect(key.pages(of: id.reversed()).open(sealed.span, number: 5) == nil)
        #expect(try PageKey(secret: secret, info: "test 2").pages(of: id).open(sealed.span, number: 5) == nil)
        let other = [UInt8](repeating: 4, count: 32)
        #expect(try PageKey(secret: other, info: "test 1").pages(of: id).open(sealed.span, number: 5) == nil)
        for place in [0, 2000, sealed.count - 1] {
            var forged = sealed
            forged[place] ^= 1
            #expect(key.pages(of: id).open(forged.span, number: 5) == nil)
        }
        for length in [0, 15, 16, sealed.count - 1] {
            let cut = Array(sealed.prefix(length))
            #expect(key.pages(of: id).open(cut.span, number: 5) == nil)
        }
    }

    @Test("It is AES-256-GCM under a key of HKDF-SHA-256, and the codes are HMAC-SHA-256")
    func known() throws {
        // Computed by Python's `cryptography` 48, from the same secret, info, salt and nonce.
        let key = try PageKey(secret: secret, info: "test 1")
        let page = Array("page".utf8)
        #expect(
            hexadecimal(try key.pages(of: id).seal(page.span, number: 258))
                == "653cb379dc8ae09953ed015ff1b4a99f8fca079a")
        #expect(
            hexadecimal(key.authenticate(page.span))
                == "70d3ca262e6c9d32e3843eaa94297608f86ffa0f9aabcd3acceb020410443bfb")
    }

    @Test("A secret that is too short is refused, and a key shows nothing of itself")
    func guarded() throws {
        #expect(throws: PortabilityError(.configuration, "")) { try PageKey(secret: [1, 2, 3], info: "test") }
        let key = try PageKey(secret: secret, info: "test")
        #expect("\(key) \(key.pages(of: id))" == "key (hidden) key (hidden)")
        var text = ""
        dump(key.pages(of: id), to: &text)
        #expect(!text.contains("SymmetricKey"))
    }
}
