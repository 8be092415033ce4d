public import PortabilityModel

/// Checks an archive as a bag (BagIt 1.0, RFC 8493), with nothing in it that is not accounted for.
///
/// Stricter than the standard where the standard leaves a door open: every tag file must be listed too (all but the tag
/// manifest and its signature), and `Payload-Oxum` must be there. Each entry is read once.
public struct BagVerifier {
    /// The signature of the tag manifest, which no manifest can list.
    public static let signatureName = "tagmanifest-sha256.txt.sig"

    /// What was found.
    public struct Report: Sendable {
        /// What is wrong with the content or makes it unsafe to unpack. Empty for an intact archive.
        public var findings: [VerificationFinding]
        /// What differs from the bytes this project would have written, while the content may be intact. Not empty
        /// for a bag that was packed again.
        public var containerFindings: [VerificationFinding]
        /// The digests of the files that could be read, by name.
        public var digests: [String: [UInt8]]
        /// The fields of `bag-info.txt`, in order.
        public var information: [(label: String, value: String)]
        /// The plain bytes of all payload files.
        public var payloadBytes: Int64
        /// The number of payload files.
        public var payloadFiles: Int
    }

    private let reader: ZipReader
    private let digest: DigestFactory

    /// Makes a verifier.
    ///
    /// - Parameters:
    ///   - reader: the archive.
    ///   - digest: makes a SHA-256.
    public init(reader: ZipReader, digest: @escaping DigestFactory) {
        self.reader = reader
        self.digest = digest
    }

    /// Opens an archive and checks everything: structure, content, bag, container.
    ///
    /// - Parameter visit: is handed the content of every entry as it is read, before it is known to be right.
    /// - Throws: ``PortabilityError`` with code `unavailable` or `denied` if the file cannot be opened, or what `visit`
    ///   throws.
    public static func verify(
        path: String, limits: ReadLimits = ReadLimits(), digest: @escaping DigestFactory,
        visit: (ZipReader.Entry, Span<UInt8>) throws -> Void = { _, _ in }
    ) throws -> Report {
        let (reader, findings) = try ZipReader.inspect(path: path, limits: limits)
        guard let reader else {
            return Report(
                findings: findings, containerFindings: [], digests: [:], information: [], payloadBytes: 0,
                payloadFiles: 0)
        }
        var report = try BagVerifier(reader: reader, digest: digest).verify(visit: visit)
        report.findings = findings + report.findings
        return report
    }

    /// Reads all entries and checks the bag and the container.
    ///
    /// - Parameter visit: is handed the content of every entry as it is read, before it is known to be right.
    /// - Throws: what `visit` throws.
    public func verify(visit: (ZipReader.Entry, Span<UInt8>) throws -> Void = { _, _ in }) throws -> Report {
        var check = Check(limits: reader.limits)
        for entry in reader.entries where !entry.isFolder {
            try check.read(entry, of: reader, digest: digest, visit: visit)
        }
        check.checkDeclaration()
        let information = check.readInformation()
        check.checkManifests()
        let container = reader.containerFindings(digest: digest)
        return Report(
            findings: check.findings, containerFindings: container, digests: check.digests, information: information,
            payloadBytes: check.payloadBytes, payloadFiles: check.payloadFiles)
    }
}

/// The state of one verification.
private struct Check {
    static let declarationName = "bagit.txt"
    static let informationName = "bag-info.txt"
    static let manifestName = "manifest-sha256.txt"
    static let tagManifestName = "tagmanifest-sha256.txt"

    let limits: ReadLimits
    var findings: [VerificationFinding] = []
    var digests: [String: [UInt8]] = [:]
    var payloadBytes: Int64 = 0
    var payloadFiles = 0
    /// All files, also those that could not be read, in the archive's order.
    private var names: [String] = []
    private var tagFiles: [String: [UInt8]] = [:]

    init(limits: ReadLimits) { self.limits = limits }

    private mutating func report(_ finding: VerificationFinding) {
        if findings.count < limits.findings {
            findings.append(finding)
        } else if findings.count == limits.findings {
            findings.append(VerificationFinding(.limit, "there are more findings, which are not listed"))
        }
    }

    mutating func read(
        _ entry: ZipReader.Entry, of reader: ZipReader, digest: DigestFactory,
        visit: (ZipReader.Entry, Span<UInt8>) throws -> Void
    ) throws {
        names.append(entry.name)
        if BagWriter.isPayload(entry.name) {
            payloadFiles += 1
            payloadBytes = payloadBytes.addingReportingOverflow(entry.size).partialValue
        }
        // The structure's findings have said why.
        guard entry.dataOffset != nil else { return }
        let isKept = [Self.declarationName, Self.informationName, Self.manifestName, Self.tagManifestName]
            .contains(entry.name)
        if isKept, entry.size > limits.tagFileSize {
            report(entry.finding(.limit, "the file is larger than the limit of \(limits.tagFileSize) bytes"))
            return
        }
        var kept: [UInt8] = []
        var digest = digest()
        do {
            try reader.content(of: entry) { piece in
                digest.update(piece)
                if isKept { piece.withUnsafeBufferPointer { kept.append(contentsOf: $0) } }
                try visit(entry, piece)
            }
            digests[entry.name] = digest.value()
            if isKept { tagFiles[entry.name] = kept }
        } catch let found as ZipReader.Found {
            report(found.finding)
        }
    }

    mutating func checkDeclaration() {
        guard let text = tagFiles[Self.declarationName] else { return reportMissing(Self.declarationName) }
        if text != BagWriter.declaration {
            report(
                VerificationFinding(
                    .declaration, "the file does not declare BagIt 1.0 in UTF-8", path: Self.declarationName))
        }
    }

    mutating func readInformation() -> [(label: String, value: String)] {
        guard let text = tagFiles[Self.informationName] else {
            reportMissing(Self.informationName)
            return []
        }
        func wrong(_ message: String) -> VerificationFinding {
            VerificationFinding(.information, message, path: Self.informationName)
        }
        guard let decoded = String(validating: text, as: UTF8.self) else {
            report(wrong("the file is not UTF-8"))
            return []
        }
        var fields: [(label: String, value: String)] = []
        for (index, line) in decoded.utf8.split(separator: UInt8(ascii: "\n")).enumerated() {
            var line = Substring(line)
            if line.utf8.last == UInt8(ascii: "\r") { line = Substring(line.utf8.dropLast()) }
            if line.utf8.first == UInt8(ascii: " ") || line.utf8.first == UInt8(ascii: "\t"), !fields.isEmpty {
                fields[fields.count - 1].value += " " + line.drop { $0 == " " || $0 == "\t" }
                continue
            }
            guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else {
                report(wrong("line \(index + 1) is no field"))
                continue
            }
            let value = line[line.utf8.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields.append((String(line[..<colon]), String(value)))
        }
        let stated = fields.filter { $0.label.lowercased() == "payload-oxum" }
        if stated.count != 1 {
            report(wrong("there is not exactly one Payload-Oxum"))
        } else if stated[0].value != "\(payloadBytes).\(payloadFiles)" {
            report(wrong("Payload-Oxum is not the size and number of the payload files"))
        }
        return fields
    }

    mutating func checkManifests() {
        let payload = readManifest(Self.manifestName) { BagWriter.isPayload($0) }
        let tags = readManifest(Self.tagManifestName) { !BagWriter.isPayload($0) && $0 != Self.tagManifestName }
        let present = Set(names)
        for (manifest, listed) in [(Self.manifestName, payload), (Self.tagManifestName, tags)] {
            for line in listed ?? [] where !present.contains(line.path) {
                report(
                    VerificationFinding(
                        .missing, "\(manifest) lists a file that is not there",
                        path: EntryName.printable(Array(line.path.utf8))))
            }
        }
        let payloadDigests = payload.map { Dictionary($0.map { ($0.path, $0.digest) }) { first, _ in first } }
        let tagDigests = tags.map { Dictionary($0.map { ($0.path, $0.digest) }) { first, _ in first } }
        for name in names {
            let shown = EntryName.printable(Array(name.utf8))
            let isPayload = BagWriter.isPayload(name)
            guard let listed = isPayload ? payloadDigests : tagDigests else { continue }
            guard let expected = listed[name] else {
                if name != Self.tagManifestName, name != BagVerifier.signatureName {
                    report(VerificationFinding(.unlisted, "no manifest lists the file", path: shown))
                }
                continue
            }
            if let found = digests[name], found != expected {
                report(VerificationFinding(.digest, "the file's SHA-256 is not the manifest's", path: shown))
            }
        }
    }

    private mutating func reportMissing(_ name: String) {
        // A file that is there and could not be read has its finding already.
        if !names.contains(name) { report(VerificationFinding(.missing, "the bag lacks this file", path: name)) }
    }

    /// The lines of a manifest in order; nil if there is none to read.
    private mutating func readManifest(
        _ name: String, allows: (String) -> Bool
    ) -> [(path: String, digest: [UInt8])]? {
        guard let text = tagFiles[name] else {
            reportMissing(name)
            return nil
        }
        var lines: [(path: String, digest: [UInt8])] = []
        var seen: Set<String> = []
        var number = 0
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if line.isEmpty { continue }
            guard let (path, digest) = Self.parse(line), allows(path), seen.insert(path).inserted else {
                report(
                    VerificationFinding(
                        .manifest, "line \(number) is not a digest and a new name of the right kind", path: name))
                continue
            }
            lines.append((path, digest))
        }
        return lines
    }

    /// A line `digest, white space, path` (RFC 8493, 2.1.3), the path percent-decoded.
    private static func parse(_ line: ArraySlice<UInt8>) -> (String, [UInt8])? {
        var line = line
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        guard line.count > 66, let digest = bytes(hexadecimal: line.prefix(64)) else { return nil }
        let rest = line.dropFirst(64)
        let path = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard path.count < rest.count, !path.isEmpty else { return nil }
        guard let decoded = String(validating: percentDecoded(path), as: UTF8.self) else { return nil }
        return (decoded, digest)
    }

    private static func bytes(hexadecimal text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
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

    /// RFC 8493 encodes line feed, carriage return and the percent sign, and nothing else.
    private static func percentDecoded(_ path: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        var index = path.startIndex
        while index < path.endIndex {
            let rest = path[index...]
            if rest.starts(with: "%0A".utf8) || rest.starts(with: "%0a".utf8) {
                decoded.append(0x0A)
                index += 3
            } else if rest.starts(with: "%0D".utf8) || rest.starts(with: "%0d".utf8) {
                decoded.append(0x0D)
                index += 3
            } else if rest.starts(with: "%25".utf8) {
                decoded.append(0x25)
                index += 3
            } else {
                decoded.append(path[index])
                index += 1
            }
        }
        return decoded
    }
}
