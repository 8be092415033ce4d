import Glibc
import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import Testing

/// A folder that goes away with the test.
final class Folder {
    let path: String

    init() throws {
        var template = Array("/tmp/portability-evidence-XXXXXX".utf8CString)
        path = try String(cString: #require(mkdtemp(&template)))
    }

    deinit { remove(path) }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    private func remove(_ folder: String) {
        for name in names(folder) {
            if unlink("\(folder)/\(name)") != 0 { remove("\(folder)/\(name)") }
        }
        rmdir(folder)
    }
}

func names(_ folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

func read(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "rb"), "\(path)")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
}

func write(_ bytes: [UInt8], _ path: String) throws {
    let file = try #require(fopen(path, "wb"), "\(path)")
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
}

func write(_ text: String, _ path: String) throws { try write(Array(text.utf8), path) }

/// The permission bits of a file or folder.
func mode(_ path: String) throws -> mode_t {
    var status = stat()
    try #require(lstat(path, &status) == 0, "\(path)")
    return status.st_mode & 0o777
}

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// SHA-256 of a text, a digest to have one.
func digest(_ text: String) -> String { hexadecimal(SHA256Digest.of(Array(text.utf8))) }

/// What an error says, or nothing.
func failure(_ body: () throws -> Void) -> PortabilityError? {
    do {
        try body()
        return nil
    } catch {
        return error as? PortabilityError
    }
}

let noon = "2026-11-22T12:00:00Z"

func journal(_ path: String) -> Journal { Journal(path: path, digest: SHA256Digest.factory) }

/// The receipt of a partial answer, with every member that a receipt can have.
func sampleReceipt(_ change: (inout Receipt) -> Void = { _ in }) -> Receipt {
    var receipt = Receipt(
        status: .partial, request: "R-2026-0001", right: .access, formats: [.json, .csv], received: "2026-11-02",
        created: "2026-11-20T09:00:00Z", finished: "2026-11-20T09:00:07Z",
        tool: Receipt.Tool(name: "portability", version: "1.0.0", codec: "isal-2.31"),
        controller: Receipt.Controller(name: "Sample Oy", businessID: "1234567-1"),
        policy: Receipt.Policy(name: "Privacy policy", date: "2026-01-01", sha256: digest("policy")),
        configurationSHA256: digest("configuration"), requestHMAC: digest("request"),
        identityCheck: Receipt.IdentityCheck(
            method: "strong-authentication", level: "high", at: "2026-11-02T10:02:00+02:00", by: "privacy-officer"),
        signatureSHA256: digest("signature"), instruction: "I-7",
        deadline: Receipt.Deadline(due: "2026-12-02"), reviewSHA256: digest("review"),
        archive: Receipt.Archive(bytes: 11, sha256: digest("the archive")),
        sources: [
            Receipt.Source(
                id: "register", status: .complete, asOf: "2026-11-20T09:00:00Z", files: 1, bytes: 4096),
            Receipt.Source(
                id: "logs", status: .partial, asOf: "2026-11-20T09:00:00Z", files: 3, bytes: 999,
                findings: [.init(kind: .malformed, count: 2), .init(kind: .truncated, count: 1)]),
        ],
        datasets: [
            Receipt.Dataset(
                id: "person", entity: "person", category: .registration, role: .controller, status: .exported,
                extracted: 3, exported: 2, withheld: [.init(ground: .others, count: 1)],
                fields: [.init(field: "addresses.street", action: .masked, ground: .others, count: 1)]),
            Receipt.Dataset(
                id: "invoices", entity: "invoice", category: .invoicing, role: .processor, status: .withheld,
                ground: .processor),
        ],
        documents: Receipt.Documents(given: 2, withheld: 1),
        missing: [Receipt.Missing(id: "logs", expected: "2026-12-15")])
    change(&receipt)
    return receipt
}
