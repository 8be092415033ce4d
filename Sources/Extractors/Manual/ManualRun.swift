import PortabilityModel
import SourceFiles

/// A file of a subject's folder, by what its name says.
struct ManualFile {
    var found: FoundFile
    /// Its number among the files that were found, from 1.
    var ordinal: Int
    /// The name without its ending.
    var stem: [UInt8]
    var ending: [UInt8]

    /// The stem of attestations.
    static let attestation = Array("attestation".utf8)

    init(_ found: FoundFile, ordinal: Int) {
        self.found = found
        self.ordinal = ordinal
        let name = found.path.split(separator: 0x2f).last ?? []
        let dot = name.lastIndex(of: 0x2e) ?? name.endIndex
        stem = Array(name[..<dot])
        ending = Array(name[dot...].dropFirst())
    }

    var name: String { String(decoding: found.path.split(separator: 0x2f).last ?? [], as: UTF8.self) }
    var isYAML: Bool { ending.elementsEqual("yaml".utf8) || ending.elementsEqual("yml".utf8) }
    var scanType: ScanType? { stem == Self.attestation ? nil : ScanType(ending: ending) }
}

/// The records of one dataset that wait to be pushed.
private final class Output {
    var builder: BatchBuilder
    var records: Int64 = 0

    init(dataset: Int, limits: BatchLimits) { builder = BatchBuilder(dataset: dataset, limits: limits) }
}

/// One extraction of the manual material on a subject.
struct ManualRun: ~Copyable {
    private let session: ManualSession
    private let request: ExtractionRequest
    private let outputs: [Output]
    private var filesRead: Int64 = 0
    private var bytesRead: Int64 = 0
    private var attestations: [Attestation] = []
    private var findings: [Finding] = []
    /// Files seen so far, in all folders.
    private var ordinal = 0
    /// Identical scans, by digest.
    private var copies: [[UInt8]: Int] = [:]

    init(session: ManualSession, request: ExtractionRequest) {
        self.session = session
        self.request = request
        outputs = request.datasets.indices.map { Output(dataset: $0, limits: session.context.batchLimits) }
    }

    mutating func read(into sink: any RecordSink) async throws -> ExtractionEnd {
        for value in request.subject[session.paths.kind] {
            let files = try find(value)
            let scans = files.filter { $0.scanType != nil }
            try await read(
                scans, descriptions: files.filter { $0.isYAML && $0.stem != ManualFile.attestation },
                of: value, into: sink)
            for file in files where !file.isYAML && file.scanType == nil {
                add(
                    .unreadable,
                    file.stem == ManualFile.attestation
                        ? "a scan has the name that attestations have, so that it can have no description; rename it"
                        : "a file that is neither a scan (pdf, png, jpg, tiff, webp, heic) nor a description (yaml)",
                    file)
            }
            try attest(
                value, files: files.filter { $0.isYAML && $0.stem == ManualFile.attestation }, scans: scans.count)
        }
        for output in outputs where output.builder.count > 0 { try await sink.push(output.builder.take()) }
        for finding in findings { await sink.report(finding) }
        return ExtractionEnd(
            records: outputs.map(\.records), filesRead: filesRead, bytesRead: bytesRead, attestations: attestations)
    }

    private mutating func add(
        _ kind: Finding.Kind, _ message: String, _ file: ManualFile? = nil, line: Int64? = nil, key: String? = nil,
        count: Int = 1, losesRecords: Bool? = nil
    ) {
        let place = PortabilityError.Place(
            source: session.context.source, dataset: request.datasets.count == 1 ? request.datasets[0] : nil,
            fileOrdinal: file?.ordinal, line: line, field: key)
        findings.append(Finding(kind, message, at: place, count: Int64(count), losesRecords: losesRecords))
    }

    /// The files of a subject's folder, in the order of their names.
    private mutating func find(_ value: String) throws -> [ManualFile] {
        let (paths, limit) = (session.paths, session.context.limits.files)
        let found = try paths.files.find(value, kind: paths.kind, limit: limit)
        let below = try paths.below.find(value, kind: paths.kind, limit: limit)
        // The search below meets the same links and unreadable folders again, and those that lie deeper.
        let (links, unreadable) = (max(found.links, below.links), max(found.unreadable, below.unreadable))
        if links > 0 { add(.unreadable, "symbolic links, which are not followed", count: links) }
        if unreadable > 0 { add(.unreadable, "folders that cannot be read", count: unreadable) }
        if !below.files.isEmpty {
            add(
                .unreadable, "files in folders within the person's folder, which are not looked for; move them up",
                count: below.files.count)
        }
        if found.isOverLimit || below.isOverLimit {
            add(.tooLarge, "more files than the limit `files` allows")
        }
        return found.files.map { file in
            ordinal += 1
            return ManualFile(file, ordinal: ordinal)
        }
    }

    // MARK: Scans

    private mutating func read(
        _ scans: [ManualFile], descriptions: [ManualFile], of value: String, into sink: any RecordSink
    ) async throws {
        for scan in scans {
            try Task.checkCancellation()
            let own = descriptions.filter { $0.stem == scan.stem }
            guard scans.count(where: { $0.stem == scan.stem }) == 1 else {
                add(.malformed, "scans that differ in the ending of their names only; give each its own name", scan)
                continue
            }
            guard own.count == 1 else {
                add(
                    .malformed,
                    own.isEmpty
                        ? "a scan without a description; write one of the same name that ends in .yaml"
                        : "a scan with two descriptions; remove one", scan)
                continue
            }
            try await read(scan, own[0], of: value, into: sink)
        }
        for description in descriptions where !scans.contains(where: { $0.stem == description.stem }) {
            add(.malformed, "a description without a scan of the same name", description)
        }
    }

    private mutating func read(
        _ scan: ManualFile, _ file: ManualFile, of value: String, into sink: any RecordSink
    ) async throws {
        guard let text = bytes(of: file, limit: HandWrittenFile.limit) else { return }
        let description: ScanDescription
        do throws(HandWrittenFault) {
            description = try ScanDescription(text, document: session.layout.entity)
        } catch {
            add(.malformed, "a description \(error.message)", file, line: error.line, key: error.key)
            return
        }
        guard description.about == value else {
            throw PortabilityError(
                .scopeViolation, "a description in the person's folder says that the scan belongs to another",
                remedy: "Find out whose it is, and move both files there",
                at: .init(source: session.context.source, fileOrdinal: file.ordinal, field: "about"))
        }
        guard let dataset = dataset(of: description) else {
            add(.malformed, "a description of a kind that no dataset of the source takes", file, key: "kind")
            return
        }
        // What is not asked for is not read.
        guard let index = request.datasets.firstIndex(of: dataset) else { return }
        guard let type = scan.scanType,
            let content = bytes(of: scan, limit: session.context.limits.documentBytes)
        else { return }
        guard type.fits(content) else {
            add(.malformed, "a scan that is empty or not what the ending of its name says", scan)
            return
        }
        guard type.isWhole(content) else {
            add(.truncated, "a scan that ends in the middle", scan)
            return
        }
        let id = recordID(content)
        var path: String?
        if request.wantsDocuments {
            path = try await sink.document(
                Document(
                    recordID: id, role: .scan, originalName: scan.name, mediaType: type.mediaType, bytes: content,
                    showsOthers: description.showsOthers), dataset: index)
        }
        try emit(description, id: id, path: path, mediaType: type.mediaType, scan, of: value, dataset: index)
        if outputs[index].builder.isFull { try await sink.push(outputs[index].builder.take()) }
    }

    /// The dataset that takes a scan; nil if none does.
    private func dataset(of description: ScanDescription) -> String? {
        let datasets = session.configuration.datasets
        return (datasets.first { $0.kinds.contains(description.kind) } ?? datasets.first { $0.kinds.isEmpty })?.id
    }

    private mutating func emit(
        _ description: ScanDescription, id: String, path: String?, mediaType: String, _ scan: ManualFile,
        of value: String, dataset index: Int
    ) throws {
        var values: [(field: String, kind: ValueKind, text: String)] = description.values
        values.append(("media_type", .string, mediaType))
        if let path { values.append(("path", .reference, path)) }
        let group = session.layout.groups[0]
        let placed = values.compactMap { value in group.index(of: value.field).map { ($0, value.kind, value.text) } }
        let (subject, key) = (Array(value.utf8), Array(id.utf8))
        if session.paths.hasTenant {
            outputs[index].builder.beginRecord(
                id: key.span, subject: subject.span, subjectKind: session.paths.kindIndex, tenant: subject.span,
                file: scan.ordinal - 1)
        } else {
            outputs[index].builder.beginRecord(
                id: key.span, subject: subject.span, subjectKind: session.paths.kindIndex, file: scan.ordinal - 1)
        }
        for (field, kind, text) in placed.sorted(by: { $0.0 < $1.0 }) {
            outputs[index].builder.value(field, kind, Array(text.utf8).span)
        }
        do {
            try outputs[index].builder.endRecord()
        } catch let error as PortabilityError where error.code == .limit {
            add(.tooLarge, error.message, scan)
            return
        }
        outputs[index].records += 1
    }

    /// The first 128 bits of SHA-256 over source id, NUL, the scan's bytes, NUL, and its ordinal among identical ones
    /// in decimals, from 0: the same whatever the file is called.
    private mutating func recordID(_ content: [UInt8]) -> String {
        var digest = session.digest()
        digest.update(Array(session.context.source.utf8).span)
        digest.update([0].span)
        digest.update(content.span)
        digest.update([0].span)
        let key = Array(digest.value().prefix(16))
        let ordinal = copies[key, default: 0]
        copies[key] = ordinal + 1
        digest.update(Array(String(ordinal).utf8).span)
        return hexadecimal(Array(digest.value().prefix(16)))
    }

    /// A file's bytes; nil, and a finding, if it cannot be read.
    private mutating func bytes(of file: ManualFile, limit: Int) -> [UInt8]? {
        let folder = session.paths.files.folder
        return content(folder.read(file.found, limit: limit), of: file, limit: limit)
    }

    private mutating func content(_ content: SourceFolder.Content, of file: ManualFile?, limit: Int) -> [UInt8]? {
        switch content {
        case .bytes(let bytes):
            filesRead += 1
            bytesRead += Int64(bytes.count)
            return bytes
        case .tooLarge: add(.tooLarge, "a file larger than \(limit) bytes", file)
        case .fault(let fault):
            let finding = fault.finding(at: .init())
            add(finding.kind, finding.message, file)
        }
        return nil
    }

    // MARK: Attestations

    /// Takes the attestations of the search for one value of the identifier, in its folder and beside the folders.
    private mutating func attest(_ value: String, files: [ManualFile], scans: Int) throws {
        var (current, old, faulty) = (0, 0, 0)
        var texts: [(file: ManualFile?, bytes: [UInt8])] = []
        for file in files {
            if let bytes = bytes(of: file, limit: HandWrittenFile.limit) {
                texts.append((file, bytes))
            } else {
                faulty += 1
            }
        }
        if let place = session.paths.attestation {
            let found = try place.find(value, kind: session.paths.kind, limit: session.context.limits.files)
            if found.links + found.unreadable > 0 {
                add(.unattested, "an attestation that is a symbolic link or cannot be read", key: "attestation_file")
                faulty += 1
            }
            for file in found.files {
                let read = place.folder.read(file, limit: HandWrittenFile.limit)
                if let bytes = content(read, of: nil, limit: HandWrittenFile.limit) {
                    texts.append((nil, bytes))
                } else {
                    faulty += 1
                }
            }
        }
        for (file, bytes) in texts {
            switch judge(bytes, file, about: value, scans: scans) {
            case .current(let attestation):
                current += 1
                if !attestations.contains(attestation) { attestations.append(attestation) }
            case .old: old += 1
            case .faulty: faulty += 1
            }
        }
        guard current == 0 else { return }
        let isRequired = session.configuration.attestation == .required
        if old > 0 {
            add(
                .unattested,
                "the search is attested from before the request was received; search again and \(wanted)", key: "date",
                count: old, losesRecords: isRequired)
        } else if faulty == 0, isRequired {
            add(.unattested, "nobody attests that the papers were searched for this request; \(wanted)")
        }
    }

    private enum Judgement {
        case current(Attestation)
        case old, faulty
    }

    /// What an attestation is worth; what is wrong with it is told.
    private mutating func judge(_ bytes: [UInt8], _ file: ManualFile?, about value: String, scans: Int) -> Judgement {
        let read: (about: String, attestation: Attestation)
        do throws(HandWrittenFault) {
            read = try Attestation.read(bytes)
        } catch {
            add(.unattested, "an attestation \(error.message)", file, line: error.line, key: error.key)
            return .faulty
        }
        guard read.about == value else {
            add(.unattested, "an attestation of the search for somebody else", file, key: "about")
            return .faulty
        }
        // Dates of this form compare as texts.
        if let received = request.received?.prefix(10), read.attestation.date < received { return .old }
        switch read.attestation.result {
        case .nothingFound where scans > 0:
            add(
                .unattested, "it is attested that nothing was found, and there are scans; search again", file,
                key: "result", count: 1)
            return .faulty
        case .found where scans == 0:
            add(
                .unattested, "it is attested that something was found, and there is no scan; scan what was found", file,
                key: "result")
            return .faulty
        case .found, .nothingFound: return .current(read.attestation)
        }
    }

    /// What the officer has to write.
    private var wanted: String {
        let folder = "write `\(session.configuration.path)/attestation.yaml`"
        return session.configuration.attestationFile.map { "\(folder), or `\($0)` if nothing was found" } ?? folder
    }
}
