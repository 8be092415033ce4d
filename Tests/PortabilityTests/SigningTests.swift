import Foundation
import Portability
import PortabilityEvidence
import PortabilityModel
import Testing

@Suite("Signed archives")
struct SigningTests {
    private static let fingerprint = "SHA256:wHpdstT0yjIdO6utKsBa2bWOPoleVTf8s9aaTEDdiqA"
    private static let data = String(#filePath.dropLast("PortabilityTests/SigningTests.swift".count)) + "Data/ssh/"

    /// A test key as its owner keeps it.
    private func path(_ name: String, in folder: Folder) throws -> String {
        let path = try folder.write(String(contentsOfFile: Self.data + name, encoding: .utf8), to: name)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    private func load(_ name: String, _ passphrase: String? = nil) throws -> SigningKey {
        let folder = try Folder()
        return try SigningKey.load(path: path(name, in: folder)) {
            SecretBytes(Array(try #require(passphrase, "nobody is asked for a passphrase").utf8))
        }
    }

    private func engine(_ signing: SigningDeclaration? = nil) -> PortabilityEngine {
        var configuration = configuration([source("register", [dataset("person")], rows: ["person": rows(3)])])
        configuration.signing = signing
        return PortabilityEngine(configuration: configuration)
    }

    private func options(_ key: SigningKey?) -> ExportOptions {
        var options = ExportOptions(created: 1_800_000_000)
        options.signingKey = key
        return options
    }

    @Test("A key is read once, and the passphrase is asked for only if there is one")
    func keys() throws {
        #expect(try load("ed25519").fingerprint == Self.fingerprint)
        #expect(try load("aes256-ctr", "correct horse").fingerprint == Self.fingerprint)
        #expect(throws: PortabilityError(.verification, "")) { try load("aes256-ctr", "wrong") }
    }

    @Test("Printing a key shows its fingerprint and nothing else")
    func printing() throws {
        let key = try load("ed25519")
        #expect("\(key)" == "signing key \(Self.fingerprint) (hidden)")
        #expect(Mirror(reflecting: key).children.isEmpty)
        var options = options(key)
        options.receiptPath = nil
        var dumped = ""
        dump(options, to: &dumped)
        #expect(dumped.contains("signing key \(Self.fingerprint) (hidden)"))
    }

    @Test(
        "What is no such key is an error of whoever gave it",
        arguments: ["message.txt", "pkcs8.pem", "aes256-gcm", "rsa.pub"])
    func refusedKeys(_ name: String) {
        #expect(throws: PortabilityError(.configuration, "")) { try load(name, "correct horse") }
    }

    @Test("A private key that others can read is refused", arguments: [0o644, 0o640, 0o602])
    func permissions(_ mode: Int) throws {
        let folder = try Folder()
        let path = try path("ed25519", in: folder)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let error = #expect(throws: PortabilityError.self) { try SigningKey.load(path: path) { SecretBytes([]) } }
        #expect(error?.code == .configuration)
        #expect(error?.remedy?.contains("chmod 0600") == true)
    }

    @Test("The archive has the signature, the receipt names the key, and both repeat")
    func export() async throws {
        let folder = try Folder()
        let key = try load("ed25519")
        var made: [[UInt8]] = []
        for name in ["a.zip", "b.zip"] {
            let result = try await engine().export(request(), to: folder.file(name), options: options(key))
            #expect(result.receipt.signingKey == Self.fingerprint)
            made.append(try bytes(of: folder.file(name)))
        }
        let isSame = made[0] == made[1]
        #expect(isSame)
        let names = try ArchiveFileReader.describe(path: folder.file("a.zip")).entries.map(\.name)
        #expect(names.contains("tagmanifest-sha256.txt.sig"))
        let unsigned = try await engine().export(request(), to: folder.file("c.zip"), options: options(nil))
        #expect(unsigned.receipt.signingKey == nil)
        #expect(
            try !ArchiveFileReader.describe(path: folder.file("c.zip")).entries.map(\.name)
                .contains("tagmanifest-sha256.txt.sig"))
    }

    @Test("Archives are signed with the key that is configured, and with no other")
    func configured() async throws {
        let folder = try Folder()
        var signing = SigningDeclaration(
            fingerprint: Self.fingerprint, publishedAt: "https://example.fi/key", principal: "a@example.fi")
        let key = try load("ed25519")
        _ = try await engine(signing).export(request(), to: folder.file("a.zip"), options: options(key))
        signing.fingerprint = "SHA256:\(String(repeating: "A", count: 43))"
        await #expect(throws: PortabilityError(.configuration, "")) {
            try await engine(signing).export(request(), to: folder.file("b.zip"), options: options(key))
        }
        #expect(folder.names == ["a.zip"])
    }

    @Test("Where a signature is required, nothing goes out without one")
    func required() async throws {
        let folder = try Folder()
        var signing = SigningDeclaration(
            fingerprint: Self.fingerprint, publishedAt: "https://example.fi/key", principal: "a@example.fi")
        _ = try await engine(signing).export(request(), to: folder.file("a.zip"), options: options(nil))
        signing.isRequired = true
        await #expect(throws: PortabilityError(.refused, "")) {
            try await engine(signing).export(request(), to: folder.file("b.zip"), options: options(nil))
        }
        #expect(folder.names == ["a.zip"])
    }

    @Test("A file of allowed signers that cannot be read is an error of whoever gave it, with its line")
    func allowedSigners() throws {
        let folder = try Folder()
        let path = try folder.write("# who may sign\na@example.fi nonsense\n", to: "signers")
        let error = #expect(throws: PortabilityError.self) { try SignaturePolicy(allowedSigners: path) }
        #expect(error?.code == .configuration)
        #expect(error?.place.line == 2)
        #expect(throws: PortabilityError(.configuration, "")) {
            try SignaturePolicy(allowedSigners: folder.file("missing"))
        }
    }
}
