import Glibc
import Logging
import PortabilityArchive
import PortabilityCrypto
import PortabilityEnvelope
import PortabilityEvidence
import PortabilityFormats
import PortabilityModel
import PortabilityReport
import PortabilityScope

/// One request on its way to an archive, in steps: what needs no source, what reads the sources, what puts the archive
/// together, and what gives it its name. A single export takes them one after the other; a batch takes the first and
/// the last for many requests at once.
struct ExportRun: Sendable {
    private let engine: PortabilityEngine
    let request: ExportRequest
    private let export: ExportOptions
    private let events: ExportEvents?
    private let signer: ArchiveSummary.Signer?
    private let volumes: VolumeOutput?
    private let output: OutputFile
    private let receiptOutput: OutputFile?
    /// The id of the receipt that has the name now.
    private let earlier: String?
    private let created: Int64
    private let evidence: EvidenceMaker
    private let book: ReviewBook

    /// Finds out what can be found out before a source is opened, and makes the temporary files.
    ///
    /// - Throws: `configuration`, `refused`, `identityNotChecked`, `output`.
    init(
        _ engine: PortabilityEngine, _ request: ExportRequest, to path: String, _ export: ExportOptions,
        events: ExportEvents?
    ) throws {
        try request.validate(identifiers: engine.configuration.identifiers)
        self.engine = engine
        self.request = request
        self.export = export
        self.events = events
        signer = try engine.configuration.signer(export.signingKey)
        let system = engine.options.system
        if export.replace { try Self.refuseToReplaceOther(path) }
        volumes = try Self.volumeOutput(export, path, system)
        earlier = export.replace ? try export.receiptPath.flatMap(Self.earlierReceipt) : nil
        output = try OutputFile(path: path, replace: export.replace, digest: SHA256Digest.factory, system: system)
        receiptOutput = try export.receiptPath.map {
            try OutputFile(path: $0, replace: export.replace, system: system)
        }
        created = export.created ?? engine.options.now()
        if export.created == nil { try request.checkDates(now: created) }
        evidence = try EvidenceMaker(
            engine: engine, request: request, created: created, review: export.review,
            signingKey: signer?.fingerprint)
        try evidence.check()
        book = try Self.reviewBook(export.review, for: request)
    }

    /// What was read, and how it is being written.
    struct Reading: Sendable {
        let gathered: Gathered
        let surroundings: DatasetWriter.Surroundings
    }

    /// Settles who is asked for and reads all sources.
    ///
    /// - Parameter known: whom the request asks for, if that was settled on these sources already.
    /// - Throws: what forbids an archive; see ``PortabilityEngine/export(_:to:options:events:)``.
    func read(_ sources: [PortabilityEngine.OpenSource], known: KnownSubject? = nil) async throws -> Reading {
        // What is delivered is encoded there; what comes before and after need not change threads for it.
        try await withTaskExecutorPreference(engine.encoders) { try await gather(sources, known) }
    }

    private func gather(_ sources: [PortabilityEngine.OpenSource], _ known: KnownSubject?) async throws -> Reading {
        let (notes, prepared) = try await engine.prepare(
            request, sources, confirmsNothingHeld: export.confirmsNothingHeld, known: known)
        events?.send(
            .identified(
                kinds: Dictionary(
                    uniqueKeysWithValues: prepared.known.controller.kinds.map {
                        ($0, prepared.known.controller[$0].count)
                    })))
        var scope = ScopeContext(
            right: request.right, freeText: engine.configuration.freeText,
            labels: try engine.labels(notes.staff, request: request, created: created), own: notes.own, review: book,
            digest: SHA256Digest.factory, decisions: engine.decisions)
        scope.period = (request.period?.from, request.period?.to)
        try engine.checkScopes(prepared.plan, scope)
        let drift = try await engine.drift(sources, prepared.plan)
        let surroundings = DatasetWriter.Surroundings(
            formats: Format.allCases.filter { request.formats.contains($0) }, compression: engine.compression,
            pool: engine.pool,
            spools: SpoolFactory(folder: OutputFile.folder(of: output.path), system: engine.options.system),
            dialect: request.effectiveDialect == .excel ? .excel(request.language) : .service,
            recordEncoders: engine.recordEncoders, scope: scope, printsAll: export.printsAll, mayBeCut: volumes != nil)
        let gathered = Gathered(
            plan: prepared.plan, known: prepared.known, openErrors: sources.map(\.error),
            outcomes: try await engine.gather(
                prepared.plan, received: request.received, known: prepared.known, sources: sources,
                surroundings: surroundings, progress: ProgressCounter(events: events), events: events),
            isNothingHeld: prepared.isNothingHeld, drift: drift)
        return Reading(gathered: gathered, surroundings: surroundings)
    }

    /// An archive that is written and has not got its name yet.
    struct Packed: Sendable {
        let result: ExportResult
        /// The archive, or the volumes in their order.
        let archives: [OutputFile]
        let receipt: OutputFile?
        fileprivate let evidence: EvidenceMaker
        fileprivate let earlier: String?

        /// Everything that gets a name: the archives first.
        var files: [OutputFile] { archives + (receipt.map { [$0] } ?? []) }

        /// What the journal is to say.
        func journalEvents() throws -> [JournalEvent] { try evidence.journalEvents(result.receipt) }
    }

    /// Puts the archive together. What was read is given up.
    ///
    /// - Throws: `reviewNeeded`, `notIdentified`, `output`, `ledger`, `limit`, `cancelled`.
    func pack(_ reading: Reading) async throws -> Packed {
        let gathered = reading.gathered
        defer { gathered.discard() }
        try Task.checkPortabilityCancellation()
        if gathered.isNothingHeld { try gathered.checkNothingHeld(engine.configuration.sources) }
        try stopForReview()
        events?.send(.packing)
        var packager = Packager(
            engine: engine, request: request, gathered: gathered, created: created,
            surroundings: reading.surroundings, evidence: evidence, deadline: evidence.deadline)
        packager.signer = signer
        packager.protection.signer = export.signingKey?.signer
        if let encryption = export.encryption { packager.encrypt(encryption) }
        let (result, archives) = try await withTaskExecutorPreference(engine.encoders) {
            try packager.pack(into: output, volumes: volumes)
        }
        return Packed(
            result: result, archives: archives, receipt: receiptOutput, evidence: evidence, earlier: earlier)
    }

    /// Brings the archive and its receipt to the disk and gives them their names.
    ///
    /// - Throws: `output`, and what the journal throws.
    func settle(_ packed: Packed) async throws {
        try await withTaskExecutorPreference(engine.encoders) {
            try packed.evidence.settle(
                packed.result.receipt, archives: packed.archives, receipt: packed.receipt, earlier: packed.earlier)
        }
        let result = packed.result
        events?.send(.finished(status: result.status.rawValue, records: result.records, bytes: result.bytes))
        engine.options.logger.info(
            "export finished",
            metadata: [
                "request": "\(request.id)", "status": "\(result.status.rawValue)", "records": "\(result.records)",
                "bytes": "\(result.bytes)",
            ])
    }

    /// Writes the receipt, and has all bytes on their way to the disk, so that the files can get their names later.
    ///
    /// - Returns: the receipt's id.
    /// - Throws: `output`.
    func seal(_ packed: Packed) throws -> String {
        if let receipt = packed.receipt { try evidence.write(packed.result.receipt, into: receipt) }
        for file in packed.files { try file.flushAhead() }
        return try packed.result.receipt.id(SHA256Digest.factory)
    }

    // MARK: review

    private static func reviewBook(_ file: ReviewFile?, for request: ExportRequest) throws -> ReviewBook {
        guard let file else { return ReviewBook() }
        guard file.request == request.id, file.right == request.right else {
            throw PortabilityError(
                .refused, "the review is of another request",
                remedy: "Decisions hold for the request that they were made for; review this one")
        }
        return ReviewBook(file.items)
    }

    /// No archive is made while somebody has to look at something.
    private func stopForReview() throws {
        let pending = book.pending
        guard !pending.isEmpty else { return }
        let count = Int64(pending.count) + book.beyond
        var path: String?
        if let wanted = export.reviewListPath {
            // What was decided stays decided, where it is still the same.
            let list = ReviewFile(
                request: request.id, right: request.right, reviewer: export.review?.reviewer,
                items: book.used + pending, beyond: book.beyond)
            path = try list.write(near: wanted)
        }
        throw PortabilityError(
            .reviewNeeded, "\(count) places may show other people's data and must be looked at first",
            remedy: path == nil
                ? "Ask for the list with --review-list" : "Fill in the decisions, then run again with --reviewed",
            at: .init(file: path))
    }

    // MARK: targets

    /// What volumes are written to; nil if the archive is to be one.
    private static func volumeOutput(
        _ export: ExportOptions, _ path: String, _ system: OutputSystem
    ) throws -> VolumeOutput? {
        guard let size = export.volumeSize else { return nil }
        guard !export.replace, !export.printsAll else {
            throw PortabilityError(
                .configuration,
                export.replace
                    ? "volumes replace nothing: a whole set cannot be exchanged in one step"
                    : "a page with all records to be printed is one, and cannot be cut into volumes",
                remedy: export.replace
                    ? "Remove the earlier archive or volumes yourself, and leave out --replace"
                    : "Leave out --print full or --volume-size", at: .init(field: "volume-size"))
        }
        // The names that could be taken are looked at before anything is read.
        for name in VolumeName(path).existing() {
            throw PortabilityError(
                .output, "there are volumes of an earlier export", remedy: "Remove them, or choose another name",
                at: .init(file: name), errno: EEXIST)
        }
        return VolumeOutput(size: size.bytes) { number in
            try OutputFile(path: VolumeName(path).path(number), digest: SHA256Digest.factory, system: system)
        }
    }

    /// Only an archive may be replaced by an archive: a slip of the hand must not cost a configuration or a log.
    private static func refuseToReplaceOther(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var head = [UInt8](repeating: 0, count: EncryptedFile.ageVersionLine.count)
        let count = head.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        let isArchive =
            head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) || EncryptedFile.isAge(head)
        guard count == 0 || count >= 4 && isArchive else {
            throw PortabilityError(
                .output, "the target exists and is no archive, so it is not replaced",
                remedy: "Choose another name, or remove the file yourself", at: .init(file: path))
        }
    }

    /// The id of the receipt that stands at a path: it stays proof of what was done, and is put aside before another one
    /// takes its name.
    private static func earlierReceipt(_ path: String) throws -> String? {
        guard access(path, F_OK) == 0 else { return nil }
        do {
            return try Receipt.prove(path: path, SHA256Digest.factory).id
        } catch {
            throw PortabilityError(
                .output, "the receipt's target exists and is no intact receipt, so it is not replaced",
                remedy: "Choose another name, or remove the file yourself", at: .init(file: path))
        }
    }
}
