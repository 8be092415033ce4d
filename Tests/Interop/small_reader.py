#!/usr/bin/env python3
"""Reads an archive of format version 1, from its description alone: no library but Python's own, a hundred lines.

    small_reader.py ARCHIVE.zip        prints every dataset's records as JSON Lines, and checks their digests
"""
import csv, hashlib, io, json, sys, zipfile  # noqa: E401
import xml.etree.ElementTree as tree

SPACE = "{urn:portability:1}"


class Number(str):
    """A number is text: JSON's own would be rounded."""


def load(text):
    return json.loads(text, parse_int=Number, parse_float=Number)


def dump(value):
    if isinstance(value, Number):
        return value
    if isinstance(value, dict):
        return "{%s}" % ",".join(dump(name) + ":" + dump(member) for name, member in value.items())
    if isinstance(value, list):
        return "[%s]" % ",".join(map(dump, value))
    return json.dumps(value, ensure_ascii=False)


def typed(kind, text):
    """The value that a text stands for in CSV and XML."""
    if kind == "integer" and len(text) < 18 and abs(int(text)) <= 1 << 53:
        return Number(text)
    return text == "true" if kind == "boolean" else load(text) if kind == "json" else text


def unguarded(cell):
    return cell[1:] if cell[:1] == "'" else cell


def from_csv(fields, tables, comma):
    def value(kind, cell):
        if kind in ("string", "reference"):
            return unguarded(cell)
        return typed(kind, cell.replace(",", ".") if kind == "decimal" and comma else cell)

    def group(fields, row, path, prefix, known):
        found = {}
        for field in fields:
            own = path + [field["name"]]
            if field["list"]:
                rows = [r for r in tables.get(".".join(own), []) if all(r[c] == v for c, v in known.items())]
                index = ".".join(own) + "_index"
                elements = [
                    group(field["fields"], r, own, "", {**known, index: r[index]}) if field["kind"] == "group"
                    else value(field["kind"], r["value"]) for r in rows
                ]
                found.update({field["name"]: elements} if elements else {})
            elif field["kind"] == "group":
                inner = group(field["fields"], row, own, prefix + field["name"] + ".", known)
                found.update({field["name"]: inner} if inner else {})
            elif row[prefix + field["name"]]:
                found[field["name"]] = value(field["kind"], row[prefix + field["name"]])
        return found

    for row in tables[""]:
        known = {"record_id": row["record_id"]}
        others = {
            unguarded(r["name"]): typed(r["type"], unguarded(r["value"]) if r["type"] == "string" else r["value"])
            for r in tables.get("other", []) if r["record_id"] == row["record_id"]
        }
        record = {"record_id": unguarded(row["record_id"]), **group(fields, row, [], "", known)}
        yield {**record, "other": others} if others else record


def from_xml(fields, root):
    def text(element):
        return json.loads('"%s"' % element.text) if element.get("encoding") else element.text or ""

    def group(fields, element):
        found = {}
        for field in fields:
            values = [
                group(field["fields"], child) if field["kind"] == "group" else typed(field["kind"], text(child))
                for child in element.findall(SPACE + field["name"])
            ]
            found.update({field["name"]: values if field["list"] else values[0]} if values else {})
        return found

    for element in root:
        others = {text(o[0]): typed(text(o[1]), text(o[2])) for o in element.findall(SPACE + "other")}
        record = {"record_id": text(element[0]), **group(fields, element)}
        yield {**record, "other": others} if others else record


def read(archive):
    """Every dataset's id, format, records as JSON Lines, and whether their digest is the manifest's."""
    manifest = json.loads(archive.read("manifest.json"))
    for dataset in manifest["datasets"]:
        layout = json.loads(archive.read("schemas/fields/%s.json" % dataset["entity"])) if dataset["files"] else {}
        for form in sorted({file["format"] for file in dataset["files"]}):
            files = {file["table"]: file for file in dataset["files"] if file["format"] == form}
            texts = {table: archive.read(file["path"]).decode("utf-8-sig") for table, file in files.items()}
            if form == "csv":
                excel = files[""]["dialect"] == "excel"
                rows = {t: csv.DictReader(io.StringIO(s, ""), delimiter=";" if excel else ",") for t, s in texts.items()}
                comma = excel and manifest["request"]["language"] != "en"
                records = from_csv(layout["fields"], {t: list(r) for t, r in rows.items()}, comma)
            elif form == "xml":
                records = from_xml(layout["fields"], tree.fromstring(texts[""]))
            else:
                records = load(texts[""]) if form == "json" else map(load, texts[""].split("\n")[:-1])
            lines = "".join(dump(record) + "\n" for record in records)
            yield dataset["id"], form, lines, hashlib.sha256(lines.encode()).hexdigest() == dataset["content_sha256"]


if __name__ == "__main__":
    for name, form, lines, right in read(zipfile.ZipFile(sys.argv[1])):
        print("# %s (%s): %s" % (name, form, "as the manifest says" if right else "WRONG"), lines, sep="\n", end="")
