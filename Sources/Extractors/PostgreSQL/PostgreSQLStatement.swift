#if PostgreSQL
    import CLibPQ
    import PortabilityModel
    import PortabilityText
    import SQLCore

    /// A prepared query whose rows come one by one.
    final class PostgreSQLStatement: SQLStatement {
        /// What the server says of a prepared query.
        struct Description {
            var names: [String]
            var types: [UInt32]
            /// The number of the table and of its column that a column of the result is; 0 for none.
            var origins: [(table: UInt32, column: Int32)]
            var parameters: [UInt32]
        }

        let name: String
        let columns: [String]
        let origins: [SQLSchema.Column?]
        /// Asked for while no rows come.
        private(set) lazy var tables: [String]? = hasBegun ? nil : connection.tables(of: query)

        /// Whether a savepoint was set for its rows, whether the server is sending them, and whether all have come.
        private(set) var hasBegun = false
        private(set) var isRunning = false
        private(set) var isAtEnd = false

        private let query: String
        private let values: [String]
        private let types: [PostgreSQLType]
        private let numbers: [UInt32]
        private unowned let connection: PostgreSQLConnection
        private let link: PostgreSQLLink
        /// The row at hand.
        private var row: OpaquePointer?
        private var scratch: [UInt8] = []

        /// - Throws: `configuration` if a value cannot be of the type that the query compares it with.
        init(
            _ name: String, _ rendering: SQLQuery.Rendering, _ description: Description,
            origins: [SQLSchema.Column?], _ types: PostgreSQLTypes, _ connection: PostgreSQLConnection,
            _ link: PostgreSQLLink
        ) throws(PortabilityError) {
            self.name = name
            self.origins = origins
            self.connection = connection
            self.link = link
            query = rendering.text
            columns = description.names
            self.types = description.types.map { types[$0] }
            numbers = description.types
            var values: [String] = []
            for (index, binding) in rendering.bindings.enumerated() {
                let number = index < description.parameters.count ? description.parameters[index] : 0
                let type = types[number]
                switch binding {
                case .integer(let value): values.append(String(value))
                case .text(let value):
                    // Without rows to come, nothing is compared (see SQLQuery.renderForPreparation).
                    guard value.isEmpty || PostgreSQLText.fits(value, number, type.kind) else {
                        throw PortabilityError(
                            .configuration, "an identifier cannot be of the type that the query compares it with",
                            remedy: "Write IN (:name), or compare as text: column::text = :name",
                            at: .init(field: "query"))
                    }
                    values.append(value)
                case .list(let list):
                    values.append(
                        PostgreSQLArray.literal(
                            list.filter {
                                type.kind != .array || PostgreSQLText.fits($0, type.elementType, type.element)
                            }))
                }
            }
            self.values = values
        }

        /// Gives up the row at hand. After it the statement is of no more use.
        func clear() {
            PQclear(row)
            row = nil
            link.isSingleRow = false
        }

        private func begin() throws {
            try connection.begin(self)
            hasBegun = true
            let sent = PostgreSQLLink.withPointers(values) { pointers in
                PQsendQueryPrepared(link.connection, name, Int32(values.count), pointers, nil, nil, 0)
            }
            guard sent == 1, PQsetSingleRowMode(link.connection) == 1 else { throw link.sendFault() }
            link.isSingleRow = true
            isRunning = true
        }

        func step() throws -> Bool {
            if isAtEnd { return false }
            if !hasBegun { try begin() }
            PQclear(row)
            row = nil
            guard let result = try link.nextResult() else { throw link.sendFault() }
            switch PQresultStatus(result) {
            case PGRES_SINGLE_TUPLE:
                row = result
                return true
            case PGRES_TUPLES_OK:
                // The only true end of rows.
                PQclear(result)
                end()
                isAtEnd = true
                return false
            default:
                let fault = link.fault(of: result) ?? link.sendFault()
                PQclear(result)
                end()
                throw fault
            }
        }

        /// Reads what comes behind the last row, so that the connection is free.
        private func end() {
            link.isSingleRow = false
            if link.isUsable { link.drain() }
            isRunning = false
        }

        func read(into mapper: inout SQLRowMapper, _ builder: inout BatchBuilder) throws -> Bool {
            let wanted = mapper.columns.wanted
            let types = types
            var scratch = exchange(&self.scratch, with: [])
            defer { self.scratch = scratch }
            while !builder.isFull {
                guard try step() else { return false }
                let row = row
                for column in wanted {
                    let index = Int32(truncatingIfNeeded: column)
                    // NULL has no length either, and empty text is absent too.
                    let count = Int(PQgetlength(row, 0, index))
                    guard count > 0, let start = PQgetvalue(row, 0, index) else { continue }
                    let text = UnsafeRawBufferPointer(start: start, count: count).assumingMemoryBound(to: UInt8.self)
                    Self.hand(column, types[column], text, &mapper, &builder, &scratch)
                }
                try mapper.endRow(into: &builder)
            }
            return true
        }

        /// Hands a value over. What the server spells canonically, or nearly so, takes the short way.
        @inline(__always)
        private static func hand(
            _ column: Int, _ type: PostgreSQLType, _ text: UnsafeBufferPointer<UInt8>, _ mapper: inout SQLRowMapper,
            _ builder: inout BatchBuilder, _ scratch: inout [UInt8]
        ) {
            let count = text.count
            func isDigit(_ index: Int) -> Bool { text[index] &- UInt8(ascii: "0") < 10 }
            switch type.kind {
            case .text: return mapper.text(column, .string, text.span, into: &builder)
            case .padded: return mapper.text(column, .string, PostgreSQLText.unpadded(text).span, into: &builder)
            case .json: return mapper.text(column, .json, text.span, into: &builder)
            case .integer: return mapper.canonical(column, .integer, text.span, into: &builder)
            case .numeric:
                // NaN and the infinities end with a letter.
                if isDigit(count - 1), count <= Canonical.digitLimit {
                    return mapper.canonical(column, .decimal, text.span, into: &builder)
                }
            case .float:
                if isDigit(0) && isDigit(count - 1) && !text.contains(UInt8(ascii: "e")) {
                    return mapper.canonical(column, .decimal, text.span, into: &builder)
                }
            case .date:
                if count == 10, text[4] == UInt8(ascii: "-") {
                    return mapper.canonical(column, .date, text.span, into: &builder)
                }
            case .time:
                // 24:00:00 is a time to the server.
                if text[0] != UInt8(ascii: "2") || text[1] != UInt8(ascii: "4") {
                    return mapper.canonical(column, .time, text.span, into: &builder)
                }
            case .timestamp:
                if count >= 22, text[4] == UInt8(ascii: "-"), text[10] == UInt8(ascii: " "),
                    text[count - 3] == UInt8(ascii: "+"), text[count - 2] == UInt8(ascii: "0"),
                    text[count - 1] == UInt8(ascii: "0")
                {
                    scratch.removeAll(keepingCapacity: true)
                    scratch.append(contentsOf: UnsafeBufferPointer(rebasing: text[..<(count - 2)]))
                    scratch[10] = UInt8(ascii: "T")
                    scratch[count - 3] = UInt8(ascii: "Z")
                    return mapper.canonical(column, .timestamp, scratch.span, into: &builder)
                }
            case .localTimestamp:
                if count >= 19, text[4] == UInt8(ascii: "-"), text[10] == UInt8(ascii: " "), isDigit(count - 1) {
                    scratch.removeAll(keepingCapacity: true)
                    scratch.append(contentsOf: text)
                    scratch[10] = UInt8(ascii: "T")
                    return mapper.canonical(column, .localTimestamp, scratch.span, into: &builder)
                }
            case .boolean:
                let word: InlineArray<5, UInt8> =
                    text[0] == UInt8(ascii: "t") ? [0x74, 0x72, 0x75, 0x65, 0] : [0x66, 0x61, 0x6c, 0x73, 0x65]
                let length = text[0] == UInt8(ascii: "t") ? 4 : 5
                return mapper.canonical(column, .boolean, word.span.extracting(..<length), into: &builder)
            case .interval, .bytes, .array, .unspelled: break
            }
            handSlowly(column, type, text, &mapper, &builder, &scratch)
        }

        @inline(never)
        private static func handSlowly(
            _ column: Int, _ type: PostgreSQLType, _ text: UnsafeBufferPointer<UInt8>, _ mapper: inout SQLRowMapper,
            _ builder: inout BatchBuilder, _ scratch: inout [UInt8]
        ) {
            scratch.removeAll(keepingCapacity: true)
            switch type.kind {
            case .array: array(column, type, text, &mapper, &builder, &scratch)
            case .bytes:
                if PostgreSQLText.appendBytes(text, into: &scratch) {
                    mapper.blob(column, scratch.span)
                } else {
                    mapper.unspelled(column, text.span, into: &builder)
                }
            default:
                if let kind = PostgreSQLText.append(type.kind, text, into: &scratch) {
                    mapper.text(column, kind, scratch.span, into: &builder)
                } else {
                    mapper.unspelled(column, text.span, into: &builder)
                }
            }
        }

        /// The elements of a list field, or else JSON. A NULL among them is absent from a list, and `null` in JSON.
        private static func array(
            _ column: Int, _ type: PostgreSQLType, _ text: UnsafeBufferPointer<UInt8>, _ mapper: inout SQLRowMapper,
            _ builder: inout BatchBuilder, _ scratch: inout [UInt8]
        ) {
            var reader = PostgreSQLArray.Reader(text, delimiter: type.delimiter)
            let isList = mapper.columns.isList(column)
            if isList, reader.dimensions < 2 {
                while let part = reader.next() {
                    guard case .element = part else { continue }
                    reader.element.withUnsafeBufferPointer {
                        hand(column, PostgreSQLType(kind: type.element), $0, &mapper, &builder, &scratch)
                    }
                }
                return
            }
            var isSpelled = true
            while let part = reader.next() {
                if part != .close, let last = scratch.last, last != UInt8(ascii: "[") {
                    scratch.append(UInt8(ascii: ","))
                }
                switch part {
                case .open: scratch.append(UInt8(ascii: "["))
                case .close: scratch.append(UInt8(ascii: "]"))
                case .null: scratch.append(contentsOf: "null".utf8)
                case .element:
                    let found = reader.element.withUnsafeBufferPointer { appendJSON(type.element, $0, into: &scratch) }
                    isSpelled = isSpelled && found
                }
            }
            // An array without elements says nothing.
            if scratch.elementsEqual("[]".utf8) { return }
            if isList {
                mapper.unlisted(column, scratch.span)
            } else if isSpelled {
                mapper.text(column, .json, scratch.span, into: &builder)
            } else {
                mapper.unspelled(column, scratch.span, as: .json, into: &builder)
            }
        }

        /// Appends an element as JSON: what is no JSON number everywhere is a string. False if it has no spelling.
        private static func appendJSON(
            _ kind: PostgreSQLKind, _ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]
        ) -> Bool {
            var value: [UInt8] = []
            let found = PostgreSQLText.append(kind, text, into: &value)
            switch found {
            case .boolean:
                out.append(contentsOf: value)
                return true
            case .integer where isSafeInteger(value.span):
                out.append(contentsOf: value)
                return true
            case .json:
                var tokenizer = JSONTokenizer()
                if tokenizer.tokenize(value.span) == nil {
                    out.append(contentsOf: value)
                    return true
                }
            default: break
            }
            if found == nil { value = Array(text) }
            out.append(UInt8(ascii: "\""))
            appendJSONEscaped(value.span, into: &out)
            out.append(UInt8(ascii: "\""))
            return found != nil
        }

        // MARK: Single values

        private func text(_ column: Int) -> UnsafeBufferPointer<UInt8> {
            let index = Int32(truncatingIfNeeded: column)
            return UnsafeRawBufferPointer(
                start: PQgetvalue(row, 0, index), count: Int(PQgetlength(row, 0, index))
            ).assumingMemoryBound(to: UInt8.self)
        }

        func identifier(_ column: Int) throws -> (value: String?, isSuitable: Bool) {
            let text = text(column)
            if text.isEmpty { return (nil, true) }
            var spelling: [UInt8] = []
            guard types[column].kind.isIdentifier,
                PostgreSQLText.append(types[column].kind, text, into: &spelling) != nil
            else { return (nil, false) }
            if spelling.isEmpty { return (nil, true) }
            let value = String(validating: spelling, as: UTF8.self)
            return (value, value != nil)
        }

        func integer(_ column: Int) -> Int64 { Int64(String(decoding: text(column), as: UTF8.self)) ?? 0 }
    }

    extension PostgreSQLLink {
        /// Has the server prepare a query.
        func prepare(_ name: String, _ query: String) throws {
            try checkUsable()
            guard PQsendPrepare(connection, name, query, 0, nil) == 1 else { throw sendFault() }
            try collect(query: query) { _ in }
        }

        /// What the server says of a prepared query.
        func describe(_ name: String) throws -> PostgreSQLStatement.Description {
            try checkUsable()
            guard PQsendDescribePrepared(connection, name) == 1 else { throw sendFault() }
            var description = PostgreSQLStatement.Description(names: [], types: [], origins: [], parameters: [])
            try collect { result in
                let columns = 0..<PQnfields(result)
                description = PostgreSQLStatement.Description(
                    names: columns.map { PQfname(result, $0).map { String(cString: $0) } ?? "" },
                    types: columns.map { PQftype(result, $0) },
                    origins: columns.map { (PQftable(result, $0), PQftablecol(result, $0)) },
                    parameters: (0..<PQnparams(result)).map { PQparamtype(result, $0) })
            }
            return description
        }
    }
#endif
