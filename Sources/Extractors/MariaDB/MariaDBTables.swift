#if MariaDB
    import PortabilityModel
    import Synchronization

    /// The tables that were read and whose engine has no transactions (MyISAM, Aria): the snapshot is not theirs, so they
    /// are looked at again at the end. A table behind a view or in a condition is not known here.
    final class MariaDBTables: Sendable {
        private struct Name: Hashable {
            var database: String
            var table: String
        }

        private struct State {
            /// Tables that were looked at already; with a state if they have no snapshot.
            var known: Set<Name> = []
            var watched: [(name: Name, state: [String])] = []
        }

        private let state = Mutex(State())

        /// Notes the tables that columns come from.
        func note(_ columns: [MariaDBColumn], _ link: MariaDBLink) throws(MariaDBFault) {
            for column in columns {
                guard let origin = column.origin else { continue }
                let name = Name(database: origin.database, table: origin.table)
                guard state.withLock({ $0.known.insert(name).inserted }) else { continue }
                let found = try Self.look(name, link)
                if let found { state.withLock { $0.watched.append((name, found)) } }
            }
        }

        /// Throws `unavailable` if one of them was written meanwhile.
        func check(_ link: MariaDBLink) throws {
            for (name, before) in state.withLock({ $0.watched }) where try Self.look(name, link) != before {
                throw PortabilityError(
                    .unavailable,
                    "the table \(name.table) was written while it was read, and its engine has no snapshot",
                    remedy: "Try again when nothing writes, or ALTER TABLE … ENGINE = InnoDB",
                    at: .init(field: name.table))
            }
        }

        /// What changes when such a table is written; nil if the snapshot holds for it.
        private static func look(_ name: Name, _ link: MariaDBLink) throws(MariaDBFault) -> [String]? {
            try link.run(
                """
                SELECT t.update_time, t.table_rows, t.data_length, t.data_free, t.index_length, t.auto_increment
                FROM information_schema.tables t JOIN information_schema.engines e ON e.engine = t.engine
                WHERE t.table_schema = \(quoted(name.database)) AND t.table_name = \(quoted(name.table))
                    AND e.transactions <> 'YES'
                """
            ).first
        }

        /// A name of the server's own as a string of its SQL.
        static func quoted(_ text: String) -> String {
            "'" + text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
        }
    }
#endif
