import PortabilityEnvelope
import PortabilityModel
import Testing

@Suite("Base 64")
struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func theStandardsExamples(plain: String, text: String) {
        #expect(Base64.encode(plain.utf8, padded: true) == Array(text.utf8))
        #expect(Base64.encode(plain.utf8) == Array(text.utf8.filter { $0 != UInt8(ascii: "=") }))
        #expect(Base64.decode(text.utf8, padded: true) == Array(plain.utf8))
        #expect(Base64.decode(text.utf8.filter { $0 != UInt8(ascii: "=") }) == Array(plain.utf8))
    }

    @Test(arguments: ["Zg", "Zg=", "Zh==", "Zm9=", "Zm9v\n", "=", "====", "Z===", "Zg==Zg==", "Zm9v====", "Zm-v"])
    func otherSpellingsAreRefused(text: String) {
        #expect(Base64.decode(text.utf8, padded: true) == nil)
    }

    @Test(arguments: ["Zg==", "Zh", "Z", "Zm8=", "Zm9", "Z g", "Zm9v\n"]) func andWithoutPadding(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
    }

    @Test func everyByteComesBack() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            for padded in [false, true] {
                #expect(Base64.decode(Base64.encode(bytes, padded: padded), padded: padded) == bytes)
            }
        }
    }

    @Test func nothingIsWrittenBeyondTheSpaceThereIs() {
        var space = [UInt8](repeating: 7, count: 3)
        let count = space.withUnsafeMutableBytes { space in
            Base64.decode("Zm9v".utf8, into: UnsafeMutableRawBufferPointer(rebasing: space[..<2]))
        }
        #expect(count == nil)
        #expect(space == [7, 7, 7])
    }
}

@Suite("Bech32")
struct Bech32Tests {
    /// BIP 173, "Test vectors".
    @Test(arguments: [
        "A12UEL5L", "a12uel5l",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
        "11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", "?1ezyfcl",
    ])
    func validTextsAreRead(text: String) throws {
        // One of the vectors is no whole number of bytes; its checksum is what counts there.
        guard let (prefix, bytes) = Bech32.decode(text) else {
            #expect(text.hasPrefix("11qqq") || text.hasPrefix("split1"))
            return
        }
        #expect(Bech32.encode(prefix: prefix, bytes) == text.lowercased())
    }

    @Test(arguments: [
        "\u{20}1nwldj5", "\u{7f}1axkwrx", "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "A1G7SGD8",
        "10a06t8",
        "1qzzfhee", "A12uEL5L", "a12uel5m", "",
    ])
    func invalidTextsAreRefused(text: String) {
        #expect(Bech32.decode(text) == nil)
    }

    @Test func everyWrongLetterIsFound() {
        let text = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
        #expect(Bech32.decode(text)?.bytes.count == 32)
        for place in text.indices {
            for letter in "qpzry9x8gf2tvdw0s3jn54khce6mua7l1b" where letter != text[place] {
                let wrong = text.replacingCharacters(in: place, with: letter)
                #expect(Bech32.decode(wrong)?.prefix != "age")
            }
        }
    }
}

extension String {
    fileprivate func replacingCharacters(in place: Index, with letter: Character) -> String {
        String(self[..<place]) + String(letter) + String(self[index(after: place)...])
    }
}

@Suite("Keys of age")
struct AgeKeyTextTests {
    static let recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    static let identity = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
    static let ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3Frg5XXwy0wcvOWDXzxHzO3XlXSmAaDPPyTRjCnyqV"

    /// The examples of the format's description.
    @Test func theExamplesAreRead() throws {
        guard case .x25519(let key) = try AgeRecipient(Self.recipient) else { throw PortabilityError(.malformed, "") }
        #expect(Bech32.encode(prefix: "age", key) == Self.recipient)
        #expect(try AgeIdentity(Self.identity).secret.withBytes { Array($0) } == [UInt8](repeating: 0x42, count: 32))
    }

    @Test func filesHaveCommentsAndSeveralKeys() throws {
        let recipients = "# ours\n\n\(Self.recipient)\r\n\(Self.ssh) name of a machine\n# end"
        let read = try AgeRecipient.file(Array(recipients.utf8))
        #expect(read.map(\.kind) == ["X25519", "ssh-ed25519"])
        let identities = "# created: 2026\n# public key: \(Self.recipient)\n\(Self.identity)\n\(Self.identity)\n"
        #expect(try AgeIdentity.file(Array(identities.utf8)).count == 2)
    }

    @Test(arguments: [
        "", "age1", "AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ", recipient + "q",
        String(recipient.dropLast()), identity, "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9", "age1yubikey1abc",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ", "ssh-ed25519", "ssh-ed25519 AAAA", ssh + "A", " " + recipient,
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3Frg5XXwy0wcvOWDXzxHzO3XlXSmAaDPPyTRjCnyo=",
    ])
    func otherTextsAreNoRecipients(text: String) {
        let error = #expect(throws: PortabilityError.self) { try AgeRecipient(text) }
        #expect(error?.code == .configuration)
        // Whatever it was, a slip of the hand must not be repeated in a log.
        #expect(text.count < 12 || error?.description.contains(text.dropFirst(4).prefix(20)) == false)
    }

    @Test(arguments: ["", identity.lowercased(), recipient, "AGE-SECRET-KEY-1GFP", "AGE-PLUGIN-YUBIKEY-1Q"])
    func otherTextsAreNoIdentities(text: String) {
        #expect(throws: PortabilityError(.configuration, "")) { try AgeIdentity(text) }
    }

    @Test func theLineOfAWrongKeyIsTold() {
        let error = #expect(throws: PortabilityError.self) {
            try AgeRecipient.file(Array("# first\n\(Self.recipient)\nage1wrong\n".utf8))
        }
        #expect(error?.place.line == 3)
        #expect(throws: PortabilityError(.configuration, "")) { try AgeRecipient.file(Array("# nobody\n".utf8)) }
        #expect(throws: PortabilityError(.configuration, "")) { try AgeIdentity.file([]) }
    }
}

@Suite("The header of age")
struct AgeHeaderTests {
    static let text = """
        age-encryption.org/v1
        -> X25519 O6DLx/wDIawpUC978NSPjYvrfDtJVnZApXKp4FMPHCY
        3aKjozt9agh7jGmvOKvR4iax41Wl4zj95MKK4X9JuWc
        -> 1-grease a b c
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA

        --- HK2NmOBN9Dpq0Gw6xMCuhFcQlQLvZ/wQUi/2scLG75s

        """

    @Test func itsPartsAreFound() throws {
        let bytes = Array(Self.text.utf8)
        let header = try AgeHeader(parsing: bytes + [1, 2, 10])
        #expect(header.length == bytes.count)
        #expect(AgeHeader.end(in: bytes + [1, 2, 10]) == bytes.count)
        #expect(header.stanzas.map(\.kind) == ["X25519", "1-grease"])
        #expect(header.stanzas[1].arguments == ["1-grease", "a", "b", "c"])
        #expect(header.stanzas[1].body == [UInt8](repeating: 0, count: 48))
        #expect(bytes.starts(with: header.authenticated))
        #expect(header.authenticated.suffix(3).elementsEqual("---".utf8))
        var written = AgeHeader(stanzas: header.stanzas)
        written.mac = header.mac
        #expect(written.text == bytes)
    }

    @Test func everyCutIsFound() {
        let bytes = Array(Self.text.utf8)
        for count in bytes.indices {
            #expect(throws: PortabilityError.self) { try AgeHeader(parsing: Array(bytes.prefix(count))) }
        }
    }

    @Test func anotherVersionIsNamed() {
        let error = #expect(throws: PortabilityError.self) {
            try AgeHeader(parsing: Array("age-encryption.org/v2\n-> a\n".utf8))
        }
        #expect(error?.code == .unsupported)
    }

    /// Whatever the bytes are: an error or a header that is written as it was read.
    @Test func anyBytesAreReadOrRefused() {
        var state: UInt64 = 42
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let letters = Array("->- \n\rAa+/=1\u{7f}\u{0}".utf8)
        var whole = 0
        for _ in 0..<5000 {
            var bytes = Array(Self.text.utf8)
            for _ in 0..<(1 + next(2)) {
                let place = next(bytes.count)
                switch next(3) {
                case 0: bytes[place] = letters[next(letters.count)]
                case 1: bytes.remove(at: place)
                default: bytes.insert(letters[next(letters.count)], at: place)
                }
            }
            guard let header = try? AgeHeader(parsing: bytes) else { continue }
            whole += 1
            var written = AgeHeader(stanzas: header.stanzas)
            written.mac = header.mac
            #expect(written.text == Array(bytes.prefix(header.length)))
        }
        #expect(whole > 100)
    }
}

@Suite("The armor of age")
struct AgeArmorTests {
    static func armored(_ bytes: [UInt8], lineEnd: String = "\n") -> [UInt8] {
        let letters = Base64.encode(bytes, padded: true)
        var text = "-----BEGIN AGE ENCRYPTED FILE-----" + lineEnd
        for start in stride(from: 0, to: letters.count, by: 64) {
            text += String(decoding: letters[start..<min(start + 64, letters.count)], as: UTF8.self) + lineEnd
        }
        return Array((text + "-----END AGE ENCRYPTED FILE-----" + lineEnd).utf8)
    }

    @Test(arguments: ["\n", "\r\n"]) func anyPlaceIsRead(lineEnd: String) throws {
        for count in [0, 1, 2, 3, 46, 47, 48, 49, 95, 96, 97, 1000, 300_000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
            let armor = try AgeArmor(HeldBytes(Array("\n\t ".utf8) + Self.armored(bytes, lineEnd: lineEnd)))
            #expect(armor.size == Int64(count))
            #expect(try armor.bytes(count + 10, at: 0) == bytes)
            for place in stride(from: 0, to: count, by: max(1, count / 57)) {
                #expect(try armor.bytes(100, at: Int64(place)) == Array(bytes[place...].prefix(100)))
            }
        }
    }

    @Test func everyCutIsFound() {
        let whole = Self.armored([UInt8](repeating: 5, count: 100))
        for count in 0..<(whole.count - 1) {
            #expect(throws: PortabilityError.self, "\(count) bytes") {
                try AgeArmor(HeldBytes(Array(whole.prefix(count)))).bytes(100, at: 0)
            }
        }
    }

    @Test func everyOtherLetterOfALineIsOtherContentOrAnError() throws {
        let plain = (0..<100).map { UInt8($0) }
        let whole = Self.armored(plain)
        let first = "-----BEGIN AGE ENCRYPTED FILE-----\n".utf8.count
        for place in first..<(whole.count - 34) {
            for letter in Array("A=\n -".utf8) where letter != whole[place] {
                var changed = whole
                changed[place] = letter
                let read = try? AgeArmor(HeldBytes(changed)).bytes(200, at: 0)
                #expect(read != plain)
            }
        }
    }
}
