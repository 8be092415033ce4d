import FoundationEssentials
import Logging
import Portability
import PortabilityModel

/// Exports every request of a folder, several at once, with one engine. Beside each archive lies its receipt.
///
/// A request that needs a review leaves the list of what somebody must look at, and is exported by the first run of the
/// daemon that finds all of it decided.
///
/// Whoever puts a request there writes it under another name and renames it to `*.yaml`, so that no half file is read.
struct Daemon: Sendable {
    let engine: PortabilityEngine
    let requests: String
    let archives: String
    let limit: Int
    let logger: Logger

    /// - Throws: `PortabilityError` if the configuration cannot be used.
    init(configuration: String, requests: String, archives: String, limit: Int, logger: Logger) throws {
        let configuration = try Configuration.load(path: configuration)
        for warning in configuration.warnings { logger.warning("\(warning)") }
        engine = PortabilityEngine(configuration: configuration, options: EngineOptions(logger: logger))
        self.requests = requests
        self.archives = archives
        self.limit = limit
        self.logger = logger
    }

    /// Looks for new requests every second until the task is cancelled; returns when every export has ended.
    func serve() async {
        await withTaskGroup(of: Void.self) { group in
            var seen: Set<String> = []
            var running = 0
            while !Task.isCancelled {
                let names = (try? FileManager.default.contentsOfDirectory(atPath: requests)) ?? []
                for name in names.sorted() where name.hasSuffix(".yaml") && !Task.isCancelled {
                    guard seen.insert(name).inserted else { continue }
                    // A place must be free before the next export starts: the group is the semaphore.
                    if running == limit {
                        await group.next()
                        running -= 1
                    }
                    guard group.addTaskUnlessCancelled(operation: { await export("\(requests)/\(name)") }) else {
                        break
                    }
                    running += 1
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Runs one request. Only ids, counts and error codes are logged; identifiers of a person never leave the request.
    private func export(_ path: String) async {
        var logger = logger
        do {
            let request = try ExportRequest.load(path: path)
            logger[metadataKey: "request"] = "\(request.id)"
            let archive = "\(archives)/\(request.id).zip"
            // Done by an earlier run of the daemon: a file of that name is always whole.
            if FileManager.default.fileExists(atPath: archive) { return }
            var options = ExportOptions()
            options.receiptPath = "\(archive).receipt.json"
            options.reviewListPath = "\(archives)/\(request.id).review.json"
            // What an earlier run wanted somebody to look at.
            if let path = options.reviewListPath, FileManager.default.fileExists(atPath: path) {
                let review = try ReviewFile.load(path: path)
                guard review.undecided == 0 else {
                    logger.notice("waits for a review", metadata: ["places": "\(review.undecided)"])
                    return
                }
                options.review = review
            }
            let events = ExportEvents()
            async let shown: Void = show(events, logger: logger)
            // The engine logs how it ended; the sequence of events ends with the export, whatever becomes of it.
            let result = try await engine.export(request, to: archive, options: options, events: events)
            await shown
            for error in result.errors {
                logger.warning("a source failed", metadata: ["error": "\(error)"])
            }
        } catch let error as PortabilityError {
            if error.code != .cancelled { logger.error("no archive", metadata: ["error": "\(error)"]) }
        } catch {
            logger.error("no archive")
        }
    }

    /// Events hold no personal data. A metrics library would take its counts from here.
    private func show(_ events: ExportEvents, logger: Logger) async {
        for await event in events {
            if case .progress(let records, _) = event {
                logger.trace("progress", metadata: ["records": "\(records)"])
            } else {
                logger.debug("\(event)")
            }
        }
    }
}
