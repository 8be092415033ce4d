/// UBL 2.1 Invoice and CreditNote, in the order of their schemas, as far as EN 16931-3-2 binds them.
enum UBLTable {
    static var text: String {
        """
        cbc:CustomizationID !specification required
        cbc:ProfileID business_process
        cbc:ID number required
        cbc:IssueDate issue_date required
        cbc:DueDate due_date ?invoice
        cbc:InvoiceTypeCode type_code ?invoice
        cbc:TaxPointDate tax_point_date ?credit
        cbc:CreditNoteTypeCode type_code ?credit
        cbc:Note !notes => notes
        cbc:TaxPointDate tax_point_date ?invoice
        cbc:DocumentCurrencyCode currency
        cbc:TaxCurrencyCode tax_currency
        cbc:AccountingCost buyer_accounting_reference
        cbc:BuyerReference buyer_reference
        cac:InvoicePeriod
          cbc:StartDate period.start_date
          cbc:EndDate period.end_date
          cbc:DescriptionCode tax_point_code
        cac:OrderReference
          cbc:ID order_reference required
          cbc:SalesOrderID sales_order_reference
        cac:BillingReference => preceding_invoices
          cac:InvoiceDocumentReference
            cbc:ID number required
            cbc:IssueDate issue_date
        cac:DespatchDocumentReference
          cbc:ID despatch_advice_reference required
        cac:ReceiptDocumentReference
          cbc:ID receiving_advice_reference required
        cac:OriginatorDocumentReference ?invoice
          cbc:ID tender_reference required
        cac:ContractDocumentReference
          cbc:ID contract_reference required
        cac:AdditionalDocumentReference
          cbc:ID invoiced_object required
            @schemeID invoiced_object_scheme
          cbc:DocumentTypeCode =130
        cac:AdditionalDocumentReference ?credit
          cbc:ID project_reference required
          cbc:DocumentTypeCode =50
        cac:AdditionalDocumentReference => attachments
          cbc:ID id required
          cbc:DocumentDescription description
          cac:Attachment
            cac:ExternalReference
              cbc:URI url
        cac:OriginatorDocumentReference ?credit
          cbc:ID tender_reference required
        cac:ProjectReference ?invoice
          cbc:ID project_reference required
        cac:AccountingSupplierParty forced required
          cac:Party
            cbc:EndpointID seller.electronic_address
              @schemeID seller.electronic_address_scheme
            cac:PartyIdentification => seller.identifiers
              cbc:ID value required
                @schemeID scheme
            cac:PartyIdentification
              cbc:ID payment_means.creditor_identifier
                @schemeID =SEPA
            cac:PartyName
              cbc:Name seller.trading_name
        \(address("cac:PostalAddress", "seller.address", indent: 4))
            cac:PartyTaxScheme
              cbc:CompanyID seller.vat_id required
              cac:TaxScheme forced
                cbc:ID =VAT
            cac:PartyTaxScheme
              cbc:CompanyID seller.tax_id required
              cac:TaxScheme forced
                cbc:ID =TAX
            cac:PartyLegalEntity
              cbc:RegistrationName seller.name
              cbc:CompanyID seller.legal_id
                @schemeID seller.legal_id_scheme
              cbc:CompanyLegalForm seller.legal_information
        \(contact("seller"))
        cac:AccountingCustomerParty forced required
          cac:Party
            cbc:EndpointID buyer.electronic_address
              @schemeID buyer.electronic_address_scheme
            cac:PartyIdentification => buyer.identifiers x1
              cbc:ID value required
                @schemeID scheme
            cac:PartyName
              cbc:Name buyer.trading_name
        \(address("cac:PostalAddress", "buyer.address", indent: 4))
            cac:PartyTaxScheme
              cbc:CompanyID buyer.vat_id required
              cac:TaxScheme forced
                cbc:ID =VAT
            cac:PartyLegalEntity
              cbc:RegistrationName buyer.name
              cbc:CompanyID buyer.legal_id
                @schemeID buyer.legal_id_scheme
        \(contact("buyer"))
        cac:PayeeParty
          cac:PartyIdentification => payee.identifiers x1
            cbc:ID value required
              @schemeID scheme
          cac:PartyName
            cbc:Name payee.name
          cac:PartyLegalEntity
            cbc:CompanyID payee.legal_id
              @schemeID payee.legal_id_scheme
        cac:TaxRepresentativeParty
          cac:PartyName
            cbc:Name tax_representative.name
        \(address("cac:PostalAddress", "tax_representative.address", indent: 2))
          cac:PartyTaxScheme
            cbc:CompanyID tax_representative.vat_id required
            cac:TaxScheme forced
              cbc:ID =VAT
        cac:Delivery
          cbc:ActualDeliveryDate delivery.date
          cac:DeliveryLocation
            cbc:ID => deliver_to.identifiers text=value x1
              @schemeID scheme
        \(address("cac:Address", "deliver_to.address", indent: 4))
          cac:DeliveryParty
            cac:PartyName
              cbc:Name deliver_to.name required
        cac:PaymentMeans => payment_means
          cbc:PaymentMeansCode code required
            @name text
          cbc:PaymentDueDate !dueDate ?credit
          cbc:PaymentID remittance_reference
          cac:CardAccount
            cbc:PrimaryAccountNumberID card_number required
            cbc:NetworkID card_network required
            cbc:HolderName card_holder
          cac:PayeeFinancialAccount
            cbc:ID account required
            cbc:Name account_name
            cac:FinancialInstitutionBranch
              cbc:ID bic
          cac:PaymentMandate
            cbc:ID mandate_reference
            cac:PayerFinancialAccount
              cbc:ID debited_account
        cac:PaymentTerms
          cbc:Note payment_terms.text joined
        cac:AllowanceCharge => allowances_charges
        \(allowance(indent: 2))
          cac:TaxCategory
            cbc:ID tax_category
            cbc:Percent tax_rate
            cac:TaxScheme forced
              cbc:ID =VAT
        cac:TaxTotal
          cbc:TaxAmount totals.tax money required
          cac:TaxSubtotal => tax_breakdown
            cbc:TaxableAmount taxable_amount money
            cbc:TaxAmount tax_amount money required
            cac:TaxCategory forced
              cbc:ID category
              cbc:Percent rate
              cbc:TaxExemptionReasonCode exemption_code
              cbc:TaxExemptionReason exemption_reason
              cac:TaxScheme forced
                cbc:ID =VAT
        cac:TaxTotal
          cbc:TaxAmount totals.tax_in_tax_currency money required ownCurrency=/tax_currency
        cac:LegalMonetaryTotal forced required
          cbc:LineExtensionAmount totals.lines money
          cbc:TaxExclusiveAmount totals.net money
          cbc:TaxInclusiveAmount totals.gross money
          cbc:AllowanceTotalAmount totals.allowances money
          cbc:ChargeTotalAmount totals.charges money
          cbc:PrepaidAmount totals.paid money
          cbc:PayableRoundingAmount totals.rounding money
          cbc:PayableAmount totals.payable money required
        \(line("Invoice", quantity: "Invoiced"))
        \(line("CreditNote", quantity: "Credited"))
        """
    }

    private static func indented(_ text: String, _ indent: Int) -> String {
        text.split(separator: "\n").map { String(repeating: " ", count: indent) + $0 }.joined(separator: "\n")
    }

    private static func address(_ element: String, _ path: String, indent: Int) -> String {
        indented(
            """
            \(element)
              cbc:StreetName \(path).street
              cbc:AdditionalStreetName \(path).additional_street
              cbc:CityName \(path).city
              cbc:PostalZone \(path).postal_code
              cbc:CountrySubentity \(path).subdivision
              cac:AddressLine
                cbc:Line \(path).post_office_box+\(path).further_lines comma
              cac:Country
                cbc:IdentificationCode \(path).country
            """, indent)
    }

    private static func contact(_ party: String) -> String {
        indented(
            """
            cac:Contact => \(party).contacts x1
              cbc:Name name
              cbc:Telephone telephone
              cbc:ElectronicMail email
            """, 4)
    }

    private static func allowance(indent: Int) -> String {
        indented(
            """
            cbc:ChargeIndicator is_charge required
            cbc:AllowanceChargeReasonCode reason_code
            cbc:AllowanceChargeReason reason
            cbc:MultiplierFactorNumeric percent
            cbc:Amount amount money required
            cbc:BaseAmount base_amount money
            """, indent)
    }

    private static func line(_ document: String, quantity: String) -> String {
        let variant = document == "Invoice" ? "?invoice" : "?credit"
        return """
            cac:\(document)Line !lines => lines forced required \(variant)
              cbc:ID id required
              cbc:Note notes joined
              cbc:\(quantity)Quantity quantity
                @unitCode unit_code
              cbc:LineExtensionAmount net_amount money required
              cbc:AccountingCost buyer_accounting_reference
              cac:InvoicePeriod
                cbc:StartDate period.start_date
                cbc:EndDate period.end_date
              cac:OrderLineReference
                cbc:LineID order_line_reference required
              cac:DocumentReference
                cbc:ID invoiced_object required
                  @schemeID invoiced_object_scheme
                cbc:DocumentTypeCode =130
              cac:AllowanceCharge => allowances_charges
            \(allowance(indent: 4))
              cac:Item forced required
                cbc:Description description
                cbc:Name name
                cac:BuyersItemIdentification
                  cbc:ID buyer_item_id
                cac:SellersItemIdentification
                  cbc:ID seller_item_id
                cac:StandardItemIdentification
                  cbc:ID standard_item_id
                    @schemeID standard_item_scheme
                cac:OriginCountry
                  cbc:IdentificationCode origin_country
                cac:CommodityClassification => classifications
                  cbc:ItemClassificationCode code required
                    @listID scheme
                    @listVersionID version
                cac:ClassifiedTaxCategory
                  cbc:ID tax_category
                  cbc:Percent tax_rate
                  cac:TaxScheme forced
                    cbc:ID =VAT
                cac:AdditionalItemProperty => attributes
                  cbc:Name name required
                  cbc:Value value required
              cac:Price
                cbc:PriceAmount price.net money required
                cbc:BaseQuantity price.base_quantity
                  @unitCode price.base_unit_code
                cac:AllowanceCharge
                  cbc:ChargeIndicator =false
                  cbc:Amount price.discount money required
                  cbc:BaseAmount price.gross money
              cac:Sub\(document)Line !sublines => /lines
            """
    }
}
