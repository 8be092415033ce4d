import PortabilityModel

/// Reads the data types of SSH (RFC 4251, section 5) out of bytes at hand, none beyond their end.
struct SSHReader {
    private let bytes: UnsafeRawBufferPointer
    private let subject: String
    private(set) var offset = 0

    /// - Parameter subject: what messages call it.
    init(_ bytes: UnsafeRawBufferPointer, of subject: String) {
        self.bytes = bytes
        self.subject = subject
    }

    var remaining: Int { bytes.count - offset }

    /// An error at the place that was reached.
    func wrong(_ message: String) -> PortabilityError {
        PortabilityError(.malformed, message, remedy: "Get the \(subject) again", at: .init(byte: Int64(offset)))
    }

    mutating func bytes(_ count: Int, _ what: String) throws -> UnsafeRawBufferPointer {
        guard count <= remaining else { throw wrong("the \(subject) ends within \(what)") }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    mutating func uint32(_ what: String) throws -> Int {
        try bytes(4, what).reduce(0) { $0 << 8 | Int($1) }
    }

    /// A string: its length, then its bytes.
    mutating func string(_ what: String, atMost limit: Int = SSHArmour.largest) throws -> UnsafeRawBufferPointer {
        let start = self
        let count = try uint32(what)
        guard count <= limit else {
            self = start
            throw wrong("\(what) of the \(subject) is longer than it may be")
        }
        return try bytes(count, what)
    }

    /// A string of printable ASCII.
    mutating func word(_ what: String, atMost limit: Int = 255) throws -> String {
        let start = self
        let text = try string(what, atMost: limit)
        guard text.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            self = start
            throw wrong("\(what) of the \(subject) is no plain word")
        }
        return String(decoding: text, as: UTF8.self)
    }

    func end() throws {
        if remaining > 0 { throw wrong("the \(subject) goes on after its end") }
    }
}

/// Writes the data types of SSH (RFC 4251, section 5).
struct SSHWriter {
    private(set) var bytes: [UInt8] = []

    mutating func raw(_ more: some Sequence<UInt8>) { bytes += more }

    mutating func uint32(_ value: Int) {
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func string(_ value: some Collection<UInt8>) {
        uint32(value.count)
        bytes += value
    }
}
