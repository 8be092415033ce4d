import CZlib
import CZstd
import Glibc
import PortabilityCrypto
import PortabilityModel
import Synchronization
import Testing

@testable import UsageLogExtractor

@Suite("Indexes of logs")
struct IndexTests {
    // MARK: The same by index as by scan

    @Test(
        "By index come the records, findings and counts that a scan gives, from hostile logs too",
        arguments: [
            (Stored.plain, 1500, 1), (.plain, 700, 2), (.gzip, 8000, 3), (.members, 3000, 4), (.frames, 6000, 5),
        ])
    func sameAsScan(stored: Stored, lines: Int, seed: UInt64) async throws {
        let folder = Folder()
        var random = Random(seed: seed)
        var source = Source()
        source.path = "*"
        source.recordID = "id"
        source.limits.lineBytes = 3000
        source.exclusions = []
        for (name, lines) in [("a", lines), ("b", 300), ("c", 1)] {
            folder.write("\(name).log", stored.pack(hostileLog(&random, lines: lines), &random))
        }
        let used = Count()
        let indexed = source.indexed(used: used)
        try await indexed.index(folder, .build)
        #expect(try await indexed.index(folder, .list).files.map(\.state) == [.current, .current, .current])
        for subject in [["user_id": ["7"]], ["user_id": ["7", "1042"], "cookie_id": ["c3"]], ["cookie_id": ["ck ä"]]] {
            try await indexed.expectSameAsScan(folder, subject: subject)
        }
        #expect(used.value > 30, "pages of the indexes were read")
        #expect(indexed.notes.all.isEmpty)
    }

    @Test("So it is for lines that a pattern describes")
    func pattern() async throws {
        let folder = Folder()
        var random = Random(seed: 4)
        var text = ""
        for number in 0..<3000 {
            let user = ["-", "anna", "bertta", "c\\xe4cilia", "dora"].randomElement(using: &random) ?? "-"
            text +=
                number % 97 == 5
                ? "broken line \(number)\n"
                : "10.0.0.\(number % 200) - \(user) [10/Oct/2025:13:55:36 +0300] \"GET /\(number) HTTP/1.1\" 200 \(number)\n"
        }
        folder.write("a.log", text)
        var source = Source()
        source.path = "*.log"
        source.format = .common
        source.match = [.init(kind: "login", path: "remote_user", isUnique: true)]
        source.fields = [("event", "request")]
        source.exclusions = []
        let used = Count()
        let indexed = source.indexed(used: used)
        let built = try await indexed.index(folder, .build)
        #expect(built.files.map(\.state) == [.built])
        for login in ["anna", "c\u{fffd}cilia", "nobody"] {
            try await indexed.expectSameAsScan(folder, subject: ["login": [login]])
        }
        #expect(used.value > 3)
    }

    @Test("What a subject has in more blocks than it pays to read one by one is found by a scan")
    func everywhere() async throws {
        let folder = Folder()
        folder.write("a.jsonl", (0..<9000).map { #"{"user":1042,"event":"e\#($0)"}"# + "\n" }.joined())
        let indexed = Source().indexed()
        try await indexed.index(folder, .build)
        try await indexed.expectSameAsScan(folder, subject: ["user_id": ["1042"]])
        #expect(try await indexed.extract(folder, subject: ["user_id": ["1042"]]).end.records == [9000])
        #expect(indexed.notes.all.isEmpty)
    }

    @Test("Records that are too many to be kept while the blocks are checked are read a second time")
    func heavy() async throws {
        let folder = Folder()
        let filling = String(repeating: "x", count: 160_000)
        folder.write(
            "a.jsonl",
            (0..<60).map { #"{"user":1042,"event":"\#($0)","detail":"\#(filling)"}"# + "\n" }.joined())
        let used = Count()
        let indexed = Source().indexed(used: used)
        try await indexed.index(folder, .build)
        try await indexed.expectSameAsScan(folder, subject: ["user_id": ["1042"]])
        #expect(try await indexed.extract(folder, subject: ["user_id": ["1042"]]).end.records == [60])
        #expect(used.value > 4 && indexed.notes.all.isEmpty)
    }

    @Test("An index that was sorted in many pieces says the same as one sorted in memory")
    func spilled() async throws {
        let folder = Folder()
        var random = Random(seed: 9)
        folder.write("a.jsonl", hostileLog(&random, lines: 1500))
        let indexed = Source().indexed(postingsAtOnce: 300)
        #expect(try await indexed.index(folder, .build).files.map(\.state) == [.built])
        // Checked by making it anew, in one piece.
        #expect(try await Source().indexed().index(folder, .check).files.map(\.state) == [.proved])
    }

    @Test("Of text of which each line is another subject's the index takes less than 3 %", arguments: [1, 2])
    func size(identifiers: Int) async throws {
        let folder = Folder()
        var text = ""
        for number in 0..<10_000 {
            let line =
                #"{"ts":"2025-10-10T10:00:00Z","user":"customer-\#(number)","cookie":"\#(number * 7919)","event":""#
            text += line + String(repeating: "e", count: 387 - line.utf8.count) + "\"}\n"
        }
        folder.write("a.jsonl", text)
        var source = Source()
        source.match.removeLast(2 - identifiers)
        let report = try await source.indexed().index(folder, .build)
        #expect(report.files[0].textBytes == Int64(text.utf8.count))
        #expect(report.bytes > 30_000)
        #expect(report.bytes * 100 < 3 * Int64(text.utf8.count))
    }

    // MARK: What is not believed

    @Test(
        "An index with which anything is wrong is not believed: the log is read whole, and a note tells it",
        arguments: Wrong.allCases)
    func wrong(_ wrong: Wrong) async throws {
        let folder = Folder()
        var random = Random(seed: 5)
        var text = hostileLog(&random, lines: 1000)
        folder.write("a.jsonl", text)
        var source = Source()
        var indexed = source.indexed()
        try await indexed.index(folder, .build)
        let path = folder.path + "/a.jsonl.usage.portability-index"
        let bytes = try #require(read(path))
        let other = Folder()
        switch wrong {
        case .cut: folder.write("a.jsonl.usage.portability-index", Array(bytes.dropLast(4096)))
        case .empty: folder.write("a.jsonl.usage.portability-index", [])
        case .garbage: folder.write("a.jsonl.usage.portability-index", [UInt8](repeating: 7, count: bytes.count))
        case .longer: folder.write("a.jsonl.usage.portability-index", bytes + [0])
        case .appended: folder.append("a.jsonl", #"{"user":1042,"event":"new"}"# + "\n")
        case .rewritten:
            // Of the same length, with the time set back.
            var status = stat()
            stat(folder.path + "/a.jsonl", &status)
            let place = try #require(text.lastIndex(of: 0x7d))
            text[place] = 0x20
            folder.write("a.jsonl", text)
            let times = [status.st_atim, status.st_mtim]
            #expect(utimensat(AT_FDCWD, folder.path + "/a.jsonl", times, 0) == 0)
        case .otherLog:
            folder.write("b.jsonl", hostileLog(&random, lines: 1000))
            try await indexed.index(folder, .build)
            rename(folder.path + "/b.jsonl.usage.portability-index", path)
        case .older:
            folder.append("a.jsonl", #"{"user":1042,"event":"new"}"# + "\n")
            try await indexed.index(folder, .build)
            folder.write("a.jsonl.usage.portability-index", bytes)
        case .otherKey: indexed = source.indexed(secret: 8)
        case .otherPath:
            source.match[0].path = "other"
            indexed = source.indexed()
        case .otherLimit:
            source.limits.lineBytes = 1000
            indexed = source.indexed()
        case .link:
            other.write("index", bytes)
            unlink(path)
            symlink(other.path + "/index", path)
        case .folder:
            unlink(path)
            mkdir(path, 0o700)
        }
        try await indexed.expectSameAsScan(folder, subject: ["user_id": ["1042", "7"], "cookie_id": ["c3"]])
        let notes = indexed.notes.all
        #expect(notes.count == 1)
        #expect(notes.allSatisfy { !$0.losesRecords && $0.place.fileOrdinal == 1 })
        #expect(try await indexed.index(folder, .list).files[0].state == .stale)
        if wrong == .folder { return }
        // It is made anew, and then believed.
        #expect(try await indexed.index(folder, .build).files[0].state == .built)
        #expect(try await indexed.index(folder, .list).files[0].state == .current)
        if wrong == .link { #expect(read(other.path + "/index") == bytes, "what a link leads to is left alone") }
    }

    @Test("A bit that is not as it was, wherever in the index, changes no result")
    func flipped() async throws {
        let folder = Folder()
        var random = Random(seed: 6)
        folder.write("a.jsonl.gz", Stored.gzip.pack(hostileLog(&random, lines: 2500), &random))
        let indexed = Source().indexed()
        try await indexed.index(folder, .build)
        let name = "a.jsonl.gz.usage.portability-index"
        let bytes = try #require(read(folder.path + "/" + name))
        let subject = ["user_id": ["1042"]]
        let scanned = try await indexed.scanned(folder, subject: subject)
        var disbelieved = 0
        for place in stride(from: 3, to: bytes.count, by: bytes.count / 40) {
            var forged = bytes
            forged[place] ^= 1 << UInt8(place % 8)
            folder.write(name, forged)
            indexed.notes.clear()
            let found = try await indexed.extract(folder, subject: subject)
            #expect(found == scanned, "byte \(place)")
            if !indexed.notes.all.isEmpty { disbelieved += 1 }
            // By a check each is found.
            if place % 4 == 0 { #expect(try await indexed.index(folder, .check).files[0].state == .stale) }
        }
        #expect(disbelieved > 0)
    }

    @Test("A log that was changed a moment ago gets no index")
    func changing() async throws {
        let folder = Folder()
        folder.write("a.jsonl", #"{"user":1042}"# + "\n")
        var status = stat()
        stat(folder.path + "/a.jsonl", &status)
        let changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
        // A clock that stands still, so that waiting does not help.
        let early = Source().indexed(clock: { changed + 1_900_000_000 })
        let report = try await early.index(folder, .build)
        #expect(report.files.map(\.state) == [.refused])
        #expect(report.files[0].reason?.contains("being written") == true)
        #expect(read(folder.path + "/a.jsonl.usage.portability-index") == nil)
        let later = Source().indexed(clock: { changed + 2_000_000_000 })
        #expect(try await later.index(folder, .build).files.map(\.state) == [.built])
    }

    @Test("A log that cannot be read to its end gets no index, and is told of by each export as before")
    func faulty() async throws {
        let folder = Folder()
        var random = Random(seed: 3)
        let packed = Stored.gzip.pack(hostileLog(&random, lines: 500), &random)
        folder.write("a.jsonl", Array(packed.dropLast(5)))
        folder.write("b.jsonl", packed + Array("garbage".utf8))
        let indexed = Source().indexed()
        let report = try await indexed.index(folder, .build)
        #expect(report.files.map(\.state) == [.refused, .refused])
        #expect(report.files[0].reason == "the gzip file ends in the middle")
        try await indexed.expectSameAsScan(folder, subject: ["user_id": ["7"]])
    }

    // MARK: Keeping them

    @Test("Only what is new or changed is indexed; an index is its owner's alone, and no log")
    func incremental() async throws {
        let folder = Folder()
        folder.write("a.jsonl", #"{"user":1042}"# + "\n")
        var source = Source()
        source.path = "*"
        let indexed = source.indexed()
        #expect(try await indexed.index(folder, .list).files.map(\.state) == [.missing])
        #expect(try await indexed.index(folder, .build).files.map(\.state) == [.built])
        let path = folder.path + "/a.jsonl.usage.portability-index"
        var before = stat()
        #expect(lstat(path, &before) == 0)
        #expect(before.st_mode & 0o777 == 0o600)
        folder.write("b.jsonl", #"{"user":7}"# + "\n")
        #expect(try await indexed.index(folder, .build).files.map(\.state) == [.current, .built])
        var after = stat()
        lstat(path, &after)
        #expect(after.st_ino == before.st_ino)
        #expect(try await indexed.extract(folder, subject: ["user_id": ["7"]]).end.filesRead == 2)
        #expect(names(in: folder).filter { $0.hasPrefix(".") }.isEmpty)
    }

    @Test("Pruning removes what is not believed, what belongs to no log, and what killed runs left")
    func prune() async throws {
        let folder = Folder()
        for name in ["a", "b", "c"] { folder.write("logs/\(name).jsonl", #"{"user":1042}"# + "\n") }
        var source = Source()
        source.path = "logs/*.jsonl"
        let indexed = source.indexed()
        try await indexed.index(folder, .build)
        folder.append("logs/b.jsonl", "{}\n")
        unlink(folder.path + "/logs/c.jsonl")
        folder.write("logs/.portability-index-0abc", [1, 2, 3])
        folder.write("logs/c.jsonl.other.portability-index", "another source's")
        let list = try await indexed.index(folder, .list)
        #expect(list.files.map(\.state) == [.current, .stale])
        #expect(list.orphans == 1 && list.orphanBytes > 4096)
        let report = try await indexed.index(folder, .prune)
        #expect(report.files.map(\.state) == [.current, .removed])
        #expect(report.orphans == 1)
        #expect(
            names(in: folder, "/logs") == [
                "a.jsonl", "a.jsonl.usage.portability-index", "b.jsonl", "c.jsonl.other.portability-index",
            ])
        #expect(try await indexed.index(folder, .check).files.map(\.state) == [.proved, .missing])
    }

    @Test("Without a secret there is no index")
    func noSecret() async throws {
        let folder = Folder()
        folder.write("a.jsonl", #"{"user":1042}"# + "\n")
        let session = try await Source().open(folder)
        await #expect(throws: PortabilityError(.configuration, "")) { try await session.index(.build) }
        await session.close()
    }

    @Test("An index tells nothing without the key: no value, no text, and not twice the same")
    func sealed() async throws {
        let folder = Folder()
        var random = Random(seed: 1)
        let text = (0..<20_000).map { #"{"user":"anna-virtanen","event":"paid","n":\#($0)}"# + "\n" }.joined()
        folder.write("a.jsonl", Stored.gzip.pack(Array(text.utf8), &random))
        let indexed = Source().indexed()
        try await indexed.index(folder, .build)
        let path = folder.path + "/a.jsonl.usage.portability-index"
        let first = try #require(read(path))
        unlink(path)
        try await indexed.index(folder, .build)
        let second = try #require(read(path))
        #expect(first.count == second.count)
        let same = zip(first.dropFirst(16), second.dropFirst(16)).count { $0 == $1 }
        #expect(same < first.count / 100, "as many bytes are alike as by chance")
    }

    // MARK: Parts

    @Test("SipHash-2-4 gives the values of its authors' test vectors")
    func sipHash() {
        let hash = SipHash(key: Array(0..<16))
        let vectors: [(Int, UInt64)] = [
            (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (7, 0xab02_00f5_8b01_d137),
            (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5), (63, 0x958a_324c_eb06_4572),
        ]
        for (count, value) in vectors {
            let bytes = (0..<UInt8(count)).map { $0 }
            #expect(bytes.withUnsafeBytes { hash($0) } == value, "\(count) bytes")
        }
    }
}

// MARK: Support

/// How a log is stored.
enum Stored: String, CaseIterable {
    case plain, gzip, members, frames

    func pack(_ text: [UInt8], _ random: inout Random) -> [UInt8] {
        switch self {
        case .plain: return text
        case .gzip: return gzipped(text, level: 6)
        case .members, .frames:
            var packed: [UInt8] = []
            var rest = text[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...400_000, using: &random))
                let level = Int32.random(in: 1...9, using: &random)
                packed += self == .members ? gzipped(Array(piece), level: level) : frame(of: Array(piece), level: level)
                rest = rest.dropFirst(piece.count)
            }
            return packed
        }
    }
}

/// What can be wrong with an index.
enum Wrong: String, CaseIterable {
    case cut, empty, garbage, longer, appended, rewritten, otherLog, older, otherKey, otherPath, otherLimit, link,
        folder
}

private func frame(of bytes: [UInt8], level: Int32) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, count in
        count = ZSTD_compress(buffer.baseAddress, buffer.count, bytes, bytes.count, level)
    }
}

func gzipped(_ bytes: [UInt8], level: Int32) -> [UInt8] {
    var stream = z_stream()
    precondition(portability_deflateInit2(&stream, level, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK)
    defer { deflateEnd(&stream) }
    var input = bytes
    return [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(bytes.count))) + 64) { buffer, count in
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(buffer.count)
            precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
        }
        count = buffer.count - Int(stream.avail_out)
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// A log of lines of all kinds: of many users, escaped, with names twice, structures for identifiers, broken, too long,
/// blank, not UTF-8.
func hostileLog(_ random: inout Random, lines: Int) -> [UInt8] {
    var log: [UInt8] = Bool.random(using: &random) ? [0xef, 0xbb, 0xbf] : []
    let filling = String(repeating: "lorem ipsum ", count: 30)
    for number in 0..<lines {
        let user = Int.random(in: 0..<400, using: &random) == 0 ? 1042 : Int.random(in: 0..<3000, using: &random)
        let rest = #""ts":"2025-10-10T10:00:00Z","event":"\#(number)","detail":"\#(filling.prefix(user % 360))"}"#
        var line: [UInt8]
        switch Int.random(in: 0..<1200, using: &random) {
        case 0: line = Array(#"{"user":{"id":1042},\#(rest)"#.utf8)
        case 1: line = Array(#"{"user":[1042],\#(rest)"#.utf8)
        case 2: line = Array(#"{"user":1042,"event":"#.utf8)
        case 3: line = [UInt8](repeating: 0x78, count: Int.random(in: 2900...9000, using: &random))
        case 4: line = Array("   ".utf8)
        case 5: line = []
        case 6: line = Array(#"{"user":"\#(user)","us\u0065r":"1042",\#(rest)"#.utf8)
        case 7: line = Array(#"{"user":1042,"user":\#(user),\#(rest)"#.utf8)
        case 8: line = Array(#"{"cookie":"ck \#u{e4}","event":"x"}"#.utf8)
        case 9: line = Array(#"{"user":"7","event":""#.utf8) + [0xff, 0xfe] + Array(#""}"#.utf8)
        case 10: line = Array("[1,2]".utf8)
        case 11: line = Array(#"{"cookie":"c\u0033","event":"x"}"#.utf8)
        case 12: line = Array(#"{"user":"","cookie":"c3","event":"x"}"#.utf8)
        case 13: line = Array(#"{"user":null,"cookie":"c3","event":"x"}"#.utf8)
        case 14...40: line = Array(#"{"id":"r\#(user)","cookie":"c\#(user % 40)",\#(rest)"#.utf8)
        default: line = Array(#"{"id":"r\#(number)","user":\#(user),"http":{"status":200},\#(rest)"#.utf8)
        }
        log += line
        if Int.random(in: 0..<50, using: &random) == 0 { log.append(0x0d) }
        if number < lines - 1 || Bool.random(using: &random) { log.append(0x0a) }
    }
    return log
}

private func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
}

private func names(in folder: Folder, _ below: String = "") -> [String] {
    guard let opened = opendir(folder.path + below) else { return [] }
    defer { closedir(opened) }
    var names: [String] = []
    while let entry = readdir(opened) {
        names.append(
            withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
}

final class Count: Sendable {
    private let atomic = Atomic(0)
    var value: Int { atomic.load(ordering: .relaxed) }
    func add() { atomic.add(1, ordering: .relaxed) }
}

/// A key that counts the pages that are opened with it.
private struct CountingKey: PageSealing {
    let key: PageKey
    let used: Count?

    struct Pages: SealedPages {
        let pages: any SealedPages
        let used: Count?
        func seal(_ page: Span<UInt8>, number: UInt64) throws -> [UInt8] { try pages.seal(page, number: number) }
        func open(_ sealed: Span<UInt8>, number: UInt64) -> [UInt8]? {
            used?.add()
            return pages.open(sealed, number: number)
        }
    }

    func authenticate(_ message: Span<UInt8>) -> [UInt8] { key.authenticate(message) }
    func pages(of id: [UInt8]) -> any SealedPages { Pages(pages: key.pages(of: id), used: used) }
}

/// What an extraction gave.
struct Extracted: Equatable {
    var outlines: [String]
    var ids: [String]
    var positions: [UInt64]
    var findings: [Finding]
    var end: End

    struct End: Equatable {
        var records: [Int64]
        var filesRead: Int64
        var bytesRead: Int64
    }
}

/// What was noted beside the results.
final class Notes: Sendable {
    private let findings = Mutex<[Finding]>([])
    var all: [Finding] { findings.withLock { $0 } }
    func add(_ finding: Finding) { findings.withLock { $0.append(finding) } }
    func clear() { findings.withLock { $0 = [] } }
}

/// A source with indexes, the same without, and what the first noted.
struct IndexedSource {
    let plain: Source
    let source: Source
    let notes: Notes

    @discardableResult
    func index(_ folder: Folder, _ task: IndexTask) async throws -> IndexReport {
        let session = try await source.open(folder)
        let report = try await session.index(task)
        await session.close()
        return try #require(report)
    }

    func extract(_ folder: Folder, subject: [String: [String]]) async throws -> Extracted {
        try await Self.extract(source, folder, subject)
    }

    func scanned(_ folder: Folder, subject: [String: [String]]) async throws -> Extracted {
        try await Self.extract(plain, folder, subject)
    }

    func expectSameAsScan(
        _ folder: Folder, subject: [String: [String]], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await extract(folder, subject: subject)
        let expected = try await scanned(folder, subject: subject)
        #expect(found.outlines == expected.outlines, sourceLocation: sourceLocation)
        #expect(found == expected, sourceLocation: sourceLocation)
    }

    private static func extract(
        _ source: Source, _ folder: Folder, _ subject: [String: [String]]
    ) async throws -> Extracted {
        var source = source
        source.subject = subject
        let keeper = Keeper()
        let end = try await source.extract(folder, into: keeper)
        return Extracted(
            outlines: keeper.outlines(), ids: keeper.ids(), positions: keeper.heads().map(\.head.position),
            findings: keeper.findings,
            end: .init(records: end.records, filesRead: end.filesRead, bytesRead: end.bytesRead))
    }
}

extension Source {
    /// - Parameter clock: If none, the time in a minute, so that what was written just now can be indexed.
    func indexed(
        secret: UInt8 = 7, used: Count? = nil, postingsAtOnce: Int = 1 << 20, clock: (@Sendable () -> Int64)? = nil
    ) -> IndexedSource {
        let notes = Notes()
        var copy = self
        var indexing = LogIndexing(
            key: {
                CountingKey(
                    key: try PageKey(secret: [UInt8](repeating: secret, count: 32), info: "test"), used: used)
            }, clock: clock ?? { LogIndexing.systemTime() + 60_000_000_000 })
        indexing.postingsAtOnce = postingsAtOnce
        copy.indexing = indexing
        copy.note = { notes.add($0) }
        return IndexedSource(plain: self, source: copy, notes: notes)
    }
}
