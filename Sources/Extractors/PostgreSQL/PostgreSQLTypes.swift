#if PostgreSQL
    import PortabilityModel

    /// How values of a type are read.
    enum PostgreSQLKind: UInt8, Sendable {
        /// Text, or a type with one spelling that is text to everybody else.
        case text
        /// `char(n)`, whose blanks at the end are no part of the value.
        case padded
        case boolean, integer, numeric, float, date, time, timestamp, localTimestamp, interval, json, bytes
        /// See ``PostgreSQLType/element``.
        case array
        /// A type without a canonical spelling.
        case unspelled

        /// True if values have one spelling, so that they can tell things apart.
        var isIdentifier: Bool {
            switch self {
            case .text, .padded, .integer, .numeric, .date: true
            default: false
            }
        }
    }

    /// A type, as far as reading its values goes.
    struct PostgreSQLType: Sendable {
        var kind: PostgreSQLKind
        /// Of an array: how its elements are read, and what stands between them.
        var element = PostgreSQLKind.text
        var elementType: UInt32 = 0
        var delimiter = UInt8(ascii: ",")
    }

    /// The types of a database that were met so far, by their numbers.
    ///
    /// The numbers of built-in types never change (`src/include/catalog/pg_type.dat`).
    struct PostgreSQLTypes {
        static let boolean: UInt32 = 16
        static let int8: UInt32 = 20
        static let int2: UInt32 = 21
        static let int4: UInt32 = 23
        static let oid: UInt32 = 26
        static let uuid: UInt32 = 2950

        private var known: [UInt32: PostgreSQLType] = [
            boolean: .init(kind: .boolean), int8: .init(kind: .integer), int2: .init(kind: .integer),
            int4: .init(kind: .integer), oid: .init(kind: .integer),
            // "char", name, text, varchar, unknown, xml
            18: .init(kind: .text), 19: .init(kind: .text), 25: .init(kind: .text), 1043: .init(kind: .text),
            705: .init(kind: .text), 142: .init(kind: .text), 1042: .init(kind: .padded),
            // float4, float8, numeric
            700: .init(kind: .float), 701: .init(kind: .float), 1700: .init(kind: .numeric),
            1082: .init(kind: .date), 1083: .init(kind: .time), 1114: .init(kind: .localTimestamp),
            1184: .init(kind: .timestamp), 1186: .init(kind: .interval),
            // json, jsonb
            114: .init(kind: .json), 3802: .init(kind: .json), 17: .init(kind: .bytes), uuid: .init(kind: .text),
            // inet, cidr, macaddr, macaddr8, bit, varbit
            869: .init(kind: .text), 650: .init(kind: .text), 829: .init(kind: .text), 774: .init(kind: .text),
            1560: .init(kind: .text), 1562: .init(kind: .text),
        ]

        subscript(number: UInt32) -> PostgreSQLType { known[number] ?? .init(kind: .unspelled) }

        /// Asks the database for the types that are not known yet.
        mutating func learn(_ numbers: [UInt32], _ link: PostgreSQLLink) throws {
            var wanted = Set(numbers).subtracting(known.keys).subtracting([0])
            var described: [UInt32: [String?]] = [:]
            // Domains lead to what they are made of, arrays to their elements.
            while !wanted.isEmpty {
                let rows = try link.ask(
                    """
                    SELECT t.oid, t.typtype, t.typcategory, t.typbasetype,
                    CASE WHEN t.typlen = -1 AND t.typcategory = 'A' AND t.oid NOT IN (22, 30) THEN t.typelem ELSE 0 END,
                    t.typdelim FROM pg_catalog.pg_type AS t WHERE t.oid = ANY ($1::pg_catalog.oid[])
                    """, [PostgreSQLArray.literal(wanted.sorted().map { String($0) })])
                var next: Set<UInt32> = []
                for row in rows {
                    guard let number = row[0].flatMap({ UInt32($0) }) else { continue }
                    described[number] = row
                    for index in [3, 4] {
                        if let other = row[index].flatMap({ UInt32($0) }), other != 0 { next.insert(other) }
                    }
                }
                // What is not there any more is not asked for again.
                for number in wanted where described[number] == nil { known[number] = .init(kind: .unspelled) }
                wanted = next.subtracting(known.keys).subtracting(described.keys)
            }
            for number in described.keys.sorted() { known[number] = resolve(number, described, depth: 0) }
        }

        private func resolve(
            _ number: UInt32, _ described: [UInt32: [String?]], depth: Int
        ) -> PostgreSQLType {
            if let type = known[number] { return type }
            guard depth < 64, let row = described[number] else { return .init(kind: .unspelled) }
            if row[1] == "d", let base = row[3].flatMap({ UInt32($0) }) {
                return resolve(base, described, depth: depth + 1)
            }
            if let element = row[4].flatMap({ UInt32($0) }), element != 0 {
                // An array of a domain over arrays has elements that are text in themselves.
                let kind = resolve(element, described, depth: depth + 1).kind
                return .init(
                    kind: .array, element: kind == .array || kind == .bytes ? .unspelled : kind,
                    elementType: element, delimiter: row[5]?.utf8.first ?? UInt8(ascii: ","))
            }
            return .init(kind: row[1] == "e" || row[2] == "S" ? .text : .unspelled)
        }
    }
#endif
