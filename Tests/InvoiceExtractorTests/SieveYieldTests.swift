import PortabilityModel
import Testing

@testable import InvoiceExtractor

/// Files of others are left out unread: what makes a search fast.
@Suite struct SieveYieldTests {
    private func mayMatter(_ content: [UInt8], _ values: [String] = ["1001"]) throws -> Bool {
        let sieve = try #require(InvoiceSieve(values.map { Array($0.utf8) }, depth: 128))
        let memory = InvoiceSieve.Memory()
        // Once more with what is remembered of the first time.
        _ = content.withUnsafeBufferPointer { sieve.mayMatter($0, memory) }
        return content.withUnsafeBufferPointer { sieve.mayMatter($0, memory) }
    }

    @Test(arguments: [
        ublInvoice(buyerID: "7"), finvoice(), ublInvoice(buyer: "A &amp; B &#8211;", buyerID: "7"),
        "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- made by x -->" + finvoice(),
        "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n<?xml-stylesheet type=\"text/xsl\" href=\"a.xsl\"?>"
            + finvoice(),
        "<Envelope xmlns='http://x'><a b='c'/></Envelope>\n<?xml version=\"1.0\"?>" + finvoice()
            + "<FinvoiceAttachments/>",
        ublInvoice(buyerID: "7") + finvoice(), "<a>" + ublInvoice(buyerID: "7") + "</a>",
    ])
    func ordinaryInvoicesOfOthersAreLeftOut(_ content: String) throws {
        #expect(try !mayMatter(Array(content.utf8)))
        #expect(try mayMatter(Array(content.replacing("1", with: "1001").utf8)))
    }

    @Test func identifiersThatNoBytesTellLeaveNothingOut() {
        #expect(InvoiceSieve([[0x31, 0x0a]], depth: 128) == nil)
        #expect(InvoiceSieve([Array("a\u{FFFD}".utf8)], depth: 128) == nil)
    }
}
