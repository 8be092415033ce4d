import PortabilityModel
import SourceFiles

/// The folders of scans, read on demand.
struct ManualSession: ExtractionSession {
    let context: ExtractionContext
    let configuration: ManualConfiguration
    let layout: EntityLayout
    let paths: ManualPaths
    let digest: DigestFactory

    func check() async throws -> [Finding] {
        [(paths.files, "path"), (paths.attestation, "attestation_file")].compactMap { place, key in
            guard let place, !place.folder.hasBase(of: place.pattern) else { return nil }
            return Finding(
                .unreadable, "the folder cannot be opened", at: .init(source: context.source, field: key))
        }
    }

    /// Descriptions have a closed list of keys; there is nothing else that could be forgotten.
    func coverage(_ depth: CoverageDepth) async throws -> [CoverageItem]? {
        guard let dataset = configuration.datasets.first?.id else { return [] }
        let scan = CoverageItem(container: "scan", name: nil, use: .exported(dataset: dataset, field: "path"))
        return [scan]
            + ScanDescription.keys.map {
                CoverageItem(container: "description", name: $0.key, use: .exported(dataset: dataset, field: $0.field))
            }
    }

    /// Which dataset a scan belongs to stands in its description, so that only one dataset's can be counted.
    func estimate(_ dataset: String, for subject: SubjectKeys) async throws -> Int64? {
        guard configuration.datasets.count == 1 else { return nil }
        var count: Int64 = 0
        for value in subject[paths.kind] {
            let found = try paths.files.find(value, kind: paths.kind, limit: context.limits.files)
            count += Int64(found.files.count { ManualFile($0, ordinal: 0).scanType != nil })
        }
        return count
    }

    func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
        for id in request.datasets where !configuration.datasets.contains(where: { $0.id == id }) {
            throw PortabilityError(.configuration, "the source has no such dataset", at: .init(dataset: id))
        }
        var run = ManualRun(session: self, request: request)
        return try await run.read(into: sink)
    }

    func close() async {}
}
