import PortabilityModel

/// A record of a batch, read by place, which knows what has been taken of it.
final class RecordTree {
    /// Index of the token that begins a group; ``root`` for the record itself.
    typealias Node = Int
    static let root: Node = -1
    /// A group that the record does not have.
    static let none: Node = -2

    let batch: RecordBatch
    let layout: EntityLayout
    private let tokens: Range<Int>
    /// By token of the record.
    private var isTaken: [Bool]
    private var taken: [Int] = []
    /// Why a value was not taken, by token; the first reason stands.
    private var reasons: [Int: String] = [:]
    /// Values that a rule of the form forbids, by token.
    private var withheld: Set<Int> = []
    /// What was changed of a value that was taken, by token.
    private var changes: [Int: String] = [:]

    init(_ head: RecordHead, in batch: RecordBatch, layout: EntityLayout) {
        self.batch = batch
        self.layout = layout
        tokens = head.tokens
        isTaken = Array(repeating: false, count: head.tokens.count)
    }

    private func content(of node: Node) -> Range<Int> {
        switch node {
        case Self.root: tokens
        case Self.none: 0..<0
        default: node + 1..<node + 1 + Int(batch.tokens[node].length)
        }
    }

    private func next(_ index: Int) -> Int {
        switch batch.tokens[index].kind {
        case .groupBegin, .listBegin: index + Int(batch.tokens[index].length) + 2
        case .otherName: index + 2
        default: index + 1
        }
    }

    /// The token of a field of a group: a value, or the begin of a list or group.
    func find(_ field: Int, in node: Node) -> Int? {
        let content = content(of: node)
        var index = content.lowerBound
        while index < content.upperBound {
            let token = batch.tokens[index]
            if token.kind == .otherName || Int(token.field) > field { return nil }
            if Int(token.field) == field { return index }
            index = next(index)
        }
        return nil
    }

    /// The values or groups of a field, which may be a list.
    func elements(_ field: Int, in node: Node) -> [Int] {
        guard let found = find(field, in: node) else { return [] }
        guard batch.tokens[found].kind == .listBegin else { return [found] }
        var out: [Int] = []
        var index = found + 1
        let end = found + 1 + Int(batch.tokens[found].length)
        while index < end {
            out.append(index)
            index = next(index)
        }
        return out
    }

    func bytes(_ token: Int) -> ArraySlice<UInt8> { batch.bytes[batch.tokens[token].range] }
    func text(_ token: Int) -> String { batch.text(batch.tokens[token]) }

    // MARK: Taking

    func take(_ token: Int) {
        let index = token - tokens.lowerBound
        if isTaken[index] { return }
        isTaken[index] = true
        taken.append(token)
    }

    /// How many values have been taken, to go back to.
    var mark: Int { taken.count }

    /// Gives back what was taken since a mark.
    func giveBack(to mark: Int, reason: String) {
        while taken.count > mark {
            let token = taken.removeLast()
            isTaken[token - tokens.lowerBound] = false
            refuse(token, reason: reason)
        }
    }

    /// Remembers why a value was not taken.
    func refuse(_ token: Int, reason: String) { if reasons[token] == nil { reasons[token] = reason } }

    /// Remembers what was changed of a value that is taken.
    func change(_ token: Int, _ what: String) { if changes[token] == nil { changes[token] = what } }

    /// Keeps a value, or every value of a group, out of the document.
    func withhold(_ token: Int, reason: String) {
        let kind = batch.tokens[token].kind
        let isOuter = kind == .groupBegin || kind == .listBegin
        for index in isOuter ? content(of: token) : token..<token + 1 {
            withheld.insert(index)
            refuse(index, reason: reason)
        }
    }

    func isWithheld(_ token: Int) -> Bool { withheld.contains(token) }

    func isTaken(_ token: Int) -> Bool { isTaken[token - tokens.lowerBound] }

    /// Forgets what was taken, to write the record once more.
    func restart() {
        for token in taken { isTaken[token - tokens.lowerBound] = false }
        taken.removeAll(keepingCapacity: true)
    }

    private struct Leftover: Hashable {
        var group: Int
        var field: Int
        var reason: String
    }

    /// Calls `body` for every path of values of which one at least was not taken or was changed, in the order of the
    /// record, once for every path and reason.
    func leftovers(_ body: (_ path: String, _ reason: String) -> Void) {
        var seen: Set<Leftover> = []
        var hasOther = false
        func walk(_ range: Range<Int>, group: Int) {
            let fields = layout.groups[group].fields
            var index = range.lowerBound
            while index < range.upperBound {
                let token = batch.tokens[index]
                if token.kind == .otherName {
                    if !hasOther { body("other", Self.noPlace) }
                    hasOther = true
                    return
                }
                let field = Int(token.field)
                if token.kind == .groupBegin || token.kind == .listBegin {
                    let inner = index + 1..<index + 1 + Int(token.length)
                    walk(inner, group: token.kind == .listBegin ? group : fields[field].group)
                } else if let reason = isTaken(index) ? changes[index] : reasons[index] ?? Self.noPlace {
                    if seen.insert(Leftover(group: group, field: field, reason: reason)).inserted {
                        body((layout.groups[group].path + [fields[field].name]).joined(separator: "."), reason)
                    }
                }
                index = next(index)
            }
        }
        walk(tokens, group: 0)
    }

    private static let noPlace = "the form has no place for it"
}
