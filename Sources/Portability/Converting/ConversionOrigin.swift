import PortabilityArchive
import PortabilityCalendar
import PortabilityModel
import PortabilityText

/// What is converted: everything that must be known before the first record is read.
struct ConversionOrigin: Sendable {
    /// In the order of the volumes.
    let paths: [String]
    let manifest: JSONValue
    let requestID: String
    let right: Right
    /// Seconds since 1970.
    let created: Int64

    /// Checks the manifests.
    ///
    /// - Throws: `verification` for a manifest that lacks what every manifest has, or whose counts do not balance.
    init(_ set: ArchiveSet, paths: [String]) throws {
        self.paths = set.volumes.map(\.path)
        let manifest = set.volumes[0].manifest
        self.manifest = manifest
        for volume in set.volumes { try Self.check(volume.manifest) }
        guard let requestID = manifest["request"]?["id"]?.string,
            let right = manifest["request"]?["right"]?.string.flatMap(Right.init(rawValue:)),
            let created = manifest["created"]?.string.flatMap(Self.seconds)
        else { throw Self.incomplete("request") }
        self.requestID = requestID
        self.right = right
        self.created = created
        var ids: Set<String> = []
        for dataset in set.datasets {
            guard ManifestRules.isPlain(dataset.id), ids.insert(dataset.id).inserted else {
                throw Self.incomplete("datasets")
            }
            try Self.checkLedger(dataset)
        }
    }

    /// What is repeated of every archive in the chain.
    private static func check(_ manifest: JSONValue) throws {
        guard manifest["request"]?["id"]?.string?.isEmpty == false else { throw incomplete("request") }
        guard manifest["created"]?.string.flatMap(seconds) != nil else { throw incomplete("created") }
        guard manifest["tool"]?["name"]?.string != nil else { throw incomplete("tool") }
        guard manifest["controller"]?["name"]?.string != nil else { throw incomplete("controller") }
    }

    private static func checkLedger(_ dataset: ArchivedDataset) throws {
        let records = dataset.manifest["records"]
        guard let exported = records?["exported"]?.integer, exported >= 0,
            let extracted = records?["extracted"]?.integer
        else { throw incomplete("records", of: dataset.id) }
        let withheld = (records?["withheld"]?.members ?? []).reduce(0) { $0 &+ ($1.value.integer ?? -1) }
        guard extracted == exported &+ withheld else {
            throw PortabilityError(
                .verification, "the counts of a dataset do not agree",
                remedy: "Get the archive again from where it came from",
                at: .init(dataset: dataset.id, file: "manifest.json"))
        }
    }

    private static func incomplete(_ field: String, of dataset: String? = nil) -> PortabilityError {
        PortabilityError(
            .verification, "manifest.json is not one of format 1",
            remedy: "Get the archive again from where it came from",
            at: .init(dataset: dataset, file: "manifest.json", field: field))
    }

    private static func seconds(_ text: String) -> Int64? {
        guard case .instant(let seconds)? = try? Moment(text) else { return nil }
        return seconds
    }
}
