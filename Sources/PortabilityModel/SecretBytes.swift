import Glibc

/// Bytes that must not be found in memory later, such as a private key or a passphrase: they are overwritten when nobody
/// holds them any more. Printing them shows nothing.
///
/// What is made of them, and what the system wrote of them elsewhere (registers, a swapped page), is not in their reach.
public final class SecretBytes: Sendable, CustomStringConvertible, CustomReflectable {
    private nonisolated(unsafe) let storage: UnsafeMutableRawBufferPointer
    /// How many there are.
    public let count: Int

    /// Lets `fill` write up to `capacity` bytes; it says how many it wrote.
    ///
    /// - Throws: what `fill` throws; what it wrote is then overwritten.
    public init(capacity: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows {
        storage = .allocate(byteCount: max(1, capacity), alignment: 16)
        do {
            count = try fill(UnsafeMutableRawBufferPointer(rebasing: storage[..<max(0, capacity)]))
        } catch {
            Self.release(storage)
            throw error
        }
    }

    /// Takes a copy.
    public convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(capacity: bytes.count) { copy in
            copy.copyMemory(from: bytes)
            return bytes.count
        }
    }

    /// Takes a copy.
    public convenience init(_ bytes: [UInt8]) {
        self.init(capacity: bytes.count) { copy in
            copy.copyBytes(from: bytes)
            return bytes.count
        }
    }

    deinit { Self.release(storage) }

    private static func release(_ storage: UnsafeMutableRawBufferPointer) {
        // The compiler may not leave this call out, as it may others.
        if let start = storage.baseAddress { explicit_bzero(start, storage.count) }
        storage.deallocate()
    }

    /// Lends the bytes; nobody keeps the pointer.
    public func withBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try withExtendedLifetime(self) { try body(UnsafeRawBufferPointer(rebasing: storage[..<count])) }
    }

    public var description: String { "secret (hidden)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
