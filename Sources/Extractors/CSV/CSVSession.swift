import PortabilityModel
import SourceFiles

/// One opening of a source of CSV files: the list of its files. Each extraction opens them again.
final class CSVSession: ExtractionSession {
    let context: ExtractionContext
    let configuration: CSVConfiguration
    let plan: CSVPlan
    let folder: SourceFolder
    /// In reading order, with the datasets of the plan that read each.
    let files: [(file: FoundFile, datasets: [Int])]
    private let links: Int
    private let digest: DigestFactory

    init(
        context: ExtractionContext, configuration: CSVConfiguration, plan: CSVPlan, folder: SourceFolder,
        files: [(file: FoundFile, datasets: [Int])], links: Int, digest: @escaping DigestFactory
    ) {
        self.context = context
        self.configuration = configuration
        self.plan = plan
        self.folder = folder
        self.files = files
        self.links = links
        self.digest = digest
    }

    func close() async {}

    /// Reads the beginning of every file.
    func check() async throws -> [Finding] {
        var findings = linkFindings()
        var tally = CSVTally(source: context.source)
        for (ordinal, entry) in files.enumerated() {
            try Task.checkCancellation()
            do throws(FileFault) {
                let head = try head(of: entry.file)
                guard let table = head.table else {
                    if head.isEmpty {
                        findings.append(emptyFinding(ordinal))
                    } else {
                        findings.append(
                            Finding(.malformed, CSVTally.Fault.header.message, at: place(ofFile: ordinal)))
                    }
                    continue
                }
                tally.assumed(head.form)
                _ = CSVRows.note(
                    entry.datasets.map { CSVColumns(plan.datasets[$0], index: $0, table: table) }, table, plan,
                    in: &tally)
            } catch {
                findings.append(error.finding(at: place(ofFile: ordinal)))
            }
        }
        return findings + tally.findings()
    }

    /// The columns of a file; nil if its first row cannot be read.
    func head(of found: FoundFile) throws(FileFault) -> (table: CSVTable?, form: CSVForm, isEmpty: Bool) {
        var file = try open(found)
        var scanner = file.scanner(limit: context.limits.lineBytes, block: CSVFile.sample)
        var cells = CellReader(file.form, null: configuration.dialect.null)
        while true {
            if let row = scanner.next() {
                let table = CSVRows.table(
                    of: row, in: scanner, &cells, hasHeader: configuration.dialect.hasHeader)
                return (table, file.form, false)
            }
            if try file.fill(&scanner) == 0 {
                scanner.finish()
                guard let row = scanner.next() else { return (nil, file.form, true) }
                let table = CSVRows.table(
                    of: row, in: scanner, &cells, hasHeader: configuration.dialect.hasHeader)
                return (table, file.form, false)
            }
        }
    }

    private func open(_ found: FoundFile) throws(FileFault) -> CSVFile {
        try CSVFile(
            found, in: folder, ratio: context.limits.inflationRatio, dialect: configuration.dialect,
            encoding: configuration.encoding)
    }

    func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
        let writers = try request.datasets.enumerated().map { ordinal, id in
            guard let index = plan.datasets.firstIndex(where: { $0.id == id }) else {
                throw PortabilityError(
                    .configuration, "the source has no such dataset",
                    at: PortabilityError.Place(source: context.source, dataset: id))
            }
            return CSVWriter(
                dataset: index, plan: plan, ordinal: ordinal, limits: context.batchLimits,
                hasDecimalComma: configuration.dialect.hasDecimalComma)
        }
        for finding in linkFindings() { await sink.report(finding) }
        var rows = CSVRows(
            plan: plan, dialect: configuration.dialect, writers: writers, subject: request.subject,
            source: context.source, digest: digest)
        var end = ExtractionEnd(records: [])
        for (ordinal, entry) in files.enumerated()
        where writers.contains(where: { entry.datasets.contains($0.dataset) }) {
            try await read(entry.file, ordinal, entry.datasets, &rows, writers, into: sink, &end)
        }
        for writer in writers where !writer.isEmpty { try await sink.push(writer.take()) }
        rows.tally.invalidText += writers.reduce(0) { $0 + $1.invalidText }
        for finding in rows.tally.findings() { await sink.report(finding) }
        for writer in writers {
            for finding in writer.findings(source: context.source) { await sink.report(finding) }
        }
        end.records = writers.map(\.count)
        return end
    }

    /// Reads one file to its end or its fault, which is reported.
    private func read(
        _ found: FoundFile, _ ordinal: Int, _ datasets: [Int], _ rows: inout CSVRows, _ writers: [CSVWriter],
        into sink: any RecordSink, _ end: inout ExtractionEnd
    ) async throws {
        var file: CSVFile
        do throws(FileFault) { file = try open(found) } catch {
            await sink.report(error.finding(at: place(ofFile: ordinal)))
            return
        }
        end.filesRead += 1
        rows.begin(ordinal, file.form, datasets: datasets)
        var scanner = file.scanner(limit: context.limits.lineBytes)
        var fault: FileFault?
        var isAtEnd = false
        while !isAtEnd {
            try Task.checkCancellation()
            do throws(FileFault) {
                isAtEnd = try file.fill(&scanner) == 0
                if isAtEnd { try file.checkUnchanged() }
            } catch {
                fault = error
                isAtEnd = true
            }
            if isAtEnd { scanner.finish() }
            while let row = scanner.next() {
                if try !rows.read(row, of: scanner) { continue }
                // A block can hold thousands of rows, each a batch where batches are small.
                try Task.checkCancellation()
                for writer in writers where writer.isFull && !writer.isEmpty { try await sink.push(writer.take()) }
            }
            if rows.isBarren { break }
        }
        let hasRows = rows.end()
        rows.tally.invalidText += file.invalidText
        end.bytesRead += file.bytesRead
        if file.endsInUnit {
            await sink.report(
                Finding(.truncated, "the file ends in the middle of a character", at: place(ofFile: ordinal)))
        }
        if let fault {
            await sink.report(fault.finding(at: place(ofFile: ordinal)))
        } else if !hasRows {
            await sink.report(emptyFinding(ordinal))
        }
    }

    func place(ofFile ordinal: Int) -> PortabilityError.Place {
        PortabilityError.Place(source: context.source, fileOrdinal: ordinal + 1)
    }

    private func emptyFinding(_ ordinal: Int) -> Finding {
        Finding(
            .truncated, "the file is empty", at: place(ofFile: ordinal),
            losesRecords: configuration.dialect.hasHeader)
    }

    private func linkFindings() -> [Finding] {
        if links == 0 { return [] }
        return [
            Finding(
                .unreadable, "symbolic links that lead to nothing, or out of the folder, were not followed",
                at: PortabilityError.Place(source: context.source), count: Int64(links))
        ]
    }
}
