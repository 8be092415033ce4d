/// How much of a source may be read to find out what it holds.
public enum CoverageDepth: Sendable {
    /// Only what describes the data (catalogues of a database, headers): quick enough for every export.
    case schema
    /// The data too, where nothing describes them (logs, invoices).
    case data
}

/// A part of a source, and what becomes of it in exports: the proof that nothing was forgotten.
public struct CoverageItem: Sendable, Hashable {
    public enum Use: Sendable, Hashable {
        /// A dataset gives it out; `field` is where it goes, nil if it is the key that records are selected by.
        case exported(dataset: String, field: String?)
        /// Left out on purpose. `heldIn` is the dataset that holds the data instead.
        case excluded(Ground, heldIn: String?)
        /// Nobody said what becomes of it.
        case unknown
    }

    /// The table, stream or kind of file.
    public var container: String
    /// The column, field or path of an element; nil for the container as a whole.
    public var name: String?
    /// The source's own name of its type, where it has one.
    public var type: String?
    public var use: Use
    /// The dataset that reads the same container, to which what is missing could be added; nil if there is none.
    public var candidate: String?
    /// Whether that dataset reads it, be it only in a condition or an expression; nil if the source cannot tell.
    public var isRead: Bool?

    public init(
        container: String, name: String?, type: String? = nil, use: Use, candidate: String? = nil, isRead: Bool? = nil
    ) {
        self.container = container
        self.name = name
        self.type = type
        self.use = use
        self.candidate = candidate
        self.isRead = isRead
    }
}

/// A search by hand: of what is kept in rooms and not in files (the register's manual material).
public struct Attestation: Sendable, Hashable {
    public enum Result: String, Sendable, CaseIterable {
        case found
        case nothingFound = "nothing-found"
    }

    /// Where was searched, in the organisation's words; no personal data.
    public var places: [String]
    /// The role of who searched; never a name.
    public var role: String
    /// When, `YYYY-MM-DD`.
    public var date: String
    public var result: Result

    public init(places: [String], role: String, date: String, result: Result) {
        self.places = places
        self.role = role
        self.date = date
        self.result = result
    }
}
