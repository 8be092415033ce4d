import PortabilityText
import Testing

/// Texts made to be slow or to be misread. Some hold ten million bytes in a release build: were one read in more than
/// linear time, it would take hours.
struct DetectionHostileTests {
    #if DEBUG
        private static let size = 50_000
    #else
        private static let size = 10_000_000
    #endif

    private let detectors = TextDetectors(names: [
        NameSet(["Aa Aa Aa Ab", "Matti Meikäläinen", "A B", "Ää Öö", String(repeating: "a ", count: 1000)])
    ])

    @Test(
        "One thing over and over",
        arguments: [
            "0", "4", "9", "@", "+358", "+", "a@", "@a.", "a.", "a@a.", "Aa ", "Matti ", "Matti\n\n", "A", "Ä", "“",
            "-",
            "040 ", "040-", "4111 ", "FI21 ", "FI", "RF18", "0037", "131052-", "+1(", "(0)", "viite ", "nro ", "1 ",
            " ",
            "\0", "\u{308}", "Meikäläinen, ",
        ])
    func repeated(piece: String) {
        let unit = Array(piece.utf8)
        let bytes = Array([[UInt8]](repeating: unit, count: Self.size / unit.count).joined())
        check(detectors.scan(bytes), bytes.count)
    }

    @Test("White space without end between the words of a name, and a word without end")
    func longRuns() {
        let gap = [UInt8](repeating: 0x20, count: Self.size)
        let bytes = Array("Matti".utf8) + gap + Array("Meikäläinen A".utf8) + gap + Array("Matti".utf8)
        let hits = detectors.scan(bytes)
        #expect(hits.map(\.range) == [0..<(Self.size + 5 + 13)])
        let word = [UInt8](repeating: UInt8(ascii: "a"), count: Self.size)
        #expect(detectors.scan(word + Array("@example.fi".utf8)).isEmpty)
        #expect(detectors.scan(Array("x@".utf8) + word + Array(".fi".utf8)).isEmpty)
    }

    @Test("Malformed UTF-8, NULs and every cut of a text are read without harm")
    func malformed() {
        var random = SplitMix(seed: 99)
        let text = Array("“Matti Meikäläinen” 131052–308T FI21 1234 5600 0007 85 ä@ö.fi (+358) 40 123 4567 RF18 0".utf8)
        for cut in 0...text.count {
            check(detectors.scan(Array(text[..<cut])), cut)
            check(detectors.scan(Array(text[cut...])), text.count - cut)
        }
        for _ in 0..<5000 {
            var bytes = text
            for _ in 0..<random.below(8) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            check(detectors.scan(bytes), bytes.count)
        }
        #expect(TextDetectors().found(in: "\0x@y.fi\0") == [Found(.email, "x@y.fi")])
        #expect(
            TextDetectors().scan([0xff, 0xc3] + Array("131052-308T".utf8) + [0xe2, 0x80]).map(\.range) == [2..<13])
        #expect(TextDetectors().scan([]).isEmpty)
    }

    @Test("A name set made of hostile names is built and used")
    func hostileNames() {
        let names = ["", "\0", ",", ",,,", "-", "a,", ",b", "a, b, c", "\u{308}", "\u{fffd}", "1", "1 2", "…", "ﬀ ﬁ"]
        let set = NameSet(names + [String(repeating: "Nimi ", count: 10_000), String(repeating: "n", count: 100_000)])
        let bytes = Array((names.joined(separator: " ") + String(repeating: " nimi", count: 100_000)).utf8)
        check(TextDetectors(names: [set]).scan(bytes), bytes.count)
    }

    private func check(_ hits: [Detection], _ count: Int) {
        var end = 0
        for hit in hits where hit.range.lowerBound < end || hit.range.isEmpty || hit.range.upperBound > count {
            Issue.record("hits overlap, are empty or leave the text: \(hit)")
        }
        for hit in hits { end = max(end, hit.range.upperBound) }
    }
}
