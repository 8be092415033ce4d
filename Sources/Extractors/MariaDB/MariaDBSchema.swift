#if MariaDB
    import SQLCore

    /// The tables of the connection's database, as the server's information schema has them.
    enum MariaDBSchema {
        static func read(_ link: MariaDBLink, database: String) throws(MariaDBFault) -> SQLSchema {
            let schema = MariaDBTables.quoted(database)
            // A sequence holds a number and nobody's data.
            let tables = try link.run(
                """
                SELECT table_name, table_type FROM information_schema.tables
                WHERE table_schema = \(schema) AND table_type <> 'SEQUENCE'
                """)
            let columns = try link.run(
                """
                SELECT table_name, column_name, column_type, FIND_IN_SET('select', privileges) > 0
                FROM information_schema.columns WHERE table_schema = \(schema) ORDER BY table_name, ordinal_position
                """)
            let primary = try link.run(
                """
                SELECT table_name, column_name FROM information_schema.statistics
                WHERE table_schema = \(schema) AND index_name = 'PRIMARY' ORDER BY table_name, seq_in_index
                """)
            let foreign = try link.run(
                """
                SELECT table_name, constraint_name, column_name, referenced_table_schema, referenced_table_name,
                    referenced_column_name
                FROM information_schema.key_column_usage
                WHERE table_schema = \(schema) AND referenced_table_name IS NOT NULL
                ORDER BY table_name, constraint_name, ordinal_position
                """)
            var fields: [String: [SQLSchema.Field]] = [:]
            for row in columns where row[3] == "1" {
                fields[row[0], default: []].append(SQLSchema.Field(name: row[1], type: row[2]))
            }
            var keys: [String: [String]] = [:]
            for row in primary { keys[row[0], default: []].append(row[1]) }
            var references: [String: [(name: String, key: SQLSchema.ForeignKey)]] = [:]
            for row in foreign {
                let table = row[3] == database ? row[4] : "\(row[3]).\(row[4])"
                var list = references[row[0], default: []]
                if list.last?.name != row[1] { list.append((row[1], .init(columns: [], table: table, references: []))) }
                list[list.count - 1].key.columns.append(row[2])
                list[list.count - 1].key.references.append(row[5])
                references[row[0]] = list
            }
            let found = tables.compactMap { row in
                // Without a column that may be read it may not be read.
                fields[row[0]].map { columns in
                    SQLSchema.Table(
                        name: row[0], isView: row[1].hasSuffix("VIEW"), columns: columns,
                        primaryKey: keys[row[0]] ?? [],
                        foreignKeys: references[row[0], default: []].map(\.key))
                }
            }
            return SQLSchema(tables: found.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
        }
    }
#endif
