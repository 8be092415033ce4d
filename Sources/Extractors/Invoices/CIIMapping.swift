extension MappingBuilder {
    /// UN/CEFACT Cross Industry Invoice D16B, as EN 16931-3-3 binds it.
    static func cii() -> MappingBuilder {
        var builder = MappingBuilder()
        builder.syntaxAttributes = [
            "schemaLocation", "noNamespaceSchemaLocation", "format", "listAgencyID", "listID", "listVersionID",
            "schemeAgencyID", "schemeVersionID",
        ]
        builder.add(
            "ExchangedDocumentContext",
            """
            BusinessProcessSpecifiedDocumentContextParameter/ID   business_process
            GuidelineSpecifiedDocumentContextParameter/ID         specification
            """)
        builder.add(
            "ExchangedDocument",
            """
            ID                            number
            Name                          type_text
            TypeCode                      !typeCode
            IssueDateTime/DateTimeString  issue_date
            IncludedNote                  => notes[+]
            IncludedNote/Content          +text
            IncludedNote/SubjectCode      subject_code
            """)
        builder.add(
            "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement",
            """
            BuyerReference                                      buyer_reference
            SellerTradeParty                                    => seller
            BuyerTradeParty                                     => buyer
            SellerTaxRepresentativeTradeParty                   => tax_representative
            SalesAgentTradeParty                                => other_parties[+] role=sales-agent
            BuyerAgentTradeParty                                => other_parties[+] role=buyer-agent
            ProductEndUserTradeParty                            => other_parties[+] role=end-user
            ApplicableTradeDeliveryTerms/DeliveryTypeCode       /delivery.terms_code
            SellerOrderReferencedDocument/IssuerAssignedID      sales_order_reference
            BuyerOrderReferencedDocument/IssuerAssignedID       order_reference
            BuyerOrderReferencedDocument/FormattedIssueDateTime/DateTimeString  order_date
            ContractReferencedDocument/IssuerAssignedID         contract_reference
            ContractReferencedDocument/FormattedIssueDateTime/DateTimeString    contract_date
            AdditionalReferencedDocument                        !additionalReference
            SpecifiedProcuringProject/ID                        project_reference
            SpecifiedProcuringProject/Name                      !projectName
            """)
        builder.add(
            "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery",
            """
            ShipToTradeParty                                                => deliver_to
            ShipFromTradeParty                                              => ship_from
            UltimateShipToTradeParty                                        => other_parties[+] role=ultimate-ship-to
            ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString  delivery.date
            DespatchAdviceReferencedDocument/IssuerAssignedID               despatch_advice_reference
            ReceivingAdviceReferencedDocument/IssuerAssignedID              receiving_advice_reference
            DeliveryNoteReferencedDocument/IssuerAssignedID                 delivery.delivery_note
            """)
        builder.add(
            "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement",
            """
            CreditorReferenceID                                !creditor
            PaymentReference                                   !paymentReference
            TaxCurrencyCode                                    tax_currency
            InvoiceCurrencyCode                                currency
            InvoicerTradeParty                                 => invoice_sender
            InvoiceeTradeParty                                 => invoice_recipient
            PayeeTradeParty                                    => payee
            SpecifiedTradeSettlementPaymentMeans               => payment_means[+]
            SpecifiedTradeSettlementPaymentMeans/TypeCode      code
            SpecifiedTradeSettlementPaymentMeans/Information   +text
            SpecifiedTradeSettlementPaymentMeans/ApplicableTradeSettlementFinancialCard/ID              card_number
            SpecifiedTradeSettlementPaymentMeans/ApplicableTradeSettlementFinancialCard/CardholderName  card_holder
            SpecifiedTradeSettlementPaymentMeans/PayerPartyDebtorFinancialAccount/IBANID                debited_account
            SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/IBANID              account
            SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/AccountName         account_name
            SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount/ProprietaryID       account
            SpecifiedTradeSettlementPaymentMeans/PayeeSpecifiedCreditorFinancialInstitution/BICID       bic
            ApplicableTradeTax                                 => tax_breakdown[+]
            ApplicableTradeTax/CalculatedAmount                tax_amount
            ApplicableTradeTax/TypeCode                        !vat
            ApplicableTradeTax/ExemptionReason                 +exemption_reason
            ApplicableTradeTax/BasisAmount                     taxable_amount
            ApplicableTradeTax/CategoryCode                    category
            ApplicableTradeTax/ExemptionReasonCode             exemption_code
            ApplicableTradeTax/TaxPointDate/DateString         /tax_point_date=
            ApplicableTradeTax/DueDateTypeCode                 !taxPointCode
            ApplicableTradeTax/RateApplicablePercent           rate
            BillingSpecifiedPeriod/StartDateTime/DateTimeString  period.start_date
            BillingSpecifiedPeriod/EndDateTime/DateTimeString    period.end_date
            SpecifiedTradeAllowanceCharge                      => allowances_charges[+]
            SpecifiedTradeAllowanceCharge/CategoryTradeTax/CategoryCode           tax_category
            SpecifiedTradeAllowanceCharge/CategoryTradeTax/RateApplicablePercent  tax_rate
            SpecifiedTradePaymentTerms                         => payment_terms[+]
            SpecifiedTradePaymentTerms/Description             +text
            SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString  /due_date | due_date
            SpecifiedTradePaymentTerms/DirectDebitMandateID    !mandate
            SpecifiedTradePaymentTerms/PartialPaymentAmount    amount
            SpecifiedTradePaymentTerms/ApplicableTradePaymentDiscountTerms/BasisAmount           discount_base
            SpecifiedTradePaymentTerms/ApplicableTradePaymentDiscountTerms/CalculationPercent    discount_percent
            SpecifiedTradePaymentTerms/ApplicableTradePaymentDiscountTerms/ActualDiscountAmount  discount_amount
            SpecifiedTradePaymentTerms/ApplicableTradePaymentPenaltyTerms/CalculationPercent     overdue_percent
            SpecifiedTradePaymentTerms/ApplicableTradePaymentPenaltyTerms/ActualPenaltyAmount    overdue_amount
            SpecifiedTradeSettlementHeaderMonetarySummation/LineTotalAmount       totals.lines
            SpecifiedTradeSettlementHeaderMonetarySummation/ChargeTotalAmount     totals.charges
            SpecifiedTradeSettlementHeaderMonetarySummation/AllowanceTotalAmount  totals.allowances
            SpecifiedTradeSettlementHeaderMonetarySummation/TaxBasisTotalAmount   totals.net
            SpecifiedTradeSettlementHeaderMonetarySummation/TaxTotalAmount        !taxTotal
            SpecifiedTradeSettlementHeaderMonetarySummation/RoundingAmount        totals.rounding
            SpecifiedTradeSettlementHeaderMonetarySummation/GrandTotalAmount      totals.gross
            SpecifiedTradeSettlementHeaderMonetarySummation/TotalPrepaidAmount    totals.paid
            SpecifiedTradeSettlementHeaderMonetarySummation/DuePayableAmount      totals.payable
            TaxApplicableTradeCurrencyExchange/ConversionRate  totals.exchange_rate
            InvoiceReferencedDocument                          => preceding_invoices[+]
            InvoiceReferencedDocument/IssuerAssignedID         number
            InvoiceReferencedDocument/FormattedIssueDateTime/DateTimeString  issue_date
            ReceivableSpecifiedTradeAccountingAccount/ID       buyer_accounting_reference
            """)
        builder.addCIIAllowance(
            "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/SpecifiedTradeAllowanceCharge")
        builder.add(
            "SupplyChainTradeTransaction", "IncludedSupplyChainTradeLineItem  !line ParentLineID => lines[last]")
        builder.addCIILine("SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem")
        for party in [
            "SellerTradeParty", "BuyerTradeParty", "SellerTaxRepresentativeTradeParty",
            "SalesAgentTradeParty", "BuyerAgentTradeParty", "ProductEndUserTradeParty",
        ] {
            builder.addCIIParty("SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/\(party)")
        }
        for party in ["ShipToTradeParty", "ShipFromTradeParty", "UltimateShipToTradeParty"] {
            builder.addCIIParty("SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery/\(party)")
        }
        for party in ["InvoicerTradeParty", "InvoiceeTradeParty", "PayeeTradeParty"] {
            builder.addCIIParty("SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/\(party)")
        }
        return builder
    }

    private mutating func addCIIAllowance(_ prefix: String) {
        add(
            prefix,
            """
            ChargeIndicator/Indicator   is_charge
            CalculationPercent          percent
            BasisAmount                 base_amount
            ActualAmount                amount
            ReasonCode                  reason_code
            Reason                      +reason
            CategoryTradeTax/TypeCode   !vat
            """)
    }

    private mutating func addCIIParty(_ prefix: String) {
        add(
            prefix,
            """
            ID                                            => identifiers[+] text=value
            ID/@schemeID                                  scheme
            GlobalID                                      => identifiers[+] text=value
            GlobalID/@schemeID                            scheme
            Name                                          name | additional_names
            RoleCode                                      role
            Description                                   legal_information
            SpecifiedLegalOrganization/ID                 legal_id
            SpecifiedLegalOrganization/ID/@schemeID       legal_id_scheme
            SpecifiedLegalOrganization/TradingBusinessName  trading_name | additional_names
            SpecifiedLegalOrganization/PostalTradeAddress => registered_address
            DefinedTradeContact                           => contacts[+]
            DefinedTradeContact/ID                        id
            DefinedTradeContact/PersonName                name
            DefinedTradeContact/DepartmentName            departments
            DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber  telephone
            DefinedTradeContact/FaxUniversalCommunication/CompleteNumber        fax
            DefinedTradeContact/EmailURIUniversalCommunication/URIID            email
            PostalTradeAddress                            => address
            URIUniversalCommunication/URIID               electronic_address
            URIUniversalCommunication/URIID/@schemeID     electronic_address_scheme
            SpecifiedTaxRegistration                      !taxRegistration
            """)
        for address in ["PostalTradeAddress", "SpecifiedLegalOrganization/PostalTradeAddress"] {
            add(
                "\(prefix)/\(address)",
                """
                PostcodeCode            postal_code
                PostOfficeBox           post_office_box
                LineOne                 street
                LineTwo                 additional_street
                LineThree               further_lines
                LineFour                further_lines
                LineFive                further_lines
                CityName                city
                CountryID               country
                CountryName             country_name
                CountrySubDivisionName  subdivision
                """)
        }
    }

    private mutating func addCIILine(_ prefix: String) {
        add(
            prefix,
            """
            AssociatedDocumentLineDocument/LineID                              id
            AssociatedDocumentLineDocument/IncludedNote/Content                notes
            SpecifiedTradeProduct/GlobalID                                     standard_item_id
            SpecifiedTradeProduct/GlobalID/@schemeID                           standard_item_scheme
            SpecifiedTradeProduct/SellerAssignedID                             seller_item_id
            SpecifiedTradeProduct/BuyerAssignedID                              buyer_item_id
            SpecifiedTradeProduct/ManufacturerAssignedID                       manufacturer_item_id
            SpecifiedTradeProduct/Name                                         name
            SpecifiedTradeProduct/Description                                  +description
            SpecifiedTradeProduct/ApplicableProductCharacteristic              => attributes[+]
            SpecifiedTradeProduct/ApplicableProductCharacteristic/TypeCode     code
            SpecifiedTradeProduct/ApplicableProductCharacteristic/Description  name
            SpecifiedTradeProduct/ApplicableProductCharacteristic/Value        value
            SpecifiedTradeProduct/DesignatedProductClassification              => classifications[+]
            SpecifiedTradeProduct/DesignatedProductClassification/ClassCode    code
            SpecifiedTradeProduct/DesignatedProductClassification/ClassCode/@listID         scheme
            SpecifiedTradeProduct/DesignatedProductClassification/ClassCode/@listVersionID  version
            SpecifiedTradeProduct/DesignatedProductClassification/ClassName    name
            SpecifiedTradeProduct/IndividualTradeProductInstance/SerialID      serial_number
            SpecifiedTradeProduct/OriginTradeCountry/ID                        origin_country
            SpecifiedLineTradeAgreement/BuyerOrderReferencedDocument/LineID    order_line_reference
            SpecifiedLineTradeAgreement/BuyerOrderReferencedDocument/IssuerAssignedID  order_reference
            SpecifiedLineTradeAgreement/ContractReferencedDocument/IssuerAssignedID    contract_reference
            SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/ChargeAmount       price.gross
            SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/BasisQuantity      !grossBase
            SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/BasisQuantity/@unitCode  price.base_unit_code=
            SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ChargeIndicator/Indicator  -
            SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/AppliedTradeAllowanceCharge/ActualAmount  price.discount
            SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount         price.net
            SpecifiedLineTradeAgreement/NetPriceProductTradePrice/BasisQuantity        price.base_quantity
            SpecifiedLineTradeAgreement/NetPriceProductTradePrice/BasisQuantity/@unitCode  price.base_unit_code=
            SpecifiedLineTradeDelivery/BilledQuantity                          quantity
            SpecifiedLineTradeDelivery/BilledQuantity/@unitCode                unit_code
            SpecifiedLineTradeDelivery/ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString  delivery.date
            SpecifiedLineTradeSettlement/ApplicableTradeTax/TypeCode           !vat
            SpecifiedLineTradeSettlement/ApplicableTradeTax/CategoryCode       tax_category
            SpecifiedLineTradeSettlement/ApplicableTradeTax/RateApplicablePercent  tax_rate
            SpecifiedLineTradeSettlement/ApplicableTradeTax/ExemptionReason    +tax_exemption_reason
            SpecifiedLineTradeSettlement/ApplicableTradeTax/CalculatedAmount   tax_amount
            SpecifiedLineTradeSettlement/BillingSpecifiedPeriod/StartDateTime/DateTimeString  period.start_date
            SpecifiedLineTradeSettlement/BillingSpecifiedPeriod/EndDateTime/DateTimeString    period.end_date
            SpecifiedLineTradeSettlement/SpecifiedTradeAllowanceCharge         => allowances_charges[+]
            SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount  net_amount
            SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/TaxTotalAmount   tax_amount
            SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/GrandTotalAmount gross_amount
            SpecifiedLineTradeSettlement/AdditionalReferencedDocument          !lineReference
            SpecifiedLineTradeSettlement/InvoiceReferencedDocument             => preceding_invoices[+]
            SpecifiedLineTradeSettlement/InvoiceReferencedDocument/IssuerAssignedID  number
            SpecifiedLineTradeSettlement/ReceivableSpecifiedTradeAccountingAccount/ID  buyer_accounting_reference
            """)
        addCIIAllowance("\(prefix)/SpecifiedLineTradeSettlement/SpecifiedTradeAllowanceCharge")
    }
}
