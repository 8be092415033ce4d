"""Invoices: what the organisation sent its customers, and what customers wrote and received in the service."""

from datetime import date, timedelta
from decimal import Decimal

from . import numbers
from . import world as w
from .attachments import pdf, png
from .documents import Document, Line, Party
from .finvoice import finvoice
from .numbers import Chance
from .cii import cii
from .ubl import ubl

# The organisation itself: a real company, so nothing but its name, business id and address is given.
ORGANISATION = Party(
    "Isolta Ab",
    "1854047-8",
    street="Kägeluddsvägen 1",
    postcode="02150",
    town="Esbo",
    iban=numbers.finnish_iban(18540478),
    bic="EXMPFIHH",
)

GOODS = [  # per language: code, name, description, unit, UN unit, price, kind of supply
    {
        "fi": "Konsultointi",
        "sv": "Konsultation",
        "en": "Consulting",
        "unit": ("h", "HUR"),
        "price": "92.00",
        "kind": "standard",
    },
    {
        "fi": "Asennustyö, sähkökeskus",
        "sv": "Installation, elcentral",
        "en": "Fitting, switchboard",
        "unit": ("h", "HUR"),
        "price": "58.50",
        "kind": "standard",
    },
    {
        "fi": "Kilometrikorvaus",
        "sv": "Kilometerersättning",
        "en": "Mileage",
        "unit": ("km", "KMT"),
        "price": "0.55",
        "kind": "standard",
    },
    {
        "fi": "Kahvitarjoilu & korvapuustit",
        "sv": "Kaffeservering & bullar",
        "en": "Coffee & cinnamon buns",
        "unit": ("hlö", "C62"),
        "price": "8.90",
        "kind": "food",
    },
    {
        "fi": 'Käsikirja "Näin laskutat"',
        "sv": 'Handbok "Så fakturerar du"',
        "en": "Handbook “How to Bill”",
        "unit": ("kpl", "C62"),
        "price": "24.90",
        "kind": "books",
    },
    {
        "fi": "Ammattilehti, vuosikerta",
        "sv": "Facktidning, årgång",
        "en": "Trade magazine, one year",
        "unit": ("vsk", "ANN"),
        "price": "118.00",
        "kind": "press",
    },
    {
        "fi": "Valokuvaus, puolipäivä",
        "sv": "Fotografering, halvdag",
        "en": "Photography, half a day",
        "unit": ("erä", "C62"),
        "price": "480.00",
        "kind": "standard",
    },
    {
        "fi": "Äänitysstudion vuokra",
        "sv": "Hyra av inspelningsstudio",
        "en": "Recording studio hire",
        "unit": ("pv", "DAY"),
        "price": "333.33",
        "kind": "standard",
    },
    {
        "fi": "Öljynvaihto <5 l> & suodatin",
        "sv": "Oljebyte <5 l> & filter",
        "en": "Oil change <5 l> & filter",
        "unit": ("kpl", "C62"),
        "price": "64.516",
        "kind": "standard",
    },
]
THERAPY = {
    "fi": "Fysioterapia 45 min",
    "sv": "Fysioterapi 45 min",
    "en": "Physiotherapy 45 min",
    "unit": ("krt", "C62"),
    "price": "61.00",
    "kind": "exempt",
}
BUILDING = {
    "fi": "Rakennusurakka, maksuerä",
    "sv": "Byggentreprenad, rat",
    "en": "Building work, instalment",
    "unit": ("erä", "C62"),
    "price": "4850.00",
    "kind": "reverse",
}
ABROAD = {
    "fi": "Käännöstyö",
    "sv": "Översättning",
    "en": "Translation",
    "unit": ("sana", "C62"),
    "price": "0.18",
    "kind": "intra",
}
TEXTS = {
    "fi": [
        "Kiitos tilauksestanne!",
        "Työ tehty sovitusti.\nPoikkeamat: ei.\nTakuu 12 kk.",
        "Yhteyshenkilö: vahtimestari, ovi C, soita ensin.",
        'Hinnat sis. "kesäalennuksen" 5 % – ei yhdistettävissä.',
        "Åke hoitaa avaimet; älä jätä postilaatikkoon.",
    ],
    "sv": [
        "Tack för beställningen!",
        "Arbetet utfört enligt överenskommelse.\nInga avvikelser.",
        "Nycklarna lämnas i kiosken på Påhittsvägen.",
        "Anmärkningar inom åtta dagar, tack.",
    ],
    "en": [
        "Thank you for your order!",
        "Work done as agreed.\nNo deviations.\nWarranty: 12 months.",
        "Please quote our reference – not the invoice number.",
    ],
}
SENSITIVE = [  # personal data in free text, as it comes: special categories, a child, a personal identity code
    "Hoidettava: Eemeli, 7 v., kaatunut pyörällä. Huoltaja maksaa.",
    "Kela-korvaus haettu, hetu {code}.",
    "Lähete: selkäleikkauksen jälkeinen kuntoutus, 5. kerta.",
]
OUTSIDERS = [
    ("Tukkuliike Mielikuva Oy", "fi"),
    ("Partihandeln Hitte Ab", "sv"),
    ("Kuvitteellinen Energia Oyj", "fi"),
    ("Konttoritarvike Tuuma Oy", "fi"),
    ("Påhittade Papper Ab", "sv"),
    ("Make-Believe Hosting Ltd Oy", "en"),
    ("Rakennusliike Haavekuva Oy", "fi"),
    ("Mallilan kaupunki", "fi"),
    ("Exempelby kommun", "sv"),
    ("Asunto Oy Satukuja 3", "fi"),
]
FOREIGN = [
    ("Exempelfabriken AB", "SE", "SE999999999901", "Hittepåvägen 4", "11122", "Stockholm"),
    ("Näidis OÜ", "EE", "EE999999990", "Väljamõeldud 7", "10111", "Tallinn"),
    ("Beispielhafte Straßenbau GmbH", "DE", "DE999999999", "Musterstraße 5", "10115", "Berlin"),
]


def _party(customer):
    u = customer.users[0]
    return Party(
        customer.name,
        customer.business_id,
        vat=customer.vat_id,
        street=customer.street,
        postcode=customer.postcode,
        town=customer.town,
        contact=u.name,
        phone=customer.phone,
        email=u.email,
        iban=customer.iban,
        bic=customer.bic,
        operator=customer.operator,
        customer_number=customer.number,
        language=customer.language,
    )


def _outsider(c):
    name, language = c.pick(OUTSIDERS)
    at = OUTSIDERS.index((name, language))
    business = next(b for b in (numbers.business_id(700000 + at * 31 + j) for j in range(9)) if b)
    person = f"{c.pick(w.GIVEN[language])} {c.pick(w.FAMILY[language])}"
    postcode, finnish, swedish = w.TOWNS[at]
    return Party(
        name,
        business,
        vat=numbers.vat_id(business),
        street=f"{w.STREETS[language][at % 5]} {at + 3}",
        postcode=postcode,
        town=swedish if language == "sv" else finnish,
        contact=person,
        phone=w.phone(7000 + at),
        email=f"laskut@{w.slug(name)}.example",
        iban=numbers.finnish_iban(70000000 + at),
        bic=w.BICS[at % 3],
        operator=w.OPERATORS[at % 3][0],
        language=language,
    )


def _consumer(c):
    language = c.pick(["fi", "fi", "sv", "en"])
    given, family = c.pick(w.GIVEN[language]), c.pick(w.FAMILY[language])
    code = None
    if c.one_in(3):
        code = numbers.personal_identity_code(date(1940, 1, 1) + timedelta(days=c.below(25000)), c.between(900, 999))
    postcode, finnish, swedish = c.pick(w.TOWNS)
    return Party(
        f"{given} {family}",
        None,
        identifier=code,
        street=f"{c.pick(w.STREETS[language])} {c.between(1, 99)} A {c.between(1, 40)}",
        postcode=postcode,
        town=swedish if language == "sv" else finnish,
        email=f"{w.slug(given)}.{w.slug(family)}@example.net",
        phone=w.phone(c.below(10000)),
        language=language,
    )


def _abroad(c):
    name, country, vat, street, postcode, town = c.pick(FOREIGN)
    return Party(
        name,
        None,
        vat=vat,
        street=street,
        postcode=postcode,
        town=town,
        country=country,
        email=f"invoice@{w.slug(name)}.example",
        language="en",
    )


def _lines(c, seller, day, kinds, count):
    lines = []
    for _ in range(count):
        good = kinds if isinstance(kinds, dict) else c.pick(GOODS)
        unit, un = good["unit"]
        quantity = {"KMT": Decimal(c.between(4, 380)), "HUR": Decimal(c.between(2, 60)) / 4}.get(
            un, Decimal(c.between(1, 12))
        )
        if good["kind"] == "intra":
            quantity = Decimal(c.between(300, 9000))
        lines.append(
            Line(
                good[seller.language],
                quantity,
                unit,
                un,
                Decimal(good["price"]),
                good["kind"],
                day,
                code=f"{c.pick('ABKT')}-{c.between(100, 999)}" if c.percent(70) else None,
                description=c.pick([None, None, "Ks. liite", "Sopimuksen mukaan, 1. erä"]),
                discount=Decimal(c.pick(["5", "10", "12.5"])) if c.one_in(6) else None,
            )
        )
    return lines


def _document(c, seller, buyer, number, day, kind="invoice", goods=None):
    delivered = day - timedelta(days=c.between(0, 9))
    lines = _lines(c, seller, delivered, goods, 1 if goods else c.weighted([(1, 3), (2, 4), (3, 3), (5, 2), (9, 1)]))
    doc = Document(kind, number, day, seller, buyer, lines)
    doc.delivered = delivered
    doc.due = day + timedelta(days=c.pick([7, 14, 14, 30]))
    doc.reference = numbers.finnish_reference(c.between(1000, 99999999))
    doc.rf = c.one_in(4)
    doc.order = f"PO-{day.year}-{c.between(1, 999):03d}" if c.one_in(3) else None
    doc.buyer_reference = c.pick([None, "KP 4410", "Projekti Länsiväylä", "Ref: O'B/7"])
    doc.notes = c.some(TEXTS[seller.language], c.below(3))
    if c.one_in(11):
        doc.paid = "PAID"
    elif c.one_in(11):
        doc.paid, doc.prepaid = "PARTLYPAID", numbers.money(doc.totals().gross / 2)
    return doc


def _quarter_end(day):
    """The last day of the quarter that begins in day's month."""
    month = day.month + 3
    return date(day.year + month // 13, month % 12 or 12, 1) - timedelta(days=1)


def _billing(files, plan):
    """Service fees: the organisation is the controller of these."""
    words = {
        "fi": (
            "Laskutuspalvelu, paketti {plan}",
            "Maksumuistutus laskusta {n}",
            "Hyvitys: laskutuspalvelu, yksi kuukausi",
            "Lasku on maksettavissa myös palvelussa.",
        ),
        "sv": (
            "Faktureringstjänst, paket {plan}",
            "Betalningspåminnelse för faktura {n}",
            "Gottgörelse: faktureringstjänst, en månad",
            "Fakturan kan betalas också i tjänsten.",
        ),
        "en": (
            "Invoicing service, plan {plan}",
            "Reminder of invoice {n}",
            "Credit: invoicing service, one month",
            "This invoice can also be paid in the service.",
        ),
    }
    for fee in plan:
        buyer = _party(fee.customer)
        fee_text, reminder_text, credit_text, note = words[fee.customer.language]
        if fee.kind == "fee":
            line = Line(
                fee_text.format(plan=fee.customer.plan),
                Decimal(3),
                "kk",
                "MON",
                fee.price,
                "standard",
                fee.day,
                code=f"PLAN-{fee.customer.plan.upper()}",
            )
        elif fee.kind == "reminder":
            line = Line(
                reminder_text.format(n=fee.original.number), Decimal(1), "kpl", "C62", fee.price, "outside", fee.day
            )
        else:
            line = Line(credit_text, Decimal(1), "kk", "MON", -fee.price, "standard", fee.day)
        doc = Document(
            {"fee": "invoice"}.get(fee.kind, fee.kind), str(fee.number), fee.day, ORGANISATION, buyer, [line]
        )
        doc.due, doc.reference, doc.notes = fee.due, fee.reference, [note] if fee.kind == "fee" else []
        if fee.kind == "fee":
            doc.period = (fee.day.replace(day=1), _quarter_end(fee.day))
        if fee.original:
            doc.original = (str(fee.original.number), fee.original.day)
        doc.sellers_buyer = str(fee.customer.number)
        files[f"invoices/billing/{fee.customer.number}/{fee.number}.xml"] = finvoice(doc, "3.0")


FORMATS = [("finvoice-3.0", 7), ("finvoice-2.01", 4), ("finvoice-1.3", 3), ("ubl", 6), ("cii", 3)]


class _Folder:
    """One folder of a customer's: files are numbered, so that no name says anything."""

    def __init__(self, files, number, direction):
        self.files, self.path, self.count = files, f"invoices/customers/{number}/{direction}", 0

    def put(self, data):
        self.count += 1
        self.files[f"{self.path}/{self.count:06d}.xml"] = data


def _day(c, fmt, customer):
    since = customer.registered.date()
    if fmt == "finvoice-1.3" and since < date(2012, 6, 1):
        return date(2012, 6, 1) + timedelta(days=c.below(560))
    if fmt == "finvoice-2.01" and since < date(2021, 1, 1):
        return date(2021, 1, 4) + timedelta(days=c.below(1300))
    first = max(since, date(2024, 3, 1))
    last = customer.closed.date() if customer.closed else w.TODAY - timedelta(days=60)  # room for reminders
    return first + timedelta(days=c.below(max(1, (last - first).days)))


def _dress(c, doc, fmt):
    """Charges, allowances, attachments and links, as far as the syntax can carry them."""
    if fmt == "ubl":
        if c.one_in(3):
            doc.attachments.append(
                c.pick(
                    [
                        ("timesheet.pdf", "application/pdf", pdf(f"Timesheet {doc.number}")),
                        ("kuva-1.png", "image/png", png(c)),
                    ]
                )
            )
        if c.one_in(5):
            doc.adjustments.append((True, "Toimituskulu", Decimal("12.00"), "standard"))
    elif fmt == "cii":
        if c.one_in(3):
            doc.attachments.append(("erittely.pdf", "application/pdf", pdf(f"Specification {doc.number}")))
        if c.one_in(4):
            doc.adjustments.append((False, "Vuosialennus", Decimal("1.50"), doc.lines[0].kind))
    else:
        if fmt == "finvoice-3.0" and c.one_in(6):
            doc.adjustments.append((True, "Pakkaus ja lähetys", Decimal("9.50"), "standard"))
        if c.one_in(3):
            doc.links.append(("PDF", "file://lasku.pdf"))


def _write(c, doc, fmt):
    """The document's bytes; how it is written differs as it does between senders."""
    if fmt == "ubl":
        return ubl(doc, c.pick(["plain", "plain", "prefixed", "one-line", "bom"]))
    if fmt == "cii":
        return cii(doc, c.pick(["plain", "plain", "prefixed"]))
    version = fmt.split("-")[1]
    return finvoice(
        doc,
        version,
        c.pick(
            {
                "1.3": ["latin", "latin soap", "latin padded", "latin padded soap crlf", "latin shuffled"],
                "2.01": ["", "latin", "latin padded", "soap", "latin soap crlf", "misspelt"],
                "3.0": ["", "", "", "latin", "soap", "unknown", "shuffled"],
            }[version]
        ),
    )


def _customer_folders(files, world):
    hard = [
        u + 19000
        for u in (
            w.MAIN,
            w.COMPANY_IS_PERSON,
            w.SHARED_COMPUTER[0],
            w.THREE_CONTACTS[0],
            w.CHANGED_NAME,
            w.CLOSED,
            w.USER_AND_BUYER,
        )
    ]
    others = [
        n
        for n in sorted(world.customers)
        if n not in hard and world.customers[n].business_id and not world.customers[n].users[0].bare
    ]
    others = Chance("folders").some(others, 20)
    issued = {n: _Folder(files, n, "issued") for n in (*hard, *others)}
    received = {n: _Folder(files, n, "received") for n in (*hard, *others)}
    wanted = {
        w.MAIN + 19000: (24, 12),
        w.COMPANY_IS_PERSON + 19000: (8, 3),
        w.THREE_CONTACTS[0] + 19000: (16, 9),
        w.USER_AND_BUYER + 19000: (6, 3),
    }
    friend = _party(world.customers[w.USER_AND_BUYER + 19000])
    for number in (*hard, *sorted(others)):
        customer = world.customers[number]
        me = _party(customer)
        c = Chance(f"invoices/{number}")
        out, into = wanted.get(number, (c.between(4, 7), c.between(1, 3)))
        last = None
        for i in range(out):
            # The main customer's first invoices show every format once.
            fmt = c.weighted(FORMATS) if number != w.MAIN + 19000 or i >= len(FORMATS) else FORMATS[i][0]
            day = _day(c, fmt, customer)
            buyer = c.weighted([(_outsider(c), 5), (_consumer(c), 5), (_abroad(c), 1)])
            kind, goods = "invoice", None
            if buyer.country != "FI":
                goods, fmt = ABROAD, c.pick(["ubl", "cii", "finvoice-3.0"])
                day = max(day, date(2024, 3, 1), customer.registered.date())
            elif not buyer.business_id and c.one_in(3):
                goods = THERAPY
            elif buyer.business_id and c.one_in(7):
                goods = BUILDING
            if number in (w.MAIN + 19000, w.COMPANY_IS_PERSON + 19000) and i in (2, 6):
                buyer, goods = friend, None
            if last is not None and i % 6 in (3, 5) and i > 3:
                kind = "credit-note"
            elif last is not None and (i % 8 == 7 or i == 3 and number != w.MAIN + 19000):
                kind = "reminder"
            if kind == "invoice":
                doc = last = _document(c, me, buyer, f"{day.year}-{1000 + i}", day, goods=goods)
                if goods is THERAPY:
                    doc.notes.append(
                        c.pick(SENSITIVE).format(code=numbers.personal_identity_code(date(1988, 2, 29), 900 + i))
                    )
                _dress(c, doc, fmt)
                written = _write(c, doc, fmt)
            elif kind == "credit-note":
                day = last.day + timedelta(days=9)
                doc = _document(c, me, last.buyer, f"{day.year}-{1000 + i}", day, kind)
                doc.lines, doc.original, doc.paid, doc.prepaid = last.lines[:1], (last.number, last.day), None, None
                doc.delivered = last.delivered
                written = _write(c, doc, c.pick(["ubl", "cii", "finvoice-3.0", "finvoice-2.01"]) if i > 5 else "ubl")
            else:
                day = last.due + timedelta(days=12)
                doc = _document(c, me, last.buyer, f"{day.year}-{1000 + i}", day, kind)
                doc.lines = [
                    Line(
                        {
                            "fi": "Maksumuistutus, lasku ",
                            "sv": "Betalningspåminnelse, faktura ",
                            "en": "Reminder, invoice ",
                        }[me.language]
                        + last.number,
                        Decimal(1),
                        "kpl",
                        "C62",
                        Decimal("5.00"),
                        "outside",
                        doc.day,
                    )
                ]
                doc.delivered, doc.original, doc.paid, doc.prepaid = None, (last.number, last.day), None, None
                written = _write(c, doc, c.pick(["finvoice-3.0", "finvoice-2.01"]))
            issued[number].put(written)
            if doc.buyer is friend:  # what one wrote the other received, in the frame of the transport
                received[friend.customer_number].put(finvoice(doc, "3.0", "soap"))
        for _ in range(into):
            fmt = c.weighted(FORMATS)
            seller = (
                _outsider(c) if c.percent(70) else _party(world.customers[c.pick([n for n in hard if n != number])])
            )
            doc = _document(c, seller, me, str(c.between(10000, 99999999)), _day(c, fmt, customer))
            _dress(c, doc, fmt)
            received[number].put(_write(c, doc, fmt))
    # Attachments as Finvoice has them: a message of its own, after the invoice, in the same transmission.
    me = _party(world.customers[w.THREE_CONTACTS[0] + 19000])
    c = Chance("finvoice attachments")
    for i in range(2):
        doc = _document(c, me, _outsider(c), f"2026-20{i:02d}", date(2026, 9, 1 + i))
        doc.attachments = [
            ("städrapport.pdf", "application/pdf", pdf(f"Cleaning report {i + 1}")),
            ("kuva.png", "image/png", png(c)),
        ][: i + 1]
        issued[me.customer_number].put(finvoice(doc, "3.0", "soap attachments"))


def build(world, plan):
    files = {}
    _billing(files, plan)
    _customer_folders(files, world)
    return files
