"""The content digest of every dataset, recomputed from every format by Python's own csv, json and xml."""

import functools
import json
import re
import sqlite3
import unittest

import independent_reader
import support


def layouts(path):
    """Entity → its fields, read from the dictionary in the archive; outer fields stand before inner ones."""
    found = {}
    groups = {}
    for row in support.dictionary(path):
        entity, field = row["entity"], row["field"]
        if entity == "*":
            continue
        if not field:
            found[entity] = groups[entity, ""] = []
            continue
        group, _, name = field.rpartition(".")
        described = {"name": name, "kind": row["type"], "list": row["list"] == "true", "fields": []}
        groups[entity, group].append(described)
        groups[entity, field] = described["fields"]
    return {entity: {"entity": entity, "fields": fields} for entity, fields in found.items()}


@functools.cache
def layouts_of(case):
    return layouts(support.unzipped(case))


def dialect(case, file):
    """The independent reader's name of a file's dialect: `excel` has the decimal sign of the language."""
    if file.get("dialect") == "excel":
        return "excel-" + support.manifest(case)["request"]["language"]
    return file.get("dialect", "service")


def digest(case, path, dataset, format):
    files = [file for file in dataset["files"] if file["format"] == format]
    files.sort(key=lambda file: file["table"] != "")
    return independent_reader.digest(
        format, layouts_of(case)[dataset["entity"]], [str(path / file["path"]) for file in files],
        dialect(case, files[0]), [file["table"] for file in files])


@support.for_every_case
class Content:
    def check(self, format):
        path = support.unzipped(self.case)
        read = records = 0
        for dataset in support.manifest(self.case)["datasets"]:
            if not any(file["format"] == format for file in dataset["files"]):
                continue
            with self.subTest(dataset["id"]):
                value, count = digest(self.case, path, dataset, format)
                self.assertEqual(count, dataset["records"]["exported"])
                self.assertEqual(value, dataset["content_sha256"])
                read += 1
                records += count
        if format in support.CASES[self.case][1].split(","):
            self.assertGreater(read, 0)
            self.assertGreater(records, 0)
            exported = [d for d in support.manifest(self.case)["datasets"] if "content_sha256" in d]
            self.assertEqual(read, len(exported))
        else:
            self.assertEqual(read, 0)

    def test_json(self):
        self.check("json")

    def test_json_lines(self):
        self.check("jsonl")

    def test_csv(self):
        self.check("csv")

    def test_xml(self):
        self.check("xml")

    def test_the_ledger_adds_up(self):
        for dataset in support.manifest(self.case)["datasets"]:
            records = dataset["records"]
            self.assertEqual(records["extracted"], records["exported"] + sum(records["withheld"].values()))
            for file in dataset["files"]:
                if file["table"] == "":
                    self.assertEqual(file["rows"], records["exported"], file["path"])


class ChangedContent(unittest.TestCase):
    """Shows that the independent reader would have noticed."""

    def test_one_changed_letter_changes_the_digest(self):
        path = support.copy("access")
        dataset = next(d for d in support.manifest("access")["datasets"] if d["id"] == "person")
        for format in ("json", "jsonl", "csv", "xml"):
            with self.subTest(format):
                name = next(f["path"] for f in dataset["files"] if f["format"] == format and not f["table"])
                text = (path / name).read_text(encoding="utf-8")
                self.assertIn("Mäkelä", text)
                (path / name).write_text(text.replace("Mäkelä", "Makelä"), encoding="utf-8", newline="")
                self.assertNotEqual(digest("access", path, dataset, format)[0], dataset["content_sha256"])


class AgainstTheSources(unittest.TestCase):
    """What came out is what went in, as SQLite's own library and Python's json tell it."""

    def records(self, identity):
        dataset = next(d for d in support.manifest("access")["datasets"] if d["id"] == identity)
        file = next(f for f in dataset["files"] if f["format"] == "json")
        return json.loads((support.unzipped("access") / file["path"]).read_text(encoding="utf-8"))

    def query(self, statement):
        database = sqlite3.connect("file:%s?mode=ro" % (support.samples() / "register.sqlite"), uri=True)
        database.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in database.execute(statement)]
        finally:
            database.close()

    def test_messages(self):
        rows = self.query(
            "SELECT message_id, subject, body FROM support_messages"
            " WHERE user_id = 1042 AND author_class = 'user' ORDER BY message_id")
        records = self.records("messages-from-user")
        self.assertGreater(len(rows), 5)
        self.assertTrue(any(re.search("[\x00-\x08\x1b]", row["body"]) for row in rows))
        self.assertEqual(
            [(str(row["message_id"]), row["subject"], row["body"]) for row in rows],
            [(record["record_id"], record["subject_line"], record["body"]) for record in records])

    def test_a_column_that_no_one_mapped(self):
        code = self.query("SELECT legacy_code FROM users WHERE user_id = 1042")[0]["legacy_code"]
        self.assertEqual(self.records("person")[0]["other"], {"legacy_code": code})

    def test_every_dataset_of_the_register_has_as_many_records_as_rows(self):
        tables = {
            "email-addresses": "user_emails", "telephone-numbers": "user_phones", "preferences": "user_settings",
            "devices": "devices", "calls": "calls", "notes": "internal_notes", "consultations": "access_log",
            "segments": "segments", "marketing-prohibitions": "marketing_prohibitions",
            "credentials": "credentials", "former-names": "user_names_history"}
        for identity, table in tables.items():
            with self.subTest(identity):
                rows = self.query("SELECT count(*) AS n FROM %s WHERE user_id = 1042" % table)[0]["n"]
                self.assertEqual(len(self.records(identity)), rows)

    def test_usage_events(self):
        """Every line of the logs with this user's number or, where no number stands, one of her cookies."""
        import gzip

        cookies = {row["cookie_id"] for row in self.query("SELECT cookie_id FROM devices WHERE user_id = 1042")}
        found = []
        for path in sorted((support.samples() / "logs").iterdir()):
            with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
                for line in file:
                    try:
                        event = json.loads(line)
                    except ValueError:
                        continue
                    if not isinstance(event, dict):
                        continue
                    user = event.get("user")
                    if user == 1042 or str(user) == "1042" or (user is None and event.get("cookie") in cookies):
                        found.append((event["ts"], event["event"]))
        records = [
            (record["occurred_at"], record["event"])
            for identity in ("sign-ins", "usage-events") for record in self.records(identity)]
        self.assertGreater(len(found), 100)
        self.assertEqual(sorted(found), sorted(records))
