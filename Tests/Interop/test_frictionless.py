"""frictionless reads an unzipped archive as a Data Package: every row of every table that the ledger counts."""

import contextlib
import json
import os
import re
import unittest

import frictionless

import support


@contextlib.contextmanager
def inside(path):
    before = os.getcwd()
    os.chdir(path)
    try:
        yield
    finally:
        os.chdir(before)


def validate(path):
    with inside(path):
        return frictionless.validate("datapackage.json")


def errors(report):
    """Resource and type of every error, the first few."""
    found = [("package", error.type, error.note) for error in report.errors]
    for task in report.tasks:
        found += [(task.name, error.type, error.note[:200]) for error in task.errors]
    return found[:5]


@support.for_every_case
class DataPackage:
    def test_every_row_of_the_ledger_is_valid(self):
        path = support.unzipped(self.case)
        report = validate(path)
        self.assertEqual(errors(report), [])
        self.assertTrue(report.valid)
        tasks = {task.place: task for task in report.tasks}
        self.assertEqual(len(tasks), len(report.tasks))

        files = {file["path"]: file for _, file in support.manifest_files(self.case)}
        documents = {"data/documents/" + p.name for p in (path / "data" / "documents").glob("*")}
        self.assertEqual(set(tasks), set(files) | documents)

        tables = 0
        for name, file in files.items():
            # XML is no table for frictionless, and neither is a JSON file without records.
            if file["format"] == "xml" or (file["format"] != "csv" and file["rows"] == 0):
                self.assertNotEqual(tasks[name].type, "table", name)
                continue
            self.assertEqual(tasks[name].type, "table", name)
            # It counts no rows where there are none, but the columns of the header.
            self.assertGreater(tasks[name].stats.get("fields", 0), 0, name)
            self.assertEqual(tasks[name].stats.get("rows", 0), file["rows"], name)
            tables += 1
        self.assertGreater(tables, 0)


class PlantedErrors(unittest.TestCase):
    """A value of a wrong type, with checksum and size made right again, is found in both formats."""

    def plant(self, format, pattern, replacement):
        path = support.copy("access")
        for dataset, file in support.manifest_files("access", format):
            if dataset["entity"] != "usage_event":
                continue
            name = file["path"]
            text = (path / name).read_bytes().decode("utf-8")
            changed = re.sub(pattern, replacement, text, count=1, flags=re.S)
            if changed == text:
                continue
            (path / name).write_bytes(changed.encode("utf-8"))
            package = json.loads((path / "datapackage.json").read_text(encoding="utf-8"))
            for resource in package["resources"]:
                if resource["path"] == name:
                    resource["hash"] = "sha256:" + support.sha256(path / name)
                    if "bytes" in resource:
                        resource["bytes"] = (path / name).stat().st_size
            (path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
            return path, name
        self.fail("there is no value to change")

    def check(self, path, name):
        report = validate(path)
        self.assertFalse(report.valid)
        broken = {task.place: [error.type for error in task.errors] for task in report.tasks if not task.valid}
        self.assertEqual(set(broken), {name})
        self.assertTrue(set(broken[name]) & {"type-error", "constraint-error"}, broken)

    def test_in_json(self):
        self.check(*self.plant("json", r'"duration_ms":\d+', '"duration_ms":"soon"'))

    def test_in_json_lines(self):
        self.check(*self.plant("jsonl", r'"occurred_at":"[^"]*"', '"occurred_at":"yesterday"'))

    def test_in_csv(self):
        # The first time stamp of the first row; the delimiter is that of the excel dialect.
        self.check(*self.plant("csv", r"\d{4}-\d\d-\d\dT[^;\r]*", "yesterday"))

    def test_a_flipped_bit(self):
        path = support.copy("access")
        _, name = support.largest_file("access", "xml")
        support.flip(path / name)
        self.assertFalse(validate(path).valid)
