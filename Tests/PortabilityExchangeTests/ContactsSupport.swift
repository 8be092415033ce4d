import PortabilityExchange
import PortabilityModel
import PortabilityText

/// Takes what a maker makes.
final class MemoryOutput: ExchangeOutput {
    private(set) var files: [(name: String, mediaType: String, bytes: [UInt8])] = []
    private(set) var notes: [ExchangeNote] = []
    private var isOpen = false

    func begin(_ name: String, mediaType: String) {
        precondition(!isOpen)
        isOpen = true
        files.append((name, mediaType, []))
    }

    func append(_ bytes: [UInt8]) {
        precondition(isOpen)
        files[files.count - 1].bytes += bytes
    }

    func end() {
        precondition(isOpen)
        isOpen = false
    }

    func note(_ note: ExchangeNote) { notes.append(note) }

    /// The text of the one file.
    var text: String { files.count == 1 ? String(decoding: files[0].bytes, as: UTF8.self) : "" }
}

/// A record by its fields' names; paths of groups with dots, `other:` before the names of `other` fields.
typealias PlainRecord = [(String, String)]

/// Gives records of entities to a maker as an archive would.
///
/// - Parameter merging: paths of lists of groups that have one group for each record; elsewhere each field has its own.
func make(
    _ maker: some ExchangeMaker, _ datasets: [(id: String, entity: String, records: [PlainRecord])],
    rows: Int = 1024, merging: Set<String> = []
) throws -> MemoryOutput {
    var maker = maker
    let output = MemoryOutput()
    for dataset in datasets {
        guard let entity = Catalogue.standard.entity(named: dataset.entity) else { continue }
        let layout = EntityLayout(entity)
        try maker.begin(
            ExchangeDataset(id: dataset.id, layout: layout, role: .controller, language: .en), into: output)
        var builder = BatchBuilder(dataset: 0, limits: BatchLimits(rows: rows))
        for (index, record) in dataset.records.enumerated() {
            var assembler = RecordAssembler(layout: layout)
            var merged: [String: Int] = [:]
            for (name, value) in record {
                let bytes = Array(value.utf8)
                if name.hasPrefix("other:") {
                    assembler.other(Array(name.dropFirst(6).utf8).span, .string, bytes.span)
                    continue
                }
                var node = 0
                var group = 0
                let path = name.split(separator: ".").map(String.init)
                for (depth, part) in path.enumerated() {
                    guard let field = layout.groups[group].index(of: part) else { preconditionFailure(name) }
                    if depth == path.count - 1 {
                        assembler.set(node, field, bytes.span)
                    } else {
                        let isList = layout.groups[group].fields[field].isList
                        let list = path[...depth].joined(separator: ".")
                        if let known = merged[list] {
                            node = known
                        } else {
                            node = isList ? assembler.appendGroup(node, field) : assembler.group(node, field)
                            if merging.contains(list) { merged[list] = node }
                        }
                        group = layout.groups[group].fields[field].group
                    }
                }
            }
            builder.beginRecord(id: Array("\(index + 1)".utf8).span, subject: [0x31].span)
            assembler.emit(into: &builder)
            try builder.endRecord()
            if builder.isFull { try maker.take(builder.take(), into: output) }
        }
        if builder.count > 0 { try maker.take(builder.take(), into: output) }
        try maker.end(into: output)
    }
    try maker.finish(into: output)
    return output
}
