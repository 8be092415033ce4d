public import PortabilityModel
import PortabilityText

/// Turns rows into records: a store hands in one value after another, and the mapper puts each where its column
/// belongs and builds the record at the row's end.
///
/// NULL is absent: it is not handed in. Values that do not fit their field's type go to `other` and are counted by
/// column. Bytes are copied from where the store has them; no `String` is made.
public struct SQLRowMapper: ~Copyable {
    /// A fault of a row, kept until its end so that the calls in between need no `try`.
    private enum Fault {
        case none, idKind, idType, idText, subjectType, tenantType, recordClass
    }

    public let columns: SQLColumns
    /// Records made so far.
    public private(set) var records: Int64 = 0
    private let dataset: String
    private var assembler: RecordAssembler
    private var id: [UInt8] = []
    private var idKind: RecordIDKind?
    private var hasID = false
    private var subject: [UInt8] = []
    private var tenant: [UInt8] = []
    private var recordClass = 0
    private var scratch: [UInt8] = []
    private var fault = Fault.none
    /// By column: values that did not fit, values with invalid text, BLOBs.
    private var mistyped: [Int64]
    private var invalidText: [Int64]
    private var blobs: [Int64]
    private let names: [[UInt8]]
    private let blobNames: [[UInt8]]

    /// A mapper for one run of a query.
    public init(_ columns: SQLColumns, dataset: String) {
        self.columns = columns
        self.dataset = dataset
        assembler = RecordAssembler(layout: columns.layout)
        mistyped = Array(repeating: 0, count: columns.names.count)
        invalidText = mistyped
        blobs = mistyped
        names = columns.names.map { Array($0.utf8) }
        blobNames = columns.names.map { Array("\($0)_base64".utf8) }
    }

    /// Hands in a whole number.
    public mutating func integer(_ column: Int, _ value: Int64) {
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
        text(column, .integer, digits.span.extracting(start...))
    }

    /// Hands in a floating-point number. It is spelled with the fewest digits that give the same number again,
    /// without an exponent, and without a fraction if it is whole.
    public mutating func real(_ column: Int, _ value: Double) {
        if case .recordID = columns.targets[column] {
            fault = .idType
            return
        }
        var digits = exchange(&scratch, with: [])
        digits.removeAll(keepingCapacity: true)
        SQLNumber.append(value, to: &digits)
        text(column, .decimal, digits.span)
        scratch = digits
    }

    /// Hands in a text, or any value that the store gives as text; `kind` is what it is for the store.
    @inline(__always)
    public mutating func text(_ column: Int, _ kind: ValueKind, _ text: Span<UInt8>) {
        switch columns.targets[column] {
        case .field(let groups, let field):
            var node = 0
            for group in groups { node = assembler.group(node, group) }
            let (misfits, repairs) = (assembler.mistyped, assembler.invalidText)
            assembler.set(node, field, text)
            if assembler.mistyped != misfits { mistyped[column] += 1 }
            if assembler.invalidText != repairs { invalidText[column] += 1 }
        case .other:
            let name = names[column]
            let repairs = assembler.invalidText
            assembler.other(name.span, kind, text)
            if assembler.invalidText != repairs { invalidText[column] += 1 }
        case .recordID: setID(kind == .integer ? .integer : .text, text)
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
        switch columns.targets[column] {
        case .excluded: return
        case .recordID: fault = .idType
        case .subject: fault = .subjectType
        case .tenant: fault = .tenantType
        case .recordClass: fault = .recordClass
        case .field, .other:
            var text = exchange(&scratch, with: [])
            text.removeAll(keepingCapacity: true)
            Self.appendBase64(bytes, to: &text)
            let name = blobNames[column]
            assembler.other(name.span, .string, text.span)
            blobs[column] += 1
            scratch = text
        }
    }

    /// Ends the row: the record is added to the batch, and the mapper is ready for the next row.
    ///
    /// - Throws: `drift` if `record_id` is missing, neither integer nor text, or sometimes one and sometimes the
    ///   other; `malformed` if it is not valid text; `limit` if the record is too large. The place has the record's
    ///   number; no value is named.
    public mutating func endRow(into builder: inout BatchBuilder) throws {
        records += 1
        if !hasID, fault == .none { fault = .idType }
        if fault != .none { throw faultError() }
        // An empty tenant is none.
        builder.beginRecord(
            id: id.span, idKind: idKind ?? .text, subject: subject.span, tenant: tenant.span, recordClass: recordClass)
        assembler.emit(into: &builder)
        do {
            try builder.endRecord()
        } catch let error as PortabilityError {
            throw error.within(.init(dataset: dataset, record: records))
        }
        id.removeAll(keepingCapacity: true)
        subject.removeAll(keepingCapacity: true)
        tenant.removeAll(keepingCapacity: true)
        hasID = false
        recordClass = 0
        assembler.reset()
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

    private mutating func setID(_ kind: RecordIDKind, _ text: Span<UInt8>) {
        if let idKind, idKind != kind { fault = .idKind }
        idKind = kind
        if text.isEmpty {
            fault = .idType
            return
        }
        if appendRepaired(text, into: &id) > 0 { fault = .idText }
        hasID = true
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
