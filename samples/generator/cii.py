"""UN/CEFACT Cross Industry Invoice D16B, the other syntax of EN 16931."""

import base64

from .documents import CODES, REASONS
from .ubl import plain
from .xml import e, opt, text


def _date(tag, day):
    return None if day is None else e(tag, e("udt:DateTimeString", f"{day:%Y%m%d}", format="102"))


def _party(tag, p):
    return e(
        f"ram:{tag}",
        opt("ram:ID", p.identifier if not p.business_id else None),
        e("ram:Name", p.name),
        e("ram:SpecifiedLegalOrganization", e("ram:ID", p.business_id, schemeID="0212")) if p.business_id else None,
        e(
            "ram:DefinedTradeContact",
            opt("ram:PersonName", p.contact),
            e("ram:TelephoneUniversalCommunication", e("ram:CompleteNumber", p.phone)) if p.phone else None,
            e("ram:EmailURIUniversalCommunication", e("ram:URIID", p.email)),
        )
        if p.email
        else None,
        e(
            "ram:PostalTradeAddress",
            e("ram:PostcodeCode", p.postcode),
            e("ram:LineOne", p.street),
            e("ram:CityName", p.town),
            e("ram:CountryID", p.country),
        ),
        e("ram:URIUniversalCommunication", e("ram:URIID", p.address, schemeID="0216")),
        e("ram:SpecifiedTaxRegistration", e("ram:ID", p.vat, schemeID="VA")) if p.vat else None,
    )


def _tax(code, rate, base=None, tax=None):
    return e(
        "ram:ApplicableTradeTax",
        e("ram:CalculatedAmount", f"{tax:.2f}") if tax is not None else None,
        e("ram:TypeCode", "VAT"),
        opt("ram:ExemptionReason", REASONS.get(code)) if base is not None else None,
        e("ram:BasisAmount", f"{base:.2f}") if base is not None else None,
        e("ram:CategoryCode", code),
        e("ram:RateApplicablePercent", plain(rate)) if code != "O" else None,
    )


def _line(line, i):
    return e(
        "ram:IncludedSupplyChainTradeLineItem",
        e("ram:AssociatedDocumentLineDocument", e("ram:LineID", str(i))),
        e(
            "ram:SpecifiedTradeProduct",
            opt("ram:SellerAssignedID", line.code),
            e("ram:Name", line.name),
            opt("ram:Description", line.description),
        ),
        e(
            "ram:SpecifiedLineTradeAgreement",
            e("ram:NetPriceProductTradePrice", e("ram:ChargeAmount", plain(line.price))),
        ),
        e("ram:SpecifiedLineTradeDelivery", e("ram:BilledQuantity", plain(line.quantity), unitCode=line.un)),
        e(
            "ram:SpecifiedLineTradeSettlement",
            _tax(line.vat_code, line.rate),
            e(
                "ram:SpecifiedTradeAllowanceCharge",
                e("ram:ChargeIndicator", e("udt:Indicator", "false")),
                e("ram:CalculationPercent", plain(line.discount)),
                e("ram:BasisAmount", f"{line.whole:.2f}"),
                e("ram:ActualAmount", f"{line.discounted:.2f}"),
                e("ram:Reason", "Alennus"),
            )
            if line.discount
            else None,
            e("ram:SpecifiedTradeSettlementLineMonetarySummation", e("ram:LineTotalAmount", f"{line.net:.2f}")),
        ),
    )


def cii(doc, style):
    """The bytes. style: plain or prefixed (unusual prefixes)."""
    t = doc.totals()
    attached = [
        e(
            "ram:AdditionalReferencedDocument",
            e("ram:IssuerAssignedID", f"LIITE-{i}"),
            e("ram:TypeCode", "916"),
            e("ram:Name", "Liite"),
            e("ram:AttachmentBinaryObject", base64.b64encode(data).decode(), mimeCode=mime, filename=name),
        )
        for i, (name, mime, data) in enumerate(doc.attachments, 1)
    ]
    agreement = e(
        "ram:ApplicableHeaderTradeAgreement",
        e("ram:BuyerReference", doc.buyer_reference or "-"),
        _party("SellerTradeParty", doc.seller),
        _party("BuyerTradeParty", doc.buyer),
        e("ram:BuyerOrderReferencedDocument", e("ram:IssuerAssignedID", doc.order)) if doc.order else None,
        attached,
    )
    delivery = e(
        "ram:ApplicableHeaderTradeDelivery",
        e("ram:ActualDeliverySupplyChainEvent", _date("ram:OccurrenceDateTime", doc.delivered))
        if doc.delivered
        else None,
    )
    settlement = e(
        "ram:ApplicableHeaderTradeSettlement",
        e("ram:PaymentReference", doc.payment_reference),
        e("ram:InvoiceCurrencyCode", "EUR"),
        e(
            "ram:SpecifiedTradeSettlementPaymentMeans",
            e("ram:TypeCode", "58"),
            e(
                "ram:PayeePartyCreditorFinancialAccount",
                e("ram:IBANID", doc.seller.iban),
                e("ram:AccountName", doc.seller.name),
            ),
            e("ram:PayeeSpecifiedCreditorFinancialInstitution", e("ram:BICID", doc.seller.bic)),
        ),
        [_tax(code, rate, base, tax) for code, rate, base, tax in t.taxes],
        [
            e(
                "ram:SpecifiedTradeAllowanceCharge",
                e("ram:ChargeIndicator", e("udt:Indicator", "true" if charge else "false")),
                e("ram:ActualAmount", f"{value:.2f}"),
                e("ram:Reason", reason),
                e(
                    "ram:CategoryTradeTax",
                    e("ram:TypeCode", "VAT"),
                    e("ram:CategoryCode", CODES.get(kind, "S")),
                    e("ram:RateApplicablePercent", plain(doc.rate_of(kind))),
                ),
            )
            for charge, reason, value, kind in doc.adjustments
        ],
        e(
            "ram:SpecifiedTradePaymentTerms",
            e("ram:Description", f"{(doc.due - doc.day).days} pv netto"),
            _date("ram:DueDateDateTime", doc.due),
        ),
        e(
            "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
            e("ram:LineTotalAmount", f"{t.lines:.2f}"),
            e("ram:ChargeTotalAmount", f"{t.charges:.2f}") if t.charges else None,
            e("ram:AllowanceTotalAmount", f"{t.allowances:.2f}") if t.allowances else None,
            e("ram:TaxBasisTotalAmount", f"{t.net:.2f}"),
            e("ram:TaxTotalAmount", f"{t.vat:.2f}", currencyID="EUR"),
            e("ram:GrandTotalAmount", f"{t.gross:.2f}"),
            e("ram:TotalPrepaidAmount", f"{doc.prepaid:.2f}") if doc.prepaid else None,
            e("ram:DuePayableAmount", f"{t.payable:.2f}"),
        ),
        e(
            "ram:InvoiceReferencedDocument",
            e("ram:IssuerAssignedID", doc.original[0]),
            e("ram:FormattedIssueDateTime", e("qdt:DateTimeString", f"{doc.original[1]:%Y%m%d}", format="102")),
        )
        if doc.original
        else None,
    )
    root = e(
        "rsm:CrossIndustryInvoice",
        e(
            "rsm:ExchangedDocumentContext",
            e(
                "ram:BusinessProcessSpecifiedDocumentContextParameter",
                e("ram:ID", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"),
            ),
            e(
                "ram:GuidelineSpecifiedDocumentContextParameter",
                e("ram:ID", "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"),
            ),
        ),
        e(
            "rsm:ExchangedDocument",
            e("ram:ID", doc.number),
            e("ram:TypeCode", "381" if doc.kind == "credit-note" else "380"),
            _date("ram:IssueDateTime", doc.day),
            [e("ram:IncludedNote", e("ram:Content", note)) for note in doc.notes],
        ),
        e(
            "rsm:SupplyChainTradeTransaction",
            [_line(line, i) for i, line in enumerate(doc.lines, 1)],
            agreement,
            delivery,
            settlement,
        ),
    )
    prefixes = {"rsm": "a", "ram": "b", "udt": "c", "qdt": "d"} if style == "prefixed" else {}
    urn = "urn:un:unece:uncefact:data:standard:"
    for prefix, name in (
        ("rsm", "CrossIndustryInvoice:100"),
        ("ram", "ReusableAggregateBusinessInformationEntity:100"),
        ("qdt", "QualifiedDataType:100"),
        ("udt", "UnqualifiedDataType:100"),
    ):
        root.attributes[f"xmlns:{prefixes.get(prefix, prefix)}"] = urn + name
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + text(root, prefixes=prefixes)).encode("utf-8")
