"""A batch makes the archives that export makes, and whenever it is ended, it goes on where it stopped."""

import functools
import json
import pathlib
import random
import signal
import sqlite3
import subprocess
import time
import unittest

import support
import test_age
import test_officer
import test_sign

#: How many requests.
COUNT = 14


def write_requests(folder, count=COUNT):
    """Requests of the first users of the register, in all languages, formats and two rights."""
    database = sqlite3.connect(support.samples() / "register.sqlite")
    users = [row[0] for row in database.execute("SELECT user_id FROM users ORDER BY user_id LIMIT ?", (count,))]
    database.close()
    for number, user in enumerate(users):
        request = {
            "id": "R-%03d" % number, "right": ("access", "portability")[number % 2], "received": "2026-11-02",
            "language": ("fi", "sv", "en")[number % 3], "identifiers": {"user_id": user},
            "identity_check": {"method": "in-person", "by": "privacy-officer"},
            "formats": (["json"], ["json", "csv", "xml"])[number % 4 == 0],
        }
        (folder / ("R-%03d.json" % number)).write_text(json.dumps(request), encoding="utf-8")
    return folder


@functools.cache
def requests():
    return write_requests(support.folder("requests"))


def arguments(output, *more, requests_at=None):
    return [
        "batch", "--config", str(support.samples() / "portability.yaml"), "--requests", str(requests_at or requests()),
        "--output", str(output), "--created", support.CREATED, *map(str, more)]


def results(output):
    lines = (output / "batch-results.jsonl").read_text(encoding="utf-8").splitlines()
    return {line["request"]: line for line in map(json.loads, lines)}


def archives(output):
    return {path.name: support.sha256(path) for path in sorted(pathlib.Path(output).glob("*.zip"))}


@functools.cache
def whole():
    """What a batch makes that nobody disturbs."""
    output = support.folder("batch") / "out"
    support.run(*arguments(output), check=support.EXIT_COMPLETE)
    return archives(output)


class Batch(unittest.TestCase):
    def setUp(self):
        self.output = support.folder("batch") / "out"

    def start(self):
        return subprocess.Popen(
            [support.program(), *arguments(self.output, "--progress", "json")], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def test_the_same_bytes_as_export(self):
        self.assertEqual(len(whole()), COUNT)
        for name in ("R-000", "R-001", "R-002", "R-007"):
            alone = support.folder("alone") / "a.zip"
            support.export(requests() / ("%s.json" % name), alone, "--created", support.CREATED)
            self.assertEqual(support.sha256(alone), whole()["%s.zip" % name])

    def test_a_file_of_requests_and_other_choices(self):
        lines = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(requests().glob("*.json"))[:3]]
        file = support.folder("lines") / "requests.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        support.run(
            *arguments(self.output, "--format", "csv", "--compression", "zlib", "--threads", 0, requests_at=file),
            check=support.EXIT_COMPLETE)
        self.assertEqual(sorted(archives(self.output)), ["R-000.zip", "R-001.zip", "R-002.zip"])
        alone = support.folder("alone") / "a.zip"
        support.export(
            requests() / "R-001.json", alone, "--created", support.CREATED, "--compression", "zlib", formats="csv")
        self.assertEqual(support.sha256(alone), archives(self.output)["R-001.zip"])
        self.assertEqual(results(self.output)["R-001"]["origin"], "line 2")

    def test_failures_stay_alone_and_the_status_is_the_gravest(self):
        folder = write_requests(support.folder("requests"), 2)
        for request in ("unknown.yaml", "no-identity-check.yaml", "shared-cookie.yaml"):
            (folder / request).write_bytes((support.samples() / "requests" / request).read_bytes())
        ended = support.run(*arguments(self.output, requests_at=folder), check=support.EXIT_IDENTITY)
        self.assertIn("FAILED", ended.stderr)
        self.assertTrue({"R-000.zip", "R-001.zip"} <= set(archives(self.output)))
        (folder / "broken.yaml").write_text("id: [", encoding="utf-8")
        support.run(*arguments(self.output, requests_at=folder), check=support.EXIT_USAGE)
        told = [json.loads(line) for line in (self.output / "batch-results.jsonl").read_text().splitlines()]
        self.assertEqual([line["origin"] for line in told if line["request"] is None], ["broken.yaml"])
        self.assertEqual(sum(line["request"] == "R-000" for line in told), 1, "an archive is told of once")

    def test_what_was_delivered_is_not_made_again(self):
        folder = write_requests(support.folder("requests"), 3)
        support.run(*arguments(self.output, requests_at=folder), check=support.EXIT_COMPLETE)
        receipt = self.output / "R-000.zip.receipt.json"
        proof = receipt.read_bytes()
        for name in ("R-000.zip", "R-001.zip", "R-001.zip.receipt.json"):
            (self.output / name).unlink()
        again = support.run(*arguments(self.output, "--created", "1793630000", requests_at=folder),
                            check=support.EXIT_COMPLETE)  # fmt: skip
        self.assertFalse((self.output / "R-000.zip").exists(), "it was delivered, its receipt stands")
        self.assertEqual(receipt.read_bytes(), proof)
        self.assertTrue((self.output / "R-001.zip").exists(), "without a receipt it is made anew")
        self.assertIn("2 archives kept", again.stderr)

    def test_a_list_that_is_filled_in_is_the_review(self):
        office = test_officer.make_office()
        folder = support.folder("requests")
        name = "R-2026-0001"
        (folder / "access.yaml").write_bytes((office / "requests/access.yaml").read_bytes())
        command = ["batch", "--config", office / "portability.yaml", "--requests", folder, "--output", self.output]
        for ended in (support.run(*command), support.run(*command)):
            self.assertEqual(ended.returncode, support.EXIT_REFUSED)
            self.assertIn("run the same batch again", ended.stderr)
        lists = list(self.output.glob("*.review.json"))
        self.assertEqual([path.name for path in lists], [name + ".review.json"], "one list, whatever is run how often")
        test_officer.decide(lists[0], lists[0], approved_by="legal-counsel", approved_at="2026-11-20T11:00:00+02:00")
        support.run(*command, check=support.EXIT_COMPLETE)
        support.run("verify", self.output / (name + ".zip"), check=support.EXIT_COMPLETE)

    def test_a_request_that_cannot_be_read_is_wrong_use(self):
        folder = write_requests(support.folder("requests"), 1)
        (folder / "gone.yaml").symlink_to(folder / "nowhere.yaml")
        support.run(*arguments(self.output, requests_at=folder), check=support.EXIT_USAGE)
        lines = support.folder("requests") / "lines.jsonl"
        lines.write_text((folder / "R-000.json").read_text() + '\n{"id": "R-9",}\n', encoding="utf-8")
        ended = support.run(*arguments(self.output, requests_at=lines), check=support.EXIT_USAGE)
        self.assertIn("the line is not well-formed JSON", ended.stderr)

    def test_json_as_other_programs_write_it(self):
        """Characters beyond U+FFFF as two escapes, and a byte order mark; no key is repeated in an error."""
        request = json.loads((write_requests(support.folder("requests"), 1) / "R-000.json").read_text())
        request["identifiers"] = {"email": "\U0001f600@example.org"}
        lines = support.folder("requests") / "lines.jsonl"
        lines.write_text(json.dumps(request) + "\n", encoding="utf-8-sig")
        self.assertIn("\\ud83d\\ude00", lines.read_text(encoding="utf-8-sig"))
        ended = support.run(*arguments(self.output, requests_at=lines), check=support.EXIT_IDENTITY)
        self.assertNotIn("well-formed", ended.stderr)
        lines.write_text('{"id": "R-2", "identifiers": {"hidden.person": 1, "hidden.person": 2}}\n', encoding="utf-8")
        ended = support.run(*arguments(self.output, requests_at=lines), check=support.EXIT_USAGE)
        self.assertIn("twice", ended.stderr)
        self.assertNotIn("hidden.person", ended.stderr + (self.output / "batch-results.jsonl").read_text())

    def test_notes_of_somebody_else_stay(self):
        self.output.mkdir(mode=0o700)
        notes = self.output / "batch-results.jsonl"
        notes.write_text("my own notes", encoding="utf-8")
        support.run(*arguments(self.output), check=support.EXIT_FAILED)
        self.assertEqual(notes.read_text(encoding="utf-8"), "my own notes")

    def test_two_requests_of_one_id(self):
        folder = write_requests(support.folder("requests"), 2)
        (folder / "again.json").write_bytes((folder / "R-001.json").read_bytes())
        ended = support.run(*arguments(self.output, requests_at=folder), check=support.EXIT_USAGE)
        self.assertIn("again.json", ended.stderr)
        self.assertFalse(self.output.exists())

    def test_signals(self):
        for number, status in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            with self.subTest(number.name):
                process = self.start()
                for line in process.stderr:
                    if '"status":' in line or '"searching"' in line:
                        break
                process.send_signal(number)
                process.communicate(timeout=120)
                self.assertIn(process.returncode, (status, support.EXIT_COMPLETE))
                self.check_whole()
        support.run(*arguments(self.output), check=support.EXIT_COMPLETE)
        self.assertEqual(archives(self.output), whole())

    def check_whole(self):
        """Nothing but whole archives, each with its receipt."""
        for name, digest in archives(self.output).items():
            self.assertEqual(digest, whole()[name])
            self.assertTrue((self.output / (name + ".receipt.json")).exists(), name)

    def test_killed_at_any_moment(self):
        """Kills at times drawn with a fixed seed, until nothing is left to be done; no archive is made twice."""
        draw = random.Random(20261123)
        begin = time.monotonic()
        support.run(*arguments(support.folder("batch") / "timed"), check=support.EXIT_COMPLETE)
        length = time.monotonic() - begin
        inodes = {}
        for attempt in range(60):
            process = self.start()
            try:
                # Later and later, so that it comes to its end.
                process.communicate(timeout=length * (draw.random() + attempt * 0.05))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
            self.assertIn(process.returncode, (-signal.SIGKILL, support.EXIT_COMPLETE))
            self.check_whole()
            for path in self.output.glob("*.zip"):
                self.assertEqual(inodes.setdefault(path.name, path.stat().st_ino), path.stat().st_ino)
            if process.returncode == support.EXIT_COMPLETE:
                break
        support.run(*arguments(self.output), check=support.EXIT_COMPLETE)
        self.assertEqual(archives(self.output), whole())
        expected = {"batch-results.jsonl", ".portability-batch"}
        for name in whole():
            expected |= {name, name + ".receipt.json"}
        self.assertEqual({path.name for path in self.output.iterdir()}, expected)
        told = results(self.output)
        for name, digest in whole().items():
            self.assertEqual(told[name.removesuffix(".zip")]["sha256"], digest)

    def check_sealed(self, path, allowed_signers):
        """The program age opens it, OpenSSH knows its signature, and its receipt is of its bytes."""
        plain = support.folder("opened") / "archive.zip"
        subprocess.run(
            [support.tool("age"), "-d", "-i", test_age.keys() / "key.txt", "-o", plain, path], check=True,
            capture_output=True)
        checked = test_sign.verify_as_openssh(support.unzip(plain), allowed_signers)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        receipt = json.loads((path.parent / (path.name + ".receipt.json")).read_text(encoding="utf-8"))
        self.assertEqual(receipt["archive"]["sha256"], support.sha256(path))

    def test_signed_and_encrypted_and_killed_in_between(self):
        count = 72  # More than one group of names.
        folder = write_requests(support.folder("requests"), count)
        command = [
            "batch", "--config", test_sign.samples() / "portability.yaml", "--requests", folder, "--output",
            self.output, "--created", support.CREATED, "--format", "json", "--sign-key", test_sign.key(),
            "--encrypt-to", test_age.recipient("key.txt")]
        process = subprocess.Popen(
            [support.program(), *map(str, command), "--progress", "json"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in process.stderr:
            if '"status":' in line:
                break
        process.kill()
        process.communicate()
        inodes = {path.name: path.stat().st_ino for path in self.output.glob("*.zip.age")}
        self.assertGreater(len(inodes), 0)
        for name in inodes:
            self.assertTrue((self.output / (name + ".receipt.json")).exists(), name)
        for _ in range(2):
            kept = len(inodes)
            ended = support.run(*command, check=support.EXIT_COMPLETE)
            self.assertIn("%d archives kept" % kept, ended.stderr)
            made = sorted(self.output.glob("*.zip.age"))
            self.assertEqual(len(made), count)
            for path in made:
                self.assertEqual(inodes.setdefault(path.name, path.stat().st_ino), path.stat().st_ino)
        self.assertEqual(list(self.output.glob("*.zip")), [], "nothing stands there that is not encrypted")
        self.assertEqual({line["status"] for line in results(self.output).values()}, {"complete"})
        for path in made:
            self.check_sealed(path, test_sign.allowed_signers())

    def test_options_that_change_between_runs(self):
        """What stands is kept and said to be; what has another name or says something else is not taken for it."""
        folder = write_requests(support.folder("requests"), 3)
        command = [
            "batch", "--config", test_sign.samples() / "portability.yaml", "--requests", folder, "--output",
            self.output, "--created", support.CREATED]
        support.run(*command, check=support.EXIT_COMPLETE)
        made = archives(self.output)
        for more in (["--sign-key", test_sign.key()], ["--compression", "small"]):
            ended = support.run(*command, *more, "--progress", "json", check=support.EXIT_COMPLETE)
            self.assertIn("3 archives kept", ended.stderr)
            told = [json.loads(line) for line in ended.stderr.splitlines() if line.startswith('{"request"')]
            self.assertEqual([line["kept"] for line in told], [True] * 3)
            self.assertEqual(archives(self.output), made)
        # Under another name, beside what stands.
        encrypt = ["--encrypt-to", test_age.recipient("key.txt")]
        self.assertNotIn("kept", support.run(*command, *encrypt, check=support.EXIT_COMPLETE).stderr)
        for more in (encrypt, []):
            self.assertIn("3 archives kept", support.run(*command, *more, check=support.EXIT_COMPLETE).stderr)
        self.assertEqual(archives(self.output), made)
        # For somebody else: what stands is not for them, and that is no success.
        ended = support.run(
            *command, "--encrypt-to", test_age.recipient("stranger.txt"), check=support.EXIT_FAILED)
        self.assertEqual(ended.stderr.count("for other recipients"), 3, ended.stderr)
        # A request that says something else.
        changed = json.loads((folder / "R-001.json").read_text(encoding="utf-8"))
        changed["identifiers"] = json.loads((folder / "R-002.json").read_text(encoding="utf-8"))["identifiers"]
        (folder / "R-001.json").write_text(json.dumps(changed), encoding="utf-8")
        for more in ([], encrypt):
            ended = support.run(*command, *more, check=support.EXIT_FAILED)
            self.assertIn("FAILED  R-001: the archive was made from another request of this id", ended.stderr)
            self.assertIn("2 archives kept", ended.stderr)
            self.assertEqual(results(self.output)["R-001"]["code"], "output")
        self.assertEqual(archives(self.output), made)

    def test_an_archive_that_lost_its_receipt(self):
        folder = write_requests(support.folder("requests"), 3)
        support.run(*arguments(self.output, requests_at=folder), check=support.EXIT_COMPLETE)
        receipt = self.output / "R-001.zip.receipt.json"
        aside = receipt.rename(support.folder("aside") / "receipt.json")
        ended = support.run(*arguments(self.output, requests_at=folder), check=support.EXIT_FAILED)
        self.assertIn("the archive has lost its receipt", ended.stderr)
        self.assertIn("2 archives kept", ended.stderr)
        aside.rename(receipt)
        ended = support.run(*arguments(self.output, requests_at=folder), check=support.EXIT_COMPLETE)
        self.assertIn("3 archives kept", ended.stderr)
        self.assertEqual(results(self.output)["R-001"]["status"], "complete")

    def test_nothing_personal_in_what_stays(self):
        support.run(*arguments(self.output), check=support.EXIT_COMPLETE)
        database = sqlite3.connect(support.samples() / "register.sqlite")
        users = [row for row in database.execute(
            "SELECT given_name, family_name FROM users ORDER BY user_id LIMIT ?", (COUNT,))]
        database.close()
        kept = (self.output / "batch-results.jsonl").read_text() + (self.output / ".portability-batch").read_text()
        for given, family in users:
            self.assertNotIn(given, kept)
            self.assertNotIn(family, kept)
        for path in self.output.iterdir():
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main()
