#if PostgreSQL
    import CLibPQ
    import Glibc
    import PortabilityModel

    /// What libpq is told of the server, as its keywords and values.
    struct PostgreSQLTarget: Sendable {
        /// In order; a later one wins over what an earlier one expands to.
        let parameters: [(keyword: String, value: String)]

        /// - Throws: `configuration` if the password file cannot be used.
        init(_ configuration: PostgreSQLConfiguration, baseDirectory: String) throws(PortabilityError) {
            var parameters: [(keyword: String, value: String)] = []
            switch configuration.server {
            case .uri(let uri): parameters.append(("dbname", uri))
            case .service(let name): parameters.append(("service", name))
            }
            if let path = configuration.passfile {
                let path = path.hasPrefix("/") ? path : "\(baseDirectory)/\(path)"
                try Self.checkFile(path)
                parameters.append(("passfile", path))
            }
            parameters.append(("client_encoding", "UTF8"))
            parameters.append(("application_name", "portability"))
            self.parameters = parameters
        }

        /// Looks for a password in a connection URI, without connecting.
        ///
        /// - Throws: `configuration`, with nothing of the URI in its text.
        static func check(_ uri: String) throws(PortabilityError) {
            var message: UnsafeMutablePointer<CChar>?
            // What libpq says of a URI that it cannot read quotes it.
            defer { PQfreemem(message) }
            guard !uri.utf8.contains(0), let options = PQconninfoParse(uri, &message) else {
                throw PortabilityError(
                    .configuration, "the connection URI cannot be read",
                    remedy: "Write postgresql://user@host:port/database?sslmode=verify-full, without a password")
            }
            defer { PQconninfoFree(options) }
            var option = options
            while let keyword = option.pointee.keyword {
                if option.pointee.val != nil, ["password", "sslpassword"].contains(String(cString: keyword)) {
                    throw PortabilityError(
                        .configuration, "the connection URI holds a password",
                        remedy: "Take it out, change it, and put the new one into a file that `passfile` names")
                }
                option += 1
            }
        }

        /// libpq passes over a password file that others may read, with a note on standard error.
        private static func checkFile(_ path: String) throws(PortabilityError) {
            let place = PortabilityError.Place(file: path, field: "passfile")
            var status = stat()
            guard stat(path, &status) == 0 else {
                throw PortabilityError(
                    .configuration, "the password file cannot be found", remedy: "Correct the path", at: place,
                    errno: errno)
            }
            guard status.st_mode & S_IFMT == S_IFREG, access(path, R_OK) == 0 else {
                throw PortabilityError(
                    .configuration, "the password file cannot be read",
                    remedy: "Give a regular file that this user may read", at: place)
            }
            guard status.st_mode & (S_IRWXG | S_IRWXO) == 0 else {
                throw PortabilityError(
                    .configuration, "the password file is open to other users", remedy: "Run chmod 600 on it",
                    at: place)
            }
        }

        /// Begins to connect. Nil if there is no memory.
        func start() -> OpaquePointer? {
            var keywords = parameters.map { UnsafePointer(strdup($0.keyword)) } + [nil]
            var values = parameters.map { UnsafePointer(strdup($0.value)) } + [nil]
            defer { for pointer in keywords + values { free(UnsafeMutablePointer(mutating: pointer)) } }
            return PQconnectStartParams(&keywords, &values, 1)
        }
    }
#endif
