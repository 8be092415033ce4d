/// How much of a foreign archive is read before it is refused.
public struct ReadLimits: Hashable, Sendable {
    /// The most entries.
    public var entries: Int
    /// The longest name, in bytes.
    public var nameLength: Int
    /// The most folders that one name leads through.
    public var depth: Int
    /// The largest entry, in plain bytes.
    public var entrySize: Int64
    /// The largest sum of all entries, in plain bytes.
    public var totalSize: Int64
    /// The most plain bytes for a packed one, of an entry and of the whole archive. Deflate can reach 1032; text of
    /// records stays below 100.
    public var ratio: Int64
    /// The ratio does not matter for entries and archives of at most this many plain bytes.
    public var ratioFloor: Int64
    /// The largest manifest or other tag file that is held in memory, in bytes.
    public var tagFileSize: Int64
    /// The most findings that are listed.
    public var findings: Int
    /// The most time that the reader of an archive itself may take, over all entries and threads: to get the bytes
    /// and to unpack them. What others do with them does not count.
    public var time: Duration

    /// Limits; the defaults take any archive this project would write of a person's data.
    public init(
        entries: Int = 200_000, nameLength: Int = 512, depth: Int = 64, entrySize: Int64 = 1 << 40,
        totalSize: Int64 = 1 << 42, ratio: Int64 = 500, ratioFloor: Int64 = 64 << 20, tagFileSize: Int64 = 256 << 20,
        findings: Int = 1000, time: Duration = .seconds(24 * 3600)
    ) {
        self.entries = entries
        self.nameLength = nameLength
        self.depth = depth
        self.entrySize = entrySize
        self.totalSize = totalSize
        self.ratio = ratio
        self.ratioFloor = ratioFloor
        self.tagFileSize = tagFileSize
        self.findings = findings
        self.time = time
    }

    func isTooLarge(_ size: Int64) -> Bool { size > entrySize }

    func isTooDense(_ size: Int64, packed: Int64) -> Bool { size > ratioFloor && size / max(1, ratio) > packed }
}

/// Tells how time passes, for ``ReadLimits/time``.
public struct ReadClock: Sendable {
    /// The time since a moment that stays the same.
    public let now: @Sendable () -> Duration

    /// A clock of one's own.
    public init(now: @escaping @Sendable () -> Duration) { self.now = now }

    /// The system's clock that never goes back.
    public static let monotonic: ReadClock = {
        let start = ContinuousClock.now
        return ReadClock { start.duration(to: .now) }
    }()
}
