import ArgumentParser
import Glibc
import Portability
import PortabilityModel

struct Sources: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at the configured sources.", subcommands: [Check.self, Coverage.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open every source read-only and check that its datasets can be read.",
            discussion: "Exit status 1 if a source, or one of its datasets, cannot be read.")

        @Option(name: .shortAndLong, help: "The configuration (YAML).", completion: .file(extensions: ["yaml", "yml"]))
        var config: String

        func run() async throws {
            let configuration = try readInput { try Configuration.load(path: config) }
            for warning in configuration.warnings { Terminal.error("warning: \(warning)") }
            let engine = PortabilityEngine(configuration: configuration, options: EngineOptions(workers: 1))
            let checks = try await engine.checkSources()
            let failed = Set(
                checks.filter { $0.error != nil || $0.findings.contains(where: \.losesRecords) }.map(\.id))
            var table = TextTable(["source", "kind", "state", "findings"])
            for check in checks {
                let state = failed.contains(check.id) ? "FAILED" : "ok"
                table.add([check.id, check.kind, state, "\(check.findings.count)"])
            }
            Terminal.out(table.text)
            for check in checks {
                if let error = check.error { Terminal.error("error: \(error)") }
                for finding in check.findings {
                    let place = finding.place.isEmpty ? "" : " (\(finding.place))"
                    Terminal.error("\(finding.kind.rawValue): \(finding.message)\(place)")
                }
            }
            if !failed.isEmpty { throw ExitStatus.failed }
        }
    }

    struct Coverage: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prove that no table, column or field of any source was forgotten.",
            discussion: """
                Looks at what every source holds now and tells of each part whether it is exported, left out on a \
                ground, or unknown. Exit status 1 if anything is unknown, a source cannot be read or cannot tell what \
                it holds, or the configuration names what is not there.
                """)

        enum Depth: String, EnumerableFlag {
            case data, schemaOnly

            static func help(for value: Depth) -> ArgumentHelp? {
                switch value {
                case .data: "Read the data too, where nothing describes them: logs, invoices (default)."
                case .schemaOnly: "Look only at what describes the data: quick, as in every export."
                }
            }
        }

        @Option(name: .shortAndLong, help: "The configuration (YAML).", completion: .file(extensions: ["yaml", "yml"]))
        var config: String

        @Flag(help: "Print everything as JSON (coverage.schema.json).")
        var json = false

        @Flag(help: "List what is exported too, not only what is excluded or unknown.")
        var all = false

        @Flag var depth = Depth.data

        func run() async throws {
            let configuration = try readInput { try Configuration.load(path: config) }
            for warning in configuration.warnings { Terminal.error("warning: \(warning)") }
            let engine = PortabilityEngine(configuration: configuration, options: EngineOptions(workers: 1))
            let report = CoverageReport(try await engine.coverage(depth: depth == .data ? .data : .schema))
            if json {
                Terminal.writeBytes(report.json(), to: STDOUT_FILENO)
            } else {
                for source in report.sources { tell(source) }
            }
            for source in report.sources {
                if let error = source.error { Terminal.error("error: \(error)") }
                if source.state == .notProbed {
                    Terminal.error("error: the source cannot tell what it holds (\(source.id))")
                }
                for finding in source.findings {
                    let place = finding.place.isEmpty ? "" : " (\(finding.place))"
                    Terminal.error("\(finding.kind.rawValue): \(finding.message)\(place)".printable)
                }
            }
            if !report.isComplete { throw ExitStatus.failed }
        }

        private func tell(_ source: SourceCoverage) {
            let counts = CoverageItem.Word.allCases.map { word in
                "\(source.items.count { $0.word == word }) \(word == .key ? "keys" : word.rawValue)"
            }
            let state = source.state == .probed ? counts.joined(separator: ", ") : source.state.rawValue
            Terminal.out("\(source.id) (\(source.kind)): \(state)".printable)
            let shown = source.items.filter { all || [.excluded, .unknown].contains($0.word) }
            if shown.isEmpty { return }
            var table = TextTable(["  where", "what", "use"])
            var container: String?
            for item in shown {
                table.add([
                    item.container == container ? "" : "  \(item.container)", item.name ?? "(all of it)", use(item),
                ])
                container = item.container
            }
            Terminal.out(table.text)
            Terminal.out("")
        }

        private func use(_ item: CoverageItem) -> String {
            switch item.use {
            case .exported(let dataset, field: nil): "key of \(dataset)"
            case .exported(let dataset, let field?): "exported: \(dataset), \(field)"
            case .excluded(let ground, let other): "excluded: \(ground.rawValue)\(other.map { ", see \($0)" } ?? "")"
            case .unknown: "UNKNOWN"
            }
        }
    }
}
