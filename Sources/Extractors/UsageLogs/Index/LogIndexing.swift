import Glibc
public import PortabilityModel

/// What indexes of logs are made with.
public struct LogIndexing: Sendable {
    /// Makes the key. Asked when there is an index to be read or made, and not before.
    public var key: @Sendable () throws -> any PageSealing
    /// The time, in nanoseconds since 1970; by it is told whether a log was changed a moment ago.
    public var clock: @Sendable () -> Int64
    /// Postings, of eight bytes, that are sorted in memory at once; twice as much memory is used.
    public var postingsAtOnce = 2 << 20

    public init(
        key: @escaping @Sendable () throws -> any PageSealing, clock: @escaping @Sendable () -> Int64 = { systemTime() }
    ) {
        self.key = key
        self.clock = clock
    }

    /// The system's time, in nanoseconds since 1970.
    public static func systemTime() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
