import PortabilityArchive
public import PortabilityModel
import PortabilityText

/// How two archives of one person differ, and which rule decided each difference.
///
/// Counts and places only, never a value; ``Single/recordID`` is filled where it was asked for.
public struct ArchiveDifference: Sendable {
    /// One of the two archives.
    public enum Side: String, Sendable {
        case a, b
        /// Each of them, in its own way.
        case both
    }

    /// What an archive says of itself.
    public struct Archive: Sendable {
        public var requestID: String
        /// As in the manifest; one that this version does not know is nil.
        public var right: Right?
        public var created: String
        public var status: String
    }

    /// What differs.
    public enum Kind: String, Sendable {
        /// A whole dataset is in one archive only.
        case dataset
        /// A record is in one archive only.
        case record
        /// A field is in one archive only, or has another value.
        case field
        /// A span of a free text.
        case text
        /// A document is in one archive only, or a field that names one.
        case document
        /// The records of a dataset are not in one order, and were not compared further.
        case order
    }

    /// What is to be thought of it.
    public enum Verdict: String, Sendable {
        /// A rule that an archive declares says so.
        case explained
        /// A rule says so, but it takes more from the person under access than under portability.
        case accessMasksMore = "access-masks-more"
        /// No rule says so.
        case unexplained
    }

    /// Why a difference is unexplained.
    public enum Reason: String, Sendable {
        case noRule = "no-rule"
        case countExceeded = "count-exceeded"
        case notItsMask = "not-its-mask"
        case outsideMasks = "outside-masks"
        case otherOrder = "other-order"
        case sourceFailed = "source-failed"
        case notInManifest = "not-in-manifest"
        case notInRequest = "not-in-request"
        case unknownEntity = "unknown-entity"
        case otherDocument = "other-document"

        /// The reason as a sentence.
        public var text: String {
            switch self {
            case .noRule: "no rule in either manifest says so"
            case .countExceeded: "more differ than the manifest counts"
            case .notItsMask: "a rule masks the field, but this is no mask of the value"
            case .outsideMasks: "the texts differ outside what was masked"
            case .otherOrder: "the records stand in another order; the rest was not compared"
            case .sourceFailed: "the source failed or was read in part; no rule decided"
            case .notInManifest: "the manifest of the other archive does not know the dataset"
            case .notInRequest: "the ground is one of the request, but the request in the manifest does not say so"
            case .unknownEntity: "this version does not know the entity, and the content digests differ"
            case .otherDocument: "the field names another document"
            }
        }
    }

    /// What decided: differences that share all of this are one group.
    public struct Decision: Hashable, Sendable {
        public var kind: Kind
        /// The id of the dataset.
        public var dataset: String
        /// The rule's field; where no rule is, the field that differs; nil for records and datasets. Names with dots,
        /// without indices.
        public var field: String?
        public var action: FieldAction?
        public var ground: Ground?
        /// The record class that the rule is for.
        public var recordClass: String?
        /// The kind of identifier that was found in a free text.
        public var detected: String?
        /// The archive whose rule it is, or which lacks what the other has.
        public var side: Side
        public var verdict: Verdict
        public var reason: Reason?
    }

    /// One place where the archives differ.
    public struct Single: Sendable {
        /// 1-based number of the record in its dataset in the first archive; nil if it is not there.
        public var recordInA: Int64?
        /// The same for the second archive.
        public var recordInB: Int64?
        /// The field that differs, as a path with dots; of `other` fields the one word, since their names may be data.
        public var field: String?
        /// Only if ``DiffOptions/keepsRecordIDs``: personal data.
        public var recordID: String?
    }

    /// Differences that one rule decided, or that nothing explains.
    public struct Group: Sendable {
        public var decision: Decision
        /// How many: datasets, records, values, spans.
        public var count: Int64 = 0
        /// For a dataset, how many records of it the other archive has.
        public var records: Int64?
        /// The first of them, at most ``DiffOptions/listed``.
        public var listed: [Single] = []
    }

    public var a: Archive
    public var b: Archive
    /// What makes the archives hard to compare: sources read at different times, partial archives.
    public var warnings: [String] = []
    /// In the order of the datasets; within one, what is unexplained first.
    public var groups: [Group] = []
    /// Datasets that both archives have, and those of them whose content digests are equal.
    public var datasetsCompared = 0
    public var datasetsEqual = 0
    /// Records that both archives have.
    public var recordsCompared: Int64 = 0

    /// True if every difference has a rule, and none takes more under access than under portability.
    public var isExplained: Bool { groups.allSatisfy { $0.decision.verdict == .explained } }

    /// How many differences have a verdict.
    public func count(of verdict: Verdict) -> Int64 {
        groups.reduce(0) { $0 + ($1.decision.verdict == verdict ? $1.count : 0) }
    }

    /// The provision that a group's ground rests on, under the right of the archive that decided: `20(4)`.
    public func article(of decision: Decision) -> String? {
        guard let ground = decision.ground, let right = decision.side == .b ? b.right : a.right else { return nil }
        return ground.article(under: right)
    }
}

/// How archives are compared.
public struct DiffOptions: Sendable {
    /// The most single differences that are listed in a group; all are counted.
    public var listed: Int
    /// Whether single differences tell the `record_id`, which is personal data.
    public var keepsRecordIDs: Bool
    /// How many record ids are held in memory at once, eight bytes each, where records are missing.
    public var idsAtOnce: Int

    public init(listed: Int = 1000, keepsRecordIDs: Bool = false, idsAtOnce: Int = 4 << 20) {
        self.listed = listed
        self.keepsRecordIDs = keepsRecordIDs
        self.idsAtOnce = max(1, idsAtOnce)
    }
}

extension ArchiveFileReader {
    /// Compares two archives of one person and one state of the sources, record by record and field by field, whatever
    /// their formats, and tells for each difference the rule that decided.
    ///
    /// Explanations are what the manifests declare, with their counts: a rule that was applied three times explains
    /// three differences. Masks are checked against the value of the other archive, free texts for being equal outside
    /// what was masked. Both archives are verified before. Memory does not grow with the number of records, but for
    /// one bit for each where records are missing.
    ///
    /// - Parameters:
    ///   - keys: what opens them if they are encrypted.
    ///   - each: called with every single difference; none is then listed in the groups.
    /// - Throws: `verification` if an archive is damaged, `configuration` if the two cannot be compared (other
    ///   controllers, catalogues or datasets), `unavailable`, `denied`, `unsupported`, `limit`, `cancelled`, and what
    ///   `each` throws.
    public static func diff(
        _ a: String, _ b: String, keys: ArchiveKeys = ArchiveKeys(), options: DiffOptions = DiffOptions(),
        catalogue: Catalogue = .standard,
        each: ((ArchiveDifference.Decision, ArchiveDifference.Single) throws -> Void)? = nil
    ) throws -> ArchiveDifference {
        let sides = try (
            DiffArchive(path: a, keys: keys, catalogue: catalogue),
            DiffArchive(path: b, keys: keys, catalogue: catalogue)
        )
        try sides.0.checkComparable()
        try sides.1.checkComparable()
        let collector = DifferenceCollector(options: options, each: each)
        var comparison = ArchiveComparison(
            a: sides.0, b: sides.1, catalogue: catalogue, options: options, collector: collector)
        return try comparison.run()
    }
}

extension DiffArchive {
    /// - Throws: `configuration` for what holds only a part of the records, or none by design.
    fileprivate func checkComparable() throws {
        if let volumes = manifest["set"]?["volumes"]?.integer, volumes > 1 {
            throw PortabilityError(
                .configuration, "this is one of \(volumes) volumes, and what is missing would look like a difference",
                remedy: "Make one archive of the volumes with `portability convert`, and compare that",
                at: .init(file: path))
        }
        let hasFiles = (manifest["datasets"]?.array ?? []).contains { !($0["files"]?.array ?? []).isEmpty }
        if manifest["exchange"] != nil, !hasFiles {
            throw PortabilityError(
                .configuration, "the archive has forms for other systems only, and no records to compare",
                remedy: "Convert to one of json, jsonl, csv and xml too", at: .init(file: path))
        }
    }
}

/// Gathers differences into groups.
final class DifferenceCollector {
    private let options: DiffOptions
    private let each: ((ArchiveDifference.Decision, ArchiveDifference.Single) throws -> Void)?
    private var indices: [ArchiveDifference.Decision: Int] = [:]
    private(set) var groups: [ArchiveDifference.Group] = []

    init(options: DiffOptions, each: ((ArchiveDifference.Decision, ArchiveDifference.Single) throws -> Void)?) {
        self.options = options
        self.each = each
    }

    func add(
        _ decision: ArchiveDifference.Decision, _ single: ArchiveDifference.Single? = nil, count: Int64 = 1,
        records: Int64? = nil
    ) throws {
        let index: Int
        if let known = indices[decision] {
            index = known
        } else {
            index = groups.count
            indices[decision] = index
            groups.append(.init(decision: decision))
        }
        groups[index].count += count
        if let records { groups[index].records = (groups[index].records ?? 0) + records }
        guard let single else { return }
        if let each {
            try each(decision, single)
        } else if groups[index].listed.count < options.listed {
            groups[index].listed.append(single)
        }
    }

    /// The groups of one dataset after those of the ones before it: what nobody can explain first.
    func sortGroups(from first: Int) {
        func rank(_ verdict: ArchiveDifference.Verdict) -> Int {
            switch verdict {
            case .unexplained: 0
            case .accessMasksMore: 1
            case .explained: 2
            }
        }
        let sorted = groups[first...].enumerated().sorted {
            (rank($0.element.decision.verdict), $0.offset) < (rank($1.element.decision.verdict), $1.offset)
        }
        groups.replaceSubrange(first..., with: sorted.map(\.element))
        indices.removeAll()
    }
}
