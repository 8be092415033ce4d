"""Imported archives, read by Python's sqlite3 and the sqlite3 shell: every record of every format is there as it was."""

import functools
import json
import pathlib
import re
import resource
import signal
import sqlite3
import subprocess
import time
import unittest
import zipfile

import support


def connect(path):
    database = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    database.row_factory = sqlite3.Row
    return database


def quoted(name):
    return '"%s"' % name.replace('"', '""')


def put(record, name, value):
    """Sets a.b.c in nested objects."""
    *groups, last = name.split(".")
    for group in groups:
        record = record.setdefault(group, {})
    record[last] = value


def value(kind, cell):
    """A cell as JSON has it."""
    if kind == "boolean":
        return bool(cell)
    if kind == "json":
        return json.loads(cell, parse_float=str)
    if kind == "integer" and isinstance(cell, int) and abs(cell) > 2**53:
        return str(cell)
    return cell


class Tables:
    """Puts records together from the tables, by what `_tables` and `_columns` say of them."""

    def __init__(self, database):
        self.database = database
        self.tables = [dict(row) for row in database.execute("SELECT * FROM _tables")]
        self.columns = {}
        for row in database.execute('SELECT * FROM _columns ORDER BY "table", position'):
            self.columns.setdefault(row["table"], []).append((row["name"], row["kind"]))

    def records(self, dataset):
        entity = dataset["entity"]
        rows = self.database.execute(
            "SELECT * FROM %s WHERE _dataset = ? ORDER BY _ordinal" % quoted(entity), [dataset["id"]]).fetchall()
        records = {row["_record"]: self.group(entity, row, {"record_id": row["record_id"]}) for row in rows}
        lists = sorted(
            (t for t in self.tables if t["entity"] == entity and t["content"] in ("groups", "values")),
            key=lambda table: table["path"].count("."))
        places = {}
        for table in lists:
            self.fill(entity, table, [t["path"] for t in lists], records, places)
        for row in self.database.execute("SELECT * FROM %s" % quoted(entity + ".other")):
            if row["_record"] in records:
                other = records[row["_record"]].setdefault("other", {})
                other[row["name"]] = value(row["type"], row["value"])
        return list(records.values())

    def group(self, table, row, record):
        for name, kind in self.columns.get(table, []):
            if row[name] is not None:
                put(record, name, value(kind, row[name]))
        return record

    def fill(self, entity, table, paths, records, places):
        outer = [path for path in paths if table["path"].startswith(path + ".")]
        outer.sort(key=len)
        keys = [path + "_index" for path in outer + [table["path"]]]
        order = ", ".join(map(quoted, ["_record"] + keys))
        for row in self.database.execute("SELECT * FROM %s ORDER BY %s" % (quoted(table["name"]), order)):
            if row["_record"] not in records:
                continue
            if outer:
                around = places[tuple([outer[-1], row["_record"]] + [row[key] for key in keys[:-1]])]
                name = table["path"][len(outer[-1]) + 1:]
            else:
                around, name = records[row["_record"]], table["path"]
            *groups, last = name.split(".")
            for group in groups:
                around = around.setdefault(group, {})
            items = around.setdefault(last, [])
            assert row[keys[-1]] == len(items) + 1
            if table["content"] == "values":
                items.append(value(dict(self.columns[table["name"]])["value"], row["value"]))
            else:
                items.append(self.group(table["name"], row, {}))
                places[tuple([table["path"], row["_record"]] + [row[key] for key in keys])] = items[-1]


@functools.cache
def one_format(request, format):
    path = support.folder("one") / "archive.zip"
    support.export(request, path, "--created", support.CREATED, formats=format)
    return path


def imported(*archives, arguments=()):
    path = support.folder("import") / "data.sqlite"
    support.run("import", *archives, "--into", path, *arguments, check=support.EXIT_COMPLETE)
    return path


def dump(path):
    """All there is, but for how the archive was packed and in which files it says it was.

    Opened to be written to, as every next program opens it: what a killed process began is then taken back."""
    text = subprocess.run(
        [support.tool("sqlite3"), path, ".dump"], capture_output=True, text=True, check=True).stdout
    return [line for line in text.splitlines() if not line.startswith("INSERT INTO _archive_files")]


def records(path):
    """All records of a database by dataset, whatever the order of the datasets."""
    database = connect(path)
    tables = Tables(database)
    return {
        row["dataset"]: (row["content_sha256"], tables.records(row))
        for row in database.execute(
            "SELECT * FROM _datasets WHERE entity IN (SELECT entity FROM _tables)").fetchall()}


@support.for_every_case
class ImportedArchive:
    def test_every_record_is_there_as_it_was(self):
        path = imported(support.archive(self.case))
        database = connect(path)
        tables = Tables(database)
        datasets = {row["dataset"]: row for row in database.execute("SELECT * FROM _datasets")}
        self.assertEqual(list(datasets), [dataset["id"] for dataset in support.manifest(self.case)["datasets"]])
        compared = 0
        for dataset, file in support.manifest_files(self.case, "json"):
            text = (support.unzipped(self.case) / file["path"]).read_text(encoding="utf-8")
            wanted = json.loads(text, parse_float=str)
            got = tables.records(datasets[dataset["id"]])
            self.assertEqual(len(got), len(wanted), dataset["id"])
            for left, right in zip(got, wanted):
                self.assertEqual(left, right, dataset["id"])
            compared += len(got)
        self.assertGreater(compared, 0)

    def test_it_is_sound_and_says_where_all_of_it_came_from(self):
        archive = support.archive(self.case)
        path = imported(archive)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.assertEqual([entry.name for entry in path.parent.iterdir()], ["data.sqlite"])
        shell = subprocess.run(
            [support.tool("sqlite3"), "-readonly", path, "PRAGMA integrity_check; PRAGMA foreign_key_check"],
            capture_output=True, text=True, check=True).stdout
        self.assertEqual(shell, "ok\n")
        database = connect(path)
        manifest = support.manifest(self.case)
        row = database.execute("SELECT * FROM _archives").fetchone()
        self.assertEqual(
            (row["request_id"], row["right"], row["created"], row["status"], row["controller"]),
            (manifest["request"]["id"], manifest["request"]["right"], manifest["created"], manifest["status"],
             manifest["controller"]["name"]))
        file = database.execute("SELECT * FROM _archive_files").fetchone()
        self.assertEqual((file["sha256"], file["bytes"]), (support.sha256(archive), archive.stat().st_size))
        with zipfile.ZipFile(archive) as zip:
            self.assertEqual(file["manifest"], zip.read("manifest.json").decode())
        for dataset in manifest["datasets"]:
            row = database.execute("SELECT * FROM _datasets WHERE dataset = ?", [dataset["id"]]).fetchone()
            self.assertEqual(
                (row["exported"], row["content_sha256"], row["status"], json.loads(row["purposes"])),
                (dataset["records"]["exported"], dataset.get("content_sha256"), dataset["status"],
                 dataset["purposes"]))


class ImportTest(unittest.TestCase):
    def setUp(self):
        self.folder = support.folder("import")
        self.path = self.folder / "data.sqlite"

    def names(self):
        return sorted(entry.name for entry in self.folder.iterdir())

    def test_every_format_becomes_the_same_rows(self):
        wanted = dump(imported(one_format("access.yaml", "jsonl")))
        self.assertGreater(len(wanted), 1000)
        for format in ("json", "csv", "xml"):
            with self.subTest(format):
                self.assertEqual(dump(imported(one_format("access.yaml", format))), wanted)

    def test_volumes_and_what_was_converted_are_the_same_archive(self):
        whole = one_format("access.yaml", "json")
        parts = support.folder("volumes")
        support.export(
            "access.yaml", parts / "R.zip", "--created", support.CREATED, "--volume-size", "256kB", formats="json")
        volumes = sorted(parts.glob("*.zip"), reverse=True)
        self.assertGreater(len(volumes), 1)
        converted = self.folder / "converted.zip"
        support.run("convert", whole, "--to", "csv", "--output", converted, check=support.EXIT_COMPLETE)
        path = imported(*volumes)
        self.assertEqual(records(path), records(imported(whole)))
        files = connect(path).execute("SELECT volume, sha256 FROM _archive_files ORDER BY volume").fetchall()
        self.assertEqual(
            [tuple(row) for row in files],
            [(n + 1, support.sha256(volume)) for n, volume in enumerate(sorted(volumes))])
        before = support.sha256(path)
        for archives in ([whole], [converted], [*volumes, whole, volumes[0]]):
            result = support.run("import", *archives, "--into", path, "--json", check=support.EXIT_COMPLETE)
            self.assertEqual(json.loads(result.stdout)["added"], 0)
        self.assertEqual(support.sha256(path), before)
        support.run("import", volumes[0], "--into", self.path, check=support.EXIT_VERIFICATION)
        self.assertEqual(self.names(), ["converted.zip"])

    def test_importing_again_changes_no_byte(self):
        path = imported(one_format("access.yaml", "json"))
        before = support.sha256(path)
        for format in ("json", "xml"):
            result = support.run(
                "import", one_format("access.yaml", format), "--into", path, "--json", check=support.EXIT_COMPLETE)
            summary = json.loads(result.stdout)
            self.assertEqual(summary["added"], 0)
            self.assertGreater(summary["unchanged"], 1000)
            self.assertEqual(summary["archives"], {"added": 0, "unchanged": 1})
        self.assertEqual(support.sha256(path), before)

    def test_several_archives_into_one_file(self):
        archives = [one_format("access.yaml", "json"), one_format("direct-transmission.yaml", "csv")]
        path = imported(*archives)
        database = connect(path)
        self.assertEqual(
            sorted(row["right"] for row in database.execute('SELECT "right" FROM _archives')),
            ["access", "portability"])
        self.assertEqual(list(database.execute("PRAGMA foreign_key_check")), [])
        versions, newest = (
            database.execute("SELECT count(*), count(DISTINCT record_id) FROM %s" % table).fetchone()
            for table in ("account", "current_account"))
        self.assertEqual((tuple(versions), tuple(newest)), ((2, 1), (1, 1)))

    def test_two_persons_are_told_apart(self):
        one, two = one_format("access.yaml", "json"), one_format("portability.yaml", "csv")
        support.run("import", one, two, "--into", self.path, check=support.EXIT_REFUSED)
        self.assertEqual(self.names(), [])
        support.run("import", one, "--into", self.path, "--person", "Anna", check=support.EXIT_COMPLETE)
        support.run("import", two, "--into", self.path, "--person", "Bertil", check=support.EXIT_COMPLETE)
        rows = connect(self.path).execute(
            "SELECT person, count(*) FROM current_account JOIN _archives ON id = _archive GROUP BY 1").fetchall()
        self.assertEqual([tuple(row) for row in rows], [("Anna", 1), ("Bertil", 1)])

    def test_the_queries_of_the_readme(self):
        path = imported(one_format("access.yaml", "json"))
        readme = (support.ROOT / "README.md").read_text(encoding="utf-8")
        queries = re.findall(r'sqlite3 data\.sqlite "(.*?)"\n', readme, re.S)
        self.assertEqual(len(queries), 2)
        answers = []
        for query in queries:
            # As the shell of the person takes it.
            command = '%s %s "%s"' % (support.tool("sqlite3"), path, query)
            answers.append(
                subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout)
        records = {}
        with zipfile.ZipFile(one_format("access.yaml", "json")) as file:
            for dataset in json.loads(file.read("manifest.json"))["datasets"]:
                for part in dataset["files"]:
                    records.setdefault(dataset["entity"], []).extend(json.loads(file.read(part["path"])))
        years = {}
        for invoice in records["invoice"]:
            if "issue_date" in invoice and "payable" in invoice.get("totals", {}):
                key = (invoice["issue_date"][:4], invoice.get("currency", ""))
                count, total = years.get(key, (0, 0))
                years[key] = (count + 1, total + round(float(invoice["totals"]["payable"]) * 100))
        self.assertEqual(
            answers[0],
            "".join("%s|%s|%d|%s\n" % (*key, *(years[key][0], years[key][1] / 100)) for key in sorted(years)))
        months = {}
        for event in records["usage_event"]:
            if event.get("event") == "login.success":
                month = event.get("occurred_at", "")[:7]
                months[month] = months.get(month, 0) + 1
        self.assertEqual(answers[1], "".join("%s|%d\n" % pair for pair in sorted(months.items())))
        self.assertTrue(years and months)

    def test_a_changed_archive_is_refused_and_nothing_is_left(self):
        with zipfile.ZipFile(one_format("access.yaml", "json")) as source:
            data = max((n for n in source.namelist() if n.startswith("data/")), key=lambda n: source.getinfo(n).file_size)
            for name in (data, "manifest.json", "manifest-sha256.txt", "processing-information.json"):
                with self.subTest(name):
                    changed = self.folder / "changed.zip"
                    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
                        for entry in source.namelist():
                            content = source.read(entry)
                            if entry == name:
                                at = re.search(rb"[a-z]{4}", content[len(content) // 2:]).start() + len(content) // 2
                                content = content[:at] + bytes([content[at] ^ 1]) + content[at + 1:]
                            target.writestr(entry, content)
                    result = support.run("import", changed, "--into", self.path, check=support.EXIT_VERIFICATION)
                    self.assertEqual(result.stdout, "")
                    self.assertEqual(self.names(), ["changed.zip"])
                    changed.unlink()

    def test_half_an_archive(self):
        half = self.folder / "half.zip"
        half.write_bytes(one_format("access.yaml", "json").read_bytes()[:100_000])
        support.run("import", half, "--into", self.path, check=support.EXIT_VERIFICATION)
        self.assertEqual(self.names(), ["half.zip"])

    def test_a_database_of_another_program_is_left_alone(self):
        database = sqlite3.connect(self.path)
        database.execute("CREATE TABLE mine (a)")
        database.commit()
        database.close()
        before = support.sha256(self.path)
        support.run("import", one_format("access.yaml", "json"), "--into", self.path, check=support.EXIT_REFUSED)
        self.assertEqual(support.sha256(self.path), before)
        self.assertEqual(self.names(), ["data.sqlite"])

    def test_a_disk_that_fills(self):
        """At several sizes of the file, for a new database and for one that is there."""
        def limited(size):
            def limit():
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            return limit
        for size in (4096, 65_536, 500_000):
            with self.subTest(size):
                result = support.run(
                    "import", one_format("access.yaml", "json"), "--into", self.path, preexec_fn=limited(size))
                self.assertEqual(result.returncode, support.EXIT_FAILED, result.stderr)
                self.assertEqual(result.stderr.count("error:"), 1)
                self.assertEqual(self.names(), [])
        there = imported(one_format("access.yaml", "json"))
        before = dump(there)
        result = support.run(
            "import", one_format("direct-transmission.yaml", "json"), "--into", there,
            preexec_fn=limited(there.stat().st_size + 100_000))
        self.assertEqual(result.returncode, support.EXIT_FAILED, result.stderr)
        self.assertEqual(dump(there), before)
        self.assertEqual([entry.name for entry in there.parent.iterdir()], ["data.sqlite"])

    def test_a_process_that_is_killed(self):
        """An existing database is as before; a new one is not there, and the next run cleans up."""
        there = imported(one_format("access.yaml", "json"))
        before = dump(there)
        killed = 0
        for delay in (0.02, 0.05, 0.08, 0.12, 0.16, 0.2, 0.3):
            for archive, target in (("direct-transmission.yaml", there), ("access.yaml", self.path)):
                process = subprocess.Popen(
                    [support.program(), "import", str(one_format(archive, "json")), "--into", str(target)],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(delay)
                process.kill()
                if process.wait() != 0:
                    killed += 1
                    self.assertFalse(self.path.exists())
                    self.assertEqual(dump(there), before)
                elif target == there:
                    there = imported(one_format("access.yaml", "json"))
                else:
                    target.unlink()
        self.assertGreater(killed, 0)
        support.run("import", one_format("access.yaml", "json"), "--into", self.path, check=support.EXIT_COMPLETE)
        self.assertEqual(self.names(), ["data.sqlite"])


class ImportedDocuments(unittest.TestCase):
    def setUp(self):
        self.folder = support.folder("import")
        self.archive = support.archive("access")
        with zipfile.ZipFile(self.archive) as file:
            self.documents = {
                name: file.read(name) for name in file.namelist() if name.startswith("data/documents/")}
        self.assertGreater(len(self.documents), 1)

    def files(self, path):
        return {
            str(file.relative_to(path)): file.read_bytes() for file in pathlib.Path(path).rglob("*") if file.is_file()}

    def run_import(self, target, check=support.EXIT_COMPLETE):
        return support.run("import", self.archive, "--into", target, "--json", check=check)

    def test_they_are_written_by_their_names_and_only_once(self):
        target = self.folder / "papers"
        added = json.loads(self.run_import(str(target) + "/").stdout)
        self.assertEqual(added, {"documents": {"added": len(self.documents), "unchanged": 0}})
        self.assertEqual(self.files(target), self.documents)
        for path in target.rglob("*"):
            self.assertEqual(path.stat().st_mode & 0o777, 0o700 if path.is_dir() else 0o600)
        first = next(iter(self.documents))
        (target / first).unlink()
        again = json.loads(self.run_import(target).stdout)
        self.assertEqual(again, {"documents": {"added": 1, "unchanged": len(self.documents) - 1}})
        self.assertEqual(self.files(target), self.documents)

    def test_another_file_of_the_name_is_left_alone(self):
        target = self.folder / "papers"
        name = sorted(self.documents)[-1]
        (target / name).parent.mkdir(parents=True)
        (target / name).write_text("mine")
        self.run_import(target, check=support.EXIT_REFUSED)
        self.assertEqual(self.files(target), {name: b"mine"})

    def test_links_are_not_followed(self):
        for place in ("data", "data/documents"):
            with self.subTest(place):
                target = support.folder("papers")
                outside = support.folder("outside")
                (target / place).parent.mkdir(parents=True, exist_ok=True)
                (target / place).symlink_to(outside)
                result = support.run("import", self.archive, "--into", target)
                self.assertEqual(result.returncode, support.EXIT_FAILED, result.stderr)
                self.assertEqual(list(outside.iterdir()), [])

    def test_a_full_disk_leaves_nothing(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        target = self.folder / "papers"
        result = support.run("import", self.archive, "--into", str(target) + "/", preexec_fn=limit)
        self.assertEqual(result.returncode, support.EXIT_FAILED, result.stderr)
        self.assertFalse(target.exists())


if __name__ == "__main__":
    unittest.main()
