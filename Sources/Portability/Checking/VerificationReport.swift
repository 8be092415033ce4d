import PortabilityArchive
import PortabilityModel

/// How much of an archive is looked at; each depth includes those before it.
public enum VerificationDepth: String, CaseIterable, Sendable {
    /// The container's structure, and the number and sizes of the files (what bagit.py calls fast).
    case sizes
    /// Also which files there are, and that all that lists them agrees (what bagit.py calls completeness only).
    case completeness
    /// Also every byte: digests, records, the container's own bytes.
    case full
}

/// What verifying an archive showed.
public struct VerificationReport: Sendable {
    /// One thing that is wrong.
    public struct Finding: Sendable {
        /// A short, stable word.
        public var kind: String
        /// The file in the archive, nil for the archive itself.
        public var path: String?
        /// 1-based position of the file in the archive.
        public var ordinal: Int?
        /// 0-based offset in the archive.
        public var offset: Int64?
        /// One sentence without a full stop, and without any value of the archive.
        public var message: String

        public init(kind: String, path: String?, ordinal: Int? = nil, offset: Int64? = nil, message: String) {
            self.kind = kind
            self.path = path
            self.ordinal = ordinal
            self.offset = offset
            self.message = message
        }

        init(_ finding: VerificationFinding) {
            self.init(
                kind: finding.kind.rawValue, path: finding.path, ordinal: finding.ordinal, offset: finding.offset,
                message: finding.message)
        }
    }

    /// What was verified.
    public enum Kind: String, CaseIterable, Sendable {
        /// An archive of this project's format.
        case archive
        /// A bag made by others (BagIt, RFC 8493).
        case bag
    }

    /// What the files are in.
    public enum Container: String, CaseIterable, Sendable {
        case zip, folder
    }

    /// The answer.
    public enum State: String, CaseIterable, Sendable {
        case intact
        /// Someone packed the archive anew: the content is intact, the container is not ours.
        case rewritten = "content-intact-container-rewritten"
        case notIntact = "not-intact"
    }

    /// A file that is to be fetched from elsewhere, as `fetch.txt` says; nothing is ever fetched.
    public struct Fetch: Sendable {
        public var address: String
        public var path: String
        /// The stated size, if one is.
        public var bytes: Int64?
        /// True if the file is there already.
        public var isPresent: Bool
    }

    /// As it was given.
    public var path: String
    public var kind: Kind
    public var container: Container
    public var depth: VerificationDepth
    /// What is wrong with the content; empty for an intact archive.
    public var findings: [Finding] = []
    /// What differs from the container that this project writes, while the content may be intact; of archives only.
    public var containerFindings: [Finding] = []
    /// What is not as it should be and does no harm.
    public var warnings: [Finding] = []
    /// The version of BagIt that the bag declares.
    public var bagVersion: String?
    /// Payload files, and their plain bytes.
    public var files = 0
    public var bytes: Int64 = 0
    /// Files of the bag that are no payload.
    public var tagFiles = 0
    /// Records that were read, found to be as their schema says, and whose content digest was compared: once for each
    /// format.
    public var records: Int64 = 0
    /// The digest algorithms of the manifests.
    public var algorithms: [String] = []
    /// Algorithms of manifests that this version does not have.
    public var unknownAlgorithms: [String] = []
    /// Files whose checksums are right, but whose records this version does not know how to read.
    public var notCompared: [String] = []
    public var fetch: [Fetch] = []
    /// What the signature of the tag manifest shows.
    public var signature = SignatureReport(status: .none)

    public init(path: String, kind: Kind, container: Container, depth: VerificationDepth) {
        self.path = path
        self.kind = kind
        self.container = container
        self.depth = depth
    }

    /// True if the content is what the manifests say.
    public var isIntact: Bool { findings.isEmpty }
    /// True if someone packed the bag anew: the content is intact, the container is not ours.
    public var isRewritten: Bool { findings.isEmpty && !containerFindings.isEmpty }

    public var state: State { !isIntact ? .notIntact : isRewritten ? .rewritten : .intact }
}

/// What verifying several archives showed.
public struct VerificationSummary: Sendable {
    /// In the order in which they were given.
    public var archives: [VerificationReport]
    /// What those of them that are volumes are together; nil if none is, or just one archive was given.
    public var set: Volumes?

    /// Volumes that belong together, or do not.
    public struct Volumes: Sendable {
        /// How many of them were given.
        public var given: Int
        /// How many they say there are; nil if they do not agree.
        public var volumes: Int?
        /// `set-incomplete`, `set-foreign`, `set-digest`; the path is that of a volume, if one is at fault.
        public var findings: [VerificationReport.Finding]

        /// True if all volumes are there, each once, and hold what the set says.
        public var isWhole: Bool { findings.isEmpty }
    }

    /// True if all are, and no volume of a set is missing or of another.
    public var isIntact: Bool { archives.allSatisfy(\.isIntact) && set?.isWhole ?? true }
}
