import Glibc
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import PortabilityText
import Testing

@Suite("A dossier")
struct DossierTests {
    private let folder: Folder
    private let digest = SHA256Digest.factory
    private let receipt = sampleReceipt()

    init() throws {
        folder = try Folder()
        try write("id: R-2026-0001\n", folder("request of Maija.yaml"))
        try write("the archive", folder("R-2026-0001.zip"))
        try write(try receipt.document(digest), folder("R-2026-0001.zip.receipt.json"))
        try write("Dear Maija", folder("R-2026-0001.letter-delivery.txt"))
        try write("Dear Maija, again", folder("R-2026-0001.letter-maija.txt"))
        try write("{}", folder("R-2026-0001.review.json"))
        try write("another's", folder("R-2026-0002.letter-delivery.txt"))
        let journal = journal(folder("journal"))
        for request in ["R-2026-0001", "R-2026-0002", "R-2026-0001"] {
            try journal.append(JournalEvent(.received, request: request, happened: "2026-11-02"), at: noon)
        }
    }

    private var archive: String { folder("R-2026-0001.zip") }

    private func dossier(_ change: (inout Dossier) -> Void = { _ in }) throws -> Dossier {
        var dossier = Dossier(
            request: "R-2026-0001",
            items: [.init(.request, folder("request of Maija.yaml")), .init(.archive, archive)]
                + (try Dossier.beside(archive: archive)),
            journal: folder("journal"), letterKinds: ["delivery", "acknowledgement"], created: noon,
            tool: "portability 1.0")
        change(&dossier)
        return dossier
    }

    private static let files = [
        "dossier.json", "index.txt", "journal.jsonl", "letter-1-delivery.txt", "letter-2.txt", "receipt.json",
        "request.yaml", "review.json",
    ]

    @Test("gathers what lies beside the archive, under names that say what it is and no one's name")
    func gathers() throws {
        let entries = try dossier().write(to: folder("dossier"), digest)
        #expect(names(folder("dossier")) == Self.files)
        for entry in entries {
            guard let name = entry.name else { continue }
            #expect(hexadecimal(SHA256Digest.of(try read(folder("dossier/\(name)")))) == entry.sha256)
        }
        #expect(try read(folder("dossier/receipt.json")) == receipt.document(digest))
        let index = text(try read(folder("dossier/index.txt")))
        #expect(
            index.contains("(not copied): the archive that was given\n  11 bytes, sha256 \(receipt.archive.sha256)"))
        #expect(!index.contains("Maija"))
    }

    @Test("has the journal's lines about its request, each as it stands, and the head")
    func journalLines() throws {
        _ = try dossier().write(to: folder("dossier"), digest)
        let lines = text(try read(folder("dossier/journal.jsonl"))).split(separator: "\n")
        let whole = text(try read(folder("journal"))).split(separator: "\n")
        #expect(lines == [whole[1], whole[3]])
        let head = try JSONValue(parsing: try read(folder("dossier/dossier.json")))["journal_head"]
        #expect(head?["count"]?.integer == 4)
    }

    @Test("is for its owner only, and leaves nothing else behind")
    func permissions() throws {
        let before = names(folder.path)
        _ = try dossier().write(to: folder("dossier"), digest)
        #expect(try mode(folder("dossier")) == 0o700)
        for file in Self.files { #expect(try mode(folder("dossier/\(file)")) == 0o600) }
        #expect(names(folder.path) == (before + ["dossier"]).sorted())
    }

    @Test("copies the archive when asked to")
    func withArchive() throws {
        _ = try dossier { $0.copiesArchives = true }.write(to: folder("dossier"), digest)
        #expect(try read(folder("dossier/archive.zip")) == read(archive))
    }

    @Test("replaces a dossier only when asked to, and never anything else")
    func replacing() throws {
        _ = try dossier().write(to: folder("dossier"), digest)
        #expect(failure { _ = try dossier().write(to: folder("dossier"), digest) }?.code == .output)
        _ = try dossier { $0.journal = nil }.write(to: folder("dossier/"), replace: true, digest)
        #expect(names(folder("dossier")) == Self.files.filter { $0 != "journal.jsonl" })

        try write("mine", folder("dossier/notes.txt"))
        #expect(failure { _ = try dossier().write(to: folder("dossier"), replace: true, digest) }?.code == .output)
        #expect(text(try read(folder("dossier/notes.txt"))) == "mine")
        mkdir(folder("empty"), 0o700)
        #expect(failure { _ = try dossier().write(to: folder("empty"), replace: true, digest) }?.code == .output)
        #expect(failure { _ = try dossier().write(to: archive, replace: true, digest) }?.code == .output)
        #expect(text(try read(archive)) == "the archive")
    }

    @Test("is not made with a receipt that was altered, of another request, or of another archive")
    func receipts() throws {
        let before = names(folder.path)
        let path = folder("R-2026-0001.zip.receipt.json")
        for altered in [
            Array(text(try receipt.document(digest)).replacing("\"high\"", with: "\"low\"").utf8),
            try sampleReceipt { $0.request = "R-2026-0002" }.document(digest),
            try sampleReceipt { $0.archive.sha256 = hexadecimal(SHA256Digest.of([1])) }.document(digest),
        ] {
            try write(altered, path)
            #expect(failure { _ = try dossier().write(to: folder("dossier"), digest) }?.code == .verification)
            #expect(names(folder.path) == before)
        }
    }

    @Test("is not made with a journal that is not in order, or with a file that is not there")
    func faults() throws {
        let before = names(folder.path)
        try write(text(try read(folder("journal"))).replacing("R-2026-0002", with: "R-2026-0003"), folder("journal"))
        let error = failure { _ = try dossier().write(to: folder("dossier"), digest) }
        #expect(error?.code == .verification)
        #expect(error?.place.line == 3)
        let gone = failure {
            _ = try dossier { $0.items.append(.init(.letter, folder("gone.txt"))) }.write(to: folder("dossier"), digest)
        }
        #expect(gone?.code == .unavailable)
        #expect(names(folder.path) == before)
    }

    @Test("takes away what a killed run left of it")
    func sweeps() throws {
        mkdir(folder(".dossier.partial-1-abc"), 0o700)
        try write("half", folder(".dossier.partial-1-abc/letter.txt"))
        _ = try dossier().write(to: folder("dossier"), digest)
        rename(folder("dossier"), folder(".dossier.replaced"))
        #expect(failure { _ = try dossier().write(to: folder("dossier"), digest) }?.code == .output)
        #expect(names(folder("dossier")) == Self.files, "a folder that was set aside comes back")
        #expect(!names(folder.path).contains { $0.hasPrefix(".") })
    }

    @Test("finds the archive that has the request's id, beside the request")
    func besideRequest() {
        #expect(Dossier.archive(of: "R-2026-0001", beside: folder("request of Maija.yaml")) == [archive])
        #expect(Dossier.archive(of: "R-2026-0002", beside: folder("request of Maija.yaml")) == [])
    }
}
