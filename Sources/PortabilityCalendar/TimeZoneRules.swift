import Glibc
import PortabilityModel

/// The rules of one time zone of the IANA database, read from its compiled file (TZif, RFC 9636).
///
/// Read here instead of by `localtime`, which knows one time zone for the whole process, and takes it from the
/// environment of whoever started it.
public struct TimeZoneRules: Sendable {
    /// Where systems keep the compiled files.
    public static let systemFolder = "/usr/share/zoneinfo"
    /// Larger files are refused; the largest of the database has less than 4 KiB.
    public static let sizeLimit = 1 << 18

    /// As it was asked for, `Europe/Helsinki`.
    public let name: String

    /// Seconds since 1970-01-01T00:00:00Z, ascending, at which ``offsets`` begin to hold.
    private let transitions: [Int64]
    /// Seconds east of UTC, one for each transition.
    private let offsets: [Int]
    /// Before the first transition.
    private let firstOffset: Int
    /// After the last transition.
    private let footer: PosixRule?

    /// Reads a time zone by its name.
    ///
    /// - Throws: `configuration` if there is no such time zone or its name is none, `malformed` and `limit` for a file
    ///   that is no TZif file, `denied` and `unavailable` if it cannot be read.
    public init(named name: String, folder: String = TimeZoneRules.systemFolder) throws {
        guard Self.isName(name) else {
            throw PortabilityError(
                .configuration, "this is not the name of a time zone", remedy: Self.remedy,
                at: .init(field: "time_zone"))
        }
        try self.init(named: name, bytes: Self.read("\(folder)/\(name)"))
    }

    /// Reads the bytes of a compiled file.
    ///
    /// - Throws: `malformed` if they are none.
    public init(named name: String, bytes: [UInt8]) throws {
        var reader = TZifReader(bytes: bytes)
        guard bytes.count <= Self.sizeLimit, let block = reader.read() else {
            throw PortabilityError(
                .malformed, "the file of the time zone is damaged, or is no TZif file",
                remedy: "Install the system's time zone data again (tzdata)", at: .init(field: "time_zone"))
        }
        self.name = name
        transitions = block.transitions
        offsets = block.offsets
        firstOffset = block.firstOffset
        footer = block.footer
    }

    /// Seconds east of UTC at an instant (seconds since 1970-01-01T00:00:00Z).
    public func offset(at instant: Int64) -> Int {
        if let footer, transitions.last.map({ instant >= $0 }) ?? true { return footer.offset(at: instant) }
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? firstOffset : offsets[low - 1]
    }

    /// The day that it is at an instant.
    public func date(at instant: Int64) -> CivilDate {
        let day = Int(instant).flooredQuotient(86_400)
        let local = Int(instant).flooredRemainder(86_400) + offset(at: instant)
        return CivilDate(daysSince1970: Int64(day + local.flooredQuotient(86_400)))
    }

    private static let remedy =
        "Use a name of the IANA time zone database, as Europe/Helsinki; the system's time zone data (tzdata) must be "
        + "installed"

    /// Letters, digits, `_`, `+` and `-` between single slashes: no name of the database has a point, and so none can
    /// climb out of the folder.
    private static func isName(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return name.utf8.count <= 64
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy {
                        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == UInt8(ascii: "_")
                            || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
                    }
            }
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let place = PortabilityError.Place(file: path, field: "time_zone")
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        let failure = errno
        guard descriptor >= 0 else {
            if failure == EACCES || failure == EPERM {
                throw PortabilityError(
                    .denied, "the file of the time zone cannot be opened: no permission",
                    remedy: "Give this user the right to read it", at: place, errno: failure)
            }
            throw PortabilityError(
                .configuration, "there is no such time zone", remedy: remedy, at: place, errno: failure)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw PortabilityError(.configuration, "there is no such time zone", remedy: remedy, at: place)
        }
        var bytes = [UInt8](repeating: 0, count: sizeLimit + 1)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw PortabilityError(
                    .unavailable, "the file of the time zone cannot be read", at: place, errno: errno)
            }
            if count == 0 { break }
            filled += count
        }
        guard filled <= sizeLimit else {
            throw PortabilityError(
                .limit, "the file of the time zone is larger than \(sizeLimit) bytes",
                remedy: "Install the system's time zone data again (tzdata)", at: place)
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }
}

/// The data block of a TZif file that counts: the second one, with 64-bit times, or the only one of version 1.
private struct TZifReader {
    struct Block {
        var transitions: [Int64] = []
        var offsets: [Int] = []
        var firstOffset = 0
        var footer: PosixRule?
    }

    private struct Header {
        var version: UInt8
        var isUTCount, isStandardCount, leapCount, timeCount, typeCount, characterCount: Int

        func size(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4)
                + isStandardCount + isUTCount
        }
    }

    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Nil if anything is not as RFC 9636 has it.
    mutating func read() -> Block? {
        guard let first = header() else { return nil }
        guard first.version >= UInt8(ascii: "2") else {
            return first.version == 0 ? block(first, timeSize: 4) : nil
        }
        position += first.size(timeSize: 4)
        guard let second = header(), second.version == first.version, var block = block(second, timeSize: 8),
            let text = footer()
        else { return nil }
        if !text.isEmpty {
            guard let rule = PosixRule(text) else { return nil }
            block.footer = rule
        }
        return block
    }

    /// Section 3.1.
    private mutating func header() -> Header? {
        guard position >= 0, bytes.count - position >= 44,
            bytes[position..<position + 4].elementsEqual("TZif".utf8)
        else { return nil }
        let version = bytes[position + 4]
        let counts = (0..<6).map { Int(integer(position + 20 + $0 * 4, size: 4) & 0xFFFF_FFFF) }
        let header = Header(
            version: version, isUTCount: counts[0], isStandardCount: counts[1], leapCount: counts[2],
            timeCount: counts[3], typeCount: counts[4], characterCount: counts[5])
        position += 44
        // Each count is below 2^32, so that no sum of them can overflow; none can be more than the file has bytes.
        guard header.size(timeSize: 4) <= bytes.count - position else { return nil }
        return header
    }

    /// Section 3.2. Leap seconds are refused: only the `right/` files have them, whose seconds are not ours.
    private mutating func block(_ header: Header, timeSize: Int) -> Block? {
        guard header.size(timeSize: timeSize) <= bytes.count - position, header.leapCount == 0,
            header.typeCount >= 1, header.typeCount <= 256, header.characterCount >= 1,
            header.isUTCount == 0 || header.isUTCount == header.typeCount,
            header.isStandardCount == 0 || header.isStandardCount == header.typeCount
        else { return nil }
        let indices = position + header.timeCount * timeSize
        let types = indices + header.timeCount
        var typeOffsets: [Int] = []
        for type in 0..<header.typeCount {
            let offset = Int(integer(types + type * 6, size: 4))
            let isDST = bytes[types + type * 6 + 4]
            let designation = Int(bytes[types + type * 6 + 5])
            // The RFC asks for more than -25 and less than 26 hours, and so do readers.
            guard offset > -90_000, offset < 93_600, isDST <= 1, designation < header.characterCount else { return nil }
            typeOffsets.append(offset)
        }
        var block = Block()
        for index in 0..<header.timeCount {
            let time = integer(position + index * timeSize, size: timeSize)
            let type = Int(bytes[indices + index])
            guard block.transitions.last.map({ $0 < time }) ?? true, type < typeOffsets.count else { return nil }
            block.transitions.append(time)
            block.offsets.append(typeOffsets[type])
        }
        block.firstOffset = typeOffsets[0]
        position += header.size(timeSize: timeSize)
        return block
    }

    /// Section 3.3: the text between two line feeds.
    private mutating func footer() -> ArraySlice<UInt8>? {
        guard position < bytes.count, bytes[position] == 10,
            let end = bytes[(position + 1)...].firstIndex(of: 10), end - position <= 128
        else { return nil }
        return bytes[position + 1..<end]
    }

    /// A signed number, most significant byte first.
    private func integer(_ start: Int, size: Int) -> Int64 {
        var value = bytes[start] >= 0x80 ? Int64(-1) : 0
        for byte in bytes[start..<start + size] { value = value << 8 | Int64(byte) }
        return value
    }
}

/// The footer of a TZif file: a `TZ` value of POSIX, with the hours from -167 to 167 that RFC 9636, section 3.3.1, adds.
private struct PosixRule {
    /// The day of a change, with the seconds after its midnight.
    struct Change {
        enum Day {
            /// `Jn`: 1 to 365; 29 February is never counted.
            case julian(Int)
            /// `n`: 0 to 365.
            case ordinal(Int)
            /// `Mm.w.d`: the weekday (Sunday is 0) in the w-th week of the month; the 5th is the last.
            case weekday(month: Int, week: Int, day: Int)
        }
        var day: Day
        var seconds: Int

        /// Seconds since 1970-01-01T00:00:00 by the clock on the wall.
        func local(in year: Int) -> Int {
            let newYear = CivilDate(unchecked: (year, 1, 1))
            let date: CivilDate
            switch day {
            case .julian(let number):
                let isAfterLeapDay = number >= 60 && CivilDate.length(ofMonth: 2, in: year) == 29
                date = newYear.adding(days: number - 1 + (isAfterLeapDay ? 1 : 0))
            case .ordinal(let number): date = newYear.adding(days: number)
            case .weekday(let month, let week, let day):
                let first = CivilDate(unchecked: (year, month, 1))
                let shift = (day - first.weekday.rawValue + 14) % 7 + (week - 1) * 7
                let isBeyond = shift >= CivilDate.length(ofMonth: month, in: year)
                date = first.adding(days: isBeyond ? shift - 7 : shift)
            }
            return Int(date.daysSince1970) * 86_400 + seconds
        }
    }

    let standardOffset: Int
    let daylight: (offset: Int, start: Change, end: Change)?

    init?(_ text: ArraySlice<UInt8>) {
        var cursor = Cursor(rest: text)
        guard cursor.takeName(), let west = cursor.takeTime(hours: 24) else { return nil }
        standardOffset = -west
        guard !cursor.rest.isEmpty else {
            daylight = nil
            return
        }
        guard cursor.takeName() else { return nil }
        var offset = standardOffset + 3600
        if cursor.rest.first != UInt8(ascii: ",") {
            guard let west = cursor.takeTime(hours: 24) else { return nil }
            offset = -west
        }
        guard let start = cursor.takeChange(), let end = cursor.takeChange(), cursor.rest.isEmpty else { return nil }
        daylight = (offset, start, end)
    }

    func offset(at instant: Int64) -> Int {
        guard let daylight else { return standardOffset }
        // Days and weekdays repeat after 400 years; so no instant is too far away for the arithmetic.
        let instant = Int(instant).flooredRemainder(146_097 * 86_400)
        let year = CivilDate(daysSince1970: Int64(instant.flooredQuotient(86_400))).year
        // The last change before the instant decides. Looked for in three years, because a change may be written as
        // hours before or after its day. Where daylight time ends and begins at once, it goes on.
        var latest = (time: Int.min, offset: standardOffset)
        for year in year - 1...year + 1 {
            let end = daylight.end.local(in: year) - daylight.offset
            if end <= instant, end > latest.time { latest = (end, standardOffset) }
            let start = daylight.start.local(in: year) - standardOffset
            if start <= instant, start >= latest.time { latest = (start, daylight.offset) }
        }
        return latest.offset
    }

    private struct Cursor {
        var rest: ArraySlice<UInt8>

        mutating func take(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest.removeFirst()
            return true
        }

        /// At least three letters, or letters, digits and signs between angle brackets.
        mutating func takeName() -> Bool {
            let isQuoted = take(UInt8(ascii: "<"))
            let name = rest.prefix { byte in
                (0x61...0x7A).contains(byte | 0x20)
                    || isQuoted
                        && ((0x30...0x39).contains(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"))
            }
            rest = rest[name.endIndex...]
            return name.count >= 3 && (!isQuoted || take(UInt8(ascii: ">")))
        }

        mutating func takeNumber(_ range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix(3).prefix { (0x30...0x39).contains($0) }
            guard let number = digits.number(digits.indices), range.contains(number) else { return nil }
            rest = rest[digits.endIndex...]
            return number
        }

        /// `[+-]h[h[h]][:mm[:ss]]` in seconds.
        mutating func takeTime(hours limit: Int) -> Int? {
            let isNegative = take(UInt8(ascii: "-"))
            if !isNegative { _ = take(UInt8(ascii: "+")) }
            guard let hours = takeNumber(0...limit) else { return nil }
            var seconds = hours * 3600
            if take(UInt8(ascii: ":")) {
                guard let minutes = takeNumber(0...59) else { return nil }
                seconds += minutes * 60
                if take(UInt8(ascii: ":")) {
                    guard let extra = takeNumber(0...59) else { return nil }
                    seconds += extra
                }
            }
            return isNegative ? -seconds : seconds
        }

        /// `,date[/time]`.
        mutating func takeChange() -> Change? {
            guard take(UInt8(ascii: ",")) else { return nil }
            let day: Change.Day
            if take(UInt8(ascii: "M")) {
                guard let month = takeNumber(1...12), take(UInt8(ascii: ".")), let week = takeNumber(1...5),
                    take(UInt8(ascii: ".")), let weekday = takeNumber(0...6)
                else { return nil }
                day = .weekday(month: month, week: week, day: weekday)
            } else if take(UInt8(ascii: "J")) {
                guard let number = takeNumber(1...365) else { return nil }
                day = .julian(number)
            } else {
                guard let number = takeNumber(0...365) else { return nil }
                day = .ordinal(number)
            }
            guard take(UInt8(ascii: "/")) else { return Change(day: day, seconds: 7200) }
            return takeTime(hours: 167).map { Change(day: day, seconds: $0) }
        }
    }
}
