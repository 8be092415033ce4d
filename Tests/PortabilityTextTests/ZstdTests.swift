import PortabilityText
import Testing

private func inflate(
    _ file: [UInt8], _ random: inout SplitMix, pieces: Int, ratio: Int = 200, floor: Int64 = 64 << 20
) -> (bytes: [UInt8], fault: ZstdFault?) {
    inflate(file, &random, pieces: pieces, ZstdInflater(ratio: ratio, floor: floor))
}

private func little(_ number: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(number >> (8 * $0) & 255) } }

/// A frame by hand (RFC 8878, 3.1.1), of raw blocks of up to 1,000 bytes or of one byte repeated.
private func frame(_ text: [UInt8], window: UInt8 = 0) -> [UInt8] {
    var frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, window]
    var rest = text[...]
    repeat {
        let block = rest.prefix(1000)
        rest = rest.dropFirst(1000)
        let last = rest.isEmpty ? 1 : 0
        if block.count > 1, block.allSatisfy({ $0 == block.first }) {
            frame += little(last | 1 << 1 | block.count << 3, 3) + block.prefix(1)
        } else {
            frame += little(last | block.count << 3, 3) + block
        }
    } while !rest.isEmpty
    return frame
}

private func skipped(_ count: Int) -> [UInt8] {
    [0x5a, 0x2a, 0x4d, 0x18] + little(count, 4) + [UInt8](repeating: 7, count: count)
}

/// What the tool `zstd --check` (1.5.4) makes of the line `{"a":1}`.
private let checked: [UInt8] = [
    0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x41, 0x00, 0x00, 0x7b, 0x22, 0x61, 0x22, 0x3a, 0x31, 0x7d, 0x0a, 0xe2, 0xef,
    0xec, 0xe0,
]

@Suite("zstd")
struct ZstdTests {
    @Test("Frames one after another, and some to be skipped, in pieces of any size")
    func frames() {
        var random = SplitMix(seed: 8878)
        let texts = (0..<20).map { number in (0..<number * 300).map { UInt8(truncatingIfNeeded: $0 / 400 + number) } }
        let file = skipped(3) + texts.flatMap { frame($0) + skipped($0.count % 7) }
        for pieces in [1, 2, 3, 7, 50, 1000, 1 << 16] {
            let result = inflate(file, &random, pieces: pieces)
            let isSame = result.bytes == texts.flatMap { $0 }
            #expect(result.fault == nil && isSame, "pieces of \(pieces)")
        }
    }

    @Test("A file that ends anywhere but between frames is truncated; what came before is given out")
    func truncated() {
        var random = SplitMix(seed: 2)
        let (first, second) = (frame(Array("one\n".utf8)), frame(Array("two\n".utf8)))
        for count in 1..<first.count + second.count {
            let result = inflate(Array((first + second)[..<count]), &random, pieces: 9)
            #expect(result.fault == (count == first.count ? nil : .truncated), "after \(count) bytes")
            if count >= first.count { #expect(result.bytes.starts(with: Array("one\n".utf8))) }
        }
        #expect(inflate([], &random, pieces: 9).fault == .truncated)
    }

    @Test("A checksum is looked at")
    func checksum() {
        var random = SplitMix(seed: 3)
        #expect(inflate(checked, &random, pieces: 5) == (Array("{\"a\":1}\n".utf8), nil))
        for place in checked.count - 4..<checked.count {
            var spoilt = checked
            spoilt[place] ^= 1
            #expect(inflate(spoilt, &random, pieces: 5).fault == .checksum)
        }
    }

    @Test("What is not zstd, before and after a frame; a block of a reserved kind")
    func garbage() {
        var random = SplitMix(seed: 4)
        let sound = frame(Array("text\n".utf8))
        #expect(inflate(Array("not zstd at all".utf8), &random, pieces: 100).fault == .malformed)
        #expect(inflate(sound + Array("not zstd at all".utf8), &random, pieces: 100).fault == .trailingGarbage)
        #expect(inflate(sound + Array("not zstd at all".utf8), &random, pieces: 3).bytes == Array("text\n".utf8))
        var spoilt = sound
        spoilt[6] |= 6
        #expect(inflate(spoilt, &random, pieces: 100).fault == .malformed)
    }

    @Test("Windows above 128 MiB, dictionaries, and ratios above the limit are refused")
    func limits() {
        var random = SplitMix(seed: 5)
        // The upper five bits of the descriptor count powers of two from 1 KiB on.
        #expect(inflate(frame([1], window: 17 << 3), &random, pieces: 100).fault == nil)
        #expect(inflate(frame([1], window: 18 << 3), &random, pieces: 100).fault == .window)
        let named: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 1, 0, 9] + frame([1])[6...]
        #expect(inflate(named, &random, pieces: 100).fault == .dictionary)
        let bomb = frame([UInt8](repeating: 0x20, count: 1 << 20))
        #expect(inflate(bomb, &random, pieces: 4096, ratio: 200, floor: 1000).fault == .ratio)
        #expect(inflate(bomb, &random, pieces: 4096, ratio: 200).fault == nil)
    }

    @Test("Files are told by their first four bytes")
    func recognised() {
        let starts: [([UInt8], Bool)] = [
            ([0x28, 0xb5, 0x2f, 0xfd], true), ([0x50, 0x2a, 0x4d, 0x18], true), ([0x5f, 0x2a, 0x4d, 0x18, 0], true),
            ([0x60, 0x2a, 0x4d, 0x18], false), ([0x28, 0xb5, 0x2f], false), ([0x28, 0xb5, 0x2f, 0xfc], false),
            ([], false),
        ]
        for (start, isZstd) in starts { #expect(ZstdInflater.recognises(start.span) == isZstd) }
    }
}
