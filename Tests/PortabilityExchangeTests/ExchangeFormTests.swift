import PortabilityExchange
import Testing

@Test("Every form has the name that the command line takes")
func names() {
    #expect(ExchangeForm.allCases.map(\.rawValue) == ["finvoice", "ubl", "vcard", "helsinki-profile"])
}
