import PortabilityModel

/// The list of staff as a file: CSV (RFC 4180) in UTF-8 with the columns `name`, `role` and, if wanted, `id`,
/// `role_fi`, `role_sv` and `role_en`, in any order, named in the first line.
enum StaffFile {
    private static let columns = ["name", "role", "id"] + Language.allCases.map { "role_\($0.rawValue)" }
    private static let maximumMembers = 100_000

    /// - Throws: `configuration` with the line; never what stands there, for these are names of people.
    static func read(_ bytes: [UInt8], file: String) throws -> [StaffMember] {
        func error(_ message: String, line: Int? = nil, remedy: String? = nil) -> PortabilityError {
            PortabilityError(
                .configuration, "the list of staff: \(message)", remedy: remedy,
                at: .init(file: file, line: line.map(Int64.init)))
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...]
        guard String(validating: body, as: UTF8.self) != nil else {
            throw error("it is not valid UTF-8", remedy: "Save it as UTF-8")
        }
        var rows: [(fields: [String], line: Int)] = []
        var line = 1
        var rest = body
        while !rest.isEmpty {
            let start = line
            guard let fields = row(&rest, &line) else {
                throw error(
                    "a quote stands where none may stand, or has no end", line: start,
                    remedy: "Put a field that holds a comma, a quote or a line's end into quotes, and double its quotes"
                )
            }
            if fields != [""] { rows.append((fields, start)) }
        }
        guard let head = rows.first else { throw error("it is empty", remedy: "Begin it with the line `name,role`") }
        let names = head.fields.map { String(trimmed($0)) }
        for name in names where !columns.contains(name) {
            throw error(
                "a column is none of \(columns.map { "`\($0)`" }.joined(separator: ", "))", line: head.line,
                remedy: "Begin it with the line `name,role` or `name,role,id`, with commas")
        }
        guard Set(names).count == names.count, names.contains("name"), names.contains("role") else {
            throw error(
                "it has not one column `name` and one column `role`", line: head.line,
                remedy: "Begin it with the line `name,role`")
        }
        guard rows.count - 1 <= maximumMembers else { throw error("it has more than \(maximumMembers) members") }
        return try rows.dropFirst().map { row in
            guard row.fields.count == names.count else {
                throw error("a line has not as many fields as the first", line: row.line)
            }
            // An empty field says nothing.
            let columns = Dictionary(
                uniqueKeysWithValues: zip(names, row.fields.map { String(trimmed($0)) }).filter { !$0.1.isEmpty })
            guard let member = StaffMember(columns), member.name.utf8.count <= 200,
                ([member.role] + member.roles.values).allSatisfy({ $0.utf8.count <= 60 })
            else {
                throw error(
                    "a name or role is missing or too long", line: row.line,
                    remedy: "Names have at most 200 bytes, roles at most 60")
            }
            return member
        }
    }

    /// The fields of the row at the front, which is taken off; nil if its quotes are wrong.
    private static func row(_ rest: inout ArraySlice<UInt8>, _ line: inout Int) -> [String]? {
        var fields: [String] = []
        var field: [UInt8] = []
        var wasQuoted = false
        let quote = UInt8(ascii: "\"")
        func finish() {
            fields.append(String(decoding: field, as: UTF8.self))
            field = []
            wasQuoted = false
        }
        while let byte = rest.popFirst() {
            switch byte {
            case quote:
                guard field.isEmpty, !wasQuoted else { return nil }
                wasQuoted = true
                while true {
                    guard let inner = rest.popFirst() else { return nil }
                    if inner == quote {
                        guard rest.first == quote else { break }
                        rest.removeFirst()
                    }
                    if inner == UInt8(ascii: "\n") { line += 1 }
                    field.append(inner)
                }
            case UInt8(ascii: ","): finish()
            case UInt8(ascii: "\r") where rest.first == UInt8(ascii: "\n"): break
            case UInt8(ascii: "\n"):
                line += 1
                finish()
                return fields
            default:
                if wasQuoted { return nil }
                field.append(byte)
            }
        }
        finish()
        return fields
    }

    private static func trimmed(_ text: String) -> Substring {
        var text = text[...]
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
