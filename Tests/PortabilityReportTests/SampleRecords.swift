import PortabilityModel
import PortabilityReport

/// A value of a sample record, by the names of the catalogue.
indirect enum Sample: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    case text(String)
    case list([Sample])
    case group([(String, Sample)])

    init(stringLiteral value: String) { self = .text(value) }
    init(arrayLiteral elements: Sample...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, Sample)...) { self = .group(elements) }
}

/// A sample record: fields of the catalogue, and others.
struct SampleRecord {
    var fields: [(String, Sample)]
    var others: [(name: String, kind: ValueKind, value: String)] = []

    init(_ fields: KeyValuePairs<String, Sample>, others: [(String, ValueKind, String)] = []) {
        self.fields = Array(fields)
        self.others = others
    }
}

/// A batch of records as an extractor would make it.
func sampleBatch(_ layout: EntityLayout, _ records: [SampleRecord]) -> RecordBatch {
    var builder = BatchBuilder(dataset: 0, limits: BatchLimits(rows: 100_000, bytes: 64 << 20))
    func add(_ field: Int, _ sample: Sample, kind: ValueKind?, group: Int, isList: Bool, isElement: Bool = false) {
        switch sample {
        case .text(let text):
            if isList, !isElement {
                builder.beginList(field)
                builder.value(field, kind ?? .string, Array(text.utf8).span)
                builder.endList()
            } else {
                builder.value(field, kind ?? .string, Array(text.utf8).span)
            }
        case .list(let elements):
            builder.beginList(field)
            for element in elements {
                add(field, element, kind: kind, group: group, isList: true, isElement: true)
            }
            builder.endList()
        case .group(let members):
            builder.beginGroup(field)
            fill(members, group: group)
            builder.endGroup()
        }
    }
    func fill(_ members: [(String, Sample)], group: Int) {
        let known = layout.groups[group]
        for (name, _) in members { precondition(known.index(of: name) != nil, "\(name) is no field") }
        for (index, field) in known.fields.enumerated() {
            guard let sample = members.first(where: { $0.0 == field.name })?.1 else { continue }
            add(index, sample, kind: field.kind, group: field.group, isList: field.isList)
        }
    }
    for (index, record) in records.enumerated() {
        builder.beginRecord(id: Array("\(index + 1)".utf8).span, subject: Array("1".utf8).span)
        fill(record.fields, group: 0)
        for other in record.others.sorted(by: { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }) {
            builder.other(Array(other.name.utf8).span, other.kind, Array(other.value.utf8).span)
        }
        do { try builder.endRecord() } catch { preconditionFailure("\(error)") }
    }
    return builder.take()
}

/// Records of an entity as a summary holds them.
func sampleRows(_ entity: String, _ records: [SampleRecord], isComplete: Bool = true) -> ArchiveSummary.Rows {
    guard let known = Catalogue.standard.entity(named: entity) else { preconditionFailure("\(entity) is no entity") }
    let layout = EntityLayout(known)
    return ArchiveSummary.Rows(layout: layout, shown: [sampleBatch(layout, records)], isComplete: isComplete)
}
