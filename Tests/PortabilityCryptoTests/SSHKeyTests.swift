import PortabilityCrypto
import PortabilityEnvelope
import PortabilityModel
import Testing

@Suite("Private keys of OpenSSH")
struct SSHKeyTests {
    private static func parse(_ bytes: [UInt8]) throws -> OpenSSHPrivateKey {
        try bytes.withUnsafeBytes { try OpenSSHPrivateKey(parsing: $0) }
    }

    private static func open(_ bytes: [UInt8], _ passphrase: SecretBytes) throws -> SSHSigningKey {
        try bytes.withUnsafeBytes { text in
            let key = try OpenSSHPrivateKey(parsing: text)
            return try SSHSigningKey(
                seed: key.unlocked(text, passphrase: passphrase), publicKey: key.publicKey)
        }
    }

    @Test func aKeyWithoutAPassphraseIsItsPublicHalf() throws {
        let key = try Self.parse(SSHData.bytes("ed25519"))
        #expect(key.cipher == nil)
        #expect(key.publicKey == (try SSHPublicKey(line: SSHData.bytes("ed25519.pub").dropLast())))
        #expect(key.publicKey.fingerprint == "SHA256:wHpdstT0yjIdO6utKsBa2bWOPoleVTf8s9aaTEDdiqA")
        #expect(try SSHData.text("ed25519.pub").hasPrefix(key.publicKey.line))
    }

    @Test(
        "The passphrase opens it, whatever the cipher",
        arguments: ["aes256-ctr", "aes256-cbc", "aes128-ctr", "3des-cbc"])
    func passphrase(_ cipher: String) throws {
        let file = try SSHData.bytes(cipher)
        #expect(try Self.parse(file).cipher == cipher)
        #expect(try Self.parse(file).seed == nil)
        let message = try SSHData.bytes("message.txt")
        let signature = try Self.open(file, SSHData.passphrase).sign(message, namespace: "portability")
        #expect(signature.text == (try SSHData.bytes("ed25519.sig")))
    }

    @Test(
        "A wrong passphrase does not",
        arguments: ["", "correct horsf", "correct horse ", "correct horse\0", "Correct horse", "correct horse\n"])
    func wrongPassphrase(_ passphrase: String) throws {
        let file = try SSHData.bytes("aes256-ctr")
        let error = #expect(throws: PortabilityError.self) {
            try Self.open(file, SecretBytes(Array(passphrase.utf8)))
        }
        #expect(error?.code == .verification)
        #expect(error?.message == "the passphrase does not open the private key")
    }

    @Test("Ciphers that are not supported are told", arguments: ["aes256-gcm", "chacha20-poly1305"])
    func otherCiphers(_ name: String) throws {
        let file = try SSHData.bytes(name)
        let error = #expect(throws: PortabilityError.self) { try Self.open(file, SSHData.passphrase) }
        #expect(error?.code == .unsupported)
        #expect(error?.remedy?.contains("-Z aes256-ctr") == true)
    }

    @Test func damagedKeysAreNeverTakenForWholeOnes() throws {
        let text = try SSHData.bytes("ed25519")
        let whole = try Self.open(text, SSHData.passphrase)
        let message = Array("message".utf8)
        let signature = try whole.sign(message, namespace: "portability")
        for count in 0..<text.count - 1 {
            #expect(throws: PortabilityError.self) { try Self.parse(Array(text[..<count])) }
        }
        var survivors = 0
        for place in text.indices {
            var changed = text
            changed[place] ^= 1
            guard let key = try? Self.open(changed, SSHData.passphrase) else { continue }
            // Nothing but the comment may differ.
            survivors += 1
            #expect(try key.sign(message, namespace: "portability") == signature)
        }
        #expect(survivors < 40)
    }

    @Test func damagedProtectedKeysDoNotOpen() throws {
        let text = try SSHData.bytes("aes256-ctr")
        let whole = try Self.open(text, SSHData.passphrase).publicKey
        for place in stride(from: 40, to: text.count, by: 9) {
            var changed = text
            changed[place] ^= 1
            guard let key = try? Self.open(changed, SSHData.passphrase) else { continue }
            #expect(key.publicKey == whole)
        }
    }

    @Test func manyRoundsAreRefusedAndNotWaitedFor() throws {
        let lines = try SSHData.text("aes256-ctr").split(separator: "\n").map(String.init)
        var content = try #require(Base64.decode(Array(lines[1..<lines.count - 1].joined().utf8), padded: true))
        // The options' last four bytes: after the preamble (15), two words, and a salt of 16 bytes.
        let rounds = 15 + 4 + "aes256-ctr".utf8.count + 4 + "bcrypt".utf8.count + 4 + 4 + 16
        #expect(Array(content[rounds..<rounds + 4]) == [0, 0, 0, 4])
        content[rounds] = 0x7F
        let body = String(decoding: Base64.encode(content, padded: true), as: UTF8.self)
        var text = lines[0] + "\n"
        for (index, character) in body.enumerated() {
            text.append(character)
            if index % 70 == 69 { text += "\n" }
        }
        let hostile = Array((text + "\n" + lines[lines.count - 1]).utf8)
        let error = #expect(throws: PortabilityError.self) { try Self.parse(hostile) }
        #expect(error?.code == .limit)
    }

    @Test func keysInOtherFormatsAreTold() throws {
        for text in [
            try SSHData.text("pkcs8.pem"), "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n",
            "PuTTY-User-Key-File-3: ssh-ed25519\n",
        ] {
            let error = #expect(throws: PortabilityError.self) { try Self.parse(Array(text.utf8)) }
            #expect(error?.code == .unsupported)
        }
    }

    @Test(
        "Other algorithms are told by their names",
        arguments: [("rsa.pub", "an RSA key"), ("ecdsa.pub", "an ECDSA key"), ("ed25519-cert.pub", "a certificate")])
    func otherAlgorithms(_ name: String, _ kind: String) throws {
        let key = try SSHPublicKey(line: SSHData.bytes(name).dropLast())
        #expect(key.ed25519 == nil)
        #expect(key.kind == kind)
    }

    @Test func printingAKeyShowsNothing() throws {
        let key = try Self.parse(SSHData.bytes("ed25519"))
        #expect("\(key)" == "private key (hidden)")
        #expect("\(SSHData.passphrase)" == "secret (hidden)")
        #expect(Mirror(reflecting: key).children.isEmpty)
        #expect(Mirror(reflecting: SSHData.passphrase).children.isEmpty)
    }
}
