import ArgumentParser
import Portability

/// How progress is told.
enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
    case bar, json, none
}

/// Shows the events of an export on stderr until they end.
func show(_ events: ExportEvents, style: ProgressStyle) async {
    var hasLine = false
    var shown = 0
    func clear() {
        if hasLine { Terminal.errorRaw("\r\u{1B}[K") }
        hasLine = false
    }
    for await event in events {
        switch style {
        case .none: continue
        case .json: Terminal.error(json(event))
        case .bar:
            switch event {
            case .identified(let kinds):
                let list = kinds.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
                Terminal.error("subject settled: \(list.joined(separator: ", "))")
            case .sourceStarted(let id):
                clear()
                Terminal.error("reading \(id)")
            case .sourceEnded(let id, let status, let records):
                clear()
                Terminal.error("\(status == "failed" ? "FAILED  " : "read    ")\(id): \(records) records")
            case .progress(let records, let bytes):
                shown += 1
                if shown % 8 == 1 {
                    Terminal.errorRaw("\r\u{1B}[K  \(records) records, \(bytes >> 20) MiB")
                    hasLine = true
                }
            case .packing:
                clear()
                Terminal.error("packing the archive")
            case .finished: clear()
            }
        }
    }
    clear()
}

private func json(_ event: ExportEvent) -> String {
    switch event {
    case .identified(let kinds):
        let list = kinds.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return "{\"event\":\"identified\",\"identifiers\":{\(list.joined(separator: ","))}}"
    case .sourceStarted(let id): return "{\"event\":\"source-started\",\"source\":\"\(id)\"}"
    case .sourceEnded(let id, let status, let records):
        return "{\"event\":\"source-ended\",\"source\":\"\(id)\",\"status\":\"\(status)\",\"records\":\(records)}"
    case .progress(let records, let bytes):
        return "{\"event\":\"progress\",\"records\":\(records),\"bytes\":\(bytes)}"
    case .packing: return "{\"event\":\"packing\"}"
    case .finished(let status, let records, let bytes):
        return "{\"event\":\"finished\",\"status\":\"\(status)\",\"records\":\(records),\"bytes\":\(bytes)}"
    }
}
