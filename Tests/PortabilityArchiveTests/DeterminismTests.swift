import PortabilityModel
import Testing

@testable import PortabilityArchive

/// A packed block must not depend on where in memory the codec's state lies, nor on what was in that memory before, nor
/// on what the codec packed before: the fast one never clears its table between blocks. Deflaters at many addresses and
/// with many pasts pack small texts that repeat their first bytes, and large ones.
@Suite("Determinism of the codecs")
struct DeterminismTests {
    private struct Block {
        var dictionary: [UInt8] = []
        let plain: [UInt8]
        var isLast = true
    }

    @Test("packs small texts to the same bytes wherever its state lies")
    func smallTexts() throws {
        var random = FixedRandom(seed: 21)
        let deflaters = try Self.deflaters(48, &random)
        for size in [17, 18, 50, 300, 4096] {
            for step in 1...64 {
                let plain = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* step &* 8) }
                try Self.expectSameBytes(Block(plain: plain, isLast: step % 2 == 0), deflaters)
            }
        }
    }

    @Test("packs large texts to the same bytes wherever its state lies")
    func largeTexts() throws {
        var random = FixedRandom(seed: 22)
        let deflaters = try Self.deflaters(12, &random)
        for size in [16 << 10, (64 << 10) + 1, Compression.blockSize] {
            let period = random.bytes(97)
            let noise = random.bytes(size)
            let texts = [
                random.lines(size), noise, noise.map { $0 % 3 + 97 }, (0..<size).map { period[$0 % period.count] },
                [UInt8](repeating: 0, count: size),
            ]
            for plain in texts {
                try Self.expectSameBytes(Block(plain: plain, isLast: false), deflaters)
                let dictionary = Array(plain.suffix(Compression.dictionarySize))
                try Self.expectSameBytes(Block(dictionary: dictionary, plain: plain), deflaters)
            }
        }
    }

    @Test("gives back texts of any small size, in one block and after another one")
    func smallRoundTrips() throws {
        var random = FixedRandom(seed: 23)
        for size in 0...300 {
            var texts = [[UInt8](repeating: 65, count: size), random.bytes(size), random.lines(size)]
            if size % 50 == 0 { texts.append(random.lines(Compression.blockSize + size)) }
            for text in texts {
                let entry = try spool(text)
                #expect(try plain(entry) == text)
            }
        }
    }

    /// Deflaters at addresses of their own, each in memory that held something else and with another past.
    private static func deflaters(_ count: Int, _ random: inout FixedRandom) throws -> [[any BlockDeflater]] {
        var made: [[any BlockDeflater]] = []
        for number in 0..<count {
            // About as large as what the deflater allocates, which so is likely to get this memory.
            for size in [83_000, 600_000] {
                let dirt = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: size)
                dirt.initialize(repeating: UInt8(truncatingIfNeeded: number &* 37 &+ 1))
                dirt.deallocate()
            }
            made.append([TextDeflater(), try LibdeflateDeflater()])
        }
        for (number, deflaters) in made.enumerated() where number % 3 != 0 {
            let past = random.lines(40_000 * number % 70_000) + random.bytes(10_000)
            for deflater in deflaters { _ = pack(Block(plain: past, isLast: number % 2 == 0), with: deflater) }
        }
        return made
    }

    private static func pack(_ block: Block, with deflater: any BlockDeflater) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: block.plain.count + block.plain.count / 64 + 1024)
        let count = output.withUnsafeMutableBufferPointer { output in
            block.plain.withUnsafeBufferPointer { plain in
                block.dictionary.withUnsafeBufferPointer { dictionary in
                    deflater.deflate(plain, dictionary: dictionary, isLast: block.isLast, into: output)
                }
            }
        }
        return count.map { Array(output[..<$0]) }
    }

    private static func expectSameBytes(_ block: Block, _ deflaters: [[any BlockDeflater]]) throws {
        for codec in deflaters[0].indices {
            let expected = pack(block, with: deflaters[0][codec])
            for others in deflaters.dropFirst() {
                let same = pack(block, with: others[codec]) == expected
                #expect(same, "\(block.plain.count) bytes, dictionary of \(block.dictionary.count)")
            }
        }
    }
}
