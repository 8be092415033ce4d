import CTextScan
import Testing

@Suite("Loops over bytes: they find what a loop of a line finds")
struct TextScanTests {
    private static func find(_ needle: [UInt8], in text: [UInt8]) -> Int {
        if needle.count > text.count { return -1 }
        return (0...text.count - needle.count).first { text[$0..<$0 + needle.count] == needle[...] } ?? -1
    }

    @Test("The first place of a needle, also where its ends are everywhere", arguments: 0..<200)
    func find(seed: UInt64) {
        var random = Seeded(seed)
        // Few letters make many places that are almost the needle.
        let letters = UInt8(random.next(below: 3) + 1)
        let text = (0..<random.next(below: 700)).map { _ in 0x61 + UInt8(random.next(below: Int(letters))) }
        for length in 1..<40 {
            let needle = (0..<length).map { _ in 0x61 + UInt8(random.next(below: Int(letters))) }
            #expect(text_find(text, text.count, needle, needle.count) == Self.find(needle, in: text))
            guard length <= text.count else { continue }
            let start = random.next(below: text.count - length + 1)
            let piece = Array(text[start..<start + length])
            #expect(text_find(text, text.count, piece, length) == Self.find(piece, in: text))
        }
    }

    @Test("UTF-8: every sequence of two bytes, and longer ones at their borders, at every place in a register")
    func sequences() {
        var wrong: [[UInt8]] = []
        func check(_ bytes: [UInt8], behind count: Int) {
            let text = [UInt8](repeating: 0x61, count: count) + bytes
            let isValid = (try? UTF8Span(validating: text.span)) != nil
            if text_is_utf8(text, text.count) != isValid { wrong.append(text) }
        }
        for first in UInt8.min ... .max {
            for second in UInt8.min ... .max { check([first, second], behind: 14) }
        }
        let borders: [UInt8] = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]
        for first in UInt8(0xe0)...0xff {
            for second in borders {
                for third in borders {
                    check([first, second, third], behind: 0)
                    for fourth in borders { check([first, second, third, fourth], behind: 15) }
                }
            }
        }
        for behind in 0..<40 {
            for text in ["å", "€", "😀", "aå"] { check(Array(text.utf8), behind: behind) }
            check([0xe2, 0x82], behind: behind)
        }
        #expect(wrong.isEmpty)
    }
}

/// SplitMix64.
private struct Seeded {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next(below limit: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(max(limit, 1)))
    }
}
