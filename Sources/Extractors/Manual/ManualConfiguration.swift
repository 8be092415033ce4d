public import PortabilityModel

/// What a ``ManualExtractor`` reads.
public struct ManualConfiguration: Sendable {
    /// Whether an export is complete without somebody's word that the papers were searched.
    public enum Need: String, Sendable, CaseIterable {
        case required, optional
    }

    /// One dataset of the folder.
    public struct Dataset: Sendable {
        /// The id of its declaration.
        public var id: String
        /// The kinds of document that it takes; empty for all that no other dataset takes.
        public var kinds: [String]

        public init(id: String, kinds: [String] = []) {
            self.id = id
            self.kinds = kinds
        }
    }

    /// What is declared of the source and its datasets.
    public var declaration: SourceDeclaration
    /// The folder of one subject, with an identifier as `{kind}`, relative to the folder of the configuration.
    public var path: String
    public var attestation: Need
    /// Where a search is attested if there is no folder, with the same identifier; nil if only folders have
    /// attestations.
    public var attestationFile: String?
    public var datasets: [Dataset]

    public init(
        declaration: SourceDeclaration, path: String, attestation: Need, attestationFile: String? = nil,
        datasets: [Dataset]
    ) {
        self.declaration = declaration
        self.path = path
        self.attestation = attestation
        self.attestationFile = attestationFile
        self.datasets = datasets
    }
}
