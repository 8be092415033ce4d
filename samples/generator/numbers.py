"""Deterministic chance, and identifiers whose check digits are right.

Nothing here depends on the Python version: the generator is SplitMix64, seeded by
SHA-256 over a fixed seed and a label, so that each part of the samples has a stream
of its own and a change in one part leaves the others' bytes alone.
"""

import hashlib
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

SEED = "portability-samples-1"
_MASK = (1 << 64) - 1


class Chance:
    """A small stream of pseudo-random numbers, the same on every machine."""

    def __init__(self, label):
        digest = hashlib.sha256(f"{SEED}/{label}".encode()).digest()
        self._state = int.from_bytes(digest[:8], "big")

    def bits(self):
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def below(self, n):
        return (self.bits() * n) >> 64

    def between(self, low, high):
        """An integer from low to high, both included."""
        return low + self.below(high - low + 1)

    def one_in(self, n):
        return self.below(n) == 0

    def percent(self, p):
        return self.below(100) < p

    def pick(self, items):
        return items[self.below(len(items))]

    def weighted(self, pairs):
        """pairs: (item, weight), ...; integers as weights."""
        at = self.below(sum(w for _, w in pairs))
        for item, weight in pairs:
            if at < weight:
                return item
            at -= weight
        raise ValueError("no weights")

    def some(self, items, count):
        """count different items, in the order drawn."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]

    def hex(self, digits):
        return "".join("0123456789abcdef"[self.below(16)] for _ in range(digits))

    def token(self, length):
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
        return "".join(self.pick(letters) for _ in range(length))


# Identifiers. Every range used is one in which no real company, account or person is.


def business_id(serial):
    """Y-tunnus / FO-nummer: seven digits, hyphen, check digit (weights 7 9 10 5 8 4 2, modulo 11).

    Issued numbers begin with 0 to 3; these begin with 9. None if the serial has no check digit.
    """
    digits = f"{9000000 + serial:07d}"
    rest = sum(int(d) * w for d, w in zip(digits, (7, 9, 10, 5, 8, 4, 2))) % 11
    if rest == 1:
        return None
    return f"{digits}-{0 if rest == 0 else 11 - rest}"


def vat_id(y_tunnus):
    return "FI" + y_tunnus.replace("-", "")


def ovt(y_tunnus, unit=""):
    """The Finnish EDI address: ISO 6523 code 0037, business id without hyphen, optional unit."""
    return "0037" + y_tunnus.replace("-", "") + unit


def finnish_iban(serial):
    """FI IBAN. The domestic number begins with 99, which no Finnish bank has, and ends in a Luhn digit."""
    body = f"99{serial % 10**11:011d}"
    total = 0
    for i, d in enumerate(reversed(body)):
        n = int(d) * (2 if i % 2 == 0 else 1)
        total += n // 10 + n % 10
    bban = body + str(-total % 10)
    return f"FI{98 - int(bban + '151800') % 97:02d}{bban}"


def finnish_reference(number):
    """Finnish reference number: weights 7 3 1 from the right, check digit last."""
    digits = str(number)
    total = sum(int(d) * (7, 3, 1)[i % 3] for i, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def rf_reference(national):
    """ISO 11649 creditor reference around a Finnish reference number."""
    return f"RF{98 - int(national + '271500') % 97:02d}{national}"


def personal_identity_code(born, individual):
    """Henkilötunnus. 900 to 999 are never given to a person in the population register."""
    if not 900 <= individual <= 999:
        raise ValueError("only the range reserved for fictitious persons")
    sign = {18: "+", 19: "-", 20: "A"}[born.year // 100]
    digits = f"{born:%d%m%y}{individual}"
    return f"{born:%d%m%y}{sign}{individual}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(digits) % 31]}"


# Money: exact, rounded half up as Finnish invoices are.

CENT = Decimal("0.01")


def money(value):
    return Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)


def vat_rate(kind, day):
    """The Finnish VAT rate in per cent, by kind of supply and by date of supply (AVL 84, 85 and 85 a §).

    standard: 23 from July 2010, 24 from 2013, 25.5 from September 2024.
    food, restaurant: 13, 14, and 13.5 from 2026.
    books, transport, lodging, culture: 9, 10, moved to the middle rate in 2025.
    press (newspapers, magazines): at the lowest rate, 10, also after 2025.
    """
    if kind == "standard":
        if day >= date(2024, 9, 1):
            return Decimal("25.5")
        return Decimal("24") if day >= date(2013, 1, 1) else Decimal("23")
    middle = Decimal("13.5") if day >= date(2026, 1, 1) else Decimal("14") if day >= date(2013, 1, 1) else Decimal("13")
    lowest = Decimal("10") if day >= date(2013, 1, 1) else Decimal("9")
    if kind == "food":
        return middle
    if kind == "books":
        return middle if day >= date(2025, 1, 1) else lowest
    if kind == "press":
        return lowest
    if kind in ("exempt", "reverse", "intra", "outside"):
        return Decimal("0")
    raise ValueError(kind)


# Time in Helsinki, by the rule of the European Union (directive 2000/84/EC), without a zone database.


def _last_sunday(year, month):
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def helsinki(utc):
    """The same instant as a local time with its offset."""
    start = datetime.combine(_last_sunday(utc.year, 3), datetime.min.time()) + timedelta(hours=1)
    end = datetime.combine(_last_sunday(utc.year, 10), datetime.min.time()) + timedelta(hours=1)
    hours = 3 if start <= utc < end else 2
    return (utc + timedelta(hours=hours)).replace(tzinfo=timezone(timedelta(hours=hours)))


def moment(chance, first, last, office=False):
    """An instant (naive UTC, whole seconds) between two dates, both included."""
    day = first + timedelta(days=chance.below((last - first).days + 1))
    if office:
        while day.weekday() > 4:
            day -= timedelta(days=1)
        second = chance.between(6 * 3600, 14 * 3600)
    else:
        second = chance.between(4 * 3600, 20 * 3600)
    return datetime.combine(day, datetime.min.time()) + timedelta(seconds=second)


def stamp(utc):
    """Time stamp with Helsinki's offset, as the register keeps them."""
    return helsinki(utc).isoformat()
