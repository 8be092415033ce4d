/// What one dataset is: the records of one entity from one query or reader, with what the law wants to know of them.
public struct DatasetDeclaration: Sendable {
    /// In which order the records come; part of the format, verified by the engine.
    public enum Order: Sendable {
        /// Strictly ascending by `record_id`: integers as numbers, text as bytes.
        case recordID
        /// By file, then by offset.
        case position
    }

    /// `[a-z0-9-]`, the file name in the archive.
    public var id: String
    /// The entity's name in the catalogue.
    public var entity: String
    /// What a person would call it; nil means the entity's label.
    public var label: LocalizedText?
    public var category: Category
    public var role: Role
    public var origin: Origin
    public var means: Means
    /// Ids of purposes, at least one.
    public var purposes: [String]
    /// Kinds of identifier that a record's subject key can be a value of; ``RecordHead/subjectKind`` is an index here.
    public var subjectKinds: [String]
    /// The kind of identifier that a record's tenant is a value of, for processor-role data.
    public var tenantKind: String?
    public var order: Order
    /// How long the data are kept, as a text for the person.
    public var retention: LocalizedText?
    /// The id of the retention rule in the configuration, from which dates are computed.
    public var retentionRule: String?
    /// Source columns that are left out on purpose, with the ground and where the data can be found.
    public var exclusions: [Exclusion]
    /// What becomes of single fields, beside what the catalogue says of them. The first rule that fits decides.
    public var rules: [FieldRule]
    /// How records are told apart by whom they concern; nil if all are of one class.
    public var classes: RecordClasses?
    /// The field at the record's top level that dates it: for retention, the requested period, and what is newest.
    public var recordDate: String?
    /// The group that describes the subject's own side (`seller` of invoices issued); its fields are not another's.
    public var ownParty: String?
    /// What becomes of names of staff in free text: true keeps them, as in messages that the person sent or received.
    public var keepsStaffNames: Bool
    /// The special categories that the data may hold (Article 9), as declared; nothing is inferred from the data.
    public var specialCategories: [SpecialCategory]
    /// Whether the data may concern children, as declared.
    public var mayConcernChildren: Bool

    /// Source columns (`table.column`) that the query gives as part of an expression, so that nothing of them is
    /// missing although no column of the result is theirs.
    public var covers: [String]

    /// Something of the source that is not exported.
    public struct Exclusion: Sendable {
        /// A column (`column` or `table.column`), a field's path; in ``SourceDeclaration/exclusions`` also a whole
        /// table or stream.
        public var column: String
        /// True if ``column`` names a whole table or stream: told apart by the configuration, so that the name of a
        /// table that is gone does not leave out the columns of that name everywhere.
        public var isContainer: Bool
        public var ground: Ground
        public var note: LocalizedText?
        /// The dataset in which the data can be found instead; what is excluded as held elsewhere names it here or in
        /// the note.
        public var heldIn: String?

        public init(
            column: String, ground: Ground, note: LocalizedText? = nil, heldIn: String? = nil,
            isContainer: Bool = false
        ) {
            self.column = column
            self.isContainer = isContainer
            self.ground = ground
            self.note = note
            self.heldIn = heldIn
        }
    }

    public init(
        id: String, entity: String, label: LocalizedText? = nil, category: Category, role: Role, origin: Origin,
        means: Means = .automated, purposes: [String], subjectKinds: [String], tenantKind: String? = nil,
        order: Order, retention: LocalizedText? = nil, retentionRule: String? = nil, exclusions: [Exclusion] = [],
        rules: [FieldRule] = [], classes: RecordClasses? = nil, recordDate: String? = nil, ownParty: String? = nil,
        keepsStaffNames: Bool = false, specialCategories: [SpecialCategory] = [], mayConcernChildren: Bool = false,
        covers: [String] = []
    ) {
        self.id = id
        self.entity = entity
        self.label = label
        self.category = category
        self.role = role
        self.origin = origin
        self.means = means
        self.purposes = purposes
        self.subjectKinds = subjectKinds
        self.tenantKind = tenantKind
        self.order = order
        self.retention = retention
        self.retentionRule = retentionRule
        self.exclusions = exclusions
        self.rules = rules
        self.classes = classes
        self.recordDate = recordDate
        self.ownParty = ownParty
        self.keepsStaffNames = keepsStaffNames
        self.specialCategories = specialCategories
        self.mayConcernChildren = mayConcernChildren
        self.covers = covers
    }
}

/// What an extractor says of itself before anything is opened.
public struct SourceDeclaration: Sendable {
    /// The source's id in the configuration.
    public var id: String
    /// The kind of extractor (`sqlite`, `invoices`, `usage-log`).
    public var kind: String
    public var role: Role
    public var datasets: [DatasetDeclaration]
    /// Kinds of identifier that ``ExtractionSession/resolve(_:)`` can take, and those it can add.
    public var resolves: [String]
    public var adds: [String]

    /// Tables, streams, columns and fields that no dataset exports, with the ground and where the data can be found.
    public var exclusions: [DatasetDeclaration.Exclusion]
    /// Why the source holds no personal data; it then has no datasets. Nil for every other source.
    public var noPersonalData: LocalizedText?
    /// What identifies the store that is read, if several sources may read one: together they prove that nothing of it
    /// was forgotten, so that what one exports is not unknown to the other. Nil if the store is the source's own.
    public var store: String?

    public init(
        id: String, kind: String, role: Role, datasets: [DatasetDeclaration], resolves: [String] = [],
        adds: [String] = [], exclusions: [DatasetDeclaration.Exclusion] = [], noPersonalData: LocalizedText? = nil,
        store: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.role = role
        self.datasets = datasets
        self.resolves = resolves
        self.adds = adds
        self.exclusions = exclusions
        self.noPersonalData = noPersonalData
        self.store = store
    }
}

/// A source of records. Values of this type hold configuration only; all resources live in a session.
public protocol Extractor: Sendable {
    /// What it declares. Constant.
    var declaration: SourceDeclaration { get }

    /// Opens the source read-only: one connection, one consistent view.
    ///
    /// Called on a thread of its own that may block.
    /// - Throws: ``PortabilityError`` with code `unavailable`, `denied`, `malformed` or `drift`.
    func open(_ context: ExtractionContext) async throws -> any ExtractionSession
}

/// One opened source. All calls come from one task, one after another, on a thread that may block; long loops call
/// `Task.checkCancellation()` at least once per batch or 64 KiB of input.
public protocol ExtractionSession: Sendable {
    /// Checks that every dataset can be read, and compares the live schema with the declared one, without reading
    /// records.
    func check() async throws -> [Finding]

    /// What the source holds as it is now, and what becomes of each part. Nil if it cannot tell.
    ///
    /// Items come in the source's own order, each container (``CoverageItem/container``) in one piece.
    func coverage(_ depth: CoverageDepth) async throws -> [CoverageItem]?

    /// Looks the known identifiers up. Each candidate is one row: the identifiers that belong together. Empty if this
    /// source cannot tell.
    func resolve(_ known: SubjectKeys) async throws -> [SubjectKeys]

    /// Runs the configured look-ups of a kind: rows of named texts, without the columns that are null.
    func lookUp(_ kind: LookUp, _ known: SubjectKeys) async throws -> [[String: String]]

    /// About how many records a dataset has for the subject; nil if that cannot be told cheaply.
    func estimate(_ dataset: String, for subject: SubjectKeys) async throws -> Int64?

    /// Says for whom ``extract(_:into:)`` will be called, so that what can only be read whole is read once for all of
    /// them. Extractions of others are served as before. What it finds may be kept in a file without a name in
    /// `scratch`, a folder, and is given back by ``close()``.
    ///
    /// - Throws: as ``extract(_:into:)``; a fault of the input is not thrown but told by each extraction, as if it had
    ///   been met there.
    func anticipate(_ subjects: [SubjectKeys], scratch: String) async throws

    /// Reads the records of the subject (and of nobody else) and pushes them in batches, in the dataset's order.
    ///
    /// Returns only when everything was read: end of data is the returned count, any failure is thrown.
    func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd

    /// Makes, lists, checks or removes the indexes with whose help ``extract(_:into:)`` need not read everything. Nil if
    /// this source has none.
    ///
    /// - Throws: as ``extract(_:into:)``; `configuration` if there is no secret to key them with, `output` if one cannot be
    ///   written. What stands in the way of the index of one file is told in the result.
    func index(_ task: IndexTask) async throws -> IndexReport?

    /// Releases everything. Called exactly once, also after errors and cancellation.
    func close() async
}

extension ExtractionSession {
    public func check() async throws -> [Finding] { [] }
    public func coverage(_ depth: CoverageDepth) async throws -> [CoverageItem]? { nil }
    public func resolve(_ known: SubjectKeys) async throws -> [SubjectKeys] { [] }
    public func lookUp(_ kind: LookUp, _ known: SubjectKeys) async throws -> [[String: String]] { [] }
    public func estimate(_ dataset: String, for subject: SubjectKeys) async throws -> Int64? { nil }
    public func anticipate(_ subjects: [SubjectKeys], scratch: String) async throws {}
    public func index(_ task: IndexTask) async throws -> IndexReport? { nil }
}

/// What can be asked of a source beside identification and records.
public enum LookUp: String, Sendable, CaseIterable {
    /// Which class of users the subject belongs to; column `class`, the id of a ``UserClass``.
    case classify
    /// For which controllers data on the person may be processed; columns `tenant`, and `name` and `contact` of the
    /// controller. Internal: never told to the person.
    case route
    /// Values that are the subject's own beside the identifiers, so that they stay where free text repeats them;
    /// columns `email`, `telephone`, `iban`, `card`, `identity_code`, `name`.
    case own
    /// The organisation's staff; columns `name`, `role` (what stands for the name, as `support agent`), and `id`;
    /// `role_fi`, `role_sv` and `role_en` for what stands for it in that language.
    case staff
}

/// Surroundings of a session.
public struct ExtractionContext: Sendable {
    /// The source's id.
    public var source: String
    /// The folder that relative paths of the configuration start from.
    public var baseDirectory: String
    public var catalogue: Catalogue
    public var batchLimits: BatchLimits
    public var limits: SourceLimits
    /// Takes what concerns the running of the source and no archive, such as an index that was not believed.
    public var note: @Sendable (Finding) -> Void

    public init(
        source: String, baseDirectory: String, catalogue: Catalogue, batchLimits: BatchLimits = BatchLimits(),
        limits: SourceLimits = SourceLimits(), note: @escaping @Sendable (Finding) -> Void = { _ in }
    ) {
        self.source = source
        self.baseDirectory = baseDirectory
        self.catalogue = catalogue
        self.batchLimits = batchLimits
        self.limits = limits
        self.note = note
    }
}

/// Limits on what a source may make us read. Sizes in bytes.
public struct SourceLimits: Sendable {
    /// One line of a log.
    public var lineBytes: Int = 16 << 20
    /// One XML document, or one original kept as a document.
    public var documentBytes: Int = 64 << 20
    /// Nesting of XML elements and JSON values.
    public var depth: Int = 128
    /// Inflated size over compressed size of one gzip or zstd file, checked above 64 MiB of output. Deflate itself
    /// ends at 1032.
    public var inflationRatio: Int = 200
    /// Files that a glob may match.
    public var files: Int = 1_000_000
    /// Seconds that one document may take.
    public var documentSeconds: Double = 30

    public init() {}
}

/// Which records are wanted.
public struct ExtractionRequest: Sendable {
    /// Ids of datasets of this source, in the order that ``RecordBatch/dataset`` counts.
    public var datasets: [String]
    public var subject: SubjectKeys
    /// Whether originals (invoices as received, attachments) are wanted as documents.
    public var wantsDocuments: Bool
    /// When the request was received, `YYYY-MM-DD` or RFC 3339: what was done by hand for it was done since. Nil if
    /// there is no request (a test, a probe).
    public var received: String?

    public init(datasets: [String], subject: SubjectKeys, wantsDocuments: Bool = true, received: String? = nil) {
        self.datasets = datasets
        self.subject = subject
        self.wantsDocuments = wantsDocuments
        self.received = received
    }
}

/// Where an extractor puts what it finds. Calls suspend when the encoders are behind.
public protocol RecordSink: Sendable {
    /// Takes a batch.
    ///
    /// - Throws: `scopeViolation` if a record is another subject's or out of order, `cancelled`, `output`. The
    ///   extractor lets the error pass.
    func push(_ batch: consuming RecordBatch) async throws

    /// Takes an original or an attachment, as received; returns its path in the archive, to be put into the record as
    /// a `reference`. Nil if documents of this dataset are not given out under the request's right: the record then
    /// has no reference.
    func document(_ document: Document, dataset: Int) async throws -> String?

    /// Notes something that is not a record.
    func report(_ finding: Finding) async
}

/// A file that belongs to a record.
public struct Document: Sendable {
    /// The `record_id` of the record that it belongs to.
    public var recordID: String
    /// What it is: the invoice as received, an attachment of it, or a scanned paper.
    public var role: Role
    /// The name it had; metadata only, never a path.
    public var originalName: String?
    /// IANA media type; nil if unknown.
    public var mediaType: String?
    public var bytes: [UInt8]

    /// True if somebody who looked at it says that it shows other people: it then goes out only after a review, even
    /// where the files of its dataset are declared to be harmless.
    public var showsOthers: Bool

    public enum Role: String, Sendable {
        case original, attachment
        /// A paper that was scanned: no field of its record repeats what it says.
        case scan
    }

    public init(
        recordID: String, role: Role, originalName: String?, mediaType: String?, bytes: [UInt8],
        showsOthers: Bool = false
    ) {
        self.recordID = recordID
        self.role = role
        self.originalName = originalName
        self.mediaType = mediaType
        self.bytes = bytes
        self.showsOthers = showsOthers
    }
}

/// The true end of an extraction.
public struct ExtractionEnd: Sendable {
    /// Records pushed per dataset of the request, in its order: the extractor's own count.
    public var records: [Int64]
    /// As of when the source was read, RFC 3339 UTC; nil means the time of opening.
    public var asOf: String?
    /// What was looked through: files, bytes.
    public var filesRead: Int64
    public var bytesRead: Int64
    /// Searches made by hand, as they are attested.
    public var attestations: [Attestation]

    public init(
        records: [Int64], asOf: String? = nil, filesRead: Int64 = 0, bytesRead: Int64 = 0,
        attestations: [Attestation] = []
    ) {
        self.records = records
        self.asOf = asOf
        self.filesRead = filesRead
        self.bytesRead = bytesRead
        self.attestations = attestations
    }
}

/// Something that was noticed and counted: bad input, drift, a value that does not fit. Never holds a value.
public struct Finding: Sendable, Hashable {
    /// The closed set of things that are noticed.
    public enum Kind: String, Sendable, CaseIterable {
        /// A line or record that could not be read; it may have been the subject's.
        case malformed
        /// Input that ends in the middle (a gzip member, a file that shrank).
        case truncated
        /// A file or line above a limit, not read.
        case tooLarge = "too-large"
        /// A source, file or dataset that could not be read at all.
        case unreadable
        /// A value that does not fit its field's type, carried as text among the `other` fields.
        case mistyped
        /// Bytes that are not valid in the declared encoding, replaced by U+FFFD.
        case invalidText = "invalid-text"
        /// A local time that the declared zone has twice or not at all.
        case ambiguousTime = "ambiguous-time"
        /// Something of the source that the catalogue has no field for, carried among the `other` fields; `field`
        /// names it.
        case unmapped
        /// A column, table or element that the configuration does not know, or misses.
        case drift
        /// A document that is not valid by its own schema or breaks its standard; read leniently.
        case nonconforming
        /// A selecting identifier that others share, and that was therefore not used.
        case sharedIdentifier = "shared-identifier"
        /// A search by hand that nobody attests, or not as it must be.
        case unattested
    }
    public var kind: Kind
    public var place: PortabilityError.Place
    /// What it is, no personal data.
    public var message: String
    public var count: Int64
    /// True if records of the subject may be missing because of it: the result is then partial.
    public var losesRecords: Bool

    public init(
        _ kind: Kind, _ message: String, at place: PortabilityError.Place = .init(), count: Int64 = 1,
        losesRecords: Bool? = nil
    ) {
        self.kind = kind
        self.place = place
        self.message = message
        self.count = count
        self.losesRecords =
            losesRecords ?? [.malformed, .truncated, .tooLarge, .unreadable, .unattested].contains(kind)
    }
}
