import PortabilityArchive
import PortabilityCrypto
import PortabilityModel
import PortabilityReport
import PortabilityText

/// The volumes of one answer, filled but not written: what each tells of all.
struct VolumeSet {
    /// The same in all volumes: SHA-256 over the request, the time and what is in which volume.
    let id: String
    /// The size that was asked for.
    let size: Int64
    let volumes: [Volume]
    /// Datasets by the indices that the parts name.
    let datasets: [VolumeFiller.Dataset]

    init(request: String, created: String, size: Int64, volumes: [Volume], datasets: [VolumeFiller.Dataset]) {
        self.size = size
        self.volumes = volumes
        self.datasets = datasets
        var digest = SHA256Digest()
        func add(_ line: String) { digest.update(Array("\(line)\n".utf8).span) }
        add("portability set 1 \(request) \(created) \(volumes.count)")
        for (index, volume) in volumes.enumerated() {
            for part in volume.parts {
                add("\(index + 1) \(datasets[part.dataset].declaration.id) \(hexadecimal(part.contentDigest))")
            }
            for document in volume.documents { add("\(index + 1) \(document.name) \(hexadecimal(document.sha256))") }
        }
        id = hexadecimal(digest.value())
    }

    /// Where the records of a dataset are.
    func parts(of id: String) -> [(volume: Int, part: Volume.Part)] {
        volumes.enumerated().flatMap { index, volume in
            volume.parts.filter { datasets[$0.dataset].declaration.id == id }.map { (index + 1, $0) }
        }
    }
}

/// One volume of a set.
struct VolumePlace {
    let set: VolumeSet
    /// From 1.
    let number: Int

    private var volume: Volume { self.set.volumes[number - 1] }

    /// The datasets as this volume has them, and those that are in none.
    func datasets(of written: [WrittenDataset]) -> [WrittenDataset] {
        let parts = Dictionary(
            volume.parts.map { (set.datasets[$0.dataset].declaration.id, $0) }, uniquingKeysWith: { first, _ in first })
        return written.compactMap { dataset in
            if dataset.files.isEmpty { return dataset }
            return parts[dataset.declaration.id].map(dataset.part)
        }
    }

    /// The manifest's `set`, given all datasets.
    func manifest(_ written: [WrittenDataset]) -> JSONValue {
        .members([
            "id": .string(set.id), "volume": .integer(number), "volumes": .integer(set.volumes.count),
            "volume_bytes": .integer(set.size),
            "datasets": .array(written.filter { !$0.files.isEmpty }.map(manifest)),
            "documents": .array(
                set.volumes.enumerated().compactMap { index, volume -> JSONValue? in
                    guard let first = volume.documents.first, let last = volume.documents.last else { return nil }
                    let bytes = volume.documents.reduce(Int64(0)) { $0 + $1.size }
                    return JSONValue.members([
                        "volume": .integer(index + 1), "count": .integer(volume.documents.count),
                        "bytes": .integer(bytes), "first": .string(first.name), "last": .string(last.name),
                    ])
                }),
        ])
    }

    private func manifest(_ dataset: WrittenDataset) -> JSONValue {
        let parts = set.parts(of: dataset.declaration.id).map { volume, part in
            JSONValue.members([
                "volume": .integer(volume), "records": .integer(part.records),
                "content_sha256": .string(hexadecimal(part.contentDigest)),
            ])
        }
        return .members([
            "id": .string(dataset.declaration.id), "records": dataset.ledger,
            "content_sha256": dataset.contentDigest.map { .string(hexadecimal($0)) }, "parts": .array(parts),
        ])
    }

    /// What the page and README.txt tell of all volumes.
    func summary(_ written: [WrittenDataset]) -> ArchiveSummary.Volumes {
        let labels = Dictionary(
            written.map { ($0.declaration.id, $0.label) }, uniquingKeysWith: { first, _ in first })
        return ArchiveSummary.Volumes(
            number: number,
            contents: set.volumes.map { volume in
                .init(
                    datasets: volume.parts.compactMap { part in
                        labels[set.datasets[part.dataset].declaration.id].map { ($0, part.records) }
                    }.filter { $0.records > 0 },
                    documents: Int64(volume.documents.count))
            })
    }
}

extension WrittenDataset {
    /// The dataset as the volume has it that holds this part. Records that were withheld are counted in the first, so
    /// that the counts of all volumes add up to the dataset's.
    fileprivate func part(_ part: Volume.Part) -> WrittenDataset {
        var dataset = self
        dataset.exported = part.records
        dataset.withheld = part.isFirst ? withheld : []
        dataset.extracted = dataset.exported + dataset.withheld.reduce(0) { $0 + $1.count }
        dataset.contentDigest = part.contentDigest
        dataset.rows = part.rows
        dataset.files = part.files.map {
            PayloadFile(
                path: $0.entry.name, format: $0.format, table: $0.table, rows: $0.rows, size: $0.entry.size,
                sha256: $0.entry.sha256)
        }
        return dataset
    }
}
