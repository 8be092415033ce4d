import PortabilityModel
import PortabilityText

extension InvoiceReader {
    /// Does what a rule asks for that needs more than a place.
    func handle(_ handler: MappingHandler, _ node: XMLTree.Node, rule: Int, context: RecordAssembler.Node) {
        switch handler {
        case .line:
            // Sub-lines are read behind the line they belong to.
            if !isReadingLine(parser.tree.parent(node)) { readLine(node, rule: rule) }
        case .partyTaxScheme: readTaxScheme(node, rule: rule, party: context)
        case .taxRegistration: readTaxRegistration(node, rule: rule, party: context)
        case .partyIdentification: readIdentification(node, rule: rule, party: context)
        case .note: readNote(node)
        case .typeCode: readTypeCode(node, rule: rule)
        case .finvoiceType: readFinvoiceType(node, rule: rule)
        case .taxTotal: readTaxTotal(node, rule: rule)
        case .additionalReference: readReference(node, rule: rule)
        case .lineReference: readLineReference(node, rule: rule, line: context)
        case .orderReference: readOrderReference(node, rule: rule)
        case .taxPointCode: readTaxPointCode(node)
        case .projectName:
            // What the binding of EN 16931 says to write where there is no name.
            if parser.tree.equal(parser.tree.text(node), "Project reference") {
                parser.tree.take(node)
            } else {
                give(node, to: 0, places.projectName, in: 0)
            }
            walk(node, rule: rule, context: context)
        case .grossBase: readGrossBase(node, rule: rule, line: context)
        case .paymentReference: readPaymentReference(node)
        case .mandate: keep(node, in: \.mandate)
        case .creditor: keep(node, in: \.creditor)
        case .paymentID: readPaymentID(node, rule: rule, means: context)
        case .vat:
            if parser.tree.equal(parser.tree.text(node), "VAT") { parser.tree.take(node) }
            walk(node, rule: rule, context: context)
        case .quantity: readQuantity(node, kind: mapping.rules[rule].argument, line: context)
        case .unitPrice: readUnitPrice(node, rule: rule, line: context)
        case .remittance: readRemittance(node, rule: rule)
        case .linkName:
            linkNames += 1
            give(node, to: link(linkNames), places.attachmentDescription)
        case .linkAddress:
            linkAddresses += 1
            give(node, to: link(linkAddresses), places.url)
        case .grandTotal: readGrandTotal(node, rule: rule)
        case .messageParty: readMessageParty(node, side: mapping.rules[rule].argument)
        case .content: readFinvoiceContent(node, attachment: context)
        }
    }

    /// Gives a field of a group the text of a node and takes the node; does nothing if the field has a value.
    @discardableResult
    private func give(_ node: XMLTree.Node?, to group: RecordAssembler.Node, _ field: Int, in layoutGroup: Int? = nil)
        -> Bool
    {
        guard let node, !parser.tree.isTaken(node) else { return false }
        let text = parser.tree.text(node)
        guard !text.isEmpty, !assembler.isSet(group, field) else { return false }
        if let layoutGroup {
            guard assign(places.target(field, group: layoutGroup), group, text) else { return false }
        } else {
            let bytes = parser.tree.bytes
            assembler.set(group, field, bytes.span.extracting(text))
        }
        parser.tree.take(node)
        return true
    }

    private func group(_ parent: Int, _ field: Int) -> Int { layout.groups[parent].fields[field].group }

    // MARK: Head

    private func readNote(_ node: XMLTree.Node) {
        let text = parser.tree.text(node)
        guard !text.isEmpty else { return }
        let note = append(0, places.notes)
        let bytes = parser.tree.bytes
        var rest = text
        // EN 16931-3-2: the subject code stands before the text as #CODE#.
        if text.count > 5, bytes[text.lowerBound] == 0x23, bytes[text.lowerBound + 4] == 0x23 {
            let code = text.lowerBound + 1..<text.lowerBound + 4
            if code.allSatisfy({ (0x41...0x5a).contains(bytes[$0]) }) {
                assembler.set(note, places.noteSubject, bytes.span.extracting(code))
                rest = text.lowerBound + 5..<text.upperBound
                while let first = rest.first, isXMLSpace(bytes[first]) { rest = rest.dropFirst() }
            }
        }
        assembler.set(note, places.noteText, bytes.span.extracting(rest))
        parser.tree.take(node)
        takeAttributes(node)
    }

    /// Takes the attributes of an element that are part of the syntax.
    private func takeAttributes(_ node: XMLTree.Node) { walk(node, rule: mapping.emptyRule, context: 0) }

    private func readTypeCode(_ node: XMLTree.Node, rule: Int) {
        let text = parser.tree.text(node)
        if give(node, to: 0, places.typeCode, in: 0) {
            set(places.documentType, InvoiceCodes.documentType(untdid: parser.tree.bytes[text]))
        }
        walk(node, rule: rule, context: 0)
    }

    private func readFinvoiceType(_ node: XMLTree.Node, rule: Int) {
        let text = parser.tree.text(node)
        if give(node, to: 0, places.nationalType, in: 0) {
            set(places.documentType, InvoiceCodes.documentType(finvoice: parser.tree.bytes[text]))
        }
        walk(node, rule: rule, context: 0)
    }

    private func readOrderReference(_ node: XMLTree.Node, rule: Int) {
        let text = parser.tree.text(node)
        let sales = parser.tree.child(parser.tree.parent(node), names.salesOrderID)
        // UBL asks for an order's ID even where there is only a sales order; Peppol BIS says to write NA then, and
        // XRechnung's examples write Dummywert.
        if let sales, parser.tree.hasContent(sales),
            parser.tree.equal(text, "NA") || parser.tree.equal(text, "Dummywert")
        {
            parser.tree.take(node)
        } else {
            give(node, to: 0, places.orderReference, in: 0)
        }
        walk(node, rule: rule, context: 0)
    }

    private func readTaxPointCode(_ node: XMLTree.Node) {
        let text = parser.tree.text(node)
        // UNTDID 2475 to 2005, which UBL uses for the same three points in time.
        let code: StaticString
        if parser.tree.equal(text, "5") {
            code = "3"
        } else if parser.tree.equal(text, "29") {
            code = "35"
        } else if parser.tree.equal(text, "72") {
            code = "432"
        } else {
            give(node, to: 0, places.taxPointCode, in: 0)
            return
        }
        let spelled = code.description
        if taxPoint == nil || taxPoint == spelled {
            taxPoint = spelled
            set(places.taxPointCode, spelled)
            parser.tree.take(node)
        }
    }

    // MARK: Parties

    private func readTaxScheme(_ node: XMLTree.Node, rule: Int, party: RecordAssembler.Node) {
        let scheme = parser.tree.child(node, names.taxScheme).flatMap { parser.tree.child($0, names.id) }
        let isVAT = scheme.map { parser.tree.equal(parser.tree.text($0), "VAT") } ?? true
        let number = parser.tree.child(node, names.companyID)
        if give(number, to: party, isVAT ? places.vatID : places.taxID, in: mapping.rules[rule].group), let scheme {
            parser.tree.take(scheme)
        }
        walk(node, rule: rule, context: party)
        if let number { takeAttributes(number) }
        if let scheme { takeAttributes(scheme) }
    }

    private func readTaxRegistration(_ node: XMLTree.Node, rule: Int, party: RecordAssembler.Node) {
        let number = parser.tree.child(node, names.id)
        let scheme = number.flatMap { parser.tree.child($0, names.schemeAttribute) }
        let isVAT = scheme.map { parser.tree.equal(parser.tree.text($0), "VA") } ?? true
        if give(number, to: party, isVAT ? places.vatID : places.taxID, in: mapping.rules[rule].group), let scheme {
            parser.tree.take(scheme)
        }
        walk(node, rule: rule, context: party)
    }

    private func readIdentification(_ node: XMLTree.Node, rule: Int, party: RecordAssembler.Node) {
        walk(node, rule: rule, context: party)
        guard let id = parser.tree.child(node, names.id), !parser.tree.text(id).isEmpty else { return }
        let scheme = parser.tree.child(id, names.schemeAttribute)
        if let scheme, parser.tree.equal(parser.tree.text(scheme), "SEPA"), creditor == nil {
            keep(id, in: \.creditor)
            parser.tree.take(scheme)
            return
        }
        let identifier = append(party, places.identifiers)
        let group = group(mapping.rules[rule].group, places.identifiers)
        give(id, to: identifier, places.identifierValue, in: group)
        give(scheme, to: identifier, places.identifierScheme, in: group)
        takeAttributes(id)
    }

    // MARK: References and attachments

    private func readReference(_ node: XMLTree.Node, rule: Int) {
        let tree = parser.tree
        let type = tree.child(node, names.documentTypeCode) ?? tree.child(node, names.typeCode)
        let id = tree.child(node, names.id) ?? tree.child(node, names.issuerAssignedID)
        let scheme =
            id.flatMap { tree.child($0, names.schemeAttribute) } ?? tree.child(node, names.referenceTypeCode)
        let code = type.map { tree.text($0) } ?? 0..<0
        if tree.equal(code, "130"), !assembler.isSet(0, places.invoicedObject) {
            give(id, to: 0, places.invoicedObject, in: 0)
            give(scheme, to: 0, places.invoicedObjectScheme, in: 0)
            if let type { parser.tree.take(type) }
        } else if tree.equal(code, "50"), tree.name(tree.parent(node)) == names.creditNote,
            !assembler.isSet(0, places.projectReference)
        {
            // UBL's CreditNote has no ProjectReference; EN 16931-3-2 binds BT-11 to this code instead.
            give(id, to: 0, places.projectReference, in: 0)
            if let type { parser.tree.take(type) }
        } else if tree.equal(code, "50"), !assembler.isSet(0, places.tenderReference) {
            give(id, to: 0, places.tenderReference, in: 0)
            if let type { parser.tree.take(type) }
        } else {
            readAttachment(node, id: id, scheme: scheme, type: type)
        }
        walk(node, rule: rule, context: 0)
    }

    private func readAttachment(
        _ node: XMLTree.Node, id: XMLTree.Node?, scheme: XMLTree.Node?, type: XMLTree.Node?
    ) {
        let attachment = append(0, places.attachments)
        give(id, to: attachment, places.attachmentID)
        give(scheme, to: attachment, places.attachmentScheme)
        // 916 says that it is an attachment, which UBL says by having no code.
        if let type, parser.tree.equal(parser.tree.text(type), "916") {
            parser.tree.take(type)
        } else {
            give(type, to: attachment, places.attachmentType)
        }
        let outer = parser.tree.child(node, names.attachment)
        give(
            parser.tree.child(node, names.documentDescription) ?? parser.tree.child(node, names.name), to: attachment,
            places.attachmentDescription)
        let external = outer.flatMap { parser.tree.child($0, names.external) }
        give(
            external.flatMap { parser.tree.child($0, names.uri) } ?? parser.tree.child(node, names.uriID),
            to: attachment, places.url)
        let binary =
            outer.flatMap { parser.tree.child($0, names.embedded) } ?? parser.tree.child(node, names.binary)
        if let binary {
            readContent(
                binary, attachment: attachment, filename: parser.tree.child(binary, names.filenameAttribute),
                mediaType: parser.tree.child(binary, names.mimeAttribute))
        }
    }

    private func readContent(
        _ node: XMLTree.Node, attachment: RecordAssembler.Node, filename: XMLTree.Node?, mediaType: XMLTree.Node?
    ) {
        give(filename, to: attachment, places.filename)
        give(mediaType, to: attachment, places.mediaType)
        let text = parser.tree.text(node)
        if text.isEmpty || parser.tree.isTaken(node) { return }
        guard wantsContent else { return parser.tree.take(node) }
        let spelling = parser.tree.bytes
        guard let bytes = Base64.decode(spelling.span.extracting(text)) else { return note(.base64) }
        parser.tree.take(node)
        if bytes.isEmpty { return }
        notes.attachments.append(
            Attachment(
                group: attachment, filename: filename.map { spelled($0) }, mediaType: mediaType.map { spelled($0) },
                bytes: bytes))
    }

    private func readFinvoiceContent(_ node: XMLTree.Node, attachment: RecordAssembler.Node) {
        let parent = parser.tree.parent(node)
        readContent(
            node, attachment: attachment, filename: parser.tree.child(parent, names.attachmentName),
            mediaType: parser.tree.child(parent, names.attachmentMimeType))
    }

    private func spelled(_ node: XMLTree.Node) -> String {
        String(decoding: parser.tree.bytes[parser.tree.text(node)], as: UTF8.self)
    }

    private func link(_ ordinal: Int) -> RecordAssembler.Node {
        while links.count < ordinal { links.append(append(0, places.attachments)) }
        return links[ordinal - 1]
    }

    // MARK: Lines

    private func readLine(_ node: XMLTree.Node, rule: Int) {
        let outer = currentLine
        var ownContent = false
        var subs: [(node: XMLTree.Node, rule: Int)] = []
        var child = parser.tree.firstChild(node)
        while let found = child {
            child = parser.tree.next(found)
            guard parser.tree.hasContent(found) else { continue }
            if let inner = mapping.child(of: rule, name: parser.tree.name(found)),
                case .handler(.line) = mapping.rules[inner].action
            {
                subs.append((found, inner))
            } else if parser.tree.kind(found) == .element {
                ownContent = true
            }
        }
        // A row that only holds rows below it is no line of its own.
        openLines.append(node)
        defer { openLines.removeLast() }
        if ownContent {
            let line = append(0, places.lines)
            lineCount += 1
            currentLine = lineCount
            readParent(node, line: line, outer: outer)
            walk(node, rule: rule, context: line)
        }
        for sub in subs { readLine(sub.node, rule: sub.rule) }
        currentLine = outer
    }

    private func isReadingLine(_ node: XMLTree.Node) -> Bool { openLines.last == node }

    private func readParent(_ node: XMLTree.Node, line: RecordAssembler.Node, outer: Int) {
        if outer > 0 { assembler.set(line, places.lineParent, Array(String(outer).utf8).span) }
        guard let document = parser.tree.child(node, names.associatedLine) else { return }
        if let id = parser.tree.child(document, names.lineID) {
            lineNumbers[Array(parser.tree.bytes[parser.tree.text(id)])] = lineCount
        }
        if let parent = parser.tree.child(document, names.parentLineID),
            let number = lineNumbers[Array(parser.tree.bytes[parser.tree.text(parent)])], number != lineCount
        {
            assembler.set(line, places.lineParent, Array(String(number).utf8).span)
            parser.tree.take(parent)
        }
    }

    private func readLineReference(_ node: XMLTree.Node, rule: Int, line: RecordAssembler.Node) {
        let type = parser.tree.child(node, names.documentTypeCode) ?? parser.tree.child(node, names.typeCode)
        let id = parser.tree.child(node, names.id) ?? parser.tree.child(node, names.issuerAssignedID)
        let scheme =
            id.flatMap { parser.tree.child($0, names.schemeAttribute) }
            ?? parser.tree.child(node, names.referenceTypeCode)
        let isObject = type.map { parser.tree.equal(parser.tree.text($0), "130") } ?? true
        let lineGroup = group(0, places.lines)
        if isObject, give(id, to: line, places.lineObject, in: lineGroup) {
            give(scheme, to: line, places.lineObjectScheme)
            if let type { parser.tree.take(type) }
        }
        walk(node, rule: rule, context: line)
    }

    private func readQuantity(_ node: XMLTree.Node, kind: String, line: RecordAssembler.Node) {
        let text = parser.tree.text(node)
        let unit = parser.tree.child(node, names.quantityUnit)
        let unitCode = parser.tree.child(node, names.quantityUnitCode)
        let row = parser.tree.parent(node)
        let isInvoiced = kind == "invoiced"
        let hasInvoiced = [names.invoicedQuantity, names.subInvoicedQuantity].contains { name in
            parser.tree.child(row, name).map { parser.tree.hasContent($0) } ?? false
        }
        if text.isEmpty { return }
        let lineGroup = group(0, places.lines)
        if isInvoiced || !hasInvoiced, !assembler.isSet(line, places.quantity) {
            if assign(places.target(places.quantity, group: lineGroup), line, text) { parser.tree.take(node) }
            give(unit, to: line, places.unit)
            give(unitCode, to: line, places.unitCode)
            return
        }
        let further = append(line, places.quantities)
        assembler.set(further, places.quantityKind, Array(kind.utf8).span)
        let target = places.target(places.quantityValue, group: group(lineGroup, places.quantities))
        if assign(target, further, text) { parser.tree.take(node) }
        give(unit, to: further, places.quantityUnit)
        give(unitCode, to: further, places.quantityUnitCode)
    }

    private func readUnitPrice(_ node: XMLTree.Node, rule: Int, line: RecordAssembler.Node) {
        let row = parser.tree.parent(node)
        let others = [names.netPrice, names.priceDiscount, names.subNetPrice, names.subPriceDiscount]
        let isGross = others.contains { name in
            parser.tree.child(row, name).map { parser.tree.hasContent($0) } ?? false
        }
        let text = parser.tree.text(node)
        let lineGroup = group(0, places.lines)
        let price = assembler.group(line, places.price)
        let target = places.target(
            isGross ? places.priceGross : places.priceNet, group: group(lineGroup, places.price))
        if !text.isEmpty, assign(target, price, text) { parser.tree.take(node) }
        walk(node, rule: rule, context: line)
    }

    private func readGrossBase(_ node: XMLTree.Node, rule: Int, line: RecordAssembler.Node) {
        let text = parser.tree.text(node)
        let agreement = parser.tree.parent(parser.tree.parent(node))
        let net = parser.tree.child(agreement, names.netProductPrice).flatMap {
            parser.tree.child($0, names.basisQuantity)
        }
        if let net, parser.tree.hasContent(net) {
            guard parser.tree.equal(text, parser.tree.text(net)) else { return }
            parser.tree.take(node)
        } else {
            let price = assembler.group(line, places.price)
            let target = places.target(places.priceBase, group: group(group(0, places.lines), places.price))
            if !text.isEmpty, assign(target, price, text) { parser.tree.take(node) }
        }
        walk(node, rule: rule, context: line)
    }

    // MARK: Money

    private func readTaxTotal(_ node: XMLTree.Node, rule: Int) {
        let text = parser.tree.text(node)
        let attribute = parser.tree.child(node, names.currencyID)
        let totals = assembler.group(0, places.totals)
        let totalsGroup = group(0, places.totals)
        let isOther = attribute.map { found in
            let spelled = parser.tree.bytes[parser.tree.text(found)]
            return taxCurrency.map { spelled.elementsEqual($0) && $0 != currency } ?? false
        }
        let field = isOther == true ? places.taxInTaxCurrency : places.tax
        if !text.isEmpty, assign(places.target(field, group: totalsGroup), totals, text) {
            parser.tree.take(node)
            if isOther == true, let attribute { parser.tree.take(attribute) }
        }
        walk(node, rule: rule, context: 0)
    }

    private func readGrandTotal(_ node: XMLTree.Node, rule: Int) {
        let text = parser.tree.text(node)
        let totals = assembler.group(0, places.totals)
        let target = places.target(places.gross, group: group(0, places.totals))
        if !text.isEmpty, assign(target, totals, text) { parser.tree.take(node) }
        give(parser.tree.child(node, names.amountCurrency), to: 0, places.currency, in: 0)
        walk(node, rule: rule, context: 0)
    }

    private func readRemittance(_ node: XMLTree.Node, rule: Int) {
        let text = parser.tree.text(node)
        let scheme = parser.tree.child(node, names.identificationScheme)
        guard !text.isEmpty else { return }
        let means = epiMeans()
        let meansGroup = group(0, places.paymentMeans)
        guard assign(places.target(places.remittance, group: meansGroup), means, text) else { return }
        parser.tree.take(node)
        guard let scheme else { return }
        let isFinnish = parser.tree.equal(parser.tree.text(scheme), "SPY")
        if isFinnish || parser.tree.equal(parser.tree.text(scheme), "ISO") {
            let field = isFinnish ? places.finnishReference : places.rfReference
            _ = assign(places.target(field, group: meansGroup), means, text)
            parser.tree.take(scheme)
        }
        walk(node, rule: rule, context: 0)
    }

    private func epiMeans() -> RecordAssembler.Node {
        var target = MappingTarget()
        target.steps = [.keyed(places.paymentMeans, key: 0)]
        return resolve(target, 0)
    }

    private func keep(_ node: XMLTree.Node, in path: ReferenceWritableKeyPath<InvoiceReader, [UInt8]?>) {
        let text = parser.tree.text(node)
        guard !text.isEmpty, self[keyPath: path] == nil else { return }
        self[keyPath: path] = Array(parser.tree.bytes[text])
        parser.tree.take(node)
    }

    private func readPaymentReference(_ node: XMLTree.Node) { keep(node, in: \.reference) }

    private func readPaymentID(_ node: XMLTree.Node, rule: Int, means: RecordAssembler.Node) {
        let text = parser.tree.text(node)
        let spelled = Array(parser.tree.bytes[text])
        if give(node, to: means, places.remittance, in: group(0, places.paymentMeans)) {
            if reference == nil { reference = spelled } else if reference != spelled { hasSeveralReferences = true }
        }
        walk(node, rule: rule, context: means)
    }

    /// EN 16931 has one reference for all payment means, one mandate and one creditor.
    func finishPayment() {
        if let reference, !hasSeveralReferences {
            if means.isEmpty { _ = append(0, places.paymentMeans) }
            for place in means where !assembler.isSet(place, places.remittance) {
                assembler.set(place, places.remittance, reference.span)
            }
        }
        guard mandate != nil || creditor != nil else { return }
        if means.isEmpty { _ = append(0, places.paymentMeans) }
        let place = directDebits.first ?? means[0]
        if let mandate, !assembler.isSet(place, places.mandate) {
            assembler.set(place, places.mandate, mandate.span)
        }
        if let creditor { assembler.set(place, places.creditor, creditor.span) }
    }

    // MARK: Envelope

    private func readMessageParty(_ node: XMLTree.Node, side: String) {
        guard let id = parser.tree.child(node, names.partyID) else { return }
        let role = parser.tree.child(node, names.role)
        let isIntermediator = role.map { parser.tree.equal(parser.tree.text($0), "Intermediator") } ?? false
        let message = assembler.group(0, places.message)
        let messageGroup = group(0, places.message)
        let name = isIntermediator ? "\(side)_intermediator" : side
        if let field = layout.groups[messageGroup].index(of: name) {
            var target = places.target(field, group: messageGroup)
            target.mayRepeat = true
            let text = parser.tree.text(id)
            if !text.isEmpty, assign(target, message, text) {
                parser.tree.take(id)
                if let role { parser.tree.take(role) }
            }
        }
        takeAttributes(id)
    }
}

/// Codes of other lists as kinds of document.
enum InvoiceCodes {
    /// UNTDID 1001.
    static func documentType(untdid code: some Collection<UInt8>) -> String {
        switch String(decoding: code, as: UTF8.self) {
        case "381", "81", "83", "261", "262", "296", "308", "396", "420", "458", "532": "credit-note"
        case "383", "80", "84", "527": "debit-note"
        case "384": "corrected-invoice"
        case "386": "prepayment-invoice"
        case "389": "self-billed-invoice"
        case "326", "875", "876", "877": "partial-invoice"
        case "325": "proforma-invoice"
        case "71", "82", "102", "130", "202", "203", "204", "211", "218", "219", "295", "331", "380", "382", "385",
            "387", "388", "390", "393", "394", "395", "456", "457", "553", "575", "623", "633", "751", "780", "817",
            "870", "935":
            "invoice"
        default: "other"
        }
    }

    /// Finvoice implementation guidelines, InvoiceTypeCode.
    static func documentType(finvoice code: some Collection<UInt8>) -> String {
        switch String(decoding: code, as: UTF8.self) {
        case "INV01", "INV09": "invoice"
        case "INV02": "credit-note"
        case "INV03": "interest-invoice"
        case "INV04": "internal-invoice"
        case "INV05": "collection-notice"
        case "INV06": "proforma-invoice"
        case "INV07": "self-billed-invoice"
        case "INV08": "reminder"
        default: "other"
        }
    }
}
