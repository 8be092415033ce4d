/// Whether a YAML text may use an anchor by an alias: something that stands where an anchor can (`&name`), and something
/// that stands where an alias can (`*name`).
///
/// A few hundred bytes of aliases within aliases stand for more than any computer holds, and a parser that compares keys
/// walks all of it. So this is asked before a text is parsed. It looks at bytes, not at grammar: a text that says both in
/// plain words is taken for one that does. O(bytes).
package func mayUseAliases(_ text: String) -> Bool {
    var (hasAnchor, hasAlias) = (false, false)
    var before = UInt8(ascii: "\n")
    var mark: UInt8 = 0
    for byte in text.utf8 {
        let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
        if mark != 0, !isSpace, !",[]{}".utf8.contains(byte) {
            if mark == UInt8(ascii: "&") { hasAnchor = true } else { hasAlias = true }
        }
        let begins = before == 0x20 || (0x09...0x0D).contains(before) || "[{,:?-".utf8.contains(before)
        mark = begins && (byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*")) ? byte : 0
        before = byte
        if hasAnchor, hasAlias { return true }
    }
    return false
}
