"""Values in a text, by what kind of value is wanted: dates, amounts of money, numbers, words.

Dates name a day; one such as 03/04/2018 has two readings, of which the file or table decides, see
`agent.extracting.days`. Amounts are exact decimals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from pincite.extractions import (
    AmountValue,
    CellValue,
    ColumnKind,
    DateValue,
    NumberValue,
    TextValue,
)

LONGEST_TEXT: Final = 300
"""Characters of a value that is words."""
_MONTHS: Final = (
    ("jan", "ene", "gen"),
    ("feb", "fev", "fév"),
    ("mar", "mär", "mrz", "maa"),
    ("apr", "abr", "avr"),
    ("may", "mai", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "ago", "aoû"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "dic", "déc"),
)
_MONTH_OF: Final = {short: at for at, names in enumerate(_MONTHS, 1) for short in names}
_MONTH: Final = rf"(?P<month>(?:{'|'.join(_MONTH_OF)})[^\W\d_]{{0,8}})\.?"
_SEP: Final = r"\s?[-/.]\s?"
_DATES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d)(?P<year>(?:19|20)\d\d){_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})(?!\d)",
        r"(?P<year>(?:19|20)\d\d)\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|º)?(?:\s?[-/.,']?\s?|\s(?:of|de|del)\s){_MONTH}"
        r"(?:\s?[-/.,']{0,2}\s?|\s(?:of|de|del)\s)(?P<year>(?:19|20)\d\d|\d\d)(?![\d:])",
        rf"\b{_MONTH}\s?[-/.]?\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s?[,.-]?\s?'?(?P<year>(?:19|20)\d\d)"
        r"(?!\d)",
        rf"(?<![\d.])(?P<a>\d{{1,2}}){_SEP}(?P<b>\d{{1,2}}){_SEP}(?P<year>(?:19|20)\d\d|\d\d)"
        r"(?![\d%]|[.,/-]\d)",
    )
)
_CURRENCY: Final = (
    r"US\$|A\$|S\$|C\$|HK\$|R\$|[$€£¥₹₩₽₺]|(?<![^\W\d])(?:RM|MYR|USD|EUR|GBP|CHF|SGD|AUD|CAD|NZD|JPY"
    r"|CNY|RMB|INR|HKD|IDR|THB|PHP|KRW|TWD|VND|SEK|NOK|DKK|PLN|CZK|HUF|ZAR|BRL|MXN|Rs|Rp|Fr|kr|zł)"
    r"(?![^\W\d])\.?|(?<![^\W\d])(?:dollars?|euros?|pounds?|ringgit|francs?)(?![^\W\d])"
)
_DIGITS: Final = r"\d{1,3}(?:[,.'’\u00a0 ]\d{3})+(?:\s?[.,]\s?\d{1,2})?(?!\d)|\d+(?:\s?[.,]\s?\d+)?"
_SCALE: Final = r"(?:thousand|million|billion|mio|mrd|mn|bn|k|m)"
_AMOUNT: Final = re.compile(
    rf"(?<![\d.,/:-])(?P<open>\()?(?P<sign>[-−])?\s?(?P<before>{_CURRENCY})?\s?(?P<sign2>[-−])?"
    rf"(?P<digits>{_DIGITS})(?:\s?(?P<scale>{_SCALE})\b)?(?:\s?(?P<after>{_CURRENCY}))?"
    r"(?P<close>\))?(?![\d/:]|[.,-]\d|\s?%)",
    re.IGNORECASE,
)
_SCALES: Final = {
    "thousand": 1_000, "k": 1_000, "million": 10**6, "mio": 10**6, "mn": 10**6, "m": 10**6,
    "billion": 10**9, "mrd": 10**9, "bn": 10**9,
}  # fmt: skip
_NUMBER: Final = re.compile(rf"(?<![\w.,/-])(?P<sign>[-−])?(?P<digits>{_DIGITS})(?![\d/:]|[.,-]\d)")
_MISREAD: Final = str.maketrans("OoIlSBZ", "0011582")
_LIKE_DIGITS: Final = re.compile(r"(?<=\d)[OoIlSBZ]|[OoIlSBZ](?=\d)")


class Typed(NamedTuple):
    """A value at characters [start, end) of a text."""

    start: int
    end: int
    value: CellValue


def typed(kind: ColumnKind, text: str, *, bare: bool = False) -> list[Typed]:
    """All values of a kind in a text, in order.

    `bare`: the text is a field or a cell of a table, where a number alone may be an amount; in
    running text an amount has a currency or cents.
    """
    match kind:
        case ColumnKind.DATE:
            return sorted(_dates(text) or (_dates(_mended(text)) if bare else []))
        case ColumnKind.AMOUNT:
            return list(_amounts(text, bare=bare)) or (
                list(_amounts(_mended(text), bare=True)) if bare else []
            )
        case ColumnKind.NUMBER:
            return list(_numbers(text))
        case ColumnKind.TEXT:
            return _words(text)


def _mended(text: str) -> str:
    """Letters that OCR takes for digits, right beside digits; of the same length."""
    return _LIKE_DIGITS.sub(lambda found: found[0].translate(_MISREAD), text)


# --- dates ---------------------------------------------------------------------------------------


def _dates(text: str) -> list[Typed]:
    found: list[Typed] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if any(match.start() < each.end and each.start < match.end() for each in found):
                continue
            days = _days(match.groupdict())
            if days:
                value = DateValue(day=days[0], or_else=days[1] if len(days) > 1 else None)
                found.append(Typed(*match.span(), value))
    return found


def _days(parts: dict[str, str | None]) -> list[date]:
    """All readings, the day before the month first."""
    year = int(parts["year"] or 0)
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    if parts.get("a"):
        a, b = int(parts["a"] or 0), int(parts["b"] or 0)
        return list(dict.fromkeys(_day(year, b, a) + _day(year, a, b)))
    month = _MONTH_OF.get((parts.get("month") or "")[:4].casefold())
    month = month or _MONTH_OF.get((parts.get("month") or "")[:3].casefold())
    return _day(year, month or int(parts.get("m") or 0), int(parts["d"] or 0))


def _day(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def day_first(text: str) -> bool | None:
    """Whether a date that is written in numbers has its day first; None where both may be."""
    match = _DATES[-1].search(text)
    if match is None:
        return None
    a, b = int(match["a"]), int(match["b"])
    if a > 12 >= b:
        return True
    return False if b > 12 >= a else None


# --- amounts and numbers -------------------------------------------------------------------------


def _amounts(text: str, *, bare: bool) -> Iterator[Typed]:
    taken = _dates(text)
    for match in _AMOUNT.finditer(text):
        currency = (match["before"] or match["after"] or "").strip()
        start, end = _tight(match, currency)
        if any(start < each.end and each.start < end for each in taken):
            continue
        told = currency or match["scale"] or re.search(r"[.,]\s?\d\d\Z", match["digits"])
        number = _decimal(match["digits"]) if told or bare else None
        if number is None:
            continue
        number *= _SCALES.get((match["scale"] or "").casefold(), 1)
        minus = match["sign"] or match["sign2"] or (match["open"] and match["close"])
        yield Typed(start, end, AmountValue(number=-number if minus else number, currency=currency))


def _tight(match: re.Match[str], currency: str) -> tuple[int, int]:
    """Without brackets of which only one belongs to it, and without spaces at the ends."""
    whole = bool(match["open"] and match["close"])
    names = ("sign", "before", "sign2", "digits", "scale") + (("after",) if currency else ())
    spans = [match.span(name) for name in names if match[name]]
    if whole:
        return match.span()
    return min(start for start, _ in spans), max(end for _, end in spans)


def _numbers(text: str) -> Iterator[Typed]:
    taken = _dates(text)
    for match in _NUMBER.finditer(text):
        number = _decimal(match["digits"])
        clash = any(match.start() < each.end and each.start < match.end() for each in taken)
        if number is not None and not clash:
            yield Typed(*match.span(), NumberValue(number=-number if match["sign"] else number))


def _decimal(digits: str) -> Decimal | None:
    """The last separator parts the decimals, unless exactly three digits stand behind each."""
    bare = re.sub(r"[\s\u00a0'’]", "", digits)
    if re.fullmatch(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*", bare) and not bare.startswith("0"):
        bare = bare.replace(",", "").replace(".", "")
    else:
        whole, _, decimals = bare.replace(",", ".").rpartition(".")
        bare = f"{whole.replace('.', '')}.{decimals}" if whole else decimals
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


# --- words ---------------------------------------------------------------------------------------


def _words(text: str) -> list[Typed]:
    bare = " ".join(text.split()).strip(" ,;:|•·-–—*_")
    if not any(letter.isalnum() for letter in bare) or len(bare) > LONGEST_TEXT:
        return []
    return [Typed(0, len(text), TextValue(text=bare))]
