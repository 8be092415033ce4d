import PortabilityModel
import Testing

@testable import PortabilityArchive

/// What the codecs write, block by block, is judged by zlib through Python, and by our own reading.
@Suite("Deflate")
struct DeflateTests {
    static let codecs: [Compression] = [.fast, .small, .zlib()]

    /// Texts that lead a deflate encoder to its edges.
    static func texts(_ random: inout FixedRandom) -> [(name: String, text: [UInt8])] {
        var texts: [(String, [UInt8])] = [
            ("one byte", [65]), ("one byte again and again", [UInt8](repeating: 7, count: 300_000)),
            ("all bytes", (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }),
            ("noise", random.bytes(200_000)), ("lines", random.lines(400_000)),
        ]
        // Frequencies that double from byte to byte ask for codes longer than deflate has.
        var skewed: [UInt8] = []
        for byte in 0..<18 { skewed += [UInt8](repeating: UInt8(byte * 13), count: 1 << byte) }
        for index in skewed.indices.reversed() { skewed.swapAt(index, Int.random(in: 0...index, using: &random)) }
        texts.append(("skewed", skewed))
        // The same run at every distance around those that deflate can and cannot reach.
        for distance in [1, 2, 3, 4, 255, 256, 257, 32_767, 32_768, 32_769, 40_000] {
            let run = random.bytes(300)
            let between = random.bytes(max(0, distance - run.count))
            texts.append(("again after \(distance)", Array((run + between).prefix(distance)) + run + between))
        }
        // Runs of every length around the longest match, and cuts of one inside of another.
        for length in [5, 6, 7, 8, 9, 15, 16, 257, 258, 259, 260, 516, 517] {
            let run = random.bytes(length)
            texts.append(("run of \(length)", run + random.bytes(50) + run + run + random.bytes(3) + run.dropFirst(2)))
        }
        // Records with two words that alternate, so that matches are extended over those before them.
        var records: [UInt8] = []
        let words = ["GET", "POST", "PUT", "DELETE"].map { Array($0.utf8) }
        while records.count < 300_000 {
            for name in ["method", "other_method", "third"] {
                records += Array("\"\(name)\":\"".utf8) + words.randomElement(using: &random)! + Array("\",".utf8)
            }
        }
        texts.append(("records", records))
        return texts
    }

    @Test("gives back texts at the edges of what deflate can say", arguments: codecs)
    func edges(_ compression: Compression) throws {
        var random = FixedRandom(seed: 41)
        for (name, text) in Self.texts(&random) {
            #expect(try plain(try spool(text, compression)) == text, "\(name)")
        }
    }

    @Test("gives back texts mixed and cut at random, over the ends of blocks", arguments: codecs)
    func mixtures(_ compression: Compression) throws {
        var random = FixedRandom(seed: 42)
        let texts = Self.texts(&random).map(\.text)
        for round in 0..<6 {
            var text: [UInt8] = []
            while text.count < Compression.blockSize + round * 200_000 {
                let piece = texts.randomElement(using: &random)!
                let start = Int.random(in: 0..<piece.count, using: &random)
                text += piece[start..<min(piece.count, start + Int.random(in: 1...70_000, using: &random))]
            }
            #expect(try plain(try spool(text, compression)) == text, "round \(round)")
        }
    }

    @Test("is read by zlib", arguments: [Compression.fast, .small])
    func judgedByZlib(_ compression: Compression) throws {
        let folder = try TestFolder()
        var random = FixedRandom(seed: 43)
        var count = 0
        for (_, text) in Self.texts(&random) {
            let entry = try spool(text, compression)
            if entry.method == .stored { continue }
            try write(text, toFile: folder.file("\(count).plain"))
            try write(packed(entry), toFile: folder.file("\(count).packed"))
            count += 1
        }
        #expect(count > 20)
        let script = """
            import zlib
            for number in range(\(count)):
                plain = open(f'{number}.plain', 'rb').read()
                inflater = zlib.decompressobj(-15)
                found = inflater.decompress(open(f'{number}.packed', 'rb').read())
                assert found == plain and inflater.eof and not inflater.unused_data, number
            """
        try write(Array(script.utf8), toFile: folder.file("check.py"))
        #expect(shell("cd '\(folder.path)' && python3 check.py").status == 0)
    }

    @Test("fast is at most a tenth larger than zlib at level 6, and small no larger than zlib at level 9")
    func sizes() throws {
        var random = FixedRandom(seed: 44)
        let methods = ["GET", "POST", "PUT", "DELETE"]
        let pages = ["/payments", "/products", "/invoices/sent", "/reports/vat"]
        var records: [UInt8] = []
        var number = 0
        while records.count < 1_500_000 {
            number += Int.random(in: 1...5000, using: &random)
            records += Array(
                """
                {"record_id":"\(random.next())","occurred_at":"2024-03-\(10 + number / 90_000_000)T\(number)",\
                "ui_page":"\(pages.randomElement(using: &random)!)","http_method":"\(methods.randomElement(using: &random)!)",\
                "ip_address":"192.0.2.\(number % 256)","duration_ms":\(random.next() % 5000)}

                """.utf8)
        }
        let size = { try spool(records, $0).compressedSize }
        #expect(try size(.fast) * 10 <= size(.zlib()) * 11)
        #expect(try size(.small) <= size(.zlib(level: 9)))
    }

    @Test("an output too small is told, and nothing is written beyond it")
    func noRoom() throws {
        var random = FixedRandom(seed: 45)
        let text = random.lines(20_000)
        for deflater in [TextDeflater(), try LibdeflateDeflater()] as [any BlockDeflater] {
            for room in [0, 1, 23, 100, 1000] {
                var output = [UInt8](repeating: 0xa5, count: 2000)
                let count = output.withUnsafeMutableBufferPointer { output in
                    text.withUnsafeBufferPointer { text in
                        deflater.deflate(
                            text, dictionary: UnsafeBufferPointer(rebasing: text[..<0]), isLast: false,
                            into: UnsafeMutableBufferPointer(rebasing: output[..<room]))
                    }
                }
                #expect(count == nil)
                #expect(output[room...].allSatisfy { $0 == 0xa5 })
            }
        }
    }

    // MARK: Opening streams

    /// A whole stream that zlib made.
    private func stream(_ text: [UInt8], _ level: Int) throws -> [UInt8] {
        try text.withUnsafeBufferPointer { text in
            try BlockPacker().pack(
                text, dictionary: UnsafeBufferPointer(rebasing: text[..<0]), isLast: true, with: .zlib(level: level))
        }
    }

    private func open(_ packed: [UInt8], _ text: [UInt8], room: Int = 16, with opener: StreamOpener) -> [UInt8]? {
        var output = packed + [UInt8](repeating: 0xff, count: room)
        let count = output.withUnsafeMutableBufferPointer { output in
            text.withUnsafeBufferPointer { opener.open(output, count: packed.count, plain: $0) }
        }
        return count.map { Array(output[..<$0]) }
    }

    @Test("streams that are opened and put one after the other are one stream")
    func opening() throws {
        var random = FixedRandom(seed: 46)
        let opener = try StreamOpener()
        for _ in 0..<40 {
            var joined: [UInt8] = []
            var whole: [UInt8] = []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let size = Int.random(in: 1...90_000, using: &random)
                let text = Bool.random(using: &random) ? random.lines(size) : random.bytes(min(size, 3000))
                let opened = try #require(
                    open(try stream(text, Int.random(in: 1...9, using: &random)), text, with: opener))
                #expect(opened.suffix(4) == [0, 0, 0xff, 0xff])
                joined += opened
                whole += text
            }
            let last = random.lines(1000)
            joined += try stream(last, 6)
            #expect(try inflated(joined, room: whole.count + last.count) == whole + last)
        }
    }

    private func inflated(_ packed: [UInt8], room: Int) throws -> [UInt8] {
        let inflater = Inflater()
        var output = [UInt8](repeating: 0, count: room + 1)
        let count = try packed.withUnsafeBufferPointer { packed in
            inflater.feed(packed)
            return try output.withUnsafeMutableBufferPointer { try inflater.inflate(into: $0) }
        }
        #expect(inflater.isComplete && inflater.unused == 0)
        return Array(output[..<count])
    }

    @Test("a stream that is not that of the text, is cut, goes on, or has no room to be opened is refused")
    func refusedStreams() throws {
        var random = FixedRandom(seed: 47)
        let opener = try StreamOpener()
        let text = random.lines(10_000)
        let packed = try stream(text, 6)
        #expect(open(packed, text, with: opener) != nil)
        var other = text
        other[5000] ^= 1
        #expect(open(packed, other, with: opener) == nil)
        #expect(open(packed, Array(text.dropLast()), with: opener) == nil)
        #expect(open(packed, text + [65], with: opener) == nil)
        #expect(open(packed + [0], text, with: opener) == nil)
        #expect(open(packed, text, room: 3, with: opener) == nil)
        for cut in [0, 1, 100, packed.count - 1] {
            #expect(open(Array(packed[..<cut]), text, with: opener) == nil)
        }
        for _ in 0..<300 {
            var damaged = packed
            damaged[Int.random(in: 0..<damaged.count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
            // Either refused, or the damage lies in the bits after the end.
            if let opened = open(damaged, text, with: opener) {
                let rest = try stream([66], 6)
                #expect(try inflated(opened + rest, room: text.count + 1) == text + [66])
            }
        }
        #expect(open(packed, text, with: opener) != nil)
    }
}
