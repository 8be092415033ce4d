public import ArgumentParser
import Portability
import PortabilityCrypto
public import PortabilityEvidence
import PortabilityModel

extension JournalEvent.Channel: ExpressibleByArgument {}
extension JournalEvent.RefusalGround: ExpressibleByArgument {}

/// What was done, and the proof of it.
struct Receipts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipts", abstract: "Check, show and add to the proof of what was done on requests.",
        subcommands: [Check.self, Show.self, Record.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Check that journal, receipts and archives were not altered and tell the same.",
            discussion: """
                A receipt's id is the digest of its own bytes; each line of the journal is chained to the one before.
                A change in any byte, and a line removed, repeated or moved, is found. What no file can show by
                itself is that lines were cut off at its end, or the whole of it written anew: note the head (the
                digest and number of lines that this command prints) elsewhere, and give it with --expect-head and
                --expect-count the next time. Exit status 5 if anything is wrong.
                """)

        @OptionGroup var journal: JournalOptions

        @Argument(help: "Receipts, or folders of *.receipt.json.", completion: .file(extensions: ["json"]))
        var receipts: [String] = []

        @Option(
            name: .long, parsing: .upToNextOption,
            help: "Archives whose digests are to be those recorded; of an encrypted one also the zip inside.",
            completion: .file(extensions: ["zip", "age"]))
        var archive: [String] = []

        @Option(help: ArgumentHelp("A digest of the journal's last line, as noted before.", valueName: "digest"))
        var expectHead: String?

        @Option(help: ArgumentHelp("The number of lines, as noted before.", valueName: "n"))
        var expectCount: Int64?

        @Flag(help: "Print the result as JSON.")
        var json = false

        func validate() throws {
            let hasJournal = journal.journal != nil || journal.config != nil
            if !hasJournal, receipts.isEmpty {
                throw ValidationError("Say what is to be checked: --journal FILE, receipts, or a folder of receipts.")
            }
            if !hasJournal, expectHead != nil || expectCount != nil {
                throw ValidationError("--expect-head and --expect-count are about a journal: give --journal FILE.")
            }
            if let expectHead, !EvidenceText.isDigest(expectHead) {
                throw ValidationError("--expect-head takes a digest of 64 hexadecimal digits.")
            }
        }

        func run() async throws {
            let report = try EvidenceCheck(
                journal: journal.path(), receipts: receipts, archives: archive, expectedHead: expectHead,
                expectedCount: expectCount
            ).run(SHA256Digest.factory)
            for finding in report.findings {
                let line = finding.line.map { ", line \($0)" } ?? ""
                Terminal.error("wrong: \(finding.file)\(line): \(finding.message)".printable)
            }
            for note in report.journal?.notes ?? [] {
                Terminal.error("note: line \(note.line): \(note.message)".printable)
            }
            if json {
                Terminal.out(String(decoding: report.document(), as: UTF8.self))
            } else {
                tell(report)
            }
            if !report.isSound { throw ExitStatus.verification }
        }

        private func tell(_ report: EvidenceCheck.Report) {
            if let journal = report.journal {
                Terminal.out("journal: \(journal.head.count) lines in order, head \(journal.head.sha256)")
            }
            if !receipts.isEmpty { Terminal.out("receipts: \(report.receipts.count) unaltered") }
            for path in report.decrypted {
                Terminal.out("archive: \(path) is the zip inside of the encrypted file".printable)
            }
            if !archive.isEmpty { Terminal.out("archives: \(report.archives.count) are those recorded") }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show a receipt as tables, after proving that it was not altered.")

        @Argument(help: "The receipt.", completion: .file(extensions: ["json"]))
        var receipt: String

        func run() async throws {
            let (id, shown) = try provedReceipt(receipt)
            func line(_ name: String, _ value: String?) {
                guard let value else { return }
                Terminal.out("\(name):\(String(repeating: " ", count: max(1, 16 - name.count)))\(value)".printable)
            }
            line("receipt", id)
            line("request", "\(shown.request), received \(shown.received)")
            line("right", shown.right.rawValue)
            line("status", shown.status.rawValue)
            line("made", "\(shown.created) to \(shown.finished)")
            line("by", "\(shown.tool.name) \(shown.tool.version), \(shown.tool.codec)")
            line("controller", "\(shown.controller.name), \(shown.controller.businessID)")
            line("policy", "\(shown.policy.name), \(shown.policy.date)")
            line("configuration", shown.configurationSHA256)
            line("identity check", shown.identityCheck.map(words))
            line("instruction", shown.instruction)
            line("deadline", shown.deadline.map { "\($0.due)\($0.isExtended ? ", extended" : "")" })
            line("signature", shown.signatureSHA256)
            line("review", shown.reviewSHA256)
            line("completes", shown.supplements)
            line("formats", shown.formats.map(\.rawValue).joined(separator: ", "))
            line("archive", "\(shown.archive.bytes) bytes, sha256 \(shown.archive.sha256)")
            for (index, volume) in shown.archive.volumes.enumerated() {
                line("volume \(index + 1)", "\(volume.bytes) bytes, sha256 \(volume.sha256)")
            }
            encryption(shown.archive.encryption, volumes: shown.archive.volumes.count, line)
            line("signed with", shown.signingKey ?? "no key: the archive is not signed")
            line("documents", "\(shown.documents.given) given, \(shown.documents.withheld) withheld")
            for missing in shown.missing {
                line("missing", missing.id + (missing.expected.map { ", expected \($0)" } ?? ""))
            }
            tables(shown)
        }

        private func encryption(
            _ encryption: Receipt.Archive.Encryption?, volumes: Int, _ line: (String, String?) -> Void
        ) {
            guard let encryption else { return line("encryption", "none") }
            let recipients = encryption.recipients.map { recipient -> String in
                let keys = recipient.count == 1 ? "key" : "keys"
                return recipient.kind == .scrypt
                    ? "a passphrase" : "\(recipient.count) \(keys) of kind \(recipient.kind.rawValue)"
            }
            line("encryption", "age v1, for \(recipients.joined(separator: ", "))")
            for (index, zip) in encryption.zips.enumerated() {
                line(
                    volumes > 0 ? "zip inside \(index + 1)" : "zip inside", "\(zip.bytes) bytes, sha256 \(zip.sha256)")
            }
        }

        private func words(_ check: Receipt.IdentityCheck) -> String {
            [check.method, check.level, check.at, check.by.map { "by \($0)" }].compactMap { $0 }.joined(separator: ", ")
        }

        private func tables(_ shown: Receipt) {
            var sources = TextTable(["source", "status", "as of", "files", "bytes", "findings"])
            for source in shown.sources {
                sources.add([
                    source.id, source.status.rawValue, source.asOf ?? "", "\(source.files)", "\(source.bytes)",
                    source.findings.map { "\($0.kind.rawValue) \($0.count)" }.joined(separator: ", "),
                ])
            }
            Terminal.out("")
            Terminal.out(sources.text)
            var datasets = TextTable([
                "dataset", "entity", "role", "status", "why", "extracted", "exported", "withheld",
            ])
            for dataset in shown.datasets {
                let withheld = dataset.withheld.map { "\($0.ground.rawValue) \($0.count)" }
                datasets.add([
                    dataset.id, dataset.entity, dataset.role.rawValue, dataset.status.rawValue,
                    dataset.ground?.rawValue ?? "", "\(dataset.extracted)", "\(dataset.exported)",
                    withheld.joined(separator: ", "),
                ])
                for field in dataset.fields {
                    datasets.add([
                        "  \(field.field)", "", "", field.action.rawValue, field.ground.rawValue, "", "",
                        "\(field.count)",
                    ])
                }
            }
            Terminal.out("")
            Terminal.out(datasets.text)
        }
    }

    struct Record: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "record", abstract: "Add to the journal what happened outside the program.",
            discussion: """
                Events: \(events.map(\.rawValue).joined(separator: ", ")). What the program does itself (exported,
                reviewed, purged) it records itself. There is no option for free text, and roles are words such as
                privacy-officer, not names: so that no personal data get into what is kept longest.
                Refused are times more than a day ahead, and a receipt of another request.
                """)

        private static let events = JournalEvent.Name.allCases.filter {
            ![.opened, .torn, .exported, .reviewed, .purged].contains($0)
        }

        @Argument(help: "What happened.", completion: .list(events.map(\.rawValue)))
        var event: String

        @OptionGroup var journal: JournalOptions

        @Option(name: .shortAndLong, help: "The request's id.")
        var request: String

        @Option(
            help: ArgumentHelp("When it happened: a date or a time with its offset. Default: now.", valueName: "time"))
        var at: String?

        @Option(help: "By which way: \(JournalEvent.Channel.allCases.map(\.rawValue).joined(separator: ", ")).")
        var channel: JournalEvent.Channel?

        @Option(help: ArgumentHelp("The role that did it.", valueName: "role"))
        var by: String?

        @Option(help: ArgumentHelp("The role that approved it.", valueName: "role"))
        var approver: String?

        @Option(help: ArgumentHelp("For extension-notified: the new last day.", valueName: "date"))
        var until: String?

        @Option(help: ArgumentHelp("For delivered: the receipt, a file or its id.", valueName: "receipt"))
        var receipt: String?

        @Option(
            help: "For refused: \(JournalEvent.RefusalGround.allCases.map(\.rawValue).joined(separator: ", ")).")
        var ground: JournalEvent.RefusalGround?

        @Option(help: "For refused: the article, such as 12(5)(b).")
        var article: String?

        private var name: JournalEvent.Name? {
            JournalEvent.Name(rawValue: event).flatMap { Self.events.contains($0) ? $0 : nil }
        }

        func validate() throws {
            guard let name else {
                let known = Self.events.map(\.rawValue)
                let hint = nearest(event, in: known).map { "Did you mean '\($0)'?" }
                throw ValidationError(
                    "There is no such event to record. \(hint ?? "Known: \(known.joined(separator: ", ")).")")
            }
            let given: [(JournalEvent.Member, Bool)] = [
                (.channel, channel != nil), (.by, by != nil), (.approver, approver != nil), (.until, until != nil),
                (.receipt, receipt != nil), (.ground, ground != nil), (.article, article != nil),
            ]
            let (required, optional) = JournalEvent.requirements(of: name)
            for (member, isGiven) in given {
                if required.contains(member), !isGiven {
                    throw ValidationError("'\(name.rawValue)' needs --\(member.rawValue).")
                }
                if isGiven, !(required + optional).contains(member) {
                    throw ValidationError("'\(name.rawValue)' takes no --\(member.rawValue).")
                }
            }
        }

        func run() async throws {
            guard let name else { return }
            let now = timestamp(systemTime())
            var id = receipt
            var proved: Receipt?
            if let path = receipt, !EvidenceText.isDigest(path) {
                let read = try provedReceipt(path)
                (id, proved) = (read.id, read.receipt)
            }
            let entry = JournalEvent(
                name, request: request, happened: at ?? now, channel: channel, by: by, approver: approver,
                until: until, receipt: id, ground: ground, article: article)
            do {
                guard let path = try journal.path() else {
                    throw ValidationError("Say which journal: --journal FILE, or --config FILE that names one.")
                }
                let file = Journal(path: path, digest: SHA256Digest.factory)
                try entry.validate()
                for oddity in try file.consider(entry, receipt: proved, at: now) {
                    Terminal.error("warning: \(oddity)".printable)
                }
                let head = try file.append(entry, at: now)
                Terminal.error("recorded; the journal has \(head.count) lines, head \(head.sha256)")
            } catch var error as PortabilityError where error.code == .refused {
                // Nothing is refused to the person here: the arguments are not right.
                error.code = .configuration
                throw error
            }
        }
    }
}

/// Reads a receipt and proves that it was not altered.
func provedReceipt(_ path: String) throws -> (id: String, receipt: Receipt) {
    do {
        let proved = try Receipt.prove(path: path, SHA256Digest.factory)
        return (proved.id, proved.receipt)
    } catch var error as PortabilityError where error.code == .malformed {
        error.code = .verification
        throw error
    }
}
