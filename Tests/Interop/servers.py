"""Real database servers, started for a test in a folder of their own and stopped with it."""

import glob
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile
import time


def unprivileged():
    """Words before a command that run it as somebody who is not root, and that user's id; servers refuse root."""
    if os.geteuid() != 0:
        return [], os.geteuid(), os.getegid()
    user = pwd.getpwnam("nobody")
    return ["setpriv", "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"], \
        user.pw_uid, user.pw_gid  # fmt: skip


class Server:
    """A folder, a process that lives no longer than this one, and where it is reached."""

    def __init__(self, name):
        # Sockets have short names: 107 bytes at most.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=name + "-", dir="/tmp"))
        self.user, uid, gid = unprivileged()
        os.chown(self.folder, uid, gid)
        os.chmod(self.folder, 0o755)
        # The folder for temporary files may be closed to that user.
        self.environment = {**os.environ, "TMPDIR": str(self.folder)}
        self.process = None

    def run(self, *command, environment=None):
        return subprocess.run(
            [*self.user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            cwd=self.folder, env={**self.environment, **(environment or {})})  # fmt: skip

    def start(self, *command):
        """Starts the server; it is told to die with us, even if we are killed."""
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", *self.user, *map(str, command)], cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(self.folder / "log", "wb"))  # fmt: skip

    def wait(self, is_ready):
        ends = time.monotonic() + 60
        while not is_ready():
            if self.process.poll() is not None or time.monotonic() > ends:
                log = (self.folder / "log").read_text(errors="replace")[-2000:]
                self.stop()
                raise RuntimeError("the server did not start:\n" + log)
            time.sleep(0.05)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def succeeds(command, **options):
    return subprocess.run(
        [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, **options).returncode == 0  # fmt: skip


class PostgreSQL(Server):
    """PostgreSQL, reached over a Unix socket, with the superuser `postgres` and no password."""

    def __init__(self, *settings):
        super().__init__("pg")
        binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        if not binaries:
            raise RuntimeError("postgresql is not installed")
        self.bin = pathlib.Path(binaries[-1])
        # Rows are ordered as a production database orders them, not by bytes.
        self.run(
            self.bin / "initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale", "C", "--locale-provider", "icu", "--icu-locale", "fi", "--no-sync",
            environment={"LC_ALL": "C"})  # fmt: skip
        self.start(
            self.bin / "postgres", "-D", self.folder / "data", "-k", self.folder, "-c", "listen_addresses=",
            "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
            *[word for setting in settings for word in ("-c", setting)])  # fmt: skip
        self.wait(lambda: succeeds([self.bin / "pg_isready", "-q", "-h", self.folder, "-U", "postgres"]))

    def uri(self, database):
        return "postgresql://postgres@/%s?host=%s" % (database, self.folder)

    def psql(self, database="postgres", text="", arguments=(), **options):
        """What psql prints for a text of SQL."""
        result = subprocess.run(
            ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", *arguments, self.uri(database)], input=text, check=True,
            capture_output=True, text=True, **options)  # fmt: skip
        return result.stdout

    def create(self, database, text):
        self.psql(text='CREATE DATABASE "%s"' % database)
        self.psql(database, text)


class MariaDB(Server):
    """MariaDB, reached over a Unix socket, with the superuser `root` and no password."""

    def __init__(self, *settings):
        super().__init__("maria")
        data = self.folder / "data"
        self.run(
            "mariadb-install-db", "--no-defaults", "--datadir=%s" % data, "--skip-test-db",
            "--auth-root-authentication-method=normal")  # fmt: skip
        self.socket = self.folder / "socket"
        self.start(
            shutil.which("mariadbd") or "/usr/sbin/mariadbd", "--no-defaults", "--datadir=%s" % data,
            "--socket=%s" % self.socket, "--skip-networking", "--pid-file=%s" % (self.folder / "pid"),
            "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--character-set-server=utf8mb4",
            "--innodb-buffer-pool-size=256M", *settings)  # fmt: skip
        self.wait(lambda: succeeds([*self.client, "-e", "SELECT 1"]))

    @property
    def client(self):
        return ["mariadb", "--no-defaults", "--user=root", "--socket=%s" % self.socket,
                "--default-character-set=utf8mb4"]  # fmt: skip

    def uri(self, database):
        return "mariadb://root@localhost/%s?socket=%s" % (database, self.socket)

    def sql(self, database, text, arguments=()):
        """What the client prints for a text of SQL."""
        result = subprocess.run(
            [*self.client, "--batch", "--skip-column-names", *arguments, database], input=text, check=True,
            capture_output=True, text=True)  # fmt: skip
        return result.stdout

    def create(self, database, text):
        self.sql("mysql", "CREATE DATABASE `%s` CHARACTER SET utf8mb4" % database)
        self.sql(database, text)


if __name__ == "__main__":
    for kind in (PostgreSQL, MariaDB):
        with kind() as server:
            print(server.uri("x"), file=sys.stderr)
