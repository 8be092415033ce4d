import Glibc
import Synchronization

/// Turns SIGINT and SIGTERM into a call on a thread of its own, so that a run can end in order.
final class SignalWatch: Sendable {
    private let state = Mutex((received: Int32?.none, action: (@Sendable () -> Void)?.none))

    /// Blocks both signals in this thread and all that it starts; call before any other thread exists.
    init() {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        var thread = pthread_t()
        let box = Unmanaged.passRetained(self)
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<SignalWatch>.fromOpaque(argument).takeRetainedValue().wait()
                return nil
            }, box.toOpaque())
        pthread_detach(thread)
    }

    /// The signal that came, if one did.
    var received: Int32? { state.withLock { $0.received } }

    /// What to do when a signal comes; at once if it has come already.
    func onSignal(_ action: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.action = action
            return state.received != nil
        }
        if isLate { action() }
    }

    private func wait() {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        while true {
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            let (action, isSecond) = state.withLock { state in
                let isSecond = state.received != nil
                state.received = number
                return (state.action, isSecond)
            }
            // Whoever asks twice wants out: the temporary file is swept by the next run.
            if isSecond { _exit(128 + number) }
            action?()
        }
    }
}
