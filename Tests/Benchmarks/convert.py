"""`convert` of an archive of about 1 GB against `unzip` piped into `zip`, which change no format and check no digest."""

import hashlib
import json
import os
import subprocess
import zipfile

import answers
import data
import measure

MB = 1e6
GOAL = 0.5
MEMORY_GOAL = 100 * MB
NAME = "data/usage/usage-events."


def convert(bench):
    """One user's events, one dataset: from JSON to every format, and back from CSV and XML."""
    count = bench.size or (2_000 if bench.small else 4_000_000)
    log = bench.make(bench.folder / "events.jsonl", data.events, count)
    configuration = data.write_configuration(
        bench.folder, data.log_source("usage", "events.jsonl", [("usage-events", data.FIELDS, None, data.WITHOUT_TRACE)])
    )
    source, command = bench.export(configuration, ["json"], name="source.zip")
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    log.unlink()
    bench.check(answers.expect_records, source, NAME + "json", count)
    rows = []
    peer_archive = bench.folder / "peer.zip"
    for start, target in (("json", "csv"), ("json", "xml"), ("json", "jsonl"), ("csv", "json"), ("xml", "json")):
        archive = source
        if start != "json":
            archive = bench.folder / (start + ".zip")
            bench.measure([bench.program, "convert", source, "--to", start, "--output", archive])
        made = bench.folder / "made.zip"
        ours, peers = [], []
        for number in range(bench.runs):
            bench.note("  %s to %s: run %d of %d" % (start, target, number + 1, bench.runs))
            peer_archive.unlink(missing_ok=True)
            peers.append(bench.measure(
                ["unzip", "-p", archive, NAME + start], ["zip", "-q", "-6", peer_archive, "-"]))
            ours.append(bench.measure(
                [bench.program, "convert", archive, "--to", target, "--output", made, "--replace"]))
        bench.check(answers.expect_records, made, NAME + target, count)
        if target == "json":
            bench.check(expect_same_bytes, made, source, NAME + target)
        bench.check(expect_same_digest, made, source)
        with zipfile.ZipFile(archive) as file:
            plain = file.getinfo(NAME + start).file_size
        wall, peer = measure.median(ours, "wall"), measure.median(peers, "wall")
        memory = max(run.memory for run in ours)
        ok = wall <= GOAL * peer and memory < MEMORY_GOAL
        rows.append([
            "%s to %s" % (start, target), "%.0f" % (plain / MB), "%.2f" % wall, "%.2f" % measure.median(ours, "cpu"),
            "%.2f" % peer, "%.2f" % (wall / peer), "%.0f" % (memory / MB), "met" if ok else "missed",
        ])  # fmt: skip
        made.unlink()
        if archive is not source:
            archive.unlink()
    bench.table(
        "convert of %s records against unzip -p | zip -6 of the same file (medians of %d, load %.1f)"
        % (f"{count:,}", bench.runs, os.getloadavg()[0]),
        ["", "plain MB", "ours s", "CPU s", "unzip, zip s", "ratio", "peak MB", "0.5, 100 MB"],
        rows,
    )


def expect_same_bytes(archive, other, name):
    """Converted there and back, the file is the first one."""
    digests = []
    for path in (archive, other):
        digest = hashlib.sha256()
        with zipfile.ZipFile(path) as zipped, zipped.open(name) as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
        digests.append(digest.digest())
    if digests[0] != digests[1]:
        raise answers.Differs("%s in %s is not that of %s" % (name, archive, other))


def expect_same_digest(archive, other):
    """The content digests are those of the archive that it was made from."""
    digests = []
    for path in (archive, other):
        with zipfile.ZipFile(path) as zipped:
            manifest = json.loads(zipped.read("manifest.json"))
        digests.append([dataset.get("content_sha256") for dataset in manifest["datasets"]])
    if digests[0] != digests[1]:
        raise answers.Differs("the content digests of %s are not those of %s" % (archive, other))
