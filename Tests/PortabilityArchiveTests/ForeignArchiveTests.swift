import PortabilityArchive
import PortabilityModel
import Testing

/// What is wrong with each archive of the two collections; the kinds of all findings, sorted. Nothing for sound ones.
private let crafted: [(String, [String])] = [
    ("absolute", ["dangerous-name"]),
    ("backslash", ["dangerous-name"]),
    ("bomb-100MB-zeros", ["limit"]),
    ("case-collision", ["clashing-names"]),
    ("control-chars-in-name", ["dangerous-name"]),
    ("cp437-name", ["name-encoding"]),
    ("crc-central-wrong", ["checksum", "headers-disagree"]),
    ("dotdot", ["dangerous-name"]),
    ("drive", ["dangerous-name"]),
    ("duplicate-name", ["clashing-names"]),
    ("empty", []),
    ("encrypted-flag", ["encrypted"]),
    ("file-and-dir", ["clashing-names"]),
    ("half", ["not-an-archive"]),
    ("long-name", ["limit"]),
    // An archive in an archive is a file like any other.
    ("nested-5-deep", []),
    ("nfc-nfd-collision", ["clashing-names"]),
    ("not-a-zip", ["not-an-archive"]),
    ("ok", []),
    // The bit that is flipped is one of a header's signature.
    ("payload-bit-flip", ["directory", "gap"]),
    ("prefix-junk", ["prefix-data"]),
    ("size-central-lies", ["headers-disagree", "size"]),
    ("symlink-out", ["clashing-names", "not-a-file"]),
    ("trailing-junk", ["trailing-data"]),
    ("truncated", ["not-an-archive"]),
    ("windows-reserved", ["dangerous-name", "dangerous-name", "dangerous-name", "dangerous-name"]),
    ("zero-bytes", ["not-an-archive"]),
]

private let yauzlFailures: [(String, [String])] = [
    (
        "End of central directory record signature not found Either not a zip file or file is truncated",
        ["not-an-archive"]
    ),
    (
        "End of central directory record signature not found Either not a zip file or file is truncated_1",
        ["not-an-archive"]
    ),
    (
        "Invalid comment length Expected 1 Found 0 Are there extra bytes at the end of the file "
            + "Or is the end of central dir signature PK in the com", ["trailing-data"]
    ),
    ("absolute path C xt", ["dangerous-name", "headers-disagree"]),
    ("absolute path atxt", ["dangerous-name", "headers-disagree"]),
    ("compressed uncompressed size mismatch for stored file 2147483647 5", ["directory"]),
    ("extra field length exceeds extra field buffer size", ["extra-field"]),
    ("file data overflows file bounds 63 2147483647 308", ["directory"]),
    ("invalid central directory file header signature 0x1014b50", ["directory"]),
    ("invalid characters in fileName a txt", ["dangerous-name", "headers-disagree"]),
    ("invalid code lengths set", ["deflate"]),
    ("invalid local file header signature 0x3034b50", ["directory", "gap"]),
    ("invalid relative path xt", ["dangerous-name", "headers-disagree"]),
    ("invalid zip64 end of central directory record signature", ["directory"]),
    ("multi-disk zip files are not supported found disk number 1", ["multi-disk"]),
    ("not enough bytes in the stream expected 2048576 got only 1000000", ["headers-disagree", "size"]),
    ("strong encryption is not supported", ["encrypted", "headers-disagree", "size"]),
    ("too many bytes in the stream expected 82496 got at least 98304", ["headers-disagree", "size"]),
    ("too many length or distance symbols", ["deflate"]),
    ("unexpected EOF", ["directory"]),
    ("unsupported compression method 1", ["headers-disagree", "method"]),
    (
        "wrong-entry-sizes",
        [
            "gap", "gap", "headers-disagree", "headers-disagree", "headers-disagree", "size", "size", "size", "size",
        ]
    ),
    ("zip64 extended information extra field does not include compressed size", ["directory", "extra-field"]),
    ("zip64 extended information extra field does not include relative header offset", ["directory", "extra-field"]),
    ("zip64 extended information extra field does not include uncompressed size", ["directory", "extra-field"]),
]

private let yauzlSuccesses: [(String, [String])] = [
    ("NtfsTimestamp", []), ("big-compression", []), ("big-uncompressed", []),
    ("bogus-compression-method", ["method"]),
    ("cygwin-info-zip", []), ("deflate", []), ("directories", []), ("empty", []), ("everything", []),
    ("linux-info-zip", []),
    ("sloppy-filenames", ["dangerous-name", "headers-disagree"]),
    ("streaming", []),
    ("traditional-encryption", ["encrypted", "size"]), ("traditional-encryption_deprecated", ["encrypted", "size"]),
    ("traditional-encryption-and-compression", ["encrypted"]),
    ("traditional-encryption-and-compression_deprecated", ["encrypted"]),
    (
        "unicode-path-extra-field",
        ["dangerous-name", "extra-field", "extra-field", "gap", "headers-disagree", "headers-disagree"]
    ),
    ("unicode", []), ("unix-epoch", []), ("windows-7-zip", []), ("windows-compressed-folder", []), ("zip64", []),
]

@Suite("Foreign archives")
struct ForeignArchiveTests {
    private static let all =
        crafted.map { ("archive-crafted/" + $0.0, $0.1) } + yauzlFailures.map { ("zip-yauzl/failure/" + $0.0, $0.1) }
        + yauzlSuccesses.map { ("zip-yauzl/success/" + $0.0, $0.1) }

    @Test("are judged as their names say", arguments: all)
    func judged(_ name: String, _ expected: [String]) throws {
        let path = "\(dataFolder)/\(name).zip"
        let (reader, structure) = try ZipReader.inspect(path: path)
        let findings = structure + (reader?.contentFindings() ?? [])
        #expect(findings.map(\.kind.rawValue).sorted() == expected)
        for finding in findings {
            #expect(finding.description.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        }
        // The other way in throws the first of them.
        let error = failure { try ZipReader(path: path) }
        #expect(error?.code == structure.first?.error.code)
        #expect(error?.message == structure.first?.message)
        if let finding = structure.first { #expect([.malformed, .verification, .limit].contains(finding.error.code)) }
    }

    @Test("are all in the table")
    func complete() {
        let files = shell("cd '\(dataFolder)' && ls archive-crafted/*.zip zip-yauzl/*/*.zip").output
        #expect(files.split(separator: "\n").map(String.init).sorted() == Self.all.map { $0.0 + ".zip" }.sorted())
    }

    @Test("are not needed to be canonical")
    func containers() throws {
        for name in ["zip-yauzl/success/deflate", "zip-yauzl/success/streaming", "zip-yauzl/success/zip64"] {
            let reader = try ZipReader(path: "\(dataFolder)/\(name).zip")
            #expect(!reader.containerFindings(digest: sha256).isEmpty)
        }
        let empty = try ZipReader(path: "\(dataFolder)/zip-yauzl/success/empty.zip")
        #expect(empty.layoutFindings().count == 1)
        #expect(empty.containerFindings(digest: sha256).map(\.kind) == [.notCanonical, .seal])
    }

    @Test("give their content")
    func content() throws {
        let reader = try ZipReader(path: "\(dataFolder)/archive-crafted/ok.zip")
        #expect(reader.entries.map(\.name) == ["manifest.json", "data/user.json"])
        for entry in reader.entries {
            var text: [UInt8] = []
            try reader.read(entry) { piece in piece.withUnsafeBufferPointer { text.append(contentsOf: $0) } }
            #expect(Int64(text.count) == entry.size)
            #expect(
                shell("unzip -p '\(dataFolder)/archive-crafted/ok.zip' \(entry.name)").output
                    == String(decoding: text, as: UTF8.self))
        }
    }

    @Test("can unpack within wider limits")
    func bomb() throws {
        let path = "\(dataFolder)/archive-crafted/bomb-100MB-zeros.zip"
        let reader = try ZipReader(path: path, limits: ReadLimits(ratio: 1100))
        var most = 0
        var total: Int64 = 0
        try reader.read(reader.entries[0]) { piece in
            most = max(most, piece.count)
            total += Int64(piece.count)
        }
        #expect(total == reader.entries[0].size)
        // The pieces stay small however much a packed byte unpacks to.
        #expect(most <= 128 << 10)
    }

    @Test("that are no files are refused")
    func notFiles() throws {
        let folder = try TestFolder()
        #expect(shell("mkfifo '\(folder.file("pipe"))'").status == 0)
        for path in [folder.path, folder.file("missing"), folder.file("pipe")] {
            #expect(failure { try ZipReader(path: path) }?.code == .unavailable)
        }
    }
}
