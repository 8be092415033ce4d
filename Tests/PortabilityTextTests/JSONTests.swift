import PortabilityText
import Testing

/// The canonical text of a JSON text, nil if it is none.
func canonicalJSON(_ text: String) -> String? {
    var out: [UInt8] = []
    return Canonical.json(Array(text.utf8).span, into: &out) ? String(decoding: out, as: UTF8.self) : nil
}

private func fault(_ bytes: [UInt8], depth: Int = 128, tokens: Int = 1 << 20) -> JSONFault? {
    var tokenizer = JSONTokenizer(depth: depth, tokens: tokens)
    return tokenizer.tokenize(bytes.span)
}

private func isClean(_ text: [UInt8]) -> Bool { isJSONClean(text.span) }

@Suite("JSON")
struct JSONTests {
    @Test("Tokens tell kind, place, spelling and the end of what they contain")
    func tokens() {
        let text = Array(#" {"a" : [1, -2.5e3, "x\n"], "\u00e9":{}, "c":[true,false,null]} "#.utf8)
        var tokenizer = JSONTokenizer()
        #expect(tokenizer.tokenize(text.span) == nil)
        let kinds = (0..<tokenizer.count).map { tokenizer[$0].kind }
        #expect(
            kinds == [
                .object, .key, .array, .number, .number, .string, .key, .object, .key, .array, .true, .false, .null,
            ])
        func spelling(_ index: Int) -> String { String(decoding: text[tokenizer[index].range], as: UTF8.self) }
        #expect(spelling(1) == "a")
        #expect(spelling(2) == #"[1, -2.5e3, "x\n"]"#)
        #expect(spelling(4) == "-2.5e3")
        #expect(spelling(0) == String(decoding: text.dropFirst().dropLast(), as: UTF8.self))
        #expect(!tokenizer[3].hasFraction && tokenizer[4].hasFraction)
        #expect(tokenizer[5].isEscaped && tokenizer[6].isEscaped && !tokenizer[1].isEscaped)
        #expect(tokenizer[0].next == 13)
        #expect(tokenizer[1].next == 2)
        #expect(tokenizer[2].next == 6)
        #expect(tokenizer[7].next == 8)
    }

    @Test("Faults tell the reason and the byte")
    func faults() {
        #expect(fault(Array(#"{"a":1,}"#.utf8)) == JSONFault(.syntax, 7))
        #expect(fault(Array(#"{"a":1"#.utf8)) == JSONFault(.incomplete, 6))
        #expect(fault(Array(#"{"a":tru"#.utf8)) == JSONFault(.incomplete, 8))
        #expect(fault(Array(#"["abc"#.utf8)) == JSONFault(.incomplete, 5))
        #expect(fault([0x5b, 0x22, 0x61, 0xe4, 0x22, 0x5d]) == JSONFault(.invalidUTF8, 3))
        #expect(fault([]) == JSONFault(.incomplete, 0))
        #expect(fault(Array("[[[0]]]".utf8), depth: 2) == JSONFault(.depth, 2))
        #expect(fault(Array("[[0]]".utf8), depth: 2) == nil)
        #expect(fault(Array(("[" + String(repeating: "0,", count: 5000) + "0]").utf8), tokens: 1000)?.reason == .size)
    }

    @Test("Every beginning of a text is incomplete, and nothing is read behind the end")
    func prefixes() {
        let text = Array(#"{"key":"välkommen 🦊 \"x\" \u00e4","list":[1.5e+10,true,null,{"deep":[[]]}],"n":-0}"#.utf8)
        for count in 0..<text.count {
            // A prefix may end inside a character, an escape or a literal; none of them is JSON.
            let exact = Array(text[..<count])
            #expect(fault(exact) != nil)
        }
        #expect(fault(text) == nil)
    }

    @Test(
        "Canonical text has no spaces, canonical escapes, the numbers' own spelling, and of equal keys the last",
        arguments: [
            (#" [ 1 , 2.50 , -0, 1E5 ] "#, "[1,2.50,-0,1E5]"), (#"{"b" : 1, "a": 2}"#, #"{"b":1,"a":2}"#),
            (#"{"a":1,"b":2,"a":3}"#, #"{"b":2,"a":3}"#), (#"{"a":{"x":1},"\u0061":{"y":2}}"#, #"{"a":{"y":2}}"#),
            (#"{"a":[{"k":1,"k":2}],"a":[{"k":3,"k":4}]}"#, #"{"a":[{"k":4}]}"#),
            (#""\u00e4\/\u0041\ud83e\udd8a""#, #""ä/A🦊""#),
            (#""\u0000\u001F\b\t\n\f\r\"\\""#, #""\u0000\u001f\b\t\n\f\r\"\\""#),
            (#""\ud800x\udc00""#, "\"\u{fffd}x\u{fffd}\""), (#""\ud800\ud83e\udd8a""#, "\"\u{fffd}🦊\""),
            (#"{"":{}}"#, #"{"":{}}"#), ("[[],{},[[]]]", "[[],{},[[]]]"), ("null", "null"),
        ])
    func canonicalText(text: String, expected: String) { #expect(canonicalJSON(text) == expected) }

    @Test("An object with very many equal keys is read in reasonable time")
    func manyEqualKeys() {
        let members = (0..<20_000).map { #""k\#($0 % 100)":\#($0)"# }
        let kept = (19_900..<20_000).map { #""k\#($0 % 100)":\#($0)"# }
        #expect(canonicalJSON("{" + members.joined(separator: ",") + "}") == "{" + kept.joined(separator: ",") + "}")
    }

    @Test("Clean text is told from text that needs escapes, wherever the character stands")
    func clean() {
        for length in 0..<20 {
            let plain = [UInt8](repeating: 0x61, count: length)
            #expect(isClean(plain))
            for place in 0..<length {
                for byte in 0..<256 {
                    var text = plain
                    text[place] = UInt8(byte)
                    #expect(isClean(text) == !(byte < 0x20 || byte == 0x22 || byte == 0x5c))
                }
            }
        }
    }

    @Test("Random values: any spelling gives the one canonical text, which is its own canonical text")
    func randomRoundTrip() {
        var random = SplitMix(seed: 8259)
        for _ in 0..<2000 {
            var spelled: [UInt8] = []
            var expected: [UInt8] = []
            RandomJSON.append(depth: 4, &random, spelled: &spelled, canonical: &expected)
            var out: [UInt8] = []
            let fits = Canonical.json(spelled.span, into: &out)
            #expect(fits && out == expected, "\(String(decoding: spelled, as: UTF8.self))")
            var again: [UInt8] = []
            let fitsAgain = Canonical.json(out.span, into: &again)
            #expect(fitsAgain && again == out)
        }
    }

    @Test("Spoilt texts are accepted just when a plain recursive reader accepts them")
    func differential() {
        var random = SplitMix(seed: 20)
        let spoilers = Array(#"{}[]",:\0123-+.eEtrufalsn /"#.utf8) + [0x00, 0x1f, 0x80, 0xc3, 0xed, 0xf0, 0xff]
        var accepted = 0
        for _ in 0..<20_000 {
            var text: [UInt8] = []
            var canonical: [UInt8] = []
            RandomJSON.append(depth: 3, &random, spelled: &text, canonical: &canonical)
            for _ in 0..<random.below(3) where !text.isEmpty {
                let place = random.below(text.count)
                switch random.below(3) {
                case 0: text[place] = spoilers[random.below(spoilers.count)]
                case 1: text.insert(spoilers[random.below(spoilers.count)], at: place)
                default: text.remove(at: place)
                }
            }
            let isJSON = ReferenceReader.accepts(text)
            #expect((fault(text) == nil) == isJSON, "\(text)")
            if isJSON { accepted += 1 }
        }
        #expect((2000..<18_000).contains(accepted), "the mix must have both kinds")
    }
}

extension JSONFault {
    fileprivate init(_ reason: Reason, _ offset: Int) { self.init(reason: reason, offset: offset) }
}

/// Makes values in a random spelling together with their canonical text.
enum RandomJSON {
    static func append(
        depth: Int, _ random: inout SplitMix, spelled: inout [UInt8], canonical: inout [UInt8]
    ) {
        space(&random, &spelled)
        switch random.below(depth == 0 ? 4 : 7) {
        case 0: string(&random, spelled: &spelled, canonical: &canonical)
        case 1:
            both(
                ["0", "-0", "12", "-3.50", "1e5", "2E-7", "0.0e+1", "123456789012345678"], &random, &spelled, &canonical
            )
        case 2, 3: both(["true", "false", "null"], &random, &spelled, &canonical)
        case 4:
            spelled.append(UInt8(ascii: "["))
            canonical.append(UInt8(ascii: "["))
            for index in 0..<random.below(4) {
                if index > 0 { comma(&spelled, &canonical) }
                append(depth: depth - 1, &random, spelled: &spelled, canonical: &canonical)
            }
            spelled.append(UInt8(ascii: "]"))
            canonical.append(UInt8(ascii: "]"))
        default:
            spelled.append(UInt8(ascii: "{"))
            canonical.append(UInt8(ascii: "{"))
            var keys: Set<[UInt8]> = []
            var isFirst = true
            for _ in 0..<random.below(5) {
                var key: [UInt8] = []
                var plain: [UInt8] = []
                string(&random, spelled: &key, canonical: &plain)
                if !keys.insert(plain).inserted { continue }
                if !isFirst { comma(&spelled, &canonical) }
                isFirst = false
                space(&random, &spelled)
                spelled += key
                canonical += plain
                space(&random, &spelled)
                spelled.append(UInt8(ascii: ":"))
                canonical.append(UInt8(ascii: ":"))
                append(depth: depth - 1, &random, spelled: &spelled, canonical: &canonical)
            }
            space(&random, &spelled)
            spelled.append(UInt8(ascii: "}"))
            canonical.append(UInt8(ascii: "}"))
        }
        space(&random, &spelled)
    }

    private static func comma(_ spelled: inout [UInt8], _ canonical: inout [UInt8]) {
        spelled.append(UInt8(ascii: ","))
        canonical.append(UInt8(ascii: ","))
    }

    private static func both(
        _ choices: [String], _ random: inout SplitMix, _ spelled: inout [UInt8], _ canonical: inout [UInt8]
    ) {
        let choice = choices[random.below(choices.count)].utf8
        spelled += choice
        canonical += choice
    }

    private static func space(_ random: inout SplitMix, _ spelled: inout [UInt8]) {
        if random.below(3) > 0 { return }
        for _ in 0..<random.below(3) { spelled.append([0x20, 0x0a, 0x0d, 0x09][random.below(4)]) }
    }

    /// Characters that a service's texts hold, and those that escape rules are about.
    private static let alphabet = Array(
        "abcdefgh xyz09\"\\/\u{0}\u{1}\u{1f}\u{8}\t\n\u{c}\r\u{7f}äöåČáđŋŠŧž€\u{2028}\u{ffff}🦊👩‍👩‍👧".unicodeScalars)

    static func string(_ random: inout SplitMix, spelled: inout [UInt8], canonical: inout [UInt8]) {
        spelled.append(0x22)
        canonical.append(0x22)
        for _ in 0..<random.below(random.below(4) == 0 ? 40 : 6) {
            let scalar = alphabet[random.below(alphabet.count)]
            var shortest: String
            switch scalar {
            case "\"": shortest = "\\\""
            case "\\": shortest = "\\\\"
            case "\u{8}": shortest = "\\b"
            case "\t": shortest = "\\t"
            case "\n": shortest = "\\n"
            case "\u{c}": shortest = "\\f"
            case "\r": shortest = "\\r"
            default:
                shortest = String(Character(scalar))
                if scalar.value < 0x20 { shortest = unit(UInt16(scalar.value), upper: false) }
            }
            canonical += shortest.utf8
            if scalar == "/", random.below(2) == 0 {
                spelled += "\\/".utf8
            } else if random.below(4) == 0 {
                for code in String(Character(scalar)).utf16 { spelled += unit(code, upper: random.below(2) == 0).utf8 }
            } else {
                spelled += shortest.utf8
            }
        }
        spelled.append(0x22)
        canonical.append(0x22)
    }

    private static func unit(_ code: UInt16, upper: Bool) -> String {
        let digits = String(code, radix: 16, uppercase: upper)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

/// RFC 8259's grammar written down rule by rule, for comparison only.
enum ReferenceReader {
    static func accepts(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        guard value(&rest) else { return false }
        return rest.isEmpty
    }

    private static func space(_ rest: inout ArraySlice<UInt8>) {
        while let byte = rest.first, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { rest.removeFirst() }
    }

    private static func take(_ word: String, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: word.utf8) else { return false }
        rest.removeFirst(word.utf8.count)
        return true
    }

    private static func value(_ rest: inout ArraySlice<UInt8>) -> Bool {
        space(&rest)
        defer { space(&rest) }
        switch rest.first {
        case UInt8(ascii: "\""): return string(&rest)
        case UInt8(ascii: "["):
            rest.removeFirst()
            space(&rest)
            if take("]", &rest) { return true }
            repeat { if !value(&rest) { return false } } while take(",", &rest)
            return take("]", &rest)
        case UInt8(ascii: "{"):
            rest.removeFirst()
            space(&rest)
            if take("}", &rest) { return true }
            repeat {
                space(&rest)
                if !string(&rest) { return false }
                space(&rest)
                if !take(":", &rest) || !value(&rest) { return false }
            } while take(",", &rest)
            return take("}", &rest)
        case UInt8(ascii: "t"): return take("true", &rest)
        case UInt8(ascii: "f"): return take("false", &rest)
        case UInt8(ascii: "n"): return take("null", &rest)
        default: return number(&rest)
        }
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>) -> Int {
        let count = rest.prefix { (0x30...0x39).contains($0) }.count
        rest.removeFirst(count)
        return count
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Bool {
        _ = take("-", &rest)
        if !take("0", &rest) && digits(&rest) == 0 { return false }
        if take(".", &rest) && digits(&rest) == 0 { return false }
        if take("e", &rest) || take("E", &rest) {
            if !take("+", &rest) { _ = take("-", &rest) }
            if digits(&rest) == 0 { return false }
        }
        return true
    }

    private static func string(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard take("\"", &rest) else { return false }
        var raw: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == 0x22 { return String(validating: raw, as: UTF8.self) != nil }
            if byte < 0x20 { return false }
            raw.append(byte)
            if byte != 0x5c { continue }
            raw.removeLast()
            raw.append(0x2e)
            guard let letter = rest.popFirst() else { return false }
            if letter == UInt8(ascii: "u") {
                let hex = rest.prefix(4)
                guard hex.count == 4, hex.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return false }
                rest.removeFirst(4)
            } else if !Array("\"\\/bfnrt".utf8).contains(letter) {
                return false
            }
        }
        return false
    }
}
