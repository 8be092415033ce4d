import ArgumentParser
import Glibc
import Portability
import PortabilityModel

struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show how two archives of one person differ, and the rule that decided each difference.",
        discussion: """
            Counts, datasets, fields and record numbers; values never. Both archives are verified first.
            Exit status: 0 if every difference is explained, 1 if one is not, or if access takes more from the person
            than portability does, 5 if an archive is damaged, 2 if the two cannot be compared.
            """)

    @Argument(help: "The first archive.", completion: .file(extensions: ["zip"]))
    var a: String

    @Argument(help: "The second archive.", completion: .file(extensions: ["zip"]))
    var b: String

    @Flag(help: "Add what each ground means, and where each unexplained difference is.")
    var explain = false

    @Flag(help: "JSON for programs, with every group's first 1000 differences.")
    var json = false

    @Flag(help: "Tell the record_id of single differences too. It is personal data.")
    var ids = false

    @Option(help: "fi, sv or en: the language of the grounds' texts.")
    var language: String = "en"

    @Option(name: .shortAndLong, help: "Write to a file that only you can read, not to stdout.", completion: .file())
    var output: String?

    @Flag(help: "Replace the file if there is one already.")
    var replace = false

    @OptionGroup var keys: KeyOptions

    func validate() throws {
        guard Language(rawValue: language) != nil else { throw ValidationError("--language must be fi, sv or en.") }
    }

    func run() async throws {
        let language = Language(rawValue: language) ?? .en
        let difference = try ArchiveFileReader.diff(
            a, b, keys: keys.load(), options: DiffOptions(keepsRecordIDs: ids))
        for warning in difference.warnings { Terminal.error("warning: \(warning.printable)") }
        let bytes =
            json
            ? difference.json(explaining: explain ? language : nil)
            : Array((DiffReport(difference: difference, explains: explain, language: language).text + "\n").utf8)
        if let output {
            try writePrivately(bytes, to: output)
        } else {
            Terminal.writeBytes(bytes, to: STDOUT_FILENO)
        }
        let unexplained = difference.count(of: .unexplained)
        if unexplained > 0 { Terminal.error("\(unexplained) differences are not explained") }
        let more = difference.count(of: .accessMasksMore)
        if more > 0 { Terminal.error("access takes more than portability in \(more) places") }
        if !difference.isExplained { throw ExitStatus.failed }
    }

    private func writePrivately(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (replace ? O_TRUNC : O_EXCL), 0o600)
        guard descriptor >= 0 else {
            let isThere = errno == EEXIST
            throw PortabilityError(
                .output, isThere ? "there is a file of that name already" : "the file cannot be written",
                remedy: isThere ? "Give --replace to replace it" : "Check the folder and its permissions",
                at: .init(file: path), errno: errno)
        }
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let code = errno
                close(descriptor)
                unlink(path)
                throw PortabilityError(.output, "the file cannot be written", at: .init(file: path), errno: code)
            }
            offset += count
        }
        guard close(descriptor) == 0 else {
            throw PortabilityError(.output, "the file cannot be written", at: .init(file: path), errno: errno)
        }
    }
}

/// The differences as text for a person.
struct DiffReport {
    let difference: ArchiveDifference
    let explains: Bool
    let language: Language

    /// The most places of one unexplained group that are printed.
    private static let shown = 20

    var text: String {
        var lines = [line("A", difference.a), line("B", difference.b), ""]
        if difference.groups.isEmpty {
            lines.append("no difference")
        } else {
            lines.append(table)
            if explains { lines += [""] + places + grounds }
        }
        lines += ["", summary]
        return lines.joined(separator: "\n")
    }

    private func line(_ name: String, _ archive: ArchiveDifference.Archive) -> String {
        let what = "request \(archive.requestID), right: \(archive.right?.rawValue ?? "unknown")"
        return "\(name): \(what), \(archive.status), made \(archive.created)".printable
    }

    private var table: String {
        var table = TextTable(["dataset", "what", "archive", "action", "why", "article", "count", ""])
        var last: String?
        for group in difference.groups {
            let decision = group.decision
            var what = decision.field ?? decision.kind.rawValue
            if let detected = decision.detected { what += ": \(detected)" }
            if let recordClass = decision.recordClass { what += " [\(recordClass)]" }
            if let records = group.records { what += " of \(records) records" }
            let note =
                switch decision.verdict {
                case .explained: ""
                case .accessMasksMore: "ACCESS TAKES MORE THAN PORTABILITY"
                case .unexplained: "UNEXPLAINED"
                }
            table.add([
                decision.dataset == last ? "" : decision.dataset, what, side(decision), decision.action?.rawValue ?? "",
                decision.reason?.text ?? decision.ground?.rawValue ?? "",
                difference.article(of: decision) ?? "", "\(group.count)", note,
            ])
            last = decision.dataset
        }
        return table.text
    }

    private func side(_ decision: ArchiveDifference.Decision) -> String {
        switch decision.side {
        case .a: "A"
        case .b: "B"
        case .both: "A, B"
        }
    }

    /// Where the differences are that somebody has to look at.
    private var places: [String] {
        var lines: [String] = []
        for group in difference.groups where group.decision.verdict != .explained && !group.listed.isEmpty {
            let decision = group.decision
            lines.append("\(decision.dataset), \(decision.field ?? decision.kind.rawValue):".printable)
            for single in group.listed.prefix(Self.shown) {
                var parts: [String] = []
                if let record = single.recordInA { parts.append("record \(record) in A") }
                if let record = single.recordInB { parts.append("record \(record) in B") }
                if let id = single.recordID { parts.append("record_id \(id)") }
                lines.append("  \(parts.joined(separator: ", "))".printable)
            }
            if group.count > Self.shown { lines.append("  and \(group.count - Int64(Self.shown)) more") }
        }
        return lines.isEmpty ? [] : lines + [""]
    }

    private var grounds: [String] {
        Ground.allCases.filter { ground in difference.groups.contains { $0.decision.ground == ground } }.map {
            "\($0.rawValue): \($0.text[language])"
        }
    }

    private var summary: String {
        "\(difference.datasetsCompared) datasets in both (\(difference.datasetsEqual) equal), "
            + "\(difference.recordsCompared) records in both; differences: "
            + "\(difference.count(of: .explained)) explained, \(difference.count(of: .unexplained)) unexplained"
    }
}
