import PortabilityArchive
import PortabilityCrypto
import PortabilityFormats
import PortabilityModel
import PortabilityReport

/// One volume of a set, before it is written.
struct Volume {
    /// Records of a dataset: all of them, or some that follow each other.
    struct Part {
        /// Index of the dataset.
        let dataset: Int
        /// The first part of its dataset, which bears the counts of what was withheld.
        let isFirst: Bool
        let records: Int64
        let contentDigest: [UInt8]
        let files: [DatasetWriter.Result.File]
        let rows: ArchiveSummary.Rows?
    }

    var parts: [Part] = []
    var documents: [SpooledEntry] = []
    /// Bytes of the archive that its payload comes to.
    fileprivate(set) var used: Int64 = 0
    /// Holds the files of parts that were cut; nil if there is none.
    fileprivate var spool: Spool?
    /// True if one record or one document alone is larger than a volume is to be.
    var isTooLarge = false

    /// The payload, in the archive's order.
    var payload: [SpooledEntry] {
        (parts.flatMap { $0.files.map(\.entry) } + documents)
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Gives back what was made for this volume alone.
    func closeSpool() { spool?.close() }
}

/// Puts datasets and documents into volumes: a pure function of their bytes, whatever the threads and the timing.
///
/// A dataset that has room in one volume is not cut; it goes into the first volume that has room. A larger one is read
/// again from its JSON Lines, in order, and cut where a volume is full, in all formats at the same record.
struct VolumeFiller {
    /// A dataset as it was spooled.
    struct Dataset {
        let declaration: DatasetDeclaration
        let layout: EntityLayout
        let result: DatasetWriter.Result

        /// Its place among the payload.
        var path: String { "data/\(declaration.category.rawValue)/\(declaration.id)" }
        /// Its records as JSON Lines.
        var lines: SpooledEntry? {
            result.files.first { $0.format == .jsonl }?.entry ?? result.lines
        }
    }

    let datasets: [Dataset]
    let documents: [SpooledEntry]
    let surroundings: DatasetWriter.Surroundings
    let limits: BatchLimits
    /// The bytes of a volume that payload may take.
    let room: Int64
    /// The most volumes.
    let limit: Int

    private(set) var volumes: [Volume] = []

    init(
        datasets: [Dataset], documents: [SpooledEntry], surroundings: DatasetWriter.Surroundings, limits: BatchLimits,
        room: Int64, limit: Int
    ) {
        self.datasets = datasets
        self.documents = documents
        self.surroundings = surroundings
        self.limits = limits
        self.room = room
        self.limit = limit
    }

    /// What a file adds to an archive beside its packed bytes: headers, its line in the bag's manifest and, for a
    /// document, its description.
    private static func overhead(_ entry: SpooledEntry, isDocument: Bool = false) -> Int64 {
        ZipWriter.size(of: [entry]) - entry.compressedSize + (isDocument ? 240 : 80)
    }

    /// The same for a file whose name is not known yet.
    private static let fileOverhead: Int64 = 400

    private func size(_ files: [DatasetWriter.Result.File]) -> Int64 {
        files.reduce(0) { $0 + $1.entry.compressedSize + Self.overhead($1.entry) }
    }

    /// Fills the volumes.
    ///
    /// - Throws: `output`, `cancelled`, `ledger`; `limit` for too many volumes. What was made is given up then.
    mutating func fill() throws {
        do {
            let order = datasets.indices.sorted {
                datasets[$0].path.utf8.lexicographicallyPrecedes(datasets[$1].path.utf8)
            }
            for index in order {
                try Task.checkPortabilityCancellation()
                let size = size(datasets[index].result.files)
                if size <= room {
                    try place(index, size)
                } else {
                    try cut(index)
                }
            }
            for document in documents { try place(document) }
        } catch {
            discard()
            throw error
        }
    }

    /// Gives up what was made.
    mutating func discard() {
        for volume in volumes { volume.closeSpool() }
        volumes = []
    }

    private mutating func open() throws {
        guard volumes.count < limit else {
            throw PortabilityError(
                .limit, "there would be more than \(limit) volumes", remedy: "Ask for larger ones with --volume-size")
        }
        volumes.append(Volume())
    }

    private mutating func place(_ index: Int, _ size: Int64) throws {
        var place = volumes.firstIndex { !$0.isTooLarge && $0.used + size <= room }
        if place == nil {
            try open()
            place = volumes.count - 1
        }
        let result = datasets[index].result
        volumes[place ?? 0].parts.append(
            .init(
                dataset: index, isFirst: true, records: result.exported, contentDigest: result.contentDigest,
                files: result.files, rows: result.rows))
        volumes[place ?? 0].used += size
    }

    private mutating func place(_ document: SpooledEntry) throws {
        let size = document.compressedSize + Self.overhead(document, isDocument: true)
        if let last = volumes.last, !last.isTooLarge, last.used + size <= room {
        } else {
            try open()
        }
        let last = volumes.count - 1
        volumes[last].documents.append(document)
        volumes[last].used += size
        volumes[last].isTooLarge = volumes[last].used > room
    }

    // MARK: A dataset that is cut

    private mutating func cut(_ index: Int) throws {
        let dataset = datasets[index]
        guard let lines = dataset.lines else {
            throw PortabilityError(
                .ledger, "the records were not put aside", at: .init(dataset: dataset.declaration.id))
        }
        // A short beginning of a long dataset helps nobody.
        if let last = volumes.last, !last.isTooLarge, room - last.used >= room / 8 {
        } else {
            try open()
        }
        var chunks = try LineChunks(lines)
        var number = 0
        var records: Int64 = 0
        var content = SHA256Digest()
        while lines.size > chunks.position {
            try Task.checkPortabilityCancellation()
            number += 1
            let start = chunks.position
            var allowed = room - (volumes.last?.used ?? 0)
            let before = content
            while true {
                guard let part = try write(index, number, &chunks, allowed, &content) else {
                    // Not one record has room beside what is there.
                    try open()
                    allowed = room
                    continue
                }
                let size = size(part.files)
                let isAlone = volumes.last?.used == 0
                if size <= allowed || isAlone && part.records == 1 {
                    try add(part, size)
                    records += part.records
                    break
                }
                // The files came out larger than was reckoned; once more, with less.
                for file in part.files { file.entry.close() }
                chunks = try LineChunks(lines, from: start)
                content = before
                if part.records == 1 {
                    try open()
                    allowed = room
                } else {
                    allowed -= size - allowed + 1024
                }
            }
            if lines.size > chunks.position { try open() }
        }
        guard records == dataset.result.exported, content.value() == dataset.result.contentDigest else {
            throw PortabilityError(
                .ledger, "the parts of a dataset do not hold its records",
                remedy: "This is a fault of the program; the archive was not written",
                at: .init(dataset: dataset.declaration.id))
        }
    }

    /// Moves a part into the spool of the last volume, so that the number of open files does not grow with the files.
    private mutating func add(_ part: Volume.Part, _ size: Int64) throws {
        let last = volumes.count - 1
        let spool = volumes[last].spool ?? surroundings.spools.make()
        volumes[last].spool = spool
        let files = try part.files.map {
            DatasetWriter.Result.File(
                format: $0.format, table: $0.table, rows: $0.rows, entry: try $0.entry.moved(to: spool))
        }
        volumes[last].parts.append(
            .init(
                dataset: part.dataset, isFirst: part.isFirst, records: part.records,
                contentDigest: part.contentDigest, files: files, rows: part.rows))
        volumes[last].used += size
        if volumes[last].used > room { volumes[last].isTooLarge = true }
    }

    /// Writes records until so many bytes are full.
    ///
    /// What is packed is measured whenever the plain bytes since the last time might not have room, so where a part
    /// ends depends on its bytes alone.
    ///
    /// - Returns: nil if not one record has room, and there is something else in the volume.
    private func write(
        _ index: Int, _ number: Int, _ chunks: inout LineChunks, _ allowed: Int64, _ whole: inout SHA256Digest
    ) throws -> Volume.Part? {
        let dataset = datasets[index]
        let isAlone = volumes.last?.used == 0
        let files = try RecordFiles(
            dataset: dataset.declaration, part: number, layout: dataset.layout, surroundings: surroundings)
        do {
            var reader = RecordLineReader(layout: dataset.layout, limits: limits)
            var rows = RowCollector(
                dateField: dataset.declaration.recordDate.flatMap { dataset.layout.groups[0].index(of: $0) })
            var content = SHA256Digest()
            var records: Int64 = 0
            let usual = Int(min(max(room / 128, 1024), 64 << 10))
            var limit = usual
            var (measured, since): (Int64, Int64) = (0, 0)
            while let lines = try chunks.next(limit: limit) {
                guard let batch = try reader.feed(lines.span) else { continue }
                let added = files.encode(batch, lines: lines, canTakeBack: true)
                let overhead = Int64(files.limit) * Self.fileOverhead
                // Bytes that do not get smaller get a little larger.
                func hasRoom(_ plain: Int64) -> Bool { measured + plain + plain / 4096 + overhead <= allowed }
                if !hasRoom(since + added) {
                    measured = try files.packedSize()
                    since = 0
                    if !hasRoom(added) {
                        if records > 0 || batch.records.count > 1 || !isAlone {
                            files.takeBack()
                            chunks.putBack(lines)
                            if records > 0 { break }
                            if batch.records.count > 1 {
                                limit = 1
                                continue
                            }
                            files.discard()
                            return nil
                        }
                    }
                }
                try files.keep()
                since += added
                records += Int64(batch.records.count)
                rows.take(batch)
                content.update(lines.span)
                whole.update(lines.span)
                limit = usual
            }
            return Volume.Part(
                dataset: index, isFirst: number == 1, records: records, contentDigest: content.value(),
                files: try files.finish(), rows: rows.rows(layout: dataset.layout))
        } catch {
            files.discard()
            throw error
        }
    }
}
