import Glibc
import PortabilityModel
import PortabilityText
import SourceFiles

@testable import UsageLogExtractor

/// An index that is not as it was made is not believed, and the log is looked through; one that is forged by somebody who
/// has the key shows nothing but the log's own lines.
///
/// The first byte says of which log, and whether the forger has the key; the second, whether the rest stands in the place
/// of the index, or says what to change in the right one.
@Sendable func readLogIndex(_ input: [UInt8]) {
    guard input.count >= 2 else { return }
    let forgery = forgeries[Int(input[0] & 0x7f) % forgeries.count]
    let hasKey = input[0] & 0x80 != 0
    let index = input[1] & 1 == 0 ? Array(input[2...]) : forgery.changed(by: input[2...])
    let (found, _) = forgery.lines(by: index, believesAll: hasKey)
    if hasKey {
        for line in found where !line.isTooLong && !forgery.known.contains(line.bytes) {
            finding("an index led to a line that the log has not")
        }
    } else if found != forgery.scanned {
        finding("a forged index was believed")
    }
}

private let forgeries = [LogForm.plain, .gzip, .zstd].map { Forgery($0) }

/// A line that was found, with its bytes.
private struct Line: Equatable {
    var number: Int64
    var offset: Int64
    var bytes: [UInt8]
    var isTooLong: Bool
}

/// A log with its index.
private final class Forgery: Sendable {
    /// The lines that a scan finds.
    let scanned: [Line]
    /// All lines of the log.
    let known: Set<[UInt8]>
    private let folder: SourceFolder
    private let files: [FoundFile]
    private let plan: Plan
    private let configuration: UsageLogConfiguration
    private let context: ExtractionContext
    private let question: FeedQuestion
    private let path: String
    private let right: [UInt8]

    private static let values = [[Array("119".utf8), Array("121".utf8)]]

    init(_ form: LogForm) {
        let place = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(place)/portability-fuzz-XXXXXX".utf8CString)
        let base = template.withUnsafeMutableBufferPointer { name in
            guard let base = name.baseAddress, let made = mkdtemp(base) else { finding("a folder cannot be made") }
            return String(cString: made)
        }
        let lines: [[UInt8]] = (0..<260).map { number in
            // Nothing of the first block is wanted, so that where others begin is reckoned.
            if number % 130 == 129 { return Array("no JSON".utf8) }
            return Array(#"{"user":\#(number % 130),"event":"event \#(number * 7919)"}"#.utf8)
        }
        known = Set(lines)
        let text: [UInt8] = lines.flatMap { $0 + [0x0a] }
        let middle = lines[..<140].reduce(0) { $0 + $1.count + 1 }
        let parts = [Array(text[..<middle]), Array(text[middle...])]
        Forgery.write(form.stored(parts), base + "/a.log")
        path = base + "/a.log.fuzz.portability-index"
        let declared = DatasetDeclaration(
            id: "events", entity: "usage_event", category: .usage, role: .controller,
            origin: Origin(kind: .observed), purposes: ["service"], subjectKinds: ["user"], tenantKind: nil,
            order: .position)
        configuration = UsageLogConfiguration(
            declaration: SourceDeclaration(
                id: "fuzz", kind: "usage-log", role: .controller, datasets: [declared], exclusions: []),
            path: "a.log", match: [.init(kind: "user", path: "user", isUnique: true)],
            datasets: [.init(id: "events", fields: [])])
        context = ExtractionContext(source: "fuzz", baseDirectory: base, catalogue: .standard)
        do {
            plan = try Plan(configuration, catalogue: .standard, source: "fuzz")
            folder = try SourceFolder(path: base)
            files = try folder.find(PathPattern("a.log"), limit: 1).files
        } catch {
            finding("a log cannot be made")
        }
        question = FeedQuestion(plan, values: Self.values, limits: context.limits)
        var scan: [Line] = []
        do {
            let feed = try FileFeed(files, in: folder, question, ratio: 200, threads: 1)
            scan = try Self.lines(of: feed)
            let report = try Self.indexes(files, folder, plan, configuration, context, believesAll: false).run(.build)
            guard report.files.map(\.state) == [.built] else { finding("an index cannot be made") }
        } catch {
            finding("an index cannot be made")
        }
        scanned = scan
        right = Self.read(path)
        let (found, isBelieved) = self.lines(by: right, believesAll: false)
        if !isBelieved || found != scanned { finding("the right index is not believed") }
    }

    /// What is found with the index, and whether it was believed.
    func lines(by index: [UInt8], believesAll: Bool) -> ([Line], isBelieved: Bool) {
        Self.write(index, path)
        let indexes = Self.indexes(files, folder, plan, configuration, context, believesAll: believesAll)
        do {
            var isBelieved = true
            let scan = { [self] (_: ArraySlice<FoundFile>) -> any LineFeed in
                isBelieved = false
                return Replay(scanned)
            }
            guard let feed = try indexes.feed(Self.values, question, scan: scan) else { return (scanned, false) }
            return (try Self.lines(of: feed), isBelieved)
        } catch {
            finding("an index made the reading of a log fail")
        }
    }

    /// The right index, with some bytes set, bits turned over, pages exchanged, or its end cut off: five bytes each.
    func changed(by changes: ArraySlice<UInt8>) -> [UInt8] {
        var index = right
        var place = changes.startIndex
        while place + 5 <= changes.endIndex, !index.isEmpty {
            let offset =
                (Int(changes[place + 1]) | Int(changes[place + 2]) << 8 | Int(changes[place + 3]) << 16) % index.count
            let value = changes[place + 4]
            switch changes[place] % 4 {
            case 0: index[offset] = value
            case 1: index[offset] ^= 1 << (value & 7)
            case 2: index.removeLast(min(offset, Int(value)))
            default:
                let pages = index.count / IndexFormat.pageSize
                if pages > 1 {
                    let (from, to) = (offset % pages * IndexFormat.pageSize, Int(value) % pages * IndexFormat.pageSize)
                    for byte in 0..<IndexFormat.pageSize { index[to + byte] = index[from + byte] }
                }
            }
            place += 5
        }
        return index
    }

    private static func indexes(
        _ files: [FoundFile], _ folder: SourceFolder, _ plan: Plan, _ configuration: UsageLogConfiguration,
        _ context: ExtractionContext, believesAll: Bool
    ) -> LogIndexes {
        LogIndexes(
            files: files, folder: folder, path: configuration.path, plan: plan, configuration: configuration,
            context: context,
            indexing: LogIndexing(
                key: { FuzzKey(believesAll: believesAll) }, clock: { LogIndexing.systemTime() + 60_000_000_000 }))
    }

    private static func lines(of feed: any LineFeed) throws -> [Line] {
        defer { feed.close() }
        var all: [Line] = []
        while let step = try feed.next() {
            guard case .lines(let found) = step else { continue }
            for line in found.lines {
                let bytes = Array(found.bytes[line.start..<line.start + line.length])
                all.append(Line(number: line.number, offset: line.offset, bytes: bytes, isTooLong: line.isTooLong))
            }
        }
        return all
    }

    private static func write(_ bytes: [UInt8], _ path: String) {
        guard let file = fopen(path, "wb") else { finding("a file cannot be written") }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    private static func read(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "rb") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        return bytes
    }
}

/// Stands in for a scan: gives what that found.
private final class Replay: LineFeed {
    private var steps: [FeedStep]

    init(_ lines: [Line]) {
        var found = FoundLines(file: 0, bytes: [], lines: [])
        for line in lines {
            found.lines.append(
                FoundLine(
                    number: line.number, offset: line.offset, start: found.bytes.count, length: line.bytes.count,
                    isTooLong: line.isTooLong))
            found.bytes += line.bytes
        }
        steps = [.end(FileEnd(file: 0, isOpened: true, bytes: 0, fault: nil)), .lines(found)]
    }

    func next() throws -> FeedStep? { steps.popLast() }
    func close() {}
}

/// Authenticates pages, without hiding them, so that a fuzzer can find its way; or believes everything.
private struct FuzzKey: PageSealing, SealedPages {
    var believesAll: Bool
    var id: [UInt8] = []

    func authenticate(_ message: Span<UInt8>) -> [UInt8] {
        (UInt64(0)..<4).flatMap { number in
            let word = hash(message, number)
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
    }

    /// No cryptography, as it need not withstand more than chance, and must be quick in a build that checks everything.
    private func hash(_ message: Span<UInt8>, _ number: UInt64) -> UInt64 {
        var hash = id.reduce(number &+ 0x9e37_79b9_7f4a_7c15) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        message.withUnsafeBytes { bytes in
            var place = 0
            while place + 8 <= bytes.count {
                hash = (hash ^ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) &* 0xff51_afd7_ed55_8ccd
                hash ^= hash >> 29
                place += 8
            }
            for byte in bytes[place...] { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        }
        return hash
    }

    func pages(of id: [UInt8]) -> any SealedPages { FuzzKey(believesAll: believesAll, id: id) }

    private func tag(_ page: Span<UInt8>, _ number: UInt64) -> [UInt8] {
        let word = hash(page, number)
        return (0..<sealedPageOverhead).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0 % 8))) }
    }

    func seal(_ page: Span<UInt8>, number: UInt64) throws -> [UInt8] {
        page.withUnsafeBufferPointer { Array($0) } + tag(page, number)
    }

    func open(_ sealed: Span<UInt8>, number: UInt64) -> [UInt8]? {
        let count = sealed.count - sealedPageOverhead
        guard count >= 0 else { return nil }
        let page = sealed.extracting(..<count)
        if !believesAll {
            let right = tag(page, number)
            for byte in 0..<sealedPageOverhead where sealed[count + byte] != right[byte] { return nil }
        }
        return page.withUnsafeBufferPointer { Array($0) }
    }
}

extension LogForm {
    /// A file of some parts: each a gzip member or a zstd frame with its bytes as they are.
    fileprivate func stored(_ parts: [[UInt8]]) -> [UInt8] {
        func little(_ number: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(number >> (8 * $0) & 255) } }
        return parts.flatMap { part -> [UInt8] in
            switch self {
            case .plain: return part
            case .gzip:
                let count = part.count
                return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(count, 2) + little(~count & 0xffff, 2) + part
                    + little(Int(checksum(part)), 4) + little(count, 4)
            case .zstd:
                // A window of 64 KiB, and one block.
                return [0x28, 0xb5, 0x2f, 0xfd, 0, 6 << 3] + little(1 | part.count << 3, 3) + part
            }
        }
    }
}

/// CRC-32, bit by bit.
private func checksum(_ text: [UInt8]) -> UInt32 {
    var crc: UInt32 = .max
    for byte in text {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    return ~crc
}
