import Foundation
import Glibc
import PortabilityArchive
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import PortabilityText
import Synchronization
import Testing

@testable import Portability

@Suite("Volumes")
struct VolumeTests {
    /// Rows that packing does not make much smaller.
    private func noisy(_ count: Int, bytes: Int = 1500, seed: UInt64 = 5) -> [FakeExtractor.Row] {
        var generator = SeededGenerator(seed)
        return (0..<count).map { index in
            var row = FakeExtractor.Row(id: index + 1)
            row.name = "Päivi \(index)"
            row.note = noise(bytes, &generator)
            return row
        }
    }

    private func noise(_ count: Int, _ generator: inout SeededGenerator) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzåäöABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,;\"<&'=")
        return String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
    }

    private func export(
        _ extractors: [FakeExtractor], to path: String, size: Int64? = 300_000, workers: Int = 2,
        formats: [Format] = [.jsonl, .csv, .xml], system: OutputSystem = .live, receipt: String? = nil
    ) async throws -> ExportResult {
        var options = EngineOptions(workers: workers)
        options.system = system
        let engine = PortabilityEngine(configuration: configuration(extractors), options: options)
        var export = ExportOptions(created: 1_800_000_000)
        export.volumeSize = try size.map(VolumeSize.init(bytes:))
        export.receiptPath = receipt
        return try await engine.export(request(formats: formats), to: path, options: export)
    }

    private func sources(_ count: Int = 900) -> [FakeExtractor] {
        [
            source(
                "register",
                [dataset("person"), dataset("friends", category: .profile), dataset("few")],
                rows: ["person": noisy(count), "friends": noisy(40, seed: 9), "few": rows(7)])
        ]
    }

    private func manifest(_ path: String) throws -> JSONValue { try OpenArchive(path: path).manifest }

    /// The records of a dataset as JSON Lines, from all volumes in order.
    private func lines(_ dataset: String, _ volumes: [ExportResult.Volume]) throws -> [UInt8] {
        try volumes.flatMap { volume -> [UInt8] in
            let archive = try OpenArchive(path: volume.path)
            let object = archive.manifest["datasets"]?.array?.first { $0["id"]?.string == dataset }
            let file = object?["files"]?.array?.first { $0["format"]?.string == "jsonl" }
            guard let path = file?["path"]?.string, let entry = archive.entry(path) else { return [] }
            var bytes: [UInt8] = []
            try archive.zip.read(entry) { bytes.append($0) }
            return bytes
        }
    }

    @Test("each is an intact archive no larger than asked for, and together they hold every record once, in order")
    func cut() async throws {
        let folder = try Folder()
        let whole = try await export(sources(), to: folder.file("whole.zip"), size: nil)
        let cut = try await export(sources(), to: folder.file("R.zip"))
        #expect(cut.volumes.count > 4)
        #expect(
            folder.names == cut.volumes.indices.map { "R-\(paddedNumber($0 + 1)).zip" } + ["whole.zip"],
            "volumes are numbered, and there is no archive beside them")
        for volume in cut.volumes {
            #expect(volume.bytes <= 300_000 && !volume.isTooLarge)
            let digest = SHA256Digest.of(try bytes(of: volume.path))
            #expect(volume.sha256 == hexadecimal(digest))
            let report = try ArchiveFileReader.verify(path: volume.path)
            #expect(report.findings.isEmpty && report.containerFindings.isEmpty, "\(report.findings)")
            #expect(report.records > 0)
        }
        #expect(cut.volumes.dropLast().allSatisfy { $0.bytes > 240_000 }, "none but the last is wasted")
        for id in ["person", "friends", "few"] {
            #expect(
                hexadecimal(SHA256Digest.of(try lines(id, cut.volumes)))
                    == whole.datasets.first { $0.id == id }?.contentDigest)
        }
        #expect(cut.datasets.map(\.contentDigest) == whole.datasets.map(\.contentDigest))
        #expect(cut.records == whole.records && cut.bytes == cut.volumes.reduce(0) { $0 + $1.bytes })
        let together = try cut.volumes.flatMap { try bytes(of: $0.path) }
        #expect(cut.sha256 == hexadecimal(SHA256Digest.of(together)), "the digest of all, one after the other")
    }

    @Test("name their set, where its records are, and what is withheld once")
    func set() async throws {
        let folder = try Folder()
        let cut = try await export(sources(), to: folder.file("R.zip"))
        let manifests = try cut.volumes.map { try manifest($0.path) }
        let sets = manifests.compactMap { $0["set"] }
        #expect(sets.count == cut.volumes.count)
        #expect(Set(sets.compactMap { $0["id"]?.string }).count == 1)
        #expect(sets.compactMap { $0["volume"]?.integer } == (1...Int64(sets.count)).map(\.self))
        #expect(sets.allSatisfy { $0["volumes"]?.integer == Int64(sets.count) })
        #expect(Set(sets.compactMap { $0["datasets"]?.formatted() }).count == 1, "all tell the same of all")
        for dataset in sets[0]["datasets"]?.array ?? [] {
            let parts = dataset["parts"]?.array ?? []
            let exported = parts.reduce(0) { $0 + ($1["records"]?.integer ?? 0) }
            #expect(exported == dataset["records"]?["exported"]?.integer)
            for part in parts {
                let number = Int(part["volume"]?.integer ?? 0)
                let own = manifests[number - 1]["datasets"]?.array?.first { $0["id"]?.string == dataset["id"]?.string }
                #expect(own?["content_sha256"]?.string == part["content_sha256"]?.string)
                #expect(own?["records"]?["exported"]?.integer == part["records"]?.integer)
            }
        }
        // One name is in no two volumes, so that all can be unpacked into one folder.
        let names = manifests.flatMap { manifest in
            (manifest["datasets"]?.array ?? []).flatMap { ($0["files"]?.array ?? []).compactMap { $0["path"]?.string } }
        }
        #expect(Set(names).count == names.count && names.contains("data/registration/person.002.csv"))
        #expect(names.contains("data/registration/few.jsonl"), "what is not cut keeps its name")
        let bagInfo = try text("bag-info.txt", in: cut.volumes[1].path)
        let id = sets[0]["id"]?.string ?? ""
        #expect(bagInfo.contains("\nBag-Group-Identifier: \(id)\nBag-Count: 2 of \(sets.count)\n"))
        #expect(try text("README.txt", in: cut.volumes[1].path).contains("OSA 2/\(sets.count)."))
        #expect(try text("index.html", in: cut.volumes[1].path).contains("<strong>Osa 2/\(sets.count).</strong>"))
    }

    private func text(_ name: String, in path: String) throws -> String {
        let archive = try OpenArchive(path: path)
        var bytes: [UInt8] = []
        if let entry = archive.entry(name) { try archive.zip.read(entry) { bytes.append($0) } }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("have the same bytes whatever the threads, batches and delays")
    func determinism() async throws {
        let folder = try Folder()
        var first: [String]?
        for (index, workers) in [0, 1, 3, 2].enumerated() {
            var sources = sources(400)
            sources[0].batchSize = [1, 7, 500, 64][index]
            if index == 3 { sources[0].delay = { $0 % 100 < 4 ? 300 : 0 } }
            let result = try await export(sources, to: folder.file("\(index).zip"), workers: workers)
            let digests = result.volumes.map(\.sha256)
            #expect(digests.count > 2)
            #expect(first == nil || digests == first, "\(workers) threads")
            first = first ?? digests
        }
    }

    @Test("are not made of what fits into one: that is the archive as it is without them, byte for byte")
    func one() async throws {
        let folder = try Folder()
        let plain = try await export(sources(20), to: folder.file("plain.zip"), size: nil, formats: [.json, .csv])
        let one = try await export(sources(20), to: folder.file("one.zip"), formats: [.json, .csv])
        #expect(folder.names == ["one.zip", "plain.zip"])
        #expect(try bytes(of: one.path) == bytes(of: plain.path))
        #expect(one.volumes.map(\.path) == [folder.file("one.zip")] && one.receipt.archive.volumes.isEmpty)
    }

    @Test("are read back as one, in any order")
    func join() async throws {
        let folder = try Folder()
        let cut = try await export(sources(), to: folder.file("R.zip"), formats: [.csv])
        let set = try ArchiveSet(paths: cut.volumes.map(\.path).reversed())
        #expect(set.volumes.map(\.path) == cut.volumes.map(\.path))
        let person = try #require(set.datasets.first { $0.id == "person" })
        #expect(person.manifest["records"]?["exported"]?.integer == 900)
        #expect(person.manifest["content_sha256"]?.string == cut.datasets.first { $0.id == "person" }?.contentDigest)
        var count = 0
        if var records = try person.records() {
            while let batch = try records.nextBatch() { count += batch.records.count }
        }
        #expect(count == 900)
    }

    @Test("are refused as a set if one is missing, twice there, of another set or not of any")
    func notASet() async throws {
        let folder = try Folder()
        let cut = try await export(sources(), to: folder.file("R.zip"))
        let other = try await export(sources(700), to: folder.file("S.zip"))
        let plain = try await export(sources(3), to: folder.file("P.zip"))
        let paths = cut.volumes.map(\.path)
        let cases: [([String], String)] = [
            (Array(paths.dropFirst()), "volume 1"), ([paths[1]], "volumes 1, 3"),
            (paths + [paths[2]], "twice"), (paths.dropLast() + [other.volumes[0].path], "another set"),
            (paths + [plain.path], "no volume"),
        ]
        for (paths, told) in cases {
            let error = #expect(throws: PortabilityError.self) { try ArchiveSet(paths: paths) }
            #expect(
                error?.code == .verification && error?.description.contains(told) == true, "\(told): \(error as Any)")
        }
    }

    @Test("hold a record and a document that is larger than a volume in one that says so")
    func large() async throws {
        let folder = try Folder()
        var rows = noisy(60)
        rows += noisy(1, bytes: 900_000).map { row in
            var row = row
            row.id = 61
            return row
        }
        rows += noisy(300, seed: 3).map { row in
            var row = row
            row.id += 61
            return row
        }
        let cut = try await export(
            [source("register", [dataset("person")], rows: ["person": rows])], to: folder.file("R.zip"))
        #expect(cut.volumes.map(\.isTooLarge).filter(\.self).count == 1)
        let whole = try await export(
            [source("register", [dataset("person")], rows: ["person": rows])], to: folder.file("W.zip"), size: nil)
        #expect(hexadecimal(SHA256Digest.of(try lines("person", cut.volumes))) == whole.datasets[0].contentDigest)
        for volume in cut.volumes {
            #expect(volume.isTooLarge || volume.bytes <= 300_000)
            #expect(try ArchiveFileReader.verify(path: volume.path).isIntact)
        }
    }

    @Test("hold documents in order, each once, and tell which volume has which")
    func documents() async throws {
        let folder = try Folder()
        var extractor = source("register", [dataset("person")], rows: ["person": rows(30)])
        extractor.documentBytes = 40_000
        let cut = try await export([extractor], to: folder.file("R.zip"))
        #expect(cut.volumes.count > 4)
        var found: [String] = []
        for volume in cut.volumes {
            #expect(volume.bytes <= 300_000)
            #expect(try ArchiveFileReader.verify(path: volume.path).isIntact)
            found += try OpenArchive(path: volume.path).zip.entries.map(\.name)
                .filter { $0.hasPrefix("data/documents/") }
        }
        #expect(found == (1...30).map { "data/documents/person-0000\($0 < 10 ? "0" : "")\($0).pdf" })
        let told = try manifest(cut.path)["set"]?["documents"]?.array ?? []
        #expect(told.reduce(0) { $0 + ($1["count"]?.integer ?? 0) } == 30)
        #expect(told.first?["first"]?.string == found.first && told.last?["last"]?.string == found.last)
        #expect(cut.receipt.documents.given == 30)
    }

    @Test("of a partial export say so, each of them")
    func partial() async throws {
        let folder = try Folder()
        var broken = source("broken", [dataset("gone")], rows: ["gone": rows(5)])
        broken.fault = .failsAfter(rows: 2, .unavailable)
        let cut = try await export(sources() + [broken], to: folder.file("R.zip"))
        #expect(cut.status == .partial && cut.volumes.count > 1)
        for volume in cut.volumes {
            let manifest = try manifest(volume.path)
            #expect(manifest["status"]?.string == "partial")
            let gone = manifest["datasets"]?.array?.first { $0["id"]?.string == "gone" }
            #expect(gone?["status"]?.string == "failed")
        }
    }

    @Test("have one receipt, which lists them")
    func receipt() async throws {
        let folder = try Folder()
        let cut = try await export(sources(), to: folder.file("R.zip"), receipt: folder.file("R.zip.receipt.json"))
        let proved = try Receipt.prove(path: folder.file("R.zip.receipt.json"), SHA256Digest.factory)
        #expect(proved.receipt.archive.volumes.map(\.sha256) == cut.volumes.map(\.sha256))
        #expect(proved.receipt.archive.sha256 == cut.sha256 && proved.receipt.archive.bytes == cut.bytes)
        let items = try Dossier.beside(archive: cut.path)
        #expect(items == [.init(.receipt, folder.file("R.zip.receipt.json"))], "the first volume stands for the set")
    }

    @Test("replace nothing, and are not begun where some are")
    func noReplacing() async throws {
        let folder = try Folder()
        let old = try folder.write("old", to: "R-007.zip")
        await #expect(throws: PortabilityError(.output, "")) { try await export(sources(), to: folder.file("R.zip")) }
        #expect(folder.names == ["R-007.zip"])
        #expect(try bytes(of: old) == Array("old".utf8))
        _ = try folder.write("other", to: "Q-007.zip.txt")
        _ = try await export(sources(3), to: folder.file("Q.zip"))
        let engine = PortabilityEngine(configuration: configuration(sources(3)))
        var options = ExportOptions(replace: true)
        options.volumeSize = try VolumeSize("1MB")
        await #expect(throws: PortabilityError(.configuration, "")) {
            try await engine.export(request(), to: folder.file("Q.zip"), options: options)
        }
    }

    @Test("that are too small for texts and schemas are refused, with the size that would do")
    func tooSmall() async throws {
        let folder = try Folder()
        var generator = SeededGenerator(2)
        let long = noise(500_000, &generator)
        var organisation = configuration(sources(100))
        organisation.purposes.append(
            Purpose(id: "long", text: LocalizedText(fi: long, sv: long, en: long), basis: .contract))
        let engine = PortabilityEngine(configuration: organisation)
        var export = ExportOptions(created: 1)
        export.volumeSize = try VolumeSize("256kB")
        let error = await #expect(throws: PortabilityError.self) {
            try await engine.export(request(), to: folder.file("R.zip"), options: export)
        }
        #expect(error?.code == .limit && error?.remedy?.contains("at least") == true)
        #expect(folder.names.isEmpty)
        let told = error?.remedy?.split(separator: " ").compactMap { Int64($0) }.first
        export.volumeSize = try VolumeSize(bytes: try #require(told) * 1000)
        let result = try await engine.export(request(), to: folder.file("R.zip"), options: export)
        #expect(result.volumes.allSatisfy { $0.bytes <= (told ?? 0) * 1000 }, "the size that was told does")
    }

    @Test(
        "sizes are read in powers of 1000 and of 1024",
        arguments: [
            ("256kB", 256_000), ("1MB", 1_000_000), ("1GB", 1_000_000_000), ("1 GiB", 1 << 30), ("1.5MiB", 1_572_864),
            ("4.7GB", 4_700_000_000), ("2TB", 2_000_000_000_000), ("256000.9kB", 256_000_900),
        ])
    func sizes(text: String, bytes: Int) throws {
        #expect(try VolumeSize(text).bytes == Int64(bytes))
    }

    @Test(
        "sizes that are none are refused",
        arguments: [
            "", "1", "GB", "-1GB", "1gb", "1kb", "1 000 MB", "1,5GB", "1e3MB", "1..5MB", ".5MB", "255kB", "0GB",
            "99999999999999TB", "9300000TB", "1MB ", "１MB",
        ])
    func noSizes(text: String) {
        #expect(throws: PortabilityError(.configuration, "")) { try VolumeSize(text) }
    }

    // MARK: The disk

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

    /// A file system whose n-th write, sync or link fails.
    private func faulty(at failing: Int) -> (system: OutputSystem, calls: @Sendable () -> Int) {
        let counter = Counter()
        var system = OutputSystem.live
        let live = OutputSystem.live
        system.write = { descriptor, bytes in counter.next() == failing ? -Int(ENOSPC) : live.write(descriptor, bytes) }
        system.synchronize = { counter.next() == failing ? -Int32(ENOSPC) : live.synchronize($0) }
        system.link = { counter.next() == failing ? -Int32(ENOSPC) : live.link($0, $1) }
        system.rename = { counter.next() == failing ? -Int32(ENOSPC) : live.rename($0, $1) }
        return (system, { counter.count })
    }

    @Test("are all there or none: a disk that is full at any write, sync or naming leaves nothing")
    func full() async throws {
        let folder = try Folder()
        let (counting, calls) = faulty(at: -1)
        let good = try await export(
            sources(300), to: folder.file("good.zip"), formats: [.jsonl], system: counting,
            receipt: folder.file("good.zip.receipt.json"))
        #expect(good.volumes.count > 1)
        let total = calls()
        for failing in 1...total {
            let (system, _) = faulty(at: failing)
            await #expect(throws: PortabilityError(.output, ""), "call \(failing) of \(total)") {
                try await export(
                    sources(300), to: folder.file("bad.zip"), formats: [.jsonl], system: system,
                    receipt: folder.file("bad.zip.receipt.json"))
            }
            let left = folder.names.filter { !$0.hasPrefix("good") }
            #expect(left.isEmpty, "call \(failing) of \(total) left \(left)")
        }
    }
}
