public import PortabilityModel
import SourceFiles

/// Reads electronic invoices from files: Finvoice 1.2 to 3.0, UBL 2.1 Invoice and CreditNote (Peppol BIS 3,
/// XRechnung) and UN/CEFACT CII D16B, recognised by their content.
///
/// Files are read-only input of others and may be hostile: nothing is opened but what the path names, symbolic links
/// below the base folder are not followed, DOCTYPE is refused, and size, depth and time are limited.
public struct InvoiceExtractor: Extractor {
    public let configuration: InvoiceConfiguration
    private let digest: DigestFactory
    private let threads: Int?

    /// Makes an extractor.
    ///
    /// - Parameter digest: makes the SHA-256 of which a record's id is the first half.
    public init(configuration: InvoiceConfiguration, digest: @escaping DigestFactory) {
        self.init(configuration: configuration, digest: digest, threads: nil)
    }

    /// - Parameter threads: how many threads read; nil for one on each processor. What is read does not depend on it.
    package init(configuration: InvoiceConfiguration, digest: @escaping DigestFactory, threads: Int?) {
        self.configuration = configuration
        self.digest = digest
        self.threads = threads
    }

    public var declaration: SourceDeclaration { configuration.declaration }

    public func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        try InvoiceSurvey.check(declaration)
        let folder = try SourceFolder(path: context.baseDirectory)
        guard let entity = context.catalogue.entity(named: "invoice") else {
            throw PortabilityError(.configuration, "the catalogue has no entity `invoice`")
        }
        let rules = InvoiceRules.compiled(for: entity)
        var sources: [String: InvoiceSource] = [:]
        for dataset in configuration.datasets {
            let place = PortabilityError.Place(source: context.source, dataset: dataset.id)
            do {
                sources[dataset.id] = try InvoiceSource(
                    dataset, declaration: declaration, layout: rules.layout, folder: folder)
            } catch let error as PortabilityError {
                throw error.within(place)
            }
        }
        return InvoiceSession(
            context: context, rules: rules, sources: sources, order: configuration.datasets.map(\.id),
            exclusions: declaration.exclusions, digest: digest, threads: threads)
    }
}

/// One dataset, its configuration checked.
struct InvoiceSource: Sendable {
    var configuration: InvoiceConfiguration.Dataset
    var pattern: PathPattern
    /// The folder that the path starts from.
    var folder: SourceFolder
    /// For each match: index of its kind in the declaration, layout group and field.
    var matches: [(kind: Int, name: String, group: Int, field: Int)] = []
    /// Index of the kind of the identifier in the path.
    var templateKind: Int?
    var hasTenant: Bool

    init(
        _ dataset: InvoiceConfiguration.Dataset, declaration: SourceDeclaration, layout: EntityLayout,
        folder: SourceFolder
    ) throws {
        configuration = dataset
        guard let declared = declaration.datasets.first(where: { $0.id == dataset.id }), declared.entity == "invoice"
        else {
            throw PortabilityError(
                .configuration, "the dataset is not declared, or not as one of invoices", at: .init(field: "entity"))
        }
        pattern = try PathPattern(dataset.path)
        self.folder = pattern.isAbsolute ? try SourceFolder(path: "/") : folder
        hasTenant = declared.tenantKind != nil
        for match in dataset.match {
            guard let kind = declared.subjectKinds.firstIndex(of: match.kind) else {
                throw Self.unknown(match.kind, "match")
            }
            let place = try Self.place(match.field, layout)
            matches.append((kind, match.kind, place.group, place.field))
        }
        if let kind = pattern.identifierKind {
            guard let index = declared.subjectKinds.firstIndex(of: kind) else {
                throw Self.unknown(kind, "path")
            }
            templateKind = index
            if let tenant = declared.tenantKind, tenant != kind {
                throw PortabilityError(
                    .configuration, "the tenant is of kind `\(tenant)`, but the path holds `\(kind)`",
                    remedy: "Put the tenant's identifier into the path", at: .init(field: "path"))
            }
        } else {
            if declared.tenantKind != nil {
                throw PortabilityError(
                    .configuration, "the tenant of an invoice cannot be told",
                    remedy: "Put the tenant's identifier into the path, such as `{\(declared.tenantKind ?? "")}`",
                    at: .init(field: "path"))
            }
            if matches.isEmpty {
                throw PortabilityError(
                    .configuration, "nothing tells whose the invoices are",
                    remedy:
                        "Add `match`, such as `customer_number: buyer.identifiers.value`, or an identifier to the path",
                    at: .init(field: "match"))
            }
        }
        guard self.folder.hasBase(of: pattern) else {
            throw PortabilityError(
                .unavailable, "the folder of the invoices is not there, cannot be read or is a symbolic link",
                remedy: "Check the path in the configuration", at: .init(field: "path"))
        }
    }

    private static func unknown(_ kind: String, _ field: String) -> PortabilityError {
        PortabilityError(
            .configuration, "the dataset is not declared to be searched by `\(kind)`",
            remedy: "Use one of the kinds that the dataset declares", at: .init(field: field))
    }

    private static func place(_ path: String, _ layout: EntityLayout) throws -> (group: Int, field: Int) {
        var group = 0
        let names = path.split(separator: ".").map(String.init)
        for (position, name) in names.enumerated() {
            guard let index = layout.groups[group].index(of: name) else { break }
            let field = layout.groups[group].fields[index]
            if position == names.count - 1 {
                if field.kind != nil { return (group, index) }
            } else if field.kind == nil {
                group = field.group
            } else {
                break
            }
        }
        throw PortabilityError(
            .configuration, "an invoice has no field `\(path)`",
            remedy: "Name a field with its groups, such as `buyer.legal_id`", at: .init(field: "match"))
    }
}
