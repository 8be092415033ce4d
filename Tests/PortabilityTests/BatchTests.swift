import Foundation
import Glibc
import PortabilityArchive
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import Testing

@testable import Portability

@Suite("A batch")
struct BatchTests {
    /// Requests for people 1 to `count`, in several languages and formats.
    private func requests(_ count: Int) -> [ExportRequest] {
        (1...count).map { number in
            var made = request(
                [Identifier(kind: "user_id", value: "\(number)")], right: number % 3 == 0 ? .portability : .access,
                formats: number % 2 == 0 ? [.json] : [.json, .csv, .xml], id: "R-\(number)")
            made.language = Language.allCases[number % 3]
            return made
        }
    }

    private func shelves(_ count: Int) -> [Shelf] {
        let people = Dictionary(uniqueKeysWithValues: (1...count).map { ("\($0)", 3 + $0 * 2) })
        return [Shelf("register", people: people), Shelf("log", people: people, resolves: false)]
    }

    private func items(_ requests: [ExportRequest]) -> [BatchRequest] { requests.map { BatchRequest($0) } }

    private func lines(_ folder: String) throws -> [String] {
        try String(contentsOfFile: "\(folder)/batch-results.jsonl", encoding: .utf8).split(separator: "\n").map(
            String.init)
    }

    private func archives(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".zip") }.sorted()
    }

    @Test("makes of each request the same bytes as an export of its own, from sources that are opened once")
    func sameBytes() async throws {
        let folder = try Folder()
        let sources = shelves(9)
        let engine = PortabilityEngine(configuration: configuration(sources))
        let summary = try await engine.batch(
            items(requests(9)), into: folder.file("out"), options: BatchOptions(created: 1_800_000_000))
        #expect(summary.counts == [.complete: 9])
        for source in sources {
            let seen = source.watch.seen
            #expect(seen.opened == 1)
            #expect(seen.closed == 1)
            #expect(seen.overlaps == 0, "a session is asked one thing at a time")
            #expect(seen.anticipated == [(1...9).map(String.init)], "once, and of everybody")
            #expect(seen.extractedBeforeAnticipation == 0)
        }
        for request in requests(9) {
            var options = ExportOptions(created: 1_800_000_000)
            options.receiptPath = folder.file("\(request.id).json")
            _ = try await engine.export(request, to: folder.file("\(request.id).zip"), options: options)
            #expect(
                try bytes(of: folder.file("out/\(request.id).zip")) == bytes(of: folder.file("\(request.id).zip")))
            let receipt = try Receipt.prove(
                path: folder.file("out/\(request.id).zip.receipt.json"), SHA256Digest.factory
            ).receipt
            let alone = try Receipt.prove(path: folder.file("\(request.id).json"), SHA256Digest.factory).receipt
            #expect(receipt.archive.sha256 == alone.archive.sha256)
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("out/batch-results.jsonl"))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test("lets a request fail alone, whatever is wrong with it")
    func failures() async throws {
        let folder = try Folder()
        var sources = shelves(6)
        sources[1].faulty = ["3"]
        // So that something of the register is still on its way when the other source breaks the export.
        sources[0].delay = 500
        var all = requests(6)
        all[1].identityCheck = nil
        all[3].identifiers = [Identifier(kind: "user_id", value: "nobody")]
        all[4].id = "../../outside"
        let unreadable = BatchRequest(
            origin: "seventh.yaml", request: .failure(PortabilityError(.configuration, "not a request")))
        let engine = PortabilityEngine(configuration: configuration(sources))
        let out = folder.file("out")
        let summary = try await engine.batch(items(all) + [unreadable], into: out, options: BatchOptions(created: 1))
        #expect(summary.counts == [.complete: 2, .failed: 5])
        #expect(
            summary.failures == [
                .identityNotChecked: 1, .notIdentified: 1, .scopeViolation: 1, .configuration: 2,
            ])
        #expect(try archives(out) == ["R-1.zip", "R-6.zip"])
        for name in try archives(out) { #expect(try ArchiveFileReader.verify(path: "\(out)/\(name)").isIntact) }
        #expect(folder.names == ["out"], "an id cannot lead out of the folder")
        let told = try lines(out)
        #expect(told.count == 7)
        #expect(!told.contains { $0.contains("outside") || $0.contains("nobody") || $0.contains("stranger") })
        #expect(told.contains { $0.contains(#""request":null,"origin":"seventh.yaml","status":"failed""#) })
    }

    @Test("refuses two requests of one id before it writes anything")
    func repeats() async throws {
        let folder = try Folder()
        let engine = PortabilityEngine(configuration: configuration(shelves(2)))
        var twice = items(requests(2))
        twice.append(BatchRequest(requests(1)[0], origin: "again.yaml"))
        await #expect(throws: PortabilityError(.configuration, "")) {
            try await engine.batch(twice, into: folder.file("out"))
        }
        #expect(folder.names.isEmpty)
    }

    @Test("keeps on its next run what stands, makes what is missing, and never writes over what is not its own")
    func resume() async throws {
        let folder = try Folder()
        let out = folder.file("out")
        let engine = PortabilityEngine(configuration: configuration(shelves(5)))
        func run(_ all: [ExportRequest]) async throws -> BatchSummary {
            try await engine.batch(items(all), into: out, options: BatchOptions(created: 1))
        }
        _ = try await run(requests(5))
        let first = try lines(out)
        var inodes: [String: Int] = [:]
        func inode(_ name: String) throws -> Int {
            try #require(
                FileManager.default.attributesOfItem(atPath: "\(out)/\(name)")[.systemFileNumber] as? NSNumber
            ).intValue
        }
        for name in try archives(out) { inodes[name] = try inode(name) }

        var summary = try await run(requests(5))
        #expect(summary.kept == 5)
        #expect(summary.bytes == 0)
        #expect(try lines(out) == first, "nothing is told twice")

        for name in ["R-2.zip", "R-2.zip.receipt.json"] {
            try FileManager.default.removeItem(atPath: "\(out)/\(name)")
        }
        let handle = try #require(FileHandle(forWritingAtPath: "\(out)/R-4.zip"))
        try handle.seek(toOffset: 100)
        try handle.write(contentsOf: Data([1, 2, 3]))
        try handle.close()
        let altered = try bytes(of: "\(out)/R-4.zip")
        var others = requests(5)
        others[4].channel = .web
        summary = try await run(others)
        #expect(summary.kept == 2)
        #expect(summary.counts == [.complete: 3, .failed: 2])
        #expect(summary.failures == [.output: 2])
        #expect(try bytes(of: "\(out)/R-4.zip") == altered)
        for name in ["R-1.zip", "R-3.zip", "R-5.zip"] { #expect(try inode(name) == inodes[name]) }
        #expect(try ArchiveFileReader.verify(path: "\(out)/R-2.zip").isIntact)
    }

    @Test(
        "stopped by the disk at any call leaves whole archives only, and goes on from there to the same bytes",
        arguments: [ENOSPC, EIO])
    func anyDiskCall(code: Int32) async throws {
        let folder = try Folder()
        func run(into name: String, _ system: OutputSystem) async throws -> BatchSummary {
            var options = EngineOptions(workers: 1)
            options.system = system
            var batch = BatchOptions(created: 1)
            batch.groupCount = 2
            batch.groupSeconds = 1000
            batch.inFlight = 1
            batch.formats = [.json]
            return try await PortabilityEngine(configuration: configuration(shelves(3)), options: options).batch(
                items(requests(3)), into: folder.file(name), options: batch)
        }
        let (counting, calls) = faultySystem(at: -1, with: code)
        _ = try await run(into: "whole", counting)
        #expect(calls() > 10)
        let names = FileManager.default.enumerator(atPath: folder.file("whole"))?.compactMap { $0 as? String } ?? []
        for failing in 1...calls() {
            let (system, _) = faultySystem(at: failing, with: code)
            let out = "out-\(failing)"
            await #expect(throws: PortabilityError(.output, ""), "call \(failing)") { try await run(into: out, system) }
            for name in try archives(folder.file(out)) {
                #expect(try bytes(of: folder.file("\(out)/\(name)")) == bytes(of: folder.file("whole/\(name)")))
                #expect(access(folder.file("\(out)/\(name).receipt.json"), F_OK) == 0)
            }
            let before = try archives(folder.file(out)).count
            let summary = try await run(into: out, .live)
            #expect(summary.counts == [.complete: 3])
            #expect(summary.kept == before, "call \(failing)")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.file(out)).sorted() == names.sorted(),
                "call \(failing)")
            for name in try archives(folder.file(out)) {
                #expect(try bytes(of: folder.file("\(out)/\(name)")) == bytes(of: folder.file("whole/\(name)")))
            }
        }
    }

    @Test("cancelled stands with what is done, closes its sources, and goes on when it is run again")
    func cancelled() async throws {
        let folder = try Folder()
        let out = folder.file("out")
        var sources = shelves(12)
        sources[0].delay = 2000
        let settings = configuration(sources)
        let engine = PortabilityEngine(configuration: settings)
        var options = BatchOptions(created: 1)
        options.groupCount = 2
        let events = BatchEvents()
        let work = Task { [options] in
            try await engine.batch(items(requests(12)), into: out, options: options, events: events)
        }
        for await event in events {
            if case .finished = event { work.cancel() }
        }
        await #expect(throws: PortabilityError(.cancelled, "")) { try await work.value }
        #expect(sources.allSatisfy { $0.watch.seen.closed == 1 })
        let done = try archives(out)
        #expect((2..<12).contains(done.count))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: out).count { $0.hasSuffix(".partial") } == 0)
        for name in done { #expect(try ArchiveFileReader.verify(path: "\(out)/\(name)").isIntact) }
        let summary = try await engine.batch(items(requests(12)), into: out, options: options)
        #expect(summary.counts == [.complete: 12])
        #expect(summary.kept == done.count)
    }

    @Test("writes each archive into the journal once, also where it was killed before it could")
    func journal() async throws {
        let folder = try Folder()
        var settings = configuration(shelves(3))
        settings.journalFile = folder.file("journal.jsonl")
        let engine = PortabilityEngine(configuration: settings)
        func run() async throws {
            _ = try await engine.batch(items(requests(3)), into: folder.file("out"), options: BatchOptions(created: 1))
        }
        func exported() throws -> [String] {
            var found: [String] = []
            let report = try Journal(path: folder.file("journal.jsonl"), digest: SHA256Digest.factory).verify {
                if $0.event.name == .exported { found.append($0.event.request ?? "") }
            }
            #expect(report.fault == nil)
            return found.sorted()
        }
        try await run()
        try await run()
        #expect(try exported() == ["R-1", "R-2", "R-3"])
        try FileManager.default.removeItem(atPath: folder.file("journal.jsonl"))
        try FileManager.default.removeItem(atPath: folder.file("out/batch-results.jsonl"))
        try await run()
        #expect(try exported() == ["R-1", "R-2", "R-3"])
        #expect(try lines(folder.file("out")).count == 3)
    }

    @Test("knows what was delivered, when the file of results and the journal are gone")
    func delivered() async throws {
        let folder = try Folder()
        let out = folder.file("out")
        var settings = configuration(shelves(4))
        settings.journalFile = folder.file("journal.jsonl")
        let engine = PortabilityEngine(configuration: settings)
        func run() async throws -> BatchSummary {
            try await engine.batch(items(requests(4)), into: out, options: BatchOptions(created: 1))
        }
        _ = try await run()
        let journal = try bytes(of: folder.file("journal.jsonl"))
        let proof = try bytes(of: "\(out)/R-1.zip.receipt.json")
        for name in try archives(out) { try FileManager.default.removeItem(atPath: "\(out)/\(name)") }
        try FileManager.default.removeItem(atPath: "\(out)/batch-results.jsonl")
        #expect(try await run().kept == 4)
        #expect(try archives(out).isEmpty)
        #expect(try bytes(of: folder.file("journal.jsonl")) == journal)
        #expect(try lines(out).count == 4)
        try FileManager.default.removeItem(atPath: "\(out)/batch-results.jsonl")
        try FileManager.default.removeItem(atPath: folder.file("journal.jsonl"))
        #expect(try await run().kept == 4)
        #expect(try archives(out).isEmpty)
        #expect(try bytes(of: "\(out)/R-1.zip.receipt.json") == proof)

        try forgetNames(out)
        let summary = try await run()
        #expect(summary.kept == 0, "a receipt without an archive that had no name yet is that of a run that was killed")
        #expect(try archives(out).count == 4)
    }

    /// Makes the ledger of a batch what it is when a run is killed before archives have their names.
    private func forgetNames(_ folder: String) throws {
        let path = "\(folder)/\(BatchLedger.name)"
        let kept = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").filter {
            !$0.hasPrefix("named ")
        }
        try Data((kept.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    }

    @Test("does not add to a journal that is not in order what that may have")
    func brokenJournal() async throws {
        let folder = try Folder()
        var settings = configuration(shelves(2))
        settings.journalFile = folder.file("journal.jsonl")
        let engine = PortabilityEngine(configuration: settings)
        func run() async throws -> BatchSummary {
            try await engine.batch(items(requests(2)), into: folder.file("out"), options: BatchOptions(created: 1))
        }
        _ = try await run()
        var journal = try bytes(of: folder.file("journal.jsonl"))
        let place = try #require(journal.firstIndex(of: 10)) - 3
        journal[place] = journal[place] == 0x30 ? 0x31 : 0x30
        try Data(journal).write(to: URL(fileURLWithPath: folder.file("journal.jsonl")))
        #expect(try await run().kept == 2)
        try FileManager.default.removeItem(atPath: folder.file("out/batch-results.jsonl"))
        await #expect(throws: PortabilityError(.verification, "")) { try await run() }
        #expect(try bytes(of: folder.file("journal.jsonl")) == journal)
        #expect(try archives(folder.file("out")).count == 2)
    }

    @Test("has the last word on a request that failed in between")
    func lastWord() async throws {
        let folder = try Folder()
        let out = folder.file("out")
        let engine = PortabilityEngine(configuration: configuration(shelves(2)))
        var changed = requests(2)
        changed[0].channel = .web
        for all in [requests(2), changed, requests(2), requests(2)] {
            _ = try await engine.batch(items(all), into: out, options: BatchOptions(created: 1))
        }
        let told = try lines(out).filter { $0.contains(#""request":"R-1""#) }
        try #require(told.count == 3)
        #expect(told[1].contains(#""status":"failed""#))
        #expect(told[1].contains("another request of this id"))
        #expect(told[2].contains(#""status":"complete""#))
        #expect(told[2].contains(#""kept":true"#))
    }

    @Test("never takes an archive for finished without the receipt that it had")
    func lostReceipt() async throws {
        let folder = try Folder()
        let out = folder.file("out")
        let engine = PortabilityEngine(configuration: configuration(shelves(3)))
        func run() async throws -> BatchSummary {
            try await engine.batch(items(requests(3)), into: out, options: BatchOptions(created: 1))
        }
        _ = try await run()
        let (archive, receipt) = ("\(out)/R-2.zip", "\(out)/R-2.zip.receipt.json")
        let (made, proof) = (try bytes(of: archive), try bytes(of: receipt))
        let other = try bytes(of: "\(out)/R-1.zip.receipt.json")
        for text in [nil, other, Array("{}".utf8)] {
            try FileManager.default.removeItem(atPath: receipt)
            if let text { try Data(text).write(to: URL(fileURLWithPath: receipt)) }
            let summary = try await run()
            #expect(summary.counts == [.complete: 2, .failed: 1])
            #expect(try lines(out).last?.contains("R-2.zip.receipt.json") ?? false)
            #expect(try bytes(of: archive) == made)
            try Data(proof).write(to: URL(fileURLWithPath: receipt))
        }
        #expect(try await run().kept == 3)

        // Nobody needs to be told of it to have taken it.
        try FileManager.default.removeItem(atPath: receipt)
        try FileManager.default.removeItem(atPath: "\(out)/batch-results.jsonl")
        #expect(try await run().counts == [.complete: 2, .failed: 1])
        #expect(try bytes(of: archive) == made)

        // As after a failure of the machine that kept one of the two names, and nothing that was written after them.
        try forgetNames(out)
        try FileManager.default.removeItem(atPath: "\(out)/batch-results.jsonl")
        let summary = try await run()
        #expect(summary.counts == [.complete: 3])
        #expect(summary.kept == 2)
        #expect(try bytes(of: archive) == made)
        let proved = try Receipt.prove(path: receipt, SHA256Digest.factory).receipt
        #expect(proved.archive.sha256 == hexadecimal(SHA256Digest.of(made)))
    }

    @Test("refuses a changed request whose archive was delivered, and leaves the receipt alone")
    func changedAfterDelivery() async throws {
        let folder = try Folder()
        let out = folder.file("out")
        let engine = PortabilityEngine(configuration: configuration(shelves(1)))
        var all = requests(1)
        _ = try await engine.batch(items(all), into: out, options: BatchOptions(created: 1))
        try FileManager.default.removeItem(atPath: "\(out)/R-1.zip")
        let proof = try bytes(of: "\(out)/R-1.zip.receipt.json")
        all[0].channel = .web
        let summary = try await engine.batch(items(all), into: out, options: BatchOptions(created: 1))
        #expect(summary.failures == [.output: 1])
        #expect(try lines(out).last?.contains("a receipt already that is not of this request") ?? false)
        #expect(try bytes(of: "\(out)/R-1.zip.receipt.json") == proof)
        #expect(try archives(out).isEmpty)
    }

    @Test("has its folder to itself")
    func alone() async throws {
        let folder = try Folder()
        _ = mkdir(folder.file("out"), 0o700)
        let other = try BatchLedger(folder: folder.file("out"))
        let engine = PortabilityEngine(configuration: configuration(shelves(1)))
        await #expect(throws: PortabilityError(.output, "")) {
            try await engine.batch(items(requests(1)), into: folder.file("out"))
        }
        withExtendedLifetime(other) {}
        #expect(try archives(folder.file("out")).isEmpty)
    }

    @Test("goes on behind a line that a crash cut off")
    func cutOff() async throws {
        let folder = try Folder()
        let engine = PortabilityEngine(configuration: configuration(shelves(3)))
        func run() async throws -> BatchSummary {
            try await engine.batch(items(requests(3)), into: folder.file("out"), options: BatchOptions(created: 1))
        }
        _ = try await run()
        for name in [".portability-batch", "batch-results.jsonl"] {
            let path = folder.file("out/\(name)")
            // Its line was not there whole, so it had no name yet.
            let last = try #require(String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").last)
            let id = try #require((1...3).map { "R-\($0)" }.first(where: last.contains))
            try FileManager.default.removeItem(atPath: folder.file("out/\(id).zip"))
            try FileManager.default.removeItem(atPath: folder.file("out/\(id).zip.receipt.json"))
            try Data(bytes(of: path).dropLast(20)).write(to: URL(fileURLWithPath: path))
            let summary = try await run()
            #expect(summary.counts == [.complete: 3])
            #expect(try bytes(of: path).last == 10)
        }
        for line in try lines(folder.file("out")) {
            #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
        }
    }

    @Test("many at a time share one engine")
    func concurrent() async throws {
        let folder = try Folder()
        let engine = PortabilityEngine(configuration: configuration(shelves(6)))
        try await withThrowingTaskGroup { group in
            for out in (1...3).map({ folder.file("out-\($0)") }) {
                group.addTask {
                    try await engine.batch(items(requests(6)), into: out, options: BatchOptions(created: 1))
                }
            }
            for try await summary in group { #expect(summary.counts == [.complete: 6]) }
        }
        for name in try archives(folder.file("out-1")) {
            #expect(try bytes(of: folder.file("out-1/\(name)")) == bytes(of: folder.file("out-3/\(name)")))
        }
    }

    // MARK: Requests

    @Test("reads a folder by name, or a file of JSON Lines, and what is no request is one that fails")
    func load() throws {
        let folder = try Folder()
        _ = mkdir(folder.file("requests"), 0o700)
        let yaml = """
            id: R-2
            right: access
            received: 2026-11-02
            identifiers: { user_id: 2 }
            identity_check: { method: in-person }
            """
        _ = try folder.write(yaml, to: "requests/b.yaml")
        _ = try folder.write("{\"id\": 3", to: "requests/a.json")
        _ = try folder.write("notes", to: "requests/notes.txt")
        let loaded = try BatchRequest.load(path: folder.file("requests"))
        #expect(loaded.map(\.origin) == ["a.json", "b.yaml"])
        #expect(throws: PortabilityError.self) { try loaded[0].request.get() }
        #expect(try loaded[1].request.get().identifiers == [Identifier(kind: "user_id", value: "2")])

        let line =
            #"{"id":"R-1","right":"access","received":"2026-11-02","identifiers":{"user_id":"1 \u00e4"},"#
            + #""identity_check":{"method":"in-person"}}"#
        let path = try folder.write("\(line)\r\n\n[1]\n{\"id\":}\nid: R-5\n", to: "requests.jsonl")
        let lines = try BatchRequest.load(path: path)
        #expect(lines.map(\.origin) == ["line 1", "line 3", "line 4", "line 5"])
        #expect(try lines[0].request.get().identifiers == [Identifier(kind: "user_id", value: "1 ä")])
        for (item, number) in zip(lines.dropFirst(), [3, 4, 5]) {
            guard case .failure(let error) = item.request else {
                Issue.record("\(item.origin) is no request")
                continue
            }
            #expect(error.code == .configuration)
            #expect(error.place.line == Int64(number))
        }
        #expect(throws: PortabilityError(.configuration, "")) {
            try BatchRequest.load(path: try folder.write("\n", to: "empty.jsonl"))
        }
    }

    @Test("tells requests apart by everything that they say")
    func fingerprints() {
        var full = request()
        full.requester = .init(relation: .guardian, evidence: .init(document: "birth-certificate"))
        full.delivery = .init(to: .requester, channel: .email)
        full.period = .init(from: "2026-01-01")
        full.events = [.init(kind: .identityAsked, at: "2026-11-03")]
        let changes: [(inout ExportRequest) -> Void] = [
            { $0.id = "R-2" }, { $0.right = .portability }, { $0.received = "2026-11-03" }, { $0.channel = .web },
            { $0.language = .sv }, { $0.identifiers[0].value = "8" }, { $0.identifiers[0].kind = "customer_number" },
            { $0.identityCheck?.method = .session }, { $0.identityCheck?.level = "high" },
            { $0.identityCheck?.at = nil }, { $0.identityCheck?.by = "support" }, { $0.identityCheck = nil },
            { $0.signature = .init(form: "written") }, { $0.formats = [.json] }, { $0.include = [.usage] },
            { $0.exclude = [.usage] }, { $0.csvDialect = .service }, { $0.instruction = "I-1" },
            { $0.requester?.relation = .attorney }, { $0.requester?.evidence = nil },
            { $0.requester?.evidence?.sha256 = "00" }, { $0.delivery?.to = .subject }, { $0.delivery?.name = "x" },
            { $0.delivery?.channel = .letter }, { $0.period?.from = nil }, { $0.period?.to = "2026-02-01" },
            { $0.events[0].at = "2026-11-04" }, { $0.events[0].isNecessary = true },
            { $0.events[0].reason = .number }, { $0.events[0].kind = .identityReceived }, { $0.events = [] },
            { $0.residence = "SE" }, { $0.supplements = "00" }, { $0.missingBy = "2026-12-01" },
            { $0.identifiers.append(Identifier(kind: "email", value: "a@example.fi")) },
        ]
        var seen: Set<[UInt8]> = [full.canonicalBytes]
        for change in changes {
            var other = full
            change(&other)
            seen.insert(other.canonicalBytes)
        }
        #expect(seen.count == changes.count + 1)
    }
}
