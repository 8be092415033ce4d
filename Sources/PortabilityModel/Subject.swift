/// A kind of identifier, as the configuration declares it.
public struct IdentifierKind: Hashable, Sendable {
    public var name: String
    /// Only unique kinds widen the set of known identifiers. E-mail addresses, telephone numbers, cookies and devices
    /// can belong to several people: they select records where a dataset allows it, and never lead to further keys.
    public var isUnique: Bool
    /// True if a subject has at most one: two values are then two subjects.
    public var isSingle: Bool

    public init(name: String, isUnique: Bool, isSingle: Bool) {
        self.name = name
        self.isUnique = isUnique
        self.isSingle = isSingle
    }
}

/// A kind and a value. Printing it shows the kind only.
public struct Identifier: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    public var kind: String
    public var value: String

    public init(kind: String, value: String) {
        self.kind = kind
        self.value = value
    }

    public var description: String { "\(kind): (hidden)" }
    public var debugDescription: String { description }
}

/// The identifiers by which one subject is asked for. Printing it shows kinds and counts only.
public struct SubjectKeys: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Values by kind, each list sorted by bytes and without repeats.
    private var values: [String: [String]] = [:]

    public init(_ identifiers: [Identifier] = []) {
        for identifier in identifiers { insert(identifier) }
    }

    /// Adds an identifier; true if it was new.
    @discardableResult
    public mutating func insert(_ identifier: Identifier) -> Bool {
        var list = values[identifier.kind] ?? []
        if list.contains(identifier.value) { return false }
        list.append(identifier.value)
        list.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        values[identifier.kind] = list
        return true
    }

    /// Removes an identifier.
    public mutating func remove(_ identifier: Identifier) {
        values[identifier.kind]?.removeAll { $0 == identifier.value }
        if values[identifier.kind]?.isEmpty == true { values[identifier.kind] = nil }
    }

    /// The values of a kind, sorted by bytes.
    public subscript(kind: String) -> [String] { values[kind] ?? [] }

    /// The kinds of which there is a value, sorted.
    public var kinds: [String] { values.keys.sorted() }

    /// All identifiers, by kind and value.
    public var all: [Identifier] { kinds.flatMap { kind in self[kind].map { Identifier(kind: kind, value: $0) } } }

    public var isEmpty: Bool { values.isEmpty }

    public var description: String { kinds.map { "\($0) (\(self[$0].count))" }.joined(separator: ", ") }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
