import ArgumentParser
import Portability
import PortabilityModel

struct Sources: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at the configured sources.", subcommands: [Check.self])

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
}
