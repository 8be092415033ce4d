"""Reads what the programs wrote and compares it."""

import datetime
import hashlib
import itertools
import json
import zipfile

PIECE = 1 << 20


class Differs(Exception):
    """Two answers that should agree do not."""


def newlines(archive, name):
    count = 0
    with zipfile.ZipFile(archive) as zipped, zipped.open(name) as entry:
        while piece := entry.read(PIECE):
            count += piece.count(b"\n")
    return count


def records(archive, name):
    """Number of records in a file of an archive, by counting lines; the values of the benchmarks hold no line end."""
    count = newlines(archive, name)
    if name.endswith((".json", ".xml")):
        return count - (2 if name.endswith(".json") else 3)
    return count - 1 if name.endswith(".csv") else count


def expect_records(archive, name, expected):
    found = records(archive, name)
    if found != expected:
        raise Differs("%s in %s has %d records instead of %d" % (name, archive, found, expected))


def expect_same_records(archive, name, peer_archive, peer_name, raw, source, fields, limit):
    """Compares the first records, value by value, with what the peer made of the same lines."""
    with (
        zipfile.ZipFile(archive) as zipped,
        zipped.open(name) as ours,
        zipfile.ZipFile(peer_archive) as peer_zipped,
        peer_zipped.open(peer_name) as peers,
        open(raw, "rb") as lines,
    ):
        if ours.readline() != b"[\n":
            raise Differs("%s does not begin as a JSON array" % name)
        for number, (our, peer, line) in enumerate(itertools.islice(zip(ours, peers, lines), limit), 1):
            record = json.loads(our.rstrip(b"\n").removesuffix(b","))
            event = json.loads(peer)
            digest = hashlib.sha256(source.encode() + b"\0" + line.rstrip(b"\n") + bytes(8)).hexdigest()
            expected = {"record_id": digest[:32]}
            for field, path in fields.items():
                value = event
                for step in path.split("."):
                    value = value.get(step) if isinstance(value, dict) else None
                if value is not None:
                    expected[field] = value
            if plain(record) != plain(expected):
                raise Differs("record %d of %s differs from the peer's" % (number, name))


def expect_scoped(archive, plain_archive, name, first_day, masked_class):
    """Compares every record of an archive with rules with the same one of an archive without: what the rules change is
    changed, what is before the first day is left out, and nothing else differs. The manifest must count the same."""
    left_out = masked = 0
    with (
        zipfile.ZipFile(archive) as zipped,
        zipped.open(name) as ours,
        zipfile.ZipFile(plain_archive) as plain_zipped,
        plain_zipped.open(name) as all_records,
    ):
        ours.readline()
        for line in all_records:
            line = line.rstrip(b"\n").removesuffix(b",")
            if line in (b"[", b"]"):
                continue
            record = json.loads(line)
            if first_day and record["occurred_at"][:10] < first_day:
                left_out += 1
                continue
            if record["event"] == masked_class:
                record["ip_address"] = "*****"
                masked += 1
            if json.loads(ours.readline().rstrip(b"\n").removesuffix(b",")) != record:
                raise Differs("record %s of %s is not what the rules make of it" % (record["record_id"], name))
        dataset = dataset_of(zipped, name)
    counted = dataset["records"]["withheld"].get("outside-period", 0)
    if counted != left_out or sum(rule["count"] for rule in dataset["rules"]) != masked:
        raise Differs("the manifest counts %d records left out instead of %d, or not %d masks" % (
            counted, left_out, masked))  # fmt: skip


def expect_findings(archive, name, expected):
    """Counts by kind of what was found in free text."""
    with zipfile.ZipFile(archive) as zipped:
        findings = dataset_of(zipped, name)["text_findings"]
    found = {}
    for finding in findings:
        found[finding["kind"]] = found.get(finding["kind"], 0) + finding["count"]
    if found != expected:
        raise Differs("%s in %s has the findings %s instead of %s" % (name, archive, found, expected))


def dataset_of(zipped, name):
    """What the manifest says of the dataset that a file is of."""
    manifest = json.loads(zipped.read("manifest.json"))
    return next(
        dataset for dataset in manifest["datasets"] if any(file["path"] == name for file in dataset["files"]))


def plain(record):
    """The record with the spellings that the format changes made equal: times, and numbers in text fields."""
    result = {}
    for field, value in record.items():
        if field == "occurred_at":
            value = datetime.datetime.fromisoformat(value)
        result[field] = value if isinstance(value, datetime.datetime) else str(value)
    return result


def tokens(archive, name):
    """Tape tokens, bytes of JSON, and records of a JSON file of records."""
    count = size = rows = 0
    with zipfile.ZipFile(archive) as zipped, zipped.open(name) as entry:
        for line in entry:
            line = line.rstrip(b"\n").removesuffix(b",")
            if line in (b"[", b"]"):
                continue
            record = json.loads(line)
            del record["record_id"]
            others = record.pop("other", {})
            count += sum(map(tokens_of, record.values())) + 2 * len(others)
            size += len(line) + 1
            rows += 1
    return count, size, rows


def tokens_of(value):
    """A value is one token; groups and lists have a begin and an end beside what is in them."""
    if isinstance(value, dict):
        return 2 + sum(map(tokens_of, value.values()))
    if isinstance(value, list):
        return 2 + sum(map(tokens_of, value))
    return 1


def size_of(archive, name):
    with zipfile.ZipFile(archive) as zipped:
        return zipped.getinfo(name).file_size
