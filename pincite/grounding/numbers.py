"""Quantities in a text, and whether one text's quantity is the other's."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pincite.grounding.dates import Moment, dates_in
from pincite.grounding.numerals import (
    DIGITS,
    IN_WORDS,
    ORDINALS,
    SCALES,
    Reading,
    from_words,
    readings,
)
from pincite.grounding.odd_numerals import odd_numerals
from pincite.grounding.units import CURRENCIES, NO_UNIT, Unit, unit_of

_CURRENCY: Final = r"(?:US\$|[$€£¥₹]|\b(?:USD|EUR|GBP|CHF|JPY|INR|CNY|RMB)\s?)"
_SCALE: Final = (
    r"(?:hundred|thousand|lakh|crore|millions?|mn|mio|billions?|bn|mrd|trillion|tn|dozen)\b"
)
_NUMBER: Final = re.compile(
    rf"(?P<open>\()?(?P<sign>(?<![\w)])[-−+])?(?P<money>{_CURRENCY})?\s?(?P<sign2>[-−])?"
    rf"(?<![\w.])(?P<digits>{DIGITS})(?P<ordinal>st|nd|rd|th)?"
    rf"(?:\s?(?P<short>[kKmMbB]|bn|mn|mm)(?![\w²³/]))?(?:[\s-]*(?P<scale>{_SCALE}))?"
    r"(?P<close>\))?(?![\d])",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(rf"\b(?P<words>{IN_WORDS})\b(?:\s+(?P<scale>{_SCALE}))?", re.IGNORECASE)
_ORDINAL: Final = re.compile(rf"\b(?:{'|'.join(ORDINALS)})\b", re.IGNORECASE)
_UNIT: Final = re.compile(
    r"[\s\u00a0-]?\s?(?P<unit>%|per\scent\b|°\s?[CFcf]\b|[€$£¥¢]|km/h|m/s|[A-Za-zµ]+[²³23]?(?![\w]))"
)
_ABOUT: Final = re.compile(
    r"\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|some|circa|ca\.?|close to|"
    r"estimated)\s*(?:USD|EUR|[$€£])?\s*\Z|~\s*\Z",
    re.IGNORECASE,
)
_OVER: Final = re.compile(r"\b(?:more than|over|above|at least|exceed\w*|upwards of)\s*\W?\Z", re.I)
_UNDER: Final = re.compile(r"\b(?:less than|under|below|at most|up to|fewer than)\s*\W?\Z", re.I)
ABOUT: Final = 0.05
"""How far a rounded number (`about 5 000`) may be from the exact one, relative."""
BEYOND: Final = 0.25
"""How far above `more than 5 000` the exact number may be and still be what was meant."""


_NEAR: Final = 60
"""Characters around a numeral that say how it is meant."""


class Quantity(NamedTuple):
    start: int
    end: int
    text: str
    values: tuple[Reading, ...]
    """Readings in the unit's base; empty for a date."""
    moments: tuple[Moment, ...] = ()
    """Readings of a date; empty for a number."""
    dimension: str = ""
    slack: str = ""
    """`about`, `over`, `under`, or empty for an exact statement."""

    @property
    def is_date(self) -> bool:
        return bool(self.moments)


def quantities(text: str) -> list[Quantity]:
    """Numbers, amounts, measures and dates, in order, without overlaps."""
    found = [Quantity(d.start, d.end, d.text.strip(), (), d.moments) for d in dates_in(text)]
    taken = bytearray(len(text))
    for quantity in found:
        _take(taken, quantity)
    for odd in odd_numerals(text):
        if taken.find(1, odd.start, odd.end) < 0:
            share = unit_of("%") if odd.is_share else None
            found.append(_quantity(text, (odd.start, odd.end), (odd.reading,), share))
            _take(taken, found[-1])
    for pattern, read in ((_NUMBER, _digits), (_WORDS, _spelled), (_ORDINAL, _ranked)):
        for match in pattern.finditer(text):
            if taken.find(1, *match.span()) < 0:
                quantity = read(text, match)
                if quantity is not None:
                    found.append(quantity)
                    _take(taken, quantity)
    return sorted(found)


def _take(taken: bytearray, quantity: Quantity) -> None:
    taken[quantity.start : quantity.end] = b"\1" * (quantity.end - quantity.start)


def _digits(text: str, match: re.Match[str]) -> Quantity | None:
    start = match.start("money") if match["money"] else match.start("digits")
    if _is_part_of_name(text, match):
        return None
    if match["ordinal"]:
        return _quantity(text, (start, match.end("ordinal")), readings(match["digits"]), "nth")
    short = _short_scale(match)
    scale = short * SCALES.get((match["scale"] or "").casefold(), 1.0)
    negative = match["sign"] in {"-", "−"} or bool(match["sign2"])
    bracketed = bool(match["open"] and match["close"] and not match["money"])
    sign = -1.0 if negative else 1.0
    end = max(match.end("digits"), match.end("scale"), match.end("short") if short != 1 else -1)
    values = tuple(
        Reading(sign * r.value * scale, r.ulp * scale) for r in readings(match["digits"])
    )
    if bracketed:
        values += tuple(Reading(-r.value, r.ulp) for r in values)
    unit = unit_of(match["money"].strip()) if match["money"] else None
    return _quantity(text, (start, end), values, unit)


def _short_scale(match: re.Match[str]) -> float:
    """`$5m` and `5k` are scaled; a bare `5m` is metres and `5 b` is nothing."""
    short = (match["short"] or "").casefold()
    if not short or not (match["money"] or short in {"k", "bn", "mn"}):
        return 1.0
    return SCALES[short]


def _is_part_of_name(text: str, match: re.Match[str]) -> bool:
    """`B-12`, `10-K`, `A4`, `v2.1.3`: names, compared as such."""
    digits = match.start("digits")
    before = text[max(0, digits - _NEAR) : digits]
    after = text[match.end() : match.end() + _NEAR]
    glued = bool(re.search(r"[A-Za-z](?:-)?\Z", before)) and not match["money"]
    dotted = bool(re.match(r"\.\d", after) or re.search(r"\d\.\Z", before))
    tail = re.match(r"-?([A-Za-z]+)", text[match.end("digits") : match.end("digits") + _NEAR])
    odd = tail is not None and tail.group(0)[0] == "-" and len(tail.group(1)) <= 2
    return glued or dotted or (odd and unit_of(tail.group(1) if tail else "") is None)


def _spelled(text: str, match: re.Match[str]) -> Quantity | None:
    written = match.group()
    if written.casefold() in {"one", "zero"} and not _unit_after(text, match.end())[0]:
        return None  # mostly a pronoun: `one of them`, `the one`
    value = from_words(written)
    return _quantity(text, match.span(), (Reading(value, 1.0),), None)


def _ranked(text: str, match: re.Match[str]) -> Quantity | None:
    if match.group().casefold() in {"first", "second"}:
        return None  # `first, the board …`; a unit of time
    return _quantity(text, match.span(), (Reading(ORDINALS[match.group().casefold()], 1.0),), "nth")


def _quantity(
    text: str, span: tuple[int, int], values: tuple[Reading, ...], unit: Unit | str | None
) -> Quantity:
    start, end = span
    if unit is None:
        unit, end = _unit_after(text, end)
    if isinstance(unit, str):
        unit = Unit(unit, 1.0)
    unit = unit or NO_UNIT
    scaled = tuple(Reading(r.value * unit.factor, r.ulp * unit.factor) for r in values)
    slack = _slack(text[max(0, start - _NEAR) : start])
    return Quantity(start, end, text[start:end], scaled, (), unit.dimension, slack)


def _unit_after(text: str, end: int) -> tuple[Unit | None, int]:
    match = _UNIT.match(text, end)
    if match is None:
        return None, end
    name = match["unit"].replace(" ", "")
    unit = unit_of(name)
    if unit is None or (len(name) == 1 and name.isalpha() and name.isupper() and name not in "WVA"):
        return None, end
    return unit, match.end()


def _slack(before: str) -> str:
    for name, pattern in (("about", _ABOUT), ("over", _OVER), ("under", _UNDER)):
        if pattern.search(before):
            return name
    return ""


def same(claimed: Quantity, stated: Quantity) -> bool:
    """Whether `stated` bears out `claimed`, as exactly as `claimed` is written."""
    if claimed.is_date or stated.is_date:
        return _same_date(claimed, stated)
    if not comparable(claimed, stated):
        return False
    return any(_close(a, b, claimed.slack) for a in claimed.values for b in stated.values)


def comparable(claimed: Quantity, stated: Quantity) -> bool:
    """Whether the two measure the same kind of thing; a bare number may be any amount."""
    if claimed.is_date != stated.is_date:
        return False
    if claimed.is_date:
        return any(a.clashes(b) or a.fits(b) for a in claimed.moments for b in stated.moments)
    a, b = claimed.dimension, stated.dimension
    if a == b:
        return True
    loose = CURRENCIES | {"", "share"}
    return (not a and b in loose) or (not b and a in loose)


def _same_date(claimed: Quantity, stated: Quantity) -> bool:
    if claimed.is_date and stated.is_date:
        return any(a.fits(b) for a in claimed.moments for b in stated.moments)
    number, date = (stated, claimed) if claimed.is_date else (claimed, stated)
    years = {m.year for m in date.moments if m[1:] == (None, None, None, None)}
    if re.search(r"\d[.,\s’']\d{3}", number.text):  # `2,024` is no year
        return False
    return not number.dimension and any(r.value in years for r in number.values)


def _close(claimed: Reading, stated: Reading, slack: str) -> bool:
    gap = stated.value - claimed.value
    size = abs(claimed.value)
    if slack == "over" and -1e-9 <= gap <= BEYOND * size:
        return True
    if slack == "under" and -BEYOND * size <= gap <= 1e-9:
        return True
    rounding = 0.5 * claimed.ulp if claimed.ulp > stated.ulp else 1e-9 * max(size, 1.0)
    return abs(gap) <= max(rounding * 1.0001, ABOUT * size if slack == "about" else 0.0)
