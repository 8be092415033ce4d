"""Makes the benchmarks' data from a seed: logs, tables, invoices, and the configuration that says where they are.

All of it is invented. The same seed gives the same bytes.
"""

import datetime
import pathlib
import random
import re
import sqlite3

SEED = 20180525
USER = 1042
CUSTOMER = 20011
FIRST_DAY = datetime.datetime(2023, 1, 1)

EVENTS = ("ui.click", "ui.input", "page.view", "activity.idle")
ELEMENTS = ("login.submit", "product.search", "row.delete", "invoice.send", "customer.new", "report.print")
PAGES = ("/payments", "/products", "/invoices", "/invoices/sent", "/customers", "/reports/vat")
METHODS = ("GET", "POST", "PUT", "DELETE")
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Example/1.0 Firefox/128.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Example/1.0 Firefox/128.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Example/1.0 Safari/605.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Example/1.0 Safari/604.1",
)
# Every eighth event has a search; some of them need an escape or more bytes than letters.
SEARCHES = ("lasku 2024", "Pöytä, mänty", 'kaapeli 3/4\\"', "åäö ÅÄÖ", "toimitus\\tHelsinki", "hinta < 100", "=SUM(A1)", "x")

# Configured field: path in an event.
FIELDS = {
    "occurred_at": "ts",
    "event": "event",
    "ui_element": "ui.element",
    "ui_page": "ui.page",
    "search_text": "query",
    "user_id": "user",
    "session_id": "session",
    "cookie_id": "cookie",
    "ip_address": "ip",
    "user_agent": "ua",
    "http_method": "http.method",
    "http_status": "http.status",
    "duration_ms": "duration_ms",
    "application_version": "app.version",
}
SHORT_FIELDS = {"occurred_at": "ts", "event": "event", "user_id": "user", "duration_ms": "ms"}


def write_in_pieces(path, lines):
    with open(path, "w", encoding="utf-8", newline="") as file:
        piece = []
        for line in lines:
            piece.append(line)
            if len(piece) == 4096:
                file.write("".join(piece))
                piece.clear()
        file.write("".join(piece))


def moments(count):
    """Ascending times within five years, with milliseconds."""
    step = 5 * 365 * 86400 * 1000 // max(count, 1)
    clock = ["%02d:%02d" % divmod(minute, 60) for minute in range(1440)]
    day = None
    for moment in range(0, step * count, step):
        minutes, milliseconds = divmod(moment, 60000)
        days, minute = divmod(minutes, 1440)
        if days != day:
            day = days
            date = (FIRST_DAY + datetime.timedelta(days=days)).strftime("%Y-%m-%dT")
        yield "%s%s:%06.3f+03:00" % (date, clock[minute], milliseconds / 1000)


def events(count):
    """Events of one user of about 390 bytes, no two alike."""
    draw = random.Random(SEED).getrandbits
    middles = []
    for index in range(8192):
        bits = draw(80)
        search = ',"query":"%s"' % SEARCHES[bits >> 3 & 7] if bits & 7 == 0 else ""
        middles.append(
            '","event":"%s","ui":{"element":"%s","page":"%s"}%s,"user":%d,"cookie":"ck_ac62037bde2c03e7",'
            '"session":"s-%012x","ip":"2001:db8:323::%x","ua":"%s","http":{"method":"%s","status":%d},'
            '"app":{"version":"3.%d.%d"},"duration_ms":'
            % (
                EVENTS[bits >> 6 & 3],
                ELEMENTS[(bits >> 8 & 255) % 6],
                PAGES[(bits >> 16 & 255) % 6],
                search,
                USER,
                bits >> 24 & 0xFFFF,
                bits >> 40 & 0xFFF,
                AGENTS[bits >> 52 & 3],
                METHODS[bits >> 54 & 3],
                (200, 200, 302, 404)[bits >> 56 & 3],
                bits >> 58 & 15,
                bits >> 62 & 15,
            )
        )
    for moment in moments(count):
        bits = draw(57)
        yield '{"ts":"%s%s%d,"trace":"%08x"}\n' % (moment, middles[bits & 8191], bits >> 13 & 0xFFF, bits >> 25)


def short_events(count, with_others=False):
    """Events of one user of about 90 bytes, so that ten million of them fit on a disk."""
    draw = random.Random(SEED).getrandbits
    ends = ["}\n"] * 32
    if with_others:
        ends = [',"zone":"z%d","retries":%d}\n' % (index & 7, index >> 3) for index in range(32)]
    for moment in moments(count):
        bits = draw(27)
        yield '{"ts":"%s","event":"%s","user":%d,"ms":%d%s' % (
            moment, EVENTS[bits & 3], USER, bits >> 2 & 0xFFFFF, ends[bits >> 22])


def tables(path, count, rows):
    """A database of some tables with rows of one user; each has two columns that no catalogue knows."""
    draw = random.Random(SEED).getrandbits
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    for table in range(count):
        connection.execute(
            "CREATE TABLE t%d (id INTEGER PRIMARY KEY, user_id INTEGER, name TEXT, value TEXT, changed_at TEXT,"
            " tab TEXT, position INTEGER)" % table
        )
        connection.executemany(
            "INSERT INTO t%d VALUES (?, ?, ?, ?, ?, ?, ?)" % table,
            (
                (
                    index + 1,
                    USER,
                    "setting.%d" % (index % 97),
                    "value %x of many" % draw(32),
                    "2024-%02d-%02dT%02d:15:00Z" % (index % 12 + 1, index % 28 + 1, index % 24),
                    "tab %d" % (index % 5),
                    index % 1000,
                )
                for index in range(rows)
            ),
        )
        connection.commit()
    connection.close()


WORDS = (
    "asiakas kysyi laskusta ja toimituksesta eilen iltapäivällä soitti uudelleen mutta ei jättänyt viestiä koska tilaus"
    " oli jo lähetetty varastolta kunden frågade om fakturan och betalningen som inte syns i tjänsten ännu vi svarade"
    " the customer asked about an invoice that was sent twice and got a credit note osoite muuttui yhteyshenkilö"
    " vaihtui käyttöliittymässä näkyi saldo korjattu versiossa 3.12 klo 14:05 hinta 129,90 e lasku 2024-1003 viite 12 34567"
).split()
HITS = (
    "pekka.esimerkki@example.org", "+358 40 000 1234", "FI21 1234 5600 0007 85", "131052-308T", "4111 1111 1111 1111",
    "Kerttu Palvelija",
)  # fmt: skip
NOTE_BYTES = 2000


def notes(path, count):
    """Notes of `NOTE_BYTES` on one user, as staff writes them: prose, numbers, two identifiers of others in each."""
    draw = random.Random(SEED).getrandbits
    prose = []
    for _ in range(512):
        prose.append(" ".join(WORDS[draw(16) % len(WORDS)] for _ in range(80)))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id INTEGER, body TEXT)")

    def bodies():
        for index in range(count):
            # A word such as "viite" before a number would make a reference of it: these stand apart.
            text = " ".join([
                prose[draw(9)], "; yhteys", HITS[index % len(HITS)], ";", prose[draw(9)], "; yhteys",
                HITS[(index + 1) % len(HITS)], ";", prose[draw(9)], prose[draw(9)]])  # fmt: skip
            text = text.encode()[:NOTE_BYTES].decode(errors="ignore")
            yield index + 1, USER, text + "." * (NOTE_BYTES - len(text.encode()))

    connection.executemany("INSERT INTO notes VALUES (?, ?, ?)", bodies())
    connection.commit()
    connection.close()


STAFF_NAMES = ["Kerttu Palvelija"] + [
    "%s %s" % (first, last) for first in ("Oiva", "Martta", "Veikko", "Helmi", "Taisto", "Lempi", "Urho", "Impi")
    for last in ("Huolehtija", "Muuntaja", "Kirjuri", "Tallentaja", "Välittäjä", "Neuvoja")]  # fmt: skip


def write_staff(folder):
    """A list of staff and a secret for role labels; the lines of the configuration that name them."""
    folder = pathlib.Path(folder)
    lines = ["name,role"] + ["%s,support agent" % name for name in STAFF_NAMES]
    (folder / "staff.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    secret = folder / "secret.key"
    secret.touch(0o600)
    secret.write_bytes(b"a secret of thirty-two bytes, or more")
    return "staff: { file: staff.csv }\nsecret_file: secret.key\n"


def notes_source(path):
    text = "  notes:\n    kind: sqlite\n    path: %s\n    role: controller\n    datasets:\n" % path
    text += DATASET % ("notes", "note", "communication")
    return text + (
        "        subject: user_id\n        query: SELECT id AS record_id, user_id AS subject, body FROM notes"
        " WHERE user_id IN (:user_id) ORDER BY id\n")


def invoices(folder, count, template):
    """Invoices like one of the samples, each with its own number."""
    text = pathlib.Path(template).read_bytes()
    number = re.search(rb"<InvoiceNumber>([^<]+)<", text).group(1)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    for index in range(count):
        (folder / ("%06d.xml" % index)).write_bytes(text.replace(number, b"7%05d" % index))


# Whose invoices are looked for in a pile; one in a thousand is to it, and as many only name it in a text.
PARTY = "9018052-5"
GOODS = ("Työtunti, asennus", "Matkakulut", "Kaapeli 3 x 1,5 mm²", "Ylläpito, kuukausi", "Käsikirja", "Pöytä, mänty")

FINVOICE = """<?xml version="1.0" encoding="%(encoding)s"?>
<Finvoice Version="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="Finvoice3.0.xsd">
	<MessageTransmissionDetails>
		<MessageSenderDetails>
			<FromIdentifier SchemeID="0037">003797001551</FromIdentifier>
			<FromIntermediator>NONEFIH1</FromIntermediator>
		</MessageSenderDetails>
		<MessageReceiverDetails>
			<ToIdentifier SchemeID="0037">003790034043</ToIdentifier>
			<ToIntermediator>NONEFIH1</ToIntermediator>
		</MessageReceiverDetails>
		<MessageDetails>
			<MessageIdentifier>%(number)s</MessageIdentifier>
			<MessageTimeStamp>%(date)sT08:30:00+02:00</MessageTimeStamp>
		</MessageDetails>
	</MessageTransmissionDetails>
	<SellerPartyDetails>
		<SellerPartyIdentifier>%(seller)s</SellerPartyIdentifier>
		<SellerOrganisationName>Esimerkki %(seller)s Oy</SellerOrganisationName>
		<SellerPostalAddressDetails>
			<SellerStreetName>Keksitty katu 8</SellerStreetName>
			<SellerTownName>Oulu</SellerTownName>
			<SellerPostCodeIdentifier>90100</SellerPostCodeIdentifier>
			<CountryCode>FI</CountryCode>
		</SellerPostalAddressDetails>
	</SellerPartyDetails>
	<SellerInformationDetails>
		<SellerAccountDetails>
			<SellerAccountID IdentificationSchemeName="IBAN">FI3699000700000054</SellerAccountID>
			<SellerBic IdentificationSchemeName="BIC">NONEFIH1</SellerBic>
		</SellerAccountDetails>
	</SellerInformationDetails>
	<BuyerPartyDetails>
		<BuyerPartyIdentifier>%(buyer)s</BuyerPartyIdentifier>
		<BuyerOrganisationName>Ostaja %(buyer)s &amp; pojat</BuyerOrganisationName>
		<BuyerPostalAddressDetails>
			<BuyerStreetName>Satukuja 46</BuyerStreetName>
			<BuyerTownName>Jyväskylä</BuyerTownName>
			<BuyerPostCodeIdentifier>40100</BuyerPostCodeIdentifier>
			<CountryCode>FI</CountryCode>
		</BuyerPostalAddressDetails>
	</BuyerPartyDetails>
	<InvoiceDetails>
		<InvoiceTypeCode>INV01</InvoiceTypeCode>
		<InvoiceTypeText>LASKU</InvoiceTypeText>
		<OriginCode>Original</OriginCode>
		<InvoiceNumber>%(number)s</InvoiceNumber>
		<InvoiceDate Format="CCYYMMDD">%(day)s</InvoiceDate>
		<InvoiceTotalVatExcludedAmount AmountCurrencyIdentifier="EUR">%(net)s</InvoiceTotalVatExcludedAmount>
		<InvoiceTotalVatAmount AmountCurrencyIdentifier="EUR">%(tax)s</InvoiceTotalVatAmount>
		<InvoiceTotalVatIncludedAmount AmountCurrencyIdentifier="EUR">%(gross)s</InvoiceTotalVatIncludedAmount>
		<InvoiceFreeText>%(text)s</InvoiceFreeText>
		<PaymentTermsDetails>
			<PaymentTermsFreeText>14 pv netto</PaymentTermsFreeText>
			<InvoiceDueDate Format="CCYYMMDD">%(day)s</InvoiceDueDate>
		</PaymentTermsDetails>
	</InvoiceDetails>
%(rows)s	<EpiDetails>
		<EpiIdentificationDetails>
			<EpiDate Format="CCYYMMDD">%(day)s</EpiDate>
			<EpiReference></EpiReference>
		</EpiIdentificationDetails>
		<EpiPartyDetails>
			<EpiBfiPartyDetails>
				<EpiBfiIdentifier IdentificationSchemeName="BIC">NONEFIH1</EpiBfiIdentifier>
			</EpiBfiPartyDetails>
			<EpiBeneficiaryPartyDetails>
				<EpiNameAddressDetails>Esimerkki %(seller)s Oy</EpiNameAddressDetails>
				<EpiAccountID IdentificationSchemeName="IBAN">FI3699000700000054</EpiAccountID>
			</EpiBeneficiaryPartyDetails>
		</EpiPartyDetails>
		<EpiPaymentInstructionDetails>
			<EpiRemittanceInfoIdentifier IdentificationSchemeName="SPY">%(number)s</EpiRemittanceInfoIdentifier>
			<EpiInstructedAmount AmountCurrencyIdentifier="EUR">%(gross)s</EpiInstructedAmount>
			<EpiCharge ChargeOption="SHA">SHA</EpiCharge>
			<EpiDateOptionDate Format="CCYYMMDD">%(day)s</EpiDateOptionDate>
		</EpiPaymentInstructionDetails>
	</EpiDetails>
</Finvoice>
"""
FINVOICE_ROW = """	<InvoiceRow>
		<ArticleIdentifier>%(code)s</ArticleIdentifier>
		<ArticleName>%(goods)s</ArticleName>
		<DeliveredQuantity QuantityUnitCode="kpl">%(quantity)s</DeliveredQuantity>
		<InvoicedQuantity QuantityUnitCode="kpl">%(quantity)s</InvoicedQuantity>
		<UnitPriceAmount AmountCurrencyIdentifier="EUR">%(price)s</UnitPriceAmount>
		<RowIdentifier>%(place)d</RowIdentifier>
		<RowVatRatePercent>25,5</RowVatRatePercent>
		<RowVatAmount AmountCurrencyIdentifier="EUR">%(tax)s</RowVatAmount>
		<RowVatExcludedAmount AmountCurrencyIdentifier="EUR">%(net)s</RowVatExcludedAmount>
		<RowAmount AmountCurrencyIdentifier="EUR">%(gross)s</RowAmount>
	</InvoiceRow>
"""
UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
  <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
  <cbc:ID>%(number)s</cbc:ID>
  <cbc:IssueDate>%(date)s</cbc:IssueDate>
  <cbc:DueDate>%(date)s</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:Note>%(text)s</cbc:Note>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
%(parties)s  <cac:PaymentMeans>
    <cbc:PaymentMeansCode name="SEPA credit transfer">58</cbc:PaymentMeansCode>
    <cbc:PaymentID>%(number)s</cbc:PaymentID>
    <cac:PayeeFinancialAccount>
      <cbc:ID>FI3699000700000054</cbc:ID>
    </cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="EUR">%(tax)s</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="EUR">%(net)s</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">%(tax)s</cbc:TaxAmount>
      <cac:TaxCategory>
        <cbc:ID>S</cbc:ID>
        <cbc:Percent>25.5</cbc:Percent>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">%(net)s</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">%(net)s</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">%(gross)s</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">%(gross)s</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
%(rows)s</Invoice>
"""
UBL_PARTY = """  <cac:Accounting%(role)sParty>
    <cac:Party>
      <cbc:EndpointID schemeID="0037">0037%(digits)s</cbc:EndpointID>
      <cac:PostalAddress>
        <cbc:StreetName>Keksitty katu 8</cbc:StreetName>
        <cbc:CityName>Jyväskylä</cbc:CityName>
        <cbc:PostalZone>40100</cbc:PostalZone>
        <cac:Country>
          <cbc:IdentificationCode>FI</cbc:IdentificationCode>
        </cac:Country>
      </cac:PostalAddress>
      <cac:PartyTaxScheme>
        <cbc:CompanyID>FI%(digits)s</cbc:CompanyID>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:PartyTaxScheme>
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>Yritys %(id)s &amp; pojat</cbc:RegistrationName>
        <cbc:CompanyID schemeID="0212">%(id)s</cbc:CompanyID>
      </cac:PartyLegalEntity>
    </cac:Party>
  </cac:Accounting%(role)sParty>
"""
UBL_LINE = """  <cac:InvoiceLine>
    <cbc:ID>%(place)d</cbc:ID>
    <cbc:InvoicedQuantity unitCode="C62">%(quantity)s</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">%(net)s</cbc:LineExtensionAmount>
    <cac:Item>
      <cbc:Name>%(goods)s</cbc:Name>
      <cac:SellersItemIdentification>
        <cbc:ID>%(code)s</cbc:ID>
      </cac:SellersItemIdentification>
      <cac:ClassifiedTaxCategory>
        <cbc:ID>S</cbc:ID>
        <cbc:Percent>25.5</cbc:Percent>
        <cac:TaxScheme>
          <cbc:ID>VAT</cbc:ID>
        </cac:TaxScheme>
      </cac:ClassifiedTaxCategory>
    </cac:Item>
    <cac:Price>
      <cbc:PriceAmount currencyID="EUR">%(price)s</cbc:PriceAmount>
    </cac:Price>
  </cac:InvoiceLine>
"""


def party(rng):
    return "%07d-%d" % (9_100_000 + rng.randrange(5000), rng.randrange(10))


def invoice(rng, number, buyer, text):
    """One invoice of about 10 KB: Finvoice 3.0 (of three, one in ISO-8859-15) or UBL by turns."""
    is_finvoice = number % 2 == 0
    date = FIRST_DAY.date() + datetime.timedelta(days=rng.randrange(1000))
    sign = "," if is_finvoice else "."

    def money(cents):
        return "%d%s%02d" % (cents // 100, sign, cents % 100)

    rows, total = [], 0
    for place in range(1, rng.randint(8, 15) if is_finvoice else rng.randint(7, 12)):
        quantity, price = rng.randint(1, 99), rng.randint(100, 99999)
        net = quantity * price
        total += net
        values = {"place": place, "code": "T-%d" % rng.randrange(10_000), "goods": rng.choice(GOODS),
                  "quantity": quantity, "price": money(price), "net": money(net),
                  "tax": money(net * 255 // 1000), "gross": money(net * 1255 // 1000)}
        rows.append((FINVOICE_ROW if is_finvoice else UBL_LINE) % values)
    seller = party(rng)
    values = {"number": "7%06d" % number, "date": date, "day": date.strftime("%Y%m%d"), "seller": seller,
              "buyer": buyer, "text": text, "net": money(total), "tax": money(total * 255 // 1000),
              "gross": money(total * 1255 // 1000), "rows": "".join(rows), "encoding": "UTF-8"}
    if is_finvoice:
        if number % 6 == 0:
            values["encoding"] = "ISO-8859-15"
        return (FINVOICE % values).encode(values["encoding"])
    values["parties"] = "".join(
        UBL_PARTY % {"role": role, "id": id, "digits": id.replace("-", "")}
        for role, id in (("Supplier", seller), ("Customer", buyer)))
    return (UBL % values).encode()


def pile_of_invoices(folder, count):
    """Invoices of thousands of parties in one folder, whose names say nothing; returns how many are to PARTY."""
    rng = random.Random(SEED)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    hits = 0
    for number in range(count):
        buyer, text = party(rng), "Kiitos tilauksestanne."
        if number % 1000 == 501:
            buyer, hits = PARTY, hits + 1
        elif number % 1000 == 2:
            text = "Edellinen laskunne oli yritykselle %s." % PARTY
        (folder / ("invoice-%06d.xml" % number)).write_bytes(invoice(rng, number, buyer, text))
    return hits


HEAD = """portability: 1
controller:
  name: Benchmark Oy
  business_id: "1854047-8"
  address: Example Road 1, 00100 Helsinki, Finland
  country: FI
  email: privacy@benchmark.example
policy: { register: Users, name: Privacy policy, date: 2024-01-01, url: "https://benchmark.example/privacy" }
time_zone: Europe/Helsinki
authority:
  name: { fi: Tietosuojavaltuutetun toimisto, sv: Dataombudsmannens byrå, en: Office of the Data Protection Ombudsman }
  address: Lintulahdenkuja 4, 00530 Helsinki, Finland
  url: https://tietosuoja.fi
  email: tietosuoja@om.fi
  telephone: +358 29 566 6700
purposes:
  service:
    basis: 6(1)(b)
    text: { fi: Palvelu, sv: Tjänsten, en: The service }
recipients:
  - { name: Example Oy, country: FI, role: { fi: ylläpito, sv: drift, en: hosting } }
retention:
  contract: { fi: Sopimuksen ajan, sv: Under avtalet, en: As long as the contract lasts }
identifiers:
  user_id: { unique: true }
  customer_number: { unique: true }
sources:
"""

DATASET = """      - id: %s
        entity: %s
        category: %s
        origin: observed
        purposes: [service]
        retention: contract
"""


# The events have no key, or the trace is taken as their key.
WITHOUT_TRACE = "        exclude: [{ column: trace, ground: not-personal-data, note: number for the servers }]\n"
TRACE_IS_KEY = "        record_id: trace\n"


# Whom the events of a user concern, a day for each, and a rule for one class: what scope has to decide on.
DATED = """        date: occurred_at
        class:
          field: event
          values: { ui.click: own, ui.input: own, page.view: own, activity.idle: of-others }
"""
RULED = DATED + """        rules:
          - { field: ip_address, action: mask, ground: rights-of-others, class: of-others }
"""
# The first three of the five years' days are not asked for, so that dates are compared and records left out.
FIRST_WANTED = "2023-01-04"
PERIOD = "period: { from: %s, to: 2099-12-31 }\n" % FIRST_WANTED


def log_source(name, path, datasets):
    """datasets: (id, fields, names of the events or None, further lines such as WITHOUT_TRACE)."""
    text = "  %s:\n    kind: usage-log\n    path: %s\n    format: json-lines\n    role: controller\n" % (name, path)
    text += "    match: { user_id: user }\n    datasets:\n"
    for identifier, fields, kinds, lines in datasets:
        text += DATASET % (identifier, "usage_event", "usage")
        if kinds:
            text += "        where: { path: event, in: [%s] }\n" % ", ".join(kinds)
        text += "        fields:\n"
        for field, place in fields.items():
            text += "          %s: %s\n" % (field, place)
        text += lines
    return text


def table_source(path, count):
    text = "  tables:\n    kind: sqlite\n    path: %s\n    role: controller\n    datasets:\n" % path
    for table in range(count):
        text += DATASET % ("settings-%d" % table, "preference", "preference")
        text += (
            "        subject: user_id\n        query: SELECT id AS record_id, user_id AS subject, name, value, changed_at,"
            " tab, position FROM t%d WHERE user_id IN (:user_id) ORDER BY id\n" % table
        )
    return text


def invoice_source(name, folder):
    text = "  %s:\n    kind: invoices\n    role: controller\n    datasets:\n" % name
    text += DATASET % (name, "invoice", "invoicing")
    return text + "        path: %s/{customer_number}/*.xml\n        direction: received\n" % folder


def request(formats, right="access", more=""):
    return """id: BENCHMARK
right: %s
received: 2026-11-02T09:14:00+02:00
channel: email
language: en
identifiers: { user_id: %d, customer_number: %d }
identity_check: { method: session, level: high, at: 2026-11-02T10:02:00+02:00, by: benchmark }
formats: [%s]
%s""" % (right, USER, CUSTOMER, ", ".join(formats), more)


def write_configuration(folder, *sources, right="access", more="", head="", name="portability"):
    """head: lines before the sources; more: lines at the end of the request."""
    path = pathlib.Path(folder) / (name + ".yaml")
    path.write_text(HEAD.replace("sources:\n", head + "sources:\n") + "".join(sources), encoding="utf-8")
    request_path = pathlib.Path(folder) / (name + "-request.yaml")
    request_path.write_text(request(["json"], right, more), encoding="utf-8")
    return path, request_path
