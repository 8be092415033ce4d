/// A list of patterns of OpenSSH (ssh_config(5), "PATTERNS"): commas between them, `*` for any characters, `?` for one,
/// `!` before a pattern that must not match.
public struct PatternList: Sendable, Hashable {
    /// As it is written.
    public let text: String
    private let patterns: [(isNegated: Bool, pattern: [UInt8])]

    public init(_ text: String) {
        self.text = text
        patterns = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { part in
            let isNegated = part.first == UInt8(ascii: "!")
            return (isNegated, Array(isNegated ? part.dropFirst() : part))
        }
    }

    /// Whether one of the patterns matches, and none that is negated.
    public func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var isMatched = false
        for (isNegated, pattern) in patterns where Self.matches(name, pattern) {
            if isNegated { return false }
            isMatched = true
        }
        return isMatched
    }

    /// In time that grows with the product of the lengths: after a mismatch only the last `*` takes one more.
    private static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
        var (place, at) = (0, 0)
        var retry: (place: Int, at: Int)?
        while place < name.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                at += 1
                retry = (place, at)
            } else if at < pattern.count, pattern[at] == UInt8(ascii: "?") || pattern[at] == name[place] {
                place += 1
                at += 1
            } else if let last = retry {
                retry = (last.place + 1, last.at)
                (place, at) = (last.place + 1, last.at)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    public static func == (left: PatternList, right: PatternList) -> Bool { left.text == right.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
