"""The processor role: what customers keep in the service is each customer's own (GDPR Article 28).

A person is a client of two customers; each has written down other words about her. She is a user of the service too.
"""

import functools
import json
import re
import sqlite3
import stat
import unittest

import neighbours
import support

PERSON, PERSON_CUSTOMER, EMAIL = "900", "9000", "pilvi.paattila@example.fi"
#: Somebody whom only the customers know.
STRANGER = "ulla.ulkopuolinen@example.fi"
ONE, TWO = neighbours.A_CUSTOMER, neighbours.B_CUSTOMER

#: Words that stand in the data of one customer only.
OF_TENANT = {
    ONE: [b"Lakkasuonranta1", b"Pilvin-lempinimi-1", b"Laskurivi-Haltiala1", b"muu1@example.org", b"Liitteen-Metso1"],
    TWO: [b"Variksenmarja2", b"Pilvin-lempinimi-2", b"Laskurivi-Kuusela2", b"muu2@example.org", b"Liitteen-Teeri2"],
}
#: What tells a customer from others: name, number, address for notices.
TENANTS = {ONE: ["Yksityisen Yrtit Tmi", ONE, "yrtit@example.org"],
           TWO: ["Kakkosen Kukat Tmi", TWO, "kukat@example.org"]}  # fmt: skip

ROUTE = """    route:
      - >
        SELECT c.customer_number AS tenant, k.name, k.contact FROM clients c
        JOIN customers k ON k.customer_number = c.customer_number
        WHERE c.email COLLATE NOCASE IN (:email) ORDER BY c.customer_number
"""


def make(clients_query=None):
    """The neighbours' world with the person in it, and with what two customers keep on her."""
    sources = neighbours.SOURCES.replace("    tenant: customer_number\n", "    tenant: customer_number\n" + ROUTE, 1)
    if clients_query:
        found = re.search(r"SELECT client_id.*?ORDER BY client_id", sources, re.S).group()
        sources = sources.replace(found, clients_query)
    world = neighbours.make(sources=sources)
    database = sqlite3.connect(world / "register.sqlite", isolation_level=None)
    database.execute("ALTER TABLE customers ADD COLUMN contact TEXT")
    for tenant, (name, number, contact) in TENANTS.items():
        database.execute(
            "UPDATE customers SET name = ?, contact = ? WHERE customer_number = ?", (name, contact, number))
    database.execute(
        "INSERT INTO customers VALUES (?, 'sole-trader', 'Pilvi Päättilä', NULL, NULL)", (PERSON_CUSTOMER,))
    database.execute(
        "INSERT INTO users VALUES (?, ?, 'Pilvi Päättilä', NULL, NULL, NULL)", (PERSON, PERSON_CUSTOMER))
    database.execute("INSERT INTO emails VALUES (90, ?, ?)", (PERSON, EMAIL))
    for index, (tenant, words) in enumerate(OF_TENANT.items(), 1):
        words = [word.decode() for word in words]
        database.execute(
            "INSERT INTO clients VALUES (?, ?, ?, ?, ?)", (10 * index, tenant, words[1], EMAIL, words[0]))
        database.execute(
            "INSERT INTO clients VALUES (?, ?, 'Ulla', ?, ?)", (10 * index + 1, tenant, STRANGER, words[3]))
        folder = world / "invoices" / "customers" / tenant / "issued"
        (folder / "50.xml").write_text(
            neighbours.finvoice(
                "95%02d" % index, (TENANTS[tenant][0],), ("Pilvi Päättilä", "", "", EMAIL), row=words[2]),
            encoding="utf-8")
        (folder / "51.xml").write_text(
            neighbours.ubl("96%02d" % index, [("liite.txt", "text/plain", words[4].encode())]), encoding="utf-8")
    database.close()
    return world


@functools.cache
def world():
    return make()


def export(world, right, identifiers, *arguments, more="", check=None):
    """An export: the program's result, its output folder, and the unzipped archive if there is one."""
    request = neighbours.request(world, right, identifiers, more)
    output = support.folder("output")
    said = support.run(
        "export", "--config", world / "portability.yaml", "--request", request, "--output", output / "R-1.zip",
        "--created", support.CREATED, "--print", "full", *arguments, check=check)
    archive = output / "R-1.zip"
    return said, output, support.unzip(archive) if archive.exists() else None


def everything(path):
    return b"\n".join(file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file())


class Handover(unittest.TestCase):
    def test_a_handover_holds_what_the_one_customer_keeps_and_nothing_of_the_other(self):
        for tenant, other in ((ONE, TWO), (TWO, ONE)):
            with self.subTest(tenant):
                said, output, files = export(
                    world(), "handover", "customer_number: " + tenant, check=support.EXIT_COMPLETE)
                data = everything(files) + everything(output)
                for word in OF_TENANT[tenant]:
                    self.assertIn(word, data)
                for word in OF_TENANT[other]:
                    self.assertNotIn(word, data)
                for word in TENANTS[other]:
                    self.assertIsNone(re.search(rb"(?<![\w.])%s(?![\w.])" % re.escape(word.encode()), data), word)

    def test_a_handover_holds_nothing_of_the_controllers_own(self):
        _, _, files = export(world(), "handover", "customer_number: " + ONE, check=support.EXIT_COMPLETE)
        manifest = json.loads((files / "manifest.json").read_text(encoding="utf-8"))
        for dataset in manifest["datasets"]:
            if dataset["records"]["exported"]:
                self.assertEqual(dataset["role"], "processor", dataset["id"])
            elif dataset["role"] == "controller":
                self.assertEqual((dataset["status"], dataset["ground"]), ("withheld", "controller-role"))

    def test_a_record_of_another_customer_stops_everything(self):
        query = (
            "SELECT client_id AS record_id, '%s' AS subject, %s AS tenant, name, email, note FROM clients "
            "WHERE :customer_number IS NOT NULL ORDER BY client_id")
        for tenant in ("customer_number", "NULL", "''", "'70011'"):
            with self.subTest(tenant):
                said, output, _ = export(make(query % (ONE, tenant)), "handover", "customer_number: " + ONE)
                self.assertEqual(said.returncode, support.EXIT_FAILED)
                self.assertIn("a record of another tenant was delivered", said.stderr)
                self.assertEqual(list(output.iterdir()), [])
                for word in OF_TENANT[ONE] + OF_TENANT[TWO]:
                    self.assertNotIn(word.decode(), said.stdout + said.stderr)

    def test_a_handover_needs_an_instruction_and_goes_to_the_controller_only(self):
        request = neighbours.request(world(), "handover")
        text = request.read_text(encoding="utf-8")
        for change in (
            ("instruction: I-1\n", ""),
            ("instruction: I-1\n", "instruction: I-1\ndelivery: { to: subject, channel: email }\n"),
            ("instruction: I-1\n", "instruction: I-1\ndelivery: { to: service, channel: other, name: Muu Oy }\n"),
            ("instruction: I-1\n", "instruction: I-1\nrequester: { relation: attorney }\n"),
            ("instruction: I-1\n",
             "instruction: I-1\nrequester: { relation: attorney, evidence: { document: power-of-attorney } }\n"),
        ):  # fmt: skip
            with self.subTest(change[1]):
                request.write_text(text.replace(*change), encoding="utf-8")
                output = support.folder("output")
                said = support.run(
                    "export", "--config", world() / "portability.yaml", "--request", request, "--output",
                    output / "R-1.zip")
                self.assertEqual(said.returncode, support.EXIT_REFUSED, said.stderr)
                self.assertEqual(list(output.iterdir()), [])

    def test_a_clients_identifiers_lead_to_no_customers_data(self):
        """Who is a client of two customers gets what is hers as a user, whatever right she names: nothing of theirs."""
        for right in ("handover", "switching"):
            with self.subTest(right):
                said, output, files = export(world(), right, "user_id: " + PERSON)
                data = everything(output) + (everything(files) if files else b"") + (said.stdout + said.stderr).encode()
                for word in OF_TENANT[ONE] + OF_TENANT[TWO]:
                    self.assertNotIn(word, data)
                said, output, _ = export(world(), right, "email: " + STRANGER)
                self.assertEqual(said.returncode, support.EXIT_IDENTITY)
                self.assertEqual(list(output.iterdir()), [])


class ThePerson(unittest.TestCase):
    """What she gets says that the service may work for companies, and never for which."""

    def assert_names_nobody(self, data):
        for words in TENANTS.values():
            for word in words:
                found = re.search(rb"(?<![\w.])%s(?![\w.])" % re.escape(word.encode()), data)
                self.assertIsNone(found, word)
        for word in OF_TENANT[ONE] + OF_TENANT[TWO]:
            self.assertNotIn(word, data)

    def test_access_and_portability_hold_nothing_of_the_customers(self):
        for right in ("access", "portability"):
            with self.subTest(right):
                said, output, files = export(world(), right, "user_id: " + PERSON, check=support.EXIT_COMPLETE)
                self.assert_names_nobody(
                    everything(files) + everything(output) + (said.stdout + said.stderr).encode())
                manifest = json.loads((files / "manifest.json").read_text(encoding="utf-8"))
                for dataset in manifest["datasets"]:
                    if dataset["role"] == "processor":
                        self.assertEqual((dataset["status"], dataset["ground"]), ("withheld", "processor-role"))
                        self.assertEqual(dataset["records"]["extracted"], 0)

    def test_who_is_known_to_customers_only_is_told_that_we_hold_nothing_and_not_where_to_ask(self):
        said, output, files = export(
            world(), "access", "email: " + STRANGER, "--nothing-held", check=support.EXIT_COMPLETE)
        self.assert_names_nobody(everything(files) + everything(output) + (said.stdout + said.stderr).encode())
        manifest = json.loads((files / "manifest.json").read_text(encoding="utf-8"))
        self.assertEqual({held["source"] for held in manifest["nothing_held"]}, {"register", "fees", "usage"})
        receipt = output / "R-1.zip.receipt.json"
        letter = support.run(
            "letter", "nothing-held", "--config", world() / "portability.yaml", "--request",
            world() / "request-access.yaml", "--receipt", receipt, check=support.EXIT_COMPLETE)
        self.assert_names_nobody(letter.stdout.encode())

    def test_the_plan_names_the_customers_to_the_office_only_when_asked(self):
        for identifiers in ("user_id: " + PERSON, "email: " + STRANGER):
            with self.subTest(identifiers):
                request = neighbours.request(world(), "access", identifiers)
                about = ["--config", world() / "portability.yaml", "--request", request]
                plain = support.run("plan", *about)
                self.assert_names_nobody((plain.stdout + plain.stderr).encode())
                notices = support.folder("notices")
                route = support.run("plan", *about, "--route", "--notices", notices, check=support.EXIT_COMPLETE)
                for words in TENANTS.values():
                    for word in words:
                        self.assertIn(word, route.stdout)
                self.assertEqual(len(list(notices.iterdir())), 2)
                for notice in notices.iterdir():
                    self.assertEqual(stat.S_IMODE(notice.stat().st_mode), 0o600)
                    text = notice.read_bytes()
                    named = [tenant for tenant, words in TENANTS.items() if words[0].encode() in text]
                    # A notice goes to one controller: it must not tell her who the other one is.
                    self.assertLessEqual(len(named), 1)
                    for word in OF_TENANT[ONE] + OF_TENANT[TWO]:
                        self.assertNotIn(word, text)


class OneComputer(unittest.TestCase):
    """Two people share a computer, and with it a cookie: each gets the events under her own name only."""

    def events(self, user):
        _, _, files = export(world(), "access", "user_id: " + user, check=support.EXIT_COMPLETE)
        return json.loads((files / "data" / "usage" / "usage-events.json").read_text(encoding="utf-8"))

    def test_each_gets_her_own_events(self):
        for user, count in ((neighbours.A_USER, 6), (neighbours.B_USER, 4)):
            with self.subTest(user):
                events = self.events(user)
                self.assertEqual({event["user_id"] for event in events}, {user})
                self.assertEqual(len(events), count)
                self.assertEqual({event["cookie_id"] for event in events}, {neighbours.COOKIE})

    def test_events_of_nobody_are_in_neither_archive(self):
        for user in (neighbours.A_USER, neighbours.B_USER):
            self.assertNotIn(
                neighbours.value("nobody's search"), [event.get("search_text") for event in self.events(user)])

    def test_a_cookie_of_ones_own_brings_the_events_before_signing_in(self):
        alone = make()
        database = sqlite3.connect(alone / "register.sqlite", isolation_level=None)
        database.execute("DELETE FROM devices WHERE user_id = ?", (neighbours.B_USER,))
        database.close()
        _, _, files = export(alone, "access", "user_id: " + neighbours.A_USER, check=support.EXIT_COMPLETE)
        events = json.loads((files / "data" / "usage" / "usage-events.json").read_text(encoding="utf-8"))
        self.assertIn(neighbours.value("nobody's search"), [event.get("search_text") for event in events])
        # A line that names another user is hers, whatever cookie it has.
        self.assertLessEqual({event.get("user_id") for event in events}, {neighbours.A_USER, None})

    def test_the_cookie_identifies_neither(self):
        said, output, _ = export(world(), "access", "cookie_id: " + neighbours.COOKIE)
        self.assertEqual(said.returncode, support.EXIT_IDENTITY)
        self.assertEqual(list(output.iterdir()), [])
