import Glibc
import PortabilityModel
import Testing

/// Files under `Tests/Data/ssh`, made by ssh-keygen.
enum SSHData {
    static let folder = String(#filePath.dropLast("PortabilityCryptoTests/SSHData.swift".count)) + "Data/ssh/"
    /// What protects the keys that are named after their ciphers.
    static let passphrase = SecretBytes(Array("correct horse".utf8))

    static func bytes(_ name: String) throws -> [UInt8] {
        let file = try #require(fopen(folder + name, "rb"), "no test file \(name)")
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes[..<count])
    }

    static func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }
}
