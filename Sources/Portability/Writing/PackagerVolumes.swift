import PortabilityArchive
import PortabilityCalendar
import PortabilityCrypto
import PortabilityModel
import PortabilityText

/// How an archive is cut into volumes.
struct VolumeOutput: Sendable {
    /// The most bytes of a volume.
    let size: Int64
    /// Makes the file of a volume, by its number from 1.
    let open: @Sendable (Int) throws -> OutputFile

    /// The most volumes: each is an open file until all have their names.
    static let limit = 900
}

/// Volumes that were written.
struct WrittenVolumes {
    var outputs: [OutputFile] = []
    /// SHA-256 of all of them, one after the other.
    var sha256 = ""
    /// Paths of those that one record or document alone makes larger than was asked for.
    var tooLarge: Set<String> = []
}

extension Packager {
    /// Cuts what was gathered into volumes and writes them.
    ///
    /// - Throws: `output`, `ledger`, `cancelled`; `limit` if the size is too small for this archive.
    func writeVolumes(_ written: Written, documents: [SpooledEntry], _ output: VolumeOutput) throws -> WrittenVolumes {
        let datasets = outcomes.compactMap { _, declaration, result in
            engine.layouts[declaration.entity].map {
                VolumeFiller.Dataset(declaration: declaration, layout: $0, result: result)
            }
        }
        // What an envelope takes cannot be used.
        let size = output.size - (try assembler.envelopedSize(output.size) - output.size)
        // Texts and schemas are in every volume: what they come to in one archive is kept free for them.
        var reserve =
            try tagSize(written, datasets) + Self.reserve(forParts: datasets.count + 2)
        while true {
            let room = size - reserve
            guard room >= size / 8 else {
                throw PortabilityError(
                    .limit, "a volume is too small for this archive: its texts and schemas alone need \(reserve) bytes",
                    remedy: "Ask for volumes of at least \(reserve / 7 * 8 / 1000 + 100) kB with --volume-size")
            }
            var filler = VolumeFiller(
                datasets: datasets, documents: documents, surroundings: surroundings,
                limits: engine.configuration.batchLimits, room: room, limit: VolumeOutput.limit)
            try filler.fill()
            let volumes = filler.volumes
            defer { for volume in volumes { volume.closeSpool() } }
            let set = VolumeSet(
                request: request.id, created: rfc3339(created), size: output.size, volumes: volumes, datasets: datasets)
            var shown: [Int?] = []
            var excess: Int64 = 0
            for number in 1...volumes.count {
                let fitting = try fit(written, VolumePlace(set: set, number: number), size)
                shown.append(fitting.shown)
                excess = max(excess, fitting.excess)
            }
            if excess > 0 {
                reserve += excess + excess / 4 + 1024
                continue
            }
            return try write(written, set, shown: shown, output)
        }
    }

    /// What the list of parts and their digests comes to in manifest, page and README.txt.
    private static func reserve(forParts count: Int) -> Int64 { Int64(count) * 160 + 2048 }

    /// The bytes of everything but the payload, if the archive was one, without records on the page.
    private func tagSize(
        _ written: Written, _ datasets: [VolumeFiller.Dataset]
    ) throws -> Int64 {
        var one = Volume()
        for (index, dataset) in datasets.enumerated() {
            one.parts.append(
                .init(
                    dataset: index, isFirst: true, records: dataset.result.exported,
                    contentDigest: dataset.result.contentDigest, files: dataset.result.files,
                    rows: dataset.result.rows))
        }
        let set = VolumeSet(
            request: request.id, created: rfc3339(created), size: 0, volumes: [one], datasets: datasets)
        return try size(written, VolumePlace(set: set, number: 1), shown: 0, payload: [])
    }

    /// How many records of each dataset the page of a volume can show, and by how many bytes the volume is too large
    /// even without any.
    private func fit(_ written: Written, _ place: VolumePlace, _ size: Int64) throws -> (shown: Int?, excess: Int64) {
        if place.set.volumes[place.number - 1].isTooLarge { return (nil, 0) }
        var excess: Int64 = 0
        for shown in [nil, 10, 3, 0] {
            excess = try self.size(written, place, shown: shown) - size
            if excess <= 0 { return (shown, 0) }
        }
        return (0, excess)
    }

    /// The bytes of a volume, reckoned without signing it: whoever holds the key is not asked for nothing.
    private func size(
        _ written: Written, _ place: VolumePlace, shown: Int?, payload: [SpooledEntry]? = nil
    ) throws -> Int64 {
        let volume = place.set.volumes[place.number - 1]
        var unsigned = assembler
        unsigned.protection.signer = nil
        let prepared = try unsigned.prepare(
            contents(
                written, payload: payload ?? volume.payload, documents: volume.documents, in: place, shown: shown))
        defer { prepared.closeTags() }
        return prepared.size + (protection.signer == nil ? 0 : Self.signatureSize)
    }

    /// The most that a signature with its headers comes to; those of Ed25519 are about half of it.
    private static let signatureSize: Int64 = 1024

    private func prepare(
        _ written: Written, _ place: VolumePlace, shown: Int?
    ) throws -> ArchiveAssembler.Prepared {
        let volume = place.set.volumes[place.number - 1]
        return try assembler.prepare(
            contents(written, payload: volume.payload, documents: volume.documents, in: place, shown: shown))
    }

    private func write(
        _ written: Written, _ set: VolumeSet, shown: [Int?], _ output: VolumeOutput
    ) throws -> WrittenVolumes {
        var result = WrittenVolumes()
        var digest = SHA256Digest()
        for (index, volume) in set.volumes.enumerated() {
            try Task.checkPortabilityCancellation()
            let prepared = try prepare(written, VolumePlace(set: set, number: index + 1), shown: shown[index])
            let file = try output.open(index + 1)
            let sink = DigestingSink(file, digest)
            try assembler.write(prepared, into: sink)
            volume.closeSpool()
            digest = sink.digest
            guard file.count <= output.size || volume.isTooLarge else {
                throw PortabilityError(
                    .ledger, "a volume came out larger than was reckoned",
                    remedy: "This is a fault of the program; no volume was written. Ask for another --volume-size",
                    at: .init(file: file.path))
            }
            // Nothing but the name is left to do: what the disk refuses, it refuses now.
            try file.synchronize()
            if file.count > output.size { result.tooLarge.insert(file.path) }
            result.outputs.append(file)
        }
        result.sha256 = hexadecimal(digest.value())
        return result
    }

    /// Passes the bytes on, and takes them into a digest that goes over several files.
    private final class DigestingSink: ArchiveSink {
        private let file: OutputFile
        private(set) var digest: SHA256Digest

        init(_ file: OutputFile, _ digest: SHA256Digest) {
            self.file = file
            self.digest = digest
        }

        func write(_ bytes: Span<UInt8>) throws {
            digest.update(bytes)
            try file.write(bytes)
        }
    }
}
