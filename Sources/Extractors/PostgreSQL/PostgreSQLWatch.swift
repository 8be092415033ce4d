#if PostgreSQL
    import CLibPQ
    import Glibc
    import PortabilityModel
    import Synchronization

    /// What stops a session from another thread.
    final class PostgreSQLWatch: Sendable {
        let isCancelled = Atomic(false)
        /// Readable as soon as the session is cancelled.
        let wake: Int32
        private let wakeEnd: Int32
        /// Only read once it is made, so any number of threads may use it at once.
        private nonisolated(unsafe) let request: OpaquePointer

        /// - Throws: `unavailable` if there are no descriptors left.
        init(_ connection: OpaquePointer) throws(PortabilityError) {
            let (reading, writing) = try Self.pipe()
            guard let request = PQgetCancel(connection) else {
                Glibc.close(reading)
                Glibc.close(writing)
                throw PortabilityError(.unavailable, "the connection to the server was lost", remedy: "Try again")
            }
            self.request = request
            (wake, wakeEnd) = (reading, writing)
        }

        deinit {
            Glibc.close(wake)
            Glibc.close(wakeEnd)
            PQfreeCancel(request)
        }

        /// Stops the session for good: what waits for the server is woken, and the server is told.
        func cancel() {
            if isCancelled.exchange(true, ordering: .relaxed) { return }
            _ = Glibc.write(wakeEnd, "x", 1)
            _ = stopQuery(within: 5)
        }

        /// Asks the server to stop the query that runs; true if it has got the message.
        ///
        /// libpq asks over a connection of its own and knows no time limit for it, so a thread of its own does.
        func stopQuery(within seconds: Double) -> Bool {
            guard let (reading, writing) = try? Self.pipe() else { return false }
            defer { Glibc.close(reading) }
            let task = Unmanaged.passRetained(Task(watch: self, done: writing))
            var thread = pthread_t()
            let code = pthread_create(
                &thread, nil,
                { context in
                    let task = Unmanaged<Task>.fromOpaque(context.unsafelyUnwrapped).takeRetainedValue()
                    task.run()
                    return nil
                }, task.toOpaque())
            guard code == 0 else {
                task.release()
                Glibc.close(writing)
                return false
            }
            pthread_detach(thread)
            var descriptor = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            while poll(&descriptor, 1, Int32(seconds * 1000)) < 0, errno == EINTR {}
            var answer: UInt8 = 0
            return descriptor.revents & Int16(POLLIN) != 0 && Glibc.read(reading, &answer, 1) == 1 && answer == 1
        }

        private final class Task: Sendable {
            let watch: PostgreSQLWatch
            let done: Int32

            init(watch: PostgreSQLWatch, done: Int32) {
                self.watch = watch
                self.done = done
            }

            func run() {
                // What went wrong would be told in words that name the host.
                var message = [CChar](repeating: 0, count: 256)
                var answer = UInt8(PQcancel(watch.request, &message, Int32(message.count)) == 1 ? 1 : 0)
                // Nobody may be reading any more.
                send(done, &answer, 1, Int32(MSG_NOSIGNAL))
                Glibc.close(done)
            }
        }

        /// A pipe: libc's own with flags is not imported.
        private static func pipe() throws(PortabilityError) -> (reading: Int32, writing: Int32) {
            var ends: [Int32] = [-1, -1]
            let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
            guard socketpair(AF_UNIX, Int32(kind), 0, &ends) == 0 else {
                throw PortabilityError(
                    .unavailable, "no pair of sockets can be made", remedy: "Raise the limit on open files",
                    errno: errno)
            }
            return (ends[0], ends[1])
        }
    }
#endif
