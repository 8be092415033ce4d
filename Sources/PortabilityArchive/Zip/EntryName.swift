import PortabilityModel

/// The rules for the names of an archive's entries.
///
/// A name we write is relative, made of `[A-Za-z0-9._-]` with `/` between its parts, has no `.` or `..` part, no part
/// that Windows reserves (`CON`, `NUL.txt`) or that ends in a dot, and is not longer than ``lengthLimit``. Names in one
/// archive differ in more than upper and lower case, and no name is the folder of another. So an archive unpacks to
/// the same files on every system.
public enum EntryName {
    /// The longest name, in bytes.
    public static let lengthLimit = 240

    /// Checks a name that is to be written.
    ///
    /// - Throws: ``PortabilityError`` with code `output`.
    public static func check(_ name: String) throws {
        if let problem = problem(with: name) {
            throw PortabilityError(
                .output, "an entry cannot have this name: \(problem)",
                remedy: "Use letters a to z, digits, dot, hyphen and underscore",
                at: PortabilityError.Place(file: printable(Array(name.utf8))))
        }
    }

    /// What breaks the rules in a name that is to be written; nil if nothing.
    static func problem(with name: String) -> String? {
        if !name.utf8.allSatisfy(isPlain) { return "it has characters other than A-Z a-z 0-9 . _ - /" }
        if name.utf8.count > lengthLimit { return "it is longer than \(lengthLimit) bytes" }
        return problem(withPartsOf: Array(name.utf8))
    }

    /// What makes a name found in an archive dangerous on some system; nil if nothing. A folder's name is given
    /// without the slash at its end.
    static func problem(withForeign name: [UInt8], lengthLimit: Int) -> String? {
        if name.count > lengthLimit { return "it is longer than \(lengthLimit) bytes" }
        for byte in name {
            if byte < 0x20 || byte == 0x7F { return "it has a control character" }
            if byte == UInt8(ascii: "\\") { return "it has a backslash" }
            if isReservedByWindows(byte) { return "it has a character that Windows reserves" }
        }
        return problem(withPartsOf: name)
    }

    /// The text with everything that is not plain ASCII replaced by `?`, and cut to a readable length: fit for messages.
    static func printable(_ name: [UInt8]) -> String {
        let shown = name.prefix(80).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: shown, as: UTF8.self) + (name.count > 80 ? "..." : "")
    }

    private static func isReservedByWindows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "|"),
            UInt8(ascii: "?"), UInt8(ascii: "*"):
            true
        default: false
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "/"):
            true
        default: false
        }
    }

    private static func problem(withPartsOf name: [UInt8]) -> String? {
        if name.isEmpty { return "it is empty" }
        if name.first == UInt8(ascii: "/") { return "it is an absolute path" }
        for part in name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if part.isEmpty { return "it has an empty part" }
            if part.elementsEqual("..".utf8) { return "it leads out of the folder" }
            if part.elementsEqual(".".utf8) { return "it has a part that is a dot" }
            if part.last == UInt8(ascii: ".") || part.last == UInt8(ascii: " ") {
                return "a part ends in a dot or space"
            }
            if isReservedByWindows(part) { return "Windows reserves a part of it" }
        }
        return nil
    }

    private static func isReservedByWindows(_ part: ArraySlice<UInt8>) -> Bool {
        var stem = part.prefix { $0 != UInt8(ascii: ".") }
        while stem.last == UInt8(ascii: " ") { stem = stem.dropLast() }
        let upper = stem.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 32 : $0 }
        switch String(decoding: upper, as: UTF8.self) {
        case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$": return true
        default:
            guard upper.starts(with: "COM".utf8) || upper.starts(with: "LPT".utf8) else { return false }
            // Windows takes the superscript digits of Latin-1 for digits.
            return ["¹", "²", "³"].contains { upper.dropFirst(3).elementsEqual($0.utf8) }
                || upper.count == 4 && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(upper[3])
        }
    }
}

/// The names of one archive, to see that no two of them meet on a system that ignores case or Unicode normal forms.
struct EntryNames {
    /// Why a name cannot be in the archive together with those before it.
    enum Clash: Equatable {
        case duplicate
        case equalButForCaseOrForm
        case fileAndFolder
    }

    // Keys are folded; String compares by canonical equivalence, so composed and decomposed forms are equal.
    private var names: [String: (spelling: String, isFolder: Bool)] = [:]
    private var folders: [String: String] = [:]

    /// Adds a name, a folder's without the slash at its end.
    mutating func insert(_ name: String, isFolder: Bool = false) -> Clash? {
        let key = Self.folded(name)
        if let other = names[key] {
            if other.isFolder != isFolder { return .fileAndFolder }
            return other.spelling.utf8.elementsEqual(name.utf8) ? .duplicate : .equalButForCaseOrForm
        }
        if let other = folders[key] {
            if !isFolder { return .fileAndFolder }
            if !other.utf8.elementsEqual(name.utf8) { return .equalButForCaseOrForm }
        }
        var folder = ""
        var spelling = ""
        for (part, spelled) in zip(key.split(separator: "/").dropLast(), name.split(separator: "/")) {
            folder += folder.isEmpty ? part : "/" + part
            spelling += spelling.isEmpty ? spelled : "/" + spelled
            if let other = names[folder], !other.isFolder { return .fileAndFolder }
            let other = folders[folder] ?? names[folder]?.spelling ?? spelling
            if !other.utf8.elementsEqual(spelling.utf8) { return .equalButForCaseOrForm }
            folders[folder] = spelling
        }
        names[key] = (name, isFolder)
        return nil
    }

    /// Equal for names that some system takes for one. Upper case first, so that also letters meet that have no
    /// lower-case form in common: long s and s, the two sigmas, sharp s and ss.
    private static func folded(_ name: String) -> String { name.uppercased().lowercased() }
}
