import Glibc
import PortabilityEnvelope
import PortabilityModel

/// A program that keeps private keys and signs with them (draft-ietf-sshm-ssh-agent), reached by a socket.
public struct SSHAgent: Sendable {
    private let path: String
    /// Seconds; people are given time to confirm.
    private let patience: Int64

    /// - Parameters:
    ///   - path: the socket, as `SSH_AUTH_SOCK` names it.
    ///   - patience: seconds that an answer may take.
    public init(path: String, patience: Int64 = 120) {
        self.path = path
        self.patience = patience
    }

    /// Whether it has the key.
    ///
    /// - Throws: `unavailable`, `malformed`, `denied`, `cancelled`.
    func holds(_ key: SSHPublicKey) throws -> Bool {
        try SSHAgentMessages.identities(in: ask(SSHAgentMessages.requestIdentities)).contains(key.blob)
    }

    /// The 64 bytes of a signature.
    ///
    /// - Throws: as ``holds(_:)``.
    func sign(_ data: [UInt8], with key: SSHPublicKey) throws -> [UInt8] {
        try SSHAgentMessages.signature(in: ask(SSHAgentMessages.signRequest(key: key, data: data)))
    }

    private func failure(_ message: String, _ code: Int32? = nil) -> PortabilityError {
        PortabilityError(
            .unavailable, message, remedy: "Check that the agent runs and that SSH_AUTH_SOCK names its socket",
            at: .init(file: path), errno: code)
    }

    /// One question and its answer.
    private func ask(_ question: [UInt8]) throws -> [UInt8] {
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw failure("no connection to the SSH agent can be made", errno) }
        defer { close(socket) }
        try connect(socket)
        // After connecting, which a socket that does not block may put off.
        _ = fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK)
        let deadline = Self.seconds() + patience
        var count = UInt32(question.count).bigEndian
        try transfer(withUnsafeBytes(of: &count) { Array($0) } + question, socket, deadline)
        let head = try receive(4, socket, deadline)
        let length = head.reduce(0) { $0 << 8 | Int($1) }
        guard 1...SSHAgentMessages.largest ~= length else {
            throw failure("what answers is no SSH agent")
        }
        return try receive(length, socket, deadline)
    }

    private func connect(_ socket: Int32) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard name.count < room.count else { return false }
            room.copyBytes(from: name)
            return true
        }
        guard fits, !name.isEmpty else { throw failure("the name of the SSH agent's socket cannot be one") }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw failure("the SSH agent cannot be reached", errno) }
    }

    private func transfer(_ bytes: [UInt8], _ socket: Int32, _ deadline: Int64) throws {
        var sent = 0
        while sent < bytes.count {
            try wait(socket, for: POLLOUT, deadline)
            let count = bytes[sent...].withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if count < 0, errno != EINTR, errno != EAGAIN {
                throw failure("the SSH agent has hung up", errno)
            }
        }
    }

    private func receive(_ count: Int, _ socket: Int32, _ deadline: Int64) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            try wait(socket, for: POLLIN, deadline)
            let more = bytes.withUnsafeMutableBytes { read(socket, $0.baseAddress! + filled, count - filled) }
            if more > 0 {
                filled += more
            } else if more == 0 || errno != EINTR && errno != EAGAIN {
                throw failure("the SSH agent has hung up", more == 0 ? nil : errno)
            }
        }
        return bytes
    }

    /// Waits in short steps, so that whoever cancels need not wait for the agent.
    private func wait(_ socket: Int32, for events: Int32, _ deadline: Int64) throws {
        while true {
            if Task.isCancelled { throw PortabilityError(.cancelled, "cancelled") }
            var poll = pollfd(fd: socket, events: Int16(events), revents: 0)
            if Glibc.poll(&poll, 1, 100) > 0 { return }
            guard Self.seconds() < deadline else {
                throw failure("the SSH agent does not answer within \(patience) seconds")
            }
        }
    }

    private static func seconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec)
    }
}
