"""Format version 1 is a promise: archives that were made once are read for ever, and by anyone."""

import hashlib
import json
import pathlib
import subprocess
import sys
import unittest
import zipfile

import small_reader
import support

GOLDEN = support.DATA / "format-1"
ARCHIVES = sorted(path.name for path in GOLDEN.glob("*.zip"))
#: What each archive held on the day it was made: dataset → status, records, content digest.
CONTENTS = json.loads((GOLDEN / "contents.json").read_text(encoding="utf-8"))


def contents(path):
    return {
        dataset["id"]: [dataset["status"], dataset["records"]["exported"], dataset.get("content_sha256")]
        for dataset in support.manifest_of(path)["datasets"]
    }


class Golden(unittest.TestCase):
    def test_there_is_one_for_each_format(self):
        formats = {
            file["format"]
            for name in ARCHIVES for dataset in support.manifest_of(GOLDEN / name)["datasets"]
            for file in dataset["files"]
        }
        self.assertEqual(formats, {"json", "jsonl", "csv", "xml"})
        self.assertEqual(sorted(CONTENTS), ARCHIVES)

    def test_they_verify(self):
        for name in ARCHIVES:
            with self.subTest(name):
                result = support.run("verify", "--json", GOLDEN / name, check=support.EXIT_COMPLETE)
                [archive] = json.loads(result.stdout)["archives"]
                self.assertEqual((archive["state"], archive["findings"]), ("intact", []))

    def test_they_hold_what_they_held(self):
        for name in ARCHIVES:
            with self.subTest(name):
                self.assertEqual(contents(GOLDEN / name), CONTENTS[name])

    def test_they_convert_to_every_format(self):
        for name in ARCHIVES:
            if "-00" in name:
                continue  # a volume is converted with its set, in test_volumes
            with self.subTest(name):
                converted = support.folder("golden") / "converted.zip"
                support.run(
                    "convert", GOLDEN / name, "--to", "json,jsonl,csv,xml", "--output", converted,
                    check=support.EXIT_COMPLETE)
                self.assertEqual(contents(converted), CONTENTS[name])
                support.run("verify", converted, check=support.EXIT_COMPLETE)

    def test_a_newer_version_is_refused_in_clear_words(self):
        folder = support.unzip(GOLDEN / "json.zip")
        manifest = folder / "manifest.json"
        manifest.write_text(
            manifest.read_text(encoding="utf-8").replace('"format_version": "1.0"', '"format_version": "2.0"'),
            encoding="utf-8")
        tags = folder / "tagmanifest-sha256.txt"
        lines = [
            hashlib.sha256(manifest.read_bytes()).hexdigest() + "  manifest.json" if line.endswith("  manifest.json")
            else line for line in tags.read_text(encoding="utf-8").splitlines()
        ]
        tags.write_text("\n".join(lines) + "\n", encoding="utf-8")
        newer = support.folder("newer") / "newer.zip"
        with zipfile.ZipFile(newer, "w", zipfile.ZIP_DEFLATED) as file:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    file.write(path, path.relative_to(folder))
        target = newer.parent / "target"
        for arguments in (
            ["verify", newer], ["inspect", newer], ["convert", newer, "--to", "csv", "--output", target],
            ["import", newer, "--into", target],
        ):
            with self.subTest(arguments[0]):
                result = support.run(*arguments, check=support.EXIT_VERIFICATION)
                self.assertIn("newer", result.stderr)
                self.assertFalse(target.exists())

    def test_a_newer_minor_version_is_read(self):
        with zipfile.ZipFile(GOLDEN / "json.zip") as file:
            files = {name: file.read(name) for name in file.namelist()}
        before = b'"format_version": "1.0"'
        self.assertIn(before, files["manifest.json"])
        files["manifest.json"] = files["manifest.json"].replace(before, b'"format_version": "1.7"')
        folder = support.folder("minor")
        with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as file:
            for name, data in files.items():
                file.writestr(name, data)
        result = support.run("inspect", folder / "a.zip", check=support.EXIT_COMPLETE)
        self.assertIn("request", result.stdout)


class Lies(unittest.TestCase):
    """Manifests that agree with all digests and still would leave records unread, or say what cannot be."""

    def check(self, change):
        folder = support.copy("access")
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        change(manifest, folder)
        (folder / "manifest.json").write_text(
            json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        for name, of_payload in (("manifest-sha256.txt", True), ("tagmanifest-sha256.txt", False)):
            files = sorted(
                str(path.relative_to(folder)) for path in folder.rglob("*")
                if path.is_file() and str(path.relative_to(folder)).startswith("data/") == of_payload
                and path.name != "tagmanifest-sha256.txt")
            (folder / name).write_text("".join("%s  %s\n" % (support.sha256(folder / f), f) for f in files))
        zipped = support.folder("lie") / "lie.zip"
        with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as file:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    file.write(path, path.relative_to(folder))
        target = zipped.parent / "target"
        for arguments in (
            ["verify", zipped], ["convert", zipped, "--to", "xml", "--output", target],
            ["import", zipped, "--into", target],
        ):
            with self.subTest(arguments[0]):
                result = support.run(*arguments, check=support.EXIT_VERIFICATION)
                self.assertNotIn("digest", result.stderr)
                self.assertFalse(target.exists())

    def test_what_is_not_changed_passes(self):
        folder = support.copy("access")
        support.run("verify", folder, check=support.EXIT_COMPLETE)

    def test_a_main_table_that_is_called_a_child(self):
        def change(manifest, _):
            [dataset] = [dataset for dataset in manifest["datasets"] if dataset["id"] == "account"]
            [file] = [file for file in dataset["files"] if file["format"] == "csv" and file["table"] == ""]
            file["table"] = "other"
        self.check(change)

    def test_no_format_has_a_main_table(self):
        def change(manifest, _):
            [dataset] = [dataset for dataset in manifest["datasets"] if dataset["id"] == "usage-events"]
            for file in dataset["files"]:
                file["table"] = file["table"] or "zz"
        self.check(change)

    def test_an_id_that_is_a_path(self):
        def change(manifest, _):
            manifest["datasets"][0]["id"] = "../../x"
        self.check(change)

    def test_counts_that_overflow(self):
        def change(manifest, _):
            records = manifest["datasets"][0]["records"]
            records["withheld"] = {"others": 2**63 - 1, "secret": 2**63 - 1}
            records["extracted"] = records["exported"] - 2
        self.check(change)


class SmallReader(unittest.TestCase):
    """A program of a hundred lines, written from the description of the format, reads every archive."""

    def test_it_is_small(self):
        source = pathlib.Path(small_reader.__file__).read_text(encoding="utf-8")
        self.assertLessEqual(sum(1 for line in source.splitlines() if line.strip()), 100)

    def check(self, path):
        with zipfile.ZipFile(path) as archive:
            read = list(small_reader.read(archive))
            wanted = [
                (dataset["id"], form) for dataset in json.loads(archive.read("manifest.json"))["datasets"]
                for form in sorted({file["format"] for file in dataset["files"]})
            ]
        self.assertEqual([(name, form) for name, form, _, _ in read], wanted)
        self.assertEqual([(name, form) for name, form, _, right in read if not right], [])

    def test_golden_archives(self):
        for name in ARCHIVES:
            with self.subTest(name):
                self.check(GOLDEN / name)

    def test_archives_of_today(self):
        for case in support.CASES:
            with self.subTest(case):
                self.check(support.archive(case))

    def test_it_finds_what_is_wrong(self):
        folder = support.folder("wrong")
        with zipfile.ZipFile(GOLDEN / "json.zip") as file, zipfile.ZipFile(folder / "a.zip", "w") as wrong:
            [victim] = [
                entry["path"] for dataset in support.manifest_of(GOLDEN / "json.zip")["datasets"]
                if dataset["id"] == "person" for entry in dataset["files"]
            ]
            for name in file.namelist():
                data = file.read(name)
                wrong.writestr(name, data.replace(b'"given_name":"', b'"given_name":"X') if name == victim else data)
        result = subprocess.run(
            [sys.executable, small_reader.__file__, folder / "a.zip"], capture_output=True, text=True, check=True)
        self.assertEqual(result.stdout.count("WRONG"), 1)


if __name__ == "__main__":
    unittest.main()
