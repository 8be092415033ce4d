#if MariaDB
    import Glibc
    import Synchronization

    /// Ends what runs on the server when its time is up or the caller has cancelled.
    ///
    /// The connection itself cannot be asked while a query runs on it, and a limit of the server's own
    /// (`max_statement_time`) would count the time that it waits for us. So a thread waits for the deadline, and ends the
    /// query through a second, short connection. If that does not help soon, it shuts the connection's socket down, which
    /// ends every wait on it.
    final class MariaDBWatch: @unchecked Sendable {
        // Unchecked: everything that changes is guarded by the lock.

        /// Seconds that a killed query has until the socket is shut down.
        private static let grace = 5.0

        private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private let signal = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        private var thread = pthread_t()
        /// Ends the query, or with `all` the connection; on the watch's thread. False if it could not.
        private let kill: @Sendable (_ all: Bool) -> Bool
        private var descriptor: Int32

        /// Nanoseconds of the monotonic clock; `max` for none.
        private var deadline = UInt64.max
        /// Until when the thread sleeps.
        private var sleepsUntil = UInt64.max
        /// When the socket is to be shut down; `max` for never.
        private var ultimatum = UInt64.max
        private var isBusy = false
        private var isRunning = false
        private var hasCancelled = false
        private var isCancelHandled = false
        private var isLate = false
        private var isKilling = false
        private var isStopped = false

        init(descriptor: Int32, kill: @escaping @Sendable (_ all: Bool) -> Bool) {
            self.descriptor = descriptor
            self.kill = kill
            pthread_mutex_init(lock, nil)
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(signal, &attributes)
            pthread_condattr_destroy(&attributes)
        }

        deinit {
            pthread_cond_destroy(signal)
            pthread_mutex_destroy(lock)
            lock.deallocate()
            signal.deallocate()
        }

        /// Starts the thread. False if there can be none.
        func start() -> Bool {
            let context = Unmanaged.passRetained(self)
            let code = pthread_create(
                &thread, nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<MariaDBWatch>.fromOpaque(context).takeRetainedValue().run()
                    return nil
                }, context.toOpaque())
            if code != 0 { context.release() }
            return code == 0
        }

        /// Ends the thread. The descriptor is not touched afterwards.
        func stop() {
            locked {
                isStopped = true
                descriptor = -1
                pthread_cond_broadcast(signal)
            }
            pthread_join(thread, nil)
        }

        var isCancelled: Bool { locked { hasCancelled } }

        /// Everything is to end. From any thread.
        func cancel() {
            locked {
                hasCancelled = true
                pthread_cond_broadcast(signal)
            }
        }

        /// From now on the server works for us, for so many seconds at most. False if the caller has cancelled.
        func begin(seconds: Double) -> Bool {
            locked {
                if hasCancelled { return false }
                deadline = Self.now + UInt64(max(0, min(seconds, 1e9)) * 1e9)
                isBusy = true
                isLate = false
                // Seldom: the thread sleeps until a deadline that is over, and then finds the one that stands.
                if deadline < sleepsUntil { pthread_cond_broadcast(signal) }
                return true
            }
        }

        /// The server's work is done, or there is no more need to wait for it. True if its time was up.
        func end() -> Bool {
            locked {
                // A kill on its way must not hit the next query.
                while isKilling { pthread_cond_wait(signal, lock) }
                isBusy = false
                deadline = .max
                if !hasCancelled { ultimatum = .max }
                return isLate
            }
        }

        /// Whether a query has rows left on the server, which is to be ended even if nobody waits for it.
        func setRunning(_ value: Bool) { locked { isRunning = value } }

        /// Shuts the connection down, so that every read on it ends.
        func shutDown() { locked { shutDownLocked() } }

        private func shutDownLocked() {
            if descriptor >= 0 { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }

        private func run() {
            pthread_mutex_lock(lock)
            defer { pthread_mutex_unlock(lock) }
            while !isStopped {
                let now = Self.now
                if hasCancelled, !isCancelHandled {
                    isCancelHandled = true
                    if isBusy || isRunning { end(all: true) }
                    continue
                }
                if isBusy, !isLate, now >= deadline {
                    isLate = true
                    end(all: false)
                    continue
                }
                if now >= ultimatum {
                    ultimatum = .max
                    if isBusy || isRunning { shutDownLocked() }
                }
                sleepsUntil = min(isBusy && !isLate ? deadline : .max, ultimatum)
                if sleepsUntil == .max {
                    pthread_cond_wait(signal, lock)
                } else {
                    var time = timespec(
                        tv_sec: Int(sleepsUntil / 1_000_000_000), tv_nsec: Int(sleepsUntil % 1_000_000_000))
                    pthread_cond_timedwait(signal, lock, &time)
                }
            }
        }

        /// Kills what runs, the lock being held before and after and not while it happens.
        private func end(all: Bool) {
            isKilling = true
            pthread_mutex_unlock(lock)
            let isDone = kill(all)
            pthread_mutex_lock(lock)
            isKilling = false
            ultimatum = isDone ? Self.now + UInt64(Self.grace * 1e9) : Self.now
            pthread_cond_broadcast(signal)
        }

        private func locked<Result>(_ body: () -> Result) -> Result {
            pthread_mutex_lock(lock)
            defer { pthread_mutex_unlock(lock) }
            return body()
        }

        private static var now: UInt64 {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        }
    }
#endif
