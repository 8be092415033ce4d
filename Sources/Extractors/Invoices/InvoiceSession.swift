import Glibc
import PortabilityModel
import PortabilityText
import SourceFiles

/// The files of an invoice source, read on demand.
struct InvoiceSession: ExtractionSession {
    let context: ExtractionContext
    let rules: InvoiceRules
    let sources: [String: InvoiceSource]
    /// The ids of the datasets as they are configured.
    let order: [String]
    /// What the source leaves out.
    let exclusions: [DatasetDeclaration.Exclusion]
    let digest: DigestFactory
    /// How many threads read; nil for one on each processor.
    let threads: Int?

    func check() async throws -> [Finding] {
        var findings: [Finding] = []
        for id in sources.keys.sorted() {
            guard let source = sources[id], !source.folder.hasBase(of: source.pattern) else { continue }
            findings.append(
                Finding(
                    .unreadable, "the folder of the invoices cannot be opened",
                    at: .init(source: context.source, dataset: id, field: "path")))
        }
        return findings
    }

    func estimate(_ dataset: String, for subject: SubjectKeys) async throws -> Int64? {
        guard let source = sources[dataset], let kind = source.pattern.identifierKind else { return nil }
        var count: Int64 = 0
        for value in subject[kind] {
            guard let pattern = source.pattern.filled(with: value) else { continue }
            count += Int64(try source.folder.find(pattern, limit: context.limits.files).files.count)
        }
        return count
    }

    func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
        var end = ExtractionEnd(records: [])
        for (index, id) in request.datasets.enumerated() {
            guard let source = sources[id] else {
                throw PortabilityError(
                    .configuration, "the source has no such dataset", at: .init(source: context.source, dataset: id))
            }
            var run = InvoiceRun(session: self, source: source, dataset: index, request: request)
            do {
                try await run.read(into: sink)
            } catch let error as PortabilityError {
                throw error.within(.init(source: context.source, dataset: id))
            }
            end.records.append(run.records)
            end.filesRead += run.filesRead
            end.bytesRead += run.bytesRead
        }
        return end
    }

    func close() async {}
}

/// The reading of one dataset.
struct InvoiceRun: ~Copyable {
    private let session: InvoiceSession
    private let source: InvoiceSource
    private let dataset: Int
    private let request: ExtractionRequest
    private var tally: InvoiceTally
    private var builder: BatchBuilder
    /// How often a document of the same bytes was met.
    private var copies: [[UInt8]: Int] = [:]
    private(set) var records: Int64 = 0
    private(set) var filesRead: Int64 = 0
    private(set) var bytesRead: Int64 = 0

    /// One file, and by which identifier it was found.
    private struct File {
        var found: FoundFile
        var subject: [UInt8]
    }

    init(session: InvoiceSession, source: InvoiceSource, dataset: Int, request: ExtractionRequest) {
        self.session = session
        self.source = source
        self.dataset = dataset
        self.request = request
        tally = InvoiceTally(place: .init(source: session.context.source, dataset: source.configuration.id))
        builder = BatchBuilder(dataset: dataset, limits: session.context.batchLimits)
    }

    private var wantsOriginals: Bool { request.wantsDocuments && source.configuration.keepOriginals }

    mutating func read(into sink: any RecordSink) async throws {
        let files = try find()
        let limits = session.context.limits
        let rules = session.rules
        let watched = source.matches.map { ($0.group, $0.field) }
        let wantsContent = request.wantsDocuments && source.configuration.attachments
        let makeReader: @Sendable () -> InvoiceReader = {
            let reader = InvoiceReader(
                rules: rules, watched: watched, limits: XMLLimits(depth: limits.depth, seconds: limits.documentSeconds))
            reader.wantsContent = wantsContent
            return reader
        }
        let reader = makeReader()
        var worker = InvoiceWorker(source.folder)
        let feed = InvoiceFeed(
            files.map(\.found), in: source.folder, limit: limits.documentBytes, sieve: sieve(), makeReader: makeReader)
        feed.start(session.threads)
        defer { feed.stop() }
        while let next = try feed.fetch(&worker) {
            let (file, ordinal) = (files[next.ordinal], next.ordinal)
            var content = next.content
            if case .waiting = content { content = readWhole(file, &worker.folder, limit: limits.documentBytes) }
            switch content {
            case .bytes(let bytes, let first):
                filesRead += 1
                bytesRead += Int64(bytes.count)
                try await read(bytes, first, file: file, ordinal: ordinal, reader: reader, into: sink)
                if let first { feed.giveBack(first.reader) }
            case .tooLarge, .waiting:
                tally.add(.tooLarge, "a file larger than \(limits.documentBytes) bytes", file: ordinal)
            case .fault(.unreadable(let code)):
                tally.add(.unreadable, "a file that cannot be read (errno \(code))", file: ordinal)
            case .fault(.notAFile):
                tally.add(.unreadable, "what matches the path is no regular file", file: ordinal)
            case .fault:
                tally.add(.unreadable, "a file that changed while it was read", file: ordinal)
            }
        }
        let sifted = feed.sifted
        filesRead += sifted.files
        bytesRead += sifted.bytes
        if builder.count > 0 { try await sink.push(builder.take()) }
        for finding in tally.findings() { await sink.report(finding) }
    }

    private func readWhole(
        _ file: File, _ folderReader: inout FolderReader, limit: Int
    ) -> InvoiceFile.Content {
        do throws(FolderReader.Failure) {
            return .bytes(try folderReader.read(file.found, limit: limit) { Array($0) }, nil)
        } catch {
            switch error {
            case .tooLarge: return .tooLarge
            case .fault(let fault): return .fault(fault)
            }
        }
    }

    /// What tells by bytes which files cannot give anything; nil if all of them may, as they are the subject's by
    /// their path.
    private func sieve() -> InvoiceSieve? {
        if source.templateKind != nil { return nil }
        let values = source.matches.flatMap { match in request.subject[match.name].map { Array($0.utf8) } }
        return InvoiceSieve(values, depth: session.context.limits.depth)
    }

    private mutating func find() throws -> [File] {
        var files: [File] = []
        func take(_ found: FoundFiles, _ subject: [UInt8], _ tally: inout InvoiceTally) {
            files += found.files.map { File(found: $0, subject: subject) }
            if found.links > 0 {
                tally.add(.unreadable, "symbolic links, which are not followed", count: Int64(found.links))
            }
            if found.unreadable > 0 {
                tally.add(.unreadable, "folders that cannot be read", count: Int64(found.unreadable))
            }
            if found.isOverLimit { tally.add(.tooLarge, "more files than the limit `files` allows") }
        }
        let limit = session.context.limits.files
        guard let kind = source.pattern.identifierKind else {
            take(try source.folder.find(source.pattern, limit: limit), [], &tally)
            return files
        }
        for value in request.subject[kind] {
            guard let pattern = source.pattern.filled(with: value) else {
                throw PortabilityError(
                    .scopeViolation, "an identifier of kind `\(kind)` cannot be the name of a folder",
                    remedy: "Check the identifier: it is empty, `.`, `..`, or holds a slash, a backslash or NUL",
                    at: .init(field: "path"))
            }
            take(try source.folder.find(pattern, limit: limit), Array(value.utf8), &tally)
        }
        return files.sorted { SourceFolder.precedes($0.found.path, $1.found.path) }
    }

    // MARK: One file

    /// - Parameter first: What came of the file's first document, if it was read before.
    private mutating func read(
        _ bytes: [UInt8], _ first: InvoiceFeed.FirstDocument?, file: File, ordinal: Int, reader: InvoiceReader,
        into sink: any RecordSink
    ) async throws {
        let transmission = first?.transmission ?? Transmission(bytes)
        let documents = transmission.documents
        if documents.isEmpty {
            tally.add(.unreadable, "a file that holds no invoice of a known syntax", file: ordinal)
        }
        for (index, document) in documents.enumerated() {
            try Task.checkCancellation()
            var reader = reader
            let outcome: Transmission.Outcome
            if index == 0, let first {
                reader = first.reader
                outcome = first.outcome
            } else {
                outcome = transmission.outcome(of: document, with: reader)
            }
            switch outcome {
            case .invoice:
                guard let owner = try owner(of: reader, file: file, ordinal: ordinal) else { continue }
                try await emit(
                    document, of: bytes, file: file, ordinal: ordinal, owner: owner, reader: reader, into: sink)
            case .noInvoice:
                tally.add(
                    .unreadable, "a document that is no invoice of a known syntax", file: ordinal,
                    byte: Int64(document.raw.lowerBound))
            case .failure(let failure): tally.add(failure, file: ordinal)
            case .limit(let error):
                tally.add(.tooLarge, error.message, file: ordinal, byte: Int64(document.raw.lowerBound))
            }
        }
    }

    /// The key of the subject that an invoice belongs to; nil if it is another's.
    ///
    /// - Throws: `scopeViolation` if the folder says that it is the subject's, and the invoice itself names another.
    private func owner(
        of reader: InvoiceReader, file: File, ordinal: Int
    ) throws -> (kind: Int, value: [UInt8])? {
        if let kind = source.templateKind {
            for (index, match) in source.matches.enumerated() {
                let named = reader.notes.watched[index]
                let isOwn = named.contains { value in
                    request.subject[match.name].contains { $0.utf8.elementsEqual(value) }
                }
                guard named.isEmpty || isOwn else {
                    throw PortabilityError(
                        .scopeViolation, "an invoice in the subject's folder names another subject",
                        remedy: "Find out whose it is, and move it there",
                        at: .init(dataset: source.configuration.id, fileOrdinal: ordinal + 1, field: match.name))
                }
            }
            return (kind, file.subject)
        }
        for (index, match) in source.matches.enumerated() {
            for value in reader.notes.watched[index] {
                if request.subject[match.name].contains(where: { $0.utf8.elementsEqual(value) }) {
                    return (match.kind, value)
                }
            }
        }
        return nil
    }

    private mutating func emit(
        _ document: Transmission.Document, of bytes: [UInt8], file: File, ordinal: Int,
        owner: (kind: Int, value: [UInt8]), reader: InvoiceReader, into sink: any RecordSink
    ) async throws {
        let raw = bytes.count == document.raw.count ? bytes : Array(bytes[document.raw])
        let id = recordID(raw)
        reader.set(reader.places.direction, source.configuration.direction.rawValue)
        for attachment in reader.notes.attachments {
            let path = try await sink.document(
                Document(
                    recordID: id, role: .attachment, originalName: attachment.filename,
                    mediaType: attachment.mediaType, bytes: attachment.bytes), dataset: dataset)
            if let path {
                reader.assembler.setCanonical(attachment.group, reader.places.document, Array(path.utf8).span)
            }
        }
        if wantsOriginals {
            let name = file.found.path.split(separator: 0x2f).last ?? []
            let path = try await sink.document(
                Document(
                    recordID: id, role: .original, originalName: String(decoding: name, as: UTF8.self),
                    mediaType: "application/xml", bytes: raw), dataset: dataset)
            if let path { reader.assembler.setCanonical(0, reader.places.original, Array(path.utf8).span) }
        }
        let key = owner.value
        let position = UInt64(document.raw.lowerBound)
        if source.hasTenant {
            builder.beginRecord(
                id: Array(id.utf8).span, subject: key.span, subjectKind: owner.kind, tenant: key.span, file: ordinal,
                position: position)
        } else {
            builder.beginRecord(
                id: Array(id.utf8).span, subject: key.span, subjectKind: owner.kind, file: ordinal, position: position)
        }
        reader.assembler.emit(into: &builder)
        do {
            try builder.endRecord()
        } catch let error as PortabilityError where error.code == .limit {
            tally.add(.tooLarge, error.message, file: ordinal, byte: Int64(position))
            return
        }
        records += 1
        tally.add(
            reader.notes, mistyped: reader.assembler.mistyped,
            invalidText: reader.replaced + reader.assembler.invalidText)
        if builder.isFull { try await sink.push(builder.take()) }
    }

    /// The first 128 bits of SHA-256 over source id, NUL, the document's bytes, NUL, and its ordinal among identical
    /// ones in decimals, from 0.
    private mutating func recordID(_ raw: [UInt8]) -> String {
        var digest = session.digest()
        digest.update(Array(session.context.source.utf8).span)
        digest.update([0].span)
        digest.update(raw.span)
        digest.update([0].span)
        let key = Array(digest.value().prefix(16))
        let ordinal = copies[key, default: 0]
        copies[key] = ordinal + 1
        digest.update(Array(String(ordinal).utf8).span)
        return hexadecimal(Array(digest.value().prefix(16)))
    }
}
