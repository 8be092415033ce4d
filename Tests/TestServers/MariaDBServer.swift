public import Glibc

/// A MariaDB server of its own in a folder of its own, for a test: reached over a Unix socket, with the superuser
/// `root` without a password. It needs Debian's mariadb-server, and may be started as root and as anybody else.
///
/// The server is the child of a shell that waits for the end of its standard input, which this process holds the
/// other end of: whatever ends this process, the shell ends the server and removes the folder.
public final class MariaDBServer: Sendable {
    /// Why a server could not be started, or what a client of it said.
    public struct Failure: Error, CustomStringConvertible {
        public var description: String
    }

    public let folder: String
    public var socket: String { "\(folder)/s" }
    private let supervisor: pid_t
    private let input: Int32

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - settings: Options of mariadbd. Without `--port` it listens on no network.
    ///   - prepare: Puts files into the folder before the start.
    public init(
        settings: [String] = [], prepare: (_ folder: String) throws -> Void = { _ in }
    ) throws {
        // Not in the folder for temporary files that the environment names: a socket's path has 107 bytes at most.
        var template = Array("/tmp/mariadb-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer {
            $0.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let folder else { throw Failure(description: "no folder for temporary files") }
        self.folder = folder
        try prepare(folder)

        var channel: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &channel) == 0 else {
            throw Failure(description: "no pair of sockets")
        }
        // The server refuses to be root.
        let user = geteuid() == 0 ? "mysql" : ""
        let network = settings.contains { $0.hasPrefix("--port") } ? "" : "--skip-networking"
        let script = """
            # What the shell says of the child that it ends is no news.
            exec 2>/dev/null
            folder=$1 user=$2; shift 2
            cd "$folder" || exit 1
            export PATH="$PATH:/usr/sbin:/usr/local/sbin" TMPDIR="$folder/tmp"
            mkdir data tmp && if [ -n "$user" ]; then chown -R "$user" . && set -- "--user=$user" "$@"; fi
            (mariadb-install-db --no-defaults --datadir="$folder/data" --skip-test-db ${user:+--user=$user} \
                --auth-root-authentication-method=normal >install.log 2>&1 </dev/null &&
            exec mariadbd --no-defaults --datadir="$folder/data" --tmpdir="$folder/tmp" --socket="$folder/s" \
                --pid-file="$folder/pid" \(network) --bind-address=127.0.0.1 \
                --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-buffer-pool-size=128M \
                --innodb-log-file-size=32M --innodb-use-native-aio=0 --innodb-fast-shutdown=2 \
                --character-set-server=utf8mb4 --skip-log-bin --performance-schema=0 --log-error="$folder/log" \
                "$@" </dev/null >out.log 2>&1) &
            child=$!
            read -r line
            kill -KILL "$child"
            wait "$child"
            cd / && rm -rf "$folder"
            """
        do {
            supervisor = try Self.spawn(
                ["/bin/sh", "-c", script, "sh", folder, user] + settings,
                input: channel[0], ownSession: true)
        } catch {
            close(channel[0])
            close(channel[1])
            throw error
        }
        close(channel[0])
        input = channel[1]
        // Three minutes: a busy machine may take long.
        for _ in 0..<1800 {
            if (try? run("SELECT 1")) != nil { return }
            if ["out.log", "log"].contains(where: { Self.text("\(folder)/\($0)").contains("[ERROR] Aborting") }) {
                break
            }
            usleep(100_000)
        }
        let log = ["install.log", "out.log", "log"].map { Self.text("\(folder)/\($0)") }.joined(separator: "\n")
        stop()
        throw Failure(description: "the server did not start; is mariadb-server installed?\n\(log)")
    }

    deinit { stop() }

    /// Ends the server and removes its folder.
    private func stop() {
        close(input)
        var status: Int32 = 0
        while waitpid(supervisor, &status, 0) < 0, errno == EINTR {}
    }

    /// The server's process.
    public var process: pid_t { pid_t(Self.text("\(folder)/pid").split(separator: "\n").first ?? "") ?? -1 }

    /// Ends the server as a power failure would.
    public func kill() {
        let process = process
        if process > 1 { Glibc.kill(process, SIGKILL) }
    }

    /// Runs SQL with the mariadb client and gives what it prints: rows as lines, columns parted by tabs.
    @discardableResult
    public func run(
        _ text: String, database: String = "", user: String = "root", arguments: [String] = []
    ) throws -> String {
        let (output, status) = try Self.output(
            ["mariadb"] + client(user: user) + ["--batch", "--skip-column-names"] + arguments + [database],
            input: text)
        guard status == 0 else { throw Failure(description: output) }
        return output
    }

    /// Arguments that every client of MariaDB takes.
    public func client(user: String = "root") -> [String] {
        ["--no-defaults", "--socket=\(socket)", "--user=\(user)", "--default-character-set=utf8mb4"]
    }

    /// Runs a program and gives what it prints, and its exit status.
    public static func output(_ arguments: [String], input text: String) throws -> (output: String, status: Int32) {
        // Files and not pipes: nothing has to be read while something else is written.
        guard let input = tmpfile(), let output = tmpfile() else { throw Failure(description: "no temporary file") }
        defer {
            fclose(input)
            fclose(output)
        }
        fputs(text, input)
        fflush(input)
        rewind(input)
        let child = try spawn(arguments, input: fileno(input), output: fileno(output))
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        rewind(output)
        return (bytes(output), status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F)
    }

    private static func spawn(
        _ arguments: [String], input: Int32, output: Int32? = nil, ownSession: Bool = false
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, 1)
            posix_spawn_file_actions_adddup2(&actions, output, 2)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Ctrl-C in the terminal is not for it: it has to clean up.
        if ownSession { posix_spawnattr_setflags(&attributes, Self.setsid) }
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child: pid_t = 0
        let code = posix_spawnp(&child, pointers[0].unsafelyUnwrapped, &actions, &attributes, &pointers, environ)
        guard code == 0 else { throw Failure(description: "\(arguments[0]) cannot be started (errno \(code))") }
        return child
    }

    /// `POSIX_SPAWN_SETSID` of glibc, which its headers show to GNU programs only.
    private static let setsid: Int16 = 0x80

    private static func text(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        return bytes(file)
    }

    private static func bytes(_ file: UnsafeMutablePointer<FILE>) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: buffer[..<count])
        }
    }
}
