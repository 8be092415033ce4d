public import PortabilityModel

/// A file of a bag, before anything of it was read.
public struct BagFile: Hashable, Sendable {
    /// Its path from the bag's base folder.
    public let name: String
    /// Its 1-based position in the archive or folder.
    public let ordinal: Int
    /// The number of bytes it is said to have.
    public let size: Int64
    /// True if it can be read; if not, a finding of the container says why.
    public let isReadable: Bool
    /// Where it is among the container's own.
    let index: Int
    let offset: Int64?

    /// The name as it may be shown.
    public var printableName: String { EntryName.printable(Array(name.utf8)) }

    func finding(_ kind: VerificationFinding.Kind, _ message: String) -> VerificationFinding {
        VerificationFinding(kind, message, path: printableName, ordinal: ordinal, offset: offset)
    }
}

/// Why a file's bytes cannot be had, or are not those that its container says.
public struct UnreadableFile: Error {
    public let finding: VerificationFinding
}

/// Where the files of a bag are: in a zip, or in a folder of the disk.
public protocol BagContents: Sendable {
    /// In the container's order.
    var files: [BagFile] { get }
    /// What is wrong with the container itself.
    var findings: [VerificationFinding] { get }
    /// True if it is known that there is no folder for the payload.
    var lacksPayloadFolder: Bool { get }
    /// Hands a file's bytes over, in order and in pieces; may be called on several threads at once.
    ///
    /// - Throws: ``UnreadableFile``, and what `body` throws.
    func read(_ file: BagFile, _ body: (Span<UInt8>) throws -> Void) throws
    /// What differs from the container's bytes as this project writes them.
    ///
    /// - Parameter digest: makes a SHA-256.
    func containerFindings(digest: DigestFactory) -> [VerificationFinding]
}

/// A bag in a zip. It may be all of it, or in the one folder at its top (RFC 8493, 4: a serialised bag has one base
/// folder).
public struct ZipContents: BagContents {
    public let files: [BagFile]
    public let findings: [VerificationFinding]
    public var lacksPayloadFolder: Bool { false }
    /// The name of the base folder with a slash at its end; empty if the bag is not in one.
    public let base: String
    public let reader: ZipReader

    /// - Parameter structure: what was found wrong when the zip was opened.
    public init(_ reader: ZipReader, structure: [VerificationFinding]) {
        self.reader = reader
        let entries = reader.entries.filter { !$0.isFolder }
        let base = Self.base(of: entries.map(\.name))
        self.base = base
        var findings = BoundedFindings(limit: reader.limits.findings)
        findings.add(structure)
        var files: [BagFile] = []
        files.reserveCapacity(entries.count)
        for entry in entries {
            guard entry.name.utf8.starts(with: base.utf8) else {
                findings.add(entry.finding(.unlisted, "the file is not in the bag's folder"))
                continue
            }
            files.append(
                BagFile(
                    name: String(entry.name.utf8.dropFirst(base.utf8.count)) ?? entry.name, ordinal: entry.ordinal,
                    size: entry.size, isReadable: entry.dataOffset != nil, index: entry.ordinal - 1,
                    offset: entry.headerOffset))
        }
        self.files = files
        self.findings = findings.list
    }

    /// The folder that has the declaration: the top, else the only one of the folders there that has it, else the
    /// one that everything is in.
    private static func base(of names: [String]) -> String {
        var declared: [String] = []
        var tops: Set<String> = []
        for name in names {
            let parts = name.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 1 {
                if name == "bagit.txt" { return "" }
                tops.insert("")
            } else {
                let top = (String(parts[0]) ?? "") + "/"
                tops.insert(top)
                if parts[1].elementsEqual("bagit.txt".utf8) { declared.append(top) }
            }
        }
        if declared.count == 1 { return declared[0] }
        return tops.count == 1 && !tops.contains("data/") ? tops.first ?? "" : ""
    }

    public func read(_ file: BagFile, _ body: (Span<UInt8>) throws -> Void) throws {
        let entry = reader.entries[file.index]
        do {
            try reader.content(of: entry, body)
        } catch let found as ZipReader.Found {
            throw UnreadableFile(finding: found.finding)
        }
    }

    public func containerFindings(digest: DigestFactory) -> [VerificationFinding] {
        reader.containerFindings(digest: digest)
    }
}
