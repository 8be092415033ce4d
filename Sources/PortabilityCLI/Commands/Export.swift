import ArgumentParser
import Glibc
import Portability
import PortabilityModel

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write everything that may go out about one subject into an archive.",
        discussion: """
            The archive is a zip that any computer opens: index.html for people, data/ for programs, manifest.json
            with what is inside, what is not, and why. Until it is complete and on the disk there is no file of that
            name. Without --created, the environment variable SOURCE_DATE_EPOCH gives the creation time, else the clock.
            """)

    @OptionGroup var options: RequestOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("json, jsonl, csv, xml; several with commas. Default: the request's.", valueName: "formats"))
    var format: String?

    @Option(name: .shortAndLong, help: "The archive to write.", completion: .file(extensions: ["zip"]))
    var output: String

    @Flag(help: "Replace the archive if there is one already.")
    var replace = false

    @OptionGroup var signing: SignOptions

    @OptionGroup var encrypting: EncryptOptions

    @Option(
        help: ArgumentHelp(
            "The most one file may have, such as 700MB or 1GiB. A larger archive is cut into volumes, NAME-001.zip "
                + "and so on, each an archive of its own.",
            valueName: "size"),
        transform: { try VolumeSize($0) })
    var volumeSize: VolumeSize?

    @Option(help: "fast, small (smaller by a tenth, several times slower), or zlib (zlib level 6).")
    var compression: Compression = .fast

    @Option(help: ArgumentHelp("Threads that encode and threads that pack.", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("The creation time, seconds since 1970.", valueName: "seconds"))
    var created: Int64?

    @Option(help: "bar, json or none. Default: bar on a terminal, none elsewhere.")
    var progress: ProgressStyle?

    @Option(
        help: ArgumentHelp(
            "newest: the page shows the newest records of each dataset; full: all of them, to be printed.",
            valueName: "records"))
    var print: PrintedRecords = .newest

    @Option(
        help: ArgumentHelp(
            "A review list with its decisions; what is new stops the export again.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var reviewed: String?

    @Option(
        help: ArgumentHelp(
            "Where the list goes of what somebody must look at. Default: beside the archive, NAME.review.json, or "
                + "NAME-2.review.json if there is one already.",
            valueName: "file"))
    var reviewList: String?

    @Option(
        help: ArgumentHelp(
            "Where the receipt goes. Default: beside the archive, NAME.zip.receipt.json.", valueName: "file"))
    var receipt: String?

    @Flag(
        help: "The identifiers are right though they lead to nobody: make the archive that says that nothing is held.")
    var nothingHeld = false

    enum PrintedRecords: String, ExpressibleByArgument, CaseIterable {
        case newest, full
    }

    enum Compression: String, ExpressibleByArgument, CaseIterable {
        case fast, small, zlib

        var choice: EngineOptions.Compression {
            switch self {
            case .fast: .fast
            case .small: .small
            case .zlib: .zlib
            }
        }
    }

    func validate() throws {
        if let threads, !(0...256).contains(threads) {
            throw ValidationError("--threads must be from 0 to 256.")
        }
        _ = try parseFormats(format)
    }

    func run() async throws {
        let configuration = try readInput { try Configuration.load(path: options.config) }
        for warning in configuration.warnings { Terminal.error("warning: \(warning)") }
        let request = try options.load(formats: parseFormats(format))
        var engineOptions = EngineOptions(workers: threads ?? activeProcessors())
        engineOptions.compression = compression.choice
        engineOptions.note = { Terminal.note($0) }
        let engine = PortabilityEngine(configuration: configuration, options: engineOptions)
        let style = progress ?? (Terminal.isErrorTerminal ? .bar : .none)
        var exportOptions = ExportOptions()
        exportOptions.replace = replace
        exportOptions.created = try created ?? sourceDateEpoch()
        exportOptions.printsAll = self.print == .full
        exportOptions.volumeSize = volumeSize
        exportOptions.confirmsNothingHeld = nothingHeld
        exportOptions.signingKey = try signing.load()
        exportOptions.review = try reviewed.map { path in try readInput { try ReviewFile.load(path: path) } }
        exportOptions.encryption = try encrypting.load()
        let output = try encrypting.name(output)
        let ending = [".zip.age", ".zip", ".age"].first { output.hasSuffix($0) } ?? ""
        let name = String(output.dropLast(ending.count))
        exportOptions.reviewListPath = reviewList ?? "\(name).review.json"
        exportOptions.receiptPath = receipt ?? "\(output).receipt.json"
        let events = ExportEvents()
        async let display: Void = show(events, style: style)
        let result: ExportResult
        do {
            result = try await engine.export(
                request, to: output, options: exportOptions, events: events)
        } catch {
            await display
            throw error
        }
        await display
        tell(result, style: style)
        for volume in result.volumes { Terminal.out(volume.path) }
        if result.status == .partial { throw ExitStatus.partial }
    }

    /// What came of it: for a program as JSON, for a person as lines.
    private func tell(_ result: ExportResult, style: ProgressStyle) {
        let told = result.findings.filter { $0.losesRecords || [.sharedIdentifier, .drift].contains($0.kind) }
        if style == .json {
            for error in result.errors {
                Terminal.error(
                    "{\"event\":\"error\",\"code\":\"\(error.code)\",\"message\":\(quoted(error.description))}")
            }
            for finding in told {
                Terminal.error(
                    "{\"event\":\"finding\",\"kind\":\"\(finding.kind.rawValue)\",\"message\":\(quoted(finding.message)),"
                        + "\"place\":\(quoted(finding.place.description)),\"count\":\(finding.count)}")
            }
            Terminal.error(
                "{\"event\":\"result\",\"status\":\"\(result.status.rawValue)\",\"records\":\(result.records),"
                    + "\"bytes\":\(result.bytes),\"sha256\":\"\(result.sha256)\",\"path\":\(quoted(result.path)),"
                    + "\"volumes\":["
                    + result.volumes.map {
                        "{\"path\":\(quoted($0.path)),\"bytes\":\($0.bytes),\"sha256\":\"\($0.sha256)\","
                            + "\"too_large\":\($0.isTooLarge)}"
                    }.joined(separator: ",") + "]}")
            return
        }
        for error in result.errors { Terminal.error("error: \(error)") }
        for finding in told {
            let place = finding.place.isEmpty ? "" : " (\(finding.place))"
            Terminal.error("warning: \(finding.message): \(finding.count)\(place)")
        }
        for volume in result.volumes where volume.isTooLarge {
            Terminal.error(
                "warning: one record or document alone is larger than --volume-size: \(volume.bytes) bytes "
                    + "(\(volume.path))")
        }
        let datasets = result.datasets.count { $0.records > 0 }
        Terminal.error(
            "\(result.status.rawValue): \(result.records) records in \(datasets) datasets, "
                + (result.volumes.count > 1 ? "\(result.volumes.count) volumes, " : "")
                + "\(result.bytes) bytes, sha256 \(result.sha256)")
    }

    /// A JSON string.
    private func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where scalar.value < 32:
                let code = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

/// Formats with commas between them; nil if none are named.
func parseFormats(_ text: String?) throws -> [Format]? {
    try text?.split(separator: ",").map { word in
        guard let format = Format(rawValue: String(word)) else {
            throw ValidationError("There is no format '\(word)'; known: json, jsonl, csv, xml.")
        }
        return format
    }
}

/// The creation time that the environment asks for; nil if it does not.
func sourceDateEpoch() throws -> Int64? {
    guard let value = getenv("SOURCE_DATE_EPOCH") else { return nil }
    guard let seconds = Int64(String(cString: value)) else {
        throw PortabilityError(
            .configuration, "SOURCE_DATE_EPOCH is not a whole number of seconds",
            remedy: "Unset it, or set it to seconds since 1970")
    }
    return seconds
}
