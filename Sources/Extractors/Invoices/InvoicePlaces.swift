import PortabilityModel

/// Indices of the fields that handlers name.
struct InvoicePlaces: Sendable {
    let syntax, syntaxVersion, documentType, typeCode, nationalType, number, issueDate, currency, direction,
        projectName, projectReference: Int
    let original, taxPointCode, notes, orderReference, invoicedObject, invoicedObjectScheme, tenderReference: Int
    let seller, buyer, totals, lines, attachments, paymentMeans, message: Int
    let noteSubject, noteText: Int
    let partyName, partyRole, vatID, taxID, identifiers, identifierValue, identifierScheme: Int
    let gross, tax, taxInTaxCurrency: Int
    let isCharge: Int
    let lineParent, quantity, unit, unitCode, quantities, quantityKind, quantityValue, quantityUnit,
        quantityUnitCode: Int
    let price, priceBase, priceNet, priceGross, lineObject, lineObjectScheme: Int
    let paymentMeansGroup, meansCode, remittance, finnishReference, rfReference, mandate, creditor: Int
    let attachmentID, attachmentScheme, attachmentType, attachmentDescription, filename, mediaType, url, document: Int
    let layout: EntityLayout

    init(_ layout: EntityLayout) {
        self.layout = layout
        func field(_ group: Int, _ name: String) -> Int {
            guard let index = layout.groups[group].index(of: name) else {
                preconditionFailure("the catalogue's invoice has no field \(name)")
            }
            return index
        }
        func group(_ parent: Int, _ name: String) -> Int { layout.groups[parent].fields[field(parent, name)].group }
        syntax = field(0, "syntax")
        syntaxVersion = field(0, "syntax_version")
        documentType = field(0, "document_type")
        typeCode = field(0, "type_code")
        nationalType = field(0, "national_type_code")
        number = field(0, "number")
        issueDate = field(0, "issue_date")
        currency = field(0, "currency")
        projectName = field(0, "project_name")
        projectReference = field(0, "project_reference")
        direction = field(0, "direction")
        original = field(0, "original")
        taxPointCode = field(0, "tax_point_code")
        notes = field(0, "notes")
        orderReference = field(0, "order_reference")
        invoicedObject = field(0, "invoiced_object")
        invoicedObjectScheme = field(0, "invoiced_object_scheme")
        tenderReference = field(0, "tender_reference")
        seller = field(0, "seller")
        buyer = field(0, "buyer")
        totals = field(0, "totals")
        lines = field(0, "lines")
        attachments = field(0, "attachments")
        paymentMeans = field(0, "payment_means")
        message = field(0, "message")
        let note = group(0, "notes")
        noteSubject = field(note, "subject_code")
        noteText = field(note, "text")
        // Every party has the same fields in the same order.
        let party = group(0, "seller")
        partyName = field(party, "name")
        partyRole = field(party, "role")
        vatID = field(party, "vat_id")
        taxID = field(party, "tax_id")
        identifiers = field(party, "identifiers")
        let identifier = group(party, "identifiers")
        identifierValue = field(identifier, "value")
        identifierScheme = field(identifier, "scheme")
        let sums = group(0, "totals")
        gross = field(sums, "gross")
        tax = field(sums, "tax")
        taxInTaxCurrency = field(sums, "tax_in_tax_currency")
        isCharge = field(group(0, "allowances_charges"), "is_charge")
        let line = group(0, "lines")
        lineParent = field(line, "parent_line")
        quantity = field(line, "quantity")
        unit = field(line, "unit")
        unitCode = field(line, "unit_code")
        quantities = field(line, "quantities")
        let further = group(line, "quantities")
        quantityKind = field(further, "kind")
        quantityValue = field(further, "value")
        quantityUnit = field(further, "unit")
        quantityUnitCode = field(further, "unit_code")
        price = field(line, "price")
        priceBase = field(group(line, "price"), "base_quantity")
        priceNet = field(group(line, "price"), "net")
        priceGross = field(group(line, "price"), "gross")
        lineObject = field(line, "invoiced_object")
        lineObjectScheme = field(line, "invoiced_object_scheme")
        let means = group(0, "payment_means")
        paymentMeansGroup = means
        meansCode = field(means, "code")
        remittance = field(means, "remittance_reference")
        finnishReference = field(means, "finnish_reference")
        rfReference = field(means, "rf_reference")
        mandate = field(means, "mandate_reference")
        creditor = field(means, "creditor_identifier")
        let attachment = group(0, "attachments")
        attachmentID = field(attachment, "id")
        attachmentScheme = field(attachment, "id_scheme")
        attachmentType = field(attachment, "type_code")
        attachmentDescription = field(attachment, "description")
        filename = field(attachment, "filename")
        mediaType = field(attachment, "media_type")
        url = field(attachment, "url")
        document = field(attachment, "document")
    }

    /// A target for a field of the record or of a group that a handler has at hand.
    func target(_ field: Int, group: Int = 0) -> MappingTarget {
        let definition = layout.groups[group].fields[field]
        var target = MappingTarget()
        target.field = field
        target.kind = definition.kind ?? .string
        target.isList = definition.isList
        target.group = group
        return target
    }
}

/// Numbers of the names that handlers look for.
struct InvoiceNames: Sendable {
    let finvoice, invoice, creditNote, crossIndustryInvoice: Int32
    let roots: [Int32]
    let currencyID, amountCurrency, invoiceDetails, grandTotal, documentCurrency, taxCurrency: Int32
    let transaction, settlement, invoiceCurrency: Int32
    let id, schemeAttribute, companyID, taxScheme, salesOrderID: Int32
    let documentTypeCode, documentDescription, attachment, embedded, external, uri, mimeAttribute,
        filenameAttribute: Int32
    let issuerAssignedID, uriID, typeCode, referenceTypeCode, name, binary: Int32
    let netProductPrice, basisQuantity: Int32
    let associatedLine, lineID, parentLineID: Int32
    let invoicedQuantity, quantityUnit, quantityUnitCode: Int32
    let netPrice, priceDiscount, subInvoicedQuantity, subNetPrice, subPriceDiscount: Int32
    let identificationScheme, partyID, role, roleAttribute: Int32
    let attachmentName, attachmentMimeType: Int32

    init(_ names: inout XMLNames) {
        finvoice = names.intern("Finvoice")
        invoice = names.intern("Invoice")
        creditNote = names.intern("CreditNote")
        crossIndustryInvoice = names.intern("CrossIndustryInvoice")
        roots = [finvoice, invoice, creditNote, crossIndustryInvoice]
        currencyID = names.intern("@currencyID")
        amountCurrency = names.intern("@AmountCurrencyIdentifier")
        invoiceDetails = names.intern("InvoiceDetails")
        grandTotal = names.intern("InvoiceTotalVatIncludedAmount")
        documentCurrency = names.intern("DocumentCurrencyCode")
        taxCurrency = names.intern("TaxCurrencyCode")
        transaction = names.intern("SupplyChainTradeTransaction")
        settlement = names.intern("ApplicableHeaderTradeSettlement")
        invoiceCurrency = names.intern("InvoiceCurrencyCode")
        id = names.intern("ID")
        schemeAttribute = names.intern("@schemeID")
        companyID = names.intern("CompanyID")
        taxScheme = names.intern("TaxScheme")
        salesOrderID = names.intern("SalesOrderID")
        documentTypeCode = names.intern("DocumentTypeCode")
        documentDescription = names.intern("DocumentDescription")
        attachment = names.intern("Attachment")
        embedded = names.intern("EmbeddedDocumentBinaryObject")
        external = names.intern("ExternalReference")
        uri = names.intern("URI")
        mimeAttribute = names.intern("@mimeCode")
        filenameAttribute = names.intern("@filename")
        issuerAssignedID = names.intern("IssuerAssignedID")
        uriID = names.intern("URIID")
        typeCode = names.intern("TypeCode")
        referenceTypeCode = names.intern("ReferenceTypeCode")
        name = names.intern("Name")
        binary = names.intern("AttachmentBinaryObject")
        netProductPrice = names.intern("NetPriceProductTradePrice")
        basisQuantity = names.intern("BasisQuantity")
        associatedLine = names.intern("AssociatedDocumentLineDocument")
        lineID = names.intern("LineID")
        parentLineID = names.intern("ParentLineID")
        invoicedQuantity = names.intern("InvoicedQuantity")
        subInvoicedQuantity = names.intern("SubInvoicedQuantity")
        quantityUnit = names.intern("@QuantityUnitCode")
        quantityUnitCode = names.intern("@QuantityUnitCodeUN")
        netPrice = names.intern("UnitPriceNetAmount")
        subNetPrice = names.intern("SubUnitPriceNetAmount")
        priceDiscount = names.intern("UnitPriceDiscountAmount")
        subPriceDiscount = names.intern("SubUnitPriceDiscountAmount")
        identificationScheme = names.intern("@IdentificationSchemeName")
        partyID = names.intern("PartyId")
        role = names.intern("Role")
        roleAttribute = names.intern("@Role")
        attachmentName = names.intern("AttachmentName")
        attachmentMimeType = names.intern("AttachmentMimeType")
    }
}

/// The rules of all syntaxes, compiled once and shared.
struct InvoiceRules: Sendable {
    let layout: EntityLayout
    let places: InvoicePlaces
    let names: InvoiceNames
    /// All names of the rules, to which a document's own are added.
    let spelled: XMLNames
    let finvoice, ubl, cii, envelope, attachments: Mapping

    init(_ layout: EntityLayout) {
        self.layout = layout
        places = InvoicePlaces(layout)
        var spelled = XMLNames()
        names = InvoiceNames(&spelled)
        finvoice = Mapping(.finvoice(), layout: layout, names: &spelled)
        ubl = Mapping(.ubl(), layout: layout, names: &spelled)
        cii = Mapping(.cii(), layout: layout, names: &spelled)
        envelope = Mapping(.envelope(), layout: layout, names: &spelled)
        attachments = Mapping(.finvoiceAttachments(), layout: layout, names: &spelled)
        self.spelled = spelled
    }

    /// The rules for the catalogue's own invoice, compiled at the first use.
    private static let standard = InvoiceRules(EntityLayout(Catalogue.invoice))

    /// The rules for an entity: the shared ones unless its fields are others than the catalogue's.
    static func compiled(for entity: Entity) -> InvoiceRules {
        let isStandard = entity.fields.elementsEqual(Catalogue.invoice.fields) { $0 === $1 }
        return isStandard ? standard : InvoiceRules(EntityLayout(entity))
    }

    subscript(syntax: InvoiceSyntax) -> Mapping {
        switch syntax {
        case .finvoice: finvoice
        case .ubl: ubl
        case .cii: cii
        }
    }

    /// Lines of the rule tables that name something that does not exist; a test holds this empty.
    var faults: [String] { [finvoice, ubl, cii, envelope, attachments].flatMap(\.faults) }
}
