"""Secrets never come out, and what the program says to the terminal holds nobody's data."""

import base64
import json
import os
import re
import sqlite3
import subprocess
import unittest
import zipfile

import support

SECRETS = [b"never-export", base64.b64encode(b"never-export"), base64.b32encode(b"never-export")[:19]]


def query(statement, *parameters):
    database = sqlite3.connect("file:%s?mode=ro" % (support.samples() / "register.sqlite"), uri=True)
    try:
        return database.execute(statement, parameters).fetchall()
    finally:
        database.close()


@support.for_every_case
class Secrets:
    def test_no_secret_is_in_any_file(self):
        stored = [row[0].encode() for row in query("SELECT secret FROM credentials")]
        self.assertGreater(len(stored), 100)
        for secret in stored:
            self.assertTrue(any(marker in secret for marker in SECRETS), "a secret without a marker")
        with zipfile.ZipFile(support.archive(self.case)) as file:
            for name in file.namelist():
                data = file.read(name)
                for marker in SECRETS:
                    self.assertNotIn(marker, data, name)

    def test_file_names_hold_nobodys_data(self):
        numbers = {str(row[0]) for row in query("SELECT user_id FROM users UNION SELECT customer_number FROM users")}
        with zipfile.ZipFile(support.archive(self.case)) as file:
            for name in file.namelist():
                for number in numbers:
                    self.assertNotIn(number, name)

    def test_only_payload_and_overview_hold_the_subjects_data(self):
        """Manifest, package description and processing information say what there is, not what it says."""
        words = canaries()
        path = support.unzipped(self.case)
        for name in support.tree(path):
            if name.startswith("data/") or name == "index.html":
                continue
            text = (path / name).read_text(encoding="utf-8")
            for word in words:
                self.assertIsNone(word.search(text), name)


def canaries():
    """Patterns of names and identifiers of the users whose data the tests export; nothing short enough to occur by chance."""
    words = set()
    for user, customer in ((1042, 20042), (1110, 20110), (1043, 20043), (1071, 20071), (1099, 20099), (1051, 20051)):
        for row in query(
            "SELECT given_name, family_name, nickname, personal_identity_code FROM users WHERE user_id = ?", user):
            words.update(row)
        for row in query("SELECT address FROM user_emails WHERE user_id = ?", user):
            words.update(row)
        for row in query("SELECT number FROM user_phones WHERE user_id = ?", user):
            words.update(row)
        for row in query("SELECT cookie_id FROM devices WHERE user_id = ?", user):
            words.update(row)
        for row in query("SELECT name, iban FROM customers WHERE customer_number = ?", customer):
            words.update(row)
        words.update(row[0] for row in query("SELECT street FROM addresses WHERE user_id = ?", user))
        words.update((str(user), str(customer)))
    # As whole words: a number may stand within a checksum.
    return [re.compile(r"(?<![\w.])%s(?![\w.])" % re.escape(word)) for word in sorted(words - {None}) if len(word) > 3]


class Messages(unittest.TestCase):
    """Everything that every command prints, with success and without."""

    def check(self, result, allowed=()):
        printed = result.stdout + result.stderr
        for path in allowed:
            printed = printed.replace(str(path), "")
        for word in canaries():
            self.assertIsNone(word.search(printed), word.pattern)
        for marker in SECRETS:
            self.assertNotIn(marker.decode(), printed)

    def test_there_is_something_to_find(self):
        self.assertGreater(len(canaries()), 40)
        text = (support.unzipped("access") / "data" / "registration" / "person.json").read_text(encoding="utf-8")
        self.assertTrue(any(word.search(text) for word in canaries()))

    def test_every_command_with_every_request(self):
        samples = support.samples()
        config = samples / "portability.yaml"
        for request in sorted((samples / "requests").glob("*.yaml")):
            with self.subTest(request.name):
                output = support.folder("said") / "archive.zip"
                self.check(support.run("plan", "--config", config, "--request", request), [output])
                for progress in ("json", "bar"):
                    self.check(
                        support.run(
                            "export", "--config", config, "--request", request, "--output", output, "--replace",
                            "--progress", progress),
                        [output])
                if output.exists():
                    self.check(support.run("verify", output), [output])
                    self.check(support.run("inspect", "--files", output), [output])
        self.check(support.run("sources", "check", "--config", config))

    def test_a_broken_log(self):
        output = support.folder("said") / "archive.zip"
        self.check(
            support.export(
                "access.yaml", output, samples_at=support.broken_samples(), check=support.EXIT_PARTIAL), [output])

    def test_a_broken_invoice(self):
        samples = support.make_samples()
        invoices = sorted((samples / "invoices" / "billing" / "20042").glob("*.xml"))
        self.assertTrue(invoices)
        data = invoices[0].read_bytes()
        for broken in (data[: len(data) // 2], data.replace(b"</", b"<", 3), b"<!DOCTYPE a>" + data, b"\x00" * 50):
            invoices[0].write_bytes(broken)
            output = support.folder("said") / "archive.zip"
            result = support.export("access.yaml", output, samples_at=samples, check=support.EXIT_PARTIAL)
            self.check(result, [output, samples])
            self.assertNotIn(invoices[0].name, result.stderr.replace(str(output), ""))
            manifest = json.loads(zipfile.ZipFile(output).read("manifest.json"))
            self.assertEqual(manifest["status"], "partial")
            source = next(source for source in manifest["sources"] if source["id"] == "billing")
            self.assertEqual(source["status"], "partial")

    def test_a_request_with_a_mistake(self):
        text = (support.samples() / "requests" / "access.yaml").read_text(encoding="utf-8")
        path = support.folder("request") / "request.yaml"
        for old, new in (
            ("user_id: 1042", "user: 1042"), ("user_id: 1042", "user_id: {a: 1042}"),
            ("right: access", "right: Aino"), ("user_id: 1042", "user_id: [1042, 1043]"),
            ("user_id: 1042", "email: Mäkelä-Šuvalova"),
        ):
            with self.subTest(new):
                path.write_text(text.replace(old, new), encoding="utf-8")
                result = support.run(
                    "export", "--config", support.samples() / "portability.yaml", "--request", path, "--output",
                    support.folder("said") / "archive.zip")
                self.assertNotEqual(result.returncode, support.EXIT_COMPLETE)
                self.check(result)

    def test_the_values_are_not_in_the_arguments_of_the_process(self):
        """While a value is read from a file descriptor, /proc shows the command without it."""
        reading, writing = os.pipe()
        output = support.folder("proc") / "archive.zip"
        process = subprocess.Popen(
            [support.program(), "export", "--config", str(support.samples() / "portability.yaml"), "--identifier",
             "user_id", "--identifier-fd", str(reading), "--identity-check", "in-person", "--format", "json",
             "--output", str(output)],
            pass_fds=(reading,), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.close(reading)
        with open("/proc/%d/cmdline" % process.pid, "rb") as file:
            self.assertNotIn(b"1042", file.read().replace(str(output).encode(), b""))
        os.write(writing, b"1042\n")
        os.close(writing)
        process.communicate(timeout=120)
        self.assertEqual(process.returncode, support.EXIT_COMPLETE)
