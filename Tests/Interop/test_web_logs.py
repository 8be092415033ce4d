"""Logs of web servers, against a reader of their lines that is Python's own: a regular expression."""

import datetime
import gzip
import json
import random
import re
import sqlite3
import unittest

import neighbours
import support

LOG = (support.DATA / "web-access-log" / "combined.log").read_bytes()

COMBINED = re.compile(
    rb'(?P<remote_addr>[^ ]+) (?P<remote_logname>[^ ]+) (?P<remote_user>.*?) \[(?P<time>[^\]]+)\] '
    rb'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>[^ ]+) (?P<bytes_sent>[^ ]+) '
    rb'"(?P<referer>(?:[^"\\]|\\.)*)" "(?P<user_agent>(?:[^"\\]|\\.)*)"')

ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"v": b"\v", b"b": b"\b", b"f": b"\f", b'"': b'"', b"\\": b"\\"}

#: Catalogue fields and the names of a pattern's that they take; the rest is carried as `other`.
FIELDS = {
    "occurred_at": "time", "http_method": "method", "http_status": "status", "url": "path",
    "referrer": "referer", "response_bytes": "bytes_sent", "ip_address": "remote_addr", "user_agent": "user_agent", "user_id": "remote_user",
}


def decoded(value):
    """Without the servers' escapes, as text."""
    def meaning(match):
        letter = match[1]
        return bytes([int(letter[1:], 16)]) if letter[:1] == b"x" else ESCAPES.get(letter, match[0])
    return re.sub(rb"\\(x[0-9A-Fa-f]{2}|.)", meaning, value, flags=re.DOTALL).decode("utf-8", "replace")


def timestamp(value):
    moment = datetime.datetime.strptime(value, "%d/%b/%Y:%H:%M:%S %z").isoformat()
    return moment[:-6] + "Z" if moment.endswith("+00:00") else moment


def read(line):
    """What a line of the combined format holds; None if it is none."""
    match = COMBINED.fullmatch(line)
    if not match:
        return None
    values = {name: decoded(value) for name, value in match.groupdict().items() if value not in (b"-", b"")}
    values["time"] = timestamp(values["time"])
    for name in ("status", "bytes_sent"):
        if re.fullmatch("0|[1-9][0-9]*", values.get(name, "")):
            values[name] = int(values[name])
    words = values.get("request", "").split(" ")
    if len(words) == 3 and all(words):
        del values["request"]
        values["method"], values["path"], values["protocol"] = words
    return values


def expected(log, addresses):
    """The records of some addresses, as the archive holds them, without their keys."""
    records = []
    for line in log.split(b"\n"):
        values = read(line.removesuffix(b"\r"))
        if not values or values["remote_addr"] not in addresses:
            continue
        record = {field: values.pop(name) for field, name in FIELDS.items() if name in values}
        if values:
            record["other"] = values
        records.append(record)
    return records


def make(log, addresses, source="format: combined", name="access.log"):
    """A configuration over a log, and a register of which user has had which addresses."""
    path = support.folder("web-logs")
    (path / "logs").mkdir()
    (path / "logs" / name).write_bytes(log)
    database = sqlite3.connect(path / "register.sqlite", isolation_level=None)
    database.executescript("CREATE TABLE addresses (user_id TEXT, address TEXT)")
    database.executemany("INSERT INTO addresses VALUES (?, ?)", addresses)
    database.close()
    secret = path / "secret.key"
    secret.write_bytes(bytes(range(32)))
    secret.chmod(0o600)
    (path / "portability.yaml").write_text(
        neighbours.HEAD.replace("  cookie_id:", "  ip_address: { unique: false }\n  cookie_id:")
        + neighbours.FREE_TEXT.replace("mask", "keep") + """sources:
  register:
    kind: sqlite
    path: register.sqlite
    role: controller
    identify:
      - SELECT user_id, address AS ip_address FROM addresses WHERE user_id IN (:user_id)
      - SELECT user_id, address AS ip_address FROM addresses WHERE address IN (:ip_address)
    classify:
      - SELECT 'sole-trader' AS class FROM addresses WHERE user_id IN (:user_id) LIMIT 1
    datasets:
      - { id: devices, entity: device, category: device, origin: observed, purposes: [service], retention: contract,
          subject: user_id,
          query: "SELECT user_id || '/' || address AS record_id, user_id AS subject, address AS name FROM addresses
                  WHERE user_id IN (:user_id) ORDER BY record_id" }
  web:
    kind: usage-log
    path: logs/*
    %s
    role: controller
    match: { ip_address: remote_addr }
    datasets:
      - { id: visits, entity: usage_event, category: usage, origin: observed, purposes: [service],
          retention: contract, fields: %s }
""" % (source, json.dumps(FIELDS)), encoding="utf-8")
    return path


def export(path, user, check):
    """The manifest and the records of a user."""
    request = path / "request.yaml"
    request.write_text(
        "id: R-1\nright: access\nreceived: 2026-11-02T09:14:00+02:00\nlanguage: en\nidentifiers: { user_id: %s }\n"
        "identity_check: { method: session, at: 2026-11-02T10:02:00+02:00, by: privacy-officer }\n" % user,
        encoding="utf-8")
    output = support.folder("web-archive") / "archive.zip"
    support.export(request, output, "--created", support.CREATED, samples_at=path, formats="jsonl", check=check)
    unzipped = support.unzip(output)
    manifest = json.loads((unzipped / "manifest.json").read_text(encoding="utf-8"))
    files = [file for data in manifest["datasets"] if data["id"] == "visits" for file in data.get("files", [])]
    text = (unzipped / files[0]["path"]).read_text(encoding="utf-8") if files else ""
    records = [json.loads(line) for line in text.split("\n") if line]
    keys = [record.pop("record_id") for record in records]
    assert len(set(keys)) == len(keys)
    return manifest, records


class RealLog(unittest.TestCase):
    """Lines of a real server, one of them cut."""

    ADDRESSES = [("1", "192.0.2.140"), ("1", "192.0.2.6"), ("2", "2001:db8:1::3fe"), ("3", "203.0.113.111"),
                 ("4", "198.51.100.255"), ("5", "192.0.2.54"), ("6", "192.0.2.54"), ("6", "192.0.2.48")]  # fmt: skip

    def test_every_user_gets_their_own_lines(self):
        path = make(LOG, self.ADDRESSES, "format: combined\n    tolerate_malformed: 1")
        read = 0
        for user in "1234":
            with self.subTest(user):
                own = [address for other, address in self.ADDRESSES if other == user]
                _, records = export(path, user, support.EXIT_COMPLETE)
                self.assertEqual(records, expected(LOG, own))
                read += len(records)
        self.assertGreater(read, 30)

    def test_an_address_of_two_users_gives_neither_its_lines(self):
        path = make(LOG, self.ADDRESSES, "format: combined\n    tolerate_malformed: 1")
        manifest, records = export(path, "6", support.EXIT_COMPLETE)
        self.assertEqual(records, expected(LOG, ["192.0.2.48"]))
        self.assertIn("shared-identifier", json.dumps(manifest))

    def test_a_line_that_is_cut_makes_the_archive_partial(self):
        path = make(LOG, self.ADDRESSES)
        manifest, records = export(path, "1", support.EXIT_PARTIAL)
        self.assertEqual(records, expected(LOG, ["192.0.2.140", "192.0.2.6"]))
        lines = LOG.split(b"\n")
        cut = next(number for number, line in enumerate(lines, 1) if line and not COMBINED.fullmatch(line))
        self.assertIn('"line": %d' % cut, json.dumps(manifest))

    def test_compressed_and_with_the_line_ends_of_windows(self):
        log = gzip.compress(LOG.replace(b"\n", b"\r\n"))
        path = make(log, self.ADDRESSES, "format: combined\n    tolerate_malformed: 1", name="access.log.1")
        _, records = export(path, "2", support.EXIT_COMPLETE)
        self.assertEqual(records, expected(LOG, ["2001:db8:1::3fe"]))

    def test_coverage_lists_every_field_and_the_line_that_cannot_be_read(self):
        path = make(LOG, self.ADDRESSES)
        result = support.run("sources", "coverage", "--config", path / "portability.yaml", "--json")
        web = next(source for source in json.loads(result.stdout)["sources"] if source["id"] == "web")
        self.assertEqual(result.returncode, support.EXIT_FAILED)
        self.assertEqual(
            [item["container"] for item in web["items"] if item["use"] == "unknown"], ["lines-not-read"])
        names = set().union(*(read(line) or () for line in LOG.split(b"\n")))
        self.assertEqual({item["name"] for item in web["items"] if item["container"] == "lines"}, names)


class MadeLog(unittest.TestCase):
    """Random lines, written as Apache and as nginx write them."""

    NGINX = ('$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
             '"$http_referer" "$http_user_agent"')  # fmt: skip

    @staticmethod
    def apache(value):
        names = {byte[0]: b"\\" + letter for letter, byte in ESCAPES.items() if letter != b"f"}
        return b"".join(
            names.get(byte) or (b"%c" % byte if 0x20 <= byte < 0x7f else b"\\x%02x" % byte) for byte in value) or b"-"

    @staticmethod
    def nginx(value):
        return b"".join(
            b"%c" % byte if 0x20 <= byte < 0x7f and byte not in b'"\\' else b"\\x%02X" % byte for byte in value) or b"-"

    def log(self, escape, seed):
        """Lines, and what the fields of each of the first user's are."""
        chosen = random.Random(seed)
        lines, records = [], []
        for _ in range(400):
            def text():
                letters = chosen.choices(['"', "\\", " ", "a", "x41", "ä", "日", "\0", "\t", "\n", "\x7f", "]", "%", "-"],
                                         k=chosen.randrange(10))  # fmt: skip
                return "".join(letters).encode()
            address = chosen.choice([b"192.0.2.1", b"192.0.2.10", b"2001:db8::1"])
            moment = datetime.datetime(
                chosen.randrange(1990, 2030), chosen.randrange(1, 13), chosen.randrange(1, 29), chosen.randrange(24),
                chosen.randrange(60), chosen.randrange(60),
                tzinfo=datetime.timezone(datetime.timedelta(minutes=chosen.randrange(-720, 840, 15))))
            user, path, referer, agent = text(), text().replace(b" ", b"+"), text(), text()
            status, size = chosen.choice([200, 404, 500]), chosen.choice([0, 17, 10**20])
            lines.append(b'%s - %s [%s] "GET /%s HTTP/1.1" %d %d "%s" "%s"' % (
                address, escape(user), moment.strftime("%d/%b/%Y:%H:%M:%S %z").encode(),
                escape(path) if path else b"", status, size, escape(referer), escape(agent)))
            values = {
                "occurred_at": re.sub(r"\+00:00$", "Z", moment.isoformat()), "http_method": "GET",
                "http_status": status, "url": "/" + path.decode(), "ip_address": address.decode(),
                "response_bytes": size if size < 2**53 else str(size), "other": {"protocol": "HTTP/1.1"}}
            for name, value in (("user_agent", agent), ("user_id", user), ("referrer", referer)):
                if value not in (b"", b"-"):
                    values[name] = value.decode()
            if address == b"192.0.2.1":
                records.append(values)
        return b"\n".join(lines) + b"\n", records

    def check(self, escape, source, seed):
        log, records = self.log(escape, seed)
        self.assertGreater(len(records), 100)
        _, found = export(make(log, [("1", "192.0.2.1")], source), "1", support.EXIT_COMPLETE)
        self.assertEqual(found, records)

    def test_apache(self):
        self.check(self.apache, "format: combined", 1)

    def test_nginx(self):
        self.check(self.nginx, "format: { pattern: '%s' }" % self.NGINX, 2)

    def test_the_formats_are_told_apart(self):
        """A pattern with another order of fields gives what it says, not what the line looks like."""
        log = b"200 192.0.2.1\n404 192.0.2.1\n"
        path = make(log, [("1", "192.0.2.1")], "format: { pattern: '%s %h' }")
        configuration = (path / "portability.yaml").read_text(encoding="utf-8")
        (path / "portability.yaml").write_text(
            configuration.replace(json.dumps(FIELDS), "{ http_status: status }"), encoding="utf-8")
        _, records = export(path, "1", support.EXIT_COMPLETE)
        self.assertEqual(
            records, [{"http_status": status, "other": {"remote_addr": "192.0.2.1"}} for status in (200, 404)])


class Configuration(unittest.TestCase):
    def test_what_a_pattern_does_not_have_is_refused_with_the_nearest_name(self):
        path = make(LOG, [("1", "192.0.2.1")])
        configuration = (path / "portability.yaml").read_text(encoding="utf-8")
        for old, new, told in (
                ("format: combined", "format: apache", "combined"),
                ("format: combined", "format: { pattern: '%h%u' }", "next to each other"),
                ("ip_address: remote_addr }", "ip_address: remote_adr }", "`remote_addr`"),
                ('"method"', '"methode"', "`method`")):
            with self.subTest(new):
                self.assertIn(old, configuration)
                (path / "portability.yaml").write_text(configuration.replace(old, new), encoding="utf-8")
                result = support.run("sources", "check", "--config", path / "portability.yaml")
                self.assertNotEqual(result.returncode, support.EXIT_COMPLETE)
                self.assertIn(told, result.stderr)


if __name__ == "__main__":
    unittest.main()
