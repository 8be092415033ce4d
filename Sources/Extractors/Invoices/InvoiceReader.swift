import PortabilityModel
import PortabilityText

/// Where a document breaks its standard and was read all the same.
enum Nonconformity: Int, CaseIterable {
    case documentType, secondDocument, namespace, encoding, number, base64
    case noNumber, noDate, noCurrency, noSeller, noBuyer, noTotal, noLine

    var message: String {
        switch self {
        case .documentType: "a DOCTYPE, which was passed over"
        case .secondDocument: "several XML documents in one file"
        case .namespace: "XML namespaces are not well-formed"
        case .encoding: "the declared character encoding is not that of the bytes"
        case .number: "a number is spelled against the standard"
        case .base64: "an attachment is not Base64"
        case .noNumber: "the invoice has no number"
        case .noDate: "the invoice has no date"
        case .noCurrency: "the invoice names no currency"
        case .noSeller: "the invoice names no seller"
        case .noBuyer: "the invoice names no buyer"
        case .noTotal: "the invoice has no total"
        case .noLine: "the invoice has no line"
        }
    }
}

/// The syntaxes of invoices.
enum InvoiceSyntax: String {
    case finvoice, ubl, cii
}

/// Turns the XML of one invoice into a record. What it asks for at every element is unchecked for the same
/// reason as in ``XMLParser``.
final class InvoiceReader {
    /// An attachment's content, and the group of the record that describes it.
    struct Attachment {
        var group: RecordAssembler.Node
        var filename: String?
        var mediaType: String?
        var bytes: [UInt8]
    }

    /// What is read of one record beside its values.
    struct Notes {
        var nonconformities = [Int64](repeating: 0, count: Nonconformity.allCases.count)
        var unmapped: [[UInt8]: Int64] = [:]
        var attachments: [Attachment] = []
        /// By index of ``InvoiceReader/init(rules:watched:limits:)``'s `watched`: the values.
        var watched: [[[UInt8]]] = []
    }

    @exclusivity(unchecked) var assembler: RecordAssembler
    @exclusivity(unchecked) var notes = Notes()
    let rules: InvoiceRules
    let parser: XMLParser
    var layout: EntityLayout { rules.layout }
    var places: InvoicePlaces { rules.places }
    var names: InvoiceNames { rules.names }
    /// Characters of the record's documents that were not valid in their encoding.
    var replaced = 0
    /// The last text that was decoded; its memory is used again.
    @exclusivity(unchecked) var decoded: [UInt8] = []
    /// Is told what becomes of every element, if anyone wants to know.
    var survey: InvoiceSurvey?
    /// False if the contents of attachments are not wanted.
    var wantsContent = true

    private let watched: [(group: Int, field: Int)]
    /// Beyond that a document is no invoice, whatever its root says.
    private static let remainderLimit = 20_000

    // What is known of the record at hand.
    @exclusivity(unchecked) var mapping: Mapping
    @exclusivity(unchecked) var currency: [UInt8]?
    var taxCurrency: [UInt8]?
    var lineCount = 0
    var currentLine = 0
    var lineNumbers: [[UInt8]: Int] = [:]
    /// The payment means, and those of them that are direct debits.
    var means: [RecordAssembler.Node] = []
    var directDebits: [RecordAssembler.Node] = []
    @exclusivity(unchecked) var openLines: [XMLTree.Node] = []
    var taxPoint: String?
    var reference: [UInt8]?
    var hasSeveralReferences = false
    var mandate: [UInt8]?
    var creditor: [UInt8]?
    var linkNames = 0
    var linkAddresses = 0
    var links: [RecordAssembler.Node] = []
    @exclusivity(unchecked) private var keyed: [Key: RecordAssembler.Node] = [:]
    @exclusivity(unchecked) private var repeated: [Key: [UInt8]] = [:]
    @exclusivity(unchecked) private var scratch: [UInt8] = []
    /// What the syntax writes before decimals: a comma in Finvoice.
    @exclusivity(unchecked) private var decimalSign: UInt8 = 0x2c
    private var remainders = 0

    private struct Key: Hashable {
        var node: Int
        var field: Int
        var key: Int
    }

    init(rules: InvoiceRules, watched: [(group: Int, field: Int)], limits: XMLLimits) {
        self.rules = rules
        self.watched = watched
        mapping = rules.envelope
        assembler = RecordAssembler(layout: rules.layout)
        parser = XMLParser(names: rules.spelled, watched: rules.names.roots, limits: limits)
    }

    /// Begins a record.
    func reset() {
        assembler.reset()
        notes = Notes()
        notes.watched = Array(repeating: [], count: watched.count)
        currency = nil
        taxCurrency = nil
        lineCount = 0
        currentLine = 0
        lineNumbers.removeAll(keepingCapacity: true)
        means.removeAll(keepingCapacity: true)
        directDebits.removeAll(keepingCapacity: true)
        openLines.removeAll(keepingCapacity: true)
        taxPoint = nil
        replaced = 0
        reference = nil
        hasSeveralReferences = false
        mandate = nil
        creditor = nil
        linkNames = 0
        linkAddresses = 0
        links.removeAll(keepingCapacity: true)
        keyed.removeAll(keepingCapacity: true)
        repeated.removeAll(keepingCapacity: true)
        remainders = 0
    }

    func note(_ nonconformity: Nonconformity, count: Int64 = 1) {
        notes.nonconformities[nonconformity.rawValue] += count
    }

    // MARK: Parts

    /// Which syntax the document in the parser's tree is, and which element is the invoice.
    func recognise() -> (syntax: InvoiceSyntax, root: XMLTree.Node)? {
        for (node, uri) in parser.namespaces {
            switch parser.tree.name(node) {
            case names.finvoice: return (.finvoice, node)
            case names.invoice where uri.hasPrefix(InvoiceSigns.ublInvoice.description),
                names.creditNote where uri.hasPrefix(InvoiceSigns.ublCreditNote.description):
                return (.ubl, node)
            case names.crossIndustryInvoice where uri.hasPrefix(InvoiceSigns.cii.description): return (.cii, node)
            default: continue
            }
        }
        return nil
    }

    /// Reads the invoice that the parser's tree holds, and what stands around it in the same document.
    func readInvoice(_ syntax: InvoiceSyntax, root: XMLTree.Node) throws(PortabilityError) {
        parser.tree.markContent()
        mapping = rules[syntax]
        decimalSign = syntax == .finvoice ? 0x2c : 0x2e
        findCurrency(syntax, root: root)
        set(places.syntax, syntax.rawValue)
        walk(root, rule: 0, context: 0)
        finishPayment()
        if !assembler.isSet(0, places.documentType) {
            set(places.documentType, parser.tree.name(root) == names.creditNote ? "credit-note" : "invoice")
        }
        if syntax == .cii { set(places.syntaxVersion, "D16B") }
        if root != 0 {
            mapping = rules.envelope
            walk(0, rule: 0, context: 0, except: root)
        }
        survey?.note(parser.tree, invoice: (syntax, root), outer: rules.envelope)
        try collectRemainders()
        judge()
    }

    /// Reads a document that belongs to an invoice: the envelope before it or the attachments behind it.
    func readCompanion(_ rules: Mapping) throws(PortabilityError) {
        parser.tree.markContent()
        mapping = rules
        walk(0, rule: 0, context: 0)
        survey?.note(parser.tree, invoice: nil, outer: rules)
        try collectRemainders()
    }

    private func findCurrency(_ syntax: InvoiceSyntax, root: XMLTree.Node) {
        func text(_ path: [Int32]) -> [UInt8]? {
            var node = root
            for name in path {
                guard let child = parser.tree.child(node, name) else { return nil }
                node = child
            }
            let range = parser.tree.text(node)
            return range.isEmpty ? nil : Array(parser.tree.bytes[range])
        }
        switch syntax {
        case .finvoice:
            currency = text([names.invoiceDetails, names.grandTotal, names.amountCurrency])
        case .ubl:
            currency = text([names.documentCurrency])
            taxCurrency = text([names.taxCurrency])
        case .cii:
            currency = text([names.transaction, names.settlement, names.invoiceCurrency])
            taxCurrency = text([names.transaction, names.settlement, names.taxCurrency])
        }
    }

    private func judge() {
        if !assembler.isSet(0, places.number) { note(.noNumber) }
        if !assembler.isSet(0, places.issueDate) { note(.noDate) }
        if !assembler.isSet(0, places.currency) { note(.noCurrency) }
        if !assembler.isSet(assembler.group(0, places.seller), places.partyName) { note(.noSeller) }
        if !assembler.isSet(assembler.group(0, places.buyer), places.partyName) { note(.noBuyer) }
        if !assembler.isSet(assembler.group(0, places.totals), places.gross) { note(.noTotal) }
        if !assembler.isSet(0, places.lines) { note(.noLine) }
    }

    // MARK: Walking

    /// Applies rules to everything inside an element.
    func walk(_ node: XMLTree.Node, rule: Int, context: RecordAssembler.Node, except: XMLTree.Node = -1) {
        var child = parser.tree.firstChild(node)
        while let found = child {
            child = parser.tree.next(found)
            if found == except || !parser.tree.hasContent(found) { continue }
            let name = parser.tree.name(found)
            if let inner = mapping.child(of: rule, name: name) {
                apply(found, rule: inner, context: context)
                if parser.tree.kind(found) == .attribute { takeSyntax(found) }
            } else if parser.tree.kind(found) == .attribute {
                takeSyntax(found)
            } else {
                takeSyntaxInside(found)
            }
        }
    }

    /// Takes an attribute that carries nothing: part of the syntax, or the invoice's own currency once more.
    private func takeSyntax(_ attribute: XMLTree.Node) {
        let name = parser.tree.name(attribute)
        if mapping.syntaxAttributes.contains(name) {
            parser.tree.take(attribute)
        } else if name == names.currencyID || name == names.amountCurrency, let currency,
            parser.tree.bytes[parser.tree.text(attribute)].elementsEqual(currency)
        {
            parser.tree.take(attribute)
        }
    }

    private func takeSyntaxInside(_ node: XMLTree.Node) {
        var child = parser.tree.firstChild(node)
        while let found = child {
            if parser.tree.kind(found) == .attribute { takeSyntax(found) } else { takeSyntaxInside(found) }
            child = parser.tree.next(found)
        }
    }

    private func apply(_ node: XMLTree.Node, rule: Int, context: RecordAssembler.Node) {
        switch mapping.rules[rule].action {
        case .none: walk(node, rule: rule, context: context)
        case .value(let targets):
            let text = parser.tree.text(node)
            if !text.isEmpty {
                var isTaken = false
                for target in targets where assign(target, context, text) { isTaken = true }
                if isTaken { parser.tree.take(node) }
            }
            walk(node, rule: rule, context: context)
        case .firstFree(let targets):
            let text = parser.tree.text(node)
            if !text.isEmpty {
                for target in targets where assign(target, context, text) {
                    parser.tree.take(node)
                    break
                }
            }
            walk(node, rule: rule, context: context)
        case .joined(let target):
            join(node, target, context)
            walk(node, rule: rule, context: context)
        case .group(let target, let own, let constants):
            let inner = resolve(target, context)
            for constant in constants {
                let place = resolve(constant.target, inner)
                if !assembler.isSet(place, constant.target.field) {
                    assembler.set(place, constant.target.field, constant.text.span)
                }
            }
            let text = parser.tree.text(node)
            if let own, !text.isEmpty, assign(own, inner, text) { parser.tree.take(node) }
            walk(node, rule: rule, context: inner)
        case .understood:
            parser.tree.take(node)
            walk(node, rule: rule, context: context)
        case .handler(let handler):
            handle(handler, node, rule: rule, context: context)
        }
    }

    /// All texts of siblings of that name, each on a line, into one field.
    private func join(_ node: XMLTree.Node, _ target: MappingTarget, _ context: RecordAssembler.Node) {
        if parser.tree.isTaken(node) || parser.tree.text(node).isEmpty { return }
        var nodes: [XMLTree.Node] = []
        var text: [UInt8] = []
        var sibling: XMLTree.Node? = node
        while let found = sibling {
            if parser.tree.name(found) == parser.tree.name(node) {
                if !nodes.isEmpty { text.append(0x0a) }
                text.append(contentsOf: parser.tree.bytes[parser.tree.text(found)])
                nodes.append(found)
            }
            sibling = parser.tree.next(found)
        }
        let place = resolve(target, context)
        guard !assembler.isSet(place, target.field) else { return }
        put(place, target, text.span)
        for node in nodes { parser.tree.take(node) }
    }

    /// The group in which a target's field lies, made where it is missing.
    func resolve(_ target: MappingTarget, _ context: RecordAssembler.Node) -> RecordAssembler.Node {
        var node = target.fromRecord ? 0 : context
        for step in target.steps {
            switch step {
            case .last(let field): node = assembler.group(node, field)
            case .append(let field): node = append(node, field)
            case .untilSet(let field):
                let last = assembler.group(node, field)
                node = assembler.isSet(last, target.field) ? append(node, field) : last
            case .keyed(let field, let key): node = self.keyed(node, field, key: key)
            }
        }
        return node
    }

    func append(_ node: RecordAssembler.Node, _ field: Int) -> RecordAssembler.Node {
        let new = assembler.appendGroup(node, field)
        if node == 0, field == places.paymentMeans { means.append(new) }
        return new
    }

    private func keyed(_ node: RecordAssembler.Node, _ field: Int, key: Int) -> RecordAssembler.Node {
        let place = Key(node: node, field: field, key: key)
        if let known = keyed[place] { return known }
        let new = append(node, field)
        keyed[place] = new
        switch Mapping.keys[key] {
        case "deliverer", "manufacturer": assembler.set(new, places.partyRole, Array(Mapping.keys[key].utf8).span)
        case "rows": assembler.set(new, places.isCharge, Array("false".utf8).span)
        default: break
        }
        return new
    }

    /// Gives a target a text of the tree; false if the field has a value that this one would be lost beside.
    func assign(_ target: MappingTarget, _ context: RecordAssembler.Node, _ text: Range<Int>) -> Bool {
        let place = resolve(target, context)
        if !target.isList, assembler.isSet(place, target.field) {
            if target.isOptional { return true }
            guard target.mayRepeat, let known = repeated[Key(node: place, field: target.field, key: -1)] else {
                return false
            }
            return parser.tree.bytes[text].elementsEqual(known)
        }
        if target.mayRepeat {
            repeated[Key(node: place, field: target.field, key: -1)] = Array(parser.tree.bytes[text])
        }
        watch(place, target, text)
        // UNTDID 4461: 49 direct debit, 59 SEPA direct debit.
        if target.group == places.paymentMeansGroup, target.field == places.meansCode,
            parser.tree.equal(text, "49") || parser.tree.equal(text, "59")
        {
            directDebits.append(place)
        }
        if target.kind == .decimal, respell(text) {
            let spelled = scratch
            assembler.set(place, target.field, spelled.span)
        } else {
            let bytes = parser.tree.bytes
            assembler.set(place, target.field, bytes.span.extracting(text))
        }
        return true
    }

    private func watch(_ place: RecordAssembler.Node, _ target: MappingTarget, _ text: Range<Int>) {
        for (index, field) in watched.enumerated() where field.group == target.group && field.field == target.field {
            notes.watched[index].append(Array(parser.tree.bytes[text]))
        }
    }

    /// Gives a field that is free a text that is in no tree.
    func put(_ place: RecordAssembler.Node, _ target: MappingTarget, _ text: Span<UInt8>) {
        assembler.set(place, target.field, text)
    }

    func set(_ field: Int, _ text: String) {
        if !assembler.isSet(0, field) { assembler.set(0, field, Array(text.utf8).span) }
    }

    /// Spells a decimal with a comma or with spaces between thousands as the catalogue does, into ``scratch``.
    private func respell(_ text: Range<Int>) -> Bool {
        let bytes = parser.tree.bytes
        var commas = 0
        var needed = false
        var index = text.lowerBound
        scratch.removeAll(keepingCapacity: true)
        while index < text.upperBound {
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0x2c:
                commas += 1
                scratch.append(0x2e)
                needed = true
            case 0x20: needed = true
            case 0xc2 where index < text.upperBound && bytes[index] == 0xa0:
                index += 1
                needed = true
            case 0x2e: return false
            default: scratch.append(byte)
            }
        }
        guard needed, commas <= 1 else { return false }
        if decimalSign == 0x2e || text.count != scratch.count { note(.number) }
        return true
    }

    // MARK: What no rule took

    /// Carries what no rule took as `other` fields under its path from the root, and counts it by name.
    private func collectRemainders() throws(PortabilityError) {
        parser.tree.markRemainders()
        guard !parser.tree.isEmpty, parser.tree.hasRemainder(0) else { return }
        var path = parser.tree.names.spelled(parser.tree.name(0))
        var plain = path
        try collect(0, path: &path, plain: &plain)
    }

    private func collect(_ node: XMLTree.Node, path: inout [UInt8], plain: inout [UInt8]) throws(PortabilityError) {
        if !parser.tree.isTaken(node) {
            let text = parser.tree.text(node)
            if !text.isEmpty {
                remainders += 1
                if remainders > Self.remainderLimit {
                    throw PortabilityError(.limit, "more than \(Self.remainderLimit) elements that no invoice has")
                }
                let bytes = parser.tree.bytes
                assembler.other(path.span, .string, bytes.span.extracting(text))
                notes.unmapped[plain, default: 0] += 1
            }
        }
        // Siblings of one name get their place; counting them all once keeps this linear.
        var counts: [Int32: Int] = [:]
        var child = parser.tree.firstChild(node)
        while let found = child {
            counts[parser.tree.name(found), default: 0] += 1
            child = parser.tree.next(found)
        }
        var seen: [Int32: Int] = [:]
        child = parser.tree.firstChild(node)
        while let found = child {
            child = parser.tree.next(found)
            let name = parser.tree.name(found)
            seen[name, default: 0] += 1
            if !parser.tree.hasRemainder(found) { continue }
            let (length, plainLength) = (path.count, plain.count)
            path.append(0x2f)
            plain.append(0x2f)
            path.append(contentsOf: parser.tree.names.spelled(name))
            plain.append(contentsOf: parser.tree.names.spelled(name))
            if let count = counts[name], count > 1, let place = seen[name] {
                path.append(contentsOf: "[\(place)]".utf8)
            }
            try collect(found, path: &path, plain: &plain)
            path.removeLast(path.count - length)
            plain.removeLast(plain.count - plainLength)
        }
    }
}
