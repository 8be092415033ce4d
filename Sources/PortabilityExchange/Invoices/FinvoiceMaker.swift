public import PortabilityModel

/// Writes every invoice record as a Finvoice 3.0 message (Finanssiala ry), without the SOAP frame.
///
/// In UTF-8, which every reader of XML takes without being told (XML 1.0 §4.3.3) and which loses no name;
/// ISO-8859-15, in which Finvoice was sent at first, would.
///
/// Figures are those of the record, never corrected; where they do not follow from each other, that is noted. A total
/// that the record does not have and the schema asks for is added up and noted as missing. Texts longer than an element
/// takes are continued in the next where the schema allows several, else cut and noted; identifiers are never cut but
/// left out and noted. Beyond that nothing is made up, except what the implementation guidelines say to write:
///
/// - the type code INV01 (or INV02 and so on, by the kind of document), and its name in the dataset's language;
/// - `Original` as origin;
/// - in the part for the bank (Epi): the invoice's date, due date, seller's account and name where the payment has none
///   of its own, `SHA` as charge option, and the invoice's date as due date where nothing is to be paid;
/// - payee (BG-10) and tax representative (BG-11), which Finvoice has no elements for, as `AnyPartyDetails` with the
///   codes PE and LC of UNTDID 3035.
///
/// The files are valid by the schema; where a record lacks what that asks for (an account, a due date, the seller's or
/// buyer's name), there is no file but a ``ExchangeNote/Kind/refused`` note: banks and accounting systems refuse an
/// invalid message as a whole, much later and without telling whoever made it, and the record is in the archive's other
/// formats all the same. Sub-lines are lines of their own.
///
/// `direction`, `syntax`, `syntax_version` and `original`, which tell of the file that a record was read from, and
/// `document_type`, which repeats the type code, are not noted as left out.
public struct FinvoiceMaker: ExchangeMaker {
    public let entities = ["invoice"]
    private var making = InvoiceMaking()
    private var table: WritingTable?
    private var finder: InvoiceFinder?
    private var language = Language.fi

    public init() {}

    private static let names = [
        "document_type", "type_code", "national_type_code", "direction", "syntax", "syntax_version", "original",
        "currency", "issue_date", "due_date", "seller", "seller.name", "seller.bank_accounts.account",
        "seller.bank_accounts.bic", "seller.electronic_address", "seller.electronic_address_scheme",
        "buyer.electronic_address", "buyer.electronic_address_scheme", "payee.name", "payment_terms.due_date",
        "payment_means", "payment_means.account", "payment_means.account_name", "payment_means.bic",
        "payment_means.remittance_reference", "payment_means.finnish_reference", "payment_means.rf_reference",
        "payment_means.charge_option", "payment_means.instruction_reference", "payment_means.date",
        "payment_means.account_scheme", "payment_means.amount", "payment_means.due_date", "payment_means.payee_name",
        "payment_means.debited_account", "payment_means.debited_account_scheme", "payment_means.currency",
        "totals.payable", "attachments", "attachments.description", "attachments.url", "attachments.filename",
        "attachments.id", "attachment_message", "lines", "lines.price", "lines.price.net", "lines.price.gross",
        "lines.price.discount", "lines.unit", "lines.unit_code", "origin_code", "type_text",
        "other_parties.role", "other_parties.role_code", "lines.parties.role", "lines.parties.role_code",
    ]

    public mutating func begin(_ dataset: ExchangeDataset, into output: any ExchangeOutput) throws {
        making.begin(dataset)
        table = WritingTable(FinvoiceTable.text, layout: dataset.layout)
        finder = InvoiceFinder(dataset.layout, Self.names)
        language = dataset.language
    }

    public mutating func take(_ batch: RecordBatch, into output: any ExchangeOutput) throws {
        guard let table, let finder else { return }
        let language = language
        try making.take(batch, into: output) { tree, totals in
            FinvoicePlan(tree, totals, finder, language).plan(table.entries)
        }
    }

    public mutating func end(into output: any ExchangeOutput) throws {}
    public mutating func finish(into output: any ExchangeOutput) throws {}
}

/// What Finvoice makes of one record.
private final class FinvoicePlan {
    private let tree: RecordTree
    private let totals: InvoiceTotals
    private let finder: InvoiceFinder
    private let language: Language
    private var derived: [FieldKey: DerivedValue] = [:]
    /// The payment means that goes into the part for the bank.
    private var means: RecordTree.Node = RecordTree.none

    init(_ tree: RecordTree, _ totals: InvoiceTotals, _ finder: InvoiceFinder, _ language: Language) {
        self.tree = tree
        self.totals = totals
        self.finder = finder
        self.language = language
    }

    private func text(_ name: String) -> String? { finder.text(name, in: tree) }

    private func derive(_ name: String, _ text: some Collection<UInt8>, note: String? = nil) {
        guard let key = finder.key(name), !text.isEmpty else { return }
        derived[key] = DerivedValue(text: Array(text), note: note)
    }

    func plan(_ entries: [WritingEntry]) -> InvoiceMaking.Plan {
        let all = finder.tokens("payment_means", in: tree)
        means = all.first { finder.token("payment_means.account", of: $0, in: tree) != nil } ?? all.first ?? means
        deriveHead()
        derivePayment()
        var plan = InvoiceMaking.Plan(
            dialect: WritingDialect(
                root: Array("Finvoice".utf8), rootAttributes: [("Version", "3.0")],
                currencyAttribute: Array("AmountCurrencyIdentifier".utf8), variant: "",
                currency: finder.place("currency")),
            entries: entries, handler: { [self] call, writer in try handle(call, writer) })
        plan.derived = derived
        plan.implied = implied()
        return plan
    }

    // MARK: Before

    private func deriveHead() {
        let kind = text("document_type") ?? "other"
        let (code, names) =
            switch kind {
            case "credit-note": ("INV02", ("HYVITYSLASKU", "KREDITFAKTURA", "CREDIT NOTE"))
            case "interest-invoice": ("INV03", ("KORKOLASKU", "RÄNTEFAKTURA", "INTEREST INVOICE"))
            case "internal-invoice": ("INV04", ("SISÄINEN LASKU", "INTERN FAKTURA", "INTERNAL INVOICE"))
            case "collection-notice": ("INV05", ("PERINTÄLASKU", "INKASSOFAKTURA", "COLLECTION INVOICE"))
            case "proforma-invoice": ("INV06", ("PROFORMALASKU", "PROFORMAFAKTURA", "PROFORMA INVOICE"))
            case "self-billed-invoice": ("INV07", ("ITSELASKUTUS", "SJÄLVFAKTURA", "SELF-BILLED INVOICE"))
            case "reminder": ("INV08", ("MAKSUMUISTUTUS", "BETALNINGSPÅMINNELSE", "REMINDER"))
            default: ("INV01", ("LASKU", "FAKTURA", "INVOICE"))
            }
        derive(
            "national_type_code", code.utf8,
            note: kind == "other" ? "the record does not tell the kind of document, so INV01 was written" : nil)
        let name =
            switch language {
            case .fi: names.0
            case .sv: names.1
            case .en: names.2
            }
        derive("type_text", name.utf8)
        derive("origin_code", "Original".utf8)
    }

    private func derivePayment() {
        let issued = finder.tokens("issue_date", in: tree).first
        if let issued { derive("payment_means.date", tree.bytes(issued)) }
        var account = finder.token("payment_means.account", of: means, in: tree).map { Array(tree.bytes($0)) }
        if account == nil, let own = finder.tokens("seller.bank_accounts.account", in: tree).first {
            account = tree.bytes(own).filter { $0 != 0x20 }
            derive("payment_means.account", account ?? [])
            if let bic = finder.tokens("seller.bank_accounts.bic", in: tree).first {
                derive("payment_means.bic", tree.bytes(bic))
            }
        }
        if let account {
            derive("payment_means.account_scheme", (InvoiceTerms.isIBAN(account) ? "IBAN" : "BBAN").utf8)
        }
        if let debited = finder.tokens("payment_means.debited_account", in: tree).first {
            derive(
                "payment_means.debited_account_scheme",
                (InvoiceTerms.isIBAN(tree.bytes(debited)) ? "IBAN" : "BBAN").utf8)
        }
        for name in ["payee.name", "seller.name"].reversed() {
            if let token = finder.tokens(name, in: tree).first { derive("payment_means.payee_name", tree.bytes(token)) }
        }
        let payable =
            finder.tokens("totals.payable", in: tree).first.map { Array(tree.bytes($0)) }
            ?? finder.key("totals.payable").flatMap { totals.derived[$0]?.text }
        if let payable { derive("payment_means.amount", payable) }
        if let due = dueDate {
            derive("payment_means.due_date", tree.bytes(due))
        } else if let payable,
            let number = ExactDecimal(payable), number.isZero || payable.first == 0x2d, let issued
        {
            derive("payment_means.due_date", tree.bytes(issued))
        }
    }

    private var dueDate: Int? {
        finder.tokens("due_date", in: tree).first ?? finder.tokens("payment_terms.due_date", in: tree).first
    }

    /// Values that repeat others.
    private func implied() -> [Int] {
        var out: [Int] = []
        for name in ["direction", "syntax", "syntax_version", "original", "document_type"] {
            out += finder.tokens(name, in: tree)
        }
        for party in ["seller", "buyer"] {
            guard let address = finder.tokens("\(party).electronic_address", in: tree).first,
                let scheme = finder.tokens("\(party).electronic_address_scheme", in: tree).first,
                tree.text(scheme) == "0216", InvoiceTerms.isOVT(tree.bytes(address))
            else { continue }
            out.append(scheme)
        }
        // What is to be paid stands in the part for the bank, and so does the date.
        let payable = finder.tokens("totals.payable", in: tree)
        let amount = finder.token("payment_means.amount", of: means, in: tree)
        if let first = payable.first, amount.map({ tree.bytes($0) == tree.bytes(first) }) ?? true { out.append(first) }
        if let due = finder.tokens("due_date", in: tree).first {
            let stated = finder.token("payment_means.due_date", of: means, in: tree)
            if stated.map({ tree.bytes($0) == tree.bytes(due) }) ?? true { out.append(due) }
            out += finder.tokens("payment_means.due_date", in: tree).filter { tree.bytes($0) == tree.bytes(due) }
        }
        for name in ["finnish_reference", "rf_reference"] {
            guard let token = finder.token("payment_means.\(name)", of: means, in: tree),
                let reference = finder.token("payment_means.remittance_reference", of: means, in: tree),
                tree.bytes(token) == tree.bytes(reference)
            else { continue }
            out.append(token)
        }
        return out
    }

    // MARK: Elements that no table describes

    private func handle(_ call: HandlerCall, _ writer: InvoiceWriter) throws -> WritingOutcome {
        switch call.word {
        case "person", "office": return try writeContact(call, writer)
        case "partyText": return writePartyText(call, writer)
        case "vatPoint": return try writeTaxPoint(call, writer)
        case "dueDate": return try writeDueDate(call, writer)
        case "unitPrice", "netPrice": return try writePrice(call, writer)
        case "firstDiscount": return try writeDiscount(call, writer)
        case "epi": return try writer.element(call.entry, in: means, text: nil)
        case "epiReference": return try writeEpiReference(call, writer)
        case "remittance": return try writeRemittance(call, writer)
        case "charge": return writeCharge(call, writer)
        case "linkNames": return writeLinks(call, writer, isName: true)
        case "linkAddresses": return writeLinks(call, writer, isName: false)
        case "attachmentMessage": return writeAttachmentMessage(call, writer)
        default: return .absent(nil)
        }
    }

    /// The person to ask is the first contact with a name or function; the seller's switchboard is another, as
    /// only such have fax and website.
    private func writeContact(_ call: HandlerCall, _ writer: InvoiceWriter) throws -> WritingOutcome {
        guard let place = call.place else { return .absent(nil) }
        let contacts = writer.tokens(place, in: call.node)
        func has(_ contact: RecordTree.Node, _ names: [String]) -> Bool {
            names.contains { name in
                tree.layout.groups[place.group].index(of: name).flatMap { tree.find($0, in: contact) } != nil
            }
        }
        let person =
            contacts.first { has($0, ["name", "functions", "departments"]) }
            ?? contacts.first { !has($0, ["fax", "website"]) }
        let node = call.word == "person" ? person : contacts.first { $0 != person }
        guard let node else { return .absent(nil) }
        return try writer.content(of: call.entry, in: node)
    }

    private func writePartyText(_ call: HandlerCall, _ writer: InvoiceWriter) -> WritingOutcome {
        let group = ["other_parties.role", "lines.parties.role"].compactMap { finder.key($0) }
        let codes = ["other_parties.role_code", "lines.parties.role_code"].compactMap { finder.key($0) }
        // Both lists have the same fields at the same places.
        guard let roleField = group.first?.field, let codeField = codes.first?.field else { return .absent(nil) }
        let limit = WritingEntry(name: call.entry.name, format: .text(1..<36), count: 1)
        func value(_ field: Int) -> [UInt8]? {
            guard let token = tree.find(field, in: call.node), let text = writer.spell(limit, token, room: 1)?.first
            else { return nil }
            tree.take(token)
            return text
        }
        let role = value(roleField)
        let code = value(codeField)
        writer.xml.begin(call.entry.name)
        writer.xml.attribute("AnyPartyCode".utf8, code ?? [])
        if let role { writer.xml.text(role) }
        writer.xml.end(call.entry.name)
        return role == nil && code == nil ? .filler : .written
    }

    /// The schema takes the date or the code.
    private func writeTaxPoint(_ call: HandlerCall, _ writer: InvoiceWriter) throws -> WritingOutcome {
        for child in call.entry.children {
            var entry = call.entry
            entry.children = [child]
            if case .written = try writer.element(entry, in: call.node, text: nil) { return .written }
        }
        return .absent(nil)
    }

    /// The due date, if no payment term states it.
    private func writeDueDate(_ call: HandlerCall, _ writer: InvoiceWriter) throws -> WritingOutcome {
        guard let token = finder.tokens("due_date", in: tree).first,
            !finder.tokens("payment_terms.due_date", in: tree).contains(where: { tree.bytes($0) == tree.bytes(token) }),
            let text = writer.spell(call.entry, token, room: 1)?.first
        else { return .absent(nil) }
        tree.take(token)
        return try writer.element(call.entry, in: call.node, text: text)
    }

    /// `UnitPriceAmount` is the net price, or the gross price where there is a discount or a net price beside it.
    private func writePrice(_ call: HandlerCall, _ writer: InvoiceWriter) throws -> WritingOutcome {
        guard let price = finder.place("lines.price")?.steps.last.flatMap({ tree.find($0.field, in: call.node) }) else {
            return .absent(nil)
        }
        let net = finder.token("lines.price.net", of: price, in: tree)
        let gross = finder.token("lines.price.gross", of: price, in: tree)
        let hasDiscount = finder.token("lines.price.discount", of: price, in: tree) != nil
        let isPair = gross != nil || hasDiscount
        let token = call.word == "unitPrice" ? (isPair ? gross : net) : (isPair ? net : nil)
        guard let token, let text = writer.spell(call.entry, token, room: 1)?.first else { return .absent(nil) }
        tree.take(token)
        return try writer.element(call.entry, in: call.node, text: text)
    }

    private func writeDiscount(_ call: HandlerCall, _ writer: InvoiceWriter) throws -> WritingOutcome {
        guard var place = call.place, let flag = tree.layout.groups[place.group].index(of: "is_charge") else {
            return .absent(nil)
        }
        place.steps[place.steps.count - 1].filter = (flag, ["false"], true)
        guard let first = writer.tokens(place, in: call.node).first else { return .absent(nil) }
        let outcome = try writer.content(of: call.entry, in: first)
        if case .written = outcome, let token = tree.find(flag, in: first) { tree.take(token) }
        return outcome
    }

    /// The schema asks for the element and takes an empty one.
    private func writeEpiReference(_ call: HandlerCall, _ writer: InvoiceWriter) throws -> WritingOutcome {
        var entry = call.entry
        entry.format = .name(1..<36)
        if let token = finder.token("payment_means.instruction_reference", of: means, in: tree),
            let text = writer.spell(entry, token, room: 1)?.first
        {
            writer.leaf(entry.name, text)
            tree.take(token)
            return .written
        }
        writer.xml.begin(entry.name)
        writer.xml.end(entry.name)
        return .filler
    }

    private func writeRemittance(_ call: HandlerCall, _ writer: InvoiceWriter) throws -> WritingOutcome {
        for (name, known) in [("finnish_reference", "SPY"), ("rf_reference", "ISO"), ("remittance_reference", "")] {
            guard let token = finder.token("payment_means.\(name)", of: means, in: tree),
                let text = writer.spell(call.entry, token, room: 1)?.first
            else { continue }
            var scheme = known
            if scheme.isEmpty {
                if text.starts(with: "RF".utf8) { scheme = "ISO" }
                if InvoiceTerms.isFinnishReference(text) { scheme = "SPY" }
            }
            writer.xml.begin(call.entry.name)
            if !scheme.isEmpty { writer.xml.attribute("IdentificationSchemeName".utf8, scheme.utf8) }
            writer.xml.text(text)
            writer.xml.end(call.entry.name)
            tree.take(token)
            if let whole = finder.token("payment_means.remittance_reference", of: means, in: tree),
                tree.bytes(whole) == tree.bytes(token)
            {
                tree.take(whole)
            }
            return .written
        }
        return .absent(nil)
    }

    private func writeCharge(_ call: HandlerCall, _ writer: InvoiceWriter) -> WritingOutcome {
        var option = "SHA"
        var outcome = WritingOutcome.filler
        if let token = finder.token("payment_means.charge_option", of: means, in: tree),
            ["SHA", "OUR", "BEN", "SLEV"].contains(tree.text(token))
        {
            option = tree.text(token)
            tree.take(token)
            outcome = .written
        }
        writer.xml.begin(call.entry.name)
        writer.xml.attribute("ChargeOption".utf8, option.utf8)
        writer.xml.text(option.utf8)
        writer.xml.end(call.entry.name)
        return outcome
    }

    /// Names and addresses of attachments belong together by their order; an attachment without address is none here.
    private func writeLinks(_ call: HandlerCall, _ writer: InvoiceWriter, isName: Bool) -> WritingOutcome {
        var entry = call.entry
        entry.format = .text(1..<513)
        var outcome = WritingOutcome.absent(nil)
        for attachment in finder.tokens("attachments", in: tree) {
            guard let address = finder.token("attachments.url", of: attachment, in: tree),
                let url = writer.spell(entry, address, room: 1)?.first
            else { continue }
            outcome = .written
            if !isName {
                writer.leaf(entry.name, url)
                tree.take(address)
                continue
            }
            var cut = entry
            cut.canBeCut = true
            var name = url
            for field in ["description", "filename", "id"] {
                guard let token = finder.token("attachments.\(field)", of: attachment, in: tree),
                    let text = writer.spell(cut, token, room: 1)?.first
                else { continue }
                tree.take(token)
                name = text
                break
            }
            writer.leaf(entry.name, name)
        }
        return outcome
    }

    private func writeAttachmentMessage(_ call: HandlerCall, _ writer: InvoiceWriter) -> WritingOutcome {
        guard let token = finder.tokens("attachment_message", in: tree).first else { return .absent(nil) }
        let suffix = Array("::attachments".utf8)
        let text = tree.bytes(token)
        var limit = call.entry
        limit.format = .text(15..<62)
        guard text.count > suffix.count, text.suffix(suffix.count).elementsEqual(suffix),
            !text.contains(0x0a), !text.contains(0x0d), let spelled = writer.spell(limit, token, room: 1)?.first
        else {
            tree.refuse(token, reason: "it is not spelled as the form asks")
            return .absent(nil)
        }
        tree.take(token)
        writer.leaf(call.entry.name, spelled)
        return .written
    }
}
