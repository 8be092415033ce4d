import Glibc
public import PortabilityModel
import PortabilityText

/// Everything about one request in one folder: copies, with what each is and its digest.
///
/// The folder is readable by its owner only, and is there complete or not at all. Nothing is moved or taken away. Files
/// get names by what they are, so that the name under which someone kept a letter goes nowhere. It holds personal data
/// (the request, letters, a review): it is for the officer, and ``Purge`` removes it when its time has come.
public struct Dossier: Sendable {
    /// What a file is.
    public enum Kind: String, Sendable, CaseIterable {
        case request, plan, review, diff, receipt, letter, archive, journal

        /// For `index.txt`.
        var meaning: String {
            switch self {
            case .request: "the request as recorded"
            case .plan: "what the export would read and leave out, and why"
            case .review: "the decisions on hits in free text"
            case .diff: "what differs between two archives, and by which rule"
            case .receipt: "the receipt: proof of what was done, without personal data"
            case .letter: "a letter"
            case .archive: "the archive that was given"
            case .journal: "the journal's lines about this request"
            }
        }
    }

    public struct Item: Sendable, Hashable {
        public var kind: Kind
        public var path: String

        public init(_ kind: Kind, _ path: String) {
            self.kind = kind
            self.path = path
        }
    }

    /// One file of the written dossier, or an archive that it names.
    public struct Entry: Sendable, Hashable {
        public var kind: Kind
        /// In the folder; nil for an archive that was not copied.
        public var name: String?
        public var bytes: Int64
        public var sha256: String
    }

    /// The request's id.
    public var request: String
    /// Archives among them are named with their digests, and copied only if ``copiesArchives`` is true.
    public var items: [Item]
    public var copiesArchives: Bool
    public var journal: String?
    /// The kinds of letters that there are: one that a letter's name ends in (`….letter-delivery.txt`) stays in its
    /// name; any other word might be a person's name, and does not.
    public var letterKinds: [String]
    /// RFC 3339.
    public var created: String
    /// `portability 1.0`.
    public var tool: String

    static let formatName = "portability-dossier"

    public init(
        request: String, items: [Item], copiesArchives: Bool = false, journal: String? = nil,
        letterKinds: [String] = [], created: String, tool: String
    ) {
        self.request = request
        self.items = items
        self.copiesArchives = copiesArchives
        self.journal = journal
        self.letterKinds = letterKinds
        self.created = created
        self.tool = tool
    }

    /// The files that lie beside an archive, or beside the first of its volumes, under the names that belong to it:
    /// `<archive>.receipt.json`, and without the archive's `.zip` or `.zip.age`: `….review.json`, `….plan.json`,
    /// `….plan.txt`, `….diff.json`, `….diff.txt`, `….letter-*.txt`.
    ///
    /// - Throws: `unavailable` or `denied` if the archive's folder cannot be read.
    public static func beside(archive: String) throws -> [Item] {
        let folder = folderOf(archive)
        let name = nameOf(archive)
        let ending = name.hasSuffix(".zip.age") ? ".zip.age" : ".zip"
        let stem = name.hasSuffix(ending) ? String(name.dropLast(ending.utf8.count)) : name
        let names = try namesIn(folder)
        // The first volume stands for its set, whose receipt has the name that the archive would have had.
        let set = String(stem.dropLast(4))
        let isSet =
            stem.hasSuffix("-001") && !names.contains("\(name).receipt.json")
            && names.contains("\(set)\(ending).receipt.json")
        let whole = isSet ? set : stem
        return names.compactMap { candidate in
            let kind: Kind? =
                switch candidate {
                case isSet ? "\(set)\(ending).receipt.json" : "\(name).receipt.json": .receipt
                case "\(whole).review.json": .review
                case "\(whole).plan.json", "\(whole).plan.txt": .plan
                case "\(whole).diff.json", "\(whole).diff.txt": .diff
                case _ where candidate.hasPrefix("\(whole).letter-") && candidate.hasSuffix(".txt"): .letter
                default: nil
                }
            return kind.map { Item($0, archive.contains("/") ? join(folder, candidate) : candidate) }
        }
    }

    /// The archive whose name is the request's id, or its volumes, if they are in the folder of a file.
    public static func archive(of request: String, beside path: String) -> [String] {
        func candidate(_ name: String) -> String? {
            let candidate = path.contains("/") ? join(folderOf(path), name) : name
            return (try? InputFile(candidate)) == nil ? nil : candidate
        }
        for ending in ["zip", "zip.age"] {
            if let one = candidate("\(request).\(ending)") { return [one] }
            var volumes: [String] = []
            while let next = candidate("\(request)-\(volumeNumber(volumes.count + 1)).\(ending)") {
                volumes.append(next)
            }
            if !volumes.isEmpty { return volumes }
        }
        return []
    }

    /// As in the names of volumes: three digits, more only beyond 999.
    private static func volumeNumber(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
    }

    /// Writes the dossier.
    ///
    /// - Parameters:
    ///   - path: the folder to make.
    ///   - replace: whether a dossier that is there is replaced; nothing but a dossier ever is.
    ///   - digest: makes SHA-256 digests.
    /// - Returns: what is in it.
    /// - Throws: `verification` if a receipt was altered or is another request's, if an archive is not the one of its
    ///   receipt, if the journal is not in order, or if a copy is not what was read; `unavailable`, `denied`, `limit`;
    ///   `output` if the folder cannot be written. Then no folder is left.
    public func write(to path: String, replace: Bool = false, _ digest: @escaping DigestFactory) throws -> [Entry] {
        try require(
            EvidenceText.isID(request), "request",
            "letters, digits, point, _ and -, at most 64, and no personal data")
        guard let created = EvidenceText.time(created) else {
            throw PortabilityError(.refused, "the time is not one", at: .init(field: "created"))
        }
        var folder = try NewFolder(target: path, replace: replace) { try Self.isDossier($0) }
        do {
            var entries = try copyItems(&folder, digest)
            var head: Journal.Head?
            if let journal {
                let extract = try extract(journal, digest)
                head = extract.head
                entries.append(try folder.add("journal.jsonl", extract.bytes, .journal, digest))
            }
            _ = try folder.add("dossier.json", document(entries, head, created: created), .request, digest)
            _ = try folder.add("index.txt", index(entries, head, created: created), .request, digest)
            try folder.commit()
            return entries
        } catch {
            folder.abandon()
            throw error
        }
    }

    private func copyItems(_ folder: inout NewFolder, _ digest: @escaping DigestFactory) throws -> [Entry] {
        var archives: Set<String> = []
        var entries: [Entry] = []
        var receipts: [(path: String, receipt: Receipt)] = []
        for kind in Kind.allCases {
            let own = items.filter { $0.kind == kind }
            for (index, item) in own.enumerated() {
                let name = name(of: item, index + 1, among: own.count)
                var entry: Entry
                if kind == .archive, !copiesArchives {
                    let (bytes, sha256) = try digestOfFile(item.path, digest)
                    entry = Entry(kind: kind, name: nil, bytes: bytes, sha256: sha256)
                } else {
                    entry = try folder.copy(item, to: name, digest)
                }
                if kind == .archive { archives.insert(entry.sha256) }
                if kind == .receipt {
                    let proved = try Receipt.prove(
                        try readWhole(join(folder.path, name), limit: EvidenceCheck.receiptLimit), digest)
                    receipts.append((item.path, proved.receipt))
                }
                entries.append(entry)
            }
        }
        for (path, receipt) in receipts {
            guard receipt.request == request else {
                throw PortabilityError(
                    .verification, "the receipt is that of another request", remedy: "Leave it out",
                    at: .init(file: path))
            }
            let files = receipt.archive.files
            let given = files.count { archives.contains($0.sha256) }
            guard archives.isEmpty || given == files.count || given == 0 && receipts.count > archives.count else {
                throw PortabilityError(
                    .verification,
                    given == 0
                        ? "no archive that was given is the one of the receipt"
                        : "\(files.count - given) of the \(files.count) volumes of the receipt were not given",
                    remedy: "Give the archive that the receipt was made with, with all its volumes",
                    at: .init(file: path))
            }
        }
        return entries
    }

    /// `request.yaml`, `receipt.json`, `letter-2-delivery.txt`: what it is, its number where there are several, and of
    /// its own name only the ending, and of a letter what kind of letter, if it is one that there is.
    private func name(of item: Item, _ number: Int, among count: Int) -> String {
        let own = nameOf(item.path)
        let parts = own.split(separator: ".", omittingEmptySubsequences: false)
        let ending = parts.count > 1 ? String(parts[parts.count - 1]) : ""
        let isPlain = (1...8).contains(ending.utf8.count) && EvidenceText.isWord(ending)
        var name = item.kind.rawValue + (count > 1 ? "-\(number)" : "")
        if item.kind == .letter, parts.count > 2 {
            let word = parts[parts.count - 2]
            if word.hasPrefix("letter-"), letterKinds.contains(String(word.dropFirst(7))) {
                name += word.dropFirst(6)
            }
        }
        return isPlain ? "\(name).\(ending)" : name
    }

    private func extract(_ path: String, _ digest: @escaping DigestFactory) throws -> (
        bytes: [UInt8], head: Journal.Head
    ) {
        var bytes: [UInt8] = []
        let report = try Journal(path: path, digest: digest).verify { entry in
            if entry.event.request == request { bytes += entry.bytes + [10] }
        }
        if let fault = report.fault {
            throw PortabilityError(
                .verification, "the journal is not in order: \(fault.message)",
                remedy: "Look at it with `portability receipts verify --journal`",
                at: .init(file: path, line: fault.line))
        }
        return (bytes, report.head)
    }

    private func document(_ entries: [Entry], _ head: Journal.Head?, created: String) -> [UInt8] {
        JSONValue.members([
            "format": .string(Self.formatName), "format_version": .string("1.0"), "request": .string(request),
            "created": .string(created), "tool": .string(tool),
            "journal_head": head.map { .members(["count": .integer($0.count), "sha256": .string($0.sha256)]) },
            "files": .array(
                entries.map {
                    .members([
                        "kind": .string($0.kind.rawValue), "name": $0.name.map(JSONValue.string),
                        "bytes": .integer($0.bytes), "sha256": .string($0.sha256),
                    ])
                }),
        ]).formatted()
    }

    private func index(_ entries: [Entry], _ head: Journal.Head?, created: String) -> [UInt8] {
        var text = "Dossier of request \(request), gathered \(created) by \(tool)\n"
        text += "It holds personal data. Keep it as long as the answer may have to be shown, then purge it.\n"
        for entry in entries {
            text += "\n\(entry.name ?? "(not copied)"): \(entry.kind.meaning)\n"
            text += "  \(entry.bytes) bytes, sha256 \(entry.sha256)\n"
        }
        if let head {
            text += "\nThe journal then had \(head.count) lines; the last has sha256 \(head.sha256)\n"
        }
        return Array(text.utf8)
    }

    // MARK: Recognising one

    /// What `dossier.json` says, if the folder is a dossier.
    struct Description {
        var request: String
        var created: String
        var names: [String]
    }

    /// - Throws: `malformed` if its `dossier.json` is not one.
    static func describe(_ bytes: [UInt8]) throws -> Description {
        let value = try JSONValue(parsing: bytes)
        guard value["format"]?.string == formatName, let request = value["request"]?.string, EvidenceText.isID(request),
            let created = value["created"]?.string, EvidenceText.time(created) != nil
        else { throw PortabilityError(.malformed, "the file describes no dossier") }
        let names = (value["files"]?.array ?? []).compactMap { $0["name"]?.string }
        let isOurs = names.allSatisfy { name in
            !name.contains("/") && !name.utf8.contains(0)
                && Kind.allCases.contains { name.prefix { $0 != "." && $0 != "-" } == $0.rawValue }
        }
        guard isOurs else {
            throw PortabilityError(.malformed, "the file names what a dossier does not have")
        }
        return Description(request: request, created: created, names: names + ["index.txt", "dossier.json"])
    }

    /// Whether a folder is a dossier and has nothing else in it.
    private static func isDossier(_ path: String) throws -> Bool {
        guard let bytes = try? InputFile(join(path, "dossier.json"), followsLinks: false).whole(limit: 16 << 20),
            let description = try? describe(bytes)
        else { return false }
        return try namesIn(path).allSatisfy(description.names.contains)
    }
}
