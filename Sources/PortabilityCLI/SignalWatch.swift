import Glibc
import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP (a terminal that went away) into a call, so that a run can end in order.
///
/// The main thread waits for them. An asynchronous `main` would leave it to the system's queue library, which sleeps
/// there with every signal let through, so that the first one ends the process.
final class SignalWatch: Sendable {
    private let state = Mutex(Int32?.none)

    /// Blocks both signals in this thread and all that it starts; call before any other thread exists.
    init() {
        var set = Self.signals
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// The signal that came, if one did.
    var received: Int32? { state.withLock { $0 } }

    /// Waits for signals until the process ends, and calls back at the first.
    func watch(_ action: () -> Void) -> Never {
        var set = Self.signals
        while true {
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            let isSecond = state.withLock { received in
                defer { received = number }
                return received != nil
            }
            // Whoever asks twice wants out: the temporary file is swept by the next run.
            if isSecond { _exit(128 + number) }
            action()
        }
    }

    private static var signals: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGHUP)
        return set
    }
}
