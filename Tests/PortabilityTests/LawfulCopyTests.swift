import Foundation
import Portability
import PortabilityArchive
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import PortabilityScope
import PortabilityText
import Testing

@Suite("A lawful copy")
struct LawfulCopyTests {
    private let people = [
        SubjectKeys([Identifier(kind: "user_id", value: "7"), Identifier(kind: "email", value: "a@b.fi")])
    ]

    private func rows(_ notes: [String?]) -> [FakeExtractor.Row] {
        notes.enumerated().map { FakeExtractor.Row(id: $0 + 1, note: $1) }
    }

    private func manifest(_ path: String) throws -> [String: Any] {
        let reader = try ZipReader(path: path)
        var bytes: [UInt8] = []
        let entry = try #require(reader.entries.first { $0.name == "manifest.json" })
        try reader.read(entry) { piece in piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) } }
        return try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    private func text(_ path: String, _ name: String) throws -> String {
        let reader = try ZipReader(path: path)
        var bytes: [UInt8] = []
        let entry = try #require(reader.entries.first { $0.name == name })
        try reader.read(entry) { piece in piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) } }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: classes of users

    @Test(
        "a company's employee gets nothing under the contract; a sole trader does; who is of no class is taken for none"
    )
    func userClasses() async throws {
        for (answer, expected) in [
            ([["class": "sole-trader"]], "exported"), ([["class": "employee"]], "withheld"), ([], "withheld"),
            ([["class": "sole-trader"], ["class": "employee"]], "withheld"),
        ] as [([[String: String]], String)] {
            let folder = try Folder()
            var register = source("register", [dataset("person")], rows: ["person": rows([nil])], people: people)
            register.answers[.classify] = answer
            var settings = configuration([register])
            settings.userClasses = [
                UserClass(id: "sole-trader", label: someText, isParty: true),
                UserClass(id: "employee", label: someText, isParty: false),
            ]
            let engine = PortabilityEngine(configuration: settings)
            let result = try await engine.export(request(right: .portability), to: folder.file("a.zip"))
            #expect(result.datasets.map(\.status) == [expected])
            let access = try await engine.export(request(right: .access), to: folder.file("b.zip"))
            #expect(access.datasets.map(\.status) == ["exported"], "access does not ask for a contract")
        }
    }

    @Test("a class that is not declared is a configuration error")
    func unknownClass() async throws {
        var register = source("register", [dataset("person")], people: people)
        register.answers[.classify] = [["class": "martian"]]
        var settings = configuration([register])
        settings.userClasses = [UserClass(id: "employee", label: someText, isParty: false)]
        let engine = PortabilityEngine(configuration: settings)
        await #expect(throws: PortabilityError(.configuration, "")) { try await engine.plan(request()) }
    }

    // MARK: nothing held

    @Test("nothing held is a package too, but only when an officer says that the identifiers are right")
    func nothingHeld() async throws {
        let folder = try Folder()
        let sources = [
            source("register", [dataset("person")], rows: ["person": []], people: people),
            source("logs", [dataset("events", subject: "email")], rows: ["events": []]),
        ]
        let engine = PortabilityEngine(configuration: configuration(sources))
        let asked = request([Identifier(kind: "email", value: "nobody@example.fi")])
        await #expect(throws: PortabilityError(.notIdentified, "")) {
            try await engine.export(asked, to: folder.file("a.zip"))
        }
        var options = ExportOptions()
        options.confirmsNothingHeld = true
        let result = try await engine.export(asked, to: folder.file("a.zip"), options: options)
        #expect(result.status == .nothingHeld)
        #expect(result.receipt.status == .nothingHeld)
        #expect(result.records == 0)
        let held = try #require(try manifest(folder.file("a.zip"))["nothing_held"] as? [[String: Any]])
        #expect(held.compactMap { $0["source"] as? String } == ["register", "logs"])
        #expect(held.compactMap { $0["by"] as? [String] } == [["email"], ["email"]])
        #expect(try ArchiveFileReader.verify(path: folder.file("a.zip")).isIntact)
    }

    @Test("that nothing is held is not said of who is known, of records that are there, or with a source that failed")
    func somethingHeld() async throws {
        let folder = try Folder()
        var options = ExportOptions()
        options.confirmsNothingHeld = true
        let asked = request([Identifier(kind: "email", value: "x@example.fi")])
        let register = source("register", [dataset("person")], people: people)
        // Records under the very identifier.
        let held = source(
            "logs", [dataset("events", subject: "email")],
            rows: ["events": [FakeExtractor.Row(id: 1, subject: "x@example.fi")]])
        await #expect(throws: PortabilityError(.notIdentified, "")) {
            try await PortabilityEngine(configuration: configuration([register, held]))
                .export(asked, to: folder.file("a.zip"), options: options)
        }
        var broken = source("logs", [dataset("events", subject: "email")])
        broken.fault = .cannotOpen(.unavailable)
        await #expect(throws: PortabilityError(.unavailable, "")) {
            try await PortabilityEngine(configuration: configuration([register, broken]))
                .export(asked, to: folder.file("a.zip"), options: options)
        }
        // A number that is one digit off beside an address that is known.
        await #expect(throws: PortabilityError(.notIdentified, "")) {
            try await PortabilityEngine(configuration: configuration([register])).export(
                request([Identifier(kind: "user_id", value: "8"), Identifier(kind: "email", value: "a@b.fi")]),
                to: folder.file("a.zip"), options: options)
        }
        #expect(folder.names.isEmpty)
    }

    @Test("the controllers concerned are listed for the officer, and stand in no archive")
    func route() async throws {
        let folder = try Folder()
        var invoices = source(
            "invoices", [dataset("bills", role: .processor, subject: "customer_number")], role: .processor)
        invoices.answers[.route] = [
            ["tenant": "T-2", "name": "Kauppa Oy", "contact": "tietosuoja@example.fi"], ["tenant": "T-1"],
        ]
        let register = source("register", [dataset("person")], rows: ["person": rows([nil])], people: people)
        let engine = PortabilityEngine(configuration: configuration([register, invoices]))
        #expect(try await engine.route(request()).map(\.tenant) == ["T-1", "T-2"])
        _ = try await engine.export(request(), to: folder.file("a.zip"))
        let reader = try ZipReader(path: folder.file("a.zip"))
        for entry in reader.entries where !entry.isFolder {
            let content = try text(folder.file("a.zip"), entry.name)
            #expect(!content.contains("Kauppa Oy") && !content.contains("T-2"), "\(entry.name)")
        }
    }

    // MARK: reviews

    @Test("an export stops for a review, goes on with the decisions, and stops again at what is new")
    func review() async throws {
        let folder = try Folder()
        var settings = configuration([
            source(
                "register", [dataset("person")], rows: ["person": rows(["kysy aino@example.fi", nil])], people: people)
        ])
        settings.freeText = FreeTextProfile(actions: [.access: [.email: .review]])
        let engine = PortabilityEngine(configuration: settings)
        var options = ExportOptions()
        options.reviewListPath = folder.file("list.json")
        options.receiptPath = folder.file("receipt.json")
        await #expect(throws: PortabilityError(.reviewNeeded, "")) {
            try await engine.export(request(), to: folder.file("a.zip"), options: options)
        }
        #expect(folder.names == ["list.json"], "no archive, no receipt")
        let mode = try FileManager.default.attributesOfItem(atPath: folder.file("list.json"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
        // The officer fills it in.
        var list = try String(contentsOfFile: folder.file("list.json"), encoding: .utf8)
        #expect(list.contains("aino@example.fi"), "a reviewer sees what is decided on")
        list = list.replacingOccurrences(of: "\"decision\": null", with: "\"decision\": \"keep\"")
        #expect(throws: PortabilityError(.configuration, "")) {
            options.review = try ReviewFile.load(path: folder.write(list, to: "unsigned.json"))
        }
        list = list.replacingOccurrences(of: "\"by\": \"\"", with: "\"by\": \"privacy-officer\"")
            .replacingOccurrences(of: "\"at\": \"\"", with: "\"at\": \"2026-11-20\"")
            .replacingOccurrences(of: "\"reason\": \"\"", with: "\"reason\": \"published address\"")
        options.review = try ReviewFile.load(path: folder.write(list, to: "decided.json"))
        let result = try await engine.export(request(), to: folder.file("a.zip"), options: options)
        #expect(result.receipt.reviewSHA256 != nil)
        #expect(try text(folder.file("a.zip"), "data/registration/person.json").contains("kysy aino@example.fi"))
        let reviewed = try #require(try manifest(folder.file("a.zip"))["review"] as? [String: Any])
        #expect(reviewed["by"] as? String == "privacy-officer")

        // The same decisions do not fit another value, another request, another right.
        var changed = settings
        changed.sources =
            configuration([
                source(
                    "register", [dataset("person")], rows: ["person": rows(["kysy aino@example.fi!", nil])],
                    people: people)
            ]).sources
        options.receiptPath = nil
        await #expect(throws: PortabilityError(.reviewNeeded, "")) {
            try await PortabilityEngine(configuration: changed)
                .export(request(), to: folder.file("b.zip"), options: options)
        }
        #expect(folder.names.contains("list.json-2.review.json"), "the first list is not overwritten")
        for other in [request(id: "R-2"), request(right: .portability)] {
            await #expect(throws: PortabilityError(.refused, "")) {
                try await engine.export(other, to: folder.file("b.zip"), options: options)
            }
        }
    }

    @Test(
        "a review list that does not say by whom, when and why, or approves itself, is refused",
        arguments: [
            "\"by\": \"Maija Meikäläinen\", \"at\": \"2026-11-20\", \"reason\": \"x\"",
            "\"by\": \"officer\", \"at\": \"yesterday\", \"reason\": \"x\"",
            "\"by\": \"officer\", \"at\": \"2026-11-20\", \"reason\": null",
            "\"by\": \"officer\", \"at\": \"2026-11-20\", \"reason\": \"x\", \"approved_by\": \"officer\", \"approved_at\": \"2026-11-20\"",
            "\"by\": \"officer\", \"at\": \"2026-11-20\", \"reason\": \"x\", \"approved_by\": \"lawyer\"",
        ])
    func badReviews(reviewed: String) throws {
        let folder = try Folder()
        let path = try folder.write(
            """
            {"portability_review": 1, "request": "R-1", "right": "access", "reviewed": {\(reviewed)}, "items": [
            {"dataset": "d", "record_id": "1", "field": "body", "sha256": "00", "decision": "keep"}]}
            """, to: "r.json")
        #expect(throws: PortabilityError(.configuration, "")) { try ReviewFile.load(path: path) }
    }

    // MARK: evidence

    @Test("the receipt proves the archive and holds nothing of the person; the journal chains it")
    func evidence() async throws {
        let folder = try Folder()
        var settings = configuration([
            source("register", [dataset("person")], rows: ["person": rows(["Salainen muistiinpano"])], people: people)
        ])
        settings.journalFile = folder.file("journal.jsonl")
        var options = ExportOptions(created: 1_800_000_000)
        options.receiptPath = folder.file("a.zip.receipt.json")
        let engine = PortabilityEngine(configuration: settings)
        let result = try await engine.export(request(), to: folder.file("a.zip"), options: options)
        let proved = try Receipt.prove(path: folder.file("a.zip.receipt.json"), SHA256Digest.factory)
        #expect(proved.receipt.archive.sha256 == result.sha256)
        #expect(proved.receipt.datasets.map(\.exported) == [1])
        #expect(proved.receipt.deadline?.due == "2026-12-02")
        let receipt = try String(contentsOfFile: folder.file("a.zip.receipt.json"), encoding: .utf8)
        for personal in ["Päivi", "Mäki", "Salainen", "a@b.fi"] { #expect(!receipt.contains(personal)) }
        let journal = try Journal(path: folder.file("journal.jsonl"), digest: SHA256Digest.factory).verify()
        #expect(journal.fault == nil)
        #expect(try String(contentsOfFile: folder.file("journal.jsonl"), encoding: .utf8).contains(proved.id))
    }

    @Test("a journal that is broken stops the export before anything is read")
    func brokenJournal() async throws {
        let folder = try Folder()
        let register = source("register", [dataset("person")], rows: ["person": rows([nil])], people: people)
        var settings = configuration([register])
        settings.journalFile = try folder.write("not a journal\n", to: "journal.jsonl")
        await #expect(throws: PortabilityError(.verification, "")) {
            try await PortabilityEngine(configuration: settings).export(request(), to: folder.file("a.zip"))
        }
        #expect(register.journal.total == 0, "no source was opened")
        #expect(folder.names == ["journal.jsonl"])
    }

    @Test("a partial archive says by when the rest follows: the deadline, or what the request says")
    func missing() async throws {
        let folder = try Folder()
        var broken = source("logs", [dataset("events")])
        broken.fault = .cannotOpen(.unavailable)
        let register = source("register", [dataset("person")], rows: ["person": rows([nil])], people: people)
        let engine = PortabilityEngine(configuration: configuration([register, broken]))
        var asked = request()
        let first = try await engine.export(asked, to: folder.file("a.zip"))
        #expect(first.status == .partial)
        #expect(try manifest(folder.file("a.zip"))["missing_by"] as? String == "2026-12-02")
        #expect(first.receipt.missing.map(\.id) == ["events"])
        asked.missingBy = "2026-11-30"
        asked.supplements = String(repeating: "a", count: 64)
        let second = try await engine.export(asked, to: folder.file("b.zip"))
        #expect(second.receipt.missing.map(\.expected) == ["2026-11-30"])
        #expect(second.receipt.supplements == asked.supplements)
    }

    // MARK: the page

    @Test("the page shows the newest records, a full print all of them; both are the same data")
    func print() async throws {
        let folder = try Folder()
        let all = (1...100).map { FakeExtractor.Row(id: $0, name: "Nimi\($0)x") }
        let register = source("register", [dataset("person")], rows: ["person": all], people: people)
        let engine = PortabilityEngine(configuration: configuration([register]))
        _ = try await engine.export(request(formats: [.json]), to: folder.file("a.zip"))
        var options = ExportOptions()
        options.printsAll = true
        _ = try await engine.export(request(formats: [.json]), to: folder.file("b.zip"), options: options)
        let newest = try text(folder.file("a.zip"), "index.html")
        let full = try text(folder.file("b.zip"), "index.html")
        #expect(newest.contains("Nimi100x") && !newest.contains("Nimi1x"))
        #expect((1...100).allSatisfy { full.contains("Nimi\($0)x") })
        #expect(
            try text(folder.file("a.zip"), "data/registration/person.json")
                == text(folder.file("b.zip"), "data/registration/person.json"))
        #expect(try ArchiveFileReader.verify(path: folder.file("b.zip")).isIntact)
    }
}
