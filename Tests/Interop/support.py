"""What the interop tests share: the program, copies of the samples, and archives that are made once."""

import atexit
import csv
import functools
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATA = HERE.parent / "Data"

#: The creation time of the archives, so that their bytes can be compared: 2026-11-22T12:00:00Z.
CREATED = "1795348800"

EXIT_COMPLETE, EXIT_FAILED, EXIT_USAGE, EXIT_PARTIAL, EXIT_IDENTITY, EXIT_VERIFICATION, EXIT_REFUSED = range(7)

#: What is exported: request, formats, whether something is broken in the sources, status. Together they hold both
#: dialects of CSV, decimal commas and points, every format, every right, and texts in three languages.
CASES = {
    "access": ("access.yaml", "json,jsonl,csv,xml", False, EXIT_COMPLETE),
    "portability": ("portability.yaml", "json,jsonl,csv,xml", False, EXIT_COMPLETE),
    "switching": ("switching.yaml", "json,csv,xml", False, EXIT_COMPLETE),
    "handover": ("handover.yaml", "json,csv,xml", False, EXIT_COMPLETE),
    "empty": ("nothing-but-an-account.yaml", "json,jsonl,csv,xml", False, EXIT_COMPLETE),
    "partial": ("access.yaml", "json,csv,xml", True, EXIT_PARTIAL),
}


def program():
    """The program under test."""
    path = pathlib.Path(os.environ.get("PORTABILITY_PROGRAM", ROOT / ".build" / "debug" / "portability"))
    if not os.access(path, os.X_OK):
        raise AssertionError("there is no program at %s; run `swift build`" % path)
    return str(path)


def tool(*names):
    """The first of the tools that is here. A test that cannot run is a test that fails."""
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    raise AssertionError("%s is not installed; Tests/run installs it" % " or ".join(names))


@functools.cache
def work():
    """A folder for this run, removed at its end."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="portability-interop-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def folder(prefix):
    """A new folder in it."""
    return pathlib.Path(tempfile.mkdtemp(prefix=prefix + "-", dir=work()))


def make_samples():
    """A copy of the samples with the register loaded, and a secret that is none."""
    samples = folder("samples")
    shutil.copytree(
        ROOT / "samples", samples, dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("register.sqlite*", "secret.key", "generator", "__pycache__"))
    secret = samples / "secret.key"
    secret.write_bytes(bytes(range(32)))
    secret.chmod(0o600)
    database = sqlite3.connect(samples / "register.sqlite", isolation_level=None)
    database.executescript((samples / "register.sql").read_text(encoding="utf-8"))
    database.close()
    return samples


@functools.cache
def samples():
    """The samples of this run, which no test changes."""
    return make_samples()


def break_a_log(path):
    """Cuts a log file within its gzip member, as a full disk does."""
    log = sorted((path / "logs").glob("*.gz"))[0]
    log.write_bytes(log.read_bytes()[:-1000])


@functools.cache
def broken_samples():
    path = make_samples()
    break_a_log(path)
    return path


def run(*arguments, environment=None, check=None, cwd=None, timeout=300, **options):
    """Runs the program."""
    result = subprocess.run(
        [program(), *map(str, arguments)], stdin=options.pop("stdin", subprocess.DEVNULL), capture_output=True,
        text=True, errors="replace", env={**os.environ, **(environment or {})}, cwd=cwd, timeout=timeout, **options)
    if check is not None and result.returncode != check:
        raise AssertionError(
            "status %d, not %d: portability %s\n%s" % (
                result.returncode, check, " ".join(map(str, arguments)), result.stderr))
    return result


def export(request, output, *arguments, samples_at=None, formats=None, check=EXIT_COMPLETE, **options):
    """Exports a request of the samples."""
    where = samples_at or samples()
    request = where / "requests" / request if isinstance(request, str) else request
    arguments = [
        "export", "--config", where / "portability.yaml", "--request", request, "--output", output, *arguments]
    if formats:
        arguments += ["--format", formats]
    return run(*arguments, check=check, **options)


@functools.cache
def archive(case):
    """The archive of a case."""
    request, formats, is_broken, status = CASES[case]
    path = folder(case) / "archive.zip"
    export(
        request, path, "--created", CREATED, samples_at=broken_samples() if is_broken else None, formats=formats,
        check=status)
    return path


def unzip(path):
    """The archive's files in a new folder, by Python's zipfile."""
    target = folder("unzipped")
    with zipfile.ZipFile(path) as file:
        file.extractall(target)
    return target


@functools.cache
def unzipped(case):
    """The files of a case's archive, which no test changes."""
    return unzip(archive(case))


def copy(case):
    """The files of a case's archive, to be damaged."""
    target = folder("copy")
    shutil.copytree(unzipped(case), target, dirs_exist_ok=True)
    return target


@functools.cache
def manifest(case):
    return json.loads((unzipped(case) / "manifest.json").read_text(encoding="utf-8"))


def manifest_of(archive):
    """The manifest of any archive."""
    with zipfile.ZipFile(archive) as file:
        return json.loads(file.read("manifest.json"))


def manifest_files(case, format=None):
    """Pairs of a dataset and one of its files."""
    return [
        (dataset, file) for dataset in manifest(case)["datasets"] for file in dataset["files"]
        if format is None or file["format"] == format]


def dictionary(path):
    """The rows of the dictionary in an unzipped archive, which is written in the archive's dialect of CSV."""
    with open(path / "schemas" / "dictionary.csv", encoding="utf-8-sig", newline="") as file:
        delimiter = ";" if file.readline().startswith("entity;") else ","
        file.seek(0)
        return list(csv.DictReader(file, delimiter=delimiter))


def largest_file(case, format):
    """The largest data file in a format, and its dataset's entity."""
    dataset, file = max(manifest_files(case, format), key=lambda pair: pair[1]["bytes"])
    return dataset, file["path"]


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def tree(path):
    """Relative name → digest of every file under a folder."""
    path = pathlib.Path(path)
    return {str(file.relative_to(path)): sha256(file) for file in sorted(path.rglob("*")) if file.is_file()}


def flip(path, offset=None):
    """Changes one bit."""
    path = pathlib.Path(path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 if offset is None else offset] ^= 1
    path.write_bytes(data)


def for_every_case(checks):
    """Makes a test case of a class of checks for every archive; `self.case` names it."""
    module = sys.modules[checks.__module__]
    for case in CASES:
        name = "%s_%s" % (checks.__name__, case)
        made = type(name, (checks, unittest.TestCase), {"case": case, "__module__": module.__name__})
        setattr(module, name, made)
    return checks
