import PortabilityModel
import PortabilityText

/// The names that lines hold, as a tree, so that a name seen before is recognised by one comparison.
///
/// Logs repeat the same names in the same order: each node remembers which name followed it last time. The tree is a
/// cache of bounded size: ``trim()`` throws away what the configuration did not put in.
struct PathTree {
    typealias Index = Int32

    /// What becomes of a path in one dataset.
    enum Role {
        static let unmapped: Int16 = -1
        static let excluded: Int16 = -2
        /// Below a path that is mapped as a whole.
        static let covered: Int16 = -3
    }

    struct Node {
        var parent: Index
        var depth: Int32
        var name: Range<Int>
        /// The names from the record down, joined by dots.
        var path: Range<Int>
        /// The name expected after this one, and the first below it.
        var next: Index = -1
        var first: Index = -1
        /// The line in which it was seen last.
        var line: Int64 = 0
        /// Which of the paths that decide about a line it is, -1 for none.
        var probe: Int16
        /// True if a dataset takes the value as a whole, whatever it is.
        var isTaken: Bool
        /// True if a path of the configuration goes through it.
        var isConfigured: Bool
    }

    private(set) var nodes: [Node] = []
    private(set) var bytes: [UInt8] = []
    /// Roles, one for each dataset, of each node.
    private(set) var roles: [Int16] = []
    private var table: [Index] = []
    private let seed = UInt64.random(in: .min ... .max)
    private let datasets: Int
    private let rules: Rules
    private var baseNodes = 0
    /// How often all nodes were made anew: indices are good for one generation.
    private(set) var generation = 0

    /// What the configuration says about paths.
    struct Rules {
        /// By path: the field's slot in each dataset, or a ``Role``.
        var roles: [[UInt8]: [Int16]] = [:]
        /// By path: which probe it is.
        var probes: [[UInt8]: Int16] = [:]
    }

    init(rules: Rules, datasets: Int) {
        self.rules = rules
        self.datasets = datasets
        reset()
    }

    private mutating func reset() {
        generation += 1
        nodes.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        roles.removeAll(keepingCapacity: true)
        table = [Index](repeating: -1, count: 256)
        nodes.append(
            Node(parent: -1, depth: 0, name: 0..<0, path: 0..<0, probe: -1, isTaken: false, isConfigured: true))
        roles.append(contentsOf: repeatElement(Role.unmapped, count: datasets))
        let paths = Set(rules.roles.keys).union(rules.probes.keys).sorted { $0.lexicographicallyPrecedes($1) }
        for path in paths {
            var node: Index = 0
            for name in path.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
                node = find(Array(name).span, below: node)
                nodes[Int(node)].isConfigured = true
            }
        }
        baseNodes = nodes.count
    }

    /// Forgets all names that are not in the configuration, if they have become many. Not within a line.
    mutating func trim() {
        if nodes.count > baseNodes + 4096 || bytes.count > 1 << 20 { reset() }
    }

    /// The node of a name below another, made if it is new.
    @inline(__always)
    mutating func find(_ name: Span<UInt8>, below parent: Index, after previous: Index) -> Index {
        let expected = previous < 0 ? nodes[Int(parent)].first : nodes[Int(previous)].next
        if expected >= 0, isNamed(expected, name) { return expected }
        let found = find(name, below: parent)
        if previous < 0 { nodes[Int(parent)].first = found } else { nodes[Int(previous)].next = found }
        return found
    }

    @inline(__always)
    private func isNamed(_ index: Index, _ name: Span<UInt8>) -> Bool {
        let range = nodes[Int(index)].name
        if range.count != name.count { return false }
        return bytes.withUnsafeBytes { own in
            name.withUnsafeBytes { other in
                guard let left = own.baseAddress, let right = other.baseAddress else { return true }
                return isEqual(left + range.lowerBound, right, range.count)
            }
        }
    }

    private func hash(_ name: Span<UInt8>, below parent: Index) -> UInt64 {
        var hash = seed ^ UInt64(truncatingIfNeeded: parent)
        name.withUnsafeBytes { bytes in
            var index = 0
            while index < bytes.count {
                var word: UInt64 = 0
                if index + 8 <= bytes.count {
                    word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                } else {
                    for place in index..<bytes.count { word = word << 8 | UInt64(bytes[place]) }
                }
                let product = (hash ^ word).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
                hash = product.high ^ product.low ^ UInt64(bytes.count)
                index += 8
            }
        }
        return hash
    }

    private mutating func find(_ name: Span<UInt8>, below parent: Index) -> Index {
        var place = Int(truncatingIfNeeded: hash(name, below: parent)) & (table.count - 1)
        while table[place] >= 0 {
            let index = table[place]
            if nodes[Int(index)].parent == parent, isNamed(index, name) { return index }
            place = (place + 1) & (table.count - 1)
        }
        return insert(name, below: parent, at: place)
    }

    private mutating func insert(_ name: Span<UInt8>, below parent: Index, at place: Int) -> Index {
        let outer = nodes[Int(parent)]
        let start = bytes.count
        if parent != 0 {
            bytes.append(contentsOf: bytes[outer.path])
            bytes.append(UInt8(ascii: "."))
        }
        let nameStart = bytes.count
        bytes.append(name)
        let path = start..<bytes.count
        let key = Array(bytes[path])
        var own = rules.roles[key] ?? [Int16](repeating: Role.unmapped, count: datasets)
        var isTaken = false
        for dataset in 0..<datasets {
            let above = roles[Int(parent) * datasets + dataset]
            if own[dataset] == Role.unmapped, above != Role.unmapped {
                own[dataset] = above == Role.excluded ? Role.excluded : Role.covered
            }
            if own[dataset] >= 0 { isTaken = true }
        }
        let index = Index(nodes.count)
        nodes.append(
            Node(
                parent: parent, depth: outer.depth + 1, name: nameStart..<bytes.count, path: path,
                probe: rules.probes[key] ?? -1, isTaken: isTaken, isConfigured: false))
        roles.append(contentsOf: own)
        table[place] = index
        if nodes.count * 2 > table.count { grow() }
        return index
    }

    private mutating func grow() {
        table = [Index](repeating: -1, count: table.count * 4)
        for index in nodes.indices.dropFirst() {
            let node = nodes[index]
            let hash = hash(bytes.span.extracting(node.name), below: node.parent)
            var place = Int(truncatingIfNeeded: hash) & (table.count - 1)
            while table[place] >= 0 { place = (place + 1) & (table.count - 1) }
            table[place] = Index(index)
        }
    }

    /// True if an object at this path is looked into, name by name. Deep or very long paths, which only hostile lines
    /// have, are carried as they are: the names of all that is in them would be many times as large as the line.
    @inline(__always)
    func isDescended(_ index: Index) -> Bool {
        let node = nodes[Int(index)]
        return node.isConfigured || (node.depth < 16 && node.path.count <= 256)
    }

    /// The names from the record down to a node, joined by dots.
    func path(_ index: Index) -> [UInt8] { Array(bytes[nodes[Int(index)].path]) }

    /// Notes that a path was seen in a line; false if it had been before.
    @inline(__always)
    mutating func mark(_ index: Index, line: Int64) -> Bool {
        if nodes[Int(index)].line == line { return false }
        nodes[Int(index)].line = line
        return true
    }
}

/// Compares bytes, eight at a time; the last words overlap, so that short names need no loop.
@inline(__always)
func isEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
    @inline(__always) func same<Word: FixedWidthInteger>(_ type: Word.Type, _ offset: Int) -> Bool {
        left.loadUnaligned(fromByteOffset: offset, as: type) == right.loadUnaligned(fromByteOffset: offset, as: type)
    }
    if count >= 8 {
        var index = 0
        while index &+ 8 < count {
            if !same(UInt64.self, index) { return false }
            index &+= 8
        }
        return same(UInt64.self, count &- 8)
    }
    if count >= 4 { return same(UInt32.self, 0) && same(UInt32.self, count &- 4) }
    if count >= 2 { return same(UInt16.self, 0) && same(UInt16.self, count &- 2) }
    return count == 0 || same(UInt8.self, 0)
}
