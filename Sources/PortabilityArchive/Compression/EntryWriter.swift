public import PortabilityModel

/// Writes one entry of an archive: packs the bytes as they come, and puts the packed bytes into a spool.
///
/// While it is open it holds at most one block (``Compression/blockSize``) and its dictionary, besides the blocks in
/// the pool. Packing, digest and writing happen on the pool's threads; an error there is thrown by the next call here.
/// Calls may come from any thread, one at a time is served.
public final class EntryWriter: @unchecked Sendable {
    // Unchecked: the variables are read and written under the lock.
    private let monitor = Monitor()
    private let pool: CompressionPool
    private let state: EntryState
    private var block = BlockBuffer()
    private var dictionary: [UInt8] = []
    private var sequence = 0
    private var isEnded = false

    /// Opens an entry.
    ///
    /// - Parameters:
    ///   - name: its name in the archive, see ``EntryName``.
    ///   - compression: how to pack it. An entry of at most one block that does not get smaller is stored.
    ///   - pool: who packs.
    ///   - spools: where the packed bytes go.
    ///   - digest: makes the digest (SHA-256) of the plain bytes.
    /// - Throws: ``PortabilityError`` with code `output` if the name breaks the rules.
    public init(
        name: String, compression: Compression, pool: CompressionPool, spools: SpoolFactory,
        digest: DigestFactory
    ) throws {
        try EntryName.check(name)
        self.pool = pool
        state = EntryState(
            name: name, compression: compression, core: pool.core, spool: spools.make(), digest: digest())
    }

    deinit { state.abandon() }

    /// Adds bytes.
    ///
    /// - Throws: ``PortabilityError``: `output` if an earlier block could not be written or the entry is finished,
    ///   `cancelled` if the pool is shut down.
    public func append(_ bytes: Span<UInt8>) throws {
        try bytes.withUnsafeBufferPointer { try append($0) }
    }

    /// Adds bytes.
    ///
    /// - Throws: as ``append(_:)-(Span<UInt8>)``.
    public func append(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBufferPointer { try append($0) }
    }

    private func append(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        try monitor.withLock {
            guard !isEnded else { throw Self.endedError }
            try state.checkFailure()
            var rest = bytes[...]
            while !rest.isEmpty {
                // A full block is handed in only when a byte follows it: it may turn out to be the last.
                if block.bytes.count == Compression.blockSize { try submit(isLast: false) }
                let part = rest.prefix(Compression.blockSize - block.bytes.count)
                block.bytes.append(contentsOf: part)
                rest = rest.dropFirst(part.count)
            }
        }
    }

    /// Ends the entry and waits until all of it is in the spool.
    ///
    /// - Throws: as ``append(_:)-(Span<UInt8>)``; the spool is given up then.
    public func finish() throws -> SpooledEntry {
        try monitor.withLock {
            guard !isEnded else { throw Self.endedError }
            isEnded = true
            do {
                try state.checkFailure()
                // A small entry is packed here: to hand it over would take longer.
                let isSmall = sequence == 0 && block.bytes.count <= Self.smallSize
                if !block.bytes.isEmpty { try submit(isLast: true, here: isSmall) }
                return try state.complete()
            } catch {
                state.discard()
                throw error
            }
        }
    }

    /// The number of packed bytes that the entry would have if it ended here. What was handed in is waited for, and the
    /// block that is open is packed for the measure only, so the number depends on the plain bytes alone.
    ///
    /// - Throws: as ``append(_:)-(Span<UInt8>)``.
    public func packedSize() throws -> Int64 {
        try monitor.withLock {
            guard !isEnded else { throw Self.endedError }
            let count = try state.settledCount()
            if block.bytes.isEmpty || state.compression.isStored { return count + Int64(block.bytes.count) }
            let open = try pool.core.withPacker { packer in
                try block.bytes.withUnsafeBufferPointer { plain in
                    try dictionary.withUnsafeBufferPointer {
                        try packer.pack(plain, dictionary: $0, isLast: true, with: state.compression).count
                    }
                }
            }
            return count + Int64(sequence == 0 ? min(open, block.bytes.count) : open)
        }
    }

    /// Ends the entry and gives up what was written, now. Calling it again, or after ``finish()``, does nothing.
    public func discard() {
        monitor.withLock {
            guard !isEnded else { return }
            isEnded = true
            block = BlockBuffer()
            dictionary = []
            state.discard()
        }
    }

    /// Plain bytes that take about as long to pack as a millisecond.
    private static let smallSize = 256 << 10

    private func submit(isLast: Bool, here: Bool = false) throws {
        var next = BlockBuffer()
        var nextDictionary: [UInt8] = []
        if !isLast {
            next = pool.core.buffer()
            if !state.compression.isStored { nextDictionary = Array(block.bytes.suffix(Compression.dictionarySize)) }
        }
        swap(&block, &next)
        swap(&dictionary, &nextDictionary)
        let job = PackingJob(
            entry: state, sequence: sequence, plain: next, dictionary: nextDictionary, isLast: isLast)
        sequence += 1
        state.willSubmit()
        do {
            try pool.core.submit(job, here: here)
        } catch {
            state.didNotSubmit()
            throw error
        }
    }

    private static var endedError: PortabilityError { PortabilityError(.output, "the entry is already finished") }
}

/// What an entry shares with the threads that pack its blocks.
final class EntryState: @unchecked Sendable {
    // Unchecked: the variables of the first group are read and written under the lock; those of the second only by the
    // one thread that has set isDraining under the lock, and after the last block.
    let name: String
    let compression: Compression
    private let core: PoolCore
    private let spool: Spool
    private let monitor = Monitor()

    private var packed: [Int: PackedBlock] = [:]
    private var nextSequence = 0
    private var outstanding = 0
    private var isDraining = false
    private var isDiscarded = false
    private var failure: PortabilityError?

    private var digest: any StreamingDigest
    private var crc32: UInt32 = 0
    private var size: Int64 = 0
    private var method: ZipMethod

    /// A block after packing; without bytes if it was not packed because the entry has failed.
    private struct PackedBlock {
        var plain: BlockBuffer
        var bytes: [UInt8]
        var crc32: UInt32
        var isLast: Bool
    }

    init(name: String, compression: Compression, core: PoolCore, spool: Spool, digest: any StreamingDigest) {
        self.name = name
        self.compression = compression
        self.core = core
        self.spool = spool
        self.digest = digest
        method = compression.isStored ? .stored : .deflate
    }

    // MARK: The writer's side

    func willSubmit() { monitor.withLock { outstanding += 1 } }

    func didNotSubmit() { monitor.withLock { outstanding -= 1 } }

    func checkFailure() throws {
        if let failure = monitor.withLock({ failure }) { throw failure }
    }

    /// Waits for all blocks, then gives the entry.
    func complete() throws -> SpooledEntry {
        try monitor.withLock {
            while outstanding > 0 { monitor.wait() }
            if let failure { throw failure }
        }
        if size == 0 { method = .stored }
        return SpooledEntry(
            name: name, method: method, crc32: crc32, size: size, compressedSize: spool.count, sha256: digest.value(),
            spool: spool)
    }

    /// Waits for all blocks, then gives the number of packed bytes.
    func settledCount() throws -> Int64 {
        try monitor.withLock {
            while outstanding > 0 { monitor.wait() }
            if let failure { throw failure }
        }
        return spool.count
    }

    /// Gives up, and waits for the blocks that are being packed.
    func discard() {
        monitor.withLock {
            isDiscarded = true
            while outstanding > 0 { monitor.wait() }
        }
        spool.close()
    }

    /// Gives up without waiting; the spool goes with the last block.
    func abandon() { monitor.withLock { isDiscarded = true } }

    // MARK: The threads' side

    /// Packs a block, then writes what is next in order, if no other thread is at it.
    func process(_ job: PackingJob, with packer: BlockPacker) {
        var block = PackedBlock(plain: job.plain, bytes: [], crc32: 0, isLast: job.isLast)
        if !monitor.withLock({ isDiscarded || failure != nil }) {
            do {
                (block.bytes, block.crc32) = try job.plain.bytes.withUnsafeBufferPointer { plain in
                    try job.dictionary.withUnsafeBufferPointer { dictionary in
                        let bytes =
                            compression.isStored
                            ? []
                            : try packer.pack(plain, dictionary: dictionary, isLast: job.isLast, with: compression)
                        return (bytes, CRC32.of(plain))
                    }
                }
            } catch {
                fail(error)
            }
        }
        monitor.lock()
        packed[job.sequence] = block
        if !isDraining {
            isDraining = true
            while let next = packed.removeValue(forKey: nextSequence) {
                let isWanted = !isDiscarded && failure == nil
                monitor.unlock()
                if isWanted {
                    do { try write(next) } catch { fail(error) }
                }
                core.release(next.plain)
                monitor.lock()
                nextSequence += 1
                outstanding -= 1
            }
            isDraining = false
            monitor.wake()
        }
        monitor.unlock()
    }

    private func fail(_ error: any Error) {
        let failed = error as? PortabilityError ?? PortabilityError(.output, "an entry cannot be packed")
        monitor.withLock { if failure == nil { failure = failed } }
    }

    private func write(_ block: PackedBlock) throws {
        let plain = block.plain.bytes
        if block.isLast, size == 0, block.bytes.count >= plain.count { method = .stored }
        digest.update(plain.span)
        crc32 = CRC32.combine(crc32, block.crc32, secondCount: plain.count)
        size += Int64(plain.count)
        if method == .stored {
            try spool.append(plain.span)
        } else {
            try spool.append(block.bytes.span)
        }
    }
}
