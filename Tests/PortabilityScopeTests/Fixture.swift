import PortabilityModel
import PortabilityScope

let someText = LocalizedText(fi: "teksti", sv: "text", en: "text")

let purposes = [
    Purpose(id: "service", text: someText, basis: .contract),
    Purpose(id: "marketing", text: someText, basis: .legitimateInterest, isMarketing: true),
    Purpose(id: "development", text: someText, basis: .legitimateInterest),
]

func dataset(
    _ id: String, entity: String = "person", category: PortabilityModel.Category = .registration,
    role: Role = .controller, origin: Origin = Origin(kind: .provided, by: .subject), means: Means = .automated,
    purposes: [String] = ["service"], rules: [FieldRule] = [], classes: RecordClasses? = nil,
    recordDate: String? = nil, ownParty: String? = nil, keepsStaffNames: Bool = false
) -> DatasetDeclaration {
    DatasetDeclaration(
        id: id, entity: entity, category: category, role: role, origin: origin, means: means, purposes: purposes,
        subjectKinds: ["user_id"], tenantKind: role == .processor ? "customer_number" : nil, order: .recordID,
        rules: rules, classes: classes, recordDate: recordDate, ownParty: ownParty, keepsStaffNames: keepsStaffNames)
}

func layout(_ entity: String) -> EntityLayout { EntityLayout(Catalogue.standard.entity(named: entity)!) }

/// What a test puts on the tape: fields in catalogue order.
indirect enum Value {
    case text(String)
    case group([(String, Value)])
    case list([Value])
}

/// One record of an entity; names that the entity has not become `other` fields.
func record(_ layout: EntityLayout, id: String = "1", _ fields: [(String, Value)], into builder: inout BatchBuilder)
    throws
{
    let (key, subject) = (Array(id.utf8), Array("7".utf8))
    builder.beginRecord(id: key.span, subject: subject.span)
    func put(_ fields: [(String, Value)], _ group: Int) {
        for (name, value) in fields {
            guard let index = layout.groups[group].index(of: name) else {
                guard case .text(let text) = value else { continue }
                let (other, bytes) = (Array(name.utf8), Array(text.utf8))
                builder.other(other.span, .string, bytes.span)
                continue
            }
            put(value, layout.groups[group].fields[index], index)
        }
    }
    func put(_ value: Value, _ field: EntityLayout.Field, _ index: Int) {
        switch value {
        case .text(let text):
            let bytes = Array(text.utf8)
            builder.value(index, field.kind ?? .string, bytes.span)
        case .group(let fields):
            builder.beginGroup(index)
            put(fields, field.group)
            builder.endGroup()
        case .list(let values):
            builder.beginList(index)
            for value in values { put(value, field, index) }
            builder.endList()
        }
    }
    put(fields, 0)
    try builder.endRecord()
}

/// The values of a batch as `path=value`, record by record, and its groups and lists checked for balance.
func texts(_ batch: RecordBatch, _ layout: EntityLayout) -> [[String]] {
    batch.records.map { record in
        var out: [String] = []
        var groups = [0]
        var begins: [(index: Int, pops: Bool)] = []
        var name: String?
        var index = record.tokens.lowerBound
        while index < record.tokens.upperBound {
            let token = batch.tokens[index]
            switch token.kind {
            case .groupBegin:
                begins.append((index, true))
                groups.append(layout.groups[groups.last!].fields[Int(token.field)].group)
            case .listBegin: begins.append((index, false))
            case .groupEnd, .listEnd:
                let begin = begins.removeLast()
                if begin.pops { groups.removeLast() }
                precondition(
                    Int(batch.tokens[begin.index].length) == index - begin.index - 1, "lengths of groups are right")
            case .otherName: name = batch.text(token)
            default:
                if let other = name {
                    out.append("other.\(other)=\(batch.text(token))")
                    name = nil
                } else {
                    let group = layout.groups[groups.last!]
                    let path = (group.path + [group.fields[Int(token.field)].name]).joined(separator: ".")
                    out.append("\(path)=\(batch.text(token))")
                }
            }
            index += 1
        }
        precondition(begins.isEmpty, "every group ends")
        return out
    }
}

/// SHA-256 is not the room's business: any digest will do.
struct Sum: StreamingDigest {
    private var state: UInt64 = 14_695_981_039_346_656_037
    mutating func update(_ bytes: Span<UInt8>) {
        for index in bytes.indices { state = (state ^ UInt64(bytes[index])) &* 1_099_511_628_211 }
    }
    func value() -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: state >> (8 * UInt64($0))) } }
}

func context(
    _ right: Right = .access, freeText: FreeTextProfile = FreeTextProfile(), staff: [StaffMember] = [],
    own: OwnValues = OwnValues(), review: ReviewBook = ReviewBook(), hasKey: Bool = true,
    period: (from: String?, to: String?) = (nil, nil), secret: UInt8 = 1
) -> ScopeContext {
    let key: KeyedDigest = { text in
        var sum = Sum()
        let prefix = [secret]
        sum.update(prefix.span)
        sum.update(text)
        return sum.value()
    }
    var context = ScopeContext(
        right: right, freeText: freeText, labels: Labels(staff: staff, key: hasKey ? key : nil), own: own,
        review: review, digest: { Sum() })
    context.period = period
    return context
}

/// One record: its id and fields.
typealias Fields = (id: String, fields: [(String, Value)])

/// Runs one batch through a scope.
func scoped(
    _ dataset: DatasetDeclaration, _ context: ScopeContext = context(), gate: DocumentGate? = nil,
    duplicates: Set<String> = [], of records: [Fields]
) throws -> (records: [[String]], ledger: ScopeLedger) {
    let layout = layout(dataset.entity)
    var builder = BatchBuilder(dataset: 0)
    for (id, fields) in records { try record(layout, id: id, fields, into: &builder) }
    var batch = builder.take()
    var scope = try RecordScope(
        layout: layout, dataset: dataset, context: context, duplicates: duplicates, documents: gate)
    try scope.apply(to: &batch)
    return (texts(batch, layout), scope.ledger)
}
