"""An officer's day, by the commands alone: from the configuration to the purge, with what is told on the way."""

import datetime
import functools
import hashlib
import json
import os
import pathlib
import re
import shutil
import sqlite3
import stat
import unittest
import zipfile

import support

ID = "R-2026-0001"
#: Somebody else, in what staff wrote to and about the person of the request.
OTHER = "toinen.henkilo@example.org"
OTHER_CODE = "131052-308T"
REPLY = "Toinen asiakas, %s, kysyi samaa." % OTHER
NOTE = "Maisa Testinen puhui myös toisen kanssa: %s, %s." % (OTHER, OTHER_CODE)
DECISIONS = {("messages-from-staff", "9001"): "mask", ("notes", "9001"): "withhold"}

COMPLAINT = {
    "fi": ("Tietosuojavaltuutetun toimisto", "valvontaviranomaiselle", "oikeussuojakeinoihin"),
    "sv": ("Dataombudsmannens byrå", "tillsynsmyndighet", "rättsmedel"),
    "en": ("Office of the Data Protection Ombudsman", "supervisory authority", "judicial remedy"),
}


def make_office():
    """The samples with a journal, free text that somebody must look at, and what staff wrote about somebody else."""
    path = support.make_samples()
    config = path / "portability.yaml"
    text = config.read_text(encoding="utf-8")
    for old, new in (("\n# journal: journal.jsonl", "\njournal: journal.jsonl #"),
                     ("access: { name: mask, email: mask,", "access: { name: mask, email: review,")):  # fmt: skip
        if old not in text:
            raise AssertionError("the samples' configuration has no %r" % old)
        text = text.replace(old, new)
    config.write_text(text, encoding="utf-8")
    at = "2026-10-01T11:00:00+03:00"
    change(path, "INSERT INTO support_messages VALUES (9001, 'T-9', 1042, 'email', 'staff', ?, 'Re:', ?, ?)",
           "Sten Exempelström", REPLY, at)  # fmt: skip
    change(path, "INSERT INTO internal_notes VALUES (9001, 1042, ?, ?, ?)", "Oiva Koekäyttäjä", NOTE, at)
    return path


def change(path, statement, *parameters):
    database = sqlite3.connect(path / "register.sqlite", isolation_level=None)
    if database.execute(statement, parameters).rowcount != 1:
        raise AssertionError("nothing was changed")
    database.close()


def with_config(path, command, *arguments, **options):
    return support.run(*command.split(), "--config", path / "portability.yaml", *arguments, **options)


def decide(review, target, decisions=DECISIONS, other="keep", **signed):
    """Fills in a review list as an officer does."""
    made = json.loads(review.read_text(encoding="utf-8"))
    made["reviewed"].update({
        "by": "privacy-officer", "at": "2026-11-20T10:00:00+02:00", "reason": "weighed against the person's interest",
        **signed})
    for item in made["items"]:
        # Nothing inside a file can be masked.
        default = "withhold" if other == "mask" and item["field"] == "(document)" else other
        if item["decision"] is None:
            item["decision"] = decisions.get((item["dataset"], item["record_id"]), default)
    target.write_text(json.dumps(made), encoding="utf-8")
    return target


def records(archive, name):
    with zipfile.ZipFile(archive) as file:
        return {record["record_id"]: record for record in json.loads(file.read("data/%s.json" % name))}


def entry(archive, name):
    with zipfile.ZipFile(archive) as file:
        return file.read(name).decode("utf-8")


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8")


def plain(page):
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"(?s)<style.*?</style>|<[^>]+>", " ", page))


@functools.cache
def day():
    """One request from lint to dossier; what each step said. Everything lies on one desk."""
    office, desk = make_office(), support.folder("desk")
    request, archive = desk / (ID + ".yaml"), desk / (ID + ".zip")
    shutil.copy(office / "requests" / "access.yaml", request)
    about = ["--request", request]
    said = {"office": office, "desk": desk, "request": request, "archive": archive}
    said["lint"] = with_config(office, "lint")
    with_config(
        office, "receipts record received", "--request", ID, "--at", "2026-11-02T09:14:00+02:00", "--channel", "email",
        "--by", "privacy-officer", check=0)
    said["plan"] = with_config(office, "plan", *about, check=0)
    (desk / (ID + ".plan.txt")).write_text(said["plan"].stdout, encoding="utf-8")
    said["stop"] = with_config(office, "export", *about, "--output", archive)
    said["there after the stop"] = sorted(file.name for file in desk.iterdir())
    review = desk / (ID + ".review.json")
    said["list"] = json.loads(review.read_text(encoding="utf-8"))
    said["mode of the list"] = stat.S_IMODE(review.stat().st_mode)
    decide(review, review, approved_by="legal-counsel", approved_at="2026-11-20T11:00:00+02:00")
    said["export"] = with_config(office, "export", *about, "--output", archive, "--reviewed", review, check=0)
    portability = support.folder("portability") / "P.yaml"
    portability.write_text(
        request.read_text(encoding="utf-8").replace("right: access", "right: portability"), encoding="utf-8")
    said["portability"] = portability.with_suffix(".zip")
    with_config(office, "export", "--request", portability, "--output", said["portability"], check=0)
    said["diff"] = support.run("diff", archive, said["portability"], "--explain")
    (desk / (ID + ".diff.txt")).write_text(said["diff"].stdout, encoding="utf-8")
    said["receipt"] = desk / (ID + ".zip.receipt.json")
    for kind in ("acknowledgement", "delivery"):
        with_config(
            office, "letter " + kind, *about, "--receipt", said["receipt"], "--output",
            desk / ("%s.letter-%s.txt" % (ID, kind)), check=0)
    with_config(
        office, "receipts record delivered", "--request", ID, "--channel", "secure-email", "--by", "privacy-officer",
        "--receipt", said["receipt"], check=0)
    said["dossier"] = support.folder("dossiers") / ID
    said["gathered"] = with_config(office, "dossier", request, "--output", said["dossier"])
    return said


class TheDay(unittest.TestCase):
    """One request of a sole trader, of whom staff wrote together with somebody else."""

    def test_lint_finds_nothing_unsaid(self):
        self.assertEqual(day()["lint"].returncode, support.EXIT_COMPLETE)
        self.assertIn("0 errors", day()["lint"].stdout)

    def test_the_plan_tells_every_decision_before_a_record_is_read(self):
        plan = re.sub(r" +", " ", day()["plan"].stdout)
        for line in (
                "class of user: sole-trader, a party to the contract", "register person export 1",
                "workspace clients leave out processor-role", "customers invoices-issued leave out processor-role",
                "staff_name label staff-name", "by_id withhold staff-name"):
            self.assertIn(line, plan)
        self.assertRegex(plan, r"free text: .*identity-code mask.*email review")

    def test_the_export_stops_until_somebody_has_looked(self):
        self.assertEqual(day()["stop"].returncode, support.EXIT_REFUSED)
        self.assertNotIn(ID + ".zip", day()["there after the stop"])
        self.assertEqual(day()["mode of the list"], 0o600)
        items = {(item["dataset"], item["record_id"], item["field"]): item for item in day()["list"]["items"]}
        self.assertIn("email", [hit["kind"] for hit in items["messages-from-staff", "9001", "body"]["hits"]])
        self.assertEqual({item["decision"] for item in items.values()}, {None})
        for item in items.values():
            # A decision binds to the text or file that was looked at.
            looked = item["text"].encode()
            if item["field"] == "(document)":
                looked = (day()["office"] / "paper" / "files" / "1042" / item["text"]).read_bytes()
            self.assertEqual(hashlib.sha256(looked).hexdigest(), item["sha256"])
        # A scan that shows others, as its description says.
        self.assertEqual([key[0] for key in items if key[2] == "(document)"], ["papers"])
        self.assertNotIn(OTHER, day()["stop"].stderr)

    def test_an_undecided_list_is_not_enough(self):
        day()
        empty = support.folder("review") / "list.json"
        empty.write_text(json.dumps(day()["list"]), encoding="utf-8")
        target = empty.with_name("R.zip")
        said = with_config(
            day()["office"], "export", "--request", day()["request"], "--output", target, "--reviewed", empty)
        self.assertEqual(said.returncode, support.EXIT_REFUSED)
        self.assertFalse(target.exists())

    def test_decisions_are_carried_out(self):
        archive = day()["archive"]
        reply = records(archive, "communication/messages-from-staff")["9001"]
        self.assertNotIn("toinen.henkilo", reply["body"])
        self.assertIn("kysyi samaa", reply["body"])
        self.assertEqual(reply["staff_name"], "Sten Exempelström")
        note = records(archive, "communication/notes")["9001"]
        self.assertNotIn("body", note)
        self.assertNotIn("Koekäyttäjä", json.dumps(note, ensure_ascii=False))
        support.run("verify", archive, check=support.EXIT_COMPLETE)
        for name in zipfile.ZipFile(archive).namelist():
            with zipfile.ZipFile(archive) as file:
                for value in (OTHER, OTHER_CODE):
                    self.assertNotIn(value.encode(), file.read(name), name)

    def test_one_changed_text_stops_again_and_the_other_decisions_hold(self):
        office = support.folder("changed")
        shutil.copytree(day()["office"], office, dirs_exist_ok=True)
        change(office, "UPDATE support_messages SET body = body || ' Ja uusi@example.org.' WHERE message_id = 9001")
        target = support.folder("again") / "R.zip"
        said = with_config(
            office, "export", "--request", day()["request"], "--output", target, "--reviewed",
            day()["desk"] / (ID + ".review.json"))
        self.assertEqual(said.returncode, support.EXIT_REFUSED)
        items = json.loads(target.with_name("R.review.json").read_text(encoding="utf-8"))["items"]
        self.assertEqual([item["record_id"] for item in items if item["decision"] is None], ["9001"])
        self.assertGreater(len(items), 1)

    def test_a_list_of_another_request_decides_nothing(self):
        other = support.folder("other") / "R.yaml"
        other.write_text(
            day()["request"].read_text(encoding="utf-8").replace(ID, "R-2026-0099"), encoding="utf-8")
        said = with_config(
            day()["office"], "export", "--request", other, "--output", other.with_suffix(".zip"), "--reviewed",
            day()["desk"] / (ID + ".review.json"))
        self.assertEqual(said.returncode, support.EXIT_REFUSED)
        self.assertFalse(other.with_suffix(".zip").exists())

    def test_every_difference_to_the_portability_package_has_its_rule(self):
        self.assertEqual(day()["diff"].returncode, 0, day()["diff"].stdout)
        self.assertIn(" 0 unexplained", day()["diff"].stdout)
        for dataset, ground in (
                ("segments", "origin-not-portable"), ("consultations", "basis-not-portable"),
                ("credentials", "secret"), ("notes", "origin-not-portable")):
            self.assertRegex(day()["diff"].stdout, r"(?m)^%s .* %s " % (dataset, ground))
        self.assertNotIn(OTHER, day()["diff"].stdout)

    def test_an_archive_is_not_replaced_unasked(self):
        before = support.sha256(day()["archive"]), support.sha256(day()["receipt"])
        said = with_config(
            day()["office"], "export", "--request", day()["request"], "--output", day()["archive"], "--reviewed",
            day()["desk"] / (ID + ".review.json"))
        self.assertEqual(said.returncode, support.EXIT_FAILED)
        self.assertEqual((support.sha256(day()["archive"]), support.sha256(day()["receipt"])), before)

    def test_the_dossier_holds_it_all(self):
        dossier = day()["dossier"]
        index = json.loads((dossier / "dossier.json").read_text(encoding="utf-8"))
        kinds = [file["kind"] for file in index["files"]]
        self.assertEqual(
            sorted(kinds),
            ["archive", "diff", "journal", "letter", "letter", "plan", "receipt", "request", "review"])
        self.assertEqual(stat.S_IMODE(dossier.stat().st_mode), 0o700)
        for file in index["files"]:
            if "name" in file:
                self.assertEqual(support.sha256(dossier / file["name"]), file["sha256"])
                self.assertEqual(stat.S_IMODE((dossier / file["name"]).stat().st_mode), 0o600)
        self.assertEqual(index["journal_head"]["count"], len(journal(day()["office"])))
        told = [json.loads(line)["event"] for line in (dossier / "journal.jsonl").read_text().splitlines()]
        self.assertEqual(
            [event for event in told if event != "opened"],
            ["received", "reviewed", "exported", "exported", "delivered"])


class Letters(unittest.TestCase):
    def letter(self, kind, *arguments, request=None, check=0):
        return with_config(
            day()["office"], "letter " + kind, "--request", request or day()["request"], *arguments, check=check).stdout

    def test_a_delivery_says_what_is_given_what_is_not_and_where_to_complain(self):
        grounds = {"fi": "15 artiklan 4 kohta", "sv": "artikel 15.4", "en": "Article 15(4)"}
        for language, words in COMPLAINT.items():
            with self.subTest(language):
                text = " ".join(self.letter(
                    "delivery", "--receipt", day()["receipt"], "--language", language).split())
                for word in (*words, grounds[language], support.sha256(day()["archive"]), ID):
                    self.assertIn(word, text)

    def test_a_refusal_and_an_extension_give_reasons_complaint_and_remedy(self):
        """GDPR Article 12(4), 12(3)."""
        for language, words in COMPLAINT.items():
            for arguments in (
                    ("refusal", "--refusal", "excessive"), ("refusal", "--ground", "restricted-by-law"),
                    ("extension", "--reason", "complexity", "--date", "2026-11-20")):
                with self.subTest(language=language, arguments=arguments):
                    text = " ".join(self.letter(*arguments, "--language", language).split())
                    for word in words:
                        self.assertIn(word, text)
        self.assertIn("34 §", self.letter("refusal", "--ground", "restricted-by-law", "--language", "fi"))
        self.assertIn("2.2.2027", self.letter("extension", "--reason", "number", "--date", "2026-12-02"))

    def test_an_extension_cannot_be_told_after_the_first_month(self):
        self.letter("extension", "--reason", "number", "--date", "2026-12-03", check=support.EXIT_REFUSED)

    def test_no_letter_says_what_the_receipt_does_not(self):
        for kind in ("nothing-held", "partial-delivery"):
            self.letter(kind, "--receipt", day()["receipt"], check=support.EXIT_USAGE)
        self.letter("delivery", check=support.EXIT_USAGE)
        other = day()["office"] / "requests" / "requester.yaml"
        self.letter("delivery", "--receipt", day()["receipt"], request=other, check=support.EXIT_USAGE)

    def test_identity_is_never_asked_for_by_a_copy_of_a_document(self):
        for language, word in (("fi", "jäljennöstä"), ("sv", "kopia"), ("en", "copy")):
            text = " ".join(self.letter("identity-query", "--language", language).split())
            self.assertRegex(text, r"(Älä lähetä|Skicka inte|Do not send)[^.]*%s" % word)


def journal(office):
    return [json.loads(line) for line in (office / "journal.jsonl").read_text(encoding="utf-8").splitlines()]


class Proof(unittest.TestCase):
    def verify(self, lines, *arguments):
        path = support.folder("journal") / "journal.jsonl"
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        return support.run("receipts", "verify", "--journal", path, *arguments).returncode

    def lines(self):
        return (day()["office"] / "journal.jsonl").read_text(encoding="utf-8").splitlines()

    def test_journal_receipts_and_archives_tell_the_same(self):
        with_config(
            day()["office"], "receipts verify", day()["receipt"], str(day()["portability"]) + ".receipt.json",
            "--archive", day()["archive"], "--archive", day()["portability"], check=0)

    def test_every_kind_of_tampering_is_found(self):
        lines = self.lines()
        self.assertEqual(self.verify(lines), support.EXIT_COMPLETE)
        altered = [line.replace("secure-email", "letter") for line in lines]
        self.assertNotEqual(altered, lines)
        for name, others in (
                ("altered", altered), ("removed", lines[:2] + lines[3:]), ("repeated", lines + lines[-1:]),
                ("moved", lines[:2] + lines[3:4] + lines[2:3] + lines[4:])):
            self.assertEqual(self.verify(others), support.EXIT_VERIFICATION, name)
        # What is cut off at the end is found by the head that was noted before.
        self.assertEqual(self.verify(lines[:-1], "--expect-count", len(lines)), support.EXIT_VERIFICATION)
        head = json.loads(lines[-1])["sha256"]
        self.assertEqual(self.verify(lines[:-1], "--expect-head", head), support.EXIT_VERIFICATION)

    def test_an_altered_receipt_is_no_proof(self):
        altered = support.folder("altered") / "R.zip.receipt.json"
        text = day()["receipt"].read_text(encoding="utf-8")
        self.assertIn("strong-authentication", text)
        altered.write_text(text.replace("strong-authentication", "in-person"), encoding="utf-8")
        self.assertNotEqual(support.run("receipts", "show", altered).returncode, support.EXIT_COMPLETE)
        said = with_config(day()["office"], "receipts verify", altered)
        self.assertEqual(said.returncode, support.EXIT_VERIFICATION)

    def test_who_reviewed_is_recorded_by_role(self):
        reviewed = [line for line in journal(day()["office"]) if line["event"] == "reviewed"]
        self.assertEqual([(line["by"], line["approver"]) for line in reviewed], [("privacy-officer", "legal-counsel")])
        self.assertEqual(reviewed[0]["review"]["masked"], 1)
        self.assertEqual(reviewed[0]["review"]["withheld"], 1)

    def test_no_name_and_no_address_gets_into_the_journal(self):
        before = self.lines()
        for arguments in (
                ("--request", ID, "--by", "Maija Meikäläinen"), ("--request", "maija@example.com", "--by", "officer")):
            said = with_config(day()["office"], "receipts record delivered", "--channel", "letter", *arguments)
            self.assertEqual(said.returncode, support.EXIT_USAGE)
        self.assertEqual(self.lines(), before)

    def test_receipts_and_journal_hold_nobodys_data(self):
        held = day()["receipt"].read_text(encoding="utf-8") + "\n".join(self.lines())
        for value in (OTHER, OTHER_CODE, "Mäkelä", "aino.", "20042", "kysyi samaa", "Exempelström", "Ötökkäpolku"):
            self.assertNotIn(value, held)


class Purge(unittest.TestCase):
    """On a copy of the day's desk, where an old archive lies beside what is not the program's."""

    def setUp(self):
        self.office, self.desk = day()["office"], support.folder("purged")
        shutil.copytree(day()["desk"], self.desk, dirs_exist_ok=True)
        self.journal = support.folder("journal") / "journal.jsonl"
        shutil.copy(self.office / "journal.jsonl", self.journal)
        (self.desk / "own.txt").write_text("an officer's own words", encoding="utf-8")
        (self.desk / "link.yaml").symlink_to(day()["request"])
        year_ago = datetime.datetime.now().timestamp() - 366 * 86_400
        for file in self.desk.iterdir():
            if file.name != "link.yaml":
                os.utime(file, (year_ago, year_ago))

    def purge(self, *arguments):
        return support.run("purge", self.desk, "--journal", self.journal, *arguments, check=0)

    def names(self):
        return sorted(file.name for file in self.desk.iterdir())

    def test_a_dry_run_shows_and_removes_nothing(self):
        before, lines = support.tree(self.desk), self.journal.read_bytes()
        said = self.purge("--older-than", "90d", "--dry-run")
        for kind in ("requests", "reviews", "letters"):
            self.assertRegex(said.stdout, r"(?m)^%s +%s" % (kind, ID))
        self.assertEqual(support.tree(self.desk), before)
        self.assertEqual(self.journal.read_bytes(), lines)

    def test_what_is_young_stays(self):
        # The age of an archive is the one that it tells, whatever the file system says.
        self.purge("--older-than", "90d")
        self.assertIn(ID + ".zip", self.names())

    def test_personal_data_go_and_the_proof_stays(self):
        self.purge("--older-than", "0d")
        for name in (".zip", ".yaml", ".review.json", ".letter-delivery.txt", ".letter-acknowledgement.txt", ".plan.txt",
                     ".diff.txt"):
            self.assertNotIn(ID + name, self.names())
        for name in (ID + ".zip.receipt.json", "own.txt", "link.yaml"):
            self.assertIn(name, self.names())
        self.assertTrue(day()["request"].exists(), "a link was followed")
        lines = [json.loads(line) for line in self.journal.read_text(encoding="utf-8").splitlines()]
        self.assertEqual(lines[-1]["event"], "purged")
        self.assertEqual(lines[-1]["request"], ID)
        self.assertEqual(lines[-1]["purged"], {"archives": 1, "letters": 4, "requests": 1, "reviews": 1})
        support.run(
            "receipts", "verify", "--journal", self.journal, self.desk, str(day()["portability"]) + ".receipt.json",
            check=support.EXIT_COMPLETE)


class TheClock(unittest.TestCase):
    """What moves the time limit of Article 12(3), in a request received on Tuesday 1 September 2026."""

    def deadline(self, *events, check=0, said="stdout"):
        request = support.folder("clock") / "R.yaml"
        text = (support.samples() / "requests" / "extended.yaml").read_text(encoding="utf-8")
        text = re.sub(r"(?ms)^events:.*?^(?=\w)", "", text)
        if events:
            text += "events:\n" + "".join("  - { %s }\n" % event for event in events)
        request.write_text(text, encoding="utf-8")
        run = support.run(
            "deadline", "--config", support.samples() / "portability.yaml", "--request", request, check=check)
        return getattr(run, said).strip()

    def test_the_vectors_of_the_regulation(self):
        for arguments, due in (
                (("2026-01-31",), "2026-03-02"), (("2026-01-31", "--extended"), "2026-04-30"),
                (("2026-08-13",), "2026-09-14"), (("2028-01-31",), "2028-02-29"),
                # Received on a Saturday; before Easter; at half past eleven in London, which is tomorrow in Helsinki.
                (("2026-11-21",), "2026-12-21"), (("2024-02-29",), "2024-04-02"),
                (("2026-11-30T23:30:00Z",), "2027-01-04"), (("2026-11-30T23:30:00+02:00",), "2026-12-30")):
            self.assertEqual(support.run("deadline", *arguments, check=0).stdout.strip(), due, arguments)

    def test_nothing_happened(self):
        self.assertEqual(self.deadline(), "2026-10-01")

    def test_a_question_about_identity_stops_the_clock_only_if_necessary_and_asked_at_once(self):
        received = "kind: identity-received, at: 2026-09-24T12:00:00+03:00"
        for asked, necessary, due in (
                ("2026-09-01", "true", "2026-10-26"), ("2026-09-20", "true", "2026-10-01"),
                ("2026-09-01", "false", "2026-10-01")):
            question = "kind: identity-asked, at: %sT13:30:00+03:00, necessary: %s" % (asked, necessary)
            self.assertEqual(self.deadline(question, received), due, question)

    def test_an_extension_is_counted_from_receipt_and_void_when_told_too_late(self):
        told = "kind: extension-notified, at: %s, reason: complexity"
        self.assertEqual(self.deadline(told % "2026-09-28"), "2026-12-01")
        self.assertEqual(self.deadline(told % "2026-10-01"), "2026-12-01")
        self.assertIn("2026-10-01", self.deadline(told % "2026-10-02", check=support.EXIT_USAGE, said="stderr"))

    def test_a_handover_has_the_contracts_term(self):
        said = support.run(
            "deadline", "--config", support.samples() / "portability.yaml", "--request",
            support.samples() / "requests" / "handover.yaml", "--explain", check=0)
        self.assertEqual(said.stdout.strip(), "2026-12-04")
        self.assertIn("contract", said.stderr)


class OtherRequests(unittest.TestCase):
    def export(self, name, *arguments, office=None, check=0, edit=None):
        """Exports a sample request, edited, and returns the archive."""
        office = office or support.samples()
        request = support.folder("request") / name
        text = (office / "requests" / name).read_text(encoding="utf-8")
        for old, new in edit or ():
            self.assertIn(old, text)
            text = text.replace(old, new)
        request.write_text(text, encoding="utf-8")
        archive = request.with_suffix(".zip")
        with_config(office, "export", "--request", request, "--output", archive, *arguments, check=check)
        return request, archive

    def test_nothing_held_says_where_was_searched_and_never_who_may_know_more(self):
        self.export("nothing-held.yaml", check=support.EXIT_IDENTITY)
        request, archive = self.export("nothing-held.yaml", "--nothing-held")
        support.run("verify", archive, check=support.EXIT_COMPLETE)
        receipt = str(archive) + ".receipt.json"
        letter = with_config(
            support.samples(), "letter nothing-held", "--request", request, "--receipt", receipt, check=0).stdout
        page = plain(entry(archive, "index.html"))
        self.assertIn("fakturans avsändare", letter)
        self.assertIn("e-postadress", page)
        notices = support.folder("notices")
        route = with_config(
            support.samples(), "plan", "--request", request, "--route", "--notices", notices, check=0).stdout
        customers = re.findall(r"(?m)^workspace +(\d+) +(\S.*?)  ", route)
        self.assertEqual([number for number, _ in customers], ["20005", "20084"])
        self.assertEqual(len(list(notices.iterdir())), 2)
        for number, name in customers:
            for told in (letter, page, entry(archive, "README.txt"), entry(archive, "manifest.json")):
                self.assertNotIn(name, told)
                self.assertNotIn(number, told)
        self.assertNotIn("almgrensdal", (letter + page).lower())

    def test_an_employee_is_no_party_to_the_contract_but_has_access(self):
        edit = [("right: portability", "right: access")]
        _, ported = self.export("employee-portability.yaml")
        manifest = json.loads(entry(ported, "manifest.json"))
        grounds = {dataset["id"]: dataset.get("ground") for dataset in manifest["datasets"]}
        self.assertEqual(sum(dataset["records"]["exported"] for dataset in manifest["datasets"]), 0)
        for dataset in ("account", "person", "email-addresses", "usage-events"):
            self.assertEqual(grounds[dataset], "not-party-to-contract")
        _, seen = self.export("employee-portability.yaml", edit=edit)
        self.assertEqual(list(records(seen, "registration/person")), ["1071"])
        said = support.run("diff", seen, ported)
        self.assertEqual(said.returncode, 0, said.stdout)
        self.assertIn(" 0 unexplained", said.stdout)

    def test_the_own_identity_code_stands_in_the_data_once_and_nowhere_else(self):
        request, archive = self.export("requester.yaml")
        code = records(archive, "registration/person")["1120"]["personal_identity_code"].encode()
        with zipfile.ZipFile(archive) as file:
            found = {name: file.read(name).count(code) for name in file.namelist() if code in file.read(name)}
        self.assertEqual(found, {"data/registration/person.json": 1, "data/registration/person.csv": 1})
        receipt = str(archive) + ".receipt.json"
        letter = with_config(
            support.samples(), "letter delivery", "--request", request, "--receipt", receipt, check=0).stdout
        self.assertNotIn(code.decode(), letter + read(receipt))

    def test_a_voucher_is_kept_until_a_day_that_is_told(self):
        """Of 15.8.2019, in the financial year 1.7.2019–30.6.2020: at least until 31.12.2026 (Accounting Act 2:10)."""
        office = support.make_samples()
        folder = office / "invoices" / "billing" / "20042"
        one = sorted(folder.iterdir())[0]
        text = one.read_text(encoding="utf-8")
        issued = re.search(r"<InvoiceDate[^>]*>(\d{8})<", text).group(1)
        (folder / "400001.xml").write_text(
            text.replace(issued, "20190815").replace(one.stem, "400001"), encoding="utf-8")
        _, archive = self.export("access.yaml", office=office)
        information = json.loads(entry(archive, "processing-information.json"))
        invoicing = next(each for each in information["categories"] if each["category"] == "invoicing")
        kept = next(each for each in invoicing["retention"] if each["dataset"] == "service-fees")
        self.assertEqual(kept["dates"]["first"], "2026-12-31")
        self.assertTrue(kept["dates"]["at_least"])
        self.assertRegex(plain(entry(archive, "index.html")), r"vähintään 31\.12\.2026")

    def test_what_a_broken_source_withheld_is_announced_and_follows(self):
        office = support.make_samples()
        (office / "logs").rename(office / "away")
        request, archive = self.export("access.yaml", office=office, check=support.EXIT_PARTIAL)
        receipt = str(archive) + ".receipt.json"
        # The first screen says so, and by when; so does the letter, which is not that of a full answer.
        self.assertIn("2.12.2026", plain(entry(archive, "index.html"))[:3000])
        self.assertIn("2.12.2026", entry(archive, "README.txt"))
        letter = with_config(
            office, "letter partial-delivery", "--request", request, "--receipt", receipt, check=0).stdout
        self.assertIn("Kirjautumiset", letter)
        self.assertIn("2.12.2026", letter)
        with_config(
            office, "letter delivery", "--request", request, "--receipt", receipt, check=support.EXIT_USAGE)
        (office / "away").rename(office / "logs")
        told = json.loads(read(receipt))
        edit = [("id: " + ID, "id: R-2026-0001b\nsupplements: " + told["receipt_id"])]
        _, rest = self.export("access.yaml", office=office, edit=edit)
        self.assertTrue(records(rest, "usage/sign-ins"))
        self.assertEqual(json.loads(read(str(rest) + ".receipt.json"))["supplements"], told["receipt_id"])
        self.assertIn(told["receipt_id"], entry(rest, "index.html"))

    def test_who_asks_for_another_shows_by_what_right(self):
        self.export(
            "requester.yaml", check=support.EXIT_USAGE,
            edit=[("  evidence:\n    document: decision-on-guardianship\n    sha256: "
                   "5d1b7a2f0c9e4836b1a4d27e93f60c85a7be10f4d26398c5e1740b9fd3862ac1\n", "")])  # fmt: skip


class ToldRight(unittest.TestCase):
    export = OtherRequests.export

    def letter(self, kind, request, archive, *arguments, office=None):
        said = with_config(office or support.samples(), "letter " + kind, "--request", request, "--receipt",
                           str(archive) + ".receipt.json", *arguments, check=0).stdout
        return " ".join(said.split())

    def test_a_mask_decided_on_review_hides_every_hit_that_was_shown(self):
        office = make_office()
        change(office, "INSERT INTO support_messages VALUES (9002, 'T-9', 1042, 'email', 'user', NULL, 'Hei', ?, '2026-10-01T10:00:00+03:00')",
               "Siskoni toinen.henkilo@example.org, 040 123 4567, FI21 1234 5600 0007 85")
        request, archive = self.export("access.yaml", office=office, check=6)
        review = archive.with_name("access.review.json")
        decide(review, review, {}, other="mask")
        _, archive = self.export("access.yaml", "--reviewed", review, office=office)
        body = records(archive, "communication/messages-from-user")["9002"]["body"]
        for value in ("toinen.henkilo", "123 4567", "5600 0007"):
            self.assertNotIn(value, body)

    def test_attachments_that_are_no_text_go_to_the_customer(self):
        _, archive = self.export("switching.yaml")
        manifest = json.loads(entry(archive, "manifest.json"))
        self.assertEqual([each["documents_withheld"] for each in manifest["datasets"] if each["documents_withheld"]], [])

    def test_a_letter_tells_of_a_file_that_was_left_out(self):
        request, archive = self.export("handover.yaml", edit=[("customer_number: 20043", "customer_number: 20071")])
        receipt = json.loads(read(str(archive) + ".receipt.json"))
        if receipt["documents"]["withheld"]:
            self.assertNotIn("Mitään ei ole jätetty pois", self.letter("handover-cover", request, archive))

    def test_recipients_are_those_of_this_persons_data(self):
        _, archive = self.export("nothing-but-an-account.yaml")
        page = plain(entry(archive, "index.html"))
        self.assertIn("Sample Mail Inc.", page)
        for name in ("Sample Statistics LLC", "Exempelförmedlaren Ab"):
            self.assertNotIn(name, page)

    def test_a_category_of_recipients_that_got_nothing_is_not_said_to_have_got_data(self):
        _, archive = self.export("nothing-but-an-account.yaml")
        opening = plain(entry(archive, "index.html"))[:2500]
        self.assertNotRegex(opening, r"ja 1 muu")

    def test_the_oldest_date_counts_dates_of_registration(self):
        _, archive = self.export("access.yaml")
        self.assertIn("25.2.2019", plain(entry(archive, "index.html"))[:2500])

    def test_what_lies_outside_the_period_is_not_said_not_to_be_there(self):
        _, archive = self.export("period.yaml")
        page = plain(entry(archive, "index.html"))
        _, found, nothing = page.rpartition("Sökt, men inget hittades")
        if found:
            nothing = nothing[:nothing.index("Vad paketet inte innehåller, och varför")]
            self.assertNotIn("Meddelanden till tjänsten", nothing)

    def test_nothing_held_does_not_name_sources_that_could_not_be_searched(self):
        _, archive = self.export("nothing-held.yaml", "--nothing-held")
        page = plain(entry(archive, "index.html"))
        self.assertNotIn("överallt", page)
        self.assertNotIn("lästes inte", page)
        held = json.loads(entry(archive, "manifest.json"))["nothing_held"]
        self.assertEqual([source["by"] for source in held if source["source"] == "register"], [["email"]])

    def test_a_whole_refusal_is_not_said_to_be_partial(self):
        request, archive = self.export("employee-portability.yaml")
        self.assertNotIn("delvis", self.letter("refusal", request, archive))
        self.assertIn("artikel 15", plain(entry(archive, "index.html"))[:2500])

    def test_a_guardian_is_not_told_that_the_data_are_hers(self):
        request, archive = self.export("requester.yaml")
        self.assertNotIn("omiin henkilötietoihisi", self.letter("delivery", request, archive))

    def test_a_direct_transmission_names_the_service(self):
        request, archive = self.export("direct-transmission.yaml")
        self.assertIn("Esimerkkilaskutus Oy", self.letter("delivery", request, archive))
        self.assertIn("Esimerkkilaskutus Oy", plain(entry(archive, "index.html")))

    def test_a_customer_who_switches_is_not_told_of_article_20(self):
        request, archive = self.export("switching.yaml")
        self.assertNotIn("artikel 20.1", self.letter("handover-cover", request, archive))

    def test_references_are_no_identity_codes(self):
        _, archive = self.export("access.yaml")
        page = entry(archive, "index.html")
        for payment in records(archive, "payment/payments").values():
            self.assertIn(payment["reference"], page)

    def test_times_are_those_of_the_controllers_zone(self):
        _, archive = self.export("nothing-but-an-account.yaml", "--created", support.CREATED)
        self.assertIn("14.00", entry(archive, "README.txt"))

    def test_a_replaced_receipt_is_not_lost(self):
        office = make_office()
        request, archive = self.export("requester.yaml", office=office)
        with_config(office, "export", "--request", request, "--output", archive, "--replace", check=0)
        with_config(office, "receipts verify", archive.parent, check=0)

    def test_a_delivery_with_another_requests_receipt_is_refused(self):
        office = make_office()
        request, archive = self.export("requester.yaml", office=office)
        said = with_config(office, "receipts record delivered", "--request", "R-2026-0077", "--channel", "letter", "--by",
                           "officer", "--receipt", str(archive) + ".receipt.json")
        self.assertNotEqual(said.returncode, 0)

    def test_nothing_happened_in_the_future(self):
        office = make_office()
        said = with_config(office, "receipts record received", "--request", "R-2026-0077", "--channel", "letter", "--by",
                           "officer", "--at", "2099-01-01")
        self.assertNotEqual(said.returncode, 0)

    def test_notes_on_what_is_left_out_are_in_the_language_of_the_package(self):
        _, archive = self.export("access.yaml")
        self.assertNotIn("never read", entry(archive, "index.html"))


if __name__ == "__main__":
    unittest.main()
