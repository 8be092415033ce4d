public import ArgumentParser
import Portability
import PortabilityCalendar
import PortabilityEvidence
public import PortabilityModel
public import PortabilityReport

extension LetterKind: ExpressibleByArgument {}
extension LetterFacts.Refusal: ExpressibleByArgument {}
extension LetterFacts.ExtensionReason: ExpressibleByArgument {}
extension Ground: ExpressibleByArgument {}

struct Letter: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "letter", abstract: "Write a letter about a request as plain text, to be filled in and sent.",
        discussion: """
            Kinds: \(LetterKind.allCases.map(\.rawValue).joined(separator: ", ")).
            The person's name and what only the officer knows are blanks in brackets. The letter's deadline is \
            computed from the request and its clock events; an extension is refused after the first month. delivery, \
            partial-delivery, nothing-held and handover-cover need the receipt. Beside an archive A.zip a letter is \
            best kept as A.letter-KIND.txt, where `dossier` and `purge` find it.
            """)

    @Argument(help: "The kind of letter.")
    var kind: LetterKind

    @Option(name: .shortAndLong, help: "The configuration (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var config: String

    @Option(
        name: .shortAndLong, help: "The request (YAML or JSON).",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var request: String

    @Option(help: "The receipt of the export.", completion: .file(extensions: ["json"]))
    var receipt: String?

    @Option(help: "fi, sv or en. Default: the request's language.")
    var language: Language?

    @Option(
        help: ArgumentHelp(
            "Why something is refused; may stand several times. Default: the grounds of the receipt.",
            valueName: "ground"))
    var ground: [Ground] = []

    @Option(
        help: ArgumentHelp(
            "Why the request as such is refused (Article 12(5), 11): "
                + "\(LetterFacts.Refusal.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "why"))
    var refusal: LetterFacts.Refusal?

    @Option(
        help: ArgumentHelp(
            "Why more time is needed (Article 12(3)): complexity or number. Default: the request's.", valueName: "why"))
    var reason: LetterFacts.ExtensionReason?

    @Option(
        help: ArgumentHelp(
            "By when what is missing follows; for the extension of a switch, when the longer transitional period ends. "
                + "Default: as the request or the receipt says, else the deadline.",
            valueName: "date"))
    var expected: String?

    @Option(
        help: ArgumentHelp(
            "When the package was sent to another service (Article 20(2)). Default: a blank.", valueName: "date"))
    var transmitted: String?

    @Option(help: ArgumentHelp("The day of the letter. Default: today.", valueName: "date"))
    var date: String?

    @Option(name: .shortAndLong, help: "Write to a file that only you can read. Default: stdout.", completion: .file())
    var output: String?

    @Flag(help: "Replace a letter that is there.")
    var replace = false

    func run() async throws {
        let settings = try readInput { try Configuration.load(path: config) }
        let asked = try readInput { try ExportRequest.load(path: request) }
        var options = LetterOptions(date: try date.map { try day($0, "--date") } ?? settings.today())
        options.language = language
        options.grounds = ground
        options.refusal = refusal
        options.extensionReason = reason
        options.expected = try expected.map { try day($0, "--expected") }
        options.transmitted = try transmitted.map { try day($0, "--transmitted") }
        options.archiveName = receipt.flatMap(archiveName)
        let proved = try receipt.map { try provedReceipt($0).receipt }
        let facts = try settings.letterFacts(for: kind, asked, receipt: proved, options: options)
        let text = letter(kind, facts)
        guard let output else { return Terminal.out(text) }
        try writePrivateFile(Array(text.utf8), to: output, replace: replace)
    }

    private func day(_ text: String, _ option: String) throws -> CivilDate {
        guard let date = CivilDate(text) else {
            throw PortabilityError(.configuration, "\(option) is not a date", remedy: "Write it as 2026-11-02")
        }
        return date
    }

    /// The archive's name, from that of its receipt.
    private func archiveName(_ receipt: String) -> String? {
        let name = receipt.split(separator: "/").last.map(String.init) ?? receipt
        let ending = ".receipt.json"
        return name.hasSuffix(ending) ? String(name.dropLast(ending.count)) : nil
    }
}

extension Configuration {
    /// Today where the controller is; in UTC if this machine does not know the time zone.
    func today() -> CivilDate {
        let now = systemTime()
        return (try? TimeZoneRules(named: timeZone))?.date(at: now) ?? CivilDate(daysSince1970: now / 86_400)
    }
}
