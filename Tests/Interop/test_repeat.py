"""The same input gives the same bytes, whatever the machine is set to."""

import pathlib
import shutil
import subprocess
import unittest

import support


class Repeat(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.expected = support.archive("access").read_bytes()

    def again(self, *arguments, samples_at=None, created=("--created", support.CREATED), **options):
        path = support.folder("again") / "archive.zip"
        support.export(
            "access.yaml", path, *created, *arguments, formats=support.CASES["access"][1], samples_at=samples_at,
            **options)
        return path.read_bytes()

    def test_the_same_run(self):
        self.assertEqual(self.again(), self.expected)

    def test_another_time_zone_and_locale(self):
        for environment in (
            {"TZ": "Pacific/Apia", **turkish()},
            {"TZ": "America/St_Johns", "LC_ALL": "C", "LANG": "C"},
        ):
            with self.subTest(environment["TZ"]):
                self.assertEqual(self.again(environment=environment), self.expected)

    def test_one_thread_and_many(self):
        for threads in (0, 1, 2, 7):
            with self.subTest(threads):
                self.assertEqual(self.again("--threads", str(threads)), self.expected)

    def test_the_creation_time_from_the_environment(self):
        self.assertEqual(
            self.again(created=(), environment={"SOURCE_DATE_EPOCH": support.CREATED}), self.expected)

    def test_another_order_of_the_folders(self):
        """A copy whose files were made in another order, which is what a directory lists them by."""
        samples = support.folder("shuffled")
        source = support.samples()
        files = sorted((p for p in source.rglob("*") if p.is_file()), key=lambda p: p.name[::-1], reverse=True)
        for file in files:
            target = samples / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            shutil.copymode(file, target)
        self.assertEqual(self.again(samples_at=samples), self.expected)

    def test_another_working_folder_and_relative_paths(self):
        output = support.folder("relative")
        result = support.run(
            "export", "--config", "portability.yaml", "--request", "requests/access.yaml", "--output",
            output / "archive.zip", "--created", support.CREATED, "--format", support.CASES["access"][1],
            cwd=support.samples(), check=support.EXIT_COMPLETE)
        self.assertEqual(pathlib.Path(result.stdout.strip()).read_bytes(), self.expected)

    def test_the_order_of_formats_does_not_matter(self):
        path = support.folder("formats") / "archive.zip"
        support.export("access.yaml", path, "--created", support.CREATED, formats="xml,csv,jsonl,json")
        self.assertEqual(path.read_bytes(), self.expected)

    def test_another_creation_time_changes_it(self):
        self.assertNotEqual(self.again(created=("--created", "1000000000")), self.expected)

    def test_zlib_gives_the_same_files(self):
        """Another compressor: the container differs, the data and all checksums of it do not."""
        path = support.folder("zlib") / "archive.zip"
        support.export(
            "access.yaml", path, "--created", support.CREATED, "--compression", "zlib",
            formats=support.CASES["access"][1])
        self.assertNotEqual(path.read_bytes(), self.expected)
        support.run("verify", path, check=support.EXIT_COMPLETE)
        self.assertEqual(
            support.tree(support.unzip(path) / "data"), support.tree(support.unzipped("access") / "data"))


def turkish():
    """The settings for a Turkish locale, whose small I is not i; it is made here if the machine has none."""
    locale = "tr_TR.UTF-8"
    settings = {"LC_ALL": locale, "LANG": locale}
    known = subprocess.run([support.tool("locale"), "-a"], capture_output=True, text=True).stdout.lower().split()
    if "tr_tr.utf8" in known:
        return settings
    folder = support.folder("locale")
    result = subprocess.run(
        [support.tool("localedef"), "-i", "tr_TR", "-f", "UTF-8", str(folder / locale)], capture_output=True, text=True)
    if result.returncode != 0:
        raise AssertionError("no Turkish locale: " + result.stderr)
    return {**settings, "LOCPATH": str(folder)}
