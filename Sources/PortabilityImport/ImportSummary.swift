/// What an import did. Holds names of tables and counts, no values.
public struct ImportSummary: Hashable, Sendable {
    /// A table that got rows.
    public struct Table: Hashable, Sendable {
        public let name: String
        /// Rows that were not there before.
        public let added: Int64

        public init(name: String, added: Int64) {
            self.name = name
            self.added = added
        }
    }

    /// Documents that were written, and that were there with the same bytes.
    public struct Documents: Hashable, Sendable {
        public let added: Int64
        public let unchanged: Int64

        public init(added: Int64, unchanged: Int64) {
            self.added = added
            self.unchanged = unchanged
        }
    }

    /// In the order of their names.
    public var tables: [Table] = []
    /// Records (rows of the entities' own tables) that were not there before.
    public var added: Int64 = 0
    /// Records of archives that were imported before.
    public var unchanged: Int64 = 0
    /// Archives that were not there before; the volumes of a set are one.
    public var archivesAdded = 0
    /// Archives whose content was imported before.
    public var archivesUnchanged = 0
    /// nil if records were imported, not documents.
    public var documents: Documents?

    public init() {}
}
