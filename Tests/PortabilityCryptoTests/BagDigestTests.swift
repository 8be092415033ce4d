import PortabilityCrypto
import PortabilityModel
import Testing

@Suite("Digests of bags")
struct BagDigestTests {
    private func value(_ name: String, _ pieces: [[UInt8]]) throws -> String {
        let algorithm = try #require(BagDigests.all.first { $0.name == name })
        var digest = algorithm.make()
        for piece in pieces { digest.update(piece.span) }
        let value = digest.value()
        #expect(value.count == algorithm.length)
        #expect(digest.value() == value, "asking changes nothing")
        return hexadecimal(value)
    }

    @Test(
        "of abc are those of their standards (RFC 1321, FIPS 180-4)",
        arguments: [
            ("md5", "900150983cd24fb0d6963f7d28e17f72"),
            ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("sha224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
            ("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "sha384",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
            ),
            (
                "sha512",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
        ])
    func abc(_ name: String, _ expected: String) throws {
        #expect(try value(name, [Array("abc".utf8)]) == expected)
        #expect(try value(name, [Array("a".utf8), [], Array("bc".utf8)]) == expected)
    }

    @Test("SHA-224 of the standard's longer messages")
    func sha224() throws {
        let long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
        #expect(
            try value("sha224", [Array(long.utf8)]) == "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525")
        #expect(try value("sha224", []) == "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f")
        let pieces = (0..<1000).map { _ in [UInt8](repeating: UInt8(ascii: "a"), count: 1000) }
        #expect(try value("sha224", pieces) == "20794655980c91d8bbb4c1ea97618a4bf03f42581948b2ee4ee7ad67")
    }

    @Test("do not depend on where the pieces end")
    func pieces() throws {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for name in BagDigests.all.map(\.name) {
            let whole = try value(name, [bytes])
            for cut in [1, 55, 56, 63, 64, 65, 119, 128, 299] {
                #expect(try value(name, [Array(bytes[..<cut]), Array(bytes[cut...])]) == whole, "\(name) at \(cut)")
            }
        }
    }
}
