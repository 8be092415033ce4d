"""Finvoice 1.3, 2.01 and 3.0, as senders write it: also in the transport's frame, padded, out of order."""

import base64
import hashlib

from .documents import CODES, REASONS
from .numbers import Chance
from .xml import e, opt, text

TYPES = {
    "invoice": ("INV01", "380", {"fi": "LASKU", "sv": "FAKTURA", "en": "INVOICE"}),
    "credit-note": ("INV02", "381", {"fi": "HYVITYSLASKU", "sv": "KREDITFAKTURA", "en": "CREDIT NOTE"}),
    "reminder": ("INV08", "380", {"fi": "HUOMAUTUSLASKU", "sv": "PÅMINNELSE", "en": "REMINDER"}),
}


def amount(value):
    shown = f"{value:.2f}" if -value.as_tuple().exponent <= 2 else f"{value}"
    return shown.replace(".", ",")


def number(value):
    """A quantity or rate without needless zeros."""
    shown = f"{value:f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace(".", ",")


def _eur(tag, value, **more):
    return None if value is None else e(tag, amount(value), AmountCurrencyIdentifier="EUR", **more)


def _date(tag, day):
    return None if day is None else e(tag, f"{day:%Y%m%d}", Format="CCYYMMDD")


def _named(tag, name, padded):
    """Names beyond 70 characters go on in a second element; some senders pad to the field's old length."""
    parts = [name[i : i + 70] for i in range(0, len(name), 70)]
    return [e(tag, p.ljust(35) if padded else p) for p in parts]


def _party(side, p, version, padded):
    address = e(
        f"{side}PostalAddressDetails",
        e(f"{side}StreetName", p.street[:35]),
        e(f"{side}TownName", p.town),
        e(f"{side}PostCodeIdentifier", p.postcode),
        e("CountryCode", p.country),
        e("CountryName", {"FI": "FINLAND"}.get(p.country, "")) if version != "3.0" else None,
    )
    return e(
        f"{side}PartyDetails",
        opt(f"{side}PartyIdentifier", p.identifier),
        _named(f"{side}OrganisationName", p.name, padded),
        opt(f"{side}OrganisationTaxCode", p.vat),
        address,
    )


def _contact(side, p):
    if not (p.phone or p.email):
        return None
    return e(
        f"{side}CommunicationDetails",
        opt(f"{side}PhoneNumberIdentifier", p.phone),
        opt(f"{side}EmailaddressIdentifier", p.email),
    )


def _row(line, position, sign, version):
    quantity = e(
        "DeliveredQuantity" if version != "3.0" else "InvoicedQuantity",
        number(sign * line.quantity),
        QuantityUnitCode=line.unit,
        **({"QuantityUnitCodeUN": line.un} if version == "3.0" else {}),
    )
    return e(
        "InvoiceRow",
        opt("ArticleIdentifier", line.code),
        e("ArticleName", line.name),
        opt("ArticleDescription", line.description) if version != "1.3" else None,
        quantity,
        _eur("UnitPriceAmount", line.price),
        e("RowPositionIdentifier", str(position)) if version != "1.3" else None,
        opt("RowFreeText", line.description) if version == "1.3" else None,
        e("RowDiscountPercent", number(line.discount)) if line.discount else None,
        _eur("RowDiscountAmount", sign * line.discounted) if line.discount else None,
        e("RowVatRatePercent", number(line.rate)),
        e("RowVatCode", line.vat_code) if version != "1.3" else None,
        _eur("RowVatAmount", sign * line.vat),
        _eur("RowVatExcludedAmount", sign * line.net),
        _eur("RowAmount", sign * (line.net + line.vat)),
    )


def _barcode(doc, payable):
    """Finnish bank bar code, version 4 (national reference) or 5 (RF)."""
    if payable <= 0 or payable >= 1000000:
        return None
    cents = int(payable * 100)
    if doc.rf:
        reference = doc.payment_reference
        return f"5{doc.seller.iban[2:]}{cents:08d}{reference[2:4]}{reference[4:]:0>21}{doc.due:%y%m%d}"
    return f"4{doc.seller.iban[2:]}{cents:08d}000{doc.reference:0>20}{doc.due:%y%m%d}"


def _details(doc, totals, sign, version):
    code, un, names = TYPES[doc.kind]
    newer = version == "3.0"
    adjustments = []
    for charge, reason, value, kind in doc.adjustments:
        vat = [e("VatCategoryCode", CODES.get(kind, "S")), e("VatRatePercent", number(doc.rate_of(kind)))]
        if charge:
            adjustments.append(e("ChargeDetails", e("ReasonText", reason), _eur("Amount", sign * value), vat))
        else:
            adjustments.append(e("DiscountDetails", e("FreeText", reason), _eur("Amount", sign * value), vat))
    return e(
        "InvoiceDetails",
        e("InvoiceTypeCode", code),
        e("InvoiceTypeCodeUN", un) if newer else None,
        e("InvoiceTypeText", names[doc.seller.language]),
        e("OriginCode", "Original"),
        e("InvoiceNumber", doc.number),
        _date("InvoiceDate", doc.day),
        opt("OriginalInvoiceNumber", doc.original and doc.original[0]),
        _date("OriginalInvoiceDate", doc.original and doc.original[1]) if newer else None,
        _date("InvoicingPeriodStartDate", doc.period and doc.period[0]),
        _date("InvoicingPeriodEndDate", doc.period and doc.period[1]),
        opt("SellersBuyerIdentifier", doc.sellers_buyer),
        opt("OrderIdentifier", doc.order),
        opt("BuyerReferenceIdentifier", doc.buyer_reference) if version != "1.3" else None,
        _eur("RowsTotalVatExcludedAmount", sign * totals.lines) if newer else None,
        _eur("DiscountsTotalVatExcludedAmount", sign * totals.allowances) if totals.allowances else None,
        _eur("ChargesTotalVatExcludedAmount", sign * totals.charges) if totals.charges else None,
        _eur("InvoiceTotalVatExcludedAmount", sign * totals.net),
        _eur("InvoiceTotalVatAmount", sign * totals.vat),
        _eur("InvoiceTotalVatIncludedAmount", sign * totals.gross),
        _eur("InvoicePaidAmount", doc.prepaid) if newer else None,
        [
            e(
                "VatSpecificationDetails",
                _eur("VatBaseAmount", sign * base),
                e("VatRatePercent", number(rate)),
                e("VatCode", vat_code) if version != "1.3" else None,
                _eur("VatRateAmount", sign * tax),
                opt("VatFreeText", REASONS.get(vat_code)) if version != "1.3" else None,
            )
            for vat_code, rate, base, tax in totals.taxes
        ],
        [e("InvoiceFreeText", note) for note in doc.notes],
        e(
            "PaymentTermsDetails",
            e("PaymentTermsFreeText", f"{(doc.due - doc.day).days} pv netto"),
            _date("InvoiceDueDate", doc.due),
            e(
                "PaymentOverDueFineDetails",
                e("PaymentOverDueFineFreeText", "Viivästyskorko"),
                e("PaymentOverDueFinePercent", "11,5"),
            )
            if doc.seller.language == "fi"
            else None,
        ),
        adjustments,
    )


def _epi(doc, totals, sign, version):
    reference = doc.payment_reference
    shown = reference if doc.rf or version == "3.0" else reference.rjust(20, "0")
    return e(
        "EpiDetails",
        e("EpiIdentificationDetails", _date("EpiDate", doc.day), e("EpiReference", reference)),
        e(
            "EpiPartyDetails",
            e("EpiBfiPartyDetails", e("EpiBfiIdentifier", doc.seller.bic, IdentificationSchemeName="BIC")),
            e(
                "EpiBeneficiaryPartyDetails",
                e("EpiNameAddressDetails", doc.seller.name[:35].strip()),
                e("EpiAccountID", doc.seller.iban, IdentificationSchemeName="IBAN"),
            ),
        ),
        e(
            "EpiPaymentInstructionDetails",
            e("EpiRemittanceInfoIdentifier", shown, IdentificationSchemeName="ISO" if doc.rf else "SPY"),
            e("EpiInstructedAmount", amount(sign * totals.payable), AmountCurrencyIdentifier="EUR"),
            e("EpiCharge", "SHA", ChargeOption="SHA"),
            _date("EpiDateOptionDate", doc.due),
            e("EpiPaymentMeansCode", "58") if version == "3.0" else None,
        ),
    )


def _transmission(doc, message, stamp):
    return e(
        "MessageTransmissionDetails",
        e("MessageSenderDetails", e("FromIdentifier", doc.seller.address), e("FromIntermediator", doc.seller.operator)),
        e("MessageReceiverDetails", e("ToIdentifier", doc.buyer.address), e("ToIntermediator", doc.buyer.operator)),
        e("MessageDetails", e("MessageIdentifier", message), e("MessageTimeStamp", stamp)),
    )


def _frame(doc, message, stamp, end):
    """The ebXML frame in which Finvoice travels: a document of its own, before the invoice, in the same file."""

    def leg(name, party):
        return [
            e(f"eb:{name}", e("eb:PartyId", party.address), e("eb:Role", "Sender" if name == "From" else "Receiver")),
            e(f"eb:{name}", e("eb:PartyId", party.operator), e("eb:Role", "Intermediator")),
        ]

    header = e(
        "eb:MessageHeader",
        leg("From", doc.seller),
        leg("To", doc.buyer),
        e("eb:CPAId", "yoursandmycpa"),
        e("eb:ConversationId"),
        e("eb:Service", "Routing"),
        e("eb:Action", "ProcessInvoice"),
        e("eb:MessageData", e("eb:MessageId", message), e("eb:Timestamp", stamp), e("eb:RefToMessageId")),
        xmlns__eb="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd",
        **{"SOAP-ENV:mustUnderstand": "1", "eb:id": message},
    )
    body = e(
        "eb:Manifest",
        e(
            "eb:Reference",
            e("eb:schema", eb__location="http://www.finvoice.info/finvoice.xsd", eb__version="2.0"),
            eb__id="Finvoice",
            xlink__href=message,
        ),
        eb__id="Manifest",
        eb__version="2.0",
    )
    envelope = e(
        "SOAP-ENV:Envelope",
        e("SOAP-ENV:Header", header),
        e("SOAP-ENV:Body", body),
        **{
            "xmlns:SOAP-ENV": "http://schemas.xmlsoap.org/soap/envelope/",
            "xmlns:xlink": "http://www.w3.org/1999/xlink",
            "xmlns:eb": "http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd",
        },
    )
    return text(envelope, "", end)


def finvoice(doc, version, style=""):
    """The bytes.

    style, words of: latin (ISO-8859-15), soap (in the transport's frame), padded, crlf, shuffled, misspelt, unknown,
    attachments.
    """
    style = style.split()
    sign = -1 if doc.kind == "credit-note" else 1
    totals = doc.totals()
    if "latin" in style:
        charset = "ISO-8859-15"
    else:
        charset = "UTF-8"
    end = "\r\n" if "crlf" in style else "\n"
    message = f"{doc.day:%Y%m%d}-{Chance(doc.number + doc.seller.name).hex(12)}"
    stamp = f"{doc.day.isoformat()}T08:30:00Z"
    s, b = doc.seller, doc.buyer
    padded = "padded" in style
    children = [
        _transmission(doc, message, stamp) if version == "3.0" or "soap" in style and version == "2.01" else None,
        _party("Seller", s, version, padded),
        e("SellerOrganisationUnitNumber", s.address),
        opt("SellerContactPersonName", s.contact),
        _contact("Seller", s),
        e(
            "SellerInformationDetails",
            e(
                "SellerAccountDetails",
                e("SellerAccountID", s.iban, IdentificationSchemeName="IBAN"),
                e("SellerBic", s.bic, IdentificationSchemeName="BIC"),
            ),
        ),
        _party("Buyer", b, version, padded),
        e("BuyerOrganisationUnitNumber", b.address) if b.business_id else None,
        opt("BuyerContactPersonName", b.contact),
        _contact("Buyer", b),
        e("DeliveryDetails", _date("DeliveryDate", doc.delivered)) if doc.delivered else None,
        _details(doc, totals, sign, version),
        e("PaymentStatusDetails", e("PaymentStatusCode", doc.paid)) if doc.paid else None,
        opt("VirtualBankBarcode", _barcode(doc, sign * totals.payable)),
        *[_row(line, i, sign, version) for i, line in enumerate(doc.lines, 1)],
        _epi(doc, totals, sign, version),
        *[e("InvoiceUrlNameText", name) for name, _ in doc.links],
        *[e("InvoicEURlText" if "misspelt" in style else "InvoiceUrlText", url) for _, url in doc.links],
    ]
    children = [c for c in children if c is not None]
    if "misspelt" in style:  # what a careless global replace does to a sender's template
        children.append(e("InvoicEURlText", "https://example.com/lasku"))
    if "unknown" in style:
        children.append(e("OperatorExtension", e("Queue", "night"), e("Kommentti", "välitetty")))
    if "shuffled" in style:
        epi = next(i for i, c in enumerate(children) if c.tag == "EpiDetails")
        first = next(i for i, c in enumerate(children) if c.tag == "InvoiceRow")
        children.insert(first, children.pop(epi))
    if "attachments" in style:
        children.append(e("AttachmentMessageDetails", e("AttachmentMessageIdentifier", f"{message}::attachments")))
    attributes = {
        "Version": version,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:noNamespaceSchemaLocation": f"Finvoice{version}.xsd",
    }
    declaration = f'<?xml version="1.0" encoding="{charset}"?>{end}'
    if version != "3.0":
        declaration += f'<?xml-stylesheet type="text/xsl" href="Finvoice.xsl"?>{end}'
    whole = declaration + text(e("Finvoice", children, **attributes), "\t" if version == "1.3" else "  ", end)
    if "soap" in style:
        whole = _frame(doc, message, stamp, end) + whole
    if "attachments" in style:
        whole += (
            _frame(doc, f"{message}::attachments", stamp, end)
            + f'<?xml version="1.0" encoding="{charset}"?>{end}'
            + text(
                e(
                    "FinvoiceAttachments",
                    _transmission(doc, f"{message}::attachments", stamp),
                    *[
                        e(
                            "AttachmentDetails",
                            e(
                                "AttachmentIdentifier",
                                f"{message}::attachments::{hashlib.sha1(data).hexdigest().upper()}",
                            ),
                            e("AttachmentContent", base64.b64encode(data).decode()),
                            e("AttachmentName", name),
                            e("AttachmentMimeType", mime),
                        )
                        for name, mime, data in doc.attachments
                    ],
                    Version="1.0",
                ),
                "  ",
                end,
            )
        )
    return whole.encode(charset.lower(), "xmlcharrefreplace")
