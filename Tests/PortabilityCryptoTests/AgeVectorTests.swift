import CZlib
import FoundationEssentials
import PortabilityCrypto
import PortabilityEnvelope
import PortabilityModel
import Testing

/// The community's vectors of the age format (`Tests/Data/age/SOURCE.txt`).
@Suite("age: the vectors of CCTV")
struct AgeVectorTests {
    @Test(arguments: try AgeVector.all()) func endsAsTheVectorSays(vector: AgeVector) throws {
        let outcome = vector.decrypt()
        #expect(outcome.part == vector.expected)
        if vector.expected == nil {
            #expect(outcome.digest == vector.payload)
        } else {
            // Nothing of a file that is not whole is given out: its end is looked at first.
            #expect(outcome.digest == nil)
        }
    }

    /// What is not run: keys of the post-quantum kind, which are not supported.
    @Test func onlyPostQuantumKeysAreLeftOut() throws {
        #expect(try AgeVector.all().count == 124)
        #expect(try AgeVector.postQuantum().count == 19)
    }

    @Test(arguments: try AgeVector.all().filter { !$0.isArmored && $0.expected != AgePart.header })
    func headersAreWrittenAsTheyWereRead(vector: AgeVector) throws {
        let read = try AgeHeader(parsing: vector.file)
        var written = AgeHeader(stanzas: read.stanzas)
        written.mac = read.mac
        #expect(written.text == Array(vector.file.prefix(read.length)))
        #expect(written.length == read.length)
    }
}

/// One file of the vectors.
struct AgeVector: Sendable, CustomTestStringConvertible {
    let name: String
    /// The part that is wrong; nil if nothing is.
    let expected: String?
    let payload: String?
    let identities: [String]
    let passphrases: [String]
    let isArmored: Bool
    let file: [UInt8]

    var testDescription: String { name }

    private static let vectors = Result { try read() }

    static func all() throws -> [AgeVector] { try vectors.get().filter { !$0.isPostQuantum } }
    static func postQuantum() throws -> [AgeVector] { try vectors.get().filter(\.isPostQuantum) }

    private var isPostQuantum: Bool { identities.contains { $0.hasPrefix("AGE-SECRET-KEY-PQ-") } }

    private static func read() throws -> [AgeVector] {
        let folder = testData("age/cctv")
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
            try AgeVector(name: name, bytes: Array(Data(contentsOf: URL(filePath: "\(folder)/\(name)"))))
        }
    }

    private init(name: String, bytes: [UInt8]) throws {
        self.name = name
        let split = try #require(bytes.indices.first { bytes[$0...].starts(with: [10, 10]) })
        var values: [String: [String]] = [:]
        for line in String(decoding: bytes[..<split], as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ": ", maxSplits: 1)
            values[String(parts[0]), default: []].append(String(parts[1]))
        }
        expected =
            switch values["expect"]?.first {
            case "success": nil
            case "no match": AgePart.fileKey
            case "HMAC failure": AgePart.mac
            case "header failure": AgePart.header
            case "payload failure": AgePart.payload
            case "armor failure": AgePart.armor
            default: try #require(nil, "an outcome that is not known")
            }
        payload = values["payload"]?.first
        identities = values["identity"] ?? []
        passphrases = values["passphrase"] ?? []
        isArmored = values["armored"] == ["yes"]
        let rest = Array(bytes[(split + 2)...])
        file = values["compressed"] == nil ? rest : try Self.inflated(rest)
    }

    private static func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
        var plain = [UInt8](repeating: 0, count: 32 << 20)
        var count = uLongf(plain.count)
        try #require(uncompress(&plain, &count, bytes, uLong(bytes.count)) == Z_OK)
        return Array(plain.prefix(Int(count)))
    }

    /// The part that is wrong, or the digest of the content.
    func decrypt() -> (part: String?, digest: String?) {
        do {
            let passphrase = try passphrases.first.map { try AgePassphrase(SecretBytes(Array($0.utf8))) }
            let keys = AgeKeys(try identities.map { AgeKey(try AgeIdentity($0)) }, passphrase: { passphrase })
            let bytes = HeldBytes(file)
            let reader = try AgeReader(isArmored ? AgeArmor(bytes) : bytes, keys: keys)
            return (nil, hexadecimal(SHA256Digest.of(try reader.bytes(Int(reader.size), at: 0))))
        } catch let error as PortabilityError {
            // A version that is not known and a key that nobody gave have codes of their own.
            return (error.place.field, nil)
        } catch {
            return ("\(error)", nil)
        }
    }
}

/// The path of a folder or file of the tests.
func testData(_ path: String) -> String {
    let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
    return "\(here)/Data/\(path)"
}
