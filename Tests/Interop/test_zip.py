"""Every common zip tool opens an archive and finds the same files in it; every one refuses a damaged one."""

import hashlib
import pathlib
import re
import subprocess
import unittest
import zipfile

import support

JAVA_PROGRAM = support.HERE / "ReadZip.java"


def contents(path):
    """Name → digest, by Python's zipfile."""
    with zipfile.ZipFile(path) as file:
        if file.testzip() is not None:
            raise AssertionError("bad checksum")
        return {info.filename: hashlib.sha256(file.read(info)).hexdigest() for info in file.infolist()}


def names(path):
    """Names in the order of the archive."""
    with zipfile.ZipFile(path) as file:
        return file.namelist()


def run(*command):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, stdin=subprocess.DEVNULL)


@support.for_every_case
class Zip:
    def setUp(self):
        self.path = support.archive(self.case)
        self.expected = contents(self.path)
        self.assertGreater(len(self.expected), 10)

    def test_python_finds_plain_names_and_files_only(self):
        with zipfile.ZipFile(self.path) as file:
            for info in file.infolist():
                self.assertRegex(info.filename, r"\A[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*\Z")
                self.assertIn(info.compress_type, (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
                self.assertFalse(info.is_dir())
                self.assertEqual(info.flag_bits & ~0x0806, 0, "a data descriptor or encryption")
        self.assertEqual(len(set(name.lower() for name in self.expected)), len(self.expected))

    def test_the_comment_is_the_seal_as_sha256sum_makes_it(self):
        with zipfile.ZipFile(self.path) as file:
            comment = file.comment.decode("ascii")
            self.assertEqual([info.comment for info in file.infolist() if info.comment], [])
        self.assertRegex(comment, r"\Asha256:[0-9a-f]{64}\Z")
        result = subprocess.run(
            ["sh", "-c", 'head -c -64 "$1" | sha256sum; tail -c 64 "$1"', "sh", str(self.path)],
            capture_output=True, text=True)
        computed, stated = result.stdout.split("  -\n")
        self.assertEqual(computed, stated)
        self.assertEqual("sha256:" + stated, comment)

    def test_the_order_is_that_of_the_format(self):
        order = names(self.path)
        self.assertEqual(
            order[:9],
            ["index.html", "README.txt", "manifest.json", "processing-information.json", "datapackage.json",
             "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"])
        groups = [0 if n.startswith("data/") and not n.startswith("data/documents/")
                  else 1 if n.startswith("data/documents/") else 2 for n in order[9:]]
        self.assertEqual(groups, sorted(groups))
        for group in (0, 1):
            members = [name for name, g in zip(order[9:], groups) if g == group]
            self.assertEqual(members, sorted(members))

    def test_unzip(self):
        result = run(support.tool("unzip"), "-t", self.path)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("No errors detected", result.stdout)
        target = support.folder("unzip")
        self.assertEqual(run("unzip", "-q", self.path, "-d", target).returncode, 0)
        self.assertEqual(support.tree(target), self.expected)

    def test_7z(self):
        seven = support.tool("7z", "7zz")
        result = run(seven, "t", self.path)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("Everything is Ok", result.stdout)
        self.assertNotIn("arning", result.stdout)
        self.assertEqual(int(re.search(r"^Files: (\d+)$", result.stdout, re.M).group(1)), len(self.expected))
        target = support.folder("7z")
        self.assertEqual(run(seven, "x", "-bso0", "-o%s" % target, self.path).returncode, 0)
        self.assertEqual(support.tree(target), self.expected)

    def test_bsdtar(self):
        tar = support.tool("bsdtar")
        listing = run(tar, "-tf", self.path)
        self.assertEqual(listing.returncode, 0, listing.stderr)
        self.assertEqual(listing.stdout.splitlines(), names(self.path))
        target = support.folder("bsdtar")
        self.assertEqual(run(tar, "-xf", self.path, "-C", target).returncode, 0)
        self.assertEqual(support.tree(target), self.expected)

    def test_bsdtar_reads_it_as_a_stream(self):
        """Without the directory at the end, from a pipe: the local headers alone must suffice."""
        target = support.folder("bsdtar-stream")
        with open(self.path, "rb") as file:
            result = subprocess.run(
                [support.tool("bsdtar"), "-xf", "-", "-C", str(target)], stdin=file, capture_output=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(support.tree(target), self.expected)

    def test_java(self):
        listing = run(support.tool("jar"), "tf", self.path)
        self.assertEqual(listing.returncode, 0, listing.stderr)
        self.assertEqual(listing.stdout.splitlines(), names(self.path))
        for way in ("file", "stream"):
            with self.subTest(way):
                result = run(support.tool("java"), JAVA_PROGRAM, way, self.path)
                self.assertEqual(result.returncode, 0, result.stderr)
                pairs = [line.split(" ", 1) for line in result.stdout.splitlines()]
                self.assertEqual({name: digest for digest, name in pairs}, self.expected)

    def test_the_program_verifies_it(self):
        result = support.run("verify", self.path, check=support.EXIT_COMPLETE)
        self.assertIn("intact", result.stdout)


class DamagedZip(unittest.TestCase):
    """Shows that the tools above would have noticed."""

    def setUp(self):
        self.path = support.folder("damaged") / "archive.zip"
        source = support.archive("access")
        data = bytearray(source.read_bytes())
        with zipfile.ZipFile(source) as file:
            info = max(file.infolist(), key=lambda info: info.compress_size)
        data[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 1
        self.path.write_bytes(data)

    def test_every_tool_notices_a_flipped_bit(self):
        with zipfile.ZipFile(self.path) as file:
            try:
                bad = file.testzip()
            except Exception:  # noqa: BLE001 - zlib's own error, by where the bit was
                bad = "zlib"
        self.assertIsNotNone(bad)
        target = support.folder("damaged-out")
        for command in (
            [support.tool("unzip"), "-tqq", self.path],
            [support.tool("7z", "7zz"), "t", self.path],
            [support.tool("bsdtar"), "-xf", self.path, "-C", target],
            # Java's ZipFile looks at no checksum; its ZipInputStream does.
            [support.tool("java"), JAVA_PROGRAM, "stream", self.path],
        ):
            with self.subTest(pathlib.Path(command[0]).name):
                self.assertNotEqual(run(*command).returncode, 0)

    def test_verify_notices_it(self):
        support.run("verify", self.path, check=support.EXIT_VERIFICATION)

    def test_verify_notices_a_bit_that_no_decoder_looks_at(self):
        """The time of an entry in its own header, which the directory has too, and a digit of the seal."""
        source = support.archive("access").read_bytes()
        for place in (10, len(source) - 1):
            with self.subTest(place):
                data = bytearray(source)
                data[place] ^= 1
                self.path.write_bytes(data)
                verified = support.run("verify", self.path, check=support.EXIT_COMPLETE)
                self.assertIn("rewritten", verified.stdout)

    def test_verify_notices_a_cut_archive(self):
        data = support.archive("access").read_bytes()
        for length in (0, 10, len(data) // 2, len(data) - 1):
            with self.subTest(length):
                self.path.write_bytes(data[:length])
                support.run("verify", self.path, check=support.EXIT_VERIFICATION)


class ZippedAgain(unittest.TestCase):
    def test_an_archive_that_someone_zipped_again_is_intact_in_content(self):
        path = support.folder("rezipped") / "again.zip"
        result = subprocess.run(
            [support.tool("zip"), "-qr", str(path), "."], cwd=support.unzipped("access"), capture_output=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        verified = support.run("verify", path, check=support.EXIT_COMPLETE)
        self.assertIn("rewritten", verified.stdout)
