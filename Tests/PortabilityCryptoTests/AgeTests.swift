import Crypto
import FoundationEssentials
import PortabilityEnvelope
import PortabilityModel
import Testing

@testable import PortabilityCrypto

/// The same numbers in every run.
struct FixedRandom: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64 = 7) { state = seed }

    mutating func next() -> UInt64 {
        // SplitMix64.
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}

/// The keys of `Tests/Data/age/made`.
enum MadeKeys {
    static func file(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: testData("age/made/\(name)"))))
    }

    static func identity() throws -> AgeKey { AgeKey(try AgeIdentity.file(file("key.txt"))[0]) }

    static func recipient() throws -> AgeRecipient {
        let comment = try #require(
            String(decoding: file("key.txt"), as: UTF8.self).split(separator: "\n").first {
                $0.hasPrefix("# public key: ")
            })
        return try AgeRecipient(String(comment.dropFirst("# public key: ".count)))
    }

    static func sshRecipient() throws -> AgeRecipient { try AgeRecipient.file(file("id_ed25519.pub"))[0] }

    static func sshKey() throws -> AgeKey {
        let file = try file("id_ed25519").withUnsafeBytes { try OpenSSHPrivateKey(parsing: $0) }
        return AgeKey(sshEd25519Seed: try #require(file.seed))
    }
}

func encrypt(
    _ plain: [UInt8], for audience: AgeAudience, pieces: Int = .max, random: FixedRandom = FixedRandom()
) throws -> [UInt8] {
    var file: [UInt8] = []
    var random = random
    let writer = try AgeWriter(for: audience, random: &random) { bytes in
        bytes.withUnsafeBufferPointer { file += $0 }
    }
    var rest = plain[...]
    while !rest.isEmpty {
        try writer.write(Array(rest.prefix(pieces)).span)
        rest = rest.dropFirst(pieces)
    }
    try writer.finish()
    return file
}

func decrypt(_ file: [UInt8], _ keys: AgeKeys) throws -> [UInt8] {
    let reader = try AgeReader(HeldBytes(file), keys: keys)
    return try reader.bytes(Int(reader.size), at: 0)
}

@Suite("age: files that are written and read")
struct AgeTests {
    static let passphrase = Array("correct horse battery staple".utf8)

    static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) } }

    @Test(arguments: [0, 1, 65535, 65536, 65537, 131_072, 200_000])
    func everyRecipientReadsWhatWasWritten(size: Int) throws {
        let plain = Self.bytes(size)
        let file = try encrypt(plain, for: .recipients([MadeKeys.recipient(), MadeKeys.sshRecipient()]))
        #expect(try decrypt(file, AgeKeys([MadeKeys.identity()])) == plain)
        #expect(try decrypt(file, AgeKeys([MadeKeys.sshKey()])) == plain)
        #expect(throws: PortabilityError(.verification, "")) { try decrypt(file, AgeKeys()) }
        let other = AgeKey(sshEd25519Seed: SecretBytes([UInt8](repeating: 3, count: 32)))
        #expect(throws: PortabilityError(.verification, "")) { try decrypt(file, AgeKeys([other])) }
        #expect(try decrypt(file, AgeKeys([other, MadeKeys.identity()])) == plain)
    }

    @Test func aPassphraseOpensWhatItWasGivenFor() throws {
        let plain = Self.bytes(1000)
        let passphrase = try AgePassphrase(SecretBytes(Self.passphrase))
        let file = try encrypt(plain, for: .passphrase(passphrase, workFactor: 4))
        #expect(try decrypt(file, AgeKeys(passphrase: { passphrase })) == plain)
        let wrong = try AgePassphrase(SecretBytes(Self.passphrase + [33]))
        #expect(throws: PortabilityError(.verification, "")) { try decrypt(file, AgeKeys(passphrase: { wrong })) }
        #expect(throws: PortabilityError(.verification, "")) { try decrypt(file, AgeKeys()) }
        #expect(throws: PortabilityError(.verification, "")) {
            try decrypt(file, AgeKeys([MadeKeys.identity()]))
        }
        #expect(throws: PortabilityError(.configuration, "")) { try AgePassphrase(SecretBytes([])) }
        #expect(throws: PortabilityError(.configuration, "")) {
            try encrypt(plain, for: .passphrase(passphrase, workFactor: 23))
        }
    }

    @Test func nobodyIsAskedForAPassphraseThatIsNotNeeded() throws {
        let file = try encrypt([1], for: .recipients([MadeKeys.recipient()]))
        let keys = AgeKeys([try MadeKeys.identity()]) { throw PortabilityError(.cancelled, "asked") }
        #expect(try decrypt(file, keys) == [1])
    }

    @Test func filesOfTheProgramAgeAreRead() throws {
        let plain = try MadeKeys.file("plain.txt")
        #expect(try decrypt(MadeKeys.file("ssh.age"), AgeKeys([MadeKeys.sshKey()])) == plain)
        let armored = try MadeKeys.file("both.age")
        #expect(AgeArmor.isArmor(armored))
        for key in [try MadeKeys.sshKey(), try MadeKeys.identity()] {
            let reader = try AgeReader(AgeArmor(HeldBytes(armored)), keys: AgeKeys([key]))
            #expect(try reader.bytes(Int(reader.size), at: 0) == plain)
        }
    }

    /// However the bytes come, the file is the same; with other random numbers every byte after the words differs.
    @Test func onlyContentAndRandomNumbersDecide() throws {
        let plain = Self.bytes(150_000)
        let audience = AgeAudience.recipients([try MadeKeys.recipient()])
        let file = try encrypt(plain, for: audience)
        for pieces in [1000, 65535, 65536, 65537, 140_000] {
            #expect(try encrypt(plain, for: audience, pieces: pieces) == file)
        }
        let other = try encrypt(plain, for: audience, random: FixedRandom(8))
        #expect(other.count == file.count)
        let same = zip(file, other).count { $0 == $1 }
        #expect(same < file.count / 100)
    }

    @Test func nothingCanBeAddedAfterTheEnd() throws {
        var random = FixedRandom()
        let writer = try AgeWriter(for: .recipients([MadeKeys.recipient()]), random: &random) { _ in }
        try writer.finish()
        #expect(throws: PortabilityError(.output, "")) { try writer.finish() }
        #expect(throws: PortabilityError(.output, "")) { try writer.write([1].span) }
    }

    @Test func anErrorOfTheOutputIsPassedOn() throws {
        var random = FixedRandom()
        var calls = 0
        let writer = try AgeWriter(for: .recipients([MadeKeys.recipient()]), random: &random) { _ in
            calls += 1
            if calls > 1 { throw PortabilityError(.output, "the disk is full") }
        }
        #expect(throws: PortabilityError(.output, "")) { try writer.write(Self.bytes(70_000).span) }
    }

    /// Another stanza stands between, which nobody here knows: its bytes are authenticated all the same.
    private func fileWithForeignStanza() throws -> [UInt8] {
        var random = FixedRandom()
        let key = AgeFileKey(random: &random)
        let own = try key.header(for: .recipients([MadeKeys.recipient(), MadeKeys.sshRecipient()]), random: &random)
        var header = AgeHeader(
            stanzas: [AgeStanza(["0x-grease", "%&"], body: Self.bytes(100))] + own.stanzas)
        let macKey = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key.key, info: Array("header".utf8), outputByteCount: 32)
        header.mac = Array(HMAC<SHA256>.authenticationCode(for: header.authenticated, using: macKey))
        let nonce = Self.bytes(16)
        let box = try ChaChaPoly.seal(
            Self.bytes(50), using: key.payloadKey(nonce: nonce),
            nonce: ChaChaPoly.Nonce(data: AgeChunk.nonce(0, isLast: true)))
        return header.text + nonce + Array(box.ciphertext) + Array(box.tag)
    }

    @Test func everyFlippedBitIsFound() throws {
        let file = try fileWithForeignStanza()
        let keys = AgeKeys([try MadeKeys.identity()])
        #expect(try decrypt(file, keys) == Self.bytes(50))
        for place in file.indices {
            for bit in 0..<8 {
                var damaged = file
                damaged[place] ^= 1 << UInt8(bit)
                #expect(throws: PortabilityError.self, "byte \(place), bit \(bit)") { try decrypt(damaged, keys) }
            }
        }
    }

    @Test func everyTruncationAndEveryAdditionIsFound() throws {
        let keys = AgeKeys([try MadeKeys.identity()])
        let small = try fileWithForeignStanza()
        for count in small.indices {
            #expect(throws: PortabilityError.self, "\(count) bytes") { try decrypt(Array(small.prefix(count)), keys) }
        }
        let large = try encrypt(Self.bytes(65536 * 3 + 5), for: .recipients([MadeKeys.recipient()]))
        let start = try AgeHeader(parsing: large).length + 16
        // At the ends of chunks, and around them.
        for chunks in 0...3 {
            for extra in [-1, 0, 1, 15, 16, 17] {
                let count = start + chunks * 65552 + extra
                guard count < large.count else { continue }
                #expect(throws: PortabilityError.self, "\(count) bytes") {
                    try AgeReader(HeldBytes(Array(large.prefix(count))), keys: keys)
                }
            }
        }
        for added in [1, 15, 16, 17, 65536, 65552] {
            #expect(throws: PortabilityError.self) {
                try AgeReader(HeldBytes(large + [UInt8](repeating: 0, count: added)), keys: keys)
            }
        }
    }

    @Test func chunksHaveTheirPlace() throws {
        let keys = AgeKeys([try MadeKeys.identity()])
        let file = try encrypt(Self.bytes(65536 * 3), for: .recipients([MadeKeys.recipient()]))
        let start = try AgeHeader(parsing: file).length + 16
        let first = file[start..<(start + 65552)]
        let second = file[(start + 65552)..<(start + 2 * 65552)]
        let swapped = Array(file[..<start] + second + first + file[(start + 2 * 65552)...])
        let reader = try AgeReader(HeldBytes(swapped), keys: keys)
        #expect(throws: PortabilityError(.verification, "")) { try reader.bytes(10, at: 0) }
        #expect(throws: PortabilityError(.verification, "")) { try reader.bytes(10, at: 65536) }
        #expect(try reader.bytes(10, at: 2 * 65536) == Array(Self.bytes(65536 * 3)[(2 * 65536)...].prefix(10)))
    }

    @Test func anyPlaceIsReadAsInOrder() throws {
        let plain = Self.bytes(65536 * 12 + 777)
        let file = try encrypt(plain, for: .recipients([MadeKeys.recipient()]))
        let reader = try AgeReader(HeldBytes(file), keys: AgeKeys([MadeKeys.identity()]))
        #expect(reader.size == Int64(plain.count))
        var random = FixedRandom(99)
        for _ in 0..<400 {
            let place = Int.random(in: 0...plain.count, using: &random)
            let count = Int.random(in: 0...200_000, using: &random)
            #expect(try reader.bytes(count, at: Int64(place)) == Array(plain[place...].prefix(count)))
        }
    }

    @Test func threadsReadSideBySide() async throws {
        let plain = Self.bytes(65536 * 20)
        let file = try encrypt(plain, for: .recipients([MadeKeys.recipient()]))
        let reader = try AgeReader(HeldBytes(file), keys: AgeKeys([MadeKeys.identity()]))
        let isSame = try await withThrowingTaskGroup(of: Bool.self) { group in
            for seed in 0..<4 {
                group.addTask {
                    var random = FixedRandom(UInt64(seed))
                    return try (0..<100).allSatisfy { _ in
                        let place = Int.random(in: 0..<plain.count, using: &random)
                        return try reader.bytes(70_000, at: Int64(place)) == Array(plain[place...].prefix(70_000))
                    }
                }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
        #expect(isSame)
    }

    @Test func headersAreBounded() throws {
        let endless = EncryptedFile.ageVersionLine + [UInt8](repeating: 65, count: 2 << 20)
        let error = #expect(throws: PortabilityError.self) {
            try AgeReader(HeldBytes(endless), keys: AgeKeys([MadeKeys.identity()]))
        }
        #expect(error?.code == .verification)
        #expect(error?.place.field == AgePart.header)
        // A thousand recipients fit.
        let many = [AgeRecipient](repeating: try MadeKeys.recipient(), count: 1000)
        #expect(try decrypt(encrypt([7], for: .recipients(many)), AgeKeys([MadeKeys.identity()])) == [7])
    }

    @Test func secretsAreNotPrinted() throws {
        let shown = [
            "\(try AgePassphrase(SecretBytes(Self.passphrase)))", "\(try MadeKeys.identity())",
            "\(try AgeKeys([MadeKeys.sshKey()]))",
            String(reflecting: try MadeKeys.identity()),
            String(reflecting: try AgePassphrase(SecretBytes(Self.passphrase))),
            "\(try AgeIdentity.file(MadeKeys.file("key.txt")))",
            "\(AgeAudience.passphrase(try AgePassphrase(SecretBytes(Self.passphrase))))",
        ].joined()
        // Neither the words nor numbers, which bytes would be shown as.
        #expect(!shown.contains("horse"))
        #expect(!shown.replacing("18", with: "").contains { $0.isNumber })
    }
}

@Suite("age: public keys of OpenSSH in the form of X25519")
struct Edwards25519Tests {
    /// Both ways lead to one key: over the public key, and over the secret one (RFC 8032, section 5.1.5).
    @Test func theTwoFormsAreOfOneKey() throws {
        for byte in UInt8(0)..<32 {
            let seed = (0..<32).map { UInt8($0) &* 7 &+ byte }
            let signing = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
            let agreeing = try Curve25519.KeyAgreement.PrivateKey(
                rawRepresentation: Array(SHA512.hash(data: seed).prefix(32)))
            #expect(
                Edwards25519.montgomery(Array(signing.publicKey.rawRepresentation))
                    == Array(agreeing.publicKey.rawRepresentation))
        }
    }

    /// RFC 7748, section 4.1: the base point has y = 4/5 and u = 9.
    @Test func theBasePointIsNine() {
        let base = [0x58] + [UInt8](repeating: 0x66, count: 31)
        #expect(Edwards25519.montgomery(base) == [9] + [UInt8](repeating: 0, count: 31))
    }

    @Test func whatIsNoPointIsRefused() {
        let zeros = [UInt8](repeating: 0, count: 31)
        // y = 2 is on no point; y = 1 has no u; p and p + 3 are other spellings of 0 and 3.
        #expect(Edwards25519.montgomery([2] + zeros) == nil)
        #expect(Edwards25519.montgomery([1] + zeros) == nil)
        let prime = [0xed] + [UInt8](repeating: 0xff, count: 30) + [0x7f]
        #expect(Edwards25519.montgomery(prime) == nil)
        #expect(Edwards25519.montgomery([0xf0] + prime.dropFirst()) == nil)
        #expect(Edwards25519.montgomery([9]) == nil)
        // y = 0 and y = −1 are points of a small order.
        #expect(Edwards25519.montgomery([0] + zeros) == [1] + zeros)
        #expect(Edwards25519.montgomery([0xec] + prime.dropFirst()) == [0] + zeros)
    }

    @Test func nothingIsEncryptedForAPointThatKeepsNothingSecret() throws {
        let zeros = [UInt8](repeating: 0, count: 31)
        for key in [[1] + zeros, [0] + zeros, [2] + zeros] {
            #expect(throws: PortabilityError(.configuration, "")) {
                try encrypt([1], for: .recipients([.sshEd25519(key)]))
            }
        }
        #expect(throws: PortabilityError(.configuration, "")) {
            try encrypt([1], for: .recipients([.x25519([0] + zeros)]))
        }
    }
}
