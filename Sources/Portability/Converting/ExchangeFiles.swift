import PortabilityArchive
import PortabilityExchange
import PortabilityModel
import PortabilityText

/// The forms that archives can be turned into; a new one is a line here.
struct ExchangeMakers {
    typealias Make = @Sendable () -> any ExchangeMaker

    /// In the order in which they stand in manifests.
    static let all: [(form: ExchangeForm, make: Make)] = [
        (.finvoice, { FinvoiceMaker() }), (.ubl, { UBLMaker() }), (.vcard, { VCardMaker() }),
        (.helsinkiProfile, { HelsinkiProfileMaker() }),
    ]

    static subscript(form: ExchangeForm) -> Make? { all.first { $0.form == form }?.make }
}

/// Takes the files of one form, and packs them.
///
/// Used by one task at a time. All files share one spool: there may be a hundred thousand invoices.
final class ExchangeFiles: ExchangeOutput {
    /// One file, packed.
    struct File: Sendable {
        let entry: SpooledEntry
        let mediaType: String
    }

    /// What came of a form.
    struct Result: Sendable {
        let form: ExchangeForm
        /// The datasets that went in, with the number of their records.
        var datasets: [(id: String, role: Role, records: Int64)]
        var files: [File]
        var notes: [ExchangeNote]
        /// Notes that there was no room for.
        var notesBeyond: Int64
        let spool: Spool

        func discard() { spool.close() }
    }

    /// The most notes that a manifest lists; the rest are counted.
    static let noteLimit = 10_000

    private let form: ExchangeForm
    private let assembler: ArchiveAssembler
    private let spool: Spool
    private var open: (writer: EntryWriter, mediaType: String)?
    private var names: Set<String> = []
    private var files: [File] = []
    private var notes: [ExchangeNote] = []
    private var notesBeyond: Int64 = 0
    var datasets: [(id: String, role: Role, records: Int64)] = []

    init(form: ExchangeForm, assembler: ArchiveAssembler) {
        self.form = form
        self.assembler = assembler
        spool = assembler.spools.make()
    }

    func begin(_ name: String, mediaType: String) throws {
        guard open == nil, Self.isPlain(name), names.insert(name.lowercased()).inserted else {
            throw PortabilityError(
                .output, "a form begins a file whose name cannot be one, or before the last has ended",
                remedy: "This is a fault of the program; the archive was not written", at: .init(field: form.rawValue))
        }
        open = (try assembler.open("data/\(form.rawValue)/\(name)"), mediaType)
    }

    func append(_ bytes: [UInt8]) throws {
        guard let open else { throw notOpen }
        try open.writer.append(bytes)
    }

    func end() throws {
        guard let open else { throw notOpen }
        self.open = nil
        files.append(File(entry: try open.writer.finish().moved(to: spool), mediaType: open.mediaType))
        if files.count % 64 == 0 { try Task.checkPortabilityCancellation() }
    }

    func note(_ note: ExchangeNote) {
        if notes.count < Self.noteLimit {
            notes.append(note)
        } else {
            notesBeyond += 1
        }
    }

    /// All files are written.
    ///
    /// - Throws: `output` if one is still open.
    func finish() throws -> Result {
        guard open == nil else { throw notOpen }
        return Result(
            form: form, datasets: datasets,
            files: files.sorted { $0.entry.name.utf8.lexicographicallyPrecedes($1.entry.name.utf8) }, notes: notes,
            notesBeyond: notesBeyond, spool: spool)
    }

    /// Gives everything up.
    func discard() {
        open?.writer.discard()
        spool.close()
    }

    private var notOpen: PortabilityError {
        PortabilityError(
            .output, "a form writes outside its files, or leaves one open",
            remedy: "This is a fault of the program; the archive was not written", at: .init(field: form.rawValue))
    }

    /// A name without folders and without anything that could be a person's.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.first != UInt8(ascii: ".")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

extension ExchangeFiles.Result {
    /// The form's object in `manifest.json`.
    var manifest: JSONValue {
        .members([
            "form": .string(form.rawValue),
            "datasets": .array(
                datasets.map {
                    .members([
                        "id": .string($0.id), "records": .integer($0.records), "role": .string($0.role.rawValue),
                    ])
                }),
            "files": .array(
                files.map {
                    .members([
                        "path": .string($0.entry.name), "bytes": .integer($0.entry.size),
                        "sha256": .string(hexadecimal($0.entry.sha256)), "media_type": .string($0.mediaType),
                    ])
                }),
            "notes": .array(
                notes.map {
                    .members([
                        "kind": .string($0.kind.rawValue), "dataset": .string($0.dataset),
                        "record": .integer($0.record), "file": $0.file.map(JSONValue.string),
                        "term": .string($0.term), "message": .string($0.message),
                    ])
                }),
            "notes_not_listed": notesBeyond > 0 ? .integer(notesBeyond) : nil,
        ])
    }
}
