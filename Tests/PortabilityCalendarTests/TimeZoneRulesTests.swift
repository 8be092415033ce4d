import Foundation
import PortabilityCalendar
import PortabilityModel
import Testing

/// Writes TZif files (RFC 9636).
struct TZif {
    var version: Character? = "2"
    var transitions: [(time: Int64, type: Int)] = []
    var offsets: [Int] = [0]
    var leapSeconds = 0
    var footer = ""

    var bytes: [UInt8] {
        guard version != nil else { return block(timeSize: 4) }
        return TZif(version: nil).block(timeSize: 4, version: version) + block(timeSize: 8, version: version) + [10]
            + Array(footer.utf8) + [10]
    }

    private func block(timeSize: Int, version: Character? = nil) -> [UInt8] {
        var out = Array("TZif".utf8) + [version?.asciiValue ?? 0] + [UInt8](repeating: 0, count: 15)
        for count in [0, 0, leapSeconds, transitions.count, offsets.count, 4] { append(Int64(count), 4, to: &out) }
        for transition in transitions { append(transition.time, timeSize, to: &out) }
        for transition in transitions { out.append(UInt8(transition.type)) }
        for offset in offsets {
            append(Int64(offset), 4, to: &out)
            out += [0, 0]
        }
        out += Array("LMT\0".utf8)
        for index in 0..<leapSeconds {
            append(Int64(78_796_800 + index), timeSize, to: &out)
            append(Int64(index + 1), 4, to: &out)
        }
        return out
    }

    private func append(_ number: Int64, _ size: Int, to out: inout [UInt8]) {
        for shift in (0..<size).reversed() { out.append(UInt8(truncatingIfNeeded: number >> Int64(shift * 8))) }
    }
}

/// Finland: local mean time until 1921, then as since 1996.
let helsinki = TZif(
    transitions: [(-1_535_938_789, 1)], offsets: [5989, 7200], footer: "EET-2EEST,M3.5.0/3,M10.5.0/4")

@Suite("Time zones")
struct TimeZoneRulesTests {
    private func offset(_ zone: TimeZoneRules, _ text: String) throws -> Int {
        guard case .instant(let instant) = try Moment(text) else { throw configurationError }
        return zone.offset(at: instant)
    }

    private func rules(_ footer: String) throws -> TimeZoneRules {
        try TimeZoneRules(named: "Test", bytes: TZif(footer: footer).bytes)
    }

    @Test("Summer time begins and ends on the last Sundays of March and October, at one o'clock UTC")
    func summerTime() throws {
        let zone = try TimeZoneRules(named: "Europe/Helsinki", bytes: helsinki.bytes)
        #expect(try offset(zone, "2026-03-29T00:59:59Z") == 7200)
        #expect(try offset(zone, "2026-03-29T01:00:00Z") == 10_800)
        #expect(try offset(zone, "2026-10-25T00:59:59Z") == 10_800)
        #expect(try offset(zone, "2026-10-25T01:00:00Z") == 7200)
        #expect(try offset(zone, "1900-01-01T00:00:00Z") == 5989)
    }

    @Test(
        "A request late in the evening of UTC arrives on the next day in Helsinki",
        arguments: [
            ("2026-01-30T21:59:59Z", "2026-01-30"), ("2026-01-30T22:00:00Z", "2026-01-31"),
            ("2026-07-30T20:59:59Z", "2026-07-30"), ("2026-07-30T21:00:00Z", "2026-07-31"),
            ("2026-12-31T23:00:00+01:00", "2027-01-01"), ("2026-03-29T00:30:00+14:00", "2026-03-28"),
        ])
    func localDates(text: String, date: String) throws {
        let zone = try TimeZoneRules(named: "Europe/Helsinki", bytes: helsinki.bytes)
        #expect(try Moment(text).date(in: zone) == day(date))
    }

    @Test("South of the equator, summer time spans the new year")
    func south() throws {
        let zone = try rules("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0")
        #expect(try offset(zone, "2026-01-01T00:00:00Z") == 39_600)
        #expect(try offset(zone, "2026-07-01T00:00:00Z") == 37_800)
        #expect(try offset(zone, "2026-12-31T23:59:59Z") == 39_600)
    }

    @Test("Footers name days in three ways, and hours before midnight and after the next")
    func footers() throws {
        // RFC 9636, section 3.3.1: a change at 22:00 on the Saturday before the last Sunday of March.
        let greenland = try rules("<-02>2<-01>,M3.5.0/-1,M10.5.0/0")
        #expect(try offset(greenland, "2026-03-29T00:59:59Z") == -7200)
        #expect(try offset(greenland, "2026-03-29T01:00:00Z") == -3600)
        // All year in summer time.
        let always = try rules("EST5EDT,0/0,J365/25")
        for text in ["2026-01-01T04:59:59Z", "2026-01-01T05:00:00Z", "2026-12-31T23:59:59Z", "2028-12-31T12:00:00Z"] {
            #expect(try offset(always, text) == -14_400)
        }
        // J60 is the first of March in every year, 59 the 29th of February in leap years.
        let julian = try rules("AAA0BBB,J60/0,J61/1")
        let ordinal = try rules("AAA0BBB,59/0,60/1")
        #expect(try offset(julian, "2028-02-29T12:00:00Z") == 0)
        #expect(try offset(julian, "2028-03-01T12:00:00Z") == 3600)
        #expect(try offset(ordinal, "2028-02-29T12:00:00Z") == 3600)
        #expect(try offset(ordinal, "2028-03-01T12:00:00Z") == 0)
        #expect(try offset(ordinal, "2026-03-01T12:00:00Z") == 3600)
        #expect(try offset(rules("<+0545>-5:45"), "2026-01-01T00:00:00Z") == 20_700)
        #expect(try offset(rules(""), "2026-01-01T00:00:00Z") == 0)
    }

    @Test("The footer holds in every cycle of 400 years, up to the ends of time")
    func farAway() throws {
        let zone = try TimeZoneRules(named: "Europe/Helsinki", bytes: helsinki.bytes)
        #expect(try offset(zone, "9999-07-01T00:00:00Z") == 10_800)
        #expect(try offset(zone, "9999-12-01T00:00:00Z") == 7200)
        #expect([7200, 10_800].contains(zone.offset(at: .max)))
        #expect(zone.offset(at: .min) == 5989)
        #expect(zone.date(at: .max) > zone.date(at: .min))
    }

    @Test("A file of version 1 has no footer: its last offset goes on")
    func versionOne() throws {
        let file = TZif(version: nil, transitions: [(0, 1), (1000, 0)], offsets: [60, 120])
        let zone = try TimeZoneRules(named: "Old", bytes: file.bytes)
        #expect([-1, 0, 999, 1000, 5000].map { zone.offset(at: $0) } == [60, 120, 120, 60, 60])
    }

    @Test(
        "Names that could leave the folder, or are none, are refused",
        arguments: [
            "", "/etc/localtime", "..", "../passwd", "Europe/../../passwd", "Europe//Helsinki", "Europe/Helsinki/",
            "./Europe/Helsinki", "Europe/Hel\0sinki", "tzdata.zi", "Europe/Helsinki\n", "Eurooppa/Töölö",
            ":Europe/Helsinki",
            String(repeating: "a", count: 65),
        ])
    func badNames(name: String) {
        #expect(throws: configurationError) { try TimeZoneRules(named: name) }
    }

    @Test("A time zone is read from the folder that is given, and one that is not there is named as such")
    func folders() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zones-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("Europe"), withIntermediateDirectories: true)
        try Data(helsinki.bytes).write(to: folder.appendingPathComponent("Europe/Helsinki"))
        try Data(repeating: 0, count: TimeZoneRules.sizeLimit + 1).write(to: folder.appendingPathComponent("Huge"))
        let zone = try TimeZoneRules(named: "Europe/Helsinki", folder: folder.path)
        #expect(zone.name == "Europe/Helsinki")
        #expect(try offset(zone, "2026-01-01T00:00:00Z") == 7200)
        #expect(throws: configurationError) { try TimeZoneRules(named: "Europe", folder: folder.path) }
        #expect(throws: configurationError) { try TimeZoneRules(named: "Europe/Tampere", folder: folder.path) }
        #expect(throws: PortabilityError(.limit, "")) { try TimeZoneRules(named: "Huge", folder: folder.path) }
    }

    @Test("A file cut off anywhere is malformed")
    func cutOff() {
        let bytes = helsinki.bytes
        for count in 0..<bytes.count {
            #expect(throws: PortabilityError(.malformed, "")) {
                try TimeZoneRules(named: "Cut", bytes: Array(bytes.prefix(count)))
            }
        }
    }

    @Test("A file with any byte changed is read or refused, and never stops the process")
    func damaged() {
        let bytes = helsinki.bytes
        var refused = 0
        for index in bytes.indices {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF, bytes[index] ^ 1] {
                var damaged = bytes
                damaged[index] = value
                do {
                    let zone = try TimeZoneRules(named: "Damaged", bytes: damaged)
                    #expect(zone.date(at: .max) > zone.date(at: .min))
                } catch {
                    #expect(error as? PortabilityError == PortabilityError(.malformed, ""))
                    refused += 1
                }
            }
        }
        #expect(refused > bytes.count)
    }

    @Test(
        "Footers that are no TZ values are malformed",
        arguments: [
            "EET", "EE-2", "EET-25", "EET-2EEST", "EET-2EEST,M3.5.0/3", "EET-2EEST,M13.5.0,M10.5.0",
            "EET-2EEST,M3.6.0,M10.5.0",
            "EET-2EEST,M3.5.7,M10.5.0", "EET-2EEST,J0,J365", "EET-2EEST,366,1", "EET-2EEST,M3.5.0/168,M10.5.0",
            "<EET-2",
            "EET-2:60", "EET-2EEST,M3.5.0,M10.5.0,", "EET-2 ", "EET-99999999999999999999",
        ])
    func badFooters(footer: String) {
        #expect(throws: PortabilityError(.malformed, "")) { try rules(footer) }
    }

    @Test("Leap seconds, unordered changes, unknown types and absurd offsets are malformed")
    func badBlocks() {
        for file in [
            TZif(leapSeconds: 1), TZif(transitions: [(5, 0), (5, 0)]), TZif(transitions: [(5, 0), (4, 0)]),
            TZif(transitions: [(5, 1)]), TZif(offsets: [93_600]), TZif(offsets: [-90_000]), TZif(offsets: []),
            TZif(version: "1"),
        ] {
            #expect(throws: PortabilityError(.malformed, "")) { try TimeZoneRules(named: "Bad", bytes: file.bytes) }
        }
    }
}
