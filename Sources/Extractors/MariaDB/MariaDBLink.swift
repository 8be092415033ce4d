#if MariaDB
    import CMariaDB
    import Glibc

    /// One connection of MariaDB Connector/C: the only file that sees the library. Used by one thread at a time.
    final class MariaDBLink: @unchecked Sendable {
        // Unchecked: the handle is used by one thread at a time, which the connection sees to.

        struct Options: Sendable {
            var address: MariaDBAddress
            var password: String?
            var connectSeconds: Double
            /// Most bytes of a row.
            var packetBytes: Int
        }

        fileprivate let handle: UnsafeMutablePointer<MYSQL>
        /// The server's number of this connection.
        let threadID: UInt64
        /// The connection's descriptor, to be shut down from another thread.
        let descriptor: Int32

        private static let isReady = mysql_server_init(0, nil, nil) == 0

        /// Connects.
        init(_ options: Options) throws(MariaDBFault) {
            guard Self.isReady, let handle = mysql_init(nil) else {
                throw MariaDBFault(number: 2008, stage: .connecting)
            }
            do throws(MariaDBFault) {
                try Self.connect(handle, options)
            } catch {
                mysql_close(handle)
                throw error
            }
            self.handle = handle
            threadID = UInt64(mysql_thread_id(handle))
            descriptor = mysql_get_socket(handle)
        }

        private static func connect(_ handle: UnsafeMutablePointer<MYSQL>, _ options: Options) throws(MariaDBFault) {
            func set(_ option: mysql_option, _ value: UInt32) {
                withUnsafePointer(to: value) { _ = mysql_options(handle, option, $0) }
            }
            func set(_ option: mysql_option, _ value: Bool) {
                var flag: my_bool = value ? 1 : 0
                _ = mysql_options(handle, option, &flag)
            }
            func set(_ option: mysql_option, _ value: String) {
                _ = value.withCString { mysql_options(handle, option, $0) }
            }
            let address = options.address
            let tls = address.effectiveTLS
            let seconds = UInt32(max(1, min(options.connectSeconds.rounded(.up), 86_400)))
            // Until the server has let us in, every read and write has this limit; afterwards the watch counts.
            set(MYSQL_OPT_CONNECT_TIMEOUT, seconds)
            set(MYSQL_OPT_RECONNECT, false)
            set(MYSQL_OPT_LOCAL_INFILE, UInt32(0))
            set(MYSQL_SET_CHARSET_NAME, "utf8mb4")
            set(MYSQL_REPORT_DATA_TRUNCATION, true)
            var bytes = UInt(options.packetBytes)
            _ = mysql_options(handle, MYSQL_OPT_MAX_ALLOWED_PACKET, &bytes)
            if let file = address.optionFile {
                set(MYSQL_READ_DEFAULT_FILE, file)
                set(MYSQL_READ_DEFAULT_GROUP, "client")
            }
            set(MYSQL_OPT_SSL_ENFORCE, tls != .off)
            set(MYSQL_OPT_SSL_VERIFY_SERVER_CERT, tls == .verify)
            if let ca = address.ca { set(MYSQL_OPT_SSL_CA, ca) }
            // A server that has not proved who it is must not be able to ask for the password itself.
            if tls != .verify {
                set(
                    MARIADB_OPT_RESTRICTED_AUTH,
                    "mysql_native_password,client_ed25519,caching_sha2_password,auth_socket")
            }
            if address.socket == nil, address.port != nil || address.host.map({ $0 != "localhost" }) ?? false {
                set(MYSQL_OPT_PROTOCOL, UInt32(MYSQL_PROTOCOL_TCP.rawValue))
            }
            let connected = mysql_real_connect(
                handle, address.host, address.user, options.password, address.database, UInt32(address.port ?? 0),
                address.socket, 0)
            guard connected != nil else { throw fault(handle, .connecting) }
            // An option file can say otherwise.
            if tls != .off {
                var verifies: my_bool = 0
                _ = mysql_get_option(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verifies)
                guard mysql_get_ssl_cipher(handle) != nil, tls != .verify || verifies != 0 else {
                    throw MariaDBFault(number: 2026, stage: .connecting)
                }
            }
            mysql_set_local_infile_handler(
                handle, { _, _, _ in 1 }, { _, _, _ in -1 }, { _ in }, { _, _, _ in 2000 }, nil)
        }

        var isMariaDB: Bool { mariadb_connection(handle) != 0 }
        /// As 101106 for 10.11.6.
        var serverVersion: UInt { UInt(mysql_get_server_version(handle)) }

        fileprivate static func fault(
            _ handle: UnsafeMutablePointer<MYSQL>, _ stage: MariaDBFault.Stage
        ) -> MariaDBFault {
            let number = mysql_errno(handle)
            // The library says "lost" also of a row above the limit, after which it cannot go on; where it failed is told
            // by the network's own error: 1 for its buffer, 2 for the socket.
            if number == 2013, handle.pointee.net.error == 1 { return MariaDBFault(number: 2020, stage: stage) }
            return MariaDBFault(number: number == 0 ? 2013 : number, stage: stage)
        }

        /// Runs a statement of ours and gives the texts of its rows, if it has any.
        @discardableResult
        func run(_ text: String, _ stage: MariaDBFault.Stage = .running) throws(MariaDBFault) -> [[String]] {
            var text = text
            let code = text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { mysql_real_query(handle, $0.baseAddress, UInt($0.count)) }
            }
            guard code == 0 else { throw Self.fault(handle, stage) }
            guard mysql_field_count(handle) > 0 else { return [] }
            guard let result = mysql_store_result(handle) else { throw Self.fault(handle, stage) }
            defer { mysql_free_result(result) }
            let count = Int(mysql_num_fields(result))
            var rows: [[String]] = []
            while let row = mysql_fetch_row(result) {
                rows.append((0..<count).map { index in row[index].map { String(cString: $0) } ?? "" })
            }
            return rows
        }

        /// The warnings of the statement before: how many of each number, and how many the server counted but did not
        /// keep. Their texts, which repeat values, are dropped as they come.
        func warnings() throws(MariaDBFault) -> (counts: [Int: Int64], unknown: Int64) {
            let code = mysql_query(handle, "SHOW WARNINGS")
            guard code == 0, let result = mysql_use_result(handle) else { throw Self.fault(handle, .running) }
            var counts: [Int: Int64] = [:]
            var kept: Int64 = 0
            while let row = mysql_fetch_row(result) {
                kept += 1
                counts[row[1].map { Int(atol($0)) } ?? 0, default: 0] += 1
            }
            let isWhole = mysql_errno(handle) == 0
            mysql_free_result(result)
            guard isWhole else { throw Self.fault(handle, .running) }
            let all = try run("SELECT @@warning_count").first?.first.flatMap { Int64($0) } ?? 0
            return (counts, max(0, all - kept))
        }

        /// Prepares a query.
        func prepare(_ text: String) throws(MariaDBFault) -> MariaDBRows { try MariaDBRows(text, self) }

        /// Closes the connection; what the transaction held is released.
        func close() { mysql_close(handle) }
    }

    /// A column of a result, as the server describes it.
    struct MariaDBColumn {
        /// How its values lie in a row of the binary protocol, and what they are.
        enum Form {
            case null
            case int8, uint8, int16, uint16, int32, uint32, int64, uint64
            case float, double
            case decimal, paddedDecimal
            case date, dateTime, timestamp, time
            case bit, text, json, binary

            /// Bytes of every value; nil if its length stands before it.
            var width: Int8? {
                switch self {
                case .null: 0
                case .int8, .uint8: 1
                case .int16, .uint16: 2
                case .int32, .uint32, .float: 4
                case .int64, .uint64, .double: 8
                case .decimal, .paddedDecimal, .date, .dateTime, .timestamp, .time, .bit, .text, .json, .binary: nil
                }
            }
        }

        var name: String
        /// The column of a table that it is; nil for an expression.
        var origin: (database: String, table: String, name: String)?
        var form: Form
        /// Digits of the fraction of a second.
        var decimals: Int
    }

    /// A prepared query and its rows, of which one at a time is in memory: the values are looked at where the library has
    /// received them.
    final class MariaDBRows {
        /// A value of the row at hand: no address is NULL.
        struct Cell {
            var start: UnsafePointer<UInt8>?
            var count: Int
        }

        /// What the library's callback fills in.
        fileprivate struct Target {
            var handle: UnsafeMutablePointer<MYSQL>
            var cells: UnsafeMutablePointer<Cell>
            var widths: UnsafeMutablePointer<Int8>
            var isMalformed: Bool
        }

        /// As far as the server knows them: the type of a column that is a parameter it knows when it has run the query.
        private(set) var columns: [MariaDBColumn]
        /// One for each column, valid until the next row is fetched.
        let cells: UnsafeMutablePointer<Cell>
        /// True from the execution to the end of the rows.
        private(set) var isRunning = false
        /// True if the query was executed.
        private(set) var wasExecuted = false
        let parameterCount: Int
        private let link: MariaDBLink
        private let statement: UnsafeMutablePointer<MYSQL_STMT>
        private let widths: UnsafeMutablePointer<Int8>
        private let target: UnsafeMutablePointer<Target>
        /// What is bound, one value after another, kept where it is until the statement is closed.
        private var values: UnsafeMutablePointer<UInt8>?
        private var lengths: UnsafeMutablePointer<UInt>?
        private var isOpen = true

        fileprivate init(_ text: String, _ link: MariaDBLink) throws(MariaDBFault) {
            guard let statement = mysql_stmt_init(link.handle) else {
                throw MariaDBFault(number: 2008, stage: .preparing)
            }
            var text = text
            let code = text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    mysql_stmt_prepare(statement, $0.baseAddress, UInt($0.count))
                }
            }
            guard code == 0 else {
                var fault = Self.fault(statement, link, .preparing)
                fault.text = String(cString: mysql_stmt_error(statement))
                mysql_stmt_close(statement)
                throw fault
            }
            let columns = Self.columns(statement)
            guard !columns.isEmpty else {
                mysql_stmt_close(statement)
                throw MariaDBFault(number: 1792, stage: .preparing)
            }
            self.link = link
            self.statement = statement
            self.columns = columns
            parameterCount = Int(mysql_stmt_param_count(statement))
            cells = .allocate(capacity: columns.count)
            cells.initialize(repeating: Cell(start: nil, count: 0), count: columns.count)
            widths = .allocate(capacity: columns.count)
            widths.initialize(repeating: -1, count: columns.count)
            target = .allocate(capacity: 1)
            target.initialize(to: Target(handle: link.handle, cells: cells, widths: widths, isMalformed: false))
            // The library is told where values lie instead of having it copy them into buffers and us out of them again.
            let callback: ps_result_callback = { Target.take($0, $1, $2) }
            mysql_stmt_attr_set(statement, STMT_ATTR_CB_USER_DATA, target)
            mysql_stmt_attr_set(statement, STMT_ATTR_CB_RESULT, unsafeBitCast(callback, to: UnsafeRawPointer.self))
        }

        deinit {
            close()
            cells.deallocate()
            widths.deallocate()
            target.deallocate()
            values?.deallocate()
            lengths?.deallocate()
        }

        private static func columns(_ statement: UnsafeMutablePointer<MYSQL_STMT>) -> [MariaDBColumn] {
            guard let result = mysql_stmt_result_metadata(statement) else { return [] }
            defer { mysql_free_result(result) }
            return (0..<mysql_num_fields(result)).compactMap { index in
                mysql_fetch_field_direct(result, index).map { MariaDBColumn($0.pointee) }
            }
        }

        fileprivate static func fault(
            _ statement: UnsafeMutablePointer<MYSQL_STMT>, _ link: MariaDBLink, _ stage: MariaDBFault.Stage
        ) -> MariaDBFault {
            let number = mysql_stmt_errno(statement)
            return number == 0 ? MariaDBLink.fault(link.handle, stage) : MariaDBFault(number: number, stage: stage)
        }

        /// Binds a text to each placeholder.
        func bind(_ texts: [[UInt8]]) throws(MariaDBFault) {
            guard texts.count == parameterCount else { throw MariaDBFault(number: 2034, stage: .preparing) }
            guard !texts.isEmpty else { return }
            let values = UnsafeMutablePointer<UInt8>.allocate(capacity: texts.reduce(1) { $0 + $1.count })
            let lengths = UnsafeMutablePointer<UInt>.allocate(capacity: texts.count)
            self.values?.deallocate()
            self.lengths?.deallocate()
            self.values = values
            self.lengths = lengths
            var binds: [MYSQL_BIND] = []
            var offset = 0
            for (index, text) in texts.enumerated() {
                (values + offset).initialize(from: text, count: text.count)
                (lengths + index).initialize(to: UInt(text.count))
                var bind = MYSQL_BIND()
                bind.buffer_type = MYSQL_TYPE_STRING
                bind.buffer = UnsafeMutableRawPointer(values + offset)
                bind.buffer_length = UInt(text.count)
                bind.length = lengths + index
                binds.append(bind)
                offset += text.count
            }
            // The library copies the descriptions, and keeps the addresses.
            guard mysql_stmt_bind_param(statement, &binds) == 0 else { throw Self.fault(statement, link, .preparing) }
        }

        /// Has the server begin.
        func execute() throws(MariaDBFault) {
            wasExecuted = true
            guard mysql_stmt_execute(statement) == 0 else { throw Self.fault(statement, link, .running) }
            isRunning = true
            let found = Self.columns(statement)
            guard found.count == columns.count else { throw MariaDBFault(number: 1412, stage: .running) }
            columns = found
            for (index, column) in columns.enumerated() { widths[index] = column.form.width ?? -1 }
        }

        /// Fetches the next row into ``cells``; false at the end.
        func fetch() throws(MariaDBFault) -> Bool {
            switch mysql_stmt_fetch(statement) {
            case 0:
                if target.pointee.isMalformed { throw MariaDBFault(number: 2027, stage: .running) }
                return true
            case 100:
                isRunning = false
                return false
            case 1:
                isRunning = false
                throw Self.fault(statement, link, .running)
            default:
                throw MariaDBFault(number: 2027, stage: .running)
            }
        }

        /// Frees the statement. If it is in the middle of its rows, the rest of them is read.
        func close() {
            guard isOpen else { return }
            isOpen = false
            isRunning = false
            mysql_stmt_close(statement)
        }
    }

    extension MariaDBRows.Target {
        /// Notes where a value lies, and moves the row's pointer behind it.
        static func take(
            _ data: UnsafeMutableRawPointer?, _ column: UInt32,
            _ row: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?
        ) {
            guard let target = data?.assumingMemoryBound(to: MariaDBRows.Target.self) else { return }
            let cell = target.pointee.cells + Int(column)
            guard let row, var start = row.pointee else {
                cell.pointee.start = nil
                return
            }
            // Past the end of the buffer a server can only point by mistake or on purpose.
            guard let end = target.pointee.handle.pointee.net.buff_end else { return }
            var count = Int(target.pointee.widths[Int(column)])
            if count < 0 {
                // Length-encoded integer: MariaDB, protocol data types.
                let first = start < end ? start[0] : 255
                start += 1
                var bytes = 0
                switch first {
                case 252: bytes = 2
                case 253: bytes = 3
                case 254: bytes = 8
                case 251, 255:
                    target.pointee.isMalformed = true
                    cell.pointee.start = nil
                    return
                default: count = Int(first)
                }
                if bytes > 0 {
                    guard end - start >= bytes else {
                        target.pointee.isMalformed = true
                        cell.pointee.start = nil
                        return
                    }
                    var length: UInt64 = 0
                    for index in 0..<bytes { length |= UInt64(start[index]) << UInt64(8 * index) }
                    start += bytes
                    count = Int(clamping: length)
                }
            }
            guard end - start >= count else {
                target.pointee.isMalformed = true
                cell.pointee.start = nil
                return
            }
            cell.pointee.start = UnsafePointer(start)
            cell.pointee.count = count
            row.pointee = start + count
        }
    }

    extension MariaDBColumn {
        fileprivate init(_ field: MYSQL_FIELD) {
            name = field.name.map { String(cString: $0) } ?? ""
            let table = field.org_table.map { String(cString: $0) } ?? ""
            let column = field.org_name.map { String(cString: $0) } ?? ""
            if !table.isEmpty, !column.isEmpty {
                origin = (field.db.map { String(cString: $0) } ?? "", table, column)
            }
            // 39 and 31 stand for a number of digits that is not fixed.
            decimals = field.decimals <= 6 ? Int(field.decimals) : 6
            let isUnsigned = field.flags & UInt32(UNSIGNED_FLAG) != 0
            // 63 is the pseudo character set of bytes.
            let isBinary = field.charsetnr == 63
            form =
                switch field.type {
                case MYSQL_TYPE_NULL: .null
                case MYSQL_TYPE_TINY: isUnsigned ? .uint8 : .int8
                case MYSQL_TYPE_SHORT: isUnsigned ? .uint16 : .int16
                case MYSQL_TYPE_YEAR: .uint16
                case MYSQL_TYPE_LONG, MYSQL_TYPE_INT24: isUnsigned ? .uint32 : .int32
                case MYSQL_TYPE_LONGLONG: isUnsigned ? .uint64 : .int64
                case MYSQL_TYPE_FLOAT: .float
                case MYSQL_TYPE_DOUBLE: .double
                case MYSQL_TYPE_DECIMAL, MYSQL_TYPE_NEWDECIMAL:
                    field.flags & UInt32(ZEROFILL_FLAG) != 0 ? .paddedDecimal : .decimal
                case MYSQL_TYPE_DATE, MYSQL_TYPE_NEWDATE: .date
                case MYSQL_TYPE_DATETIME: .dateTime
                case MYSQL_TYPE_TIMESTAMP: .timestamp
                case MYSQL_TYPE_TIME: .time
                case MYSQL_TYPE_BIT: .bit
                case MYSQL_TYPE_GEOMETRY: .binary
                default:
                    switch Self.attribute(field, MARIADB_FIELD_ATTR_FORMAT_NAME) {
                    case "json": .json
                    default:
                        isBinary
                            && !["uuid", "inet4", "inet6"].contains(
                                Self.attribute(field, MARIADB_FIELD_ATTR_DATA_TYPE_NAME))
                            ? .binary : .text
                    }
                }
        }

        /// What the server adds to a column's type (since MariaDB 10.5).
        private static func attribute(_ field: MYSQL_FIELD, _ kind: mariadb_field_attr_t) -> String? {
            var text = MARIADB_CONST_STRING()
            var field = field
            guard mariadb_field_attr(&text, &field, kind) == 0, let start = text.str, text.length > 0 else {
                return nil
            }
            return String(
                decoding: UnsafeRawBufferPointer(start: start, count: text.length), as: UTF8.self)
        }
    }
#endif
