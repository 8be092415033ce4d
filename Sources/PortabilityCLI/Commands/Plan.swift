import ArgumentParser
import Glibc
import Portability
import PortabilityModel
import PortabilityReport
import PortabilityScope

struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what an export would read and leave out, and why, without reading a record.")

    @OptionGroup var options: RequestOptions

    @Flag(
        help: ArgumentHelp(
            "Instead: list the controllers for whom data on the person may be processed. Internal: never for the person.",
            discussion: "With --notices, the forwarding notice to each is written into a folder."))
    var route = false

    @Option(help: ArgumentHelp("With --route: the folder for the notices.", valueName: "folder"))
    var notices: String?

    @Flag(help: "Show the rule of every field, instead of those that are alike in one line.")
    var allRules = false

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
            let stays = plan.right == .access || plan.right == .portability
            Terminal.out(
                "free text: \(actions.joined(separator: ", "))"
                    + (stays ? "; what the subject entered stays, identity codes apart" : ""))
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
            for (paths, rule) in grouped(dataset.rules) {
                table.add([
                    "", "  \(paths)\(suffix(rule.recordClass))", rule.action.rawValue,
                    rule.ground == .identityCode ? "\(rule.ground.rawValue), if it is one" : rule.ground.rawValue, "",
                    "",
                ])
            }
        }
        Terminal.out(table.text)
        if !plan.withoutPersonalData.isEmpty { Terminal.out("") }
        for (source, reason) in plan.withoutPersonalData {
            Terminal.out("\(source) holds no personal data: \(reason.en)")
        }
        let scanned = plan.datasets.filter { $0.decision == .read && $0.scansText }.map(\.dataset.id)
        if !scanned.isEmpty { Terminal.out("\nfree text is looked through in: \(scanned.joined(separator: ", "))") }
    }

    /// Rules that do the same to several fields, in one line each: the first field, and how many more.
    private func grouped(_ rules: [FieldDecisions.Rule]) -> [(paths: String, rule: FieldDecisions.Rule)] {
        if allRules { return rules.map { ($0.path, $0) } }
        var groups: [(first: FieldDecisions.Rule, count: Int)] = []
        for rule in rules {
            let same = groups.firstIndex {
                $0.first.action == rule.action && $0.first.ground == rule.ground
                    && $0.first.recordClass == rule.recordClass
            }
            if let same { groups[same].count += 1 } else { groups.append((rule, 1)) }
        }
        return groups.map { group in
            (group.count == 1 ? group.first.path : "\(group.first.path) and \(group.count - 1) more", group.first)
        }
    }

    private func suffix(_ recordClass: String?) -> String { recordClass.map { " [\($0)]" } ?? "" }

    private func showRoute(_ engine: PortabilityEngine, _ request: ExportRequest) async throws {
        let entries = try await engine.route(request)
        Terminal.error("internal: the person is never told these names")
        var table = TextTable(["source", "controller", "name", "contact"])
        for entry in entries { table.add([entry.source, entry.tenant, entry.name ?? "", entry.contact ?? ""]) }
        Terminal.out(table.text)
        guard let notices else { return }
        var facts = try engine.configuration.letterFacts(
            for: .forwardingNotice, request, receipt: nil, options: LetterOptions(date: engine.configuration.today()))
        if mkdir(notices, 0o700) != 0, errno != EEXIST {
            throw PortabilityError(
                .output, "the folder for the notices cannot be made", remedy: "Check the path",
                at: .init(file: notices),
                errno: errno)
        }
        for (index, entry) in entries.enumerated() {
            facts.addressee = LetterFacts.Addressee(name: entry.name, tenant: entry.tenant, contact: entry.contact)
            let text = Array(letter(.forwardingNotice, facts).utf8)
            try writePrivateFile(text, to: "\(notices)/\(request.id).letter-notice-\(index + 1).txt", replace: false)
        }
        Terminal.error("\(entries.count) notices in \(notices)")
    }
}
