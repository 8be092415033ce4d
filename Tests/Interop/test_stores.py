"""Database servers that go away, hang, change or hold what nobody expects: nothing is lost or left behind in silence.

A query can be made to wait in the middle of its rows: it asks for a lock, the gate, which a session of the test holds.
So whatever is done to it is done at a known moment, and nothing depends on how fast a machine is.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest
import zipfile

import servers
import support

#: Stands in data on which queries fail; no output may hold it.
CANARY = "GEHEIM-KANARIE"
PASSWORD = "Salasana-KANARIE-77"
#: The row before which a query that waits at the gate does so, of how many: several batches are on their way by then.
GATE_ROW, ROWS = 30_000, 40_000
#: Memory that the program may use whatever it reads, in MiB.
MEMORY = 100

CONFIGURATION = """portability: 1
controller: { name: Kauppa Oy, business_id: 1854047-8, address: Esimerkkikatu 1, country: FI, email: a@kauppa.example }
policy: { register: Customers, name: Privacy policy, date: 2024-01-01, url: "https://kauppa.example/privacy" }
time_zone: Europe/Helsinki
authority:
  name: { fi: Tietosuojavaltuutetun toimisto, sv: Dataombudsmannens byrå, en: Office of the Data Protection Ombudsman }
  address: Lintulahdenkuja 4, 00530 Helsinki, Finland
  url: https://tietosuoja.fi
purposes:
  sales: { basis: 6(1)(b), text: { fi: Myynti, sv: Försäljning, en: Sales } }
identifiers:
  user_id: { unique: true }
limits: { record_bytes: %(record_bytes)d }
sources:
  shop:
    kind: %(kind)s
    uri: "%(uri)s"
%(keys)s
    role: controller
    identify:
      - %(identify)s
    datasets:
"""
DATASET = """      - id: %s
        entity: product
        category: invoicing
        origin: { provided: subject }
        purposes: [sales]
        subject: user_id
        query: %s
"""
REQUEST = """id: SHOP-1
right: access
received: 2026-11-02T09:14:00+02:00
channel: email
language: en
identifiers: { user_id: "%s" }
identity_check: { method: session, level: high, at: 2026-11-02T10:02:00+02:00, by: support }
formats: [json]
"""
IDENTIFY = "SELECT user_id FROM people WHERE user_id IN (:user_id)"
ITEMS = "SELECT id AS record_id, user_id AS subject, name FROM items WHERE user_id IN (:user_id) ORDER BY id"
#: Both stores take them.
TABLES = """
CREATE TABLE people (user_id INT PRIMARY KEY, name VARCHAR(100));
INSERT INTO people VALUES (1, '%(canary)s'), (2, 'Somebody else');
CREATE TABLE items (id INT PRIMARY KEY, user_id INT, name VARCHAR(100), number INT);
INSERT INTO items VALUES
    (1, 1, 'first', 1), (2, 1, '%(canary)s', 0), (3, 2, '%(canary)s of another', 1), (4, 1, 'last', 1);
""" % {"canary": CANARY}


class Finished:
    """What a run printed and left."""

    def __init__(self, folder, status, out, messages):
        self.status, self.out, self.messages = status, out, messages
        self.archive = folder / "out" / "archive.zip"
        self.left = sorted(path.name for path in (folder / "out").iterdir())
        self.manifest = support.manifest_of(self.archive) if self.archive.exists() else None

    @property
    def datasets(self):
        return {
            each["id"]: (each["status"], each["records"]["exported"]) for each in self.manifest["datasets"]}

    @property
    def source(self):
        return self.manifest["sources"][0]

    def records(self, dataset):
        with zipfile.ZipFile(self.archive) as file:
            return json.loads(file.read("data/invoicing/%s.json" % dataset))


class Session:
    """A session of somebody else, which lasts over several commands."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, text):
        """Runs commands; returns when they are done, with what they print."""
        self.process.stdin.write(text + "; SELECT 'done';\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.strip() == "done":
                return lines
            lines.append(line.strip())
        raise AssertionError("a session ended: %s" % " ".join(lines))

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class Store:
    """What a store must withstand."""

    kind = None
    #: Functions that fail, and one that writes.
    functions = None
    #: Queries that fail on a value of the subject's, by what goes wrong.
    failing = None
    #: Queries that write.
    writing = None
    tables = TABLES

    @classmethod
    def setUpClass(cls):
        cls.server = cls.start_server()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        """Every test has a database of its own."""
        #: The session that holds the gate.
        self.holder = None
        self.database = self.id().rsplit(".", 1)[1][:60]
        self.server.create(self.database, self.tables)

    # What a store says in words of its own.

    @classmethod
    def start_server(cls):
        raise NotImplementedError

    def sql(self, text):
        raise NotImplementedError

    def session(self):
        raise NotImplementedError

    def rows(self, count, gate=False):
        """A query that makes rows; with a gate it waits before the row GATE_ROW."""
        raise NotImplementedError

    def queries(self):
        """Sessions of the program on the server: pairs of number and whether it waits at the gate."""
        raise NotImplementedError

    def backends(self):
        """The server's processes for the program's sessions, in the same form."""
        raise NotImplementedError

    close_gate = open_gate = lock_items = end_query = end_session = None
    #: Statements: another type for the names, a table in parts, one part of it gone.
    retype = parts = drop_part = None
    #: A user with a password, and how a source is told of it.
    make_reader = password_key = password_line = None

    def uri(self, server):
        """Where the program finds the database."""
        return server.uri(self.database).replace("://root@", "://program@")

    # Running the program.

    def configure(self, datasets, keys="", identify=IDENTIFY, record_bytes=1 << 26, server=None):
        folder = support.folder(self.kind)
        (folder / "out").mkdir()
        text = CONFIGURATION % {
            "kind": self.kind, "uri": self.uri(server or self.server), "identify": json.dumps(identify),
            "keys": "\n".join("    " + line for line in keys.splitlines()), "record_bytes": record_bytes}
        for name, query in datasets.items():
            text += DATASET % (name, json.dumps(query))
        (folder / "portability.yaml").write_text(text, encoding="utf-8")
        return folder

    def command(self, folder, subject=1):
        (folder / "request.yaml").write_text(REQUEST % subject, encoding="utf-8")
        return [
            support.program(), "export", "--config", str(folder / "portability.yaml"), "--request",
            str(folder / "request.yaml"), "--output", str(folder / "out" / "archive.zip"), "--progress", "json",
            "--created", support.CREATED]  # fmt: skip

    def start(self, folder, subject=1, environment=None):
        return subprocess.Popen(
            self.command(folder, subject), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **(environment or {})})  # fmt: skip

    def ended(self, folder, process):
        """Waits for the end; whatever came, nothing of a person or a password was told."""
        try:
            out, messages = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.fail("the program hangs")
        result = Finished(folder, process.returncode, out, messages)
        told = out + messages + json.dumps(result.manifest) + "".join(result.left)
        for path in (folder / "out").glob("*.json"):
            told += path.read_text(encoding="utf-8")
        self.assertNotIn(CANARY, told)
        self.assertNotIn(PASSWORD, told)
        if result.manifest:
            support.run("verify", result.archive, check=support.EXIT_COMPLETE)
            # The status tells of what failed, and the manifest as well.
            failed = any(status == "failed" for status, _ in result.datasets.values())
            self.assertEqual(result.manifest["status"], "partial" if failed else "complete")
            self.assertEqual(result.status, support.EXIT_PARTIAL if failed else support.EXIT_COMPLETE, messages)
        return result

    def export(self, folder, subject=1):
        return self.ended(folder, self.start(folder, subject))

    def check(self, folder):
        result = support.run("sources", "check", "--config", folder / "portability.yaml")
        self.assertNotIn(CANARY, result.stdout + result.stderr)
        return result

    def until(self, words, condition):
        ends = time.monotonic() + 60
        while not condition():
            if time.monotonic() > ends:
                self.fail("not seen within a minute: " + words)
            time.sleep(0.05)

    def gated(self, datasets, keys="", last=False):
        """Starts an export whose dataset `gated`, the first or the last one, waits at the gate."""
        if not self.holder:
            self.holder = self.session()
            self.addCleanup(self.holder.close)
        self.holder.run(self.close_gate)
        gated = {"gated": self.rows(ROWS, gate=True)}
        folder = self.configure({**datasets, **gated} if last else {**gated, **datasets}, "lock_seconds: 60\n" + keys)
        process = self.start(folder)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.until(
            "the query waits", lambda: process.poll() is not None or any(waits for _, waits in self.queries()))
        self.assertIsNone(process.poll(), "the export did not come to the gate")
        return folder, process

    def nothing_runs(self):
        self.until("the server is rid of the session", lambda: not self.queries())

    # The server goes away.

    def test_no_server(self):
        folder = self.configure({"items": ITEMS}, "connect_seconds: 1", server=Nowhere(self.server))
        result = self.export(folder)
        self.assertEqual((result.status, result.left), (support.EXIT_FAILED, []), result.messages)
        self.assertEqual(result.messages.count("error:"), 1, result.messages)
        self.assertEqual(self.check(folder).returncode, support.EXIT_FAILED)

    def test_the_session_is_ended_in_the_middle(self):
        for name, end, after in (
            ("query", self.end_query, ("exported", 3)), ("session", self.end_session, ("failed", 0)),
        ):  # fmt: skip
            with self.subTest(name):
                folder, process = self.gated({"items": ITEMS})
                self.sql(end % self.queries()[0][0])
                result = self.ended(folder, process)
                self.assertEqual(result.datasets, {"gated": ("failed", 0), "items": after})
                self.assertEqual(result.source["error"]["code"], "unavailable")
                self.nothing_runs()

    def test_the_session_is_ended_after_a_dataset(self):
        folder, process = self.gated({"items": ITEMS}, last=True)
        self.sql(self.end_session % self.queries()[0][0])
        result = self.ended(folder, process)
        self.assertEqual(result.datasets["gated"], ("failed", 0))
        self.assertEqual(result.status, support.EXIT_PARTIAL)

    def test_the_server_is_killed(self):
        server = self.start_server()
        self.addCleanup(server.stop)
        # The sessions of this test are those of the other server.
        self.addCleanup(setattr, self, "server", self.server)
        self.server = server
        server.create(self.database, self.tables)
        folder, process = self.gated({"items": ITEMS})
        for number, _ in self.backends():
            os.kill(number, signal.SIGKILL)
        server.process.kill()
        server.process.wait()
        result = self.ended(folder, process)
        self.assertEqual(result.datasets, {"gated": ("failed", 0), "items": ("failed", 0)})
        again = self.configure({"items": ITEMS}, "connect_seconds: 1")
        result = self.export(again)
        self.assertEqual((result.status, result.left), (support.EXIT_FAILED, []), result.messages)

    def test_the_server_hangs(self):
        folder, process = self.gated({"items": ITEMS}, "statement_seconds: 1\nconnect_seconds: 1")
        frozen = [number for number, _ in self.backends()] + [self.server.process.pid]
        try:
            for number in frozen:
                os.kill(number, signal.SIGSTOP)
            result = self.ended(folder, process)
            self.assertEqual(result.datasets, {"gated": ("failed", 0), "items": ("failed", 0)})
            self.assertEqual(result.source["error"]["code"], "limit")
            # Nor is it waited for while one connects.
            result = self.export(self.configure({"items": ITEMS}, "connect_seconds: 1"))
            self.assertEqual((result.status, result.left), (support.EXIT_FAILED, []), result.messages)
        finally:
            for number in frozen:
                os.kill(number, signal.SIGCONT)
        self.nothing_runs()

    def test_a_query_takes_too_long(self):
        folder, process = self.gated({"items": ITEMS}, "statement_seconds: 1")
        result = self.ended(folder, process)
        self.assertEqual(result.datasets, {"gated": ("failed", 0), "items": ("exported", 3)})
        self.assertEqual(result.source["error"]["code"], "limit")
        self.nothing_runs()

    def test_a_locked_table(self):
        other = self.session()
        self.addCleanup(other.close)
        other.run(self.lock_items)
        folder = self.configure({"items": ITEMS, "rows": self.rows(10)}, "lock_seconds: 1")
        result = self.export(folder)
        self.assertEqual(result.datasets, {"items": ("failed", 0), "rows": ("exported", 10)})
        self.assertIn("locked", result.source["error"]["message"])

    # The program goes away.

    def test_signals(self):
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)):
            with self.subTest(number.name):
                folder, process = self.gated({"items": ITEMS})
                process.send_signal(number)
                result = self.ended(folder, process)
                self.assertEqual(result.status, status, result.messages)
                if number == signal.SIGKILL:
                    for name in result.left:
                        self.assertRegex(name, r"\A\.portability-[0-9a-f]+\.partial\Z")
                        self.assertEqual((folder / "out" / name).stat().st_mode & 0o777, 0o600)
                else:
                    self.assertEqual(result.left, [])
                self.nothing_runs()

    def test_two_at_once(self):
        folders = [self.configure({"rows": self.rows(ROWS), "items": ITEMS}) for _ in range(2)]
        processes = [self.start(folder) for folder in folders]
        first, second = (self.ended(*pair) for pair in zip(folders, processes))
        self.assertEqual(first.datasets, {"rows": ("exported", ROWS), "items": ("exported", 3)})
        self.assertEqual(
            [each["content_sha256"] for each in first.manifest["datasets"]],
            [each["content_sha256"] for each in second.manifest["datasets"]])

    # The database changes.

    def test_what_a_query_reads_is_gone(self):
        self.sql("CREATE VIEW goods AS SELECT id, user_id, name FROM items")
        folder = self.configure({"goods": ITEMS.replace("items", "goods"), "items": ITEMS})
        self.assertEqual(self.check(folder).returncode, support.EXIT_COMPLETE)
        for name, change, there in (
            ("view", "DROP VIEW goods", 3),
            ("column of a view", "CREATE VIEW goods AS SELECT id, user_id FROM items", 3),
            ("column", "ALTER TABLE items DROP COLUMN name", 0),
        ):
            with self.subTest(name):
                self.sql(change)
                for path in (folder / "out").iterdir():
                    path.unlink()
                result = self.export(folder)
                self.assertEqual(
                    result.datasets, {"goods": ("failed", 0), "items": ("exported" if there else "failed", there)})
                self.assertEqual(result.source["error"]["code"], "drift")
                self.assertEqual(self.check(folder).returncode, support.EXIT_FAILED)

    def test_a_column_changes_its_type(self):
        self.sql("UPDATE items SET name = '2024-01-01'")
        before = self.export(self.configure({"items": ITEMS}))
        self.sql(self.retype)
        after = self.export(self.configure({"items": ITEMS}))
        self.assertEqual(after.datasets, before.datasets)
        self.assertEqual(after.records("items"), before.records("items"))

    def during(self, change, *, setup=None, query=ITEMS, gated="exported"):
        """Changes the database while an export waits that has begun, and then reads `items`; what came of these."""
        if setup:
            self.sql(setup)
        folder, process = self.gated({"items": query})
        self.sql(change)
        self.holder.run(self.open_gate)
        result = self.ended(folder, process)
        self.assertEqual(result.datasets["gated"][0], gated)
        return result.datasets["items"]

    def test_rows_written_meanwhile_are_not_seen(self):
        self.assertEqual(self.during(
            "DELETE FROM items WHERE id = 1; UPDATE items SET user_id = 1; INSERT INTO items VALUES (9, 1, 'x', 1)"),
            ("exported", 3))  # fmt: skip

    def test_a_table_emptied_meanwhile(self):
        self.assertEqual(self.during("TRUNCATE TABLE items"), ("failed", 0))

    def test_a_table_dropped_meanwhile(self):
        self.assertEqual(self.during("DROP TABLE items"), ("failed", 0))

    def test_a_table_made_anew_meanwhile(self):
        self.assertEqual(
            self.during("ALTER TABLE items RENAME TO items_old; CREATE TABLE items AS SELECT * FROM items_old"),
            ("failed", 0))

    def test_a_part_of_a_table_dropped_meanwhile(self):
        """Old parts are dropped by jobs every night."""
        status, records = self.during(
            self.drop_part, setup=self.parts, query=ITEMS.replace("items", "parts"))
        self.assertIn((status, records), (("failed", 0), ("exported", 3)))

    def test_a_view_replaced_meanwhile(self):
        status, records = self.during(
            "CREATE OR REPLACE VIEW goods AS SELECT id, user_id, name FROM items WHERE id < 2",
            setup="CREATE VIEW goods AS SELECT id, user_id, name FROM items", query=ITEMS.replace("items", "goods"))
        self.assertIn((status, records), (("failed", 0), ("exported", 3)))

    # Rows that may not be.

    def test_rows_that_stop_the_export(self):
        for name, query in {
            "out of order": ITEMS + " DESC",
            "one id twice": ITEMS.replace("SELECT id", "SELECT 7"),
            "of somebody else": ITEMS.replace("user_id IN", "1 IN"),
            "of nobody": ITEMS.replace("user_id AS subject", "NULL AS subject"),
        }.items():
            with self.subTest(name):
                result = self.export(self.configure({"items": query, "rows": self.rows(10)}))
                self.assertEqual((result.status, result.left), (support.EXIT_FAILED, []), result.messages)
                self.assertEqual(result.messages.count("error:"), 1, result.messages)

    def test_failures_on_values(self):
        """No value is told, and what failed is not taken for what is not there."""
        self.sql(self.functions)
        for name, expression in self.failing.items():
            with self.subTest(name):
                query = ITEMS.replace("name FROM", expression + " AS name FROM")
                folder = self.configure({"items": query, "rows": self.rows(10)})
                result = self.export(folder)
                self.assertEqual(result.datasets, {"items": ("failed", 0), "rows": ("exported", 10)})
                self.check(folder)

    def test_queries_that_write(self):
        self.sql(self.functions)
        before = self.sql("SELECT count(*) FROM items")
        for expression in self.writing:
            with self.subTest(expression):
                query = ITEMS.replace("name FROM", expression + " AS name FROM")
                result = self.export(self.configure({"items": query}))
                self.assertEqual((result.status, result.left), (support.EXIT_USAGE, []), result.messages)
        self.assertEqual(self.sql("SELECT count(*) FROM items"), before)

    # Sizes.

    def peak(self, folder, *options):
        """The most memory that an export had, in MiB.

        What is forked from a large process counts that process's memory as its own, so a small one stands between.
        """
        measure = (
            "import resource, subprocess, sys; status = subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL);"
            " print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
        result = subprocess.run(
            [sys.executable, "-c", measure, *self.command(folder), *options], check=True, capture_output=True,
            text=True)  # fmt: skip
        status, peak = map(int, result.stdout.split()[-2:])
        self.assertEqual(status, support.EXIT_COMPLETE)
        return peak / 1024

    def test_many_rows(self):
        folder = self.configure({"rows": self.rows(400_000)})
        self.assertLess(self.peak(folder), MEMORY)

    def test_many_datasets(self):
        """Of datasets that are read one after another no more than one has an encoder's memory."""
        folder = self.configure({"rows-%d" % number: self.rows(1_100) for number in range(160)})
        self.assertLess(self.peak(folder, "--format", "json,jsonl,csv,xml"), MEMORY)

    def test_a_huge_value(self):
        query = "SELECT 1 AS record_id, 1 AS subject, repeat('x', %d) AS name FROM people WHERE user_id IN (:user_id)"
        folder = self.configure({"items": query % (14 << 20)}, record_bytes=1 << 20)
        result = self.export(folder)
        self.assertEqual(result.datasets, {"items": ("failed", 0)})
        self.assertEqual(result.source["error"]["code"], "limit")

    def test_many_columns(self):
        columns = ", ".join("%d AS c%d" % (n, n) for n in range(1500))
        query = "SELECT user_id AS record_id, user_id AS subject, %s FROM people WHERE user_id IN (:user_id)" % columns
        result = self.export(self.configure({"wide": query}))
        self.assertEqual(result.datasets, {"wide": ("exported", 1)})
        self.assertEqual(len(result.records("wide")[0]["other"]), 1500)

    # Passwords.

    def secret(self, text, mode=0o600):
        path = support.folder("secret") / "password"
        path.write_text(text)
        path.chmod(mode)
        return path

    def test_passwords(self):
        self.sql(self.make_reader)
        for name, text, mode, expected in (
            ("right", PASSWORD, 0o600, support.EXIT_COMPLETE),
            ("wrong", PASSWORD + "-not", 0o600, support.EXIT_FAILED),
            ("open to others", PASSWORD, 0o644, None),
        ):
            with self.subTest(name):
                path = self.secret(self.password_line % text, mode)
                folder = self.configure(
                    {"items": ITEMS}, "%s: %s" % (self.password_key, path), server=Reader(self.server))
                # Sessions of the test are not asked for a password; the program has none from elsewhere.
                process = self.start(folder, environment={"HOME": str(folder)})
                process_list = pathlib.Path("/proc/%d/cmdline" % process.pid).read_bytes()
                result = self.ended(folder, process)
                self.assertNotIn(PASSWORD.encode(), process_list)
                if expected is not None:
                    self.assertEqual(result.status, expected, result.messages)
                else:
                    self.assertIn(result.status, (support.EXIT_FAILED, support.EXIT_USAGE))
                if expected != support.EXIT_COMPLETE:
                    self.assertEqual(result.left, [])
                self.assertNotIn(PASSWORD, (lambda told: told.stdout + told.stderr)(self.check(folder)))

    def test_a_password_in_the_uri(self):
        folder = self.configure({"items": ITEMS}, server=Reader(self.server, ":" + PASSWORD))
        result = self.export(folder)
        self.assertEqual((result.status, result.left), (support.EXIT_USAGE, []), result.messages)


class Nowhere:
    """Where no server is."""

    def __init__(self, server):
        self.server = server

    def uri(self, database):
        return self.server.uri(database).replace(str(self.server.folder), "/tmp/portability-nowhere")


class Reader:
    """The server, for a user who has to give a password."""

    def __init__(self, server, password=""):
        self.server, self.password = server, password

    def uri(self, database):
        uri = self.server.uri(database)
        user, rest = uri.split("@", 1)
        return "%s://reader%s@%s" % (user.partition(":")[0], self.password, rest)


class PostgreSQLStore(Store, unittest.TestCase):
    kind = "postgresql"
    close_gate = "SELECT pg_advisory_lock(7)"
    open_gate = "SELECT pg_advisory_unlock_all()"
    lock_items = "BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE"
    end_query = "SELECT pg_cancel_backend(%s)"
    end_session = "SELECT pg_terminate_backend(%s)"
    retype = "ALTER TABLE items ALTER COLUMN name TYPE date USING name::date"
    parts = """
        CREATE TABLE parts (id int, user_id int, name text) PARTITION BY RANGE (id);
        CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (2);
        CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (2) TO (9);
        INSERT INTO parts SELECT id, user_id, name FROM items"""
    drop_part = "DROP TABLE parts_1"
    functions = """
        CREATE SEQUENCE numbers;
        CREATE FUNCTION complain(text) RETURNS text LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '%', $1 USING DETAIL = $1, HINT = $1, ERRCODE = '42703', COLUMN = $1; END $$;
        CREATE FUNCTION warn(text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING '%', $1; RETURN 1; END $$;
        CREATE FUNCTION ask(text) RETURNS text LANGUAGE plpgsql AS
            $$ DECLARE found text; BEGIN EXECUTE 'SELECT "' || $1 || '" FROM items' INTO found; RETURN found; END $$;
        CREATE FUNCTION write(text) RETURNS text LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO items VALUES (99, 1, $1, 1); RETURN $1; END $$"""
    failing = {
        "division": "(length(name) / number)::text", "pattern": "('x' ~ ('[' || name))::text",
        "message": "complain(name)", "a column of that name": "ask(name)", "XML": "('<' || name)::xml::text",
        "a warning before": "(warn(name) / number)::text", "two rows": "(SELECT i.name FROM items AS i)",
    }  # fmt: skip
    writing = ["write(name)", "nextval('numbers')::text"]
    make_reader = """
        CREATE ROLE reader LOGIN PASSWORD '%s';
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader""" % PASSWORD
    password_key = "passfile"
    password_line = "*:*:*:reader:%s\n"

    @classmethod
    def start_server(cls):
        return servers.PostgreSQL("password_encryption=scram-sha-256")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        access = cls.server.folder / "data" / "pg_hba.conf"
        access.write_text("local all reader scram-sha-256\n" + access.read_text())
        cls.server.psql(text="SELECT pg_reload_conf()")

    def sql(self, text):
        return self.server.psql(self.database, text)

    def session(self):
        return Session(["psql", "-qXAt", self.server.uri(self.database)])

    def rows(self, count, gate=False):
        waits = ", CASE WHEN n = %d THEN pg_advisory_lock_shared(7)::text END AS gate" % GATE_ROW if gate else ""
        return (
            "SELECT n AS record_id, 1 AS subject, 'row ' || n AS name%s FROM generate_series(1, %d) AS n"
            " WHERE 1 IN (:user_id) ORDER BY n" % (waits, count))

    def queries(self):
        lines = self.server.psql(text=
            "SELECT pid, coalesce(wait_event = 'advisory', false) FROM pg_stat_activity"
            " WHERE application_name = 'portability' AND datname = '%s'" % self.database).split()  # fmt: skip
        return [(int(number), waits == "t") for number, waits in (line.split("|") for line in lines)]

    def backends(self):
        """Every session is a process of its own."""
        return self.queries()

    def test_a_value_that_cannot_be_converted(self):
        """It loses its dataset, as every failure on a value does, and not the whole export."""
        for expression in ("name::int", "name::date", "name::json ->> 'x'"):
            with self.subTest(expression):
                query = ITEMS.replace("name FROM", expression + " AS name FROM")
                result = self.export(self.configure({"items": query, "rows": self.rows(10)}))
                self.assertEqual(result.status, support.EXIT_PARTIAL, result.messages)

    def test_bytes_of_any_encoding(self):
        name = "ascii"
        self.server.psql(text=
            "CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
            " TEMPLATE template0")  # fmt: skip
        self.database = name
        self.server.psql(name, self.tables + r"UPDATE items SET name = E'\xe4' WHERE id = 1;",
                         env={**os.environ, "PGCLIENTENCODING": "SQL_ASCII"})
        result = self.export(self.configure({"items": ITEMS}))
        self.assertEqual([each["name"] for each in result.records("items")], ["�", CANARY, "last"])
        self.assertIn(("invalid-text", 1), {(each["kind"], each["count"]) for each in result.source["findings"]})

    def test_roles_with_settings(self):
        """Whatever is set for the role, values are spelled as ever, and its time limits are not ours."""
        self.sql("""
            CREATE ROLE hasty LOGIN;
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO hasty;
            ALTER ROLE hasty SET statement_timeout = '200ms';
            ALTER ROLE hasty SET TimeZone = 'Asia/Tokyo';
            ALTER ROLE hasty SET DateStyle = 'German';
            ALTER ROLE hasty SET client_encoding = 'LATIN1';
            CREATE TABLE times (user_id int, at timestamptz);
            GRANT SELECT ON times TO hasty;
            INSERT INTO times VALUES (1, '2024-02-29T21:59:59Z')""")
        times = "SELECT 1 AS record_id, user_id AS subject, at, 'ä€' AS name FROM times WHERE user_id IN (:user_id)"
        slow = times.replace("FROM times", ", pg_sleep(0.5)::text AS slept FROM times")
        folder = self.configure({"times": times, "slow": slow})
        path = folder / "portability.yaml"
        path.write_text(path.read_text().replace("://postgres@", "://hasty@"))
        result = self.export(folder)
        self.assertEqual(result.datasets, {"times": ("exported", 1), "slow": ("exported", 1)})
        self.assertEqual(
            result.records("times"), [{"record_id": "1", "name": "ä€", "other": {"at": "2024-02-29T21:59:59Z"}}])


class MariaDBStore(Store, unittest.TestCase):
    kind = "mariadb"
    close_gate = "SELECT GET_LOCK('gate', 60)"
    open_gate = "SELECT RELEASE_ALL_LOCKS()"
    lock_items = "LOCK TABLES items WRITE"
    end_query = "KILL QUERY %s"
    end_session = "KILL CONNECTION %s"
    retype = "ALTER TABLE items MODIFY name DATE"
    parts = """
        CREATE TABLE parts (id int PRIMARY KEY, user_id int, name varchar(100)) PARTITION BY RANGE (id)
            (PARTITION parts_1 VALUES LESS THAN (2), PARTITION parts_2 VALUES LESS THAN (9));
        INSERT INTO parts SELECT id, user_id, name FROM items"""
    drop_part = "ALTER TABLE parts DROP PARTITION parts_1"
    functions = """
        CREATE SEQUENCE numbers;
        CREATE TABLE notes (note TEXT) ENGINE = MyISAM;
        DELIMITER //
        CREATE FUNCTION complain(t TEXT) RETURNS TEXT NO SQL
            BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = t; RETURN t; END//
        CREATE FUNCTION ask(t TEXT) RETURNS TEXT NO SQL
            BEGIN SIGNAL SQLSTATE '42S22' SET MYSQL_ERRNO = 1054, MESSAGE_TEXT = t; RETURN t; END//
        CREATE FUNCTION write_row(t TEXT) RETURNS TEXT MODIFIES SQL DATA
            BEGIN INSERT INTO items VALUES (99, 1, t, 1); RETURN t; END//
        CREATE FUNCTION write_note(t TEXT) RETURNS TEXT MODIFIES SQL DATA
            BEGIN INSERT INTO notes VALUES (t); RETURN t; END//
        CREATE FUNCTION set_session(t TEXT) RETURNS TEXT NO SQL
            BEGIN SET SESSION sql_select_limit = 1; SET SESSION time_zone = '+09:00'; RETURN t; END//
        DELIMITER ;"""
    failing = {
        "overflow": "9223372036854775807 + id", "message": "complain(name)", "a column of that name": "ask(name)",
        "two rows": "(SELECT i.name FROM items i)",
    }  # fmt: skip
    writing = ["write_row(name)", "write_note(name)", "NEXTVAL(numbers)"]
    make_reader = "CREATE USER reader@'%%' IDENTIFIED BY '%s'; GRANT SELECT ON *.* TO reader@'%%'" % PASSWORD
    password_key = "password_file"
    password_line = "%s\n"

    @classmethod
    def start_server(cls):
        server = servers.MariaDB("--log-bin-trust-function-creators=1")
        # The program's sessions are told from others by their user.
        server.sql("mysql", "CREATE USER program@localhost; GRANT ALL ON *.* TO program@localhost")
        return server

    def sql(self, text):
        return self.server.sql(self.database, text)

    def session(self):
        return Session(
            [*map(str, self.server.client), "--batch", "--skip-column-names", "--unbuffered", self.database])

    def rows(self, count, gate=False):
        waits = ", CASE WHEN seq = %d THEN GET_LOCK('gate', 600) END AS gate" % GATE_ROW if gate else ""
        return (
            "SELECT seq AS record_id, 1 AS subject, CONCAT('row ', seq) AS name%s FROM seq_1_to_%d"
            " WHERE 1 IN (:user_id) ORDER BY seq" % (waits, count))

    def queries(self):
        lines = self.server.sql(
            "mysql", "SELECT id, state = 'User lock' FROM information_schema.processlist WHERE user = 'program'")
        return [(int(number), waits == "1") for number, waits in (line.split("\t") for line in lines.splitlines())]

    def backends(self):
        """The server is one process."""
        return []

    def test_identifiers_are_compared_by_bytes(self):
        """The collations of most tables take other people's identifiers for the same."""
        self.sql("""
            CREATE TABLE logins (id INT PRIMARY KEY, login VARCHAR(20) COLLATE utf8mb4_general_ci, name VARCHAR(100));
            INSERT INTO logins VALUES (1, 'abc', 'mine'), (2, 'ABC', '%(c)s'), (3, 'abc ', '%(c)s'), (4, 'äbc', '%(c)s')
            """ % {"c": CANARY})
        identify = "SELECT login AS user_id FROM logins WHERE login COLLATE %s IN (:user_id)"
        query = "SELECT id AS record_id, login AS subject, name FROM logins" \
            " WHERE login COLLATE %s IN (:user_id) ORDER BY id"
        for collation in ("utf8mb4_general_ci", "utf8mb4_bin", "utf8mb4_nopad_bin"):
            with self.subTest(collation):
                result = self.export(
                    self.configure({"logins": query % collation}, identify=identify % "utf8mb4_nopad_bin"), "abc")
                if collation == "utf8mb4_nopad_bin":
                    self.assertEqual(result.datasets, {"logins": ("exported", 1)})
                else:
                    self.assertEqual((result.status, result.left), (support.EXIT_FAILED, []), result.messages)

    def test_character_sets(self):
        self.sql("""
            CREATE TABLE texts (
                id INT PRIMARY KEY, a VARCHAR(20) CHARACTER SET latin1, b VARCHAR(20) CHARACTER SET ucs2);
            INSERT INTO texts VALUES (1, 'äö€', 'åß')""")
        query = "SELECT id AS record_id, id AS subject, a AS name, b FROM texts WHERE id IN (:user_id)"
        result = self.export(self.configure({"texts": query}))
        self.assertEqual(result.records("texts"), [{"record_id": "1", "name": "äö€", "other": {"b": "åß"}}])

    def test_a_table_without_snapshots(self):
        self.assertEqual(
            self.during(
                "DELETE FROM notes WHERE id = 2", query=ITEMS.replace("items", "notes"), gated="failed",
                setup="CREATE TABLE notes ENGINE = MyISAM AS SELECT * FROM items"),
            ("failed", 0))

    def test_a_part_of_a_table_dropped_meanwhile(self):
        """The snapshot is of rows, not of definitions, as the documentation says."""
        self.assertEqual(
            self.during(self.drop_part, setup=self.parts, query=ITEMS.replace("items", "parts")), ("exported", 2))

    def test_a_view_replaced_meanwhile(self):
        self.assertEqual(
            self.during(
                "CREATE OR REPLACE VIEW goods AS SELECT id, user_id, name FROM items WHERE id < 2",
                setup="CREATE VIEW goods AS SELECT id, user_id, name FROM items",
                query=ITEMS.replace("items", "goods")),
            ("exported", 1))

    def test_settings_of_the_server(self):
        """Whatever the server is set to, nothing is cut."""
        settings = {
            "max_statement_time": "0.2", "group_concat_max_len": "10", "time_zone": "'+05:00'", "sql_select_limit": "3",
            "init_connect": "'SET sql_select_limit = 1, autocommit = 0'"}  # fmt: skip
        self.addCleanup(self.sql, "".join("SET GLOBAL %s = DEFAULT;" % name for name in settings))
        self.sql("".join("SET GLOBAL %s = %s;" % pair for pair in settings.items()))
        # Of those with every right init_connect is not asked.
        self.sql("CREATE USER plain@localhost; GRANT SELECT ON *.* TO plain@localhost")
        slow = "SELECT 1 AS record_id, 1 AS subject, GROUP_CONCAT(seq) AS name, FROM_UNIXTIME(0) AS at," \
            " SLEEP(0.5) AS slept FROM seq_1_to_100 WHERE 1 IN (:user_id)"
        folder = self.configure({"items": ITEMS, "slow": slow})
        path = folder / "portability.yaml"
        path.write_text(path.read_text().replace("://program@", "://plain@"))
        result = self.export(folder)
        self.assertEqual(result.datasets, {"items": ("exported", 3), "slow": ("exported", 1)})
        record, = result.records("slow")
        self.assertEqual(record["name"], ",".join(map(str, range(1, 101))))
        self.assertEqual(record["other"]["at"], "1970-01-01T00:00:00")

    def test_a_function_that_changes_the_session(self):
        """It changes nothing for the datasets after it."""
        self.sql(self.functions)
        query = ITEMS.replace("name FROM", "set_session(name) AS name FROM")
        result = self.export(self.configure({"first": query, "items": ITEMS}))
        self.assertIn(result.datasets["items"], (("exported", 3), ("failed", 0)))

    def test_a_value_left_out_after_many_warnings(self):
        """The server tells in a warning that it made a value NULL, and of warnings it keeps only so many."""
        query = (
            "SELECT seq AS record_id, 1 AS subject, CAST(CONCAT('x', seq) AS INT) AS number,"
            " IF(seq = %d, REPEAT('x', 1 << 26), 'x') AS name"  # more than max_allowed_packet
            " FROM seq_1_to_2000 WHERE 1 IN (:user_id) ORDER BY seq")
        for row in (1, 2000):
            with self.subTest(row):
                result = self.export(self.configure({"rows": query % row}))
                self.assertEqual(result.datasets, {"rows": ("failed", 0)})


if __name__ == "__main__":
    unittest.main()
