/// Finvoice 3.0 (Finanssiala ry), in the order and with the lengths of its schema.
enum FinvoiceTable {
    static var text: String {
        """
        MessageTransmissionDetails
          MessageSenderDetails required
            FromIdentifier message.sender s2-35 required
              @SchemeID message.sender_scheme n10
            FromIntermediator message.sender_intermediator s2-35 required
          MessageReceiverDetails required
            ToIdentifier message.receiver s2-35 required
              @SchemeID message.receiver_scheme n10
            ToIntermediator message.receiver_intermediator s2-35 required
          MessageDetails required
            MessageIdentifier message.id s2-48 required
            MessageTimeStamp message.timestamp required
            RefToMessageIdentifier message.answers s48
            ImplementationCode message.implementation s4
            SpecificationIdentifier specification s35
        SellerPartyDetails => seller x1 required
          SellerPartyIdentifier legal_id s35
            @SchemeID legal_id_scheme d4
          SellerPartyIdentifierUrlText /reference_links[reference=SellerPartyIdentifier].url s512
          SellerOrganisationName name+additional_names s2-70 x* required
          SellerOrganisationTradingName trading_name s2-70
          SellerOrganisationDepartment departments s35 x2
          SellerOrganisationTaxCode vat_id s35
          SellerOrganisationTaxCodeUrlText /reference_links[reference=SellerOrganisationTaxCode].url s512
          SellerCode => identifiers text=value s70
            @IdentifierType type s20
            @SchemeID scheme d4
        \(address("SellerPostalAddressDetails", part: "Seller", indent: 2))
        \(contact("seller", part: "Seller"))
        SellerInformationDetails
          SellerOfficialPostalAddressDetails => seller.registered_address x1
            SellerOfficialStreetName street s2-35 required
            SellerOfficialTownName city s2-35 required
            SellerOfficialPostCodeIdentifier postal_code s2-35 required
            SellerOfficialCountrySubdivision subdivision s2-35
            CountryCode country c2-2
            CountryName country_name s35
          SellerHomeTownName seller.home_town s35
          SellerVatRegistrationText seller.vat_registration s35
          SellerVatRegistrationDate seller.vat_registration_date date
          SellerTaxRegistrationText seller.tax_registration s35
          SellerAdditionalLegalInfo seller.legal_information s512 cut
          - !office => seller.contacts
            SellerPhoneNumber telephone s35
            SellerFaxNumber fax s35
            SellerCommonEmailaddressIdentifier email s70
            SellerWebaddressIdentifier website s70
          SellerFreeText seller.note s512 cut
          SellerAccountDetails => seller.bank_accounts
            SellerAccountID account n2-35 required
              @IdentificationSchemeName scheme in:IBAN|BBAN required
            SellerBic bic n8-11 required
              @IdentificationSchemeName =BIC
            SellerAccountName name s70
          InvoiceRecipientDetails => seller.einvoice_addresses
            InvoiceRecipientAddress address s35 required
            InvoiceRecipientIntermediatorAddress intermediator n8-11 required
        InvoiceSenderPartyDetails => invoice_sender x1
          InvoiceSenderPartyIdentifier legal_id s35
            @SchemeID legal_id_scheme d4
          InvoiceSenderOrganisationName name+additional_names s2-35 x* required
          InvoiceSenderOrganisationTaxCode vat_id n35
          InvoiceSenderCode => identifiers text=value s70 x1
            @IdentifierType type s20
            @SchemeID scheme d4
        InvoiceRecipientPartyDetails => invoice_recipient x1
          InvoiceRecipientPartyIdentifier legal_id s35
            @SchemeID legal_id_scheme d4
          InvoiceRecipientOrganisationName name+additional_names s2-35 x* required
          InvoiceRecipientDepartment departments s35 x2
          InvoiceRecipientOrganisationTaxCode vat_id n35
          InvoiceRecipientCode => identifiers text=value s70 x1
            @IdentifierType type s20
            @SchemeID scheme d4
        \(address("InvoiceRecipientPostalAddressDetails", part: "InvoiceRecipient", indent: 2))
        \(contact("invoice_recipient", part: "InvoiceRecipient", language: true))
        BuyerPartyDetails => buyer x1 required
        \(partyBody("Buyer", nameLength: 70, trading: true))
        \(address("BuyerPostalAddressDetails", part: "Buyer", indent: 2))
        \(contact("buyer", part: "Buyer"))
        DeliveryPartyDetails => deliver_to x1
        \(partyBody("Delivery", nameLength: 35))
        \(address("DeliveryPostalAddressDetails", part: "Delivery", indent: 2, required: true))
        \(contact("deliver_to", part: "Delivery"))
        DeliveryDetails
          DeliveryDate delivery.date date
          DeliveryPeriodDetails
            StartDate delivery.start_date date required
            EndDate delivery.end_date date required
          ShipmentPartyDetails => ship_from x1
        \(indented(partyBody("Shipment", nameLength: 35), 2))
        \(address("ShipmentPostalAddressDetails", part: "Shipment", indent: 4))
            ShipmentSiteCode site_code s35
          DeliveryMethodText delivery.method s512 cut
          DeliveryTermsText delivery.terms s512 cut
          DeliveryTermsCode delivery.terms_code s4
          TerminalAddressText delivery.terminal_address s512 cut
          WaybillIdentifier delivery.waybill s70
          WaybillTypeCode delivery.waybill_type s35
          ClearanceIdentifier delivery.clearance s70
          DeliveryNoteIdentifier delivery.delivery_note s70
        \(deliverer(part: "Deliverer", list: "other_parties", prefix: "", indent: 2))
          ModeOfTransportIdentifier delivery.transport_mode s70
          CarrierName delivery.carrier s35
          VesselName delivery.vessel s35
          LocationIdentifier delivery.location s70
          TransportInformationDate delivery.transport_date date
          CountryOfOrigin delivery.origin_country s35
          CountryOfDestinationName delivery.destination_country_name s35
          DestinationCountryCode delivery.destination_country c2-2
          PlaceOfDischarge delivery.places_of_discharge s35 x3
          FinalDestinationName delivery.final_destinations s35 x3
        \(deliverer(part: "Manufacturer", list: "other_parties", prefix: "", indent: 2))
          ManufacturerOrderIdentifier delivery.manufacturer_order s70
        \(package(prefix: "", indent: 2))
        \(anyParty("AnyParty", list: "other_parties", indent: 0))
        AnyPartyDetails => payee x1
          AnyPartyText forced
            @AnyPartyCode =PE
        \(anyPartyBody("AnyParty", indent: 2))
        AnyPartyDetails => tax_representative x1
          AnyPartyText forced
            @AnyPartyCode =LC
        \(anyPartyBody("AnyParty", indent: 2))
        \(details)
        PaymentCardInfo
          PrimaryAccountNumber payment_means.card_number s19 required
          CardHolderName payment_means.card_holder s70
        DirectDebitInfo
          MandateReference payment_means.mandate_reference s35
          CreditorIdentifier payment_means.creditor_identifier s35
          DebitedAccountID payment_means.debited_account n34
            @IdentificationSchemeName payment_means.debited_account_scheme in:IBAN|BBAN required
        PaymentStatusDetails
          PaymentStatusCode payment_status in:PAID|NOTPAID|PARTLYPAID
          PaymentMethodText payment_method s35
        PartialPaymentDetails => partial_payments
          PaidAmount paid amount required
          PaidVatExcludedAmount paid_net amount
          UnPaidAmount unpaid amount required
          UnPaidVatExcludedAmount unpaid_net amount
          InterestPercent interest_percent percent
          ProsessingCostsAmount processing_costs amount
          PartialPaymentVatIncludedAmount instalments.amount amount x* required
          PartialPaymentVatExcludedAmount instalments.net_amount amount x* required
          PartialPaymentDueDate instalments.due_date date x* required
          PartialPaymentReferenceIdentifier instalments.reference s2-35 x* required
        FactoringAgreementDetails
          FactoringAgreementIdentifier factoring.agreement s35 required
          TransmissionListIdentifier factoring.transmission_list s70
          EndorsementClauseCode factoring.endorsement_clause s35
          FactoringTypeCode factoring.type_code s35
          FactoringFreeText factoring.texts s70 x*
          FactoringPartyIdentifier factoring_party.legal_id s35
            @SchemeID factoring_party.legal_id_scheme d4
          FactoringPartyName factoring_party.name s35
          FactoringPartyPostalAddressDetails => factoring_party.address x1
        \(addressBody("FactoringParty", indent: 4))
        VirtualBankBarcode virtual_barcode s512
        InvoiceRow => lines required
        \(row)
        SpecificationDetails
          SpecificationFreeText specification_texts s80 x*
        EpiDetails !epi => payment_means forced required
          EpiIdentificationDetails forced required
            EpiDate date date required term=BT-2
            EpiReference !epiReference required
            EpiUrl url n512
            EpiEmail email s70
            EpiOrderInfo order_information s70 x7
          EpiPartyDetails forced required
            EpiBfiPartyDetails forced required
              EpiBfiIdentifier bic n8-11
                @IdentificationSchemeName =BIC
              EpiBfiName bank_name s35
            EpiBeneficiaryPartyDetails forced required
              EpiNameAddressDetails payee_name s2-35
              EpiBei payee_identifier n8-11
              EpiAccountID account n34 required
                @IdentificationSchemeName account_scheme in:IBAN|BBAN required
          EpiPaymentInstructionDetails forced required
            EpiPaymentInstructionId instruction_id s35
            EpiTransactionTypeCode transaction_type n3-3
            EpiInstructionCode instruction_code n35
            EpiRemittanceInfoIdentifier !remittance reference
            EpiInstructedAmount amount epiAmount required currency=currency term=BT-115
            EpiCharge !charge required
            EpiDateOptionDate due_date date required term=BT-9
            EpiPaymentMeansCode code c3
            EpiPaymentMeansText text s70
        InvoiceUrlNameText !linkNames
        InvoiceUrlText !linkAddresses
        StorageUrlText storage_url s512
        LayOutIdentifier layout s35
        InvoiceSegmentIdentifier segment s35
        ControlChecksum control_checksum s512
        MessageChecksum message_checksum s512
        ControlStampText control_stamp s512
        AcceptanceStampText acceptance_stamp s512
        OriginalInvoiceFormat original_format s35
        AttachmentMessageDetails
          AttachmentMessageIdentifier !attachmentMessage required
        """
    }

    private static var details: String {
        """
        InvoiceDetails required
          InvoiceTypeCode national_type_code required
          InvoiceTypeCodeUN type_code c3
          InvoiceTypeText type_text s35 required
          InvoiceClassification
            ClassificationCode classification_code s10
            ClassificationText classification_text s70
          OriginCode origin_code in:Original|Copy|Cancel required
          OriginText origin_text s35
          InvoicedObjectID invoiced_object s70
            @SchemeID invoiced_object_scheme c3
          InvoiceNumber number s20 required
          InvoiceDate issue_date date required
          OriginalInvoiceReference => preceding_invoices
            InvoiceNumber number s20
            InvoiceDate issue_date date
          InvoicingPeriodStartDate period.start_date date
          InvoicingPeriodEndDate period.end_date date
          SellerReferenceIdentifier seller_reference s70
          SellerReferenceIdentifierUrlText reference_links[reference=SellerReferenceIdentifier].url s512
          OrderIdentifier order_reference s70
          OrderIdentifierUrlText reference_links[reference=OrderIdentifier].url s512
          OrderDate order_date date
          OrdererName orderer_name s35
          SalesPersonName sales_person_name s35
          OrderConfirmationIdentifier order_confirmation_reference s70
          OrderConfirmationDate order_confirmation_date date
          AgreementIdentifier contract_reference s70
          AgreementIdentifierUrlText reference_links[reference=AgreementIdentifier].url s512
          AgreementTypeText contract_type s35
          AgreementTypeCode contract_type_code s35
          AgreementDate contract_date date
          NotificationIdentifier notification_reference s70
          NotificationDate notification_date date
          RegistrationNumberIdentifier registration_number s70
          ControllerIdentifier controller_id s70
          ControllerName controller_name s35
          ControlDate control_date date
          BuyerReferenceIdentifier buyer_reference s70
          ProjectReferenceIdentifier project_reference s70
          DefinitionDetails => attributes
            DefinitionHeaderText name s70 required
              @DefinitionCode code s20
            DefinitionValue value s70
              @QuantityUnitCode unit s14
              @QuantityUnitCodeUN unit_code unitCode
          RowsTotalVatExcludedAmount totals.lines amount
          DiscountsTotalVatExcludedAmount totals.allowances amount
          ChargesTotalVatExcludedAmount totals.charges amount
          InvoiceTotalVatExcludedAmount totals.net amount
          InvoiceTotalVatAmount totals.tax amount
          InvoiceTotalVatAccountingAmount totals.tax_in_tax_currency amount ownCurrency=tax_currency
          InvoiceTotalVatIncludedAmount totals.gross amount required
          InvoiceTotalRoundoffAmount totals.rounding amount
          InvoicePaidAmount totals.paid amount
          ExchangeRate totals.exchange_rate rate
          OtherCurrencyAmountVatExcludedAmount totals.net_in_other_currency amount ownCurrency=totals.other_currency
          OtherCurrencyAmountVatIncludedAmount totals.gross_in_other_currency amount ownCurrency=totals.other_currency
          CreditLimitAmount totals.credit_limit amount
          CreditInterestPercent totals.credit_interest_percent percent
          OperationLimitAmount totals.operation_limit amount
          MonthlyAmount totals.monthly amount
          ShortProposedAccountIdentifier accounting.short_account n4
          NormalProposedAccountIdentifier accounting.account n4
          ProposedAccountText accounting.account_text s35
          AccountDimensionText accounting.dimension s35
          SellerAccountText accounting.seller_account s35
          VatPoint !vatPoint
            VatPointDate tax_point_date date
            VatPointDateCode tax_point_code c3
          VatSpecificationDetails => tax_breakdown
            VatBaseAmount taxable_amount amount
            VatRatePercent rate percent
            VatCode category c3
            VatRateAmount tax_amount amount
            VatFreeText exemption_reason s70 x3 cut
            VatExemptionReasonCode exemption_code h20
          InvoiceFreeText notes.text s512 x*
          InvoiceVatFreeText tax_note s70 cut
          PaymentTermsDetails => payment_terms
            PaymentTermsFreeText text s70 x2 cut
            FreeText => texts x2
              Header header s35
              Value values s70 x2
            InvoiceDueDate due_date date
            CashDiscountDate discount_date date
            CashDiscountBaseAmount discount_base amount
            CashDiscountPercent discount_percent percent
            CashDiscountAmount discount_amount amount
            CashDiscountExcludingVatAmount discount_net amount
            CashDiscountVatDetails => discount_taxes
              CashDiscountVatPercent rate percent required
              CashDiscountVatAmount amount amount required
            ReducedInvoiceVatIncludedAmount reduced_total amount
            PaymentOverDueFineDetails
              PaymentOverDueFineFreeText overdue_text s70 x3 cut
              PaymentOverDueFinePercent overdue_percent percent
              PaymentOverDueFixedAmount overdue_amount amount
          PaymentTermsDetails
            InvoiceDueDate !dueDate date
          DiscountDetails => allowances_charges[is_charge=false]
            FreeText reason s70 cut
            ReasonCode reason_code c3
            Percent percent percent
            Amount amount amount
            BaseAmount base_amount amount
            VatCategoryCode tax_category c3
            VatRatePercent tax_rate percent
          ChargeDetails => allowances_charges[is_charge=true]
            ReasonText reason s70 cut
            ReasonCode reason_code c3
            Percent percent percent
            Amount amount amount
            BaseAmount base_amount amount
            VatCategoryCode tax_category c3
            VatRatePercent tax_rate percent
          TenderReference tender_reference s70
        """
    }

    private static func quantity(_ element: String, kind: String) -> String {
        """
          \(element) => quantities[kind=\(kind)] text=value q14\(kind == "delivered" ? "" : " x1")
            @QuantityUnitCode unit s14
            @QuantityUnitCodeUN unit_code unitCode
        """
    }

    private static func unitPrice(_ element: String, _ source: String) -> String {
        """
          \(element) \(source) unitPrice
            @UnitPriceUnitCode price.base_unit s14
            @QuantityUnitCodeUN price.base_unit_code unitCode
        """
    }

    private static func link(_ element: String) -> String {
        "  \(element)UrlText reference_links[reference=\(element)].url s512"
    }

    private static var row: String {
        """
          RowSubIdentifier sub_identifier s35
          InvoicedObjectID invoiced_object s70
            @SchemeID invoiced_object_scheme c3
          ArticleIdentifier seller_item_id s70
          ArticleGroupIdentifier => classifications text=code s70
            @SchemeID scheme c3
            @SchemeVersion version s35
          ArticleName name s100 cut
          ArticleDescription description s512 cut
          ArticleInfoUrlText item_url s512
          BuyerArticleIdentifier buyer_item_id s70
          EanCode standard_item_id s35
            @SchemeID standard_item_scheme d4
          RowRegistrationNumberIdentifier registration_number s70
          SerialNumberIdentifier serial_number s70
          RowActionCode action_code s35
          RowDefinitionDetails => attributes
            RowDefinitionHeaderText name s70 required
              @DefinitionCode code s20
            RowDefinitionValue value s70
              @QuantityUnitCode unit s14
              @QuantityUnitCodeUN unit_code unitCode
        \(quantity("OfferedQuantity", kind: "offered"))
        \(quantity("DeliveredQuantity", kind: "delivered"))
        \(quantity("OrderedQuantity", kind: "ordered"))
        \(quantity("ConfirmedQuantity", kind: "confirmed"))
        \(quantity("PostDeliveredQuantity", kind: "post-delivered"))
          InvoicedQuantity quantity q14
            @QuantityUnitCode unit s14
            @QuantityUnitCodeUN unit_code unitCode
        \(quantity("CreditRequestedQuantity", kind: "credit-requested"))
        \(quantity("ReturnedQuantity", kind: "returned"))
          StartDate period.start_date date
          EndDate period.end_date date
        \(unitPrice("UnitPriceAmount", "!unitPrice"))
        \(unitPrice("UnitPriceDiscountAmount", "price.discount"))
        \(unitPrice("UnitPriceNetAmount", "!netPrice"))
        \(unitPrice("UnitPriceVatIncludedAmount", "price.with_tax"))
          UnitPriceBaseQuantity price.base_quantity q14
            @QuantityUnitCode price.base_unit s14
            @QuantityUnitCodeUN price.base_unit_code unitCode
          RowIdentifier order_reference s35
        \(link("RowIdentifier"))
          RowOrderPositionIdentifier order_line_reference s35
          RowIdentifierDate order_date date
          RowPositionIdentifier id s35
          OriginalInvoiceReference => preceding_invoices
            InvoiceNumber number s20
            InvoiceDate issue_date date
          RowOrdererName orderer_name s35
          RowSalesPersonName sales_person_name s35
          RowOrderConfirmationIdentifier order_confirmation_reference s70
          RowOrderConfirmationDate order_confirmation_date date
          RowDeliveryIdentifier delivery.reference s35
        \(link("RowDeliveryIdentifier"))
          RowDeliveryDate delivery.date date
          RowQuotationIdentifier quotation_reference s35
        \(link("RowQuotationIdentifier"))
          RowAgreementIdentifier contract_reference s70
        \(link("RowAgreementIdentifier"))
          RowRequestOfQuotationIdentifier quotation_request_reference s35
        \(link("RowRequestOfQuotationIdentifier"))
          RowPriceListIdentifier price_list_reference s35
        \(link("RowPriceListIdentifier"))
          RowBuyerReferenceIdentifier buyer_reference s70
          RowProjectReferenceIdentifier project_reference s70
          RowOverDuePaymentDetails
            RowOriginalInvoiceIdentifier overdue.invoice_number s35
            RowOriginalInvoiceDate overdue.invoice_date date
            RowOriginalDueDate overdue.due_date date
            RowOriginalInvoiceTotalAmount overdue.total amount
            RowOriginalEpiRemittanceInfoIdentifier overdue.reference s35
            RowPaidVatExcludedAmount overdue.paid_net amount
            RowPaidVatIncludedAmount overdue.paid amount
            RowPaidDate overdue.paid_date date
            RowUnPaidVatExcludedAmount overdue.unpaid_net amount
            RowUnPaidVatIncludedAmount overdue.unpaid amount
            RowCollectionDate overdue.collection_date date
            RowCollectionQuantity overdue.collection_count q14
            RowCollectionChargeAmount overdue.collection_charge amount
            RowInterestRate overdue.interest_percent percent
            RowInterestStartDate overdue.interest_start_date date
            RowInterestEndDate overdue.interest_end_date date
            RowInterestPeriodText overdue.interest_period s35
            RowInterestDateNumber overdue.interest_days n14
            RowInterestChargeAmount overdue.interest amount
            RowInterestChargeVatAmount overdue.interest_tax amount
        \(anyParty("RowAnyParty", list: "parties", indent: 2))
          RowDeliveryDetails
            RowTerminalAddressText delivery.terminal_address s70 cut
            RowWaybillIdentifier delivery.waybill s70
            RowWaybillTypeCode delivery.waybill_type s35
            RowClearanceIdentifier delivery.clearance s70
            RowDeliveryNoteIdentifier delivery.delivery_note s70
        \(deliverer(part: "Deliverer", list: "parties", prefix: "Row", indent: 4))
            RowModeOfTransportIdentifier delivery.transport_mode s70
            RowCarrierName delivery.carrier s35
            RowVesselName delivery.vessel s35
            RowLocationIdentifier delivery.location s70
            RowTransportInformationDate delivery.transport_date date
            RowCountryOfOrigin delivery.origin_country s35
            RowCountryOfDestinationName delivery.destination_country_name s35
            RowDestinationCountryCode delivery.destination_country c2-2
            RowPlaceOfDischarge delivery.places_of_discharge s35
            RowFinalDestinationName delivery.final_destinations s35 x3
            RowCustomsInfo
              CNCode delivery.customs.code s8
              CNName delivery.customs.name s35
              CNOriginCountrySubdivision delivery.customs.origin_subdivision s2-35
              CNOriginCountryCode delivery.customs.origin_country c2-2
              CNOriginCountryName delivery.customs.origin_country_name s35
            RowManufacturerArticleIdentifier manufacturer_item_id s70
        \(deliverer(part: "Manufacturer", list: "parties", prefix: "Row", indent: 4))
            RowManufacturerOrderIdentifier delivery.manufacturer_order s70
        \(package(prefix: "Row", indent: 4))
          RowShortProposedAccountIdentifier accounting.short_account n4
          RowNormalProposedAccountIdentifier accounting.account n4
          RowProposedAccountText accounting.account_text s35
          RowAccountDimensionText accounting.dimension s35
          RowSellerAccountText accounting.seller_account s35
          RowFreeText notes s512 x*
        \(quantity("RowUsedQuantity", kind: "used"))
          RowPreviousMeterReadingDate meter.previous_date date
          RowLatestMeterReadingDate meter.latest_date date
        \(quantity("RowCalculatedQuantity", kind: "calculated"))
          RowAveragePriceAmount price.average amount
          - !firstDiscount => allowances_charges
            RowDiscountPercent percent percent
            RowDiscountAmount amount amount
            RowDiscountBaseAmount base_amount amount
            RowDiscountTypeCode reason_code c3
            RowDiscountTypeText reason s35
          RowProgressiveDiscountDetails => allowances_charges[is_charge=false] skip1
            RowDiscountPercent percent percent
            RowDiscountAmount amount amount
            RowDiscountBaseAmount base_amount amount
            RowDiscountTypeCode reason_code c3
            RowDiscountTypeText reason s35
          RowChargeDetails => allowances_charges[is_charge=true]
            ReasonText reason s70 cut
            ReasonCode reason_code c3
            Percent percent percent
            Amount amount amount
            BaseAmount base_amount amount
          RowVatRatePercent tax_rate percent
          RowVatCode tax_category c3
          RowVatAmount tax_amount amount
          RowVatExcludedAmount net_amount amount
          RowAmount gross_amount amount
          RowTransactionDetails
            OtherCurrencyAmount transaction.amount amount ownCurrency=transaction.currency
            ExchangeRate transaction.exchange_rate rate
            ExchangeDate transaction.date date
        """
    }

    private static func indented(_ text: String, _ indent: Int) -> String {
        text.split(separator: "\n").map { String(repeating: " ", count: indent) + $0 }.joined(separator: "\n")
    }

    private static func addressBody(_ part: String, indent: Int) -> String {
        indented(
            """
            \(part)StreetName street+additional_street+further_lines s2-35 x3 cut required
            \(part)TownName city s2-35 required
            \(part)PostCodeIdentifier postal_code s2-35 required
            \(part)CountrySubdivision subdivision s2-35
            CountryCode country c2-2
            CountryName country_name s35
            \(part == "Delivery" ? "DeliveryPostofficeBoxIdentifier" : "\(part)PostOfficeBoxIdentifier") post_office_box s35
            """, indent)
    }

    private static func address(_ element: String, part: String, indent: Int, required: Bool = false) -> String {
        indented("\(element) => address x1\(required ? " required" : "")", indent) + "\n"
            + addressBody(part, indent: indent + 2)
    }

    private static func partyBody(_ part: String, nameLength: Int, trading: Bool = false) -> String {
        indented(
            """
            \(part)PartyIdentifier legal_id s35
              @SchemeID legal_id_scheme d4
            \(part)OrganisationName name+additional_names s2-\(nameLength) x* required
            \(trading ? "\(part)OrganisationTradingName trading_name s2-70" : "")
            \(part)OrganisationDepartment departments s35 x2
            \(part)OrganisationTaxCode vat_id s35
            \(part)Code => identifiers text=value s70 x1
              @IdentifierType type s20
              @SchemeID scheme d4
            """, 2)
    }

    private static func contact(_ party: String, part: String, language: Bool = false) -> String {
        """
        \(part)OrganisationUnitNumber \(party).electronic_address s35
        \(part)SiteCode \(party).site_code s35
        \(person("\(party).contacts", part: part))
        \(language ? "InvoiceRecipientLanguageCode \(party).language n2-2" : "")
        \(communication("\(party).contacts", part: part))
        """
    }

    private static func person(_ contacts: String, part: String) -> String {
        """
        - !person => \(contacts)
          \(part)ContactPersonName name s70
          \(part)ContactPersonFunction functions s35 x2
          \(part)ContactPersonDepartment departments s35 x2
        """
    }

    private static func communication(_ contacts: String, part: String) -> String {
        """
        - !person => \(contacts)
          \(part)CommunicationDetails
            \(part)PhoneNumberIdentifier telephone s35
            \(part)\(part == "AnyParty" ? "EmailAddressIdentifier" : "EmailaddressIdentifier") email s70
        """
    }

    private static func deliverer(part: String, list: String, prefix: String, indent: Int) -> String {
        let party = "\(list)[role=\(part.lowercased())]"
        return indented(
            """
            \(prefix)\(part)Identifier \(party).identifiers.value s35
            \(prefix)\(part)Name \(party).name+\(party).additional_names s35 x3
            \(prefix)\(part)CountrySubdivision \(party).address.subdivision s2-35
            \(prefix)\(part)CountryCode \(party).address.country c2-2
            \(prefix)\(part)CountryName \(party).address.country_name s35
            """, indent)
    }

    private static func package(prefix: String, indent: Int) -> String {
        var out = "\(prefix)PackageDetails\n"
        for (name, field) in [
            ("PackageLength", "length"), ("PackageWidth", "width"), ("PackageHeight", "height"),
            ("PackageWeight", "weight"), ("PackageNetWeight", "net_weight"), ("PackageVolume", "volume"),
            ("TransportCarriageQuantity", "carriage"),
        ] {
            out += """
                  \(prefix)\(name) => delivery.package.\(field) text=value q14
                    @QuantityUnitCode unit s14
                    @QuantityUnitCodeUN unit_code unitCode

                """
        }
        return indented(out, indent)
    }

    /// Deliverers and manufacturers have elements of their own.
    private static func anyParty(_ part: String, list: String, indent: Int) -> String {
        indented(
            """
            \(part)Details => \(list)[role!=deliverer|manufacturer]
              \(part)Text !partyText required
            """, indent) + "\n" + anyPartyBody(part, indent: indent + 2)
    }

    private static func anyPartyBody(_ part: String, indent: Int) -> String {
        let person =
            part == "AnyParty"
            ? "\(person("contacts", part: part))\n\(communication("contacts", part: part))" : ""
        return indented(
            """
            \(part)Identifier legal_id s35
              @SchemeID legal_id_scheme d4
            \(part)OrganisationName name+additional_names s2-35 x2 cut required
            \(part)OrganisationDepartment departments s35 x2
            \(part)OrganisationTaxCode vat_id s35
            \(part)Code => identifiers text=value s70 x1
              @IdentifierType type s20
              @SchemeID scheme d4
            \(person)
            \(address("\(part)PostalAddressDetails", part: part, indent: 0))
            \(part)OrganisationUnitNumber electronic_address s35
            \(part)SiteCode site_code s35
            """, indent)
    }
}
