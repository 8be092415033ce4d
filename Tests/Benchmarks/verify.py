"""`verify` of an archive of about 1 GB against `unzip -t` and `sha256sum -c`, which together see less."""

import os
import shutil
import subprocess
import zipfile

import answers
import data
import measure

MB = 1e6
GOAL = 0.5
MEMORY_GOAL = 100 * MB


def verify(bench):
    """One large file, where unpacking and reading the records go side by side; and the same records in four formats."""
    rows = []
    for formats, full in ((["json"], 2_200_000), (["json", "jsonl", "csv", "xml"], 500_000)):
        count = bench.size or (2_000 if bench.small else full)
        log = bench.make(bench.folder / "events.jsonl", data.events, count)
        configuration = data.write_configuration(
            bench.folder,
            data.log_source("usage", "events.jsonl", [("usage-events", data.FIELDS, None, data.WITHOUT_TRACE)]),
        )
        archive, command = bench.export(configuration, formats)
        subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        log.unlink()
        for format in formats:
            bench.check(answers.expect_records, archive, "data/usage/usage-events." + format, count)
        tree = bench.folder / "tree"
        with zipfile.ZipFile(archive) as file:
            file.extractall(tree)
            plain = sum(entry.file_size for entry in file.infolist())
        bench.check(expect_refusal, bench.program, archive, bench.folder)
        ours, tests, sums = [], [], []
        for number in range(bench.runs):
            bench.note("  %s: run %d of %d" % ("+".join(formats), number + 1, bench.runs))
            tests.append(bench.measure(["unzip", "-tqq", archive]))
            sums.append(measure.run(["sha256sum", "--quiet", "-c", "manifest-sha256.txt"], folder=tree))
            ours.append(bench.measure([bench.program, "verify", archive]))
        wall, peer = (measure.median(ours, "wall"), measure.median(tests, "wall") + measure.median(sums, "wall"))
        memory = max(run.memory for run in ours)
        ok = wall <= GOAL * peer and memory < MEMORY_GOAL
        rows.append([
            "+".join(formats), f"{count:,}", "%.0f" % (plain / MB), "%.0f" % (archive.stat().st_size / MB),
            "%.2f" % wall, "%.2f" % measure.median(ours, "cpu"), "%.2f" % measure.median(tests, "wall"),
            "%.2f" % measure.median(sums, "wall"), "%.2f" % (wall / peer), "%.0f" % (memory / MB),
            "met" if ok else "missed",
        ])  # fmt: skip
        shutil.rmtree(tree)
        archive.unlink()
    bench.table(
        "verify --depth full against unzip -t and sha256sum -c (medians of %d, load %.1f)"
        % (bench.runs, os.getloadavg()[0]),
        ["formats", "records", "plain MB", "zip MB", "ours s", "CPU s", "unzip -t s", "sha256sum -c s", "ratio",
         "peak MB", "0.5, 100 MB"],
        rows,
    )  # fmt: skip


def expect_refusal(program, archive, folder):
    """A flipped bit in the middle is found, so that what is measured is a verification."""
    damaged = folder / "damaged.zip"
    shutil.copyfile(archive, damaged)
    with open(damaged, "r+b") as file:
        file.seek(archive.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    status = subprocess.run([program, "verify", damaged], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    damaged.unlink()
    if status != 5:
        raise AssertionError("status %d of an archive with a flipped bit" % status)
