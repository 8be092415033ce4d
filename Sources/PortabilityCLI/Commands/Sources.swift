import ArgumentParser
import Glibc
import Portability
import PortabilityModel

struct Sources: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources", abstract: "Look at the configured sources.",
        subcommands: [Check.self, Coverage.self, Index.self, Initialise.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Open every source read-only and check that its datasets can be read.",
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
            commandName: "coverage", abstract: "Prove that no table, column or field of any source was forgotten.",
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
                case .schemaOnly:
                    "Look only at what describes the data, as every export does: quick, but no proof for logs and invoices."
                }
            }
        }

        @Option(name: .shortAndLong, help: "The configuration (YAML).", completion: .file(extensions: ["yaml", "yml"]))
        var config: String

        @Flag(help: "Print everything as JSON (coverage.schema.json).")
        var json = false

        @Flag(help: "List every part, also what is exported, not only what is excluded or unknown.")
        var all = false

        @Flag var depth = Depth.data

        /// Parts of one container that are left out for the same reason and listed one by one.
        private static let maximumAlike = 12

        func run() async throws {
            let configuration = try readInput { try Configuration.load(path: config) }
            for warning in configuration.warnings { Terminal.error("warning: \(warning)") }
            let engine = PortabilityEngine(configuration: configuration, options: EngineOptions(workers: 1))
            let coverages = try await engine.coverage(depth: depth == .data ? .data : .schema)
            let report = CoverageReport(
                coverages, proposals: try engine.proposals(for: coverages, configuration: config))
            if json {
                Terminal.writeBytes(report.json(), to: STDOUT_FILENO)
            } else {
                for source in report.sources { tell(source) }
                for proposal in report.proposals { tell(proposal) }
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
            if let indexes = source.indexes, indexes.count + indexes.orphans > 0 {
                let stale = indexes.files.count { $0.state == .stale }
                Terminal.out(
                    "  indexes of its files, personal data too: \(indexes.count + indexes.orphans), "
                        + "\(indexes.bytes + indexes.orphanBytes) bytes; \(stale) not believed, "
                        + "\(indexes.orphans) of files that are gone (`sources index --prune` removes both)")
            }
            let shown = source.items.filter { all || [.excluded, .unknown].contains($0.word) }
            if shown.isEmpty { return }
            var table = TextTable(["  where", "what", "use"])
            var container: String?
            var index = 0
            while index < shown.count {
                let item = shown[index]
                // What a format leaves out by itself would bury what somebody decided.
                var alike = shown[index...].prefix { $0.container == item.container && $0.use == item.use }.count
                if all || item.use == .unknown || alike <= Self.maximumAlike { alike = 1 }
                table.add([
                    item.container == container ? "" : "  \(item.container)",
                    alike > 1 ? "(\(alike))" : item.name ?? "(all of it)", use(item),
                ])
                container = item.container
                index += alike
            }
            Terminal.out(table.text)
            Terminal.out("")
        }

        /// As YAML: a comment that says where it belongs, then what to paste.
        private func tell(_ proposal: CoverageProposal) {
            let line = proposal.line.map { "after line \($0)" } ?? "by hand, since there is no list of lines to add to"
            Terminal.out("# \(proposal.place): to be pasted into \(config), \(line)".printable)
            Terminal.out(proposal.yaml.split(separator: "\n").map { String($0).printable }.joined(separator: "\n"))
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

    struct Initialise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "init",
            abstract: "Write a starting configuration from a database's tables and keys.",
            discussion: """
                Finds tables that seem to hold people and those that belong to them, and writes a dataset with a query \
                for each. What only you know is marked TODO; nothing runs before all of it is decided. The database is \
                opened read-only and no row is read.

                  portability sources init --kind sqlite --path shop.sqlite -o portability.yaml
                  portability sources init --kind postgresql --uri postgresql://reader@db.example/shop
                """)

        @Option(help: "The kind of source: sqlite, postgresql or mariadb.")
        var kind: String

        @Option(help: "The file of an SQLite database.", completion: .file())
        var path: String?

        @Option(help: "Where the server is, without a password: postgresql://user@host/database.")
        var uri: String?

        @Option(
            help: ArgumentHelp(
                "Another setting of the kind, as the configuration has it; may stand several times.",
                valueName: "key=value"))
        var setting: [String] = []

        @Option(help: "The id of the source.")
        var id = "register"

        @Option(
            name: .shortAndLong, help: "The file to write; must not be there yet. Default: standard output.",
            completion: .file(extensions: ["yaml", "yml"]))
        var output: String?

        func run() async throws {
            var settings: [(key: String, value: String)] = []
            if let path { settings.append(("path", path)) }
            if let uri { settings.append(("uri", uri)) }
            for text in setting {
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 2, !parts[0].isEmpty else {
                    throw PortabilityError(
                        .configuration, "--setting is not of the form key=value", remedy: "Write service=shop, say")
                }
                settings.append((parts[0], parts[1]))
            }
            let draft = try await ConfigurationDraft.read(kind: kind, settings: settings, source: id, writtenTo: output)
            if let output {
                try draft.write(to: output)
            } else {
                Terminal.out(draft.text)
            }
            func told(_ tables: [String]) -> String { tables.isEmpty ? "none" : tables.joined(separator: ", ") }
            Terminal.error("seem to hold people: \(told(draft.people))".printable)
            Terminal.error("belong to them: \(told(draft.belonging))".printable)
            Terminal.error("others, excluded: \(told(draft.others))".printable)
            Terminal.error("\(draft.unfinished) places are marked TODO\(output.map { " in \($0)" } ?? "")")
        }
    }
}
