"""Many requests in one pass: against `rg -F -f` with all identifiers, and against ourselves with one."""

import shutil
import subprocess
import zipfile

import answers
import logs
import measure

MB = 1e6
CREATED = "1793620800"


def wanted(count):
    """Users spread over all of them, without the one whose events are set apart."""
    return [user for user in range(3, logs.USERS, logs.USERS // count)][:count]


def write_requests(folder, identifiers):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number, identifier in enumerate(identifiers):
        logs.write_request(folder / ("B-%05d.yaml" % number), identifier, "B-%05d" % number)


def batch(bench, configuration, requests, output):
    return [
        bench.program, "batch", "--config", configuration, "--requests", requests, "--output", output, "--format", "json",
        "--created", CREATED, "--progress", "none",
    ]  # fmt: skip


def run(bench, command):
    """Measures a batch into a folder that is not there before."""
    output = command[command.index("--output") + 1]
    shutil.rmtree(output, ignore_errors=True)
    return measure.run(command, folder=bench.folder)


def many(bench):
    """One subject and a thousand in the same log. What the log costs is the time of the batch less that of the same
    batch over a log in which there is nothing but what it finds."""
    count = bench.size or (20_000 if bench.small else 2_560_000)
    log = bench.make(bench.folder / "all.jsonl", logs.lines, count)
    size = log.stat().st_size
    rows = []
    walls = {}
    sizes = (1, 10) if bench.small else (1, 10, 100, 1_000)
    for subjects in sizes:
        bench.note("  %d subjects" % subjects)
        names = [logs.name(user) for user in wanted(subjects)]
        (bench.folder / "names.txt").write_text("".join("%s\n" % each for each in names))
        with open(bench.folder / "found.jsonl", "wb") as file:
            subprocess.run(logs.rg("-f", "names.txt", "all.jsonl"), cwd=bench.folder, stdout=file, check=False)
        write_requests(bench.folder / "requests", names)
        full, _ = logs.configuration(bench, "all.jsonl", name="full")
        only, _ = logs.configuration(bench, "found.jsonl", name="only")
        command = batch(bench, full, bench.folder / "requests", bench.folder / "full")
        less = batch(bench, only, bench.folder / "requests", bench.folder / "only")
        ours, bases, peers = [], [], []
        for number in range(bench.runs + 1):
            peer = measure.run(logs.rg("-f", "names.txt", "all.jsonl"), folder=bench.folder, statuses=(0, 1))
            mine, base = run(bench, command), run(bench, less)
            if number > 0 or bench.small:
                peers.append(peer)
                ours.append(mine)
                bases.append(base)
        found = sum(1 for _ in open(bench.folder / "found.jsonl", "rb"))
        bench.check(expect_archives, bench.folder / "full", bench.folder / "only", subjects, found)
        wall = measure.median(ours, "wall")
        walls[subjects] = wall - measure.median(bases, "wall")
        peer = measure.median(peers, "wall")
        targets = ""
        if subjects == sizes[-1]:
            targets = "0.25 and 1.5: " + (
                "met" if walls[subjects] <= 0.25 * peer and walls[subjects] <= 1.5 * walls[1] else "missed")
        rows.append([
            f"{subjects:,}", f"{found:,}", "%.2f" % wall, "%.2f" % measure.median(ours, "cpu"), "%.3f" % walls[subjects],
            "%.0f" % (max(run.memory for run in ours) / MB), "%.2f" % peer, "%.2f" % (walls[subjects] / peer),
            "%.2f" % (walls[subjects] / walls[1]), targets,
        ])  # fmt: skip
    # The same bytes as from export.
    archive = bench.folder / "alone.zip"
    bench.measure([
        bench.program, "export", "--config", full, "--request", bench.folder / "requests/B-00001.yaml", "--format", "json",
        "--created", CREATED, "--output", archive, "--progress", "none"])  # fmt: skip
    if archive.read_bytes() != (bench.folder / "full/B-00001.zip").read_bytes():
        raise answers.Differs("the archive of a batch is not that of export")
    bench.table(
        "Batches over %.0f MB of everybody's events, beside `rg -F -f` (medians of %d)" % (size / MB, bench.runs),
        ["subjects", "records", "batch s", "CPU s", "of it the log s", "peak MB", "rg s", "to rg", "to one subject", "goal"],
        rows)  # fmt: skip


def expect_archives(folder, other, subjects, found):
    archives = sorted(path for path in folder.iterdir() if path.suffix == ".zip")
    if len(archives) != subjects:
        raise answers.Differs("%d archives instead of %d" % (len(archives), subjects))
    total = 0
    for path in archives:
        with zipfile.ZipFile(path) as zipped, zipfile.ZipFile(other / path.name) as same:
            if zipped.read(logs.RECORDS) != same.read(logs.RECORDS):
                raise answers.Differs("the records of %s depend on the other lines of the log" % path.name)
            total += zipped.read(logs.RECORDS).count(b"\n") - 2
    if total != found:
        raise answers.Differs("%d records instead of %d" % (total, found))


def index(bench):
    """A request by the index, as the logs grow and the matches do not."""
    million = 20_000 if bench.small else 2_560_000
    steps = (1, 2) if bench.small else (1, 2, 5, 10)
    shutil.rmtree(bench.folder / "logs", ignore_errors=True)
    (bench.folder / "logs").mkdir()
    secret = bench.folder / "secret.key"
    secret.touch(0o600)
    secret.write_bytes(b"a secret of thirty-two bytes, or more")
    rows = []
    made, text, build = 0, 0, 0.0
    goal = steps[-1]
    for pieces in steps:
        while made < pieces:
            # The first log has all of the subject's events; the others are of other people, so that matches stay.
            own = logs.places(million, 1_000) if made == 0 else ()
            path = bench.make(bench.folder / ("logs/log-%02d.jsonl" % made), logs.lines, million, made, own)
            text += path.stat().st_size
            made += 1
        configuration, request = logs.configuration(bench, "logs/*.jsonl", head="secret_file: secret.key\n")
        built = measure.run([bench.program, "sources", "index", "--config", configuration], folder=bench.folder)
        build += built.wall
        sidecars = sum(
            path.stat().st_size for path in (bench.folder / "logs").iterdir() if path.suffix != ".jsonl")
        archive, command = bench.export((configuration, request), ["json"])
        peers, ours = [], []
        for number in range(bench.runs + 1):
            peer = measure.run(logs.rg(logs.SUBJECT, "logs", "-g", "*.jsonl"), folder=bench.folder)
            mine = bench.measure(command)
            if number > 0 or bench.small:
                peers.append(peer)
                ours.append(mine)
        bench.check(logs.expect_hits, archive, 1_000, None)
        wall, peer = measure.median(ours, "wall"), measure.median(peers, "wall")
        rows.append([
            "%d" % made, "%.2f" % (text / 1e9), "%.1f" % build, "%.0f" % (built.memory / MB),
            "%.2f %%" % (100 * sidecars / text), "%.3f" % wall, "%.3f" % measure.median(ours, "cpu"),
            "%.0f" % (max(run.memory for run in ours) / MB), "%.2f" % peer, "1/%.0f" % (peer / wall),
            "1/50 and 3 %: " + ("met" if wall * 50 <= peer and sidecars <= 0.03 * text else "missed")
            if pieces == goal else "",
        ])  # fmt: skip
    bench.table(
        "1,000 matches by index, as the logs grow (medians of %d; building is cumulative)" % bench.runs,
        ["files", "GB", "index built in s", "peak MB", "index", "export s", "CPU s", "peak MB", "rg -F s", "ratio", "goal"],
        rows)  # fmt: skip
