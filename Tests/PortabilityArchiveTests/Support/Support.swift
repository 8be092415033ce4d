import Glibc
import PortabilityArchive
import PortabilityModel
import Synchronization

/// A folder that is there for one test.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/portability-archive-tests-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw ToolFailure(message: "mkdtemp failed with \(errno)") }
        path = String(cString: made)
    }

    deinit { _ = shell("rm -rf '\(path)'") }

    func file(_ name: String) -> String { path + "/" + name }

    /// All names in it, hidden ones too, sorted.
    var content: [String] { shell("ls -A '\(path)'").output.split(separator: "\n").map(String.init) }
}

struct ToolFailure: Error {
    let message: String
}

/// Runs a command; its exit status, and its output and error output together.
func shell(_ command: String) -> (status: Int32, output: String) {
    guard let pipe = popen("(\(command)) 2>&1 </dev/null", "r") else { return (127, "popen failed") }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = fread(&buffer, 1, buffer.count, pipe)
        if count == 0 { break }
        output += buffer[..<count]
    }
    let status = pclose(pipe)
    return ((status >> 8) & 0xFF, String(decoding: output, as: UTF8.self))
}

func bytes(ofFile path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw ToolFailure(message: "cannot open \(path)") }
    defer { close(descriptor) }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { return all }
        all += buffer[..<count]
    }
}

func write(_ bytes: [UInt8], toFile path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count else {
        throw ToolFailure(message: "cannot write \(path)")
    }
    close(descriptor)
}

/// The folder of test data beside this target.
let dataFolder: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    return parts.joined(separator: "/") + "/Data"
}()

/// SplitMix64: the same numbers on every run.
struct FixedRandom: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        var words: [UInt64] = []
        words.reserveCapacity(count / 8 + 1)
        for _ in 0..<count / 8 + 1 { words.append(next()) }
        return words.withUnsafeBytes { Array($0.prefix(count)) }
    }

    /// Lines like those of a usage log: repetitive, but no two alike.
    mutating func lines(_ count: Int) -> [UInt8] {
        let actions = ["login", "invoice.view", "invoice.send", "search", "logout"]
        var text: [UInt8] = []
        text.reserveCapacity(count + 200)
        while text.count < count {
            let number = next()
            text += Array(
                #"{"record_id":"\#(number)","action":"\#(actions[Int(number % 5)])","status":\#(number % 400)}"#.utf8)
            text.append(10)
        }
        return Array(text.prefix(count))
    }
}

/// SHA-256 (FIPS 180-4), for tests only.
struct TestSHA256: StreamingDigest {
    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var pending: [UInt8] = []
    private var count: UInt64 = 0

    private static let constants: [UInt32] = {
        // The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
        var primes: [Int] = []
        var candidate = 2
        while primes.count < 64 {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes.map { prime in
            let root = cbrt(Double(prime))
            return UInt32((root - root.rounded(.down)) * 4_294_967_296)
        }
    }()

    mutating func update(_ bytes: Span<UInt8>) {
        count += UInt64(bytes.count)
        bytes.withUnsafeBufferPointer { pending.append(contentsOf: $0) }
        var start = 0
        while pending.count - start >= 64 {
            Self.mix(&state, pending, at: start)
            start += 64
        }
        pending.removeFirst(start)
    }

    func value() -> [UInt8] {
        var last = pending + [0x80]
        while last.count % 64 != 56 { last.append(0) }
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            last.append(UInt8(truncatingIfNeeded: (count * 8) >> shift))
        }
        var state = state
        for start in stride(from: 0, to: last.count, by: 64) { Self.mix(&state, last, at: start) }
        return state.flatMap { word in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }
    }

    private static func mix(_ state: inout [UInt32], _ bytes: [UInt8], at start: Int) {
        func rotate(_ word: UInt32, _ by: UInt32) -> UInt32 { word >> by | word << (32 - by) }
        var words = (0..<16).map { index in
            (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[start + index * 4 + $1]) }
        }
        for index in 16..<64 {
            let early = words[index - 15]
            let late = words[index - 2]
            let first = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
            let second = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
            words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
        }
        var v = state
        for index in 0..<64 {
            let first = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)
            let choice = v[4] & v[5] ^ ~v[4] & v[6]
            let one = v[7] &+ first &+ choice &+ constants[index] &+ words[index]
            let second = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)
            let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
            v = [one &+ second &+ majority, v[0], v[1], v[2], v[3] &+ one, v[4], v[5], v[6]]
        }
        for index in 0..<8 { state[index] &+= v[index] }
    }
}

/// A quick digest for tests of many bytes, where only order and completeness matter.
struct QuickDigest: StreamingDigest {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325
    private var count = 0

    mutating func update(_ bytes: Span<UInt8>) {
        var state = state
        bytes.withUnsafeBufferPointer { for byte in $0 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 } }
        self.state = state
        count += bytes.count
    }

    /// As long as a SHA-256.
    func value() -> [UInt8] { withUnsafeBytes(of: (state, count, state, count)) { Array($0) } }
}

let sha256: DigestFactory = { TestSHA256() }
let quickDigest: DigestFactory = { QuickDigest() }

func digest(_ bytes: [UInt8], _ factory: DigestFactory) -> [UInt8] {
    var digest = factory()
    digest.update(bytes.span)
    return digest.value()
}

/// A sink in memory.
final class MemorySink: ArchiveSink {
    var bytes: [UInt8] = []

    func write(_ bytes: Span<UInt8>) throws { bytes.withUnsafeBufferPointer { self.bytes.append(contentsOf: $0) } }
}

/// Archive bytes in memory.
struct MemoryBytes: ArchiveBytes {
    let bytes: [UInt8]

    var size: Int64 { Int64(bytes.count) }

    func read(_ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int64) throws(PortabilityError) -> Int {
        guard offset < size else { return 0 }
        return bytes.withUnsafeBufferPointer { all in
            let part = all[Int(offset)...].prefix(buffer.count)
            _ = buffer.update(fromContentsOf: part)
            return part.count
        }
    }
}

/// Writes one entry in one go.
func spool(
    _ bytes: [UInt8], as name: String = "data/x.json", _ compression: Compression = .fast,
    pool: CompressionPool = CompressionPool(workers: 0), in folder: String = "/tmp",
    digest: DigestFactory = quickDigest, memoryLimit: Int = 256 << 10
) throws -> SpooledEntry {
    let writer = try EntryWriter(
        name: name, compression: compression, pool: pool,
        spools: SpoolFactory(folder: folder, memoryLimit: memoryLimit), digest: digest)
    try writer.append(bytes)
    return try writer.finish()
}

/// An archive of the entries, in memory.
func archive(
    _ entries: [SpooledEntry], limits: ZipLimits = ZipLimits(), time: ZipTime = .epoch,
    digest: @escaping DigestFactory = quickDigest
) throws -> [UInt8] {
    let sink = MemorySink()
    var writer = ZipWriter(sink: sink, time: time, limits: limits, digest: digest)
    for entry in entries { try writer.add(entry) }
    try writer.finish()
    return sink.bytes
}

/// An archive of ours with another comment in place of its seal.
func commented(_ archive: [UInt8], _ comment: [UInt8] = []) -> [UInt8] {
    Array(archive[..<(archive.count - 73)]) + [UInt8(comment.count & 0xFF), UInt8(comment.count >> 8)] + comment
}

func packed(_ entry: SpooledEntry) throws -> [UInt8] {
    var all: [UInt8] = []
    try entry.readPacked { piece in piece.withUnsafeBufferPointer { all.append(contentsOf: $0) } }
    return all
}

func plain(_ entry: SpooledEntry) throws -> [UInt8] {
    var all: [UInt8] = []
    try entry.read { piece in piece.withUnsafeBufferPointer { all.append(contentsOf: $0) } }
    return all
}

/// What a call throws; nil if it throws nothing or another kind of error.
func failure<Result>(of body: () throws -> Result) -> PortabilityError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? PortabilityError
    }
}

/// Counts calls and decides which of them fail.
final class Fault: Sendable {
    private let state: Mutex<(count: Int, failAt: Int?, errno: Int32)>

    init(failAt: Int?, errno: Int32) { state = Mutex((0, failAt, errno)) }

    /// The errno of this call; nil if it shall go through.
    func next() -> Int32? {
        state.withLock { state in
            state.count += 1
            return state.count == state.failAt ? state.errno : nil
        }
    }

    var calls: Int { state.withLock { $0.count } }
}

extension OutputSystem {
    /// The real system, in which one call that creates, writes, synchronises or names fails.
    static func failing(_ fault: Fault) -> OutputSystem {
        var system = OutputSystem.live
        system.openUnnamed = { path in fault.next().map { -$0 } ?? OutputSystem.live.openUnnamed(path) }
        system.create = { path in fault.next().map { -$0 } ?? OutputSystem.live.create(path) }
        system.write = { file, bytes in fault.next().map { -Int($0) } ?? OutputSystem.live.write(file, bytes) }
        system.synchronize = { file in fault.next().map { -$0 } ?? OutputSystem.live.synchronize(file) }
        system.rename = { from, to in fault.next().map { -$0 } ?? OutputSystem.live.rename(from, to) }
        system.link = { from, to in fault.next().map { -$0 } ?? OutputSystem.live.link(from, to) }
        return system
    }
}
