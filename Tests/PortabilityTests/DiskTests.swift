import Foundation
import Glibc
import PortabilityArchive
import PortabilityModel
import Synchronization
import Testing

@testable import Portability

@Suite("The disk")
struct DiskTests {
    private func export(to path: String, system: OutputSystem) async throws -> ExportResult {
        var options = EngineOptions(workers: 2)
        options.system = system
        var extractor = source("register", [dataset("person")], rows: ["person": rows(12)])
        // Together more than a spool keeps in memory.
        extractor.documentBytes = 40_000
        let engine = PortabilityEngine(configuration: configuration([extractor]), options: options)
        var export = ExportOptions(created: 1)
        export.receiptPath = "\(path).receipt.json"
        return try await engine.export(request(formats: [.json, .csv, .xml]), to: path, options: export)
    }

    @Test("full at any write, sync or rename: one clear error, and nothing is left", arguments: [ENOSPC, EIO])
    func full(code: Int32) async throws {
        let folder = try Folder()
        let (counting, calls) = faultySystem(at: -1, with: code)
        _ = try await export(to: folder.file("good.zip"), system: counting)
        let total = calls()
        #expect(total > 5, "the export must be large enough to meet the disk more than once")
        for failing in 1...total {
            let (system, _) = faultySystem(at: failing, with: code)
            do {
                _ = try await export(to: folder.file("bad.zip"), system: system)
                // Only the folder's sync, after the rename, may fail with the archive in place.
                Issue.record("call \(failing) of \(total) failed unnoticed")
            } catch let error as PortabilityError {
                #expect(error.code == .output, "call \(failing) of \(total): \(error)")
            }
            let left = folder.names.filter { !$0.hasPrefix("good.zip") }
            #expect(left.isEmpty || failing == total, "call \(failing) of \(total) left \(left)")
            try? FileManager.default.removeItem(atPath: folder.file("bad.zip"))
        }
    }

    @Test("what a killed run left is swept by the next one")
    func sweep() async throws {
        let folder = try Folder()
        let name = ".portability-" + String(repeating: "0a", count: 16) + ".partial"
        _ = try folder.write("half an archive", to: name)
        _ = try folder.write("a stranger's", to: ".portability-notes.partial")
        _ = try await export(to: folder.file("a.zip"), system: .live)
        #expect(folder.names == [".portability-notes.partial", "a.zip", "a.zip.receipt.json"])
    }
}

/// A file system whose n-th write, sync or rename fails.
func faultySystem(at failing: Int, with code: Int32) -> (system: OutputSystem, calls: @Sendable () -> Int) {
    let counter = Counter()
    var system = OutputSystem.live
    let live = OutputSystem.live
    system.write = { descriptor, bytes in counter.next() == failing ? -Int(code) : live.write(descriptor, bytes) }
    system.synchronize = { counter.next() == failing ? -code : live.synchronize($0) }
    system.link = { counter.next() == failing ? -code : live.link($0, $1) }
    system.rename = { counter.next() == failing ? -code : live.rename($0, $1) }
    return (system, { counter.count })
}

private final class Counter: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
    var count: Int { value.withLock { $0 } }
}
