public import PortabilityModel
import PortabilityText

/// Turns rows into records: a store hands in one value after another, and the mapper adds each to the record that is
/// being built.
///
/// Values are handed in in the order of ``SQLColumns/wanted``, which is the tape's; stores have random access to the
/// columns of a row, so nothing needs to be kept for sorting. NULL is absent: it is not handed in. Values that do not
/// fit their field's type go to `other` under the field's path and are counted by column. Text is copied once, from
/// where the store has it into the batch; no `String` is made.
public struct SQLRowMapper: ~Copyable {
    /// A fault of a row, kept until its end so that the calls in between need no `try`.
    private enum Fault {
        case none, idKind, idType, idText, subjectType, tenantType, recordClass
    }

    public let columns: SQLColumns
    /// Records made so far.
    public private(set) var records: Int64 = 0
    private let dataset: String
    private let places: [SQLColumns.Place]
    private let names: [[UInt8]]
    private let blobNames: [[UInt8]]

    // The row at hand.
    private var id: [UInt8] = []
    private var idKind: RecordIDKind?
    private var subject: [UInt8] = []
    private var tenant: [UInt8] = []
    private var recordClass = 0
    private var hasBegun = false
    private var fault = Fault.none
    /// The group that is open, as an index in ``SQLColumns/paths``.
    private var path = 0
    /// The field of the list that is open, -1 for none, and how many elements were handed in.
    private var list = -1
    private var elements = 0
    /// Keeps `other` fields, which are sorted by name at the row's end.
    private var others: RecordAssembler
    private var hasOthers = false

    private var scratch: [UInt8] = []
    private var tokenizer = JSONTokenizer()
    /// By column: values that did not fit, values without spelling, values with invalid text, BLOBs.
    private var mistyped: [Int64]
    private var unspelled: [Int64]
    private var invalidText: [Int64]
    private var blobs: [Int64]

    /// A mapper for one run of a query.
    public init(_ columns: SQLColumns, dataset: String) {
        self.columns = columns
        self.dataset = dataset
        others = RecordAssembler(layout: columns.layout)
        mistyped = Array(repeating: 0, count: columns.names.count)
        unspelled = mistyped
        invalidText = mistyped
        blobs = mistyped
        places = columns.places
        names = columns.names.map { Array($0.utf8) }
        blobNames = columns.names.map { Array("\($0)_base64".utf8) }
    }

    /// Hands in a whole number.
    public mutating func integer(_ column: Int, _ value: Int64, into builder: inout BatchBuilder) {
        // Nineteen digits and a sign, filled from the end.
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var start = 20
        var rest = value.magnitude
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if value < 0 {
            start -= 1
            digits[start] = UInt8(ascii: "-")
        }
        canonical(column, .integer, digits.span.extracting(start...), into: &builder)
    }

    /// Hands in a value in the canonical spelling of its kind, which is ASCII that JSON needs no escape for.
    ///
    /// It is not read again where it fits the field, so this is the shortest way for numbers, dates, times and
    /// booleans.
    public mutating func canonical(
        _ column: Int, _ kind: ValueKind, _ text: Span<UInt8>, into builder: inout BatchBuilder
    ) {
        let place = places[column]
        if place.target == .field,
            place.kind == kind || place.kind == .string || (place.kind == .decimal && kind == .integer)
        {
            enter(place, &builder)
            builder.value(place.field, place.kind, text, clean: true)
        } else {
            self.text(column, kind, text, into: &builder)
        }
    }

    /// Hands in a value that has no canonical spelling, as the store spells it: carried as text, and counted.
    ///
    /// A list of such values is handed in as `json`.
    public mutating func unspelled(
        _ column: Int, _ text: Span<UInt8>, as kind: ValueKind = .string, into builder: inout BatchBuilder
    ) {
        if text.isEmpty { return }
        let place = places[column]
        if place.target == .other || (place.target == .field && place.kind == .string) { unspelled[column] += 1 }
        self.text(column, kind, text, into: &builder)
    }

    /// Hands in a value that is a list in a way that its field's list is not: carried as JSON in an `other` field of
    /// the column's name.
    public mutating func unlisted(_ column: Int, _ json: Span<UInt8>) {
        mistyped[column] += 1
        let name = Array(SQLColumns.lower(columns.names[column]).utf8)
        other(column, name, .json, json)
    }

    /// Hands in a floating-point number. It is spelled with the fewest digits that give the same number again,
    /// without an exponent, and without a fraction if it is whole.
    public mutating func real(_ column: Int, _ value: Double, into builder: inout BatchBuilder) {
        let place = places[column]
        if place.target == .recordID {
            fault = .idType
            return
        }
        var digits = exchange(&scratch, with: [])
        digits.removeAll(keepingCapacity: true)
        SQLNumber.append(value, to: &digits)
        if place.target == .field, place.kind == .decimal, value.isFinite {
            enter(place, &builder)
            builder.value(place.field, .decimal, digits.span, clean: true)
            scratch = digits
        } else {
            text(column, .decimal, digits.span, into: &builder)
            scratch = digits
        }
    }

    /// Hands in a text, or any value that the store gives as text; `kind` is what it is for the store.
    public mutating func text(
        _ column: Int, _ kind: ValueKind, _ text: Span<UInt8>, into builder: inout BatchBuilder
    ) {
        if text.isEmpty { return }
        let place = places[column]
        switch place.target {
        case .field:
            enter(place, &builder)
            field(column, place, text, &builder)
        case .other: other(column, names[column], kind, text)
        case .recordID:
            let kind: RecordIDKind = kind == .integer ? .integer : .text
            if let idKind, idKind != kind { fault = .idKind }
            idKind = kind
            if appendRepaired(text, into: &id) > 0 { fault = .idText }
        case .subject: subject.append(text)
        case .tenant: tenant.append(text)
        case .recordClass:
            if let value = Self.smallNumber(text) { recordClass = value } else { fault = .recordClass }
        case .excluded: break
        }
    }

    /// Hands in bytes that are no text. They are carried in base64 (RFC 4648 §4) as the `other` field
    /// `<column>_base64`, whatever the column is called: no field of the catalogue holds bytes.
    public mutating func blob(_ column: Int, _ bytes: Span<UInt8>) {
        if bytes.isEmpty { return }
        switch places[column].target {
        case .excluded: return
        case .recordID: fault = .idType
        case .subject: fault = .subjectType
        case .tenant: fault = .tenantType
        case .recordClass: fault = .recordClass
        case .field, .other:
            var text: [UInt8] = []
            Self.appendBase64(bytes, to: &text)
            other(column, blobNames[column], .string, text.span)
            blobs[column] += 1
        }
    }

    /// Ends the row: the record is added to the batch, and the mapper is ready for the next row.
    ///
    /// - Throws: `drift` if `record_id` is missing, neither integer nor text, or sometimes one and sometimes the
    ///   other; `malformed` if it is not valid text; `limit` if the record is too large. The place has the record's
    ///   number; no value is named.
    public mutating func endRow(into builder: inout BatchBuilder) throws {
        records += 1
        // A row may have nothing but its head.
        enter(SQLColumns.Place(target: .other), &builder)
        if id.isEmpty, fault == .none { fault = .idType }
        if fault != .none {
            builder.cancelRecord()
            throw faultError()
        }
        if hasOthers {
            others.emit(into: &builder)
            others.reset()
            hasOthers = false
        }
        do {
            try builder.endRecord()
        } catch let error as PortabilityError {
            throw error.within(.init(dataset: dataset, record: records))
        }
        id.removeAll(keepingCapacity: true)
        subject.removeAll(keepingCapacity: true)
        if !tenant.isEmpty { tenant.removeAll(keepingCapacity: true) }
        recordClass = 0
        hasBegun = false
    }

    /// Begins the record if need be, and brings the builder to where a value belongs.
    @inline(__always)
    private mutating func enter(_ place: SQLColumns.Place, _ builder: inout BatchBuilder) {
        if !hasBegun {
            hasBegun = true
            builder.beginRecord(
                id: id.span, idKind: idKind ?? .text, subject: subject.span, tenant: tenant.span,
                recordClass: recordClass)
        }
        if place.path != path || list != -1 || place.isList { move(place, &builder) }
    }

    private mutating func move(_ place: SQLColumns.Place, _ builder: inout BatchBuilder) {
        let isSameList = place.isList && place.path == path && place.field == list
        if list != -1, !isSameList {
            builder.endList()
            list = -1
        }
        if place.path != path {
            let (from, to) = (columns.paths[path], columns.paths[place.path])
            let common = zip(from, to).prefix { $0 == $1 }.count
            for _ in common..<from.count { builder.endGroup() }
            for field in to[common...] { builder.beginGroup(field) }
            path = place.path
        }
        if place.isList {
            if !isSameList {
                builder.beginList(place.field)
                list = place.field
                elements = 0
            }
            elements += 1
        }
    }

    @inline(__always)
    private mutating func field(
        _ column: Int, _ place: SQLColumns.Place, _ text: Span<UInt8>, _ builder: inout BatchBuilder
    ) {
        switch place.kind {
        case .string, .reference:
            if isValidUTF8(text) {
                builder.value(place.field, place.kind, text, clean: isJSONClean(text))
                return
            }
            invalidText[column] += 1
            var repaired: [UInt8] = []
            _ = appendRepaired(text, into: &repaired)
            builder.value(place.field, place.kind, repaired.span)
        case .json:
            if tokenizer.tokenize(text) != nil { return misfit(column, place, text) }
            var canonical: [UInt8] = []
            if tokenizer.appendCanonical(0, in: text, into: &canonical) > 0 { invalidText[column] += 1 }
            builder.value(place.field, .json, canonical.span)
        case .integer, .decimal, .boolean, .date, .time, .timestamp, .localTimestamp, .duration:
            var canonical = exchange(&scratch, with: [])
            canonical.removeAll(keepingCapacity: true)
            if Canonical.append(place.kind, from: text, into: &canonical) {
                builder.value(place.field, place.kind, canonical.span, clean: true)
                scratch = canonical
            } else {
                scratch = canonical
                misfit(column, place, text)
            }
        }
    }

    /// Carries a value that does not fit its field's type.
    private mutating func misfit(_ column: Int, _ place: SQLColumns.Place, _ text: Span<UInt8>) {
        mistyped[column] += 1
        // The catalogue's spelling, whatever case the query uses.
        var name = Array(SQLColumns.lower(columns.names[column]).utf8)
        if place.isList { name.append(contentsOf: "[\(elements)]".utf8) }
        other(column, name, .string, text)
    }

    private mutating func other(_ column: Int, _ name: [UInt8], _ kind: ValueKind, _ text: Span<UInt8>) {
        hasOthers = true
        let before = others.invalidText
        others.other(name.span, kind, text)
        if others.invalidText != before { invalidText[column] += 1 }
    }

    /// What was noticed so far, by column in the result's order.
    public func findings(at place: PortabilityError.Place) -> [Finding] {
        var findings: [Finding] = []
        for (column, name) in columns.names.enumerated() {
            var place = place
            place.dataset = place.dataset ?? dataset
            place.field = name
            if mistyped[column] > 0 {
                findings.append(
                    Finding(
                        .mistyped, "values that do not fit the field's type; carried as other field", at: place,
                        count: mistyped[column]))
            }
            if unspelled[column] > 0 {
                findings.append(
                    Finding(
                        .mistyped, "values that have no canonical spelling; carried as text as the store writes them",
                        at: place, count: unspelled[column]))
            }
            if blobs[column] > 0 {
                findings.append(
                    Finding(
                        .mistyped,
                        "binary values; carried in base64 as other field (CAST(… AS TEXT) if they are text)",
                        at: place, count: blobs[column]))
            }
            if invalidText[column] > 0 {
                findings.append(
                    Finding(
                        .invalidText, "text that is not valid UTF-8; what is invalid became U+FFFD", at: place,
                        count: invalidText[column]))
            }
        }
        return findings
    }

    private func faultError() -> PortabilityError {
        let place = PortabilityError.Place(dataset: dataset, record: records)
        func error(
            _ column: String, _ message: String, _ remedy: String, _ code: PortabilityError.Code = .drift
        ) -> PortabilityError {
            var place = place
            place.field = column
            return PortabilityError(code, message, remedy: remedy, at: place)
        }
        return switch fault {
        case .none, .idType:
            error(
                "record_id", "record_id is neither an integer nor a text", "Give every record the key of its table")
        case .idKind:
            error(
                "record_id", "record_id is sometimes an integer and sometimes a text",
                "Convert it in the query, and order by the converted value")
        case .idText:
            error(
                "record_id", "record_id is not valid UTF-8", "Give another key, or hex() of this one", .malformed)
        case .subjectType:
            error("subject", "subject is binary", "Convert it in the query to the identifier's spelling")
        case .tenantType:
            error("tenant", "tenant is binary", "Convert it in the query to the identifier's spelling")
        case .recordClass:
            error("record_class", "record_class is no number from 0 to 255", "Number the classes in the query")
        }
    }

    private static func smallNumber(_ text: Span<UInt8>) -> Int? {
        guard 1...3 ~= text.count else { return nil }
        var value = 0
        for index in text.indices {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value < 256 ? value : nil
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func appendBase64(_ bytes: Span<UInt8>, to out: inout [UInt8]) {
        out.reserveCapacity(out.count + (bytes.count + 2) / 3 * 4)
        let alphabet = alphabet
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[index + 2]) }
            out.append(alphabet[Int(group >> 18)])
            out.append(alphabet[Int(group >> 12 & 63)])
            out.append(count > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
            out.append(count > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
            index += 3
        }
    }
}
