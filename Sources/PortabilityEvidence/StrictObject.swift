import PortabilityModel
import PortabilityText

/// A count that any JSON reader keeps exact, so small that sums of a few cannot overflow.
func isCount(_ number: Int64) -> Bool { (0...(1 << 53)).contains(number) }

/// A JSON object from which every member is taken by name, and that refuses what is missing, twice or not known.
struct StrictObject {
    private var members: [String: JSONValue] = [:]
    /// Where it stands, for errors.
    private let path: String

    init(_ value: JSONValue, _ path: String = "") throws {
        guard let list = value.members else { throw Self.error("it is not an object", path) }
        self.path = path
        for (key, value) in list where members.updateValue(value, forKey: key) != nil {
            // The key is a stranger's text, and therefore not repeated here.
            throw Self.error("a member stands twice", path)
        }
    }

    private static func error(_ message: String, _ field: String) -> PortabilityError {
        PortabilityError(.malformed, message, at: .init(field: field.isEmpty ? nil : field))
    }

    private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func has(_ key: String) -> Bool { members[key] != nil }

    /// The error of a member whose value does not fit.
    func misfit(_ key: String) -> PortabilityError { Self.error("the value is not one that may stand here", name(key)) }

    mutating func optional(_ key: String) -> JSONValue? { members.removeValue(forKey: key) }

    mutating func value(_ key: String) throws -> JSONValue {
        guard let value = optional(key) else { throw Self.error("a member is missing", name(key)) }
        return value
    }

    mutating func string(_ key: String) throws -> String {
        guard let text = try value(key).string else { throw misfit(key) }
        return text
    }

    mutating func optionalString(_ key: String) throws -> String? { has(key) ? try string(key) : nil }

    mutating func count(_ key: String) throws -> Int64 {
        guard let number = try value(key).integer, isCount(number) else { throw misfit(key) }
        return number
    }

    mutating func choice<Choice: RawRepresentable<String>>(_ key: String, _: Choice.Type = Choice.self) throws -> Choice
    {
        guard let choice = Choice(rawValue: try string(key)) else { throw misfit(key) }
        return choice
    }

    mutating func flag(_ key: String) throws -> Bool {
        guard let flag = try value(key).boolean else { throw misfit(key) }
        return flag
    }

    mutating func object(_ key: String) throws -> StrictObject { try StrictObject(try value(key), name(key)) }

    mutating func optionalObject(_ key: String) throws -> StrictObject? { has(key) ? try object(key) : nil }

    mutating func list<Element>(
        _ key: String, _ read: (inout StrictObject) throws -> Element
    ) throws -> [Element] {
        guard let values = try value(key).array else { throw misfit(key) }
        return try values.enumerated().map { index, value in
            var object = try StrictObject(value, "\(name(key))[\(index + 1)]")
            let element = try read(&object)
            try object.finish()
            return element
        }
    }

    /// The members in the order they stand in `names`; no others may be there.
    mutating func counts<Choice: RawRepresentable<String> & Hashable>(
        _ key: String, _: Choice.Type = Choice.self
    ) throws -> [(Choice, Int64)] {
        guard let list = try value(key).members else { throw misfit(key) }
        var seen: Set<Choice> = []
        return try list.map { word, value in
            guard let choice = Choice(rawValue: word), let count = value.integer, isCount(count),
                seen.insert(choice).inserted
            else { throw misfit(key) }
            return (choice, count)
        }
    }

    /// Refuses members that no one has taken.
    func finish() throws {
        if !members.isEmpty { throw Self.error("there is a member that the format does not know", path) }
    }
}
