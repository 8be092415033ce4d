"""The register of users as SQL text for SQLite."""

import base64
from datetime import date, datetime, timedelta

from . import numbers
from . import world as w
from .numbers import Chance, helsinki, moment, stamp

SCHEMA = """
CREATE TABLE customers (
  customer_number INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('company', 'sole-trader', 'private-person')),
  name TEXT NOT NULL,
  business_id TEXT, vat_id TEXT, ovt TEXT, e_invoice_operator TEXT,
  iban TEXT, bic TEXT,
  language TEXT NOT NULL,
  status TEXT NOT NULL,
  registered_at TEXT NOT NULL,
  closed_at TEXT
);
CREATE TABLE users (
  user_id INTEGER PRIMARY KEY,
  customer_number INTEGER NOT NULL REFERENCES customers,
  given_name TEXT NOT NULL, family_name TEXT NOT NULL, nickname TEXT,
  personal_identity_code TEXT,
  language TEXT NOT NULL,
  role TEXT NOT NULL,
  is_contact INTEGER NOT NULL,
  registered_by INTEGER REFERENCES users,
  registered_at TEXT NOT NULL,
  last_login_at TEXT,
  status TEXT NOT NULL,
  legacy_code TEXT          -- from the system before this one; nobody knows what it means
);
CREATE TABLE user_names_history (
  name_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users,
  given_name TEXT NOT NULL, family_name TEXT NOT NULL, valid_until TEXT NOT NULL, changed_by TEXT NOT NULL
);
CREATE TABLE user_emails (
  email_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users,
  address TEXT NOT NULL, is_primary INTEGER NOT NULL, verified_at TEXT
);
CREATE TABLE user_phones (
  phone_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users, number TEXT NOT NULL, kind TEXT NOT NULL
);
CREATE TABLE addresses (
  address_id INTEGER PRIMARY KEY, customer_number INTEGER NOT NULL REFERENCES customers,
  user_id INTEGER REFERENCES users,
  kind TEXT NOT NULL, street TEXT NOT NULL, postal_code TEXT NOT NULL, town TEXT NOT NULL, country TEXT NOT NULL
);
CREATE TABLE user_settings (
  setting_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users,
  name TEXT NOT NULL, value TEXT, changed_at TEXT NOT NULL
);
CREATE TABLE credentials (   -- what is in the column secret must never leave this database
  credential_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users,
  kind TEXT NOT NULL, secret TEXT NOT NULL, created_at TEXT NOT NULL, last_used_at TEXT, revoked_at TEXT
);
CREATE TABLE devices (
  device_id INTEGER PRIMARY KEY, cookie_id TEXT NOT NULL, user_id INTEGER NOT NULL REFERENCES users,
  description TEXT NOT NULL, consent TEXT NOT NULL, first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL
);
CREATE TABLE support_messages (
  message_id INTEGER PRIMARY KEY, thread TEXT NOT NULL, user_id INTEGER NOT NULL REFERENCES users,
  channel TEXT NOT NULL, author_class TEXT NOT NULL CHECK (author_class IN ('user', 'staff')),
  staff_name TEXT, subject TEXT NOT NULL, body TEXT NOT NULL, sent_at TEXT NOT NULL
);
CREATE TABLE internal_notes (
  note_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users,
  staff_name TEXT NOT NULL, body TEXT NOT NULL, written_at TEXT NOT NULL
);
CREATE TABLE calls (         -- started_at is local time in Helsinki, without offset
  call_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users,
  direction TEXT NOT NULL, number TEXT NOT NULL, staff_name TEXT NOT NULL,
  started_at TEXT NOT NULL, seconds INTEGER NOT NULL, summary TEXT
);
CREATE TABLE marketing_prohibitions (
  prohibition_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users,
  scope TEXT NOT NULL CHECK (scope IN ('direct-marketing', 'distance-selling', 'surveys')),
  channel TEXT NOT NULL, forbidden_at TEXT NOT NULL, withdrawn_at TEXT, recorded_by TEXT NOT NULL
);
CREATE TABLE access_log (
  access_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users,
  staff_id TEXT NOT NULL, staff_name TEXT NOT NULL, unit TEXT NOT NULL,
  operation TEXT NOT NULL, reason TEXT NOT NULL, looked_at TEXT NOT NULL
);
CREATE TABLE staff (
  staff_id TEXT PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, role TEXT NOT NULL,
  role_fi TEXT NOT NULL, role_sv TEXT NOT NULL
);
CREATE TABLE segments (
  segment_id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users,
  segment TEXT NOT NULL, churn_score TEXT NOT NULL, model TEXT NOT NULL, computed_at TEXT NOT NULL
);
CREATE TABLE subscriptions (
  subscription_id INTEGER PRIMARY KEY, customer_number INTEGER NOT NULL REFERENCES customers,
  plan TEXT NOT NULL, monthly_price TEXT NOT NULL, currency TEXT NOT NULL, started_on TEXT NOT NULL, ended_on TEXT
);
CREATE TABLE payments (      -- service fees that customers paid to the organisation
  payment_id INTEGER PRIMARY KEY, customer_number INTEGER NOT NULL REFERENCES customers,
  invoice_number TEXT NOT NULL, reference TEXT NOT NULL, amount TEXT NOT NULL, currency TEXT NOT NULL,
  paid_on TEXT NOT NULL, payer_iban TEXT, archive_id TEXT NOT NULL
);
CREATE TABLE clients (       -- a customer's own customers: the customer is their controller
  client_id INTEGER PRIMARY KEY, customer_number INTEGER NOT NULL REFERENCES customers,
  kind TEXT NOT NULL, name TEXT NOT NULL, business_id TEXT, contact_name TEXT, email TEXT, phone TEXT,
  street TEXT, postal_code TEXT, town TEXT, note TEXT
);
CREATE TABLE products (      -- what a customer sells; the customer is the controller
  product_id INTEGER PRIMARY KEY, customer_number INTEGER NOT NULL REFERENCES customers,
  code TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, unit_price TEXT NOT NULL, vat_rate TEXT NOT NULL
);
CREATE INDEX users_customer ON users (customer_number);
CREATE INDEX emails_address ON user_emails (address);
CREATE INDEX emails_user ON user_emails (user_id);
CREATE INDEX devices_cookie ON devices (cookie_id);
CREATE INDEX devices_user ON devices (user_id);
CREATE INDEX messages_user ON support_messages (user_id);
CREATE INDEX access_user ON access_log (user_id);
CREATE INDEX payments_customer ON payments (customer_number);
"""

ROLES = {  # in English, Finnish and Swedish
    "support": ("support agent", "asiakaspalvelija", "kundrådgivare"),
    "invoicing": ("invoicing clerk", "laskuttaja", "fakturerare"),
    "development": ("developer", "kehittäjä", "utvecklare"),
    "marketing": ("marketer", "markkinoija", "marknadsförare"),
    "privacy": ("privacy officer", "tietosuojavastaava", "dataskyddsansvarig"),
}
STAFF = [
    ("s-07", "Kerttu Asiakaspalvelija-Malli", "support"),
    ("s-12", "Sten Exempelström", "support"),
    ("s-19", "Maisa Testinen", "invoicing"),
    ("s-23", "Oiva Koekäyttäjä", "development"),
    ("s-31", "Gun-Britt Provberg", "marketing"),
    ("s-40", "Terho Tarkastaja", "privacy"),
]

TALK = {  # subject, what the user wrote, what was answered
    "fi": [
        (
            "Lasku ei lähde",
            'Hei!\n\nLasku ei lähde verkkolaskuna, ruudulla lukee vain "Virhe 502".\nKiireinen juttu.',
            "Hei, välittäjällä oli katkos. Yritättekö nyt uudelleen?\n\nYstävällisin terveisin",
        ),
        (
            "Arvonlisävero 25,5 %",
            "Miten vaihdan ALV-kannan 24 % → 25,5 % kaikille tuotteille kerralla?",
            'Tuoteluettelossa: valitse kaikki, sitten "Muuta verokantaa".',
        ),
        (
            "Viitenumero",
            "Asiakas väittää että viite on väärin. Onko se meidän vai heidän vika? :(",
            "Viite on oikein, tarkiste täsmää.",
        ),
        (
            "Salasana unohtui",
            "En pääse sisään. Puhelin hajosi ja kaksivaiheinen oli siinä.",
            "Poistimme kaksivaiheisen tunnistuksen todennettuamme teidät.",
        ),
        ("Kiitos 👍", "Kiitos nopeasta avusta! 🌷🌷", "Ilo oli meidän puolellamme."),
    ],
    "sv": [
        (
            "Fakturan fastnar",
            'Hej,\nfakturan står kvar som "skickas" sedan i går. Vad göra?',
            "Hej! Den gick i väg i natt, förmedlaren hade ett avbrott.",
        ),
        (
            "Byte av kontonummer",
            "Vi har bytt bank. Var ändrar jag kontonumret på fakturorna?",
            "Under Företag → Betalning. Gamla fakturor ändras inte.",
        ),
        ("Språk på påminnelser", "Kan påminnelser gå på finska till en del kunder?", "Ja: kundkortet, fältet Språk."),
        (
            "Räntan",
            "Är dröjsmålsräntan 11,5 % rätt från årsskiftet?",
            "Ja, referensräntan plus sju procentenheter, uppåt till halv procent.",
        ),
    ],
    "en": [
        (
            "Can't add an attachment",
            'Hi, a 2 MB PDF is refused ("too large"). It\'s only 3 pages!',
            "Hello, Finvoice allows one megabyte in all. Try saving it smaller.",
        ),
        (
            "Peppol address",
            'What\'s our Peppol address? A buyer in Zürich asks — they need "0216:…".',
            "It is your OVT number with 0216 in front.",
        ),
        (
            "Credit note sign",
            "Should amounts on a credit note be negative or positive? It printed -1,240.00 €.",
            "Positive in UBL, negative in Finvoice; we convert.",
        ),
    ],
}
NOTES = [
    "Soitettava takaisin elokuussa.",
    "Asiallinen, maksaa aina ajallaan.",
    "Vill ha svar på svenska, inte finska.",
    "Epäilee että kilpailija näkee hinnat; selitetty käyttöoikeudet.",
    "Pyysi alennusta kahdesti. Ei myönnetty.",
    "Prefers e-mail to the phone; hard of hearing in the left ear.",
    "Tyytymätön verkkolaskujen viiveeseen — riski vaihtaa.",
]
REASONS = ["support ticket", "invoice correction", "error report", "payment inquiry", "data protection request"]
SETTINGS = [
    ("theme", ["light", "dark", "auto"]),
    ("invoice.language", ["fi", "sv", "en"]),
    ("list.rows", ["25", "50", "100"]),
    ("notify.paid", ["true", "false"]),
    ("notify.overdue", ["true", "false"]),
    ("start.page", ["/invoices", "/customers", "/reports"]),
    (
        "signature",
        ["Terv. 📎", "Mvh,\n--\nfaktureringen", "Kind regards", "=SUM(A1:A9)", "-- \n@laskutus", "+3 päivää"],
    ),
]


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''") + "'"


def _insert(table, columns, rows):
    """Multi-row inserts of at most 100 rows, one row to a line."""
    text = []
    for start in range(0, len(rows), 100):
        lines = ",\n".join("(" + ",".join(literal(v) for v in row) + ")" for row in rows[start : start + 100])
        text.append(f"INSERT INTO {table} ({', '.join(columns)}) VALUES\n{lines};\n")
    return "".join(text)


class _Rows:
    """Rows of each table, numbered in the order they are made."""

    def __init__(self):
        self.tables = {}

    def add(self, table, **values):
        columns, rows = self.tables.setdefault(table, (list(values), []))
        if list(values) != columns:
            raise ValueError(f"columns of {table}")
        rows.append(list(values.values()))

    def count(self, table):
        return len(self.tables[table][1]) if table in self.tables else 0


def _secret(c, kind):
    """Recognisable, so that a test can search for it: each has never-export in it, or its Base64 or Base32."""
    if kind == "password":
        return "$argon2id$v=19$m=65536,t=3,p=4$bmV2ZXItZXhwb3J0$" + base64.b64encode(
            c.token(24).encode()
        ).decode().rstrip("=")
    if kind == "totp":
        return "NZSXMZLSFVSXQ4DPOJ2A" + "".join(c.pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(12))
    return "key_never-export_" + c.token(20)


def build(world, plan):
    r = _Rows()
    for number in sorted(world.customers):
        k = world.customers[number]
        r.add(
            "customers",
            customer_number=k.number,
            kind=k.kind,
            name=k.name,
            business_id=k.business_id,
            vat_id=k.vat_id,
            ovt=k.ovt,
            e_invoice_operator=k.operator if k.business_id else None,
            iban=k.iban,
            bic=k.bic,
            language=k.language,
            status=k.status,
            registered_at=stamp(k.registered),
            closed_at=stamp(k.closed) if k.closed else None,
        )
    for user_id in sorted(world.users):
        _user(r, world.users[user_id])
    for number in sorted(world.customers):
        _customer(r, world.customers[number])
    for staff_id, name, unit in STAFF:
        role, role_fi, role_sv = ROLES[unit]
        r.add("staff", staff_id=staff_id, name=name, unit=unit, role=role, role_fi=role_fi, role_sv=role_sv)
    for fee in plan:
        if fee.kind == "fee" and fee.paid and fee.paid <= w.TODAY:
            _payment(r, fee)
    parts = [
        "-- Invented data. Made by samples/generate; do not edit.\nPRAGMA foreign_keys = ON;\nBEGIN;",
        SCHEMA,
        "COMMIT;\n",
    ]
    for table in (
        "customers",
        "users",
        "user_names_history",
        "user_emails",
        "user_phones",
        "addresses",
        "user_settings",
        "credentials",
        "devices",
        "support_messages",
        "internal_notes",
        "calls",
        "marketing_prohibitions",
        "access_log",
        "staff",
        "segments",
        "subscriptions",
        "payments",
        "clients",
        "products",
    ):
        parts.append(f"BEGIN;\n{_insert(table, *r.tables[table])}COMMIT;\n")
    return "".join(parts).encode("utf-8")


def _user(r, u):
    c = Chance(f"register/{u.id}")
    first = max(u.registered.date(), date(2023, 1, 1))
    last = u.customer.closed.date() if u.customer.closed else w.TODAY
    rich = u.id == w.MAIN
    last_login = None if u.bare else stamp(moment(c, max(first, last - timedelta(days=40)), last))
    r.add(
        "users",
        user_id=u.id,
        customer_number=u.customer.number,
        given_name=u.given,
        family_name=u.family,
        nickname=u.nickname,
        personal_identity_code=u.personal_identity_code,
        language=u.language,
        role=u.role,
        is_contact=int(u.contact),
        registered_by=u.registered_by,
        registered_at=stamp(u.registered),
        last_login_at=last_login,
        status=u.status,
        legacy_code=None if u.bare or c.one_in(3) and not rich else f"LC{c.below(10000):04d}/{c.pick('ÅÄÖABX')}",
    )
    if u.bare:
        return
    until = [x[2] for x in u.names_before]
    for given, family, valid_until in u.names_before:
        r.add(
            "user_names_history",
            name_id=r.count("user_names_history") + 1,
            user_id=u.id,
            given_name=given,
            family_name=family,
            valid_until=valid_until,
            changed_by="the user" if valid_until == max(until) else "support",
        )
    addresses = [u.email] + (
        [f"{w.slug(u.given)}.{u.id}@example.org"] if c.one_in(6) and u.email != w.SHARED_EMAIL else []
    )
    if rich:
        addresses = [u.email, "Aino.Laskut+arkisto@example.com"]
    for i, address in enumerate(addresses):
        verified = (
            None
            if i and c.one_in(3)
            else stamp(moment(c, u.registered.date(), u.registered.date() + timedelta(days=2)))
        )
        r.add(
            "user_emails",
            email_id=r.count("user_emails") + 1,
            user_id=u.id,
            address=address,
            is_primary=int(i == 0),
            verified_at=verified,
        )
    for i in range(2 if rich else c.between(0, 2)):
        r.add(
            "user_phones",
            phone_id=r.count("user_phones") + 1,
            user_id=u.id,
            number=w.phone(u.id * 13 + i),
            kind=("mobile", "work")[i],
        )
    for name, values in SETTINGS:
        if rich or c.percent(45):
            r.add(
                "user_settings",
                setting_id=r.count("user_settings") + 1,
                user_id=u.id,
                name=name,
                value=c.pick(values)
                if not rich or name != "signature"
                else 'Terveisin Aino 🦊\n--\n=1+1 on kaava, "tämä" ei',
                changed_at=stamp(moment(c, first, last)),
            )
    for kind, share in (("password", 100), ("totp", 35), ("api-key", 12)):
        if rich or c.percent(share):
            revoked = u.status == "closed" or kind == "api-key" and c.one_in(4)
            r.add(
                "credentials",
                credential_id=r.count("credentials") + 1,
                user_id=u.id,
                kind=kind,
                secret=_secret(c, kind),
                created_at=stamp(moment(c, first, min(last, first + timedelta(days=400)))),
                last_used_at=last_login if kind != "api-key" else None,
                revoked_at=stamp(u.customer.closed)
                if u.customer.closed
                else stamp(moment(c, date(2026, 9, 1), w.TODAY))
                if revoked
                else None,
            )
    for cookie in u.cookies:
        device = (
            "Tablet on the counter, Firefox"
            if cookie == w.SHARED_COOKIE
            else c.pick(["Windows, Edge", "macOS, Safari", "Android, Chrome", "iPhone, Safari", "Linux, Firefox"])
        )
        seen = moment(c, max(first, date(2025, 1, 1)) if last > date(2025, 1, 1) else first, last)
        r.add(
            "devices",
            device_id=r.count("devices") + 1,
            cookie_id=cookie,
            user_id=u.id,
            description=device,
            consent="browser-setting",
            first_seen_at=stamp(seen),
            last_seen_at=stamp(min(seen + timedelta(days=c.between(0, 90)), datetime(2026, 10, 31, 18))),
        )
    _talk(r, u, c, first, last, rich)
    for _ in range(3 if rich else c.below(2)):
        r.add(
            "internal_notes",
            note_id=r.count("internal_notes") + 1,
            user_id=u.id,
            staff_name=c.pick(STAFF[:3])[1],
            body=c.pick(NOTES),
            written_at=stamp(moment(c, first, last, office=True)),
        )
    for _ in range(4 if rich else 1 if c.one_in(4) else 0):
        local = helsinki(moment(c, first, last, office=True)).replace(tzinfo=None)
        r.add(
            "calls",
            call_id=r.count("calls") + 1,
            user_id=u.id,
            direction=c.pick(["in", "out"]),
            number=u.phone,
            staff_name=c.pick(STAFF[:2])[1],
            started_at=local.isoformat(),
            seconds=c.between(12, 3900),
            summary=c.pick(["Laskun oikaisu", "Kirjautuminen", "Fråga om påminnelser", None]),
        )
    if rich or c.percent(22):
        for scope in (
            ("direct-marketing", "distance-selling", "surveys")
            if rich
            else [c.pick(["direct-marketing", "distance-selling", "surveys"])]
        ):
            at = moment(c, first, last)
            withdrawn = (
                stamp(min(at + timedelta(days=c.between(20, 200)), datetime(2026, 10, 31, 12))) if c.one_in(5) else None
            )
            r.add(
                "marketing_prohibitions",
                prohibition_id=r.count("marketing_prohibitions") + 1,
                user_id=u.id,
                scope=scope,
                channel=c.pick(["email", "phone", "post", "sms"]),
                forbidden_at=stamp(at),
                withdrawn_at=withdrawn,
                recorded_by=c.pick(["the user", "the user", "support"]),
            )
    for _ in range(24 if rich else c.between(0, 9)):
        staff = c.pick(STAFF)
        r.add(
            "access_log",
            access_id=r.count("access_log") + 1,
            user_id=u.id,
            staff_id=staff[0],
            staff_name=staff[1],
            unit=staff[2],
            operation=c.weighted([("view", 8), ("search", 3), ("change", 1), ("export", 1)]),
            reason=c.pick(REASONS),
            looked_at=stamp(moment(c, first, last, office=True)),
        )
    for model in ("churn-2025.2", "churn-2026.1") if rich else ("churn-2026.1",):
        if rich or c.percent(80):
            score = c.below(10000)
            r.add(
                "segments",
                segment_id=r.count("segments") + 1,
                user_id=u.id,
                segment="at-risk" if score > 7000 else "loyal" if score < 2500 else "ordinary",
                churn_score=f"0.{score:04d}",
                model=model,
                computed_at=f"20{model[8:10]}-03-01T03:15:00.250Z",
            )


def _talk(r, u, c, first, last, rich):
    for i in range(9 if rich else c.weighted([(0, 3), (1, 4), (2, 2), (4, 1)])):
        subject, question, answer = c.pick(TALK[u.language])
        channel = c.pick(["email", "chat", "form"])
        thread = f"T{u.id}-{i + 1}"
        asked = moment(c, first, last)
        sender = c.pick(STAFF[:3])
        if rich and i == 0:
            # Pasted from a terminal: a bell and an escape, which XML 1.0 forbids, and letters that combine.
            question = (
                "Kopioin tämän ikkunasta:\n\x07\x1b[31mVIRHE\x1b[0m\trivi 7\r\n"
                + "la\u0308hetys epa\u0308onnistui \u202e?\u202c"
            )
        if rich and i == 1:
            question = (
                "@tuki, =HYPERLINK(\"https://example.com\") näkyi viennissä kaavana. Myös '-1' ja +358… muuttuivat."
            )
        r.add(
            "support_messages",
            message_id=r.count("support_messages") + 1,
            thread=thread,
            user_id=u.id,
            channel=channel,
            author_class="user",
            staff_name=None,
            subject=subject,
            body=question,
            sent_at=stamp(asked),
        )
        replied = asked + timedelta(seconds=c.between(300, 90000))
        r.add(
            "support_messages",
            message_id=r.count("support_messages") + 1,
            thread=thread,
            user_id=u.id,
            channel=channel,
            author_class="staff",
            staff_name=sender[1],
            subject="Re: " + subject,
            body=f"{answer}\n{sender[1]}",
            sent_at=stamp(replied),
        )


CLIENTS = [
    "Taloyhtiö Satupolku 5",
    "Bostads Ab Fantasi",
    "Kahvila Korvapuusti Oy",
    "Mallipoika Oy",
    "Exempelbolaget Ab",
    "Testikuntayhtymä",
    "Påhitts Café",
    "Lumpeen Päiväkoti ry",
]
PRODUCTS = [
    ("Konsultointi", "h", "92.00", "25.5"),
    ("Asennustyö", "h", "58.50", "25.5"),
    ("Matkakulut", "km", "0.55", "25.5"),
    ("Korvapuusti", "kpl", "3.20", "13.5"),
    ("Handbok", "st", "24.90", "13.5"),
    ("Valokuvaus, puolipäivä", "erä", "480.00", "25.5"),
    ("Hieronta 60 min (ALV 0 %, AVL 34 §)", "kerta", "55.00", "0"),
]


def _customer(r, k):
    if k.users[0].bare:
        return
    c = Chance(f"register/customer/{k.number}")
    r.add(
        "addresses",
        address_id=r.count("addresses") + 1,
        customer_number=k.number,
        user_id=None,
        kind="postal",
        street=k.street,
        postal_code=k.postcode,
        town=k.town,
        country="FI",
    )
    if k.users[0].id == w.MAIN or c.one_in(5):
        r.add(
            "addresses",
            address_id=r.count("addresses") + 1,
            customer_number=k.number,
            user_id=k.users[0].id,
            kind="home",
            street=f"{c.pick(w.STREETS[k.language])} {c.between(1, 80)} B {c.between(1, 40)}",
            postal_code=k.postcode,
            town=k.town,
            country="FI",
        )
    ended = k.closed.date().isoformat() if k.closed else None
    if k.number == w.MAIN + 19000:
        r.add(
            "subscriptions",
            subscription_id=r.count("subscriptions") + 1,
            customer_number=k.number,
            plan="start",
            monthly_price="9.90",
            currency="EUR",
            started_on=k.registered.date().isoformat(),
            ended_on="2021-12-31",
        )
    r.add(
        "subscriptions",
        subscription_id=r.count("subscriptions") + 1,
        customer_number=k.number,
        plan=k.plan,
        monthly_price=k.price,
        currency="EUR",
        started_on="2022-01-01" if k.number == w.MAIN + 19000 else k.registered.date().isoformat(),
        ended_on=ended,
    )
    rich = k.users[0].id in (w.MAIN, w.THREE_CONTACTS[0])
    for i in range(8 if rich else c.between(0, 3)):
        private = c.one_in(3)
        language = c.pick(["fi", "sv", "en"])
        person = f"{c.pick(w.GIVEN[language])} {c.pick(w.FAMILY[language])}"
        name = person if private else CLIENTS[(k.number + i) % len(CLIENTS)]
        business = (
            None
            if private
            else next(b for b in (numbers.business_id(400000 + (k.number + i) % 997 + 1000 * j) for j in range(4)) if b)
        )
        r.add(
            "clients",
            client_id=r.count("clients") + 1,
            customer_number=k.number,
            kind="private" if private else "company",
            name=name,
            business_id=business,
            contact_name=None if private else person,
            email=f"{w.slug(name)[:30]}@example.net",
            phone=w.phone(c.below(10000)),
            street=f"{c.pick(w.STREETS[language])} {c.between(1, 99)}",
            postal_code="00100",
            town="Helsinki",
            note=c.pick([None, None, "Laskut aina paperilla", "Allergisk mot pollen – boka inte i maj"]),
        )
    for i in range(6 if rich else c.between(0, 2)):
        name, unit, price, rate = PRODUCTS[(k.number + i) % len(PRODUCTS)]
        r.add(
            "products",
            product_id=r.count("products") + 1,
            customer_number=k.number,
            code=f"P-{i + 1:03d}",
            name=name,
            unit=unit,
            unit_price=price,
            vat_rate=rate,
        )


def _payment(r, fee):
    c = Chance(f"payment/{fee.number}")
    parts = (
        [fee.gross] if not c.one_in(12) else [numbers.money(fee.gross / 2), fee.gross - numbers.money(fee.gross / 2)]
    )
    for i, amount in enumerate(parts):
        r.add(
            "payments",
            payment_id=r.count("payments") + 1,
            customer_number=fee.customer.number,
            invoice_number=str(fee.number),
            reference=fee.reference,
            amount=str(amount),
            currency="EUR",
            paid_on=(fee.paid + timedelta(days=i)).isoformat(),
            payer_iban=fee.customer.iban,
            archive_id=f"{fee.paid:%Y%m%d}{c.hex(12).upper()}",
        )
