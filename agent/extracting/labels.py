"""How well the name of a column fits what a file calls something."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pincite.extractions import Column
from pincite.grounding.words import content

_JOINTS: Final = re.compile(r"[_/]+|(?<=[a-z])(?=[A-Z])")
_KNOWN: Final[dict[str, tuple[str, ...]]] = {
    "date": (
        *("date", "dated", "day", "datum", "fecha", "receipt date", "invoice date", "bill date"),
        *("issue date", "date of issue", "document date", "purchase date", "transaction date"),
    ),
    "total": (
        *("total", "total amount", "amount", "grand total", "amount due", "total due", "sum"),
        *("invoice total", "receipt total", "total price", "price", "total paid", "amount paid"),
        *(
            "cost",
            "total cost",
            "betrag",
            "gesamtbetrag",
            "summe",
            "total payable",
            "amount payable",
        ),
        *("total to pay",),
    ),
    "company": (
        *("company", "company name", "seller", "vendor", "merchant", "shop", "store", "supplier"),
        *("issuer", "firm", "business", "retailer", "seller name", "vendor name", "store name"),
        *("shop name", "merchant name", "supplier name", "firma"),
    ),
    "address": (
        *("address", "company address", "seller address", "store address", "shop address"),
        *("vendor address", "location", "adresse", "anschrift"),
    ),
    "number": (
        *("number", "invoice number", "receipt number", "bill number", "document number"),
        *("invoice no", "receipt no", "bill no", "order number", "rechnungsnummer", "invoice id"),
    ),
    "title": ("title", "subject", "headline", "betreff", "titel"),
    "tax_id": ("tax id", "tax number", "gst id", "gst number", "vat id", "vat number", "tin"),
    "phone": ("phone", "telephone", "phone number", "telephone number", "tel", "mobile"),
    "fax": ("fax", "fax number"),
    "email": ("email", "e-mail", "email address", "mail"),
    "name": ("name", "customer", "customer name", "recipient", "addressee"),
}
"""What readers call fields, and what people call them."""


_MONEY: Final = re.compile(
    r"\(?\b(?:in |of )?(?:US\$|USD|EUR|GBP|CHF|RM|MYR|SGD|JPY|INR|CNY|[$€£¥₹])(?!\w)\)?"
    r"|[$€£¥₹]",
    re.IGNORECASE,
)
"""In a head, e.g. `Amount (EUR)`: the currency of what stands below, no word of its own."""


def currency_in(label: str) -> str:
    """`EUR` for `Amount (EUR)`; empty where a label names none."""
    found = _MONEY.search(label)
    return re.sub(r"[()]|\bin |\bof ", "", found[0]).strip() if found else ""


@lru_cache(maxsize=4_096)
def stems(text: str) -> frozenset[str]:
    return frozenset(content(_JOINTS.sub(" ", text)))


def known(column: Column) -> str:
    """What readers call a field that the column asks for; empty where they have no name for it."""
    return _known(_own(column))


def names_of(column: Column) -> tuple[str, ...]:
    """What the column may be called in a file: its own names first."""
    own = _own(column)
    return tuple(dict.fromkeys((*own, *_KNOWN.get(_known(own), ()))))


def fit(column: Column, label: str) -> float:
    """How surely a label means the column, in [0, 1]: 1 for one of its own names."""
    return _fit(_own(column), label)


def _own(column: Column) -> tuple[str, ...]:
    return (column.name, *column.aliases)


@lru_cache(maxsize=256)
def _known(own: tuple[str, ...]) -> str:
    asked = {stems(name) for name in own}
    for name, phrases in _KNOWN.items():
        if any(stems(phrase) in asked for phrase in phrases):
            return name
    return ""


@lru_cache(maxsize=16_384)
def _fit(own: tuple[str, ...], label: str) -> float:
    said = stems(_MONEY.sub(" ", label)) or stems(label)
    others = _KNOWN.get(_known(own), ())
    fits = [_likeness(stems(name), said) for name in own]
    fits += [0.9 * _likeness(stems(name), said) for name in others]
    parts = (stems(name) for name in own)
    fits += [0.6 * len(said) / len(part) for part in parts if said and said < part]
    return max(fits)


def _likeness(asked: frozenset[str], said: frozenset[str]) -> float:
    if not asked or not asked <= said:
        return 0.0
    return 1.0 if asked == said else max(0.0, 0.95 - 0.1 * len(said - asked))
