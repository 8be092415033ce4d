import PortabilityModel

/// A record, or a group within one, as it stands on the tape.
struct RecordView {
    let batch: RecordBatch
    let layout: EntityLayout
    /// Index into the layout's groups.
    let group: Int
    /// The tokens inside it.
    let tokens: Range<Int>

    init(batch: RecordBatch, record: Int, layout: EntityLayout) {
        self.batch = batch
        self.layout = layout
        group = 0
        tokens = batch.records[record].tokens
    }

    private init(_ parent: RecordView, group: Int, tokens: Range<Int>) {
        batch = parent.batch
        layout = parent.layout
        self.group = group
        self.tokens = tokens
    }

    /// What stands under a field.
    enum Content {
        case value(TapeToken)
        case group(RecordView)
        case values([TapeToken])
        case groups([RecordView])
    }

    /// The fields that are there, by index in the group's fields, in the catalogue's order. Others come last, see
    /// ``others``.
    func forEachField(_ body: (_ field: Int, _ content: () -> Content) throws -> Void) rethrows {
        try forEachPlace { field, place in try body(field) { content(at: place) } }
    }

    /// The same, with the places of the contents on the tape.
    func forEachPlace(_ body: (_ field: Int, _ place: Int) throws -> Void) rethrows {
        var index = tokens.lowerBound
        while index < tokens.upperBound {
            let token = batch.tokens[index]
            if token.kind == .otherName { return }
            let end = token.kind.value == nil ? index + Int(token.length) + 2 : index + 1
            try body(Int(token.field), index)
            index = end
        }
    }

    /// What stands at a place.
    func content(at index: Int) -> Content {
        let token = batch.tokens[index]
        let inside = index + 1..<index + 1 + (token.kind.value == nil ? Int(token.length) : 0)
        let field = layout.groups[group].fields[Int(token.field)]
        if token.kind == .groupBegin { return .group(RecordView(self, group: field.group, tokens: inside)) }
        if token.kind != .listBegin { return .value(token) }
        if field.kind != nil { return .values(Array(batch.tokens[inside])) }
        var groups: [RecordView] = []
        var next = inside.lowerBound
        while next < inside.upperBound {
            let length = Int(batch.tokens[next].length)
            groups.append(RecordView(self, group: field.group, tokens: next + 1..<next + 1 + length))
            next += length + 2
        }
        return .groups(groups)
    }

    /// The `other` fields: names and values.
    var others: [(name: TapeToken, value: TapeToken)] {
        // They are the last tokens of a record, two for each.
        var first = tokens.upperBound
        while first - 2 >= tokens.lowerBound, batch.tokens[first - 2].kind == .otherName { first -= 2 }
        return stride(from: first, to: tokens.upperBound, by: 2).map { (batch.tokens[$0], batch.tokens[$0 + 1]) }
    }

    /// What stands under a name; nil if nothing does.
    func content(_ name: String) -> (field: EntityLayout.Field, content: Content)? {
        guard let wanted = layout.groups[group].index(of: name) else { return nil }
        var found: Content?
        forEachField { field, content in if field == wanted { found = content() } }
        return found.map { (layout.groups[group].fields[wanted], $0) }
    }

    /// A single value's text.
    func text(_ name: String) -> String? {
        if case .value(let token)? = content(name)?.content { batch.text(token) } else { nil }
    }

    /// The texts of a list of values, or of a single one.
    func texts(_ name: String) -> [String] {
        switch content(name)?.content {
        case .value(let token)?: [batch.text(token)]
        case .values(let tokens)?: tokens.map(batch.text)
        case .group?, .groups?, nil: []
        }
    }

    /// A single group.
    func one(_ name: String) -> RecordView? {
        if case .group(let view)? = content(name)?.content { view } else { nil }
    }

    /// A list of groups; empty if there is none.
    func all(_ name: String) -> [RecordView] {
        if case .groups(let views)? = content(name)?.content { views } else { [] }
    }
}
