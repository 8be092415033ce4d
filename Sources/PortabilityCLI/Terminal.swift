import Glibc
import PortabilityModel
import Synchronization

/// Lines to and from the person at the terminal. stdout carries data, stderr messages.
enum Terminal {
    /// True once something could not be written to stdout.
    static let outputFailed = Atomic(false)

    static func out(_ text: String) { write(text, to: STDOUT_FILENO) }
    static func error(_ text: String) { write(text, to: STDERR_FILENO) }
    /// What concerns the running and no archive.
    static func note(_ finding: Finding) {
        let place = finding.place.isEmpty ? "" : " (\(finding.place))"
        error("note: \(finding.message)\(place)".printable)
    }

    /// Text without a line feed, for the progress line.
    static func errorRaw(_ text: String) { writeBytes(Array(text.utf8), to: STDERR_FILENO) }

    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    private static func write(_ text: String, to descriptor: Int32) {
        writeBytes(Array(text.utf8) + (text.hasSuffix("\n") ? [] : [10]), to: descriptor)
    }

    static func writeBytes(_ bytes: [UInt8], to descriptor: Int32) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                // Whoever read us has gone: that is no failure of ours. A full disk is.
                if errno != EPIPE && descriptor == STDOUT_FILENO { outputFailed.store(true, ordering: .relaxed) }
                return
            }
            offset += count
        }
    }

    /// Asks for one line at the controlling terminal; nil if there is none.
    static func ask(_ prompt: String) -> String? {
        let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        writeBytes(Array(prompt.utf8), to: descriptor)
        return readLines(descriptor, limit: 1).first
    }

    /// Reads up to `limit` lines from a file descriptor, each without its line end, at most 64 KiB in all.
    static func readLines(_ descriptor: Int32, limit: Int) -> [String] {
        var bytes: [UInt8] = []
        var lines = 0
        while lines < limit, bytes.count < 64 << 10 {
            var byte: UInt8 = 0
            let count = read(descriptor, &byte, 1)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { break }
            if byte == 10 { lines += 1 }
            bytes.append(byte)
        }
        return bytes.split(separator: 10, omittingEmptySubsequences: false).prefix(limit).map { line in
            String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
        }.filter { !$0.isEmpty }
    }
}
