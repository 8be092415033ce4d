public import Glibc

/// A PostgreSQL server of its own in a folder of its own, for a test: reached over a Unix socket by anybody as the
/// superuser `admin`, and over TLS on `localhost` with passwords (SCRAM). It needs Debian's postgresql-15 (or another
/// version below /usr/lib/postgresql) and openssl, and may be started as root and as anybody else.
///
/// The server is the child of a shell that waits for the end of its standard input, which this process holds the
/// other end of: whatever ends this process, the shell ends the server and removes the folder.
public final class PostgreSQLServer: Sendable {
    /// Why a server could not be started, or what a client of it said.
    public struct Failure: Error, CustomStringConvertible {
        public var description: String
    }

    /// One for all tests of a process, which ends with it.
    public static let shared = Result<PostgreSQLServer, any Error> { try PostgreSQLServer() }

    /// The folder of the socket; `server.crt` in it is the certificate for `localhost`, signed by itself.
    public let folder: String
    /// The port on `localhost`, and the number in the socket's name.
    public let port: Int
    private let supervisor: pid_t
    private let input: Int32
    private let programs: String

    /// Starts a server.
    ///
    /// - Parameter settings: Settings of the server, as `name=value`.
    public init(settings: [String] = []) throws {
        let found = try ChildProcess.output(["/bin/sh", "-c", "ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1"])
        programs = String(found.output.split(separator: "\n").first ?? "")
        guard access("\(programs)/postgres", X_OK) == 0 else {
            throw Failure(description: "there is no server below /usr/lib/postgresql; install postgresql-15")
        }
        // Not in the folder for temporary files that the environment names: a socket's path has 107 bytes at most.
        var template = Array("/tmp/postgresql-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer {
            $0.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let folder else { throw Failure(description: "no folder for temporary files") }
        self.folder = folder
        port = try Self.freePort()

        // The server refuses to be root.
        var asUser: [String] = []
        if geteuid() == 0 {
            guard let user = getpwnam("postgres") ?? getpwnam("nobody") else {
                throw Failure(description: "there is neither a user postgres nor a user nobody to run the server as")
            }
            let (owner, group) = (user.pointee.pw_uid, user.pointee.pw_gid)
            chown(folder, owner, group)
            asUser = ["setpriv", "--reuid=\(owner)", "--regid=\(group)", "--clear-groups", "--"]
        }
        // Others may go through to the socket and read the certificate.
        chmod(folder, 0o755)
        let script = """
            programs=$1 folder=$2 port=$3; shift 3
            cd "$folder" || exit 1
            exec 3<&0 </dev/null
            "$programs/initdb" -D data -U admin -A trust -E UTF8 --locale=C.UTF-8 --no-sync >install.log 2>&1 &&
            openssl req -x509 -newkey rsa:2048 -nodes -keyout server.key -out server.crt -days 2 \
                -subj /CN=localhost -addext subjectAltName=DNS:localhost >>install.log 2>&1 &&
            chmod 600 server.key || exit 1
            printf '%s\\n' 'local all all trust' 'host all all 127.0.0.1/32 scram-sha-256' >data/pg_hba.conf
            "$programs/postgres" -D data -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 -c fsync=off \
                -c full_page_writes=off -c shared_buffers=128MB -c ssl=on \
                -c ssl_cert_file="$folder/server.crt" -c ssl_key_file="$folder/server.key" "$@" >out.log 2>&1 3<&- &
            child=$!
            read -r line <&3
            kill -QUIT "$child"
            wait "$child"
            cd / && rm -rf "$folder"
            """
        var channel: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &channel) == 0 else {
            throw Failure(description: "no pair of sockets")
        }
        do {
            supervisor = try ChildProcess.start(
                asUser + ["/bin/sh", "-c", script, "sh", programs, folder, "\(port)"]
                    + settings.flatMap { ["-c", $0] },
                input: channel[0], ownSession: true)
        } catch {
            close(channel[0])
            close(channel[1])
            throw error
        }
        close(channel[0])
        input = channel[1]
        // A minute: a busy machine may take long.
        for _ in 0..<600 {
            if (try? run("SELECT 1")) != nil { return }
            usleep(100_000)
        }
        let log = ["install.log", "out.log"].map { ChildProcess.text("\(folder)/\($0)") }.joined(separator: "\n")
        stop()
        throw Failure(description: "the server did not start\n\(log)")
    }

    deinit { stop() }

    /// Ends the server and removes its folder.
    private func stop() {
        close(input)
        ChildProcess.wait(for: supervisor)
    }

    /// The server's process.
    public var process: pid_t {
        pid_t(ChildProcess.text("\(folder)/data/postmaster.pid").split(separator: "\n").first ?? "") ?? -1
    }

    /// A connection URI for the socket.
    public func uri(database: String = "postgres", user: String = "admin") -> String {
        "postgresql://\(user)@/\(database)?host=\(folder)&port=\(port)"
    }

    /// Runs SQL with psql and gives what it prints: rows as lines, columns parted by `|`.
    @discardableResult
    public func run(_ text: String, database: String = "postgres", user: String = "admin") throws -> String {
        let (output, status) = try ChildProcess.output(client(database: database, user: user), input: text)
        guard status == 0 else { throw Failure(description: output) }
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }

    /// The command line of psql.
    public func client(database: String = "postgres", user: String = "admin") -> [String] {
        [
            "\(programs)/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", "\(port)", "-U",
            user, "-d", database, "-f", "-",
        ]
    }

    /// A port that nobody listens at. Nothing keeps it free, but nobody looks for it either.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 ? getsockname(descriptor, pointer, &size) : -1
            }
        }
        guard code == 0 else { throw Failure(description: "no free port (errno \(errno))") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
