import Glibc
import PortabilityCrypto
import PortabilityEnvelope
import PortabilityModel
import TestServers
import Testing

/// A socket that is listened to in this process, and what it answers.
private final class FalseAgent: Sendable {
    let path: String
    private let socket: Int32

    /// - Parameter answer: sent to whoever connects, whatever they ask; nil: nobody is answered.
    init(_ answer: [UInt8]?) throws {
        path = "/tmp/portability-agent-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(socket, 4) == 0)
        guard let answer else { return }
        let listening = socket
        Task.detached {
            let peer = accept(listening, nil, nil)
            guard peer >= 0 else { return }
            var question = [UInt8](repeating: 0, count: 4096)
            _ = read(peer, &question, question.count)
            _ = answer.withUnsafeBytes { write(peer, $0.baseAddress, $0.count) }
            close(peer)
        }
    }

    deinit {
        close(socket)
        unlink(path)
    }
}

@Suite("Keys that an SSH agent keeps", .onOwnThreads, .serialized)
struct SSHAgentTests {
    private let key: SSHPublicKey

    init() throws { key = try SSHPublicKey(line: SSHData.bytes("ed25519.pub").dropLast()) }

    /// Starts ssh-agent with the test key, and stops it.
    private func withAgent(holding: Bool, _ body: (SSHAgent) throws -> Void) throws {
        let folder = "/tmp/portability-ssh-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try #require(mkdir(folder, 0o700) == 0)
        let socket = "\(folder)/socket"
        let null = Glibc.open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let agent = try ChildProcess.start(["ssh-agent", "-D", "-a", socket], input: null, output: null)
        defer {
            // It may have inherited that other signals are held up.
            kill(agent, SIGKILL)
            ChildProcess.wait(for: agent)
            for name in ["socket", "key"] { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
        while access(socket, F_OK) != 0 {
            try #require(kill(agent, 0) == 0, "ssh-agent has ended")
            usleep(10_000)
        }
        if holding {
            let bytes = try SSHData.bytes("ed25519")
            let file = Glibc.open("\(folder)/key", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            try #require(bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } == bytes.count)
            close(file)
            let added = try ChildProcess.output(
                ["env", "SSH_AUTH_SOCK=\(socket)", "ssh-add", "-q", "\(folder)/key"])
            try #require(added.status == 0, "\(added.output)")
        }
        try body(SSHAgent(path: socket))
    }

    @Test func theAgentSignsAsTheKeyItself() throws {
        try withAgent(holding: true) { agent in
            let signing = try SSHSigningKey(publicKey: key, agent: agent)
            let signature = try signing.sign(SSHData.bytes("message.txt"), namespace: "portability")
            #expect(signature.text == (try SSHData.bytes("ed25519.sig")))
        }
    }

    @Test func anAgentWithoutTheKeyIsTold() throws {
        try withAgent(holding: false) { agent in
            let error = #expect(throws: PortabilityError.self) {
                try SSHSigningKey(publicKey: key, agent: agent)
            }
            #expect(error?.code == .unavailable)
            #expect(error?.message == "the SSH agent does not have the key")
        }
    }

    @Test func noAgentIsTold() throws {
        for path in ["/tmp/portability-no-agent", "", String(repeating: "a", count: 200)] {
            let error = #expect(throws: PortabilityError.self) {
                try SSHSigningKey(publicKey: key, agent: SSHAgent(path: path))
            }
            #expect(error?.code == .unavailable)
        }
    }

    @Test func anAgentThatDoesNotAnswerIsNotWaitedForForEver() throws {
        let agent = try FalseAgent(nil)
        let error = #expect(throws: PortabilityError.self) {
            try SSHSigningKey(publicKey: key, agent: SSHAgent(path: agent.path, patience: 1))
        }
        #expect(error?.message == "the SSH agent does not answer within 1 seconds")
    }

    @Test(
        "What is no answer ends in one error",
        arguments: [
            [], [0, 0], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF, 12], [0, 0, 0, 9, 12, 0, 0], [0, 0, 0, 1, 99],
            [0, 0, 0, 5, 12, 0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 5, 12, 0, 0, 0, 1],
            [0, 0, 0, 9, 12, 0, 0, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF], [0, 0, 0, 6, 12, 0, 0, 0, 0, 0],
        ] as [[UInt8]])
    func hostileAnswers(_ answer: [UInt8]) throws {
        let agent = try FalseAgent(answer)
        let error = #expect(throws: PortabilityError.self) {
            try SSHSigningKey(publicKey: key, agent: SSHAgent(path: agent.path, patience: 5))
        }
        #expect(error?.code == .unavailable || error?.code == .malformed)
    }

    @Test func anAgentThatRefusesIsTold() throws {
        let agent = try FalseAgent([0, 0, 0, 1, 5])
        let error = #expect(throws: PortabilityError.self) {
            try SSHSigningKey(publicKey: key, agent: SSHAgent(path: agent.path, patience: 5))
        }
        #expect(error?.code == .denied)
    }

    @Test func otherKeysThanEd25519AreRefusedBeforeTheAgentIsAsked() throws {
        let rsa = try SSHPublicKey(line: SSHData.bytes("rsa.pub").dropLast())
        let error = #expect(throws: PortabilityError.self) {
            try SSHSigningKey(publicKey: rsa, agent: SSHAgent(path: ""))
        }
        #expect(error?.code == .unsupported)
    }
}
