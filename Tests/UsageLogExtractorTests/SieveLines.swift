@testable import UsageLogExtractor

/// Lines of logs as they are and as they should not be, from a seed.
///
/// Some come from few templates, so that shapes come again with other values; many of these are then damaged.
struct SieveLines {
    let identifiers: [SieveQuestion.Identifier]
    private var draw: SplitMix
    private var templates: [[Piece]] = []

    private enum Piece {
        case text([UInt8])
        case string, number, value, space, identifier
    }

    /// One whose name is longer than what is looked at in one step.
    private static let longName = [UInt8](repeating: UInt8(ascii: "n"), count: 100)
    private static let names = ["user", "id", "cookie", "a", "näme", "page", "user.id", "ids", "u", ""]
    private static let wanted = ["42", "1042", "ck_ac62037bde2c03e7", "true", "null", "x y", "äö", "1.5"]
    private static let scalars = [
        "0", "-0", "7", "42", "1042", "3.25", "1.05", "-12e+05", "1E07", "2e-09", "true", "false", "null", "1e5",
        "123456789012345678901234567890",
    ]
    private static let wrong = [
        "01", "-01", "00", "1.", ".5", "+1", "1e", "1e+", "-", "--1", "tru", "truee", "nul", "True", "NaN", "1 2",
        "1.5.5",
        "0x1", "1,", "'a'", "\u{7f}", "1\u{b}2", "\u{a0}", "tr ue", "1 .5", "0 1", "01.5", "1.e5", "1-1", "{]", "[}",
        "\"",
    ]
    private static let texts = [
        "", "x", "user", "user\" :", "{[,]}:", "åäö ÅÄÖ", "日本語", "😀", "\u{10ffff}",
        "\u{7ff}\u{800}\u{d7ff}\u{e000}\u{ffff}",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0)", "0123456789", "true", "\u{7f}",
    ]
    private static let escapes = [
        #"\""#, #"\\"#, #"\u0041"#, #"\ud83d\ude00"#, #"\/"#, #"\n"#, #"\x"#, #"\u12"#, #"\"#, #"\ud800"#,
    ]
    private static let badText: [[UInt8]] = [
        [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xc3], [0xe0, 0x9f, 0xbf], [0xe2, 0x82], [0xed, 0xa0, 0x80],
        [0xf0, 0x8f, 0xbf, 0xbf],
        [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xff], [0xf0, 0x9f, 0x98], [0xc3, 0xa4, 0xa4], [0x00],
        [0x1f],
    ]

    init(seed: UInt64) {
        draw = SplitMix(seed: seed)
        let wanted = Self.wanted.map { Array($0.utf8) }
        identifiers = [
            .init(path: Array("user.id".utf8), values: wanted, isUnique: true),
            .init(path: Array("cookie".utf8), values: [wanted[2], wanted[6]], isUnique: false),
            .init(path: Array("näme".utf8), values: [wanted[0]], isUnique: true),
            .init(path: Self.longName, values: [wanted[1]], isUnique: true),
            .init(path: Array("u".utf8), values: [], isUnique: false),
        ]
        for _ in 0..<12 { templates.append(object(depth: 0)) }
    }

    private mutating func object(depth: Int) -> [Piece] {
        var out: [Piece] = [.text([0x7b]), .space]
        for index in 0..<draw.below(depth == 0 ? 9 : 4) {
            if index > 0 { out += [.text([0x2c]), .space] }
            let name = draw.isOne(in: 9) ? Self.longName : Array(draw.pick(Self.names).utf8)
            out += [.text([0x22] + name + [0x22]), .space, .text([0x3a]), .space]
            switch draw.below(10) {
            case 0 where depth < 5: out += object(depth: depth + 1)
            case 1 where depth < 5:
                out += [.text([0x5b])] + object(depth: depth + 1) + [.text([0x2c]), .value, .text([0x5d])]
            case 2...4: out.append(.string)
            case 5...6: out.append(.number)
            case 7: out.append(.value)
            default: out.append(.identifier)
            }
            out.append(.space)
        }
        return out + [.text([0x7d])]
    }

    /// Some lines, whole; the last may have no end.
    mutating func block() -> [UInt8] {
        var out: [UInt8] = []
        if draw.isOne(in: 4) { out += [0xef, 0xbb, 0xbf] }
        let isSpaced = draw.isOne(in: 4)
        let end: [UInt8] = draw.isOne(in: 3) ? [0x0d, 0x0a] : [0x0a]
        for _ in 0..<draw.below(80) {
            out += line(isSpaced: isSpaced)
            out += end
        }
        if draw.isOne(in: 3) { out += line(isSpaced: isSpaced) }
        return out
    }

    private mutating func line(isSpaced: Bool) -> [UInt8] {
        var out: [UInt8] = []
        for piece in draw.isOne(in: 20) ? object(depth: 0) : draw.pick(templates) {
            switch piece {
            case .text(let text): out += text
            case .string: out += string()
            case .number: out += Array("\(draw.below(1 << (1 + draw.below(40))))".utf8)
            case .value: out += draw.isOne(in: 3) ? string() : Array(draw.pick(Self.scalars).utf8)
            case .space: if isSpaced { out += draw.pick([[0x20], [], [0x20], [0x09], [0x20, 0x20, 0x0d]]) }
            case .identifier:
                let value = Array(draw.isOne(in: 40) ? draw.pick(Self.wanted).utf8 : "x\(draw.below(99))".utf8)
                let isBare = value.allSatisfy { 0x30...0x39 ~= $0 } && draw.isOne(in: 2)
                out += isBare ? value : [0x22] + value + [0x22]
            }
        }
        switch draw.below(40) {
        case 0: out = Array(out.prefix(draw.below(out.count + 1)))
        case 1...5: insert(Array(draw.pick(Self.wrong).utf8), into: &out)
        case 6: insert(draw.pick(Self.badText), into: &out)
        case 7: insert(Array(draw.pick(Self.escapes).utf8), into: &out)
        case 8: insert([UInt8(draw.below(256))], into: &out)
        case 9: out[draw.below(out.count)] ^= 1 << UInt8(draw.below(8))
        case 10: out.remove(at: draw.below(out.count))
        case 11:
            let start = draw.below(out.count)
            out += out[start..<start + draw.below(out.count - start)]
        case 12:
            out =
                [[], [0x20], [0x20, 0x0d], [0x09], [0x0b], [0x5b, 0x5d], Array("null".utf8), [0x22, 0x22]][
                    draw.below(8)]
        case 13:
            let depth = 3 + draw.below(6)
            out = Array((String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)).utf8)
        case 14 where draw.isOne(in: 4):
            let count = draw.below(500)
            out = Array((#"{"a":["# + String(repeating: "1,", count: count) + "2]}").utf8)
        default: break
        }
        return out.filter { $0 != 0x0a }
    }

    private mutating func string() -> [UInt8] {
        var out: [UInt8] = [0x22]
        for _ in 0..<draw.below(3) { out += Array(draw.pick(Self.texts).utf8).filter { $0 != 0x22 } }
        // To each place of a chunk, and past the limit of a line.
        out += [UInt8](repeating: 0x78, count: draw.isOne(in: 200) ? 3000 : draw.below(20))
        if draw.isOne(in: 20) { out += Array(draw.pick(Self.escapes).utf8) }
        if draw.isOne(in: 200) { out += draw.pick(Self.badText) }
        return out + [0x22]
    }

    private mutating func insert(_ bytes: [UInt8], into out: inout [UInt8]) {
        out.insert(contentsOf: bytes, at: draw.below(out.count + 1))
    }
}
