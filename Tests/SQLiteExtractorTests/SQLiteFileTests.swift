import GRDB
import Glibc
import PortabilityModel
import SQLiteExtractor
import Testing

@Suite("Reading an SQLite file leaves the folder as it was")
struct SQLiteUntouchedTests {
    let folder = Folder()
    let tables = "CREATE TABLE t (id INTEGER PRIMARY KEY, name); INSERT INTO t VALUES (1, 'a'), (2, 'b');"
    let query = "SELECT id AS record_id, :user_id AS subject, name FROM t ORDER BY id"

    /// The folder's listing. A writer of this very process lends its mapping of the `-shm` to every other connection
    /// in it, so the kernel may move that file's time when it next writes the page back; in another process it cannot.
    private func seen(_ isInUse: Bool) -> [String] {
        guard isInUse else { return folder.listing }
        return folder.listing.map { line in
            line.hasPrefix("test.sqlite-shm ") ? line.split(separator: " ").prefix(2).joined(separator: " ") : line
        }
    }

    /// Reads user 1's records and checks that nothing changed, while open and afterwards.
    private func expectUntouched(
        _ records: [String], _ comment: Comment, isInUse: Bool = false
    ) async throws {
        let before = seen(isInUse)
        let source = try extractor(folder["test.sqlite"], query)
        let collector = Collector()
        try await withSession(source) { session in
            _ = try await session.check()
            _ = try await session.extract(
                ExtractionRequest(datasets: ["things"], subject: user("1")), into: collector)
            #expect(seen(isInUse) == before, comment)
        }
        #expect(collector.records == records, comment)
        #expect(seen(isInUse) == before, comment)
        // SQLite keeps descriptors of a file that another connection of the process holds locks on.
        if !isInUse { #expect(openDescriptors(folder.path) == 0, comment) }
    }

    @Test("with a rollback journal")
    func rollback() async throws {
        try folder.database(tables)
        try await expectUntouched(["1 1 string=a", "2 1 string=b"], "rollback journal")
        chmod(folder.path, 0o500)
        chmod(folder["test.sqlite"], 0o400)
        try await expectUntouched(["1 1 string=a", "2 1 string=b"], "read-only")
    }

    @Test("in WAL mode, closed properly")
    func closedWAL() async throws {
        try folder.database("PRAGMA journal_mode = WAL; \(tables)")
        #expect(folder.names == ["test.sqlite"])
        try await expectUntouched(["1 1 string=a", "2 1 string=b"], "closed")
        folder.write("test.sqlite-wal", [])
        try await expectUntouched(["1 1 string=a", "2 1 string=b"], "empty -wal")
        chmod(folder.path, 0o500)
        chmod(folder["test.sqlite"], 0o400)
        try await expectUntouched(["1 1 string=a", "2 1 string=b"], "read-only")
    }

    @Test("in WAL mode, in use by another connection")
    func liveWAL() async throws {
        try folder.database("PRAGMA journal_mode = WAL; \(tables)")
        let writer = try DatabaseQueue(path: folder["test.sqlite"])
        try await writer.write { try $0.execute(sql: "INSERT INTO t VALUES (3, 'c')") }
        #expect(folder.names == ["test.sqlite", "test.sqlite-shm", "test.sqlite-wal"])
        try await expectUntouched(["1 1 string=a", "2 1 string=b", "3 1 string=c"], "live", isInUse: true)
        try await writer.write { try $0.execute(sql: "INSERT INTO t VALUES (4, 'd')") }
        #expect(try await extract(extractor(folder["test.sqlite"], query)).records.count == 4)
        try writer.close()
    }

    /// The database, `-wal` and `-shm` as a crash leaves them, in a second folder.
    private func crashed(_ names: [String]) async throws -> [String: [UInt8]] {
        let other = Folder()
        try other.database("PRAGMA journal_mode = WAL; \(tables)")
        let writer = try DatabaseQueue(path: other["test.sqlite"])
        try await writer.write { try $0.execute(sql: "INSERT INTO t VALUES (3, 'c')") }
        let files = Dictionary(uniqueKeysWithValues: names.map { ($0, other.read($0)) })
        try writer.close()
        return files
    }

    @Test("in WAL mode, left by a crash")
    func crashedWAL() async throws {
        for (name, bytes) in try await crashed(["test.sqlite", "test.sqlite-wal", "test.sqlite-shm"]) {
            folder.write(name, bytes)
        }
        try await expectUntouched(["1 1 string=a", "2 1 string=b", "3 1 string=c"], "crashed")
        chmod(folder.path, 0o500)
        for name in folder.names { chmod(folder[name], 0o400) }
        try await expectUntouched(["1 1 string=a", "2 1 string=b", "3 1 string=c"], "read-only")
    }

    @Test("in WAL mode, copied without its index")
    func copiedWAL() async throws {
        for (name, bytes) in try await crashed(["test.sqlite", "test.sqlite-wal"]) { folder.write(name, bytes) }
        try await expectUntouched(["1 1 string=a", "2 1 string=b", "3 1 string=c"], "copied")
        try await expectUntouched(["1 1 string=a", "2 1 string=b", "3 1 string=c"], "copied, again")
        chmod(folder.path, 0o500)
        for name in folder.names { chmod(folder[name], 0o400) }
        try await expectUntouched(["1 1 string=a", "2 1 string=b", "3 1 string=c"], "read-only")
    }

    @Test("under a name that means something in a URI")
    func names() async throws {
        let path = try folder.database(named: "a?b#c%20d ä&mode=rwc.sqlite", "PRAGMA journal_mode = WAL; \(tables)")
        let before = folder.listing
        #expect(try await extract(extractor(path, query)).records.count == 2)
        #expect(folder.listing == before)
    }
}

@Suite("A database that others write to")
struct SQLiteConcurrentWriterTests {
    let folder = Folder()
    let query = "SELECT id AS record_id, :user_id AS subject FROM t ORDER BY id"
    let rows = """
        CREATE TABLE t (id INTEGER PRIMARY KEY);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO t SELECT i FROM n;
        """

    /// Extracts with a writer that does something after the first batch.
    private func extract(whileWriting statements: String) async throws -> Int {
        let path = folder["test.sqlite"]
        let collector = Collector { count in
            guard count == 1 else { return }
            let writer = try DatabaseQueue(path: path)
            try await writer.writeWithoutTransaction { try $0.execute(sql: statements) }
            try writer.close()
        }
        try await withSession(try extractor(path, query)) {
            _ = try await $0.extract(ExtractionRequest(datasets: ["things"], subject: user("1")), into: collector)
        }
        return collector.records.count
    }

    private func everything() async throws -> Int {
        let collector = Collector()
        let end = try await withSession(try extractor(folder["test.sqlite"], query)) {
            try await $0.extract(ExtractionRequest(datasets: ["things"], subject: user("1")), into: collector)
        }
        return Int(end.records[0])
    }

    @Test("is read in one state while a WAL grows")
    func live() async throws {
        try folder.database("PRAGMA journal_mode = WAL; \(rows)")
        let other = try DatabaseQueue(path: folder["test.sqlite"])
        try await other.write { try $0.execute(sql: "DELETE FROM t WHERE id = 1") }
        #expect(try await extract(whileWriting: "DELETE FROM t") == 19_999)
        try other.close()
    }

    @Test("is not taken for whole if it changed under a reader without a lock")
    func immutable() async throws {
        try folder.database("PRAGMA journal_mode = WAL; \(rows)")
        let error = await #expect(throws: PortabilityError.self) {
            try await extract(whileWriting: "DELETE FROM t WHERE id > 10000; PRAGMA wal_checkpoint(TRUNCATE)")
        }
        #expect(error?.code == .unavailable)
        #expect(error?.place.source == "register")
    }

    @Test("is not taken for whole, nor read by a second export, if it came into use without seeing the first")
    func alone() async throws {
        let other = Folder()
        try other.database("PRAGMA journal_mode = WAL; \(rows)")
        let writer = try DatabaseQueue(path: other["test.sqlite"])
        try await writer.write { try $0.execute(sql: "DELETE FROM t WHERE id = 1") }
        let files = ["test.sqlite", "test.sqlite-wal"].map { ($0, other.read($0)) }
        let index = other.read("test.sqlite-shm")
        try writer.close()
        for (name, bytes) in files { folder.write(name, bytes) }

        let source = try extractor(folder["test.sqlite"], query)
        let collector = Collector()
        let request = ExtractionRequest(datasets: ["things"], subject: user("1"))
        try await withSession(source) { session in
            let end = try await session.extract(request, into: collector)
            #expect(end.records == [19_999])
            folder.write("test.sqlite-shm", index)
            await #expect(throws: PortabilityError(.unavailable, "")) { try await source.open(context()) }
            folder.write("test.sqlite", files[0].1 + [0])
            await #expect(throws: PortabilityError(.unavailable, "")) {
                try await session.extract(request, into: collector)
            }
        }
        folder.write("test.sqlite", files[0].1)
        #expect(try await everything() == 19_999)
    }

    @Test("keeps its writers waiting while a rollback journal is used")
    func rollback() async throws {
        try folder.database(rows)
        await #expect(throws: DatabaseError.self) { try await extract(whileWriting: "DELETE FROM t") }
        #expect(try await everything() == 20_000)
    }

    @Test("is unavailable while it is locked")
    func locked() async throws {
        let path = try folder.database(rows)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let holder = try DatabaseQueue(path: path, configuration: configuration)
        try await holder.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        let error = await #expect(throws: PortabilityError.self) { try await extractor(path).open(context()) }
        #expect(error?.code == .unavailable)
        try await holder.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try holder.close()
    }
}

@Suite("A file that is no sound database")
struct SQLiteBadFileTests {
    let folder = Folder()

    private func failure(_ path: String, _ query: String = "SELECT 1 AS record_id, 1 AS subject") async throws
        -> PortabilityError?
    {
        let before = folder.listing
        let source = try extractor(path, query)
        let error = await #expect(throws: PortabilityError.self) { try await extract(source) }
        #expect(error?.place.source == "register")
        #expect(folder.listing == before)
        #expect(openDescriptors(folder.path) == 0)
        return error
    }

    @Test("is unavailable if it is not there")
    func missing() async throws {
        #expect(try await failure(folder["nothing.sqlite"])?.code == .unavailable)
        #expect(try await failure(folder["none/nothing.sqlite"])?.code == .unavailable)
    }

    @Test("is denied if it may not be read", .disabled(if: geteuid() == 0, "the superuser may read everything"))
    func denied() async throws {
        let path = try folder.database("CREATE TABLE t (id)")
        chmod(path, 0)
        #expect(try await failure(path)?.code == .denied)
    }

    @Test("is malformed if it is something else")
    func foreign() async throws {
        folder.write("text", Array(repeating: UInt8(ascii: "x"), count: 10_000))
        folder.write("empty", [])
        folder.write("short", Array("SQLite format 3\0".utf8))
        mkfifo(folder["pipe"], 0o600)
        for name in ["text", "empty", "short", "pipe", ""] {
            #expect(try await failure(folder[name])?.code == .malformed, "\(name)")
        }
    }

    @Test("is malformed if it is damaged")
    func corrupt() async throws {
        try folder.database(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, name);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            INSERT INTO t SELECT i, 'a name of some length ' || i FROM n;
            """)
        var bytes = folder.read("test.sqlite")
        let query = "SELECT id AS record_id, :user_id AS subject, name FROM t ORDER BY id"
        folder.write("cut.sqlite", Array(bytes.prefix(bytes.count / 2)))
        #expect(try await failure(folder["cut.sqlite"], query)?.code == .malformed)
        for index in 4096 * 3..<4096 * 9 { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
        folder.write("spoilt.sqlite", bytes)
        let error = try await failure(folder["spoilt.sqlite"], query)
        #expect(error?.code == .malformed)
        #expect(error?.place.dataset == "things")
    }

    @Test("never makes the reader crash, whatever byte is wrong")
    func flippedBytes() async throws {
        try folder.database(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name, x); INSERT INTO t VALUES (1, 'a', 1.5), (2, x'00', 'b');")
        let sound = folder.read("test.sqlite")
        let query = "SELECT id AS record_id, :user_id AS subject, name, x FROM t ORDER BY id"
        var generator = SplitMix(state: 7)
        for _ in 0..<300 {
            var bytes = sound
            for _ in 0..<3 {
                bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
            }
            folder.write("flipped.sqlite", bytes)
            do {
                _ = try await extract(extractor(folder["flipped.sqlite"], query))
            } catch let error as PortabilityError {
                #expect(error.place.source == "register")
            }
        }
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("Stopping a query")
struct SQLiteCancellationTests {
    let folder = Folder()
    let endless = """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT max(i) AS record_id, :user_id AS subject FROM n
        """

    @Test("ends it in the middle, and the connection is closed")
    func cancelled() async throws {
        let path = try folder.database("CREATE TABLE t (id)")
        let source = try extractor(path, endless)
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await withSession(source) { session in
                signal.yield()
                return try await session.extract(
                    ExtractionRequest(datasets: ["things"], subject: user("1")), into: Collector())
            }
        }
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(openDescriptors(folder.path) == 0)
    }

    @Test("between two batches ends it as well")
    func cancelledInPush() async throws {
        let path = try folder.database("CREATE TABLE t (id)")
        let source = try extractor(
            path,
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
            SELECT i AS record_id, :user_id AS subject FROM n
            """)
        let collector = Collector { count in
            if count == 3 { withUnsafeCurrentTask { $0?.cancel() } }
        }
        let task = Task {
            try await withSession(source) {
                try await $0.extract(ExtractionRequest(datasets: ["things"], subject: user("1")), into: collector)
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(collector.batches.count == 3)
        #expect(openDescriptors(folder.path) == 0)
    }

    @Test("at the time limit is an error")
    func timeLimit() async throws {
        let path = try folder.database("CREATE TABLE t (id)")
        let error = await #expect(throws: PortabilityError.self) {
            try await extract(extractor(path, endless, seconds: 0.05))
        }
        #expect(error?.code == .limit)
        #expect(error?.place.dataset == "things")
    }

    @Test("by an error of the sink closes the connection")
    func sinkFails() async throws {
        let path = try folder.database("CREATE TABLE t (id); INSERT INTO t VALUES (1)")
        let source = try extractor(path, "SELECT id AS record_id, :user_id AS subject FROM t")
        let collector = Collector { _ in throw PortabilityError(.scopeViolation, "foreign subject") }
        await #expect(throws: PortabilityError(.scopeViolation, "")) {
            try await withSession(source) {
                try await $0.extract(ExtractionRequest(datasets: ["things"], subject: user("1")), into: collector)
            }
        }
        #expect(openDescriptors(folder.path) == 0)
    }
}
