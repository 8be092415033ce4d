import Glibc

/// A folder of its own for a test, removed with the value.
final class Workspace: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/conformance-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer {
            $0.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
        }
    }

    deinit { Self.remove(path) }

    /// Writes a file, making the folders above it.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) -> Workspace {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/\(part)"
            mkdir(folder, 0o700)
        }
        let file = fopen("\(path)/\(name)", "w")
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        return self
    }

    @discardableResult
    func write(_ name: String, _ text: String) -> Workspace { write(name, Array(text.utf8)) }

    func read(_ name: String) -> [UInt8] {
        var status = stat()
        stat("\(path)/\(name)", &status)
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let file = fopen("\(path)/\(name)", "r")
        _ = fread(&bytes, 1, bytes.count, file)
        fclose(file)
        return bytes
    }

    /// Descriptors of this process that are open on files in the folder.
    var openDescriptors: Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let name = Self.name(of: entry)
            var target = [CChar](repeating: 0, count: 4096)
            let length = readlink("/proc/self/fd/\(name)", &target, 4096)
            let link = target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
            if String(decoding: link, as: UTF8.self).hasPrefix(path) { count += 1 }
        }
        return count
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func remove(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = name(of: entry)
                if name == "." || name == ".." { continue }
                if unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
            }
            closedir(folder)
        }
        rmdir(path)
    }
}

/// A gzip file (RFC 1952) whose one deflate block is stored (RFC 1951, 3.2.4).
func gzipStored(_ content: [UInt8]) -> [UInt8] {
    func little(_ number: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    var checksum: UInt32 = .max
    for byte in content {
        checksum ^= UInt32(byte)
        for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xedb8_8320 : checksum >> 1 }
    }
    let size = UInt32(content.count)
    var bytes: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1]
    bytes += little(size, 2) + little(~size, 2) + content
    return bytes + little(~checksum, 4) + little(size, 4)
}
