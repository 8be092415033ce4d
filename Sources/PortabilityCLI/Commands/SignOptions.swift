import ArgumentParser
import Glibc
import Portability
import PortabilityModel

/// The key that an archive is signed with.
struct SignOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Sign with this OpenSSH Ed25519 key; or with the agent's, if this is the public key.",
            discussion: "A passphrase is asked for at the terminal.", valueName: "file"),
        completion: .file())
    var signKey: String?

    @Option(help: ArgumentHelp("Read the key's passphrase from this file descriptor, one line.", valueName: "n"))
    var signPassphraseFd: Int32?

    func validate() throws {
        if signPassphraseFd != nil, signKey == nil {
            throw ValidationError("--sign-passphrase-fd is for the key of --sign-key FILE.")
        }
        if let signPassphraseFd, signPassphraseFd < 0 {
            throw ValidationError("--sign-passphrase-fd is the number of an open file descriptor.")
        }
    }

    /// The key; nil if the archive is not to be signed.
    ///
    /// - Throws: as ``SigningKey/load(path:agent:passphrase:)``.
    func load() throws -> SigningKey? {
        guard let signKey else { return nil }
        return try SigningKey.load(path: signKey, agent: getenv("SSH_AUTH_SOCK").map { String(cString: $0) }) {
            if let signPassphraseFd { return try PassphraseInput.read(descriptor: signPassphraseFd) }
            return try PassphraseInput.ask(
                "Passphrase of the key \(signKey.printable): ", instead: "--sign-passphrase-fd")
        }
    }
}
