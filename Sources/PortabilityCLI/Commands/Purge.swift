import ArgumentParser
import Portability
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel

struct PurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Remove archives, requests, reviews, letters and dossiers by age, and record it.",
        discussion: """
            Each is recognised by what is in it: an archive by its manifest, a request as one, a review by its name and
            form, a dossier by its dossier.json; an encrypted archive (A.zip.age) by its digest in the receipt beside it or
            in that of its volumes, and one without such a receipt is named as left alone; a letter, plan or diff (A.letter-*.txt, A.plan.*, A.diff.*) by the
            archive or receipt of A beside it, or by A being a request's id that the folders or the journal name.
            Receipts, journals and whatever is not recognised are never touched, links never followed. A line with the
            request's id and the counts is written to the journal before its files are removed. Age is counted from
            the creation time that an archive or dossier tells, else from the last change of the file. Of a dossier
            the copies of receipts and of the journal's lines stay.

            Removed means unlinked. It is no secure erasure: the bytes may stay on the disk, in snapshots and in backups
            until those are overwritten. Exit status 1 if something could not be removed.
            """)

    @Argument(help: "Folders to look through, with those inside.", completion: .directory)
    var folders: [String]

    @Option(help: ArgumentHelp("The least age: days or weeks, such as 90d or 12w.", valueName: "age"))
    var olderThan: String

    @OptionGroup var journal: JournalOptions

    @Option(
        help: ArgumentHelp(
            "What to remove, with commas: archives, requests, reviews, letters, dossiers. Default: all but dossiers.",
            valueName: "kinds"))
    var kinds = "archives,requests,reviews,letters"

    @Flag(help: "Only show what would be removed.")
    var dryRun = false

    func validate() throws {
        _ = try chosenKinds()
        _ = try minimumAge()
        if !dryRun, journal.journal == nil, journal.config == nil {
            throw ValidationError("Say where it is recorded: --journal FILE, or --config FILE that names one.")
        }
    }

    private func chosenKinds() throws -> Set<Purge.Kind> {
        Set(
            try kinds.split(separator: ",").map { word in
                guard let kind = Purge.Kind(rawValue: String(word)) else {
                    let known = Purge.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("There is no kind '\(word)'; known: \(known).")
                }
                return kind
            })
    }

    private func minimumAge() throws -> Int64 {
        let days: Int64? = olderThan.last == "d" ? 1 : olderThan.last == "w" ? 7 : nil
        guard let days, let number = Int64(olderThan.dropLast()), (0...100_000).contains(number) else {
            throw ValidationError("--older-than takes a number of days or weeks, such as 90d or 12w.")
        }
        return number * days * 86_400
    }

    func run() async throws {
        let now = systemTime()
        let journal = try journal.path().map { Journal(path: $0, digest: SHA256Digest.factory) }
        let purge = Purge(
            folders: folders, kinds: try chosenKinds(), minimumAge: try minimumAge(), now: now,
            archive: { path in
                let archive = try ArchiveFileReader.describe(path: path)
                return Purge.Description(request: archive.requestID, created: archive.created)
            },
            request: { path in Purge.Description(request: try ExportRequest.load(path: path).id) },
            digest: SHA256Digest.factory, knownRequests: try journal?.requests() ?? [])
        let findings = try purge.findings()
        let candidates = findings.candidates
        var table = TextTable(["kind", "request", "days old", "bytes", "path"])
        for candidate in candidates {
            table.add([
                candidate.kind.rawValue, candidate.request ?? "", "\(candidate.age / 86_400)", "\(candidate.bytes)",
                candidate.path,
            ])
        }
        Terminal.out(table.text)
        for left in findings.left { Terminal.error("left alone: \(left.path): \(left.message)".printable) }
        if dryRun {
            Terminal.error("\(candidates.count) would be removed; nothing was")
            return
        }
        let outcome = try purge.remove(candidates, journal: journal, at: timestamp(now))
        for failure in outcome.failures {
            Terminal.error("error: \(failure.path): \(failure.message); the journal says that it was removed".printable)
        }
        Terminal.error("\(outcome.removed.count) removed")
        if !outcome.failures.isEmpty { throw ExitStatus.failed }
    }
}
