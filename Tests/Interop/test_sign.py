"""Signed archives: what README.txt says is done with OpenSSH, and its answer and ours are the same."""

import functools
import hashlib
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import termios
import time
import unittest
import zipfile

import support

PRINCIPAL = "privacy@example.fi"
ADDRESS = "https://www.example.fi/portability-key"
PASSPHRASE = "correct horse"
SIGNATURE = "tagmanifest-sha256.txt.sig"


def ssh_keygen(*arguments, **options):
    return subprocess.run(
        [support.tool("ssh-keygen"), *map(str, arguments)], capture_output=True, text=True, timeout=60,
        stdin=options.pop("stdin", subprocess.DEVNULL), **options)


def make_key(kind="ed25519", passphrase="", *more):
    """A new key: the private half's path."""
    path = support.folder("key") / "key"
    result = ssh_keygen("-q", "-t", kind, "-N", passphrase, "-C", "test", "-f", path, *more)
    assert result.returncode == 0, result.stderr
    return path


@functools.cache
def key():
    return make_key()


@functools.cache
def stranger():
    return make_key()


def public(path):
    """Algorithm and base 64 of a key's public half."""
    return " ".join(path.with_suffix(".pub").read_text().split()[:2])


def fingerprint(path):
    return ssh_keygen("-lf", path.with_suffix(".pub")).stdout.split()[1]


def configured(path=None, **more):
    """Samples whose configuration names the key."""
    samples = support.make_samples()
    lines = {
        "fingerprint": fingerprint(path or key()), "published_at": ADDRESS, "principal": PRINCIPAL, **more}
    with open(samples / "portability.yaml", "a", encoding="utf-8") as file:
        file.write("\nsigning:\n" + "".join("  %s: %s\n" % line for line in lines.items()))
    return samples


@functools.cache
def samples():
    return configured()


def export(*arguments, samples_at=None, request="nothing-but-an-account.yaml", name="archive.zip", **options):
    path = support.folder("signed") / name
    result = support.export(
        request, path, "--created", support.CREATED, *arguments, samples_at=samples_at or samples(), **options)
    return path, result


@functools.cache
def signed():
    return export("--sign-key", key())[0]


def unzipped():
    return support.unzip(signed())


def allowed(*lines):
    """A file of allowed signers."""
    path = support.folder("allowed") / "allowed_signers"
    path.write_text("".join(line + "\n" for line in lines))
    return path


@functools.cache
def allowed_signers():
    return allowed("%s %s" % (PRINCIPAL, public(key())))


def verify(path, *arguments, check=None):
    return support.run("verify", path, *arguments, check=check)


def verify_as_openssh(folder, signers, *options, principal=PRINCIPAL):
    with open(folder / "tagmanifest-sha256.txt", "rb") as file:
        return ssh_keygen(
            "-Y", "verify", "-f", signers, "-I", principal, "-n", "portability", "-s", folder / SIGNATURE, *options,
            stdin=file)


class Readme(unittest.TestCase):
    """Does what README.txt says, in each language, with nothing but the tools that it names."""

    def test_its_commands_work_as_they_stand(self):
        for language in ("fi", "sv", "en"):
            with self.subTest(language=language):
                request = support.folder("request") / "request.yaml"
                text = (samples() / "requests" / "nothing-but-an-account.yaml").read_text(encoding="utf-8")
                text = re.sub(r"(?m)^language:.*$", "language: " + language, text)
                self.assertIn("language: " + language, text)
                request.write_text(text, encoding="utf-8")
                path, _ = export("--sign-key", key(), request=request)
                folder = support.unzip(path)
                readme = (folder / "README.txt").read_text(encoding="utf-8")
                self.assertIn(ADDRESS, readme)
                self.assertIn(fingerprint(key()), readme)
                self.assertIn(PRINCIPAL, readme)
                commands = [line[4:] for line in readme.splitlines() if line.startswith("    ")]
                first = [i for i, line in enumerate(commands) if line.startswith("ssh-keygen ")]
                self.assertEqual(len(first), 1)
                # Beside the folder, on one line: signer, space, key.
                (folder.parent / "allowed_signers").write_text("%s %s\n" % (PRINCIPAL, public(key())))
                outputs = []
                for command in commands[first[0]:]:
                    result = subprocess.run(
                        ["sh", "-c", command], cwd=folder, capture_output=True, text=True, timeout=60)
                    self.assertEqual(result.returncode, 0, command + result.stdout + result.stderr)
                    outputs.append(result.stdout)
                self.assertEqual(len(outputs), 3)
                self.assertTrue(outputs[0].startswith("Good "), outputs[0])
                self.assertTrue(outputs[0].rstrip().endswith(fingerprint(key())), outputs[0])
                self.assertIn("manifest-sha256.txt: OK", outputs[1])

    def test_page_and_receipt_name_the_key(self):
        folder = unzipped()
        page = (folder / "index.html").read_text(encoding="utf-8")
        self.assertIn(fingerprint(key()), page)
        self.assertIn(ADDRESS, page)
        receipt = json.loads((signed().parent / (signed().name + ".receipt.json")).read_text())
        self.assertEqual(receipt["signing_key"], fingerprint(key()))

    def test_an_unsigned_archive_says_nothing_of_signatures(self):
        path, _ = export()
        with zipfile.ZipFile(path) as file:
            self.assertNotIn(SIGNATURE, file.namelist())
            self.assertNotIn("ssh-keygen", file.read("README.txt").decode())
            self.assertNotIn("ssh-keygen", file.read("index.html").decode())
        receipt = json.loads((path.parent / (path.name + ".receipt.json")).read_text())
        self.assertNotIn("signing_key", receipt)

    def test_without_a_configured_address_the_reader_is_sent_to_the_organisation(self):
        path, _ = export("--sign-key", key(), samples_at=support.samples())
        with zipfile.ZipFile(path) as file:
            readme = file.read("README.txt").decode()
        self.assertIn("ssh-keygen -Y verify", readme)
        self.assertNotIn("{", readme)
        self.assertNotIn(ADDRESS, readme)


class OpenSSH(unittest.TestCase):
    """ssh-keygen judges ours, and we judge its own, and the answers are the same."""

    def test_the_signature_is_the_one_that_ssh_keygen_makes(self):
        folder = unzipped()
        ours = (folder / SIGNATURE).read_bytes()
        (folder / SIGNATURE).unlink()
        result = ssh_keygen("-Y", "sign", "-f", key(), "-n", "portability", folder / "tagmanifest-sha256.txt")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual((folder / SIGNATURE).read_bytes(), ours)

    def test_its_signature_with_another_hash_is_accepted(self):
        folder = unzipped()
        (folder / SIGNATURE).unlink()
        result = ssh_keygen(
            "-Y", "sign", "-f", key(), "-n", "portability", "-O", "hashalg=sha256",
            folder / "tagmanifest-sha256.txt")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(PRINCIPAL, verify(folder, "--allowed-signers", allowed_signers(), check=0).stdout)

    def test_find_principals(self):
        result = ssh_keygen("-Y", "find-principals", "-f", allowed_signers(), "-s", unzipped() / SIGNATURE)
        self.assertEqual(result.stdout.strip(), PRINCIPAL)

    def test_both_give_the_same_answer(self):
        folder = unzipped()
        line = public(key())
        other = public(stranger())
        cases = [
            # who, options, verify time, right
            (PRINCIPAL, "", None, True),
            ("*@example.fi", "", None, True),
            ("*@example.fi,!privacy@example.fi", "", None, False),
            ("other@example.fi", "", None, False),
            ("other@example.fi,privacy@*", "", None, True),
            ('"%s"' % PRINCIPAL, "", None, True),
            (PRINCIPAL, 'namespaces="portability" ', None, True),
            (PRINCIPAL, 'namespaces="git,port*" ', None, True),
            (PRINCIPAL, 'namespaces="git" ', None, False),
            (PRINCIPAL, 'NAMESPACES="file" ', None, False),
            (PRINCIPAL, 'valid-after="20200101" ', None, True),
            (PRINCIPAL, 'valid-after="20990101" ', None, False),
            (PRINCIPAL, 'valid-before="20990101" ', None, True),
            (PRINCIPAL, 'valid-before="20200101" ', None, False),
            (PRINCIPAL, 'valid-before="20260701Z" ', "20260701Z", True),
            (PRINCIPAL, 'valid-before="20260701Z" ', "20260701000001Z", False),
            (PRINCIPAL, 'valid-after="202607011200Z" ', "20260701115959Z", False),
            (PRINCIPAL, 'valid-after="202607011200Z",valid-before="20260702Z" ', "20260701120000Z", True),
            # Local time, in summer and in winter.
            (PRINCIPAL, 'valid-before="202607011200" ', "20260701095959Z", True),
            (PRINCIPAL, 'valid-before="202607011200" ', "20260701100001Z", False),
            (PRINCIPAL, 'valid-before="202601011200" ', "20260101100000Z", True),
            (PRINCIPAL, 'valid-before="202601011200" ', "20260101100001Z", False),
        ]
        for who, options, at, right in cases:
            with self.subTest(who=who, options=options, at=at):
                signers = allowed(
                    "# who may sign", "", "stranger@example.fi %s" % other, "%s %s%s comment" % (who, options, line))
                environment = {**os.environ, "TZ": "Europe/Helsinki"}
                theirs = ["-O", "verify-time=" + at] if at else []
                with open(folder / "tagmanifest-sha256.txt", "rb") as file:
                    result = ssh_keygen(
                        "-Y", "verify", "-f", signers, "-I", PRINCIPAL, "-n", "portability", "-s",
                        folder / SIGNATURE, *theirs, stdin=file, env=environment)
                self.assertEqual(result.returncode == 0, right, result.stderr)
                ours = support.run(
                    "verify", folder, "--allowed-signers", signers, "--signer", PRINCIPAL,
                    *(["--verify-time", at] if at else []), environment=environment)
                self.assertEqual(ours.returncode, 0 if right else support.EXIT_VERIFICATION, ours.stderr)

    def test_neither_reads_a_line_that_is_none(self):
        folder = unzipped()
        for line in (
            PRINCIPAL, "%s ssh-ed25519" % PRINCIPAL, "%s unknown %s" % (PRINCIPAL, public(key())),
            "%s namespaces=portability %s" % (PRINCIPAL, public(key())),
            '%s valid-after="soon" %s' % (PRINCIPAL, public(key())),
        ):
            with self.subTest(line=line):
                signers = allowed("# comment", line)
                self.assertNotEqual(verify_as_openssh(folder, signers).returncode, 0)
                result = verify(folder, "--allowed-signers", signers, check=support.EXIT_USAGE)
                self.assertIn("line 2", result.stderr)
                self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
                self.assertNotIn(PRINCIPAL, result.stderr)


class Verify(unittest.TestCase):
    def test_by_whom_it_is_signed(self):
        for path in (signed(), unzipped()):
            result = verify(path, "--allowed-signers", allowed_signers(), check=0)
            self.assertIn("signed by %s with key %s" % (PRINCIPAL, fingerprint(key())), result.stdout)
            verify(path, "--allowed-signers", allowed_signers(), "--signer", PRINCIPAL, check=0)

    def test_a_signature_that_nobody_vouches_for_is_never_called_valid(self):
        for path in (signed(), unzipped()):
            result = verify(path, check=0)
            self.assertIn("signed by key %s, not checked" % fingerprint(key()), result.stdout)
            self.assertNotIn("valid", result.stdout + result.stderr)
            self.assertNotIn("Good", result.stdout + result.stderr)

    def test_for_programs(self):
        told = json.loads(verify(signed(), "--json", check=0).stdout)["archives"][0]["signature"]
        self.assertEqual(told, {"status": "unchecked", "fingerprint": fingerprint(key())})
        told = json.loads(
            verify(signed(), "--json", "--allowed-signers", allowed_signers(), check=0).stdout)
        self.assertEqual(
            told["archives"][0]["signature"],
            {"status": "valid", "fingerprint": fingerprint(key()), "principals": PRINCIPAL})
        unsigned, _ = export()
        told = json.loads(verify(unsigned, "--json", check=0).stdout)["archives"][0]["signature"]
        self.assertEqual(told, {"status": "none"})

    def fails(self, path, *arguments, says):
        result = verify(path, *arguments, check=support.EXIT_VERIFICATION)
        told = [line for line in result.stderr.splitlines() if SIGNATURE in line]
        self.assertEqual(len(told), 1, result.stderr)
        self.assertIn(says, told[0])
        self.assertEqual(result.stdout, "")

    def test_what_fails_fails_with_one_message(self):
        line = public(key())
        demand = "--allowed-signers"
        self.fails(signed(), demand, allowed("a@b.fi " + public(stranger())), says="not among the allowed signers")
        self.fails(signed(), demand, allowed('a@b.fi valid-before="20200101" ' + line), says="expired")
        self.fails(signed(), demand, allowed('a@b.fi valid-after="20990101" ' + line), says="yet")
        self.fails(signed(), demand, allowed('a@b.fi namespaces="git" ' + line), says="not allow for portability")
        self.fails(signed(), demand, allowed_signers(), "--signer", "a@b.fi", says="not allow for a@b.fi")
        unsigned, _ = export()
        self.fails(unsigned, demand, allowed_signers(), says="not signed")

    def test_another_signature_in_its_place(self):
        for name, arguments in (
            ("wrong namespace", ["-f", key(), "-n", "file"]),
            ("stranger", ["-f", stranger(), "-n", "portability"]),
            ("rsa", ["-f", make_key("rsa"), "-n", "portability"]),
            ("other content", None), ("garbage", None), ("empty", None),
        ):
            with self.subTest(name):
                folder = unzipped()
                (folder / SIGNATURE).unlink()
                if arguments:
                    ssh_keygen("-Y", "sign", *arguments, folder / "tagmanifest-sha256.txt")
                    self.assertTrue((folder / SIGNATURE).exists())
                elif name == "other content":
                    message = support.folder("other") / "message"
                    message.write_text("another tag manifest")
                    ssh_keygen("-Y", "sign", "-f", key(), "-n", "portability", message)
                    shutil.copy(str(message) + ".sig", folder / SIGNATURE)
                else:
                    (folder / SIGNATURE).write_bytes(b"" if name == "empty" else b"\0\xff" * 100)
                self.fails(folder, "--allowed-signers", allowed_signers(), says="sign")
                if name != "stranger":
                    self.fails(folder, says="sign")

    def test_a_changed_bag_fails_though_its_manifests_agree(self):
        """Whoever changes a file and writes all manifests anew has no signature of them."""
        folder = unzipped()
        (folder / "README.txt").write_text("another")
        lines = []
        for entry in (folder / "tagmanifest-sha256.txt").read_text().splitlines():
            name = entry.split("  ", 1)[1]
            lines.append("%s  %s\n" % (hashlib.sha256((folder / name).read_bytes()).hexdigest(), name))
        (folder / "tagmanifest-sha256.txt").write_text("".join(lines))
        self.fails(folder, "--allowed-signers", allowed_signers(), says="not of this archive")
        self.assertNotEqual(verify_as_openssh(folder, allowed_signers()).returncode, 0)

    def test_certificate_authorities_are_refused(self):
        signers = allowed("*@example.fi cert-authority %s" % public(key()))
        result = verify(signed(), "--allowed-signers", signers, check=support.EXIT_USAGE)
        self.assertIn("certificate authorities are not supported", result.stderr)

    def test_options_that_lack_the_file(self):
        for arguments in (["--signer", "a"], ["--verify-time", "20260101"]):
            verify(signed(), *arguments, check=support.EXIT_USAGE)
        verify(signed(), "--allowed-signers", support.folder("empty") / "nowhere", check=support.EXIT_USAGE)
        verify(
            signed(), "--allowed-signers", allowed_signers(), "--verify-time", "soon", check=support.EXIT_USAGE)


def on_terminal(arguments, answers, interrupt=False):
    """Runs the program at a terminal of its own: what it showed, its exit status, whether the terminal echoes after."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(arguments[0], arguments)
    shown = b""
    answers = list(answers)
    deadline = time.monotonic() + 120
    is_told = False
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        if ready:
            try:
                more = os.read(terminal, 4096)
            except OSError:
                break
            if not more:
                break
            shown += more
        if b"Passphrase of the key" in shown and not is_told:
            is_told = True
            # The prompt comes after the echo was turned off.
            hidden = not termios.tcgetattr(terminal)[3] & termios.ECHO
            if interrupt:
                os.kill(pid, signal.SIGINT)
            else:
                os.write(terminal, answers.pop(0).encode() + b"\n")
    echoes = None
    try:
        echoes = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
    except termios.error:
        pass
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return shown.decode(errors="replace"), os.waitstatus_to_exitcode(status), is_told and hidden, echoes


class Passphrase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.key = make_key("ed25519", PASSPHRASE)
        cls.samples = configured(cls.key)

    def arguments(self, path, *more):
        return [
            support.program(), "export", "--config", str(self.samples / "portability.yaml"), "--request",
            str(self.samples / "requests" / "nothing-but-an-account.yaml"), "--output", str(path), "--created",
            support.CREATED, "--sign-key", str(self.key), *more]

    def by_descriptor(self, text):
        path = support.folder("protected") / "archive.zip"
        reading, writing = os.pipe()
        os.write(writing, text)
        os.close(writing)
        result = subprocess.run(
            self.arguments(path, "--sign-passphrase-fd", str(reading)), pass_fds=[reading], capture_output=True,
            text=True, stdin=subprocess.DEVNULL, timeout=300, start_new_session=True)
        os.close(reading)
        return path, result

    def assert_signed(self, path):
        signers = allowed("%s %s" % (PRINCIPAL, public(self.key)))
        self.assertEqual(verify_as_openssh(support.unzip(path), signers).returncode, 0)
        self.assertIn(PRINCIPAL, verify(path, "--allowed-signers", signers, check=0).stdout)

    def test_from_a_file_descriptor(self):
        for text in (PASSPHRASE, PASSPHRASE + "\n", PASSPHRASE + "\r\n", PASSPHRASE + "\nmore\n"):
            with self.subTest(text=text):
                path, result = self.by_descriptor(text.encode())
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assert_signed(path)

    def test_a_wrong_one_leaves_nothing_behind(self):
        for text in (b"", b"wrong\n", b"\n", PASSPHRASE.encode() + b" \n", b"\xff\xfe\n"):
            with self.subTest(text=text):
                path, result = self.by_descriptor(text)
                self.assertEqual(result.returncode, support.EXIT_VERIFICATION, result.stderr)
                self.assertIn("the passphrase does not open the private key", result.stderr)
                self.assertNotIn("wrong\n", result.stderr)
                self.assertEqual(os.listdir(path.parent), [])

    def test_one_without_an_end_is_not_waited_for(self):
        path, result = self.by_descriptor(b"x" * 5000)
        self.assertEqual(result.returncode, support.EXIT_USAGE, result.stderr)

    def test_without_a_terminal_the_option_is_named(self):
        path = support.folder("protected") / "archive.zip"
        result = subprocess.run(
            self.arguments(path), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300,
            start_new_session=True)
        self.assertEqual(result.returncode, support.EXIT_USAGE, result.stderr)
        self.assertIn("--sign-passphrase-fd", result.stderr)

    def test_a_closed_descriptor(self):
        path = support.folder("protected") / "archive.zip"
        result = subprocess.run(
            self.arguments(path, "--sign-passphrase-fd", "77"), capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=300, start_new_session=True)
        self.assertEqual(result.returncode, support.EXIT_USAGE, result.stderr)

    def test_at_the_terminal_without_echo(self):
        path = support.folder("protected") / "archive.zip"
        shown, status, hidden, _ = on_terminal(self.arguments(path), [PASSPHRASE])
        self.assertEqual(status, 0, shown)
        self.assertIn("Passphrase of the key", shown)
        self.assertTrue(hidden)
        self.assertNotIn(PASSPHRASE, shown)
        self.assert_signed(path)

    def test_an_interrupt_gives_the_terminal_back_as_it_was(self):
        path = support.folder("protected") / "archive.zip"
        shown, status, hidden, echoes = on_terminal(self.arguments(path), [], interrupt=True)
        self.assertEqual(status, 130, shown)
        self.assertTrue(hidden)
        self.assertIsNot(echoes, False)
        self.assertEqual(os.listdir(path.parent), [])


class Keys(unittest.TestCase):
    def refused(self, path, says, status=support.EXIT_USAGE):
        where = support.folder("refused") / "archive.zip"
        result = support.export(
            "nothing-but-an-account.yaml", where, "--sign-key", path, samples_at=support.samples(), check=status)
        self.assertIn(says, result.stderr)
        self.assertEqual(os.listdir(where.parent), [])

    def test_a_key_that_others_can_read(self):
        path = support.folder("key") / "key"
        shutil.copy(key(), path)
        for mode in (0o644, 0o640, 0o604, 0o620):
            path.chmod(mode)
            self.refused(path, "chmod 0600")

    def test_what_is_no_key(self):
        folder = support.folder("key")
        self.refused(folder, "not a regular file")
        self.refused(folder / "missing", "cannot be opened")
        os.mkfifo(folder / "pipe")
        self.refused(folder / "pipe", "not a regular file")
        large = folder / "large"
        large.write_bytes(b"A" * (65 << 10))
        large.chmod(0o600)
        self.refused(large, "too large")
        text = folder / "text"
        text.write_text("my key\n")
        self.refused(text, "neither a private key")

    def test_other_kinds_of_key(self):
        self.refused(make_key("rsa"), "an RSA key")
        self.refused(make_key("ecdsa"), "an ECDSA key")
        self.refused(make_key("rsa", "", "-m", "PEM"), "not in the format of OpenSSH")

    def test_a_public_key_without_an_agent(self):
        where = support.folder("refused") / "archive.zip"
        for socket, status in (("", support.EXIT_USAGE), ("/nonexistent", support.EXIT_FAILED)):
            result = support.export(
                "nothing-but-an-account.yaml", where, "--sign-key", key().with_suffix(".pub"),
                samples_at=support.samples(), environment={"SSH_AUTH_SOCK": socket}, check=status)
            self.assertIn("agent", result.stderr)

    def test_a_public_key_whose_private_one_an_agent_keeps(self):
        socket = support.folder("agent") / "socket"
        agent = subprocess.Popen(
            [support.tool("ssh-agent"), "-D", "-a", socket], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 30
            while not socket.exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            environment = {"SSH_AUTH_SOCK": str(socket)}
            _, result = export(
                "--sign-key", key().with_suffix(".pub"), environment=environment, check=support.EXIT_FAILED)
            self.assertIn("does not have the key", result.stderr)
            subprocess.run(
                [support.tool("ssh-add"), "-q", key()], env={**os.environ, **environment}, check=True, timeout=60)
            path, _ = export("--sign-key", key().with_suffix(".pub"), environment=environment)
            self.assertEqual(path.read_bytes(), signed().read_bytes())
        finally:
            agent.kill()
            agent.wait()

    def test_the_key_is_the_configured_one(self):
        _, result = export("--sign-key", stranger(), check=support.EXIT_USAGE)
        self.assertIn("not the one that the configuration names", result.stderr)
        self.assertIn(fingerprint(stranger()), result.stderr)

    def test_a_signature_may_be_required(self):
        samples = configured(required="true")
        path, result = export(samples_at=samples, check=support.EXIT_REFUSED)
        self.assertIn("--sign-key", result.stderr)
        self.assertEqual(os.listdir(path.parent), [])
        export("--sign-key", key(), samples_at=samples)

    def test_configurations_that_name_no_key(self):
        for change in (
            {"fingerprint": "MD5:00"}, {"fingerprint": "SHA256:short"}, {"published_at": "http://example.fi"},
            {"published_at": "https://"}, {"principal": '"a b"'}, {"principal": '"*@example.fi"'},
            {"principal": '"-oProxy"'}, {"principal": '"a;b"'}, {"required": "maybe"}, {"unknown": "1"},
        ):
            with self.subTest(change=change):
                _, result = export(
                    "--sign-key", key(), samples_at=configured(**change), check=support.EXIT_USAGE)
                self.assertRegex(result.stderr, r"line \d+")

    def test_signed_archives_repeat(self):
        path, _ = export("--sign-key", key())
        self.assertEqual(path.read_bytes(), signed().read_bytes())


if __name__ == "__main__":
    unittest.main()
