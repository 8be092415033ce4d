#!/usr/bin/env python3
"""Reads a dataset back with nothing but Python's own csv, json and xml, and recomputes its content digest.

Written from the description of the format alone; shares no code with the program it judges.

    independent_reader.py digest --format csv --dialect excel-fi --layout layout.json FILE...
    independent_reader.py digests < JOBS          one JSON object per line, one digest (or "error: ...") per line
    independent_reader.py archive DIRECTORY       every dataset of an unzipped archive against its manifest

The first FILE is the dataset's own; in CSV the others are its child tables, `<dataset>.<path>.csv`. The layout tells
the fields: {"fields": [{"name", "kind": "string" | ... | "group", "list": bool, "fields": [...]}]}.
"""

import argparse
import csv
import hashlib
import json
import os
import re
import sys
import xml.etree.ElementTree

NAMESPACE = "{urn:portability:1}"
TEXT_KINDS = ("string", "reference")
PATTERNS = {
    "integer": re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII),
    "decimal": re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII),
    "boolean": re.compile(r"true|false"),
    "date": re.compile(r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}", re.ASCII),
    "time": re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?", re.ASCII),
    "timestamp": re.compile(
        r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII),
    "local-timestamp": re.compile(
        r"-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?", re.ASCII),
    "duration": re.compile(
        r"-?P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?", re.ASCII),
}

csv.field_size_limit(1 << 30)
sys.setrecursionlimit(10000)


class Unreadable(Exception):
    """The file is not what the format says."""


class Number(str):
    """A JSON number, as it was spelled."""


def pairs(members):
    result = dict(members)
    if len(result) != len(members):
        raise Unreadable("a name twice in an object")
    return result


def no_constant(name):
    raise Unreadable("not JSON: " + name)


def load(text):
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=no_constant,
                      object_pairs_hook=pairs)


def dump(value):
    """JSON without spaces, numbers as they were spelled, only what must be escaped escaped."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ",".join(dump(name) + ":" + dump(member) for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dump(element) for element in value) + "]"
    return {True: "true", False: "false", None: "null"}[value]


def is_safe(text):
    """Within 2^53, where every JSON reader keeps an integer exact."""
    return len(text) <= 17 and abs(int(text)) <= 1 << 53


def from_text(kind, text):
    """The JSON value of a field of the kind, whose value is written as the text."""
    if text == "":
        raise Unreadable("an empty value")
    if kind in TEXT_KINDS:
        return text
    if kind == "json":
        value = load(text)
        if dump(value) != text:
            raise Unreadable("JSON that is not canonical")
        return value
    if not PATTERNS[kind].fullmatch(text) or text == "-0":
        raise Unreadable("not the spelling of " + kind)
    if kind == "integer" and is_safe(text):
        return Number(text)
    if kind == "boolean":
        return text == "true"
    return text


def from_json(kind, value):
    """Checks a value read from JSON."""
    if kind == "json":
        return value
    if kind == "boolean":
        if not isinstance(value, bool):
            raise Unreadable("not a boolean")
        return value
    if not isinstance(value, str) or isinstance(value, Number) != (kind == "integer" and is_safe_text(value)):
        raise Unreadable("a value of the wrong JSON type")
    return from_text(kind, str(value))


def is_safe_text(value):
    return bool(PATTERNS["integer"].fullmatch(value)) and is_safe(value)


def other_value(type_name, text):
    """The JSON value of an `other` field."""
    if type_name not in ("string", "integer", "boolean", "json"):
        raise Unreadable("an unknown type")
    value = from_text(type_name, text)
    if type_name == "integer" and not isinstance(value, Number):
        raise Unreadable("an integer beyond 2^53 among the other fields")
    if type_name == "json" and not isinstance(value, (dict, list)):
        raise Unreadable("a scalar as JSON among the other fields")
    return value


def check_others(others):
    names = [name.encode() for name in others]
    if names != sorted(names):
        raise Unreadable("other fields out of order")
    return others


# --- JSON


def json_group(fields, members):
    result = {}
    members = dict(members)
    for field in fields:
        if field["name"] not in members:
            continue
        value = members.pop(field["name"])
        read = (lambda v: json_group(field["fields"], v)) if field["kind"] == "group" else (
            lambda v: from_json(field["kind"], v))
        if field["list"]:
            if not value:
                raise Unreadable("an empty list")
            result[field["name"]] = [read(element) for element in value]
        else:
            result[field["name"]] = read(value)
    if members or not result:
        raise Unreadable("an unknown field, or a group without fields")
    return result


def json_record(layout, members):
    if next(iter(members)) != "record_id" or not isinstance(members["record_id"], str):
        raise Unreadable("no record_id")
    rest = {name: value for name, value in members.items() if name not in ("record_id", "other")}
    record = {"record_id": members["record_id"]}
    if rest:
        record.update(json_group(layout["fields"], rest))
    if "other" in members:
        for value in members["other"].values():
            if value is None or value == "" or not members["other"]:
                raise Unreadable("an absent value")
        record["other"] = check_others(members["other"])
    if list(record) != list(members):
        raise Unreadable("fields out of order")
    return record


def json_records(layout, files):
    with open(files[0], encoding="utf-8", newline="") as file:
        records = load(file.read())
    return (json_record(layout, record) for record in records)


def jsonl_records(layout, files):
    with open(files[0], "rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                raise Unreadable("a line without an end")
            yield json_record(layout, load(line.decode()))


# --- CSV

DIALECTS = {
    "service": (",", "utf-8", False),
    "excel-fi": (";", "utf-8-sig", True),
    "excel-sv": (";", "utf-8-sig", True),
    "excel-en": (";", "utf-8-sig", False),
}


class Tables:
    def __init__(self, layout, files, dialect, paths=None):
        self.delimiter, self.encoding, self.comma = DIALECTS[dialect]
        main = os.path.basename(files[0])[: -len(".csv")]
        paths = paths or [""] + [os.path.basename(file)[len(main) + 1 : -len(".csv")] for file in files[1:]]
        self.main = self.rows(files[0])
        self.header = next(self.main)
        self.children = {}
        for path, file in list(zip(paths, files))[1:]:
            rows = self.rows(file)
            header = next(rows)
            children = self.children.setdefault(path, {})
            for row in rows:
                row = dict(zip(header, row, strict=True))
                children.setdefault(self.text(row["record_id"]), []).append(row)
            if not children:
                raise Unreadable("a child table without rows")

    def rows(self, name):
        with open(name, "rb") as file:
            if file.read(3).startswith(b"\xef\xbb\xbf") != (self.encoding == "utf-8-sig"):
                raise Unreadable("byte order mark")
        with open(name, encoding=self.encoding, newline="") as file:
            yield from csv.reader(file, delimiter=self.delimiter, strict=True)

    @staticmethod
    def text(cell):
        return cell[1:] if cell.startswith("'") else cell

    def value(self, kind, cell):
        if kind in TEXT_KINDS:
            cell = self.text(cell)
        if kind == "decimal" and self.comma:
            if "." in cell:
                raise Unreadable("a decimal point")
            cell = cell.replace(",", ".")
        return from_text(kind, cell)

    def group(self, fields, row, prefix, path, key):
        """key: record_id and the names and values of the index columns so far."""
        result = {}
        for field in fields:
            name = field["name"]
            if field["list"]:
                values = self.elements(field, path + [name], key)
                if values:
                    result[name] = values
            elif field["kind"] == "group":
                nested = self.group(field["fields"], row, prefix + name + ".", path + [name], key)
                if nested:
                    result[name] = nested
            elif row[prefix + name] != "":
                result[name] = self.value(field["kind"], row[prefix + name])
        return result

    def elements(self, field, path, key):
        identity, indices = key
        rows = self.children.get(".".join(path), {}).get(identity, [])
        rows = [row for row in rows if all(row[column] == str(value) for column, value in indices)]
        result = []
        column = ".".join(path) + "_index"
        for index, row in enumerate(rows, 1):
            if row[column] != str(index):
                raise Unreadable("an index out of order")
            if field["kind"] == "group":
                value = self.group(field["fields"], row, "", path, (identity, indices + [(column, index)]))
                if not value:
                    raise Unreadable("an element without fields")
            else:
                value = self.value(field["kind"], row["value"])
            result.append(value)
        return result

    def records(self, layout):
        for row in self.main:
            row = dict(zip(self.header, row, strict=True))
            identity = self.text(row["record_id"])
            record = {"record_id": identity}
            record.update(self.group(layout["fields"], row, "", [], (identity, [])))
            others = self.children.get("other", {}).get(identity, [])
            if others:
                record["other"] = check_others(pairs(
                    [(self.text(row["name"]), other_value(row["type"], self.text(row["value"]))) for row in others]))
            yield record


# --- XML


def xml_text(element):
    text = element.text or ""
    if len(element):
        raise Unreadable("elements inside text")
    encoding = element.get("encoding")
    if encoding is None:
        return text
    if encoding != "json":
        raise Unreadable("an unknown encoding")
    return json.loads('"' + text + '"')


def xml_group(fields, elements):
    result = {}
    elements = list(elements)
    for field in fields:
        values = []
        while elements and elements[0].tag == NAMESPACE + field["name"]:
            element = elements.pop(0)
            if field["kind"] == "group":
                values.append(xml_group(field["fields"], element))
            else:
                values.append(from_text(field["kind"], xml_text(element)))
        if len(values) > 1 and not field["list"]:
            raise Unreadable("a single field twice")
        if values:
            result[field["name"]] = values if field["list"] else values[0]
    if elements or not result:
        raise Unreadable("an unknown element, or a group without fields")
    return result


def xml_record(layout, element):
    children = list(element)
    if not children or children[0].tag != NAMESPACE + "record_id":
        raise Unreadable("no record_id")
    record = {"record_id": xml_text(children[0])}
    fields = [child for child in children[1:] if child.tag != NAMESPACE + "other"]
    others = children[1 + len(fields) :]
    if fields:
        record.update(xml_group(layout["fields"], fields))
    members = []
    for other in others:
        name, type_name, value = other
        if [child.tag for child in other] != [NAMESPACE + tag for tag in ("name", "type", "value")]:
            raise Unreadable("not an other field")
        members.append((xml_text(name), other_value(type_name.text, xml_text(value))))
    if members:
        record["other"] = check_others(pairs(members))
    return record


def xml_records(layout, files):
    root = None
    depth = 0
    for event, element in xml.etree.ElementTree.iterparse(files[0], events=("start", "end")):
        if event == "start":
            depth += 1
            if root is None:
                root = element
                if root.tag != NAMESPACE + "dataset":
                    raise Unreadable("not a dataset")
            continue
        depth -= 1
        # A record's own fields may be called record too: depth tells.
        if depth == 1:
            if element.tag != NAMESPACE + "record":
                raise Unreadable("not a record")
            yield xml_record(layout, element)
            root.remove(element)


# --- Digests


def records_of(format, layout, files, dialect="service", paths=None):
    if format == "csv":
        return Tables(layout, files, dialect, paths).records(layout)
    return {"json": json_records, "jsonl": jsonl_records, "xml": xml_records}[format](layout, files)


def digest(format, layout, files, dialect="service", paths=None):
    """Content digest (lowercase hexadecimal SHA-256) and number of records."""
    sha = hashlib.sha256()
    count = 0
    for record in records_of(format, layout, files, dialect, paths):
        sha.update(dump(record).encode() + b"\n")
        count += 1
    return sha.hexdigest(), count


def check_archive(directory):
    """Compares every dataset of an unzipped archive, in every format, with the manifest. Returns what was read."""
    with open(os.path.join(directory, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    read = []
    for dataset in manifest["datasets"]:
        if "content_sha256" not in dataset:
            continue
        with open(os.path.join(directory, "schemas", "fields", dataset["entity"] + ".json"), encoding="utf-8") as file:
            layout = json.load(file)
        formats = {}
        for entry in dataset["files"]:
            formats.setdefault(entry["format"], []).append(entry)
        for format, entries in formats.items():
            entries.sort(key=lambda entry: entry["table"] != "")
            dialect = entries[0].get("dialect", "service")
            if dialect == "excel":
                dialect = "excel-" + manifest["request"]["language"]
            value, count = digest(
                format, layout, [os.path.join(directory, entry["path"]) for entry in entries], dialect,
                [entry["table"] for entry in entries])
            if value != dataset["content_sha256"] or count != dataset["records"]["exported"]:
                raise Unreadable("%s in %s is not what the manifest says" % (dataset["id"], format))
            read.append((dataset["id"], format, count))
    return read


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    single = commands.add_parser("digest")
    single.add_argument("--format", choices=("json", "jsonl", "csv", "xml"), required=True)
    single.add_argument("--dialect", choices=tuple(DIALECTS), default="service")
    single.add_argument("--layout", required=True)
    single.add_argument("files", nargs="+")
    commands.add_parser("digests")
    archive = commands.add_parser("archive")
    archive.add_argument("directory")
    arguments = parser.parse_args()

    if arguments.command == "archive":
        read = check_archive(arguments.directory)
        for dataset, format, count in read:
            print(dataset, format, count)
        if not read:
            raise Unreadable("the archive has no dataset with a digest")
        return
    if arguments.command == "digest":
        with open(arguments.layout, encoding="utf-8") as file:
            print(digest(arguments.format, json.load(file), arguments.files, arguments.dialect)[0])
        return
    for line in sys.stdin:
        job = json.loads(line)
        try:
            with open(job["layout"], encoding="utf-8") as file:
                layout = json.load(file)
            print(digest(job["format"], layout, job["files"], job.get("dialect", "service"))[0])
        except (Unreadable, ValueError, csv.Error, xml.etree.ElementTree.ParseError) as error:
            print("error:", type(error).__name__, error)


if __name__ == "__main__":
    main()
