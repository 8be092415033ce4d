import Glibc
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import Testing

@Suite("A journal")
struct JournalTests {
    private let folder: Folder
    private let path: String

    init() throws {
        folder = try Folder()
        path = folder("journal.jsonl")
    }

    /// What a request goes through, one event a line.
    private static let story: [JournalEvent] = [
        JournalEvent(.received, request: "R-1", happened: "2026-11-02", channel: .email),
        JournalEvent(.identityAsked, request: "R-1", happened: "2026-11-02", channel: .email, by: "privacy-officer"),
        .exported(request: "R-1", receipt: digest("receipt"), archive: digest("archive")),
        JournalEvent(
            .delivered, request: "R-1", happened: "2026-11-20T10:00:00+02:00", channel: .secureEmail,
            by: "privacy-officer", receipt: digest("receipt")),
        .purged(request: "R-1", [.archives: 1, .requests: 1]),
    ]

    private func write(_ events: [JournalEvent] = story) throws {
        for event in events { try journal(path).append(event, at: noon) }
    }

    private func lines() throws -> [[UInt8]] {
        try read(path).split(separator: 10, omittingEmptySubsequences: false).dropLast().map(Array.init)
    }

    private func rewrite(_ lines: [[UInt8]]) throws {
        try PortabilityEvidenceTests.write(lines.flatMap { $0 + [10] }, path)
    }

    private func fault(expecting head: String? = nil, count: Int64? = nil) throws -> Journal.Report.Finding? {
        try journal(path).verify(expecting: head, count: count).fault
    }

    @Test("tells what happened, in order, after a line that names the format")
    func story() throws {
        try write()
        var told: [JournalEvent] = []
        let report = try journal(path).verify { told.append($0.event) }
        #expect(report.fault == nil && report.notes.isEmpty)
        #expect(report.head.count == 6)
        #expect(told.map(\.name) == [.opened, .received, .identityAsked, .exported, .delivered, .purged])
        #expect(Array(told.dropFirst()) == Self.story)
        #expect(try text(lines()[0]).contains(#""event":"opened","format":"portability-journal""#))
    }

    @Test("has lines that prove themselves, and point to the one before, as any shell can tell")
    func shell() throws {
        try write()
        var previous = String(repeating: "0", count: 64)
        for line in try lines() {
            let parts = text(line).components(by: ",\"sha256\":\"")
            #expect(parts[0].contains("\"previous\":\"\(previous)\""))
            previous = digest(parts[0])
            #expect(parts[1] == previous + "\"}")
        }
        #expect(try journal(path).verify().head.sha256 == previous)
    }

    @Test("is for its owner only")
    func permissions() throws {
        try write()
        #expect(try mode(path) == 0o600)
    }

    @Test("shows every change of a byte, at the line where it is or the next")
    func flippedBytes() throws {
        try write(Array(Self.story.prefix(3)))
        let whole = try read(path)
        var line: Int64 = 1
        for index in whole.indices {
            for change: UInt8 in [0x01, 0x20, 0x80] {
                var altered = whole
                altered[index] ^= change
                try PortabilityEvidenceTests.write(altered, path)
                let fault = try #require(try fault(), "byte \(index)")
                #expect(fault.line == line)
            }
            if whole[index] == 10 { line += 1 }
        }
    }

    @Test("shows that a line was removed, moved or repeated")
    func lineChanges() throws {
        try write()
        let whole = try lines()
        for index in whole.indices.dropLast() {
            var removed = whole
            removed.remove(at: index)
            try rewrite(removed)
            #expect(try fault()?.line == Int64(index + 1), "line \(index + 1) removed")
            var moved = whole
            moved.swapAt(index, index + 1)
            try rewrite(moved)
            #expect(try fault()?.line == Int64(index + 1), "line \(index + 1) moved")
        }
        for index in whole.indices {
            var repeated = whole
            repeated.insert(whole[index], at: index)
            try rewrite(repeated)
            #expect(try fault()?.line == Int64(index + 2), "line \(index + 1) repeated")
        }
    }

    @Test("that lost its end looks whole, until one who noted its head asks")
    func truncated() throws {
        try write()
        let head = try journal(path).verify().head
        try rewrite(Array(try lines().dropLast()))
        #expect(try fault() == nil)
        #expect(try fault(expecting: head.sha256) != nil)
        #expect(try fault(count: head.count) != nil)
    }

    @Test("may have grown since its head was noted")
    func grown() throws {
        try write()
        let head = try journal(path).verify().head
        try write([JournalEvent(.withdrawn, request: "R-2", happened: "2026-11-21")])
        #expect(try fault(expecting: head.sha256, count: head.count) == nil)
        #expect(try fault(expecting: head.sha256, count: head.count + 1) != nil)
        #expect(try fault(expecting: digest("another"), count: head.count) != nil)
    }

    @Test("written anew with other events has another head")
    func rewritten() throws {
        try write()
        let head = try journal(path).verify().head
        unlink(path)
        try write(Self.story.dropLast() + [.purged(request: "R-1", [.archives: 2])])
        #expect(try fault() == nil)
        #expect(try fault(expecting: head.sha256, count: head.count) != nil)
    }

    @Test("notes a clock that went back, which is no fault")
    func clock() throws {
        try journal(path).append(Self.story[0], at: "2026-11-22T12:00:00+02:00")
        try journal(path).append(Self.story[1], at: "2026-11-22T10:30:00Z")
        try journal(path).append(Self.story[2], at: "2026-11-22T10:29:59.9Z")
        let report = try journal(path).verify()
        #expect(report.fault == nil)
        #expect(report.notes.map(\.line) == [4])
    }

    // MARK: What was cut off

    @Test("whose last write was cut off anywhere loses nothing, and records the fragment")
    func torn() throws {
        try write(Array(Self.story.prefix(2)))
        let before = try read(path)
        try write([Self.story[2]])
        let whole = try read(path)
        for cut in (before.count + 1)..<whole.count {
            try PortabilityEvidenceTests.write(Array(whole[..<cut]), path)
            #expect(try fault()?.line == 4, "a fragment of \(cut - before.count) bytes is seen")
            try write([Self.story[2]])
            let healed = try read(path)
            #expect(Array(healed[..<cut]) == Array(whole[..<cut]), "nothing is written over")
            var told: [JournalEvent] = []
            let report = try journal(path).verify { told.append($0.event) }
            #expect(report.fault == nil)
            #expect(report.notes.map(\.line) == [4])
            #expect(told.suffix(2).map(\.name) == [.torn, .exported])
            #expect(told[3].fragment?.bytes == Int64(cut - before.count))
        }
    }

    @Test("survives that the record of a cut-off write is itself cut off, again and again")
    func tornTwice() throws {
        try write(Array(Self.story.prefix(1)))
        let good = try read(path)
        try PortabilityEvidenceTests.write(good + Array("{\"sequence\":2,\"prev".utf8), path)
        try write([Self.story[1]])
        let first = try read(path)
        // Every way in which the second write, of two lines, can end before its time.
        for cut in (good.count + 19)..<first.count {
            try PortabilityEvidenceTests.write(Array(first[..<cut]), path)
            try write([Self.story[1]])
            #expect(Array(try read(path)[..<cut]) == Array(first[..<cut]))
            #expect(try fault() == nil, "cut at \(cut)")
        }
    }

    @Test("whose very first write was cut off begins behind it")
    func tornOpening() throws {
        try write(Array(Self.story.prefix(1)))
        let whole = try read(path)
        let first = try #require(whole.firstIndex(of: 10))
        for cut in 1..<whole.count {
            try PortabilityEvidenceTests.write(Array(whole[..<cut]), path)
            try write(Array(Self.story.prefix(1)))
            var told: [JournalEvent.Name] = []
            let report = try journal(path).verify { told.append($0.event.name) }
            #expect(report.fault == nil)
            #expect(told.last == .received && told.count { $0 == .opened } == 1, "cut at \(cut) of \(first)")
        }
    }

    @Test("takes zeros that a crash left for a cut-off write")
    func zeros() throws {
        try write(Array(Self.story.prefix(1)))
        try PortabilityEvidenceTests.write(try read(path) + [UInt8](repeating: 0, count: 4096), path)
        try write([Self.story[1]])
        let report = try journal(path).verify()
        #expect(report.fault == nil)
        #expect(report.notes.count == 1)
    }

    @Test("shows a change in what was cut off, too")
    func alteredFragment() throws {
        try write(Array(Self.story.prefix(1)))
        let good = try read(path)
        try PortabilityEvidenceTests.write(good + Array("{\"sequ".utf8), path)
        try write([Self.story[1]])
        let whole = try read(path)
        for index in good.count..<whole.count {
            var altered = whole
            altered[index] ^= 1
            try PortabilityEvidenceTests.write(altered, path)
            #expect(try fault() != nil, "byte \(index)")
        }
    }

    @Test("is not built upon where its end was altered")
    func alteredEnd() throws {
        try write()
        let whole = try lines()
        for index in whole.indices.suffix(2) {
            var altered = whole
            altered[index] = Array(text(whole[index]).replacing("R-1", with: "R-9").utf8)
            try rewrite(altered)
            let before = try read(path)
            #expect(failure { try write([Self.story[0]]) }?.code == .verification)
            #expect(try read(path) == before)
        }
        var removed = whole
        removed.remove(at: whole.count - 2)
        try rewrite(removed)
        #expect(failure { try write([Self.story[0]]) }?.code == .verification)
    }

    @Test(
        "is never begun in another file",
        arguments: ["notes", "notes\nof mine\n", "{\"sequence\":1}", "{\"sequence\":0}\n"])
    func foreign(content: String) throws {
        try PortabilityEvidenceTests.write(content, path)
        #expect(failure { try write([Self.story[0]]) }?.code == .verification)
        #expect(text(try read(path)) == content)
    }

    @Test("is not written through a link, nor into a folder or a pipe")
    func noLinks() throws {
        try PortabilityEvidenceTests.write("", folder("target"))
        symlink(folder("target"), path)
        #expect(failure { try write() }?.code == .output)
        #expect(try read(folder("target")) == [])
        unlink(path)
        mkdir(path, 0o700)
        #expect(failure { try write() }?.code == .output)
        rmdir(path)
        mkfifo(path, 0o600)
        #expect(failure { try write() }?.code == .output)
    }

    @Test("that does not fit on the disk says so, and goes on when there is room")
    func fullDisk() async throws {
        try write(Array(Self.story.prefix(2)))
        let size = try read(path).count
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String, size = size as Int] in
            // The next line's first 100 bytes fit, as on a disk that becomes full.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: rlim_t(size + 100), rlim_max: rlim_t(size + 100))
            setrlimit(__rlimit_resource_t(1), &limit)
            let event = JournalEvent(.withdrawn, request: "R-1", happened: "2026-11-21")
            let error = failure { try journal(path).append(event, at: noon) }
            exit(error?.code == .output && error?.errno == EFBIG ? 7 : 8)
        }
        #expect(try read(path).count == size + 100)
        try write([Self.story[2]])
        #expect(try read(path).count > size + 100)
        #expect(try fault() == nil)
    }

    @Test(
        "takes the lines of eight writers at a time, threads and processes, each whole and once",
        .timeLimit(.minutes(2)))
    func concurrentWriters() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask { [path] in
                    for number in 0..<10 {
                        let event = JournalEvent(.withdrawn, request: "T\(writer)-\(number)", happened: "2026-11-21")
                        try journal(path).append(event, at: noon)
                    }
                }
                group.addTask { [path] in
                    await #expect(processExitsWith: .success) { [path = path as String, writer = writer as Int] in
                        for number in 0..<10 {
                            let event = JournalEvent(
                                .withdrawn, request: "P\(writer)-\(number)", happened: "2026-11-21")
                            try journal(path).append(event, at: noon)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        var requests: [String] = []
        let report = try journal(path).verify { entry in entry.event.request.map { requests.append($0) } }
        #expect(report.fault == nil && report.notes.isEmpty)
        #expect(requests.count == 80)
        #expect(Set(requests).count == 80)
        // Each writer's lines stand in the order in which it wrote them.
        for writer in ["T0", "T3", "P0", "P3"] {
            #expect(requests.filter { $0.hasPrefix(writer) } == (0..<10).map { "\(writer)-\($0)" })
        }
    }

    // MARK: What may stand in it

    @Test(
        "takes no text that could be a person's",
        arguments: [
            ("by", JournalEvent(.withdrawn, request: "R-1", happened: "2026-11-21", by: "Maija Virtanen")),
            ("by", JournalEvent(.withdrawn, request: "R-1", happened: "2026-11-21", by: "131052-308t")),
            ("request", JournalEvent(.withdrawn, request: "maija@example.com", happened: "2026-11-21")),
            ("request", JournalEvent(.withdrawn, request: "131052-308T", happened: "2026-11-21")),
            ("happened", JournalEvent(.withdrawn, request: "R-1", happened: "when Maija called")),
            (
                "article",
                JournalEvent(
                    .refused, request: "R-1", happened: "2026-11-21", ground: .excessive, article: "Maija again")
            ),
            (
                "receipt",
                JournalEvent(
                    .delivered, request: "R-1", happened: "2026-11-21", channel: .letter, by: "mail-room",
                    receipt: "Maija's")
            ),
        ])
    func refused(field: String, event: JournalEvent) throws {
        let error = try #require(failure { try journal(path).append([Self.story[0], event], at: noon) })
        #expect(error.code == .refused)
        #expect(error.place.field == field)
        #expect(!error.description.contains("Maija") && !error.description.contains("131052"))
        #expect(access(path, F_OK) != 0, "of several events none is written")
    }

    @Test("wants what belongs to an event, and nothing else")
    func members() {
        let lacking = JournalEvent(.refused, request: "R-1", happened: "2026-11-21", ground: .excessive)
        #expect(failure { try lacking.validate() }?.place.field == "article")
        let odd = JournalEvent(.received, request: "R-1", happened: "2026-11-21", until: "2027-01-31")
        #expect(failure { try odd.validate() }?.place.field == "until")
        #expect(failure { try JournalEvent(.withdrawn, request: nil, happened: "2026-11-21").validate() } != nil)
        for name: JournalEvent.Name in [.opened, .torn] {
            #expect(failure { try journal(path).append(JournalEvent(name, request: nil), at: noon) } != nil)
        }
    }

    @Test("of another major version is neither read nor added to")
    func newer() throws {
        try write([])
        let opening =
            #"{"sequence":0,"previous":"\#(String(repeating: "0", count: 64))","at":"\#(noon)","event":"opened","#
            + #""format":"portability-journal","format_version":"2.0""#
        try PortabilityEvidenceTests.write("\(opening),\"sha256\":\"\(digest(opening))\"}\n", path)
        #expect(failure { try write([Self.story[0]]) }?.code == .unsupported)
        #expect(try fault()?.line == 1)
    }
}

extension String {
    fileprivate func components(by separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}

@Suite("Before an event is recorded")
struct JournalKnowledgeTests {
    private let folder: Folder
    private let journal: Journal
    private let receipt = sampleReceipt()
    private let id: String

    init() throws {
        folder = try Folder()
        journal = Journal(path: folder("journal"), digest: SHA256Digest.factory)
        id = try receipt.id(SHA256Digest.factory)
        try journal.append(
            .exported(request: receipt.request, receipt: id, archive: receipt.archive.sha256), at: noon)
    }

    private func delivered(_ request: String, receipt: String?) -> JournalEvent {
        JournalEvent(
            .delivered, request: request, happened: "2026-11-22", channel: .letter, by: "mail-room", receipt: receipt)
    }

    @Test("its receipt must be that of its request, whether the file or its id is given")
    func receiptOfAnother() throws {
        #expect(try journal.consider(delivered(receipt.request, receipt: id), at: noon).isEmpty)
        #expect(try journal.consider(delivered(receipt.request, receipt: id), receipt: receipt, at: noon).isEmpty)
        let other = delivered("R-2026-0077", receipt: id)
        #expect(failure { _ = try journal.consider(other, at: noon) }?.place.field == "receipt")
        let empty = Journal(path: folder("none"), digest: SHA256Digest.factory)
        #expect(failure { _ = try empty.consider(other, receipt: receipt, at: noon) }?.code == .refused)
    }

    @Test("it must have happened, give or take the time zone of a date")
    func future() throws {
        func received(_ time: String) -> JournalEvent { JournalEvent(.received, request: "R-9", happened: time) }
        for time in ["2099-01-01", "2026-11-24", "2026-11-23T12:00:01Z", "2026-11-23T12:00:00-00:01"] {
            #expect(
                failure { _ = try journal.consider(received(time), at: noon) }?.place.field == "happened", "\(time)")
        }
        for time in ["2026-11-23", "2026-11-23T12:00:00Z", "2026-11-23T13:30:00+02:00", "2019-01-01"] {
            #expect(try journal.consider(received(time), at: noon).isEmpty, "\(time)")
        }
    }

    @Test("a request or receipt of which nothing is known is odd, but may be right")
    func unknown() throws {
        #expect(try journal.consider(delivered("R-2026-0077", receipt: nil), at: noon).count == 1)
        #expect(try journal.consider(delivered(receipt.request, receipt: digest("none")), at: noon).count == 1)
        let first = JournalEvent(.received, request: "R-2026-0077", happened: "2026-11-22")
        #expect(try journal.consider(first, at: noon).isEmpty, "a request begins with being received")
        try journal.append(first, at: noon)
        #expect(try journal.consider(delivered("R-2026-0077", receipt: nil), at: noon).isEmpty)
    }
}
