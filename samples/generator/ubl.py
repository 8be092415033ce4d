"""UBL 2.1 Invoice and CreditNote with the identifiers of Peppol BIS Billing 3."""

import base64

from .documents import CODES, REASONS
from .xml import e, opt, text


def _eur(tag, value):
    return e(tag, f"{value:.2f}", currencyID="EUR")


def plain(value):
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _party(role, p):
    return e(
        f"cac:{role}",
        e(
            "cac:Party",
            e("cbc:EndpointID", p.address, schemeID="0216"),
            e("cac:PartyIdentification", e("cbc:ID", p.identifier)) if p.identifier and not p.business_id else None,
            e("cac:PartyName", e("cbc:Name", p.name)),
            e(
                "cac:PostalAddress",
                e("cbc:StreetName", p.street),
                e("cbc:CityName", p.town),
                e("cbc:PostalZone", p.postcode),
                e("cac:Country", e("cbc:IdentificationCode", p.country)),
            ),
            e("cac:PartyTaxScheme", e("cbc:CompanyID", p.vat), e("cac:TaxScheme", e("cbc:ID", "VAT")))
            if p.vat
            else None,
            e(
                "cac:PartyLegalEntity",
                e("cbc:RegistrationName", p.name),
                opt("cbc:CompanyID", p.business_id, schemeID="0212"),
            ),
            e(
                "cac:Contact",
                opt("cbc:Name", p.contact),
                opt("cbc:Telephone", p.phone),
                opt("cbc:ElectronicMail", p.email),
            )
            if p.email
            else None,
        ),
    )


def _category(tag, code, rate, reason=True):
    return e(
        f"cac:{tag}",
        e("cbc:ID", code),
        e("cbc:Percent", plain(rate)) if code != "O" else None,
        opt("cbc:TaxExemptionReason", REASONS.get(code)) if reason else None,
        e("cac:TaxScheme", e("cbc:ID", "VAT")),
    )


def _line(line, i, credit):
    word = "Credited" if credit else "Invoiced"
    return e(
        f"cac:{'CreditNote' if credit else 'Invoice'}Line",
        e("cbc:ID", str(i)),
        e(f"cbc:{word}Quantity", plain(line.quantity), unitCode=line.un),
        _eur("cbc:LineExtensionAmount", line.net),
        e(
            "cac:AllowanceCharge",
            e("cbc:ChargeIndicator", "false"),
            e("cbc:AllowanceChargeReason", "Alennus"),
            e("cbc:MultiplierFactorNumeric", plain(line.discount)),
            _eur("cbc:Amount", line.discounted),
            _eur("cbc:BaseAmount", line.whole),
        )
        if line.discount
        else None,
        e(
            "cac:Item",
            opt("cbc:Description", line.description),
            e("cbc:Name", line.name),
            e("cac:SellersItemIdentification", e("cbc:ID", line.code)) if line.code else None,
            _category("ClassifiedTaxCategory", line.vat_code, line.rate, reason=False),
        ),
        e("cac:Price", e("cbc:PriceAmount", plain(line.price), currencyID="EUR")),
    )


def ubl(doc, style):
    """The bytes. style: plain, prefixed (unusual prefixes), one-line, bom (byte order mark)."""
    credit = doc.kind == "credit-note"
    root = "CreditNote" if credit else "Invoice"
    t = doc.totals()
    note = "\n".join(doc.notes) or None
    attached = [
        e(
            "cac:AdditionalDocumentReference",
            e("cbc:ID", str(i)),
            e("cbc:DocumentDescription", "Liite"),
            e(
                "cac:Attachment",
                e("cbc:EmbeddedDocumentBinaryObject", base64.b64encode(data).decode(), mimeCode=mime, filename=name),
            ),
        )
        for i, (name, mime, data) in enumerate(doc.attachments, 1)
    ]
    children = [
        e("cbc:CustomizationID", "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"),
        e("cbc:ProfileID", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"),
        e("cbc:ID", doc.number),
        e("cbc:IssueDate", doc.day.isoformat()),
        None if credit else e("cbc:DueDate", doc.due.isoformat()),
        e(f"cbc:{root}TypeCode", "381" if credit else "380"),
        opt("cbc:Note", note),
        e("cbc:DocumentCurrencyCode", "EUR"),
        e("cbc:BuyerReference", doc.buyer_reference or "-"),
        e("cac:OrderReference", e("cbc:ID", doc.order)) if doc.order else None,
        e(
            "cac:BillingReference",
            e(
                "cac:InvoiceDocumentReference",
                e("cbc:ID", doc.original[0]),
                e("cbc:IssueDate", doc.original[1].isoformat()),
            ),
        )
        if doc.original
        else None,
        attached,
        _party("AccountingSupplierParty", doc.seller),
        _party("AccountingCustomerParty", doc.buyer),
        e("cac:Delivery", e("cbc:ActualDeliveryDate", doc.delivered.isoformat())) if doc.delivered else None,
        e(
            "cac:PaymentMeans",
            e("cbc:PaymentMeansCode", "58", name="SEPA credit transfer"),
            e("cbc:PaymentDueDate", doc.due.isoformat()) if credit else None,
            e("cbc:PaymentID", doc.payment_reference),
            e(
                "cac:PayeeFinancialAccount",
                e("cbc:ID", doc.seller.iban),
                e("cbc:Name", doc.seller.name),
                e("cac:FinancialInstitutionBranch", e("cbc:ID", doc.seller.bic)),
            ),
        ),
        e("cac:PaymentTerms", e("cbc:Note", f"{(doc.due - doc.day).days} pv netto, viivästyskorko 11,5 %")),
        [
            e(
                "cac:AllowanceCharge",
                e("cbc:ChargeIndicator", "true" if charge else "false"),
                e("cbc:AllowanceChargeReason", reason),
                _eur("cbc:Amount", value),
                _category("TaxCategory", CODES.get(kind, "S"), doc.rate_of(kind), reason=False),
            )
            for charge, reason, value, kind in doc.adjustments
        ],
        e(
            "cac:TaxTotal",
            _eur("cbc:TaxAmount", t.vat),
            [
                e(
                    "cac:TaxSubtotal",
                    _eur("cbc:TaxableAmount", base),
                    _eur("cbc:TaxAmount", tax),
                    _category("TaxCategory", code, rate),
                )
                for code, rate, base, tax in t.taxes
            ],
        ),
        e(
            "cac:LegalMonetaryTotal",
            _eur("cbc:LineExtensionAmount", t.lines),
            _eur("cbc:TaxExclusiveAmount", t.net),
            _eur("cbc:TaxInclusiveAmount", t.gross),
            _eur("cbc:AllowanceTotalAmount", t.allowances) if t.allowances else None,
            _eur("cbc:ChargeTotalAmount", t.charges) if t.charges else None,
            _eur("cbc:PrepaidAmount", doc.prepaid) if doc.prepaid else None,
            _eur("cbc:PayableAmount", t.payable),
        ),
        [_line(line, i, credit) for i, line in enumerate(doc.lines, 1)],
    ]
    prefixes = {"": "inv", "cbc": "ns2", "cac": "ns4"} if style == "prefixed" else {}
    base = f"xmlns:{prefixes['']}" if prefixes else "xmlns"
    urn = "urn:oasis:names:specification:ubl:schema:xsd:"
    names = {
        base: f"{urn}{root}-2",
        f"xmlns:{prefixes.get('cac', 'cac')}": f"{urn}CommonAggregateComponents-2",
        f"xmlns:{prefixes.get('cbc', 'cbc')}": f"{urn}CommonBasicComponents-2",
    }
    flat = [c for c in children if c is not None]
    indent, end = ("", "") if style == "one-line" else ("  ", "\n")
    whole = '<?xml version="1.0" encoding="UTF-8"?>\n' + text(e(root, *flat, **names), indent, end, prefixes)
    return (b"\xef\xbb\xbf" if style == "bom" else b"") + whole.encode("utf-8")
