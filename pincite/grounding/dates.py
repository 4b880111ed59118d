"""Dates and times of day, however they are written, as far as they are stated."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar",
            "february feb februar",
            "march mar märz",
            "april apr",
            "may mai",
            "june jun juni",
            "july jul juli",
            "august aug",
            "september sep sept",
            "october oct oktober",
            "november nov",
            "december dec dezember",
        ),
        1,
    )
    for name in names.split()
}
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY: Final = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|\.)?"
_YEAR: Final = r"(?P<year>(?:1[4-9]|20|21)\d\d)"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_YEAR}-(?P<m>[01]?\d)-(?P<day>[0-3]?\d)\b",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b",
        r"\b(?P<a>[0-3]?\d)(?P<sep>[/.])(?P<b>[0-3]?\d)(?P=sep)(?P<yy>\d{4}|\d{2})\b",
        rf"\b{_MONTH},?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\s*%)",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?=\W|$)",
        rf"\b(?:Q(?P<quarter>[1-4])|(?P<qword>first|second|third|fourth)\s+quarter(?:\s+of)?)"
        rf"[\s,/-]*(?:FY)?\s*{_YEAR}\b",
        rf"\b(?:FY\s?|fiscal\s+(?:year\s+)?|in\s+|since\s+|of\s+|year\s+)?(?<![\d,.$€£]){_YEAR}\b"
        r"(?![,.]\d|\s*(?:%|percent))",
        r"\b(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::[0-5]\d)?\s*(?P<half>[ap]\.?m\b\.?)?",
        r"\b(?P<hour>1?\d)\s*(?P<half>[ap]\.?m\b\.?)",
    )
)
_QUARTERS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4}


class Moment(NamedTuple):
    """Stated parts only; None is what the text leaves open."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    clock: int | None = None
    """Minutes since midnight."""

    def fits(self, other: Moment) -> bool:
        """Whether everything stated here is stated in `other`, and the same."""
        return all(mine is None or mine == its for mine, its in zip(self, other, strict=True))

    def clashes(self, other: Moment) -> bool:
        """Whether the same parts are stated, and differ."""
        stated = [(a, b) for a, b in zip(self, other, strict=True) if a is not None]
        return all(b is not None for _, b in stated) and any(a != b for a, b in stated)


class DateSpan(NamedTuple):
    start: int
    end: int
    text: str
    moments: tuple[Moment, ...]
    """All readings; `03/04/2024` has two."""


def dates_in(text: str) -> list[DateSpan]:
    """Dates in order, longest pattern first, without overlaps."""
    found: list[DateSpan] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            free = all(match.end() <= d.start or match.start() >= d.end for d in found)
            if free and (moments := _moments(match.groupdict())):
                found.append(DateSpan(match.start(), match.end(), match.group(), moments))
    return sorted(found)


def _moments(parts: dict[str, str | None]) -> tuple[Moment, ...]:
    if parts.get("hour"):
        return _clock(parts)
    if parts.get("a"):
        return _slashed(int(parts["a"] or 0), int(parts["b"] or 0), parts["yy"] or "")
    month = _MONTHS.get((parts.get("month") or "").casefold()) or _int(parts.get("m"))
    quarter = _int(parts.get("quarter")) or _QUARTERS.get((parts.get("qword") or "").casefold())
    day = _int(parts.get("day"))
    if (day is not None and not 1 <= day <= 31) or (month is not None and not 1 <= month <= 12):
        return ()
    return (Moment(_int(parts.get("year")), month, day, quarter),)


def _slashed(a: int, b: int, year: str) -> tuple[Moment, ...]:
    full = int(year) if len(year) == 4 else 2000 + int(year) if int(year) < 70 else 1900 + int(year)
    both = ((a, b), (b, a))
    return tuple(
        dict.fromkeys(Moment(full, m, d) for d, m in both if 1 <= m <= 12 and 1 <= d <= 31)
    )


def _clock(parts: dict[str, str | None]) -> tuple[Moment, ...]:
    hour, minute = int(parts["hour"] or 0), int(parts.get("minute") or 0)
    half = (parts.get("half") or "").casefold()
    if hour > 23:
        return ()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return (Moment(clock=60 * hour + minute),)


def _int(text: str | None) -> int | None:
    return int(text) if text else None
