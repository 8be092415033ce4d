import PortabilityModel
import PortabilityText
import Testing

/// The canonical spelling, nil if the text does not fit.
func canonical(_ kind: ValueKind, _ text: String) -> String? {
    var out: [UInt8] = []
    let fits = Canonical.append(kind, from: Array(text.utf8).span, into: &out)
    #expect(fits || out.isEmpty)
    return fits ? String(decoding: out, as: UTF8.self) : nil
}

@Suite("Canonical spellings")
struct CanonicalTests {
    @Test(
        "Integers lose plus signs, leading zeros and the sign of zero",
        arguments: [
            ("0", "0"), ("-0", "0"), ("+7", "7"), ("007", "7"), ("-0042", "-42"), (" 12\n", "12"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
        ])
    func integers(text: String, spelling: String) { #expect(canonical(.integer, text) == spelling) }

    @Test(
        "What is no integer does not fit",
        arguments: [
            "", " ", "-", "+", "1.0", "1e3", "0x10", "1 2", "--1", "١", "1_000", String(repeating: "9", count: 4097),
        ])
    func notIntegers(text: String) { #expect(canonical(.integer, text) == nil) }

    @Test(
        "Decimals keep their scale and lose their exponent",
        arguments: [
            ("0", "0"), ("-0.00", "0.00"), ("1.50", "1.50"), ("007.50", "7.50"), (".5", "0.5"), ("5.", "5"),
            ("1e3", "1000"), ("1.5E+3", "1500"), ("1.50e1", "15.0"), ("1e-3", "0.001"), ("-12.5e-4", "-0.00125"),
            ("0.00e2", "0"), ("0e5", "0"), ("+25.5", "25.5"), ("0.1e1", "1"), ("0.01e1", "0.1"), ("123e-2", "1.23"),
            ("0001e-1", "0.1"),
        ])
    func decimals(text: String, spelling: String) { #expect(canonical(.decimal, text) == spelling) }

    @Test(
        "What is no decimal, or would be too long written out, does not fit",
        arguments: [
            "", ".", "-", "e5", "1e", "1e+", "1,5", "NaN", "Infinity", "1e9999", "1e-9999", "1e99999999999999999999",
        ])
    func notDecimals(text: String) { #expect(canonical(.decimal, text) == nil) }

    @Test("Booleans have the spellings the caller allows")
    func booleans() {
        func boolean(_ text: String, _ spellings: Canonical.BooleanSpellings) -> String? {
            var out: [UInt8] = []
            return Canonical.boolean(Array(text.utf8).span, allowing: spellings, into: &out)
                ? String(decoding: out, as: UTF8.self) : nil
        }
        #expect(boolean("true", []) == "true")
        #expect(boolean("false", []) == "false")
        #expect(boolean("1", []) == nil)
        #expect(boolean("1", .digits) == "true")
        #expect(boolean("f", .digits) == nil)
        #expect(boolean("f", .letters) == "false")
        #expect(canonical(.boolean, "yes") == nil)
        #expect(canonical(.boolean, "truex") == nil)
        #expect(canonical(.boolean, "TRUE") == nil)
    }

    @Test(
        "Dates",
        arguments: [
            ("2026-02-28", "2026-02-28"), ("20260228", "2026-02-28"), ("2024-02-29", "2024-02-29"),
            ("2000-02-29", "2000-02-29"), ("+002026-01-02", "2026-01-02"), ("-0044-03-15", "-0044-03-15"),
            ("0000-01-01", "0000-01-01"), ("-0000-01-01", "0000-01-01"), ("12026-12-31", "12026-12-31"),
        ])
    func dates(text: String, spelling: String) { #expect(canonical(.date, text) == spelling) }

    @Test(
        "Days that do not exist and reduced dates do not fit",
        arguments: [
            "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-1", "26-01-01", "2026-01",
            "2026-01-01Z", "20260230", "01.02.2026", "99999999999999999-01-01",
        ])
    func notDates(text: String) { #expect(canonical(.date, text) == nil) }

    @Test(
        "Timestamps keep the offset and the digits of the source",
        arguments: [
            ("2026-03-29T03:30:00+03:00", "2026-03-29T03:30:00+03:00"),
            ("2026-03-29t03:30:00z", "2026-03-29T03:30:00Z"),
            ("2026-03-29 03:30:00+00:00", "2026-03-29T03:30:00Z"),
            ("2026-03-29 03:30:00+02", "2026-03-29T03:30:00+02:00"),
            ("2026-03-29T03:30:00.500-0330", "2026-03-29T03:30:00.500-03:30"),
            ("2026-03-29T03:30:00,5Z", "2026-03-29T03:30:00.5Z"),
            ("2026-03-29T03:30:00-00:00", "2026-03-29T03:30:00-00:00"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z"),
            ("2017-01-01T01:59:60+02:00", "2017-01-01T01:59:60+02:00"),
        ])
    func timestamps(text: String, spelling: String) { #expect(canonical(.timestamp, text) == spelling) }

    @Test(
        "What names no instant is no timestamp",
        arguments: [
            "2026-03-29T03:30:00", "2026-03-29", "2026-03-29T24:00:00Z", "2026-03-29T03:30Z", "2026-03-29T03:30:60Z",
            "2026-03-29T03:30:00.Z", "2026-03-29T03:30:00+24:00", "2026-03-29T03:30:00+02:60", "2026-03-29T03:30:00Zx",
            "1774748400",
        ])
    func notTimestamps(text: String) { #expect(canonical(.timestamp, text) == nil) }

    @Test("A spoilt timestamp is a timestamp just when its date, time and offset are")
    func spoiltTimestamps() {
        var random = SplitMix(seed: 3339)
        let alphabet = Array("0123456789-:+.TZ ".utf8)
        var accepted = 0
        for _ in 0..<20_000 {
            var text = Array(["2026-03-29T03:30:00.500+03:00", "2026-12-31T23:59:59Z"][random.below(2)].utf8)
            for _ in 0..<1 + random.below(2) {
                text[random.below(text.count)] = alphabet[random.below(alphabet.count)]
            }
            // The parts go the general way, by themselves.
            let spelled = String(decoding: text, as: UTF8.self)
            let (head, tail) = (spelled.prefix(10), spelled.dropFirst(11))
            let mark = tail.lastIndex { "Z+-".contains($0) } ?? tail.endIndex
            let offset = tail[mark...]
            let hours = offset.dropFirst().prefix(2)
            let minutes = offset.dropFirst(3)
            let isOffset =
                offset == "Z"
                || (offset.utf8.count == 6 && offset.first != "Z" && offset.dropFirst(3).first == ":"
                    && Int(hours) ?? 99 < 24
                    && Int(minutes.dropFirst()) ?? 99 < 60 && (hours + minutes.dropFirst()).allSatisfy(\.isNumber))
            // A leap second is one only at the end of a day in UTC, which the time by itself does not tell.
            if tail.contains(":60") { continue }
            let isTimestamp =
                canonical(.date, String(head)) == String(head) && "T ".contains(spelled[head.endIndex])
                && canonical(.time, String(tail[..<mark])) == String(tail[..<mark]) && isOffset
            if isTimestamp {
                accepted += 1
                #expect(canonical(.timestamp, spelled) != nil, "\(spelled)")
            } else if let other = canonical(.timestamp, spelled) {
                // Only another spelling of the same is accepted beside.
                #expect(other != spelled, "\(spelled)")
            }
        }
        #expect(accepted > 1000)
    }

    @Test("Local timestamps and times have no offset")
    func local() {
        #expect(canonical(.localTimestamp, "2026-03-29 03:30:00.25") == "2026-03-29T03:30:00.25")
        #expect(canonical(.localTimestamp, "2026-03-29T03:30:00Z") == nil)
        #expect(canonical(.time, "23:59:60") == "23:59:60")
        #expect(canonical(.time, "7:00:00") == nil)
        #expect(canonical(.time, "07:00:00+02:00") == nil)
    }

    @Test(
        "Durations keep months, days and seconds apart",
        arguments: [
            ("P14M", "P1Y2M"), ("P1W", "P7D"), ("PT90S", "PT1M30S"), ("PT36H", "PT36H"), ("P0Y0M0DT0S", "PT0S"),
            ("-P1DT2H", "-P1DT2H"), ("-PT0S", "PT0S"), ("PT1.50S", "PT1.50S"), ("PT0.5S", "PT0.5S"),
            ("PT1.00S", "PT1S"),
            ("PT59M60S", "PT1H"), ("P1Y2M3W4DT5H6M7S", "P1Y2M25DT5H6M7S"),
        ])
    func durations(text: String, spelling: String) { #expect(canonical(.duration, text) == spelling) }

    @Test(
        "What is no duration does not fit",
        arguments: [
            "P", "PT", "P1DT", "1D", "P1H", "PT1D", "P1M1Y", "P1.5D", "PT1.S", "P1D1D", "P1DT1HT1M", "P-1D",
            "P999999999999999999Y",
        ])
    func notDurations(text: String) { #expect(canonical(.duration, text) == nil) }

    @Test(
        "A canonical spelling is its own canonical spelling",
        arguments: [
            (ValueKind.integer, "-42"), (.decimal, "-0.00125"), (.boolean, "false"), (.date, "-0044-03-15"),
            (.time, "01:02:03.040"), (.timestamp, "2026-03-29T03:30:00.500-03:30"),
            (.localTimestamp, "2026-03-29T03:30:00"), (.duration, "-P1Y2M25DT5H6M7.80S"),
            (.json, #"{"a":[1,"\u0001"]}"#),
            (.string, " päivä "),
        ])
    func idempotent(kind: ValueKind, text: String) { #expect(canonical(kind, text) == text) }

    @Test(
        "Invalid UTF-8 becomes one U+FFFD for each maximal subpart",
        arguments: [
            ([0x61, 0xff, 0x62], "a\u{fffd}b", 1),
            // The examples of the Unicode Standard, tables 3-8, 3-9, 3-10 and 3-11.
            ([0xc0, 0xaf, 0xe0, 0x80, 0xbf, 0xf0, 0x81, 0x82, 0x41], String(repeating: "\u{fffd}", count: 8) + "A", 8),
            ([0xed, 0xa0, 0x80, 0xed, 0xbf, 0xbf, 0xed, 0xaf, 0x41], String(repeating: "\u{fffd}", count: 8) + "A", 8),
            (
                [0xf4, 0x91, 0x92, 0x93, 0xff, 0x41, 0x80, 0xbf, 0x42],
                String(repeating: "\u{fffd}", count: 5) + "A\u{fffd}\u{fffd}B", 7
            ),
            (
                [0xe1, 0x80, 0xe2, 0xf0, 0x91, 0x92, 0xf1, 0xbf, 0x41],
                String(repeating: "\u{fffd}", count: 4) + "A", 4
            ),
            (Array("čáhci 🦊 ok".utf8), "čáhci 🦊 ok", 0), ([0xc3], "\u{fffd}", 1), ([], "", 0),
        ] as [([UInt8], String, Int)])
    func repair(bytes: [UInt8], text: String, replaced: Int) {
        var out: [UInt8] = []
        #expect(appendRepaired(bytes.span, into: &out) == replaced)
        #expect(out == Array(text.utf8))
        #expect(isValidUTF8(bytes.span) == (replaced == 0))
    }

    @Test("Repair agrees with the standard library on random bytes")
    func repairDifferential() {
        var random = SplitMix(seed: 1)
        let alphabet: [UInt8] = [
            0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0, 0xe1, 0xed, 0xf0, 0xf4, 0xf5, 0xff,
        ]
        for _ in 0..<3000 {
            let bytes = (0..<random.below(20)).map { _ in alphabet[random.below(alphabet.count)] }
            var out: [UInt8] = []
            let replaced = appendRepaired(bytes.span, into: &out)
            #expect(String(decoding: out, as: UTF8.self) == String(decoding: bytes, as: UTF8.self))
            #expect((String(validating: bytes, as: UTF8.self) != nil) == (replaced == 0))
        }
    }
}
