"""An archive that is cut into volumes: each is one by itself for everybody's tools, and together they are the whole."""

import functools
import hashlib
import json
import subprocess
import unittest
import zipfile

import bagit

import support
import test_frictionless

SIZE = 256_000
#: One format: with all four, texts and schemas alone are larger than such small volumes.
FORMATS = "jsonl"


@functools.cache
def volumes():
    folder = support.folder("volumes")
    result = support.export(
        "access.yaml", folder / "R.zip", "--created", support.CREATED, "--volume-size", "256kB", formats=FORMATS)
    paths = sorted(folder.glob("*.zip"))
    assert [str(path) for path in paths] == result.stdout.split(), result.stdout
    return folder, paths


@functools.cache
def whole():
    path = support.folder("whole") / "R.zip"
    support.export("access.yaml", path, "--created", support.CREATED, formats=FORMATS)
    return path


class Volumes(unittest.TestCase):
    def test_there_are_several_and_none_is_larger_than_asked_for(self):
        folder, paths = volumes()
        self.assertGreater(len(paths), 1)
        self.assertEqual([path.name for path in paths], ["R-%03d.zip" % (n + 1) for n in range(len(paths))])
        self.assertLessEqual(max(path.stat().st_size for path in paths), SIZE)

    def test_they_are_a_set(self):
        _, paths = volumes()
        result = support.run("verify", "--json", *paths, check=support.EXIT_COMPLETE)
        told = json.loads(result.stdout)["set"]
        self.assertEqual((told["whole"], told["volumes"], told["findings"]), (True, len(paths), []))
        # What is missing is the set's fault, not that of a volume that is there.
        result = support.run("verify", "--json", *paths[1:], check=support.EXIT_VERIFICATION)
        told = json.loads(result.stdout)
        self.assertEqual({archive["state"] for archive in told["archives"]}, {"intact"})
        self.assertEqual([finding["kind"] for finding in told["set"]["findings"]], ["set-incomplete"])

    def test_each_is_a_bag_of_its_group_and_a_data_package(self):
        _, paths = volumes()
        groups = set()
        for number, path in enumerate(paths, 1):
            support.run("verify", path, check=support.EXIT_COMPLETE)
            subprocess.run([support.tool("unzip"), "-tqq", path], check=True)
            target = support.unzip(path)
            bag = bagit.Bag(str(target))
            self.assertTrue(bag.validate())
            self.assertEqual(bag.info["Bag-Count"], "%d of %d" % (number, len(paths)))
            groups.add(bag.info["Bag-Group-Identifier"])
            report = test_frictionless.validate(target)
            self.assertEqual(test_frictionless.errors(report), [])
            self.assertIn("volumes", (target / "index.html").read_text(encoding="utf-8"))
        self.assertEqual(groups, {support.manifest_of(paths[0])["set"]["id"]})

    def test_all_unpack_into_one_folder_and_the_parts_in_order_are_the_dataset(self):
        _, paths = volumes()
        target = support.folder("together")
        count = 0
        for path in paths:
            with zipfile.ZipFile(path) as file:
                names = [name for name in file.namelist() if name.startswith("data/")]
                count += len(names)
                file.extractall(target, names)
        self.assertEqual(count, sum(1 for path in target.rglob("*") if path.is_file()), "one was overwritten")
        expected = {
            dataset["id"]: dataset for dataset in support.manifest_of(whole())["datasets"] if dataset["files"]}
        manifests = [support.manifest_of(path) for path in paths]
        stated = {dataset["id"]: dataset for dataset in manifests[0]["set"]["datasets"]}
        self.assertEqual(set(stated), set(expected))
        cut = 0
        for name, dataset in expected.items():
            self.assertEqual(stated[name]["records"], dataset["records"])
            self.assertEqual(stated[name]["content_sha256"], dataset["content_sha256"])
            digest, records = hashlib.sha256(), 0
            parts = [own for manifest in manifests for own in manifest["datasets"] if own["id"] == name]
            cut += len(parts) > 1
            for part in parts:
                main = next(f for f in part["files"] if f["format"] == "jsonl" and f["table"] == "")
                content = (target / main["path"]).read_bytes()
                digest.update(content)
                records += content.count(b"\n")
            self.assertEqual(digest.hexdigest(), dataset["content_sha256"], name)
            self.assertEqual(records, dataset["records"]["exported"], name)
        self.assertGreater(cut, 0, "no dataset had to be cut")

    def test_the_receipt_names_the_digests_that_sha256sum_gives(self):
        folder, paths = volumes()
        receipt = json.loads((folder / "R.zip.receipt.json").read_text(encoding="utf-8"))
        self.assertEqual([v["sha256"] for v in receipt["archive"]["volumes"]], [support.sha256(p) for p in paths])
        together = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
        self.assertEqual(receipt["archive"]["sha256"], together)

    def test_volumes_replace_nothing(self):
        folder, paths = volumes()
        before = support.tree(folder)
        support.export("access.yaml", folder / "R.zip", "--volume-size", "256kB", check=support.EXIT_FAILED)
        self.assertEqual(support.tree(folder), before)
        support.export("access.yaml", folder / "Q.zip", "--volume-size", "12", check=support.EXIT_USAGE)
        self.assertEqual(support.tree(folder), before)

    def test_a_large_size_gives_the_archive_as_it_is(self):
        path = support.folder("large") / "R.zip"
        support.export("access.yaml", path, "--created", support.CREATED, "--volume-size", "1GB", formats=FORMATS)
        self.assertEqual(support.sha256(path), support.sha256(whole()))


if __name__ == "__main__":
    unittest.main()
