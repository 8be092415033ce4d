import PortabilityModel
import PortabilityText

/// What an archive says of the set that it is a volume of.
struct StatedSet {
    let id: String
    /// From 1.
    let volume: Int
    let volumes: Int
    /// One object per dataset: `id`, `records`, `content_sha256`, `parts`.
    let datasets: [JSONValue]
    /// One object per volume that has documents: `volume`, `count`, `bytes`, `first`, `last`.
    let documents: [JSONValue]
    /// All that must be the same in all volumes.
    let told: [UInt8]

    /// - Returns: nil if the archive is no volume.
    /// - Throws: `verification` if what it says cannot be.
    init?(_ manifest: JSONValue) throws {
        guard let set = manifest["set"] else { return nil }
        guard let id = set["id"]?.string, let volume = set["volume"]?.integer, let volumes = set["volumes"]?.integer,
            let datasets = set["datasets"]?.array, (1...100_000).contains(volumes), (1...volumes).contains(volume)
        else {
            throw PortabilityError(
                .verification, "the archive says that it is a volume of a set, but not of which",
                remedy: "Get the archive again from where it came from", at: .init(file: "manifest.json", field: "set"))
        }
        self.id = id
        self.volume = Int(volume)
        self.volumes = Int(volumes)
        self.datasets = datasets
        documents = set["documents"]?.array ?? []
        told = JSONValue.array([.integer(volumes), .array(datasets), .array(documents)]).formatted()
    }
}

/// One thing that keeps archives from being one whole set.
struct VolumeFault: Sendable {
    enum Kind: String, Sendable {
        /// A volume is not there.
        case incomplete = "set-incomplete"
        /// An archive is none of the set, or a volume of it is there twice.
        case foreign = "set-foreign"
        /// The volumes do not hold together what they say that the set holds.
        case digest = "set-digest"
    }
    var kind: Kind
    var message: String
    /// Index of the archive, where it is one; nil for the set.
    var archive: Int?
}

/// Compares what volumes say of their set with each other and with what is in them.
struct VolumeJoin {
    /// Indices of the archives in the order of their numbers; archives that do not belong to the set are left out.
    private(set) var order: [Int] = []
    private(set) var faults: [VolumeFault] = []

    /// - Parameter manifests: the manifests of the archives, in any order.
    /// - Throws: `verification` for a manifest whose `set` cannot be.
    init(_ manifests: [JSONValue]) throws {
        let sets = try manifests.map { try StatedSet($0) }
        guard let known = sets.compactMap(\.self).first else {
            if manifests.count > 1 {
                faults = manifests.indices.map {
                    .init(kind: .foreign, message: "the archive is no volume of a set", archive: $0)
                }
            } else {
                order = Array(manifests.indices)
            }
            return
        }
        var places: [Int: Int] = [:]
        for (index, set) in sets.enumerated() {
            guard let set else {
                faults.append(.init(kind: .foreign, message: "the archive is no volume of the set", archive: index))
                continue
            }
            guard set.id == known.id else {
                faults.append(
                    .init(kind: .foreign, message: "the archive is a volume of another set", archive: index))
                continue
            }
            if set.told != known.told {
                faults.append(
                    .init(
                        kind: .digest, message: "the volume says other things of the set than volume \(known.volume)",
                        archive: index))
            }
            if places[set.volume] == nil {
                places[set.volume] = index
            } else {
                faults.append(
                    .init(kind: .foreign, message: "volume \(set.volume) is there twice", archive: index))
            }
        }
        let missing = (1...known.volumes).filter { places[$0] == nil }
        if !missing.isEmpty {
            faults.append(.init(kind: .incomplete, message: Self.told(missing, of: known.volumes), archive: nil))
        }
        order = places.sorted { $0.key < $1.key }.map(\.value)
        checkParts(known, manifests, places)
        checkDocuments(known, manifests, places)
    }

    /// `volumes 1, 3 of 5 are not there`.
    private static func told(_ missing: [Int], of count: Int) -> String {
        let named = missing.prefix(20).map(String.init).joined(separator: ", ")
        let more = missing.count > 20 ? " and \(missing.count - 20) more" : ""
        return missing.count == 1
            ? "volume \(named) of \(count) is not there" : "volumes \(named)\(more) of \(count) are not there"
    }

    private mutating func checkParts(_ set: StatedSet, _ manifests: [JSONValue], _ places: [Int: Int]) {
        var stated: [Int: Set<String>] = [:]
        for dataset in set.datasets {
            let id = dataset["id"]?.string ?? ""
            let parts = dataset["parts"]?.array ?? []
            var exported: Int64 = 0
            var last = 0
            for part in parts {
                exported &+= part["records"]?.integer ?? 0
                let volume = Int(clamping: part["volume"]?.integer ?? 0)
                if volume <= last || volume > set.volumes { fault("the parts of a dataset are not in order", nil, id) }
                last = volume
                stated[volume, default: []].insert(id)
                guard let place = places[volume] else { continue }
                let own = (manifests[place]["datasets"]?.array ?? []).first { $0["id"]?.string == id }
                if own?["content_sha256"]?.string != part["content_sha256"]?.string
                    || own?["records"]?["exported"]?.integer != part["records"]?.integer
                {
                    fault("a part of a dataset is not the one that the set names", place, id)
                }
            }
            if exported != dataset["records"]?["exported"]?.integer {
                fault("the parts of a dataset do not add up to its records", nil, id)
            }
            if parts.count == 1, parts[0]["content_sha256"]?.string != dataset["content_sha256"]?.string {
                fault("the only part of a dataset has another digest than the dataset", nil, id)
            }
            checkLedger(dataset, manifests, places, id)
        }
        for (volume, place) in places.sorted(by: { $0.key < $1.key }) {
            for dataset in manifests[place]["datasets"]?.array ?? [] where !(dataset["files"]?.array ?? []).isEmpty {
                let id = dataset["id"]?.string ?? ""
                if stated[volume]?.contains(id) != true { fault("a dataset is in no part of the set", place, id) }
            }
        }
    }

    /// What was withheld is counted once in all volumes together.
    private mutating func checkLedger(
        _ dataset: JSONValue, _ manifests: [JSONValue], _ places: [Int: Int], _ id: String
    ) {
        func withheld(_ object: JSONValue?) -> Int64 {
            guard case .object(let grounds)? = object?["records"]?["withheld"] else { return 0 }
            return grounds.reduce(0) { $0 &+ ($1.value.integer ?? 0) }
        }
        let whole = withheld(dataset)
        let records = dataset["records"]
        if records?["extracted"]?.integer != (records?["exported"]?.integer ?? 0) &+ whole {
            fault("the counts of a dataset do not balance", nil, id)
        }
        let parts = (dataset["parts"]?.array ?? []).map { places[Int(clamping: $0["volume"]?.integer ?? 0)] }
        guard parts.allSatisfy({ $0 != nil }) else { return }
        let told = parts.compactMap(\.self).reduce(Int64(0)) { sum, place in
            sum &+ withheld((manifests[place]["datasets"]?.array ?? []).first { $0["id"]?.string == id })
        }
        if told != whole { fault("the volumes count other records as withheld than the set", nil, id) }
    }

    private mutating func checkDocuments(_ set: StatedSet, _ manifests: [JSONValue], _ places: [Int: Int]) {
        for (volume, place) in places.sorted(by: { $0.key < $1.key }) {
            let stated = set.documents.first { $0["volume"]?.integer == Int64(volume) }
            let own = manifests[place]["documents"]
            if (own?["count"]?.integer ?? 0) != (stated?["count"]?.integer ?? 0)
                || (own?["bytes"]?.integer ?? 0) != (stated?["bytes"]?.integer ?? 0)
            {
                faults.append(
                    .init(
                        kind: .digest, message: "the volume has other documents than the set names", archive: place))
            }
        }
    }

    private mutating func fault(_ message: String, _ archive: Int?, _ dataset: String) {
        faults.append(.init(kind: .digest, message: "\(message) (\(dataset))", archive: archive))
    }
}

extension ArchiveSet {
    /// Puts volumes that were given in any order into theirs, and their datasets together.
    ///
    /// - Throws: `verification` if they are not one set, or not all of it; a single volume of a larger set is none.
    static func joined(
        _ archives: [OpenArchive], catalogue: Catalogue
    ) throws -> (volumes: [OpenArchive], datasets: [ArchivedDataset]) {
        guard let first = archives.first else {
            throw PortabilityError(.verification, "there is no archive", remedy: "Name one")
        }
        let join = try VolumeJoin(archives.map(\.manifest))
        if let fault = join.faults.first {
            throw PortabilityError(
                .verification, fault.message,
                remedy: "Name all volumes of one set, each once, or one archive that is no volume",
                at: .init(file: fault.archive.map { archives[$0].path }))
        }
        let volumes = join.order.map { archives[$0] }
        guard let set = try StatedSet(first.manifest) else {
            return (
                volumes,
                try (first.manifest["datasets"]?.array ?? []).map {
                    try ArchivedDataset($0, parts: [.init(archive: first, manifest: $0)], catalogue: catalogue)
                }
            )
        }
        var datasets: [ArchivedDataset] = []
        var seen: Set<String> = []
        // Every volume describes what is in no volume; what is in one is met where its first part is.
        let described = volumes.flatMap { volume in
            (volume.manifest["datasets"]?.array ?? []).map { (volume, $0) }
        }
        for id in Self.order(volumes, set) where seen.insert(id).inserted {
            let all = described.filter { $0.1["id"]?.string == id }
            guard let manifest = all.first?.1 else { continue }
            let whole = set.datasets.first { $0["id"]?.string == id }
            let parts = all.filter { !($0.1["files"]?.array ?? []).isEmpty }
            datasets.append(
                try ArchivedDataset(
                    whole.map { Self.whole(manifest, $0) } ?? manifest,
                    parts: (parts.isEmpty ? Array(all.prefix(1)) : parts).map { .init(archive: $0.0, manifest: $0.1) },
                    catalogue: catalogue))
        }
        return (volumes, datasets)
    }

    /// The datasets of the set in its order, then those that are in no volume.
    private static func order(_ volumes: [OpenArchive], _ set: StatedSet) -> [String] {
        set.datasets.compactMap { $0["id"]?.string }
            + volumes.flatMap { ($0.manifest["datasets"]?.array ?? []).compactMap { $0["id"]?.string } }
    }

    /// A part's description with counts and digest of the whole dataset. Files are those of the parts, and not told.
    private static func whole(_ part: JSONValue, _ set: JSONValue) -> JSONValue {
        guard case .object(let members) = part else { return part }
        return .object(
            members.map { key, value in
                switch key {
                case "records", "content_sha256": (key, set[key] ?? value)
                case "files": (key, .array([]))
                default: (key, value)
                }
            })
    }
}
