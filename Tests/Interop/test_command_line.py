"""What the program says and which status it ends with, as someone who types commands or a script sees it."""

import json
import os
import pty
import re
import shutil
import stat
import subprocess
import unittest

import support

COMMANDS = (
    [], ["export"], ["plan"], ["verify"], ["inspect"], ["diff"], ["letter"], ["deadline"], ["receipts"],
    ["receipts", "verify"], ["receipts", "show"], ["receipts", "record"], ["dossier"], ["purge"], ["lint"], ["sources"],
    ["sources", "check"], ["sources", "coverage"], ["sources", "init"], ["schema"],
)


def request(text):
    """A request file with this text."""
    path = support.folder("request") / "request.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def changed_request(name, old, new):
    text = (support.samples() / "requests" / name).read_text(encoding="utf-8")
    if old not in text:
        raise AssertionError("the sample request has changed")
    return request(text.replace(old, new))


def changed_configuration(old, new):
    """Samples whose configuration has one text replaced."""
    samples = support.make_samples()
    path = samples / "portability.yaml"
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise AssertionError("the sample configuration has changed")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return samples


class Help(unittest.TestCase):
    def test_every_command_explains_itself(self):
        for command in COMMANDS:
            with self.subTest(" ".join(command)):
                result = support.run(*command, "--help", check=support.EXIT_COMPLETE)
                self.assertEqual(result.stderr, "")
                self.assertIn("OVERVIEW: ", result.stdout)
                self.assertIn("USAGE: portability", result.stdout)
                # Every option says what it is for, beside it or below.
                lines = result.stdout.splitlines()
                options = [index for index, line in enumerate(lines) if re.match(r"  -", line)]
                self.assertTrue(options)
                for index in options:
                    explained = re.fullmatch(r"  (-\S+|<[^>]*>|[,/ ])+", lines[index]) is None
                    below = index + 1 < len(lines) and lines[index + 1].startswith(" " * 20)
                    self.assertTrue(explained or below, "no help for" + lines[index])

    def test_the_statuses_are_documented(self):
        text = " ".join(support.run("--help").stdout.split())
        for words in ("0 complete", "1 failed", "2 usage", "3 partial", "4 identity", "5 verification", "6 refused",
                      "130", "143"):
            self.assertIn(words, text)

    def test_version(self):
        result = support.run("--version", check=support.EXIT_COMPLETE)
        self.assertRegex(result.stdout, r"\Aportability \d+\.\d+\.\d+\n\Z")

    def test_completion_scripts(self):
        for shell in ("bash", "zsh", "fish"):
            with self.subTest(shell):
                script = support.run("--generate-completion-script", shell, check=support.EXIT_COMPLETE).stdout
                self.assertIn("portability", script)
                self.assertIn("identity-check", script)
                if shell == "bash":
                    checked = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)
                    self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_schemas_are_those_of_the_project(self):
        target = support.folder("schemas")
        support.run("schema", "--output", target, check=support.EXIT_COMPLETE)
        self.assertEqual(support.tree(target), support.tree(support.ROOT / "schemas"))
        self.assertGreater(len(support.tree(target)), 20)


class Status(unittest.TestCase):
    def export(self, request, status, *arguments, **options):
        """Exports; whatever the status, nothing but a complete archive with its receipt may stand there."""
        output = support.folder("status") / "archive.zip"
        result = support.export(request, output, *arguments, check=status, **options)
        self.assertEqual(
            sorted(path.name for path in output.parent.iterdir()),
            ["archive.zip", "archive.zip.receipt.json"] if status in (support.EXIT_COMPLETE, support.EXIT_PARTIAL) else [])
        if status not in (support.EXIT_COMPLETE, support.EXIT_PARTIAL):
            self.assertEqual(result.stdout, "")
            self.assertTrue(result.stderr)
        return result

    def test_0_complete(self):
        result = self.export("access.yaml", support.EXIT_COMPLETE)
        self.assertTrue(result.stdout.endswith("archive.zip\n"))
        self.assertEqual(len(result.stdout.splitlines()), 1)
        self.assertIn("complete", result.stderr)

    def test_1_the_output_folder_is_not_there(self):
        result = support.export(
            "access.yaml", support.folder("none") / "no" / "archive.zip", check=support.EXIT_FAILED)
        self.assertIn("error:", result.stderr)

    def test_1_the_register_is_not_there(self):
        samples = support.make_samples()
        (samples / "register.sqlite").unlink()
        self.export("access.yaml", support.EXIT_FAILED, samples_at=samples)
        self.assertFalse((samples / "register.sqlite").exists(), "reading created a database")

    def test_1_the_register_is_no_database(self):
        samples = support.make_samples()
        (samples / "register.sqlite").write_bytes(b"no database " * 1000)
        self.export("access.yaml", support.EXIT_FAILED, samples_at=samples)

    def test_1_a_foreign_record(self):
        """A query that returns another person's row stops the export."""
        samples = changed_configuration(
            "FROM user_emails WHERE user_id IN (:user_id) ORDER BY email_id\n      - id: telephone",
            "FROM user_emails WHERE user_id IN (:user_id, 1043) ORDER BY email_id\n      - id: telephone")
        result = self.export("access.yaml", support.EXIT_FAILED, samples_at=samples)
        self.assertIn("email-addresses", result.stderr)
        self.assertNotIn("1043", result.stderr)

    def test_1_records_out_of_order(self):
        samples = changed_configuration("ORDER BY access_id", "ORDER BY access_id DESC")
        result = self.export("access.yaml", support.EXIT_FAILED, samples_at=samples)
        self.assertIn("consultations", result.stderr)

    def test_2_usage(self):
        config = support.samples() / "portability.yaml"
        for arguments in (
            ["no-such-command"], ["export"], ["export", "--config", config, "--output", "x.zip"],
            ["export", "--no-such-option"], ["plan", "--config", config],
            ["export", "--config", config, "--request", "r", "--output", "x.zip", "--format", "docx"],
            ["export", "--config", config, "--request", "r", "--output", "x.zip", "--threads", "-1"],
            ["export", "--config", config, "--identifier", "email", "--request", "r", "--output", "x.zip"],
            ["verify"], ["inspect"],
        ):
            with self.subTest(" ".join(map(str, arguments))):
                result = support.run(*arguments, check=support.EXIT_USAGE)
                self.assertEqual(result.stdout, "")
                self.assertTrue(result.stderr)

    def test_2_configuration(self):
        for old, new, words in (
            ("portability: 1", "portability: 9", ["portability"]),
            ("    kind: usage-log", "    kind: usage-logs", ["usage-log", "kind"]),
            ("entity: former_name", "entity: former_nam", ["former_name"]),
            ("category: registration", "category: registrations", ["registration"]),
            ("purposes: [service]", "purposes: [servise]", ["service"]),
            ("    role: controller", "    rôle: controller", ["role"]),
            ("ORDER BY u.user_id", "ORDER BY u.user_id; DROP TABLE users", ["account", "query"]),
        ):
            with self.subTest(new):
                samples = changed_configuration(old, new)
                result = self.export("access.yaml", support.EXIT_USAGE, samples_at=samples)
                self.assertIn("portability.yaml", result.stderr)
                self.assertRegex(result.stderr, r"line \d+|:\d+")
                for word in words:
                    self.assertIn(word, result.stderr)

    def test_2_a_request_that_cannot_be_used(self):
        for old, new in (
            ("right: access", "right: acess"), ("user_id: 1042", "user: 1042"), ("id: R-2026-0001", "id: ../../x"),
            ("formats: [json, csv, xml]", "formats: [json, docx]"), ("channel: email", "channel: [email"),
            ("formats: [json, csv, xml]", "formats: []"),
        ):
            with self.subTest(new):
                self.export(changed_request("access.yaml", old, new), support.EXIT_USAGE)

    def test_2_files_that_are_not_there(self):
        config = support.samples() / "portability.yaml"
        output = support.folder("none") / "archive.zip"
        for arguments in (
            ["export", "--config", "none.yaml", "--request", "none.yaml", "--output", output],
            ["export", "--config", config, "--request", "none.yaml", "--output", output],
            ["sources", "check", "--config", "none.yaml"],
        ):
            with self.subTest(" ".join(map(str, arguments))):
                result = support.run(*arguments, check=support.EXIT_USAGE)
                self.assertIn("none.yaml", result.stderr)

    def test_3_partial(self):
        result = self.export("access.yaml", support.EXIT_PARTIAL, samples_at=support.broken_samples())
        self.assertIn("partial", result.stderr)
        self.assertIn("usage", result.stderr)

    def test_4_identity(self):
        for name in ("ambiguous-email.yaml", "shared-cookie.yaml", "unknown.yaml", "no-identity-check.yaml"):
            with self.subTest(name):
                self.export(name, support.EXIT_IDENTITY)
                config = support.samples() / "portability.yaml"
                support.run(
                    "plan", "--config", config, "--request", support.samples() / "requests" / name,
                    check=support.EXIT_IDENTITY)

    def test_4_says_how_many_and_what_would_settle_it(self):
        message = self.export("ambiguous-email.yaml", support.EXIT_IDENTITY).stderr
        self.assertRegex(message, r"\b(2|two)\b")
        self.assertIn("user_id", message)

    def test_5_verification(self):
        path = support.folder("damaged") / "archive.zip"
        shutil.copyfile(support.archive("empty"), path)
        support.flip(path)
        support.run("verify", path, check=support.EXIT_VERIFICATION)
        path.write_text("no archive")
        support.run("verify", path, check=support.EXIT_VERIFICATION)
        support.run("inspect", path, check=support.EXIT_VERIFICATION)

    def test_6_a_handover_without_instruction(self):
        self.export(
            changed_request("handover.yaml", "instruction: I-2026-07\n", ""), support.EXIT_REFUSED)

    def test_every_right_has_its_sample(self):
        for name in ("access", "portability", "switching", "handover", "shared-computer", "nothing-but-an-account"):
            with self.subTest(name):
                self.export(name + ".yaml", support.EXIT_COMPLETE)


class Output(unittest.TestCase):
    def test_only_the_owner_can_read_it(self):
        path = support.folder("mode") / "archive.zip"
        before = os.umask(0)
        try:
            support.export("nothing-but-an-account.yaml", path)
        finally:
            os.umask(before)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)

    def test_an_archive_that_is_there_is_not_replaced_unasked(self):
        path = support.folder("replace") / "archive.zip"
        path.write_text("mine")
        result = support.export("nothing-but-an-account.yaml", path, check=support.EXIT_FAILED)
        self.assertIn("--replace", result.stderr)
        self.assertEqual(path.read_text(), "mine")
        # Nor is a file that is no archive, even when asked: it may be the configuration, or a log.
        support.export("nothing-but-an-account.yaml", path, "--replace", check=support.EXIT_FAILED)
        self.assertEqual(path.read_text(), "mine")
        path.unlink()
        support.export("nothing-but-an-account.yaml", path)
        support.export("nothing-but-an-account.yaml", path, "--replace")
        support.run("verify", path, check=support.EXIT_COMPLETE)
        names = sorted(p.name for p in path.parent.iterdir())
        self.assertEqual(len(names), 3, "the replaced archive's receipt is kept")
        self.assertRegex(names[1], r"archive\.zip\.[0-9a-f]{12}\.receipt\.json")

    def test_a_symbolic_link_is_never_followed(self):
        path = support.folder("link") / "archive.zip"
        target = support.folder("link-target") / "precious"
        target.write_text("mine")
        path.symlink_to(target)
        support.export("nothing-but-an-account.yaml", path, "--replace", check=support.EXIT_FAILED)
        self.assertEqual(target.read_text(), "mine")

    def test_progress_for_programs(self):
        path = support.folder("progress") / "archive.zip"
        result = support.export("access.yaml", path, "--progress", "json")
        events = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
        kinds = [event["event"] for event in events]
        for kind in ("identified", "source-started", "source-ended", "packing", "finished"):
            self.assertIn(kind, kinds)
        self.assertEqual(kinds[-1], "result")
        self.assertEqual(events[-1]["status"], "complete")
        self.assertEqual(events[-1]["bytes"], path.stat().st_size)
        self.assertEqual(kinds.count("source-started"), kinds.count("source-ended"))

    def test_it_is_quiet_elsewhere(self):
        result = support.export("access.yaml", support.folder("quiet") / "archive.zip")
        self.assertNotIn("\r", result.stderr)
        self.assertNotIn("\x1b", result.stderr)

    def test_a_closed_pipe_is_no_failure(self):
        process = subprocess.Popen(
            [support.program(), "inspect", str(support.archive("access"))], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        process.stdout.close()
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()
        self.assertEqual(process.wait(timeout=60), 0)


class Look(unittest.TestCase):
    """plan and inspect show tables."""

    def test_plan_names_every_dataset_and_why_it_is_left_out(self):
        config = support.samples() / "portability.yaml"
        plan = support.run(
            "plan", "--config", config, "--request", support.samples() / "requests" / "access.yaml",
            check=support.EXIT_COMPLETE).stdout
        for dataset in support.manifest("access")["datasets"]:
            if dataset["entity"] != "document":
                line = next(line for line in plan.splitlines() if re.search(r"\b%s\b" % dataset["id"], line))
                if dataset["status"] == "withheld":
                    self.assertIn(dataset["ground"], line)
        for field in ("staff_name", "by_name"):
            self.assertIn(field, plan)

    def test_plan_leaves_nothing_behind(self):
        samples = support.make_samples()
        before = support.tree(samples)
        support.run(
            "plan", "--config", samples / "portability.yaml", "--request", samples / "requests" / "access.yaml",
            check=support.EXIT_COMPLETE)
        self.assertEqual(support.tree(samples), before)

    def test_inspect_shows_what_is_inside(self):
        shown = support.run("inspect", support.archive("access"), check=support.EXIT_COMPLETE).stdout
        for dataset in support.manifest("access")["datasets"]:
            line = next(line for line in shown.splitlines() if line.startswith(dataset["id"] + " "))
            self.assertIn(dataset["label"], line)
            self.assertIn(" %d " % dataset["records"]["exported"], line)
        self.assertIn("R-2026-0001", shown)

    def test_inspect_lists_every_file(self):
        shown = support.run("inspect", "--files", support.archive("access"), check=support.EXIT_COMPLETE).stdout
        for name in support.tree(support.unzipped("access")):
            self.assertRegex(shown, r"(?m)^%s +\d+$" % re.escape(name))

    def test_sources_check(self):
        config = support.samples() / "portability.yaml"
        result = support.run("sources", "check", "--config", config, check=support.EXIT_COMPLETE)
        for source in ("register", "workspace", "billing", "customers", "usage"):
            self.assertRegex(result.stdout, r"(?m)^%s +\S+ +ok\b" % source)

    def test_sources_check_finds_a_table_that_is_gone(self):
        samples = changed_configuration("FROM segments", "FROM segmentz")
        result = support.run(
            "sources", "check", "--config", samples / "portability.yaml", check=support.EXIT_FAILED)
        self.assertRegex(result.stdout, r"(?m)^register +sqlite +FAILED")
        self.assertIn("segments", result.stderr)


class Identifiers(unittest.TestCase):
    """The value of an identifier never stands in an argument, where everyone on the machine can read it."""

    def arguments(self, output):
        return [
            "export", "--config", str(support.samples() / "portability.yaml"), "--identifier", "user_id",
            "--identity-check", "in-person", "--format", "json", "--output", str(output)]

    def test_from_a_file_descriptor(self):
        output = support.folder("fd") / "archive.zip"
        reading, writing = os.pipe()
        os.write(writing, b"1099\n")
        os.close(writing)
        try:
            result = support.run(
                *self.arguments(output), "--identifier-fd", str(reading), check=support.EXIT_COMPLETE,
                pass_fds=(reading,))
        finally:
            os.close(reading)
        self.assertNotIn("1099", result.stderr + result.stdout.replace(str(output), ""))
        support.run("verify", output, check=support.EXIT_COMPLETE)

    def test_too_few_values(self):
        output = support.folder("fd") / "archive.zip"
        with open(os.devnull, "rb") as empty:
            support.run(
                *self.arguments(output), "--identifier-fd", str(empty.fileno()), check=support.EXIT_USAGE,
                pass_fds=(empty.fileno(),))
        self.assertFalse(output.exists())

    def test_at_the_terminal(self):
        output = support.folder("terminal") / "archive.zip"
        process, terminal = pty.fork()
        if process == 0:
            os.execv(support.program(), [support.program(), *self.arguments(output)])
        shown = b""
        while b"user_id: " not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, b"1099\n")
        try:
            while True:
                data = os.read(terminal, 1000)
                if not data:
                    break
                shown += data
        except OSError:  # the other end is closed
            pass
        _, status = os.waitpid(process, 0)
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(status), support.EXIT_COMPLETE, shown.decode(errors="replace"))
        support.run("verify", output, check=support.EXIT_COMPLETE)

    def test_without_a_terminal(self):
        output = support.folder("no-terminal") / "archive.zip"
        support.run(*self.arguments(output), check=support.EXIT_USAGE, start_new_session=True)

    def test_without_an_identity_check(self):
        output = support.folder("unchecked") / "archive.zip"
        arguments = [a for a in self.arguments(output) if a not in ("--identity-check", "in-person")]
        reading, writing = os.pipe()
        os.write(writing, b"1099\n")
        os.close(writing)
        try:
            support.run(
                *arguments, "--identifier-fd", str(reading), check=support.EXIT_IDENTITY, pass_fds=(reading,))
        finally:
            os.close(reading)


class SourcesAreOnlyRead(unittest.TestCase):
    def state(self, path):
        return {
            str(file.relative_to(path)): (file.lstat().st_mode, file.lstat().st_size, file.lstat().st_mtime_ns)
            for file in [path, *path.rglob("*")]}

    def test_nothing_changes_and_nothing_is_left_beside_them(self):
        samples = support.make_samples()
        before = self.state(samples)
        contents = support.tree(samples)
        for name in ("access", "switching", "unknown"):
            support.export(
                name + ".yaml", support.folder("unchanged") / "archive.zip", samples_at=samples,
                check=support.EXIT_IDENTITY if name == "unknown" else support.EXIT_COMPLETE)
        support.run("sources", "check", "--config", samples / "portability.yaml", check=support.EXIT_COMPLETE)
        self.assertEqual(self.state(samples), before)
        self.assertEqual(support.tree(samples), contents)

    def test_a_folder_that_no_one_may_write_to(self):
        """As another user, since root may write everywhere; read-only to it, a mount would be the same."""
        samples = support.make_samples()
        output = support.folder("read-only-out")
        os.chmod(support.work(), 0o755)
        options = {}
        if os.geteuid() == 0:
            os.chown(output, 65534, 65534)
            options = {"user": 65534, "group": 65534, "extra_groups": []}
            binary = support.folder("binary") / "portability"
            shutil.copyfile(support.program(), binary)
        for path in [samples, *samples.rglob("*")]:
            os.chmod(path, 0o555 if path.is_dir() else 0o400 if path.name == "secret.key" else 0o444)
        if options:
            os.chown(samples / "secret.key", 65534, 65534)
            for path in (samples, output, binary.parent):
                os.chmod(path, 0o755)
            os.chmod(binary, 0o755)
            os.chmod(samples, 0o555)
            command = [str(binary)]
        else:
            command = [support.program()]
        result = subprocess.run(
            [*command, "export", "--config", str(samples / "portability.yaml"), "--request",
             str(samples / "requests" / "access.yaml"), "--output", str(output / "archive.zip")],
            capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/", **options)
        for path in [samples, *samples.rglob("*")]:
            if path.is_dir():
                os.chmod(path, 0o755)
        self.assertEqual(result.returncode, support.EXIT_COMPLETE, result.stderr)
        support.run("verify", output / "archive.zip", check=support.EXIT_COMPLETE)
