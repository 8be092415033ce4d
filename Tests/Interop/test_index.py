"""Indexes of logs change no archive, are told of, and go with their logs."""

import json
import os
import stat
import time
import unittest

import jsonschema

import support

SCHEMA = jsonschema.Draft202012Validator(
    json.loads((support.ROOT / "schemas" / "coverage.schema.json").read_text(encoding="utf-8")))


def indexes(samples):
    return sorted((samples / "logs").glob("*.portability-index"))


def command(samples, *arguments, check=support.EXIT_COMPLETE):
    return support.run("sources", "index", "--config", samples / "portability.yaml", *arguments, check=check)


def exported(samples, request="access.yaml"):
    path = support.folder("indexed") / "archive.zip"
    result = support.export(request, path, "--created", support.CREATED, samples_at=samples, formats="json")
    return path.read_bytes(), result.stderr


def indexed_samples():
    """Samples of which the logs have indexes, once they are no longer new."""
    samples = support.make_samples()
    time.sleep(2.1)
    command(samples)
    return samples


class Indexes(unittest.TestCase):
    def test_archives_are_the_same_and_notes_tell_what_was_not_believed(self):
        samples = support.make_samples()
        without = {request: exported(samples, request) for request in ("access.yaml", "extended.yaml")}
        time.sleep(2.1)
        command(samples)
        logs = [path for path in (samples / "logs").iterdir() if path.suffix in (".jsonl", ".gz")]
        self.assertEqual(len(indexes(samples)), len(logs))
        for request, (archive, stderr) in without.items():
            self.assertEqual(exported(samples, request), (archive, stderr), request)
        # The same from an index that is damaged, but for a note.
        damaged = indexes(samples)[0]
        damaged.write_bytes(damaged.read_bytes()[:-1])
        archive, stderr = exported(samples)
        self.assertEqual(archive, without["access.yaml"][0])
        self.assertIn("note: the index of a log was made with another key, or is damaged; the log was read whole", stderr)
        command(samples, "--check", check=support.EXIT_FAILED)
        command(samples)
        self.assertIn("proved", command(samples, "--check").stdout)
        self.assertEqual(exported(samples), without["access.yaml"])

    def test_one_file_keeps_no_other_from_being_indexed(self):
        samples = support.make_samples()
        logs = sorted(path for path in (samples / "logs").iterdir() if path.suffix in (".jsonl", ".gz"))
        archive = exported(samples)
        (samples / "logs" / (logs[0].name + ".usage.portability-index")).mkdir()
        # A link is no log, whatever it leads to, if it is called as an index is.
        (samples / "logs" / "ghost.jsonl.usage.portability-index").symlink_to(logs[1].name)
        time.sleep(2.1)
        command(samples, check=support.EXIT_FAILED)
        self.assertEqual(len([path for path in indexes(samples) if path.is_file() and not path.is_symlink()]), len(logs) - 1)
        self.assertEqual(exported(samples)[0], archive[0])

    def test_they_are_private_and_listed_and_go_with_their_logs(self):
        samples = indexed_samples()
        for path in indexes(samples):
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600, path.name)
        self.assertEqual(
            [path.name for path in (samples / "logs").iterdir() if path.name.startswith(".")], [],
            "nothing is left of their making")
        count = len(indexes(samples))
        log = sorted((samples / "logs").glob("*.jsonl.gz"))[0]
        log.unlink()
        other = sorted((samples / "logs").glob("*.jsonl"))[0]
        os.utime(other)
        listed = support.run("sources", "coverage", "--config", samples / "portability.yaml", "--json").stdout
        document = json.loads(listed)
        SCHEMA.validate(document)
        (told,) = [source["indexes"] for source in document["sources"] if "indexes" in source]
        self.assertEqual(
            (told["count"], told["current"], told["stale"], told["without_log"]), (count, count - 2, 1, 1))
        self.assertEqual(told["bytes"], sum(path.stat().st_size for path in indexes(samples)))
        self.assertIn(
            "indexes of its files, personal data too: %d," % count,
            support.run("sources", "coverage", "--config", samples / "portability.yaml").stdout)
        command(samples, "--prune")
        self.assertEqual(len(indexes(samples)), count - 2)

    def test_without_a_secret_there_is_none(self):
        samples = support.make_samples()
        configuration = samples / "portability.yaml"
        lines = configuration.read_text(encoding="utf-8").splitlines(keepends=True)
        configuration.write_text(
            "".join(line for line in lines if not line.startswith("secret_file:")), encoding="utf-8")
        result = support.run("sources", "index", "--config", configuration)
        self.assertNotEqual(result.returncode, support.EXIT_COMPLETE)
        self.assertIn("secret_file", result.stderr)
        self.assertEqual(indexes(samples), [])


if __name__ == "__main__":
    unittest.main()
