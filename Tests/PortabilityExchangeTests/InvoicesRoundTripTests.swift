import PortabilityExchange
import PortabilityModel
import Testing

/// Invoices that others published, written in another syntax and read back.
@Suite struct InvoicesRoundTripTests {
    /// Told of the file that was read, not of the invoice.
    private static let ofTheFile: Set<String> = ["syntax", "syntax_version"]

    @Test(
        "UBL comes back as it was, but for attached files, which is noted",
        arguments: [
            ("invoices/en16931", "ubl-*.xml", 4), ("exchange", "ubl-*.xml", 7), ("invoices/xrechnung", "*_ubl.xml", 10),
        ])
    func ublToUBL(_ folder: String, _ pattern: String, _ count: Int) async throws {
        let batches = try await readInvoices(pattern, in: "\(testData)/\(folder)")
        let output = try makeInvoices(UBLMaker(), of: batches)
        let before = lines(of: batches)
        let after = try await readBack(output)
        #expect(before.count == count)
        #expect(after.count == count)
        let attached: Set<String> = ["attachments.filename", "attachments.media_type", "attachments.document"]
        for (index, (original, copy)) in zip(before, after).enumerated() {
            let gone = lost(original, in: copy)
            #expect(gone.subtracting(attached) == [])
            #expect(lost(copy, in: original) == [])
            let noted = output.notes.filter { $0.kind == .dropped && $0.record == Int64(index + 1) }.map(\.term)
            #expect(Set(noted) == gone)
        }
        #expect(!output.notes.contains { $0.kind == .missing || $0.kind == .refused })
    }

    @Test(
        "CII becomes UBL of the same invoice",
        arguments: [
            ("invoices/en16931", "CII*.xml", 2), ("invoices/xrechnung", "*_uncefact.xml", 10),
        ])
    func ciiToUBL(_ folder: String, _ pattern: String, _ count: Int) async throws {
        let batches = try await readInvoices(pattern, in: "\(testData)/\(folder)")
        let output = try makeInvoices(UBLMaker(), of: batches)
        let after = try await readBack(output)
        #expect(after.count == count)
        for (index, (original, copy)) in zip(lines(of: batches), after).enumerated() {
            let noted = output.notes.filter { $0.kind == .dropped && $0.record == Int64(index + 1) }.map(\.term)
            #expect(lost(original, in: copy).subtracting(Self.ofTheFile).subtracting(noted) == [])
            // What the standard says to write where an invoice has nothing to say.
            let written: Set<String> = [
                "specification", "order_reference", "payment_means.card_network", "lines.price.discount",
            ]
            #expect(lost(copy, in: original).subtracting(Self.ofTheFile).subtracting(written) == [])
        }
    }

    @Test("Finvoice comes back as it was, whatever its version")
    func finvoiceToFinvoice() async throws {
        let batches = try await readInvoices(in: "\(testData)/invoices/finvoice")
        let output = try makeInvoices(FinvoiceMaker(), of: batches)
        let after = try await readBack(output)
        #expect(after.count == 4)
        for (index, (original, copy)) in zip(lines(of: batches), after).enumerated() {
            let noted = output.notes.filter { $0.kind == .dropped && $0.record == Int64(index + 1) }.map(\.term)
            #expect(lost(original, in: copy).subtracting(Self.ofTheFile) == Set(noted))
            // The part for the bank is filled from the rest of the invoice; a total is added up.
            let filled = lost(copy, in: original).subtracting(Self.ofTheFile)
            let expected: Set<String> = ["payment_means.payee_name", "payment_means.charge_option", "totals.lines"]
            #expect(filled.subtracting(expected) == [])
        }
    }

    @Test("Finvoice becomes UBL and loses nothing without a note")
    func finvoiceToUBL() async throws {
        let batches = try await readInvoices(in: "\(testData)/invoices/finvoice")
        let output = try makeInvoices(UBLMaker(), of: batches)
        let after = try await readBack(output)
        #expect(after.count == 4)
        // Other fields say the same: the type code, the payment's reference, the invoice's due date and currency.
        let implied: Set<String> = [
            "national_type_code", "payment_means.finnish_reference", "payment_means.rf_reference",
            "payment_means.payee_name", "payment_means.amount", "payment_means.currency", "payment_means.due_date",
            "payment_terms.due_date", "payment_means.account_scheme", "lines.price.base_unit_code",
        ]
        for (index, (original, copy)) in zip(lines(of: batches), after).enumerated() {
            let noted = output.notes.filter { $0.kind == .dropped && $0.record == Int64(index + 1) }.map(\.term)
            var said = implied.union(noted)
            // The seller's account is the one that is paid to.
            func values(_ list: String, _ field: String) -> Set<Substring> {
                Set(
                    original.compactMap { line in
                        let parts = line.split(separator: "=", maxSplits: 1)
                        return parts[0].hasPrefix(list) && parts[0].hasSuffix(".\(field)") ? parts[1] : nil
                    })
            }
            for field in ["account", "bic", "scheme"] {
                let paid = values("payment_means", field == "scheme" ? "account_scheme" : field)
                if values("seller.bank_accounts", field).isSubset(of: paid) {
                    said.insert("seller.bank_accounts.\(field)")
                }
            }
            #expect(lost(original, in: copy).subtracting(Self.ofTheFile).subtracting(said) == [])
        }
    }

    @Test(
        "UBL becomes Finvoice and keeps the terms that Finvoice has",
        arguments: [
            ("invoices/en16931", "*.xml"), ("exchange", "ubl-*.xml"), ("invoices/xrechnung", "*.xml"),
        ])
    func ublToFinvoice(_ folder: String, _ pattern: String) async throws {
        let batches = try await readInvoices(pattern, in: "\(testData)/\(folder)")
        let output = try makeInvoices(FinvoiceMaker(), of: batches)
        let after = try await readBack(output)
        let refused = Set(output.notes.filter { $0.kind == .refused }.map(\.record))
        let originals = lines(of: batches).enumerated().filter { !refused.contains(Int64($0.offset + 1)) }
        #expect(after.count == originals.count)
        #expect(!after.isEmpty)
        for ((index, original), copy) in zip(originals, after) {
            let notes = output.notes.filter { $0.kind == .dropped && $0.record == Int64(index + 1) }
            #expect(moved(original, in: copy).subtracting(notes.map(\.term)) == [])
        }
    }

    /// Paths that are lost, but for those whose values stand elsewhere or are spelled with more digits.
    private func moved(_ original: InvoiceLines, in copy: InvoiceLines) -> Set<String> {
        func value(_ line: String) -> String { String(line.drop { $0 != "=" }.dropFirst()) }
        let words = copy.map(value).joined(separator: " ")
        let whole = Set(copy.map(value))
        var gone: Set<String> = []
        for line in Set(original).subtracting(copy) where !Self.ofTheFile.contains(plainPath(line)) {
            let text = value(line)
            let isElsewhere =
                text.allSatisfy { $0.isNumber || $0 == "." || $0 == "-" }
                ? whole.contains(text)
                    || copy.contains { plainPath($0) == plainPath(line) && isSame(value($0), text) }
                : text.split { $0.isWhitespace }.allSatisfy { words.contains($0) }
            if !isElsewhere { gone.insert(plainPath(line)) }
        }
        // An OVT code is one by its spelling.
        return gone.subtracting(["seller.electronic_address_scheme", "buyer.electronic_address_scheme"])
    }

    private func isSame(_ left: String, _ right: String) -> Bool {
        guard let one = Double(left), let other = Double(right) else { return left == right }
        return one == other
    }
}
