extension MappingBuilder {
    /// UBL 2.1 Invoice and CreditNote, as EN 16931-3-2 binds them.
    static func ubl() -> MappingBuilder {
        var builder = MappingBuilder()
        builder.syntaxAttributes = [
            "schemaLocation", "noNamespaceSchemaLocation", "listAgencyID", "listAgencyName", "listID", "listName",
            "listURI", "listSchemeURI", "listVersionID", "schemeAgencyID", "schemeAgencyName", "schemeVersionID",
            "schemeURI", "schemeDataURI", "unitCodeListID", "unitCodeListAgencyID",
        ]
        builder.add(
            """
            UBLVersionID                                            syntax_version
            CustomizationID                                         specification
            ProfileID                                               business_process
            ID                                                      number
            IssueDate                                               issue_date
            DueDate                                                 due_date
            InvoiceTypeCode                                         !typeCode
            CreditNoteTypeCode                                      !typeCode
            InvoiceTypeCode/@name                                   type_text
            Note                                                    !note
            TaxPointDate                                            tax_point_date
            DocumentCurrencyCode                                    currency
            TaxCurrencyCode                                         tax_currency
            AccountingCost                                          buyer_accounting_reference
            BuyerReference                                          buyer_reference
            InvoicePeriod/StartDate                                 period.start_date
            InvoicePeriod/EndDate                                   period.end_date
            InvoicePeriod/DescriptionCode                           tax_point_code
            OrderReference/ID                                       !orderReference
            OrderReference/SalesOrderID                             sales_order_reference
            OrderReference/IssueDate                                order_date
            BillingReference/InvoiceDocumentReference               => preceding_invoices[+]
            BillingReference/InvoiceDocumentReference/ID            number
            BillingReference/InvoiceDocumentReference/IssueDate     issue_date
            BillingReference/CreditNoteDocumentReference            => preceding_invoices[+]
            BillingReference/CreditNoteDocumentReference/ID         number
            BillingReference/CreditNoteDocumentReference/IssueDate  issue_date
            DespatchDocumentReference/ID                            despatch_advice_reference
            ReceiptDocumentReference/ID                             receiving_advice_reference
            OriginatorDocumentReference/ID                          tender_reference
            ContractDocumentReference/ID                            contract_reference
            ContractDocumentReference/IssueDate                     contract_date
            ContractDocumentReference/DocumentType                  contract_type
            ContractDocumentReference/DocumentTypeCode              contract_type_code
            ProjectReference/ID                                     project_reference
            AdditionalDocumentReference                             !additionalReference
            AccountingSupplierParty/Party                           => seller
            AccountingSupplierParty/CustomerAssignedAccountID       => seller.identifiers[+] text=value
            AccountingSupplierParty/AdditionalAccountID             => seller.identifiers[+] text=value
            AccountingCustomerParty/Party                           => buyer
            AccountingCustomerParty/SupplierAssignedAccountID       => buyer.identifiers[+] text=value
            AccountingCustomerParty/CustomerAssignedAccountID       => buyer.identifiers[+] text=value
            AccountingCustomerParty/AdditionalAccountID             => buyer.identifiers[+] text=value
            PayeeParty                                              => payee
            PayeeParty/PartyName/Name                               name | additional_names
            TaxRepresentativeParty                                  => tax_representative
            TaxRepresentativeParty/PartyName/Name                   name | additional_names
            BuyerCustomerParty/Party                                => other_parties[+] role=buyer
            SellerSupplierParty/Party                               => other_parties[+] role=seller
            Delivery/ActualDeliveryDate                             delivery.date
            Delivery/ID                                             delivery.reference
            Delivery/DeliveryLocation/ID                            => deliver_to.identifiers[+] text=value
            Delivery/DeliveryLocation/ID/@schemeID                  scheme
            Delivery/DeliveryLocation/Address                       => deliver_to.address
            Delivery/DeliveryParty                                  => deliver_to
            Delivery/DeliveryParty/PartyName/Name                   name | additional_names
            DeliveryTerms/ID                                        delivery.terms_code
            DeliveryTerms/SpecialTerms                              +delivery.terms
            PaymentMeans                                            => payment_means[+]
            PaymentMeans/ID                                         instruction_id
            PaymentMeans/PaymentMeansCode                           code
            PaymentMeans/PaymentMeansCode/@name                     text
            PaymentMeans/InstructionNote                            +text
            PaymentMeans/InstructionID                              instruction_reference
            PaymentMeans/PaymentDueDate                             due_date & /due_date?
            PaymentMeans/PaymentID                                  !paymentID
            PaymentMeans/CardAccount/PrimaryAccountNumberID         card_number
            PaymentMeans/CardAccount/NetworkID                      card_network
            PaymentMeans/CardAccount/HolderName                     card_holder
            PaymentMeans/PayeeFinancialAccount/ID                   account
            PaymentMeans/PayeeFinancialAccount/ID/@schemeID         account_scheme
            PaymentMeans/PayeeFinancialAccount/Name                 account_name
            PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID                         bic
            PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/Name                       bank_name
            PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/FinancialInstitution/ID    bic=
            PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/FinancialInstitution/Name  bank_name
            PaymentMeans/PaymentMandate/ID                          mandate_reference
            PaymentMeans/PaymentMandate/PayerFinancialAccount/ID    debited_account
            PaymentMeans/PaymentMandate/PayerFinancialAccount/ID/@schemeID                           debited_account_scheme
            PaymentTerms                                            => payment_terms[+]
            PaymentTerms/Note                                       +text
            PaymentTerms/PaymentDueDate                             due_date
            PaymentTerms/Amount                                     amount
            PaymentTerms/SettlementDiscountPercent                  discount_percent
            PaymentTerms/SettlementDiscountAmount                   discount_amount
            PaymentTerms/PenaltySurchargePercent                    overdue_percent
            PaymentTerms/PenaltyAmount                              overdue_amount
            AllowanceCharge                                         => allowances_charges[+]
            TaxTotal/TaxAmount                                      !taxTotal
            TaxTotal/TaxSubtotal                                    => tax_breakdown[+]
            TaxTotal/TaxSubtotal/TaxableAmount                      taxable_amount
            TaxTotal/TaxSubtotal/TaxAmount                          tax_amount
            TaxTotal/TaxSubtotal/TaxCategory/ID                     category
            TaxTotal/TaxSubtotal/TaxCategory/Percent                rate
            TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReasonCode exemption_code
            TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReason     +exemption_reason
            TaxTotal/TaxSubtotal/TaxCategory/TaxScheme/ID           !vat
            LegalMonetaryTotal/LineExtensionAmount                  totals.lines
            LegalMonetaryTotal/TaxExclusiveAmount                   totals.net
            LegalMonetaryTotal/TaxInclusiveAmount                   totals.gross
            LegalMonetaryTotal/AllowanceTotalAmount                 totals.allowances
            LegalMonetaryTotal/ChargeTotalAmount                    totals.charges
            LegalMonetaryTotal/PrepaidAmount                        totals.paid
            LegalMonetaryTotal/PayableRoundingAmount                totals.rounding
            LegalMonetaryTotal/PayableAmount                        totals.payable
            TaxExchangeRate/CalculationRate                         totals.exchange_rate
            InvoiceLine                                             !line InvoiceLine => lines[last]
            """)
        for prefix in ["AllowanceCharge", "InvoiceLine/AllowanceCharge"] {
            builder.add(
                prefix,
                """
                ChargeIndicator                is_charge
                AllowanceChargeReasonCode      reason_code
                AllowanceChargeReason          +reason
                MultiplierFactorNumeric        percent
                Amount                         amount
                BaseAmount                     base_amount
                TaxCategory/TaxScheme/ID       !vat
                """)
        }
        builder.add(
            "AllowanceCharge",
            """
            TaxCategory/ID       tax_category
            TaxCategory/Percent  tax_rate
            """)
        for party in [
            "AccountingSupplierParty/Party", "AccountingCustomerParty/Party", "PayeeParty", "TaxRepresentativeParty",
            "Delivery/DeliveryParty", "BuyerCustomerParty/Party", "SellerSupplierParty/Party",
        ] {
            builder.addUBLParty(party)
        }
        for party in [
            "AccountingSupplierParty/Party", "AccountingCustomerParty/Party", "BuyerCustomerParty/Party",
            "SellerSupplierParty/Party",
        ] {
            builder.add(party, "PartyName/Name  trading_name | additional_names")
        }
        builder.addUBLAddress("Delivery/DeliveryLocation/Address")
        builder.addUBLLine()
        builder.link("", name: "CreditNoteLine", to: "InvoiceLine")
        builder.link("InvoiceLine", name: "SubInvoiceLine", to: "InvoiceLine")
        builder.link("InvoiceLine", name: "SubCreditNoteLine", to: "InvoiceLine")
        return builder
    }

    private mutating func addUBLParty(_ party: String) {
        add(
            party,
            """
            EndpointID                          electronic_address
            EndpointID/@schemeID                electronic_address_scheme
            PartyIdentification                 !partyIdentification
            PostalAddress                       => address
            PartyTaxScheme                      !partyTaxScheme
            PartyLegalEntity/RegistrationName   name | additional_names
            PartyLegalEntity/CompanyID          legal_id
            PartyLegalEntity/CompanyID/@schemeID legal_id_scheme
            PartyLegalEntity/CompanyLegalForm   legal_information
            PartyLegalEntity/RegistrationAddress => registered_address
            Language/ID                         language
            Contact                             => contacts[+]
            Contact/ID                          id
            Contact/Name                        name
            Contact/Telephone                   telephone
            Contact/Telefax                     fax
            Contact/ElectronicMail              email
            Contact/Note                        +note
            WebsiteURI                          contacts[=office].website
            """)
        addUBLAddress("\(party)/PostalAddress")
        addUBLAddress("\(party)/PartyLegalEntity/RegistrationAddress")
    }

    private mutating func addUBLAddress(_ address: String) {
        add(
            address,
            """
            StreetName                  street
            AdditionalStreetName        additional_street
            BuildingNumber              further_lines
            Postbox                     post_office_box
            AddressLine/Line            further_lines
            CityName                    city
            PostalZone                  postal_code
            CountrySubentity            subdivision
            Country/IdentificationCode  country
            Country/Name                country_name
            """)
    }

    private mutating func addUBLLine() {
        add(
            "InvoiceLine",
            """
            ID                                               id
            Note                                             notes
            InvoicedQuantity                                 quantity
            InvoicedQuantity/@unitCode                       unit_code
            CreditedQuantity                                 quantity
            CreditedQuantity/@unitCode                       unit_code
            LineExtensionAmount                              net_amount
            AccountingCost                                   buyer_accounting_reference
            InvoicePeriod/StartDate                          period.start_date
            InvoicePeriod/EndDate                            period.end_date
            OrderLineReference/LineID                        order_line_reference
            OrderLineReference/OrderReference/ID             order_reference
            DocumentReference                                !lineReference
            AllowanceCharge                                  => allowances_charges[+]
            TaxTotal/TaxAmount                               tax_amount
            Item/Description                                 +description
            Item/Name                                        name
            Item/BuyersItemIdentification/ID                 buyer_item_id
            Item/SellersItemIdentification/ID                seller_item_id
            Item/ManufacturersItemIdentification/ID          manufacturer_item_id
            Item/StandardItemIdentification/ID               standard_item_id
            Item/StandardItemIdentification/ID/@schemeID     standard_item_scheme
            Item/OriginCountry/IdentificationCode            origin_country
            Item/CommodityClassification                     => classifications[+]
            Item/CommodityClassification/ItemClassificationCode                 code
            Item/CommodityClassification/ItemClassificationCode/@listID         scheme
            Item/CommodityClassification/ItemClassificationCode/@listVersionID  version
            Item/CommodityClassification/ItemClassificationCode/@name           name
            Item/ClassifiedTaxCategory/ID                    tax_category
            Item/ClassifiedTaxCategory/Percent               tax_rate
            Item/ClassifiedTaxCategory/TaxExemptionReason    +tax_exemption_reason
            Item/ClassifiedTaxCategory/TaxScheme/ID          !vat
            Item/AdditionalItemProperty                      => attributes[+]
            Item/AdditionalItemProperty/Name                 name
            Item/AdditionalItemProperty/Value                value
            Item/AdditionalItemProperty/ValueQuantity/@unitCode  unit_code
            Price/PriceAmount                                price.net
            Price/BaseQuantity                               price.base_quantity
            Price/BaseQuantity/@unitCode                     price.base_unit_code
            Price/AllowanceCharge/ChargeIndicator            -
            Price/AllowanceCharge/Amount                     price.discount
            Price/AllowanceCharge/BaseAmount                 price.gross
            Delivery/ActualDeliveryDate                      delivery.date
            """)
    }
}
