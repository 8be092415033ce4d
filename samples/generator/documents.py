"""An invoice before it is written in any syntax: parties, lines, taxes and totals, exact in decimal."""

from decimal import Decimal

from . import numbers
from .numbers import money

CODES = {"exempt": "E", "reverse": "AE", "intra": "K", "outside": "O"}  # UNTDID 5305; every other kind is S
REASONS = {
    "E": "Terveydenhuoltopalvelu, AVL 34 §",
    "AE": "Käännetty verovelvollisuus, AVL 8 c §",
    "K": "Yhteisömyynti, AVL 72 a §",
    "O": "Ei arvonlisäveroa",
}


class Party:
    """Seller or buyer."""

    def __init__(
        self,
        name,
        business_id,
        vat=None,
        identifier=None,
        street=None,
        postcode=None,
        town=None,
        country="FI",
        contact=None,
        phone=None,
        email=None,
        iban=None,
        bic=None,
        operator="003799990001",
        customer_number=None,
        language="fi",
    ):
        self.name, self.business_id, self.identifier = name, business_id, identifier or business_id
        self.vat = vat or (numbers.vat_id(business_id) if business_id else None)
        self.street, self.postcode, self.town, self.country = street, postcode, town, country
        self.contact, self.phone, self.email, self.iban, self.bic = contact, phone, email, iban, bic
        self.operator, self.customer_number, self.language = operator, customer_number, language

    @property
    def address(self):
        """The electronic address: the OVT number, else a number no one has."""
        return numbers.ovt(self.business_id) if self.business_id else "003799999999"


class Line:
    def __init__(self, name, quantity, unit, un, price, kind, supplied, code=None, description=None, discount=None):
        self.name, self.quantity, self.unit, self.un, self.price = name, quantity, unit, un, price
        self.kind, self.vat_code, self.rate = kind, CODES.get(kind, "S"), numbers.vat_rate(kind, supplied)
        self.code, self.description, self.discount = code, description, discount
        self.whole = money(quantity * price)
        self.discounted = money(self.whole * discount / 100) if discount else None
        self.net = self.whole - (self.discounted or 0)
        self.vat = money(self.net * self.rate / 100)


class Totals:
    """lines, charges, allowances, net, vat and gross; taxes: (code, rate, base, tax), in order of code and rate."""


class Document:
    """kind: invoice, credit-note or reminder. Amounts are positive; a syntax that wants a sign puts it."""

    def __init__(self, kind, number, day, seller, buyer, lines):
        self.kind, self.number, self.day, self.seller, self.buyer, self.lines = kind, number, day, seller, buyer, lines
        self.due = self.delivered = self.period = self.reference = self.order = self.buyer_reference = None
        self.original = self.paid = self.prepaid = self.sellers_buyer = None
        self.rf, self.notes, self.attachments, self.links = False, [], [], []
        self.adjustments = []  # (charge?, reason, amount, kind of supply)

    @property
    def payment_reference(self):
        return numbers.rf_reference(self.reference) if self.rf else self.reference

    def rate_of(self, kind):
        return numbers.vat_rate(kind, self.delivered or self.day)

    def totals(self):
        t, bases = Totals(), {}
        for line in self.lines:
            key = (line.vat_code, line.rate)
            bases[key] = bases.get(key, Decimal(0)) + line.net
        t.lines = sum((x.net for x in self.lines), Decimal(0))
        t.charges = sum((a for charge, _, a, _ in self.adjustments if charge), Decimal(0))
        t.allowances = sum((a for charge, _, a, _ in self.adjustments if not charge), Decimal(0))
        for charge, _, amount, kind in self.adjustments:
            key = (CODES.get(kind, "S"), self.rate_of(kind))
            bases[key] = bases.get(key, Decimal(0)) + (amount if charge else -amount)
        t.taxes = [(code, rate, base, money(base * rate / 100)) for (code, rate), base in sorted(bases.items())]
        t.net = t.lines + t.charges - t.allowances
        t.vat = sum((x[3] for x in t.taxes), Decimal(0))
        t.gross = t.net + t.vat
        t.payable = t.gross - (self.prepaid or 0)
        return t
