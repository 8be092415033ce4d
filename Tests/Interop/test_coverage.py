"""Nothing of a source is forgotten: what `sources coverage` proves, what it proposes, and what `sources init` starts."""

import json
import re
import shutil
import sqlite3
import unittest

import jsonschema

import support
import test_twins

CHINOOK = support.DATA / "chinook" / "Chinook_Sqlite.sqlite"

SCHEMA = jsonschema.Draft202012Validator(
    json.loads((support.ROOT / "schemas" / "coverage.schema.json").read_text(encoding="utf-8")))

#: What somebody who knows would write for each mark, by the key that it stands at.
DECISIONS = {
    "name": "Chinook Oy", "business_id": "1854047-8", "address": "Esimerkkikatu 1", "country": "FI",
    "email": "a@chinook.example", "register": "Customers", "date": "2024-01-01", "time_zone": "Europe/Helsinki",
    "url": "https://tietosuoja.fi", "basis": "6(1)(b)", "role": "controller", "category": "registration",
    "origin": "observed", "ground": "not-personal-data", "entity": "profile_attribute",
}  # fmt: skip


def decide(text):
    """Replaces every mark, line by line, as somebody with sed would."""
    lines = []
    for line in text.splitlines(keepends=True):
        code, hash, comment = line.partition("#")
        code = code.replace("[TODO]", "[service]").replace(
            "{ fi: TODO, sv: TODO, en: TODO }", "{ fi: teksti, sv: text, en: text }")
        code = re.sub(r"(\w+): TODO", lambda match: "%s: %s" % (match[1], DECISIONS[match[1]]), code)
        lines.append(code + hash + comment)
    return "".join(lines)


def paste(text, proposals):
    """Puts every proposal where it says that it belongs."""
    lines = text.splitlines(keepends=True)
    # From the end of the file, so that the numbers of lines stay true.
    for proposal in sorted(proposals, key=lambda each: each["after_line"], reverse=True):
        lines[proposal["after_line"]:proposal["after_line"]] = proposal["yaml"].splitlines(keepends=True)
    return "".join(lines)


def change(samples, statements):
    database = sqlite3.connect(samples / "register.sqlite", isolation_level=None)
    database.executescript(statements)
    database.close()


def coverage(samples, *arguments, check=None):
    """What is said as JSON of the sources that are databases."""
    result = support.run("sources", "coverage", "--config", samples / "portability.yaml", "--json", *arguments, check=check)
    found = json.loads(result.stdout)
    SCHEMA.validate(found)
    return {source["id"]: source for source in found["sources"]}, found


def unknown(source):
    return ["%s.%s" % (item["container"], item["name"]) for item in source["items"] if item["use"] == "unknown"]


class Coverage(unittest.TestCase):
    def test_nothing_of_the_sample_register_is_unknown(self):
        sources, _ = coverage(support.samples())
        for name in ("register", "workspace"):
            self.assertEqual((sources[name]["state"], unknown(sources[name])), ("probed", []))
            self.assertTrue(sources[name]["complete"])
        told = sources["register"]["items"] + sources["workspace"]["items"]
        database = sqlite3.connect(support.samples() / "register.sqlite")
        columns = {
            (table, column[1]) for (table,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            for column in database.execute('PRAGMA table_info("%s")' % table)}
        database.close()
        self.assertEqual({(item["container"], item["name"]) for item in told}, columns)
        secret = [item for item in told if (item["container"], item["name"]) == ("credentials", "secret")]
        self.assertEqual([(item["use"], item["ground"]) for item in secret], [("excluded", "secret")])

    def test_the_whole_sample_is_covered(self):
        result = support.run("sources", "coverage", "--config", support.samples() / "portability.yaml")
        self.assertEqual((result.returncode, result.stderr), (support.EXIT_COMPLETE, ""), result.stdout)

    def test_a_column_that_sounds_like_a_secret_and_goes_out_is_told(self):
        samples = support.make_samples()
        change(samples, "ALTER TABLE users ADD COLUMN password_hash TEXT")
        configuration = samples / "portability.yaml"
        text = configuration.read_text(encoding="utf-8")
        self.assertIn("is_contact_person, legacy_code\n", text)
        configuration.write_text(
            text.replace("is_contact_person, legacy_code\n", "is_contact_person, legacy_code, password_hash\n"),
            encoding="utf-8")
        result = support.run("sources", "coverage", "--config", configuration, "--schema-only")
        self.assertEqual(result.returncode, support.EXIT_FAILED, result.stderr)
        self.assertIn("users.password_hash", result.stderr)
        self.assertIn("ground: secret", result.stderr)

    def test_a_column_that_somebody_added_is_found(self):
        """The story of the shoe size."""
        samples = support.make_samples()
        before = support.manifest_of(self.export(samples))
        self.assertEqual(self.drift(before), [])
        change(samples, "ALTER TABLE users ADD COLUMN shoe_size TEXT")
        result = support.run(
            "sources", "coverage", "--config", samples / "portability.yaml", check=support.EXIT_FAILED)
        self.assertRegex(result.stdout, r"users +shoe_size +UNKNOWN")
        self.assertIn("- column: users.shoe_size", result.stdout)

        # The next export tells it too, and is no less complete for it.
        output = support.folder("drift") / "archive.zip"
        result = support.export("access.yaml", output, samples_at=samples)
        self.assertRegex(result.stderr, r"warning: .*users\.shoe_size")
        manifest = support.manifest_of(output)
        self.assertEqual(self.drift(manifest), ["users.shoe_size"])
        self.assertEqual(manifest["status"], "complete")
        self.assertEqual([source["status"] for source in manifest["sources"] if source["id"] == "register"], ["complete"])

        # What is proposed is pasted; undecided it is refused, decided it settles the matter.
        path = samples / "portability.yaml"
        original = path.read_text(encoding="utf-8")
        _, found = coverage(samples)
        self.assertEqual(len(found["proposals"]), 1)
        path.write_text(paste(original, found["proposals"]), encoding="utf-8")
        refused = support.run("sources", "coverage", "--config", path, check=support.EXIT_USAGE)
        self.assertIn("TODO", refused.stderr)
        self.assertIn("not-personal-data, held-elsewhere, secret", refused.stderr)
        self.assertRegex(refused.stderr, r"line \d+")
        path.write_text(decide(paste(original, found["proposals"])), encoding="utf-8")
        sources, _ = coverage(samples)
        self.assertEqual(unknown(sources["register"]), [])
        self.assertEqual(self.drift(support.manifest_of(self.export(samples))), [])

        # And when the column is gone again, what is said of it is out of date.
        change(samples, "ALTER TABLE users DROP COLUMN shoe_size")
        result = support.run("sources", "coverage", "--config", path, check=support.EXIT_FAILED)
        self.assertRegex(result.stderr, r"drift: .*shoe_size")

    def export(self, samples):
        output = support.folder("export") / "archive.zip"
        support.export("access.yaml", output, samples_at=samples)
        return output

    def drift(self, manifest):
        return [
            finding["field"] for source in manifest["sources"] for finding in source["findings"]
            if finding["kind"] == "drift"]

    def test_the_column_can_be_given_out_instead(self):
        samples = support.make_samples()
        change(samples, "ALTER TABLE users ADD COLUMN shoe_size TEXT; UPDATE users SET shoe_size = '44'")
        path = samples / "portability.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("CASE is_contact", "shoe_size, CASE is_contact", 1), encoding="utf-8")
        sources, _ = coverage(samples)
        item = next(item for item in sources["register"]["items"] if item["name"] == "shoe_size")
        self.assertEqual((item["use"], item["dataset"], item["field"]), ("exported", "person", "other"))

    def test_new_tables_are_proposed_as_datasets(self):
        samples = support.make_samples()
        change(samples, """
            CREATE TABLE "Käyttäjän kengät" (shoe_id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users,
                "order" TEXT, size TEXT, "the: ""odd"" 'name' #1" TEXT);
            CREATE TABLE laces (lace_id INTEGER PRIMARY KEY, shoe_id INTEGER REFERENCES "Käyttäjän kengät",
                colour TEXT, record_id TEXT, subject TEXT);
            CREATE TABLE colours (colour TEXT PRIMARY KEY);
            CREATE TABLE tabs (user_id INTEGER REFERENCES users, note TEXT, password_hash TEXT);
            INSERT INTO "Käyttäjän kengät" VALUES (1, 1042, 'a', '44', 'b'), (2, 1043, 'a', '39', 'b');
            INSERT INTO laces VALUES (7, 1, 'red', 'x', 'y'), (8, 2, 'blue', 'x', 'y');
            """)
        path = samples / "portability.yaml"
        original = path.read_text(encoding="utf-8")
        sources, found = coverage(samples)
        self.assertEqual(len(unknown(sources["register"])), 5 + 5 + 1 + 3)
        path.write_text(decide(paste(original, found["proposals"])), encoding="utf-8")
        support.run("sources", "check", "--config", path, check=support.EXIT_COMPLETE)
        sources, _ = coverage(samples)
        self.assertEqual(unknown(sources["register"]), [])
        uses = {(item["container"], item["name"]): item for item in sources["register"]["items"]}
        self.assertEqual(uses["colours", "colour"]["ground"], "not-personal-data")
        self.assertEqual(uses["laces", "colour"]["use"], "exported")
        self.assertEqual(uses["tabs", "password_hash"]["ground"], "secret")
        manifest = support.manifest_of(self.export(samples))
        counts = {each["id"]: each["records"]["exported"] for each in manifest["datasets"]}
        self.assertEqual((counts["kayttajan-kengat"], counts["laces"]), (1, 1))

    def test_one_store_is_proved_by_all_that_read_it(self):
        """A table that the other source of the same database exports is not unknown to this one."""
        samples = support.make_samples()
        path = samples / "portability.yaml"
        text = path.read_text(encoding="utf-8")
        start, end = text.index("      - id: products\n"), text.index("  # Service fees")
        path.write_text(text[:start] + "\n" + text[end:], encoding="utf-8")
        sources, _ = coverage(samples)
        found = unknown(sources["register"]) + unknown(sources["workspace"])
        self.assertEqual(sorted(set(found)), sorted(found))
        self.assertEqual({name.partition(".")[0] for name in found}, {"products"})

    def test_what_is_said_of_nothing_is_out_of_date(self):
        for old, new, name in (
            ("- table: staff", "- table: staffs", "staffs"),
            ("covers: [calls.direction]", "covers: [calls.direktion]", "calls.direktion"),
            ("covers: [calls.direction]", "covers: [calls.direction, users.status]", "users.status"),
            ("- column: secret", "- column: secrets", "secrets"),
        ):
            with self.subTest(new):
                samples = support.make_samples()
                path = samples / "portability.yaml"
                text = path.read_text(encoding="utf-8")
                self.assertIn(old, text)
                path.write_text(text.replace(old, new, 1), encoding="utf-8")
                result = support.run("sources", "coverage", "--config", path, check=support.EXIT_FAILED)
                self.assertRegex(result.stderr, "drift: .*" + re.escape(name))

    def test_a_source_that_cannot_be_read_proves_nothing(self):
        samples = support.make_samples()
        (samples / "register.sqlite").write_bytes(b"no database " * 1000)
        sources, found = coverage(samples, check=support.EXIT_FAILED)
        self.assertFalse(found["complete"])
        self.assertEqual(sources["register"]["state"], "failed")

    def test_no_value_of_a_person_is_said(self):
        samples = support.make_samples()
        change(samples, "ALTER TABLE users ADD COLUMN shoe_size TEXT; UPDATE users SET shoe_size = 'forty-four'")
        result = support.run("sources", "coverage", "--config", samples / "portability.yaml", "--all")
        database = sqlite3.connect(samples / "register.sqlite")
        for (name,) in database.execute("SELECT family_name FROM users UNION SELECT address FROM user_emails"):
            self.assertNotIn(name, result.stdout + result.stderr)
        self.assertNotIn("forty-four", result.stdout + result.stderr)
        database.close()


class Store:
    """What holds of SQLite holds of a database server."""

    store = None

    @classmethod
    def setUpClass(cls):
        cls.samples = support.make_samples()
        (cls.samples / "register.sqlite").unlink()
        cls.server = test_twins.SERVERS[cls.store]()
        cls.addClassCleanup(cls.server.stop)
        cls.server.create("register", test_twins.twin(cls.store, "sql"))
        cls.uri = cls.server.uri("register")
        (cls.samples / "portability.yaml").write_text(test_twins.twin(cls.store, "config", cls.uri), encoding="utf-8")

    def sql(self, text):
        run = self.server.psql if self.store == "postgresql" else self.server.sql
        run("register", text)

    def test_the_shoe_size(self):
        sources, found = coverage(self.samples, "--schema-only")
        self.assertEqual(unknown(sources["register"]) + unknown(sources["workspace"]), [])
        self.assertEqual(found["proposals"], [])
        self.sql("ALTER TABLE users ADD COLUMN shoe_size VARCHAR(9)")
        self.addCleanup(self.sql, "ALTER TABLE users DROP COLUMN shoe_size")
        sources, found = coverage(self.samples, "--schema-only")
        self.assertEqual(unknown(sources["register"]) + unknown(sources["workspace"]), ["users.shoe_size"])
        output = support.folder("drift") / "archive.zip"
        support.export("access.yaml", output, samples_at=self.samples)
        self.assertEqual(
            [finding["field"] for source in support.manifest_of(output)["sources"] for finding in source["findings"]
             if finding["kind"] == "drift"], ["users.shoe_size"])
        path = self.samples / "portability.yaml"
        original = path.read_text(encoding="utf-8")
        self.addCleanup(path.write_text, original, encoding="utf-8")
        path.write_text(decide(paste(original, found["proposals"])), encoding="utf-8")
        sources, _ = coverage(self.samples, "--schema-only")
        self.assertEqual(unknown(sources["register"]), [])

    def test_a_start(self):
        path = support.folder("init") / "portability.yaml"
        result = support.run(
            "sources", "init", "--kind", self.store, "--uri", self.uri, "--output", path, check=support.EXIT_COMPLETE)
        self.assertIn("seem to hold people: clients, customers, staff, users\n", result.stderr)
        path.write_text(decide(path.read_text(encoding="utf-8")), encoding="utf-8")
        support.run("sources", "check", "--config", path, check=support.EXIT_COMPLETE)
        support.run("sources", "coverage", "--config", path, check=support.EXIT_COMPLETE)
        request = path.parent / "request.yaml"
        request.write_text(REQUEST.replace("customer_id: 44", "user_id: 1042"), encoding="utf-8")
        support.export(request, path.parent / "archive.zip", samples_at=path.parent)
        manifest = support.manifest_of(path.parent / "archive.zip")
        counts = {each["id"]: each["records"]["exported"] for each in manifest["datasets"]}
        self.assertEqual(counts["users"], 1)
        self.assertGreater(counts["support-messages"], 1)


class PostgreSQLStore(Store, unittest.TestCase):
    store = "postgresql"

    def test_what_the_role_may_not_read_is_told(self):
        """Nobody can say of it that it was exported, and it may be excluded."""
        self.sql("""
            DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
            REVOKE SELECT ON credentials FROM reader;
            GRANT SELECT (credential_id, user_id, kind, created_at, last_used_at, revoked_at) ON credentials TO reader;
            CREATE TABLE locked (shoe_size TEXT);
            """)
        self.addCleanup(self.sql, "DROP TABLE locked")
        path = self.samples / "portability.yaml"
        original = path.read_text(encoding="utf-8")
        self.addCleanup(path.write_text, original, encoding="utf-8")
        path.write_text(original.replace("postgres@", "reader@"), encoding="utf-8")
        sources, _ = coverage(self.samples, "--schema-only")
        self.assertEqual(unknown(sources["register"]) + unknown(sources["workspace"]), ["locked.shoe_size"])
        self.assertEqual(sources["register"]["findings"], [])


class MariaDBStore(Store, unittest.TestCase):
    store = "mariadb"


class Initialise(unittest.TestCase):
    def start(self, database, *arguments):
        folder = support.folder("init")
        shutil.copy(database, folder / "shop.sqlite")
        (folder / "shop.sqlite").chmod(0o400)
        result = support.run(
            "sources", "init", "--kind", "sqlite", "--path", "shop.sqlite", "--output", "portability.yaml", *arguments,
            cwd=folder, check=support.EXIT_COMPLETE)
        return folder, result

    def test_a_start_for_a_shop(self):
        folder, result = self.start(CHINOOK)
        self.assertIn("seem to hold people: Customer, Employee\n", result.stderr)
        self.assertIn("belong to them: Invoice, InvoiceLine\n", result.stderr)
        path = folder / "portability.yaml"
        text = path.read_text(encoding="utf-8")

        # Nothing runs as long as something is left to be decided.
        (folder / "request.yaml").write_text(REQUEST, encoding="utf-8")
        first = next(number for number, line in enumerate(text.splitlines(), 1) if re.search(r": TODO\b", line))
        for command in (
            ["plan", "-c", path, "-r", folder / "request.yaml"], ["sources", "check", "-c", path], ["lint", "-c", path],
            ["export", "-c", path, "-r", folder / "request.yaml", "-o", folder / "archive.zip"],
        ):
            refused = support.run(*command, check=support.EXIT_USAGE)
            self.assertIn("line %d, column 9, field controller.name). Write the controller's name" % first, refused.stderr)

        path.write_text(decide(text), encoding="utf-8")
        support.run("sources", "check", "--config", path, check=support.EXIT_COMPLETE)
        covered = support.run("sources", "coverage", "--config", path, check=support.EXIT_COMPLETE)
        self.assertIn(" 0 unknown", covered.stdout)
        support.export(folder / "request.yaml", folder / "archive.zip", samples_at=folder)
        manifest = support.manifest_of(folder / "archive.zip")
        database = sqlite3.connect(CHINOOK)
        invoices, lines = database.execute(
            "SELECT count(DISTINCT InvoiceId), count(*) FROM Invoice JOIN InvoiceLine USING (InvoiceId)"
            " WHERE CustomerId = 44").fetchone()
        database.close()
        counts = {each["id"]: each["records"]["exported"] for each in manifest["datasets"]}
        self.assertEqual(
            {name: count for name, count in counts.items() if count},
            {"customer": 1, "customer-contact": 1, "customer-address": 1, "invoice": invoices, "invoice-line": lines})
        self.assertGreater(lines, 30)

    def test_a_start_for_the_samples_covers_everything(self):
        folder, _ = self.start(support.samples() / "register.sqlite")
        path = folder / "portability.yaml"
        path.write_text(decide(path.read_text(encoding="utf-8")), encoding="utf-8")
        support.run("sources", "check", "--config", path, check=support.EXIT_COMPLETE)
        support.run("sources", "coverage", "--config", path, check=support.EXIT_COMPLETE)
        self.assertIn("ground: secret", path.read_text(encoding="utf-8"))

    def test_old_registers(self):
        """Names in Finnish and Swedish, in capitals, without declared keys: what is guessed is said to be a guess."""
        file = support.folder("old") / "old.sqlite"
        database = sqlite3.connect(file)
        database.executescript("""
            CREATE TABLE ASIAKKAAT (ASNRO INTEGER, SNIMI TEXT, ETUNIMI TEXT, HETU TEXT, PUHNRO TEXT, OSOITE TEXT,
                PTP TEXT, SALASANA TEXT);
            CREATE TABLE TILAUKSET (TILNRO INTEGER PRIMARY KEY, ASNRO INTEGER, PVM TEXT);
            CREATE TABLE "Medlemmar" ("MedlemsNr" TEXT PRIMARY KEY, "Förnamn" TEXT, "Efternamn" TEXT,
                "E-post" TEXT, "Födelsedatum" TEXT);
            CREATE TABLE VARASTO (TUOTE TEXT PRIMARY KEY, HYLLY TEXT);
            INSERT INTO ASIAKKAAT VALUES (2, 'Mallinen', 'Maija', NULL, '040 000 0000', 'Mallitie 1', 'Espoo', 'x');
            INSERT INTO TILAUKSET VALUES (10, 2, '2024-01-01'), (11, 3, '2024-01-02');
            INSERT INTO Medlemmar VALUES ('M-1', 'Märta', 'Modell', 'm@example.org', '1980-01-01');
            """)
        database.commit()
        database.close()
        folder, result = self.start(file)
        self.assertIn("seem to hold people: ASIAKKAAT, Medlemmar\n", result.stderr)
        self.assertIn("belong to them: TILAUKSET\n", result.stderr)
        path = folder / "portability.yaml"
        text = path.read_text(encoding="utf-8")
        self.assertIn("# The table declares no key: that ASNRO is one is a guess.", text)
        self.assertIn("# That TILAUKSET.ASNRO means a row of ASIAKKAAT is a guess by its name.", text)
        self.assertRegex(text, r"- column: ASIAKKAAT\.SALASANA\n +ground: secret")
        path.write_text(decide(text), encoding="utf-8")
        support.run("sources", "coverage", "--config", path, check=support.EXIT_COMPLETE)
        for key, value, expected in (
            ("asnro", "2", {"asiakkaat": 1, "asiakkaat-contact": 1, "asiakkaat-address": 1, "tilaukset": 1}),
            ("medlems_nr", "M-1", {"medlemmar": 1, "medlemmar-contact": 1}),
        ):
            request = folder / (key + ".yaml")
            request.write_text(REQUEST.replace("customer_id: 44", "%s: %s" % (key, value)), encoding="utf-8")
            support.export(request, folder / (key + ".zip"), samples_at=folder)
            manifest = support.manifest_of(folder / (key + ".zip"))
            counts = {each["id"]: each["records"]["exported"] for each in manifest["datasets"]}
            self.assertEqual({name: count for name, count in counts.items() if count}, expected)

    def test_it_writes_over_nothing_and_reads_no_more_than_it_may(self):
        folder, _ = self.start(CHINOOK)
        before = (folder / "portability.yaml").read_bytes()
        again = support.run(
            "sources", "init", "--kind", "sqlite", "--path", "shop.sqlite", "--output", "portability.yaml", cwd=folder,
            check=support.EXIT_FAILED)
        self.assertIn("is there already", again.stderr)
        self.assertEqual((folder / "portability.yaml").read_bytes(), before)
        self.assertEqual(sorted(path.name for path in folder.iterdir()), ["portability.yaml", "shop.sqlite"])
        for arguments, words in (
            (["--kind", "sqlite"], "path"), (["--kind", "sqlit", "--path", "x"], "Did you mean `sqlite`?"),
            (["--kind", "sqlite", "--path", "x", "--setting", "colour=red"], "colour"),
            (["--kind", "invoices"], "schema"), (["--kind", "sqlite", "--path", "x", "--setting", "colour"], "key=value"),
        ):
            with self.subTest(" ".join(arguments)):
                refused = support.run("sources", "init", *arguments, cwd=folder, check=support.EXIT_USAGE)
                self.assertIn(words, refused.stderr)
        missing = support.run(
            "sources", "init", "--kind", "sqlite", "--path", "none.sqlite", cwd=folder, check=support.EXIT_FAILED)
        self.assertIn("none.sqlite", missing.stderr)


REQUEST = """id: START-1
right: access
received: 2026-11-02T09:14:00+02:00
channel: email
language: en
identifiers: { customer_id: 44 }
identity_check: { method: session, level: high, at: 2026-11-02T10:02:00+02:00, by: support }
formats: [json]
"""

if __name__ == "__main__":
    unittest.main()
