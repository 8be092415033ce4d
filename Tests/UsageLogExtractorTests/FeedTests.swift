import Glibc
import PortabilityModel
import PortabilityText
import Testing
import UsageLogExtractor

/// What an extraction gave, in a form that can be compared.
private struct Outcome: Equatable {
    var records: [String] = []
    var findings: [String] = []
    var ends: [Int64] = []

    init(_ keeper: Keeper, _ end: ExtractionEnd) {
        let heads = keeper.heads()
        records = zip(keeper.outlines(), heads).map { outline, head in
            "\(head.head.file):\(head.head.position) \(head.batch.text(head.head.id)) \(outline)"
        }
        findings = keeper.findings.map { "\($0)" }
        ends = end.records + [end.filesRead, end.bytesRead]
    }
}

extension Source {
    fileprivate func outcome(of folder: Folder, threads: Int?) async throws -> Outcome {
        var source = self
        source.threads = threads
        let keeper = Keeper()
        return Outcome(keeper, try await source.extract(folder, into: keeper))
    }

    /// The same after one look through the files for several subjects, in the middle of others.
    fileprivate func outcomes(of folder: Folder, for subjects: [[String: [String]]]) async throws -> [Outcome] {
        let session = try await open(folder)
        let keys = subjects.map { subject in
            var keys = SubjectKeys()
            for (kind, values) in subject {
                for value in values { keys.insert(Identifier(kind: kind, value: value)) }
            }
            return keys
        }
        try await session.anticipate(keys, scratch: folder.path)
        var outcomes: [Outcome] = []
        for subject in keys {
            let keeper = Keeper()
            let request = ExtractionRequest(datasets: extractor().declaration.datasets.map(\.id), subject: subject)
            outcomes.append(Outcome(keeper, try await session.extract(request, into: keeper)))
        }
        await session.close()
        return outcomes
    }
}

private let everybody: [[String: [String]]] = [
    ["user_id": ["1042"], "cookie_id": ["ck_1"]], ["user_id": ["7"]], ["cookie_id": ["ck_2", "ck_1"]],
    ["user_id": ["nobody"]], ["user_id": ["7", "1042"], "cookie_id": ["ck_2"]], [:],
]

/// Lines of all kinds that a log may hold, sound and not.
private let kinds: [[UInt8]] =
    [
        #"{"user":1042,"event":"a"}"#, #"{"user":"1042","event":"b","n":1.5e3}"#, #"{"user":7,"event":"c"}"#,
        #"{"event":"d","cookie":"ck_1"}"#, #"{"event":"e","cookie":"ck_2","user":null}"#,
        #"{"user":8,"cookie":"ck_1"}"#,
        #"{"us\u0065r":10,"user":"10\u0034\u0032"}"#, #"{"user":7,"user":1042}"#, #"{"user":1042,"user":7}"#,
        #"{"x":{"user":1042},"event":"f"}"#, #"{"user":[1042]}"#, #"{"user":{"id":1042},"cookie":"ck_1"}"#, "{}", "",
        " \t", "not json", "[1042]", #"{"user":1042"#, #"{"user":1042,}"#, #"{"user":01042}"#, #"{"user":1042} x"#,
        #"{"user":"1042","event":"ä€😀"}"#, "\u{feff}{\"user\":1042}", #"{"user":1042,"event":"\ud800"}"#,
        "{\"user\":1042}\r", "\r", "{\"user\"\t:  7 }", "{\"user\":1042,\"event\":\"a\tb\"}", "null", "{",
    ].map { Array($0.utf8) } + [
        Array(#"{"user":1042,"event":""#.utf8) + [0xff, 0xfe] + Array("\"}".utf8),
        Array(#"{"user":9,"event":""#.utf8) + [0xc0] + Array("\"}".utf8), [0], [0xff],
    ]

/// A line with a field of some length.
private func padded(_ user: Int, _ count: Int) -> [UInt8] {
    Array(#"{"user":\#(user),"event":""#.utf8) + [UInt8](repeating: 0x78, count: count) + Array("\"}".utf8)
}

private func little(_ number: UInt32, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(number >> (8 * $0) & 255) } }

private let table: [UInt32] = (0..<256).map { start in
    (0..<8).reduce(UInt32(start)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
}

/// gzip members of stored blocks, cut anywhere.
private func gzip(_ text: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var file: [UInt8] = []
    var place = 0
    repeat {
        let member = Array(text[place..<min(text.count, place + 1 + random.below(300_000))])
        place += member.count
        file += [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
        var rest = member[...]
        repeat {
            let block = rest.prefix(60_000)
            rest = rest.dropFirst(block.count)
            let count = UInt32(block.count)
            file += [rest.isEmpty ? 1 : 0] + little(count, 2) + little(~count, 2) + block
        } while !rest.isEmpty
        let crc = member.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 255)] ^ $0 >> 8 }
        file += little(~crc, 4) + little(UInt32(member.count), 4)
    } while place < text.count
    return file
}

/// zstd frames of raw blocks, cut anywhere.
private func zstd(_ text: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var file: [UInt8] = []
    var place = 0
    repeat {
        var rest = text[place..<min(text.count, place + 1 + random.below(300_000))]
        place += rest.count
        file += [0x28, 0xb5, 0x2f, 0xfd, 0, 0x38]
        repeat {
            let block = rest.prefix(60_000)
            rest = rest.dropFirst(block.count)
            file += little((rest.isEmpty ? 1 : 0) | UInt32(block.count) << 3, 3) + block
        } while !rest.isEmpty
    } while place < text.count
    return file
}

@Suite("Usage logs: the same whatever the way in which lines are found")
struct FeedTests {
    /// The plain way: each line by itself, in a log of its own. Places are then those of the line in the whole.
    private func lineByLine(_ text: [UInt8], _ source: Source) async throws -> (records: [String], findings: [String]) {
        var known: [[UInt8]: (records: [(position: UInt64, outline: String)], findings: [Finding])] = [:]
        var records: [String] = []
        var findings: [String] = []
        var offset = 0
        var lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for (index, line) in lines.enumerated() {
            let line = Array(line)
            // A line of its own that is not the first, where a byte order mark would be no part of it.
            let alone = index == 0 ? line : [0x0a] + line
            if known[alone] == nil {
                let folder = Folder()
                folder.write("a.jsonl", alone)
                let keeper = Keeper()
                try await source.extract(folder, into: keeper)
                let places = keeper.heads().map(\.head.position)
                known[alone] = (
                    zip(places, keeper.outlines()).map { ($0, $1) },
                    keeper.findings.filter { $0.place.line != nil }
                )
            }
            let shift = index == 0 ? 0 : 1
            for record in known[alone]?.records ?? [] {
                records.append("\(Int(record.position) - shift + offset) \(record.outline)")
            }
            for finding in known[alone]?.findings ?? [] {
                var place = finding.place
                place.line = Int64(index + 1)
                place.byte = place.byte.map { $0 - Int64(shift) + Int64(offset) }
                findings.append("\(finding.kind) \(finding.message) \(place)")
            }
            offset += line.count + 1
        }
        return (records, findings)
    }

    private func randomText(_ random: inout SplitMix, lines: Int) -> [UInt8] {
        var text: [UInt8] = []
        for _ in 0..<lines {
            switch random.below(40) {
            case 0: text += padded([7, 1042, 9][random.below(3)], [100, 3000, 70_000][random.below(3)])
            case 1...8: text += kinds[random.below(kinds.count)]
            default: text += kinds[random.below(14)]
            }
            if random.below(8) == 0 { text.append(0x0d) }
            text.append(0x0a)
        }
        if random.below(2) == 0 { text.removeLast() }
        return text
    }

    @Test("Random lines of all kinds: the records and findings of each line by itself, at any number of threads")
    func differential() async throws {
        var random = SplitMix(seed: 60)
        for round in 0..<2 {
            var source = Source()
            source.limits.lineBytes = 50_000
            source.exclusions = []
            let text = randomText(&random, lines: round == 0 ? 100 : 2000)
            let expected = try await lineByLine(text, source)
            for (name, bytes) in [
                ("a.jsonl", text), ("a.jsonl.gz", gzip(text, &random)), ("a.jsonl.zst", zstd(text, &random)),
            ] {
                let folder = Folder()
                folder.write(name, bytes)
                for threads in [1, 2, 7] {
                    source.threads = threads
                    let keeper = Keeper()
                    let end = try await source.extract(folder, into: keeper)
                    let records = zip(keeper.heads(), keeper.outlines()).map { "\($0.head.position) \($1)" }
                    let findings = keeper.findings.filter { $0.place.line != nil }
                        .map { "\($0.kind) \($0.message) \($0.place)" }
                    let areRecordsSame = records == expected.records
                    #expect(areRecordsSame, "\(name), \(threads) threads")
                    #expect(findings == Array(expected.findings.prefix(100)), "\(name), \(threads) threads")
                    #expect(end.bytesRead == Int64(text.count) && end.filesRead == 1)
                }
            }
        }
    }

    @Test("Many files, sound, cut and spoilt: any number of threads, and one look for many subjects, give the same")
    func files() async throws {
        var random = SplitMix(seed: 61)
        let folder = Folder()
        folder.write("00.jsonl", [])
        for index in 10..<40 {
            let text = randomText(&random, lines: random.below(400))
            var bytes = text
            switch random.below(3) {
            case 0: bytes = gzip(text, &random)
            case 1: bytes = zstd(text, &random)
            default: break
            }
            switch random.below(4) {
            case 0: bytes = Array(bytes.prefix(random.below(bytes.count + 1)))
            case 1: if !bytes.isEmpty { bytes[random.below(bytes.count)] ^= 0x11 }
            default: break
            }
            folder.write("\(index).jsonl", bytes)
        }
        folder.write("99.jsonl", gzip(Array("{\"user\":1042}".utf8), &random) + [1, 2, 3])
        mkfifo(folder.path + "/50.jsonl", 0o600)
        var source = Source()
        source.recordID = "event"
        source.limits.lineBytes = 20_000
        let announced = try await source.outcomes(of: folder, for: everybody)
        for (subject, announced) in zip(everybody, announced) {
            source.subject = subject
            let one = try await source.outcome(of: folder, threads: 1)
            for threads in [2, 7] {
                let same = try await source.outcome(of: folder, threads: threads) == one
                #expect(same, "\(threads) threads")
            }
            #expect(announced.records == one.records)
            #expect(announced.findings == one.findings)
            #expect(announced.ends == one.ends)
            #expect(subject["user_id"] == ["nobody"] || subject.isEmpty || one.records.count > 100)
            #expect(one.findings.count > 50)
        }
    }

    @Test("Lines across the pieces in which a large file is read are whole, whatever their length")
    func largeFile() async throws {
        var random = SplitMix(seed: 62)
        var text: [UInt8] = []
        var expected: [String] = []
        while text.count < 6 << 20 {
            let length = [10, 900, 5000, 300_000, 1 << 20, 3 << 20][random.below(6)]
            let isOurs = random.below(2) == 0
            if isOurs, length <= 2 << 20 { expected.append("0:\(text.count)") }
            text += padded(isOurs ? 1042 : 9, length) + (random.below(2) == 0 ? [0x0d, 0x0a] : [0x0a])
        }
        var source = Source()
        source.limits.lineBytes = 2 << 20
        source.fields = [("user", "user")]
        source.exclusions = ["event"]
        for bytes in [text, gzip(text, &random)] {
            let folder = Folder()
            folder.write("a.jsonl", bytes)
            let one = try await source.outcome(of: folder, threads: 1)
            #expect(one.records.map { String($0.prefix { $0 != " " }) } == expected)
            #expect(one.findings.filter { $0.contains("longer than the limit") }.count > 0)
            let seven = try await source.outcome(of: folder, threads: 7)
            #expect(one == seven)
            #expect(try await source.outcomes(of: folder, for: [source.subject]) == [one])
        }
    }

    @Test("Web servers' lines: one look for many subjects, and any number of threads, give the same")
    func webLogs() async throws {
        var random = SplitMix(seed: 63)
        var text = ""
        for number in 0..<8000 {
            let address = ["192.0.2.1", "192.0.2.2", "2001:db8::7", "-"][random.below(4)]
            let line = [
                #"\#(address) - - [10/Oct/2023:13:55:36 +0300] "GET /\#(number) HTTP/1.1" 200 2326"#,
                #"\#(address) - m\x61ija [10/Oct/2023:13:55:36 +0300] "GET / HTTP/1.1" 200 -"#,
                "\(address) - - cut", "", #"{"user":1042}"#,
            ]
            text += line[random.below(20) == 0 ? random.below(5) : 0] + "\n"
        }
        let folder = Folder()
        folder.write("access.log", text)
        var source = Source()
        source.path = "access.log"
        source.format = .common
        source.match = [
            .init(kind: "ip", path: "remote_addr", isUnique: false),
            .init(kind: "login", path: "remote_user", isUnique: true),
        ]
        source.fields = [("at", "time"), ("status", "status")]
        source.exclusions = []
        let subjects: [[String: [String]]] = [
            ["ip": ["192.0.2.1"]], ["ip": ["2001:db8::7", "192.0.2.2"]], ["login": ["maija"], "ip": ["192.0.2.2"]],
        ]
        let announced = try await source.outcomes(of: folder, for: subjects)
        for (subject, announced) in zip(subjects, announced) {
            source.subject = subject
            let one = try await source.outcome(of: folder, threads: 1)
            #expect(one.records.count > 1500 && one.findings.count > 50)
            let areSame = (one == announced, try await source.outcome(of: folder, threads: 7) == one)
            #expect(areSame == (true, true))
        }
    }

    @Test("Somebody for whom no look was announced is found by one; an announcement leaves no file behind")
    func unannounced() async throws {
        let folder = Folder()
        folder.write("a.jsonl", #"{"user":1042}"# + "\n" + #"{"user":7}"# + "\n")
        let session = try await Source().open(folder)
        var keys = SubjectKeys()
        keys.insert(Identifier(kind: "user_id", value: "1042"))
        try await session.anticipate([keys], scratch: folder.path)
        // What is added after the look is not in it.
        folder.append("a.jsonl", #"{"user":1042}"# + "\n" + #"{"user":7}"# + "\n")
        var other = SubjectKeys()
        other.insert(Identifier(kind: "user_id", value: "7"))
        for (subject, count) in [(keys, Int64(1)), (other, 2)] {
            let end = try await session.extract(
                ExtractionRequest(datasets: ["events"], subject: subject), into: Keeper())
            #expect(end.records == [count])
        }
        await session.close()
        var names: [String] = []
        let opened = try #require(opendir(folder.path))
        while let entry = readdir(opened) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        closedir(opened)
        #expect(names.sorted() == [".", "..", "a.jsonl"])
        let again = try await Source().open(folder)
        await #expect(throws: PortabilityError(.output, "")) {
            try await again.anticipate([keys], scratch: folder.path + "/missing")
        }
        await again.close()
    }
}
