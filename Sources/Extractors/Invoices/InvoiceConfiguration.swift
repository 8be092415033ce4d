public import PortabilityModel

/// What an ``InvoiceExtractor`` reads.
public struct InvoiceConfiguration: Sendable {
    /// Who issued the invoices of a dataset, seen from the subject.
    public enum Direction: String, Sendable, CaseIterable {
        case issued, received
    }

    /// How the records of a dataset are told to be the subject's.
    public struct Match: Sendable {
        /// The kind of identifier.
        public var kind: String
        /// The field of the invoice that holds its value, names joined by dots (`buyer.legal_id`,
        /// `buyer.identifiers.value`); any element of a list may have it.
        public var field: String

        public init(kind: String, field: String) {
            self.kind = kind
            self.field = field
        }
    }

    /// One dataset: files, and what they are.
    public struct Dataset: Sendable {
        /// The id of its declaration.
        public var id: String
        /// Where the files lie, relative to the folder of the configuration: with `*`, `?`, `[…]` and `**`, or with an
        /// identifier as `{kind}`, whose value is (part of) the name of one folder or file.
        public var path: String
        public var direction: Direction
        /// For paths without an identifier: which invoices are the subject's. The first that fits gives the key.
        public var match: [Match]
        /// Whether the file as received is given out as a document.
        public var keepOriginals: Bool
        /// Whether attachments are given out as documents.
        public var attachments: Bool

        public init(
            id: String, path: String, direction: Direction, match: [Match] = [], keepOriginals: Bool = true,
            attachments: Bool = true
        ) {
            self.id = id
            self.path = path
            self.direction = direction
            self.match = match
            self.keepOriginals = keepOriginals
            self.attachments = attachments
        }
    }

    /// What is declared of the source and its datasets.
    public var declaration: SourceDeclaration
    public var datasets: [Dataset]

    public init(declaration: SourceDeclaration, datasets: [Dataset]) {
        self.declaration = declaration
        self.datasets = datasets
    }
}
