import PortabilityModel

extension ExtractorRegistry.Kind {
    /// A system of which somebody looked and says that no personal data are in it: told, so that it is not forgotten.
    static let noPersonalData = ExtractorRegistry.Kind(name: "none", keys: ["reason"]) { source, _, id in
        for key in ["tenant", "exclude"] {
            if let value = source[key] {
                throw value.error(
                    "a source without personal data has no `\(key)`", remedy: "Remove it; `reason` says it all")
            }
        }
        let reason = try source.required("reason", because: "Say why no personal data are in it: fi, sv and en")
        return ConfiguredSource(
            extractor: NoPersonalDataExtractor(
                declaration: SourceDeclaration(
                    id: id, kind: "none", role: try source["role"]?.choice(Role.self) ?? .controller, datasets: [],
                    noPersonalData: try reason.localized())),
            readsTogether: true)
    }
}

/// A source that is named and never read.
struct NoPersonalDataExtractor: Extractor {
    let declaration: SourceDeclaration

    func open(_ context: ExtractionContext) async throws -> any ExtractionSession { Session(source: context.source) }

    private struct Session: ExtractionSession {
        let source: String

        func coverage(_ depth: CoverageDepth) async throws -> [CoverageItem]? {
            [CoverageItem(container: source, name: nil, use: .excluded(.notPersonal, heldIn: nil))]
        }

        func extract(_ request: ExtractionRequest, into sink: any RecordSink) async throws -> ExtractionEnd {
            if let id = request.datasets.first {
                throw PortabilityError(.configuration, "the source has no such dataset", at: .init(dataset: id))
            }
            return ExtractionEnd(records: [])
        }

        func close() async {}
    }
}
