import Glibc
import PortabilityArchive
import PortabilityModel
import Synchronization
import Testing

@Suite("Output file")
struct OutputFileTests {
    private let text = Array("twelve bytes".utf8)

    @Test("is there complete, readable by its owner only, after commit and not before")
    func commit() throws {
        let folder = try TestFolder()
        let output = try OutputFile(path: folder.file("a.zip"), digest: sha256)
        try output.write(text.span)
        #expect(folder.content.count == 1)
        #expect(folder.content[0].hasPrefix(".portability-") && folder.content[0].hasSuffix(".partial"))
        try output.commit()
        #expect(folder.content == ["a.zip"])
        #expect(try bytes(ofFile: folder.file("a.zip")) == text)
        #expect(shell("stat -c '%a %h' '\(folder.file("a.zip"))'").output == "600 1\n")
        #expect(output.count == 12)
        #expect(output.digestValue == digest(text, sha256))
        #expect(failure { try output.write(text.span) }?.code == .output)
        #expect(failure { try output.commit() }?.code == .output)
    }

    @Test("leaves nothing behind when it is abandoned or forgotten")
    func abandon() throws {
        let folder = try TestFolder()
        let output = try OutputFile(path: folder.file("a.zip"))
        try output.write(text.span)
        output.abandon()
        output.abandon()
        #expect(folder.content.isEmpty)
        do {
            let forgotten = try OutputFile(path: folder.file("b.zip"))
            try forgotten.write(text.span)
        }
        #expect(folder.content.isEmpty)
    }

    @Test("refuses an existing target unless it may replace it")
    func existingTarget() throws {
        let folder = try TestFolder()
        try write([1], toFile: folder.file("a.zip"))
        let refused = failure { try OutputFile(path: folder.file("a.zip")) }
        #expect(refused?.code == .output)
        #expect(refused?.remedy?.contains("--replace") == true)
        let output = try OutputFile(path: folder.file("a.zip"), replace: true)
        try output.write(text.span)
        #expect(try bytes(ofFile: folder.file("a.zip")) == [1])
        try output.commit()
        #expect(try bytes(ofFile: folder.file("a.zip")) == text)
        #expect(folder.content == ["a.zip"])
    }

    @Test("never replaces a target that appeared while it was being written", arguments: [false, true])
    func lateTarget(_ hasLinks: Bool) throws {
        let folder = try TestFolder()
        var system = OutputSystem.live
        let path = folder.file("a.zip")
        // The other program creates its file at the last moment, after the check.
        if hasLinks {
            system.link = { from, to in
                _ = OutputSystem.live.create(path)
                return OutputSystem.live.link(from, to)
            }
        } else {
            system.link = { _, _ in
                _ = OutputSystem.live.create(path)
                return -EPERM
            }
        }
        let output = try OutputFile(path: path, system: system)
        try output.write(text.span)
        #expect(failure { try output.commit() }?.remedy?.contains("--replace") == true)
        #expect(folder.content == ["a.zip"])
        #expect(try bytes(ofFile: path) == [])
    }

    @Test("works on a file system without second names")
    func noLinks() throws {
        let folder = try TestFolder()
        var system = OutputSystem.live
        system.link = { _, _ in -EPERM }
        let output = try OutputFile(path: folder.file("a.zip"), system: system)
        try output.write(text.span)
        try output.commit()
        #expect(folder.content == ["a.zip"])
        #expect(try bytes(ofFile: folder.file("a.zip")) == text)
    }

    @Test("refuses links, folders, special files and missing folders as target, whatever is allowed")
    func specialTargets() throws {
        let folder = try TestFolder()
        #expect(
            shell(
                "cd '\(folder.path)' && touch file && ln -s file link && ln -s nowhere dangling && mkdir sub && mkfifo pipe"
            )
            .status == 0)
        for name in ["link", "dangling", "sub", "sub/", "pipe", "missing/a.zip", "file/a.zip", ""] {
            let path = name.isEmpty ? "" : folder.file(name)
            #expect(failure { try OutputFile(path: path, replace: true) }?.code == .output, "\(name)")
        }
        #expect(folder.content == ["dangling", "file", "link", "pipe", "sub"])
    }

    @Test("removes what killed runs left and never what lives")
    func sweep() throws {
        let folder = try TestFolder()
        let living = try OutputFile(path: folder.file("a.zip"))
        try living.write(text.span)
        let hexadecimal = String(repeating: "0123456789abcdef", count: 2)
        // What a run leaves that was killed: the same kinds of files, without a lock.
        for name in [".portability-\(hexadecimal).partial", ".portability-\(hexadecimal).spool"] {
            try write(text, toFile: folder.file(name))
        }
        // And what only looks similar.
        for name in [
            ".portability-notes.partial", "portability-\(hexadecimal).partial", ".portability-\(hexadecimal).txt",
        ] {
            try write(text, toFile: folder.file(name))
        }
        #expect(
            shell(
                "ln -s '\(folder.file("a.txt"))' '\(folder.path)/.portability-\(hexadecimal.reversed().map(String.init).joined()).partial'"
            ).status == 0)
        #expect(OutputFile.sweep(folder: folder.path) == 2)
        #expect(OutputFile.sweep(folder: folder.path) == 0)
        #expect(folder.content.count == 5)
        try living.commit()
        #expect(folder.content.contains("a.zip"))
        #expect(OutputFile.sweep(folder: folder.file("missing")) == 0)
    }

    @Test("removes the file of a process that was really killed")
    func sweepAfterKill() throws {
        let folder = try TestFolder()
        let name = ".portability-" + String(repeating: "ab", count: 16) + ".partial"
        // Another process holds the lock, as a run would.
        let script =
            "cd '\(folder.path)' && touch \(name) && (flock 9; echo locked > ready; exec sleep 60) 9<>\(name) >/dev/null 2>&1 & echo $!"
        let process = shell(script).output.split(separator: "\n").first.map(String.init) ?? ""
        while !folder.content.contains("ready") { usleep(1000) }
        #expect(OutputFile.sweep(folder: folder.path) == 0)
        #expect(shell("kill -9 \(process)").status == 0)
        while shell("kill -0 \(process)").status == 0 { usleep(1000) }
        #expect(OutputFile.sweep(folder: folder.path) == 1)
        #expect(folder.content == ["ready"])
    }

    @Test("leaves neither file nor temporary file when any system call fails", arguments: [ENOSPC, EIO, EDQUOT])
    func everyFault(_ errno: Int32) throws {
        var failures = 0
        for call in 1... {
            let folder = try TestFolder()
            let fault = Fault(failAt: call, errno: errno)
            let error = failure {
                let output = try OutputFile(path: folder.file("a.zip"), system: .failing(fault))
                var random = FixedRandom(seed: 1)
                for _ in 0..<10 { try output.write(random.bytes(100_000).span) }
                try output.commit()
            }
            guard let error else {
                #expect(folder.content == ["a.zip"])
                break
            }
            failures += 1
            #expect(error.code == .output)
            #expect(error.errno == errno)
            let isInPlace = error.message.contains("in place")
            #expect(folder.content == (isInPlace ? ["a.zip"] : []))
        }
        #expect(failures >= 7)
    }

    @Test("is on the disk before it has its name, and its name is before the commit returns", arguments: [false, true])
    func order(_ replace: Bool) throws {
        let folder = try TestFolder()
        let calls = Mutex<[String]>([])
        var system = OutputSystem.live
        system.write = { file, bytes in
            calls.withLock { $0.append("write") }
            return OutputSystem.live.write(file, bytes)
        }
        system.synchronize = { file in
            var status = stat()
            fstat(file, &status)
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            calls.withLock { $0.append(isFolder ? "synchronise folder" : "synchronise file") }
            return OutputSystem.live.synchronize(file)
        }
        system.link = { from, to in
            calls.withLock { $0.append("name") }
            return OutputSystem.live.link(from, to)
        }
        system.rename = { from, to in
            calls.withLock { $0.append("name") }
            return OutputSystem.live.rename(from, to)
        }
        let output = try OutputFile(path: folder.file("a.zip"), replace: replace, system: system)
        try output.write(text.span)
        try output.commit()
        #expect(calls.withLock { $0 } == ["write", "synchronise file", "name", "synchronise folder"])
    }

    @Test("knows the free space of a folder")
    func freeSpace() throws {
        #expect(try OutputFile.availableBytes(at: "/tmp") > 0)
        #expect(failure { try OutputFile.availableBytes(at: "/tmp/missing/folder") }?.code == .output)
        #expect(OutputFile.folder(of: "a.zip") == ".")
        #expect(OutputFile.folder(of: "/a.zip") == "/")
        #expect(OutputFile.folder(of: "b/c/a.zip") == "b/c")
    }
}
