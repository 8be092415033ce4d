import ArgumentParser
import CMalloc
import Glibc
import Portability
import PortabilityModel
import Synchronization

/// The program: arguments in, an exit status out. All work is done by the library.
@main
enum Main {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        // One pool of memory for all threads: batches are made on one and freed on another, and pools of their own
        // would each keep what the others could use.
        _ = portability_limit_arenas(1)
        let signals = SignalWatch()
        let work = Task.detached { await run() }
        Task.detached {
            var status = await work.value
            if status == ExitStatus.complete.rawValue, Terminal.outputFailed.load(ordering: .relaxed) {
                Terminal.error("error: stdout cannot be written to")
                status = ExitStatus.failed.rawValue
            }
            exit(signals.received.map { 128 + $0 } ?? status)
        }
        signals.watch { work.cancel() }
    }

    private static func run() async -> Int32 {
        do {
            let command = try PortabilityCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                var command = command
                try command.run()
            }
            return ExitStatus.complete.rawValue
        } catch let status as ExitStatus {
            return status.rawValue
        } catch let error as PortabilityError {
            Terminal.error("error: \(error)")
            return ExitStatus(error).rawValue
        } catch {
            let text = PortabilityCommand.fullMessage(for: error)
            if PortabilityCommand.exitCode(for: error).isSuccess {
                Terminal.out(text)
                return ExitStatus.complete.rawValue
            }
            Terminal.error(text)
            return ExitStatus.usage.rawValue
        }
    }
}

/// The exit statuses, as the README documents them.
enum ExitStatus: Int32, Error {
    case complete = 0
    case failed = 1
    case usage = 2
    case partial = 3
    case identity = 4
    case verification = 5
    case refused = 6

    init(_ error: PortabilityError) {
        switch error.code {
        case .configuration: self = .usage
        case .notIdentified, .ambiguous, .identityNotChecked: self = .identity
        case .verification, .unsupported: self = .verification
        case .refused, .reviewNeeded: self = .refused
        default: self = .failed
        }
    }
}

struct PortabilityCommand: AsyncParsableCommand {
    // This and all commands say their names: to derive them from the types takes the parser 7 % of a short run.
    static let configuration = CommandConfiguration(
        commandName: "portability",
        abstract: "Everything an organisation holds about one person, in one archive.",
        discussion: """
            A first look, with the samples, from the folder of the project:
              cd samples
              portability sources check -c portability.yaml
              portability plan -c portability.yaml -r requests/access.yaml
              portability export -c portability.yaml -r requests/access.yaml -o R-1.zip
              portability verify R-1.zip
              portability inspect R-1.zip

            Exit status: 0 complete, 1 failed, 2 usage or configuration, 3 partial (a source failed or lost
            records; the archive says which), 4 identity not settled, 5 verification failed, 6 refused by rule, or
            somebody has to look at something first,
            130 and 143 interrupted.
            """,
        version: "portability \(PortabilityEngine.version)",
        subcommands: [
            Export.self, Batch.self, Plan.self, Verify.self, Inspect.self, ImportCommand.self, Diff.self, Convert.self,
            Letter.self,
            Deadline.self, Receipts.self, DossierCommand.self, PurgeCommand.self, Lint.self, Sources.self,
            SchemaCommand.self,
        ])
}
