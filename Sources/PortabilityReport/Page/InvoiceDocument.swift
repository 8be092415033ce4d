import PortabilityModel

/// Invoices as documents that a person recognises: parties, dates, lines, taxes, total, how to pay. The files hold the
/// other fields.
extension PageWriter {
    func writeInvoices(
        _ rows: ArchiveSummary.Rows, of dataset: ArchiveSummary.Dataset, isWhole: Bool,
        _ forEach: ((RecordView) throws -> Bool) throws -> Void
    ) throws {
        if isWhole { try writeSums(of: dataset, forEach) }
        try out.write("<p class=\"muted\">\(text(InvoiceTexts.allFields))</p>\n")
        let start = out.count
        var written: Int64 = 0
        var hasRoom = true
        try forEach { view in
            hasRoom = self.hasRoom(from: start)
            if !hasRoom { return false }
            try writer.record { try invoice(view, isOpen: isFullPrint || written == 0) }
            written += 1
            return true
        }
        if !hasRoom { try noteEnd(written, of: dataset) }
    }

    /// What is payable in all, by kind of document and currency; nothing is said of a kind of which one document does
    /// not tell it.
    private func writeSums(
        of dataset: ArchiveSummary.Dataset, _ forEach: ((RecordView) throws -> Bool) throws -> Void
    ) throws {
        var sums: [(kind: String, currency: String, count: Int64, sum: DecimalSum)] = []
        var unknown: Set<String> = []
        var count: Int64 = 0
        try forEach { view in
            count += 1
            let kind = view.text("document_type") ?? "other"
            guard let payable = view.one("totals")?.text("payable"), let currency = view.text("currency") else {
                unknown.insert(kind)
                return true
            }
            let index = sums.firstIndex { $0.kind == kind && $0.currency == currency }
            if index == nil {
                // Nobody is billed in that many currencies; what is, is not summed up.
                if sums.count == 40 { unknown.insert(kind) } else { sums.append((kind, currency, 0, DecimalSum())) }
            }
            if let index = index ?? sums.firstIndex(where: { $0.kind == kind && $0.currency == currency }) {
                sums[index].count += 1
                sums[index].sum.add(payable)
            }
            return true
        }
        // Only sums of all records are sums.
        guard count == dataset.records else { return }
        let kinds = Catalogue.standard.entity(named: "invoice")?.fields.first { $0.name == "document_type" }?.codes
        for sum in sums.sorted(by: { ($0.kind, $0.currency) < ($1.kind, $1.currency) })
        where !unknown.contains(sum.kind) && sum.sum.isExact {
            let kind = kinds?.first { $0.value == sum.kind }?.label ?? ValueTexts.categoryInside(.invoicing)
            let note = InvoiceTexts.payableSum.filled(
                language,
                [
                    "kind": kind[language], "count": language.number(sum.count),
                    "sum": "\(language.decimal(sum.sum.text))\u{A0}\(sum.currency)",
                ])
            try out.write("<p>\(note)</p>\n")
        }
    }

    private func invoice(_ view: RecordView, isOpen: Bool) throws {
        let currency = view.text("currency")
        try out.write("<details class=\"invoice\"\(isOpen ? " open" : "" as Markup)><summary>")
        try out.write("<span class=\"kind\">")
        try value("document_type", of: view)
        try out.write("</span> <span class=\"no\">")
        try writer.text(view.text("number") ?? text(InvoiceTexts.noNumber), isFree: false)
        try out.write("</span>")
        if let date = view.text("issue_date") { try out.write(" <span>\(language.date(date))</span>") }
        if let payable = view.one("totals")?.text("payable") {
            try out.write(" <span class=\"sum\">")
            try amount(payable, currency)
            try out.write("</span>")
        }
        try out.write("</summary>\n<div class=\"sheet\">\n<div class=\"parties\">\n")
        for (name, label) in [("seller", InvoiceTexts.seller), ("buyer", InvoiceTexts.buyer)] {
            if let party = view.one(name) { try self.party(party, label: text(label)) }
        }
        try out.write("</div>\n<dl class=\"facts\">")
        for name in [
            "number", "issue_date", "due_date", "period", "buyer_reference", "order_reference", "contract_reference",
        ] {
            try fact(name, of: view)
        }
        if let delivery = view.one("delivery") { try fact("date", of: delivery) }
        try out.write("</dl>\n")
        try lines(view.all("lines"), currency: currency)
        try taxes(view.all("tax_breakdown"), currency: currency)
        try totals(view.one("totals"), currency: currency)
        try payment(view, currency: currency)
        for note in view.all("notes").prefix(limits.elements) where !writer.isFull {
            guard let body = note.text("text") else { continue }
            try out.write("<p class=\"note\">")
            try writer.text(body)
            try out.write("</p>\n")
        }
        try documents(of: view)
        try out.write("\(writer.cutNote)</div></details>\n")
    }

    private func value(_ name: String, of view: RecordView) throws {
        guard let (field, content) = view.content(name) else { return }
        try writer.content(content, of: field, in: view.batch)
    }

    /// A field as a piece of a `dl`, if it is there.
    private func fact(_ name: String, of view: RecordView) throws {
        guard !writer.isFull, let (field, content) = view.content(name) else { return }
        try out.write("<div><dt>\(field.definition.label[language])</dt><dd>")
        try writer.content(content, of: field, in: view.batch)
        try out.write("</dd></div>")
    }

    private func amount(_ text: String, _ currency: String?) throws {
        try writer.text(language.decimal(text) + (currency.map { "\u{A0}" + $0 } ?? ""), isFree: false)
    }

    private func party(_ party: RecordView, label: String) throws {
        try out.write("<div class=\"party\"><p class=\"label\">\(label)</p>\n<p><strong>")
        try writer.text(party.text("name") ?? text(DataTexts.noValue))
        try out.write("</strong>")
        let address = party.one("address")
        let city = [address?.text("postal_code"), address?.text("city")].compactMap(\.self).joined(separator: " ")
        var lines = [party.text("trading_name"), address?.text("street"), address?.text("additional_street")]
        lines += (address?.texts("further_lines") ?? []).prefix(limits.elements).map { $0 }
        lines += [city.isEmpty ? nil : city, address?.text("country").map { Countries.name($0, language) }]
        for line in lines.compactMap(\.self) {
            try out.write("<br>")
            try writer.text(line)
        }
        try out.write("</p>\n<dl class=\"facts\">")
        for name in ["legal_id", "vat_id", "electronic_address"] { try fact(name, of: party) }
        for contact in party.all("contacts").prefix(3) {
            for name in ["name", "email", "telephone"] { try fact(name, of: contact) }
        }
        try out.write("</dl></div>\n")
    }

    /// A table of an invoice.
    private func table(_ caption: LocalizedText, _ headings: [(text: LocalizedText, isNumber: Bool)]) throws {
        try out.write(
            "<table class=\"lines\"><caption>\(text(caption))</caption>\n"
                + "<thead><tr>")
        for heading in headings {
            let number: Markup = heading.isNumber ? " class=\"number\"" : ""
            try out.write("<th scope=\"col\"\(number)>\(text(heading.text))</th>")
        }
        try out.write("</tr></thead>\n<tbody>\n")
    }

    private func numberCell(_ heading: LocalizedText, _ body: () throws -> Void) throws {
        try out.write("<td class=\"number\" data-label=\"\(text(heading))\"><div>")
        try body()
        try out.write("</div></td>")
    }

    private func lines(_ lines: [RecordView], currency: String?) throws {
        if lines.isEmpty { return }
        let isGross = lines.allSatisfy { $0.text("net_amount") == nil }
        try table(
            InvoiceTexts.lines,
            [
                (InvoiceTexts.item, false), (InvoiceTexts.quantity, true), (InvoiceTexts.price, true),
                (InvoiceTexts.rate, true), (InvoiceTexts.sum, true),
            ])
        var written = 0
        for line in lines {
            if written == limits.elements || writer.isFull { break }
            written += 1
            try out.write("<tr><th scope=\"row\">")
            try writer.text(line.text("name") ?? line.text("description") ?? "–")
            if line.text("name") != nil, let description = line.text("description") {
                try out.write("<span class=\"meaning\">")
                try writer.text(description)
                try out.write("</span>")
            }
            try out.write("</th>")
            try numberCell(InvoiceTexts.quantity) {
                guard let quantity = line.text("quantity") else { return }
                let unit = line.text("unit") ?? line.text("unit_code")
                try amount(quantity, unit)
            }
            try numberCell(InvoiceTexts.price) {
                if let price = line.one("price").flatMap({ $0.text("net") ?? $0.text("with_tax") ?? $0.text("gross") })
                {
                    try amount(price, nil)
                }
            }
            try numberCell(InvoiceTexts.rate) {
                if let rate = line.text("tax_rate") { try amount(rate, nil) }
            }
            try numberCell(InvoiceTexts.sum) {
                if let sum = line.text("net_amount") ?? line.text("gross_amount") { try amount(sum, currency) }
            }
            try out.write("</tr>\n")
        }
        try out.write("</tbody></table>\n")
        if written < lines.count {
            let rest = language.number(Int64(lines.count - written))
            try out.write(
                "<p class=\"cut\">\(Markup(DataTexts.moreItems, language, ["count": Markup(text: rest)]))</p>\n")
        }
        if isGross, lines.contains(where: { $0.text("gross_amount") != nil }) {
            try out.write("<p class=\"muted\">\(text(InvoiceTexts.withTax))</p>\n")
        }
    }

    private func taxes(_ taxes: [RecordView], currency: String?) throws {
        if taxes.isEmpty || writer.isFull { return }
        try table(
            InvoiceTexts.taxes,
            [(InvoiceTexts.rate, false), (InvoiceTexts.taxable, true), (InvoiceTexts.tax, true)])
        for tax in taxes.prefix(limits.elements) where !writer.isFull {
            try out.write("<tr><th scope=\"row\">")
            try writer.text(tax.text("rate").map { language.decimal($0) } ?? tax.text("category") ?? "–")
            try out.write(tax.text("rate") == nil ? "</th>" : "\u{A0}%</th>")
            try numberCell(InvoiceTexts.taxable) {
                if let base = tax.text("taxable_amount") { try amount(base, currency) }
            }
            try numberCell(InvoiceTexts.tax) {
                if let sum = tax.text("tax_amount") { try amount(sum, currency) }
            }
            try out.write("</tr>\n")
        }
        try out.write("</tbody></table>\n")
    }

    private func totals(_ totals: RecordView?, currency: String?) throws {
        guard let totals, !writer.isFull else { return }
        try out.write("<dl class=\"totals\">")
        for name in ["lines", "allowances", "charges", "net", "tax", "gross", "paid", "rounding", "payable"] {
            guard let (field, content) = totals.content(name), case .value(let token) = content else { continue }
            let isLast: Markup = name == "payable" ? " class=\"payable\"" : ""
            try out.write("<div\(isLast)><dt>\(field.definition.label[language])</dt><dd>")
            try amount(totals.batch.text(token), currency)
            try out.write("</dd></div>")
        }
        try out.write("</dl>\n")
    }

    private func payment(_ view: RecordView, currency: String?) throws {
        let means = view.all("payment_means")
        let terms = view.all("payment_terms")
        if means.isEmpty && terms.isEmpty || writer.isFull { return }
        try out.write("<p class=\"label\">\(text(InvoiceTexts.payment))</p>\n<dl class=\"facts\">")
        for term in terms.prefix(limits.elements) { try fact("text", of: term) }
        for one in means.prefix(limits.elements) {
            for name in [
                "text", "payee_name", "account", "bic", "finnish_reference", "rf_reference", "remittance_reference",
                "due_date", "card_number", "card_holder", "mandate_reference", "debited_account",
            ] {
                try fact(name, of: one)
            }
        }
        try out.write("</dl>\n")
    }

    /// Links to the invoice as it was received or sent, and to its attachments.
    private func documents(of view: RecordView) throws {
        var links: [(label: LocalizedText, path: String)] = []
        if let path = view.text("original") { links.append((InvoiceTexts.original, path)) }
        for attachment in view.all("attachments").prefix(limits.elements) {
            if let path = attachment.text("document") { links.append((InvoiceTexts.attachment, path)) }
        }
        for link in links {
            let name = String(link.path.split(separator: "/").last ?? "")
            try out.write("<p>\(text(link.label)): \(Markup.file(link.path, label: name))</p>\n")
        }
    }
}
