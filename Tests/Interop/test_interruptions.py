"""Whenever a run is ended, nothing half-written stands under the final name, and nothing is left for long."""

import functools
import pathlib
import random
import shutil
import signal
import subprocess
import time
import unittest

import support

#: Events in the log that is read while the signals come.
EVENTS = 80_000


@functools.cache
def large_samples():
    """Samples with one long log, so that a run lasts a while."""
    samples = support.make_samples()
    line = (
        '{"ts":"2026-05-%02dT%02d:%02d:%02d+03:00","event":"page.view","ui":{"page":"/invoices/sent"},"user":1042,'
        '"session":"s-%08x","ip":"192.0.2.7","http":{"method":"GET","status":200},"duration_ms":%d}\n')
    with open(samples / "logs" / "usage-2026-11-long.jsonl", "w", encoding="utf-8") as file:
        for n in range(EVENTS):
            file.write(line % (n % 28 + 1, n % 24, n % 60, n // 60 % 60, n, n % 900))
    return samples


def names(path):
    return sorted(entry.name for entry in pathlib.Path(path).iterdir())


class Interruptions(unittest.TestCase):
    def setUp(self):
        self.folder = support.folder("interrupted")
        self.output = self.folder / "archive.zip"

    def start(self):
        samples = large_samples()
        return subprocess.Popen(
            [support.program(), "export", "--config", str(samples / "portability.yaml"), "--request",
             str(samples / "requests" / "access.yaml"), "--format", "json,csv", "--output", str(self.output),
             "--progress", "json"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait_for(self, process, words):
        """Reads the program's events until one has these words."""
        for line in process.stderr:
            if words in line:
                return
        self.fail("the program ended too early, with status %s" % process.wait())

    def ended(self, process):
        _, messages = process.communicate(timeout=120)
        return process.returncode, messages

    def interrupt(self, number, words):
        process = self.start()
        self.wait_for(process, words)
        process.send_signal(number)
        return self.ended(process)

    def test_sigterm_and_sigint_while_reading(self):
        for number, status in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
            with self.subTest(number.name):
                ended, _ = self.interrupt(number, '"event":"progress"')
                self.assertEqual(ended, status)
                self.assertEqual(names(self.folder), [])

    def test_sigterm_while_packing(self):
        ended, messages = self.interrupt(signal.SIGTERM, '"event":"packing"')
        # It may have been done already; then all of it is there.
        if self.output.exists():
            support.run("verify", self.output, check=support.EXIT_COMPLETE)
            self.assertEqual(names(self.folder), ["archive.zip", "archive.zip.receipt.json"])
        else:
            self.assertEqual(ended, 143, messages)
            self.assertEqual(names(self.folder), [])

    def test_sigterm_leaves_the_old_archive(self):
        shutil.copyfile(support.archive("empty"), self.output)
        before = self.output.read_bytes()
        process = subprocess.Popen(
            [support.program(), "export", "--config", str(large_samples() / "portability.yaml"), "--request",
             str(large_samples() / "requests" / "access.yaml"), "--output", str(self.output), "--replace",
             "--progress", "json"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.wait_for(process, '"event":"progress"')
        process.terminate()
        self.assertEqual(self.ended(process)[0], 143)
        self.assertEqual(self.output.read_bytes(), before)
        self.assertEqual(names(self.folder), ["archive.zip"])

    def test_sigkill_is_swept_by_the_next_run(self):
        ended, _ = self.interrupt(signal.SIGKILL, '"event":"progress"')
        self.assertEqual(ended, -signal.SIGKILL)
        left = names(self.folder)
        self.assertNotIn("archive.zip", left)
        for name in left:
            self.assertEqual((self.folder / name).stat().st_mode & 0o777, 0o600)
        bystander = self.folder / "notes.tmp"
        bystander.write_text("mine")
        support.export("nothing-but-an-account.yaml", self.folder / "other.zip")
        self.assertEqual(names(self.folder), ["notes.tmp", "other.zip", "other.zip.receipt.json"])

    def test_a_run_beside_it_is_not_swept(self):
        process = self.start()
        self.wait_for(process, '"event":"progress"')
        support.export("nothing-but-an-account.yaml", self.folder / "other.zip")
        ended, messages = self.ended(process)
        self.assertEqual(ended, support.EXIT_COMPLETE, messages)
        self.assertEqual(names(self.folder), [
            "archive.zip", "archive.zip.receipt.json", "other.zip", "other.zip.receipt.json"])
        support.run("verify", self.output, check=support.EXIT_COMPLETE)

    def test_any_moment(self):
        """Signals at points drawn with a fixed seed, from the first instruction on."""
        draw = random.Random(20261122)
        started = time.monotonic()
        process = self.start()
        ended, messages = self.ended(process)
        self.assertEqual(ended, support.EXIT_COMPLETE, messages)
        whole = time.monotonic() - started
        receipt = self.folder / "archive.zip.receipt.json"
        self.output.unlink()
        receipt.unlink()
        for number in (signal.SIGTERM, signal.SIGKILL) * 4:
            with self.subTest(number.name):
                process = self.start()
                time.sleep(draw.random() * whole)
                process.send_signal(number)
                ended, messages = self.ended(process)
                if self.output.exists():
                    support.run("verify", self.output, check=support.EXIT_COMPLETE)
                    support.run("receipts", "verify", receipt, "--archive", self.output, check=support.EXIT_COMPLETE)
                    self.output.unlink()
                else:
                    # Before the program's first line of code the system's own handling ends it.
                    self.assertIn(ended, (143, -number), messages)
                if number == signal.SIGTERM:
                    self.assertNotIn("archive.zip", names(self.folder))
                # The receipt comes first: proof without an archive does no harm, an archive without proof would.
                receipt.unlink(missing_ok=True)
                support.export("nothing-but-an-account.yaml", self.folder / "other.zip", "--replace")
                # Every receipt that was replaced is kept.
                left = [name for name in names(self.folder) if not name.startswith("other.zip.")]
                self.assertEqual(left, ["other.zip"])


class NoSpace(unittest.TestCase):
    """A disk that is full: a limit on the size of files stands in for it."""

    def test_the_archive_does_not_fit(self):
        folder = support.folder("full")
        for blocks in (0, 1, 16, 64):
            with self.subTest(blocks):
                command = "ulimit -f %d; trap '' XFSZ; exec \"$@\"" % blocks
                result = subprocess.run(
                    ["bash", "-c", command, "bash", support.program(), "export", "--config",
                     str(support.samples() / "portability.yaml"), "--request",
                     str(support.samples() / "requests" / "access.yaml"), "--output", str(folder / "archive.zip")],
                    capture_output=True, text=True, stdin=subprocess.DEVNULL)
                self.assertEqual(result.returncode, support.EXIT_FAILED, result.stderr)
                self.assertIn("error:", result.stderr)
                self.assertEqual(names(folder), [])
