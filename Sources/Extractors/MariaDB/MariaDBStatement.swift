#if MariaDB
    import PortabilityModel
    import SQLCore

    /// A prepared query, run when its first row is asked for.
    final class MariaDBStatement: SQLStatement {
        let columns: [String]
        let origins: [SQLSchema.Column?]
        let rows: MariaDBRows
        private var forms: [MariaDBColumn.Form]
        private var decimals: [Int]
        /// Warnings of the server that lose no row, by number.
        private var warnings: [(number: Int, count: Int64)] = []
        private let link: MariaDBLink
        private let watch: MariaDBWatch

        init(_ rows: MariaDBRows, database: String, link: MariaDBLink, watch: MariaDBWatch) {
            self.rows = rows
            self.link = link
            self.watch = watch
            columns = rows.columns.map(\.name)
            forms = rows.columns.map(\.form)
            decimals = rows.columns.map(\.decimals)
            origins = rows.columns.map { column in
                column.origin.map { origin in
                    SQLSchema.Column(
                        table: origin.database == database ? origin.table : "\(origin.database).\(origin.table)",
                        name: origin.name)
                }
            }
        }

        func step() throws -> Bool {
            if !rows.wasExecuted {
                watch.setRunning(true)
                try rows.execute()
                forms = rows.columns.map(\.form)
                decimals = rows.columns.map(\.decimals)
            }
            guard rows.isRunning else { return false }
            if try rows.fetch() { return true }
            watch.setRunning(false)
            try checkWarnings()
            return false
        }

        /// What the server cut off or left out it tells in a warning only.
        private func checkWarnings() throws {
            let (counts, unknown) = try link.warnings()
            for (number, count) in counts.sorted(by: { $0.key < $1.key }) {
                switch number {
                case 1260:
                    throw PortabilityError(
                        .limit, "GROUP_CONCAT cut a value off", remedy: "Raise the limit `record_bytes`",
                        at: .init(field: "query"))
                case 1301:
                    throw PortabilityError(
                        .limit, "a function's result was larger than the server's max_allowed_packet, and left out",
                        remedy: "Raise max_allowed_packet, or leave the large column out", at: .init(field: "query"))
                case 1139:
                    // A row that a pattern could not be applied to is a row that it does not match.
                    throw PortabilityError(
                        .drift, "a regular expression failed on a value, whose row is left out",
                        remedy: "Make the expression simpler, or raise pcre match limits of the server",
                        at: .init(field: "query"))
                default: warnings.append((number, count))
                }
            }
            guard unknown == 0 else {
                throw PortabilityError(
                    .limit, "the server gave more warnings than it keeps, and one may tell of a value left out",
                    remedy:
                        "Write the query so that nothing is converted: compare texts with texts, CAST what is valid",
                    at: .init(field: "query"))
            }
        }

        func findings(at place: PortabilityError.Place) -> [Finding] {
            warnings.map { number, count in
                let what =
                    switch number {
                    case 1292, 1366, 1411: "values that are none of the type they are converted to or compared as"
                    case 1264: "values outside the range of the type they are converted to"
                    case 1365: "divisions by zero, which give NULL"
                    case 1300, 1977: "texts that the character set they are converted to cannot hold"
                    default: "values that the query could not work on as it should"
                    }
                return Finding(
                    .nonconforming, "\(what): the server warned of them while the query ran (error \(number))",
                    at: place, count: count)
            }
        }

        func read(into mapper: inout SQLRowMapper, _ builder: inout BatchBuilder) throws -> Bool {
            let wanted = mapper.columns.wanted
            let cells = rows.cells
            while !builder.isFull {
                guard try step() else { return false }
                for column in wanted {
                    let cell = cells[column]
                    guard let start = cell.start else { continue }
                    let bytes = UnsafeBufferPointer(start: start, count: cell.count)
                    switch forms[column] {
                    case .null: break
                    case .int8: mapper.integer(column, Int64(Int8(bitPattern: start[0])), into: &builder)
                    case .uint8: mapper.integer(column, Int64(start[0]), into: &builder)
                    case .int16: mapper.integer(column, Int64(Int16(bitPattern: bytes.number())), into: &builder)
                    case .uint16: mapper.integer(column, Int64(bytes.number() as UInt16), into: &builder)
                    case .int32: mapper.integer(column, Int64(Int32(bitPattern: bytes.number())), into: &builder)
                    case .uint32: mapper.integer(column, Int64(bytes.number() as UInt32), into: &builder)
                    case .int64: mapper.integer(column, Int64(bitPattern: bytes.number()), into: &builder)
                    case .uint64: Self.unsigned(column, bytes.number(), &mapper, &builder)
                    case .bit: Self.unsigned(column, bytes.bits, &mapper, &builder)
                    case .float:
                        // The fewest digits of the single are as many or fewer for the double that they spell.
                        let value = Float(bitPattern: bytes.number())
                        mapper.real(column, Double(value.description) ?? Double(value), into: &builder)
                    case .double: mapper.real(column, Double(bitPattern: bytes.number()), into: &builder)
                    case .decimal: mapper.canonical(column, .decimal, bytes.span, into: &builder)
                    case .paddedDecimal: mapper.canonical(column, .decimal, bytes.withoutPadding.span, into: &builder)
                    case .text: mapper.text(column, .string, bytes.span, into: &builder)
                    case .json: mapper.text(column, .json, bytes.span, into: &builder)
                    case .binary: mapper.blob(column, bytes.span)
                    case .date, .dateTime, .timestamp, .time:
                        let prefersDuration = mapper.columns.kind(of: column) == .duration
                        let value = MariaDBTime(
                            bytes, forms[column], decimals: decimals[column], prefersDuration: prefersDuration)
                        let text = value.text.span.extracting(..<value.count)
                        if let kind = value.kind {
                            mapper.canonical(column, kind, text, into: &builder)
                        } else {
                            mapper.unspelled(column, text, into: &builder)
                        }
                    }
                }
                try mapper.endRow(into: &builder)
            }
            return true
        }

        private static func unsigned(
            _ column: Int, _ value: UInt64, _ mapper: inout SQLRowMapper, _ builder: inout BatchBuilder
        ) {
            if let value = Int64(exactly: value) {
                mapper.integer(column, value, into: &builder)
            } else {
                mapper.canonical(column, .integer, Array(String(value).utf8).span, into: &builder)
            }
        }

        func identifier(_ column: Int) throws -> (value: String?, isSuitable: Bool) {
            guard let start = rows.cells[column].start else { return (nil, true) }
            let bytes = UnsafeBufferPointer(start: start, count: rows.cells[column].count)
            switch forms[column] {
            case .null: return (nil, true)
            case .int8, .int16, .int32, .int64: return (String(integer(column)), true)
            case .uint8, .uint16, .uint32: return (String(integer(column)), true)
            case .uint64: return (String(bytes.number() as UInt64), true)
            case .bit: return (String(bytes.bits), true)
            case .paddedDecimal: return (String(decoding: bytes.withoutPadding, as: UTF8.self), true)
            case .decimal, .text, .json:
                if bytes.isEmpty { return (nil, true) }
                let text = String(validating: bytes, as: UTF8.self)
                return (text, text != nil)
            case .date:
                let value = MariaDBTime(bytes, .date, decimals: 0, prefersDuration: false)
                return (
                    (0..<value.count).reduce(into: "") { $0.unicodeScalars.append(UnicodeScalar(value.text[$1])) }, true
                )
            case .float, .double, .binary, .dateTime, .timestamp, .time: return (nil, false)
            }
        }

        func integer(_ column: Int) -> Int64 {
            guard let start = rows.cells[column].start else { return 0 }
            let bytes = UnsafeBufferPointer(start: start, count: rows.cells[column].count)
            return switch forms[column] {
            case .int8: Int64(Int8(bitPattern: start[0]))
            case .uint8: Int64(start[0])
            case .int16: Int64(Int16(bitPattern: bytes.number()))
            case .uint16: Int64(bytes.number() as UInt16)
            case .int32: Int64(Int32(bitPattern: bytes.number()))
            case .uint32: Int64(bytes.number() as UInt32)
            case .int64: Int64(bitPattern: bytes.number())
            case .uint64: Int64(clamping: bytes.number() as UInt64)
            default: 0
            }
        }
    }

    extension UnsafeBufferPointer<UInt8> {
        /// A number of the binary protocol: little-endian, not aligned.
        fileprivate func number<Number: FixedWidthInteger & BitwiseCopyable>() -> Number {
            Number(littleEndian: UnsafeRawPointer(baseAddress.unsafelyUnwrapped).loadUnaligned(as: Number.self))
        }

        /// The number of a BIT column: big-endian, as many bytes as there are.
        fileprivate var bits: UInt64 { reduce(0) { $0 << 8 | UInt64($1) } }

        /// A number without the zeros that ZEROFILL puts before it.
        fileprivate var withoutPadding: [UInt8] {
            let isNegative = first == UInt8(ascii: "-")
            var digits = dropFirst(isNegative ? 1 : 0)
            while digits.count > 1, digits.first == UInt8(ascii: "0"),
                digits[digits.index(after: digits.startIndex)] != UInt8(ascii: ".")
            {
                digits.removeFirst()
            }
            return (isNegative ? [UInt8(ascii: "-")] : []) + digits
        }
    }

    /// The text of a date or time of the binary protocol.
    struct MariaDBTime {
        /// Nil if it has no canonical spelling: a day that the calendar does not have.
        private(set) var kind: ValueKind?
        private(set) var text = InlineArray<40, UInt8>(repeating: 0)
        private(set) var count = 0

        /// Reads the value; parts that are zero at its end are left out by the protocol.
        init(_ bytes: UnsafeBufferPointer<UInt8>, _ form: MariaDBColumn.Form, decimals: Int, prefersDuration: Bool) {
            func byte(_ index: Int) -> Int { index < bytes.count ? Int(bytes[index]) : 0 }
            func number(_ index: Int) -> Int {
                byte(index) | byte(index + 1) << 8 | byte(index + 2) << 16 | byte(index + 3) << 24
            }
            if form == .time {
                kind = .time
                time(
                    isNegative: byte(0) != 0, hours: number(1) * 24 + byte(5), minutes: byte(6), seconds: byte(7),
                    micros: number(8), decimals: decimals, prefersDuration: prefersDuration)
                return
            }
            let (year, month, day) = (byte(0) | byte(1) << 8, byte(2), byte(3))
            let hasDate = month > 0 && day > 0 && day <= Self.days(in: month, of: year)
            kind = form == .date ? .date : form == .timestamp ? .timestamp : .localTimestamp
            append(year, digits: 4)
            append(UInt8(ascii: "-"))
            append(month, digits: 2)
            append(UInt8(ascii: "-"))
            append(day, digits: 2)
            if form != .date {
                // What is no date keeps the server's own spelling.
                append(UInt8(ascii: hasDate ? "T" : " "))
                clock(byte(4), byte(5), byte(6), number(7), decimals)
                if form == .timestamp, hasDate { append(UInt8(ascii: "Z")) }
            }
            if !hasDate { kind = nil }
        }

        /// Of the proleptic Gregorian calendar; with ALLOW_INVALID_DATES a server keeps others.
        private static func days(in month: Int, of year: Int) -> Int {
            switch month {
            case 4, 6, 9, 11: 30
            case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
            default: 31
            }
        }

        private mutating func time(
            isNegative: Bool, hours: Int, minutes: Int, seconds: Int, micros: Int, decimals: Int, prefersDuration: Bool
        ) {
            guard prefersDuration || isNegative || hours > 23 else {
                return clock(hours, minutes, seconds, micros, decimals)
            }
            kind = .duration
            if isNegative { append(UInt8(ascii: "-")) }
            append(UInt8(ascii: "P"))
            append(UInt8(ascii: "T"))
            if hours > 0 {
                append(hours, digits: 1)
                append(UInt8(ascii: "H"))
            }
            if minutes > 0 {
                append(minutes, digits: 1)
                append(UInt8(ascii: "M"))
            }
            // A duration of nothing is PT0S.
            if seconds > 0 || micros > 0 || hours + minutes == 0 {
                append(seconds, digits: 1)
                if micros > 0 { fraction(micros, decimals) }
                append(UInt8(ascii: "S"))
            }
        }

        private mutating func clock(_ hours: Int, _ minutes: Int, _ seconds: Int, _ micros: Int, _ decimals: Int) {
            append(hours, digits: 2)
            append(UInt8(ascii: ":"))
            append(minutes, digits: 2)
            append(UInt8(ascii: ":"))
            append(seconds, digits: 2)
            fraction(micros, decimals)
        }

        private mutating func fraction(_ micros: Int, _ decimals: Int) {
            guard decimals > 0 else { return }
            append(UInt8(ascii: "."))
            var divisor = 100_000
            for _ in 0..<decimals {
                append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: micros / divisor % 10))
                divisor /= 10
            }
        }

        private mutating func append(_ number: Int, digits: Int) {
            var divisor = 1
            var count = 1
            while count < digits || number / divisor >= 10 {
                divisor *= 10
                count += 1
            }
            while divisor > 0 {
                append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
                divisor /= 10
            }
        }

        private mutating func append(_ byte: UInt8) {
            guard count < 40 else { return }
            text[count] = byte
            count += 1
        }
    }
#endif
