import Foundation
import Portability
import PortabilityModel
import Testing

@Suite("Cancelling")
struct CancellationTests {
    @Test("a hanging source can be cancelled: no file, no session is left")
    func hanging() async throws {
        let folder = try Folder()
        var extractor = source("logs", [dataset("events")], rows: ["events": rows(10)])
        extractor.fault = .hangs
        let engine = PortabilityEngine(configuration: configuration([extractor]))
        let path = folder.file("a.zip")
        let task = Task { try await engine.export(request(), to: path) }
        while extractor.journal.total == 0 { await Task.yield() }
        task.cancel()
        let outcome = await task.result
        #expect(throws: PortabilityError(.cancelled, "")) { try outcome.get() }
        #expect(folder.names == [])
        #expect(extractor.journal.open == 0)
    }

    @Test(
        "half of fifty concurrent exports, cancelled at random points, leave nothing, and the others' bytes are right")
    func fifty() async throws {
        let folder = try Folder()
        let journal = SessionJournal()
        func engineConfiguration() -> Configuration {
            var register = source(
                "register", [dataset("person"), dataset("friends")], rows: ["person": rows(300), "friends": rows(100)])
            var logs = source("logs", [dataset("events")], rows: ["events": rows(400)])
            register.journal = journal
            logs.journal = journal
            register.documentBytes = 20
            register.delay = { UInt64($0 % 7) * 20 }
            logs.delay = { UInt64($0 % 5) * 30 }
            return configuration([register, logs])
        }
        let engine = PortabilityEngine(configuration: engineConfiguration(), options: EngineOptions(workers: 2))
        let solo = PortabilityEngine(configuration: engineConfiguration(), options: EngineOptions(workers: 1))
        _ = try await solo.export(request(), to: folder.file("solo.zip"), options: .init(created: 1_750_000_000))
        let expected = try bytes(of: folder.file("solo.zip"))

        var generator = SeededGenerator(50)
        let waits = (0..<50).map { _ in UInt64.random(in: 0...40_000_000, using: &generator) }
        let finished = await withTaskGroup(of: (Int, Bool).self) { group in
            for index in 0..<50 {
                let path = folder.file("\(index).zip")
                group.addTask {
                    let task = Task {
                        try await engine.export(request(), to: path, options: .init(created: 1_750_000_000))
                    }
                    if index % 2 == 0 {
                        try? await Task.sleep(nanoseconds: waits[index])
                        task.cancel()
                    }
                    let result = await task.result
                    if case .failure(let error) = result {
                        #expect(error as? PortabilityError == PortabilityError(.cancelled, ""))
                        return (index, false)
                    }
                    return (index, true)
                }
            }
            var finished: [Int] = []
            for await (index, isFinished) in group where isFinished { finished.append(index) }
            return finished
        }
        #expect(Set((0..<50).filter { $0 % 2 == 1 }).isSubset(of: finished), "nobody else was cancelled")
        #expect(Set(folder.names) == Set(finished.map { "\($0).zip" } + ["solo.zip"]))
        for index in finished {
            let isSame = try bytes(of: folder.file("\(index).zip")) == expected
            #expect(isSame, "export \(index)")
        }
        #expect(journal.open == 0)
    }
}
