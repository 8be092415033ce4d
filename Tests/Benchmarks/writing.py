"""Archives as they are written: beside `zip -6` of the file that is in them, and `pigz -9` for the smallest."""

import subprocess
import uuid
import random

import answers
import data
import measure

MB = 1e6
NAME = "data/usage/usage-events."


def varied(count):
    """Events of one user in which every value is drawn anew."""
    draw = random.Random(data.SEED).getrandbits
    words = data.WORDS
    for index, moment in enumerate(data.moments(count)):
        bits = draw(128)
        yield (
            '{"ts":"%s","event":"%s","ui":{"element":"%s","page":"%s/%d"},"query":"%s %s %s","user":%d,"cookie":"ck_%016x",'
            '"session":"%s","ip":"10.%d.%d.%d","ua":"%s","http":{"method":"%s","status":%d},"app":{"version":"3.%d.%d"},'
            '"duration_ms":%d,"trace":"%08x"}\n' % (
                moment, data.EVENTS[bits & 3], data.ELEMENTS[(bits >> 2 & 255) % 6], data.PAGES[(bits >> 10 & 255) % 6],
                bits >> 18 & 0xFFFF, words[(bits >> 34 & 1023) % len(words)], words[(bits >> 44 & 1023) % len(words)],
                words[(bits >> 54 & 1023) % len(words)], data.USER, draw(64) >> 20, uuid.UUID(int=draw(128)),
                bits >> 64 & 255, bits >> 72 & 255, bits >> 80 & 255, data.AGENTS[bits >> 88 & 3],
                data.METHODS[bits >> 90 & 3], (200, 200, 302, 404)[bits >> 92 & 3], bits >> 94 & 15, bits >> 98 & 15,
                bits >> 102 & 0xFFFF, index)
        )  # fmt: skip


def writing(bench):
    count = bench.size or (2_000 if bench.small else 2_000_000)
    source = data.log_source("usage", "events.jsonl", [("usage-events", data.FIELDS, None, data.TRACE_IS_KEY)])
    configuration = data.write_configuration(bench.folder, source)
    rows, formats_rows, small_rows = [], [], []
    for kind, make in (("alike", data.events), ("varied", varied)):
        log = bench.make(bench.folder / "events.jsonl", make, count)
        archive, command = bench.export(configuration, ["json"])
        bench.measure(command)
        bench.check(answers.expect_records, archive, NAME + "json", count)
        plain = bench.folder / "usage-events.json"
        with open(plain, "wb") as file:
            subprocess.run(["unzip", "-p", archive, NAME + "json"], stdout=file, check=True)
        size = plain.stat().st_size
        for options, peer, name, store in (
            ([], ["zip", "-q", "-6", "peer.zip", plain.name], "zip -6", rows),
            (["--compression", "small"], ["pigz", "-9", "-k", "-f", plain.name], "pigz -9", small_rows),
        ):
            bench.note("  %s events, %s" % (kind, name))
            ours, peers = [], []
            for _ in range(bench.runs):
                (bench.folder / "peer.zip").unlink(missing_ok=True)
                peers.append(bench.measure(peer))
                ours.append(bench.measure([*command, *options]))
            bench.check(answers.expect_records, archive, NAME + "json", count)
            packed = bench.folder / ("peer.zip" if name == "zip -6" else plain.name + ".gz")
            wall, peer_wall = measure.median(ours, "wall"), measure.median(peers, "wall")
            share = archive.stat().st_size / packed.stat().st_size
            speed = peer_wall / wall
            if store is rows:
                verdict = "5 and 1.10: " + ("met" if speed >= 5 and share <= 1.10 else "missed")
            else:
                verdict = "1 and 1: " + ("met" if speed >= 1 and share <= 1 else "missed")
            store.append([
                kind, "%.0f" % (size / MB), "%.2f" % wall, "%.2f" % measure.median(ours, "cpu"),
                "%.1f" % (archive.stat().st_size / MB), name, "%.2f" % peer_wall,
                "%.1f" % (packed.stat().st_size / MB), "%.2f" % speed, "%.2f" % share, verdict,
            ])  # fmt: skip
            packed.unlink()
        plain.unlink()
        walls = {}
        for formats in (["json"], ["csv"], ["xml"], ["json", "csv", "xml"]):
            archive, command = bench.export(configuration, formats)
            runs = [bench.measure(command) for _ in range(bench.runs)]
            for each in formats:
                bench.check(answers.expect_records, archive, NAME + each, count)
            walls["+".join(formats)] = wall = measure.median(runs, "wall")
            alone = max(walls.values()) if len(formats) == 1 else max(list(walls.values())[:3])
            total = sum(answers.size_of(archive, NAME + each) for each in formats)
            formats_rows.append([
                kind, "+".join(formats), "%.2f" % wall, "%.2f" % measure.median(runs, "cpu"), "%.0f" % (total / MB / wall),
                "%.2f" % (wall / alone) if len(formats) > 1 else "",
                "2: " + ("met" if wall < 2 * alone else "missed") if len(formats) > 1 else "",
            ])  # fmt: skip
        log.unlink()
    head = ["events", "plain MB", "ours s", "CPU s", "MB", "peer", "s", "MB", "times as fast", "size", "goal"]
    title = "%s records to a zip of JSON, log to archive, beside packing the finished file (medians of %d)" % (
        f"{count:,}", bench.runs)  # fmt: skip
    bench.table(title, head, rows)
    bench.table("The same with `--compression small`", head, small_rows)
    bench.table(
        "Formats of %s records (medians of %d)" % (f"{count:,}", bench.runs),
        ["events", "formats", "wall s", "CPU s", "plain MB/s", "to the slowest alone", "goal"], formats_rows)  # fmt: skip
