import Synchronization

/// The time that the readers of one archive have left together.
final class ReadBudget: Sendable {
    private let clock: ReadClock
    private let limit: Duration
    /// Nanoseconds.
    private let spent = Atomic<Int64>(0)

    init(limit: Duration, clock: ReadClock) {
        self.clock = clock
        self.limit = limit
    }

    /// One stretch of work.
    struct Watch {
        fileprivate var last: Duration
    }

    /// Begins a stretch of work.
    func watch() -> Watch { Watch(last: clock.now()) }

    /// Counts the time since the watch was last looked at. Returns the finding if there is none left.
    func overrun(_ watch: inout Watch) -> VerificationFinding? {
        let now = clock.now()
        let (seconds, attoseconds) = max(now - watch.last, .zero).components
        watch.last = now
        let step = Int64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let nanoseconds = step.overflow ? Int64.max / 4 : min(step.partialValue, .max / 4) + attoseconds / 1_000_000_000
        let total = spent.wrappingAdd(nanoseconds, ordering: .relaxed).newValue
        // Once there is an overflow the total is negative, and stays an overrun.
        guard total < 0 || Duration.nanoseconds(total) > limit else { return nil }
        return VerificationFinding(
            .limit, "reading the archive takes longer than the limit of \(limit.components.seconds) s")
    }
}
