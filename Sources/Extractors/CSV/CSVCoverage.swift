import PortabilityModel
import SourceFiles

extension CSVSession {
    /// The columns that the headers of the files name, by the path of the datasets that read them, and the files that no
    /// dataset reads: how many there are of each kind in which folder, never their names.
    func coverage(_ depth: CoverageDepth) async throws -> [CoverageItem]? {
        var items: [CoverageItem] = []
        var paths: [String] = []
        for dataset in plan.datasets where !paths.contains(dataset.path) { paths.append(dataset.path) }
        var names: [[[UInt8]]] = paths.map { _ in [] }
        for entry in files {
            try Task.checkCancellation()
            // What cannot be read is a finding of the check.
            guard let table = (try? head(of: entry.file))?.table else { continue }
            for (index, path) in paths.enumerated()
            where entry.datasets.contains(where: { plan.datasets[$0].path == path }) {
                let known = Set(names[index])
                names[index] += table.names.filter { !known.contains($0) }
            }
        }
        for (index, path) in paths.enumerated() {
            let readers = plan.datasets.filter { $0.path == path }
            for (place, name) in names[index].enumerated() {
                items.append(
                    CoverageItem(
                        container: path,
                        // A first row that is no header holds somebody's data.
                        name: String(decoding: isTellable(name) ? name : CSVTable.name(place), as: UTF8.self),
                        use: Self.use(of: name, in: readers), candidate: readers.first?.id))
            }
        }
        return items + (try unread())
    }

    private static func use(of name: [UInt8], in datasets: [CSVPlan.Dataset]) -> CoverageItem.Use {
        for dataset in datasets {
            if let field = dataset.fields.first(where: { $0.column == name }) {
                return .exported(dataset: dataset.id, field: field.name)
            }
        }
        for dataset in datasets where dataset.recordID == name { return .exported(dataset: dataset.id, field: nil) }
        var exclusion: CoverageItem.Use?
        for dataset in datasets {
            guard let excluded = dataset.excluded.first(where: { $0.column == name }) else {
                return .exported(dataset: dataset.id, field: "other")
            }
            exclusion = exclusion ?? .excluded(excluded.ground, heldIn: excluded.heldIn)
        }
        return exclusion ?? .unknown
    }

    /// The files below the folder that no dataset reads.
    private func unread() throws -> [CoverageItem] {
        struct Key: Hashable {
            var container: String
            var use: CoverageItem.Use
        }
        let found = try CSVExtractor.find(
            PathPattern("**/*"), in: folder, limit: context.limits.files,
            at: PortabilityError.Place(source: context.source, field: "folder"))
        let read = Set(files.map(\.file.path)).union(files.map(\.file.target))
        var counts: [Key: Int] = [:]
        for file in found.files where !read.contains(file.path) && !read.contains(file.target) {
            var key = Key(container: Self.kind(of: file.path), use: .unknown)
            if let match = plan.excludedFiles.first(where: { $0.pattern.matches(file.path) }) {
                key = Key(
                    container: match.exclusion.column,
                    use: .excluded(match.exclusion.ground, heldIn: match.exclusion.heldIn))
            }
            counts[key, default: 0] += 1
        }
        return counts.sorted { $0.key.container.utf8.lexicographicallyPrecedes($1.key.container.utf8) }.map {
            CoverageItem(
                container: $0.key.container, name: nil, type: $0.value == 1 ? "1 file" : "\($0.value) files",
                use: $0.key.use)
        }
    }

    /// The folder and the end of the name of a file, each replaced by `*` if it may be a person's data.
    private static func kind(of path: [UInt8]) -> String {
        var names = path.split(separator: 0x2f)
        let last = names.removeLast()
        let parts = last.split(separator: 0x2e, omittingEmptySubsequences: false).dropFirst()
        let end = parts.suffix(parts.last.map { $0.elementsEqual("gz".utf8) } == true ? 2 : 1)
        var kind = names.map { isTellable($0) ? String(decoding: $0, as: UTF8.self) : "*" }
        kind.append("*" + end.map { isTellable($0) ? "." + String(decoding: $0, as: UTF8.self) : ".*" }.joined())
        return kind.joined(separator: "/")
    }
}
