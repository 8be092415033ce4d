import ManualExtractor
import PortabilityModel
import PortabilityTesting
import TestServers
import Testing

@Suite("Manual material keeps the contract of extractors", .onOwnThreads)
struct ConformanceTests {
    @Test("Every point of the conformance kit")
    func kit() async throws {
        let folder = try TestFolder()
        for (customer, count) in [("200001", 5), ("200002", 3)] {
            for number in 1...count {
                let kind = number % 2 == 0 ? "contract" : "letter"
                for root in ["all", "cut"] {
                    try folder.write("\(root)/\(customer)/\(number).pdf", pdf + Array("\(customer) \(number)".utf8))
                        .write(
                            "\(root)/\(customer)/\(number).yaml",
                            description(customer, kind: kind, more: "place: Kanarialintu \(number) in the cellar"))
                }
            }
        }
        try folder.write("cut/200001/3.pdf", Array(pdf.dropLast(8)))
        @Sendable func papers(_ root: String) -> ManualExtractor {
            Papers(
                path: "\(root)/{customer_number}",
                datasets: [.init(id: "contracts", kinds: ["contract"]), .init(id: "papers")]
            ).extractor
        }
        func keys(_ value: String) -> SubjectKeys {
            SubjectKeys([Identifier(kind: "customer_number", value: value)])
        }
        let fixture = ExtractorConformance.Fixture(
            baseDirectory: folder.path, subject: keys("200001"), foreign: keys("200002"), unknown: keys("299999"),
            counts: ["contracts": 2, "papers": 3], documents: 5, secrets: ["Kanarialintu", "A paper"],
            resources: { folder.openDescriptors },
            faults: [
                .refused: .broken { papers("gone") },
                .timeOut: .notApplicable("a local file answers"),
                .cutInTheMiddle: .broken { papers("cut") },
                .pageRepeated: .notApplicable("two identical scans are two papers that somebody scanned"),
                .pageLoop: .notApplicable("a person has one folder for each number"),
            ])
        let report = await ExtractorConformance(papers("all"), fixture: fixture).check()
        #expect(report.passed, "\(report)")
    }
}
