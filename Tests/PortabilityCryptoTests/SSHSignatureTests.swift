import PortabilityCrypto
import PortabilityEnvelope
import PortabilityModel
import Testing

@Suite("Signatures in the format of OpenSSH")
struct SSHSignatureTests {
    private let message: [UInt8]
    private let key: SSHSigningKey

    init() throws {
        message = try SSHData.bytes("message.txt")
        let file = try SSHData.bytes("ed25519").withUnsafeBytes { try OpenSSHPrivateKey(parsing: $0) }
        key = try SSHSigningKey(seed: try #require(file.seed), publicKey: file.publicKey)
    }

    /// Whether anybody would take the text for a signature of the message.
    private func isAccepted(_ text: [UInt8]) -> Bool {
        guard let signature = try? SSHSignature(parsing: text) else { return false }
        return signature.publicKey == key.publicKey && signature.namespace == "portability"
            && signature.isValid(for: message)
    }

    @Test("ssh-keygen's are read and found right", arguments: ["ed25519.sig", "ed25519-sha256.sig"])
    func accepts(_ name: String) throws {
        let signature = try SSHSignature(parsing: SSHData.bytes(name))
        #expect(signature.namespace == "portability")
        #expect(signature.publicKey.fingerprint == "SHA256:wHpdstT0yjIdO6utKsBa2bWOPoleVTf8s9aaTEDdiqA")
        #expect(signature.isValid(for: message))
        #expect(!signature.isValid(for: message + [10]))
        #expect(!signature.isValid(for: []))
    }

    @Test func oursAreThoseOfSSHKeygenByteForByte() throws {
        #expect(try key.sign(message, namespace: "portability").text == SSHData.bytes("ed25519.sig"))
        #expect(try key.sign(message, namespace: "file").text == SSHData.bytes("ed25519-file.sig"))
    }

    @Test func aNamespaceIsPartOfWhatIsSigned() throws {
        var signature = try SSHSignature(parsing: SSHData.bytes("ed25519-file.sig"))
        #expect(signature.namespace == "file")
        #expect(signature.isValid(for: message))
        signature.namespace = "portability"
        #expect(!signature.isValid(for: message))
    }

    @Test func theHashIsPartOfWhatIsSigned() throws {
        var signature = try SSHSignature(parsing: SSHData.bytes("ed25519-sha256.sig"))
        signature.hash = .sha512
        #expect(!signature.isValid(for: message))
    }

    @Test func everyFlippedBitOfTheTextFails() throws {
        let text = try SSHData.bytes("ed25519.sig")
        #expect(isAccepted(text))
        for place in text.indices {
            for bit in 0..<8 {
                var changed = text
                changed[place] ^= 1 << bit
                #expect(!isAccepted(changed), "bit \(bit) of byte \(place)")
            }
        }
    }

    @Test func everyFlippedBitOfTheContentFails() throws {
        let lines = try SSHData.text("ed25519.sig").split(separator: "\n").map(String.init)
        let content = try #require(Base64.decode(Array(lines[1..<lines.count - 1].joined().utf8), padded: true))
        func folded(_ content: [UInt8]) -> [UInt8] {
            let body = Base64.encode(content, padded: true)
            var text = Array("\(lines[0])\n".utf8)
            for start in stride(from: 0, to: body.count, by: 64) {
                text += body[start..<min(start + 64, body.count)] + [10]
            }
            return text + Array(lines[lines.count - 1].utf8)
        }
        #expect(isAccepted(folded(content)))
        for place in content.indices {
            for bit in 0..<8 {
                var changed = content
                changed[place] ^= 1 << bit
                #expect(!isAccepted(folded(changed)), "bit \(bit) of byte \(place)")
            }
            var shorter = content
            shorter.remove(at: place)
            #expect(!isAccepted(folded(shorter)), "without byte \(place)")
        }
        #expect(!isAccepted(folded(content + [0])))
    }

    @Test func whatIsCutOffFails() throws {
        let text = try SSHData.bytes("ed25519.sig")
        // The last line end may be missing, and line ends may be those of Windows.
        #expect(isAccepted(text.dropLast()))
        #expect(
            isAccepted(
                Array(String(decoding: text, as: UTF8.self).split(separator: "\n").joined(separator: "\r\n").utf8)))
        for count in 0..<text.count - 1 { #expect(!isAccepted(Array(text[..<count])), "\(count) bytes") }
        for place in text.indices.dropLast() {
            var shorter = text
            shorter.remove(at: place)
            #expect(!isAccepted(shorter), "without byte \(place)")
        }
    }

    @Test func whatIsAddedFails() throws {
        let text = try SSHData.bytes("ed25519.sig")
        for more in ["x", " ", "\n\nx", "-----END SSH SIGNATURE-----\n"] {
            #expect(!isAccepted(text + Array(more.utf8)))
        }
        #expect(!isAccepted([10] + text))
        #expect(!isAccepted([0xEF, 0xBB, 0xBF] + text))
        #expect(!isAccepted(text + text))
    }

    @Test("Other kinds are told by their names", arguments: [("rsa.sig", "RSA"), ("ecdsa.sig", "ECDSA")])
    func refuses(_ name: String, _ kind: String) throws {
        let error = try #require(throws: PortabilityError.self) { try SSHSignature(parsing: SSHData.bytes(name)) }
        #expect(error.code == .unsupported)
        #expect(error.message.contains(kind))
    }

    @Test("Hostile lengths end in one error", arguments: [UInt8(0x7F), 0x80, 0xFF, 0x01])
    func hostileLengths(_ first: UInt8) throws {
        let lines = try SSHData.text("ed25519.sig").split(separator: "\n").map(String.init)
        let content = try #require(Base64.decode(Array(lines[1..<lines.count - 1].joined().utf8), padded: true))
        for place in [6, 10, 14, 29, 65, 80] {
            var changed = content
            changed[place] = first
            let body = String(decoding: Base64.encode(changed, padded: true), as: UTF8.self)
            let half = body.index(body.startIndex, offsetBy: body.count / 2)
            let text = [lines[0], String(body[..<half]), String(body[half...]), lines[lines.count - 1]]
                .joined(separator: "\n")
            #expect(throws: PortabilityError.self) { try SSHSignature(parsing: Array(text.utf8)) }
        }
    }

    @Test func aTextOfAnySizeIsRefusedBeforeItIsRead() {
        let error = #expect(throws: PortabilityError.self) {
            try SSHSignature(parsing: [UInt8](repeating: 65, count: 65 << 10))
        }
        #expect(error?.code == .limit)
    }

    @Test func errorsNameTheLine() throws {
        var lines = try SSHData.text("ed25519.sig").split(separator: "\n").map(String.init)
        lines[2] = ""
        let error = #expect(throws: PortabilityError.self) {
            try SSHSignature(parsing: Array(lines.joined(separator: "\n").utf8))
        }
        #expect(error?.place.line == 3)
    }

    @Test func printingAKeyShowsNothing() throws {
        #expect("\(key)" == "signing key (hidden)")
        var dumped = ""
        dump(key, to: &dumped)
        #expect(dumped.split(separator: "\n").count == 1)
    }
}
