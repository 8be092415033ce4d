import Foundation
import Portability
import PortabilityModel
import Testing

@Suite("What goes wrong is never a silent success")
struct FailureTests {
    /// Runs an export that must throw, and looks that nothing is left.
    private func expectRefusal(_ code: PortabilityError.Code, _ extractors: [FakeExtractor]) async throws {
        let folder = try Folder()
        let engine = PortabilityEngine(configuration: configuration(extractors))
        await #expect(throws: PortabilityError(code, "")) {
            try await engine.export(request(), to: folder.file("a.zip"))
        }
        #expect(folder.names == [])
        for extractor in extractors { #expect(extractor.journal.open == 0) }
    }

    @Test("a record of another subject stops the export")
    func foreignSubject() async throws {
        var mixed = rows(10)
        mixed[7].subject = "8"
        try await expectRefusal(.scopeViolation, [source("register", [dataset("person")], rows: ["person": mixed])])
    }

    @Test("a record of another tenant stops a handover")
    func foreignTenant() async throws {
        let folder = try Folder()
        var mixed = rows(4, tenant: "C1")
        mixed[2].tenant = "C2"
        for (tenants, isLawful) in [(mixed, false), (rows(4, tenant: "C1"), true)] {
            let extractor = source(
                "invoices", [dataset("person", role: .processor)], role: .processor, rows: ["person": tenants])
            let engine = PortabilityEngine(configuration: configuration([extractor]))
            let handover = request(
                [Identifier(kind: "user_id", value: "7"), Identifier(kind: "customer_number", value: "C1")],
                right: .handover)
            if isLawful {
                #expect(try await engine.export(handover, to: folder.file("b.zip")).records == 4)
            } else {
                await #expect(throws: PortabilityError(.scopeViolation, "")) {
                    try await engine.export(handover, to: folder.file("a.zip"))
                }
            }
        }
        #expect(folder.names == ["b.zip"])
    }

    @Test("rows out of order, or the same row twice, stop the export", arguments: [[2, 1], [1, 1], [9, 10, 2]])
    func disorder(ids: [Int]) async throws {
        let extractor = source(
            "register", [dataset("person")], rows: ["person": ids.map { FakeExtractor.Row(id: $0) }])
        try await expectRefusal(.scopeViolation, [extractor])
    }

    @Test("integers are ordered as numbers: 10 comes after 9")
    func integerOrder() async throws {
        let folder = try Folder()
        let ids = [-20, -3, 0, 9, 10, 100]
        let extractor = source(
            "register", [dataset("person")], rows: ["person": ids.map { FakeExtractor.Row(id: $0) }])
        let engine = PortabilityEngine(configuration: configuration([extractor]))
        #expect(try await engine.export(request(), to: folder.file("a.zip")).records == 6)
    }

    @Test("an extractor that states more records than it delivered stops the export")
    func ledger() async throws {
        var extractor = source("register", [dataset("person")], rows: ["person": rows(5)])
        extractor.fault = .statesTooMany
        try await expectRefusal(.ledger, [extractor])
    }

    @Test(
        "a source that breaks off half-way makes the result partial, and none of its half is in the archive",
        arguments: [PortabilityError.Code.unavailable, .denied, .malformed, .drift, .limit])
    func breaksOff(code: PortabilityError.Code) async throws {
        let folder = try Folder()
        var broken = source("logs", [dataset("events")], rows: ["events": rows(50)])
        broken.fault = .failsAfter(rows: 31, code)
        let good = source("register", [dataset("person")], rows: ["person": rows(5)])
        let engine = PortabilityEngine(configuration: configuration([good, broken]))
        let result = try await engine.export(request(), to: folder.file("a.zip"))
        #expect(result.status == .partial)
        #expect(result.errors.map(\.code) == [code])
        #expect(result.errors.first?.place.source == "logs")
        let description = try ArchiveFileReader.describe(path: folder.file("a.zip"))
        #expect(description.status == "partial")
        #expect(description.datasets.map(\.status) == ["exported", "failed"])
        #expect(!description.entries.contains { $0.name.contains("events") })
        #expect(try ArchiveFileReader.verify(path: folder.file("a.zip")).isIntact)
    }

    @Test("a source that does not open makes the result partial")
    func doesNotOpen() async throws {
        let folder = try Folder()
        var broken = source("logs", [dataset("events")], rows: [:])
        broken.fault = .cannotOpen(.unavailable)
        let good = source("register", [dataset("person")], rows: ["person": rows(5)])
        let engine = PortabilityEngine(configuration: configuration([good, broken]))
        #expect(try await engine.export(request(), to: folder.file("a.zip")).status == .partial)
    }

    @Test("a register that does not open leaves nobody identified: no archive")
    func registerDoesNotOpen() async throws {
        var register = source(
            "register", [dataset("person")], rows: [:], people: [SubjectKeys([Identifier(kind: "user_id", value: "7")])]
        )
        register.fault = .cannotOpen(.unavailable)
        try await expectRefusal(.unavailable, [register])
    }

    @Test("findings that lose records make the result partial, others do not")
    func findings() async throws {
        let folder = try Folder()
        for (index, (kind, status)) in [
            (Finding.Kind.malformed, ExportResult.Status.partial), (.truncated, .partial), (.unreadable, .partial),
            (.unmapped, .complete), (.mistyped, .complete), (.invalidText, .complete),
        ].enumerated() {
            var extractor = source("logs", [dataset("events")], rows: ["events": rows(2)])
            extractor.findings = [Finding(kind, "something was noticed", at: .init(line: 3), count: 2)]
            let engine = PortabilityEngine(configuration: configuration([extractor]))
            let result = try await engine.export(request(), to: folder.file("\(index).zip"))
            #expect(result.status == status, "\(kind)")
            #expect(result.findings.map(\.kind) == [kind])
        }
    }

    @Test("a declared tolerance is kept to the line")
    func tolerance() async throws {
        let folder = try Folder()
        for (count, status) in [(Int64(3), ExportResult.Status.complete), (4, .partial)] {
            var extractor = source("logs", [dataset("events")], rows: ["events": rows(2)])
            extractor.findings = [Finding(.malformed, "a line is not JSON", count: count)]
            var configuration = configuration([extractor])
            configuration.sources[0].toleratedMalformed = 3
            let engine = PortabilityEngine(configuration: configuration)
            #expect(try await engine.export(request(), to: folder.file("\(count).zip")).status == status)
        }
    }

    @Test("an error of an extractor's own kind does not end as a success, and its text is not shown")
    func foreignError() async throws {
        struct Leak: Error, CustomStringConvertible { var description: String { "secret of Päivi" } }
        let error = PortabilityError(.unavailable, "")
        #expect(error == PortabilityError(.unavailable, "anything"))
        #expect(!"\(error)".contains("Päivi"))
    }
}
