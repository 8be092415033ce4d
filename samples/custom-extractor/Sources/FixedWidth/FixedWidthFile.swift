import Glibc
public import PortabilityModel
import PortabilityText

/// Reads a file that an old system writes every night: a line a record, each column at fixed bytes. The last line is
/// `T` and the number of lines before it; without it the file is not whole.
public struct FixedWidthFile: Extractor {
    public let declaration: SourceDeclaration
    /// A relative path starts from the folder of the configuration.
    let path: String
    /// Where the record's key, its user and the fields of the entity stand, in bytes from 0.
    let key: Range<Int>
    let user: Range<Int>
    let columns: [(field: String, place: Range<Int>)]

    public func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        let path = path.hasPrefix("/") ? path : "\(context.baseDirectory)/\(path)"
        guard access(path, R_OK) == 0 else {
            throw PortabilityError(
                errno == EACCES ? .denied : .unavailable, "the file of the old system cannot be read",
                remedy: "Check `path` and the permissions", at: .init(source: context.source), errno: errno)
        }
        return FixedWidthSession(source: self, path: path, context: context)
    }
}

private struct FixedWidthSession: ExtractionSession {
    let source: FixedWidthFile
    let path: String
    let context: ExtractionContext

    func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
        let dataset = source.declaration.datasets[0]
        let place = PortabilityError.Place(source: context.source, dataset: dataset.id)
        guard request.datasets == [dataset.id], let entity = context.catalogue.entity(named: dataset.entity) else {
            throw PortabilityError(.configuration, "there is no such dataset or entity", at: place)
        }
        let layout = EntityLayout(entity)
        guard let file = fopen(path, "re") else {
            throw PortabilityError(.unavailable, "the file cannot be opened", at: place, errno: errno)
        }
        var (line, capacity): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
        defer {
            free(line)
            fclose(file)
        }
        let users = request.subject[dataset.subjectKinds[0]]
        let fields = source.columns.map { (index: layout.groups[0].index(of: $0.field), place: $0.place) }
        var builder = BatchBuilder(dataset: 0, limits: context.batchLimits)
        // Takes values in any order and spelling; what does not fit its field's type becomes an `other` field.
        var assembler = RecordAssembler(layout: layout)
        var (records, lines, bytesRead, mistyped): (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
        var stated: Int64?
        while stated == nil, case let length = getline(&line, &capacity, file), length > 0, let start = line {
            if lines % 1024 == 0 { try Task.checkCancellation() }
            let offset = UInt64(bytesRead)
            bytesRead += Int64(length)
            let bytes = UnsafeRawBufferPointer(start: start, count: length).filter { $0 != 10 && $0 != 13 }
            if bytes.first == UInt8(ascii: "T") {
                stated = Int64(String(decoding: bytes.dropFirst(), as: UTF8.self)) ?? -1
                continue
            }
            lines += 1
            // Nobody else's records are pushed; the engine compares every one.
            let user = cell(bytes, source.user)
            guard users.contains(where: { $0.utf8.elementsEqual(user) }) else { continue }
            builder.beginRecord(id: cell(bytes, source.key).span, subject: user.span, position: offset)
            for case (let field?, let place) in fields { assembler.set(0, field, cell(bytes, place).span) }
            assembler.emit(into: &builder)
            try builder.endRecord()
            mistyped += Int64(assembler.mistyped)
            assembler.reset()
            records += 1
            if builder.isFull {
                try Task.checkCancellation()
                try await sink.push(builder.take())
            }
        }
        // What is missing may have been the subject's: no end of data without the system's own count.
        guard stated == lines else {
            throw PortabilityError(
                .malformed, "the file has not as many lines as its last line says",
                remedy: "Wait until the old system has written it, or copy it again", at: place)
        }
        if builder.count > 0 { try await sink.push(builder.take()) }
        let finding = Finding(.mistyped, "values that are not of their column's type", at: place, count: mistyped)
        if mistyped > 0 { await sink.report(finding) }
        return ExtractionEnd(records: [records], filesRead: 1, bytesRead: bytesRead)
    }

    /// A column without the spaces that fill it up; empty, and so absent, where the line is shorter.
    private func cell(_ line: [UInt8], _ place: Range<Int>) -> [UInt8] {
        var cell = line[place.clamped(to: 0..<line.count)]
        while cell.last == 32 { cell.removeLast() }
        return Array(cell)
    }

    func close() async {}
}
