import ArgumentParser
import Portability
import PortabilityModel

struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what an export would read and leave out, and why, without reading a record.")

    @OptionGroup var options: RequestOptions

    func run() async throws {
        let configuration = try readInput { try Configuration.load(path: options.config) }
        for warning in configuration.warnings { Terminal.error("warning: \(warning)") }
        let request = try options.load(formats: nil)
        let engine = PortabilityEngine(configuration: configuration, options: EngineOptions(workers: 1))
        let plan = try await engine.plan(request)
        Terminal.out("request \(plan.request), right: \(plan.right.rawValue)")
        let known = plan.identifiers.map { "\($0.kind) (\($0.values), \($0.isGiven ? "given" : "found"))" }
        Terminal.out("identifiers: \(known.joined(separator: ", "))")
        for (kind, count) in plan.shared.sorted(by: { $0.key < $1.key }) {
            Terminal.out("not used: \(count) \(kind) that also leads to other people")
        }
        Terminal.out("")
        var table = TextTable(["source", "dataset", "decision", "why", "records", "purposes"])
        for dataset in plan.datasets {
            let (decision, why): (String, String) =
                switch dataset.decision {
                case .read: ("export", "")
                case .withheld(let ground): ("leave out", ground.rawValue)
                case .notRead(let ground): ("not read", ground.rawValue)
                }
            table.add([
                dataset.source, dataset.dataset.id, decision, why, dataset.estimate.map { "\($0)" } ?? "",
                dataset.dataset.purposes.joined(separator: " "),
            ])
            for field in dataset.withheldFields where dataset.decision == .read {
                table.add(["", "  \(field.path)", "withhold", field.ground.rawValue, "", ""])
            }
        }
        Terminal.out(table.text)
    }
}
