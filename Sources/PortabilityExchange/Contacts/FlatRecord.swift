import PortabilityModel

/// The values of one record that stand in no group and no list, by the names of their fields.
struct FlatRecord {
    private var values: [String: String] = [:]
    /// Fields and groups that were not asked for: `other` ones, groups and lists.
    private(set) var rest: Set<String> = []
    /// `record_id`.
    let id: String

    init(_ head: RecordHead, _ batch: RecordBatch, _ layout: EntityLayout) {
        id = batch.text(head.id)
        var index = head.tokens.lowerBound
        while index < head.tokens.upperBound {
            let token = batch.tokens[index]
            switch token.kind {
            case .otherName:
                rest.insert("other")
                index += 2
            case .groupBegin, .listBegin:
                rest.insert(layout.groups[0].fields[Int(token.field)].name)
                index += Int(token.length) + 2
            default:
                values[layout.groups[0].fields[Int(token.field)].name] = batch.text(token)
                index += 1
            }
        }
    }

    /// Takes a value out: what is left at the end was not used.
    mutating func take(_ name: String) -> String? { values.removeValue(forKey: name) }

    /// True if there is such a value, and it was not taken.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// The names of what was not taken.
    var unused: [String] { rest.union(values.keys).sorted() }
}
