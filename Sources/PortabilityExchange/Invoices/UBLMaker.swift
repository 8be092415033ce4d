public import PortabilityModel

/// Writes every invoice record as a UBL 2.1 Invoice or CreditNote that follows EN 16931-1.
///
/// What EN 16931-3-2 has no place for is left out and noted, also where UBL itself would have one: a file with it is no
/// longer the core invoice that every receiver in the EU takes. Figures are those of the record, never corrected; where
/// they do not follow from each other, that is noted. A total that the record does not have is added up and noted as
/// missing. Beyond that nothing is made up, except what the standard says to write where there is nothing to say:
///
/// - `urn:cen.eu:en16931:2017` as specification (BT-24), unless the record names one that builds on it;
/// - 1, *instrument not defined*, for a payment whose means has no code (BT-81), and `NA` for its card network;
/// - the place of a line or attachment in its list where it has no number (BT-126, BT-122);
/// - the scheme 0216 of an OVT code, and `TAX` for a tax register that is not that of VAT;
/// - `NA` for the purchase order, which the schema asks for beside a sales order.
///
/// A line below another is a sub-line of it, so that no sum counts it twice. The files are valid by the schemas; where a
/// record lacks what these ask for, there is no file but a ``ExchangeNote/Kind/refused`` note, since whoever gets a
/// file of the form must be able to rely on its being one, and the record is in the archive's other formats all the
/// same. What only the standard asks for and the record lacks is noted as missing, and the file is written.
///
/// `direction`, `syntax`, `syntax_version` and `original`, which tell of the file that a record was read from, and
/// `document_type`, which repeats the type code, are not noted as left out.
public struct UBLMaker: ExchangeMaker {
    public let entities = ["invoice"]
    private var making = InvoiceMaking()
    private var table: WritingTable?
    private var finder: InvoiceFinder?

    public init() {}

    private static let names = [
        "specification", "type_code", "national_type_code", "document_type", "direction", "syntax", "syntax_version",
        "original", "order_reference", "sales_order_reference", "tax_currency", "currency", "due_date", "notes",
        "notes.subject_code", "notes.text", "seller.name", "seller.address.country", "seller.electronic_address",
        "seller.electronic_address_scheme", "seller.vat_id", "seller.tax_id", "seller.legal_id",
        "seller.identifiers.value", "buyer.name", "buyer.address.country", "buyer.electronic_address",
        "buyer.electronic_address_scheme", "buyer.vat_id", "buyer.legal_id", "tax_representative",
        "tax_representative.vat_id", "seller.bank_accounts", "seller.bank_accounts.account",
        "seller.bank_accounts.scheme", "seller.bank_accounts.bic", "allowances_charges",
        "allowances_charges.is_charge", "allowances_charges.tax_category", "allowances_charges.tax_rate",
        "delivery.date", "period.start_date", "period.end_date", "deliver_to.address.country", "payment_means",
        "payment_means.bic", "payment_means.creditor_identifier", "payment_means.code",
        "payment_means.account", "payment_means.account_scheme", "payment_means.card_network",
        "payment_means.card_number", "payment_means.remittance_reference", "payment_means.finnish_reference",
        "payment_means.rf_reference", "payment_means.payee_name", "payment_means.due_date", "payment_means.amount",
        "payment_means.currency", "payment_terms.due_date", "payee.name", "totals.payable", "totals.lines",
        "totals.net", "totals.gross", "tax_breakdown", "tax_breakdown.category", "tax_breakdown.taxable_amount",
        "tax_breakdown.tax_amount", "tax_breakdown.rate", "tax_breakdown.exemption_reason",
        "tax_breakdown.exemption_code", "lines", "lines.id", "lines.parent_line", "lines.net_amount", "lines.quantity",
        "lines.unit_code", "lines.name", "lines.tax_category", "lines.tax_rate", "lines.price", "lines.price.net",
        "lines.price.gross", "lines.price.discount", "lines.price.base_unit_code", "attachments.id",
    ]

    public mutating func begin(_ dataset: ExchangeDataset, into output: any ExchangeOutput) throws {
        making.begin(dataset)
        table = WritingTable(UBLTable.text, layout: dataset.layout)
        finder = InvoiceFinder(dataset.layout, Self.names)
    }

    public mutating func take(_ batch: RecordBatch, into output: any ExchangeOutput) throws {
        guard let table, let finder else { return }
        try making.take(batch, into: output) { tree, totals in
            UBLPlan(tree, totals, finder).plan(table.entries)
        }
    }

    public mutating func end(into output: any ExchangeOutput) throws {}
    public mutating func finish(into output: any ExchangeOutput) throws {}
}

/// What UBL makes of one record.
private final class UBLPlan {
    private let tree: RecordTree
    private let totals: InvoiceTotals
    private let finder: InvoiceFinder
    private var derived: [FieldKey: DerivedValue] = [:]
    private var missing: [(term: String, message: String)] = []
    private var attachments = 0
    private var ordinals: [RecordTree.Node: Int] = [:]
    private var subLines: [RecordTree.Node: [RecordTree.Node]] = [:]
    private var topLines: [RecordTree.Node] = []
    private var hasDueDate = false

    private static let absent = "the record does not have it"
    /// Lines below lines below lines; what is deeper stands on the top level.
    private static let depthLimit = 16

    init(_ tree: RecordTree, _ totals: InvoiceTotals, _ finder: InvoiceFinder) {
        self.tree = tree
        self.totals = totals
        self.finder = finder
    }

    private func text(_ name: String) -> String? { finder.text(name, in: tree) }
    private func has(_ name: String) -> Bool { !finder.tokens(name, in: tree).isEmpty }

    private func derive(_ name: String, _ text: some Collection<UInt8>, note: String? = nil) {
        guard let key = finder.key(name) else { return }
        derived[key] = DerivedValue(text: Array(text), note: note)
    }

    func plan(_ entries: [WritingEntry]) -> InvoiceMaking.Plan {
        let kind = text("document_type")
        let code = text("type_code") ?? kind.flatMap(InvoiceTerms.typeCode)
        let isCredit = code.map(InvoiceTerms.creditNotes.contains) ?? (kind == "credit-note")
        arrange()
        derive(code: code)
        let taxes = UBLTaxRules(tree, finder)
        taxes.withhold()
        findMissing(code: code)
        let root = isCredit ? "CreditNote" : "Invoice"
        var plan = InvoiceMaking.Plan(
            dialect: WritingDialect(
                root: Array(root.utf8),
                rootAttributes: [
                    ("xmlns", "urn:oasis:names:specification:ubl:schema:xsd:\(root)-2"),
                    ("xmlns:cac", "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"),
                    ("xmlns:cbc", "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"),
                ],
                currencyAttribute: Array("currencyID".utf8), variant: isCredit ? "credit" : "invoice",
                currency: finder.place("currency")),
            entries: entries,
            handler: { [self] call, writer in try handle(call, writer) })
        plan.derived = derived
        plan.missing = missing + taxes.missing()
        plan.inconsistent = taxes.inconsistent()
        plan.repeated = repeatedAccounts()
        plan.implied = implied(code: code)
        plan.willWrite = { [self] group, layoutGroup, writer in
            if layoutGroup == finder.key("attachments.id")?.group { countAttachment(writer) }
        }
        return plan
    }

    // MARK: Before

    /// Which line stands below which.
    private func arrange() {
        let lines = finder.tokens("lines", in: tree)
        var depths: [Int] = []
        topLines.reserveCapacity(lines.count)
        for (index, line) in lines.enumerated() {
            ordinals[line] = index + 1
            if let token = finder.token("lines.parent_line", of: line, in: tree), let parent = Int(tree.text(token)),
                parent >= 1, parent <= index, depths[parent - 1] < Self.depthLimit
            {
                subLines[lines[parent - 1], default: []].append(line)
                depths.append(depths[parent - 1] + 1)
            } else {
                topLines.append(line)
                depths.append(0)
            }
        }
    }

    private func derive(code: String?) {
        if let code { derive("type_code", code.utf8) }
        if has("sales_order_reference") { derive("order_reference", "NA".utf8) }
        derive("payment_means.code", "1".utf8, note: "the record does not have it, so 1 (not defined) was written")
        derive("payment_means.card_network", "NA".utf8)
        for party in ["seller", "buyer"] {
            guard let token = finder.tokens("\(party).electronic_address", in: tree).first else { continue }
            if InvoiceTerms.isOVT(tree.bytes(token)) { derive("\(party).electronic_address_scheme", "0216".utf8) }
        }
    }

    private func countAttachment(_ writer: InvoiceWriter) {
        guard let key = finder.key("attachments.id") else { return }
        attachments += 1
        writer.derived[key] = DerivedValue(
            text: Array(String(attachments).utf8), note: "the record does not have it, so its place was written")
    }

    /// Values that repeat others.
    private func implied(code: String?) -> [Int] {
        var out: [Int] = []
        for name in ["direction", "syntax", "syntax_version", "original", "document_type"] {
            out += finder.tokens(name, in: tree)
        }
        // INV01, INV02 and INV07 say no more than these codes.
        if let national = text("national_type_code"),
            [("INV01", "380"), ("INV02", "381"), ("INV07", "389")].contains(where: { $0.0 == national && $0.1 == code })
        {
            out += finder.tokens("national_type_code", in: tree)
        }
        out += finder.implied(
            "payment_means.finnish_reference", by: "payment_means.remittance_reference", in: tree)
        out += finder.implied("payment_means.rf_reference", by: "payment_means.remittance_reference", in: tree)
        out += finder.implied(
            "payment_means.payee_name", by: has("payee.name") ? "payee.name" : "seller.name", in: tree)
        out += finder.implied("payment_means.amount", by: "totals.payable", in: tree)
        out += finder.implied("payment_means.currency", by: "currency", in: tree)
        out += finder.implied("payment_means.due_date", by: "due_date", in: tree)
        out += finder.implied("payment_terms.due_date", by: "due_date", in: tree)
        for means in finder.tokens("payment_means", in: tree) {
            guard let account = finder.token("payment_means.account", of: means, in: tree),
                let scheme = finder.token("payment_means.account_scheme", of: means, in: tree),
                tree.text(scheme) == "IBAN", InvoiceTerms.isIBAN(tree.bytes(account))
            else { continue }
            out.append(scheme)
        }
        for line in finder.tokens("lines", in: tree) {
            guard let unit = finder.token("lines.unit_code", of: line, in: tree),
                let price = price(of: line),
                let base = finder.token("lines.price.base_unit_code", of: price, in: tree),
                tree.bytes(base) == tree.bytes(unit)
            else { continue }
            out.append(base)
        }
        return out
    }

    /// What bank accounts of the seller say that the account to be paid to says as well.
    private func repeatedAccounts() -> [(value: Int, written: Int)] {
        var out: [(value: Int, written: Int)] = []
        let means = finder.tokens("payment_means", in: tree)
        for bank in finder.tokens("seller.bank_accounts", in: tree) {
            guard let own = finder.token("seller.bank_accounts.account", of: bank, in: tree) else { continue }
            let scheme = finder.token("seller.bank_accounts.scheme", of: bank, in: tree)
            let bic = finder.token("seller.bank_accounts.bic", of: bank, in: tree)
            for means in means {
                guard let account = finder.token("payment_means.account", of: means, in: tree),
                    tree.bytes(account) == tree.bytes(own)
                else { continue }
                out.append((own, account))
                if let scheme, tree.text(scheme) == "IBAN", InvoiceTerms.isIBAN(tree.bytes(own)) {
                    out.append((scheme, account))
                }
                if let bic, let paid = finder.token("payment_means.bic", of: means, in: tree),
                    tree.bytes(paid) == tree.bytes(bic)
                {
                    out.append((bic, paid))
                }
            }
        }
        return out
    }

    // MARK: Missing

    private func miss(_ term: String, _ message: String = UBLPlan.absent) { missing.append((term, message)) }

    /// What EN 16931-1 has as mandatory and no schema asks for (rules BR-01 to BR-65, BR-CO-18 and 26, BR-S-02 and the
    /// like).
    private func findMissing(code: String?) {
        if code == nil { miss("BT-3") }
        for (name, term) in [
            ("seller.name", "BT-27"), ("seller.address.country", "BT-40"), ("buyer.name", "BT-44"),
            ("buyer.address.country", "BT-55"),
        ] where !has(name) { miss(term) }
        for (party, term) in [("seller", "BT-34-1"), ("buyer", "BT-49-1")]
        where has("\(party).electronic_address") && !has("\(party).electronic_address_scheme")
            && finder.key("\(party).electronic_address_scheme").map({ derived[$0] == nil }) ?? true
        {
            miss(term)
        }
        let names = [
            "seller.vat_id", "seller.legal_id", "seller.identifiers.value", "payment_means.creditor_identifier",
        ]
        if !names.contains(where: { finder.tokens($0, in: tree).contains { !tree.isWithheld($0) } }) {
            miss("BT-29", "there is neither identifier, registration number nor VAT number of the seller to write")
        }
        for (name, term) in [("totals.lines", "BT-106"), ("totals.net", "BT-109"), ("totals.gross", "BT-112")]
        where !has(name) && finder.key(name).map({ totals.derived[$0] == nil }) ?? true { miss(term) }
        for means in finder.tokens("payment_means", in: tree) {
            guard let code = finder.token("payment_means.code", of: means, in: tree),
                ["30", "58"].contains(tree.text(code)),
                finder.token("payment_means.account", of: means, in: tree) == nil
            else { continue }
            miss("BT-84")
        }
        findMissingTaxes()
        findMissingOfLines()
    }

    private func findMissingTaxes() {
        let groups = finder.tokens("tax_breakdown", in: tree)
        if groups.isEmpty { miss("BG-23") }
        for group in groups {
            for (name, term) in [
                ("taxable_amount", "BT-116"), ("tax_amount", "BT-117"), ("category", "BT-118"), ("rate", "BT-119"),
            ] where finder.token("tax_breakdown.\(name)", of: group, in: tree) == nil {
                let category = finder.token("tax_breakdown.category", of: group, in: tree).map { tree.text($0) }
                if name == "rate", category == "O" { continue }
                miss(term)
            }
            guard let token = finder.token("tax_breakdown.category", of: group, in: tree) else { continue }
            let category = tree.text(token)
            if ["E", "AE", "K", "G", "O"].contains(category),
                finder.token("tax_breakdown.exemption_reason", of: group, in: tree) == nil,
                finder.token("tax_breakdown.exemption_code", of: group, in: tree) == nil
            {
                miss("BT-120", "the record has neither reason nor code of the exemption")
            }
            if category != "O", !["seller.vat_id", "seller.tax_id", "tax_representative.vat_id"].contains(where: has) {
                miss("BT-31", "the record has neither VAT number of the seller nor of a representative")
            }
        }
    }

    private func findMissingOfLines() {
        var lacking: [String: Int] = [:]
        let names = [
            ("quantity", "BT-129"), ("unit_code", "BT-130"), ("name", "BT-153"), ("tax_category", "BT-151"),
        ]
        for line in finder.tokens("lines", in: tree) {
            for (name, term) in names where finder.token("lines.\(name)", of: line, in: tree) == nil {
                lacking[term, default: 0] += 1
            }
            if net(of: line) == nil { lacking["BT-146", default: 0] += 1 }
        }
        for term in ["BT-129", "BT-130", "BT-146", "BT-151", "BT-153"] {
            guard let count = lacking[term] else { continue }
            miss(term, "\(count) \(count == 1 ? "line does" : "lines do") not have it")
        }
    }

    private func price(of line: RecordTree.Node) -> RecordTree.Node? {
        finder.place("lines.price")?.steps.last.flatMap { tree.find($0.field, in: line) }
    }

    private func net(of line: RecordTree.Node) -> Int? {
        price(of: line).flatMap { finder.token("lines.price.net", of: $0, in: tree) }
    }

    // MARK: Elements that no table describes

    private func handle(_ call: HandlerCall, _ writer: InvoiceWriter) throws -> WritingOutcome {
        let entry = call.entry
        switch call.word {
        case "specification":
            // A large document is written twice.
            attachments = 0
            return writeSpecification(entry, writer)
        case "notes": return writeNotes(entry, writer)
        case "dueDate": return try writeDueDate(entry, writer)
        case "lines": return try writeLines(topLines, entry, writer)
        case "sublines": return try writeSubLines(entry, call.node, writer)
        default: return .absent(nil)
        }
    }

    private func writeSpecification(_ entry: WritingEntry, _ writer: InvoiceWriter) -> WritingOutcome {
        let core = "urn:cen.eu:en16931:2017"
        if let token = finder.tokens("specification", in: tree).first {
            let own = tree.text(token)
            if own == core || own.hasPrefix(core + "#"), let text = writer.spell(entry, token, room: 1)?.first {
                writer.leaf(entry.name, text)
                tree.take(token)
                return .written
            }
            tree.refuse(token, reason: "it is none of EN 16931, which was written")
        }
        writer.leaf(entry.name, core.utf8)
        return .filler
    }

    /// EN 16931-3-2: the subject code stands before the text as `#CODE#`.
    private func writeNotes(_ entry: WritingEntry, _ writer: InvoiceWriter) -> WritingOutcome {
        var outcome = WritingOutcome.absent(nil)
        for note in finder.tokens("notes", in: tree) {
            guard let token = finder.token("notes.text", of: note, in: tree),
                var text = writer.spell(entry, token, room: 1)?.first
            else { continue }
            if let code = finder.token("notes.subject_code", of: note, in: tree) {
                let bytes = tree.bytes(code)
                if bytes.count == 3, bytes.allSatisfy({ (0x41...0x5a).contains($0) }) {
                    text = [0x23] + bytes + [0x23] + text
                    tree.take(code)
                } else {
                    tree.refuse(code, reason: "it is not spelled as the form asks")
                }
            }
            tree.take(token)
            writer.leaf(entry.name, text)
            outcome = .written
        }
        return outcome
    }

    /// A credit note has its due date with the first payment means.
    private func writeDueDate(_ entry: WritingEntry, _ writer: InvoiceWriter) throws -> WritingOutcome {
        guard let token = finder.tokens("due_date", in: tree).first, !tree.isTaken(token) else { return .absent(nil) }
        writer.leaf(entry.name, tree.bytes(token))
        tree.take(token)
        return .written
    }

    private func writeSubLines(
        _ entry: WritingEntry, _ line: RecordTree.Node, _ writer: InvoiceWriter
    ) throws -> WritingOutcome {
        guard let lines = subLines[line], let outer else { return .absent(nil) }
        var inner = outer
        inner.name = entry.name
        for sub in lines { try writeLine(sub, inner, writer) }
        return .written
    }

    private var outer: WritingEntry?

    private func writeLines(
        _ lines: [RecordTree.Node], _ entry: WritingEntry, _ writer: InvoiceWriter
    ) throws -> WritingOutcome {
        outer = entry
        for line in lines {
            try writeLine(line, entry, writer)
            if let term = lack { return .failed(term) }
            try writer.flushPoint?(writer)
        }
        return lines.isEmpty ? .absent("BG-25") : .written
    }

    /// The term for want of which a line, and so the invoice, cannot be written.
    private var lack: String?

    private func writeLine(_ line: RecordTree.Node, _ entry: WritingEntry, _ writer: InvoiceWriter) throws {
        var derived: [FieldKey: DerivedValue] = [:]
        if let key = finder.key("lines.id"), let ordinal = ordinals[line] {
            derived[key] = DerivedValue(
                text: Array(String(ordinal).utf8), note: "a line does not have it, so its place was written")
        }
        if let key = finder.key("lines.net_amount"), let amount = totals.lineAmounts[line] {
            derived[key] = DerivedValue(
                text: amount, note: "a line does not have it, so what follows from the line was written")
        }
        if let key = finder.key("lines.price.discount"), let price = price(of: line),
            let gross = finder.token("lines.price.gross", of: price, in: tree).flatMap({ ExactDecimal(tree.bytes($0)) }
            ),
            let net = net(of: line).flatMap({ ExactDecimal(tree.bytes($0)) })
        {
            derived[key] = DerivedValue(text: (gross - net).spelled())
        }
        let known = writer.lineDerived
        writer.lineDerived = derived
        defer { writer.lineDerived = known }
        if let token = finder.token("lines.parent_line", of: line, in: tree), entry.name.starts(with: "cac:Sub".utf8) {
            tree.take(token)
        }
        switch try writer.element(entry, in: line, text: nil) {
        case .written, .filler: break
        case .absent(let term): lack = lack ?? term ?? "BG-25"
        case .failed(let term): lack = lack ?? term
        }
    }
}
