import Glibc
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import PortabilityText
import Testing

@Suite("A receipt")
struct ReceiptTests {
    private let digest = SHA256Digest.factory

    @Test("says the same after it was written and read")
    func roundTrip() throws {
        let receipt = sampleReceipt()
        let proved = try Receipt.prove(try receipt.document(digest), digest)
        #expect(proved.receipt == receipt)
        #expect(proved.id == (try receipt.id(digest)))
    }

    @Test("is the same bytes for the same answer, and another id for another")
    func deterministic() throws {
        #expect(try sampleReceipt().document(digest) == sampleReceipt().document(digest))
        let other = sampleReceipt { $0.archive.sha256 = hexadecimal(SHA256Digest.of([1])) }
        #expect(try sampleReceipt().id(digest) != other.id(digest))
    }

    @Test("has the digest of its other lines as its id, as any shell can tell")
    func shell() throws {
        let folder = try Folder()
        try write(try sampleReceipt().document(digest), folder("a.receipt.json"))
        let command = "sed '/^  \"receipt_id\": /d' '\(folder("a.receipt.json"))' | sha256sum"
        let pipe = try #require(popen(command, "r"))
        var line = [UInt8](repeating: 0, count: 64)
        fread(&line, 1, 64, pipe)
        pclose(pipe)
        #expect(try text(line) == sampleReceipt().id(digest))
    }

    @Test("shows every change of a byte")
    func flippedBytes() throws {
        let bytes = try sampleReceipt().document(digest)
        for index in bytes.indices {
            for change: UInt8 in [0x01, 0x20, 0x80] {
                var altered = bytes
                altered[index] ^= change
                #expect(failure { _ = try Receipt.prove(altered, digest) } != nil, "byte \(index)")
            }
        }
    }

    @Test("that was shortened, lengthened or laid out anew is altered")
    func otherBytes() throws {
        let bytes = try sampleReceipt().document(digest)
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(failure { _ = try Receipt.prove(Array(bytes[..<count]), digest) } != nil)
        }
        #expect(failure { _ = try Receipt.prove(bytes + [10], digest) }?.code == .verification)
        let compact = try JSONValue(parsing: bytes).compact()
        #expect(failure { _ = try Receipt.prove(compact, digest) }?.code == .malformed)
    }

    @Test("with a member that the format does not know is refused, even with the right id")
    func strict() throws {
        func forged(_ change: (inout [(key: String, value: JSONValue)]) -> Void) throws -> [UInt8] {
            var members = try #require(try JSONValue(parsing: sampleReceipt().document(digest)).members)
            members.removeAll { $0.key == "receipt_id" }
            change(&members)
            let id = hexadecimal(SHA256Digest.of(JSONValue.object(members).formatted()))
            members.insert(("receipt_id", .string(id)), at: 2)
            return JSONValue.object(members).formatted()
        }
        #expect(throws: Never.self) { try Receipt.prove(try forged { _ in }, digest) }
        let extra = try forged { $0.append(("note", .string("a remark"))) }
        #expect(failure { _ = try Receipt.prove(extra, digest) }?.code == .malformed)
        let missing = try forged { $0.removeAll { $0.key == "archive" } }
        #expect(failure { _ = try Receipt.prove(missing, digest) }?.place.field == "archive")
        let newer = try forged { $0[1].value = .string("2.0") }
        #expect(failure { _ = try Receipt.prove(newer, digest) }?.code == .unsupported)
        let huge = try forged { members in
            members.removeAll { $0.key == "documents" }
            members.append(
                ("documents", .members(["given": .number("9223372036854775807"), "withheld": .integer(0)])))
        }
        #expect(failure { _ = try Receipt.prove(huge, digest) }?.place.field == "documents.given")
    }

    @Test(
        "takes no text that could be a person's",
        arguments: [
            Leak("request") { $0.request = "Maija Virtanen" }, Leak("request") { $0.request = "maija@example.com" },
            Leak("request") { $0.request = "R-131052-308T" }, Leak("request") { $0.request = "" },
            Leak("instruction") { $0.instruction = "as agreed with Maija" },
            Leak("identity_check.by") { $0.identityCheck?.by = "Maija Virtanen" },
            Leak("identity_check.by") { $0.identityCheck?.by = "131052-308t" },
            Leak("identity_check.method") { $0.identityCheck?.method = "she called" },
            Leak("identity_check.level") { $0.identityCheck?.level = "High" },
            Leak("identity_check.at") { $0.identityCheck?.at = "yesterday" },
            Leak("received") { $0.received = "last week" }, Leak("finished") { $0.finished = "2026-11-20" },
            Leak("archive.sha256") { $0.archive.sha256 = "Maija" },
            Leak("supplements") { $0.supplements = "the first one" },
            Leak("signing_key") { $0.signingKey = "SHA256:the key of Maija Virtanen" },
            Leak("deadline.due") { $0.deadline?.due = "soon" },
            Leak("missing.expected") { $0.missing[0].expected = "soon" },
            Leak("datasets.fields.field") { $0.datasets[0].fields[0].field = "Maija Virtanen" },
        ])
    func refused(leak: Leak) throws {
        let error = try #require(failure { _ = try sampleReceipt(leak.change).document(digest) })
        #expect(error.code == .refused)
        #expect(error.place.field == leak.field)
        #expect(!error.description.contains("Maija") && !error.description.contains("131052"))
    }

    @Test("whose counts do not balance is not written")
    func ledger() {
        let error = failure { _ = try sampleReceipt { $0.datasets[0].exported = 3 }.document(digest) }
        #expect(error?.code == .ledger)
        #expect(error?.place.dataset == "person")
    }

    @Test("holds no text of six characters or more but those of catalogue, configuration and its own words")
    func vocabulary() throws {
        let document = try sampleReceipt().document(digest)
        let configured = ["Sample Oy", "1234567-1", "Privacy policy", "1.0.0", "isal-2.31", "register", "invoices"]
        let catalogue = ["person", "invoice", "addresses.street"]
        let given = ["R-2026-0001", "privacy-officer", "strong-authentication"]
        #expect(unexplainedTexts(document, known: configured + catalogue + given) == [])
        // The helper does find what does not belong: a name in the place of a configured one.
        let leaking = try sampleReceipt { $0.tool.codec = "Virtanen" }.document(digest)
        #expect(unexplainedTexts(leaking, known: configured + catalogue + given) == ["Virtanen"])
    }
}

/// A change that puts something into a field which does not belong there.
struct Leak: Sendable, CustomTestStringConvertible {
    let field: String
    let change: @Sendable (inout Receipt) -> Void
    var testDescription: String { field }

    init(_ field: String, _ change: @escaping @Sendable (inout Receipt) -> Void) {
        self.field = field
        self.change = change
    }
}

/// The texts of six characters or more, keys and values, that are neither a word of the format, nor a time, nor a
/// digest, nor among those known.
func unexplainedTexts(_ document: [UInt8], known: [String]) -> [String] {
    let words =
        [
            "format", "format_version", "receipt_id", "status", "request", "formats", "received", "created", "finished",
            "version", "controller", "business_id", "policy", "sha256", "configuration_sha256", "request_hmac_sha256",
            "identity_check", "method", "signature_sha256", "instruction", "deadline", "extended", "review_sha256",
            "supplements", "archive", "sources", "findings", "datasets", "entity", "category", "ground", "records",
            "extracted", "exported", "withheld", "fields", "action", "documents", "missing", "expected", "portability",
            "portability-receipt", "masked", "labelled",
        ] + Right.allCases.map(\.rawValue) + Category.allCases.map(\.rawValue) + Role.allCases.map(\.rawValue)
        + Ground.allCases.map(\.rawValue) + Finding.Kind.allCases.map(\.rawValue)
        + Receipt.Status.allCases.map(\.rawValue) + Receipt.Source.Status.allCases.map(\.rawValue)
        + Receipt.Dataset.Status.allCases.map(\.rawValue)
    let allowed = Set(words + known)
    func isExplained(_ text: String) -> Bool {
        text.utf8.count < 6 || allowed.contains(text) || EvidenceText.isDigest(text) || EvidenceText.moment(text) != nil
    }
    func texts(_ value: JSONValue) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let values): values.flatMap(texts)
        case .object(let members): members.flatMap { [$0.key] + texts($0.value) }
        default: []
        }
    }
    guard let value = try? JSONValue(parsing: document) else { return ["(no JSON)"] }
    return texts(value).filter { !isExplained($0) }
}
