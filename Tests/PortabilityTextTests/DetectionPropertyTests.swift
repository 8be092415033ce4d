import PortabilityText
import Testing

struct DetectionPropertyTests {
    /// Words of three languages, none of which tells that a reference follows.
    private static let words =
        "hei kiitos maksoin asia tänään “lainaus” öljy hej tack betalade idag the paid on is å 15 7,50 😀"
        .split(separator: " ").map(String.init)

    private func sentence(_ maker: inout NumberMaker) -> String {
        (0..<maker.random.below(6)).map { _ in Self.words[maker.random.below(Self.words.count)] }.joined(separator: " ")
    }

    @Test("Every number whose check is right is found, in its exact place, and none whose check is wrong")
    func checks() {
        var maker = NumberMaker(seed: 2024)
        let lengths = [("FI", 18), ("SE", 24), ("EE", 20), ("DE", 22), ("NO", 15), ("DK", 18), ("LT", 20), ("RU", 33)]
        let issuers = [
            ("4", 16), ("51", 16), ("37", 15), ("36", 14), ("4", 13), ("62", 19), ("3530", 16), ("6011", 16),
        ]
        for round in 0..<1200 {
            let (country, length) = lengths[round % lengths.count]
            let (prefix, size) = issuers[round % issuers.count]
            let (kind, number): (DetectedKind, String) =
                switch round % 4 {
                case 0: (.identityCode, maker.identityCode())
                case 1: (.identityCode, maker.personnummer())
                case 2: (.iban, maker.iban(country, length: length))
                default: (.card, maker.card(prefix, length: size))
                }
            let before = sentence(&maker) + [" ", ": ", " (", "\n", " \"", "\u{a0}"][maker.random.below(6)]
            let after = [" ", ". ", ")", "\n", "\"", "?", "…"][maker.random.below(7)] + sentence(&maker)
            let start = before.utf8.count
            let hit = Detection(kind: kind, range: start..<(start + number.utf8.count))
            let hits = TextDetectors(kinds: [kind]).scan(Array("\(before)\(number)\(after)".utf8))
            #expect(hits == [hit], "\(before)\(number)\(after)")
            let broken = TextDetectors(kinds: [kind]).scan(Array("\(before)\(maker.broken(number))\(after)".utf8))
            #expect(broken == [], "\(before)\(maker.broken(number))\(after)")
        }
    }

    @Test("Grouping of printed numbers changes nothing")
    func groups() {
        var maker = NumberMaker(seed: 5)
        func grouped(_ text: String, _ separator: String) -> String {
            let characters = Array(text)
            return stride(from: 0, to: characters.count, by: 4)
                .map { String(characters[$0..<min($0 + 4, characters.count)]) }.joined(separator: separator)
        }
        for _ in 0..<200 {
            let iban = grouped(maker.iban(), " ")
            #expect(TextDetectors().found(in: "tili \(iban).") == [Found(.iban, iban)])
            let card = grouped(maker.card("54"), maker.random.below(2) == 0 ? " " : "-")
            #expect(TextDetectors().found(in: "kortti \(card).") == [Found(.card, card)])
        }
    }

    @Test("A plain reading of the definitions agrees on random texts")
    func plainReading() {
        var random = SplitMix(seed: 77)
        let pieces = "0 1 2 3 4 5 6 7 8 9 - + A T E 5 2 1 ä".split(separator: " ").map(String.init) + [" ", " ", "."]
        var found = 0
        for _ in 0..<1500 {
            var text = ""
            while text.utf8.count < 200 {
                switch random.below(6) {
                case 0:
                    text +=
                        [" 010594Y903", " 131052-308", ".290296-900", " 290295-900", "-020504A902"][random.below(5)]
                case 1: text += [" 411111111111111", " 37828224631000", "-422222222222"][random.below(3)]
                case 2: text += " FI211234560000078"
                default: break
                }
                text += pieces[random.below(pieces.count)]
            }
            let bytes = Array(text.utf8)
            let codes = TextDetectors(kinds: [.identityCode, .iban, .card]).scan(bytes)
            let plain = PlainReading(text: bytes)
            for kind in [DetectedKind.identityCode, .iban, .card] {
                let mine = codes.filter { $0.kind == kind && $0.range.count <= (kind == .identityCode ? 11 : 18) }
                    .filter { kind == .identityCode ? plain.isFinnish($0.range) : true }
                    .filter { !bytes[$0.range].contains(0x20) && !(kind == .card && bytes[$0.range].contains(0x2d)) }
                #expect(mine.map(\.range) == plain.all(kind), "\(kind.name) in \(text)")
                found += mine.count
            }
        }
        // The texts are such that there is something to agree on.
        #expect(found > 100)
    }

    @Test("Names: comparing every entry at every place agrees")
    func plainNames() {
        var random = SplitMix(seed: 78)
        let syllables = ["a", "ba", "äk", "Al", "Ök", "bo", "å"]
        func word() -> String { (0...random.below(2)).map { _ in syllables[random.below(syllables.count)] }.joined() }
        var found = 0
        for _ in 0..<300 {
            let names = (0..<20).map { _ in "\(word()) \(word())" }
            let text = (0..<60).map { _ in word() + [" ", " ", " ", ";", "x"][random.below(5)] }.joined()
            let hits = TextDetectors(names: [NameSet(names)]).scan(Array(text.utf8))
            #expect(hits.map(\.range) == Self.plainNames(names, in: text), "\(names) in \(text)")
            found += hits.count
        }
        #expect(found > 100)
    }

    /// Names of two words, in either order, parted by one space, between characters that are no letters.
    private static func plainNames(_ names: [String], in text: String) -> [Range<Int>] {
        let characters = Array(text.lowercased())
        let forms = names.flatMap { name -> [[Character]] in
            let words = name.lowercased().split(separator: " ")
            return [Array("\(words[0]) \(words[1])"), Array("\(words[1]) \(words[0])")]
        }
        var offsets = [0]
        for character in text { offsets.append(offsets[offsets.count - 1] + String(character).utf8.count) }
        var ranges: [Range<Int>] = []
        var start = 0
        while start < characters.count {
            let ends = forms.compactMap { form -> Int? in
                let end = start + form.count
                guard end <= characters.count, Array(characters[start..<end]) == form else { return nil }
                if start > 0, characters[start - 1].isLetter { return nil }
                return end < characters.count && characters[end].isLetter ? nil : end
            }
            if let end = ends.max() {
                ranges.append(offsets[start]..<offsets[end])
                start = end
            } else {
                start += 1
            }
        }
        return ranges
    }
}

/// The definitions read plainly: every place, every length, no shortcuts; codes written without spaces only.
private struct PlainReading {
    let text: [UInt8]
    let maker = NumberMaker(seed: 0)

    func all(_ kind: DetectedKind) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for start in text.indices {
            let lengths: [Int] = kind == .identityCode ? [11] : kind == .iban ? [18] : Array(13...18)
            for length in lengths where start + length <= text.count {
                let range = start..<(start + length)
                if isWhole(range, kind), isRight(kind, range) { ranges.append(range) }
            }
        }
        return ranges
    }

    private func isRight(_ kind: DetectedKind, _ range: Range<Int>) -> Bool {
        let value = String(decoding: text[range], as: UTF8.self)
        switch kind {
        case .identityCode: return isFinnish(range)
        case .iban:
            return value.hasPrefix("FI") && value.dropFirst(2).allSatisfy(\.isNumber)
                && maker.remainder(String(value.dropFirst(4) + value.prefix(4))) == 1
        case .card:
            let prefix = Int(value.prefix(4)) ?? 0
            let isIssued =
                switch prefix {
                case 4000...4999: [13, 16, 19].contains(value.count)
                case 5100...5599, 2221...2720: value.count == 16
                case 3400...3499, 3700...3799: value.count == 15
                case 3000...3059, 3095...3099, 3600...3699, 3800...3999: value.count >= 14
                case 3528...3589: value.count >= 16
                case 5000...5099, 5600...5899, 6000...6999: true
                default: false
                }
            return value.allSatisfy(\.isNumber) && isIssued
                && maker.luhn(String(value.dropLast())) == value.last?.wholeNumberValue
        default: return false
        }
    }

    /// No letter or digit on either side, nor what would make a card number part of something longer.
    private func isWhole(_ range: Range<Int>, _ kind: DetectedKind) -> Bool {
        func at(_ index: Int) -> UInt8 { text.indices.contains(index) ? text[index] : 0x20 }
        func isWord(_ byte: UInt8) -> Bool { byte >= 0x80 || Character(Unicode.Scalar(byte)).isLetter || isDigit(byte) }
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        if isWord(at(range.lowerBound - 1)) || isWord(at(range.upperBound)) { return false }
        if kind != .card { return true }
        let before = at(range.lowerBound - 1)
        if before == 0x2d, isWord(at(range.lowerBound - 2)) { return false }
        if before == 0x2e, isDigit(at(range.lowerBound - 2)) { return false }
        return !(at(range.upperBound) == 0x2e && isDigit(at(range.upperBound + 1)))
    }

    func isFinnish(_ range: Range<Int>) -> Bool {
        let value = Array(String(decoding: text[range], as: UTF8.self))
        guard value.count == 11, let date = Int(String(value[..<6])), let individual = Int(String(value[7..<10])),
            value[..<6].allSatisfy(\.isNumber), value[7..<10].allSatisfy(\.isNumber), individual >= 2
        else { return false }
        let century =
            ["+": 1800, "-": 1900, "U": 1900, "V": 1900, "W": 1900, "X": 1900, "Y": 1900][value[6]]
            ?? ("ABCDEF".contains(value[6]) ? 2000 : 0)
        let (day, month, year) = (date / 10_000, date / 100 % 100, century + date % 100)
        let isLeap = year % 400 == 0 || year % 4 == 0 && year % 100 != 0
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard century > 0, days.indices.contains(month - 1), day >= 1, day <= days[month - 1] else { return false }
        return value[10] == Array("0123456789ABCDEFHJKLMNPRSTUVWXY")[(date * 1000 + individual) % 31]
    }
}
