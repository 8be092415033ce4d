import FixedWidth
import Glibc
import Portability
import PortabilityModel

/// `export-legacy CONFIGURATION REQUEST ARCHIVE`
@main
enum Main {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 3 else {
            print("usage: export-legacy CONFIGURATION REQUEST ARCHIVE")
            exit(2)
        }
        do {
            let registry = try ExtractorRegistry.standard.adding(.fixedWidth)
            let engine = PortabilityEngine(
                configuration: try Configuration.load(path: arguments[0], registry: registry))
            let result = try await engine.export(ExportRequest.load(path: arguments[1]), to: arguments[2])
            for dataset in result.datasets { print("\(dataset.id): \(dataset.records) records, \(dataset.status)") }
            print("\(result.status.rawValue): \(result.path)")
            exit(result.status == .complete ? 0 : 3)
        } catch {
            print("\(error)")
            exit(1)
        }
    }
}
