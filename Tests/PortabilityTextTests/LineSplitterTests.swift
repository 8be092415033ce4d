import PortabilityText
import Testing

private struct Cut: Equatable {
    var number: Int64
    var offset: Int64
    /// nil if the line was too long.
    var text: [UInt8]?
}

private func cut(_ text: [UInt8], limit: Int, block: Int, pieces: Int, _ random: inout SplitMix) -> [Cut] {
    var splitter = LineSplitter(limit: limit, block: block)
    var lines: [Cut] = []
    func takeAll(_ splitter: inout LineSplitter) {
        while let line = splitter.next() {
            lines.append(
                Cut(
                    number: line.number, offset: line.offset,
                    text: line.isTooLong ? nil : Array(splitter.bytes(of: line))))
        }
    }
    var place = 0
    while place < text.count {
        let count = min(text.count - place, 1 + random.below(pieces))
        splitter.feed(text.span.extracting(place..<place + count))
        place += count
        takeAll(&splitter)
    }
    splitter.finish()
    takeAll(&splitter)
    return lines
}

/// The same by the plain way.
private func reference(_ text: [UInt8], limit: Int) -> [Cut] {
    var lines: [Cut] = []
    var offset = 0
    var pieces = text.split(separator: 0x0a, omittingEmptySubsequences: false)
    if pieces.last?.isEmpty == true { pieces.removeLast() }
    for (index, piece) in pieces.enumerated() {
        let line = piece.last == 0x0d ? piece.dropLast() : piece
        lines.append(
            Cut(number: Int64(index + 1), offset: Int64(offset), text: line.count > limit ? nil : Array(line)))
        offset += piece.count + 1
    }
    return lines
}

@Suite("Lines")
struct LineSplitterTests {
    @Test("LF and CRLF end lines, the last line need not have an end")
    func ends() {
        var random = SplitMix(seed: 1)
        let lines = cut(Array("one\ntwo\r\n\nfour\r\rfive".utf8), limit: 100, block: 16, pieces: 100, &random)
        #expect(lines.map { String(decoding: $0.text ?? [], as: UTF8.self) } == ["one", "two", "", "four\r\rfive"])
        #expect(lines.map(\.offset) == [0, 4, 9, 10])
        #expect(cut([], limit: 100, block: 16, pieces: 100, &random).isEmpty)
        #expect(cut([0x0a], limit: 100, block: 16, pieces: 100, &random).count == 1)
    }

    @Test("Any pieces give the lines, numbers and offsets that the plain way gives")
    func differential() {
        var random = SplitMix(seed: 2)
        for _ in 0..<1500 {
            let text = (0..<random.below(200)).map { _ -> UInt8 in
                [0x61, 0x62, 0x0d, 0x0a, 0x61, 0x63][random.below(6)]
            }
            let limit = random.below(8)
            let lines = cut(
                text, limit: limit, block: 1 + random.below(16), pieces: 1 + random.below(30), &random)
            let isSame = lines == reference(text, limit: limit)
            #expect(isSame, "\(text) limit \(limit)")
        }
    }

    @Test("A line far above the limit is skipped, told with its place, and the line after it is whole")
    func tooLong() {
        var random = SplitMix(seed: 3)
        let long = [UInt8](repeating: 0x78, count: 100_000)
        let text = Array("first\n".utf8) + long + Array("\nlast".utf8)
        let lines = cut(text, limit: 1000, block: 256, pieces: 5000, &random)
        #expect(
            lines == [
                Cut(number: 1, offset: 0, text: Array("first".utf8)), Cut(number: 2, offset: 6, text: nil),
                Cut(number: 3, offset: 100_007, text: Array("last".utf8)),
            ])
        let isSame = cut(text, limit: 100_000, block: 256, pieces: 5000, &random) == reference(text, limit: 100_000)
        #expect(isSame)
    }

    @Test("The buffer that is offered for filling never grows beyond the limit and two blocks")
    func boundedMemory() {
        var splitter = LineSplitter(limit: 1000, block: 100)
        for _ in 0..<10_000 {
            _ = splitter.fill { buffer in
                #expect(buffer.count >= 100 && buffer.count <= 1400)
                buffer.initializeMemory(as: UInt8.self, repeating: 0x78)
                return buffer.count
            }
            #expect(splitter.next() == nil)
        }
        splitter.finish()
        #expect(splitter.next()?.isTooLong == true)
        #expect(splitter.next() == nil)
    }
}
