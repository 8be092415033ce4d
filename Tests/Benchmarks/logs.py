"""One subject, and many, in logs of everybody's: against ripgrep, which finds bytes and not fields.

The events are of 100,000 users. At most one line in a hundred holds a backslash. A subject is named
* in its own events, in some of them with an escape that ripgrep does not see through;
* in the search text of other people's events, which ripgrep takes for hits.
"""

import json
import os
import pathlib
import random
import subprocess
import zipfile

import answers
import data
import measure

MB = 1e6
USERS = 100_000
RECORDS = "data/usage/usage-events.json"
# Bytes of one event, about.
EVENT = 390
SEARCHES = ("lasku 2024", "Pöytä, mänty", "kaapeli", "åäö ÅÄÖ", "toimitus Helsinki", "hinta < 100", "=SUM(A1)", "x")


def name(user):
    """The identifier of a user: twelve bytes that have nothing in common with those of others."""
    return "%012x" % (user * 0x9E3779B97F4A7C15 >> 13 & 0xFFFFFFFFFFFF)


SUBJECT = name(4711)


def middles(escaped):
    """What most events have in the middle. `escaped`: one in how many has a backslash."""
    draw = random.Random(data.SEED).getrandbits
    made = []
    for index in range(8192):
        bits = draw(80)
        search = ',"query":"%s"' % SEARCHES[bits >> 3 & 7] if bits & 7 == 0 else ""
        if index % escaped == 0:
            search = ',"query":"toimitus\\tHelsinki"'
        made.append(
            '","event":"%s","ui":{"element":"%s","page":"%s"}%s,"cookie":"ck_%016x",'
            '"session":"s-%012x","ip":"2001:db8:323::%x","ua":"%s","http":{"method":"%s","status":%d},'
            '"app":{"version":"3.%d.%d"},"customer":' % (
                data.EVENTS[bits >> 6 & 3], data.ELEMENTS[(bits >> 8 & 255) % 6], data.PAGES[(bits >> 16 & 255) % 6],
                search, bits, bits >> 24 & 0xFFFF, bits >> 40 & 0xFFF, data.AGENTS[bits >> 52 & 3],
                data.METHODS[bits >> 54 & 3], (200, 200, 302, 404)[bits >> 56 & 3], bits >> 58 & 15, bits >> 62 & 15)
        )  # fmt: skip
    return made


def lines(count, seed=0, wanted=(), escaped=128, short=False):
    """Events of everybody. `wanted`: the places of the subject's own; every fourth of them is spelt with an escape.
    `short`: customers are small numbers, not strings."""
    draw = random.Random(data.SEED + seed).getrandbits
    parts = middles(escaped)
    wanted = {place: number for number, place in enumerate(wanted)}
    names = ["%d" % (user % 5_000) if short else '"%s"' % name(user) for user in range(USERS)]
    if short:
        own = ("42", '"42"', "42", '"\\u0034\\u0032"')
        names[42::5_000] = ["41"] * len(names[42::5_000])
    else:
        own = ('"%s"' % SUBJECT,) * 3 + ('"%s\\u%04x"' % (SUBJECT[:-1], ord(SUBJECT[-1])),)
        names[4711] = '"%s"' % name(4712)
    for index, moment in enumerate(data.moments(count)):
        bits = draw(64)
        customer = names[(bits >> 13) % USERS]
        middle = parts[bits & 8191]
        if index in wanted:
            customer = own[wanted[index] & 3]
        elif index % 100_003 == 5:
            # Named by somebody else, who looked for it.
            middle = middle.replace(',"cookie"', ',"note":"%s","cookie"' % (42 if short else SUBJECT), 1)
        yield '{"ts":"%s%s%s,"duration_ms":%d,"trace":"%08x"}\n' % (
            moment, middle, customer, bits >> 48 & 0xFFF, bits >> 32 & 0xFFFFFFFF)


def places(count, hits):
    """Where the subject's own events stand, spread evenly."""
    return [index * count // hits + 7 for index in range(hits)]


FIELDS = {field: path for field, path in data.FIELDS.items() if field != "user_id"}


def configuration(bench, path, name="portability", head="", identifier=SUBJECT):
    text = "  usage:\n    kind: usage-log\n    path: %s\n    format: json-lines\n    role: controller\n" % path
    text += "    match: { customer: customer }\n    datasets:\n" + data.DATASET % ("usage-events", "usage_event", "usage")
    text += "        fields:\n"
    for field, place in FIELDS.items():
        text += "          %s: %s\n" % (field, place)
    text += data.TRACE_IS_KEY + '        exclude: [{ column: note, ground: not-personal-data, note: "free words" }]\n'
    config, request = data.write_configuration(bench.folder, text, head=head, name=name)
    config.write_text(config.read_text().replace(
        "  customer_number: { unique: true }\n", "  customer: { unique: true }\n"))
    write_request(request, identifier)
    return config, request


def write_request(path, identifier, number="BENCHMARK"):
    text = data.request(["json"])
    start = text.index("identifiers:")
    text = text[:start] + "identifiers: { customer: '%s' }\n" % identifier + text[text.index("identity_check:"):]
    path.write_text(text.replace("id: BENCHMARK", "id: %s" % number), encoding="utf-8")


def rg(*words):
    return ["rg", "-F", "--no-config", *words]


def expect_hits(archive, expected, moments):
    """That the archive holds the subject's events, each of them and in order."""
    with zipfile.ZipFile(archive) as zipped:
        records = json.loads(zipped.read(RECORDS))
    times = [record["occurred_at"] for record in records]
    if len(records) != expected or times != sorted(times):
        raise answers.Differs("%d records instead of %d, or out of order" % (len(records), expected))
    if moments and [time[:19] for time in times] != moments:
        raise answers.Differs("the records are not the subject's")


def peer_hits(command, folder):
    result = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True)
    return result.stdout.count(b"\n")


def row(what, ours, peer, size, target, cpu_of_peer=True):
    wall, peer_wall = measure.median(ours, "wall"), measure.median(peer, "wall")
    return [
        what, "%.3f" % wall, "%.2f" % measure.median(ours, "cpu"), "%.0f" % (size / MB / wall),
        "%.0f" % (max(run.memory for run in ours) / MB), "%.3f" % peer_wall,
        "%.2f" % measure.median(peer, "cpu"), "%.2f" % (wall / peer_wall),
        "" if target is None else "%g: %s" % (target, "met" if wall <= target * peer_wall else "missed"),
    ]  # fmt: skip


HEAD = ["", "ours s", "CPU s", "MB/s", "peak MB", "peer s", "CPU s", "ratio", "goal"]


def in_turn(bench, ours, peer, statuses=(0,)):
    """Runs both in turn, once unmeasured so that the files are in memory."""
    mine, others = [], []
    for number in range(bench.runs + 1):
        other = measure.run(*peer, folder=bench.folder)
        one = measure.run(ours, folder=bench.folder, statuses=statuses)
        if number > 0 or bench.small:
            mine.append(one)
            others.append(other)
    return mine, others


def scan(bench):
    """One subject in plain and in packed logs."""
    count = bench.size or (4_000 if bench.small else 2_560_000)
    hits = 16
    own = places(count, hits)
    pieces = 4
    log = bench.make(bench.folder / "all.jsonl", lines, count, 0, own)
    (bench.folder / "split").mkdir()
    subprocess.run(["split", "-n", "l/%d" % pieces, "--additional-suffix=.jsonl", log, bench.folder / "split/part-"], check=True)
    packed = {}
    for kind, command in (("gz", ["gzip", "-k"]), ("zst", ["zstd", "-q", "-k"])):
        (bench.folder / kind).mkdir()
        subprocess.run([*command, log], check=True)
        os.replace("%s.%s" % (log, kind), bench.folder / kind / ("all.jsonl." + kind))
        for path in sorted((bench.folder / "split").iterdir()):
            subprocess.run([*command, path], check=True)
            (bench.folder / (kind + "s")).mkdir(exist_ok=True)
            os.replace("%s.%s" % (path, kind), bench.folder / (kind + "s") / ("%s.%s" % (path.name, kind)))
    size = log.stat().st_size
    cases = [
        ("plain, one file", "all.jsonl", [rg(SUBJECT, "all.jsonl")], "rg -F", 1.0),
        ("plain, %d files" % pieces, "split/*.jsonl", [rg(SUBJECT, "split")], "rg -F", 1.0),
        ("gzip, one file", "gz/*.gz", [["zcat", "gz/all.jsonl.gz"], rg(SUBJECT)], "zcat | rg -F", 0.5),
        ("gzip, %d files" % pieces, "gzs/*.gz", [["sh", "-c", "zcat gzs/*"], rg(SUBJECT)], "zcat | rg -F", 0.5),
        ("zstd, one file", "zst/*.zst", [["zstdcat", "zst/all.jsonl.zst"], rg(SUBJECT)], "zstdcat | rg -F", 0.5),
        ("zstd, %d files" % pieces, "zsts/*.zst", [["sh", "-c", "zstdcat zsts/*"], rg(SUBJECT)], "zstdcat | rg -F", 0.5),
    ]  # fmt: skip
    rows = []
    days = None
    for what, path, peer, peer_name, target in cases:
        bench.note("  " + what)
        archive, command = bench.export(configuration(bench, path), ["json"])
        ours, peers = in_turn(bench, command, peer)
        bench.check(expect_hits, archive, hits, days)
        rows.append(row("%s, beside `%s`" % (what, peer_name), ours, peers, size, target))
    found = peer_hits(rg(SUBJECT, "all.jsonl"), bench.folder)
    expected = hits * 3 // 4 + len(range(5, count, 100_003)) - len({place for place in own if place % 100_003 == 5})
    if found != expected:
        raise answers.Differs("ripgrep finds %d lines instead of %d" % (found, expected))
    bench.table(
        "One subject in %.0f MB of everybody's events; %d records found, ripgrep's %d lines are others (medians of %d)"
        % (size / MB, hits, found, bench.runs), HEAD, rows)  # fmt: skip

    bench.make(log, lines, count, 0, own, 2, True)
    size = log.stat().st_size
    archive, command = bench.export(configuration(bench, "all.jsonl", identifier="42"), ["json"])
    ours, peers = in_turn(bench, command, [["jq", "-c", 'select((.customer|tostring)=="42")', "all.jsonl"]])
    bench.check(expect_hits, archive, hits, None)
    bench.table(
        "Customer `42`, every second line with an escape: %.0f MB beside `jq select` (medians of %d)"
        % (size / MB, bench.runs), HEAD, [row("plain, one file", ours, peers, size, None)])  # fmt: skip
