public import PortabilityModel

/// One thing that is wrong with an archive.
public struct VerificationFinding: Hashable, Sendable {
    /// What is wrong: a short, permanent name, fit for programs.
    public struct Kind: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        // The file as a whole

        /// There is no zip end record, or it is cut off.
        public static let notAnArchive = Kind(rawValue: "not-an-archive")
        /// The archive is one of several parts.
        public static let multiDisk = Kind(rawValue: "multi-disk")
        /// The end records or the directory contradict themselves.
        public static let directory = Kind(rawValue: "directory")
        /// Bytes before the first entry.
        public static let prefixData = Kind(rawValue: "prefix-data")
        /// Bytes after the end record.
        public static let trailingData = Kind(rawValue: "trailing-data")
        /// Bytes between entries that belong to none.
        public static let gap = Kind(rawValue: "gap")
        /// Entries that share bytes.
        public static let overlap = Kind(rawValue: "overlap")
        /// More, larger or more strongly packed than allowed.
        public static let limit = Kind(rawValue: "limit")
        /// The file cannot be read, or ends before it should.
        public static let unreadable = Kind(rawValue: "unreadable")
        /// What the archive lies in was changed: an encrypted file that does not open as it was closed.
        public static let envelope = Kind(rawValue: "envelope")

        // One entry

        /// A name that leads elsewhere or cannot be on some system.
        public static let dangerousName = Kind(rawValue: "dangerous-name")
        /// A name that is not UTF-8 and said to be.
        public static let nameEncoding = Kind(rawValue: "name-encoding")
        /// Names that meet on some system.
        public static let clashingNames = Kind(rawValue: "clashing-names")
        /// A symbolic link or another special file.
        public static let notAFile = Kind(rawValue: "not-a-file")
        /// An encrypted entry.
        public static let encrypted = Kind(rawValue: "encrypted")
        /// A method of packing other than stored and deflate.
        public static let method = Kind(rawValue: "method")
        /// The entry's own header says otherwise than the directory.
        public static let headersDisagree = Kind(rawValue: "headers-disagree")
        /// An extra field that is not well formed.
        public static let extraField = Kind(rawValue: "extra-field")
        /// The packed bytes are no deflate stream of the stated length.
        public static let deflate = Kind(rawValue: "deflate")
        /// The plain bytes are more or fewer than stated.
        public static let size = Kind(rawValue: "size")
        /// The CRC-32 differs.
        public static let checksum = Kind(rawValue: "checksum")
        /// A byte or bit is not what this project's writer would have written. The content may be intact.
        public static let notCanonical = Kind(rawValue: "not-canonical")
        /// The archive does not end with its own SHA-256. The content may be intact.
        public static let seal = Kind(rawValue: "seal")

        // The bag

        /// `bagit.txt` is not what RFC 8493 says.
        public static let declaration = Kind(rawValue: "bag-declaration")
        /// `bag-info.txt` cannot be read, or its `Payload-Oxum` is wrong.
        public static let information = Kind(rawValue: "bag-information")
        /// A line of a manifest cannot be used.
        public static let manifest = Kind(rawValue: "manifest")
        /// A manifest lists a file that is not there.
        public static let missing = Kind(rawValue: "missing")
        /// A file that no manifest lists.
        public static let unlisted = Kind(rawValue: "unlisted")
        /// A file whose digest is not the manifest's.
        public static let digest = Kind(rawValue: "digest")

        var code: PortabilityError.Code {
            switch self {
            case .notAnArchive, .multiDisk, .directory, .encrypted, .method, .extraField, .deflate, .nameEncoding:
                .malformed
            case .limit: .limit
            case .unreadable: .unavailable
            default: .verification
            }
        }
    }

    /// What is wrong.
    public var kind: Kind
    /// The name of the entry, everything that is not plain ASCII replaced and cut to a readable length.
    public var path: String?
    /// 1-based position of the entry in the directory.
    public var ordinal: Int?
    /// 0-based offset in the archive.
    public var offset: Int64?
    /// One sentence without a full stop.
    public var message: String

    /// Makes a finding; see the properties.
    public init(_ kind: Kind, _ message: String, path: String? = nil, ordinal: Int? = nil, offset: Int64? = nil) {
        self.kind = kind
        self.message = message
        self.path = path
        self.ordinal = ordinal
        self.offset = offset
    }

    /// The finding as an error: `limit`, `malformed` where the bytes are not what their format says, `unavailable`
    /// where they cannot be read, else `verification`.
    public var error: PortabilityError {
        PortabilityError(
            kind.code, message, remedy: "Get the archive again from where it came from",
            at: PortabilityError.Place(file: path, fileOrdinal: ordinal, byte: offset))
    }
}

extension VerificationFinding: CustomStringConvertible {
    public var description: String {
        let place = PortabilityError.Place(file: path, fileOrdinal: ordinal, byte: offset)
        return "\(kind.rawValue): \(message)" + (place.isEmpty ? "" : " (\(place))")
    }
}

/// Takes findings: throws the first, or keeps all up to a limit.
struct FindingCollector {
    private(set) var findings: [VerificationFinding] = []
    private let limit: Int?

    /// Thrown where reading cannot go on, after the reason was kept.
    struct Stop: Error {}

    /// - Parameter keepingUpTo: nil to throw the first finding.
    init(keepingUpTo limit: Int?) { self.limit = limit }

    mutating func report(_ finding: VerificationFinding) throws {
        guard let limit else { throw finding.error }
        guard findings.count < limit else {
            findings.append(VerificationFinding(.limit, "there are more findings, which are not listed"))
            throw Stop()
        }
        findings.append(finding)
    }

    /// Reports something after which nothing more can be read.
    mutating func stop(_ finding: VerificationFinding) throws -> Never {
        try report(finding)
        throw Stop()
    }
}
