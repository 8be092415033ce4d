import CSVExtractor
import Glibc
import PortabilityModel
import PortabilityTesting
import TestServers
import Testing

@Suite("CSV: the conformance kit", .onOwnThreads)
struct ConformanceTests {
    /// Descriptors that this process holds open below a folder.
    private static func descriptors(below path: String) -> Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            var target = [CChar](repeating: 0, count: 4096)
            let length = readlink("/proc/self/fd/\(name)", &target, target.count)
            if length > 0, String(decoding: target.prefix(length).map(UInt8.init), as: UTF8.self).hasPrefix(path) {
                count += 1
            }
        }
        return count
    }

    @Test("Every promise of the contract is kept, on sound and broken files")
    func conformance() async throws {
        let rows = (0..<7).map { "100042,order \($0),Kanarialintu \($0);100043,secret \($0),Papukaija \($0)" }
        let sound = "customer,what,pet\n" + rows.joined(separator: "\n").replacing(";", with: "\n") + "\n"
        let (good, cut, closed) = (Folder(), Folder(), Folder())
        good.write("a.csv", sound)
        good.write("b.csv", "customer,what,pet\n100042,late,\n")
        good.write("c.csv", "customer,what,pet\n100042,last,\n")
        cut.write("a.csv", String(sound.prefix(60)) + "\"")
        closed.write("elsewhere.txt", "")
        var source = Source()
        source.fields = [.init(field: "note", column: "pet")]
        source.exclusions = []
        source.datasets = [
            .init(id: "orders", path: "*.csv", match: source.match, fields: source.fields),
            .init(id: "late", path: "[bc].csv", match: source.match, fields: []),
        ]
        let extractor = source.extractor()
        let paths = good.path
        let fixture = ExtractorConformance.Fixture(
            catalogue: Catalogue(version: "1.0", entities: [testEntity]), baseDirectory: good.path,
            subject: SubjectKeys([Identifier(kind: "customer", value: "100042")]),
            foreign: SubjectKeys([Identifier(kind: "customer", value: "100043")]),
            unknown: SubjectKeys([Identifier(kind: "customer", value: "999999")]),
            counts: ["orders": 9, "late": 2], documents: 0, secrets: ["Kanarialintu", "Papukaija", "secret"],
            resources: { Self.descriptors(below: paths) },
            faults: [
                .refused: .broken(baseDirectory: closed.path) { extractor },
                .timeOut: .notApplicable("files of a local folder answer at once"),
                .cutInTheMiddle: .broken(baseDirectory: cut.path) { [source] in
                    var source = source
                    source.datasets?.removeLast()
                    return source.extractor()
                },
                .pageRepeated: .notApplicable("a file has no pages; rows that come twice are two rows"),
                .pageLoop: .notApplicable("a file has an end"),
            ])
        let report = await ExtractorConformance(extractor, fixture: fixture).check()
        #expect(report.passed, "\(report)")
    }
}
