import Glibc
import PortabilityArchive
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import Synchronization

/// An archive of a batch that is written and waits for the others of its group.
struct WaitingArchive: Sendable {
    var result: BatchResult
    let packed: ExportRun.Packed
    let entry: BatchLedger.Entry
}

/// Gives the archives of a batch their names, a group at a time: all of a group are on the disk before the first of
/// them has its name, and then one write brings all names there, and one the lines on them.
///
/// The order makes every moment a good one to be killed in: bytes, what the ledger says of them, names of receipts,
/// names of archives, that they have them, the journal, the results. A name is never given to what is not on the disk whole, and the ledger
/// knows each archive that has its name.
final class BatchGroups: Sendable {
    private struct State {
        var waiting: [WaitingArchive] = []
        var bytes: Int64 = 0
        /// When the first of them came, seconds of the monotonic clock.
        var since: Double = 0
    }
    private let state = Mutex(State())
    private let engine: PortabilityEngine
    private let options: BatchOptions
    private let folder: String
    private let ledger: BatchLedger
    private let report: BatchReport
    /// Groups follow each other; while one is brought to the disk, the next one fills.
    private let turns = SourceTurns()
    private let executor = BlockingExecutor(threads: 1)

    init(
        _ engine: PortabilityEngine, _ options: BatchOptions, folder: String, ledger: BatchLedger, report: BatchReport
    ) {
        self.engine = engine
        self.options = options
        self.folder = folder
        self.ledger = ledger
        self.report = report
    }

    /// Takes an archive; the one that fills the group waits until it is on the disk.
    ///
    /// - Throws: what forbids that the batch goes on.
    func add(_ archive: WaitingArchive) async throws {
        let group = state.withLock { state -> [WaitingArchive] in
            if state.waiting.isEmpty { state.since = monotonicSeconds() }
            state.waiting.append(archive)
            state.bytes += archive.result.bytes
            return state.waiting.count >= options.groupCount || state.bytes >= options.groupBytes
                ? Self.take(&state) : []
        }
        try await settle(group)
    }

    /// Brings to the disk what has waited long enough.
    func settleOld() async throws {
        let now = monotonicSeconds()
        try await settle(
            state.withLock { $0.waiting.isEmpty || now - $0.since < options.groupSeconds ? [] : Self.take(&$0) })
    }

    /// Brings everything to the disk that waits.
    func settleAll() async throws { try await settle(state.withLock { Self.take(&$0) }) }

    private static func take(_ state: inout State) -> [WaitingArchive] {
        defer { state = State() }
        return state.waiting
    }

    private func settle(_ group: [WaitingArchive]) async throws {
        guard !group.isEmpty else { return }
        // Not cancelled with the batch: what is done is to stand.
        let work = Task {
            try await self.turns.run(on: self.executor) { try self.settleNow(group) }
        }
        try await work.value
    }

    private func settleNow(_ group: [WaitingArchive]) throws {
        var results: [BatchResult] = []
        func fail(_ archive: WaitingArchive, _ error: any Error) {
            for file in archive.packed.files { file.abandon() }
            results.append(archive.result.failed(error))
        }
        do {
            var whole: [WaitingArchive] = []
            for archive in group {
                do {
                    for file in archive.packed.files { try file.synchronize() }
                    whole.append(archive)
                } catch {
                    if asPortabilityError(error).stopsBatch { throw error }
                    fail(archive, error)
                }
            }
            try ledger.append(whole.map(\.entry))
            var named: [WaitingArchive] = []
            for archive in whole {
                do {
                    // No archive stands there without its proof.
                    for file in archive.packed.files.reversed() { try file.giveName() }
                    named.append(archive)
                } catch {
                    if let receipt = archive.packed.receipt, receipt.isInPlace { receipt.withdraw() }
                    if asPortabilityError(error).stopsBatch { throw error }
                    fail(archive, error)
                }
            }
            try OutputFile.synchronize(folder: folder, system: engine.options.system)
            try ledger.appendNamed(named.map(\.entry))
            do {
                try engine.record(named.flatMap { try $0.packed.journalEvents() })
            } catch {
                var told = asPortabilityError(error)
                told.message = "archives and receipts are in place, but the journal does not say so: \(told.message)"
                throw told
            }
            results += named.map(\.result)
            try report.add(results)
        } catch {
            for archive in group { for file in archive.packed.files { file.abandon() } }
            throw error
        }
    }
}

/// Seconds of a clock that is never set.
func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

extension BatchResult {
    /// The same request, without an archive.
    func failed(_ error: any Error) -> BatchResult {
        var failed = BatchResult(request: request, origin: origin, status: .failed)
        failed.error = asPortabilityError(error)
        failed.seconds = seconds
        return failed
    }
}

extension PortabilityError {
    /// Whether the disk or the folder is in such a state that the next archive would fare no better.
    var stopsBatch: Bool {
        guard code == .output, let errno else { return false }
        return [ENOSPC, EDQUOT, EROFS, EIO, EACCES, EPERM, EMFILE, ENFILE, ENOENT, ENOTDIR].contains(errno)
    }
}
