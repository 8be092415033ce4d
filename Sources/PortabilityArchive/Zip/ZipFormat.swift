/// From which values on an archive uses ZIP64.
///
/// The defaults are those of the format (APPNOTE.TXT 4.4.1.4): the largest value of each field means "see ZIP64".
/// Smaller ones let a test cross them with little data; such an archive is as valid.
public struct ZipLimits: Hashable, Sendable {
    /// Plain or packed sizes of an entry, in bytes.
    public var size: Int64
    /// Offsets of an entry or of the directory, and the directory's size, in bytes.
    public var offset: Int64
    /// The number of entries.
    public var entries: Int

    /// Limits; by default those of the format.
    public init(size: Int64 = 0xFFFF_FFFF, offset: Int64 = 0xFFFF_FFFF, entries: Int = 0xFFFF) {
        self.size = size
        self.offset = offset
        self.entries = entries
    }
}

/// A point in time as zip headers have it: two seconds fine, from 1980 to 2107 (APPNOTE.TXT 4.4.6).
public struct ZipTime: Hashable, Sendable {
    let time: UInt16
    let date: UInt16

    /// 1980-01-01 00:00, the earliest there is: for archives that are to be equal byte by byte.
    public static let epoch = ZipTime(time: 0, date: 1 << 5 | 1)

    init(time: UInt16, date: UInt16) {
        self.time = time
        self.date = date
    }

    /// The UTC time of seconds since 1970, rounded down to an even second and moved into the range of the format.
    public init(unixSeconds: Int64) {
        let earliest: Int64 = 315_532_800
        let latest: Int64 = 4_354_819_198
        let seconds = min(max(unixSeconds, earliest), latest)
        let days = seconds / 86400
        let second = seconds % 86400
        // Days to civil date, proleptic Gregorian: eras of 400 years that begin on 1 March.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        date = UInt16((year - 1980) << 9 | month << 5 | day)
        time = UInt16((second / 3600) << 11 | (second / 60 % 60) << 5 | second % 60 / 2)
    }
}

/// The headers of a zip archive in their one canonical spelling (APPNOTE.TXT 6.3.10): what ``ZipWriter`` writes, and
/// what ``ZipReader`` compares with.
enum ZipFormat {
    static let localSignature: UInt32 = 0x0403_4B50
    static let centralSignature: UInt32 = 0x0201_4B50
    static let endSignature: UInt32 = 0x0605_4B50
    static let zip64EndSignature: UInt32 = 0x0606_4B50
    static let zip64LocatorSignature: UInt32 = 0x0706_4B50
    static let descriptorSignature: UInt32 = 0x0807_4B50

    static let localSize = 30
    static let centralSize = 46
    static let endSize = 22
    static let zip64EndSize = 56
    static let zip64LocatorSize = 20
    static let zip64Extra: UInt16 = 0x0001

    private static let unix: UInt16 = 3 << 8
    /// A regular file, `rw-r--r--`.
    private static let attributes: UInt32 = 0o100644 << 16

    /// What the headers say of an entry.
    struct Entry {
        var name: [UInt8]
        var method: UInt16
        var time: ZipTime
        var crc32: UInt32
        var size: Int64
        var compressedSize: Int64
        var offset: Int64
    }

    static func localHeader(_ entry: Entry, limits: ZipLimits) -> [UInt8] {
        let isLarge = max(entry.size, entry.compressedSize) >= limits.size
        var bytes: [UInt8] = []
        bytes.reserveCapacity(localSize + entry.name.count + 20)
        bytes.put(localSignature)
        putCommon(entry, isLarge: isLarge, version: isLarge ? 45 : 20, into: &bytes)
        bytes.put(UInt16(entry.name.count))
        bytes.put(UInt16(isLarge ? 20 : 0))
        bytes += entry.name
        if isLarge {
            bytes.put(zip64Extra)
            bytes.put(16 as UInt16)
            bytes.put(UInt64(entry.size))
            bytes.put(UInt64(entry.compressedSize))
        }
        return bytes
    }

    static func centralHeader(_ entry: Entry, limits: ZipLimits) -> [UInt8] {
        let isLarge = max(entry.size, entry.compressedSize) >= limits.size
        let isFar = entry.offset >= limits.offset
        let version: UInt16 = isLarge || isFar ? 45 : 20
        let extraSize: UInt16 = (isLarge ? 16 : 0) + (isFar ? 8 : 0)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(centralSize + entry.name.count + 28)
        bytes.put(centralSignature)
        bytes.put(unix | version)
        putCommon(entry, isLarge: isLarge, version: version, into: &bytes)
        bytes.put(UInt16(entry.name.count))
        bytes.put(extraSize == 0 ? 0 : extraSize + 4)
        bytes.put(0 as UInt16)  // comment
        bytes.put(0 as UInt16)  // disk
        bytes.put(0 as UInt16)  // internal attributes
        bytes.put(attributes)
        bytes.put(isFar ? UInt32.max : UInt32(entry.offset))
        bytes += entry.name
        if extraSize > 0 {
            bytes.put(zip64Extra)
            bytes.put(extraSize)
            if isLarge {
                bytes.put(UInt64(entry.size))
                bytes.put(UInt64(entry.compressedSize))
            }
            if isFar { bytes.put(UInt64(entry.offset)) }
        }
        return bytes
    }

    /// The records after the directory, with the label of the seal; its digits follow.
    static func end(entries: Int, directoryOffset: Int64, directorySize: Int64, limits: ZipLimits) -> [UInt8] {
        let areMany = entries >= limits.entries
        let isFar = directoryOffset >= limits.offset
        let isLong = directorySize >= limits.offset
        var bytes: [UInt8] = []
        if areMany || isFar || isLong {
            bytes.put(zip64EndSignature)
            bytes.put(UInt64(zip64EndSize - 12))
            bytes.put(unix | 45)
            bytes.put(45 as UInt16)
            bytes.put(0 as UInt32)  // this disk
            bytes.put(0 as UInt32)  // disk of the directory
            bytes.put(UInt64(entries))
            bytes.put(UInt64(entries))
            bytes.put(UInt64(directorySize))
            bytes.put(UInt64(directoryOffset))
            bytes.put(zip64LocatorSignature)
            bytes.put(0 as UInt32)  // disk of the record
            bytes.put(UInt64(directoryOffset + directorySize))
            bytes.put(1 as UInt32)  // disks
        }
        bytes.put(endSignature)
        bytes.put(0 as UInt16)  // this disk
        bytes.put(0 as UInt16)  // disk of the directory
        bytes.put(areMany ? UInt16.max : UInt16(entries))
        bytes.put(areMany ? UInt16.max : UInt16(entries))
        bytes.put(isLong ? UInt32.max : UInt32(directorySize))
        bytes.put(isFar ? UInt32.max : UInt32(directoryOffset))
        bytes.put(UInt16(ZipSeal.size))
        bytes += ZipSeal.label
        return bytes
    }

    private static func putCommon(_ entry: Entry, isLarge: Bool, version: UInt16, into bytes: inout [UInt8]) {
        bytes.put(version)
        bytes.put(0 as UInt16)  // flags
        bytes.put(entry.method)
        bytes.put(entry.time.time)
        bytes.put(entry.time.date)
        bytes.put(entry.crc32)
        bytes.put(isLarge ? UInt32.max : UInt32(entry.compressedSize))
        bytes.put(isLarge ? UInt32.max : UInt32(entry.size))
    }
}

/// The last bytes of an archive of ours, its comment: `sha256:` and 64 lowercase hexadecimal digits, the SHA-256 of all
/// bytes of the file before those digits.
///
/// So `head -c -64 FILE | sha256sum` gives what `tail -c 64 FILE` says, on any machine, and a change of any bit is
/// seen, also of one that no decoder looks at. Who writes an archive anew can seal it anew: the seal tells damage, it
/// proves nothing about who wrote.
enum ZipSeal {
    static let label = Array("sha256:".utf8)
    static let digitCount = 64
    static let size = label.count + digitCount

    /// True for a comment that has the form of a seal.
    static func isSeal(_ comment: some Collection<UInt8>) -> Bool {
        comment.count == size && comment.starts(with: label)
            && comment.dropFirst(label.count).allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}

extension [UInt8] {
    /// Appends an integer, least significant byte first.
    mutating func put(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// The integer at `offset`, least significant byte first.
    func integer<Value: FixedWidthInteger & UnsignedInteger>(at offset: Int, as: Value.Type = Value.self) -> Value {
        precondition(offset >= 0 && offset <= count - MemoryLayout<Value>.size)
        return Value(littleEndian: withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Value.self) })
    }
}
