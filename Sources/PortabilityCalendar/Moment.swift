import PortabilityModel

/// When something happened, as people write it down: a day, or a point in time.
public enum Moment: Hashable, Sendable {
    /// A day in the controller's time zone.
    case date(CivilDate)
    /// Seconds since 1970-01-01T00:00:00Z, without leap seconds; fractions of a second are dropped.
    case instant(Int64)

    /// Reads `YYYY-MM-DD`, or an RFC 3339 time with its offset (`2026-11-02T09:14:00+02:00`). The offset may lack its
    /// colon or its minutes, as ISO 8601 allows; a time without offset is refused, because it names no instant.
    ///
    /// - Throws: `configuration`; the text does not stand in the error.
    public init(_ text: String) throws {
        let bytes = Array(text.utf8.prefix(65))
        if let date = CivilDate(bytes[...]) {
            self = .date(date)
        } else if bytes.count <= 64, let seconds = Self.instant(bytes) {
            self = .instant(seconds)
        } else {
            throw PortabilityError(
                .configuration, "this is neither a date nor a time with its offset",
                remedy: "Write 2026-11-02 or 2026-11-02T09:14:00+02:00")
        }
    }

    /// The day on which it happened at the place of a time zone.
    ///
    /// - Throws: `configuration` for an instant if there is no time zone.
    public func date(in timeZone: TimeZoneRules?) throws -> CivilDate {
        switch self {
        case .date(let date): return date
        case .instant(let seconds):
            guard let timeZone else {
                throw PortabilityError(
                    .configuration, "a time of day is given, and no time zone that says on which day it was",
                    remedy: "Name the controller's time zone, as Europe/Helsinki, or write the date alone")
            }
            return timeZone.date(at: seconds)
        }
    }

    private static func instant(_ bytes: [UInt8]) -> Int64? {
        guard bytes.count >= 20, let date = CivilDate(bytes[..<10]), [0x54, 0x74, 0x20].contains(bytes[10]),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = bytes[...].number(11..<13), let minute = bytes[...].number(14..<16),
            let second = bytes[...].number(17..<19), hour < 24, minute < 60, second <= 60
        else { return nil }
        var rest = bytes[19...]
        if let mark = rest.first, mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",") {
            let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !fraction.isEmpty else { return nil }
            rest = rest[fraction.endIndex...]
        }
        guard let offset = offset(rest) else { return nil }
        let minutes = Int(date.daysSince1970) * 1440 + hour * 60 + minute - offset
        // A leap second ends a day of UTC (RFC 3339, section 5.7); it counts as the second before.
        guard second < 60 || minutes.flooredRemainder(1440) == 1439 else { return nil }
        return Int64(minutes * 60 + min(second, 59))
    }

    /// Minutes east of UTC: `Z`, `+02:00`, `+0200`, `+02`.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        let start = bytes.startIndex
        if bytes.count == 1, bytes[start] | 0x20 == UInt8(ascii: "z") { return 0 }
        let place: Int
        switch bytes.count {
        case 3: place = start + 3
        case 5: place = start + 3
        case 6 where bytes[start + 3] == UInt8(ascii: ":"): place = start + 4
        default: return nil
        }
        let minutes = bytes.count == 3 ? 0 : bytes.number(place..<place + 2)
        guard let hours = bytes.number(start + 1..<start + 3), let minutes, hours < 24, minutes < 60 else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }
}
