import Glibc

/// POSIX threads that do one thing each: reading and unpacking block, and Swift's cooperative threads are few.
package final class WorkThreads: @unchecked Sendable {
    // Unchecked: what changes after the beginning is read and written under the lock.
    private let monitor = Monitor()
    private var running = 0
    /// How many were started.
    package private(set) var count = 0
    /// Why the system gave no more; 0 if it gave all.
    package private(set) var errno: Int32 = 0

    /// What a thread is given. The threads hold what they work on, and nobody holds it for them.
    private final class Beginning {
        let threads: WorkThreads
        let body: @Sendable () -> Void

        init(_ threads: WorkThreads, _ body: @escaping @Sendable () -> Void) {
            self.threads = threads
            self.body = body
        }
    }

    /// Starts the threads.
    ///
    /// - Parameter otherwise: called on this thread if the system does not give as many.
    package init(count: Int, otherwise: () -> Void = {}, _ body: @escaping @Sendable () -> Void) {
        while self.count < count {
            monitor.withLock { running += 1 }
            var thread = pthread_t()
            let beginning = Unmanaged.passRetained(Beginning(self, body))
            errno = pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    let beginning = Unmanaged<Beginning>.fromOpaque(argument).takeRetainedValue()
                    beginning.body()
                    beginning.threads.end()
                    return nil
                }, beginning.toOpaque())
            if errno != 0 {
                beginning.release()
                monitor.withLock { running -= 1 }
                otherwise()
                return
            }
            pthread_detach(thread)
            self.count += 1
        }
    }

    private func end() {
        monitor.withLock {
            running -= 1
            monitor.wake()
        }
    }

    /// Waits until all have ended, and calls back from time to time.
    package func wait(_ tick: () -> Void = {}) {
        while monitor.withLock({
            if running > 0 { monitor.wait(milliseconds: 100) }
            return running > 0
        }) {
            tick()
        }
    }
}
