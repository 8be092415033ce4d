"""Real Singer taps from PyPI, each in an environment of its own, give what is in their source, or are not believed."""

import functools
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import unittest
import zipfile

import servers
import support

CHINOOK = support.DATA / "chinook"
ENVIRONMENTS = support.ROOT / ".build-tests" / "singer"

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
    kind: singer
    role: controller
%s
    datasets:
"""
DATASET = """      - id: %s
        entity: %s
        category: registration
        origin: { provided: subject }
        purposes: [sales]
        stream: %s
        match: { customer_id: %s }
        fields: { %s }
"""
REQUEST = """id: SINGER-1
right: access
received: 2026-11-02T09:14:00+02:00
channel: email
language: en
identifiers: { customer_id: %s }
identity_check: { method: session, level: high, at: 2026-11-02T10:02:00+02:00, by: support }
formats: [json]
"""


@functools.cache
def tap(name):
    """A tap's program, installed once for each list of what it needs: taps' requirements contradict each other."""
    requirements = support.HERE / ("singer-%s.txt" % name)
    place = ENVIRONMENTS / name
    marker = place / "installed.txt"
    if not marker.exists() or marker.read_bytes() != requirements.read_bytes():
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run(
            [place / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
            check=True)  # fmt: skip
        shutil.copyfile(requirements, marker)
    return place / "bin" / name


class Shop:
    """A configuration with one tap, in a folder of its own."""

    def __init__(self, command, settings, datasets, **keys):
        self.folder = support.folder("singer")
        lines = ["command: %s" % json.dumps([str(word) for word in command])]
        if settings is not None:
            config = self.folder / "tap.json"
            config.write_text(json.dumps(settings), encoding="utf-8")
            config.chmod(0o600)
            lines.append("config: tap.json")
        lines += ["%s: %s" % (key, json.dumps(value)) for key, value in keys.items()]
        text = CONFIGURATION % "\n".join("    " + line for line in lines)
        for dataset in datasets:
            text += DATASET % dataset
        (self.folder / "portability.yaml").write_text(text, encoding="utf-8")

    def arguments(self, customer, archive):
        request = self.folder / ("%s.request.yaml" % customer)
        request.write_text(REQUEST % customer, encoding="utf-8")
        return ["export", "--config", self.folder / "portability.yaml", "--request", request, "--output", archive,
                "--created", support.CREATED]  # fmt: skip

    def export(self, customer, check=support.EXIT_COMPLETE):
        """The manifest, the records of each dataset, and what the program said."""
        archive = support.folder("archive") / "archive.zip"
        result = support.run(*self.arguments(customer, archive), check=check)
        records = {}
        with zipfile.ZipFile(archive) as file:
            manifest = json.loads(file.read("manifest.json"))
            for dataset in manifest["datasets"]:
                for each in dataset.get("files", []):
                    records[dataset["id"]] = json.loads(file.read(each["path"]), parse_float=str, parse_int=str)
        return manifest, records, result.stdout + result.stderr, archive


def statuses(manifest):
    return {dataset["id"]: dataset["status"] for dataset in manifest["datasets"]}


class TapPostgres(unittest.TestCase):
    """meltanolabs-tap-postgres on a real server."""

    @classmethod
    def setUpClass(cls):
        cls.server = servers.PostgreSQL()
        cls.addClassCleanup(cls.server.stop)
        # The script makes a database of its own and goes there.
        cls.server.psql(text=(CHINOOK / "Chinook_PostgreSql.sql").read_text(encoding="utf-8-sig"))
        cls.server.psql("chinook", """
            CREATE TABLE exact (row_id int PRIMARY KEY, customer_id int, amount numeric(38,0), tiny numeric, note text);
            INSERT INTO exact VALUES (1, 2, 99999999999999999999999999999999999999, 1e-100, 'Käyttäjä "ä" \\ ' || chr(10)),
                                     (2, 3, 12345678901234567890123456789012345678, 0.10, 'Kanarialintu');
            CREATE TABLE ancient (row_id int PRIMARY KEY, customer_id int, amount numeric, born date, name text);
            INSERT INTO ancient VALUES (1, 2, 1.50, '1980-01-01', 'Kanarialintu'),
                                       (2, 3, 2.50, '0044-03-15 BC', 'Gaius Iulius Caesar'),
                                       (3, 2, 3.50, '1990-01-01', 'Kanarialintu');
            """)

    def settings(self, database="chinook"):
        return {
            "sqlalchemy_url": "postgresql+psycopg2://postgres:Salasana@localhost/%s?host=%s" % (
                database, self.server.folder),
            "filter_schemas": ["public"],
        }  # fmt: skip

    def shop(self, *datasets, **keys):
        return Shop([tap("tap-postgres")], self.settings(), datasets, **keys)

    PERSON = (
        "person", "person", "public-customer", "customer_id",
        "customer_number: customer_id, given_name: first_name, family_name: last_name")
    PAYMENTS = ("payments", "payment", "public-invoice", "customer_id", "amount: total, invoice_number: invoice_id")

    def test_it_gives_what_the_database_has(self):
        shop = self.shop(self.PERSON, self.PAYMENTS)
        for customer in (2, 44, 59):
            with self.subTest(customer):
                manifest, records, _, _ = shop.export(customer)
                self.assertEqual(statuses(manifest), {"person": "exported", "payments": "exported"})
                person, = records["person"]
                expected = json.loads(self.server.psql(
                    "chinook", "SELECT row_to_json(c) FROM customer c WHERE customer_id = %d" % customer))
                self.assertEqual(person["given_name"], expected["first_name"])
                self.assertEqual(person["family_name"], expected["last_name"])
                self.assertEqual(person["other"].get("email"), expected["email"])
                rows = records["payments"]
                expected = self.server.psql(
                    "chinook", "SELECT invoice_id || ' ' || total FROM invoice WHERE customer_id = %d ORDER BY 1"
                    % customer).split("\n")  # fmt: skip
                self.assertEqual(
                    sorted("%s %s" % (row["record_id"], row["amount"]) for row in rows), sorted(filter(None, expected)))

    def test_the_same_data_give_the_same_archive(self):
        shop = self.shop(self.PERSON, self.PAYMENTS)
        first, second = (shop.export(2)[3] for _ in range(2))
        self.assertEqual(first.read_bytes(), second.read_bytes())

    def test_numbers_are_exact(self):
        shop = self.shop(("exact", "payment", "public-exact", "customer_id", "amount: amount, message: note"))
        manifest, records, _, _ = shop.export(2)
        self.assertEqual(statuses(manifest), {"exact": "exported"})
        row, = records["exact"]
        self.assertEqual(row["amount"], "9" * 38)
        self.assertEqual(row["other"]["tiny"], "0." + "0" * 99 + "1")

    def test_a_tap_that_dies_half_way_is_not_believed(self):
        shop = self.shop(("ancient", "payment", "public-ancient", "customer_id", "amount: amount"), state="state.json")
        manifest, _, told, archive = shop.export(2, check=support.EXIT_PARTIAL)
        self.assertNotEqual(statuses(manifest), {"ancient": "exported"})
        self.assertIn("ValueError", told + json.dumps(manifest))
        with zipfile.ZipFile(archive) as file:
            everything = told + "".join(
                file.read(name).decode("utf-8", "replace") for name in file.namelist() if name.endswith((".json", ".txt")))
        for value in ("Kanarialintu", "Caesar", "-44"):
            self.assertNotIn(value, everything)
        self.assertFalse((shop.folder / "state.json").exists())

    def test_an_incremental_tap_goes_on_from_its_state(self):
        self.server.psql("chinook", """
            CREATE TABLE orders (order_id int PRIMARY KEY, customer_id int, amount numeric);
            INSERT INTO orders SELECT i, 1 + i % 2, i FROM generate_series(1, 10) i""")
        self.addCleanup(self.server.psql, "chinook", "DROP TABLE orders")
        shop = self.shop(
            ("orders", "payment", "public-orders", "customer_id", "amount: amount"), state="state.json", resume=True,
            catalog="catalog.json")
        config = shop.folder / "tap.json"
        found = json.loads(subprocess.run(
            [tap("tap-postgres"), "--config", config, "--discover"], check=True, capture_output=True).stdout)
        for stream in found["streams"]:
            if stream["tap_stream_id"] == "public-orders":
                stream["replication_method"], stream["replication_key"] = "INCREMENTAL", "order_id"
                for entry in stream["metadata"]:
                    if not entry["breadcrumb"]:
                        entry["metadata"].update(
                            {"replication-method": "INCREMENTAL", "replication-key": "order_id",
                             "forced-replication-method": "INCREMENTAL"})  # fmt: skip
        (shop.folder / "catalog.json").write_text(json.dumps(found), encoding="utf-8")
        manifest, records, _, _ = shop.export(2)
        self.assertEqual(len(records["orders"]), 5)
        state = shop.folder / "state.json"
        self.assertEqual(state.stat().st_mode & 0o777, 0o600)
        self.assertEqual(
            json.loads(state.read_text())["bookmarks"]["public-orders"]["replication_key_value"], 10)
        self.server.psql("chinook", "INSERT INTO orders VALUES (11, 2, 11), (12, 2, 12), (13, 1, 13)")
        manifest, records, _, _ = shop.export(2, check=support.EXIT_PARTIAL)
        self.assertEqual([row["record_id"] for row in records["orders"]], ["11", "12"])
        self.assertNotEqual(statuses(manifest), {"orders": "exported"})
        self.assertEqual(
            json.loads(state.read_text())["bookmarks"]["public-orders"]["replication_key_value"], 13)

    def test_a_tap_that_cannot_connect_says_where_to_look_and_nothing_else(self):
        shop = Shop([tap("tap-postgres")], self.settings("Kanarialintu"), [self.PERSON])
        _, _, told, _ = shop.export(2, check=support.EXIT_PARTIAL)
        self.assertIn("OperationalError", told)
        self.assertNotIn("Kanarialintu", told)
        self.assertNotIn("Salasana", told)

    def test_the_sources_can_be_checked(self):
        shop = self.shop(self.PERSON)
        result = support.run("sources", "check", "--config", shop.folder / "portability.yaml")
        self.assertEqual(result.returncode, 0, result.stderr + result.stdout)

    def test_a_stream_that_no_dataset_reads_is_unknown(self):
        shop = self.shop(self.PERSON)
        result = support.run("sources", "coverage", "--config", shop.folder / "portability.yaml", "--json")
        self.assertEqual(result.returncode, support.EXIT_FAILED, result.stderr)
        for stream in ("public-invoice", "public-employee", "public-ancient"):
            self.assertIn(stream, result.stdout)
        tables = self.server.psql(
            "chinook", "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'").split()
        text = (shop.folder / "portability.yaml").read_text(encoding="utf-8")
        excluded = "".join(
            "      - { table: public-%s, ground: not-personal-data, note: { fi: ei, sv: nej, en: none } }\n" % table
            for table in tables if table != "customer")
        (shop.folder / "portability.yaml").write_text(
            text.replace("    datasets:\n", "    exclude:\n%s    datasets:\n" % excluded), encoding="utf-8")
        result = support.run("sources", "coverage", "--config", shop.folder / "portability.yaml")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


class TapJSONL(unittest.TestCase):
    def test_it_gives_what_the_file_has(self):
        data = support.folder("jsonl")
        rows = [
            {"id": 1, "name": "Aino", "balance": 1.5}, {"id": 2, "name": "Käyttäjä", "nested": {"a": [1, {"b": None}]}},
            {"id": 3, "name": "Matti"}]  # fmt: skip
        (data / "customers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        shop = Shop(
            [tap("tap-jsonl")],
            {"path": str(data / "*.jsonl"), "stream_name": "customers", "primary_keys": ["id"]},
            [("person", "person", "customers", "id", "given_name: name")])
        manifest, records, _, _ = shop.export(2)
        self.assertEqual(statuses(manifest), {"person": "exported"})
        row, = records["person"]
        self.assertEqual((row["record_id"], row["given_name"]), ("2", "Käyttäjä"))
        self.assertIn("nested", json.dumps(row))


class Life(unittest.TestCase):
    """No tap outlives the program, however that ends."""

    def outlived(self, number):
        script = support.folder("tap") / "tap.sh"
        script.write_text("sleep 1000 & echo $$ $! >pids; wait\n")
        shop = Shop(
            ["/bin/sh", script], None, [("person", "person", "customer", "id", "given_name: name")], discover=False)
        pids = shop.folder / "pids"
        process = subprocess.Popen(
            [support.program(), *map(str, shop.arguments(1, support.folder("life") / "archive.zip"))],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        ends = time.monotonic() + 60
        while not pids.exists() or len(pids.read_text().split()) < 2:
            self.assertLess(time.monotonic(), ends, "the tap was not started")
            time.sleep(0.05)
        children = [int(word) for word in pids.read_text().split()]
        process.send_signal(number)
        process.wait(60)
        while any(map(is_alive, children)) and time.monotonic() < ends:
            time.sleep(0.05)
        return [child for child in children if is_alive(child)]

    def test_killed(self):
        self.assertEqual(self.outlived(signal.SIGKILL), [])

    def test_terminated(self):
        self.assertEqual(self.outlived(signal.SIGTERM), [])

    def test_interrupted(self):
        self.assertEqual(self.outlived(signal.SIGINT), [])


def is_alive(process):
    try:
        return ") Z " not in pathlib.Path("/proc/%d/stat" % process).read_text()
    except OSError:
        return False


if __name__ == "__main__":
    unittest.main()
