"""The invented customers and users, and which of them are hard cases."""

import unicodedata
from datetime import date, timedelta

from . import numbers
from .numbers import Chance

FIRST_USER, LAST_USER = 1001, 1220
TODAY = date(2026, 10, 31)

# Hard cases by name; the README of the samples tells what each is for.
MAIN = 1042
COMPANY_IS_PERSON = 1043
ONE_EMAIL = (1051, 1052)
SHARED_COMPUTER = (1061, 1062)
THREE_CONTACTS = (1071, 1072, 1073)
CHANGED_NAME = 1081
CLOSED = 1091
NOTHING = 1099
USER_AND_BUYER = 1110
PRIVATE_PERSONS = (1120, 1140, 1160)
SHARED_EMAIL = "virran.perhe@example.com"
SHARED_COOKIE = "ck_5ha2edc0ffee0001"

GIVEN = {
    "fi": (
        "Aino Eeva Helmi Ilona Jaana Kaisa Leena Marjatta Noora Pirkko Riikka Saara Tuulikki Venla Äiti-Maija "
        "Antti Eero Heikki Ilmari Jukka-Pekka Kalevi Lauri Mikko Olavi Pekka Risto Seppo Tapani Väinö Yrjö "
        "Päivi Sirpa Jääskö Hannele Oskari"
    ).split(),
    "sv": (
        "Anna Birgitta Cecilia Disa Ebba Frida Gunilla Hedvig Ingrid Åsa Johanna Linnéa Märta Saga Ulrika "
        "Axel Björn Carl-Gustaf Elis Filip Göran Henrik Isak Jörgen Karl-Åke Lars Mårten Oskar Rasmus Sixten "
        "Östen Ålander Desirée"
    ).split(),
    "en": (
        "Alice Bridget Chloë Dervla Esther Fiona Grace Hannah Imani Zoë Siobhán Priya Ngozi Łucja Žofia "
        "Adam Brendan Callum Dániel Ezekiel François Giovanni Hùng Ibrahim José Søren Renée Çağlar Mihály Jürgen"
    ).split(),
}
FAMILY = {
    "fi": (
        "Aaltola Hakkarala Ilvesmäki Jänönen Koivulehto Kärppäjärvi Lähteelä Metsäpelto Niittylahti Orasmaa "
        "Pöllölä Rämetsuo Sääskilahti Törmälehto Uusikorpi Vähätupa Yläjärvi Äyräväinen Hietaranta Kallioaho "
        "Suopursu Tähtikangas Kettukallio Mäntyharju Hyyppänen Kyyhkylä-Aho Raitala-Öhman"
    ).split(),
    "sv": (
        "Almgrensdal Björkholmen Dahlskog Ekenäsvik Forsgårdh Gråsten Hägglundavik Kvarnbäck Lönnåker Måsskär "
        "Nyängsby Rönnholm Sjöängen Törnroos Västanfjärd Åkerskog Ängskulla Österskär af-Sundgård "
        "Sandö-Lillkull von-Hertzskär"
    ).split(),
    "en": (
        "O'Brannigan Wójcikowski D’Arcangelo N'Dourane Fairweather-Quill Kowalczak Nguyễn-Hạnh Ødegårdsen Müllerhain "
        "Fernández-Ibáñez Dvořákovská Thistlewood Abernathyson Okonjoku Szabólcsi Ravikumaran MacAllanach"
    ).split(),
}
SAMI = [  # given, family, nickname
    ("Áile", "Njuorggán-Magga", None),
    ("Niillas", "Áilegasvárri", "Niilá"),
    ("Biret-Ánne", "Skáidečohkka", None),
    ("Ánte", "Čuđeguolbba", "Ánde 🦌"),
    ("Máret", "Ŋuorttaleai", None),
    ("Sárá", "Ŧeavžžavuopmi", "Sárážan"),
]
NICKNAMES = [
    "🦊 Kettu",
    "Pörrö🐝",
    "Mölli",
    "👩‍👧‍👦 Äiskä",
    "T-bone",
    "“Jassu”",
    "Nallé ❤️",
    "½-Pekka",
    "🇫🇮 Fiia",
    "Kalle?",
]

TRADES = [  # Finnish, Swedish, English trade; kind of supply
    ("Sähkö", "El", "Electric"),
    ("Kirjapaino", "Tryckeri", "Print Works"),
    ("Leipomo", "Bageri", "Bakery"),
    ("Rakennus", "Bygg", "Construction"),
    ("Hieronta", "Massage", "Physio"),
    ("Tilitoimisto", "Bokföring", "Accounting"),
    ("Kukkakauppa", "Blomsterhandel", "Florists"),
    ("Ohjelmistot", "Programvara", "Software"),
    ("Siivous", "Städservice", "Cleaning"),
    ("Kuljetus", "Transport", "Haulage"),
    ("Valokuvaus", "Foto", "Photography"),
    ("Puutarha", "Trädgård", "Gardens"),
    ("Käännös", "Översättning", "Translations"),
    ("Musiikki", "Musik", "Music"),
]
STREETS = {
    "fi": ["Keksikatu", "Mallitie", "Satupolku", "Esimerkinkuja", "Lumpeenlehdentie", "Ötökkäpolku", "Hattaratie"],
    "sv": ["Exempelgatan", "Påhittsvägen", "Sagostigen", "Fantasigränd", "Blåbärsbacken", "Åskmolnsvägen"],
    "en": ["Sample Street", "Placeholder Road", "Invention Lane", "Keksikatu", "Mallitie"],
}
TOWNS = [
    ("00100", "Helsinki", "Helsingfors"),
    ("02150", "Espoo", "Esbo"),
    ("20100", "Turku", "Åbo"),
    ("33100", "Tampere", "Tammerfors"),
    ("65100", "Vaasa", "Vasa"),
    ("90100", "Oulu", "Uleåborg"),
    ("10600", "Tammisaari", "Ekenäs"),
    ("22100", "Maarianhamina", "Mariehamn"),
    ("99870", "Inari", "Enare"),
    ("80100", "Joensuu", "Joensuu"),
    ("06100", "Porvoo", "Borgå"),
    ("53900", "Lappeenranta", "Villmanstrand"),
]
BICS = ["EXMPFIHH", "TSTBFIHH", "NONEFIH1"]
OPERATORS = [
    ("003799990001", "Esimerkkioperaattori"),
    ("003799990002", "Exempelförmedlaren"),
    ("EXMPFIHH", "Mallipankki"),
]
PLANS = [("start", "9.90"), ("basic", "19.90"), ("plus", "39.00"), ("pro", "74.50")]


def _genitive(family):
    """Finnish: Jänönen, Jänösen; Orasmaa, Orasmaan."""
    return family[:-3] + "sen" if family.endswith("nen") else family + "n"


def slug(text):
    """ASCII letters, digits and hyphens, for an invented mail address."""
    plain = unicodedata.normalize(
        "NFD",
        text.lower()
        .replace("ø", "o")
        .replace("ł", "l")
        .replace("đ", "d")
        .replace("ŋ", "n")
        .replace("ŧ", "t")
        .replace("ž", "z"),
    )
    kept = "".join(c if c.isascii() and c.isalnum() else "-" if c in " -" else "" for c in plain)
    return "-".join(part for part in kept.split("-") if part)


def phone(serial):
    """Numbers whose subscriber part begins with 000; no operator gives such."""
    return f"+358 {('40', '44', '45', '50')[serial % 4]} 000 {serial % 10000:04d}"


class Customer:
    """One customer of the service: a company, an association, a sole trader or a private person."""

    def __init__(self, number, kind, name, language, serial):
        self.number, self.kind, self.name, self.language = number, kind, name, language
        c = Chance(f"customer/{number}")
        self.business_id = (
            None
            if kind == "private-person"
            else next(b for b in (numbers.business_id(serial + 200000 * i) for i in range(4)) if b)
        )
        self.iban = numbers.finnish_iban(c.below(10**11))
        self.bic = c.pick(BICS)
        self.operator = c.pick(OPERATORS)[0]
        self.street = f"{c.pick(STREETS[language])} {c.between(1, 99)}"
        if c.one_in(3):
            self.street += f" {c.pick('ABCDE')} {c.between(1, 60)}"
        self.postcode, finnish, swedish = c.pick(TOWNS)
        self.town = swedish if language == "sv" else finnish
        self.registered = numbers.moment(c, date(2009, 3, 1), date(2025, 6, 30), office=True)
        self.status, self.closed = "active", None
        self.plan, self.price = c.pick(PLANS)
        self.phone = phone(number * 7)
        self.domain = f"{slug(name)[:40].strip('-')}.example"
        self.users = []

    @property
    def vat_id(self):
        return numbers.vat_id(self.business_id) if self.business_id else None

    @property
    def ovt(self):
        return numbers.ovt(self.business_id) if self.business_id else None


class User:
    """One user of the service: a natural person who acts for a customer."""

    def __init__(self, user_id, customer, given, family, language, role="user"):
        self.id, self.customer = user_id, customer
        self.given, self.family, self.language, self.role = given, family, language, role
        self.nickname, self.contact, self.registered_by = None, False, None
        self.status, self.bare = "active", False
        c = Chance(f"user/{user_id}")
        later = max(customer.registered.date(), date(2010, 1, 1))
        self.registered = (
            customer.registered if not customer.users else numbers.moment(c, later, date(2025, 9, 30), office=True)
        )
        self.personal_identity_code = None
        self.email = f"{slug(given)}.{slug(family)}@{customer.domain}"
        self.phone = phone(user_id * 13)
        self.cookies = [f"ck_{c.hex(16)}" for _ in range(c.between(1, 3))]
        self.names_before = []
        customer.users.append(self)

    @property
    def name(self):
        return f"{self.given} {self.family}"


class World:
    """Everything invented about customers and users, the same every time."""

    def __init__(self):
        self.customers, self.users = {}, {}
        self._serial, self._names = 0, set()
        for user_id in range(FIRST_USER, LAST_USER + 1):
            if user_id not in self.users:
                self._person(user_id)
        self._after()

    # Customers have the number of their first user: user 1042 is of customer 20042.
    def _customer(self, user_id, kind, name, language):
        self._serial += 37
        customer = Customer(user_id + 19000, kind, name, language, self._serial)
        if any(other.domain == customer.domain for other in self.customers.values()):
            customer.domain = f"{customer.number}.{customer.domain}"
        self.customers[customer.number] = customer
        self._names.add(name)
        return customer

    def _user(self, user_id, customer, given, family, language, role="user"):
        user = User(user_id, customer, given, family, language, role)
        if any(other.email == user.email for other in self.users.values()):
            user.email = f"{user_id}.{user.email}"
        self.users[user_id] = user
        return user

    def _company_name(self, c, language):
        while True:
            trade = c.pick(TRADES)
            if language == "sv":
                name = f"{c.pick(FAMILY['sv'])}s {trade[1]} {c.pick(['Ab', 'Ab', 'Kb', 'rf'])}"
            elif language == "en":
                name = f"{c.pick(FAMILY['en'])} {trade[2]} {c.pick(['Oy', 'Ltd Oy', 'Oy Ab'])}"
            else:
                name = (
                    f"{c.pick(['Pohjan', 'Kuusiston', 'Järvenrannan', 'Etelän', 'Salon', 'Hämeen', 'Ylä-Savon'])} "
                    f"{_genitive(c.pick(FAMILY['fi']))} {trade[0]} {c.pick(['Oy', 'Oy', 'Ky', 'Osk', 'ry'])}"
                )
            if name not in self._names:
                return name

    def _person(self, user_id):
        hard = {
            MAIN: self._main,
            COMPANY_IS_PERSON: self._company_is_person,
            ONE_EMAIL[0]: self._one_email,
            SHARED_COMPUTER[0]: self._shared_computer,
            THREE_CONTACTS[0]: self._three_contacts,
            CHANGED_NAME: self._changed_name,
            CLOSED: self._closed,
            NOTHING: self._nothing,
            USER_AND_BUYER: self._user_and_buyer,
        }
        if user_id in hard:
            hard[user_id]()
            return
        c = Chance(f"person/{user_id}")
        language = c.weighted([("fi", 60), ("sv", 24), ("en", 16)])
        if user_id % 36 == 5:
            given, family, nickname = SAMI[(user_id // 36) % len(SAMI)]
            language = "fi"
        else:
            given, family = (
                c.pick(GIVEN[language]),
                c.pick(FAMILY[language]).replace("af-", "af ").replace("von-", "von "),
            )
            nickname = c.pick(NICKNAMES) if c.one_in(9) else None
            if c.one_in(14):
                family = f"{family}-{c.pick(FAMILY['fi'])}"
        before = self.users.get(user_id - 1)
        joins = (
            before is not None
            and before.customer.kind == "company"
            and len(before.customer.users) < 5
            and before.id not in (*SHARED_COMPUTER, *THREE_CONTACTS, CHANGED_NAME, CLOSED, NOTHING)
            and c.percent(35)
        )
        joins = joins and user_id not in PRIVATE_PERSONS
        if user_id in PRIVATE_PERSONS:
            customer = self._customer(user_id, "private-person", f"{given} {family}", language)
        elif joins:
            customer = before.customer
        elif c.percent(35):
            customer = self._customer(user_id, "sole-trader", f"Tmi {given} {family}", language)
        else:
            customer = self._customer(user_id, "company", self._company_name(c, language), language)
        user = self._user(user_id, customer, given, family, language, "user" if joins else "owner")
        user.nickname = nickname
        user.contact = not joins
        if joins:
            user.role = c.pick(["user", "admin", "accountant", "read-only"])
            user.registered_by = customer.users[0].id
        if user_id in PRIVATE_PERSONS:
            born = date(1951, 1, 1) + timedelta(days=c.below(18000))
            user.personal_identity_code = numbers.personal_identity_code(born, 900 + user_id % 100)
        if user_id == 1131:  # the same letters, decomposed: a name must come back as it was written
            user.family = unicodedata.normalize("NFD", "Häyrinen-Åkerö")

    def _main(self):
        customer = self._customer(MAIN, "sole-trader", "Tmi Aino Mäkelä-Šuvalova", "fi")
        customer.plan, customer.price = "plus", "39.00"
        user = self._user(MAIN, customer, "Aino", "Mäkelä-Šuvalova", "fi", "owner")
        user.nickname, user.contact = "Ainsku 🦊", True
        customer.registered = user.registered = numbers.moment(
            Chance("main"), date(2019, 2, 1), date(2019, 2, 28), True
        )

    def _company_is_person(self):
        customer = self._customer(COMPANY_IS_PERSON, "sole-trader", "Ari Puuhonen", "fi")
        self._user(COMPANY_IS_PERSON, customer, "Ari", "Puuhonen", "fi", "owner").contact = True

    def _one_email(self):
        for user_id, given in zip(ONE_EMAIL, ("Matti", "Liisa")):
            customer = self._customer(user_id, "sole-trader", f"Tmi {given} Virrankoski", "fi")
            user = self._user(user_id, customer, given, "Virrankoski", "fi", "owner")
            user.contact, user.email = True, SHARED_EMAIL

    def _shared_computer(self):
        customer = self._customer(SHARED_COMPUTER[0], "company", "Kukkatori Ruiskukka Oy", "fi")
        for user_id, given, family in zip(SHARED_COMPUTER, ("Pirjo", "Åke"), ("Ruishalme", "Sjöängen")):
            user = self._user(user_id, customer, given, family, "fi" if given == "Pirjo" else "sv", "user")
            user.contact = given == "Pirjo"
            user.cookies = [SHARED_COOKIE, *user.cookies[:1]]

    def _three_contacts(self):
        customer = self._customer(THREE_CONTACTS[0], "company", "Skärgårdens Städ & Service Ab", "sv")
        customer.plan, customer.price = "pro", "74.50"
        people = (("Ulla-Britt", "Västanfjärd", "sv"), ("Onni", "Koivulehto", "fi"), ("Siobhán", "O'Brannigan", "en"))
        for user_id, (given, family, language) in zip(THREE_CONTACTS, people):
            user = self._user(user_id, customer, given, family, language, "admin")
            user.contact = True
            user.registered_by = None if user_id == THREE_CONTACTS[0] else THREE_CONTACTS[0]

    def _changed_name(self):
        customer = self._customer(CHANGED_NAME, "company", "Käännöstoimisto Sanaseppä Oy", "fi")
        customer.registered = numbers.moment(Chance("changed name"), date(2012, 5, 7), date(2012, 5, 11), True)
        user = self._user(CHANGED_NAME, customer, "Henna", "Lindqvist-Koivulehto", "fi", "owner")
        user.contact, user.email = True, f"henna.koivulehto@{customer.domain}"
        user.names_before = [("Henna", "Koivulehto", "2024-06-15"), ("Henna", "Jänönen", "2017-08-05")]

    def _closed(self):
        customer = self._customer(CLOSED, "company", "Lopettanut Leipomo Ky", "fi")
        customer.status = "closed"
        user = self._user(CLOSED, customer, "Väinö", "Hietaranta", "fi", "owner")
        user.contact, user.status = True, "closed"

    def _nothing(self):
        customer = self._customer(NOTHING, "company", "Tyhjä Pöytälaatikko Oy", "fi")
        self._user(NOTHING, customer, "Tyyne", "Uusikorpi", "fi", "user").bare = True

    def _user_and_buyer(self):
        customer = self._customer(USER_AND_BUYER, "sole-trader", "Fotograf Linnéa Söderskär", "sv")
        self._user(USER_AND_BUYER, customer, "Linnéa", "Söderskär", "sv", "owner").contact = True

    def _after(self):
        c = Chance("closing")
        for number in sorted(self.customers):
            customer = self.customers[number]
            hard = customer.users[0].id in (
                MAIN,
                COMPANY_IS_PERSON,
                *ONE_EMAIL,
                SHARED_COMPUTER[0],
                THREE_CONTACTS[0],
                CHANGED_NAME,
                NOTHING,
                USER_AND_BUYER,
            )
            if not hard and (customer.status == "closed" or c.percent(6)):
                customer.status = "closed"
                customer.closed = numbers.moment(c, date(2025, 7, 1), date(2026, 8, 31), office=True)
                for user in customer.users:
                    user.status = "closed"


# What the organisation itself billed its customers: the plan behind its invoices and payments.


class Fee:
    """One service fee: quarter, customer, amounts and how it went."""

    def __init__(self, number, customer, day, price, kind, original=None):
        self.number, self.customer, self.day, self.kind, self.original = number, customer, day, kind, original
        self.due = day + timedelta(days=14)
        self.price = numbers.money(price)
        self.net = numbers.money(self.price * 3) if kind == "fee" else self.price
        self.rate = numbers.vat_rate("standard" if kind in ("fee", "credit-note") else "outside", day)
        self.vat = numbers.money(self.net * self.rate / 100)
        self.gross = self.net + self.vat
        self.reference = numbers.finnish_reference(f"{customer.number}{number % 100000:05d}")
        self.paid = None


def fees(world):
    """All fees in order of date: quarterly invoices, a few credit notes and reminders."""
    plan, number = [], 500100
    quarters = [date(y, m, 3) for y in (2024, 2025, 2026) for m in (1, 4, 7, 10)]
    chosen = [n for n in sorted(world.customers) if n % 4 == 2 and n != NOTHING + 19000]
    chosen += [
        u + 19000
        for u in (
            COMPANY_IS_PERSON,
            *ONE_EMAIL,
            SHARED_COMPUTER[0],
            THREE_CONTACTS[0],
            CHANGED_NAME,
            CLOSED,
            USER_AND_BUYER,
        )
    ]
    c = Chance("fees")
    for day in quarters:
        for n in sorted(set(chosen)):
            customer = world.customers[n]
            if customer.registered.date() > day or (customer.closed and customer.closed.date() < day):
                continue
            if n != MAIN + 19000 and n != USER_AND_BUYER + 19000 and not c.percent(22):
                continue
            number += 1
            fee = Fee(number, customer, day, customer.price, "fee")
            plan.append(fee)
            late = n == MAIN + 19000 and day == date(2025, 7, 3) or c.percent(8)
            fee.paid = fee.due + timedelta(days=c.between(18, 30) if late else -c.between(0, 6))
            if late:
                number += 1
                reminder = Fee(number, customer, fee.due + timedelta(days=10), "5.00", "reminder", fee)
                plan.append(reminder)
                reminder.paid = fee.paid
            if n == MAIN + 19000 and day == date(2026, 1, 3) or c.percent(6):
                number += 1
                credit = Fee(number, customer, day + timedelta(days=20), "-" + customer.price, "credit-note", fee)
                plan.append(credit)
                credit.paid = credit.day + timedelta(days=3)
    return plan
