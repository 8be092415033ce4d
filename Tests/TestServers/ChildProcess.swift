public import Glibc

/// Child processes of tests.
public enum ChildProcess {
    /// Why a program could not be started.
    public struct Failure: Error, CustomStringConvertible {
        public var description: String
        public init(description: String) { self.description = description }
    }

    /// Starts a program. It has nothing open but standard input, output and error: everything here is closed on exec.
    public static func start(
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
        if ownSession { posix_spawnattr_setflags(&attributes, setsid) }
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child: pid_t = 0
        let code = posix_spawnp(&child, pointers[0].unsafelyUnwrapped, &actions, &attributes, &pointers, environ)
        guard code == 0 else { throw Failure(description: "\(arguments[0]) cannot be started (errno \(code))") }
        return child
    }

    /// Waits for the end of a child; its exit status, or 128 and the signal that ended it.
    @discardableResult
    public static func wait(for child: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    /// Runs a program and gives what it prints, errors included, and its exit status.
    public static func output(_ arguments: [String], input text: String = "") throws -> (output: String, status: Int32)
    {
        // Files and not pipes: nothing has to be read while something else is written.
        guard let input = tmpfile(), let output = tmpfile() else { throw Failure(description: "no temporary file") }
        defer {
            fclose(input)
            fclose(output)
        }
        for file in [input, output] { _ = fcntl(fileno(file), F_SETFD, FD_CLOEXEC) }
        fputs(text, input)
        fflush(input)
        rewind(input)
        let status = wait(for: try start(arguments, input: fileno(input), output: fileno(output)))
        rewind(output)
        return (bytes(output), status)
    }

    /// The text of a file, empty if it cannot be read.
    public static func text(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        return bytes(file)
    }

    /// `POSIX_SPAWN_SETSID` of glibc, which its headers show to GNU programs only.
    private static let setsid: Int16 = 0x80

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
