/// The one error type of the project: what went wrong, where, and how to mend it.
///
/// No property ever holds a value of a person. ``message`` and ``remedy`` are written by the code that throws and
/// name things of the configuration (a source, a dataset, a field) or a position, never what stood there.
///
/// Two errors are equal when their ``code`` is, so that tests need not repeat texts.
public struct PortabilityError: Error, Sendable {
    /// What kind of failure it is. The set is closed for extractors (design: unavailable, denied, malformed, scope
    /// violation, drift) and grows only with the format's major version for the rest.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        enum Kind: String, Sendable {
            case unavailable, denied, malformed, scopeViolation = "scope-violation", drift
            case configuration, notIdentified = "not-identified", ambiguous, identityNotChecked = "identity-not-checked"
            case refused, output, limit, verification, cancelled, ledger, unsupported
            case reviewNeeded = "review-needed"
        }
        let kind: Kind

        /// A source or file that cannot be reached or read, or that changed while it was read.
        public static let unavailable = Code(kind: .unavailable)
        /// A source that refuses us (permission, credentials).
        public static let denied = Code(kind: .denied)
        /// Bytes that are not what their format says.
        public static let malformed = Code(kind: .malformed)
        /// A record of another subject or tenant, or rows out of the promised order.
        public static let scopeViolation = Code(kind: .scopeViolation)
        /// A source whose shape is not the declared one.
        public static let drift = Code(kind: .drift)
        /// A configuration or request that cannot be used.
        public static let configuration = Code(kind: .configuration)
        /// No subject matches the identifiers.
        public static let notIdentified = Code(kind: .notIdentified)
        /// More than one subject matches the identifiers.
        public static let ambiguous = Code(kind: .ambiguous)
        /// The request records no identity check.
        public static let identityNotChecked = Code(kind: .identityNotChecked)
        /// A rule forbids it.
        public static let refused = Code(kind: .refused)
        /// The archive cannot be written (disk full, target exists, permission).
        public static let output = Code(kind: .output)
        /// A limit on size, depth, ratio, count or time was passed.
        public static let limit = Code(kind: .limit)
        /// An archive that is not what it says it is.
        public static let verification = Code(kind: .verification)
        /// The caller cancelled.
        public static let cancelled = Code(kind: .cancelled)
        /// The counts of extractor, scope and encoders disagree.
        public static let ledger = Code(kind: .ledger)
        /// Somebody has to look at something before data may go out.
        public static let reviewNeeded = Code(kind: .reviewNeeded)
        /// A feature or version this build does not have.
        public static let unsupported = Code(kind: .unsupported)

        /// A short, bounded name, fit for a metric label.
        public var description: String { kind.rawValue }
    }

    /// Where it happened; every part that is known.
    public struct Place: Hashable, Sendable {
        /// The id of the source in the configuration.
        public var source: String?
        /// The id of the dataset.
        public var dataset: String?
        /// A file, as the configuration or the operating system's caller named it. Extractors whose file names may
        /// hold personal data give the file's ordinal in the reading order instead (``fileOrdinal``).
        public var file: String?
        /// 1-based ordinal of the file in the source's reading order.
        public var fileOrdinal: Int?
        /// 1-based record number in the dataset or file.
        public var record: Int64?
        /// 1-based line number.
        public var line: Int64?
        /// 1-based column (in bytes) on ``line``.
        public var column: Int?
        /// 0-based byte offset (in the inflated stream, if it was compressed).
        public var byte: Int64?
        /// The field, column, element or configuration key.
        public var field: String?

        /// A place of which only the given parts are known.
        public init(
            source: String? = nil, dataset: String? = nil, file: String? = nil, fileOrdinal: Int? = nil,
            record: Int64? = nil, line: Int64? = nil, column: Int? = nil, byte: Int64? = nil, field: String? = nil
        ) {
            self.source = source
            self.dataset = dataset
            self.file = file
            self.fileOrdinal = fileOrdinal
            self.record = record
            self.line = line
            self.column = column
            self.byte = byte
            self.field = field
        }

        /// True if nothing is known.
        public var isEmpty: Bool { self == Place() }
    }

    /// The kind of failure.
    public var code: Code
    /// What went wrong, one sentence without a full stop, no personal data.
    public var message: String
    /// How to mend it, one sentence; nil only where there is nothing a person could do.
    public var remedy: String?
    /// Where.
    public var place: Place
    /// The `errno` of a failed system call.
    public var errno: Int32?

    /// Makes an error; see the properties.
    public init(
        _ code: Code, _ message: String, remedy: String? = nil, at place: Place = Place(), errno: Int32? = nil
    ) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.place = place
        self.errno = errno
    }

    /// The same error with the parts of `outer` filled in where this one does not know them.
    public func within(_ outer: Place) -> PortabilityError {
        var copy = self
        copy.place.source = place.source ?? outer.source
        copy.place.dataset = place.dataset ?? outer.dataset
        copy.place.file = place.file ?? outer.file
        copy.place.fileOrdinal = place.fileOrdinal ?? outer.fileOrdinal
        copy.place.record = place.record ?? outer.record
        copy.place.line = place.line ?? outer.line
        copy.place.column = place.column ?? outer.column
        copy.place.byte = place.byte ?? outer.byte
        copy.place.field = place.field ?? outer.field
        return copy
    }
}

extension PortabilityError: Equatable {
    public static func == (left: PortabilityError, right: PortabilityError) -> Bool { left.code == right.code }
}

extension PortabilityError.Place: CustomStringConvertible {
    public var description: String {
        var parts: [String] = []
        if let source { parts.append("source \(source)") }
        if let dataset { parts.append("dataset \(dataset)") }
        if let file { parts.append("file \(file)") }
        if let fileOrdinal { parts.append("file number \(fileOrdinal)") }
        if let record { parts.append("record \(record)") }
        if let line { parts.append("line \(line)") }
        if let column { parts.append("column \(column)") }
        if let byte { parts.append("byte \(byte)") }
        if let field { parts.append("field \(field)") }
        return parts.joined(separator: ", ")
    }
}

extension PortabilityError: CustomStringConvertible {
    public var description: String {
        var text = message
        if !place.isEmpty { text += " (\(place))" }
        if let remedy { text += ". \(remedy)" }
        return text
    }
}
