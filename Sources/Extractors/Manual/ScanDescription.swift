import PortabilityModel
import PortabilityText

/// What somebody wrote of a scan: `NAME.yaml` beside `NAME.pdf`.
struct ScanDescription {
    /// The identifier of the person whom it belongs to.
    var about: String
    var kind: String
    /// True if it shows other people too.
    var showsOthers: Bool
    /// Values of the record by field, in the canonical spelling, without those that are not told.
    var values: [(field: String, kind: ValueKind, text: String)] = []

    /// The keys, and the fields of a `document` that they fill.
    static let keys: [(key: String, field: String?)] = [
        ("about", nil), ("kind", "kind"), ("title", "title"), ("date", "dated_on"), ("place", "kept_in"),
        ("provided_by", "provided_by"), ("language", "language"), ("pages", "pages"), ("description", "description"),
        ("others", "shows_others"),
    ]

    /// Reads a description.
    ///
    /// - Parameter document: The entity, whose lists of words hold here.
    init(_ bytes: [UInt8], document: Entity) throws(HandWrittenFault) {
        let file = try HandWrittenFile(bytes, keys: Self.keys.map(\.key))
        func words(_ name: String) -> [String] {
            document.fields.first { $0.name == name }?.codes.map(\.value) ?? []
        }
        about = try file.required("about")
        kind = try file.word("kind", of: words("kind"))
        showsOthers = try file.word("others", of: ["none", "present"]) == "present"
        values.append(("kind", .string, kind))
        values.append(("title", .string, try file.required("title")))
        values.append(("shows_others", .boolean, showsOthers ? "true" : "false"))
        if file["date"] != nil { values.append(("dated_on", .date, try Self.date(file))) }
        if let place = file["place"] { values.append(("kept_in", .string, place)) }
        if file["provided_by"] != nil {
            values.append(("provided_by", .string, try file.word("provided_by", of: words("provided_by"))))
        }
        if let language = file["language"] {
            let isTag =
                (2...35).contains(language.utf8.count)
                && language.utf8.allSatisfy {
                    (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 45
                }
            guard isTag else { throw file.fault("has no language tag, such as fi or sv", "language") }
            values.append(("language", .string, language))
        }
        if let pages = file["pages"] {
            guard let count = Int(pages), (1...100_000).contains(count) else {
                throw file.fault("has no number of pages from 1 to 100000", "pages")
            }
            values.append(("pages", .integer, String(count)))
        }
        if let text = file["description"] { values.append(("description", .string, text)) }
    }

    /// The value of `date`, as `YYYY-MM-DD`.
    static func date(_ file: HandWrittenFile) throws(HandWrittenFault) -> String {
        let bytes = Array(try file.required("date").utf8)
        var canonical: [UInt8] = []
        guard bytes.count == 10, Canonical.append(.date, from: bytes.span, into: &canonical), canonical == bytes else {
            throw file.fault("has no date of the form YYYY-MM-DD", "date")
        }
        return String(decoding: canonical, as: UTF8.self)
    }
}

extension Attestation {
    /// Reads an attestation, and whose papers were searched for.
    static func read(_ bytes: [UInt8]) throws(HandWrittenFault) -> (about: String, attestation: Attestation) {
        let file = try HandWrittenFile(
            bytes, keys: ["about", "places", "role", "date", "result"], lists: ["places"])
        let result = try file.word("result", of: Attestation.Result.allCases.map(\.rawValue))
        return (
            try file.required("about"),
            Attestation(
                places: try file.list("places"), role: try file.required("role"),
                date: try ScanDescription.date(file),
                result: Attestation.Result(rawValue: result) ?? .found)
        )
    }
}
