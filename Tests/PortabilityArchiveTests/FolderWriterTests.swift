import Glibc
import PortabilityModel
import Testing

@testable import PortabilityArchive

@Suite("Folder writer")
struct FolderWriterTests {
    private static let texts: [(name: String, bytes: [UInt8])] = {
        var random = FixedRandom(seed: 80)
        return [
            ("data/documents/1.pdf", random.bytes(300_000)), ("data/documents/2.txt", random.lines(50)),
            ("data/usage/a.csv", random.lines(200_000)), ("README.txt", []),
        ]
    }()

    private static func reader() throws -> ZipReader {
        try ZipReader(ArchiveFile(MemoryBytes(bytes: archive(texts.map { try spool($0.bytes, as: $0.name) }))))
    }

    @Test("unpacks files that only their owner can read, and leaves nothing else")
    func unpacks() throws {
        let folder = try TestFolder()
        let reader = try Self.reader()
        let writer = try FolderWriter(path: folder.file("out/"))
        for entry in reader.entries { try writer.add(entry, of: reader) }
        try writer.add(reader.entries[1], of: reader, as: "Käyttö/kuitti 2.txt")
        #expect(folder.content.count == 1)
        #expect(folder.content[0].hasPrefix(".portability-"))
        #expect(!writer.isInPlace)
        try writer.commit()
        #expect(writer.isInPlace)
        #expect(folder.content == ["out"])
        for (name, bytes) in Self.texts {
            #expect(try PortabilityArchiveTests.bytes(ofFile: folder.file("out/\(name)")) == bytes)
        }
        #expect(try bytes(ofFile: folder.file("out/Käyttö/kuitti 2.txt")) == Self.texts[1].bytes)
        #expect(writer.fileCount == 5)
        #expect(writer.byteCount == Int64(Self.texts.reduce(50) { $0 + $1.bytes.count }))
        let modes = shell("cd '\(folder.path)' && find out -printf '%y%m\\n' | sort -u").output
        #expect(modes == "d700\nf600\n")
        #expect(failure { try writer.add(reader.entries[0], of: reader, as: "more") }?.code == .output)
        #expect(failure { try writer.commit() }?.code == .output)
    }

    @Test(
        "takes no target that is there already, and changes nothing of it",
        arguments: [
            "mkdir out", "mkdir out && touch out/x", "touch out", "ln -s nowhere out", "mkdir a && ln -s a out",
            "mkfifo out",
        ])
    func existing(_ command: String) throws {
        let folder = try TestFolder()
        #expect(shell("cd '\(folder.path)' && \(command)").status == 0)
        let before = shell("cd '\(folder.path)' && ls -lAR --time-style=full-iso").output
        let error = failure { try FolderWriter(path: folder.file("out")) }
        #expect(error?.code == .output)
        #expect(error?.message == "the target exists")
        // It may also appear while the files are written.
        let other = try TestFolder()
        let reader = try Self.reader()
        let writer = try FolderWriter(path: other.file("out"))
        try writer.add(reader.entries[0], of: reader)
        #expect(shell("cd '\(other.path)' && \(command)").status == 0)
        #expect(failure { try writer.commit() }?.code == .output)
        #expect(shell("cd '\(folder.path)' && ls -lAR --time-style=full-iso").output == before)
        #expect(shell("cd '\(other.path)' && ls -AR").output == shell("cd '\(folder.path)' && ls -AR").output)
    }

    @Test(
        "takes no target without a name, or in a folder that is not there", arguments: ["", "/", ".", "..", "no/out"])
    func noTarget(_ path: String) throws {
        let folder = try TestFolder()
        let full = path.hasPrefix("no") ? folder.file(path) : path
        #expect(failure { try FolderWriter(path: full) }?.code == .output)
        #expect(folder.content.isEmpty)
    }

    @Test(
        "takes no name that leads out or cannot be on some system",
        arguments: [
            "../x", "a/../../x", "/tmp/x", "..", ".", "", "a//x", "a\\x", "C:x", "a/\0", "nul", "x.",
            String(repeating: "n", count: 600), String(repeating: "f/", count: 70) + "x",
        ])
    func names(_ name: String) throws {
        let folder = try TestFolder()
        let reader = try Self.reader()
        let writer = try FolderWriter(path: folder.file("out"))
        try writer.add(reader.entries[1], of: reader)
        let error = failure { try writer.add(reader.entries[1], of: reader, as: name) }
        #expect(error?.code == .output || error?.code == .limit)
        // Nothing is left, nor can go on.
        #expect(folder.content.isEmpty)
        #expect(failure { try writer.commit() }?.code == .output)
    }

    @Test(
        "takes no two names that meet on some system",
        arguments: ["data/documents/2.TXT", "DATA/x", "data", "README.txt/x"])
    func clashes(_ name: String) throws {
        let folder = try TestFolder()
        let reader = try Self.reader()
        let writer = try FolderWriter(path: folder.file("out"))
        for entry in reader.entries { try writer.add(entry, of: reader) }
        #expect(failure { try writer.add(reader.entries[1], of: reader, as: name) }?.code == .output)
        #expect(folder.content.isEmpty)
    }

    @Test("follows no link that someone puts in its way", arguments: [true, false])
    func plantedLinks(_ isEarly: Bool) throws {
        let folder = try TestFolder()
        let outside = try TestFolder()
        let reader = try Self.reader()
        let writer = try FolderWriter(path: folder.file("out"))
        let temporary = try #require(folder.content.first)
        if isEarly {
            // Before the folder is made, and where a file is to be.
            #expect(shell("cd '\(folder.path)/\(temporary)' && ln -s '\(outside.path)' data").status == 0)
        } else {
            try writer.add(reader.entries[0], of: reader)
            let command = "mv documents moved && ln -s '\(outside.path)' documents"
            #expect(shell("cd '\(folder.path)/\(temporary)/data' && \(command)").status == 0)
        }
        #expect(failure { try writer.add(reader.entries[1], of: reader) }?.code == .output)
        #expect(outside.content.isEmpty)
        #expect(throws: Never.self) { try write([1], toFile: outside.file("1.pdf")) }
        // Nor does giving up lead it outside.
        writer.abandon()
        #expect(outside.content == ["1.pdf"])
    }

    @Test("keeps nothing of content that is not what was stated")
    func wrongContent() throws {
        for change in [{ $0.crc32 ^= 1 }, { $0.size = 3 }] as [(inout CraftedZip.Header) -> Void] {
            let folder = try TestFolder()
            var zip = CraftedZip()
            zip.entries[1].data = [1, 5, 0, 0xFA, 0xFF, 1, 2, 3, 4, 5]
            zip.entries[1].both {
                $0 = CraftedZip.Header(name: $0.name, data: [1, 2, 3, 4, 5])
                $0.method = 8
                $0.compressedSize = 10
                change(&$0)
            }
            let reader = try ZipReader(ArchiveFile(MemoryBytes(bytes: zip.bytes)))
            let writer = try FolderWriter(path: folder.file("out"))
            try writer.add(reader.entries[0], of: reader)
            #expect(failure { try writer.add(reader.entries[1], of: reader) }?.code == .verification)
            #expect(folder.content.isEmpty)
        }
    }

    @Test("leaves nothing behind when it is dropped")
    func dropped() throws {
        let folder = try TestFolder()
        let reader = try Self.reader()
        do {
            let writer = try FolderWriter(path: folder.file("out"))
            for entry in reader.entries { try writer.add(entry, of: reader) }
            #expect(folder.content.count == 1)
        }
        #expect(folder.content.isEmpty)
    }

    @Test("leaves nothing behind when the disk is full at any write")
    func fullDisk() throws {
        let reader = try Self.reader()
        var failures = 0
        for call in 1... {
            let folder = try TestFolder()
            let error = failure {
                let writer = try FolderWriter(
                    path: folder.file("out"), system: .failing(Fault(failAt: call, errno: ENOSPC)))
                for entry in reader.entries { try writer.add(entry, of: reader) }
                try writer.commit()
            }
            guard let error else {
                #expect(folder.content == ["out"])
                break
            }
            failures += 1
            #expect(error.code == .output)
            #expect(error.errno == ENOSPC)
            #expect(folder.content == (error.message.contains("in place") ? ["out"] : []))
        }
        #expect(failures > 12)
    }
}
