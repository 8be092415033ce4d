/// What is to become of the indexes of a source.
public enum IndexTask: String, Sendable, CaseIterable {
    /// Look which there are, and whether they are believed.
    case list
    /// Make those that are missing or not believed.
    case build
    /// Make each anew, apart, and compare: everything it says is then proved.
    case check
    /// Remove those whose file is gone, and those that are not believed.
    case prune
}

/// What became of the indexes of a source.
public struct IndexReport: Sendable {
    /// Of one of the source's files.
    public struct File: Sendable, Hashable {
        public enum State: String, Sendable, CaseIterable {
            /// There is an index, and exports use it.
            case current
            /// It was made now.
            case built
            /// It was checked now, and everything that it says is right.
            case proved
            /// There is none.
            case missing
            /// There is one that exports do not believe; see ``File/reason``.
            case stale
            /// It was removed now.
            case removed
            /// None was made; see ``File/reason``.
            case refused
        }
        /// The file's ordinal in the order of reading, 1-based; its name is not told, as it may be a person's.
        public var ordinal: Int
        public var state: State
        /// Bytes of the index; 0 if there is none (any more).
        public var bytes: Int64
        /// Bytes of the file's text, inflated; nil if that is not known.
        public var textBytes: Int64?
        /// Why it is stale, or was refused.
        public var reason: String?

        public init(ordinal: Int, state: State, bytes: Int64 = 0, textBytes: Int64? = nil, reason: String? = nil) {
            self.ordinal = ordinal
            self.state = state
            self.bytes = bytes
            self.textBytes = textBytes
            self.reason = reason
        }
    }

    public var files: [File]
    /// Indexes whose file is gone, and their bytes: those that are there, or after ``IndexTask/prune`` those that were.
    public var orphans: Int
    public var orphanBytes: Int64

    public init(files: [File], orphans: Int = 0, orphanBytes: Int64 = 0) {
        self.files = files
        self.orphans = orphans
        self.orphanBytes = orphanBytes
    }

    /// Indexes that there are now, and their bytes.
    public var count: Int { files.count { $0.bytes > 0 } }
    public var bytes: Int64 { files.reduce(0) { $0 + $1.bytes } }
}
