/// True if a name that a source chose (a column's, a field's, a folder's) may be told in a finding.
///
/// A finding must not hold a person's value, and some sources use values as names. So only names that look like a
/// programmer's are told: up to 64 letters, digits, `_`, `-` and `.`, no digit first, no more than four digits.
public func isTellable(_ name: some Collection<UInt8>) -> Bool {
    guard let first = name.first, name.count <= 64, !isDigit(first) else { return false }
    var digits = 0
    for byte in name {
        if isDigit(byte) {
            digits += 1
        } else if !(UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20) && !"_-.".utf8.contains(byte) {
            return false
        }
    }
    return digits <= 4
}

private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
