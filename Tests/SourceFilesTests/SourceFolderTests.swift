import Glibc
import PortabilityModel
import SourceFiles
import Testing

/// A folder of its own for a test, removed with the value.
private final class Place: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/source-files-tests-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        chmod(path, 0o700)
        guard let folder = opendir(path) else { return }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        closedir(folder)
        for name in names where name != "." && name != ".." { remove(path + "/" + name) }
        rmdir(path)
    }

    func write(_ name: String, _ bytes: [UInt8] = [0x78]) {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/" + part
            mkdir(folder, 0o755)
        }
        guard let file = fopen(path + "/" + name, "wb") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }
}

@Suite("Source files: finding and reading")
struct SourceFolderTests {
    private func names(_ found: FoundFiles) -> [String] { found.files.map { String(decoding: $0.path, as: UTF8.self) } }

    private func find(_ pattern: String, in place: Place, _ links: SourceFolder.Links, limit: Int = 100) throws
        -> FoundFiles
    {
        try SourceFolder(path: place.path, links: links).find(PathPattern(pattern), limit: limit)
    }

    @Test("Files come by the bytes of their paths, each once, however many ways lead to it")
    func order() throws {
        let place = Place()
        for name in ["b", "a/a/a/x", "a/x", "a-x", "B", "a/a/x"] { place.write(name) }
        for links in [SourceFolder.Links.counted, .followedBelow] {
            #expect(try names(find("**/*", in: place, links)) == ["B", "a-x", "a/a/a/x", "a/a/x", "a/x", "b"])
            #expect(try names(find("**/a/**/x", in: place, links)) == ["a/a/a/x", "a/a/x", "a/x"])
            #expect(try find("**/a/**/x", in: place, links, limit: 3).isOverLimit == false)
            let few = try find("**/*", in: place, links, limit: 3)
            #expect(few.isOverLimit && few.files.count == 3)
        }
    }

    @Test("Many names of one folder come by their bytes, also where they begin alike", arguments: [10, 255, 256, 1000])
    func many(count: Int) throws {
        let place = Place()
        var written: Set<String> = []
        for index in 0..<count {
            // Some are the beginning of others, some differ far behind, some in bytes above ASCII.
            let stem = String(index * 7919 % count, radix: 5)
            let name =
                "file-" + [stem, stem + "-of-many-with-a-long-name", "å" + stem, "a-long-beginning-" + stem][index % 4]
            if written.insert(name).inserted { place.write(name) }
        }
        let sorted = written.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        #expect(try names(find("*", in: place, .counted, limit: count)) == sorted)
        #expect(
            try names(find("f*[0-9]", in: place, .followedBelow, limit: count))
                == sorted.filter { $0.last?.isNumber == true })
    }

    @Test("What the walker finds, the pattern says that it fits", arguments: 0..<100)
    func agreement(seed: Int) throws {
        var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
        func roll(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let place = Place()
        var all: Set<String> = []
        for _ in 0..<12 {
            let parts = (0..<1 + roll(4)).map { _ in ["a", "b", "ab"][roll(3)] }
            // A name is a folder or a file, never both.
            all.insert((parts.dropLast().map { $0 + "d" } + [parts[parts.count - 1]]).joined(separator: "/"))
        }
        for name in all { place.write(name) }
        let pieces = ["**", "*", "a*", "?d", "*d", "[ab]d", "ad", "abd"]
        let pattern = ((0..<roll(4)).map { _ in pieces[roll(pieces.count)] } + [["*", "a", "?", "a*"][roll(4)]])
            .joined(separator: "/")
        let fitting = try all.filter { try PathPattern(pattern).matches(Array($0.utf8)) }
        let expected = fitting.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(try names(find(pattern, in: place, .counted)) == expected, "\(pattern)")
        #expect(try names(find(pattern, in: place, .followedBelow)) == expected, "\(pattern)")
    }

    @Test("Links: none is followed, or those that stay below the folder; the others are counted")
    func links() throws {
        let outside = Place()
        outside.write("x")
        let place = Place()
        place.write("real/x")
        symlink("real/x", place.path + "/file")
        symlink("real", place.path + "/folder")
        symlink("..", place.path + "/real/up")
        symlink(outside.path, place.path + "/out")
        symlink(outside.path + "/x", place.path + "/outfile")
        symlink("nothing", place.path + "/gone")
        symlink("circle", place.path + "/circle")
        var found = try find("*", in: place, .counted)
        #expect(names(found) == [] && found.links == 6)
        found = try find("*", in: place, .followedBelow)
        #expect(names(found) == ["file"] && found.links == 4)
        #expect(found.files.map(\.target) == [Array("real/x".utf8)])
        found = try find("*/x", in: place, .followedBelow)
        #expect(names(found) == ["folder/x", "real/x"])
        found = try find("real/up/folder/up/real/x", in: place, .followedBelow)
        #expect(names(found) == ["real/up/folder/up/real/x"])
        #expect(try names(find("**/x", in: place, .followedBelow)) == ["real/x"])
    }

    @Test("A link that is changed after the search does not lead the reader out")
    func race() throws {
        let outside = Place()
        outside.write("x", Array("secret".utf8))
        let place = Place()
        place.write("real/x")
        symlink("real", place.path + "/folder")
        let folder = try SourceFolder(path: place.path, links: .followedBelow)
        let found = try folder.find(PathPattern("folder/x"), limit: 10)
        try #require(found.files.count == 1)
        rename(place.path + "/real", place.path + "/moved")
        symlink(outside.path, place.path + "/real")
        guard case .fault(.unreadable) = folder.read(found.files[0], limit: 100) else {
            Issue.record("the file was read")
            return
        }
        #expect(throws: FileFault.self) { _ = try StreamedFile(found.files[0], in: folder, ratio: 10) }
    }

    @Test("Names that are not UTF-8 are found and read")
    func names() throws {
        let place = Place()
        let path = Array(place.path.utf8) + [0x2f, 0xe4, 0xff, 0]
        path.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { _ = close(open($0.baseAddress!, O_CREAT | O_WRONLY, 0o600)) }
        }
        let folder = try SourceFolder(path: place.path)
        let found = try folder.find(PathPattern("??"), limit: 10)
        #expect(found.files.map(\.path) == [[0xe4, 0xff]])
        guard case .bytes(let bytes) = folder.read(found.files[0], limit: 0) else {
            Issue.record("the file was not read")
            return
        }
        #expect(bytes.isEmpty)
    }

    @Test("Reading whole: up to the limit, and only files")
    func whole() throws {
        let place = Place()
        place.write("a", Array("four".utf8))
        mkfifo(place.path + "/b", 0o600)
        let folder = try SourceFolder(path: place.path)
        let found = try folder.find(PathPattern("*"), limit: 10)
        try #require(names(found) == ["a", "b"])
        if case .bytes(let bytes) = folder.read(found.files[0], limit: 4) {
            #expect(bytes == Array("four".utf8))
        } else {
            Issue.record()
        }
        if case .tooLarge = folder.read(found.files[0], limit: 3) {} else { Issue.record() }
        if case .fault(.notAFile) = folder.read(found.files[1], limit: 3) {} else { Issue.record() }
    }

    @Test("Streaming: what was there when the file was opened, and no more")
    func streamed() throws {
        let place = Place()
        place.write("a", [UInt8](repeating: 1, count: 3 << 20))
        let folder = try SourceFolder(path: place.path)
        let found = try folder.find(PathPattern("a"), limit: 10).files[0]
        func read(_ change: () -> Void) throws -> (count: Int, fault: FileFault?) {
            var file = try StreamedFile(found, in: folder, ratio: 10)
            change()
            var buffer = [UInt8](repeating: 0, count: 1000)
            var count = 0
            while true {
                do throws(FileFault) {
                    var result: Result<Int, FileFault> = .success(0)
                    buffer.withUnsafeMutableBytes { bytes in
                        do throws(FileFault) { result = .success(try file.read(into: bytes)) } catch {
                            result = .failure(error)
                        }
                    }
                    let got = try result.get()
                    if got == 0 {
                        try file.checkUnchanged()
                        return (count, nil)
                    }
                    count += got
                } catch {
                    return (count, error)
                }
            }
        }
        #expect(try read {}.count == 3 << 20)
        #expect(try read {}.fault == nil)
        let grown = try read { place.append("a") }
        #expect(grown.count == 3 << 20 && grown.fault == .changed)
        #expect(try read { truncate(place.path + "/a", 1 << 20) }.fault == .shrank)
    }

    @Test(
        "Folders that cannot be listed are told; those that are passed by name need not be listable",
        .disabled(if: getuid() == 0, "root may read everything"))
    func permission() throws {
        let place = Place()
        place.write("shut/a")
        place.write("through/b")
        chmod(place.path + "/shut", 0)
        chmod(place.path + "/through", 0o100)
        let found = try find("*/*", in: place, .counted)
        #expect(found.files.isEmpty && found.unreadable == 2 && found.errno == EACCES)
        #expect(try names(find("through/b", in: place, .counted)) == ["through/b"])
    }
}

extension Place {
    fileprivate func append(_ name: String) {
        guard let file = fopen(path + "/" + name, "ab") else { return }
        fwrite("more", 1, 4, file)
        fclose(file)
    }
}
