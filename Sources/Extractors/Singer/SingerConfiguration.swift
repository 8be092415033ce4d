public import PortabilityModel

/// What a Singer source is: which tap, how it is run, and what becomes of its streams.
public struct SingerConfiguration: Sendable {
    /// An identifier that records of a stream carry.
    public struct Match: Sendable {
        /// The kind of identifier.
        public var kind: String
        /// Where it stands in a record, names joined by dots.
        public var path: String
        /// True if the kind names one person. See ``SingerExtractor`` for what that decides.
        public var isUnique: Bool

        public init(kind: String, path: String, isUnique: Bool) {
            self.kind = kind
            self.path = path
            self.isUnique = isUnique
        }
    }

    /// Which records a dataset takes: those in which a path has one of some values.
    public struct Filter: Sendable {
        public var path: String
        public var values: [String]

        public init(path: String, values: [String]) {
            self.path = path
            self.values = values
        }
    }

    /// A dataset that is made from a stream. Several may be made from one.
    ///
    /// Paths that the dataset's declaration excludes are left out with everything below them; what is neither mapped
    /// nor excluded becomes an `other` field.
    public struct Dataset: Sendable {
        /// The id in the declaration.
        public var id: String
        /// The stream's name as the tap's messages have it, or its `tap_stream_id` in the catalogue.
        public var stream: String
        public var match: [Match]
        /// Catalogue fields (groups joined by dots) and the path in a record that each takes its value from.
        public var fields: [(field: String, path: String)]
        /// Where a record has its key; empty means the stream's own `key_properties`.
        public var recordID: [String]
        /// Where a record has its tenant, for processor-role data.
        public var tenant: String?
        /// nil takes every record.
        public var filter: Filter?

        public init(
            id: String, stream: String, match: [Match], fields: [(field: String, path: String)],
            recordID: [String] = [], tenant: String? = nil, filter: Filter? = nil
        ) {
            self.id = id
            self.stream = stream
            self.match = match
            self.fields = fields
            self.recordID = recordID
            self.tenant = tenant
            self.filter = filter
        }
    }

    public var declaration: SourceDeclaration
    /// The program and its arguments, given to it as they are: no shell reads them.
    public var command: [String]
    /// The tap's own configuration, handed over as `--config`. It may hold secrets, so that a file that others than
    /// its owner can read is refused.
    public var configFile: String?
    /// A catalogue to start from instead of the one that the tap gives with `--discover`.
    public var catalogueFile: String?
    /// False for a tap that knows no `--discover`. Without a catalogue file it is then run without `--catalog`.
    public var discovers: Bool
    /// Names of environment variables that the tap gets beside `PATH`, `HOME`, `LANG` and `TZ`.
    public var environment: [String]
    /// How long one run of the tap may take, in seconds, counting only the time in which we wait for it. A tap that never
    /// lets us wait is stopped after four times that.
    public var timeoutSeconds: Double
    /// How long it may print nothing.
    public var silenceSeconds: Double
    /// Where the last STATE of a run that went well is kept.
    public var stateFile: String?
    /// Whether the kept state is handed over, so that the tap gives only what is newer.
    public var resumes: Bool
    public var datasets: [Dataset]

    public init(
        declaration: SourceDeclaration, command: [String], configFile: String? = nil, catalogueFile: String? = nil,
        discovers: Bool = true, environment: [String] = [], timeoutSeconds: Double = 3600,
        silenceSeconds: Double = 600, stateFile: String? = nil, resumes: Bool = false, datasets: [Dataset]
    ) {
        self.declaration = declaration
        self.command = command
        self.configFile = configFile
        self.catalogueFile = catalogueFile
        self.discovers = discovers
        self.environment = environment
        self.timeoutSeconds = timeoutSeconds
        self.silenceSeconds = silenceSeconds
        self.stateFile = stateFile
        self.resumes = resumes
        self.datasets = datasets
    }
}
