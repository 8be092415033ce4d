import PortabilityModel

/// The page on its way out, handed on in pieces so that a page of any length needs little memory.
final class HTMLOutput {
    private static let piece = 64 << 10
    private var bytes: [UInt8] = []
    private var handedOn = 0
    private let sink: (Span<UInt8>) throws -> Void

    init(_ sink: @escaping (Span<UInt8>) throws -> Void) { self.sink = sink }

    /// Bytes written so far.
    var count: Int { handedOn + bytes.count }

    func write(_ markup: Markup) throws {
        bytes += markup.bytes
        if bytes.count >= Self.piece { try handOn() }
    }

    /// What `body` appends; it must be markup.
    func write(_ body: (inout [UInt8]) -> Void) throws {
        body(&bytes)
        if bytes.count >= Self.piece { try handOn() }
    }

    /// Hands on the rest.
    func finish() throws { if !bytes.isEmpty { try handOn() } }

    private func handOn() throws {
        var piece = exchange(&bytes, with: [])
        handedOn += piece.count
        try sink(piece.span)
        piece.removeAll(keepingCapacity: true)
        bytes = piece
    }
}
