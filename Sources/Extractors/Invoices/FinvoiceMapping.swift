extension MappingBuilder {
    /// Finvoice 1.2 to 3.0 (Finanssiala ry), whose elements bear the party's part in their names.
    static func finvoice() -> MappingBuilder {
        var builder = MappingBuilder()
        builder.syntaxAttributes = ["schemaLocation", "noNamespaceSchemaLocation", "Format"]
        builder.add(
            """
            @Version                                                                syntax_version
            MessageTransmissionDetails/MessageSenderDetails/FromIdentifier          message.sender=
            MessageTransmissionDetails/MessageSenderDetails/FromIdentifier/@SchemeID  message.sender_scheme
            MessageTransmissionDetails/MessageSenderDetails/FromIntermediator       message.sender_intermediator=
            MessageTransmissionDetails/MessageReceiverDetails/ToIdentifier          message.receiver=
            MessageTransmissionDetails/MessageReceiverDetails/ToIdentifier/@SchemeID  message.receiver_scheme
            MessageTransmissionDetails/MessageReceiverDetails/ToIntermediator       message.receiver_intermediator=
            MessageTransmissionDetails/MessageDetails/MessageIdentifier             message.id=
            MessageTransmissionDetails/MessageDetails/MessageTimeStamp              message.timestamp=
            MessageTransmissionDetails/MessageDetails/RefToMessageIdentifier        message.answers=
            MessageTransmissionDetails/MessageDetails/ImplementationCode            message.implementation
            MessageTransmissionDetails/MessageDetails/SpecificationIdentifier       specification
            SellerPartyDetails                          => seller
            InvoiceSenderPartyDetails                   => invoice_sender
            InvoiceRecipientPartyDetails                => invoice_recipient
            InvoiceRecipientLanguageCode                invoice_recipient.language
            BuyerPartyDetails                           => buyer
            DeliveryPartyDetails                        => deliver_to
            AnyPartyDetails                             => other_parties[+]
            DeliveryDetails/ShipmentPartyDetails        => ship_from
            PaymentCardInfo/PrimaryAccountNumber        payment_means[=epi].card_number
            PaymentCardInfo/CardHolderName              payment_means[=epi].card_holder
            DirectDebitInfo/MandateReference            payment_means[=epi].mandate_reference
            DirectDebitInfo/CreditorIdentifier          payment_means[=epi].creditor_identifier
            DirectDebitInfo/DebitedAccountID            payment_means[=epi].debited_account
            DirectDebitInfo/DebitedAccountID/@IdentificationSchemeName  payment_means[=epi].debited_account_scheme
            PaymentStatusDetails/PaymentStatusCode      payment_status
            PaymentStatusDetails/PaymentMethodText      payment_method
            VirtualBankBarcode                          virtual_barcode
            InvoiceRow                                  !line SubInvoiceRow => lines[last]
            SpecificationDetails/SpecificationFreeText  specification_texts
            InvoiceUrlNameText                          !linkName
            InvoiceUrlText                              !linkAddress
            StorageUrlText                              storage_url
            LayOutIdentifier                            layout
            InvoiceSegmentIdentifier                    segment
            ControlChecksum                             control_checksum
            MessageChecksum                             message_checksum
            ControlStampText                            control_stamp
            AcceptanceStampText                         acceptance_stamp
            OriginalInvoiceFormat                       original_format
            AttachmentMessageDetails/AttachmentMessageIdentifier  attachment_message
            """)
        builder.addFinvoiceParty("SellerPartyDetails", part: "Seller")
        builder.addFinvoiceParty("InvoiceSenderPartyDetails", part: "InvoiceSender")
        builder.addFinvoiceParty("InvoiceRecipientPartyDetails", part: "InvoiceRecipient")
        builder.addFinvoiceParty("BuyerPartyDetails", part: "Buyer")
        builder.addFinvoiceParty("DeliveryPartyDetails", part: "Delivery")
        builder.addFinvoiceParty("AnyPartyDetails", part: "AnyParty")
        builder.addFinvoiceParty("DeliveryDetails/ShipmentPartyDetails", part: "Shipment")
        builder.addFinvoiceContact("", part: "Seller", group: "seller.")
        builder.addFinvoiceContact("", part: "InvoiceRecipient", group: "invoice_recipient.")
        builder.addFinvoiceContact("", part: "Buyer", group: "buyer.")
        builder.addFinvoiceContact("", part: "Delivery", group: "deliver_to.")
        builder.addFinvoiceContact("AnyPartyDetails", part: "AnyParty", group: "")
        builder.addFinvoiceContact("DeliveryDetails/ShipmentPartyDetails", part: "Shipment", group: "")
        builder.addFinvoiceSeller()
        builder.addFinvoiceDelivery()
        builder.addFinvoiceDetails()
        builder.addFinvoicePayment()
        builder.addFinvoiceRow("InvoiceRow", part: "")
        builder.add("InvoiceRow", "SubInvoiceRow  !line SubInvoiceRow => /lines[last]")
        builder.addFinvoiceRow("InvoiceRow/SubInvoiceRow", part: "Sub")
        return builder
    }

    /// The attachments message that may follow a Finvoice message in one transmission.
    static func finvoiceAttachments() -> MappingBuilder {
        var builder = MappingBuilder()
        builder.syntaxAttributes = ["schemaLocation", "noNamespaceSchemaLocation", "Version"]
        builder.add(
            """
            MessageTransmissionDetails/MessageSenderDetails/FromIdentifier     message.sender=
            MessageTransmissionDetails/MessageSenderDetails/FromIntermediator  message.sender_intermediator=
            MessageTransmissionDetails/MessageReceiverDetails/ToIdentifier     message.receiver=
            MessageTransmissionDetails/MessageReceiverDetails/ToIntermediator  message.receiver_intermediator=
            AttachmentMessageDetails/AttachmentMessageIdentifier               attachment_message=
            AttachmentDetails                                                  => attachments[+]
            AttachmentDetails/AttachmentIdentifier                             id
            AttachmentDetails/AttachmentName                                   filename
            AttachmentDetails/AttachmentMimeType                               media_type
            AttachmentDetails/AttachmentContent                                !content
            """)
        return builder
    }

    /// The SOAP envelope with ebXML header in which banks move Finvoice.
    static func envelope() -> MappingBuilder {
        var builder = MappingBuilder()
        builder.syntaxAttributes = ["schemaLocation", "mustUnderstand", "id", "version", "location", "type", "actor"]
        builder.add(
            """
            Header/MessageHeader/From                        !messageParty sender
            Header/MessageHeader/To                          !messageParty receiver
            Header/MessageHeader/CPAId                       -
            Header/MessageHeader/ConversationId              message.conversation
            Header/MessageHeader/Service                     message.service
            Header/MessageHeader/Action                      message.action
            Header/MessageHeader/MessageData/MessageId       message.id=
            Header/MessageHeader/MessageData/Timestamp       message.timestamp=
            Header/MessageHeader/MessageData/RefToMessageId  message.answers=
            Body/Manifest/Reference/@href                    message.content
            """)
        return builder
    }

    private mutating func addFinvoiceParty(_ prefix: String, part: String) {
        add(
            prefix, part: part,
            """
            {P}Text                                role
            {P}Text/@AnyPartyCode                  role_code
            {P}PartyIdentifier                     legal_id
            {P}PartyIdentifier/@SchemeID           legal_id_scheme
            {P}Identifier                          legal_id
            {P}Identifier/@SchemeID                legal_id_scheme
            {P}PartyIdentifierUrlText              => /reference_links[+] text=url reference={P}PartyIdentifier
            {P}OrganisationName                    name | additional_names
            {P}OrganisationTradingName             trading_name
            {P}OrganisationDepartment              departments
            {P}Department                          departments
            {P}OrganisationTaxCode                 vat_id
            {P}OrganisationTaxCodeUrlText          => /reference_links[+] text=url reference={P}OrganisationTaxCode
            {P}Code                                => identifiers[+] text=value
            {P}Code/@IdentifierType                type
            {P}Code/@SchemeID                      scheme
            {P}PostalAddressDetails                => address
            {P}OrganisationUnitNumber              electronic_address
            {P}SiteCode                            site_code
            """)
        addFinvoiceAddress("\(prefix)/\(part)PostalAddressDetails", part: part)
    }

    private mutating func addFinvoiceAddress(_ prefix: String, part: String) {
        add(
            prefix, part: part,
            """
            {P}StreetName               street | additional_street | further_lines
            {P}TownName                 city
            {P}PostCodeIdentifier       postal_code
            {P}CountrySubdivision       subdivision
            CountryCode                 country
            CountryName                 country_name
            {P}PostOfficeBoxIdentifier  post_office_box
            {P}PostofficeBoxIdentifier  post_office_box
            """)
    }

    private mutating func addFinvoiceContact(_ prefix: String, part: String, group: String) {
        add(
            prefix, part: part,
            """
            {P}OrganisationUnitNumber      \(group)electronic_address
            {P}SiteCode                    \(group)site_code
            {P}ContactPersonName           \(group)contacts[=person].name
            {P}ContactPersonFunction       \(group)contacts[=person].functions
            {P}ContactPersonDepartment     \(group)contacts[=person].departments
            {P}CommunicationDetails/{P}PhoneNumberIdentifier   \(group)contacts[=person].telephone
            {P}CommunicationDetails/{P}EmailaddressIdentifier  \(group)contacts[=person].email
            {P}CommunicationDetails/{P}EmailAddressIdentifier  \(group)contacts[=person].email
            """)
    }

    private mutating func addFinvoiceSeller() {
        add(
            "SellerInformationDetails",
            """
            SellerOfficialPostalAddressDetails           => seller.registered_address
            SellerHomeTownName                           seller.home_town
            SellerVatRegistrationText                    seller.vat_registration
            SellerVatRegistrationDate                    seller.vat_registration_date
            SellerTaxRegistrationText                    seller.tax_registration
            SellerAdditionalLegalInfo                    seller.legal_information
            SellerPhoneNumber                            seller.contacts[=office].telephone
            SellerFaxNumber                              seller.contacts[=office].fax
            SellerCommonEmailaddressIdentifier           seller.contacts[=office].email
            SellerWebaddressIdentifier                   seller.contacts[=office].website
            SellerFreeText                               +seller.note
            SellerAccountDetails                         => seller.bank_accounts[+]
            SellerAccountDetails/SellerAccountID         account
            SellerAccountDetails/SellerAccountID/@IdentificationSchemeName  scheme
            SellerAccountDetails/SellerBic               bic
            SellerAccountDetails/SellerBic/@IdentificationSchemeName        -
            SellerAccountDetails/SellerAccountName       name
            InvoiceRecipientDetails                      => seller.einvoice_addresses[+]
            InvoiceRecipientDetails/InvoiceRecipientAddress               address
            InvoiceRecipientDetails/InvoiceRecipientIntermediatorAddress  intermediator
            """)
        addFinvoiceAddress("SellerInformationDetails/SellerOfficialPostalAddressDetails", part: "SellerOfficial")
    }

    private mutating func addFinvoiceDelivery() {
        add(
            "DeliveryDetails",
            """
            DeliveryDate                     delivery.date
            DeliveryPeriodDetails/StartDate  delivery.start_date
            DeliveryPeriodDetails/EndDate    delivery.end_date
            DeliveryMethodText               +delivery.method
            DeliveryTermsText                +delivery.terms
            DeliveryTermsCode                delivery.terms_code
            """)
        addFinvoiceTransport("DeliveryDetails", part: "", group: "delivery.", parties: "other_parties")
    }

    private mutating func addFinvoiceTransport(_ prefix: String, part: String, group: String, parties: String) {
        add(
            prefix, part: part,
            """
            {P}TerminalAddressText            +\(group)terminal_address
            {P}WaybillIdentifier              \(group)waybill
            {P}WaybillTypeCode                \(group)waybill_type
            {P}ClearanceIdentifier            \(group)clearance
            {P}DeliveryNoteIdentifier         \(group)delivery_note
            {P}ModeOfTransportIdentifier      \(group)transport_mode
            {P}CarrierName                    \(group)carrier
            {P}VesselName                     \(group)vessel
            {P}LocationIdentifier             \(group)location
            {P}TransportInformationDate       \(group)transport_date
            {P}CountryOfOrigin                \(group)origin_country
            {P}CountryOfDestinationName       \(group)destination_country_name
            {P}DestinationCountryCode         \(group)destination_country
            {P}PlaceOfDischarge               \(group)places_of_discharge
            {P}FinalDestinationName           \(group)final_destinations
            {P}FinalDestinationName/@SchemeID -
            {P}DelivererIdentifier            => \(parties)[=deliverer].identifiers[+] text=value
            {P}DelivererName                  \(parties)[=deliverer].name | \(parties)[=deliverer].additional_names
            {P}DelivererCountrySubdivision    \(parties)[=deliverer].address.subdivision
            {P}DelivererCountryCode           \(parties)[=deliverer].address.country
            {P}DelivererCountryName           \(parties)[=deliverer].address.country_name
            {P}ManufacturerIdentifier         => \(parties)[=manufacturer].identifiers[+] text=value
            {P}ManufacturerName               \(parties)[=manufacturer].name | \(parties)[=manufacturer].additional_names
            {P}ManufacturerCountrySubdivision \(parties)[=manufacturer].address.subdivision
            {P}ManufacturerCountryCode        \(parties)[=manufacturer].address.country
            {P}ManufacturerCountryName        \(parties)[=manufacturer].address.country_name
            {P}ManufacturerOrderIdentifier    \(group)manufacturer_order
            {P}PackageDetails                 => \(group)package
            {P}CustomsInfo                    => \(group)customs
            {P}CustomsInfo/CNCode             code
            {P}CustomsInfo/CNName             name
            {P}CustomsInfo/CNOriginCountryCode         origin_country
            {P}CustomsInfo/CNOriginCountryName         origin_country_name
            {P}CustomsInfo/CNOriginCountrySubdivision  origin_subdivision
            """)
        for (name, field) in [
            ("PackageLength", "length"), ("PackageWidth", "width"), ("PackageHeight", "height"),
            ("PackageWeight", "weight"), ("PackageNetWeight", "net_weight"), ("PackageVolume", "volume"),
            ("TransportCarriageQuantity", "carriage"),
        ] {
            add(
                "\(prefix)/\(part)PackageDetails/\(part)\(name)",
                """
                .                    \(field).value
                @QuantityUnitCode    \(field).unit
                @QuantityUnitCodeUN  \(field).unit_code
                """)
        }
    }

    private mutating func addFinvoiceDetails() {
        add(
            "InvoiceDetails",
            """
            InvoiceTypeCode                          !finvoiceType
            InvoiceTypeCode/@CodeListAgencyIdentifier  -
            InvoiceTypeCodeUN                        !typeCode
            InvoiceTypeText                          type_text
            InvoiceClassification/ClassificationCode classification_code
            InvoiceClassification/ClassificationText classification_text
            OriginCode                               origin_code
            OriginText                               origin_text
            InvoicedObjectID                         invoiced_object
            InvoicedObjectID/@SchemeID               invoiced_object_scheme
            InvoiceNumber                            number
            InvoiceDate                              issue_date
            OriginalInvoiceNumber                    preceding_invoices[?].number
            OriginalInvoiceDate                      preceding_invoices[?].issue_date
            OriginalInvoiceReference                 => preceding_invoices[+]
            OriginalInvoiceReference/InvoiceNumber   number
            OriginalInvoiceReference/InvoiceDate     issue_date
            InvoicingPeriodStartDate                 period.start_date
            InvoicingPeriodEndDate                   period.end_date
            SellerReferenceIdentifier                seller_reference
            SellerReferenceIdentifierUrlText         => reference_links[+] text=url reference=SellerReferenceIdentifier
            BuyersSellerIdentifier                   => seller.identifiers[+] text=value
            BuyersSellerIdentifier/@IdentifierType   type
            BuyersSellerIdentifier/@SchemeID         scheme
            SellersBuyerIdentifier                   => buyer.identifiers[+] text=value
            SellersBuyerIdentifier/@IdentifierType   type
            SellersBuyerIdentifier/@SchemeID         scheme
            OrderIdentifier                          order_reference
            OrderIdentifierUrlText                   => reference_links[+] text=url reference=OrderIdentifier
            OrderDate                                order_date
            OrdererName                              orderer_name
            SalesPersonName                          sales_person_name
            OrderConfirmationIdentifier              order_confirmation_reference
            OrderConfirmationDate                    order_confirmation_date
            AgreementIdentifier                      contract_reference
            AgreementIdentifierUrlText               => reference_links[+] text=url reference=AgreementIdentifier
            AgreementTypeText                        contract_type
            AgreementTypeCode                        contract_type_code
            AgreementDate                            contract_date
            NotificationIdentifier                   notification_reference
            NotificationDate                         notification_date
            RegistrationNumberIdentifier             registration_number
            ControllerIdentifier                     controller_id
            ControllerName                           controller_name
            ControlDate                              control_date
            BuyerReferenceIdentifier                 buyer_reference
            ProjectReferenceIdentifier               project_reference
            TenderReference                          tender_reference
            DefinitionDetails                        => attributes[+]
            DefinitionDetails/DefinitionHeaderText   name
            DefinitionDetails/DefinitionHeaderText/@DefinitionCode  code
            DefinitionDetails/DefinitionValue        value
            DefinitionDetails/DefinitionValue/@QuantityUnitCode     unit
            DefinitionDetails/DefinitionValue/@QuantityUnitCodeUN   unit_code
            RowsTotalVatExcludedAmount               totals.lines
            DiscountsTotalVatExcludedAmount          totals.allowances
            ChargesTotalVatExcludedAmount            totals.charges
            InvoiceTotalVatExcludedAmount            totals.net
            InvoiceTotalVatAmount                    totals.tax
            InvoiceTotalVatAccountingAmount          totals.tax_in_tax_currency
            InvoiceTotalVatAccountingAmount/@AmountCurrencyIdentifier  tax_currency
            InvoiceTotalVatIncludedAmount            !grandTotal
            InvoiceTotalRoundoffAmount               totals.rounding
            InvoicePaidAmount                        totals.paid
            ExchangeRate                             totals.exchange_rate
            OtherCurrencyAmountVatExcludedAmount     totals.net_in_other_currency
            OtherCurrencyAmountVatExcludedAmount/@AmountCurrencyIdentifier  totals.other_currency=
            OtherCurrencyAmountVatIncludedAmount     totals.gross_in_other_currency
            OtherCurrencyAmountVatIncludedAmount/@AmountCurrencyIdentifier  totals.other_currency=
            CreditLimitAmount                        totals.credit_limit
            CreditInterestPercent                    totals.credit_interest_percent
            OperationLimitAmount                     totals.operation_limit
            MonthlyAmount                            totals.monthly
            ShortProposedAccountIdentifier           accounting.short_account
            NormalProposedAccountIdentifier          accounting.account
            ProposedAccountText                      accounting.account_text
            AccountDimensionText                     accounting.dimension
            SellerAccountText                        accounting.seller_account
            VatPoint/VatPointDate                    tax_point_date
            VatPoint/VatPointDateCode                tax_point_code
            VatSpecificationDetails                  => tax_breakdown[+]
            VatSpecificationDetails/VatBaseAmount    taxable_amount
            VatSpecificationDetails/VatRatePercent   rate
            VatSpecificationDetails/VatCode          category
            VatSpecificationDetails/VatRateAmount    tax_amount
            VatSpecificationDetails/VatFreeText      +exemption_reason
            VatSpecificationDetails/VatExemptionReasonCode  exemption_code
            InvoiceFreeText                          => notes[+] text=text
            InvoiceVatFreeText                       tax_note
            PaymentTermsDetails                      => payment_terms[+]
            DiscountDetails                          => allowances_charges[+] is_charge=false
            DiscountDetails/FreeText                 reason
            ChargeDetails                            => allowances_charges[+] is_charge=true
            ChargeDetails/ReasonText                 reason
            """)
        for prefix in ["InvoiceDetails/DiscountDetails", "InvoiceDetails/ChargeDetails"] {
            add(
                prefix,
                """
                ReasonCode       reason_code
                Percent          percent
                Amount           amount
                BaseAmount       base_amount
                VatCategoryCode  tax_category
                VatRatePercent   tax_rate
                """)
        }
        add(
            "InvoiceDetails/PaymentTermsDetails",
            """
            PaymentTermsFreeText                +text
            FreeText                            => texts[+]
            FreeText/Header                     header
            FreeText/Value                      values
            InvoiceDueDate                      due_date & /due_date?
            CashDiscountDate                    discount_date
            CashDiscountBaseAmount              discount_base
            CashDiscountPercent                 discount_percent
            CashDiscountAmount                  discount_amount
            CashDiscountExcludingVatAmount      discount_net
            CashDiscountVatDetails              => discount_taxes[+]
            CashDiscountVatDetails/CashDiscountVatPercent  rate
            CashDiscountVatDetails/CashDiscountVatAmount   amount
            ReducedInvoiceVatIncludedAmount     reduced_total
            PaymentOverDueFineDetails/PaymentOverDueFineFreeText     +overdue_text
            PaymentOverDueFineDetails/PaymentOverDueFinePercent      overdue_percent
            PaymentOverDueFineDetails/PaymentOverDueFixedAmount      overdue_amount
            """)
    }

    private mutating func addFinvoicePayment() {
        add(
            "PartialPaymentDetails",
            """
            .                                  => partial_payments[+]
            PaidAmount                         paid
            PaidVatExcludedAmount              paid_net
            UnPaidAmount                       unpaid
            UnPaidVatExcludedAmount            unpaid_net
            InterestPercent                    interest_percent
            ProsessingCostsAmount              processing_costs
            PartialPaymentVatIncludedAmount    instalments[?].amount
            PartialPaymentVatExcludedAmount    instalments[?].net_amount
            PartialPaymentDueDate              instalments[?].due_date
            PartialPaymentReferenceIdentifier  instalments[?].reference
            """)
        add(
            "FactoringAgreementDetails",
            """
            FactoringAgreementIdentifier        factoring.agreement
            TransmissionListIdentifier          factoring.transmission_list
            EndorsementClauseCode               factoring.endorsement_clause
            FactoringTypeCode                   factoring.type_code
            FactoringFreeText                   factoring.texts
            FactoringPartyIdentifier            factoring_party.legal_id
            FactoringPartyIdentifier/@SchemeID  factoring_party.legal_id_scheme
            FactoringPartyName                  factoring_party.name
            FactoringPartyPostalAddressDetails  => factoring_party.address
            """)
        addFinvoiceAddress("FactoringAgreementDetails/FactoringPartyPostalAddressDetails", part: "FactoringParty")
        add(
            "EpiDetails",
            """
            EpiIdentificationDetails/EpiDate         payment_means[=epi].date
            EpiIdentificationDetails/EpiReference    payment_means[=epi].instruction_reference
            EpiIdentificationDetails/EpiUrl          payment_means[=epi].url
            EpiIdentificationDetails/EpiEmail        payment_means[=epi].email
            EpiIdentificationDetails/EpiOrderInfo    payment_means[=epi].order_information
            EpiPartyDetails/EpiBfiPartyDetails/EpiBfiIdentifier  payment_means[=epi].bic
            EpiPartyDetails/EpiBfiPartyDetails/EpiBfiIdentifier/@IdentificationSchemeName  -
            EpiPartyDetails/EpiBfiPartyDetails/EpiBfiName        payment_means[=epi].bank_name
            EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiNameAddressDetails  +payment_means[=epi].payee_name
            EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiBei        payment_means[=epi].payee_identifier
            EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiAccountID  payment_means[=epi].account
            EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiAccountID/@IdentificationSchemeName  payment_means[=epi].account_scheme
            EpiPaymentInstructionDetails/EpiPaymentInstructionId     payment_means[=epi].instruction_id
            EpiPaymentInstructionDetails/EpiTransactionTypeCode      payment_means[=epi].transaction_type
            EpiPaymentInstructionDetails/EpiInstructionCode          payment_means[=epi].instruction_code
            EpiPaymentInstructionDetails/EpiRemittanceInfoIdentifier !remittance
            EpiPaymentInstructionDetails/EpiInstructedAmount         payment_means[=epi].amount & totals.payable
            EpiPaymentInstructionDetails/EpiInstructedAmount/@AmountCurrencyIdentifier  payment_means[=epi].currency
            EpiPaymentInstructionDetails/EpiCharge                   payment_means[=epi].charge_option=
            EpiPaymentInstructionDetails/EpiCharge/@ChargeOption     payment_means[=epi].charge_option=
            EpiPaymentInstructionDetails/EpiDateOptionDate           payment_means[=epi].due_date
            EpiPaymentInstructionDetails/EpiPaymentMeansCode         payment_means[=epi].code
            EpiPaymentInstructionDetails/EpiPaymentMeansText         payment_means[=epi].text
            """)
    }

    private mutating func addFinvoiceRow(_ prefix: String, part: String) {
        add(
            prefix, part: part,
            """
            RowSubIdentifier                        sub_identifier
            SubIdentifier                           sub_identifier
            {P}InvoicedObjectID                     invoiced_object
            {P}InvoicedObjectID/@SchemeID           invoiced_object_scheme
            {P}ArticleIdentifier                    seller_item_id
            {P}ArticleGroupIdentifier               => classifications[+] text=code
            {P}ArticleGroupIdentifier/@SchemeID       scheme
            {P}ArticleGroupIdentifier/@SchemeVersion  version
            {P}ArticleName                          +name
            {P}ArticleDescription                   +description
            {P}ArticleInfoUrlText                   item_url
            {P}BuyerArticleIdentifier               buyer_item_id
            {P}EanCode                              standard_item_id
            {P}EanCode/@SchemeID                    standard_item_scheme
            {P}RowRegistrationNumberIdentifier      registration_number
            {P}SerialNumberIdentifier               serial_number
            {P}RowActionCode                        action_code
            {P}RowDefinitionDetails                 => attributes[+]
            {P}RowDefinitionDetails/{P}RowDefinitionHeaderText                  name
            {P}RowDefinitionDetails/{P}RowDefinitionHeaderText/@DefinitionCode  code
            {P}RowDefinitionDetails/{P}RowDefinitionValue                       value
            {P}RowDefinitionDetails/{P}RowDefinitionValue/@QuantityUnitCode     unit
            {P}RowDefinitionDetails/{P}RowDefinitionValue/@QuantityUnitCodeUN   unit_code
            {P}InvoicedQuantity                     !quantity invoiced
            {P}DeliveredQuantity                    !quantity delivered
            {P}StartDate                            period.start_date
            {P}EndDate                              period.end_date
            {P}UnitPriceAmount                      !unitPrice
            {P}UnitPriceDiscountAmount              price.discount
            {P}UnitPriceDiscountAmount/@UnitPriceUnitCode     price.base_unit=
            {P}UnitPriceDiscountAmount/@QuantityUnitCodeUN    price.base_unit_code=
            {P}UnitPriceNetAmount                   price.net
            {P}UnitPriceNetAmount/@UnitPriceUnitCode          price.base_unit=
            {P}UnitPriceNetAmount/@QuantityUnitCodeUN         price.base_unit_code=
            {P}UnitPriceVatIncludedAmount           price.with_tax
            {P}UnitPriceVatIncludedAmount/@UnitPriceUnitCode  price.base_unit=
            {P}UnitPriceVatIncludedAmount/@QuantityUnitCodeUN price.base_unit_code=
            {P}UnitPriceAmount/@UnitPriceUnitCode             price.base_unit=
            {P}UnitPriceAmount/@QuantityUnitCodeUN            price.base_unit_code=
            {P}UnitPriceBaseQuantity                price.base_quantity
            {P}UnitPriceBaseQuantity/@QuantityUnitCode        price.base_unit=
            {P}UnitPriceBaseQuantity/@QuantityUnitCodeUN      price.base_unit_code=
            {P}RowIdentifier                        order_reference
            {P}RowIdentifierUrlText                 => reference_links[+] text=url reference={P}RowIdentifier
            {P}RowOrderPositionIdentifier           order_line_reference
            {P}RowIdentifierDate                    order_date
            {P}RowPositionIdentifier                id
            {P}OriginalInvoiceNumber                preceding_invoices[?].number
            {P}OriginalInvoiceDate                  preceding_invoices[?].issue_date
            {P}OriginalInvoiceReference             => preceding_invoices[+]
            {P}OriginalInvoiceReference/InvoiceNumber  number
            {P}OriginalInvoiceReference/InvoiceDate    issue_date
            {P}RowOrdererName                       orderer_name
            {P}RowSalesPersonName                   sales_person_name
            {P}RowOrderConfirmationIdentifier       order_confirmation_reference
            {P}RowOrderConfirmationDate             order_confirmation_date
            {P}RowDeliveryIdentifier                delivery.reference
            {P}RowDeliveryIdentifierUrlText         => reference_links[+] text=url reference={P}RowDeliveryIdentifier
            {P}RowDeliveryDate                      delivery.date
            {P}RowQuotationIdentifier               quotation_reference
            {P}RowQuotationIdentifierUrlText        => reference_links[+] text=url reference={P}RowQuotationIdentifier
            {P}RowAgreementIdentifier               contract_reference
            {P}RowAgreementIdentifierUrlText        => reference_links[+] text=url reference={P}RowAgreementIdentifier
            {P}RowRequestOfQuotationIdentifier      quotation_request_reference
            {P}RowRequestOfQuotationIdentifierUrlText  => reference_links[+] text=url reference={P}RowRequestOfQuotationIdentifier
            {P}RowPriceListIdentifier               price_list_reference
            {P}RowPriceListIdentifierUrlText        => reference_links[+] text=url reference={P}RowPriceListIdentifier
            {P}RowBuyerReferenceIdentifier          buyer_reference
            {P}RowProjectReferenceIdentifier        project_reference
            {P}RowAnyPartyDetails                   => parties[+]
            {P}RowDeliveryDetails/{P}RowManufacturerArticleIdentifier  manufacturer_item_id
            {P}RowShortProposedAccountIdentifier    accounting.short_account
            {P}RowNormalProposedAccountIdentifier   accounting.account
            {P}RowProposedAccountText               accounting.account_text
            {P}RowAccountDimensionText              accounting.dimension
            {P}RowSellerAccountText                 accounting.seller_account
            {P}RowFreeText                          notes
            {P}RowPreviousMeterReadingDate          meter.previous_date
            {P}RowLatestMeterReadingDate            meter.latest_date
            {P}RowAveragePriceAmount                price.average
            {P}RowDiscountPercent                   allowances_charges[=rows].percent
            {P}RowDiscountAmount                    allowances_charges[=rows].amount
            {P}RowDiscountBaseAmount                allowances_charges[=rows].base_amount
            {P}RowDiscountTypeCode                  allowances_charges[=rows].reason_code
            {P}RowDiscountTypeText                  allowances_charges[=rows].reason
            {P}RowProgressiveDiscountDetails        => allowances_charges[+] is_charge=false
            {P}RowProgressiveDiscountDetails/{P}RowDiscountPercent     percent
            {P}RowProgressiveDiscountDetails/{P}RowDiscountAmount      amount
            {P}RowProgressiveDiscountDetails/{P}RowDiscountBaseAmount  base_amount
            {P}RowProgressiveDiscountDetails/{P}RowDiscountTypeCode    reason_code
            {P}RowProgressiveDiscountDetails/{P}RowDiscountTypeText    reason
            {P}RowChargeDetails                     => allowances_charges[+] is_charge=true
            {P}RowChargeDetails/ReasonText          reason
            {P}RowChargeDetails/ReasonCode          reason_code
            {P}RowChargeDetails/Percent             percent
            {P}RowChargeDetails/Amount              amount
            {P}RowChargeDetails/BaseAmount          base_amount
            {P}RowVatRatePercent                    tax_rate
            {P}RowVatCode                           tax_category
            {P}RowVatAmount                         tax_amount
            {P}RowVatExcludedAmount                 net_amount
            {P}RowAmount                            gross_amount
            {P}RowTransactionDetails/OtherCurrencyAmount  transaction.amount
            {P}RowTransactionDetails/OtherCurrencyAmount/@AmountCurrencyIdentifier  transaction.currency
            {P}RowTransactionDetails/ExchangeRate   transaction.exchange_rate
            {P}RowTransactionDetails/ExchangeDate   transaction.date
            """)
        for (name, kind) in [
            ("OfferedQuantity", "offered"), ("OrderedQuantity", "ordered"), ("ConfirmedQuantity", "confirmed"),
            ("PostDeliveredQuantity", "post-delivered"), ("CreditRequestedQuantity", "credit-requested"),
            ("ReturnedQuantity", "returned"), ("RowUsedQuantity", "used"), ("RowCalculatedQuantity", "calculated"),
        ] {
            add(
                "\(prefix)/\(part)\(name)",
                """
                .                    => quantities[+] text=value kind=\(kind)
                @QuantityUnitCode    unit
                @QuantityUnitCodeUN  unit_code
                """)
        }
        addFinvoiceTransport(
            "\(prefix)/\(part)RowDeliveryDetails", part: "\(part)Row", group: "delivery.", parties: "parties")
        addFinvoiceParty("\(prefix)/\(part)RowAnyPartyDetails", part: "\(part)RowAnyParty")
        addFinvoiceContact("\(prefix)/\(part)RowAnyPartyDetails", part: "\(part)RowAnyParty", group: "")
        add(
            "\(prefix)/\(part)RowOverDuePaymentDetails", part: part,
            """
            {P}RowOriginalInvoiceIdentifier            overdue.invoice_number
            {P}RowOriginalInvoiceDate                  overdue.invoice_date
            {P}RowOriginalDueDate                      overdue.due_date
            {P}RowOriginalInvoiceTotalAmount           overdue.total
            {P}RowOriginalEpiRemittanceInfoIdentifier  overdue.reference
            {P}RowPaidVatExcludedAmount                overdue.paid_net
            {P}RowPaidVatIncludedAmount                overdue.paid
            {P}RowPaidDate                             overdue.paid_date
            {P}RowUnPaidVatExcludedAmount              overdue.unpaid_net
            {P}RowUnPaidVatIncludedAmount              overdue.unpaid
            {P}RowCollectionDate                       overdue.collection_date
            {P}RowCollectionQuantity                   overdue.collection_count
            {P}RowCollectionQuantity/@QuantityUnitCode -
            {P}RowCollectionChargeAmount               overdue.collection_charge
            {P}RowInterestRate                         overdue.interest_percent
            {P}RowInterestStartDate                    overdue.interest_start_date
            {P}RowInterestEndDate                      overdue.interest_end_date
            {P}RowInterestPeriodText                   overdue.interest_period
            {P}RowInterestDateNumber                   overdue.interest_days
            {P}RowInterestChargeAmount                 overdue.interest
            {P}RowInterestChargeVatAmount              overdue.interest_tax
            """)
    }
}
