import PortabilityEnvelope
import Testing

@Suite("What the first bytes of a file announce")
struct EncryptedFileTests {
    @Test func ageHasAVersionLine() {
        #expect(EncryptedFile.isAge(Array("age-encryption.org/v1\n-> X25519".utf8)))
        #expect(!EncryptedFile.isAge(Array("age-encryption.org/v2\n".utf8)))
        #expect(!EncryptedFile.isAge(Array("PK".utf8)))
    }
}
