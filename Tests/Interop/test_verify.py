"""`verify` from outside: other programs' containers, everything that is wrong at once, and bags as bagit.py sees them."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import time
import unittest
import zipfile

import bagit
import jsonschema

import support

SCHEMA = json.loads((support.ROOT / "schemas" / "verification.schema.json").read_text(encoding="utf-8"))


def verify(*paths, depth=None, check=None):
    """The answer for programs, which must be as its schema says, and the exit status."""
    options = ["--depth", depth] if depth else []
    result = support.run("verify", "--json", *options, *paths, check=check)
    answer = json.loads(result.stdout)
    jsonschema.validate(answer, SCHEMA)
    return answer, result.returncode


def one(path, depth=None):
    """The answer for one archive."""
    answer, status = verify(path, depth=depth)
    (archive,) = answer["archives"]
    if (status == support.EXIT_COMPLETE) != (archive["state"] != "not-intact"):
        raise AssertionError("status %d of an archive that is %s" % (status, archive["state"]))
    return archive


def findings(archive):
    return sorted({(finding["kind"], finding.get("path")) for finding in archive["findings"]})


class Containers(unittest.TestCase):
    """The same files in other hands."""

    def test_as_it_was_written(self):
        for case in support.CASES:
            with self.subTest(case):
                archive = one(support.archive(case))
                self.assertEqual(archive["state"], "intact")
                self.assertEqual((archive["kind"], archive["container"]), ("archive", "zip"))
                self.assertEqual(archive["algorithms"], ["sha256"])
                records = sum(
                    file["rows"] for _, file in support.manifest_files(case) if file["table"] == "")
                self.assertEqual(archive["counts"]["records"], records)

    def test_unzipped(self):
        archive = one(support.unzipped("access"))
        self.assertEqual((archive["state"], archive["container"]), ("intact", "folder"))
        self.assertEqual(archive["counts"], one(support.archive("access"))["counts"])

    def test_packed_again(self):
        path = support.unzipped("access")
        target = support.folder("packed")
        subprocess.run([support.tool("zip"), "-qr", target / "zip.zip", "."], cwd=path, check=True)
        subprocess.run(
            [support.tool("7z", "7za", "7zz"), "a", "-bd", target / "7z.zip", "."], cwd=path, check=True,
            stdout=subprocess.DEVNULL)
        with zipfile.ZipFile(target / "python.zip", "w", zipfile.ZIP_DEFLATED) as file:
            for name in support.tree(path):
                file.write(path / name, name)
        with zipfile.ZipFile(target / "stored.zip", "w") as file:
            for name in reversed(list(support.tree(path))):
                file.write(path / name, name)
        # In one folder, as those who right-click do.
        with zipfile.ZipFile(target / "folder.zip", "w", zipfile.ZIP_DEFLATED) as file:
            for name in support.tree(path):
                file.write(path / name, "my data/" + name)
        for name in ("zip", "7z", "python", "stored", "folder"):
            with self.subTest(name):
                archive = one(target / (name + ".zip"))
                self.assertEqual(archive["findings"], [])
                self.assertEqual(archive["state"], "content-intact-container-rewritten")
                self.assertTrue(archive["container_findings"])

    def test_several(self):
        answer, status = verify(support.archive("access"), support.unzipped("portability"))
        self.assertEqual((status, answer["intact"]), (0, True))
        self.assertEqual([archive["container"] for archive in answer["archives"]], ["zip", "folder"])
        damaged = support.copy("portability")
        (damaged / "more.txt").write_text("")
        answer, status = verify(support.archive("access"), damaged)
        self.assertEqual((status, answer["intact"]), (support.EXIT_VERIFICATION, False))
        self.assertEqual([archive["state"] for archive in answer["archives"]], ["intact", "not-intact"])


class Damage(unittest.TestCase):
    def test_all_that_is_wrong_is_told_at_once(self):
        path = support.copy("access")
        _, changed = support.largest_file("access", "csv")
        _, removed = support.largest_file("access", "xml")
        _, renamed = support.largest_file("access", "jsonl")
        support.flip(path / changed)
        (path / removed).unlink()
        (path / renamed).rename((path / renamed).with_name("renamed.jsonl"))
        (path / "data" / "more.csv").write_text("more")
        (path / "more.txt").write_text("more")
        os.mkdir(path / "folder")
        (path / "folder" / "more.txt").write_text("more")
        expected = {
            ("digest", changed), ("missing", removed), ("missing", renamed), ("unlisted", "data/more.csv"),
            ("unlisted", os.path.dirname(renamed) + "/renamed.jsonl"), ("unlisted", "more.txt"),
            ("unlisted", "folder/more.txt"), ("bag-information", "bag-info.txt"),
        }
        target = support.folder("damaged") / "damaged.zip"
        subprocess.run([support.tool("zip"), "-qr", target, "."], cwd=path, check=True)
        for damaged in (path, target):
            self.assertLessEqual(expected, set(findings(one(damaged))))
            text = support.run("verify", damaged, check=support.EXIT_VERIFICATION)
            self.assertEqual(text.stdout, "")
            for _, name in expected:
                self.assertIn("wrong: %s: " % name, text.stderr)

    def test_each_depth(self):
        path = support.copy("access")
        name = support.largest_file("access", "json")[1]
        support.flip(path / name)
        for depth, state in (("sizes", "intact"), ("completeness", "intact"), ("full", "not-intact")):
            self.assertEqual(one(path, depth)["state"], state)
        (path / "more.txt").write_text("")
        for depth, state in (("sizes", "intact"), ("completeness", "not-intact")):
            self.assertEqual(one(path, depth)["state"], state)
        with open(path / name, "ab") as file:
            file.write(b" ")
        self.assertEqual(one(path, "sizes")["state"], "not-intact")

    def test_records_that_are_not_as_their_schema_says(self):
        """Every checksum is made right again, and the counts agree: only reading the records shows it."""
        for format in ("json", "jsonl", "csv", "xml"):
            for old, new in ((b"record_id", b"record_ix"), (b"2026-0", b"2026-9")):
                with self.subTest(format=format, new=new):
                    path = support.copy("access")
                    name = next(
                        file["path"] for _, file in support.manifest_files("access", format)
                        if file["table"] == "" and old in (path / file["path"]).read_bytes())
                    (path / name).write_bytes((path / name).read_bytes().replace(old, new, 1))
                    seal(path, name)
                    self.assertEqual(findings(one(path)), [("content", name)])

    def test_companions_that_say_otherwise(self):
        for name, old, new, kind in (
                ("manifest.json", b'"status": "complete"', b'"status": "perfect"', "manifest-json"),
                ("processing-information.json", b'"language": "', b'"langue": "', "processing-information"),
                ("datapackage.json", b'"path": "data/', b'"path": "tata/', "datapackage"),
                ("datapackage.json", b'"hash": "sha256:', b'"hash": "sha256:0', "datapackage")):
            with self.subTest(name, new=new):
                path = support.copy("portability")
                text = (path / name).read_bytes()
                self.assertIn(old, text)
                (path / name).write_bytes(text.replace(old, new, 1))
                seal(path, None, name)
                found = findings(one(path))
                self.assertTrue(found)
                self.assertEqual({what for what, _ in found}, {kind})

    def test_an_archive_without_its_manifest_is_no_bag_of_others(self):
        path = support.copy("portability")
        (path / "manifest.json").unlink()
        seal(path, None, remove="manifest.json")
        archive = one(path)
        self.assertEqual((archive["kind"], archive["state"]), ("archive", "not-intact"))
        self.assertIn(("manifest-json", "manifest.json"), findings(archive))

    def test_a_newer_format(self):
        path = support.copy("portability")
        text = (path / "manifest.json").read_text(encoding="utf-8")
        (path / "manifest.json").write_text(text.replace('"format_version": "1.0"', '"format_version": "2.0"'))
        seal(path, None, "manifest.json")
        archive = one(path)
        self.assertEqual(findings(archive), [("newer-format", "manifest.json")])

    def test_what_is_no_archive(self):
        target = support.folder("none")
        (target / "half.zip").write_bytes(support.archive("access").read_bytes()[:5000])
        (target / "text.zip").write_text("nothing")
        (target / "empty.zip").write_bytes(b"")
        (target / "folder").mkdir()
        for name in ("half.zip", "text.zip", "empty.zip", "folder"):
            self.assertEqual(one(target / name)["state"], "not-intact", name)
        support.run("verify", target / "absent.zip", check=support.EXIT_FAILED)

    def test_an_interrupt_ends_it(self):
        """Of a file that takes some seconds to read."""
        path = support.folder("large")
        (path / "data").mkdir()
        (path / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        with open(path / "data" / "zeros", "wb") as file:
            file.truncate(64 << 30)
        (path / "manifest-sha512.txt").write_text("0" * 128 + "  data/zeros\n")
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen(
                [support.program(), "verify", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(1)
            process.send_signal(number)
            out, _ = process.communicate(timeout=60)
            self.assertEqual((process.returncode, out), (128 + number, b""))


def seal(path, data=None, *tags, remove=None):
    """Makes every checksum right again after a file was changed: what a forger does."""
    def replace(file, name):
        digest = support.sha256(path / name)
        lines = (path / file).read_text(encoding="utf-8").splitlines()
        lines = [digest + line[64:] if line[66:] == name else line for line in lines]
        (path / file).write_text("".join(line + "\n" for line in lines), encoding="utf-8")

    tags = list(tags)
    if data:
        old = next(
            line[:64] for line in (path / "manifest-sha256.txt").read_text().splitlines() if line[66:] == data)
        new = support.sha256(path / data)
        for name in ("manifest.json", "datapackage.json", "manifest-sha256.txt"):
            text = (path / name).read_text(encoding="utf-8")
            # Not the content digest, which is the same for JSON Lines.
            for what in ('"sha256": "%s', "sha256:%s", "%s  " + data):
                text = text.replace(what % old, what % new)
            (path / name).write_text(text, encoding="utf-8")
            tags.append(name)
    for name in tags:
        replace("tagmanifest-sha256.txt", name)
    if remove:
        lines = (path / "tagmanifest-sha256.txt").read_text().splitlines()
        (path / "tagmanifest-sha256.txt").write_text(
            "".join(line + "\n" for line in lines if line[66:] != remove))


def append(path, name, text):
    with open(path / name, "a", encoding="utf-8", newline="") as file:
        file.write(text)


def edit(path, name, change):
    (path / name).write_bytes(change((path / name).read_bytes()))


ZEROS = "0" * 64

#: What is done to a bag that bagit.py made, whether bagit.py and we find it valid, and why we differ where we do.
CRAFTED = {
    "nothing": (lambda path: None, True, True, None),
    "a byte changed": (lambda path: edit(path, "data/a.txt", lambda text: b"x" + text[1:]), False, False, None),
    "a file removed": (lambda path: (path / "data/a.txt").unlink(), False, False, None),
    "a file added": (lambda path: append(path, "data/c.txt", ""), False, False, None),
    "a file renamed": (lambda path: (path / "data/a.txt").rename(path / "data/c.txt"), False, False, None),
    "a tag file changed": (lambda path: append(path, "bag-info.txt", "A: b\n"), False, False, None),
    "a tag file removed": (lambda path: (path / "bag-info.txt").unlink(), False, False, None),
    "no declaration": (lambda path: (path / "bagit.txt").unlink(), False, False, None),
    "no manifest": (lambda path: (path / "manifest-sha256.txt").unlink(), False, False, None),
    "a line that leads out": (
        lambda path: append(path, "manifest-sha256.txt", ZEROS + "  ../x\n"), False, False, None),
    "a file to be fetched": (
        lambda path: (append(path, "fetch.txt", "https://example.org/x - data/x\n"),
                      append(path, "manifest-sha256.txt", ZEROS + "  data/x\n")), False, False, None),
    "a byte order mark": (
        lambda path: edit(path, "bagit.txt", lambda text: b"\xef\xbb\xbf" + text), False, False, None),
    "CRLF and capital digits": (
        lambda path: (edit(path, "manifest-sha256.txt", lambda text: b"".join(
            line[:64].upper() + line[64:] + b"\r\n" for line in text.splitlines())),
            (path / "tagmanifest-sha256.txt").unlink()), True, True, None),
    "a file in the bag's root": (
        lambda path: append(path, "more.txt", ""), True, False,
        "bagit.py lets tag files pass that its tag manifests do not list"),
    "a file in another folder": (
        lambda path: ((path / "more").mkdir(), append(path, "more/more.txt", "")), True, False,
        "as in the bag's root"),
    "a link in place of a file": (
        lambda path: (shutil.move(path / "data/a.txt", path.parent / (path.name + "-outside")),
                      (path / "data/a.txt").symlink_to(path.parent / (path.name + "-outside"))), True, False,
        "bagit.py follows links, out of the bag too"),
    "a comment in a manifest": (
        lambda path: (edit(path, "manifest-sha256.txt", lambda text: b"# made by hand\n" + text),
                      (path / "tagmanifest-sha256.txt").unlink()), True, False,
        "RFC 8493 knows no comments; bagit.py skips them"),
    "a percent sign, encoded as RFC 8493 demands": (
        lambda path: ((path / "data/a.txt").rename(path / "data/a%.txt"),
                      edit(path, "manifest-sha256.txt", lambda text: text.replace(b"a.txt", b"a%25.txt")),
                      edit(path, "bagit.txt", lambda text: text.replace(b"0.97", b"1.0")),
                      (path / "tagmanifest-sha256.txt").unlink()), False, True,
        "bagit.py decodes line ends only"),
    "a file that one of two manifests lacks": (
        lambda path: (append(path, "manifest-md5.txt", "%s  data/b.txt\n" % hashlib.md5(b"b").hexdigest()),
                      edit(path, "bagit.txt", lambda text: text.replace(b"0.97", b"1.0")),
                      (path / "tagmanifest-sha256.txt").unlink()), True, False,
        "bagit.py holds any one manifest enough, as versions before 1.0 did"),
    "a third line in the declaration": (
        lambda path: (append(path, "bagit.txt", "More: x\n"), (path / "tagmanifest-sha256.txt").unlink()), True,
        False, "RFC 8493 demands exactly two; bagit.py reads what it knows"),
    "a version that nobody knows": (
        lambda path: (edit(path, "bagit.txt", lambda text: text.replace(b"0.97", b"7.0")),
                      (path / "tagmanifest-sha256.txt").unlink()), False, False, None),
}  # fmt: skip


class Crafted(unittest.TestCase):
    """bagit.py and we on the same bags."""

    def bag(self, algorithms):
        path = support.folder("bag")
        (path / "a.txt").write_text("a")
        (path / "b.txt").write_text("b")
        bagit.make_bag(str(path), checksums=algorithms)
        return path

    def bagit_accepts(self, path):
        try:
            return bagit.Bag(str(path)).validate()
        except bagit.BagError:
            return False

    def test_algorithms(self):
        for algorithms in (["md5"], ["sha1"], ["sha224"], ["sha256"], ["sha384"], ["sha512"], ["md5", "sha512"]):
            path = self.bag(algorithms)
            self.assertTrue(self.bagit_accepts(path))
            archive = one(path)
            self.assertEqual((archive["kind"], archive["state"], archive["algorithms"]), ("bag", "intact", algorithms))

    def test_table(self):
        for name, (change, theirs, ours, why) in CRAFTED.items():
            with self.subTest(name):
                path = self.bag(["sha256"])
                change(path)
                self.assertEqual(self.bagit_accepts(path), theirs)
                archive = one(path)
                self.assertEqual(archive["state"], "intact" if ours else "not-intact", archive["findings"])
                self.assertEqual(why is None, theirs == ours)

    def test_what_is_to_be_fetched_is_told_and_not_fetched(self):
        path = self.bag(["sha256"])
        (path / "data/a.txt").unlink()
        append(path, "fetch.txt", "http://127.0.0.1:9/a 1 data/a.txt\n")
        archive = one(path, "completeness")
        self.assertEqual(findings(archive), [("not-fetched", "data/a.txt")])
        self.assertEqual(
            archive["fetch"], {"files": 1, "absent": 1, "list": [
                {"url": "http://127.0.0.1:9/a", "path": "data/a.txt", "bytes": 1, "present": False}]})
        self.assertFalse((path / "data/a.txt").exists())

    def test_zipped_with_its_folder(self):
        path = self.bag(["sha512"])
        target = support.folder("zipped") / "bag.zip"
        subprocess.run([support.tool("zip"), "-qr", target, path.name], cwd=path.parent, check=True)
        archive = one(target)
        self.assertEqual((archive["kind"], archive["state"], archive["container"]), ("bag", "intact", "zip"))
        self.assertEqual(archive["container_findings"], [])


if __name__ == "__main__":
    unittest.main()
