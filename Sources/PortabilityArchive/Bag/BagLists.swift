/// The versions of BagIt that are read, oldest first; their texts differ in what they demand.
enum BagVersion: String, CaseIterable, Comparable, Sendable {
    case v0_93 = "0.93"
    case v0_94 = "0.94"
    case v0_95 = "0.95"
    case v0_96 = "0.96"
    case v0_97 = "0.97"
    case v1_0 = "1.0"

    static func < (left: BagVersion, right: BagVersion) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}

/// A path as a manifest or `fetch.txt` spells it.
struct ListedPath {
    let path: String
    /// How its spelling differs from the standard's, nil if it does not.
    let oddity: String?

    /// Why a path cannot be used.
    struct Problem: Error {
        let message: String
        /// True if the path could lead elsewhere.
        var isDangerous = false
    }

    /// - Parameter text: percent-encoded, a `*` of md5sum and a leading `./` included.
    init(_ text: ArraySlice<UInt8>, version: BagVersion) throws(Problem) {
        var rest = text
        var oddity: String?
        if rest.first == UInt8(ascii: "*") {
            rest = rest.dropFirst()
            oddity = "has a * before it, as md5sum writes for binary files"
        }
        while rest.starts(with: "./".utf8) {
            rest = rest.dropFirst(2)
            oddity = "begins with ./"
        }
        guard let path = String(validating: Self.percentDecoded(rest, version), as: UTF8.self) else {
            throw Problem(message: "the path is not UTF-8")
        }
        guard !path.isEmpty else { throw Problem(message: "there is no path") }
        if let reason = Self.danger(in: path) { throw Problem(message: reason, isDangerous: true) }
        self.path = path
        self.oddity = oddity
    }

    /// Why a path could lead out of the bag, on whatever system; nil if it cannot.
    private static func danger(in path: String) -> String? {
        if path.utf8.first == UInt8(ascii: "/") { return "the path is absolute" }
        if path.utf8.first == UInt8(ascii: "~") { return "the path begins with ~, which shells replace" }
        if path.utf8.contains(UInt8(ascii: "\\")) { return "the path has a backslash" }
        if path.utf8.contains(0) { return "the path has a NUL" }
        let start = Array(path.utf8.prefix(2))
        if start.count == 2, start[1] == UInt8(ascii: ":"), (start[0] | 0x20) >= 97, (start[0] | 0x20) <= 122 {
            return "the path begins with a drive letter"
        }
        for part in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if part.elementsEqual("..".utf8) { return "the path leads out of the bag" }
            if part.isEmpty || part.elementsEqual(".".utf8) { return "the path has a part that is empty or a dot" }
        }
        return nil
    }

    /// RFC 8493 encodes line feed, carriage return and the percent sign, and nothing else; versions before 1.0 left
    /// the percent sign alone.
    private static func percentDecoded(_ path: ArraySlice<UInt8>, _ version: BagVersion) -> [UInt8] {
        guard path.contains(UInt8(ascii: "%")) else { return Array(path) }
        var decoded: [UInt8] = []
        var index = path.startIndex
        while index < path.endIndex {
            if path[index] == UInt8(ascii: "%"), path.endIndex - index >= 3 {
                let plain: UInt8? =
                    switch (path[index + 1], path[index + 2] | 0x20) {
                    case (UInt8(ascii: "0"), UInt8(ascii: "a")): 0x0A
                    case (UInt8(ascii: "0"), UInt8(ascii: "d")): 0x0D
                    case (UInt8(ascii: "2"), UInt8(ascii: "5")): version >= .v1_0 ? 0x25 : nil
                    default: nil
                    }
                if let plain {
                    decoded.append(plain)
                    index += 3
                    continue
                }
            }
            decoded.append(path[index])
            index += 1
        }
        return decoded
    }
}

/// A line `digest, white space, path` of a manifest (RFC 8493, 2.1.3).
struct ManifestLine {
    let digest: [UInt8]
    let path: ListedPath

    /// - Parameter length: of a digest in bytes, nil if the algorithm is not known.
    init(_ line: ArraySlice<UInt8>, length: Int?, version: BagVersion) throws(ListedPath.Problem) {
        let digits = line.prefix { !isLinearSpace($0) }
        let rest = line.dropFirst(digits.count).drop(while: isLinearSpace)
        guard let digest = bytes(hexadecimal: digits), !digest.isEmpty, digest.count == length ?? digest.count else {
            throw ListedPath.Problem(message: "it does not begin with a digest of the manifest's algorithm")
        }
        self.digest = digest
        path = try ListedPath(rest, version: version)
    }
}

/// A line `URL length path` of `fetch.txt` (RFC 8493, 2.2.3).
struct FetchLine {
    let address: String
    /// The stated number of bytes, nil for `-`.
    let length: Int64?
    let path: ListedPath

    init(_ line: ArraySlice<UInt8>, version: BagVersion) throws(ListedPath.Problem) {
        let address = line.prefix { !isLinearSpace($0) }
        var rest = line.dropFirst(address.count).drop(while: isLinearSpace)
        let length = rest.prefix { !isLinearSpace($0) }
        rest = rest.dropFirst(length.count).drop(while: isLinearSpace)
        let scheme = address.prefix { $0 != UInt8(ascii: ":") }
        guard scheme.count < address.count, !scheme.isEmpty, scheme.allSatisfy(Self.isSchemeByte) else {
            throw ListedPath.Problem(message: "it does not begin with a URL")
        }
        self.address = String(decoding: address, as: UTF8.self)
        if length.elementsEqual("-".utf8) {
            self.length = nil
        } else {
            let isNumber = length.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard isNumber, let number = Int64(String(decoding: length, as: UTF8.self)) else {
                throw ListedPath.Problem(message: "its length is neither a number nor a hyphen")
            }
            self.length = number
        }
        path = try ListedPath(rest, version: version)
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

/// The bytes that hexadecimal digits stand for; nil if they are none.
private func bytes(hexadecimal text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    var high: UInt8?
    for character in text {
        let digit: UInt8
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
        default: return nil
        }
        if let first = high {
            bytes.append(first << 4 | digit)
            high = nil
        } else {
            high = digit
        }
    }
    return bytes
}
