public import PortabilityModel
public import PortabilityText

/// A message authentication code (HMAC-SHA-256, RFC 2104) under a key that the caller holds.
public typealias KeyedDigest = @Sendable (_ message: Span<UInt8>) -> [UInt8]

/// What stands for names: role labels with a number for staff, pseudonyms for everybody else.
///
/// Both come from a key that is derived for one archive (RFC 5869: the organisation's secret, the request's id, the
/// creation time): the same person is the same label throughout an archive and in a repetition of the same run, and
/// nothing links the labels of two archives.
public struct Labels: Sendable, CustomReflectable {
    /// Labels by name and by id.
    private var labels: [[UInt8]: [UInt8]] = [:]
    /// Labels in the order of ``names``' entries.
    private var byEntry: [[UInt8]] = []
    /// The names, to be found in text.
    public private(set) var names: NameSet
    private let key: KeyedDigest?

    /// No staff, and no key: nothing can be labelled.
    public init() {
        names = NameSet([])
        key = nil
    }

    /// Numbers the staff. O(n log n).
    ///
    /// The numbers within a role follow the keyed digests of the names, so that they say nothing about the order of any
    /// list.
    public init(staff: [StaffMember], key: KeyedDigest?) {
        self.key = key
        guard let key else {
            names = NameSet([])
            return
        }
        let unique = Dictionary(staff.map { ($0.name, $0) }) { first, _ in first }.values
        let sorted = unique.map { (member: $0, mark: key(Array($0.name.utf8).span)) }
            .sorted { $0.mark.lexicographicallyPrecedes($1.mark) }
        var numbers: [String: Int] = [:]
        var listed: [String] = []
        for (member, _) in sorted {
            numbers[member.role, default: 0] += 1
            let label = Array("\(member.role) \(numbers[member.role] ?? 1)".utf8)
            labels[Array(member.name.utf8)] = label
            listed.append(member.name)
            byEntry.append(label)
        }
        for member in staff {
            if let id = member.id, let label = labels[Array(member.name.utf8)] { labels[Array(id.utf8)] = label }
        }
        names = NameSet(listed)
    }

    /// Whether anything can be labelled at all.
    public var canLabel: Bool { key != nil }

    /// Appends what stands for a value.
    func append(for value: Span<UInt8>, into out: inout [UInt8]) {
        let bytes = value.withUnsafeBufferPointer { Array($0) }
        if let label = labels[bytes] {
            out += label
        } else if let key {
            appendPseudonym(key(value), into: &out)
        }
    }

    /// Appends what stands for a name found in text.
    func append(entry: Int, into out: inout [UInt8]) {
        if byEntry.indices.contains(entry) { out += byEntry[entry] }
    }

    /// `person-` and eight of thirty-two signs: forty bits, enough to tell the people of one archive apart.
    private func appendPseudonym(_ mark: [UInt8], into out: inout [UInt8]) {
        out += Array("person-".utf8)
        let signs = Array("abcdefghjkmnpqrstuvwxyz023456789".utf8)
        for byte in mark.prefix(8) { out.append(signs[Int(byte & 31)]) }
    }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
