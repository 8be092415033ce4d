import Glibc
import PortabilityModel
import SourceFiles

/// A file of a feed.
struct InvoiceFile {
    enum Content {
        /// What it holds; and, unless it is to be read yet, its documents and what came of the first.
        case bytes([UInt8], InvoiceFeed.FirstDocument?)
        /// It is too large to be read before its turn.
        case waiting
        case tooLarge
        case fault(FileFault)
    }

    var ordinal: Int
    var content: Content
}

/// What a thread that reads files has for itself.
struct InvoiceWorker: ~Copyable {
    var folder: FolderReader
    let memory = InvoiceSieve.Memory()

    init(_ folder: SourceFolder) { self.folder = FolderReader(folder) }
}

/// Files read side by side and handed out in their order: all but those that a sieve leaves out.
///
/// Whoever asks for the next file works too: as long as that is not ready, it reads those that nobody has begun. The
/// other threads are POSIX threads of the feed's own, as reading blocks. How far they are ahead is limited, in files
/// and in bytes; large files are read when it is their turn. What comes out does not depend on the number of threads.
final class InvoiceFeed: @unchecked Sendable {
    // Unchecked: everything that changes is read and written under the lock, but a slot's file: that is the thread's
    // that took it, until it leaves it.

    /// The first document of a file, read into a record of its own.
    struct FirstDocument {
        var transmission: Transmission
        var outcome: Transmission.Outcome
        var reader: InvoiceReader
    }

    /// A file between its begin and its turn.
    private enum Slot {
        case begun
        /// It gives nothing; so many bytes were read.
        case sifted(bytes: Int)
        case file(InvoiceFile.Content)
    }

    /// Files that may be begun before the first of them has had its turn.
    private static let ahead = 256
    /// Of these, files and bytes that may be kept.
    private static let keptFiles = 32
    private static let keptBytes = 16 << 20
    /// Bytes of a file that is read before its turn, and of one whose document is.
    private static let fileBytes = 4 << 20
    private static let documentBytes = 256 << 10
    /// Fewer files for each thread are not worth starting it.
    private static let filesPerThread = 32
    private static let mostThreads = 16

    private let folder: SourceFolder
    private let files: [FoundFile]
    private let limit: Int
    private let sieve: InvoiceSieve?
    private let makeReader: @Sendable () -> InvoiceReader

    private let monitor = Monitor(conditions: 2)
    /// The first slot is ready.
    private static let ready = 0
    /// There is something to begin.
    private static let room = 1
    private var threads: WorkThreads?
    private var isStopping = false
    private var isWaiting = false
    private var idle = 0
    /// The files from ``first`` on, in a ring.
    private var slots = [Slot](repeating: .begun, count: InvoiceFeed.ahead)
    private var first = 0
    private var next = 0
    private var kept = (files: 0, bytes: 0)
    private var readers: [InvoiceReader] = []
    private var siftedFiles: Int64 = 0
    private var siftedBytes: Int64 = 0

    /// - Parameters:
    ///   - limit: Bytes that a file may have.
    ///   - sieve: Tells the files that give nothing; nil if there may be none.
    init(
        _ files: [FoundFile], in folder: SourceFolder, limit: Int, sieve: InvoiceSieve?,
        makeReader: @escaping @Sendable () -> InvoiceReader
    ) {
        self.files = files
        self.folder = folder
        self.limit = limit
        self.sieve = sieve
        self.makeReader = makeReader
    }

    /// Starts threads beside the one that asks; fewer if the system has no more to give.
    ///
    /// - Parameter count: How many threads there are to be with that one; nil for one on each processor.
    func start(_ count: Int?) {
        let wanted = count ?? min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), files.count / Self.filesPerThread)
        threads = WorkThreads(count: max(0, min(wanted, Self.mostThreads) - 1)) { [self] in work() }
    }

    /// Ends the threads and waits for them.
    func stop() {
        monitor.withLock {
            isStopping = true
            monitor.wake(Self.room)
        }
        threads?.wait()
        threads = nil
    }

    /// The files and bytes that were read and left out.
    var sifted: (files: Int64, bytes: Int64) {
        monitor.lock()
        defer { monitor.unlock() }
        return (siftedFiles, siftedBytes)
    }

    /// The next file that may matter; nil after the last.
    ///
    /// - Throws: `CancellationError`.
    func fetch(_ worker: inout InvoiceWorker) throws -> InvoiceFile? {
        monitor.lock()
        defer { monitor.unlock() }
        while true {
            passSifted()
            if first < next, case .file(let content) = slots[first % Self.ahead] {
                slots[first % Self.ahead] = .begun
                kept.files -= 1
                kept.bytes -= Self.size(content)
                first += 1
                wakeIdle()
                return InvoiceFile(ordinal: first - 1, content: content)
            }
            try Task.checkCancellation()
            if mayBegin {
                readOne(&worker)
            } else if first == files.count {
                return nil
            } else {
                isWaiting = true
                monitor.wait(for: Self.ready, milliseconds: 100)
                isWaiting = false
            }
        }
    }

    /// Gives a reader back whose record was taken.
    func giveBack(_ reader: InvoiceReader) {
        monitor.lock()
        readers.append(reader)
        monitor.unlock()
    }

    // MARK: With the lock held

    private var mayBegin: Bool {
        if isStopping || next == files.count { return false }
        return next == first
            || next - first < Self.ahead && kept.files < Self.keptFiles && kept.bytes < Self.keptBytes
    }

    private static func size(_ content: InvoiceFile.Content) -> Int {
        if case .bytes(let bytes, _) = content { bytes.count } else { 0 }
    }

    /// Passes over the first files that are sifted out.
    private func passSifted() {
        while first < next, case .sifted(let bytes) = slots[first % Self.ahead] {
            slots[first % Self.ahead] = .begun
            siftedFiles += 1
            siftedBytes += Int64(bytes)
            first += 1
        }
    }

    private func wakeIdle() {
        if idle > 0, mayBegin { monitor.wake(Self.room) }
    }

    /// Reads the next file, without the lock, and leaves it in its slot.
    private func readOne(_ worker: inout InvoiceWorker) {
        let index = next
        next += 1
        slots[index % Self.ahead] = .begun
        let reader = readers.popLast()
        monitor.unlock()
        var spare = reader
        let slot = read(index, &worker, &spare)
        monitor.lock()
        if let spare { readers.append(spare) }
        slots[index % Self.ahead] = slot
        if case .file(let content) = slot {
            kept.files += 1
            kept.bytes += Self.size(content)
        }
        if index == first {
            passSifted()
            if isWaiting, first == files.count || first < next && isFile(first) { monitor.wakeOne(Self.ready) }
            wakeIdle()
        }
    }

    private func isFile(_ index: Int) -> Bool {
        if case .file = slots[index % Self.ahead] { true } else { false }
    }

    // MARK: Without the lock

    private func work() {
        var worker = InvoiceWorker(folder)
        monitor.lock()
        defer { monitor.unlock() }
        while !isStopping, next < files.count {
            if mayBegin {
                readOne(&worker)
            } else {
                idle += 1
                monitor.wait(for: Self.room)
                idle -= 1
            }
        }
    }

    private func read(
        _ index: Int, _ worker: inout InvoiceWorker, _ spare: inout InvoiceReader?
    ) -> Slot {
        let (sieve, memory) = (self.sieve, worker.memory)
        do throws(FolderReader.Failure) {
            let (count, bytes) = try worker.folder.read(files[index], limit: min(limit, Self.fileBytes)) { text in
                (text.count, sieve?.mayMatter(text, memory) == false ? nil : Array(text))
            }
            guard let bytes else { return .sifted(bytes: count) }
            if count > Self.documentBytes { return .file(.bytes(bytes, nil)) }
            let reader = spare ?? makeReader()
            spare = nil
            let (transmission, outcome) = Transmission.begin(bytes, with: reader)
            return .file(.bytes(bytes, FirstDocument(transmission: transmission, outcome: outcome, reader: reader)))
        } catch {
            switch error {
            case .tooLarge: return .file(limit > Self.fileBytes ? .waiting : .tooLarge)
            case .fault(let fault): return .file(.fault(fault))
            }
        }
    }
}
