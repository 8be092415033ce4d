import Dispatch
import Glibc
import Logging

/// Serves a folder of requests until SIGTERM or SIGINT.
///
/// `portability-daemon CONFIGURATION REQUESTS ARCHIVES [AT-ONCE]`
@main
enum Main {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst().map { $0 }
        guard arguments.count == 3 || arguments.count == 4, let limit = Int(arguments.dropFirst(3).first ?? "4"),
            limit > 0
        else {
            print("usage: portability-daemon CONFIGURATION REQUESTS ARCHIVES [AT-ONCE]")
            exit(2)
        }
        var logger = Logger(label: "portability-daemon", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .debug
        do {
            let daemon = try Daemon(
                configuration: arguments[0], requests: arguments[1], archives: arguments[2], limit: limit,
                logger: logger)
            // Detached, because loops on the main actor hop between executors at every event.
            let work = Task.detached { await daemon.serve() }
            let signals = [SIGTERM, SIGINT].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                // Sendable, or the closure would be the main actor's and stop the process on Dispatch's thread.
                source.setEventHandler { @Sendable [logger] in
                    logger.notice("stopping", metadata: ["signal": "\(number)"])
                    work.cancel()
                }
                source.resume()
                return source
            }
            await work.value
            for source in signals { source.cancel() }
            logger.notice("stopped")
        } catch {
            logger.error("the daemon cannot start", metadata: ["error": "\(error)"])
            exit(1)
        }
    }
}
