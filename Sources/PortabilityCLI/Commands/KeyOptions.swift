import ArgumentParser
import Glibc
import Portability
import PortabilityModel

/// What opens encrypted archives.
struct KeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Open an encrypted archive with the secret key in this file: of age, or an OpenSSH Ed25519 key.",
            discussion: "May be given several times. A passphrase is asked for at the terminal.", valueName: "file"),
        completion: .file())
    var identity: [String] = []

    @Option(
        help: ArgumentHelp(
            "Read the passphrase of a protected --identity from this file descriptor, one line.", valueName: "n"))
    var identityPassphraseFd: Int32?

    @Option(
        help: ArgumentHelp(
            "Read the passphrase that the archive was encrypted with from this file descriptor, one line. "
                + "Default: asked for at the terminal.", valueName: "n"))
    var passphraseFd: Int32?

    func validate() throws {
        if identityPassphraseFd != nil, identity.isEmpty {
            throw ValidationError("--identity-passphrase-fd is for the file of --identity FILE.")
        }
        for descriptor in [identityPassphraseFd, passphraseFd].compactMap({ $0 }) where descriptor < 0 {
            throw ValidationError("A file descriptor for a passphrase is the number of an open one.")
        }
        if let passphraseFd, passphraseFd == identityPassphraseFd {
            throw ValidationError("--passphrase-fd and --identity-passphrase-fd are two file descriptors.")
        }
    }

    /// The keys, read.
    ///
    /// - Throws: `configuration` for a file that holds no key.
    func load() throws -> ArchiveKeys {
        let (identityPassphraseFd, passphraseFd) = (identityPassphraseFd, passphraseFd)
        return try ArchiveKeys(
            identities: identity,
            identityPassphrase: { path in
                try Self.passphrase(
                    identityPassphraseFd, "Passphrase of the identity \(path.printable): ",
                    instead: "--identity-passphrase-fd")
            },
            passphrase: {
                try Self.passphrase(passphraseFd, "Passphrase of the archive: ", instead: "--passphrase-fd")
            })
    }

    /// nil if there is no terminal at which somebody could be asked.
    private static func passphrase(
        _ descriptor: Int32?, _ prompt: String, instead option: String
    ) throws -> SecretBytes? {
        if let descriptor { return try PassphraseInput.read(descriptor: descriptor) }
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { return nil }
        close(terminal)
        return try PassphraseInput.ask(prompt, instead: option)
    }
}
