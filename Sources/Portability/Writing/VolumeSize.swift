import PortabilityModel

/// The most bytes that one volume of an archive may have.
///
/// ```swift
/// options.volumeSize = try VolumeSize("1GB")
/// ```
public struct VolumeSize: Sendable, Hashable, CustomStringConvertible {
    /// The smallest: texts and schemas of an archive, which are in every volume, take tens to hundreds of kilobytes.
    public static let smallest: Int64 = 256_000

    /// In bytes.
    public let bytes: Int64

    /// - Throws: `configuration` for less than ``smallest``.
    public init(bytes: Int64) throws {
        guard bytes >= Self.smallest else {
            throw PortabilityError(
                .configuration, "a volume cannot be so small", remedy: "Give at least 256kB",
                at: .init(field: "volume-size"))
        }
        self.bytes = bytes
    }

    /// Reads a number with a unit: `kB`, `MB`, `GB`, `TB` (powers of 1000, SI) or `KiB`, `MiB`, `GiB`, `TiB` (powers of
    /// 1024, IEC 80000-13), such as `700MB` or `1.5 GiB`.
    ///
    /// - Throws: `configuration` for anything else, and for less than ``smallest``.
    public init(_ text: String) throws {
        let units: [(String, Int64)] = [
            ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("kB", 1000), ("MB", 1_000_000),
            ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ]
        guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }),
            let bytes = Self.bytes(text.dropLast(unit.utf8.count), factor)
        else {
            throw PortabilityError(
                .configuration, "this is no size of a volume",
                remedy: "Write a number and a unit: kB, MB, GB, TB, KiB, MiB, GiB or TiB, such as 700MB",
                at: .init(field: "volume-size"))
        }
        try self.init(bytes: bytes)
    }

    /// A decimal number times the unit, rounded down; nil for no number and for more than there are bytes.
    private static func bytes(_ number: Substring, _ factor: Int64) -> Int64? {
        var number = number
        if number.last == " " { number.removeLast() }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        let isNumber = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) }
        }
        guard isNumber, (1...2).contains(parts.count), let whole = Int64(parts[0]) else { return nil }
        var (bytes, overflows) = whole.multipliedReportingOverflow(by: factor)
        var place = factor
        for digit in parts.count == 2 ? Array(parts[1].utf8) : [] where place > 0 {
            bytes = bytes.addingReportingOverflow(Int64(digit - 48) * place / 10).partialValue
            place /= 10
        }
        overflows = overflows || bytes < 0
        return overflows ? nil : bytes
    }

    public var description: String { "\(bytes) bytes" }
}
