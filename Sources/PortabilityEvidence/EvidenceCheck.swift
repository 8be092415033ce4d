import Glibc
public import PortabilityModel

/// Holds journal, receipts and archives against each other.
public struct EvidenceCheck: Sendable {
    /// What is wrong.
    public struct Finding: Sendable, Hashable {
        public var file: String
        /// Of a journal, 1-based.
        public var line: Int64?
        /// No personal data.
        public var message: String
    }

    /// A receipt that was proved.
    public struct ReceiptFile: Sendable {
        public var path: String
        public var id: String
        public var receipt: Receipt
    }

    public struct Report: Sendable {
        /// Nil if no journal was given.
        public var journal: Journal.Report?
        public var receipts: [ReceiptFile] = []
        /// Archives whose bytes are those that a receipt or the journal tells of.
        public var archives: [String] = []
        /// Of those, the ones that are the zip inside of an encrypted file, not the file that was given.
        public var decrypted: [String] = []
        public var findings: [Finding] = []

        public var isSound: Bool { findings.isEmpty }
    }

    public var journal: String?
    /// Files, and folders of which every `*.receipt.json` is taken.
    public var receipts: [String]
    public var archives: [String]
    /// The digest and the number of lines that were noted elsewhere; see ``Journal/verify(expecting:count:visit:)``.
    public var expectedHead: String?
    public var expectedCount: Int64?

    public init(
        journal: String? = nil, receipts: [String] = [], archives: [String] = [], expectedHead: String? = nil,
        expectedCount: Int64? = nil
    ) {
        self.journal = journal
        self.receipts = receipts
        self.archives = archives
        self.expectedHead = expectedHead
        self.expectedCount = expectedCount
    }

    /// Checks what was given: the journal's chain; that receipts are unaltered; that each `exported` event has its
    /// receipt (if receipts are given) and each receipt its event; that what was delivered was made for that request; that the digests of archives, or of the
    /// zips inside of encrypted ones, are those recorded.
    ///
    /// - Throws: `unavailable` or `denied` for a file that cannot be read; what is wrong is in the report.
    public func run(_ digest: @escaping DigestFactory) throws -> Report {
        var report = Report()
        for path in try receiptFiles() {
            do {
                let proved = try Receipt.prove(path: path, digest)
                report.receipts.append(ReceiptFile(path: path, id: proved.id, receipt: proved.receipt))
            } catch let error as PortabilityError where error.code != .unavailable && error.code != .denied {
                let field = error.place.field.map { " (\($0))" } ?? ""
                report.findings.append(Finding(file: path, message: error.message + field))
            }
        }
        var exported: [String: JournalEvent] = [:]
        if let journal { exported = try check(journal, digest, &report) }
        let known = Set(exported.keys).union(report.receipts.map(\.id))
        for file in report.receipts {
            if let supplemented = file.receipt.supplements, !known.contains(supplemented) {
                report.findings.append(
                    Finding(file: file.path, message: "it completes a receipt that is neither given nor recorded"))
            }
        }
        let files = report.receipts.flatMap(\.receipt.archive.files)
        let inside = report.receipts.flatMap { $0.receipt.archive.encryption?.zips ?? [] }
        let digests = Set(exported.values.compactMap(\.archive) + files.map(\.sha256))
        for path in archives {
            let (bytes, sha256) = try digestOfFile(path, digest)
            let sizes = files.filter { $0.sha256 == sha256 }.map(\.bytes)
            if digests.contains(sha256), sizes.allSatisfy({ $0 == bytes }) {
                report.archives.append(path)
            } else if inside.contains(where: { $0.bytes == bytes && $0.sha256 == sha256 }) {
                report.archives.append(path)
                report.decrypted.append(path)
            } else {
                report.findings.append(
                    Finding(
                        file: path,
                        message: "the archive is not one that a receipt or the journal tells of, or was "
                            + "altered"))
            }
        }
        return report
    }

    static let receiptLimit = 64 << 20

    private func check(
        _ path: String, _ digest: @escaping DigestFactory, _ report: inout Report
    ) throws -> [String: JournalEvent] {
        var findings: [Finding] = []
        var exported: [String: JournalEvent] = [:]
        let byID = Dictionary(report.receipts.map { ($0.id, $0.receipt) }, uniquingKeysWith: { first, _ in first })
        let journal = try Journal(path: path, digest: digest).verify(expecting: expectedHead, count: expectedCount) {
            entry in
            guard let id = entry.event.receipt else { return }
            if entry.event.name == .exported {
                exported[id] = entry.event
                if let receipt = byID[id] {
                    if receipt.archive.sha256 != entry.event.archive || receipt.request != entry.event.request {
                        findings.append(
                            Finding(
                                file: path, line: entry.line,
                                message: "the event and its receipt tell of different archives or requests"))
                    }
                } else if !receipts.isEmpty {
                    findings.append(
                        Finding(file: path, line: entry.line, message: "the event's receipt is not among those given"))
                }
            } else if let receiver = exported[id]?.request {
                if receiver != entry.event.request {
                    findings.append(
                        Finding(
                            file: path, line: entry.line, message: "the event names a receipt of another request"))
                }
            } else {
                findings.append(
                    Finding(file: path, line: entry.line, message: "the event names a receipt that was not recorded"))
            }
        }
        report.journal = journal
        if let fault = journal.fault {
            report.findings.append(Finding(file: path, line: fault.line, message: fault.message))
        }
        report.findings += findings
        // After a break the rest of the journal is not known, and nothing can be said to be missing from it.
        if journal.fault == nil {
            for file in report.receipts where exported[file.id] == nil {
                report.findings.append(Finding(file: file.path, message: "the receipt is not recorded in the journal"))
            }
        }
        return exported
    }

    private func receiptFiles() throws -> [String] {
        try receipts.flatMap { path -> [String] in
            guard isFolder(path) else { return [path] }
            return try namesIn(path).filter { $0.hasSuffix(".receipt.json") }.map { join(path, $0) }
        }
    }
}
