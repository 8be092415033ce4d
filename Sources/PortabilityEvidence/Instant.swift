/// A moment for comparing and for ages, of a date or an RFC 3339 time with years of four digits.
struct Instant: Comparable {
    /// Since 1970-01-01T00:00:00Z; a date is taken for its first second in UTC.
    let seconds: Int64
    /// The digits after the point.
    private let fraction: String

    init?(_ text: String) {
        let bytes = Array((EvidenceText.moment(text) ?? "").utf8)
        guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int64 { bytes[range].reduce(0) { $0 * 10 + Int64($1) - 48 } }
        let month = number(5..<7)
        // Counted in years that begin in March, so that the leap day ends the year; 719 469 days lie between the first
        // of them and 1970-01-01.
        let year = month > 2 ? number(0..<4) : number(0..<4) - 1
        let day =
            365 * year + year / 4 - year / 100 + year / 400 + (153 * ((month + 9) % 12) + 2) / 5 + number(8..<10)
            - 719_469
        guard bytes.count > 10 else {
            seconds = day * 86_400
            fraction = ""
            return
        }
        var end = bytes.count - 1
        var offset: Int64 = 0
        if bytes[end] != UInt8(ascii: "Z") {
            end = bytes.count - 6
            offset = number((end + 1)..<(end + 3)) * 60 + number((end + 4)..<(end + 6))
            if bytes[end] == UInt8(ascii: "-") { offset = -offset }
        }
        seconds = day * 86_400 + number(11..<13) * 3600 + (number(14..<16) - offset) * 60 + number(17..<19)
        fraction = String(decoding: bytes[19..<end], as: UTF8.self)
    }

    static func < (left: Instant, right: Instant) -> Bool {
        left.seconds == right.seconds ? left.fraction < right.fraction : left.seconds < right.seconds
    }
}
