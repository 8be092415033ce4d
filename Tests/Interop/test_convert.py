"""An archive that was converted is one again, for tools that know nothing of the program; and it says what it was."""

import functools
import json
import os
import pathlib
import re
import signal
import subprocess
import time
import unittest
import zipfile

import bagit

import independent_reader
import support
import test_bag
import test_frictionless
import test_schemas

#: What an archive of all formats is turned into, one after the other, and back.
WAY = ["csv", "xml", "jsonl", "json"]


@functools.cache
def source():
    """An archive in JSON alone."""
    path = support.folder("convert") / "source.zip"
    support.export("access.yaml", path, "--created", support.CREATED, formats="json")
    return path


@functools.cache
def converted(formats, *options):
    path = support.folder("convert") / "converted.zip"
    support.run("convert", source(), "--to", formats, "--output", path, *options, check=support.EXIT_COMPLETE)
    return path


@functools.cache
def unzipped(formats, *options):
    return support.unzip(converted(formats, *options))


def data(path):
    """Name → bytes of the records in an archive."""
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist() if name.startswith("data/")}


class Converted(unittest.TestCase):
    formats = "json,jsonl,csv,xml"

    def setUp(self):
        self.path = unzipped(self.formats)
        self.manifest = json.loads((self.path / "manifest.json").read_text(encoding="utf-8"))
        self.original = support.manifest_of(source())

    def files(self, format):
        return [(d, f) for d in self.manifest["datasets"] for f in d["files"] if f["format"] == format]

    def test_bagit_accepts_it_and_sha256sum_finds_every_file_right(self):
        self.assertTrue(bagit.Bag(str(self.path)).validate())
        names = support.tree(self.path)
        payload = sorted(name for name in names if name.startswith("data/"))
        self.assertEqual(sorted(test_bag.sum_lines(self.path, "manifest-sha256.txt")), payload)
        tags = sorted(set(names) - set(payload) - {"tagmanifest-sha256.txt"})
        self.assertEqual(sorted(test_bag.sum_lines(self.path, "tagmanifest-sha256.txt")), tags)

    def test_frictionless_finds_every_row_valid(self):
        report = test_frictionless.validate(self.path)
        self.assertEqual(test_frictionless.errors(report), [])
        rows = {task.place: task.stats.get("rows", 0) for task in report.tasks}
        for _, file in self.files("csv"):
            self.assertEqual(rows[file["path"]], file["rows"], file["path"])
        self.assertGreater(len(self.files("csv")), 20)

    def test_the_data_are_valid_by_the_schemas_beside_them(self):
        for dataset, file in self.files("json"):
            schema = test_schemas.load(self.path / "schemas" / "json" / (dataset["entity"] + ".schema.json"))
            errors = test_schemas.json_errors(schema, test_schemas.load(self.path / file["path"]))
            self.assertEqual([error.message[:200] for error in errors[:3]], [], file["path"])
        for dataset, file in self.files("xml"):
            schema = self.path / "schemas" / "xml" / (dataset["entity"] + ".xsd")
            result = test_schemas.xmllint(self.path / file["path"], schema)
            self.assertEqual(result.returncode, 0, result.stderr[:2000])
        self.assertGreater(min(len(self.files("json")), len(self.files("xml"))), 20)

    def test_the_manifest_is_valid_by_its_schema(self):
        schema = test_schemas.load(self.path / "schemas" / "manifest.schema.json")
        errors = test_schemas.json_errors(schema, self.manifest)
        self.assertEqual(["%s: %s" % (e.json_path, e.message[:200]) for e in errors[:5]], [])

    def test_a_line_of_shell_gives_the_content_digests_of_the_original(self):
        digests = {d["id"]: d.get("content_sha256") for d in self.original["datasets"]}
        checked = 0
        for dataset, file in self.files("json"):
            result = subprocess.run(
                "sed '1d;$d;s/,$//' %s | sha256sum" % file["path"], shell=True, cwd=self.path, capture_output=True,
                text=True, check=True)
            self.assertEqual(result.stdout.split()[0], digests[dataset["id"]])
            checked += 1
        self.assertEqual(checked, sum(1 for d in self.original["datasets"] if d["files"]))

    def test_an_independent_reader_gets_the_same_records_out_of_every_format(self):
        result = subprocess.run(
            ["python3", independent_reader.__file__, "archive", str(self.path)], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout[-2000:] + result.stderr[-2000:])

    def test_the_ledger_is_the_original_one(self):
        def ledger(manifest):
            return [{k: v for k, v in d.items() if k != "files"} for d in manifest["datasets"]]
        self.assertEqual(ledger(self.manifest), ledger(self.original))
        for key in set(self.original) - {"datasets", "tool", "created"}:
            self.assertEqual(self.manifest[key], self.original[key], key)
        self.assertEqual(self.manifest["created"], self.original["created"])

    def test_what_it_was_converted_from(self):
        chain = self.manifest["converted_from"]
        self.assertEqual([origin["sha256"] for origin in chain], [support.sha256(source())])
        self.assertEqual(chain[0]["bytes"], source().stat().st_size)
        with zipfile.ZipFile(source()) as file:
            for name in ["index.html", "README.txt", "manifest.json", "manifest-sha256.txt", "tagmanifest-sha256.txt"]:
                self.assertEqual((self.path / "original" / name).read_bytes(), file.read(name), name)
        self.assertEqual(chain[0]["manifest_sha256"], support.sha256(self.path / "original" / "manifest.json"))

    def test_no_difference_is_found(self):
        result = support.run("diff", source(), converted(self.formats), check=support.EXIT_COMPLETE)
        self.assertIn("no difference", result.stdout)
        support.run("verify", converted(self.formats), check=support.EXIT_COMPLETE)


class Conversions(unittest.TestCase):
    def test_there_and_back_again(self):
        path = source()
        for format in WAY:
            target = support.folder("convert") / (format + ".zip")
            support.run("convert", path, "--to", format, "--output", target, check=support.EXIT_COMPLETE)
            path = target
        self.assertEqual(data(path), data(source()))
        self.assertEqual(len(support.manifest_of(path)["converted_from"]), len(WAY))

    def test_the_same_bytes_every_time(self):
        again = support.folder("convert") / "again.zip"
        support.run("convert", source(), "--to", "csv", "--output", again, "--threads", "1", check=support.EXIT_COMPLETE)
        self.assertEqual(support.sha256(again), support.sha256(converted("csv")))

    def test_csv_for_a_spreadsheet_in_another_language(self):
        options = ("--dialect", "excel", "--language", "sv")
        path = unzipped("csv", *options)
        page = (path / "index.html").read_text(encoding="utf-8")
        self.assertIn('<html lang="sv">', page)
        table = max((path / "data").rglob("*.csv"), key=lambda file: file.stat().st_size).read_bytes()
        self.assertTrue(table.startswith(b"\xef\xbb\xbf"))
        support.run("verify", converted("csv", *options), check=support.EXIT_COMPLETE)
        back = support.folder("convert") / "back.zip"
        support.run("convert", converted("csv", *options), "--to", "json", "--output", back, check=0)
        self.assertEqual(data(back), data(source()))

    def test_memory_holds_no_value_of_a_person_in_messages(self):
        result = support.run(
            "convert", source(), "--to", "csv", "--output", support.folder("convert") / "a.zip", "--progress", "json",
            check=support.EXIT_COMPLETE)
        self.assertEqual(result.stdout.count("\n"), 1)
        for line in result.stderr.splitlines():
            self.assertRegex(line, r'^(\{"event":|converted: )')

    def test_forms_that_other_systems_read(self):
        path = unzipped("json,finvoice,ubl,vcard,helsinki-profile")
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        self.assertEqual(
            [entry["form"] for entry in manifest["exchange"]], ["finvoice", "ubl", "vcard", "helsinki-profile"])
        listed = 0
        for entry in manifest["exchange"]:
            self.assertGreater(len(entry["files"]), 0, entry["form"])
            for file in entry["files"]:
                self.assertTrue(file["path"].startswith("data/%s/" % entry["form"]))
                self.assertEqual(support.sha256(path / file["path"]), file["sha256"])
                listed += 1
        folders = {entry["form"] for entry in manifest["exchange"]}
        self.assertEqual(
            listed, sum(1 for f in (path / "data").rglob("*") if f.is_file() and f.parent.name in folders))
        schema = test_schemas.load(path / "schemas" / "manifest.schema.json")
        self.assertEqual([e.message[:200] for e in test_schemas.json_errors(schema, manifest)[:3]], [])
        report = test_frictionless.validate(path)
        self.assertEqual(test_frictionless.errors(report), [])
        support.run(
            "verify", converted("json,finvoice,ubl,vcard,helsinki-profile"), check=support.EXIT_COMPLETE)


class Refusals(unittest.TestCase):
    """Whatever is wrong: one clear message, the right status, and nothing left behind."""

    def refused(self, path, status, *options):
        folder = support.folder("refused")
        result = support.run("convert", path, "--to", "csv", "--output", folder / "a.zip", *options, check=status)
        self.assertEqual(list(folder.iterdir()), [])
        self.assertEqual(len([line for line in result.stderr.splitlines() if line.startswith("error: ")]), 1)
        return result.stderr

    def test_half_an_archive(self):
        half = support.folder("half") / "half.zip"
        half.write_bytes(source().read_bytes()[: source().stat().st_size // 2])
        self.refused(half, support.EXIT_VERIFICATION)

    def test_a_flipped_bit_in_the_data(self):
        # The data are the middle of the file, and every file of them is read.
        broken = support.folder("flip") / "flip.zip"
        broken.write_bytes(source().read_bytes())
        with zipfile.ZipFile(source()) as file:
            entry = max(
                (e for e in file.infolist() if e.filename.startswith("data/")), key=lambda e: e.compress_size)
        support.flip(broken, entry.header_offset + 200)
        self.refused(broken, support.EXIT_VERIFICATION)

    def test_something_else(self):
        other = support.folder("other") / "other.zip"
        other.write_bytes(b"this is no archive")
        self.refused(other, support.EXIT_VERIFICATION)
        self.refused("/nonexistent/a.zip", support.EXIT_FAILED)

    def test_a_format_to_come(self):
        newer = support.folder("newer") / "newer.zip"
        with zipfile.ZipFile(source()) as file, zipfile.ZipFile(newer, "w", zipfile.ZIP_DEFLATED) as target:
            for name in file.namelist():
                content = file.read(name)
                if name == "manifest.json":
                    content = content.replace(b'"format_version": "1.0"', b'"format_version": "2.0"')
                target.writestr(name, content)
        self.assertIn("newer", self.refused(newer, support.EXIT_VERIFICATION))

    def test_a_format_that_is_none(self):
        result = support.run("convert", source(), "--to", "json,pdf", "--output", "/nonexistent/a.zip")
        self.assertEqual(result.returncode, support.EXIT_USAGE)
        self.assertIn("pdf", result.stderr)

    def test_a_run_that_is_killed_leaves_no_target(self):
        folder = support.folder("killed")
        for delay in (0.02, 0.1, 0.25):
            run = subprocess.Popen(
                [support.program(), "convert", str(source()), "--to", "json,csv,xml", "--output", str(folder / "a.zip")],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(delay)
            if run.poll() is None:
                run.send_signal(signal.SIGKILL)
            status = run.wait()
            self.assertEqual((folder / "a.zip").exists(), status == 0)
            (folder / "a.zip").unlink(missing_ok=True)
        # The next run sweeps what was left.
        support.run("convert", source(), "--to", "csv", "--output", folder / "a.zip", check=support.EXIT_COMPLETE)
        self.assertEqual([path.name for path in folder.iterdir()], ["a.zip"])


if __name__ == "__main__":
    unittest.main()
