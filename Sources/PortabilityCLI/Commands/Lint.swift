import ArgumentParser
import Glibc
import Portability
import PortabilityCalendar
import PortabilityModel

struct Lint: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Find what a configuration leaves unsaid that a person must be told, and what should be looked at.",
        discussion: """
            Errors: something that GDPR Article 12(4) or 15(1)(a) to (h) and (2) wants told is missing for data in \
            use. Warnings: lawful to run, but to be looked at. Exit status 1 if there is an error.
            """)

    @Option(name: .shortAndLong, help: "The configuration (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var config: String

    @Flag(help: "Print the findings as JSON.")
    var json = false

    @Option(help: ArgumentHelp("The day for which reviews must be recent enough. Default: today.", valueName: "date"))
    var today: String?

    func run() async throws {
        let settings = try readInput { try Configuration.load(path: config) }
        let day = try today.map { text in
            guard let day = CivilDate(text) else {
                throw PortabilityError(.configuration, "--today is not a date", remedy: "Write it as 2026-11-02")
            }
            return day
        }
        let findings = settings.lint(on: day ?? settings.today())
        let errors = findings.count { $0.severity == .error }
        if json {
            Terminal.writeBytes(LintFinding.json(findings), to: STDOUT_FILENO)
        } else {
            for finding in findings {
                Terminal.out(
                    "\(finding.severity.rawValue) \(finding.code): \(finding.message) (\(finding.place)). "
                        .printable + finding.remedy.printable)
            }
            Terminal.out("\(errors) errors, \(findings.count - errors) warnings")
        }
        if errors > 0 { throw ExitStatus.failed }
    }
}
