import Glibc
import PortabilityModel
import PortabilityTesting
import SingerExtractor
import TestServers
import Testing

/// The contract of every extractor, kept by one that runs another program.
@Suite(.onOwnThreads) struct ConformanceTests {
    /// A tap that prints a file of messages, and a part of it where it is told to.
    private func source(_ script: String, silence: Double = 60, total: Double = 60) -> Source {
        var lines = [
            schema(["id", "name", "balance", "kind", "token", "no"], key: ["no"]),
            schema(["no", "id", "name"], stream: "order", key: []),
        ]
        for number in 1...40 {
            let id = number % 2 == 0 ? 100_042 : 100_043
            lines.append(
                record(
                    #"{"no":\#(number),"id":\#(id),"name":"person of a long name \#(number)","kind":"\#(number % 4)","#
                        + #""balance":\#(number == 4 ? "\"Kanarialintu\"" : "\(number).50"),"token":"secret token"}"#))
            lines.append(record(#"{"no":\#(number),"id":"\#(id)","name":"order \#(number)"}"#, stream: "order"))
        }
        var source = Source(printing: lines + [state])
        source.script(script)
        source.exclusions = ["token"]
        let match = [SingerConfiguration.Match(kind: "customer_number", path: "id", isUnique: true)]
        source.datasets = [
            Source.dataset(
                id: "firms", match: match, fields: [("name", "name"), ("balance", "balance")],
                filter: .init(path: "kind", values: ["0", "1"])),
            Source.dataset(
                id: "people", match: match, fields: [("name", "name")], filter: .init(path: "kind", values: ["2", "3"])),
            Source.dataset(id: "orders", stream: "order", match: match),
        ]
        source.change = {
            $0.silenceSeconds = silence
            $0.timeoutSeconds = total
        }
        return source
    }

    @Test func theContractIsKept() async throws {
        let sound = source("cat out.jsonl")
        let cut = source(#"head -c 4990 out.jsonl"#)
        let dead = source("head -n 30 out.jsonl; exit 1")
        let silent = source("head -n 30 out.jsonl; exec sleep 1000", silence: 0.3)
        let loop = source("while cat out.jsonl; do :; done", total: 0.2)
        let gone = source("exit 0")
        unlink(gone.folder.path + "/tap.sh")
        func keys(_ value: String) -> SubjectKeys {
            SubjectKeys([Identifier(kind: "customer_number", value: value)])
        }
        func faults(_ cut: Source) -> [ExtractorConformance.Fault: ExtractorConformance.FaultSource] {
            [
                .refused: .broken(baseDirectory: gone.folder.path) { gone.extractor() },
                .timeOut: .broken(baseDirectory: silent.folder.path) { silent.extractor() },
                .cutInTheMiddle: .broken(baseDirectory: cut.folder.path) { cut.extractor() },
                .pageRepeated: .notApplicable("a tap may give a record more than once; it is taken once"),
                .pageLoop: .broken(baseDirectory: loop.folder.path) { loop.extractor() },
            ]
        }
        let fixture = ExtractorConformance.Fixture(
            catalogue: Catalogue(version: "1.0", entities: [testEntity]), baseDirectory: sound.folder.path,
            subject: keys("100042"), foreign: keys("100043"), unknown: keys("999999"),
            counts: ["firms": 10, "people": 10, "orders": 20], documents: 0,
            secrets: ["Kanarialintu", "secret token", "person of a long name"],
            resources: { sound.folder.processes }, faults: faults(cut))
        let report = await ExtractorConformance(sound.extractor(), fixture: fixture).check()
        #expect(report.passed, "\(report)")

        var second = fixture
        second.faults = faults(dead)
        let again = await ExtractorConformance(sound.extractor(), fixture: second).check([.cutInTheMiddle])
        #expect(again.passed, "\(again)")
    }
}
