import Glibc
import PortabilityArchive

/// The names of the volumes of an archive: for `R.zip` they are `R-001.zip`, `R-002.zip` and so on.
struct VolumeName {
    private let stem: String
    private let ending: String

    /// - Parameter path: the archive's name, if it was one.
    init(_ path: String) {
        ending = [".zip.age", ".zip", ".age"].first { path.hasSuffix($0) && path.utf8.count > $0.utf8.count } ?? ""
        stem = String(path.dropLast(ending.count))
    }

    func path(_ number: Int) -> String { "\(stem)-\(paddedNumber(number))\(ending)" }

    /// Paths that have such a name already, sorted; none if the folder cannot be listed.
    func existing() -> [String] {
        let folder = OutputFile.folder(of: stem)
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        let base = Array((stem.split(separator: "/", omittingEmptySubsequences: false).last ?? "").utf8)
        var found: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.utf8.starts(with: base), name.hasSuffix(ending) else { continue }
            let number = name.utf8.dropFirst(base.count).dropLast(ending.utf8.count)
            if number.first == UInt8(ascii: "-"), number.count >= 4,
                number.dropFirst().allSatisfy({ (48...57).contains($0) })
            {
                found.append(folder.hasSuffix("/") ? folder + name : folder + "/" + name)
            }
        }
        return found.sorted()
    }
}
