import PortabilityCrypto
import PortabilityEvidence
import PortabilityModel
import Testing

@Suite("A receipt of an encrypted archive")
struct EncryptedArchiveTests {
    private let digest = SHA256Digest.factory

    private func encrypted(
        zips: [Int64], sha256: String? = nil, recipients: [Receipt.Archive.Encryption.RecipientKind] = [.x25519]
    ) -> Receipt {
        sampleReceipt { receipt in
            receipt.archive.encryption = Receipt.Archive.Encryption(
                recipients: recipients.map { .init(kind: $0, count: 2) },
                zips: zips.map { .init(bytes: $0, sha256: sha256 ?? hexadecimal(SHA256Digest.of([2]))) })
        }
    }

    @Test("says the same after it was written and read")
    func roundTrip() throws {
        let receipt = encrypted(zips: [10], recipients: [.x25519, .sshEd25519, .scrypt])
        let document = try receipt.document(digest)
        #expect(try Receipt.prove(document, digest).receipt == receipt)
        let text = String(decoding: document, as: UTF8.self)
        #expect(text.contains("\"format\": \"age-encryption.org/v1\""))
        #expect(text.contains("\"ssh-ed25519\": 2"))
    }

    @Test("has a zip inside that is shorter than the file, and a digest of it")
    func plausible() throws {
        for wrong in [encrypted(zips: []), encrypted(zips: [sampleReceipt().archive.bytes]), encrypted(zips: [-1])] {
            #expect(throws: PortabilityError(.ledger, "")) { try wrong.validate() }
        }
        #expect(throws: PortabilityError(.refused, "")) { try encrypted(zips: [10], sha256: "aage1").validate() }
    }
}
