import CSpawn
import Glibc
import PortabilityModel

/// How a tap is started.
struct TapLaunch: Sendable {
    /// An absolute path.
    var executable: String
    /// All arguments, the program's own name first.
    var arguments: [String]
    /// `NAME=value`.
    var environment: [String]
    var directory: String
    var timeoutSeconds: Double
    var silenceSeconds: Double

    /// How long a tap that was told to end may take, and how long what it left behind may keep its output open.
    var graceSeconds: Double { min(2, silenceSeconds) }

    func with(_ more: [String]) -> TapLaunch {
        var copy = self
        copy.arguments += more
        return copy
    }
}

/// How a tap ended.
enum TapStatus: Equatable {
    case exited(Int32)
    case signalled(Int32)
    /// Somebody else waited for it; how it ended cannot be known.
    case unknown

    var isSuccess: Bool { self == .exited(0) }

    var message: String {
        switch self {
        case .exited(let status): "the tap ended with exit status \(status)"
        case .signalled(let signal): "the tap was ended by signal \(signal)"
        case .unknown: "how the tap ended cannot be known, as this program does not wait for its children"
        }
    }
}

/// A tap that runs: a child process in a session of its own, so that it can be ended with everything it started.
///
/// Its standard input is empty. Its standard error is read as fast as it comes and not kept (``StandardError``). Its
/// standard output is read only when asked for, so that it waits while we wait.
///
/// No tap outlives this program: a second child, a guard, waits on a pipe whose other end only this process has. When
/// that closes because this process is gone, however it went, the guard ends the tap's whole group. (A child cannot
/// be given a parent-death signal by `posix_spawn`, and the signal would follow the thread, not the process.)
final class TapProcess {
    private let launch: TapLaunch
    private let process: pid_t
    private let guardProcess: pid_t
    private var output: Int32
    private var errors: Int32
    private var leash: Int32
    private var scratch = [UInt8](repeating: 0, count: 1 << 16)
    private var status: TapStatus?
    private(set) var standardError = StandardError()
    /// True if the output was still open when the tap itself had ended, and stayed so: somebody else holds it.
    private(set) var wasLeftOpen = false

    /// Seconds for which we waited for the tap: those are its own, unlike the time in which we read what it printed.
    private var waited = 0.0
    /// Of these, since it last printed anything.
    private var silent = 0.0
    /// Of these, since it was seen to have ended; nil before.
    private var sinceExit: Double?
    /// When it was started, moved on by the time in which records were passed on.
    private var started: Double

    /// Starts the tap.
    ///
    /// - Throws: `unavailable` or `denied` if it cannot be started.
    init(_ launch: TapLaunch) throws(PortabilityError) {
        self.launch = launch
        var pipes = Pipes()
        defer { pipes.closeAll() }
        let output = try pipes.make()
        let errors = try pipes.make()
        let leash = try pipes.make()
        process = try Self.spawn(
            launch.executable, launch.arguments, launch.environment, directory: launch.directory, input: nil,
            output: output.write, errors: errors.write)
        do {
            guardProcess = try Self.spawn(
                "/bin/sh", ["sh", "-c", Self.guardScript, "sh", String(process)], ["PATH=/usr/bin:/bin"],
                directory: "/", input: leash.read, output: nil, errors: nil)
        } catch {
            kill(-process, SIGKILL)
            waitpid(process, nil, 0)
            throw error
        }
        self.output = output.read
        self.errors = errors.read
        self.leash = leash.write
        pipes.keep([output.read, errors.read, leash.write])
        for descriptor in [output.read, errors.read] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
        started = Self.now()
    }

    deinit { end() }

    /// Waits for the end of its standard input, which is the end of this process, and ends the group whose number is
    /// its one argument. Nothing of the configuration is in it.
    private static let guardScript = "read -r end; kill -s TERM -- -$1; sleep 2; kill -s KILL -- -$1"

    /// Reads standard output.
    ///
    /// - Returns: how many bytes; 0 at the end.
    /// - Throws: `limit` if the tap is silent or runs for too long; `cancelled`; `unavailable`.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(PortabilityError) -> Int {
        while true {
            try check()
            let isReadable = try wait(forOutput: true, milliseconds: 100)
            if isReadable {
                let count = Glibc.read(output, buffer.baseAddress, buffer.count)
                if count > 0 {
                    silent = 0
                    if sinceExit != nil { sinceExit = 0 }
                    return count
                }
                if count == 0 { return 0 }
                if errno != EAGAIN && errno != EINTR {
                    throw PortabilityError(.unavailable, "the tap's output cannot be read", errno: errno)
                }
            } else if let since = sinceExit {
                if since >= launch.graceSeconds {
                    wasLeftOpen = true
                    return 0
                }
            } else if hasExited() {
                sinceExit = 0
            }
        }
    }

    /// Waits until the tap has ended, after the end of its output, and ends what it left behind.
    func finish() throws(PortabilityError) -> TapStatus {
        close(&output)
        while !hasExited() {
            try check()
            _ = try wait(forOutput: false, milliseconds: 10)
        }
        drainErrors()
        end()
        return status ?? .unknown
    }

    /// Seconds since some moment in the past.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Says that the tap had to wait for us since then: that time is not the tap's.
    func hasWaited(since moment: Double) {
        started += Self.now() - moment
    }

    /// Ends the tap and all it started, if it still runs, and waits for it.
    func end() {
        if status != nil { return }
        close(&output)
        close(&errors)
        if !hasExited() {
            kill(-process, SIGTERM)
            let deadline = Self.now() + launch.graceSeconds
            while !hasExited(), Self.now() < deadline { usleep(10_000) }
        }
        // The tap's number is not given to another process before it is waited for, so the group is still its own.
        kill(-process, SIGKILL)
        status = Self.reap(process)
        kill(guardProcess, SIGKILL)
        _ = Self.reap(guardProcess)
        close(&leash)
    }

    // MARK: waiting

    /// A tap that prints without end as fast as we read never lets us wait. It is stopped after so many times what it
    /// may take.
    private static let patience = 4.0

    private func check() throws(PortabilityError) {
        if Task.isCancelled { throw PortabilityError(.cancelled, "the export was cancelled") }
        if waited > launch.timeoutSeconds || Self.now() - started > Self.patience * launch.timeoutSeconds {
            throw PortabilityError(
                .limit, "the tap did not end within \(Self.seconds(launch.timeoutSeconds)) and was stopped",
                remedy: "Raise `timeout_seconds`, or let the tap read less")
        }
        if sinceExit == nil, silent > launch.silenceSeconds {
            throw PortabilityError(
                .limit, "the tap printed nothing for \(Self.seconds(launch.silenceSeconds)) and was stopped",
                remedy: "Run it by hand to see what it waits for, or raise `silence_seconds`")
        }
    }

    /// Waits for a moment and takes in what came on standard error; true if there is output.
    private func wait(forOutput: Bool, milliseconds: Int32) throws(PortabilityError) -> Bool {
        var polled = [
            pollfd(fd: forOutput ? output : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        ]
        let moment = Self.now()
        let count = poll(&polled, 2, milliseconds)
        let code = errno
        let passed = Self.now() - moment
        waited += passed
        silent += passed
        if let since = sinceExit { sinceExit = since + passed }
        if count < 0 {
            if code == EINTR { return false }
            throw PortabilityError(.unavailable, "the tap's output cannot be waited for", errno: code)
        }
        if polled[1].revents != 0 { readErrors() }
        return polled[0].revents != 0
    }

    /// One read of standard error; true if there may be more.
    @discardableResult
    private func readErrors() -> Bool {
        if errors < 0 { return false }
        let count = scratch.withUnsafeMutableBytes { Glibc.read(errors, $0.baseAddress, $0.count) }
        if count > 0 {
            silent = 0
            scratch.withUnsafeBytes { standardError.take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            return true
        }
        if count == 0 || errno != EAGAIN && errno != EINTR { close(&errors) }
        return false
    }

    /// What the ended tap still had in the pipe: never more than a pipe holds, as others may go on writing.
    private func drainErrors() {
        for _ in 0..<32 where !readErrors() { return }
    }

    private func hasExited() -> Bool {
        var info = siginfo_t()
        info.si_signo = 0
        if waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) != 0 { return errno != EINTR }
        return info.si_signo != 0
    }

    private static func reap(_ process: pid_t) -> TapStatus {
        var status: Int32 = 0
        while waitpid(process, &status, 0) != process {
            if errno != EINTR { return .unknown }
        }
        let signal = status & 0x7f
        return signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
    }

    private func close(_ descriptor: inout Int32) {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }

    private static func seconds(_ seconds: Double) -> String {
        seconds == 1 ? "1 second" : seconds == seconds.rounded() ? "\(Int(seconds)) seconds" : "\(seconds) seconds"
    }

    // MARK: starting

    /// Pipes that are closed together unless they are kept.
    private struct Pipes {
        private var open: [Int32] = []

        mutating func make() throws(PortabilityError) -> (read: Int32, write: Int32) {
            var ends: [Int32] = [-1, -1]
            guard pipe2(&ends, O_CLOEXEC) == 0 else {
                throw PortabilityError(.unavailable, "no pipe to the tap can be made", errno: errno)
            }
            open += ends
            return (ends[0], ends[1])
        }

        mutating func keep(_ descriptors: [Int32]) { open.removeAll { descriptors.contains($0) } }

        mutating func closeAll() {
            for descriptor in open { Glibc.close(descriptor) }
            open = []
        }
    }

    /// Starts a program as the leader of a session of its own, with none of our files and signals as they were at the
    /// beginning. What is nil is /dev/null.
    private static func spawn(
        _ executable: String, _ arguments: [String], _ environment: [String], directory: String, input: Int32?,
        output: Int32?, errors: Int32?
    ) throws(PortabilityError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, target) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO)] {
            if let descriptor {
                posix_spawn_file_actions_adddup2(&actions, descriptor, target)
            } else {
                let mode = target == STDIN_FILENO ? O_RDONLY : O_WRONLY
                posix_spawn_file_actions_addopen(&actions, target, "/dev/null", mode, 0)
            }
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        posix_spawn_file_actions_addchdir_np(&actions, directory)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | Int32(portability_spawn_setsid)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup($0) } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, executable, &actions, &attributes, &argv, &envp)
        guard code == 0 else {
            throw PortabilityError(
                code == EACCES || code == EPERM ? .denied : .unavailable,
                "the tap cannot be started (errno \(code))",
                remedy: code == ENOENT
                    ? "Look whether the interpreter that its first line names is there" : "Check `command`",
                errno: code)
        }
        return process
    }
}
