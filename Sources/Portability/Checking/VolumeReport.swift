import PortabilityModel

/// What archives say of being volumes of a set, held against each other. Says nothing of each by itself.
public struct VolumeReport: Sendable {
    /// One archive.
    public struct Volume: Sendable {
        public var path: String
        /// Its number and how many there are; nil if it is no volume.
        public var place: (number: Int, of: Int)?
        /// The set's id.
        public var set: String?
    }

    public var volumes: [Volume]
    /// What keeps them from being one whole set: `set-incomplete`, `set-foreign`, `set-digest`. Empty also for a single
    /// archive, be it a volume or not.
    public var findings: [VerificationReport.Finding]
}

extension ArchiveFileReader {
    /// Finds out whether archives are one whole set of volumes.
    ///
    /// One archive by itself is no fault, whatever it is a volume of: its ``VolumeReport/Volume/place`` says so. Of
    /// several, as soon as one is a volume, all have to be of its set, each there once, and none missing.
    ///
    /// - Parameter paths: in any order.
    /// - Throws: as reading the manifests; `verification` for one whose `set` cannot be.
    public static func volumes(paths: [String], keys: ArchiveKeys = ArchiveKeys()) throws -> VolumeReport {
        let manifests = try paths.map { try OpenArchive(path: $0, keys: keys).manifest }
        let stated = try manifests.map { try StatedSet($0) }
        let volumes = zip(paths, stated).map { path, set in
            VolumeReport.Volume(path: path, place: set.map { ($0.volume, $0.volumes) }, set: set?.id)
        }
        guard paths.count > 1, stated.contains(where: { $0 != nil }) else {
            return VolumeReport(volumes: volumes, findings: [])
        }
        return VolumeReport(
            volumes: volumes,
            findings: try VolumeJoin(manifests).faults.map {
                .init(kind: $0.kind.rawValue, path: $0.archive.map { paths[$0] }, message: $0.message)
            })
    }
}
