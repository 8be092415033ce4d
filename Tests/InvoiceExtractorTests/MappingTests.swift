import PortabilityModel
import Testing

@testable import InvoiceExtractor

@Suite struct MappingTests {
    @Test func everyRuleNamesFieldsThatExist() {
        #expect(InvoiceRules(EntityLayout(Catalogue.invoice)).faults == [])
    }
}
