import ArgumentParser
import Glibc
import Portability
import PortabilityModel

extension Sources {
    struct Index: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "index", abstract: "Make indexes of the logs, with which an export reads only what it needs.",
            discussion: """
                Beside each log that has none, or one that is not believed, a file is made whose name ends in \
                .portability-index: keyed by the secret of the configuration, readable by its owner only, about 1 % of \
                the text. Exports use it by themselves, and their archives are the same with it and without. A log that \
                changes is read whole again until this is run anew, as after each rotation of the logs:

                  portability sources index -c portability.yaml && portability sources index -c portability.yaml --prune

                Exit status 1 if a source cannot be read, an index cannot be written, or --check finds one that is wrong.
                """)

        @Option(name: .shortAndLong, help: "The configuration (YAML).", completion: .file(extensions: ["yaml", "yml"]))
        var config: String

        @Flag(help: "Prove each index: make it anew, apart, and compare.")
        var check = false

        @Flag(help: "Remove indexes whose log is gone, and those that are not believed.")
        var prune = false

        private var task: IndexTask { check ? .check : prune ? .prune : .build }

        func validate() throws {
            if check, prune { throw ValidationError("Give either --check or --prune.") }
        }

        func run() async throws {
            let configuration = try readInput { try Configuration.load(path: config) }
            for warning in configuration.warnings { Terminal.error("warning: \(warning)") }
            let engine = PortabilityEngine(configuration: configuration, options: EngineOptions(workers: 1))
            let all = try await engine.indexes(task)
            var table = TextTable(["source", "logs", "indexes", "bytes", "of the text", done, "without a log"])
            var isWrong = false
            for source in all {
                if let report = source.report {
                    table.add(row(source.id, report))
                    for file in report.files {
                        guard let reason = file.reason else { continue }
                        if task == .check, file.state == .stale { isWrong = true }
                        Terminal.error("note: \(reason) (source \(source.id), file \(file.ordinal))".printable)
                    }
                }
                if let error = source.error {
                    Terminal.error("error: \(error)")
                    isWrong = true
                }
            }
            if all.isEmpty { Terminal.error("note: no source is a log, so that there is nothing to index") }
            if all.contains(where: { $0.report != nil }) { Terminal.out(table.text) }
            if isWrong { throw ExitStatus.failed }
        }

        /// The heading of what was done.
        private var done: String {
            switch task {
            case .build, .list: "made now"
            case .check: "proved"
            case .prune: "removed"
            }
        }

        private func row(_ id: String, _ report: IndexReport) -> [String] {
            let indexed = report.files.filter { $0.bytes > 0 && $0.textBytes != nil }
            let text = indexed.reduce(0) { $0 + ($1.textBytes ?? 0) }
            let bytes = indexed.reduce(0) { $0 + $1.bytes }
            let share = text > 0 ? "\(bytes * 1000 / text / 10).\(bytes * 1000 / text % 10) %" : ""
            let count: Int
            switch task {
            case .build, .list: count = report.files.count { $0.state == .built }
            case .check: count = report.files.count { $0.state == .proved }
            case .prune: count = report.files.count { $0.state == .removed } + report.orphans
            }
            return [
                id, "\(report.files.count)", "\(report.count)", "\(report.bytes)", share, "\(count)",
                task == .prune ? "0" : "\(report.orphans)",
            ]
        }
    }
}
