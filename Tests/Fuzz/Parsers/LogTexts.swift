import PortabilityText

@testable import UsageLogExtractor

/// Sizes of pieces, drawn from a seed.
private struct Pieces {
    var state: UInt64

    init(_ seed: UInt8) { state = UInt64(seed) }

    mutating func next(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return 1 + Int(truncatingIfNeeded: state >> 33) % limit
    }
}

/// What is sound to zlib is sound to ISA-L, or left to zlib, and gives the same bytes, in pieces of any size. Of a file
/// that is too large for its size and malformed besides, either may be told: an engine looks ahead as far as it was fed.
@Sendable func inflateGzip(_ file: [UInt8]) {
    let seed = UInt8(truncatingIfNeeded: file.count)
    func inflate(_ seed: UInt8, _ engine: GzipInflater.Engine) -> (bytes: [UInt8], fault: GzipFault?) {
        unpack(file, seed, GzipInflater(ratio: 200, floor: 1 << 20, engine: engine))
    }
    let fast = inflate(seed, .isal)
    let slow = inflate(seed &+ 1, .zlib)
    if slow.fault == nil, ![.malformed, .ratio].contains(fast.fault), fast.fault != nil || fast.bytes != slow.bytes {
        finding("ISA-L and zlib do not agree about a sound file")
    }
    let again = inflate(seed &+ 2, .isal)
    let faults = [fast.fault, again.fault]
    let areAlike = fast.fault == again.fault || faults.contains(.ratio) && !faults.contains(nil)
    if !areAlike || fast.fault == nil && fast.bytes != again.bytes {
        finding("the pieces in which a gzip file is fed change what it gives")
    }
}

/// The pieces in which a zstd file is fed do not change what it gives.
@Sendable func inflateZstd(_ file: [UInt8]) {
    let seed = UInt8(truncatingIfNeeded: file.count)
    let first = unpack(file, seed, ZstdInflater(ratio: 200, floor: 1 << 20))
    let second = unpack(file, seed &+ 1, ZstdInflater(ratio: 200, floor: 1 << 20))
    if (first.fault == nil) != (second.fault == nil) || first.fault == nil && first.bytes != second.bytes {
        finding("the pieces in which a zstd file is fed change what it gives")
    }
}

private func unpack<Reader: Inflater & ~Copyable>(
    _ file: [UInt8], _ seed: UInt8, _ inflater: consuming Reader
) -> (bytes: [UInt8], fault: Reader.Fault?) {
    var pieces = Pieces(seed)
    var out: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    var fault: Reader.Fault?
    var place = 0
    while fault == nil {
        let count = min(file.count - place, pieces.next(300))
        inflater.feed(file.span.extracting(place..<place + count))
        place += count
        var given = 1
        while given > 0, fault == nil {
            buffer.withUnsafeMutableBytes { bytes in
                do throws(Reader.Fault) {
                    given = try inflater.inflate(into: .init(rebasing: bytes[..<pieces.next(bytes.count)]))
                } catch {
                    fault = error
                    given = 0
                }
            }
            out += buffer[..<given]
        }
        if count == 0 { break }
    }
    if fault == nil {
        do throws(Reader.Fault) { try inflater.finish() } catch { fault = error }
    }
    return (out, fault)
}

/// Parts of a text, wherever it is cut into them, are joined to the lines that it has, none lost and none twice.
@Sendable func joinParts(_ input: [UInt8]) {
    guard let seed = input.first else { return }
    let text = Array(input.dropFirst())
    let limit = Int(seed) % 40
    var splitter = LineSplitter(limit: limit)
    splitter.feed(text.span)
    splitter.finish()
    var expected: [FoundLine] = []
    var bytes: [UInt8] = []
    while let line = splitter.next() {
        expected.append(
            FoundLine(
                number: line.number, offset: line.offset, start: bytes.count, length: line.length,
                isTooLong: line.isTooLong))
        bytes += splitter.bytes(of: line)
    }
    var pieces = Pieces(seed)
    let scanner = TextScanner(.everything(lineLimit: limit))
    var joiner = PartJoiner(.everything(lineLimit: limit))
    var found: [FoundLine] = []
    var foundBytes: [UInt8] = []
    func take(_ lines: FoundLines) {
        for var line in lines.lines {
            let own = lines.bytes[line.start..<line.start + line.length]
            line.start = foundBytes.count
            foundBytes += own
            found.append(line)
        }
    }
    joiner.begin(file: 0)
    var place = 0
    while place < text.count {
        place += scanner.scan(upTo: pieces.next(60)) { buffer in
            let count = min(buffer.count, text.count - place)
            text.withUnsafeBytes { buffer.copyMemory(from: .init(rebasing: $0[place..<place + count])) }
            return count
        }
        if pieces.next(3) == 1 { take(joiner.join(scanner.takePart(isLast: false))) }
    }
    take(joiner.join(scanner.takePart(isLast: true)))
    take(joiner.finish())
    if found != expected || foundBytes != bytes || joiner.bytes != Int64(text.count) {
        finding("the parts of a text are not joined to its lines")
    }
}
