import PortabilityImport
import Testing

@Test("A new summary has counted nothing")
func empty() { #expect(ImportSummary() == ImportSummary()) }
