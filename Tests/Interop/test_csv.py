"""Tables in many dialects, read by a source of kind `csv`, are what Python's csv module reads of the same files."""

import csv
import gzip
import json
import random
import unittest

import support

CONFIGURATION = """portability: 1
controller: { name: Esimerkki Oy, business_id: 1854047-8, address: Esimerkkikatu 1, country: FI, email: a@example.org }
policy: { register: Customers, name: Privacy policy, date: 2024-01-01, url: "https://example.org/privacy" }
time_zone: Europe/Helsinki
authority:
  name: { fi: Tietosuojavaltuutetun toimisto, sv: Dataombudsmannens byrå, en: Office of the Data Protection Ombudsman }
  address: Lintulahdenkuja 4, 00530 Helsinki, Finland
  url: https://tietosuoja.fi
purposes:
  sales: { basis: 6(1)(b), text: { fi: Myynti, sv: Försäljning, en: Sales } }
identifiers:
  customer_id: { unique: true }
sources:
"""
SOURCE = """  %(id)s:
    kind: csv
    role: controller
    folder: exports/%(id)s
%(how)s
    datasets:
      - id: %(id)s
        entity: payment
        category: payment
        origin: observed
        purposes: [sales]
        path: "**/*"
        match: { customer_id: %(column)s }
%(more)s
"""
REQUEST = """id: CSV-1
right: access
received: 2026-11-02T09:14:00+02:00
channel: email
language: en
identifiers: { customer_id: "%s" }
identity_check: { method: session, level: high, at: 2026-11-02T10:02:00+02:00, by: support }
formats: [json]
"""
SUBJECT = "k\u00e41042"
#: Signs that are hard to read back; every encoding has them.
SIGNS = ["a", "b", " ", "x1", ",", ";", "\t", "|", '"', '"', "'", "\\", "\n", "\r", "\r\n", "\u00e4", "\u00f6", "#"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "windows-1252", "iso-8859-1", "iso-8859-15"]


class Table:
    """A table at random, written by Python's csv module."""

    def __init__(self, number, seed):
        dice = random.Random(seed)
        self.id = "table-%d" % number
        self.encoding = ENCODINGS[number % len(ENCODINGS)]
        self.compressed = dice.random() < 0.3
        self.has_header = dice.random() < 0.8
        self.format = {
            "delimiter": dice.choice(",;\t|"), "quotechar": dice.choice("\"\"'"),
            "lineterminator": dice.choice(["\n", "\r\n", "\r"]),
            "quoting": dice.choice([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        }
        # Python puts quotes around those line ends only that it writes itself, and reads all.
        if self.format["lineterminator"] == "\r\n":
            self.format["quoting"] = csv.QUOTE_MINIMAL
        if dice.random() < 0.3:
            self.format.update(escapechar="\\", doublequote=dice.random() < 0.5)
        width = dice.randint(2, 6)
        self.columns = ["customer"] + ["name %d" % column for column in range(2, width + 1)]
        if not self.has_header:
            self.columns = ["column_%d" % column for column in range(1, width + 1)]
        self.rows = [
            [dice.choice([SUBJECT, SUBJECT, "7"])]
            + ["".join(dice.choice(SIGNS) for _ in range(dice.randint(0, 8))) for _ in range(width - 1)]
            for _ in range(dice.randint(1, 40))]

    def write(self, folder):
        path = folder / self.id / ("part.csv.gz" if self.compressed else "part.csv")
        path.parent.mkdir(parents=True)
        opener = gzip.open if self.compressed else open
        with opener(path, "wt", encoding=self.encoding, newline="") as file:
            writer = csv.writer(file, **self.format)
            writer.writerows(([self.columns] if self.has_header else []) + self.rows)
        return path

    def read(self, path):
        """What Python reads of the subject's rows: the cells that are not empty by the names of their columns."""
        opener = gzip.open if self.compressed else open
        with opener(path, "rt", encoding=self.encoding, newline="") as file:
            rows = list(csv.reader(file, **self.format))
        if self.has_header:
            rows = rows[1:]
        return [
            {name: cell for name, cell in zip(self.columns, row, strict=True) if cell}
            for row in rows if row[0] == SUBJECT]

    def source(self):
        names = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16le", "utf-16-be": "utf-16be"}
        dialect = ["delimiter: " + ("tab" if self.format["delimiter"] == "\t" else '"%s"' % self.format["delimiter"])]
        # Cells of several lines here look like rows at times, and are none.
        dialect.append("multiline: trusted")
        dialect.append("quote: " + ("'\"'" if self.format["quotechar"] == '"' else '"\'"'))
        if "escapechar" in self.format:
            dialect.append("escape: '\\'")
        if not self.has_header:
            dialect.append("header: false")
        how = "    dialect: { %s }\n    encoding: %s" % (", ".join(dialect), names.get(self.encoding, self.encoding))
        return SOURCE % {"id": self.id, "how": how, "column": self.columns[0], "more": ""}


def export(folder, sources, check):
    (folder / "portability.yaml").write_text(CONFIGURATION + sources, encoding="utf-8")
    (folder / "request.yaml").write_text(REQUEST % SUBJECT, encoding="utf-8")
    archive = folder / "archive.zip"
    support.run(
        "export", "--config", folder / "portability.yaml", "--request", folder / "request.yaml", "--output", archive,
        check=check)
    return archive


def records(archive):
    """Dataset → its records, as they stand in the archive."""
    path = support.unzip(archive)
    found = {}
    for dataset in support.manifest_of(archive)["datasets"]:
        rows = []
        for file in dataset["files"]:
            rows += json.loads((path / file["path"]).read_text(encoding="utf-8"))
        found[dataset["id"]] = rows
    return found


class Differential(unittest.TestCase):
    def test_every_cell_is_what_python_reads(self):
        folder = support.folder("csv")
        tables = [Table(number, 4000 + number) for number in range(60)]
        expected = {table.id: table.read(table.write(folder / "exports")) for table in tables}
        self.assertGreater(sum(map(len, expected.values())), 300)
        for table in tables:
            # That Python reads what Python wrote shows that the table can be read at all.
            written = [
                {name: cell for name, cell in zip(table.columns, row) if cell}
                for row in table.rows if row[0] == SUBJECT]
            self.assertEqual(expected[table.id], written, table.id)
        found = records(export(folder, "".join(table.source() for table in tables), support.EXIT_COMPLETE))
        for table in tables:
            with self.subTest(table.id, encoding=table.encoding, format=table.format):
                self.assertEqual([record.get("other", {}) for record in found.get(table.id, [])], expected[table.id])


class WhatIsFoundOut(unittest.TestCase):
    def test_without_dialect_and_encoding_the_same_comes_out_and_what_was_assumed_is_told(self):
        folder = support.folder("csv")
        rows = [["customer", "Summa", "Selite"], [SUBJECT, "12,50", "maksu; osa"], ["7", "1,00", "ei"]]
        wanted = {}
        sources = ""
        for number, (encoding, delimiter) in enumerate(
                (encoding, delimiter) for encoding in ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1252"]
                for delimiter in ",;\t|"):  # fmt: skip
            name = "found-%d" % number
            path = folder / "exports" / name / "a.csv"
            path.parent.mkdir(parents=True)
            with open(path, "w", encoding=encoding, newline="") as file:
                csv.writer(file, delimiter=delimiter).writerows(rows)
            wanted[name] = (encoding, "tab" if delimiter == "\t" else delimiter)
            sources += SOURCE % {"id": name, "how": "", "column": "customer", "more": ""}
        archive = export(folder, sources, support.EXIT_COMPLETE)
        found = records(archive)
        told = {}
        for source in support.manifest_of(archive)["sources"]:
            told[source["id"]] = [finding["message"] for finding in source["findings"]]
        for name, (encoding, delimiter) in wanted.items():
            with self.subTest(name, encoding=encoding, delimiter=delimiter):
                self.assertEqual(
                    [record["other"] for record in found[name]], [dict(zip(rows[0], rows[1], strict=True))])
                messages = " ".join(told[name])
                self.assertIn("`%s` was assumed" % delimiter, messages)
                self.assertEqual("no encoding is declared" in messages, encoding not in ("utf-8-sig", "utf-16"))


class MissingQuote(unittest.TestCase):
    def test_nothing_of_another_person_goes_out_and_the_result_is_partial(self):
        folder = support.folder("csv")
        path = folder / "exports" / "orders" / "a.csv"
        path.parent.mkdir(parents=True)
        lines = ["customer,what,note"] + ["%s,thing %d,fine" % (SUBJECT, row) for row in range(20)]
        lines[5] = '%s,"5 inch pipe,broken' % SUBJECT
        lines[6] = "7,Salainen-Asia,Salainen-Huomio"
        lines[9] = '%s,"whole",quoted' % SUBJECT
        path.write_text("\n".join(lines), encoding="utf-8")
        how = '    dialect: { delimiter: "," }\n    encoding: utf-8'
        archive = export(
            folder, SOURCE % {"id": "orders", "how": how, "column": "customer", "more": ""}, support.EXIT_PARTIAL)
        self.assertEqual(len(records(archive)["orders"]), 4 + 11)
        for file in support.unzip(archive).rglob("*"):
            if file.is_file():
                self.assertNotIn(b"Salainen", file.read_bytes(), file)


if __name__ == "__main__":
    unittest.main()
