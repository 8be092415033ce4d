/// What is kept of an archive, or of a set of volumes, beside its records.
public struct ImportedArchive: Sendable {
    /// One file: the archive, or one volume.
    public struct File: Sendable {
        /// From 1.
        public var volume: Int
        /// Of the file as it was given, lowercase hexadecimal.
        public var sha256: String
        public var bytes: Int64
        /// manifest.json, whole.
        public var manifest: [UInt8]
        /// processing-information.json, whole; nil if the archive has none.
        public var processingInformation: [UInt8]?

        public init(
            volume: Int, sha256: String, bytes: Int64, manifest: [UInt8], processingInformation: [UInt8]?
        ) {
            self.volume = volume
            self.sha256 = sha256
            self.bytes = bytes
            self.manifest = manifest
            self.processingInformation = processingInformation
        }
    }

    /// A document that the archive holds.
    public struct Document: Sendable {
        /// As in the archive, `data/documents/…`.
        public var path: String
        public var bytes: Int64
        /// Lowercase hexadecimal.
        public var sha256: String

        public init(path: String, bytes: Int64, sha256: String) {
            self.path = path
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// Digest of what the archive says and holds, whatever its formats, its container and its volumes: two archives
    /// with the same one are the same archive.
    public var contentSHA256: String
    /// Who the archive is about, as the receiver calls that person; empty if the database is about one person.
    public var person: String
    /// What tells controllers apart: the business id, or the name where there is none.
    public var controllerKey: String
    public var controller: String
    public var requestID: String
    public var right: String
    public var status: String
    /// RFC 3339 in UTC; tells which of two archives is newer.
    public var created: String
    public var language: String?
    public var formatVersion: String
    public var catalogueVersion: String?
    public var tool: String?
    /// The chain of archives that this one was converted from, JSON; nil for an original.
    public var convertedFrom: [UInt8]?
    public var setID: String?
    public var files: [File]
    public var documents: [Document]

    public init(
        contentSHA256: String, person: String, controllerKey: String, controller: String, requestID: String,
        right: String, status: String, created: String, language: String?, formatVersion: String,
        catalogueVersion: String?, tool: String?, convertedFrom: [UInt8]?, setID: String?, files: [File],
        documents: [Document]
    ) {
        self.contentSHA256 = contentSHA256
        self.person = person
        self.controllerKey = controllerKey
        self.controller = controller
        self.requestID = requestID
        self.right = right
        self.status = status
        self.created = created
        self.language = language
        self.formatVersion = formatVersion
        self.catalogueVersion = catalogueVersion
        self.tool = tool
        self.convertedFrom = convertedFrom
        self.setID = setID
        self.files = files
        self.documents = documents
    }
}

/// What is kept of a dataset beside its records.
public struct ImportedDataset: Sendable {
    public var id: String
    public var entity: String
    public var category: String
    public var status: String
    /// Records in the archive.
    public var exported: Int64
    public var label: String?
    public var source: String?
    public var role: String?
    public var origin: String?
    public var providedBy: String?
    public var means: String?
    /// A JSON array.
    public var purposes: [UInt8]?
    public var retention: String?
    /// Why it is not in the archive.
    public var ground: String?
    public var extracted: Int64?
    /// A JSON object of grounds and counts.
    public var withheld: [UInt8]?
    public var contentSHA256: String?

    public init(id: String, entity: String, category: String, status: String, exported: Int64) {
        self.id = id
        self.entity = entity
        self.category = category
        self.status = status
        self.exported = exported
    }
}
