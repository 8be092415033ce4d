#if MariaDB
    import Glibc
    public import PortabilityModel

    /// Where a server is, and as whom to ask it. Never holds a password.
    public struct MariaDBAddress: Sendable, Equatable {
        /// How the connection is encrypted.
        public enum TLS: String, Sendable, CaseIterable {
            /// Encrypted, and the server's certificate is that of the host by an authority that is trusted.
            case verify
            /// Encrypted; who the server is is not checked.
            case required
            case off
        }

        /// Name or address; nil or `localhost` without a port is the server's socket on this machine.
        public var host: String?
        public var port: Int?
        /// Path of the server's socket.
        public var socket: String?
        public var user: String?
        public var database: String?
        /// A file as `~/.my.cnf`, whose `[client]` section the library reads.
        public var optionFile: String?
        /// A file with the password, on one line.
        public var passwordFile: String?
        /// Nil: `verify` if ``ca`` is given, else `required`, but `off` where nothing leaves this machine.
        public var tls: TLS?
        /// A file of certificates (PEM) of authorities that are trusted instead of the system's.
        public var ca: String?

        public init(
            host: String? = nil, port: Int? = nil, socket: String? = nil, user: String? = nil, database: String? = nil,
            optionFile: String? = nil, passwordFile: String? = nil, tls: TLS? = nil, ca: String? = nil
        ) {
            self.host = host
            self.port = port
            self.socket = socket
            self.user = user
            self.database = database
            self.optionFile = optionFile
            self.passwordFile = passwordFile
            self.tls = tls
            self.ca = ca
        }

        /// Reads `mariadb://user@host:port/database` or `mariadb://user@localhost/database?socket=path`; `mysql://` is the
        /// same. Parts may be percent-encoded (RFC 3986).
        ///
        /// - Throws: `configuration` if it is none, or has a password or options. Nothing of the text is repeated: it may
        ///   hold a password.
        public init(uri: String) throws(PortabilityError) {
            func error(_ message: String, _ remedy: String) -> PortabilityError {
                PortabilityError(.configuration, message, remedy: remedy, at: .init(field: "uri"))
            }
            let form = "Write mariadb://user@host:port/database"
            let scheme = ["mariadb://", "mysql://"].first { uri.hasPrefix($0) }
            guard let scheme else { throw error("the address of the server is no URI of MariaDB", form) }
            var rest = uri.dropFirst(scheme.count)
            var options: Substring = ""
            if let mark = rest.lastIndex(of: "?") {
                options = rest[rest.index(after: mark)...]
                rest = rest[..<mark]
            }
            var path: Substring = ""
            // A password may hold a slash that nobody encoded, so the name's end is looked for first.
            let at = rest.lastIndex(of: "@")
            if let at {
                let user = rest[..<at]
                guard !user.contains(":") else {
                    throw error(
                        "the URI has a password",
                        "Put it into a file that only its owner can read, and name the file in "
                            + "`password_file` or `option_file`")
                }
                self.user = try Self.decoded(user)
                rest = rest[rest.index(after: at)...]
            }
            if let slash = rest.firstIndex(of: "/") {
                path = rest[rest.index(after: slash)...]
                rest = rest[..<slash]
            }
            guard !path.contains("/") else { throw error("the URI names more than a database", form) }
            if !path.isEmpty { database = try Self.decoded(path) }
            if rest.first == "[" {
                guard let close = rest.firstIndex(of: "]") else { throw error("the URI has a [ and no ]", form) }
                host = String(rest[rest.index(after: rest.startIndex)..<close])
                rest = rest[rest.index(after: close)...]
                guard rest.isEmpty || rest.first == ":" else { throw error("the URI's host is malformed", form) }
            } else {
                let end = rest.firstIndex(of: ":") ?? rest.endIndex
                if end > rest.startIndex { host = try Self.decoded(rest[..<end]) }
                rest = rest[end...]
            }
            if rest.first == ":" {
                guard rest.dropFirst().utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }),
                    let port = Int(rest.dropFirst())
                else { throw error("the URI's port is no number", form) }
                self.port = port
            }
            guard !options.isEmpty else { return }
            let key = "socket="
            guard options.hasPrefix(key), !options.contains("&") else {
                throw error(
                    "the URI has an option other than `socket`",
                    "Write it as a key of the source: `tls`, `ca`, for example")
            }
            guard host == nil || host == "localhost", port == nil else {
                throw error("a server has a socket or a host", "Write mariadb://user@localhost/database?socket=path")
            }
            host = nil
            socket = try Self.decoded(options.dropFirst(key.count))
        }

        private static func decoded(_ text: Substring) throws(PortabilityError) -> String {
            var bytes: [UInt8] = []
            var rest = text.utf8
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "%") else {
                    bytes.append(byte)
                    continue
                }
                guard let high = rest.popFirst().flatMap({ Character(UnicodeScalar($0)).hexDigitValue }),
                    let low = rest.popFirst().flatMap({ Character(UnicodeScalar($0)).hexDigitValue })
                else {
                    throw PortabilityError(
                        .configuration, "the URI has a % without two hexadecimal digits", remedy: "Write %25 for a %",
                        at: .init(field: "uri"))
                }
                bytes.append(UInt8(high * 16 + low))
            }
            guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
                throw PortabilityError(
                    .configuration, "the URI is not valid UTF-8", remedy: "Encode the name in UTF-8",
                    at: .init(field: "uri"))
            }
            return text
        }

        /// Checks that the parts go together.
        ///
        /// - Throws: `configuration`, with the key.
        public func check() throws(PortabilityError) {
            func error(_ message: String, _ remedy: String, _ field: String) -> PortabilityError {
                PortabilityError(.configuration, message, remedy: remedy, at: .init(field: field))
            }
            if socket != nil, host != nil || port != nil {
                throw error("a server has a socket or a host", "Leave one of the two out", "socket")
            }
            if let port, !(1...65_535).contains(port) {
                throw error("a port is a number from 1 to 65535", "MariaDB's own is 3306", "port")
            }
            if database == nil, optionFile == nil {
                throw error("no database is named", "Add `database: name`, or put it into the URI", "database")
            }
            if optionFile != nil, passwordFile != nil {
                throw error(
                    "the password is in one file", "Leave `password_file` or `option_file` out", "password_file")
            }
            if ca != nil, tls == .off || tls == .required {
                throw error("certificates of authorities serve to verify", "Write `tls: verify`", "ca")
            }
            for (name, value) in [
                ("host", host), ("socket", socket), ("user", user), ("database", database),
            ] {
                guard let value else { continue }
                if value.isEmpty || value.utf8.contains(0) {
                    throw error("\(name) is empty", "Give it, or leave it out", name)
                }
            }
        }

        /// True if nothing leaves this machine.
        var isLocal: Bool {
            guard let host else { return optionFile == nil || socket != nil }
            return ["localhost", "127.0.0.1", "::1"].contains(host)
        }

        var effectiveTLS: TLS { tls ?? (ca != nil ? .verify : isLocal ? .off : .required) }

        /// The same with paths that do not start from a folder.
        func resolved(in folder: String) -> MariaDBAddress {
            func absolute(_ path: String?) -> String? { path.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" } }
            var copy = self
            copy.optionFile = absolute(optionFile)
            copy.passwordFile = absolute(passwordFile)
            copy.ca = absolute(ca)
            return copy
        }

        /// Reads the password, from a file that nobody else may read.
        ///
        /// - Throws: `configuration`, `denied`; the file is named, nothing of its content.
        func password() throws(PortabilityError) -> String? {
            if let optionFile { _ = try Self.secret(optionFile, key: "option_file", reads: false) }
            guard let passwordFile else { return nil }
            var bytes = try Self.secret(passwordFile, key: "password_file", reads: true)
            while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
            guard let text = String(validating: bytes, as: UTF8.self), !bytes.isEmpty,
                !bytes.contains(where: { $0 == 0 || $0 == 0x0A })
            else {
                throw PortabilityError(
                    .configuration, "the password's file does not hold one line of text",
                    remedy: "Write the password and nothing else into it", at: .init(file: passwordFile))
            }
            return text
        }

        private static func secret(_ path: String, key: String, reads: Bool) throws(PortabilityError) -> [UInt8] {
            let place = PortabilityError.Place(file: path, field: key)
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else {
                let code = errno
                throw PortabilityError(
                    code == EACCES ? .denied : .configuration,
                    code == EACCES ? "the file may not be read" : "there is no such file",
                    remedy: "Correct `\(key)`, or give this user the right to read it", at: place, errno: code)
            }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                throw PortabilityError(
                    .configuration, "it is not a regular file", remedy: "Correct `\(key)`", at: place)
            }
            guard status.st_mode & 0o077 == 0 else {
                throw PortabilityError(
                    .denied, "the file holds a password and can be read or changed by others than its owner",
                    remedy: "Take the rights of others away: chmod 0600", at: place)
            }
            guard reads else { return [] }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            guard count >= 0, count < bytes.count else {
                throw PortabilityError(
                    .configuration, "the password's file cannot be read, or is too long", remedy: "Correct `\(key)`",
                    at: place)
            }
            return Array(bytes[..<count])
        }
    }
#endif
