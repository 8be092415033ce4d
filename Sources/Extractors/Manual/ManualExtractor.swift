public import PortabilityModel
import SourceFiles

/// Reads manual material: a folder of scans for each subject, with a description beside each scan, and somebody's
/// attestation of the search by hand, which says where was searched, by which role, when, and with which result.
///
/// The files are written by hand and scanned by hand. A slip (a scan without description, one that is another
/// person's, an attestation from before the request) is found and told with the number of the file in its folder, never
/// with a name or a value; no symbolic link is followed.
public struct ManualExtractor: Extractor {
    public let configuration: ManualConfiguration
    private let digest: DigestFactory

    /// Makes an extractor.
    ///
    /// - Parameter digest: makes the SHA-256 of which a record's id is the first half.
    public init(configuration: ManualConfiguration, digest: @escaping DigestFactory) {
        self.configuration = configuration
        self.digest = digest
    }

    public var declaration: SourceDeclaration { configuration.declaration }

    public func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        guard let entity = context.catalogue.entity(named: "document") else {
            throw PortabilityError(.configuration, "the catalogue has no entity `document`")
        }
        do throws(PortabilityError) {
            return ManualSession(
                context: context, configuration: configuration, layout: EntityLayout(entity),
                paths: try ManualPaths(configuration, base: context.baseDirectory), digest: digest)
        } catch {
            throw error.within(.init(source: context.source))
        }
    }
}

/// Where scans and attestations lie, checked.
struct ManualPaths: Sendable {
    /// The kind of identifier by which folders are named.
    var kind: String
    /// Its index in every dataset's kinds.
    var kindIndex: Int
    var hasTenant: Bool
    /// What lies in a subject's folder.
    var files: Place
    /// What lies in folders within it.
    var below: Place
    var attestation: Place?

    struct Place: Sendable {
        var folder: SourceFolder
        var pattern: PathPattern

        init(_ text: String, base: String) throws(PortabilityError) {
            (folder, pattern) = try SourceFolder.start(of: try PathPattern(text), base: base, links: .counted)
        }

        /// What is there for a subject.
        ///
        /// - Throws: `scopeViolation` if the identifier's value cannot be the name of a folder or file.
        func find(_ value: String, kind: String, limit: Int) throws -> FoundFiles {
            guard let filled = pattern.filled(with: value) else {
                throw PortabilityError(
                    .scopeViolation, "an identifier of kind `\(kind)` cannot be the name of a folder",
                    remedy: "Check the identifier: it is empty, `.`, `..`, or holds a slash, a backslash or NUL",
                    at: .init(field: "path"))
            }
            return try folder.find(filled, limit: limit)
        }
    }

    init(_ configuration: ManualConfiguration, base: String) throws(PortabilityError) {
        files = try Place(configuration.path + "/*", base: base)
        below = try Place(configuration.path + "/*/**/*", base: base)
        guard let kind = files.pattern.identifierKind else {
            throw Self.fault(
                "nothing says whose the scans of a folder are",
                "Put an identifier into the path: manual/{customer_number}",
                "path")
        }
        self.kind = kind
        let datasets = configuration.declaration.datasets
        guard let index = datasets.first?.subjectKinds.firstIndex(of: kind),
            datasets.allSatisfy({ $0.subjectKinds.firstIndex(of: kind) == index })
        else {
            throw Self.fault(
                "the datasets are not declared to be searched by `\(kind)`",
                "Use a kind of identifier that they declare", "path")
        }
        kindIndex = index
        for tenant in datasets.compactMap(\.tenantKind) where tenant != kind {
            throw Self.fault(
                "the tenant is of kind `\(tenant)`, but the path holds `\(kind)`",
                "Put the tenant's identifier into the path", "path")
        }
        hasTenant = datasets.contains { $0.tenantKind != nil }
        if let text = configuration.attestationFile {
            let place = try Place(text, base: base)
            guard place.pattern.identifierKind == kind else {
                throw Self.fault(
                    "the attestations' path does not say whose they are",
                    "Put `{\(kind)}` into it, as into `path`", "attestation_file")
            }
            attestation = place
        }
        for (place, key) in [(files, "path"), (attestation ?? files, "attestation_file")]
        where !place.folder.hasBase(of: place.pattern) {
            throw PortabilityError(
                .unavailable, "the folder is not there, cannot be read or is a symbolic link",
                remedy: "Check the path in the configuration", at: .init(field: key))
        }
    }

    private static func fault(_ message: String, _ remedy: String, _ field: String) -> PortabilityError {
        PortabilityError(.configuration, message, remedy: remedy, at: .init(field: field))
    }
}
