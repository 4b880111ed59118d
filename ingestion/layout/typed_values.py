"""Values that are known by their form: dates, amounts of money, phone numbers, tax numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_MONTH = (
    r"(?:jan|feb|mar|m[äa]r|apr|may|mai|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez)[a-zä]{0,7}\.?"
)
_DATE = re.compile(
    rf"""(?<![\d./-])(?:
        (?:19|20)\d\d\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?\d{{1,2}}
      | \d{{1,2}}\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?(?:(?:19|20)\d\d|\d\d)
      | \d{{1,2}}(?:st|nd|rd|th|\.)?[\s-]?{_MONTH},?[\s-]?'?(?:(?:19|20)\d\d|\d\d)
      | {_MONTH}\s?\d{{1,2}}(?:st|nd|rd|th)?,?\s?(?:19|20)\d\d
    )(?![\d/-])""",
    re.IGNORECASE | re.VERBOSE,
)
_MONEY = re.compile(
    r"""(?<![\d.,/:-])
    (?:(?:RM|USD|EUR|GBP|CHF|MYR|SGD|INR|Rs\.?|[$€£¥₹])\s?)?
    -?(?:\d{1,3}(?:[,.'’ ]\d{3})+|\d+)\s?[.,]\s?\d\d
    (?:\s?(?:€|EUR|USD|RM))?
    (?![\d.,/:-]*\d|\s?[%])""",
    re.IGNORECASE | re.VERBOSE,
)
_LETTERS = re.compile(r"[^\W\d_]+\Z")
"""Right before a date: `Date25/12/2018` is one, `HC03-7-15` is the number of a thing."""
_DATE_WORD = re.compile(r"(?:date|dated|datum|day|dt|on)\Z", re.IGNORECASE)
_DIGITS = re.compile(r"\d")


class Span(NamedTuple):
    """Characters [start, end) of a text."""

    start: int
    end: int


def dates_in(text: str) -> Iterator[Span]:
    """Dates with day, month and year that a calendar could have."""
    for found in _DATE.finditer(text):
        glued = _LETTERS.search(text[: found.start()])
        if glued is not None and not _DATE_WORD.search(glued[0]):
            continue
        if _is_plausible(found[0]):
            yield Span(*found.span())


def _is_plausible(date: str) -> bool:
    numbers = [int(part) for part in re.findall(r"\d+", date)]
    if len(numbers) < 3:
        return 1 <= numbers[0] <= 31
    first, middle, last = numbers[:3]
    if first > 31:
        return middle <= 12 and last <= 31
    return 0 < first <= 31 and 0 < middle <= 31 and min(first, middle) <= 12


def amounts_in(text: str) -> Iterator[Span]:
    """Amounts with two decimals, with the sign of their currency where it stands beside them."""
    for found in _MONEY.finditer(text):
        yield Span(*found.span())


def amount_of(text: str) -> float | None:
    """The number that an amount says; the last separator parts the decimals."""
    digits = "".join(_DIGITS.findall(text))
    if not digits or len(digits) < 3:
        return None
    sign = -1 if text.strip().startswith("-") else 1
    return sign * int(digits) / 100
