import ArgumentParser
import Portability
import PortabilityModel

/// For whom an archive is encrypted, for commands that read no archive.
struct EncryptOptions: ParsableArguments {
    @OptionGroup var recipients: RecipientOptions

    @Option(
        help: ArgumentHelp(
            "Encrypt with a passphrase, read from this file descriptor, one line.", valueName: "n"))
    var passphraseFd: Int32?

    func validate() throws { try recipients.check(passphraseFd, "--passphrase-fd") }

    /// For whom; nil if it is to be a plain zip.
    ///
    /// - Throws: `configuration`.
    func load() throws -> ArchiveEncryption? { try recipients.load(passphraseFd) }

    /// The name of the file: with `.age` at its end if it is encrypted.
    func name(_ output: String) throws -> String { try recipients.name(output, passphraseFd) }
}

/// For whom an archive is encrypted, for commands that read archives too, whose passphrase has the shorter option.
struct ReencryptOptions: ParsableArguments {
    @OptionGroup var recipients: RecipientOptions

    @Option(
        help: ArgumentHelp(
            "Encrypt what is written with a passphrase, read from this file descriptor, one line.", valueName: "n"))
    var encryptPassphraseFd: Int32?

    func validate() throws { try recipients.check(encryptPassphraseFd, "--encrypt-passphrase-fd") }

    /// For whom; nil if it is to be a plain zip.
    ///
    /// - Throws: `configuration`.
    func load() throws -> ArchiveEncryption? { try recipients.load(encryptPassphraseFd) }

    /// The name of the file: with `.age` at its end if it is encrypted.
    func name(_ output: String) throws -> String { try recipients.name(output, encryptPassphraseFd) }
}

/// The public keys for which an archive is encrypted.
struct RecipientOptions: ParsableArguments {
    @Option(
        name: .customLong("encrypt-to"),
        help: ArgumentHelp(
            "Encrypt for this public key: age1…, \"ssh-ed25519 AAAA…\", or a file of such keys.",
            discussion: """
                May be given several times; any one of them can then open the archive, with age or with --identity. The
                file gets the ending .age if its name has not.
                """, valueName: "key"))
    var encryptTo: [String] = []

    func check(_ passphraseFd: Int32?, _ option: String) throws {
        if passphraseFd != nil, !encryptTo.isEmpty {
            throw ValidationError("An archive is encrypted with \(option) or for --encrypt-to, not both.")
        }
        if let passphraseFd, passphraseFd < 0 {
            throw ValidationError("\(option) is the number of an open file descriptor.")
        }
    }

    func load(_ passphraseFd: Int32?) throws -> ArchiveEncryption? {
        if let passphraseFd {
            return try ArchiveEncryption(passphrase: try PassphraseInput.read(descriptor: passphraseFd))
        }
        return encryptTo.isEmpty ? nil : try ArchiveEncryption(recipients: encryptTo)
    }

    func name(_ output: String, _ passphraseFd: Int32?) throws -> String {
        let isEncrypted = passphraseFd != nil || !encryptTo.isEmpty
        guard output.hasSuffix(".age") else { return isEncrypted ? "\(output).age" : output }
        guard isEncrypted else {
            throw PortabilityError(
                .configuration, "the name ends with .age, and nobody is named to encrypt for",
                remedy: "Give --encrypt-to, or leave out .age", at: .init(file: output))
        }
        return output
    }
}
