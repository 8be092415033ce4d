import PortabilityCrypto
import PortabilityModel
import Testing

@Test("SHA-256 of abc (FIPS 180-4)")
func sha256() {
    #expect(
        hexadecimal(SHA256Digest.of(Array("abc".utf8)))
            == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
}
