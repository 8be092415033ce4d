#if PostgreSQL
    import CLibPQ
    import Glibc
    import PortabilityModel
    import Synchronization

    /// libpq's connection, never waited for without an eye on the time limit and on cancellation.
    ///
    /// Used by one task, one call after another; what other threads may do is in ``watch``.
    final class PostgreSQLLink {
        let connection: OpaquePointer
        let watch: PostgreSQLWatch
        /// Bytes that may come in before a row is complete. libpq keeps a whole row in memory, however large it is.
        private let rowBytes: Int
        private var deadline: UInt64
        /// False once the connection is of no more use.
        private(set) var isUsable = true
        private var isClosed = false
        /// True while results come row by row.
        var isSingleRow = false

        /// Nanoseconds of the monotonic clock.
        static var now: UInt64 {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        }

        private static func deadline(_ seconds: Double) -> UInt64 {
            now + UInt64(max(0, min(seconds, 1e9)) * 1e9)
        }

        // MARK: Connecting

        /// Connects, and tries again while the server refuses for the moment.
        ///
        /// - Throws: `unavailable`, `denied`, `configuration`, `CancellationError`.
        init(_ target: PostgreSQLTarget, seconds: Double, rowBytes: Int) throws {
            deadline = Self.deadline(seconds)
            self.rowBytes = rowBytes
            var pause: Int32 = 50
            while true {
                do {
                    connection = try Self.connect(target, until: deadline)
                    break
                } catch let fault as PostgreSQLFault {
                    guard fault.isTransient, Self.now + UInt64(pause) * 1_000_000 < deadline else { throw fault.error }
                    Glibc.poll(nil, 0, pause)
                    pause = min(pause * 2, 1000)
                }
            }
            do {
                watch = try PostgreSQLWatch(connection)
            } catch {
                PQfinish(connection)
                throw error
            }
        }

        deinit { close() }

        /// Closes the connection. A transaction that only read has nothing to lose.
        func close() {
            if !isClosed { PQfinish(connection) }
            isClosed = true
            isUsable = false
        }

        private static func connect(_ target: PostgreSQLTarget, until deadline: UInt64) throws -> OpaquePointer {
            guard let connection = target.start() else {
                throw PortabilityError(.unavailable, "there is no memory for a connection")
            }
            // Notices of the server may quote values, and would go to standard error.
            PQsetNoticeReceiver(connection, { _, _ in }, nil)
            // Of the server's refusal only its code is wanted, which no language changes.
            PQsetErrorVerbosity(connection, PQERRORS_SQLSTATE)
            do {
                var state = PGRES_POLLING_WRITING
                let wasAsked = PQstatus(connection) != CONNECTION_BAD
                while PQstatus(connection) != CONNECTION_BAD {
                    var descriptor = pollfd(
                        fd: PQsocket(connection),
                        events: Int16(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), revents: 0)
                    try Task.checkCancellation()
                    let now = now
                    guard now < deadline else {
                        throw PortabilityError(
                            .unavailable, "the server does not answer",
                            remedy: "Look whether it runs and can be reached, or raise connect_seconds")
                    }
                    // In short turns, as a task that connects has nothing else to be woken by.
                    let ready = Glibc.poll(&descriptor, 1, Int32(min(100, (deadline - now) / 1_000_000 + 1)))
                    if ready <= 0 { continue }
                    state = PQconnectPoll(connection)
                    if state == PGRES_POLLING_OK {
                        PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
                        return connection
                    }
                    if state == PGRES_POLLING_FAILED { break }
                }
                throw refusal(connection, wasAsked: wasAsked)
            } catch {
                PQfinish(connection)
                throw error
            }
        }

        /// Why no connection came about, from what libpq says of it. Its words name hosts, roles and databases: only
        /// known parts are looked for in them.
        ///
        /// - Parameter wasAsked: whether the parameters sufficed to ask a server.
        private static func refusal(_ connection: OpaquePointer, wasAsked: Bool) -> any Error {
            let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
            // The server's own refusal is its severity and its code, as the verbosity asks; the last host's counts.
            let words = text.split(whereSeparator: \.isWhitespace)
            if let index = words.lastIndex(where: { $0 == "FATAL:" || $0 == "ERROR:" }),
                let code = words[(index + 1)...].first, code.utf8.count == 5,
                code.utf8.allSatisfy({ $0 &- 48 < 10 || $0 &- 65 < 26 })
            {
                return PostgreSQLFault(state: String(code))
            }
            func says(_ parts: String...) -> Bool { parts.contains { text.contains($0) } }
            if PQconnectionNeedsPassword(connection) != 0 {
                return PortabilityError(
                    .denied, "the server asks for a password and there is none",
                    remedy: "Put a line for it into the file that `passfile` names (host:port:database:role:password)")
            }
            if says("root certificate file", "certificate verify failed", "does not match host name") {
                return PortabilityError(
                    .denied, "the server's certificate is not one to trust",
                    remedy: "Name the right authority with sslrootcert, and the host as its certificate does")
            }
            if says("does not support SSL") {
                return PortabilityError(
                    .denied, "the server does not speak TLS, which sslmode requires",
                    remedy: "Turn ssl on at the server")
            }
            if says("certificate", "private key file", "SSL error", "sslmode", "SSL SYSCALL") {
                return PortabilityError(
                    .unavailable, "no TLS connection to the server comes about",
                    remedy: "Check sslmode, sslrootcert, sslcert and sslkey")
            }
            if says("could not translate host name") {
                return PortabilityError(
                    .unavailable, "the server's host name is not known", remedy: "Correct the host name")
            }
            if says("definition of service", "service file") {
                return PortabilityError(
                    .configuration, "the service file has no such service, or cannot be read",
                    remedy: "Correct the name, or PGSERVICEFILE", at: .init(field: "service"))
            }
            if says("Connection refused", "No such file or directory", "No route to host", "Network is unreachable") {
                return PortabilityError(
                    .unavailable, "no server answers at that address",
                    remedy: "Start it, or correct host and port (or the folder of its socket)")
            }
            if says("Permission denied") {
                return PortabilityError(
                    .denied, "the server's socket may not be used", remedy: "Give this user the right to the socket")
            }
            // With a server that has answered, these would be words about its answer.
            if !wasAsked, says("invalid", "missing", "parameter") {
                return PortabilityError(
                    .configuration, "the connection's parameters cannot be used",
                    remedy: "Check every parameter of the URI or of the service")
            }
            return PortabilityError(
                .unavailable, "the server cannot be reached", remedy: "Check host, port and network, and try again")
        }

        // MARK: Waiting

        /// Gives the server time from now on.
        func allow(seconds: Double) { deadline = Self.deadline(seconds) }

        /// Throws what keeps the connection from being used.
        func checkUsable() throws {
            if watch.isCancelled.load(ordering: .relaxed) { throw CancellationError() }
            if !isUsable { throw PostgreSQLFault.lost }
        }

        /// The next result of what was sent, nil at its end.
        @inline(__always)
        func nextResult() throws -> OpaquePointer? {
            if PQisBusy(connection) != 0 { try wait() }
            return PQgetResult(connection)
        }

        /// Waits until libpq has a whole result.
        private func wait() throws {
            var turns = 0
            var bytes = 0
            while true {
                // Few rows take more than one turn; those that do are measured.
                if isSingleRow, turns > 4 {
                    var available: Int32 = 0
                    if ioctl(PQsocket(connection), UInt(FIONREAD), &available) == 0 { bytes += Int(available) }
                }
                // Mostly the server is ahead, and there is something to read without waiting for it.
                guard PQconsumeInput(connection) == 1 else {
                    // What the server said before it went away is still to be read.
                    if PQisBusy(connection) == 0 { return }
                    isUsable = false
                    throw PostgreSQLFault.lost
                }
                if PQisBusy(connection) == 0 { return }
                guard bytes <= rowBytes else {
                    isUsable = false
                    _ = watch.stopQuery(within: 5)
                    throw PortabilityError(
                        .limit, "a row is larger than the limit of a record",
                        remedy: "Raise the limit `record_bytes`, or leave the large column out of the query")
                }
                turns += 1
                let now = Self.now
                guard now < deadline else { throw Late() }
                var socket = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
                var wake = pollfd(fd: watch.wake, events: Int16(POLLIN), revents: 0)
                Self.poll(&socket, &wake, milliseconds: Int32(min(60_000, (deadline - now) / 1_000_000 + 1)))
                if wake.revents != 0 {
                    isUsable = false
                    throw CancellationError()
                }
            }
        }

        private static func poll(_ first: inout pollfd, _ second: inout pollfd, milliseconds: Int32) {
            var both: InlineArray<2, pollfd> = [first, second]
            var span = both.mutableSpan
            _ = span.withUnsafeMutableBufferPointer { Glibc.poll($0.baseAddress, 2, milliseconds) }
            (first, second) = (both[0], both[1])
        }

        /// Asks the server to stop what it does, and reads what it still sends. The transaction has then failed up to
        /// its last savepoint, or the query had ended already.
        func stop() {
            guard isUsable, watch.stopQuery(within: 5) else {
                isUsable = false
                return
            }
            allow(seconds: 10)
            drain()
        }

        /// Reads what the server still sends.
        func drain() {
            do {
                while let result = try nextResult() {
                    let status = PQresultStatus(result)
                    PQclear(result)
                    if PQstatus(connection) == CONNECTION_BAD || status == PGRES_COPY_OUT { isUsable = false }
                    if !isUsable { return }
                }
            } catch {
                isUsable = false
            }
        }

        /// The time is up.
        struct Late: Error {}

        // MARK: Asking

        /// Runs commands without parameters and returns the last one's rows, NULL as nil.
        @discardableResult
        func run(_ commands: String) throws -> [[String?]] {
            try checkUsable()
            guard PQsendQuery(connection, commands) == 1 else { throw sendFault() }
            return try rows()
        }

        /// Runs a query of our own with parameters as text.
        func ask(_ query: String, _ values: [String]) throws -> [[String?]] {
            try checkUsable()
            let sent = Self.withPointers(values) { pointers in
                PQsendQueryParams(connection, query, Int32(values.count), nil, pointers, nil, nil, 0)
            }
            guard sent == 1 else { throw sendFault() }
            return try rows()
        }

        /// Hands out an array of C strings.
        static func withPointers<Result>(
            _ values: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
        ) -> Result {
            let pointers = values.map { $0.flatMap { UnsafePointer(strdup($0)) } }
            defer { for pointer in pointers { free(UnsafeMutablePointer(mutating: pointer)) } }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }

        func sendFault() -> PostgreSQLFault {
            isUsable = false
            return .lost
        }

        /// The rows of the last result, NULL as nil.
        private func rows() throws -> [[String?]] {
            var rows: [[String?]] = []
            try collect { result in
                rows = (0..<PQntuples(result)).map { row in
                    (0..<PQnfields(result)).map { column in
                        PQgetisnull(result, row, column) != 0
                            ? nil : PQgetvalue(result, row, column).map { String(cString: $0) }
                    }
                }
            }
            return rows
        }

        /// Reads all results; the first refusal is thrown when the others have been read.
        func collect(query: String? = nil, _ body: (OpaquePointer) -> Void) throws {
            var fault: PostgreSQLFault?
            do {
                while let result = try nextResult() {
                    defer { PQclear(result) }
                    if let found = self.fault(of: result, query: query) {
                        fault = fault ?? found
                        if !isUsable { throw found }
                    } else {
                        body(result)
                    }
                }
            } catch is Late {
                stop()
                throw Late()
            }
            if let fault { throw fault }
        }

        /// The server's refusal, nil if the result is none.
        func fault(of result: OpaquePointer, query: String? = nil) -> PostgreSQLFault? {
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY, PGRES_NONFATAL_ERROR:
                return nil
            default: break
            }
            func field(_ code: Unicode.Scalar) -> String? {
                PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
            }
            // Without a code it is libpq that failed, because the connection did.
            var fault = PostgreSQLFault(state: field("C") ?? "")
            if let query, let position = field("P").flatMap({ Int($0) }) {
                fault.word = PostgreSQLFault.word(of: query, at: position)
            }
            fault.isPreparing = query != nil
            if fault.endsSession || PQstatus(connection) == CONNECTION_BAD { isUsable = false }
            return fault
        }
    }
#endif
