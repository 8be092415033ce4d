import Glibc
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel

/// What earlier runs of a batch left in its folder.
struct EarlierRuns {
    private let engine: PortabilityEngine
    private let options: BatchOptions
    private let folder: String
    private let ledger: BatchLedger
    private let report: BatchReport

    init(
        _ engine: PortabilityEngine, _ options: BatchOptions, folder: String, ledger: BatchLedger, report: BatchReport
    ) {
        self.engine = engine
        self.options = options
        self.folder = folder
        self.ledger = ledger
        self.report = report
    }

    /// What came of a request that is fulfilled; nil if it is not.
    ///
    /// - Throws: `output` if there is an archive or a receipt that was not made from this request, or an archive without
    ///   the receipt that it had.
    func kept(_ request: ExportRequest, origin: String) throws -> BatchResult? {
        let path = joinPath(folder, options.fileName(request.id))
        let fingerprint = ledger.fingerprint(request, for: options.encryption)
        let entries = (ledger.entries[request.id] ?? []).filter { $0.fingerprint == fingerprint }
        return access(path, F_OK) == 0
            ? try standing(path, request, entries, origin: origin) : try delivered(path, entries, origin: origin)
    }

    /// The archive is there.
    private func standing(
        _ path: String, _ request: ExportRequest, _ entries: [BatchLedger.Entry], origin: String
    ) throws -> BatchResult? {
        guard let entry = entries.last(where: { isArchive($0, at: path) }) else {
            let isOfOther = ledger.entries[request.id]?.contains { isArchive($0, at: path) } ?? false
            throw PortabilityError(
                .output,
                isOfOther
                    ? "the archive was made from another request of this id, in other formats or for other recipients"
                    : "there is an archive already that no batch made, or that was altered since",
                remedy: isOfOther
                    ? "Give the changed request an id of its own, or write into another folder"
                    : "Leave the request out of the batch, or write into another folder",
                at: .init(file: path), errno: EEXIST)
        }
        var result = BatchResult(of: entry, origin: origin)
        if let receipt = entry.receipt, Self.receipt(beside: path) != receipt {
            let place = Self.receiptPath(path)
            let isThere = access(place, F_OK) == 0
            if isThere || ledger.wasNamed(entry) {
                throw PortabilityError(
                    .output,
                    isThere ? "the receipt beside the archive is not its own" : "the archive has lost its receipt",
                    remedy: "Put back the receipt that the batch wrote, or move the archive away to have it made anew",
                    at: .init(file: place))
            }
            // The machine failed before both names were on the disk, and nobody saw it since: it is made anew.
            unlink(path)
            return nil
        }
        result.isKept = true
        result.path = path
        return result
    }

    /// The archive is not there, and may have been.
    private func delivered(
        _ path: String, _ entries: [BatchLedger.Entry], origin: String
    ) throws -> BatchResult? {
        let place = Self.receiptPath(path)
        guard access(place, F_OK) == 0 else { return nil }
        guard let receipt = Self.receipt(beside: path), let entry = entries.last(where: { $0.receipt == receipt })
        else {
            guard options.writesReceipts else { return nil }
            throw PortabilityError(
                .output, "there is a receipt already that is not of this request in these formats",
                remedy: "Give the request another id, or write into another folder", at: .init(file: place),
                errno: EEXIST)
        }
        var result = BatchResult(of: entry, origin: origin)
        // It was made, and is delivered or removed by now; its receipt stays the proof of it.
        if ledger.wasNamed(entry) {
            result.isKept = true
            return result
        }
        // Killed between the name of the receipt and that of the archive: it proves nothing.
        unlink(place)
        return nil
    }

    /// Runs that were killed after the names and before the ledger's or the journal's line: the lines are made up for.
    ///
    /// - Throws: `output`; `verification` if the journal is not in order, so that nobody can tell what it lacks.
    func record(_ results: [BatchResult]) throws {
        let kept = results.compactMap { result -> (result: BatchResult, entry: BatchLedger.Entry)? in
            guard result.isKept, let request = result.request,
                let entry = ledger.entries[request]?.last(where: { $0.sha256 == result.sha256 })
            else { return nil }
            return (result, entry)
        }
        try ledger.appendNamed(kept.map(\.entry).filter { !ledger.wasNamed($0) })
        let untold = kept.filter { !report.hasToldOf($0.result) }.map(\.entry)
        guard !untold.isEmpty, engine.journal != nil else { return }
        let recorded = try recordedReceipts()
        try engine.record(
            untold.compactMap { entry in
                guard let receipt = entry.receipt, !recorded.contains(receipt) else { return nil }
                return .exported(request: entry.request, receipt: receipt, archive: entry.sha256)
            })
    }

    /// The receipts of which the journal tells.
    private func recordedReceipts() throws -> Set<String> {
        var found: Set<String> = []
        let report = try engine.journal?.verify { entry in
            if entry.event.name == .exported, let receipt = entry.event.receipt { found.insert(receipt) }
        }
        if let fault = report?.fault {
            throw PortabilityError(
                .verification, "the journal is not in order: \(fault.message)",
                remedy: "Look at it with `portability journal verify`, and put back the copy that is",
                at: .init(line: fault.line))
        }
        return found
    }

    private static func receiptPath(_ path: String) -> String { "\(path).receipt.json" }

    /// The id of the receipt beside an archive; nil if there is none, or it was altered.
    private static func receipt(beside path: String) -> String? {
        (try? Receipt.prove(path: receiptPath(path), SHA256Digest.factory))?.id
    }

    private func isArchive(_ entry: BatchLedger.Entry, at path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size == entry.bytes else {
            return false
        }
        var digest = SHA256Digest()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return false }
            if count == 0 { return hexadecimal(digest.value()) == entry.sha256 }
            digest.update(buffer.span.extracting(0..<count))
        }
    }
}

extension BatchResult {
    /// What the ledger says of an archive.
    fileprivate init(of entry: BatchLedger.Entry, origin: String) {
        self.init(
            request: entry.request, origin: origin,
            status: BatchResult.Status(rawValue: entry.status.rawValue) ?? .partial)
        records = entry.records
        bytes = entry.bytes
        sha256 = entry.sha256
    }
}
