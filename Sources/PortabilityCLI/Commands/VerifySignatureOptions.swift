import ArgumentParser
import Portability

/// Who may have signed an archive.
struct VerifySignatureOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Demand a signature by a key of this file, in the format of ssh-keygen -Y verify -f.", valueName: "file"),
        completion: .file())
    var allowedSigners: String?

    @Option(
        help: ArgumentHelp("Who must have signed, as the file names them. Default: anyone in it.", valueName: "name"))
    var signer: String?

    @Option(
        help: ArgumentHelp(
            "The time at which the key must be valid: YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with Z for UTC. "
                + "Default: now, as for ssh-keygen.", valueName: "time"))
    var verifyTime: String?

    func validate() throws {
        if allowedSigners == nil, signer != nil || verifyTime != nil {
            throw ValidationError("--signer and --verify-time need --allowed-signers FILE.")
        }
        if let verifyTime, SignaturePolicy.time(verifyTime) == nil {
            throw ValidationError(
                "--verify-time is written as YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with Z for UTC.")
        }
    }

    /// What to check; nil if nobody says who may sign.
    ///
    /// - Throws: `configuration` for a file that is none, with the line.
    func load() throws -> SignaturePolicy? {
        guard let allowedSigners else { return nil }
        return try SignaturePolicy(
            allowedSigners: allowedSigners, signer: signer,
            time: verifyTime.flatMap { SignaturePolicy.time($0) } ?? systemTime())
    }

    /// What to tell of a signature of an archive that is intact; nil if there is none.
    static func text(_ report: SignatureReport) -> String? {
        let key = report.fingerprint ?? ""
        switch report.status {
        case .none, .invalid: return nil
        case .unchecked: return "signed by key \(key), not checked: give --allowed-signers FILE to find out whose it is"
        case .valid: return "signed by \(report.principals ?? "") with key \(key)"
        }
    }
}
