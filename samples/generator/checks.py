"""Reads the finished samples back and recomputes what can be recomputed.

Shares no code with what made them: every rule is written again, another way where there is one,
so that an error in the generator cannot hide itself.
"""

import gzip
import json
import re
import sqlite3
import xml.etree.ElementTree as ET
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

CONTROLLERS_OWN = {"1854047-8"}  # the one real business id here
MAIL_DOMAINS = re.compile(r"@(?:[a-z0-9.-]+\.)?example(?:\.(?:com|org|net))?$")


def business_id_ok(text):
    """With its check digit weighted 1 the sum is a multiple of eleven."""
    return (
        bool(re.fullmatch(r"\d{7}-\d", text))
        and sum(int(d) * w for d, w in zip(text.replace("-", ""), [7, 9, 10, 5, 8, 4, 2, 1])) % 11 == 0
    )


def _mod97(text):
    rest = 0
    for sign in text:
        for digit in sign if sign.isdigit() else str(ord(sign) - 55):
            rest = (rest * 10 + int(digit)) % 97
    return rest


def iban_ok(text):
    return bool(re.fullmatch(r"FI\d{16}", text)) and _mod97(text[4:] + text[:4]) == 1


def finnish_reference_ok(text):
    """Weighted 1 for the check digit, then 7 3 1 7 3 1 …, the sum is a multiple of ten."""
    digits = [int(d) for d in text.lstrip("0")][::-1]
    weights = [1] + [(7, 3, 1)[i % 3] for i in range(len(digits))]
    return 4 <= len(digits) <= 20 and sum(d * w for d, w in zip(digits, weights)) % 10 == 0


def reference_ok(text):
    if text.startswith("RF"):
        return _mod97(text[4:] + text[:4]) == 1 and finnish_reference_ok(text[4:])
    return finnish_reference_ok(text)


def personal_code_ok(text):
    found = re.fullmatch(r"(\d{6})[-+A](9\d\d)([0-9A-Y])", text)
    return bool(found) and divmod(int(found[1] + found[2]), 31)[1] == "0123456789ABCDEFHJKLMNPRSTUVWXY".index(found[3])


def cents(value):
    return value.quantize(Decimal(1).scaleb(-2), rounding=ROUND_HALF_UP)


def _rates(day):
    """The rates in force in Finland on a day, YYYYMMDD, besides 0."""
    if day < "20130101":
        return {"23", "13", "9"}
    if day < "20240901":
        return {"24", "14", "10"}
    return {"25.5", "14", "10"} if day < "20260101" else {"25.5", "13.5", "10"}


class _Faults(list):
    def unless(self, good, where, what):
        if not good:
            self.append(f"{where}: {what}")


def check(here):
    faults, counts = _Faults(), Counter()
    _register(here, faults, counts)
    for path in sorted((here / "invoices").rglob("*.xml")):
        _invoice(path, str(path.relative_to(here)), faults, counts)
    _logs(here, faults, counts)
    _paper(here, faults, counts)
    size = sum(p.stat().st_size for p in here.rglob("*") if p.is_file() and ".sqlite" not in p.name)
    counts["bytes in all"] = size
    faults.unless(size < 10_000_000, "samples", "ten million bytes or more")
    faults.unless(counts["users"] >= 200, "register.sql", "fewer than 200 users")
    faults.unless(counts["invoice files"] >= 300, "invoices", "fewer than 300")
    faults.unless(counts["usage events"] >= 50_000, "logs", "fewer than 50,000 events")
    return faults, "\n".join(f"{counts[k]:>9}  {k}" for k in sorted(counts))


def _strings(text, where, faults):
    """Whatever looks like an identifier, wherever it stands, is right and in a range for fiction."""
    for found in re.findall(r"(?<![\d-])\d{7}-\d(?![\d-])", text):
        faults.unless(business_id_ok(found) and (found[0] == "9" or found in CONTROLLERS_OWN), where, "business id")
    for found in re.findall(r"(?<![0-9A-Za-z])FI\d{16}(?!\d)", text):
        faults.unless(iban_ok(found) and found[4:6] == "99", where, "IBAN")
    for found in re.findall(r"(?<!\d)\d{6}[-+A]\d{3}[0-9A-Y](?![0-9A-Za-z])", text):
        faults.unless(personal_code_ok(found), where, "personal identity code")
    for found in re.findall(r"\+358[ \d]+", text):
        faults.unless(re.match(r"\+358 \d\d 000 \d{4}$", found.strip()), where, "telephone number")
    for found in re.findall(r"[\w.+-]+@[\w.-]+\.\w+", text, re.ASCII):
        faults.unless(MAIL_DOMAINS.search(found.lower()), where, "mail domain")
    for found in re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", text):
        faults.unless(found.rsplit(".", 1)[0] in ("192.0.2", "198.51.100", "203.0.113"), where, "IP address")


def _register(here, faults, counts):
    sql = (here / "register.sql").read_text(encoding="utf-8")
    _strings(sql, "register.sql", faults)
    database = sqlite3.connect(":memory:")
    database.executescript(sql)
    ask = lambda query: database.execute(query).fetchall()  # noqa: E731
    faults.unless(not ask("PRAGMA foreign_key_check"), "register.sql", "foreign keys")
    for (table,) in ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
        counts["users" if table == "users" else f"rows of {table}"] = ask(f"SELECT count(*) FROM {table}")[0][0]
    for language, n in ask("SELECT language, count(*) FROM users GROUP BY 1"):
        counts[f"users in {language}"] = n
    for (reference,) in ask("SELECT reference FROM payments"):
        faults.unless(reference_ok(reference), "payments", "reference")
    for business, vat, ovt in ask("SELECT business_id, vat_id, ovt FROM customers WHERE business_id IS NOT NULL"):
        digits = business.replace("-", "")
        faults.unless(vat == "FI" + digits and ovt == "0037" + digits, "customers", "VAT id or OVT number")
    faults.unless(
        all(
            "never-export" in s or "bmV2ZXItZXhwb3J0" in s or s.startswith("NZSXMZLSFVSXQ4DPOJ2A")
            for (s,) in ask("SELECT secret FROM credentials")
        ),
        "credentials",
        "a secret without its mark",
    )
    shared = ask("SELECT address FROM user_emails GROUP BY address HAVING count(DISTINCT user_id) > 1")
    faults.unless(len(shared) == 1, "user_emails", "exactly one address belongs to two users")
    shared = ask("SELECT cookie_id FROM devices GROUP BY cookie_id HAVING count(DISTINCT user_id) > 1")
    faults.unless(len(shared) == 1, "devices", "exactly one cookie belongs to two users")


# Invoices.


def _documents(data):
    """The XML documents of a file: a Finvoice transmission holds several, one after another, the frames undeclared."""
    starts = [0] + [m.start() for m in re.finditer(rb"<\?xml |<SOAP-ENV:Envelope", data) if m.start() > 3]
    return [data[a:b] for a, b in zip(starts, starts[1:] + [len(data)])]


def _local(tag):
    return tag.rpartition("}")[2]


class _Node:
    """A tree read by local names."""

    def __init__(self, element):
        self.element, self.name = element, _local(element.tag)

    def all(self, path):
        nodes = [self]
        for name in path.split("/"):
            nodes = [_Node(c) for n in nodes for c in n.element if _local(c.tag) == name]
        return nodes

    def text(self, path):
        found = self.all(path)
        return (found[0].element.text or "").strip() if found else None

    def number(self, path):
        found = self.text(path)
        return Decimal(found.replace(",", ".")) if found else None


def _invoice(path, where, faults, counts):
    data = path.read_bytes()
    counts["invoice files"] += 1
    faults.unless(
        re.fullmatch(r"invoices/(billing/\d{5}/\d{6}|customers/\d{5}/(issued|received)/\d{6})\.xml", where),
        where,
        "file name",
    )
    faults.unless(b"<!DOCTYPE" not in data, where, "document type")
    roots = []
    for part in _documents(data):
        try:
            roots.append(_Node(ET.fromstring(part)))
        except ET.ParseError:
            faults.append(f"{where}: not well-formed")
            return
    for root in roots:
        _strings("\n".join(t for t in root.element.itertext()), where, faults)
    names = [r.name for r in roots]
    if "Finvoice" in names:
        root = roots[names.index("Finvoice")]
        version = root.element.get("Version")
        counts[f"Finvoice {version}"] += 1
        counts["Finvoice in a transport frame (two roots or more)"] += "Envelope" in names
        counts["Finvoice in ISO-8859-15"] += b"ISO-8859-15" in data[:8000]
        counts["FinvoiceAttachments messages"] += "FinvoiceAttachments" in names
        kind, facts = _finvoice(root)
    elif names[0] in ("Invoice", "CreditNote"):
        counts["UBL 2.1"] += 1
        kind, facts = _ubl(roots[0])
    else:
        counts["CII D16B"] += 1
        kind, facts = _cii(roots[0])
    counts[kind] += 1
    counts["embedded attachments"] += facts["attachments"]
    for part in where.split("/")[1:2] if "/billing/" in where else where.split("/")[3:4]:
        counts[f"invoices {part}"] += 1
    _totals(facts, where, faults)


def _finvoice(root):
    code = root.text("InvoiceDetails/InvoiceTypeCode")
    d = root.all("InvoiceDetails")[0]
    return {"INV01": "invoices", "INV02": "credit notes", "INV08": "reminders"}[code], {
        "day": root.text("DeliveryDetails/DeliveryDate") or d.text("InvoiceDate"),
        "lines": [n.number("RowVatExcludedAmount") for n in root.all("InvoiceRow")],
        "charges": d.number("ChargesTotalVatExcludedAmount") or 0,
        "allowances": d.number("DiscountsTotalVatExcludedAmount") or 0,
        "net": d.number("InvoiceTotalVatExcludedAmount"),
        "vat": d.number("InvoiceTotalVatAmount"),
        "gross": d.number("InvoiceTotalVatIncludedAmount"),
        "payable": root.number("EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount"),
        "prepaid": (d.number("InvoicePaidAmount") or 0) if root.element.get("Version") == "3.0" else None,
        "taxes": [
            (n.number("VatBaseAmount"), n.number("VatRatePercent"), n.number("VatRateAmount"))
            for n in d.all("VatSpecificationDetails")
        ],
        "reference": root.text("EpiDetails/EpiPaymentInstructionDetails/EpiRemittanceInfoIdentifier"),
        "attachments": 0,
    }


def _ubl(root):
    credit = root.name == "CreditNote"
    m = root.all("LegalMonetaryTotal")[0]
    return "credit notes" if credit else "invoices", {
        "day": root.text("Delivery/ActualDeliveryDate").replace("-", ""),
        "lines": [n.number("LineExtensionAmount") for n in root.all("CreditNoteLine" if credit else "InvoiceLine")],
        "charges": m.number("ChargeTotalAmount") or 0,
        "allowances": m.number("AllowanceTotalAmount") or 0,
        "net": m.number("TaxExclusiveAmount"),
        "vat": root.number("TaxTotal/TaxAmount"),
        "gross": m.number("TaxInclusiveAmount"),
        "payable": m.number("PayableAmount"),
        "prepaid": m.number("PrepaidAmount") or 0,
        "taxes": [
            (n.number("TaxableAmount"), n.number("TaxCategory/Percent"), n.number("TaxAmount"))
            for n in root.all("TaxTotal/TaxSubtotal")
        ],
        "reference": root.text("PaymentMeans/PaymentID"),
        "attachments": len(root.all("AdditionalDocumentReference/Attachment/EmbeddedDocumentBinaryObject")),
    }


def _cii(root):
    t = root.all("SupplyChainTradeTransaction")[0]
    s = t.all("ApplicableHeaderTradeSettlement")[0]
    m = s.all("SpecifiedTradeSettlementHeaderMonetarySummation")[0]
    return "credit notes" if root.text("ExchangedDocument/TypeCode") == "381" else "invoices", {
        "day": t.text("ApplicableHeaderTradeDelivery/ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString"),
        "lines": [
            n.number("SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount")
            for n in t.all("IncludedSupplyChainTradeLineItem")
        ],
        "charges": m.number("ChargeTotalAmount") or 0,
        "allowances": m.number("AllowanceTotalAmount") or 0,
        "net": m.number("TaxBasisTotalAmount"),
        "vat": m.number("TaxTotalAmount"),
        "gross": m.number("GrandTotalAmount"),
        "payable": m.number("DuePayableAmount"),
        "prepaid": m.number("TotalPrepaidAmount") or 0,
        "taxes": [
            (n.number("BasisAmount"), n.number("RateApplicablePercent"), n.number("CalculatedAmount"))
            for n in s.all("ApplicableTradeTax")
        ],
        "reference": s.text("PaymentReference"),
        "attachments": len(t.all("ApplicableHeaderTradeAgreement/AdditionalReferencedDocument/AttachmentBinaryObject")),
    }


def _totals(f, where, faults):
    faults.unless(reference_ok(f["reference"]), where, "payment reference")
    faults.unless(sum(f["lines"]) + f["charges"] - f["allowances"] == f["net"], where, "sum of lines")
    faults.unless(sum(base for base, _, _ in f["taxes"]) == f["net"], where, "sum of tax bases")
    faults.unless(sum(tax for _, _, tax in f["taxes"]) == f["vat"], where, "sum of taxes")
    faults.unless(f["net"] + f["vat"] == f["gross"], where, "net and tax")
    if f["prepaid"] is not None:
        faults.unless(f["gross"] - f["prepaid"] == f["payable"], where, "amount to pay")
    for base, rate, tax in f["taxes"]:
        rate = rate or Decimal(0)
        faults.unless(cents(abs(base) * rate / 100) == abs(tax), where, "tax of a rate")
        faults.unless(rate == 0 or f"{rate.normalize():f}" in _rates(f["day"]), where, f"rate {rate} on {f['day']}")


# Usage logs.


def _logs(here, faults, counts):
    fields = {"ts": str, "event": str, "session": str, "cookie": str, "ip": str}
    for path in sorted((here / "logs").glob("*")):
        data = path.read_bytes()
        if path.suffix == ".gz":
            faults.unless(data[4:8] == bytes(4), path.name, "a time in the gzip header")
            data = gzip.decompress(data)
        counts["usage log files"] += 1
        for i, line in enumerate(data.removesuffix(b"\n").split(b"\n"), 1):
            try:
                event = json.loads(line.decode("utf-8", "replace"))
            except ValueError:
                counts["malformed log lines"] += 1
                continue
            if b"\xef\xbf\xbd" in line.decode("utf-8", "replace").encode():
                counts["log lines with bytes that are no UTF-8"] += 1
            counts["usage events"] += 1
            counts["usage events without a user"] += "user" not in event
            where = f"{path.name}:{i}"
            for name, kind in fields.items():
                faults.unless(name == "ip" or isinstance(event.get(name), kind), where, name)
            faults.unless(
                re.fullmatch(r"202[56]-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+0[23]:00)", event["ts"]), where, "ts"
            )
            address = event.get("ip", "2001:db8::")
            faults.unless(re.match(r"(192\.0\.2|198\.51\.100|203\.0\.113)\.|2001:db8:", address), where, "ip")


# Papers.


def _lines(path):
    return dict(line.split(": ", 1) for line in path.read_text(encoding="utf-8").splitlines())


def _paper(here, faults, counts):
    for path in sorted((here / "paper").rglob("*")):
        where = str(path.relative_to(here))
        if path.suffix in (".pdf", ".png"):
            counts["scans"] += 1
            faults.unless(path.with_suffix(".yaml").is_file(), where, "no description")
        elif path.suffix == ".yaml":
            told = _lines(path)
            owner = path.stem if path.parent.name == "searches" else path.parent.name
            faults.unless(told["about"] == owner, where, "another user")
            if "result" in told:
                counts["attestations"] += 1
                has_scans = any((here / "paper/files" / owner).glob("*.p??"))
                faults.unless((told["result"] == "found") == has_scans, where, "result")
            else:
                faults.unless(any(path.parent.glob(path.stem + ".p??")), where, "no scan")
