import ArgumentParser
import Glibc
import Portability
import PortabilityExchange
import PortabilityModel

struct Convert: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Turn an archive into one in other formats, or into forms that other systems read.",
        discussion: """
            Needs nothing but the archive; several volumes of one set become one archive. The records are compared with
            the manifest's counts and digests as they are read, and the new archive has the same content digests, the
            ledger, the documents and the original's own texts. Until it is complete and on the disk there is no file of
            that name; exit status 5 if the archive is not what it says it is.
            """)

    @Argument(help: "The archive, or all volumes of a set.", completion: .file(extensions: ["zip", "age"]))
    var archives: [String]

    @Option(
        help: ArgumentHelp(
            "Formats: json, jsonl, csv, xml. \(Self.formHelp)Several with commas.", valueName: "forms"))
    var to: String

    @Option(name: .shortAndLong, help: "The archive to write.", completion: .file(extensions: ["zip"]))
    var output: String

    @Option(help: "CSV for a person's spreadsheet (excel) or for programs (service). Default: as an export would.")
    var dialect: Dialect?

    @Option(help: "fi, sv or en: of page, README.txt and schemas, and of CSV for spreadsheets. Default: the archive's.")
    var language: Language?

    @Flag(help: "Replace the archive if there is one already.")
    var replace = false

    @Option(help: "fast, small (smaller by a tenth, several times slower), or zlib (zlib level 6).")
    var compression: Export.Compression = .fast

    @Option(help: ArgumentHelp("Threads that read and write, and threads that pack.", valueName: "n"))
    var threads: Int?

    @Option(
        help: ArgumentHelp("The creation time, seconds since 1970. Default: the original's.", valueName: "seconds"))
    var created: Int64?

    @Option(help: "bar, json or none. Default: bar on a terminal, none elsewhere.")
    var progress: ProgressStyle?

    @OptionGroup var keys: KeyOptions
    @OptionGroup var encrypting: ReencryptOptions

    enum Dialect: String, ExpressibleByArgument, CaseIterable {
        case excel, service
    }

    private static var formHelp: String {
        let forms = ConversionOptions.availableForms.map(\.rawValue)
        return forms.isEmpty ? "" : "Forms that other systems read: \(forms.joined(separator: ", ")). "
    }

    func validate() throws {
        if let threads, !(0...256).contains(threads) {
            throw ValidationError("--threads must be from 0 to 256.")
        }
        _ = try wanted()
    }

    private func wanted() throws -> ConversionOptions {
        var options = ConversionOptions(formats: [])
        for word in to.split(separator: ",").map(String.init) {
            if let format = Format(rawValue: word) {
                options.formats.append(format)
            } else if let form = ExchangeForm(rawValue: word), ConversionOptions.availableForms.contains(form) {
                options.forms.append(form)
            } else {
                let known =
                    Format.allCases.map(\.rawValue) + ConversionOptions.availableForms.map(\.rawValue)
                throw ValidationError("There is no format '\(word)'; known: \(known.joined(separator: ", ")).")
            }
        }
        guard !options.formats.isEmpty || !options.forms.isEmpty else {
            throw ValidationError("--to names no format.")
        }
        options.dialect = dialect.flatMap { .init(rawValue: $0.rawValue) }
        options.language = language
        options.replace = replace
        options.created = created
        return options
    }

    func run() async throws {
        var engineOptions = EngineOptions(workers: threads ?? activeProcessors())
        engineOptions.compression = compression.choice
        let converter = ArchiveConverter(options: engineOptions)
        let style = progress ?? (Terminal.isErrorTerminal ? .bar : .none)
        let keys = try keys.load()
        var options = try wanted()
        options.encryption = try encrypting.load()
        let target = try encrypting.name(output)
        let events = ExportEvents()
        async let display: Void = show(events, style: style)
        let result: ConversionResult
        do {
            result = try await converter.convert(archives, keys: keys, to: target, options, events: events)
        } catch {
            await display
            // Nothing else is read here: bytes that are not what their format says are an archive that is not intact.
            if let error = error as? PortabilityError, [.malformed, .limit, .ledger].contains(error.code) {
                Terminal.error("error: \(error)".printable)
                throw ExitStatus.verification
            }
            throw error
        }
        await display
        for form in result.forms where form.notes > 0 {
            Terminal.error("\(form.form.rawValue): \(form.files) files, \(form.notes) notes; index.html tells them")
        }
        Terminal.error(
            "converted: \(result.records) records in \(result.datasets) datasets, \(result.documents) documents, "
                + "\(result.bytes) bytes, sha256 \(result.sha256)")
        Terminal.out(result.path)
    }
}
