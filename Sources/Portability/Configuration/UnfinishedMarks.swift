import PortabilityModel

extension YAMLValue {
    /// What stands where somebody has to decide, in what this program writes for others to fill in.
    static let unfinishedMark = "TODO"

    /// Refuses a file in which something is left to be decided, naming the first place and what may stand there.
    ///
    /// - Throws: `configuration`.
    func refuseUnfinished() throws { try refuseUnfinished(node, path: [], keys: []) }

    private func refuseUnfinished(_ node: DocumentNode, path: [String], keys: [String]) throws {
        switch node.content {
        case .scalar(let text):
            guard node.style == .plain, text == Self.unfinishedMark else { return }
            throw PortabilityError(
                .configuration, "`\(Self.unfinishedMark)` is left where something has to be decided",
                remedy: Self.remedy(keys),
                at: .init(
                    file: file, line: Int64(node.mark.line), column: node.mark.column,
                    field: path.isEmpty ? nil : path.joined()))
        case .list(let values):
            for (index, value) in values.enumerated() {
                try refuseUnfinished(value, path: path + ["[\(index)]"], keys: keys)
            }
        case .mapping(let members):
            for member in members {
                try refuseUnfinished(
                    member.value, path: path + [path.isEmpty ? member.key : ".\(member.key)"], keys: keys + [member.key]
                )
            }
        }
    }

    /// What to write under a path of keys.
    private static func remedy(_ keys: [String]) -> String {
        func oneOf(_ values: [String]) -> String { "Write one of: \(values.joined(separator: ", "))" }
        return switch keys.last {
        case "ground": oneOf(SourceReader.grounds.map(\.rawValue))
        case "category": oneOf(Category.allCases.map(\.rawValue))
        case "origin":
            "Write { provided: subject } (or "
                + Origin.Provider.allCases.map(\.rawValue).filter { $0 != "subject" }.joined(separator: ", ") + "), "
                + Origin.Kind.allCases.map(\.rawValue).filter { $0 != "provided" }.joined(separator: ", ")
        case "provided": oneOf(Origin.Provider.allCases.map(\.rawValue))
        case "role":
            "Write controller if you decide what the data are for, processor if you hold them for somebody who does"
        case "purposes": "Write ids from `purposes`: what the data are for"
        case "basis": oneOf(LegalBasis.allCases.map(\.rawValue))
        case "subject": "Write the kind of identifier, from `identifiers`, that the query selects by"
        case "query": "Write a SELECT with record_id, subject and the columns, and the person by :identifier"
        case "entity": "Write the name of an entity of the catalogue (see `portability schema`)"
        case "country": "Write the two capital letters of ISO 3166-1"
        case "date": "Write the day as YYYY-MM-DD"
        case "time_zone": "Write a zone of the IANA database, as Europe/Helsinki"
        case "business_id": "Write the number that the organisation has in the business register"
        case "fi": "Write the text in Finnish"
        case "sv": "Write the text in Swedish"
        case "en": "Write the text in English"
        case let key? where keys.count == 2 && ["controller", "policy", "authority"].contains(keys[0]):
            "Write the \(keys[0])'s \(key)"
        default: "Write what belongs there"
        }
    }
}
