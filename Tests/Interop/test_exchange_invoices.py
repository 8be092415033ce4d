"""Invoices as UBL and Finvoice, judged by their schemas and the rules of EN 16931, and read by XPath of our own."""

import collections
import decimal
import functools
import json
import pathlib
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

import saxonche

import support

SCHEMATRON = "{http://purl.oclc.org/dsdl/schematron}"
XSL = "http://www.w3.org/1999/XSL/Transform"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"

#: The invoices that are turned into forms, by the folders they lie in: 11 of CEN and 10 of KoSIT in UBL, 2 and 10 in
#: CII, 4 in Finvoice.
SOURCES = sorted(
    path for folder in ("invoices/en16931", "invoices/xrechnung", "invoices/finvoice", "exchange")
    for path in (support.DATA / folder).glob("*.xml"))

#: The customer of the request, whose own invoices give way.
CUSTOMER = "20042"

#: Failed rules of files whose records lack what the rules ask for; each is noted as missing, under these terms.
LACKING = {
    "BR-23": "BT-130", "BR-CO-04": "BT-151", "BR-48": "BT-119",
    # Follow from the VAT category that a line does not have.
    "BR-S-01": "BT-151", "BR-S-08": "BT-151", "BR-S-10": "BT-151",
}

#: Rules that judge codes and VAT arithmetic of the record, which are written as they are.
RECORDS_OWN = {"BR-64", "BR-AE-05", "BR-AE-06"}


@functools.cache
def archive():
    """The samples' customer with every invoice of the test data, exported and converted."""
    samples = support.make_samples()
    target = samples / "invoices" / "billing" / CUSTOMER
    for folder in (target, samples / "invoices" / "customers" / CUSTOMER):
        for path in list(folder.rglob("*.*")):
            path.unlink()
    for number, path in enumerate(SOURCES):
        shutil.copyfile(path, target / ("%03d-%s" % (number, path.name)))
    whole = support.folder("exchange") / "whole.zip"
    support.export("access.yaml", whole, "--created", support.CREATED, samples_at=samples, formats="json")
    forms = support.folder("exchange") / "forms.zip"
    support.run("convert", whole, "--to", "ubl,finvoice", "--output", forms, check=support.EXIT_COMPLETE)
    return support.unzip(forms)


@functools.cache
def form(name):
    """Files and notes of a form."""
    manifest = json.loads((archive() / "manifest.json").read_text(encoding="utf-8"))
    entry = next(entry for entry in manifest["exchange"] if entry["form"] == name)
    return [archive() / file["path"] for file in entry["files"]], entry["notes"]


def xmllint(path, schema):
    result = subprocess.run(
        [support.tool("xmllint"), "--noout", "--nonet", "--schema", str(schema), str(path)],
        capture_output=True, text=True)
    return result.returncode, result.stderr


@functools.cache
def rules():
    """A stylesheet that tells the failed asserts of EN 16931, made of the rules as CEN publishes them.

    Schematron (ISO/IEC 19757-3, 6.5): in each pattern, the first rule whose context a node matches is the one that
    judges it.
    """
    schematron = ElementTree.parse(support.DATA / "exchange" / "EN16931-UBL-validation-preprocessed.sch").getroot()
    def escaped(text):
        return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    spaces = "".join(
        ' xmlns:%s="%s"' % (ns.get("prefix"), ns.get("uri")) for ns in schematron.iter(SCHEMATRON + "ns"))
    patterns = list(schematron.iter(SCHEMATRON + "pattern"))
    out = ['<xsl:stylesheet version="2.0" xmlns:xsl="%s"%s><xsl:template match="/"><failures>' % (XSL, spaces)]
    out += ['<xsl:apply-templates select="/*" mode="m%d"/>' % number for number in range(len(patterns))]
    out.append("</failures></xsl:template>")
    count = 0
    for number, pattern in enumerate(patterns):
        judged = pattern.findall(SCHEMATRON + "rule")
        deeper = '<xsl:apply-templates select="node()|@*" mode="m%d"/>' % number
        for place, rule in enumerate(judged):
            out.append('<xsl:template match="%s" mode="m%d" priority="%d">' % (
                escaped(rule.get("context")), number, len(judged) - place))
            for check in rule:
                assert check.tag == SCHEMATRON + "assert", check.tag
                count += 1
                out.append('<xsl:if test="not(%s)"><failed id="%s"/></xsl:if>' % (
                    escaped(check.get("test")), escaped(check.get("id"))))
            out.append(deeper + "</xsl:template>")
        out.append('<xsl:template match="text()|@*" mode="m%d" priority="0"/>' % number)
        out.append('<xsl:template match="*" mode="m%d" priority="0">%s</xsl:template>' % (number, deeper))
    out.append("</xsl:stylesheet>")
    assert count > 900, count
    processor = saxonche.PySaxonProcessor(license=False)
    return processor.new_xslt30_processor().compile_stylesheet(stylesheet_text="".join(out)), processor


def failed(path):
    return sorted(set(re.findall(r'<failed id="([^"]*)"', rules()[0].transform_to_string(source_file=str(path)))))


def schema(path):
    import peppol
    root = ElementTree.parse(path).getroot().tag.split("}")[1]
    return pathlib.Path(peppol.__file__).parent / "schema" / "maindoc" / ("UBL-%s-2.1.xsd" % root)


def number(text):
    return decimal.Decimal(text.replace(",", "."))


class Rules(unittest.TestCase):
    """The judge, before it judges."""

    def test_reference_invoices_pass(self):
        for path in (support.DATA / "exchange").glob("ubl-*.xml"):
            self.assertEqual(failed(path), [], path.name)

    def test_faults_are_found(self):
        path = support.DATA / "exchange" / "ubl-tc434-example3.xml"
        text = path.read_text(encoding="utf-8")
        broken = support.folder("broken") / "broken.xml"
        for pattern, rule in [
            (r"<cbc:IssueDate>[^<]*</cbc:IssueDate>", "BR-03"),
            (r"<cbc:DocumentCurrencyCode[^<]*</cbc:DocumentCurrencyCode>", "BR-05"),
            (r"<cbc:InvoiceTypeCode>[^<]*</cbc:InvoiceTypeCode>", "BR-04"),
        ]:
            changed = re.sub(pattern, "", text, count=1)
            self.assertNotEqual(changed, text)
            broken.write_text(changed, encoding="utf-8")
            self.assertIn(rule, failed(broken))


class UBL(unittest.TestCase):
    def test_every_invoice_has_a_file(self):
        files, notes = form("ubl")
        self.assertEqual(len(SOURCES), 37)
        self.assertEqual(len(files), len(SOURCES))
        self.assertEqual([note for note in notes if note["kind"] == "refused"], [])

    def test_schema(self):
        for path in form("ubl")[0]:
            status, errors = xmllint(path, schema(path))
            self.assertEqual(status, 0, errors[:500])

    def test_rules_of_en_16931(self):
        files, notes = form("ubl")
        missing = collections.defaultdict(set)
        for note in notes:
            if note["kind"] == "missing":
                missing[note["file"].split("/")[-1]].add(note["term"])
        clean = 0
        for path in files:
            fails = failed(path)
            clean += not fails
            for rule in fails:
                with self.subTest(file=path.name, rule=rule):
                    self.assertTrue(rule in RECORDS_OWN or LACKING.get(rule) in missing[path.name], missing[path.name])
        self.assertGreaterEqual(clean, len(files) - 3)

    def test_terms_are_those_of_the_sources(self):
        """BT-1, 2, 5, 27, 44, 112, 115 and the number of lines, by XPath over source and file."""
        def terms(root):
            def text(path):
                found = root.find(path)
                return found.text.strip() if found is not None and found.text else None
            lines = root.findall(CAC + "InvoiceLine") + root.findall(CAC + "CreditNoteLine")
            party = CAC + "Party/" + CAC + "PartyLegalEntity/" + CBC + "RegistrationName"
            total = CAC + "LegalMonetaryTotal/" + CBC
            return (
                text(CBC + "ID"), text(CBC + "IssueDate"), text(CBC + "DocumentCurrencyCode"),
                text(CAC + "AccountingSupplierParty/" + party), text(CAC + "AccountingCustomerParty/" + party),
                number(text(total + "TaxInclusiveAmount")), number(text(total + "PayableAmount")), len(lines))
        expected = [
            terms(ElementTree.parse(path).getroot()) for path in SOURCES if b"ubl:schema:xsd" in path.read_bytes()]
        self.assertEqual(len(expected), 21)
        found = collections.Counter(terms(ElementTree.parse(path).getroot()) for path in form("ubl")[0])
        for invoice in expected:
            self.assertGreater(found[invoice], 0, invoice)

    def test_lines_that_do_not_follow_are_noted(self):
        """BT-131 recomputed here, from the files."""
        notes = {
            note["file"].split("/")[-1]: int(re.search(r"of (\d+) line", note["message"])[1])
            for note in form("ubl")[1] if note["kind"] == "inconsistent" and note["term"] == "BT-131"}
        wrong = {}
        for path in form("ubl")[0]:
            root = ElementTree.parse(path).getroot()
            for line in root.findall(CAC + "InvoiceLine") + root.findall(CAC + "CreditNoteLine"):
                quantity = line.find(CBC + "InvoicedQuantity")
                quantity = quantity if quantity is not None else line.find(CBC + "CreditedQuantity")
                price = line.find(CAC + "Price/" + CBC + "PriceAmount")
                if quantity is None or price is None:
                    continue
                base = line.findtext(CAC + "Price/" + CBC + "BaseQuantity", "1")
                amount = number(quantity.text) * number(price.text) / number(base)
                for allowance in line.findall(CAC + "AllowanceCharge"):
                    sign = 1 if allowance.findtext(CBC + "ChargeIndicator") == "true" else -1
                    amount += sign * number(allowance.findtext(CBC + "Amount"))
                amount = amount.quantize(decimal.Decimal("0.01"), decimal.ROUND_HALF_UP)
                if amount != number(line.findtext(CBC + "LineExtensionAmount")):
                    wrong[path.name] = wrong.get(path.name, 0) + 1
        self.assertEqual(notes, wrong)
        self.assertGreater(len(wrong), 0)


class Finvoice(unittest.TestCase):
    def test_schema(self):
        files, notes = form("finvoice")
        refused = {note["record"] for note in notes if note["kind"] == "refused"}
        self.assertEqual(len(files) + len(refused), len(SOURCES))
        self.assertGreater(len(files), 10)
        for path in files:
            status, errors = xmllint(path, support.DATA / "exchange" / "Finvoice3.0.xsd")
            self.assertEqual(status, 0, errors[:500])

    def test_refusals_name_what_lacks(self):
        for note in form("finvoice")[1]:
            if note["kind"] == "refused":
                self.assertIn(note["term"], {"BT-9", "BT-84"})
                self.assertIsNone(note.get("file"))

    def test_terms_are_those_of_the_sources(self):
        """Number, date, payable amount, IBAN and number of rows, against the UBL that was made of the same records."""
        bills = {}
        for path in form("ubl")[0]:
            root = ElementTree.parse(path).getroot()
            lines = root.findall(CAC + "InvoiceLine") + root.findall(CAC + "CreditNoteLine")
            account = root.findtext(
                CAC + "PaymentMeans/" + CAC + "PayeeFinancialAccount/" + CBC + "ID")
            total = root.findtext(CAC + "LegalMonetaryTotal/" + CBC + "PayableAmount")
            bills.setdefault(root.findtext(CBC + "ID"), []).append(
                (root.findtext(CBC + "IssueDate").replace("-", ""), number(total), account, len(lines)))
        for path in form("finvoice")[0]:
            root = ElementTree.parse(path).getroot()
            details = root.find("InvoiceDetails")
            epi = root.find("EpiDetails")
            self.assertEqual(root.get("Version"), "3.0")
            invoice = (
                details.findtext("InvoiceDate"),
                number(epi.findtext("EpiPaymentInstructionDetails/EpiInstructedAmount")),
                epi.findtext("EpiPartyDetails/EpiBeneficiaryPartyDetails/EpiAccountID"), len(root.findall("InvoiceRow")))
            candidates = bills[details.findtext("InvoiceNumber")]
            self.assertTrue(
                any(invoice == bill or bill[2] is None and invoice[:2] + invoice[3:] == bill[:2] + bill[3:]
                    for bill in candidates), path.name)


if __name__ == "__main__":
    unittest.main()
