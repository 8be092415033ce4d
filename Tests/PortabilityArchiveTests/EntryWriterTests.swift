import Glibc
import PortabilityArchive
import PortabilityModel
import Synchronization
import Testing

@Suite("Entry writer")
struct EntryWriterTests {
    static let codecs: [Compression] = [.fast, .small, .zlib(), .zlib(level: 1), .zlib(level: 9), .stored]
    static let blockSize = Compression.blockSize
    static let sizes = [
        0, 1, 2, 3, 255, 65535, 65536, blockSize - 1, blockSize, blockSize + 1, 2 * blockSize, 2 * blockSize + 77,
    ]

    @Test("gives back what it was given", arguments: codecs, sizes)
    func roundTrip(_ compression: Compression, _ size: Int) throws {
        var random = FixedRandom(seed: UInt64(size))
        let text = random.lines(size)
        let entry = try spool(text, compression)
        #expect(entry.size == Int64(size))
        #expect(entry.sha256 == digest(text, quickDigest))
        #expect(try plain(entry) == text)
        #expect(try Int64(packed(entry).count) == entry.compressedSize)
        #expect(compression == .stored || size < 100 || entry.compressedSize < entry.size)
    }

    @Test("carries bytes that cannot be made smaller", arguments: codecs)
    func incompressible(_ compression: Compression) throws {
        var random = FixedRandom(seed: 3)
        for size in [1, 100, Self.blockSize, Self.blockSize + 1, 2 * Self.blockSize + 12345] {
            let noise = random.bytes(size)
            let entry = try spool(noise, compression)
            #expect(try plain(entry) == noise)
            // Five bytes for each 65535, and one block more than that for each cut.
            #expect(entry.compressedSize <= Int64(size + 5 * (size / 65535 + 4)))
            if size <= Self.blockSize {
                #expect(entry.method == .stored)
                #expect(entry.compressedSize == entry.size)
            }
        }
    }

    @Test("stores an empty entry")
    func empty() throws {
        let entry = try spool([])
        #expect(entry.method == .stored)
        #expect(entry.crc32 == 0)
        #expect(entry.compressedSize == 0)
        #expect(entry.isInMemory)
    }

    @Test("makes the same bytes with any number of threads and any cut of the input", arguments: codecs)
    func deterministic(_ compression: Compression) throws {
        var random = FixedRandom(seed: 11)
        let text = random.lines(3 * Self.blockSize + 4711) + random.bytes(Self.blockSize) + random.lines(12345)
        let first = try spool(text, compression)
        let expected = try packed(first)
        for workers in [0, 1, 2, 4] {
            let pool = CompressionPool(workers: workers, blockLimit: workers == 2 ? 1 : nil)
            #expect(pool.workers == workers)
            let writer = try EntryWriter(
                name: "data/x.json", compression: compression, pool: pool, spools: SpoolFactory(folder: "/tmp"),
                digest: quickDigest)
            var start = 0
            while start < text.count {
                let end = min(text.count, start + Int.random(in: 1...300_000, using: &random))
                try writer.append(Array(text[start..<end]))
                start = end
            }
            let entry = try writer.finish()
            #expect(try packed(entry) == expected)
            #expect(entry.crc32 == first.crc32)
            #expect(entry.sha256 == first.sha256)
        }
    }

    @Test("makes a stream of deflate that zlib and Python read, with the right CRC-32 and SHA-256", arguments: codecs)
    func judgedByPython(_ compression: Compression) throws {
        let folder = try TestFolder()
        var random = FixedRandom(seed: 5)
        let text = random.lines(Self.blockSize + 100_000)
        let entry = try spool(text, compression, digest: sha256)
        try write(text, toFile: folder.file("plain"))
        try write(packed(entry), toFile: folder.file("packed"))
        let script = """
            import zlib, hashlib
            plain = open('plain', 'rb').read()
            packed = open('packed', 'rb').read()
            inflater = zlib.decompressobj(-15)
            found = packed if \(entry.method == .stored ? "True" : "False") else inflater.decompress(packed)
            assert found == plain and not inflater.unused_data
            print(zlib.crc32(plain), hashlib.sha256(plain).hexdigest())
            """
        try write(Array(script.utf8), toFile: folder.file("check.py"))
        let (status, output) = shell("cd '\(folder.path)' && python3 check.py")
        #expect(status == 0)
        #expect(output == "\(entry.crc32) \(hexadecimal(entry.sha256))\n")
    }

    @Test("uses what was said before across blocks")
    func dictionary() throws {
        var random = FixedRandom(seed: 6)
        let noise = random.bytes(16 << 10)
        var text = random.bytes(Self.blockSize - noise.count)
        text += noise
        text += noise
        // The second copy lies in the second block and can only be found through the dictionary.
        for compression in [Compression.fast, .zlib()] {
            let entry = try spool(text, compression)
            #expect(entry.compressedSize < Int64(Self.blockSize + 4096))
        }
    }

    @Test("keeps few packed bytes in memory and many in a file without a name")
    func spooling() throws {
        let folder = try TestFolder()
        var random = FixedRandom(seed: 7)
        let noise = random.bytes(3 * Self.blockSize)
        let small = try spool(Array(noise.prefix(1000)), in: folder.path)
        let large = try spool(noise, in: folder.path)
        #expect(small.isInMemory)
        #expect(!large.isInMemory)
        #expect(folder.content.isEmpty)
        #expect(try plain(large) == noise)
        large.close()
        #expect(failure { try plain(large) }?.code == .output)
    }

    @Test("spools to a folder whose file system has no files without names")
    func spoolFallback() throws {
        let folder = try TestFolder()
        var random = FixedRandom(seed: 8)
        let noise = random.bytes(2 * Self.blockSize)
        var system = OutputSystem.live
        system.openUnnamed = { _ in -EOPNOTSUPP }
        let writer = try EntryWriter(
            name: "data/x", compression: .stored, pool: CompressionPool(workers: 1),
            spools: SpoolFactory(folder: folder.path, system: system), digest: quickDigest)
        try writer.append(noise)
        let entry = try writer.finish()
        #expect(!entry.isInMemory)
        #expect(folder.content.isEmpty)
        #expect(try plain(entry) == noise)
    }

    @Test("notices when the disk gives back other bytes than it was given", arguments: [Compression.stored, .zlib()])
    func damagedSpool(_ compression: Compression) throws {
        var system = OutputSystem.live
        system.read = { file, bytes, offset in
            let count = OutputSystem.live.read(file, bytes, offset)
            if offset == 0, count > 0 { bytes[count - 1] ^= 1 }
            return count
        }
        var random = FixedRandom(seed: 12)
        let writer = try EntryWriter(
            name: "data/x", compression: compression, pool: CompressionPool(workers: 1),
            spools: SpoolFactory(folder: "/tmp", memoryLimit: 0, system: system), digest: quickDigest)
        try writer.append(random.lines(300_000))
        let entry = try writer.finish()
        #expect(failure { try plain(entry) }?.code == .output)
    }

    @Test("goes on after interrupted and short writes")
    func interruptedWrites() throws {
        let fault = Fault(failAt: nil, errno: 0)
        var system = OutputSystem.live
        system.write = { file, bytes in
            _ = fault.next()
            if fault.calls % 3 == 0 { return -Int(EINTR) }
            return OutputSystem.live.write(file, UnsafeRawBufferPointer(rebasing: bytes.prefix(100_000)))
        }
        var random = FixedRandom(seed: 9)
        let noise = random.bytes(2 * Self.blockSize)
        let writer = try EntryWriter(
            name: "data/x", compression: .stored, pool: CompressionPool(workers: 2),
            spools: SpoolFactory(folder: "/tmp", system: system), digest: quickDigest)
        try writer.append(noise)
        #expect(try plain(writer.finish()) == noise)
        #expect(fault.calls > 20)
    }

    @Test("reports a full disk at the next call, whichever write meets it", arguments: [0, 1, 2])
    func fullDisk(_ workers: Int) throws {
        let folder = try TestFolder()
        var random = FixedRandom(seed: 10)
        let noise = random.bytes(4 * Self.blockSize)
        var failures = 0
        for call in 1... {
            let fault = Fault(failAt: call, errno: ENOSPC)
            let pool = CompressionPool(workers: workers)
            let writer = try EntryWriter(
                name: "data/x", compression: .stored, pool: pool,
                spools: SpoolFactory(folder: folder.path, system: .failing(fault)), digest: quickDigest)
            let error = failure {
                for start in stride(from: 0, to: noise.count, by: 100_000) {
                    try writer.append(Array(noise[start..<min(start + 100_000, noise.count)]))
                }
                return try writer.finish()
            }
            guard let error else { break }
            failures += 1
            #expect(error.code == .output)
            #expect(error.errno == ENOSPC)
            #expect(error.remedy != nil)
            #expect(folder.content.isEmpty)
            writer.discard()
        }
        #expect(failures >= 5)
    }

    @Test("lets no more blocks in than the limit while the disk stands still")
    func backPressure() throws {
        // The disk takes nothing until the gate opens; it opens when the pool is full and the writer has stopped.
        let gate = Mutex(false)
        let appended = Mutex(0)
        var system = OutputSystem.live
        system.write = { file, bytes in
            while !gate.withLock({ $0 }) { usleep(1000) }
            return OutputSystem.live.write(file, bytes)
        }
        let pool = CompressionPool(workers: 2, blockLimit: 3)
        let writer = try EntryWriter(
            name: "data/x", compression: .stored, pool: pool, spools: SpoolFactory(folder: "/tmp", system: system),
            digest: quickDigest)
        let block = [UInt8](repeating: 7, count: Self.blockSize)
        let thread = Thread {
            for _ in 0..<12 {
                do { try writer.append(block) } catch { return }
                appended.withLock { $0 += 1 }
            }
        }
        // Three blocks in the pool, one in the writer; the fifth append cannot return.
        while appended.withLock({ $0 }) < 4 { usleep(1000) }
        usleep(50_000)
        #expect(appended.withLock { $0 } == 4)
        gate.withLock { $0 = true }
        thread.join()
        let entry = try writer.finish()
        #expect(entry.size == Int64(12 * Self.blockSize))
        #expect(pool.highWaterMark == 3)
    }

    @Test("serves many entries at once from one pool")
    func sharedPool() throws {
        let pool = CompressionPool(workers: 2, blockLimit: 2)
        let results = Mutex<[Int: [UInt8]]>([:])
        let threads = (0..<6).map { number in
            Thread {
                var random = FixedRandom(seed: UInt64(number))
                let text = random.lines(2 * Self.blockSize + number * 1000)
                let entry = try? spool(text, as: "data/\(number).json", pool: pool)
                results.withLock { $0[number] = entry?.sha256 }
            }
        }
        for thread in threads { thread.join() }
        for number in 0..<6 {
            var random = FixedRandom(seed: UInt64(number))
            let text = random.lines(2 * Self.blockSize + number * 1000)
            #expect(results.withLock { $0[number] } == digest(text, quickDigest))
        }
        #expect(pool.highWaterMark <= 2)
    }

    @Test("refuses bytes after its end, and everything after the pool's")
    func ends() throws {
        let pool = CompressionPool(workers: 1)
        func open(_ name: String) throws -> EntryWriter {
            try EntryWriter(
                name: name, compression: .fast, pool: pool, spools: SpoolFactory(folder: "/tmp"), digest: quickDigest)
        }
        let finished = try open("data/a")
        _ = try finished.finish()
        #expect(failure { try finished.append([1]) }?.code == .output)
        let discarded = try open("data/b")
        try discarded.append([UInt8](repeating: 1, count: 3 * Self.blockSize))
        discarded.discard()
        discarded.discard()
        #expect(failure { try discarded.finish() }?.code == .output)
        do {
            // Forgotten without an end: its blocks leave the pool by themselves.
            let forgotten = try open("data/forgotten")
            try forgotten.append([UInt8](repeating: 1, count: 5 * Self.blockSize))
        }
        let next = try open("data/next")
        try next.append([UInt8](repeating: 1, count: 5 * Self.blockSize))
        #expect(try next.finish().size == Int64(5 * Self.blockSize))
        let late = try open("data/c")
        try late.append([1])
        pool.shutdown()
        pool.shutdown()
        #expect(failure { try late.finish() }?.code == .cancelled)
    }

    @Test("says which codec made the bytes")
    func codecNames() {
        #expect(Compression.fast.codecName == "portability-deflate 1")
        #expect(Compression.small.codecName.hasPrefix("libdeflate 1."))
        #expect(Compression.small.codecName.hasSuffix(" level 7"))
        #expect(Compression.zlib().codecName.hasPrefix("zlib 1."))
        #expect(Compression.zlib().codecName.hasSuffix(" level 6"))
        #expect(Compression.zlib(level: 99).codecName.hasSuffix(" level 9"))
        #expect(Compression.stored.codecName == "stored")
    }
}

/// A POSIX thread for tests that must block one.
final class Thread {
    private var thread = pthread_t()

    init(_ body: @escaping @Sendable () -> Void) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(Box(body)).toOpaque())
    }

    func join() { pthread_join(thread, nil) }
}
