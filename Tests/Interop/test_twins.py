"""The same data in several stores give the same archive: the samples, and Chinook under two naming schemas."""

import shutil
import subprocess
import sys
import unittest

import servers
import support

#: Together they hold every right and every dataset that is read from the register.
REQUESTS = ("access", "portability", "switching", "handover", "period", "employee-portability")
CHINOOK = support.DATA / "chinook"

SERVERS = {"postgresql": servers.PostgreSQL, "mariadb": servers.MariaDB}


def twin(*arguments):
    return subprocess.run(
        [sys.executable, support.ROOT / "samples" / "twin", *arguments], check=True, capture_output=True,
        text=True).stdout  # fmt: skip


def digests(manifest):
    """What an archive holds, dataset by dataset: status, counts, and the digest of the content."""
    return {
        dataset["id"]: (dataset["status"], dataset["records"], dataset.get("content_sha256"))
        for dataset in manifest["datasets"]
    }


class Twin:
    """The sample register in a database server gives the archives that SQLite gives."""

    store = None

    @classmethod
    def setUpClass(cls):
        cls.samples = support.make_samples()
        # Nothing may come from the embedded store.
        (cls.samples / "register.sqlite").unlink()
        cls.server = SERVERS[cls.store]()
        cls.addClassCleanup(cls.server.stop)
        cls.server.create("register", twin(cls.store, "sql"))
        (cls.samples / "portability.yaml").write_text(
            twin(cls.store, "config", cls.server.uri("register")), encoding="utf-8")

    def test_the_archives_have_the_same_content(self):
        for name in REQUESTS:
            with self.subTest(name):
                ours, theirs = (support.folder(name) / "archive.zip" for _ in range(2))
                arguments = dict(formats="json", check=None)
                first = support.export(name + ".yaml", ours, "--created", support.CREATED, **arguments)
                second = support.export(
                    name + ".yaml", theirs, "--created", support.CREATED, samples_at=self.samples, **arguments)
                self.assertEqual(first.returncode, 0, first.stderr)
                self.assertEqual(second.returncode, 0, second.stderr)
                expected, found = (support.manifest_of(path) for path in (ours, theirs))
                self.assertEqual(digests(found), digests(expected))
                # An employee is no party to the contract, so that nothing of hers can be ported.
                read = [each for each in found["datasets"] if each["records"]["exported"]]
                self.assertEqual(bool(read), name != "employee-portability")
                self.assertEqual(
                    [source["kind"] for source in found["sources"] if source["id"] == "register"], [self.store])

    def test_the_sources_can_be_checked(self):
        result = support.run("sources", "check", "--config", self.samples / "portability.yaml")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_somebody_is_found_by_email(self):
        request = support.samples() / "requests" / "ambiguous-email.yaml"
        result = support.export(
            request, support.folder("email") / "archive.zip", samples_at=self.samples, check=None)
        self.assertEqual(result.returncode, support.EXIT_IDENTITY, result.stderr)


class PostgreSQLTwin(Twin, unittest.TestCase):
    store = "postgresql"


class MariaDBTwin(Twin, unittest.TestCase):
    store = "mariadb"


CONFIGURATION = """portability: 1
controller: { name: Chinook Oy, business_id: 1854047-8, address: Esimerkkikatu 1, country: FI, email: a@chinook.example }
policy: { register: Customers, name: Privacy policy, date: 2024-01-01, url: "https://chinook.example/privacy" }
time_zone: Europe/Helsinki
authority:
  name: { fi: Tietosuojavaltuutetun toimisto, sv: Dataombudsmannens byrå, en: Office of the Data Protection Ombudsman }
  address: Lintulahdenkuja 4, 00530 Helsinki, Finland
  url: https://tietosuoja.fi
purposes:
  sales: { basis: 6(1)(b), text: { fi: Myynti, sv: Försäljning, en: Sales } }
identifiers:
  customer_id: { unique: true }
sources:
  shop:
%s
    role: controller
    identify:
      - %s
    datasets:
"""
DATASET = """      - id: %s
        entity: %s
        category: %s
        origin: { provided: subject }
        purposes: [sales]
        subject: customer_id
        query: %s
"""
REQUEST = """id: CHINOOK-%s
right: access
received: 2026-11-02T09:14:00+02:00
channel: email
language: en
identifiers: { customer_id: %s }
identity_check: { method: session, level: high, at: 2026-11-02T10:02:00+02:00, by: support }
formats: [json]
"""

#: In SQLite names are in PascalCase and amounts are floating-point numbers; in PostgreSQL neither is so.
SQLITE = {
    "identify": "SELECT CustomerId AS customer_id FROM Customer WHERE CustomerId IN (:customer_id)",
    "person": "SELECT CustomerId AS record_id, CustomerId AS subject, CustomerId AS customer_number,"
    " FirstName AS given_name, LastName AS family_name, Company AS company FROM Customer"
    " WHERE CustomerId IN (:customer_id) ORDER BY CustomerId",
    "contact": "SELECT CustomerId AS record_id, CustomerId AS subject, Email AS email, Phone AS telephone, Fax AS fax"
    " FROM Customer WHERE CustomerId IN (:customer_id) ORDER BY CustomerId",
    "address": "SELECT CustomerId AS record_id, CustomerId AS subject, Address AS street, PostalCode AS postal_code,"
    " City AS town, State AS region, Country AS country FROM Customer WHERE CustomerId IN (:customer_id)"
    " ORDER BY CustomerId",
    "invoices": "SELECT InvoiceId AS record_id, CustomerId AS subject, 'paid' AS direction,"
    " date(InvoiceDate) AS paid_on, printf('%.2f', Total) AS amount, BillingAddress AS billing_street,"
    " BillingCity AS billing_town FROM Invoice WHERE CustomerId IN (:customer_id) ORDER BY InvoiceId",
    "lines": "SELECT l.InvoiceLineId AS record_id, i.CustomerId AS subject, t.Name AS name,"
    " printf('%.2f', l.UnitPrice) AS unit_price, l.Quantity AS quantity, l.InvoiceId AS invoice FROM InvoiceLine l"
    " JOIN Invoice i ON i.InvoiceId = l.InvoiceId JOIN Track t ON t.TrackId = l.TrackId"
    " WHERE i.CustomerId IN (:customer_id) ORDER BY l.InvoiceLineId",
}
POSTGRESQL = {
    "identify": "SELECT customer_id FROM customer WHERE customer_id IN (:customer_id)",
    "person": "SELECT customer_id AS record_id, customer_id AS subject, customer_id AS customer_number,"
    " first_name AS given_name, last_name AS family_name, company FROM customer"
    " WHERE customer_id IN (:customer_id) ORDER BY customer_id",
    "contact": "SELECT customer_id AS record_id, customer_id AS subject, email, phone AS telephone, fax"
    " FROM customer WHERE customer_id IN (:customer_id) ORDER BY customer_id",
    "address": "SELECT customer_id AS record_id, customer_id AS subject, address AS street, postal_code, city AS town,"
    " state AS region, country FROM customer WHERE customer_id IN (:customer_id) ORDER BY customer_id",
    "invoices": "SELECT invoice_id AS record_id, customer_id AS subject, 'paid' AS direction,"
    " invoice_date::date AS paid_on, total AS amount, billing_address AS billing_street,"
    " billing_city AS billing_town FROM invoice WHERE customer_id IN (:customer_id) ORDER BY invoice_id",
    "lines": "SELECT l.invoice_line_id AS record_id, i.customer_id AS subject, t.name, l.unit_price, l.quantity,"
    " l.invoice_id AS invoice FROM invoice_line l JOIN invoice i ON i.invoice_id = l.invoice_id"
    " JOIN track t ON t.track_id = l.track_id WHERE i.customer_id IN (:customer_id) ORDER BY l.invoice_line_id",
}
ENTITIES = {
    "person": ("person", "registration"), "contact": ("contact_point", "registration"),
    "address": ("address", "registration"), "invoices": ("payment", "payment"), "lines": ("product", "invoicing"),
}  # fmt: skip


class Chinook(unittest.TestCase):
    """A shop's database that exists in two naming schemas; its invoices' lines reach the customer over a join."""

    @classmethod
    def setUpClass(cls):
        cls.folder = support.folder("chinook")
        shutil.copy(CHINOOK / "Chinook_Sqlite.sqlite", cls.folder / "chinook.sqlite")
        (cls.folder / "chinook.sqlite").chmod(0o600)
        cls.server = servers.PostgreSQL()
        cls.addClassCleanup(cls.server.stop)
        text = (CHINOOK / "Chinook_PostgreSql.sql").read_text(encoding="utf-8-sig")
        # The script makes a database of its own and goes there.
        cls.server.psql(text=text)
        cls.write("sqlite", "    kind: sqlite\n    path: chinook.sqlite", SQLITE)
        cls.write("postgresql", '    kind: postgresql\n    uri: "%s"' % cls.server.uri("chinook"), POSTGRESQL)

    @classmethod
    def write(cls, store, source, queries):
        text = CONFIGURATION % (source, queries["identify"])
        for dataset, (entity, category) in ENTITIES.items():
            text += DATASET % (dataset, entity, category, queries[dataset])
        (cls.folder / (store + ".yaml")).write_text(text, encoding="utf-8")

    def export(self, store, customer):
        request = self.folder / ("%s.request.yaml" % customer)
        request.write_text(REQUEST % (customer, customer), encoding="utf-8")
        archive = support.folder(store) / "archive.zip"
        support.run(
            "export", "--config", self.folder / (store + ".yaml"), "--request", request, "--output", archive,
            "--created", support.CREATED, check=support.EXIT_COMPLETE)
        return archive

    def test_two_schemas_give_one_canonical_export(self):
        for customer in (1, 44, 59):
            with self.subTest(customer):
                found = [support.manifest_of(self.export(store, customer)) for store in ("sqlite", "postgresql")]
                self.assertEqual(digests(found[0]), digests(found[1]))
                self.assertEqual(
                    {each["id"]: each["records"]["exported"] for each in found[1]["datasets"]},
                    {"person": 1, "contact": 1, "address": 1} | self.counts(customer))

    def counts(self, customer):
        """What psql counts."""
        invoices, lines = self.server.psql(
            "chinook",
            "SELECT count(*) FROM invoice WHERE customer_id = %d;"
            " SELECT count(*) FROM invoice_line JOIN invoice USING (invoice_id) WHERE customer_id = %d"
            % (customer, customer)).split()  # fmt: skip
        self.assertGreater(int(lines), 30)
        return {"invoices": int(invoices), "lines": int(lines)}


if __name__ == "__main__":
    unittest.main()
