import CTextScan
import PortabilityModel

/// What a ``LineSieve`` looks for. Made once, read by all threads.
struct SieveQuestion: Sendable {
    /// One identifier of the configuration.
    struct Identifier: Sendable {
        /// Where the identifier stands in a line, names joined by dots.
        var path: [UInt8]
        /// The values wanted, as ``LineReader`` compares them: without escapes, numbers and booleans as they stand.
        var values: [[UInt8]]
        /// True if an object or array in its place is a finding of everybody.
        var isUnique: Bool
    }

    /// A name of members, at any depth, that are looked at.
    struct Member: Sendable, Hashable {
        var name: [UInt8]
        var isUnique: Bool
    }

    /// Bytes a line may have; a longer one is a finding of everybody.
    let lineLimit: Int
    let depthLimit: Int
    let tokenLimit: Int
    let members: [Member]
    let tables: SieveTables

    init(identifiers: [Identifier], lineLimit: Int, depthLimit: Int, tokenLimit: Int = 1 << 20) {
        self.lineLimit = lineLimit
        self.depthLimit = depthLimit
        self.tokenLimit = tokenLimit
        var wanted: [[UInt8]: (isUnique: Bool, values: Set<[UInt8]>)] = [:]
        for identifier in identifiers {
            // A name may hold dots itself: what the path ends with, from any of its names on.
            let dots = identifier.path.indices.filter { identifier.path[$0] == UInt8(ascii: ".") }
            for start in [0] + dots.map({ $0 + 1 }) {
                var member = wanted[Array(identifier.path[start...])] ?? (false, [])
                member.isUnique = member.isUnique || identifier.isUnique
                member.values.formUnion(identifier.values)
                wanted[Array(identifier.path[start...])] = member
            }
        }
        let members = wanted.filter { !$0.key.isEmpty }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        self.members = members.map { Member(name: $0.key, isUnique: $0.value.isUnique) }
        tables = SieveTables(self.members, values: members.map { Array($0.value.values) }, lineLimit: lineLimit)
    }

    /// The question of the lines that matter to any of some subjects.
    ///
    /// - Parameter values: The values wanted, by match of the plan.
    init(_ plan: Plan, values: [[[UInt8]]], limits: SourceLimits) {
        self.init(
            identifiers: zip(plan.matches, values).map { match, values in
                Identifier(path: plan.probes[match.probe], values: values, isUnique: match.isUnique)
            },
            lineLimit: limits.lineBytes, depthLimit: limits.depth)
    }

    /// The member of a name; nil if it is not looked at.
    func member(_ name: Span<UInt8>) -> Int? {
        members.firstIndex { member in
            let span = member.name.span
            return span.count == name.count && span.indices.allSatisfy { span[$0] == name[$0] }
        }
    }
}

/// The names and values that are looked for, where the loops over text can read them.
///
/// Unsafe: pointers that live as long as this, and that nobody writes to after it is made.
final class SieveTables: @unchecked Sendable {
    let question: UnsafeMutablePointer<text_question>
    private let members: UnsafeMutableBufferPointer<text_member>
    private let slots: UnsafeMutableBufferPointer<text_value>
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    /// - Parameter values: By member.
    init(_ looked: [SieveQuestion.Member], values: [[[UInt8]]], lineLimit: Int) {
        let values = values.map { $0.filter { !$0.isEmpty } }
        let count = values.reduce(0) { $0 + $1.count }
        let size = values.joined().reduce(0) { $0 + $1.count } + looked.reduce(0) { $0 + $1.name.count }
        precondition(size < UInt32.max, "4 GiB of identifiers")
        bytes = .allocate(capacity: size)
        members = .allocate(capacity: looked.count)
        // At most a quarter is taken, so that what is not wanted is seldom compared with anything.
        var slotCount = 4
        while slotCount < 4 * count { slotCount *= 2 }
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: text_value(hash: 0, start: 0, count: 0))
        question = .allocate(capacity: 1)
        question.initialize(
            to: text_question(
                members: members.baseAddress, member_count: looked.count, bytes: bytes.baseAddress,
                slots: slots.baseAddress, slot_mask: UInt64(slotCount - 1),
                seed: .random(in: .min ... .max), line_limit: lineLimit,
                // RFC 8259, 7: the characters that have escapes other than by their number.
                names_need_escapes: looked.contains { member in
                    member.name.contains { $0 < 0x20 || [0x22, 0x2f, 0x5c].contains($0) }
                }))
        var used = 0
        for (index, member) in looked.enumerated() {
            members.initializeElement(
                at: index,
                to: text_member(
                    name: bytes.baseAddress! + used, count: member.name.count, last: member.name[member.name.count - 1],
                    distance: UInt8(min(member.name.count + 1, 63)), structures: member.isUnique,
                    any_distance: member.name.count + 1 > 63 ? .max : 0))
            used = append(member.name, at: used)
            for value in values[index] {
                let start = used
                used = append(value, at: used)
                text_question_add(question, index, UInt32(start), UInt32(value.count))
            }
        }
    }

    private func append(_ text: [UInt8], at start: Int) -> Int {
        for (index, byte) in text.enumerated() { bytes.initializeElement(at: start + index, to: byte) }
        return start + text.count
    }

    deinit {
        question.deallocate()
        slots.deallocate()
        members.deallocate()
        bytes.deallocate()
    }

    /// True if a value of a member is wanted.
    func wants(_ value: Span<UInt8>, member: Int) -> Bool {
        value.withUnsafeBufferPointer { value in
            guard let base = value.baseAddress, !value.isEmpty else { return false }
            return text_question_wants(question, member, base, value.count)
        }
    }
}
