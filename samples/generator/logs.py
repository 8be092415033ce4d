"""Usage logs as the service writes them: JSON Lines, most of them gzip-compressed, one file a quarter."""

import json
import zlib
from datetime import date, datetime, timedelta

from . import world as w
from .numbers import Chance, helsinki

QUARTERS = [(y, q) for y in (2025, 2026) for q in (1, 2, 3, 4)][:7]
EVENTS_A_QUARTER = 7600
LAST_MONTH = 1100  # October 2026, not yet compressed
HARD = (
    w.COMPANY_IS_PERSON,
    *w.ONE_EMAIL,
    *w.SHARED_COMPUTER,
    *w.THREE_CONTACTS,
    w.CHANGED_NAME,
    w.CLOSED,
    w.USER_AND_BUYER,
)
ANONYMOUS = 9  # one event in so many has a cookie only

PAGES = [
    "/",
    "/invoices",
    "/invoices/new",
    "/invoices/sent",
    "/invoices/received",
    "/customers",
    "/products",
    "/reports",
    "/reports/vat",
    "/settings",
    "/settings/users",
    "/payments",
    "/reminders",
    "/help",
]
ELEMENTS = [
    "invoice.save",
    "invoice.send",
    "invoice.copy",
    "row.add",
    "row.delete",
    "customer.pick",
    "product.search",
    "menu.main",
    "menu.language",
    "filter.status",
    "sort.due-date",
    "reminder.create",
    "report.download",
    "attachment.add",
    "payment.match",
    "help.open",
    "tab.history",
]
AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Example/1.0 Firefox/128.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Example/1.0 Safari/605.1",
    "Mozilla/5.0 (Linux; Android 14) Example/1.0 Chrome/126.0 Mobile",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Example/1.0 Safari/604.1",
    "InvoiceApp/4.2 (Android; fi_FI)",
    "curl/8.9.1",
]
SEARCHES = [
    "mäkelä",
    "Åkerö",
    "RF18",
    "matti\\u0040example.com",
    '\\"avoin\\" erä',
    "čáhci",
    "\\ud83e\\udd8a kettu",
    "25,5 %",
    "C:\\\\laskut",
    "rivi 1\\nrivi 2",
]


def _weights(world):
    """How much each user uses the service: most little, some much, the main user most."""
    pairs = []
    for user_id in sorted(world.users):
        u = world.users[user_id]
        if not u.bare:
            usual = Chance(f"activity/{user_id}").weighted([(5, 3), (60, 4), (150, 3), (400, 1)])
            pairs.append((u, 1000 if user_id == w.MAIN else 120 if user_id in HARD else usual))
    return pairs


def _ip(c):
    net = c.pick(["192.0.2", "198.51.100", "203.0.113", None])
    return f"{net}.{c.between(1, 254)}" if net else f"2001:db8:{c.hex(3).lstrip('0') or '1'}::{c.between(1, 9999):x}"


def _ts(c, utc):
    """Local with offset mostly; some parts of the service write UTC, some with a fraction of a second."""
    fraction = c.weighted([("", 6), (f".{c.below(1000):03d}", 3), (f".{c.below(10**6):06d}", 1)])
    if c.percent(12):
        return f"{utc:%Y-%m-%dT%H:%M:%S}{fraction}Z"
    local = helsinki(utc).isoformat()
    return local[:19] + fraction + local[19:]


def _session(c, pairs, first, last):
    """One visit: events of one user (or of no one, with a cookie) on one device, in order of time."""
    user = None if c.one_in(ANONYMOUS) else c.weighted(pairs)
    if user and (user.registered.date() >= last or user.customer.closed and user.customer.closed.date() <= first):
        return []
    start = datetime.combine(first + timedelta(days=c.below((last - first).days + 1)), datetime.min.time())
    start += timedelta(seconds=c.between(3 * 3600, 20 * 3600), microseconds=0)
    if user and (start < user.registered or user.customer.closed and start > user.customer.closed):
        return []
    cookie = c.pick(user.cookies) if user else f"ck_{c.hex(16)}" if not c.one_in(40) else w.SHARED_COOKIE
    common = {"session": f"s-{c.hex(12)}", "ip": _ip(c), "ua": c.pick(AGENTS)}
    events, at = [], start
    for i in range(c.between(6, 34) if user else c.between(1, 4)):
        at += timedelta(seconds=c.between(1, 95))
        page = c.pick(PAGES)
        status = c.weighted([(200, 40), (302, 4), (304, 3), (404, 1), (502, 1)])
        search = None
        ui = {"element": c.pick(ELEMENTS), "page": page}
        if user and i == 0:
            event, ui = (
                c.weighted([("login.success", 9), ("login.totp", 3)]),
                {"element": "login.submit", "page": "/login"},
            )
        elif user and i == 1 and c.one_in(15):
            event, ui, status = "login.failure", {"element": "login.submit", "page": "/login"}, 401
        else:
            event = c.weighted([("ui.click", 10), ("page.view", 6), ("ui.input", 3), ("activity.idle", 1)])
            if event == "page.view":
                ui = {"page": page}
            elif event == "ui.input":
                search = c.pick(SEARCHES)
        record = {"ts": _ts(c, at), "event": event, "ui": ui}
        if user:
            record["user"] = user.id
        record["cookie"] = cookie
        record.update(common)
        record["http"] = {"method": "POST" if event != "page.view" else "GET", "status": status}
        record["duration_ms"] = c.weighted(
            [(c.between(2, 90), 9), (c.between(90, 2500), 2), (c.between(2500, 30000), 1)]
        )
        if c.one_in(6):
            record["app"] = {
                "version": f"4.{c.below(9)}.{c.below(20)}",
                "experiments": c.some(["fast-list", "new-vat", "dark"], c.below(3)),
            }
        if c.one_in(25):
            record["trace"] = c.hex(16)
        if c.one_in(60):
            record["screen"] = None
        events.append((at, _line(record, search, c)))
    return events


def _line(record, search, c):
    """One line. What was typed is put in with its escapes as they stand, which json.dumps would not write."""
    text = json.dumps(record, ensure_ascii=c.one_in(3), separators=(", ", ": ") if c.one_in(5) else (",", ":"))
    if search is not None:
        text = text[:-1] + f',"query":"{search}"' + "}"
    return text.encode("utf-8")


def _quarter(pairs, name, first, last, count):
    c = Chance(f"logs/{name}")
    events = []
    while len(events) < count:
        events += _session(c, pairs, first, last)
    return [line for _, line in sorted(events, key=lambda e: e[0])]


def gzip_member(data):
    """A gzip member without name or time (RFC 1952), the same on every run."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(data) + packer.flush()
    return (
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
        + body
        + zlib.crc32(data).to_bytes(4, "little")
        + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    )


# Lines that are no JSON, by file and the line they are put before. The README tells the count.
BAD = {
    "2025-q1": [(1200, b'{"ts":"2025-02-03T10:11:12+02:00","event":"ui.cli')],
    "2025-q2": [(1, b"--- log rotated by host web-3 ---")],
    "2025-q4": [(5000, b"\x00\x00\x00\x00\x00\x00\x00\x00"), (5001, b'"event":"ui.click","user":1001}')],
    "2026-q2": [(4040, b'{"ts":"2026-05-01T09:00:00+03:00","event":"ui.click","user":1007,,"cookie":"ck_0"}')],
    "2026-10": [(700, b"{'ts': '2026-10-12T08:00:00+03:00', 'event': 'page.view', 'user': 1010}")],
}
# A line that is JSON but for two bytes in a string, which are ISO-8859-1: to be read, with a finding.
ODD_BYTES = (
    "2025-q3",
    300,
    b'{"ts":"2025-07-07T07:07:07+03:00","event":"ui.input","ui":{"element":"product.search","page":"/products"},'
    b'"user":1016,"cookie":"ck_0000000000001016","session":"s-000000001016","query":"\xe4\xe4ni"}',
)


def build(world):
    pairs = _weights(world)
    files = {}
    for year, quarter in QUARTERS:
        name = f"{year}-q{quarter}"
        first = date(year, 3 * quarter - 2, 1)
        last = date(year + quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)
        lines = _with_bad(name, _quarter(pairs, name, first, last, EVENTS_A_QUARTER))
        if name == "2025-q3":  # appended to by three processes: a gzip file of three members
            third = len(lines) // 3
            data = b"".join(
                gzip_member(b"".join(x + b"\n" for x in part))
                for part in (lines[:third], lines[third : 2 * third], lines[2 * third :])
            )
        else:
            data = gzip_member(b"".join(x + b"\n" for x in lines))
        files[f"logs/usage-{name}.jsonl.gz"] = data
    lines = _with_bad("2026-10", _quarter(pairs, "2026-10", date(2026, 10, 1), date(2026, 10, 31), LAST_MONTH))
    files["logs/usage-2026-10.jsonl"] = b"".join(x + b"\n" for x in lines)[
        :-1
    ]  # the last line is still without its end
    return files


def _with_bad(name, lines):
    for at, bad in BAD.get(name, []):
        lines.insert(at, bad)
    if ODD_BYTES[0] == name:
        lines.insert(ODD_BYTES[1], ODD_BYTES[2])
    return lines
