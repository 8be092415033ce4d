import PortabilityModel
import PortabilityText
import SourceFiles

/// Writes the records of one dataset. Used by one task.
final class CSVWriter {
    /// Index in the plan.
    let dataset: Int
    private let plan: CSVPlan.Dataset
    private let hasDecimalComma: Bool
    private var builder: BatchBuilder
    private var assembler: RecordAssembler
    private var cell: [UInt8] = []
    /// Numbers of the field at hand that do not have a decimal comma as declared.
    private var misfits = 0
    private(set) var count: Int64 = 0
    private(set) var invalidText: Int64 = 0
    /// By field.
    private var mistyped: [Int64]
    /// Names of columns that became `other` fields, in the order they came.
    private var unmapped: [(name: [UInt8], count: Int64)] = []
    private var unmappedIndices: [[UInt8]: Int] = [:]

    init(dataset: Int, plan: CSVPlan, ordinal: Int, limits: BatchLimits, hasDecimalComma: Bool) {
        self.dataset = dataset
        self.plan = plan.datasets[dataset]
        self.hasDecimalComma = hasDecimalComma
        builder = BatchBuilder(dataset: ordinal, limits: limits)
        assembler = RecordAssembler(layout: plan.datasets[dataset].layout)
        mistyped = [Int64](repeating: 0, count: plan.datasets[dataset].fields.count)
    }

    var isFull: Bool { builder.isFull }
    var isEmpty: Bool { builder.count == 0 }
    func take() -> RecordBatch { builder.take() }

    /// What the tape says of a record beside its values.
    struct Head {
        var id: [UInt8]
        var subject: [UInt8]
        var subjectKind: Int
        var tenant: [UInt8]?
        var file: Int
        var position: UInt64
    }

    /// Writes one row.
    ///
    /// - Throws: `limit` if the record is larger than a batch allows.
    func write(
        _ row: CSVScanner.Row, of scanner: borrowing CSVScanner, _ reader: inout CellReader, _ table: CSVTable,
        _ columns: CSVColumns, head: Head
    ) throws {
        assembler.reset()
        for index in 0..<row.cellCount {
            let cell = scanner.cell(index)
            if index < columns.uses.count, case .excluded = columns.uses[index][0] { continue }
            reader.read(cell, of: scanner, into: &self.cell)
            if self.cell.isEmpty { continue }
            guard index < columns.uses.count else {
                carry(CSVTable.name(index))
                continue
            }
            for use in columns.uses[index] {
                switch use {
                case .field(let field): set(field)
                case .other: carry(table.names[index])
                case .excluded, .key: break
                }
            }
        }
        if let tenant = head.tenant {
            builder.beginRecord(
                id: head.id.span, subject: head.subject.span, subjectKind: head.subjectKind, tenant: tenant.span,
                file: head.file, position: head.position)
        } else {
            builder.beginRecord(
                id: head.id.span, subject: head.subject.span, subjectKind: head.subjectKind, file: head.file,
                position: head.position)
        }
        assembler.emit(into: &builder)
        invalidText += Int64(assembler.invalidText)
        try builder.endRecord()
        count += 1
    }

    /// Gives a field the value in ``cell``.
    private func set(_ index: Int) {
        let field = plan.fields[index]
        var node = 0
        for group in field.groups { node = assembler.group(node, group) }
        let before = assembler.mistyped
        misfits = 0
        if let separator = field.separator {
            var rest = cell[...]
            while let range = Self.range(of: separator, in: rest) {
                put(Array(rest[..<range.lowerBound]), field, node)
                rest = rest[range.upperBound...]
            }
            put(Array(rest), field, node)
        } else {
            put(cell, field, node)
        }
        mistyped[index] += Int64(assembler.mistyped - before + misfits)
    }

    private func put(_ value: [UInt8], _ field: CSVPlan.Field, _ node: Int) {
        guard field.isDecimal, hasDecimalComma, value.contains(where: { $0 == Sign.comma || $0 == Sign.dot }) else {
            assembler.set(node, field.index, value.span)
            return
        }
        // Whether a point parts groups of digits or decimals after all is not guessed.
        var number: [UInt8] = []
        let pointed: [UInt8] = value.map { $0 == Sign.comma ? Sign.dot : $0 }
        let isNumber = Canonical.decimal(pointed.span, into: &number)
        if isNumber, !value.contains(Sign.dot) {
            assembler.setCanonical(node, field.index, number.span)
        } else {
            let name = Array(field.name.utf8)
            assembler.other(name.span, .string, value.span)
            misfits += 1
        }
    }

    private static func range(of needle: [UInt8], in text: ArraySlice<UInt8>) -> Range<Int>? {
        if needle.isEmpty || text.count < needle.count { return nil }
        for start in text.startIndex...(text.endIndex - needle.count)
        where text[start..<start + needle.count].elementsEqual(needle) {
            return start..<start + needle.count
        }
        return nil
    }

    private func carry(_ name: [UInt8]) {
        assembler.other(name.span, .string, cell.span)
        if let index = unmappedIndices[name] {
            unmapped[index].count += 1
        } else {
            unmappedIndices[name] = unmapped.count
            unmapped.append((name, 1))
        }
    }

    /// What was noticed, fields in the configured order, columns in that of their first row.
    func findings(source: String) -> [Finding] {
        let place = PortabilityError.Place(source: source, dataset: plan.id)
        var findings: [Finding] = []
        for (index, field) in plan.fields.enumerated() where mistyped[index] > 0 {
            findings.append(
                Finding(
                    .mistyped, "values that do not fit the field's type are carried as `other` fields",
                    at: place.with(field: field.name), count: mistyped[index]))
        }
        var untold: Int64 = 0
        for (name, count) in unmapped {
            if !isTellable(name) {
                untold += count
                continue
            }
            findings.append(
                Finding(
                    .unmapped, "a column that is not mapped is carried as an `other` field",
                    at: place.with(field: String(decoding: name, as: UTF8.self)), count: count))
        }
        if untold > 0 {
            findings.append(
                Finding(
                    .unmapped, "further columns that are not mapped are carried as `other` fields", at: place,
                    count: untold))
        }
        return findings
    }
}
