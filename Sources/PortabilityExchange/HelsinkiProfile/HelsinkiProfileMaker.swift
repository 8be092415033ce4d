public import PortabilityModel
import PortabilityText

/// Turns everything into the tree of the Helsinki Profile GDPR API (City of Helsinki, OpenAPI 1.1.0, schema `Node`), in
/// one file `profile.json`: nodes with a key in capitals and either a value, always a string, or children.
///
/// The root has a node for each dataset, that one a node for each record, and that one a node for each field. The
/// elements of a list share their list's key. An `other` field is a node `OTHER` with `NAME` and `VALUE`, since keys are
/// technical names and those of `other` fields can be anything.
public struct HelsinkiProfileMaker: ExchangeMaker {
    public var entities: [String] { [] }

    private var dataset: ExchangeDataset?
    private var keys: [[[UInt8]]] = []
    private var isOpen = false
    private var hasDataset = false
    private var hasRecord = false
    private var buffer: [UInt8] = []

    static let fileName = "profile.json"

    public init() {}

    public mutating func begin(_ dataset: ExchangeDataset, into output: any ExchangeOutput) throws {
        self.dataset = dataset
        keys = dataset.layout.groups.map { group in group.fields.map { Self.key($0.name) } }
        buffer.removeAll(keepingCapacity: true)
        if !isOpen {
            try output.begin(Self.fileName, mediaType: "application/json")
            isOpen = true
            put("{\"key\":\"PERSONAL_DATA\",\"children\":[\n")
        }
        put(hasDataset ? ",\n{\"key\":\"" : "{\"key\":\"")
        buffer += Self.key(dataset.id)
        put("\",\"children\":[")
        hasDataset = true
        hasRecord = false
        try output.append(buffer)
    }

    public mutating func take(_ batch: RecordBatch, into output: any ExchangeOutput) throws {
        guard let dataset else { return }
        buffer.removeAll(keepingCapacity: true)
        let entity = Self.key(dataset.layout.entity.name)
        for head in batch.records {
            put(hasRecord ? ",\n{\"key\":\"" : "\n{\"key\":\"")
            hasRecord = true
            buffer += entity
            put("\",\"children\":[{\"key\":\"RECORD_ID\",\"value\":\"")
            appendJSONEscaped(batch.bytes.span.extracting(head.id.range), into: &buffer)
            put("\"}")
            var index = head.tokens.lowerBound
            appendFields(until: head.tokens.upperBound, group: 0, isFirst: false, batch, dataset.layout, &index)
            put("]}")
            if buffer.count >= 256 << 10 {
                try output.append(buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        }
        try output.append(buffer)
    }

    public mutating func end(into output: any ExchangeOutput) throws {
        try output.append(Array("]}".utf8))
        dataset = nil
    }

    public mutating func finish(into output: any ExchangeOutput) throws {
        guard isOpen else { return }
        try output.append(Array("\n]}\n".utf8))
        try output.end()
    }

    private mutating func appendFields(
        until end: Int, group: Int, isFirst: Bool, _ batch: RecordBatch, _ layout: EntityLayout, _ index: inout Int
    ) {
        var isFirst = isFirst
        func separate(_ buffer: inout [UInt8]) {
            if !isFirst { buffer.append(UInt8(ascii: ",")) }
            isFirst = false
        }
        while index < end {
            let token = batch.tokens[index]
            index += 1
            switch token.kind {
            case .otherName:
                separate(&buffer)
                put("{\"key\":\"OTHER\",\"children\":[{\"key\":\"NAME\",\"value\":\"")
                appendValue(token, batch)
                put("\"},{\"key\":\"VALUE\",\"value\":\"")
                appendValue(batch.tokens[index], batch)
                put("\"}]}")
                index += 1
            // The elements of a list stand side by side.
            case .listBegin, .listEnd: break
            case .groupBegin:
                separate(&buffer)
                let field = layout.groups[group].fields[Int(token.field)]
                let stop = index + Int(token.length)
                put("{\"key\":\"")
                buffer += keys[group][Int(token.field)]
                put("\",\"children\":[")
                appendFields(until: stop, group: field.group, isFirst: true, batch, layout, &index)
                put("]}")
                index = stop + 1
            default:
                separate(&buffer)
                put("{\"key\":\"")
                buffer += keys[group][Int(token.field)]
                put("\",\"value\":\"")
                appendValue(token, batch)
                put("\"}")
            }
        }
    }

    private mutating func appendValue(_ token: TapeToken, _ batch: RecordBatch) {
        appendJSONEscaped(batch.bytes.span.extracting(token.range), into: &buffer)
    }

    private mutating func put(_ text: StaticString) {
        buffer.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// `SNAKE_CASE_WITH_CAPITAL_LETTERS` of a name of letters, digits, `_` and `-`.
    private static func key(_ name: String) -> [UInt8] {
        name.uppercased().utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
    }
}
