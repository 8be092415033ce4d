"""Encrypted archives: the program age opens what we encrypt, and we open what it encrypts."""

import functools
import hashlib
import json
import os
import pathlib
import pty
import re
import select
import subprocess
import time
import unittest

import support

PASSPHRASE = "correct horse battery staple"


@functools.cache
def keys():
    """A folder with keys of age and of OpenSSH, one of these behind a passphrase, and one of a stranger."""
    folder = support.folder("keys")
    for name in ("key.txt", "stranger.txt"):
        subprocess.run([support.tool("age-keygen"), "-o", folder / name], check=True, capture_output=True)
    for name, passphrase in (("id", ""), ("locked", PASSPHRASE)):
        subprocess.run(
            [support.tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", passphrase, "-C", "", "-f", folder / name],
            check=True)
    return folder


def recipient(name):
    return subprocess.run(
        [support.tool("age-keygen"), "-y", keys() / name], check=True, capture_output=True, text=True).stdout.strip()


@functools.cache
def plain():
    """The archive of a case, not encrypted."""
    return support.archive("access")


def encrypted(*arguments, name="archive.zip", **options):
    """The path that an export with these options prints."""
    output = support.folder("encrypted") / name
    result = support.export(
        "access.yaml", output, "--created", support.CREATED, *arguments, formats=support.CASES["access"][1], **options)
    return pathlib.Path(result.stdout.strip())


def with_passphrase(arguments, passphrase, run=support.run, option="--passphrase-fd", **options):
    """Runs something that reads a passphrase from a pipe."""
    reading, writing = os.pipe()
    try:
        os.write(writing, (passphrase + "\n").encode())
        os.close(writing)
        return run(*arguments, option, reading, pass_fds=[reading], **options)
    finally:
        os.close(reading)


def at_terminal(command, answers, timeout=120):
    """Runs a command at a terminal of its own and types an answer to each prompt; status and what was shown."""
    process, terminal = pty.fork()
    if process == 0:
        os.execv(command[0], [str(word) for word in command])
    shown = b""
    answers = list(answers)
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if answers and re.search(rb"assphrase[^\r\n]*: ?$", shown):
            # age switches the echo off after it has asked.
            time.sleep(0.5)
            os.write(terminal, (answers.pop(0) + "\n").encode())
            shown += b"\n"
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode(errors="replace")


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


class WeEncrypt(unittest.TestCase):
    """The zip that age takes out of our files is the one that is written without encryption."""

    def decrypted(self, path, identity):
        return hashlib.sha256(
            subprocess.run(
                [support.tool("age"), "-d", "-i", keys() / identity, path], check=True, capture_output=True).stdout
        ).hexdigest()

    def test_age_opens_what_was_encrypted_for_several(self):
        path = encrypted("--encrypt-to", recipient("key.txt"), "--encrypt-to", keys() / "id.pub")
        self.assertEqual(path.name, "archive.zip.age")
        self.assertEqual([entry.name for entry in sorted(path.parent.iterdir())],
                         ["archive.zip.age", "archive.zip.age.receipt.json"])
        self.assertEqual(self.decrypted(path, "key.txt"), digest(plain()))
        self.assertEqual(self.decrypted(path, "id"), digest(plain()))
        refused = subprocess.run(
            [support.tool("age"), "-d", "-i", keys() / "stranger.txt", path], capture_output=True)
        self.assertNotEqual(refused.returncode, 0)

    def test_age_opens_what_was_encrypted_with_a_passphrase(self):
        path = with_passphrase([], PASSPHRASE, run=lambda *arguments, **options: encrypted(*arguments, **options))
        out = path.with_suffix(".out")
        status, shown = at_terminal([support.tool("age"), "-d", "-o", out, path], [PASSPHRASE])
        self.assertEqual(status, 0, shown)
        self.assertEqual(digest(out), digest(plain()))

    def test_files_of_recipients_and_lines_of_openssh(self):
        listed = support.folder("recipients") / "recipients.txt"
        listed.write_text("# ours\n\n%s\n%s" % (recipient("key.txt"), (keys() / "id.pub").read_text()))
        path = encrypted("--encrypt-to", listed, name="archive.zip.age")
        self.assertEqual(self.decrypted(path, "id"), digest(plain()))
        path = encrypted("--encrypt-to", (keys() / "id.pub").read_text().strip())
        self.assertEqual(self.decrypted(path, "id"), digest(plain()))

    def test_the_receipt_proves_the_file_and_the_zip_inside(self):
        path = encrypted("--encrypt-to", recipient("key.txt"), "--encrypt-to", keys() / "id.pub")
        text = pathlib.Path(str(path) + ".receipt.json").read_text()
        said = json.loads(text)["archive"]
        self.assertEqual((said["sha256"], said["bytes"]), (digest(path), path.stat().st_size))
        self.assertEqual(said["encryption"]["recipients"], {"X25519": 1, "ssh-ed25519": 1})
        self.assertEqual(
            said["encryption"]["zips"], [{"bytes": plain().stat().st_size, "sha256": digest(plain())}])
        for key in (recipient("key.txt"), (keys() / "id.pub").read_text().split()[1]):
            self.assertNotIn(key, text)

    def test_an_encrypted_archive_is_replaced_and_other_files_are_not(self):
        path = encrypted("--encrypt-to", recipient("key.txt"))
        before = digest(path)
        arguments = ("access.yaml", path, "--created", support.CREATED, "--encrypt-to", recipient("key.txt"))
        support.export(*arguments, check=support.EXIT_FAILED)
        self.assertEqual(digest(path), before)
        support.export(*arguments, "--replace")
        self.assertNotEqual(digest(path), before)
        path.write_text("age-encryption.txt: somebody's notes")
        support.export(*arguments, "--replace", check=support.EXIT_FAILED)

    def test_what_cannot_be_encrypted_for_leaves_nothing(self):
        stranger = (keys() / "stranger.txt").read_text().splitlines()[-1]
        folder = support.folder("refused")
        for words in (["--encrypt-to", "age1xyz"], ["--encrypt-to", stranger], ["--encrypt-to", keys() / "none"],
                      ["--encrypt-to", recipient("key.txt"), "--passphrase-fd", "0"], ["--passphrase-fd", "77"]):
            result = support.export("access.yaml", folder / "archive.zip", *words, check=support.EXIT_USAGE)
            self.assertNotIn(stranger, result.stderr)
            self.assertEqual(list(folder.iterdir()), [])
        result = support.export("access.yaml", folder / "archive.zip.age", check=support.EXIT_USAGE)
        self.assertIn("--encrypt-to", result.stderr)


class WeDecrypt(unittest.TestCase):
    @functools.cache
    def by_age(*arguments):
        """A file that the program age made of our zip."""
        path = support.folder("by-age") / "archive.zip.age"
        subprocess.run([support.tool("age"), "-o", path, *arguments, plain()], check=True)
        return path

    def inspect(self, path, *arguments, check=support.EXIT_COMPLETE, **options):
        return support.run("inspect", path, *arguments, check=check, **options)

    def test_every_reader_reads_it(self):
        path = WeDecrypt.by_age("-r", recipient("key.txt"), "-R", keys() / "id.pub")
        wanted = self.inspect(plain()).stdout
        for identity in ("key.txt", "id"):
            self.assertEqual(self.inspect(path, "--identity", keys() / identity).stdout, wanted)
            result = support.run("verify", path, "--identity", keys() / identity, check=support.EXIT_COMPLETE)
            self.assertIn("intact", result.stdout)
            self.assertNotIn("rewritten", result.stdout)
        database = path.with_suffix(".sqlite")
        support.run("import", path, "--identity", keys() / "key.txt", "--into", database, check=support.EXIT_COMPLETE)
        self.assertGreater(database.stat().st_size, 0)

    def test_in_armor(self):
        path = WeDecrypt.by_age("-a", "-r", recipient("key.txt"))
        self.assertTrue(path.read_bytes().startswith(b"-----BEGIN AGE"))
        support.run("verify", path, "--identity", keys() / "key.txt", check=support.EXIT_COMPLETE)

    def test_a_passphrase_from_a_descriptor(self):
        path = support.folder("by-age") / "archive.zip.age"
        status, shown = at_terminal([support.tool("age"), "-p", "-o", path, plain()], [PASSPHRASE, PASSPHRASE])
        self.assertEqual(status, 0, shown)
        with_passphrase(["inspect", path], PASSPHRASE, check=support.EXIT_COMPLETE)
        wrong = with_passphrase(["inspect", path], PASSPHRASE + "!", check=support.EXIT_VERIFICATION)
        self.assertEqual(wrong.stderr.count("error:"), 1)
        self.assertNotIn(PASSPHRASE, wrong.stderr)
        # Nobody can be asked where there is no terminal.
        absent = self.inspect(path, check=support.EXIT_VERIFICATION, start_new_session=True)
        self.assertIn("--passphrase-fd", absent.stderr)
        status, shown = at_terminal([support.program(), "inspect", path], [PASSPHRASE])
        self.assertEqual(status, 0, shown)
        self.assertNotIn(PASSPHRASE, shown)

    def test_an_identity_behind_a_passphrase(self):
        path = WeDecrypt.by_age("-R", keys() / "locked.pub")
        command = ["inspect", path, "--identity", keys() / "locked"]
        with_passphrase(command, PASSPHRASE, option="--identity-passphrase-fd", check=support.EXIT_COMPLETE)
        with_passphrase(command, "wrong", option="--identity-passphrase-fd", check=support.EXIT_VERIFICATION)
        # It is asked for only where the file was made for that key.
        other = WeDecrypt.by_age("-r", recipient("key.txt"))
        self.inspect(other, "--identity", keys() / "locked", "--identity", keys() / "key.txt")

    def test_a_file_of_identities_that_age_encrypted(self):
        path = WeDecrypt.by_age("-r", recipient("key.txt"))
        locked = support.folder("identities") / "key.age"
        status, shown = at_terminal(
            [support.tool("age"), "-p", "-a", "-o", locked, keys() / "key.txt"], [PASSPHRASE, PASSPHRASE])
        self.assertEqual(status, 0, shown)
        command = ["inspect", path, "--identity", locked]
        with_passphrase(command, PASSPHRASE, option="--identity-passphrase-fd", check=support.EXIT_COMPLETE)
        with_passphrase(command, "wrong", option="--identity-passphrase-fd", check=support.EXIT_VERIFICATION)

    def test_without_the_right_key(self):
        path = WeDecrypt.by_age("-r", recipient("key.txt"))
        for words, told in (([], "--identity"), (["--identity", keys() / "stranger.txt"], "made for others")):
            for command in ("inspect", "verify"):
                result = support.run(command, path, *words, check=support.EXIT_VERIFICATION)
                self.assertIn(told, result.stderr)
        folder = support.folder("nothing")
        support.run("import", path, "--into", folder / "data.sqlite", check=support.EXIT_VERIFICATION)
        self.assertEqual(list(folder.iterdir()), [])

    def test_every_damage_is_found(self):
        whole = WeDecrypt.by_age("-r", recipient("key.txt")).read_bytes()
        path = support.folder("damaged") / "archive.zip.age"
        header = whole.index(b"\n---") + 48
        places = [30, header - 10, header + 3, header + 70_000, len(whole) // 2, len(whole) - 1]
        for damaged in [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:] for place in places] + [
                whole[:place] for place in (10, header, header + 16, header + 16 + 65552, len(whole) - 1)] + [
                    whole + b"\0", whole + whole]:
            path.write_bytes(damaged)
            result = support.run(
                "verify", path, "--identity", keys() / "key.txt", check=support.EXIT_VERIFICATION)
            self.assertNotIn("Fatal", result.stderr)


class Interruptions(unittest.TestCase):
    def test_a_full_disk_leaves_nothing(self):
        folder = support.folder("full")
        result = subprocess.run(
            ["bash", "-c", 'ulimit -f 100; trap "" XFSZ; exec "$@"', "bash", support.program(), "export", "--config",
             support.samples() / "portability.yaml", "--request", support.samples() / "requests" / "access.yaml",
             "--output", folder / "archive.zip", "--encrypt-to", recipient("key.txt")],
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertEqual(result.returncode, support.EXIT_FAILED, result.stderr)
        self.assertEqual(list(folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
