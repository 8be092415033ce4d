public import PortabilityModel

/// How the archives of a batch are to be made, beside their requests.
///
/// What a person decides on one archive is not among it: that nothing is held, volumes, and that an archive is replaced.
/// Such a request is run alone. A review is taken from `ID.review.json` in the folder, if all of it is decided.
public struct BatchOptions: Sendable {
    /// The creation time of all archives, seconds since 1970; nil asks the clock for each.
    public var created: Int64?
    /// Formats of all archives; nil: each request's own.
    public var formats: [Format]?
    /// For whom all archives are encrypted; nil leaves them plain zips. Their names then end with `.zip.age`.
    public var encryption: ArchiveEncryption?
    /// Signs all archives; nil leaves them unsigned.
    public var signingKey: SigningKey?
    /// Whether the receipt of each goes beside it, `ID.zip.receipt.json`.
    public var writesReceipts = true
    /// Whether the list of what somebody must look at goes beside the place of the archive that was not made,
    /// `ID.review.json`.
    public var writesReviewLists = true
    /// How many requests are on their way at a time; nil: two more than the engine has workers. Bounds memory: that of
    /// an export times this.
    public var inFlight: Int?
    /// Archives that are brought to the disk together before any of them gets its name, at most.
    public var groupCount = 64
    /// Bytes of archives after which they are brought to the disk.
    public var groupBytes: Int64 = 256 << 20
    /// Seconds that a finished archive waits for others, about.
    public var groupSeconds = 2.0

    public init(created: Int64? = nil) { self.created = created }

    /// The options of each single export.
    func export(_ name: String, in folder: String) -> ExportOptions {
        var options = ExportOptions(created: created)
        options.encryption = encryption
        options.signingKey = signingKey
        if writesReceipts { options.receiptPath = joinPath(folder, "\(fileName(name)).receipt.json") }
        if writesReviewLists { options.reviewListPath = joinPath(folder, "\(name).review.json") }
        return options
    }

    /// The name of a request's archive.
    func fileName(_ id: String) -> String { encryption == nil ? "\(id).zip" : "\(id).zip.age" }
}
