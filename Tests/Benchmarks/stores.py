"""The same rows out of SQLite, PostgreSQL and MariaDB: ours into an archive, each store's own client into a file."""

import json
import pathlib
import random
import sqlite3
import subprocess
import sys
import uuid
import zipfile

import answers
import data
import measure

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Interop"))

import servers  # noqa: E402

NAME = "data/usage/usage-events.json"
COLUMNS = (
    "event_id", "user_id", "occurred_at", "event", "ui_page", "session_id", "ip_address", "http_status", "duration_ms",
    "user_agent",
)  # fmt: skip
TYPES = {
    "sqlite": "INTEGER PRIMARY KEY, INTEGER, TEXT, TEXT, TEXT, TEXT, TEXT, INTEGER, INTEGER, TEXT",
    "postgresql": "bigint PRIMARY KEY, integer, timestamptz, text, text, uuid, inet, integer, bigint, text",
    "mariadb": "BIGINT PRIMARY KEY, INTEGER, TIMESTAMP, VARCHAR(40), VARCHAR(100), VARCHAR(36), VARCHAR(45), INTEGER, "
    "BIGINT, VARCHAR(200)",
}
PEERS = {"sqlite": "sqlite3 -csv", "postgresql": r"psql \copy", "mariadb": "mariadb --quick --batch"}
GOALS = {"sqlite": 0.8, "postgresql": 1.0, "mariadb": 1.0}


def rows(count):
    """Lines of tab-separated columns, without a tab, a backslash or a line end in any value."""
    draw = random.Random(data.SEED).getrandbits
    for index, moment in enumerate(data.moments(count)):
        bits = draw(64)
        yield "%d\t%d\t%s\t%s\t%s\t%s\t10.%d.%d.%d\t%d\t%d\t%s\n" % (
            index + 1, data.USER, moment[:19].replace("T", " "), data.EVENTS[bits & 3], data.PAGES[bits >> 2 & 3],
            uuid.UUID(int=bits << 64 | index), bits >> 4 & 255, bits >> 12 & 255, bits >> 20 & 255,
            (200, 200, 304, 404)[bits >> 28 & 3], bits >> 30 & 0xFFFFF, data.AGENTS[bits >> 50 & 3],
        )  # fmt: skip


def create(store):
    types = TYPES[store].split(", ")
    return "CREATE TABLE events (%s);" % ", ".join("%s %s" % each for each in zip(COLUMNS, types))


def query(user):
    return "SELECT %s FROM events WHERE user_id = %s ORDER BY event_id" % (", ".join(COLUMNS), user)


def source(store, address):
    where = {"sqlite": "path: ", "postgresql": "uri: ", "mariadb": "uri: "}[store] + json.dumps(address)
    text = "  usage:\n    kind: %s\n    %s\n    role: controller\n    datasets:\n" % (store, where)
    columns = ", ".join(
        column for column in COLUMNS if column not in ("event_id", "occurred_at")
    )
    # The other stores keep instants; SQLite keeps the text, and a zone is put to it.
    moment = "replace(occurred_at, ' ', 'T') || 'Z' AS occurred_at" if store == "sqlite" else "occurred_at"
    return text + data.DATASET % ("usage-events", "usage_event", "usage") + (
        "        subject: user_id\n        query: SELECT event_id AS record_id, user_id AS subject, %s, %s FROM events"
        " WHERE user_id IN (:user_id) ORDER BY event_id\n" % (moment, columns))


class SQLite:
    def __init__(self, bench, lines):
        self.path = bench.folder / "events.sqlite"
        measure.in_own_process(self.load, lines)
        self.address = self.path.name

    def load(self, lines):
        connection = sqlite3.connect(self.path)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(create("sqlite"))
        with open(lines, encoding="utf-8") as file:
            connection.executemany(
                "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (line.rstrip("\n").split("\t") for line in file))
        connection.commit()
        connection.close()

    def peer(self, target):
        return ["sqlite3", "-readonly", "-csv", "-cmd", ".output %s" % target, self.path, query(data.USER)]

    def close(self):
        self.path.unlink()


class PostgreSQL:
    def __init__(self, bench, lines):
        self.server = servers.PostgreSQL("shared_buffers=512MB", "max_wal_size=8GB")
        self.server.create("bench", create("postgresql"))
        with open(lines, encoding="utf-8") as file:
            subprocess.run(
                ["psql", "-qX", "-c", r"\copy events FROM STDIN", self.server.uri("bench")], stdin=file, check=True)
        self.server.psql("bench", "VACUUM (ANALYZE, FREEZE) events")
        self.address = self.server.uri("bench")

    def peer(self, target):
        return ["psql", "-qX", "-c", r"\copy (%s) TO '%s'" % (query(data.USER), target), self.address]

    def close(self):
        self.server.stop()


class MariaDB:
    def __init__(self, bench, lines):
        self.server = servers.MariaDB("--innodb-buffer-pool-size=2G", "--local-infile=1")
        self.server.create("bench", create("mariadb"))
        self.server.sql(
            "bench", "SET time_zone = '+00:00'; LOAD DATA LOCAL INFILE '%s' INTO TABLE events; ANALYZE TABLE events"
            % lines, ["--local-infile=1"])  # fmt: skip
        self.address = self.server.uri("bench")

    def peer(self, target):
        words = [*self.server.client, "--quick", "--batch", "--init-command=SET time_zone='+00:00'", "-e",
                 query(data.USER), "bench"]  # fmt: skip
        return ["sh", "-c", 'exec "$@" >%s' % target, "sh", *words]

    def close(self):
        self.server.stop()


STORES = {"sqlite": SQLite, "postgresql": PostgreSQL, "mariadb": MariaDB}


def check(archive, lines, expected):
    """That all rows are there, and that the first and the last have the values that were written."""
    answers.expect_records(archive, NAME, expected)
    with zipfile.ZipFile(archive) as zipped, zipped.open(NAME) as entry, open(lines, encoding="utf-8") as rows:
        entry.readline()
        for number, (ours, line) in enumerate(zip(entry, rows), 1):
            if 5_000 < number <= expected - 5_000:
                continue
            record = json.loads(ours.decode().strip().removesuffix(","))
            values = dict(zip(COLUMNS, line.rstrip("\n").split("\t")))
            values["record_id"] = values.pop("event_id")
            values["occurred_at"] = values["occurred_at"].replace(" ", "T")
            record["occurred_at"] = record["occurred_at"][:19]
            if {key: str(value) for key, value in record.items()} != values:
                raise answers.Differs("row %d in %s differs" % (number, archive))


def line_count(path):
    with open(path, "rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))


def stores(bench):
    """Rows a second out of each store, beside its own client, and peak memory as the rows grow."""
    sizes = [bench.size] if bench.size else [2_000] if bench.small else [1_000_000, 10_000_000]
    table = []
    for count in sizes:
        lines = bench.make(bench.folder / "events.tsv", rows, count)
        for store, kind in STORES.items():
            bench.note("  %s, %s rows" % (store, f"{count:,}"))
            server = kind(bench, lines)
            try:
                archive, command = bench.export(
                    data.write_configuration(bench.folder, source(store, server.address)), ["json"])
                peer_file = bench.folder / "peer.txt"
                ours, peers = [], []
                for _ in range(bench.runs if count <= 1_000_000 else 1):
                    peer_file.unlink(missing_ok=True)
                    peers.append(bench.measure(server.peer(peer_file)))
                    ours.append(bench.measure(command))
                bench.check(check, archive, lines, count)
                header = 1 if store == "mariadb" else 0
                if line_count(peer_file) != count + header:
                    raise measure.Failed("%s wrote %d lines" % (PEERS[store], line_count(peer_file)))
            finally:
                server.close()
            wall, peer_wall = measure.median(ours, "wall"), measure.median(peers, "wall")
            memory = max(run.memory for run in ours)
            speed = peer_wall / wall
            table.append([
                store, f"{count:,}", "%.2f" % wall, "%.0f" % (count / wall / 1000), PEERS[store], "%.2f" % peer_wall,
                "%.0f" % (count / peer_wall / 1000), "%.2f" % speed, "%.1f: %s" % (
                    GOALS[store], "met" if speed >= GOALS[store] else "missed"), "%.0f" % (memory / 1e6),
            ])  # fmt: skip
            archive.unlink()
            peer_file.unlink()
        lines.unlink()
    bench.table(
        "Rows of ten columns out of each store: our zipped JSON archive beside the store's own client (medians of %d)"
        % bench.runs,
        ["store", "rows", "wall s", "krows/s", "peer", "wall s", "krows/s", "ours / peer", "goal", "peak MB"],
        table,
    )
