import Glibc
import PortabilityArchive
import PortabilityCalendar
import PortabilityCrypto
public import PortabilityModel
public import PortabilityScope
import PortabilityText

/// A list of places that somebody must look at, or looked at, before an archive goes out.
///
/// An export writes it when free text or a file may show another person's data and the configuration asks for a review;
/// a reviewer fills in the decisions; the next export takes it back. It is a JSON file, and holds personal data: the
/// texts to decide on.
public struct ReviewFile: Sendable {
    /// Who looked, when and why. Roles, not names.
    public struct Reviewer: Sendable {
        public var by: String
        /// A date or RFC 3339 time.
        public var at: String
        public var reason: String
        public var approvedBy: String?
        public var approvedAt: String?
    }

    /// The request's id: decisions hold for no other.
    public var request: String
    public var right: Right
    /// nil while nothing is decided.
    public var reviewer: Reviewer?
    public var items: [ReviewItem]
    /// Places that found no room in the list.
    public var beyond: Int64
    /// SHA-256 of the file that was read, lowercase hexadecimal.
    public var sha256: String?

    /// Places without a decision.
    public var undecided: Int { items.count { $0.decision == nil } }

    /// Reads a list with its decisions.
    ///
    /// - Throws: `configuration` with line and key, never a value; `unavailable`, `denied`, `limit`.
    public static func load(path: String) throws -> ReviewFile {
        let bytes = try readFile(path, limit: 256 << 20)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PortabilityError(
                .configuration, "the file is not valid UTF-8", remedy: "Save it as UTF-8", at: .init(file: path))
        }
        var file = try read(YAMLValue.read(text, file: path, limit: 256 << 20, hidesKeys: true), folder: folderOf(path))
        file.sha256 = hexadecimal(SHA256Digest.of(bytes))
        return file
    }

    private static func read(_ root: YAMLValue, folder: String) throws -> ReviewFile {
        let map = try root.mapping(["portability_review", "request", "right", "reviewed", "beyond", "items"])
        let version = try map.required("portability_review")
        guard try version.text() == "1" else {
            throw version.error("this version of a review list is not known", remedy: "This build reads version 1")
        }
        let items = try map.required("items").list().map { try readItem($0, folder: folder) }
        var reviewer: Reviewer?
        if items.contains(where: { $0.decision != nil }) {
            let reviewed = try map.required("reviewed").mapping(["by", "at", "reason", "approved_by", "approved_at"])
            reviewer = Reviewer(
                by: try role(reviewed.required("by")), at: try moment(reviewed.required("at")),
                reason: try sentence(reviewed.required("reason")),
                approvedBy: try reviewed["approved_by"].flatMap { $0.isNull ? nil : try role($0) },
                approvedAt: try reviewed["approved_at"].flatMap { $0.isNull ? nil : try moment($0) })
            if (reviewer?.approvedBy == nil) != (reviewer?.approvedAt == nil) {
                throw map.own.error(
                    "an approval says by which role and when", remedy: "Give both `approved_by` and `approved_at`")
            }
            if let reviewer, reviewer.by == reviewer.approvedBy {
                throw map.own.error(
                    "the second approver has the reviewer's role", remedy: "Let somebody of another role approve")
            }
        }
        return ReviewFile(
            request: try map.required("request").text(), right: try map.required("right").choice(Right.self),
            reviewer: reviewer, items: items, beyond: Int64(try map["beyond"]?.integer(0...Int.max) ?? 0))
    }

    private static func readItem(_ value: YAMLValue, folder: String) throws -> ReviewItem {
        let map = try value.mapping([
            "dataset", "record_id", "field", "sha256", "hits", "text", "decision", "replacement",
        ])
        let decision = try map["decision"].flatMap {
            $0.isNull ? nil : try $0.choice(ReviewItem.Decision.self)
        }
        let field = try map.required("field").text()
        let replacement = try map["replacement"].flatMap { $0.isNull ? nil : try $0.text() }
        let isDocument = field == "(document)"
        if decision == .replace, replacement == nil || !isDocument {
            throw value.error(
                isDocument ? "the redacted file is not named" : "only a file can be replaced",
                remedy: isDocument ? "Add `replacement:` with its path" : "Decide keep, mask or withhold")
        }
        if decision == .mask, isDocument {
            throw value.error("a file cannot be masked", remedy: "Decide keep, withhold or replace")
        }
        return ReviewItem(
            key: .init(
                dataset: try map.required("dataset").text(), recordID: try map.required("record_id").text(),
                field: field, digest: try map.required("sha256").text()),
            hits: [], excerpt: "", decision: decision, replacement: replacement.map { joinPath(folder, $0) })
    }

    /// A role, in the words that a receipt and a journal take.
    private static func role(_ value: YAMLValue) throws -> String {
        let text = try value.text()
        guard (1...40).contains(text.utf8.count),
            text.utf8.allSatisfy({ ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 45 })
        else { throw value.error("a role is written with a-z, 0-9 and -", remedy: "Write privacy-officer, no name") }
        return text
    }

    private static func moment(_ value: YAMLValue) throws -> String {
        let text = try value.text()
        guard (try? Moment(text)) != nil else {
            throw value.error(
                "this is neither a date nor a time with its offset",
                remedy: "Write 2026-11-02 or 2026-11-02T09:14:00+02:00")
        }
        return text
    }

    private static func sentence(_ value: YAMLValue) throws -> String {
        let text = try value.text()
        guard (1...500).contains(text.utf8.count) else {
            throw value.error("the reason is empty or longer than 500 bytes", remedy: "Say why in a sentence")
        }
        return text
    }

    /// Writes a list, mode 0600, under a name that is free: what somebody decided in an earlier list is not lost to a
    /// run that was not told of it.
    ///
    /// - Returns: its path.
    /// - Throws: `output`.
    func write(near path: String) throws -> String {
        let ending = ".review.json"
        let stem = path.hasSuffix(ending) ? String(path.dropLast(ending.count)) : path
        for number in 1...1000 {
            let name = number == 1 ? path : "\(stem)-\(number)\(ending)"
            if access(name, F_OK) == 0 { continue }
            let file = try OutputFile(path: name)
            try file.write(document().span)
            try file.commit()
            return name
        }
        throw PortabilityError(
            .output, "there are a thousand review lists of that name", remedy: "Remove those that are done",
            at: .init(file: path))
    }

    private func document() -> [UInt8] {
        JSONValue.members([
            "portability_review": .integer(1), "request": .string(request), "right": .string(right.rawValue),
            "reviewed": .members([
                "by": .string(reviewer?.by ?? ""), "at": .string(reviewer?.at ?? ""),
                "reason": .string(reviewer?.reason ?? ""),
                "approved_by": reviewer?.approvedBy.map(JSONValue.string) ?? .null,
                "approved_at": reviewer?.approvedAt.map(JSONValue.string) ?? .null,
            ]),
            "beyond": .integer(beyond),
            "items": .array(
                items.map { item in
                    .members([
                        "dataset": .string(item.key.dataset), "record_id": .string(item.key.recordID),
                        "field": .string(item.key.field), "sha256": .string(item.key.digest),
                        "hits": .array(
                            item.hits.map {
                                .members([
                                    "kind": .string($0.kind.name), "begin": .integer($0.range.lowerBound),
                                    "end": .integer($0.range.upperBound),
                                ])
                            }),
                        "text": .string(item.excerpt), "decision": item.decision.map { .string($0.rawValue) } ?? .null,
                        "replacement": item.replacement.map(JSONValue.string) ?? .null,
                    ])
                }),
        ]).formatted()
    }
}
