"""Time limits against Python's own calendar, time zones and Easter, over ten years and more."""

import calendar
import datetime
import unittest
import zoneinfo

import dateutil.easter
import support

DAY = datetime.timedelta(days=1)
FIRST, LAST = datetime.date(2020, 1, 1), datetime.date(2035, 12, 31)

#: North and south, both sides of the date line, changes at midnight, by half an hour, and none.
ZONES = (
    "Europe/Helsinki", "Europe/Stockholm", "Atlantic/Reykjavik", "America/New_York", "America/St_Johns",
    "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Kiritimati",
    "Pacific/Pago_Pago", "Etc/GMT+12", "UTC",
)


def finnish_holidays(year):
    """By the Church Act and the Acts on Independence Day and the first of May."""
    easter = dateutil.easter.easter(year)
    midsummer = next(
        day for day in (datetime.date(year, 6, number) for number in range(20, 27)) if day.isoweekday() == 6)
    saints = next(
        day for day in (datetime.date(year, 10, 31) + shift * DAY for shift in range(7)) if day.isoweekday() == 6)
    fixed = ((1, 1), (1, 6), (5, 1), (12, 6), (12, 25), (12, 26))
    return {
        midsummer, saints, easter - 2 * DAY, easter, easter + DAY, easter + 39 * DAY, easter + 49 * DAY,
        *(datetime.date(year, month, day) for month, day in fixed)}


HOLIDAYS = set().union(*(finnish_holidays(year) for year in range(FIRST.year, LAST.year + 2)))


def limit(received, months, holidays=frozenset(HOLIDAYS)):
    """Regulation (EEC, Euratom) 1182/71, Article 3."""
    year, month = divmod(received.year * 12 + received.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    due = datetime.date(year, month + 1, min(received.day, last))
    while due.isoweekday() > 5 or due in holidays:
        due += DAY
    return due


def deadlines(received, *arguments):
    """One run of the program for many receipts."""
    path = support.folder("deadline") / "dates"
    path.write_text("".join("%s\n" % text for text in received), encoding="ascii")
    with open(path, encoding="ascii") as file:
        result = support.run("deadline", "-", *arguments, stdin=file, check=support.EXIT_COMPLETE)
    return result.stdout.splitlines(), result.stderr


class Deadline(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        self.days = [FIRST + number * DAY for number in range((LAST - FIRST).days + 1)]

    def test_every_day_of_sixteen_years_in_finland(self):
        self.assertEqual(len(self.days), 5844)
        for months, arguments in ((1, ()), (3, ("--extended",))):
            printed, messages = deadlines(self.days, *arguments)
            self.assertEqual(printed, [str(limit(day, months)) for day in self.days])
            self.assertEqual(messages, "")

    def test_a_country_whose_holidays_are_not_known_moves_over_weekends_and_says_so(self):
        printed, messages = deadlines(self.days, "--country", "SE")
        self.assertEqual(printed, [str(limit(day, 1, frozenset())) for day in self.days])
        self.assertEqual(messages.count("\n"), 1)
        self.assertIn("no public holidays are known for SE", messages)

    def test_the_day_of_receipt_is_that_of_the_time_zone(self):
        for name in ZONES:
            with self.subTest(name):
                zone = zoneinfo.ZoneInfo(name)
                instants = []
                for day in self.days[::3]:
                    # On both sides of midnight in the zone, and of where it would be an hour earlier or later.
                    midnight = datetime.datetime.combine(day, datetime.time(), zone).astimezone(datetime.timezone.utc)
                    for seconds in (-3601, -3600, -1, 0, 3599, 3600):
                        instants.append(midnight + datetime.timedelta(seconds=seconds))
                printed, _ = deadlines([instant.isoformat() for instant in instants], "--time-zone", name)
                self.assertEqual(printed, [str(limit(instant.astimezone(zone).date(), 1)) for instant in instants])

    def test_the_dates_of_the_issue(self):
        for arguments, due in (
            (("2026-01-31",), "2026-03-02"), (("2026-01-31", "--extended"), "2026-04-30"),
            (("2026-01-30T22:00:00Z",), "2026-03-02"), (("2026-08-07",), "2026-09-07"),
        ):
            result = support.run("deadline", *arguments, check=support.EXIT_COMPLETE)
            self.assertEqual((result.stdout, result.stderr), (due + "\n", ""))

    def test_neither_time_zone_nor_language_of_the_machine_matter(self):
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "nonsense"):
            result = support.run(
                "deadline", "2026-08-30T21:30:00Z", environment={"TZ": zone, "LC_ALL": "tr_TR.UTF-8"},
                check=support.EXIT_COMPLETE)
            self.assertEqual(result.stdout, "2026-09-30\n")

    def test_an_explanation_goes_beside_the_date(self):
        result = support.run(
            "deadline", "2026-01-31", "--explain", "--today", "2026-03-01", check=support.EXIT_COMPLETE)
        self.assertEqual(result.stdout, "2026-03-02\n")
        steps = result.stderr.splitlines()
        self.assertEqual(len(steps), 5)
        for step, words in zip(steps, ("Article 3(1)", "Article 3(2)(c)", "a Saturday", "a Sunday", "one day left")):
            self.assertIn(words, step)

    def test_bad_input_is_one_error(self):
        for arguments in (
            ["2026-02-29"], ["2026-1-31"], ["yesterday"], ["2026-01-31T12:00:00"], ["2026-01-31", "--country", "fi"],
            ["2026-01-31", "--country", "Finland"], ["2026-01-31T12:00:00Z", "--time-zone", "../../etc/passwd"],
            ["2026-01-31T12:00:00Z", "--time-zone", "Europe/Nowhere"], ["2026-01-31T12:00:00Z", "--country", "US"],
            ["2026-01-31", "--today", "soon"], ["2026-01-31", "--config", "/nonexistent.yaml"],
            ["--request", "/nonexistent.yaml"], ["-"],
        ):
            with self.subTest(" ".join(arguments)):
                result = support.run("deadline", *arguments, check=support.EXIT_USAGE)
                self.assertEqual(result.stdout, "")
                self.assertEqual(result.stderr.count("\n"), 1)
                self.assertRegex(result.stderr, r"\Aerror: .+\. .+\n\Z")

    def test_a_bad_line_is_named_and_nothing_is_printed(self):
        path = support.folder("deadline") / "dates"
        path.write_text("2026-01-31\n2026-08-07\n2026-13-01\n", encoding="ascii")
        with open(path, encoding="ascii") as file:
            result = support.run("deadline", "-", stdin=file, check=support.EXIT_USAGE)
        self.assertEqual(result.stdout, "")
        self.assertIn("line 3", result.stderr)

    def test_a_date_or_a_request_is_needed_and_not_both(self):
        request = support.samples() / "requests" / "access.yaml"
        for arguments in ([], ["2026-01-31", "--request", request]):
            result = support.run("deadline", *arguments, check=support.EXIT_USAGE)
            self.assertEqual(result.stdout, "")

    def test_the_samples_requests_have_deadlines(self):
        config = support.samples() / "portability.yaml"
        for name, months in (("access.yaml", 1), ("portability.yaml", 1)):
            request = support.samples() / "requests" / name
            received = next(
                line.split(":", 1)[1].strip().strip("\"'")
                for line in request.read_text(encoding="utf-8").splitlines() if line.startswith("received:"))
            if "T" in received:
                moment = datetime.datetime.fromisoformat(received)
                day = moment.astimezone(zoneinfo.ZoneInfo("Europe/Helsinki")).date()
            else:
                day = datetime.date.fromisoformat(received)
            result = support.run("deadline", "--config", config, "--request", request, check=support.EXIT_COMPLETE)
            self.assertEqual(result.stdout, "%s\n" % limit(day, months))
