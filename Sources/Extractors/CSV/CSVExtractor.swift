public import PortabilityModel
import SourceFiles

/// Reads a folder of CSV exports, plain, gzip or zstd, of any size, in one pass for all datasets.
///
/// **Whose a row is.** The unique identifiers of a dataset's `match` are looked at in their order. The first of a kind of
/// which the subject has values decides: the row is the subject's if the value is one of them, else it is not. A row
/// without any unique identifier is the subject's if another identifier is one of the subject's. Values are compared
/// whole and as text.
///
/// **What is not well-formed** is a finding, and the rest is read on. A row with too few cells lacks the last; what it
/// has too many is carried under `column_` and its place. Such a row of several lines is not given out, nor one in which
/// text stands after the closing quote of a cell of several lines: there a quote may be missing, so that the cell holds
/// other people's rows. Rows that are larger than the limit, and what follows a quote that is never closed, are lost.
///
/// **What nobody declared** (delimiter, encoding) is found out from each file's beginning and told as a finding.
///
/// Memory does not grow with the files: a block, the longest row allowed, and one batch a dataset.
public struct CSVExtractor: Extractor {
    private let configuration: CSVConfiguration
    private let digest: DigestFactory

    public var declaration: SourceDeclaration { configuration.declaration }

    /// - Parameter digest: SHA-256, for the keys of rows that have none.
    public init(configuration: CSVConfiguration, digest: @escaping DigestFactory) {
        self.configuration = configuration
        self.digest = digest
    }

    /// Looks the configuration up in the catalogue and lists the files.
    ///
    /// - Throws: `configuration`; `unavailable` if no file matches a dataset's path and the source is not optional;
    ///   `denied` if a folder may not be listed; `limit` if more files match than allowed.
    public func open(_ context: ExtractionContext) async throws -> any ExtractionSession {
        let plan = try CSVPlan(configuration, catalogue: context.catalogue, source: context.source)
        let place = PortabilityError.Place(source: context.source, field: "folder")
        let folder: SourceFolder
        do {
            folder = try SourceFolder(
                path: configuration.folder.hasPrefix("/")
                    ? configuration.folder : context.baseDirectory + "/" + configuration.folder, links: .followedBelow)
        } catch {
            throw error.within(place)
        }
        var files: [FoundFile: [Int]] = [:]
        var links = 0
        for (index, dataset) in plan.datasets.enumerated() {
            let place = PortabilityError.Place(source: context.source, dataset: dataset.id, field: "path")
            let found = try Self.find(dataset.pattern, in: folder, limit: context.limits.files, at: place)
            links += found.links
            if found.files.isEmpty, !configuration.isOptional {
                throw PortabilityError(
                    .unavailable, "no file matches the path",
                    remedy: "Correct `path`, which is relative to `folder`, or mark the source as optional", at: place)
            }
            for file in found.files { files[file, default: []].append(index) }
        }
        return CSVSession(
            context: context, configuration: configuration, plan: plan, folder: folder,
            files: files.sorted { $0.key.path.lexicographicallyPrecedes($1.key.path) }
                .map { (file: $0.key, datasets: $0.value) },
            links: links, digest: digest)
    }

    static func find(
        _ pattern: PathPattern, in folder: SourceFolder, limit: Int, at place: PortabilityError.Place
    ) throws -> FoundFiles {
        let found = try folder.find(pattern, limit: limit)
        if found.isOverLimit {
            throw PortabilityError(
                .limit, "more than \(limit) files match", remedy: "Narrow the path, or raise the limit `files`",
                at: place)
        }
        if found.unreadable > 0 {
            throw PortabilityError(
                found.errno == 13 ? .denied : .unavailable, "a folder of the exports cannot be listed",
                remedy: "Give the user that runs the export permission to read it", at: place, errno: found.errno)
        }
        return found
    }
}
