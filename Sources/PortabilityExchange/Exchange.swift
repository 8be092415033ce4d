public import PortabilityModel

/// A dataset whose records are turned into another form.
public struct ExchangeDataset: Sendable {
    public let id: String
    public let layout: EntityLayout
    /// Who is responsible for it; others' data are in a processor's.
    public let role: Role
    /// The language of labels that the form shows.
    public let language: Language

    public init(id: String, layout: EntityLayout, role: Role, language: Language) {
        self.id = id
        self.layout = layout
        self.role = role
        self.language = language
    }
}

/// Something that a form needs and a record does not have, or that a record has and a form cannot carry.
///
/// Never holds a value.
public struct ExchangeNote: Hashable, Sendable {
    public enum Kind: String, Sendable {
        /// A mandatory term that the data cannot fill.
        case missing
        /// A value of the record that the form has no place for.
        case dropped
        /// A total that does not follow from what it is the total of.
        case inconsistent
        /// The record could not be turned into the form at all.
        case refused
    }
    public var kind: Kind
    public var dataset: String
    /// 1-based number of the record in its dataset.
    public var record: Int64
    /// The file that the record went to, as ``ExchangeOutput/begin(_:mediaType:)`` was told; nil if there is none.
    public var file: String?
    /// The standard's own term, such as `BT-31`, or the path of the catalogue's field.
    public var term: String
    /// One sentence without a full stop.
    public var message: String
    /// How many records it speaks of, ``record`` being the first.
    public var records: Int64

    public init(
        _ kind: Kind, dataset: String, record: Int64, file: String? = nil, term: String, message: String,
        records: Int64 = 1
    ) {
        self.records = records
        self.kind = kind
        self.dataset = dataset
        self.record = record
        self.file = file
        self.term = term
        self.message = message
    }
}

/// Takes the files that a form consists of, one at a time.
public protocol ExchangeOutput: AnyObject {
    /// Begins a file.
    ///
    /// - Parameter name: such as `invoices-000001.xml`: ASCII, without personal data, unique in the form.
    /// - Throws: `output`.
    func begin(_ name: String, mediaType: String) throws
    /// Adds bytes to the file that is open.
    ///
    /// - Throws: `output`.
    func append(_ bytes: [UInt8]) throws
    /// Ends the file that is open.
    ///
    /// - Throws: `output`.
    func end() throws
    /// Takes a note.
    func note(_ note: ExchangeNote)
}

/// Turns records into the files of one form. Synchronous; knows no archive.
///
/// For each dataset of one of ``entities`` in turn, in the order of ``entities`` and then of the archive, it is told
/// ``begin(_:into:)``, every batch, and ``end(into:)``; at the very end ``finish(into:)``.
public protocol ExchangeMaker {
    /// The entities that the form has a place for; empty for all, in the archive's order.
    var entities: [String] { get }
    mutating func begin(_ dataset: ExchangeDataset, into output: any ExchangeOutput) throws
    mutating func take(_ batch: RecordBatch, into output: any ExchangeOutput) throws
    mutating func end(into output: any ExchangeOutput) throws
    mutating func finish(into output: any ExchangeOutput) throws
}
