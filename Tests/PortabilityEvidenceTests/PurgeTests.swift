import Glibc
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import Testing

/// 2026-11-22T12:00:00Z.
private let now: Int64 = 1_795_348_800
private let day: Int64 = 86_400

@Suite("Purging")
struct PurgeTests {
    private let folder: Folder
    private let digest = SHA256Digest.factory

    init() throws {
        folder = try Folder()
        // An archive says when it was made; its file may have been copied yesterday.
        try file("R-1.zip", zip("R-1 2026-08-01T00:00:00Z"), daysOld: 1)
        try file("R-2.zip", zip("R-2 2026-11-01T00:00:00Z"), daysOld: 200)
        try file("R-1.zip.receipt.json", text(sampleReceipt { $0.request = "R-1" }.document(digest)), daysOld: 200)
        try file("R-1.letter-delivery.txt", "Dear Maija", daysOld: 100)
        try file("R-1.review.json", "{\"request\":\"R-1\"}", daysOld: 100)
        try file("R-1.yaml", "request R-1", daysOld: 100)
        try file("R-3.yaml", "request R-3", daysOld: 10)
        // What no one recognises.
        try file("holiday.zip", "PK\u{3}\u{4}" + String(repeating: "-", count: 100), daysOld: 900)
        try file("love.letter-one.txt", "Dear Maija", daysOld: 900)
        try file("config.yaml", "sources: {}", daysOld: 900)
        try file("notes.txt", "mine", daysOld: 900)
        try file("other.review.json", "no JSON", daysOld: 900)
    }

    private func file(_ name: String, _ content: String, daysOld: Int64) throws {
        try write(content, folder(name))
        var times = [
            timeval(tv_sec: Int(now - daysOld * day), tv_usec: 0),
            timeval(tv_sec: Int(now - daysOld * day), tv_usec: 0),
        ]
        utimes(folder(name), &times)
    }

    /// Begins as an archive does; what follows the name is what the test's recogniser reads.
    private func zip(_ content: String) -> String {
        "PK\u{3}\u{4}" + String(repeating: "\0", count: 22) + "\u{A}\0\0\0" + "index.html" + content
            + String(repeating: " ", count: 40)
    }

    private func purge(
        _ kinds: Set<Purge.Kind> = [.archives, .requests, .reviews, .letters], days: Int64 = 90,
        folders: [String]? = nil
    ) -> Purge {
        Purge(
            folders: folders ?? [folder.path], kinds: kinds, minimumAge: days * day, now: now,
            archive: { path in
                let words = text(Array(try read(path).dropFirst(40))).split(separator: " ")
                return words.count < 2 ? nil : .init(request: String(words[0]), created: String(words[1]))
            },
            request: { path in
                let words = text(try read(path)).split(separator: " ")
                return words.first == "request" ? .init(request: String(words[1])) : nil
            }, digest: digest)
    }

    private func found(_ purge: Purge) throws -> [String] {
        try purge.candidates().map { String($0.path.dropFirst(folder.path.utf8.count + 1)) }
    }

    @Test("finds what is old enough and known, and nothing else")
    func candidates() throws {
        #expect(try found(purge()) == ["R-1.letter-delivery.txt", "R-1.review.json", "R-1.yaml", "R-1.zip"])
        #expect(try found(purge([.archives], days: 0)) == ["R-1.zip", "R-2.zip"])
        #expect(try found(purge([.requests], days: 5)) == ["R-1.yaml", "R-3.yaml"])
        #expect(try purge([.archives]).candidates().map { $0.age / day } == [113])
        #expect(try found(purge(days: 1000)) == [])
    }

    @Test("finds letters of requests that never had an archive, by a request in the folders or by the journal")
    func letters() throws {
        for name in ["R-3.letter-refusal.txt", "R-3.plan.txt", "R-3.diff.json", "R-8.letter-extension-notice.txt"] {
            try file(name, "Dear Maija", daysOld: 100)
        }
        try file("below R-3.letter-refusal.txt", "Dear Maija", daysOld: 100)
        let ofThree = ["R-3.diff.json", "R-3.letter-refusal.txt", "R-3.plan.txt"]
        #expect(
            try found(purge([.letters])) == ["R-1.letter-delivery.txt"] + ofThree, "R-3.yaml is too young, but known")

        let journal = journal(folder("journal"))
        #expect(try journal.requests() == [])
        try journal.append(JournalEvent(.received, request: "R-8", happened: "2026-08-01"), at: noon)
        var purge = purge([.letters])
        purge.knownRequests = try journal.requests()
        #expect(try found(purge) == ["R-1.letter-delivery.txt"] + ofThree + ["R-8.letter-extension-notice.txt"])
        #expect(try purge.candidates().map(\.request) == ["R-1", "R-3", "R-3", "R-3", "R-8"])
        unlink(folder("R-3.yaml"))
        #expect(try !found(purge).contains { $0.hasPrefix("R-3") }, "no one knows that request now")
    }

    /// Encrypted files and the receipt that tells of them.
    private func encrypted(_ files: [String: String], receipt name: String, request: String) throws {
        let sorted = files.sorted { $0.key < $1.key }
        for (name, content) in sorted { try file(name, content, daysOld: 1) }
        let whole = sorted.map(\.value).joined()
        let receipt = sampleReceipt {
            $0.request = request
            $0.created = "2026-08-01T00:00:00Z"
            $0.finished = "2026-08-01T00:00:01Z"
            $0.archive = .init(
                bytes: Int64(whole.utf8.count), sha256: PortabilityEvidenceTests.digest(whole),
                volumes: files.count == 1
                    ? []
                    : sorted.map {
                        .init(bytes: Int64($0.value.utf8.count), sha256: PortabilityEvidenceTests.digest($0.value))
                    },
                encryption: .init(
                    recipients: [.init(kind: .x25519, count: 1)],
                    zips: sorted.map { .init(bytes: 10, sha256: PortabilityEvidenceTests.digest("zip \($0.key)")) }))
        }
        try file(name, text(receipt.document(digest)), daysOld: 1)
    }

    private let age = "age-encryption.org/v1\n-> X25519 "

    @Test("takes an encrypted archive by its digest in the receipt, each volume by that of the set")
    func encryptedArchives() throws {
        try encrypted(["R-5.zip.age": age + "five"], receipt: "R-5.zip.age.receipt.json", request: "R-5")
        try encrypted(
            ["R-6-001.zip.age": age + "first", "R-6-002.zip.age": age + "second"], receipt: "R-6.zip.age.receipt.json",
            request: "R-6")
        try file("R-5.letter-delivery.txt", "Dear Maija", daysOld: 100)
        let purge = purge([.archives, .letters])
        let five = ["R-5.letter-delivery.txt", "R-5.zip.age"]
        #expect(
            try found(purge) == ["R-1.letter-delivery.txt", "R-1.zip"] + five + ["R-6-001.zip.age", "R-6-002.zip.age"])
        #expect(try purge.findings().left.isEmpty)
        #expect(try found(self.purge([.archives], days: 114)) == [], "the receipt says when it was made")
        #expect(try found(self.purge([.letters])) == ["R-1.letter-delivery.txt", "R-5.letter-delivery.txt"])

        let journal = journal(folder("journal"))
        let outcome = try purge.remove(try purge.candidates(), journal: journal, at: noon)
        #expect(outcome.failures.isEmpty)
        #expect(!names(folder.path).contains { $0.hasSuffix(".age") })
        #expect(names(folder.path).contains("R-6.zip.age.receipt.json"))
        var told: [JournalEvent] = []
        #expect(try journal.verify { told.append($0.event) }.fault == nil)
        #expect(told.contains(.purged(request: "R-6", [.archives: 2])))
    }

    @Test("leaves an encrypted file that no receipt proves to be ours, and names it")
    func encryptedStrangers() throws {
        try encrypted(["R-5.zip.age": age + "five"], receipt: "R-5.zip.age.receipt.json", request: "R-5")
        // As long as it was, but another.
        try file("R-5.zip.age", age + "FIVE", daysOld: 200)
        try file("R-7.zip.age", age + "seven", daysOld: 200)
        try file("R-8.zip.age", age + "eight", daysOld: 10)
        try file("holiday.tar.age", age + "sun", daysOld: 200)
        // A receipt that was altered proves nothing.
        try encrypted(["R-9.zip.age": age + "nine"], receipt: "R-9.zip.age.receipt.json", request: "R-9")
        let altered = text(try read(folder("R-9.zip.age.receipt.json"))).replacing("R-9", with: "R-0")
        try file("R-9.zip.age.receipt.json", altered, daysOld: 200)
        try file("R-9.zip.age", age + "nine", daysOld: 200)
        let findings = try purge([.archives]).findings()
        #expect(findings.candidates.map(\.path) == [folder("R-1.zip")])
        #expect(findings.left.map(\.path) == ["R-5", "R-7", "R-9"].map { folder("\($0).zip.age") })
        #expect(findings.left[1].message.contains("no receipt"))
        #expect(try purge([.letters]).findings().left.isEmpty, "archives were not asked for")
    }

    @Test("removes it, with a line for each request first, and leaves receipts and journal")
    func removes() throws {
        let before = names(folder.path)
        let journal = journal(folder("journal"))
        let purge = purge(days: 5)
        let outcome = try purge.remove(try purge.candidates(), journal: journal, at: noon)
        #expect(outcome.failures.isEmpty)
        #expect(outcome.removed.count == 6)
        let gone = ["R-1.letter-delivery.txt", "R-1.review.json", "R-1.yaml", "R-1.zip", "R-2.zip", "R-3.yaml"]
        #expect(names(folder.path) == (before.filter { !gone.contains($0) } + ["journal"]).sorted())
        var told: [JournalEvent] = []
        #expect(try journal.verify { told.append($0.event) }.fault == nil)
        #expect(
            Array(told.dropFirst()) == [
                .purged(request: "R-1", [.archives: 1, .requests: 1, .reviews: 1, .letters: 1]),
                .purged(request: "R-2", [.archives: 1]), .purged(request: "R-3", [.requests: 1]),
            ])
    }

    @Test("removes nothing that it could not record")
    func writeAhead() throws {
        try write("no journal\n", folder("journal"))
        let before = names(folder.path)
        let purge = purge()
        let candidates = try purge.candidates()
        #expect(failure { _ = try purge.remove(candidates, journal: journal(folder("journal")), at: noon) } != nil)
        #expect(names(folder.path) == before)
    }

    @Test("tells of what was recorded and is still there")
    func failures() throws {
        let purge = purge([.archives])
        let candidates = try purge.candidates()
        // Between looking and removing, another file took the name.
        try write("something else", folder("new"))
        rename(folder("new"), folder("R-1.zip"))
        let outcome = try purge.remove(candidates, journal: journal(folder("journal")), at: noon)
        #expect(outcome.removed.isEmpty)
        #expect(outcome.failures.map(\.path) == [folder("R-1.zip")])
        #expect(text(try read(folder("R-1.zip"))) == "something else")
    }

    @Test("looks into folders, but follows no link")
    func links() throws {
        mkdir(folder("below"), 0o700)
        rename(folder("R-1.zip"), folder("below/R-1.zip"))
        symlink(folder("below"), folder("link"))
        symlink(folder("below/R-1.zip"), folder("R-9.zip"))
        #expect(try found(purge([.archives])) == ["below/R-1.zip"])
        #expect(failure { _ = try purge(folders: [folder("link")]).candidates() }?.code == .unavailable)
        #expect(try found(purge([.archives], folders: [folder.path, folder("below")])) == ["below/R-1.zip"], "once")
    }

    @Test("takes a dossier as one, and leaves its copies of receipts and of the journal")
    func dossiers() throws {
        let journal = journal(folder("journal"))
        try journal.append(JournalEvent(.received, request: "R-1", happened: "2026-08-01"), at: noon)
        func dossier(_ name: String, _ items: [Dossier.Item], journal: String?) throws {
            _ = try Dossier(
                request: "R-1", items: items, journal: journal, created: "2026-08-01T00:00:00Z", tool: "portability 1.0"
            ).write(to: folder(name), digest)
        }
        let letter = Dossier.Item(.letter, folder("R-1.letter-delivery.txt"))
        try dossier("one", [letter, .init(.receipt, folder("R-1.zip.receipt.json"))], journal: folder("journal"))
        try dossier("two", [letter, .init(.request, folder("R-1.yaml"))], journal: nil)
        #expect(try found(purge([.requests, .letters], days: 0)).filter { $0.contains("/") } == [])
        let purge = purge([.dossiers])
        #expect(try found(purge) == ["one", "two"])
        let outcome = try purge.remove(try purge.candidates(), journal: journal, at: noon)
        #expect(outcome.removed.count == 2)
        #expect(names(folder("one")) == ["journal.jsonl", "receipt.json"])
        #expect(access(folder("two"), F_OK) != 0)
        #expect(try found(purge) == [])
    }

    @Test("leaves what someone put into a dossier, and says so")
    func strangeFiles() throws {
        _ = try Dossier(
            request: "R-1", items: [.init(.request, folder("R-1.yaml"))], created: "2026-08-01T00:00:00Z",
            tool: "portability 1.0"
        ).write(to: folder("dossier"), digest)
        try write("mine", folder("dossier/notes.txt"))
        let purge = purge([.dossiers])
        let outcome = try purge.remove(try purge.candidates(), journal: nil, at: noon)
        #expect(outcome.failures.count == 1)
        #expect(names(folder("dossier")) == ["notes.txt"])
    }
}
