import PortabilityFormats
import PortabilityModel
import PortabilityText

/// Walks over the records of one dataset of one archive.
final class RecordCursor {
    private var reader: DatasetReader
    private(set) var batch = RecordBatch(dataset: 0, bytes: [], tokens: [], records: [])
    private var index = -1
    /// 1-based number of the current record.
    private(set) var ordinal: Int64 = 0
    private let replaced: [[UInt8]: [UInt8]]
    private let digestField: Int?

    /// - Parameter replaced: digests of redacted documents, with those of the originals.
    init(_ reader: consuming DatasetReader, layout: EntityLayout, replaced: [[UInt8]: [UInt8]] = [:]) {
        self.reader = reader
        self.replaced = replaced
        digestField = replaced.isEmpty ? nil : layout.groups[0].index(of: "sha256")
    }

    /// The value of a field of the record itself; of a redacted document's digest, that of the original.
    func value(_ token: TapeToken) -> [UInt8] {
        let value = Array(batch.bytes[token.range])
        return Int(token.field) == digestField ? replaced[value] ?? value : value
    }

    /// True if the record describes a redacted document.
    var isReplaced: Bool {
        guard let digestField else { return false }
        return head.tokens.contains { index in
            let token = batch.tokens[index]
            return Int(token.field) == digestField && replaced[Array(batch.bytes[token.range])] != nil
        }
    }

    /// The current record.
    var head: RecordHead { batch.records[index] }

    /// Goes to the next record; false at the end.
    func advance() throws -> Bool {
        index += 1
        while index >= batch.records.count {
            try Task.checkPortabilityCancellation()
            guard let next = try reader.next() else { return false }
            batch = next
            index = 0
        }
        ordinal += 1
        return true
    }
}

/// By what records of two archives are matched: their id, but documents by what they are, since they are numbered anew
/// in every archive.
struct RecordKey {
    /// The fields of a document that tell it from others; empty for all other records.
    private let fields: [Int]

    init(layout: EntityLayout) {
        fields =
            layout.entity.name == "document"
            ? ["for_record", "sha256", "role"].compactMap { layout.groups[0].index(of: $0) } : []
    }

    private func parts(_ cursor: RecordCursor) -> [(field: Int, value: [UInt8])] {
        cursor.head.tokens.compactMap { index in
            let token = cursor.batch.tokens[index]
            guard token.kind.value != nil, fields.contains(Int(token.field)) else { return nil }
            return (Int(token.field), cursor.value(token))
        }
    }

    func isSame(_ a: RecordCursor, _ b: RecordCursor) -> Bool {
        if fields.isEmpty { return equal(a.batch.bytes, a.head.id.range, b.batch.bytes, b.head.id.range) }
        return parts(a).elementsEqual(parts(b)) { $0.field == $1.field && $0.value == $1.value }
    }

    /// FNV-1a, 64 bits. Two keys of one hash could only make a difference look like another order, which nobody is
    /// told to trust.
    func hash(_ cursor: RecordCursor) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ bytes: some Sequence<UInt8>) {
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        if fields.isEmpty { add(cursor.batch.bytes[cursor.head.id.range]) }
        for part in fields.isEmpty ? [] : parts(cursor) {
            add([UInt8(truncatingIfNeeded: part.field)])
            add(part.value)
        }
        return hash
    }
}

/// Whether two ranges hold the same bytes.
func equal(_ a: [UInt8], _ left: Range<Int>, _ b: [UInt8], _ right: Range<Int>) -> Bool {
    left.count == right.count && a[left].elementsEqual(b[right])
}

/// One bit for each record.
private struct RecordBits {
    private var words: [UInt64] = []

    mutating func set(_ index: Int64) {
        let word = Int(index >> 6)
        while words.count <= word { words.append(0) }
        words[word] |= 1 << UInt64(index & 63)
    }

    subscript(index: Int64) -> Bool {
        let word = Int(index >> 6)
        return word < words.count && words[word] >> UInt64(index & 63) & 1 == 1
    }
}

/// Compares two archives that were found intact.
struct ArchiveComparison {
    let a: DiffArchive
    let b: DiffArchive
    let catalogue: Catalogue
    let options: DiffOptions
    let collector: DifferenceCollector
    private var result: ArchiveDifference

    init(
        a: DiffArchive, b: DiffArchive, catalogue: Catalogue, options: DiffOptions, collector: DifferenceCollector
    ) {
        self.a = a
        self.b = b
        self.catalogue = catalogue
        self.options = options
        self.collector = collector
        result = ArchiveDifference(a: a.description, b: b.description)
    }

    /// The archive under access, if the other is one under portability: it may not take more.
    private var accessSide: ArchiveDifference.Side? {
        switch (a.right, b.right) {
        case (.access, .portability): .a
        case (.portability, .access): .b
        default: nil
        }
    }

    mutating func run() throws -> ArchiveDifference {
        try checkComparable()
        warn()
        let ids = a.datasets.map(\.id) + b.datasets.map(\.id).filter { a.dataset($0) == nil }
        for id in ids {
            let first = collector.groups.count
            try compare(id)
            collector.sortGroups(from: first)
        }
        func holdsRecords(_ archive: DiffArchive) -> Bool { archive.datasets.contains { $0.exported > 0 } }
        if result.recordsCompared == 0, result.datasetsCompared > 0, holdsRecords(a), holdsRecords(b) {
            result.warnings.append("no record is in both archives: they may be of two people")
        }
        result.groups = collector.groups
        return result
    }

    /// What must be the same for a comparison to mean anything. The subjects are not in the manifests: that they are
    /// one person is for whoever names the archives.
    private func checkComparable() throws {
        func refuse(_ message: String, _ remedy: String, at place: PortabilityError.Place = .init()) -> PortabilityError
        {
            PortabilityError(.configuration, "the archives cannot be compared: \(message)", remedy: remedy, at: place)
        }
        let remedy = "Compare archives of one person that one organisation made with one configuration"
        func controller(_ archive: DiffArchive) -> String? {
            let controller = archive.manifest["controller"]
            return controller?["business_id"]?.string ?? controller?["name"]?.string
        }
        if controller(a) != controller(b) { throw refuse("their controllers are not the same", remedy) }
        func catalogueMajor(_ archive: DiffArchive) -> Substring? {
            archive.manifest["catalogue_version"]?.string?.split(separator: ".").first
        }
        if catalogueMajor(a) != catalogueMajor(b) {
            throw refuse("they were written with different catalogues", "Export both anew with one version")
        }
        var isShared = a.datasets.isEmpty && b.datasets.isEmpty
        for dataset in a.datasets {
            guard let other = b.dataset(dataset.id) else { continue }
            isShared = true
            if dataset.entity != other.entity {
                throw refuse("a dataset has another entity", remedy, at: .init(dataset: dataset.id))
            }
        }
        if !isShared { throw refuse("they have no dataset in common", remedy) }
    }

    private mutating func warn() {
        for (name, archive) in [("A", a), ("B", b)] where archive.manifest["status"]?.string == "partial" {
            result.warnings.append("archive \(name) is partial: what its sources did not give is no rule's doing")
        }
        if a.manifest["catalogue_version"]?.string != b.manifest["catalogue_version"]?.string {
            result.warnings.append("the archives were written with different versions of the catalogue")
        }
        func kinds(_ archive: DiffArchive) -> [String] {
            (archive.manifest["subject"]?["identifiers"]?.array ?? []).map {
                "\($0["kind"]?.string ?? "") \($0["values"]?.integer ?? 0)"
            }.sorted()
        }
        if kinds(a) != kinds(b) {
            result.warnings.append("the subject is known by other identifiers in the two archives")
        }
        let sources = Dictionary(
            (b.manifest["sources"]?.array ?? []).map { ($0["id"]?.string ?? "", $0["as_of"]?.string) }
        ) { first, _ in first }
        let changed = (a.manifest["sources"]?.array ?? []).compactMap { source -> String? in
            guard let id = source["id"]?.string, let other = sources[id] else { return nil }
            return source["as_of"]?.string == other ? nil : id
        }
        if !changed.isEmpty {
            result.warnings.append(
                "sources were read at different times and may have changed in between: "
                    + changed.joined(separator: ", "))
        }
    }

    private mutating func compare(_ id: String) throws {
        let (first, second) = (a.dataset(id), b.dataset(id))
        switch (first, second) {
        case (let first?, let second?) where first.isPresent && second.isPresent:
            result.datasetsCompared += 1
            if let digest = first.contentDigest, digest == second.contentDigest {
                result.datasetsEqual += 1
                result.recordsCompared += first.exported
                return
            }
            do {
                try compareRecords(first, second)
            } catch {
                throw asPortabilityError(error).within(.init(dataset: id))
            }
        case (let first?, _) where first.isPresent: try explainAbsence(of: first, in: b, .b)
        case (_, let second?) where second.isPresent: try explainAbsence(of: second, in: a, .a)
        default: break
        }
    }

    /// A dataset that one archive has is not in the other.
    private func explainAbsence(
        of dataset: DiffDataset, in archive: DiffArchive, _ side: ArchiveDifference.Side
    ) throws {
        func add(_ ground: Ground?, _ reason: ArchiveDifference.Reason?) throws {
            let verdict: ArchiveDifference.Verdict =
                reason != nil ? .unexplained : takesMore(side, ground) ? .accessMasksMore : .explained
            try collector.add(
                .init(
                    kind: .dataset, dataset: dataset.id, field: nil, action: reason == nil ? .withhold : nil,
                    ground: ground, recordClass: nil, detected: nil, side: side, verdict: verdict, reason: reason),
                records: dataset.exported)
        }
        if let described = DocumentOrigin(of: dataset, in: archive) {
            // Documents are a dataset that the export makes: it is not there if there are none to give.
            if described.base.isPresent {
                return try explainDocuments(dataset.exported, of: dataset.id, described.base, side)
            }
            return try add(described.base.ground, described.base.ground == nil ? .sourceFailed : nil)
        }
        guard let declared = archive.dataset(dataset.id) else { return try add(nil, .notInManifest) }
        guard declared.status == "withheld" || declared.status == "not-read", let ground = declared.ground else {
            return try add(nil, .sourceFailed)
        }
        let isSupported = archive.requestSupports(ground, category: declared.category)
        try add(ground, isSupported ? nil : .notInRequest)
    }

    private func explainDocuments(
        _ count: Int64, of dataset: String, _ base: DiffDataset, _ side: ArchiveDifference.Side
    ) throws {
        var left = count
        for index in base.documents.indices where left > 0 {
            let taken = min(left, base.documents[index].left)
            base.documents[index].left -= taken
            left -= taken
            if taken > 0 { try collector.add(decision(taken: base.documents[index].ground), count: taken) }
        }
        if left > 0 {
            let reason: ArchiveDifference.Reason = base.documents.isEmpty ? .noRule : .countExceeded
            try collector.add(
                .init(
                    kind: .document, dataset: dataset, field: nil, action: nil, ground: nil, recordClass: nil,
                    detected: nil, side: side, verdict: .unexplained, reason: reason), count: left)
        }
        func decision(taken ground: Ground?) -> ArchiveDifference.Decision {
            .init(
                kind: .document, dataset: dataset, field: nil, action: .withhold, ground: ground, recordClass: nil,
                detected: nil, side: side, verdict: takesMore(side, ground) ? .accessMasksMore : .explained,
                reason: nil)
        }
    }

    private func takesMore(_ side: ArchiveDifference.Side, _ ground: Ground?) -> Bool {
        ArchiveDifference.takesMore(side, accessSide: accessSide, ground: ground)
    }

    private mutating func compareRecords(_ first: DiffDataset, _ second: DiffDataset) throws {
        func stop(_ kind: ArchiveDifference.Kind, _ reason: ArchiveDifference.Reason) throws {
            try collector.add(
                .init(
                    kind: kind, dataset: first.id, field: nil, action: nil, ground: nil, recordClass: nil,
                    detected: nil, side: .both, verdict: .unexplained, reason: reason))
        }
        guard let entity = catalogue.entity(named: first.entity) else { return try stop(.dataset, .unknownEntity) }
        let layout = EntityLayout(entity)
        guard let left = try a.records(of: first, layout: layout), let right = try b.records(of: second, layout: layout)
        else { return }
        let key = RecordKey(layout: layout)
        let fields = RecordComparison(
            layout: layout, a: (a, first), b: (b, second), accessSide: accessSide, options: options,
            collector: collector)
        // Which records the other archive has: found out only once the first is missing.
        var presence: (a: RecordBits, b: RecordBits)?
        var (hasLeft, hasRight) = (try left.advance(), try right.advance())
        while hasLeft || hasRight {
            if hasLeft, hasRight, key.isSame(left, right) {
                try fields.compare(left, right)
                result.recordsCompared += 1
                (hasLeft, hasRight) = (try left.advance(), try right.advance())
                continue
            }
            if presence == nil {
                presence = try (
                    presences(of: (a, first), in: (b, second), layout: layout, key: key),
                    presences(of: (b, second), in: (a, first), layout: layout, key: key)
                )
            }
            if hasLeft, presence?.a[left.ordinal] == false {
                try fields.missing(left, in: .b)
                hasLeft = try left.advance()
            } else if hasRight, presence?.b[right.ordinal] == false {
                try fields.missing(right, in: .a)
                hasRight = try right.advance()
            } else {
                return try stop(.order, .otherOrder)
            }
        }
    }

    /// Which records of a dataset the other archive has, by their 1-based number: each pass over the other's records
    /// takes as many keys as may be held at once.
    private func presences(
        of own: (archive: DiffArchive, dataset: DiffDataset), in other: (archive: DiffArchive, dataset: DiffDataset),
        layout: EntityLayout, key: RecordKey
    ) throws -> RecordBits {
        var bits = RecordBits()
        guard let others = try other.archive.records(of: other.dataset, layout: layout) else { return bits }
        while true {
            var hashes: [UInt64] = []
            var isAtEnd = false
            while hashes.count < options.idsAtOnce {
                guard try others.advance() else {
                    isAtEnd = true
                    break
                }
                hashes.append(key.hash(others))
            }
            hashes.sort()
            if !hashes.isEmpty, let cursor = try own.archive.records(of: own.dataset, layout: layout) {
                while try cursor.advance() {
                    if contains(hashes, key.hash(cursor)) { bits.set(cursor.ordinal) }
                }
            }
            if isAtEnd { return bits }
        }
    }

    private func contains(_ sorted: [UInt64], _ value: UInt64) -> Bool {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == value
    }
}

/// The dataset whose documents another dataset describes, as one archive's manifest has it.
struct DocumentOrigin {
    let base: DiffDataset

    init?(of dataset: DiffDataset, in archive: DiffArchive) {
        guard dataset.entity == "document", dataset.id.hasSuffix("-documents"),
            let base = archive.dataset(String(dataset.id.dropLast("-documents".count)))
        else { return nil }
        self.base = base
    }
}

extension ArchiveDifference {
    /// Whether what one archive takes away, and the other does not, is more than access may take.
    ///
    /// What the person did not ask for, and what stands elsewhere in the archive, is not taken from them.
    static func takesMore(_ side: Side, accessSide: Side?, ground: Ground?) -> Bool {
        guard let accessSide, side == accessSide else { return false }
        switch ground {
        case .notRequested, .outsidePeriod, .duplicate, .noIdentifier: return false
        default: return true
        }
    }
}
