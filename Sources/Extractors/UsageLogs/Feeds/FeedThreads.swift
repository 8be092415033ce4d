import Glibc
import PortabilityModel
import SourceFiles
import Synchronization

/// A piece of work of a ``FileFeed``: a range of a plain file, or a compressed file.
private final class FeedUnit {
    let ordinal: Int
    /// Why the file could not be opened; then there is no text.
    let fault: FileFault?
    let file: OpenFile?
    /// Of a plain file, without compression.
    let range: Range<Int64>
    /// True if it is the file's last.
    let isLast: Bool

    // Guarded by the lock of the threads.
    var parts: [TextPart] = []
    var held = 0
    var isDone = false

    init(_ ordinal: Int, _ file: OpenFile?, _ range: Range<Int64>, isLast: Bool, fault: FileFault? = nil) {
        self.ordinal = ordinal
        self.file = file
        self.range = range
        self.isLast = isLast
        self.fault = fault
        isDone = fault != nil
    }
}

/// What the threads of a feed give to it, in order.
struct FeedDelivery: Sendable {
    var ordinal: Int
    /// nil if it could not be opened.
    var file: OpenFile?
    var fault: FileFault?
    var parts: [TextPart]
}

/// The threads of a ``FileFeed``, and what they share with it.
///
/// POSIX threads of its own, as reading and inflating block. Files are opened, and cut into units, in order; each
/// thread takes the next unit, looks through it, and leaves what it found to be fetched in the same order. How far the
/// threads are ahead of that is limited, in units and in bytes.
final class FeedThreads: @unchecked Sendable {
    // Unchecked: all variables are read and written under the lock.

    /// Bytes of a plain file that are one unit.
    static let unitSize: Int64 = 1 << 20
    /// Bytes of findings that a unit may have waiting.
    private static let heldLimit = 1 << 20
    private static let mostThreads = 16

    private let folder: SourceFolder
    private let files: [FoundFile]
    private let question: FeedQuestion
    private let ratio: Int

    private let monitor = Monitor(conditions: 2)
    /// There is something to be fetched.
    private static let ready = 0
    /// Something was fetched.
    private static let room = 1

    private let isStopping = Atomic(false)
    private var threads: WorkThreads?
    private var unitLimit = 1
    private var nextFile = 0
    /// The plain file of which a part is not claimed yet, and where that begins.
    private var splitting: (file: OpenFile, offset: Int64)?
    /// In order, those claimed and not yet fetched.
    private var units: [FeedUnit] = []
    private var isWaiting = false

    init(_ files: [FoundFile], in folder: SourceFolder, _ question: FeedQuestion, ratio: Int) {
        self.files = files
        self.folder = folder
        self.question = question
        self.ratio = ratio
    }

    /// Starts the threads; fewer if the system has no more to give.
    ///
    /// - Parameter count: nil for one on each processor.
    /// - Throws: `unavailable` if there is not a single one.
    func start(_ count: Int?) throws(PortabilityError) {
        let wanted = min(count ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)), Self.mostThreads)
        // No thread claims anything before all are there.
        monitor.lock()
        defer { monitor.unlock() }
        let threads = WorkThreads(count: max(1, wanted)) { [self] in work() }
        if threads.count == 0 {
            throw PortabilityError(
                .unavailable, "the system gives no thread to read the log with",
                remedy: "Raise the number of processes that the account may have", errno: threads.errno)
        }
        self.threads = threads
        // More than are worked on, so that the reader of what was found wakes seldom.
        unitLimit = 3 * threads.count + 2
    }

    /// Ends the threads and waits for them.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        let ending = monitor.withLock {
            monitor.wake(Self.room)
            let ending = threads
            threads = nil
            return ending
        }
        ending?.wait()
        units = []
        splitting = nil
    }

    /// What the first units found; nil after the last. Waits for at least one part.
    ///
    /// - Throws: `CancellationError`.
    func fetch() throws -> [FeedDelivery]? {
        monitor.lock()
        defer { monitor.unlock() }
        while true {
            try Task.checkCancellation()
            var fetched: [FeedDelivery] = []
            var done = 0
            for unit in units {
                if unit.parts.isEmpty, !unit.isDone { break }
                fetched.append(
                    FeedDelivery(ordinal: unit.ordinal, file: unit.file, fault: unit.fault, parts: unit.parts))
                unit.parts = []
                unit.held = 0
                if !unit.isDone { break }
                done += 1
            }
            if !fetched.isEmpty {
                units.removeFirst(done)
                monitor.wake(Self.room)
                return fetched
            }
            if units.isEmpty, isAllClaimed { return nil }
            isWaiting = true
            monitor.wait(for: Self.ready, milliseconds: 100)
            isWaiting = false
        }
    }

    // MARK: On the threads

    private func work() {
        let scanner = TextScanner(question)
        while let unit = claim() {
            guard let file = unit.file else { continue }
            if file.compression == nil {
                readPlain(file, unit, scanner)
            } else {
                readCompressed(file, unit, scanner)
            }
        }
    }

    /// The next unit; nil if there is no more.
    private func claim() -> FeedUnit? {
        monitor.lock()
        defer { monitor.unlock() }
        while true {
            if isStopping.load(ordering: .relaxed) { return nil }
            if isAllClaimed { return nil }
            if units.count < unitLimit { break }
            monitor.wait(for: Self.room)
        }
        let unit = nextUnit()
        units.append(unit)
        wakeReader()
        return unit
    }

    private func nextUnit() -> FeedUnit {
        if let (file, offset) = splitting {
            let end = min(offset + Self.unitSize, file.size)
            splitting = end < file.size ? (file, end) : nil
            return FeedUnit(nextFile - 1, file, offset..<end, isLast: end == file.size)
        }
        nextFile += 1
        do throws(FileFault) {
            let file = try OpenFile(files[nextFile - 1], in: folder)
            if file.compression == nil, file.size > Self.unitSize {
                splitting = (file, Self.unitSize)
                return FeedUnit(nextFile - 1, file, 0..<Self.unitSize, isLast: false)
            }
            return FeedUnit(nextFile - 1, file, 0..<file.size, isLast: true)
        } catch {
            return FeedUnit(nextFile - 1, nil, 0..<0, isLast: true, fault: error)
        }
    }

    /// Wakes the reader, with the lock held, if there is something to be fetched, and enough of it to be worth it.
    private func wakeReader() {
        guard isWaiting, let first = units.first, first.isDone || !first.parts.isEmpty else { return }
        let isEnough =
            first.file?.compression != nil || units.count == unitLimit || isAllClaimed
            || units.prefix { $0.isDone }.count > unitLimit / 2
        if isEnough { monitor.wakeOne(Self.ready) }
    }

    private var isAllClaimed: Bool { splitting == nil && nextFile == files.count }

    private func readPlain(_ file: OpenFile, _ unit: FeedUnit, _ scanner: TextScanner) {
        var offset = unit.range.lowerBound
        var fault: FileFault?
        while offset < unit.range.upperBound, fault == nil {
            if isStopping.load(ordering: .relaxed) { break }
            do throws(FileFault) {
                let rest = Int(unit.range.upperBound - offset)
                let count = try scanner.scan(upTo: rest) { (buffer) throws(FileFault) -> Int in
                    try file.read(into: buffer, at: offset)
                }
                if count == 0 { throw .shrank }
                offset += Int64(count)
            } catch {
                fault = error
            }
        }
        leave(scanner.takePart(fault: fault, isLast: unit.isLast || fault != nil), of: unit)
    }

    private func readCompressed(_ file: OpenFile, _ unit: FeedUnit, _ scanner: TextScanner) {
        var text = StreamedFile(file, ratio: ratio)
        var fault: FileFault?
        var isAtEnd = false
        while !isAtEnd {
            if isStopping.load(ordering: .relaxed) { break }
            do throws(FileFault) {
                let count = try scanner.scan(upTo: .max) { (buffer) throws(FileFault) -> Int in
                    try text.read(into: buffer)
                }
                isAtEnd = count == 0
            } catch {
                fault = error
                isAtEnd = true
            }
            if scanner.isFull, !isAtEnd { leave(scanner.takePart(isLast: false), of: unit) }
        }
        leave(scanner.takePart(fault: fault, isLast: true), of: unit)
    }

    /// Leaves a part to be fetched. The part that is the unit's last by its mark ends the unit, as does a range.
    private func leave(_ part: TextPart, of unit: FeedUnit) {
        monitor.lock()
        defer { monitor.unlock() }
        unit.held += part.bytes.count
        unit.isDone = part.isLast || unit.file?.compression == nil
        unit.parts.append(part)
        wakeReader()
        while !unit.isDone, unit.held > Self.heldLimit, !isStopping.load(ordering: .relaxed) {
            monitor.wait(for: Self.room)
        }
    }
}
