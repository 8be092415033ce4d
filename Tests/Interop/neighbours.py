"""A register, logs and invoices in which one person's data lie all around another's.

A and B have the same name, share an e-mail address, a computer and invoices, and B's numbers begin with A's. What B's
records and A's records say of B is planted: `PLANTS` says of each value where it stands and what becomes of it when A
asks. All of it is invented.
"""

import base64
import dataclasses
import gzip
import json
import os
import sqlite3

import support

A_USER, A_CUSTOMER = "501", "7001"
B_USER, B_CUSTOMER = "5010", "70010"
COMPANY = "7002"
NAME = "Satu Kaksonen"
A_EMAIL, SHARED_EMAIL, COOKIE = "satu.yksi@example.fi", "kaksosten.koti@example.fi", "ck_shared_computer_01"
STAFF = {"S-1": ("Kerttu Palvelija", "support agent"), "S-2": ("Oiva Huolehtija", "support agent"),
         "S-3": ("Martta Muuntaja", "engineer")}  # fmt: skip


def identity_code(day, number, sign="-"):
    """A Finnish personal identity code with its check character; 900 and above are nobody's."""
    return "%s%s%03d%s" % (day, sign, number, "0123456789ABCDEFHJKLMNPRSTUVWXY"[int("%s%03d" % (day, number)) % 31])


def iban(digits):
    """A Finnish IBAN (ISO 13616) of fourteen digits."""
    return "FI%02d%s" % (98 - int(digits + "151800") % 97, digits)


def spaced(text):
    return " ".join(text[index : index + 4] for index in range(0, len(text), 4))


def card(digits):
    """A card number of fifteen digits and that of Luhn, in fours."""
    total = sum(sum(divmod(int(digit) * (2 - index % 2), 10)) for index, digit in enumerate(digits))
    return spaced(digits + str(-total % 10))


@dataclasses.dataclass(frozen=True)
class Plant:
    """A value of B's (or of staff), as it stands in the sources.

    `kept` says for each right how often it stays in every format of the payload, `documents` how many files show it.
    What is not named is nowhere: neither as it stands, nor in another spelling or encoding.
    """

    value: str
    where: str
    kept: dict = dataclasses.field(default_factory=dict)
    documents: dict = dataclasses.field(default_factory=dict)


ALL_OF_A = {"access": 1, "portability": 1, "switching": 1}
ACCOUNT = {"switching": 1}
WORKSPACE = {"switching": 1, "handover": 1}

PLANTS = {
    # What A wrote stays as it is, and is counted (WP242); but nobody's identity code stays for a person.
    "email in message": Plant("planted01@example.org", "message of A", ALL_OF_A),
    "telephone in message": Plant("+358 45 771 0102", "message of A", ALL_OF_A),
    "iban in message": Plant(spaced(iban("99990000000103")), "message of A, with spaces", ALL_OF_A),
    "card in message": Plant(card("492900000001040"), "message of A", ALL_OF_A),
    "code in message": Plant(identity_code("110381", 905), "message of A", ACCOUNT),
    "new code in message": Plant(identity_code("120304", 906, "B"), "message of A, sign of 2023", ACCOUNT),
    "loud email": Plant("PLANTED07@EXAMPLE.ORG", "message of A, upper case", ALL_OF_A),
    "email in subject": Plant("planted08@example.org", "subject line of A's message", ALL_OF_A),
    "accented email": Plant("plänted09@example.org", "message of A, with a letter beyond ASCII", ALL_OF_A),
    "free word": Plant("Hillasuonmutkassa10", "message of A about B", ALL_OF_A),
    "email in unmapped column": Plant("planted11@example.org", "column of A's message that no catalogue has", ALL_OF_A),
    # What others wrote about B is masked for a person.
    "email in reply": Plant("planted12@example.org", "message of staff to A"),
    "telephone in reply": Plant("045 771 0113", "message of staff to A, domestic spelling"),
    "email in call": Plant("planted14@example.org", "summary of A's call"),
    # A called from this number: whose telephone it is nobody knows.
    "calling number": Plant("+358 45 771 0115", "number of A's call", {"access": 1}),
    "email in note": Plant("planted16@example.org", "internal note on A"),
    "iban in note": Plant(iban("99990000000117").lower(), "internal note on A, lower case"),
    "code in note": Plant(identity_code("010190", 918), "internal note on A"),
    "email in consultation": Plant("planted19@example.org", "reason of a consultation of A's data"),
    # Payments.
    "payer's name": Plant("Sadun Sepitepaja 20", "payment from B to A, and its message", {"switching": 2}),
    "payer's iban": Plant(iban("99990000000121"), "payment from B to A", ACCOUNT),
    "email in payment": Plant("planted22@example.org", "message of a payment from B to A", ACCOUNT),
    "payee's name": Plant("Sadun Sijaislato 23", "payment from A to B", ACCOUNT),
    "payee's iban": Plant(iban("99990000000124"), "payment from A to B", ACCOUNT),
    # What A entered and controls stays (WP242).
    "entered payer": Plant("Sadun Syötekellari 25", "payment that A entered", ALL_OF_A),
    "entered iban": Plant(iban("99990000000126"), "payment that A entered", ALL_OF_A),
    # Usage.
    "searched email": Plant("planted27@example.org", "what A searched for", ACCOUNT),
    "escaped email": Plant("planted28@example.org", "A's event, with an escape of JSON", ACCOUNT),
    "email as key": Plant("planted67@example.org", "A's event, key of a JSON object", ACCOUNT),
    "email as path": Plant("planted68@example.org", "A's event, name of a member that nothing maps", ACCOUNT),
    "email in gz": Plant("planted29@example.org", "what A searched for, in a packed log", ACCOUNT),
    "B's search": Plant("Vaapukkasaaret30", "what B searched for on the shared computer"),
    "nobody's search": Plant("Juolukkaniemet31", "search on the shared computer, nobody signed in"),
    "B's session": Plant("s-planted-32", "B's events"),
    "B's packed search": Plant("Mesimarjaluodot33", "what B searched for, in a packed log"),
    # Invoices of the organisation.
    "email in fee": Plant("planted34@example.org", "free text of a fee"),
    "email in attachment": Plant("planted35@example.org", "text in an attachment of a fee, base64 in the XML"),
    "word in scan": Plant("Karpalokallio36", "attachment of a fee that nobody can look through"),
    "email in comment": Plant("planted37@example.org", "comment in the XML of a fee"),
    "email in page": Plant("planted61@example.org", "attachment of a fee: HTML with a character reference"),
    "email in letter": Plant("planted62@example.org", "attachment of a fee: a mail with a body in base64"),
    "email in list": Plant("planted63@example.org", "attachment of a fee: JSON with an escape"),
    "email in instruction": Plant("planted64@example.org", "processing instruction in the XML of a fee"),
    "email in attribute": Plant("planted65@example.org", "attribute in the XML of a fee that nothing maps"),
    "B in transmission": Plant("Sadun Samakuorma 66", "buyer of an invoice to B, in one file with one to A"),
    "agent's name": Plant("Sadun Satunnaisketo 38", "seller of an invoice that A got through the service"),
    "agent's iban": Plant(iban("99990000000139"), "seller's account"),
    "agent's street": Plant("Sijaistie 40", "seller's address"),
    "agent's code": Plant(identity_code("020291", 941), "seller's identification number"),
    "agent's email": Plant("planted42@example.org", "seller's contact"),
    "B's own fee": Plant("Sadun Ulkorinne 43", "buyer of B's own fees"),
    # What customers keep: A's own business, and B's.
    "client's name": Plant("Sadun Siviilikumpu 44", "client of A", WORKSPACE),
    "client's email": Plant("planted45@example.org", "client of A", WORKSPACE),
    "client's code": Plant(identity_code("030392", 946), "note on a client of A", WORKSPACE),
    "buyer's name": Plant("Sadun Ostokoivikko 47", "buyer of A's invoice", WORKSPACE, WORKSPACE),
    "buyer's email": Plant("planted48@example.org", "buyer of A's invoice", WORKSPACE, WORKSPACE),
    "seller's iban": Plant(iban("99990000000149"), "seller of an invoice that A received", WORKSPACE, WORKSPACE),
    "invoiced word": Plant("Riekonmarjanoro50", "row of an invoice that A received", WORKSPACE, WORKSPACE),
    "B's note on A": Plant("Katajanjuuripolku51", "what B notes down about A as a client"),
    "B's invoice": Plant("Sadun Kolmaslehto 52", "buyer of an invoice of B's to somebody else"),
    # B's own rows beside A's.
    "nickname": Plant("Satuseni53", "B's account"),
    "B's code": Plant(identity_code("040493", 954), "B's account"),
    "B's street": Plant("Kaksoisraitti 55", "B's address"),
    "B's email": Plant("planted56@example.org", "B's address"),
    "B's telephone": Plant("+358 45 771 0157", "B's number"),
    "B's message": Plant("Tyrnimatalikko58", "B's message"),
    "B's note": Plant("Pihlajanranta59", "internal note on B"),
    "secret": Plant("argon2-planted60", "hash of B's password"),
    # Staff: names stay in what A received, and are roles elsewhere.
    "staff in reply": Plant(STAFF["S-1"][0], "message of staff to A", {"access": 2}),
    "staff in note": Plant(STAFF["S-2"][0], "note on A, consultation of A's data"),
    "staff elsewhere": Plant(STAFF["S-3"][0], "note on B"),
}


def value(key):
    return PLANTS[key].value


def text(words):
    """`{key}` stands for a plant."""
    for key, plant in PLANTS.items():
        words = words.replace("{%s}" % key, plant.value)
    assert "{" not in words, words
    return words


# MARK: the register

TABLES = """
CREATE TABLE users (user_id TEXT PRIMARY KEY, customer_number TEXT, name TEXT, nickname TEXT, code TEXT, hash TEXT);
CREATE TABLE emails (email_id INTEGER PRIMARY KEY, user_id TEXT, address TEXT);
CREATE TABLE phones (phone_id INTEGER PRIMARY KEY, user_id TEXT, number TEXT);
CREATE TABLE addresses (address_id INTEGER PRIMARY KEY, user_id TEXT, street TEXT);
CREATE TABLE customers (customer_number TEXT PRIMARY KEY, kind TEXT, name TEXT, iban TEXT);
CREATE TABLE devices (device_id INTEGER PRIMARY KEY, user_id TEXT, cookie_id TEXT);
CREATE TABLE messages (message_id INTEGER PRIMARY KEY, user_id TEXT, author TEXT, staff_name TEXT, subject TEXT,
                       body TEXT, routing TEXT);
CREATE TABLE calls (call_id INTEGER PRIMARY KEY, user_id TEXT, staff_name TEXT, number TEXT, summary TEXT);
CREATE TABLE notes (note_id INTEGER PRIMARY KEY, user_id TEXT, staff_name TEXT, body TEXT);
CREATE TABLE looks (look_id INTEGER PRIMARY KEY, user_id TEXT, staff_id TEXT, staff_name TEXT, reason TEXT);
CREATE TABLE payments (payment_id INTEGER PRIMARY KEY, customer_number TEXT, direction TEXT, entered INTEGER,
                       payer TEXT, payer_iban TEXT, payee TEXT, payee_iban TEXT, message TEXT);
CREATE TABLE clients (client_id INTEGER PRIMARY KEY, customer_number TEXT, name TEXT, email TEXT, note TEXT);
CREATE TABLE staff (staff_id TEXT PRIMARY KEY, name TEXT, role TEXT);
"""

A_IBAN, COMPANY_IBAN = iban("99990000009901"), iban("99990000009902")

ROWS = {
    "users": [
        (A_USER, A_CUSTOMER, NAME, "Satu", identity_code("050585", 960), "argon2-of-a"),
        (B_USER, B_CUSTOMER, NAME, "{nickname}", "{B's code}", "{secret}"),
        ("77", COMPANY, "Yrjö Yhtiö", None, None, None),
    ],
    "emails": [
        (1, A_USER, A_EMAIL), (2, B_USER, "{B's email}"), (3, A_USER, SHARED_EMAIL), (4, B_USER, SHARED_EMAIL),
    ],
    "phones": [(1, B_USER, "{B's telephone}"), (2, A_USER, "+358 45 990 0001")],
    "addresses": [(1, B_USER, "{B's street}"), (2, A_USER, "Omatie 1")],
    "customers": [
        (A_CUSTOMER, "sole-trader", "Tmi %s" % NAME, A_IBAN), (B_CUSTOMER, "sole-trader", "Tmi %s" % NAME, None),
        (COMPANY, "company", "Yhtiö Oy", COMPANY_IBAN),
    ],
    "devices": [(1, B_USER, COOKIE), (2, A_USER, COOKIE)],
    "messages": [
        (1, B_USER, "user", None, "Moi", "{B's message} " + A_EMAIL, None),
        (2, A_USER, "user", None, "Asia: {email in subject}",
         "Kirjoitin (<{email in message}>), soitin {telephone in message}. Tili {iban in message}, kortti "
         "{card in message}; hetu {code in message} ja {new code in message}. Minun on " + A_EMAIL + ", yhteinen "
         + SHARED_EMAIL + ".", None),
        (3, A_USER, "user", None, None, NAME + " eli {loud email} asuu paikassa {free word}.",
         "cc={email in unmapped column}"),
        (4, B_USER, "staff", STAFF["S-3"][0], None, "{B's message}", None),
        (5, A_USER, "staff", STAFF["S-1"][0], "Vastaus",
         "Lähetin sen osoitteeseen {email in reply} ja soitin {telephone in reply}. " + STAFF["S-1"][0], None),
        (6, A_USER, "user", None, None, "Osoite on {accented email}", None),
    ],
    "calls": [
        (1, B_USER, STAFF["S-3"][0], "{B's telephone}", "{B's message}"),
        (2, A_USER, None, "{calling number}", "Pyysi kopion osoitteeseen {email in call}"),
    ],
    "notes": [
        (1, A_USER, STAFF["S-2"][0],
         "Sekoitettu kaimaan: {email in note}, {iban in note}, hetu {code in note}. " + STAFF["S-2"][0].upper()),
        (2, B_USER, STAFF["S-3"][0], "{B's note}"),
    ],
    "looks": [
        (1, B_USER, "S-3", STAFF["S-3"][0], "{B's note}"),
        (2, A_USER, "S-2", STAFF["S-2"][0], "Kaiman {email in consultation} pyynnöstä"),
    ],
    "payments": [
        (1, A_CUSTOMER, "received", 0, "{payer's name}", "{payer's iban}", None, None,
         "{payer's name} {email in payment}"),
        (2, B_CUSTOMER, "paid", 0, "{payer's name}", "{payer's iban}", "Tmi %s" % NAME, A_IBAN, "{B's message}"),
        (3, A_CUSTOMER, "paid", 0, None, A_IBAN, "{payee's name}", "{payee's iban}", None),
        (4, A_CUSTOMER, "received", 0, "Yhtiö Oy", COMPANY_IBAN, None, None, None),
        (5, A_CUSTOMER, "received", 1, "{entered payer}", "{entered iban}", None, None, None),
    ],
    "clients": [
        (1, A_CUSTOMER, "{client's name}", "{client's email}", "Hetu {client's code}"),
        (2, B_CUSTOMER, "Tmi %s" % NAME, A_EMAIL, "{B's note on A}"),
    ],
    "staff": [(id, name, role) for id, (name, role) in STAFF.items()],
}  # fmt: skip


def make_register(path):
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(TABLES)
    for table, rows in ROWS.items():
        for row in rows:
            row = [text(cell) if isinstance(cell, str) else cell for cell in row]
            database.execute("INSERT INTO %s VALUES (%s)" % (table, ",".join("?" * len(row))), row)
    database.close()


# MARK: logs

def make_logs(folder):
    folder.mkdir()

    def line(second, user, query, session, **more):
        event = {"ts": "2025-03-01T10:00:%02d+02:00" % second, "event": "search", "cookie": COOKIE, "session": session}
        if user:
            event["user"] = int(user)
        event["query"] = text(query)
        return json.dumps({**event, **more}, ensure_ascii=False)

    # An escape of JSON hides the sign from whoever looks at the bytes only.
    escaped = line(3, A_USER, "lasku", "s-a-1", extra={"to": "AT"}).replace(
        '"AT"', '"%s"' % value("escaped email").replace("@", "\\u0040"))
    (folder / "a.jsonl").write_text("\n".join([
        line(1, A_USER, "maksoiko {searched email}", "s-a-1"), line(2, B_USER, "{B's search}", value("B's session")),
        escaped, line(4, None, "{nobody's search}", "s-x-1"), line(5, B_USER, "{B's search}", value("B's session")),
        line(6, A_USER, NAME, "s-a-1"), line(7, A_USER, "lasku", "s-a-1", extra={value("email as key"): 1}),
        line(8, A_USER, "lasku", "s-a-1", **{value("email as path"): 1}),
    ]) + "\n", encoding="utf-8")  # fmt: skip
    packed = [line(11, B_USER, "{B's packed search}", value("B's session")), line(12, A_USER, "{email in gz}", "s-a-2"),
              line(13, B_USER, "{B's packed search}", value("B's session"))]  # fmt: skip
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(("\n".join(packed) + "\n").encode()))


# MARK: invoices

def finvoice(number, seller, buyer, free_text="", row="Työ", comment="", seller_iban="", buyer_number=""):
    """A small Finvoice 3.0; parties are (name, identifier, street, e-mail)."""
    def party(role, name, identifier="", street="", email=""):
        tags = "<{r}PartyDetails>"
        if identifier:
            tags += "<{r}PartyIdentifier>%s</{r}PartyIdentifier>" % identifier
        tags += "<{r}OrganisationName>%s</{r}OrganisationName>" % name
        if street:
            tags += (
                "<{r}PostalAddressDetails><{r}StreetName>%s</{r}StreetName><{r}TownName>Esbo</{r}TownName>"
                "<{r}PostCodeIdentifier>02150</{r}PostCodeIdentifier></{r}PostalAddressDetails>" % street)
        tags += "</{r}PartyDetails>"
        if email:
            tags += (
                "<{r}CommunicationDetails><{r}EmailaddressIdentifier>%s</{r}EmailaddressIdentifier>"
                "</{r}CommunicationDetails>" % email)
        if role == "Seller" and seller_iban:
            tags += (
                '<SellerInformationDetails><SellerAccountDetails><SellerAccountID IdentificationSchemeName="IBAN">%s'
                '</SellerAccountID><SellerBic IdentificationSchemeName="BIC">EXMPFIHH</SellerBic>'
                "</SellerAccountDetails></SellerInformationDetails>" % seller_iban)
        return tags.replace("{r}", role)

    barcode = "4%s0000100000000000000000000%s250401" % (seller_iban[2:], number) if seller_iban else ""
    return text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<Finvoice Version="3.0">%s%s%s<InvoiceDetails>'
        "<InvoiceTypeCode>INV01</InvoiceTypeCode><InvoiceTypeText>LASKU</InvoiceTypeText>"
        "<OriginCode>Original</OriginCode><InvoiceNumber>%s</InvoiceNumber>"
        '<InvoiceDate Format="CCYYMMDD">20250301</InvoiceDate>%s'
        '<InvoiceTotalVatIncludedAmount AmountCurrencyIdentifier="EUR">10,00</InvoiceTotalVatIncludedAmount>%s'
        "</InvoiceDetails>%s<InvoiceRow><ArticleName>%s</ArticleName></InvoiceRow></Finvoice>\n"
        % ("<!-- %s -->" % comment if comment else "", party("Seller", *seller), party("Buyer", *buyer), number,
           "<SellersBuyerIdentifier>%s</SellersBuyerIdentifier>" % buyer_number if buyer_number else "",
           "<InvoiceFreeText>%s</InvoiceFreeText>" % free_text if free_text else "",
           "<VirtualBankBarcode>%s</VirtualBankBarcode>" % barcode if barcode else "", row))  # fmt: skip


def ubl(number, attachments):
    """A small UBL invoice of the organisation to A; attachments are (name, media type, bytes)."""
    tags = "".join(
        '<cac:AdditionalDocumentReference><cbc:ID>%d</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject '
        'mimeCode="%s" filename="%s">%s</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>'
        "</cac:AdditionalDocumentReference>" % (index, kind, name, base64.b64encode(data).decode())
        for index, (name, kind, data) in enumerate(attachments, 1))  # fmt: skip
    party = (
        "<cac:Accounting%sParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>%s</cbc:RegistrationName>"
        "</cac:PartyLegalEntity></cac:Party></cac:Accounting%sParty>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
        'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
        'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
        "<cbc:ID>%s</cbc:ID><cbc:IssueDate>2025-04-01</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
        "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>%s%s%s</Invoice>\n"
        % (number, tags, party % ("Supplier", "Palvelu Oy", "Supplier"),
           party % ("Customer", "Tmi %s" % NAME, "Customer")))  # fmt: skip


#: An attachment in which there is nothing of anybody else.
CLEAN = b"Tuntierittely: 4 h\n"


def make_invoices(folder):
    a, b, us = ("Tmi %s" % NAME, "", "Omatie 1", A_EMAIL), ("Tmi %s" % NAME,), ("Palvelu Oy", "1854047-8")
    hidden = text("Lähetetty: {email in attachment}\n").encode()
    files = {
        "fees/%s/1.xml" % A_CUSTOMER: finvoice("9001", us, a, "Kiitos!"),
        "fees/%s/2.xml" % A_CUSTOMER: finvoice("9002", us, a, "Kopio: {email in fee}"),
        "fees/%s/3.xml" % A_CUSTOMER: finvoice("9003", us, a, comment="{email in comment}"),
        "fees/%s/4.xml" % A_CUSTOMER: ubl("9004", [("lista.txt", "text/plain", hidden)]),
        "fees/%s/5.xml" % A_CUSTOMER: ubl("9005", [
            ("kuva.png", "image/png", b"\x89PNG\r\n\x1a\n\0" + value("word in scan").encode())]),
        "fees/%s/6.xml" % A_CUSTOMER: ubl("9006", [("tunnit.txt", "text/plain", CLEAN)]),
        "fees/%s/7.xml" % A_CUSTOMER: ubl("9007", [
            ("sivu.html", "text/html", b"<p>" + value("email in page").replace("@", "&#64;").encode() + b"</p>")]),
        "fees/%s/8.xml" % A_CUSTOMER: ubl("9008", [
            ("viesti.eml", "message/rfc822", b"Content-Transfer-Encoding: base64\r\n\r\n"
             + base64.b64encode(text("Hei, {email in letter}, nähdään!").encode()) + b"\r\n")]),
        "fees/%s/9.xml" % A_CUSTOMER: ubl("9009", [
            ("lista.json", "application/json",
             b'["%s"]' % value("email in list").replace("@", "\\u0040").encode())]),
        "fees/%s/10.xml" % A_CUSTOMER: finvoice("9010", us, a).replace(
            "<Finvoice ", "<?note %s?><Finvoice " % value("email in instruction")),
        "fees/%s/11.xml" % A_CUSTOMER: finvoice("9011", us, a).replace(
            "<InvoiceRow>", '<InvoiceRow hint="%s">' % value("email in attribute")),
        "shared/1.xml": finvoice("9012", us, a, buyer_number=A_CUSTOMER)
        + finvoice("9013", us, ("{B in transmission}",), buyer_number=B_CUSTOMER).split("?>", 1)[1],
        "fees/%s/1.xml" % B_CUSTOMER: finvoice("9101", us, ("{B's own fee}", "", "", "{B's email}")),
        "agents/1.xml": finvoice(
            "9201", ("{agent's name}", "{agent's code}", "{agent's street}", "{agent's email}"), a,
            "Terveisin {agent's name}", seller_iban=value("agent's iban"), buyer_number=A_CUSTOMER),
        "agents/2.xml": finvoice("9202", us, b, "{B's own fee}", buyer_number=B_CUSTOMER),
        "customers/%s/issued/1.xml" % A_CUSTOMER: finvoice(
            "9301", a, ("{buyer's name}", "", "", "{buyer's email}"), seller_iban=A_IBAN),
        "customers/%s/received/1.xml" % A_CUSTOMER: finvoice(
            "9401", b, a, row="{invoiced word}", seller_iban=value("seller's iban")),
        "customers/%s/issued/1.xml" % B_CUSTOMER: finvoice(
            "9401", b, a, row="{invoiced word}", seller_iban=value("seller's iban")),
        "customers/%s/issued/2.xml" % B_CUSTOMER: finvoice("9402", b, ("{B's invoice}",)),
        "customers/%s/received/1.xml" % B_CUSTOMER: finvoice(
            "9301", a, ("{buyer's name}", "", "", "{buyer's email}"), seller_iban=A_IBAN),
    }
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data, encoding="utf-8")


# MARK: configuration

HEAD = """portability: 1
controller:
  name: Palvelu Oy
  business_id: "1854047-8"
  address: Katu 1, 02150 Esbo
  country: FI
  email: tieto@palvelu.example
policy: { register: Users, name: Privacy policy, date: 2025-01-01, url: "https://palvelu.example/privacy" }
time_zone: Europe/Helsinki
authority:
  country: FI
  name: { fi: Tietosuojavaltuutetun toimisto, sv: Dataombudsmannens byrå, en: Office of the Data Protection Ombudsman }
  address: Lintulahdenkuja 4, 00530 Helsinki, Finland
  url: https://tietosuoja.fi
purposes:
  service: { basis: 6(1)(b), iri: dpv:ServiceProvision, text: { fi: Palvelu, sv: Tjänsten, en: The service } }
  relations:
    basis: 6(1)(f)
    interest: { fi: Yhteydenpito, sv: Kontakt, en: Contact }
    text: { fi: Asiakassuhde, sv: Kundrelation, en: Customer relations }
retention:
  contract: { fi: Sopimuksen ajan, sv: Under avtalet, en: As long as the contract lasts }
  instructed: { instructed: true, text: { fi: Ohjeen mukaan, sv: Enligt anvisning, en: As instructed } }
user_classes:
  sole-trader: { party: true, label: { fi: Yrittäjä, sv: Företagare, en: Sole trader } }
  company: { party: false, label: { fi: Yritys, sv: Företag, en: Company } }
automated_decisions: { reviewed: 2025-06-01, none: true }
secret_file: secret.key
journal: journal.jsonl
identifiers:
  user_id: { unique: true }
  customer_number: { unique: true }
  email: { unique: false }
  cookie_id: { unique: false }
"""

FREE_TEXT = """free_text:
  access: mask
  portability: mask
  switching: keep
  handover: keep
"""

SOURCES = """sources:
  register:
    kind: sqlite
    path: register.sqlite
    role: controller
    identify:
      - SELECT user_id, customer_number FROM users WHERE user_id IN (:user_id)
      - SELECT user_id, customer_number FROM users WHERE customer_number IN (:customer_number)
      - SELECT user_id, address AS email FROM emails WHERE user_id IN (:user_id)
      - SELECT user_id, address AS email FROM emails WHERE address COLLATE NOCASE IN (:email)
      - SELECT user_id, cookie_id FROM devices WHERE user_id IN (:user_id)
      - SELECT user_id, cookie_id FROM devices WHERE cookie_id IN (:cookie_id)
    classify:
      - >
        SELECT c.kind AS class FROM users u JOIN customers c ON c.customer_number = u.customer_number
        WHERE u.user_id IN (:user_id)
    staff:
      - SELECT staff_id AS id, name, role FROM staff
    own:
      - SELECT name, code AS identity_code FROM users WHERE user_id IN (:user_id)
      - SELECT address AS email FROM emails WHERE user_id IN (:user_id)
      - SELECT number AS telephone FROM phones WHERE user_id IN (:user_id)
      - SELECT name, iban FROM customers WHERE customer_number IN (:customer_number)
    datasets:
      - { id: person, entity: person, category: registration, origin: { provided: subject }, purposes: [service],
          retention: contract, subject: user_id, exclude: [{ column: hash, ground: secret }],
          query: "SELECT user_id AS record_id, user_id AS subject, user_id, name AS full_name, nickname,
                  code AS personal_identity_code FROM users WHERE user_id IN (:user_id) ORDER BY user_id" }
      - { id: emails, entity: contact_point, category: registration, origin: { provided: subject },
          purposes: [service], retention: contract, subject: user_id,
          query: "SELECT email_id AS record_id, user_id AS subject, address AS email FROM emails
                  WHERE user_id IN (:user_id) ORDER BY email_id" }
      - { id: telephones, entity: contact_point, category: registration, origin: { provided: subject },
          purposes: [service], retention: contract, subject: user_id,
          query: "SELECT phone_id AS record_id, user_id AS subject, number AS telephone FROM phones
                  WHERE user_id IN (:user_id) ORDER BY phone_id" }
      - { id: addresses, entity: address, category: registration, origin: { provided: subject },
          purposes: [service], retention: contract, subject: user_id,
          query: "SELECT address_id AS record_id, user_id AS subject, street FROM addresses
                  WHERE user_id IN (:user_id) ORDER BY address_id" }
      - { id: devices, entity: device, category: device, origin: observed, purposes: [service], retention: contract,
          subject: user_id,
          query: "SELECT device_id AS record_id, user_id AS subject, cookie_id FROM devices
                  WHERE user_id IN (:user_id) ORDER BY device_id" }
      - { id: messages-from-user, entity: communication, category: communication, origin: { provided: subject },
          purposes: [service], retention: contract, subject: user_id,
          query: "SELECT message_id AS record_id, user_id AS subject, author AS author_class, subject AS subject_line,
                  body, routing FROM messages WHERE user_id IN (:user_id) AND author = 'user' ORDER BY message_id" }
      - { id: messages-from-staff, entity: communication, category: communication, origin: derived,
          purposes: [service], retention: contract, subject: user_id, staff_names: keep,
          rules: [{ field: staff_name, action: keep }],
          query: "SELECT message_id AS record_id, user_id AS subject, author AS author_class, staff_name,
                  subject AS subject_line, body FROM messages
                  WHERE user_id IN (:user_id) AND author = 'staff' ORDER BY message_id" }
      - { id: calls, entity: communication, category: communication, origin: observed, purposes: [relations],
          retention: contract, subject: user_id, staff_names: keep, rules: [{ field: staff_name, action: keep }],
          query: "SELECT call_id AS record_id, user_id AS subject, staff_name, number AS telephone, summary FROM calls
                  WHERE user_id IN (:user_id) ORDER BY call_id" }
      - { id: notes, entity: note, category: communication, origin: derived, purposes: [relations],
          retention: contract, subject: user_id, staff_names: label, rules: [{ field: staff_name, action: label }],
          query: "SELECT note_id AS record_id, user_id AS subject, staff_name, body FROM notes
                  WHERE user_id IN (:user_id) ORDER BY note_id" }
      - { id: consultations, entity: consultation, category: usage, origin: observed, purposes: [relations],
          retention: contract, subject: user_id, staff_names: label,
          withhold: [{ field: by_id, ground: staff-name }], rules: [{ field: by_name, action: label }],
          query: "SELECT look_id AS record_id, user_id AS subject, reason AS purpose, staff_id AS by_id,
                  staff_name AS by_name FROM looks WHERE user_id IN (:user_id) ORDER BY look_id" }
      - { id: payments, entity: payment, category: payment, origin: observed, purposes: [service],
          retention: contract, subject: customer_number,
          class: { field: direction, values: { paid: own, received: from-others } },
          rules: [{ field: payer_iban, action: keep, class: own },
                  { others: true, action: mask, ground: rights-of-others }],
          query: "SELECT payment_id AS record_id, customer_number AS subject, direction, payer AS payer_name,
                  payer_iban, payee AS payee_name, payee_iban, message FROM payments
                  WHERE customer_number IN (:customer_number) AND NOT entered ORDER BY payment_id" }
      - { id: payments-entered, entity: payment, category: payment, origin: { provided: subject },
          purposes: [service], retention: contract, subject: customer_number,
          query: "SELECT payment_id AS record_id, customer_number AS subject, direction, payer AS payer_name,
                  payer_iban, message FROM payments
                  WHERE customer_number IN (:customer_number) AND entered ORDER BY payment_id" }
  workspace:
    kind: sqlite
    path: register.sqlite
    role: processor
    tenant: customer_number
    datasets:
      - { id: clients, entity: customer, category: invoicing, origin: { provided: subject }, purposes: [service],
          retention: instructed, subject: customer_number,
          query: "SELECT client_id AS record_id, customer_number AS subject, customer_number AS tenant, name, email,
                  note FROM clients WHERE customer_number IN (:customer_number) ORDER BY client_id" }
  fees:
    kind: invoices
    role: controller
    datasets:
      - { id: service-fees, entity: invoice, category: invoicing, origin: derived, purposes: [service],
          retention: contract, path: "invoices/fees/{customer_number}/*.xml", direction: received,
          rules: [{ others: true, action: keep }], originals: true, attachments: true }
      - { id: agent-fees, entity: invoice, category: invoicing, origin: derived, purposes: [service],
          retention: contract, path: "invoices/agents/*.xml", direction: received,
          match: { customer_number: buyer.identifiers.value }, originals: true, attachments: true }
      - { id: shared-fees, entity: invoice, category: invoicing, origin: derived, purposes: [service],
          retention: contract, path: "invoices/shared/*.xml", direction: received,
          match: { customer_number: buyer.identifiers.value }, rules: [{ others: true, action: keep }],
          originals: true, attachments: true }
  customers:
    kind: invoices
    role: processor
    tenant: customer_number
    datasets:
      - { id: invoices-issued, entity: invoice, category: invoicing, origin: { provided: subject },
          purposes: [service], retention: instructed, path: "invoices/customers/{customer_number}/issued/*.xml",
          direction: issued, originals: true }
      - { id: invoices-received, entity: invoice, category: invoicing, origin: { provided: third-party },
          purposes: [service], retention: instructed, path: "invoices/customers/{customer_number}/received/*.xml",
          direction: received, originals: true }
  usage:
    kind: usage-log
    path: logs/*.jsonl*
    format: json-lines
    role: controller
    match: { user_id: user, cookie_id: cookie }
    datasets:
      - { id: usage-events, entity: usage_event, category: usage, origin: observed, purposes: [service],
          retention: contract,
          fields: { occurred_at: ts, event: event, search_text: query, user_id: user, session_id: session,
                    cookie_id: cookie, details: extra } }
"""


def make(free_text=FREE_TEXT, sources=SOURCES):
    """The whole of it in a new folder."""
    path = support.folder("neighbours")
    make_register(path / "register.sqlite")
    make_logs(path / "logs")
    make_invoices(path / "invoices")
    with open(os.open(path / "secret.key", os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(b"planted secret of the organisation, 32 bytes and more")
    (path / "portability.yaml").write_text(HEAD + free_text + sources, encoding="utf-8")
    return path


def request(folder, right, identifiers=None, more=""):
    """A request of A's, under a right."""
    account = right in ("switching", "handover")
    identifiers = identifiers or ("customer_number: %s" % A_CUSTOMER if account else "user_id: %s" % A_USER)
    path = folder / ("request-%s.yaml" % right)
    path.write_text(
        "id: R-1\nright: %s\nreceived: 2026-11-02T09:14:00+02:00\nchannel: email\nlanguage: en\n"
        "identifiers: { %s }\nidentity_check: { method: session, at: 2026-11-02T10:02:00+02:00, by: privacy-officer }\n"
        "formats: [json, jsonl, csv, xml]\n%s%s"
        % (right, identifiers, "instruction: I-1\n" if right == "handover" else "", more),
        encoding="utf-8")
    return path
