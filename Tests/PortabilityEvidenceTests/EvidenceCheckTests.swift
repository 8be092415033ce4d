import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import Testing

@Suite("Journal, receipts and archives")
struct EvidenceCheckTests {
    private let folder: Folder
    private let digest = SHA256Digest.factory
    private let receipt: Receipt
    private let id: String

    /// One archive, its receipt, and the journal that tells of both.
    init() throws {
        folder = try Folder()
        receipt = sampleReceipt()
        id = try receipt.id(digest)
        try write("the archive", folder("R-1.zip"))
        try write(try receipt.document(digest), folder("R-1.zip.receipt.json"))
        try journal(folder("journal")).append(
            .exported(request: receipt.request, receipt: id, archive: receipt.archive.sha256), at: noon)
    }

    private func check(
        journal: Bool = true, receipts: [String] = ["."], archives: [String] = []
    ) throws -> EvidenceCheck.Report {
        try EvidenceCheck(
            journal: journal ? folder("journal") : nil, receipts: receipts.map { $0 == "." ? folder.path : folder($0) },
            archives: archives.map { folder($0) }
        ).run(digest)
    }

    @Test("that tell the same are sound")
    func sound() throws {
        let report = try check(archives: ["R-1.zip"])
        #expect(report.isSound)
        #expect(report.receipts.map(\.id) == [id])
        #expect(report.archives == [folder("R-1.zip")])
        #expect(try check(journal: false).isSound && check(receipts: []).isSound)
        #expect(text(report.document()).contains("\"sound\": true"))
    }

    @Test("show a receipt that was altered, and that it is then missing")
    func alteredReceipt() throws {
        let altered = text(try receipt.document(digest)).replacing("\"high\"", with: "\"low\"")
        try write(altered, folder("R-1.zip.receipt.json"))
        let report = try check()
        #expect(report.receipts.isEmpty)
        #expect(report.findings.map(\.file) == [folder("R-1.zip.receipt.json"), folder("journal")])
        #expect(report.findings.last?.line == 2)
    }

    @Test("show a receipt that was written anew: it is another one, and not recorded")
    func forgedReceipt() throws {
        let forged = sampleReceipt { $0.datasets[0].withheld = [.init(ground: .notRequested, count: 1)] }
        try write(try forged.document(digest), folder("R-1.zip.receipt.json"))
        #expect(try check().findings.count == 2)
        #expect(try check(journal: false).isSound, "without the journal no one can tell")
    }

    @Test("show an archive that was altered or is not ours")
    func alteredArchive() throws {
        try write("the archivE", folder("R-1.zip"))
        #expect(try check(archives: ["R-1.zip"]).findings.map(\.file) == [folder("R-1.zip")])
    }

    @Test("know the zip inside of an encrypted archive, and say that it is that")
    func decrypted() throws {
        let zip = "the zip inside"
        let encrypted = sampleReceipt {
            $0.archive.bytes = 100
            $0.archive.encryption = .init(
                recipients: [.init(kind: .x25519, count: 1)],
                zips: [.init(bytes: Int64(zip.utf8.count), sha256: PortabilityEvidenceTests.digest(zip))])
        }
        try write(try encrypted.document(digest), folder("R-2.zip.age.receipt.json"))
        try write(zip, folder("d.zip"))
        func check(_ archive: String) throws -> EvidenceCheck.Report {
            try self.check(journal: false, receipts: ["R-2.zip.age.receipt.json"], archives: [archive])
        }
        let report = try check("d.zip")
        #expect(report.isSound && report.archives == [folder("d.zip")] && report.decrypted == report.archives)
        #expect(text(report.document()).contains("\"decrypted\": [\n    \"\(folder("d.zip"))\""))
        try write(zip + ".", folder("d.zip"))
        #expect(try check("d.zip").findings.map(\.file) == [folder("d.zip")])
        #expect(try self.check(archives: ["R-1.zip"]).decrypted.isEmpty)
    }

    @Test("show a delivery of what was never made")
    func unknownDelivery() throws {
        try journal(folder("journal")).append(
            JournalEvent(
                .delivered, request: receipt.request, happened: "2026-11-21", channel: .letter, by: "mail-room",
                receipt: hexadecimal(SHA256Digest.of([1]))), at: noon)
        #expect(try check().findings.map(\.line) == [3])
    }

    @Test("show a delivery of what was made for another request")
    func deliveryOfAnother() throws {
        for request in [receipt.request, "R-2026-0077"] {
            try journal(folder("journal")).append(
                JournalEvent(
                    .delivered, request: request, happened: "2026-11-21", channel: .letter, by: "mail-room",
                    receipt: id), at: noon)
        }
        let findings = try check(receipts: []).findings
        #expect(findings.map(\.line) == [4])
        #expect(findings.first?.message.contains("another request") == true)
    }

    @Test("show a supplement to a receipt that no one has")
    func supplement() throws {
        let second = sampleReceipt {
            $0.supplements = id
            $0.status = .complete
        }
        try write(try second.document(digest), folder("R-2.zip.receipt.json"))
        #expect(try check(journal: false).isSound)
        #expect(try check(journal: false, receipts: ["R-2.zip.receipt.json"]).findings.count == 1)
    }

    @Test("cannot be checked where a file is not there")
    func missing() {
        #expect(failure { _ = try check(receipts: ["none.json"]) }?.code == .unavailable)
        #expect(failure { _ = try check(archives: ["none.zip"]) }?.code == .unavailable)
    }
}
