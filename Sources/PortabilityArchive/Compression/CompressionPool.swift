import PortabilityModel

/// Threads that pack blocks, shared by all entries of all archives being written.
///
/// Its own POSIX threads, because packing blocks a thread for milliseconds and Swift's cooperative threads are few.
/// The number of blocks between an ``EntryWriter`` and the disk is limited over all entries together: who hands in one
/// more waits. So the memory of any number of exports is bounded by the limit (about 2 MiB a block), plus at most one
/// block for each open entry.
///
/// Neither the number of threads nor the limit changes a byte of any archive.
public final class CompressionPool: Sendable {
    let core: PoolCore

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - workers: the number of threads; 0 packs on the thread that hands in a block. If the system has no more
    ///     threads to give, those there are do the work.
    ///   - blockLimit: the most blocks handed in and not yet written; nil for two more than there are threads.
    public init(workers: Int, blockLimit: Int? = nil) {
        core = PoolCore(blockLimit: max(1, blockLimit ?? max(0, workers) + 2))
        core.start(workers)
    }

    deinit { core.shutDown() }

    /// The number of threads that run.
    public var workers: Int { core.workers }

    /// The most blocks handed in and not yet written.
    public var blockLimit: Int { core.blockLimit }

    /// The most blocks that were ever handed in and not yet written at one time.
    public var highWaterMark: Int { core.highWaterMark }

    /// Finishes the blocks handed in, then ends the threads and waits for them. Entries still open fail with code
    /// `cancelled`. Calling it again does nothing.
    public func shutdown() { core.shutDown() }
}

/// The plain bytes of one block, in memory that is used again.
final class BlockBuffer: @unchecked Sendable {
    // Unchecked: it is handed on, from the writer to the packing thread to the idle list; only one of them has it.
    var bytes: [UInt8] = []
}

/// One block of an entry, on its way to be packed.
struct PackingJob: Sendable {
    let entry: EntryState
    let sequence: Int
    let plain: BlockBuffer
    let dictionary: [UInt8]
    let isLast: Bool
}

/// What the pool shares with its threads, which must not keep the pool itself alive.
final class PoolCore: @unchecked Sendable {
    // Unchecked: all variables are read and written under the lock.
    private let monitor = Monitor()
    let blockLimit: Int
    private var queue: [PackingJob] = []
    private var queueStart = 0
    private var blocks = 0
    /// Who waits for room.
    private var waiting = 0
    private var mostBlocks = 0
    private var isStopping = false
    private var threads: WorkThreads?
    private var idleBuffers: [BlockBuffer] = []
    private var idlePackers: [BlockPacker] = []

    init(blockLimit: Int) { self.blockLimit = blockLimit }

    var workers: Int { monitor.withLock { threads?.count ?? 0 } }

    var highWaterMark: Int { monitor.withLock { mostBlocks } }

    func start(_ count: Int) {
        let started = WorkThreads(count: count) { [self] in work() }
        monitor.withLock { threads = started }
    }

    func shutDown() {
        let ending = monitor.withLock {
            isStopping = true
            monitor.wake()
            return threads
        }
        ending?.wait()
    }

    /// Waits for room, then takes the block.
    ///
    /// - Parameter here: whether it is packed by the calling thread.
    /// - Throws: ``PortabilityError`` with code `cancelled` if the pool is shut down.
    func submit(_ job: PackingJob, here: Bool = false) throws {
        let isInline = try monitor.withLock {
            while blocks >= blockLimit, !isStopping {
                waiting += 1
                monitor.wait()
                waiting -= 1
            }
            guard !isStopping else { throw PortabilityError(.cancelled, "the compression threads were shut down") }
            blocks += 1
            mostBlocks = max(mostBlocks, blocks)
            guard let threads, threads.count > 0, !here else { return true }
            queue.append(job)
            monitor.wake()
            return false
        }
        if isInline {
            withPacker { job.entry.process(job, with: $0) }
        }
    }

    /// Lends a packer to the calling thread.
    func withPacker<Value>(_ body: (BlockPacker) throws -> Value) rethrows -> Value {
        let packer = monitor.withLock { idlePackers.popLast() } ?? BlockPacker()
        defer { monitor.withLock { idlePackers.append(packer) } }
        return try body(packer)
    }

    /// Room for one more block; `buffer` can be used again.
    func release(_ buffer: BlockBuffer) {
        buffer.bytes.removeAll(keepingCapacity: true)
        monitor.withLock {
            blocks -= 1
            // Threads that wait for work are not woken for room.
            defer { if waiting > 0 { monitor.wake() } }
            if idleBuffers.count < blockLimit, buffer.bytes.capacity >= Compression.blockSize {
                idleBuffers.append(buffer)
            }
        }
    }

    /// An empty buffer with room for one block.
    func buffer() -> BlockBuffer {
        if let idle = monitor.withLock({ idleBuffers.popLast() }) { return idle }
        let made = BlockBuffer()
        made.bytes.reserveCapacity(Compression.blockSize)
        return made
    }

    private func work() {
        let packer = BlockPacker()
        while let job = next() { job.entry.process(job, with: packer) }
    }

    private func next() -> PackingJob? {
        monitor.withLock {
            while queueStart == queue.count {
                if isStopping { return nil }
                monitor.wait()
            }
            let job = queue[queueStart]
            queueStart += 1
            if queueStart == queue.count {
                queue.removeAll(keepingCapacity: true)
                queueStart = 0
            }
            return job
        }
    }
}
