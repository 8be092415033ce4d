import ArgumentParser
import Portability
import PortabilityModel
import PortabilityReport
import PortabilityScope

struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what an export would read and leave out, and why, without reading a record.")

    @OptionGroup var options: RequestOptions

    @Flag(
        help: ArgumentHelp(
            "Instead: list the controllers for whom data on the person may be processed. Internal: never for the person.",
            discussion: "With --notices, the forwarding notice to each is written into a folder."))
    var route = false

    @Option(help: ArgumentHelp("With --route: the folder for the notices.", valueName: "folder"))
    var notices: String?

    func validate() throws {
        if notices != nil, !route { throw ValidationError("--notices goes with --route.") }
    }

    func run() async throws {
        let configuration = try readInput { try Configuration.load(path: options.config) }
        for warning in configuration.warnings { Terminal.error("warning: \(warning)") }
        let request = try options.load(formats: nil)
        let engine = PortabilityEngine(configuration: configuration, options: EngineOptions(workers: 1))
        if route {
            try await showRoute(engine, request)
        } else {
            show(try await engine.plan(request))
        }
    }

    private func show(_ plan: ExportPlan) {
        Terminal.out("request \(plan.request), right: \(plan.right.rawValue)")
        let known = plan.identifiers.map { "\($0.kind) (\($0.values), \($0.isGiven ? "given" : "found"))" }
        Terminal.out("identifiers: \(known.joined(separator: ", "))")
        for (kind, count) in plan.shared.sorted(by: { $0.key < $1.key }) {
            Terminal.out("not used: \(count) \(kind) that also leads to other people")
        }
        if let userClass = plan.userClass {
            Terminal.out(
                "class of user: \(userClass.id), \(plan.isParty ? "a party" : "no party") to the contract")
        } else if !plan.isParty {
            Terminal.out("class of user: none of those declared, so not taken for a party to the contract")
        }
        if plan.freeText.isEmpty {
            Terminal.out("free text: not looked through")
        } else {
            let actions = plan.freeText.map { "\($0.kind) \($0.action.rawValue)" }
            Terminal.out("free text: \(actions.joined(separator: ", "))")
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
            guard dataset.decision == .read else { continue }
            for (recordClass, ground) in dataset.recordRules {
                table.add(["", "  (records)\(suffix(recordClass))", "withhold", ground.rawValue, "", ""])
            }
            for rule in dataset.rules {
                table.add([
                    "", "  \(rule.path)\(suffix(rule.recordClass))", rule.action.rawValue, rule.ground.rawValue, "", "",
                ])
            }
            if dataset.scansText { table.add(["", "  (free text)", "look through", "", "", ""]) }
        }
        Terminal.out(table.text)
    }

    private func suffix(_ recordClass: String?) -> String { recordClass.map { " [\($0)]" } ?? "" }

    private func showRoute(_ engine: PortabilityEngine, _ request: ExportRequest) async throws {
        let entries = try await engine.route(request)
        Terminal.error("internal: the person is never told these names")
        var table = TextTable(["source", "controller", "name", "contact"])
        for entry in entries { table.add([entry.source, entry.tenant, entry.name ?? "", entry.contact ?? ""]) }
        Terminal.out(table.text)
        guard let notices else { return }
        let facts = try engine.configuration.letterFacts(
            for: .forwardingNotice, request, receipt: nil, options: LetterOptions(date: engine.configuration.today()))
        let text = Array(letter(.forwardingNotice, facts).utf8)
        for index in entries.indices {
            try writePrivateFile(text, to: "\(notices)/\(request.id).letter-notice-\(index + 1).txt", replace: false)
        }
        Terminal.error("\(entries.count) notices in \(notices)")
    }
}
