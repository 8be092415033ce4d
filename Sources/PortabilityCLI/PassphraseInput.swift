import Glibc
import PortabilityModel

/// Passphrases, which come from the terminal without being shown, or from a file descriptor; never from an argument or
/// an environment variable, which other users of the machine can read.
enum PassphraseInput {
    /// More than anybody types.
    private static let longest = 1024

    /// Asks at the controlling terminal.
    ///
    /// - Throws: `configuration` if there is none; `cancelled` if the program is asked to end.
    static func ask(_ prompt: String, instead option: String) throws -> SecretBytes {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else {
            throw PortabilityError(
                .configuration, "there is no terminal at which a passphrase could be asked for",
                remedy: "Give \(option) with the number of a file descriptor to read it from")
        }
        defer { close(terminal) }
        var usual = termios()
        guard tcgetattr(terminal, &usual) == 0 else {
            throw PortabilityError(.unavailable, "the terminal does not answer", errno: errno)
        }
        var hidden = usual
        hidden.c_lflag &= ~tcflag_t(ECHO)
        hidden.c_lflag |= tcflag_t(ECHONL)
        // Who stops the program while it asks would get back a terminal that shows nothing.
        withUnsafeMutableBytes(of: &hidden.c_cc) { $0[Int(VSUSP)] = 0 }
        tcsetattr(terminal, TCSAFLUSH, &hidden)
        defer { tcsetattr(terminal, TCSAFLUSH, &usual) }
        Terminal.writeBytes(Array(prompt.utf8), to: terminal)
        return try line(terminal)
    }

    /// Reads the first line of a file descriptor.
    ///
    /// - Throws: `configuration` if it is not open for reading.
    static func read(descriptor: Int32) throws -> SecretBytes {
        guard fcntl(descriptor, F_GETFL) >= 0 else {
            throw PortabilityError(
                .configuration, "the file descriptor for the passphrase is not open",
                remedy: "Give the passphrase to it, for example with 3<FILE")
        }
        return try line(descriptor)
    }

    /// Waits in short steps: a signal is told to the task, and does not interrupt a read on another thread.
    private static func line(_ descriptor: Int32) throws -> SecretBytes {
        try SecretBytes(capacity: longest + 1) { room in
            var count = 0
            while count < room.count {
                if Task.isCancelled { throw PortabilityError(.cancelled, "interrupted") }
                var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard Glibc.poll(&poll, 1, 100) != 0 else { continue }
                // One byte at a time: what follows the line belongs to others.
                let got = Glibc.read(descriptor, room.baseAddress! + count, 1)
                if got < 0, errno == EINTR || errno == EAGAIN { continue }
                guard got >= 0 else {
                    throw PortabilityError(
                        .configuration, "the passphrase cannot be read", remedy: "Check the file descriptor",
                        errno: errno)
                }
                if got == 0 || room[count] == 10 { break }
                count += 1
            }
            guard count <= longest else {
                throw PortabilityError(
                    .configuration, "the passphrase is longer than \(longest) bytes", remedy: "Give its line alone")
            }
            if count > 0, room[count - 1] == 13 { count -= 1 }
            return count
        }
    }
}
