"""An unzipped archive is a bag, its checksums hold, and its content digests are what README.txt says they are."""

import json
import re
import subprocess
import unittest

import bagit

import support


def sum_lines(path, name):
    """Runs `sha256sum -c` and returns how many files it found right."""
    result = subprocess.run(
        [support.tool("sha256sum"), "--strict", "-c", name], cwd=path, capture_output=True, text=True)
    if result.returncode != 0:
        raise AssertionError(result.stdout + result.stderr)
    return [line.removesuffix(": OK") for line in result.stdout.splitlines() if line.endswith(": OK")]


@support.for_every_case
class Bag:
    def setUp(self):
        self.path = support.unzipped(self.case)

    def test_bagit_accepts_it(self):
        bag = bagit.Bag(str(self.path))
        self.assertEqual(bag.version, "1.0")
        self.assertTrue(bag.validate())
        self.assertEqual(
            sorted(bag.payload_files()), sorted(name for name in support.tree(self.path) if name.startswith("data/")))
        self.assertGreater(len(list(bag.payload_files())), 0)

    def test_sha256sum_finds_every_file_right(self):
        names = support.tree(self.path)
        payload = sorted(name for name in names if name.startswith("data/"))
        self.assertEqual(sorted(sum_lines(self.path, "manifest-sha256.txt")), payload)
        tags = sorted(set(names) - set(payload) - {"tagmanifest-sha256.txt"})
        self.assertEqual(sorted(sum_lines(self.path, "tagmanifest-sha256.txt")), tags)
        self.assertTrue(payload and tags)

    def test_the_manifest_lists_the_payload(self):
        listed = {file["path"]: file for _, file in support.manifest_files(self.case)}
        payload = {name: digest for name, digest in support.tree(self.path / "data").items()}
        data = {"data/" + name: digest for name, digest in payload.items() if not name.startswith("documents/")}
        self.assertEqual({path: file["sha256"] for path, file in listed.items()}, data)
        for path, file in listed.items():
            self.assertEqual((self.path / path).stat().st_size, file["bytes"], path)
        documents = [self.path / "data" / name for name in payload if name.startswith("documents/")]
        stated = support.manifest(self.case)["documents"]
        self.assertEqual(stated, {"count": len(documents), "bytes": sum(d.stat().st_size for d in documents)})

    def test_the_command_in_the_readme_gives_the_content_digest(self):
        readme = (self.path / "README.txt").read_text(encoding="utf-8")
        commands = re.findall(r"^\s+(sed .*\bFILE \| sha256sum)$", readme, re.M)
        self.assertEqual(len(commands), 1)
        checked = 0
        for dataset, file in support.manifest_files(self.case, "json"):
            command = commands[0].replace("FILE", file["path"])
            output = subprocess.run(
                ["sh", "-c", command], cwd=self.path, capture_output=True, text=True, check=True).stdout
            self.assertEqual(output.split()[0], dataset["content_sha256"], file["path"])
            checked += 1
        self.assertGreater(checked, 0)

    def test_the_readme_tells_how_to_verify(self):
        readme = (self.path / "README.txt").read_text(encoding="utf-8")
        self.assertIn("index.html", readme)
        self.assertIn("sha256sum -c manifest-sha256.txt", readme)


class DamagedBag(unittest.TestCase):
    """Shows that the tools above would have noticed."""

    def test_a_flipped_bit_in_a_data_file(self):
        path = support.copy("access")
        _, name = support.largest_file("access", "csv")
        support.flip(path / name)
        with self.assertRaises(bagit.BagError):
            bagit.Bag(str(path)).validate()
        with self.assertRaises(AssertionError):
            sum_lines(path, "manifest-sha256.txt")

    def test_a_flipped_bit_in_the_manifest(self):
        path = support.copy("access")
        support.flip(path / "manifest.json")
        with self.assertRaises(bagit.BagError):
            bagit.Bag(str(path)).validate()
        with self.assertRaises(AssertionError):
            sum_lines(path, "tagmanifest-sha256.txt")

    def test_a_missing_and_an_added_file(self):
        for change in ("remove", "add"):
            with self.subTest(change):
                path = support.copy("access")
                if change == "remove":
                    (path / support.largest_file("access", "json")[1]).unlink()
                else:
                    (path / "data" / "more.txt").write_text("more")
                with self.assertRaises(bagit.BagError):
                    bagit.Bag(str(path)).validate()

    def test_verify_notices_what_the_checksums_of_a_forger_would_hide(self):
        """A record taken away, with every checksum made right again: the manifest's own counts still tell."""
        path = support.copy("access")
        dataset, name = support.largest_file("access", "json")
        lines = (path / name).read_bytes().split(b"\n")
        self.assertGreater(len(lines), 4)
        del lines[1]
        (path / name).write_bytes(b"\n".join(lines))
        new = support.sha256(path / name)
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        for candidate in manifest["datasets"]:
            for file in candidate["files"]:
                if file["path"] == name:
                    file.update(sha256=new, bytes=(path / name).stat().st_size)
        (path / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
        package = json.loads((path / "datapackage.json").read_text(encoding="utf-8"))
        for resource in package["resources"]:
            if resource["path"] == name:
                resource["hash"] = "sha256:" + new
        (path / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n")
        payload = [file for file in (path / "data").rglob("*") if file.is_file()]
        oxum = "Payload-Oxum: %d.%d" % (sum(file.stat().st_size for file in payload), len(payload))
        info = (path / "bag-info.txt").read_text(encoding="utf-8")
        (path / "bag-info.txt").write_text(re.sub("Payload-Oxum: .*", oxum, info), encoding="utf-8")
        tags = ["manifest.json", "datapackage.json", "bag-info.txt", "manifest-sha256.txt"]
        for sums, names in (("manifest-sha256.txt", [name]), ("tagmanifest-sha256.txt", tags)):
            text = (path / sums).read_text()
            for changed in names:
                text = re.sub(
                    r"^[0-9a-f]{64}(  %s)$" % re.escape(changed), support.sha256(path / changed) + r"\1", text,
                    flags=re.M)
            (path / sums).write_text(text)
        sum_lines(path, "manifest-sha256.txt")
        sum_lines(path, "tagmanifest-sha256.txt")
        forged = support.folder("forged") / "forged.zip"
        subprocess.run([support.tool("zip"), "-qr", str(forged), "."], cwd=path, check=True)
        result = support.run("verify", forged, check=support.EXIT_VERIFICATION)
        self.assertIn(dataset["id"], result.stderr)
