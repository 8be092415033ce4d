import PortabilityText
import Testing

@testable import UsageLogExtractor

@Suite("Usage logs: the sieve")
struct SieveTests {
    private static let identifiers = [
        SieveQuestion.Identifier(
            path: Array("user".utf8), values: [Array("1042".utf8), Array("äö".utf8)], isUnique: true),
        SieveQuestion.Identifier(path: Array("client.cookie".utf8), values: [Array("ck_1".utf8)], isUnique: false),
    ]

    @Test(
        "A line is marked if a member of a name looked for has a wanted value, or if it is no JSON object",
        arguments: [
            (#"{"user":1042}"#, true), (#"{"user":"1042"}"#, true), (#"{"a":[{"user" :\#t"1042"}]}"#, true),
            (#"{"user":10421}"#, false), (#"{"user":"1041"}"#, false), (#"{"user":1042.0}"#, false),
            (#"{"us":1042,"user_":1042,"xuser":1042}"#, false), (#"{"note":"user","x":1042}"#, false),
            (#"{"note":"user","1042":7}"#, false), (#"{"a":["user",1042]}"#, false),
            (#"{"user":1,"user":1042}"#, true), (#"{"user":1042,"user":1}"#, true),
            (#"{"user":"äö"}"#, true), (#"{"us\u0065r":1042}"#, true), (#"{"user":"10\u0034\u0032"}"#, true),
            (#"{"note":"a \" quote","user":7}"#, false), (#"{"note":"\\","user":1042}"#, true),
            (#"{"note":"\"user\":1042"}"#, false), (#"{"x\"user":1042,"\\user":1042}"#, false),
            (#"{"xxxxxxx\"user":1042}"#, false),
            (#"{"user":"\n","\u0061":1}"#, false), (#"{"note":"\u00e4\"","user":"\u00e4ö"}"#, true),
            (#"{"n\u0041":"\u0041","\u0075ser":"1042"}"#, true), (#"{"a":"\u00g0"}"#, true), (#"{"a":"\x"}"#, true),
            (#"{"a":"\"}"#, true), (#"{"a":1\"}"#, true), (#"{"a":"\ud800"}"#, false), (#"{"a":"\u12"}"#, true),
            (#"{"user":{}}"#, true), (#"{"user":[]}"#, true), (#"{"user":null}"#, false), (#"{"user":""}"#, false),
            (#"{"client":{"cookie":"ck_1"}}"#, true), (#"{"client.cookie":"ck_1"}"#, true),
            (#"{"x.client.cookie":"ck_1"}"#, false), (#"{"cookie":[]}"#, false), (#"{"cookie":"ck_2"}"#, false),
            (#"[{"user":7}]"#, true), (#""user""#, true), ("7", true), ("{", true), (#"{"a":1}}"#, true),
            (#"{"a":01}"#, true), (#"{"a":-01}"#, true), (#"{"a":1.05e-05}"#, false), (#"{"a":-0}"#, false),
            (#"{"a":.5}"#, true), (#"{"a":1 2}"#, true), (#"{"a":tr ue}"#, true), (#"{"a":truefalse}"#, true),
            ("{\"a\":\"\u{1}\"}", true), ("{\"a\":\"\t\"}", true), ("{\u{7f}}", true), ("{\u{c}}", true),
            ("", false), (" \t ", false), ("\r", false), ("\u{b}", true), ("\u{feff}{}", true),
        ])
    func rule(line: String, isMarked: Bool) {
        // The shapes of most of the lines, so that they are decided about by nothing but their shape.
        let known = ["1", "-1", "-1.5", "1.5e-5", "true", "\"x\"", "\"x\",\"b\":1", "null", "{}"].flatMap {
            ["{\"a\":\($0)}", " {\"a\":\($0)}", " {\"a\":\($0)} "]
        }
        for machine in machines {
            var sieve = LineSieve(SlowSieve(identifiers: Self.identifiers).question, machine: machine)
            _ = sieve.sift(Array(known.joined(separator: "\n").utf8))
            // All of it at all places of a chunk.
            for padding in 0..<70 {
                let space = String(repeating: " ", count: padding)
                let isBOM = line.hasPrefix("\u{feff}")
                let text = isBOM ? line : space + line
                let found = sieve.sift(Array(("{}\n" + text + "\r\n" + text).utf8))
                #expect(found.lines == (text.isEmpty ? 2 : 3))
                #expect(found.marks.map(\.line) == (isMarked ? [1, 2] : []), "\(machine), \(padding)")
                #expect(found.marks.first.map { $0.start == 3 && $0.length == text.utf8.count } ?? true)
            }
        }
    }

    @Test("Text that is not UTF-8 is found at all places of a chunk, and text that is raises no doubt")
    func invalidText() {
        let bad: [[UInt8]] = [
            [0x80], [0xbf], [0xc0, 0x80], [0xc1, 0xbf], [0xc2], [0xc3, 0x41], [0xc3, 0xa4, 0xa4], [0xe0, 0x9f, 0xbf],
            [0xe2, 0x82], [0xe2, 0x82, 0x41], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xf0, 0x8f, 0xbf, 0xbf],
            [0xf0, 0x9f, 0x98], [0xf0, 0x9f, 0x98, 0x41], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xff],
            [0x09], [0x0d], [0x00], [0x1f],
        ]
        let good = [
            "", "\u{7f}", "\u{80}", "\u{7ff}", "\u{800}", "\u{d7ff}", "\u{e000}", "\u{ffff}", "\u{10000}", "\u{10ffff}",
        ]
        for machine in machines {
            var sieve = LineSieve(SlowSieve(identifiers: Self.identifiers).question, machine: machine)
            for padding in 0..<70 {
                func line(_ text: [UInt8]) -> [UInt8] {
                    Array(#"{"a":""#.utf8) + [UInt8](repeating: 0x78, count: padding) + text + Array("\"}\n".utf8)
                }
                #expect(sieve.sift(good.flatMap { line(Array($0.utf8)) }).marks.isEmpty)
                #expect(sieve.sift(bad.flatMap(line)).marks.map(\.line) == Array(bad.indices))
                // Outside of strings, too.
                #expect(
                    sieve.sift(good.dropFirst().flatMap { Array($0.utf8) + line([]) }).marks.count == good.count - 1)
            }
        }
    }

    @Test("A byte order mark belongs to the first line of a file and to no other")
    func byteOrderMark() {
        let text = Array("\u{feff}{\"user\":1}\n\u{feff}{\"user\":1}\n\u{feff}{\"user\":1042}".utf8)
        for machine in machines {
            var sieve = LineSieve(SlowSieve(identifiers: Self.identifiers).question, machine: machine)
            #expect(sieve.sift(text, isFirstOfFile: true).marks.map(\.line) == [1, 2])
            #expect(sieve.sift(text, isFirstOfFile: false).marks.map(\.line) == [0, 1, 2])
            #expect(sieve.sift(Array("\u{feff}".utf8), isFirstOfFile: true).marks.isEmpty)
        }
    }

    @Test("Random lines, well-formed and not, are marked as by the slow way, on every kind of machine")
    func differential() {
        var lines = SieveLines(seed: 11)
        let slow = SlowSieve(identifiers: lines.identifiers, lineLimit: 3000, depthLimit: 6, tokenLimit: 400)
        let guarded = GuardedText(capacity: 1 << 20)
        // Few members cost little: a question of none, of one, and of all.
        for identifiers in [[], Array(lines.identifiers.prefix(1)), lines.identifiers] {
            var slow = slow
            slow.identifiers = identifiers
            for machine in machines {
                var sieve = LineSieve(slow.question, machine: machine)
                var counts = (marked: 0, all: 0)
                for round in 0..<60 {
                    let block = lines.block()
                    let isFirstOfFile = round % 3 == 0
                    let expected = slow.marks(block, isFirstOfFile: isFirstOfFile)
                    let text = guarded.place(block, atEnd: round % 2 == 0)
                    let found = sieve.sift(text, isFirstOfFile: isFirstOfFile)
                    #expect(found.lines == expected.lines)
                    if found.marks != expected.marks {
                        let odd = Set(found.marks).symmetricDifference(expected.marks).min { $0.line < $1.line }!
                        let bytes = Array(block[odd.start..<odd.start + odd.length])
                        Issue.record(
                            "\(machine) and the slow way do not agree about \(String(decoding: bytes, as: UTF8.self)), \(bytes)"
                        )
                        return
                    }
                    counts = (counts.marked + found.marks.count, counts.all + found.lines)
                }
                // The generator is worth something: neither none nor all are marked.
                #expect(counts.marked > counts.all / 20 && counts.marked < counts.all * 19 / 20)
            }
        }
    }

    @Test("Where a text is cut between lines makes no difference")
    func cuts() {
        var lines = SieveLines(seed: 12)
        var draw = SplitMix(seed: 13)
        let question = SlowSieve(identifiers: lines.identifiers).question
        for machine in machines {
            var whole = LineSieve(question, machine: machine)
            var pieces = LineSieve(question, machine: machine)
            for _ in 0..<20 {
                var text = lines.block()
                if text.last != 0x0a { text.append(0x0a) }
                let ends = text.indices.filter { text[$0] == 0x0a }.map { $0 + 1 }
                var marks: [LineMark] = []
                var start = 0
                var before = 0
                while start < text.count {
                    let end = draw.pick(ends.filter { $0 > start }.prefix(40).map { $0 })
                    let found = pieces.sift(Array(text[start..<end]))
                    marks += found.marks.map {
                        .init(start: $0.start + start, length: $0.length, line: $0.line + before)
                    }
                    before += found.lines
                    start = end
                }
                #expect(whole.sift(text).marks == marks)
            }
        }
    }

    @Test(
        "Of lines with one shape only the first is tokenized, wherever its numbers, spaces, strings and escapes end")
    func knownShapes() {
        for machine in machines {
            var sieve = LineSieve(SlowSieve(identifiers: Self.identifiers).question, machine: machine)
            for index in 0..<300 {
                let text = String(repeating: #"x\u00e4\"\\ä "#, count: index % 7) + String(repeating: "x", count: index)
                let number = String(repeating: "7", count: 1 + index % 70)
                let space = String(repeating: " ", count: 1 + index % 30)
                let line = #"{"a":"\#(text)",\#(space)"user":"\#(index)","b":[-\#(number).05e+01,true],"c":"\#(text)"}"#
                let lines = Array((line + "\r\n \n\n").utf8)
                #expect(sieve.sift(lines) == (3, []))
            }
            #expect(sieve.tokenizedLines == 1)
        }
    }

    @Test("More escapes, or members looked for, than are noted of a line")
    func manyPlaces() {
        let many = 1000
        let escapes = String(repeating: #"\u00e4"#, count: many)
        let members = (0..<many).map { #""user":\#($0)"# }.joined(separator: ",")
        let lines = [
            #"{"a":"\#(escapes)","user":7}"#, #"{"a":"\#(escapes)","\u0075ser":1042}"#, "{\(members)}",
            "{\(members),\"user\":1042}", "{\(members),\"user\":\"\\u00e4ö\"}",
        ]
        for machine in machines {
            var sieve = LineSieve(SlowSieve(identifiers: Self.identifiers).question, machine: machine)
            for _ in 0..<2 {
                #expect(sieve.sift(Array(lines.joined(separator: "\n").utf8)).marks.map(\.line) == [1, 3, 4])
            }
        }
    }

    @Test("A name with a character that JSON may write with an escape is found in both ways")
    func escapedNames() {
        for (name, written) in [("a/b", #"a\/b"#), ("a\nb", #"a\nb"#), ("a\\b", #"a\\b"#), ("a\"b", #"a\"b"#)] {
            let question = SieveQuestion(
                identifiers: [.init(path: Array(name.utf8), values: [Array("7".utf8)], isUnique: true)],
                lineLimit: 100, depthLimit: 4)
            for machine in machines {
                var sieve = LineSieve(question, machine: machine)
                let text = (6..<9).map { #"{"\#(written)":\#($0)}"# + "\n" }.joined() + #"{"a/b":7}"#
                #expect(sieve.sift(Array(text.utf8)).marks.map(\.line) == (name == "a/b" ? [1, 3] : [1]))
            }
        }
    }

    @Test("More shapes than are kept, and longer ones than are kept, are decided about all the same")
    func manyShapes() {
        let identifiers = Self.identifiers
        for machine in machines {
            var sieve = LineSieve(SlowSieve(identifiers: identifiers).question, machine: machine)
            var text = ""
            var wanted: [Int] = []
            for index in 0..<5000 {
                // The bits of the index, in what stands outside of strings; few of them wanted or broken.
                let bits = (0..<14).map { index >> $0 & 1 == 0 ? "0" : "null" }.joined(separator: ",")
                let isWanted = index % 97 == 0
                let isBroken = index % 89 == 0
                text += #"{"user":\#(isWanted ? 1042 : index + 2000),"x":[\#(bits)\#(isBroken ? "," : "")]}"# + "\n"
                if isWanted || isBroken { wanted.append(index) }
            }
            text += #"{"x":["# + String(repeating: "1,", count: 5000) + "1]}\n"
            text += #"{"x":["# + String(repeating: "1,", count: 5000) + "]}\n"
            wanted.append(5001)
            for _ in 0..<2 { #expect(sieve.sift(Array(text.utf8)).marks.map(\.line) == wanted) }
        }
    }

    @Test("Values are wanted of their own member, and as many as there are")
    func manyValues() {
        let values = (0..<5000).map { Array("subject-\($0 * 7)".utf8) }
        let question = SieveQuestion(
            identifiers: [
                .init(path: Array("a".utf8), values: values, isUnique: true),
                .init(path: Array("b".utf8), values: [Array("subject-1".utf8), []], isUnique: true),
            ], lineLimit: 100, depthLimit: 4)
        for machine in machines {
            var sieve = LineSieve(question, machine: machine)
            let text = (0..<40000).map { #"{"a":"subject-\#($0)","b":"subject-\#($0)"}"# }.joined(separator: "\n")
            #expect(
                sieve.sift(Array(text.utf8)).marks.map(\.line)
                    == (0..<40000).filter { ($0 % 7 == 0 && $0 < 35000) || $0 == 1 })
        }
    }
}
