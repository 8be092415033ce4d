import PortabilityCrypto
import PortabilityEnvelope
import PortabilityModel

/// Who may have signed an archive: a file of allowed signers, and at what time their keys must be valid.
public struct SignaturePolicy: Sendable {
    private let signers: AllowedSigners
    private let file: String
    private let signer: String?
    private let time: Int64

    /// Reads a file of allowed signers (ssh-keygen(1)).
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - signer: who must have signed; nil: anyone in the file.
    ///   - time: seconds since 1970 at which the key must be valid; the present time by default, as for ssh-keygen.
    /// - Throws: `configuration` with the line for a file that is none.
    public init(allowedSigners path: String, signer: String? = nil, time: Int64 = systemTime()) throws {
        file = path
        self.signer = signer
        self.time = time
        do {
            signers = try AllowedSigners(parsing: readFile(path, limit: 4 << 20))
        } catch let error as PortabilityError {
            var told = error.within(.init(file: path))
            told.code = .configuration
            throw told
        }
    }

    /// A time as ssh-keygen takes it: `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, with `Z` for UTC; nil if it is none.
    public static func time(_ text: String) -> Int64? { SignerTime(text)?.unixSeconds }

    /// Who signed; what forbids it is thrown.
    fileprivate func principals(of key: SSHPublicKey, namespace: String) throws(AllowedSigners.Refusal) -> String {
        try signers.entry(for: key, namespace: namespace, at: time, signer: signer).principals.text
    }

    fileprivate func refusal(_ refusal: AllowedSigners.Refusal, fingerprint: String) -> String {
        let key = "the archive is signed by key \(fingerprint)"
        switch refusal {
        case .unknownKey: return "\(key), which is not among the allowed signers in \(file)"
        case .otherSigner: return "\(key), which \(file) does not allow for \(signer ?? "that signer")"
        case .otherNamespace: return "\(key), which \(file) does not allow for \(SigningKey.namespace)"
        case .notYetValid: return "\(key), which \(file) does not allow yet at the time of checking"
        case .expired: return "\(key), which had expired at the time of checking, as \(file) says"
        }
    }
}

/// What the signature of an archive shows.
public struct SignatureReport: Sendable, Hashable {
    public enum Status: String, Sendable {
        /// There is no signature.
        case none
        /// There is one of the archive's content, by a key that nobody vouched for: it proves nothing.
        case unchecked
        /// An allowed signer's key made it.
        case valid
        /// It is none, is not of this content, or its key was not allowed; a finding says why.
        case invalid
    }

    public var status: Status
    /// The key that made it: `SHA256:` and 43 characters; nil if there is no signature that can be read.
    public var fingerprint: String?
    /// Who signed, as the file of allowed signers names them; only if ``status`` is `valid`.
    public var principals: String?
}

/// Checks the signature of a tag manifest, whatever holds the two files.
struct SignatureCheck {
    /// A larger signature is none.
    static let largest = 64 << 10

    /// - Parameters:
    ///   - tagManifest: the bytes of `tagmanifest-sha256.txt`; nil if it is not there.
    ///   - signature: those of `tagmanifest-sha256.txt.sig`; nil if it is not there.
    ///   - policy: who may have signed; nil checks only that the signature is one of this content.
    static func run(
        tagManifest: [UInt8]?, signature: [UInt8]?, policy: SignaturePolicy?
    ) -> (report: SignatureReport, finding: VerificationReport.Finding?) {
        func invalid(_ message: String, _ fingerprint: String? = nil) -> (SignatureReport, VerificationReport.Finding?)
        {
            (
                SignatureReport(status: .invalid, fingerprint: fingerprint),
                .init(kind: "signature", path: "tagmanifest-sha256.txt.sig", message: message)
            )
        }
        guard let signature else {
            if policy == nil { return (SignatureReport(status: .none), nil) }
            return invalid("the archive is not signed, though a signature was asked for")
        }
        let parsed: SSHSignature
        do {
            guard signature.count <= largest else { return invalid("the signature is larger than 64 KiB") }
            parsed = try SSHSignature(parsing: signature)
        } catch {
            let error = asPortabilityError(error)
            return invalid(error.place.isEmpty ? error.message : "\(error.message) (\(error.place))")
        }
        let fingerprint = parsed.publicKey.fingerprint
        guard let tagManifest, parsed.isValid(for: tagManifest) else {
            return invalid("the signature is not of this archive's tag manifest", fingerprint)
        }
        guard parsed.namespace == SigningKey.namespace else {
            return invalid("the signature is for another purpose than \(SigningKey.namespace)", fingerprint)
        }
        guard let policy else { return (SignatureReport(status: .unchecked, fingerprint: fingerprint), nil) }
        do {
            let principals = try policy.principals(of: parsed.publicKey, namespace: parsed.namespace)
            return (SignatureReport(status: .valid, fingerprint: fingerprint, principals: principals), nil)
        } catch {
            return invalid(policy.refusal(error, fingerprint: fingerprint), fingerprint)
        }
    }
}
