"""B's data surround A's: what A asks for holds of B what the rules keep, as often as the ledger says, and nothing else.

The planted values and what is to become of each are in neighbours.PLANTS. What no program can see is tested for what it
is: a row of B's under A's own key cannot be told from one of A's (`LyingSources`).
"""

import base64
import binascii
import collections
import functools
import gzip
import json
import os
import re
import stat
import unicodedata
import unittest
import urllib.parse
import zipfile
import zlib

import neighbours
import support

RIGHTS = ("access", "portability", "switching", "handover")
FORMATS = ("json", "jsonl", "csv", "xml")


# MARK: looking for a value however it is written

def needles(value):
    """Spellings and encodings of a value: (bytes in lower case, whether case matters)."""
    spellings = {value, unicodedata.normalize("NFD", value), unicodedata.normalize("NFKC", value)}
    if sum(letter.isdigit() for letter in value) >= 8:
        compact = re.sub(r"[ ()-]", "", value)
        spellings.add(compact)
        if re.match(r"(?i)fi\d{16}$", compact):
            # A bar code holds the account without its country.
            spellings |= {compact[2:], neighbours.spaced(compact)}
        if re.match(r"\+358", compact):
            spellings |= {"0" + compact[4:], "00" + compact[1:]}
    found = set()
    for spelling in spellings:
        for text in {
            spelling, json.dumps(spelling)[1:-1], spelling.replace("@", "\\u0040"), urllib.parse.quote(spelling),
            urllib.parse.quote(spelling, safe="@"), spelling.replace("@", "&#64;"), spelling.replace("@", "&#x40;"),
            "".join("&#%d;" % ord(letter) for letter in spelling),
        }:  # fmt: skip
            found.add((text.lower().encode(), False))
        for encoding in ("latin-1", "utf-16-le", "utf-16-be"):
            try:
                found.add((spelling.lower().encode(encoding), False))
            except UnicodeEncodeError:
                continue
        for written in {spelling, spelling.lower(), spelling.upper()}:
            for offset in range(3):
                # What of base64 depends on the value alone, whatever stands before and after.
                data = base64.b64encode(b"\0" * offset + written.encode())
                found.add((data[(0, 2, 3)[offset] : len(data) // 4 * 4 - 4], True))
            found.add((written.encode().hex().encode(), False))
    return found


NEEDLES = {key: needles(plant.value) for key, plant in neighbours.PLANTS.items()}


def layers(data, depth=3):
    """The bytes, and what is packed or encoded inside: base64, gzip, zlib streams as those of PDF."""
    yield data
    if depth == 0:
        return
    for run in re.findall(rb"[A-Za-z0-9+/=\r\n]{24,}", data):
        run = re.sub(rb"[\r\n]", b"", run).rstrip(b"=")
        try:
            yield from layers(base64.b64decode(run + b"=" * (-len(run) % 4), validate=True), depth - 1)
        except binascii.Error:
            continue
    packed = [data[start.start() :] for start in re.finditer(rb"\x1f\x8b\x08", data)]
    for stream in packed + re.findall(rb"stream\r?\n(.*?)endstream", data, re.S):
        try:
            # 47: gzip or zlib, by the head.
            yield from layers(zlib.decompressobj(47).decompress(stream, 1 << 24), depth - 1)
        except zlib.error:
            continue


def seen(data, keys=neighbours.PLANTS):
    """The plants that are somewhere in the bytes."""
    found = set()
    for layer in layers(data):
        lower = layer.lower()
        for key in keys:
            if any(needle in (layer if exact else lower) for needle, exact in NEEDLES[key]):
                found.add(key)
    return found


def seen_in_files(path):
    """The plants that are in the files under a folder, or in their names."""
    found = {}
    for file in sorted(path.rglob("*")):
        keys = seen(str(file.relative_to(path)).encode()) | (seen(file.read_bytes()) if file.is_file() else set())
        if keys:
            found[str(file.relative_to(path))] = sorted(keys)
    return found

def beyond(kept, path):
    """The plants in the files under a folder that are none of those kept."""
    found = {name: sorted(set(keys) - kept) for name, keys in seen_in_files(path).items()}
    return {name: keys for name, keys in found.items() if keys}


# MARK: what the ledger must say

#: Hits in free text by dataset, kind and what became of them. Words of A's that are nobody's identifier count nowhere.
_MESSAGES = {"card": 1, "email": 5, "iban": 1, "telephone": 1}
_CODES = {"identity-code": 2}
_USAGE = {"email": 5}
_PAYMENTS = {"email": 1, "name": 1}
_MASKED = {
    "access": {
        "messages-from-user": _CODES, "messages-from-staff": {"email": 1, "telephone": 1}, "calls": {"email": 1},
        "notes": {"email": 1, "iban": 1, "identity-code": 1}, "consultations": {"email": 1}, "payments": _PAYMENTS,
        "service-fees": {"email": 2}, "agent-fees": {"name": 1}, "usage-events": _USAGE,
    },
    "portability": {"messages-from-user": _CODES, "payments": _PAYMENTS, "usage-events": _USAGE},
    "switching": {},
    "handover": {},
}  # fmt: skip
_KEPT = {
    "access": {"messages-from-user": _MESSAGES},
    "portability": {"messages-from-user": _MESSAGES},
    "switching": {
        "messages-from-user": _MESSAGES | _CODES, "payments": {"email": 1}, "clients": {"identity-code": 1},
        "usage-events": _USAGE,
    },
    "handover": {"clients": {"identity-code": 1}},
}  # fmt: skip
FINDINGS = {
    right: {
        (dataset, kind, action): count
        for action, datasets in (("mask", _MASKED[right]), ("keep", _KEPT[right]))
        for dataset, kinds in datasets.items() for kind, count in kinds.items()}
    for right in RIGHTS
}  # fmt: skip
FINDINGS["access"]["notes", "name", "label"] = 1

_OTHERS = {
    ("payments", field, "mask", "rights-of-others"): count
    for field, count in (("payer_name", 2), ("payer_iban", 2), ("payee_name", 1), ("payee_iban", 1))}
_SELLER = [
    "seller.name", "seller.address.street", "seller.address.city", "seller.address.postal_code",
    "seller.contacts.email", "seller.bank_accounts.account"]  # fmt: skip
#: Values that rules took: dataset, field, action, ground. The bar code repeats the seller's account.
FIELDS = {
    "access": _OTHERS | {("agent-fees", field, "mask", "rights-of-others"): 1 for field in _SELLER} | {
        ("agent-fees", "seller.legal_id", "withhold", "identity-code-of-another"): 1,
        ("agent-fees", "virtual_barcode", "mask", "rights-of-others"): 1,
        ("notes", "staff_name", "label", "staff-name"): 1, ("consultations", "by_name", "label", "staff-name"): 1,
        ("consultations", "by_id", "withhold", "staff-name"): 1,
    },
    "portability": _OTHERS, "switching": {}, "handover": {},
}  # fmt: skip

#: Files that stay out. Nine originals of fees and five attachments show B, or may: of eleven fees two are clean.
DOCUMENTS = {
    ("access", "service-fees"): {"not-redactable": 9 + 5},
    ("access", "agent-fees"): {"not-redactable": 1},
}

_PORTABLE = {
    "person": 1, "emails": 2, "telephones": 1, "addresses": 1, "devices": 1, "messages-from-user": 3, "payments": 3,
    "payments-entered": 1, "usage-events": 6,
}  # fmt: skip
_WORKSPACE = {
    "clients": 1, "invoices-issued": 1, "invoices-issued-documents": 1, "invoices-received": 1,
    "invoices-received-documents": 1,
}  # fmt: skip
RECORDS = {
    "access": _PORTABLE | {
        "messages-from-staff": 1, "calls": 1, "notes": 1, "consultations": 1, "service-fees": 11,
        "service-fees-documents": 3, "agent-fees": 1, "shared-fees": 1, "shared-fees-documents": 1,
    },
    "portability": _PORTABLE, "switching": _PORTABLE | _WORKSPACE, "handover": _WORKSPACE,
}  # fmt: skip


# MARK: the exports

class Export:
    """One export of A's, with everything it left anywhere."""

    def __init__(self, right, world, *arguments, check=support.EXIT_COMPLETE, more=""):
        self.right = right
        self.world = world
        self.output = support.folder("output")
        self.temporary = support.folder("temporary")
        self.request = neighbours.request(world, right, more=more)
        self.archive = self.output / "R-1.zip"
        self.said = self.run(
            "export", *self.about(), "--output", self.archive, "--print", "full", "--progress", "json", *arguments,
            check=check)
        self.files = support.unzip(self.archive) if self.archive.exists() else None

    def about(self):
        return ["--config", self.world / "portability.yaml", "--request", self.request]

    def run(self, *arguments, check=support.EXIT_COMPLETE):
        return support.run(
            *arguments, environment={"TMPDIR": str(self.temporary), "SOURCE_DATE_EPOCH": support.CREATED}, check=check)

    @functools.cached_property
    def manifest(self):
        return json.loads((self.files / "manifest.json").read_text(encoding="utf-8"))

    def dataset(self, id):
        return next(dataset for dataset in self.manifest["datasets"] if dataset["id"] == id)

    def payload(self, format):
        """The bytes of all data files in a format, child tables too."""
        names = [
            file["path"] for dataset in self.manifest["datasets"] for file in dataset["files"]
            if file["format"] == format
        ]
        return b"\n".join((self.files / name).read_bytes() for name in names)

    def documents(self):
        folder = self.files / "data" / "documents"
        return [file.read_bytes() for file in sorted(folder.iterdir())] if folder.exists() else []


@functools.cache
def world():
    return neighbours.make()


@functools.cache
def exported(right):
    return Export(right, world())


class Searching(unittest.TestCase):
    """The search finds what it is to find: a test that sees nothing proves nothing."""

    def test_there_are_fifty_values_and_no_two_alike(self):
        plants = {plant.value.lower() for plant in neighbours.PLANTS.values()}
        self.assertGreaterEqual(len(plants), 50)
        self.assertEqual(len(plants), len(neighbours.PLANTS))

    def test_every_value_is_in_the_sources(self):
        found = {key for keys in seen_in_files(world()).values() for key in keys}
        self.assertEqual(set(neighbours.PLANTS) - found, set())

    def test_spellings_and_encodings_are_found(self):
        mail, account = neighbours.value("email in message"), neighbours.value("iban in message")
        for text in (
            mail.upper(), mail.replace("@", "\\u0040"), mail.replace("@", "&#64;"), mail.encode("utf-16-le"),
            base64.b64encode(b"a" + mail.encode() + b"b"), base64.b64encode(gzip.compress(mail.encode())),
            gzip.compress(mail.encode()), b"stream\n" + zlib.compress(mail.encode()) + b"endstream",
        ):
            with self.subTest(text):
                self.assertEqual(seen(text if isinstance(text, bytes) else text.encode()), {"email in message"})
        for text in (account, account.replace(" ", ""), account.lower(), "4" + account.replace(" ", "")[2:] + "0001"):
            with self.subTest(text):
                self.assertEqual(seen(text.encode()), {"iban in message"})
        self.assertEqual(
            seen(unicodedata.normalize("NFD", neighbours.value("accented email")).encode()), {"accented email"})


class Canary:
    """Base of one class for each right."""

    maxDiff = None

    def setUp(self):
        self.export = exported(self.right)

    def test_every_value_stands_as_often_as_the_table_says(self):
        for key, plant in neighbours.PLANTS.items():
            for format in FORMATS:
                with self.subTest(plant=key, format=format):
                    found = self.export.payload(format).count(plant.value.encode())
                    self.assertEqual(found, plant.kept.get(self.right, 0))
            with self.subTest(plant=key, format="documents"):
                found = sum(plant.value.encode() in data for data in self.export.documents())
                self.assertEqual(found, plant.documents.get(self.right, 0))

    def test_what_is_not_kept_is_nowhere_however_it_is_written(self):
        kept = {key for key, plant in neighbours.PLANTS.items() if self.right in plant.kept}
        self.assertEqual(beyond(kept, self.export.files), {})

    def test_the_page_shows_what_the_data_hold(self):
        """All of it, as `--print full` was asked for, but identity codes, and a seller's account on an invoice."""
        kept = {key for key, plant in neighbours.PLANTS.items() if self.right in plant.kept}
        page = seen((self.export.files / "index.html").read_bytes())
        self.assertEqual(page - kept, set())
        hidden = {"seller's iban"} | {key for key in kept if "code" in key}
        self.assertEqual(kept - page - hidden, set())

    def test_the_ledger_counts_what_was_done_to_text(self):
        """Masks and kept hits: as many as the table says for what stands in free text."""
        done = collections.Counter()
        for dataset in self.export.manifest["datasets"]:
            for finding in dataset["text_findings"]:
                done[dataset["id"], finding["kind"], finding["action"]] += finding["count"]
        self.assertEqual(dict(done), FINDINGS[self.right])

    def test_the_ledger_counts_what_was_done_to_fields(self):
        done = {}
        for dataset in self.export.manifest["datasets"]:
            for field in dataset["fields_withheld"]:
                done[dataset["id"], field["field"], field["action"], field["ground"]] = field["count"]
        self.assertEqual(done, FIELDS[self.right])

    def test_the_ledger_counts_files(self):
        for dataset in self.export.manifest["datasets"]:
            if dataset["status"] == "exported":
                expected = DOCUMENTS.get((self.right, dataset["id"]), {})
                with self.subTest(dataset["id"]):
                    self.assertEqual(dataset["documents_withheld"], expected)

    def test_the_records_are_those_of_the_subject(self):
        counts = {
            dataset["id"]: dataset["records"]["exported"] for dataset in self.export.manifest["datasets"]
            if dataset["status"] == "exported" and dataset["records"]["exported"]}
        self.assertEqual(counts, RECORDS[self.right])
        for line in self.export.payload("jsonl").splitlines():
            if line:
                record = json.loads(line)
                self.assertNotIn(neighbours.B_USER, [str(each) for each in record.values()])
                self.assertNotIn(neighbours.B_CUSTOMER, [str(each) for each in record.values()])

    def test_nothing_is_said_about_anybody(self):
        """Standard output and error of every command, the receipt, the letter: no value, kept or not."""
        export = self.export
        about, receipt = export.about(), export.output / "R-1.zip.receipt.json"
        kind = "delivery" if self.right in ("access", "portability") else "handover-cover"
        for command in (
            ["plan", *about], ["verify", export.archive], ["inspect", "--files", export.archive],
            ["letter", kind, *about, "--receipt", receipt],
        ):
            with self.subTest(command[0]):
                said = export.run(*command)
                self.assertEqual(seen((said.stdout + said.stderr).encode()), set())
        self.assertEqual(seen((export.said.stdout + export.said.stderr).encode()), set())
        self.assertEqual(seen(receipt.read_bytes()), set())
        self.assertEqual(seen((export.world / "journal.jsonl").read_bytes()), set())

    def test_nothing_is_left_behind(self):
        self.assertEqual(list(self.export.temporary.rglob("*")), [])
        self.assertEqual(
            sorted(file.name for file in self.export.output.iterdir()), ["R-1.zip", "R-1.zip.receipt.json"])

    def test_the_shared_computer_is_not_used(self):
        said = self.export.manifest["sources"]
        usage = next(source for source in said if source["id"] == "usage")
        shared = [finding["kind"] for finding in usage["findings"] if finding["kind"] == "shared-identifier"]
        self.assertEqual(shared, ["shared-identifier"])


for _right in RIGHTS:
    _name = "Canary_" + _right
    globals()[_name] = type(_name, (Canary, unittest.TestCase), {"right": _right, "__module__": __name__})


class LyingSources(unittest.TestCase):
    """A source that delivers what it was not asked for ends the export, and says so without saying whose it is."""

    ADDRESSES = "user_id AS subject, street FROM addresses\n                  WHERE user_id IN (:user_id)"

    def run_changed(self, old, new, right="access"):
        self.assertIn(old, neighbours.SOURCES)
        return Export(right, neighbours.make(sources=neighbours.SOURCES.replace(old, new)), check=None)

    def assert_stopped(self, export, message):
        said = export.said.stdout + export.said.stderr
        self.assertEqual(export.said.returncode, support.EXIT_FAILED, said)
        self.assertEqual(said.count("error"), 1)
        self.assertIn(message, said)
        self.assertEqual(seen(said.encode()), set())
        self.assertEqual(list(export.output.iterdir()), [])
        self.assertEqual(list(export.temporary.rglob("*")), [])
        journal = export.world / "journal.jsonl"
        self.assertNotIn("exported", journal.read_text(encoding="utf-8") if journal.exists() else "")

    def test_a_row_of_another_subject(self):
        for key in ("user_id", "NULL", "''", "user_id || ' '"):
            with self.subTest(key):
                export = self.run_changed(
                    self.ADDRESSES, key + " AS subject, street FROM addresses WHERE :user_id IS NOT NULL")
                self.assert_stopped(export, "a record of another subject was delivered")

    def test_a_row_under_the_subjects_own_key_cannot_be_told(self):
        """Whose a row is the register says. If it says A of B's row, nobody but a reader of the query can know."""
        export = self.run_changed(
            self.ADDRESSES, "'501' AS subject, street FROM addresses WHERE :user_id IS NOT NULL")
        self.assertEqual(export.said.returncode, support.EXIT_COMPLETE)
        self.assertIn(neighbours.value("B's street").encode(), export.payload("json"))

    def test_a_file_that_names_another_than_its_folder(self):
        sources = neighbours.SOURCES.replace("invoices/agents/*.xml", "invoices/agents/{customer_number}/*.xml")
        world = neighbours.make(sources=sources)
        agents = world / "invoices" / "agents"
        for customer in (neighbours.A_CUSTOMER, neighbours.B_CUSTOMER):
            (agents / customer).mkdir()
        (agents / "1.xml").rename(agents / neighbours.A_CUSTOMER / "1.xml")
        self.assertEqual(Export("access", world).dataset("agent-fees")["records"]["exported"], 1)
        (world / "journal.jsonl").unlink()
        (agents / "2.xml").rename(agents / neighbours.A_CUSTOMER / "2.xml")
        self.assert_stopped(Export("access", world, check=None), "another subject")

    def test_a_link_to_a_file_of_another_is_not_followed(self):
        world = neighbours.make()
        fees = world / "invoices" / "fees"
        (fees / neighbours.A_CUSTOMER / "99.xml").symlink_to(fees / neighbours.B_CUSTOMER / "1.xml")
        export = Export("access", world, check=support.EXIT_PARTIAL)
        for name, keys in seen_in_files(export.files).items():
            self.assertNotIn("B's own fee", keys, name)

    def test_an_address_that_two_share_identifies_neither(self):
        world = neighbours.make()
        for identifiers in (
            "email: " + neighbours.SHARED_EMAIL, "cookie_id: " + neighbours.COOKIE,
            "user_id: 501, email: %s" % neighbours.value("B's email"), "user_id: 501, customer_number: 70010",
        ):
            with self.subTest(identifiers):
                request = neighbours.request(world, "access", identifiers)
                output = support.folder("output") / "R-1.zip"
                said = support.run(
                    "export", "--config", world / "portability.yaml", "--request", request, "--output", output,
                    check=support.EXIT_IDENTITY)
                self.assertEqual(list(output.parent.iterdir()), [])
                self.assertEqual(seen((said.stdout + said.stderr).encode()), set())


class Review(unittest.TestCase):
    """The profile that lets somebody look first: the list is a working file, and the only place with the values."""

    @classmethod
    def setUpClass(cls):
        cls.world = neighbours.make(free_text="free_text: { access: review, portability: mask }\n")
        cls.stopped = Export("access", cls.world, check=support.EXIT_REFUSED)
        cls.path = cls.stopped.output / "R-1.review.json"
        cls.list = json.loads(cls.path.read_text(encoding="utf-8"))

    def test_the_list_is_for_one_reader_only(self):
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)

    def test_the_list_is_all_that_there_is(self):
        self.assertEqual([file.name for file in self.stopped.output.iterdir()], ["R-1.review.json"])
        self.assertEqual(list(self.stopped.temporary.rglob("*")), [])
        self.assertEqual(seen((self.stopped.said.stdout + self.stopped.said.stderr).encode()), set())

    def test_the_list_shows_what_is_to_be_decided_and_no_record_of_bs(self):
        shown = seen(self.path.read_bytes())
        self.assertLessEqual({"email in message", "iban in message", "email in note", "searched email"}, shown)
        for key in shown:
            # What only B's own records hold is not even looked at.
            self.assertNotRegex(neighbours.PLANTS[key].where, r"^(B's|note on B|what B|hash|internal note on B)")

    def decided(self, decision):
        review = dict(self.list, reviewed={
            "by": "privacy-officer", "at": "2026-11-20T10:00:00+02:00", "reason": "Looked at with the case at hand"})
        review["items"] = [
            dict(item, decision="withhold" if item["field"] == "(document)" and decision == "mask" else decision)
            for item in self.list["items"]]
        path = support.folder("review") / "review.json"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            json.dump(review, file)
        return path

    def test_what_is_masked_on_review_is_as_nowhere_as_what_the_profile_masks(self):
        export = Export("access", self.world, "--reviewed", self.decided("mask"))
        kept = {key for key, plant in neighbours.PLANTS.items() if "access" in plant.kept}
        self.assertEqual(beyond(kept, export.files), {})

    def test_what_is_kept_on_review_is_kept_and_counted(self):
        export = Export("access", self.world, "--reviewed", self.decided("keep"))
        self.assertEqual(export.payload("json").count(neighbours.value("email in message").encode()), 1)
        self.assertEqual(export.payload("json").count(neighbours.value("email in call").encode()), 1)
        # Whatever a reviewer keeps, an identity code of another's is none of it.
        self.assertEqual(export.payload("json").count(neighbours.value("code in message").encode()), 0)
        findings = {
            (finding["field"], finding["kind"], finding["action"]): finding["count"]
            for finding in export.dataset("messages-from-user")["text_findings"]}
        self.assertEqual(findings["subject_line", "email", "keep"], 1)
        self.assertEqual(findings["body", "identity-code", "mask"], 2)

    def test_a_new_hit_stops_again(self):
        world = neighbours.make(free_text="free_text: { access: review, portability: mask }\n")
        log = world / "logs" / "a.jsonl"
        log.write_text(log.read_text(encoding="utf-8").replace("maksoiko", "maksoikohan"), encoding="utf-8")
        again = Export("access", world, "--reviewed", self.decided("mask"), check=support.EXIT_REFUSED)
        items = json.loads((again.output / "R-1.review.json").read_text(encoding="utf-8"))["items"]
        self.assertEqual(
            [(item["dataset"], item["field"]) for item in items if item["decision"] is None],
            [("usage-events", "search_text")])
