"""Questions about one value of one file.

Such as `What is the total of the receipt from X of 29/12/2017?`. Rules only. Where the value's name
ends and what names the file begins is open, as in `the date of birth of X`: all ways are given, the
longest name first, and the file tells which one it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from agent.extracting.labels import known
from agent.extracting.typed import Typed, typed
from pincite.extractions import (
    AmountValue,
    Column,
    ColumnKind,
    DateValue,
    NumberValue,
)
from pincite.grounding.words import content

LONGEST_NAME: Final = 6
"""Words of what a value is called."""
NAMED: Final = 0.7
"""Share of the words that name a file which it must have."""
_LIKE: Final = 0.8
"""Likeness of two words of which one may be misread; short ones must be the same."""
_SHORT: Final = 4
_POLITE: Final = re.compile(
    r"^\W*(?:(?:please|can you|could you|tell me|say|find|give me|show me)\b[\s,]*)*", re.IGNORECASE
)
_WHAT: Final = re.compile(
    r"^(?:what|which)(?:\s+(?:is|was|are|were)|['’]s)\s+(?:the\s+)?(?P<rest>.+?)\W*$", re.IGNORECASE
)
_WHO: Final = re.compile(
    r"^(?:who|(?:what|which)\s+(?:company|shop|store|seller|vendor|merchant|supplier|business))\s+"
    r"(?:has\s+)?(?:issued|sold|wrote|printed|sent)\s+(?P<about>.+?)\W*$",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(
    r"^(?:when|on (?:what|which) (?:day|date))\s+(?:is|was)\s+(?P<about>.+?)\s+"
    r"(?:issued|dated|written|printed|signed)\W*$",
    re.IGNORECASE,
)
_HOW_MUCH: Final = re.compile(
    r"^how much\s+(?:is|was)\s+(?:paid|due|charged|spent|the total)\s+"
    r"(?:(?:on|in|for|at|to|by|of)\s+)?(?P<about>.+?)\W*$",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(
    r"\s+(?:of|on|in|from|for|at|by|with|shown on|stated in|given in|according to)\s+",
    re.IGNORECASE,
)
_KINDS: Final = {"date": ColumnKind.DATE, "total": ColumnKind.AMOUNT}
_OF_FILES: Final = frozenset(
    content(
        "receipt invoice bill form document letter file page picture image photo scan memo slip "
        "total amount sum date dated day company shop store seller vendor address number no"
    )
)
"""Words that say what kind of file it is, or which of its values follows; they name none."""


class Asked(NamedTuple):
    """A value, and the words that say of which file."""

    column: Column
    about: str


def asked_values(question: str) -> tuple[Asked, ...]:
    """Every way to read the question; empty where it asks for something else, or for two things."""
    text = " ".join(_POLITE.sub("", question).split())
    if "? " in text:
        return ()
    if found := _WHO.match(text):
        return (Asked(Column(name="company"), found["about"]),)
    if found := _WHEN.match(text):
        return (Asked(Column(name="date", kind=ColumnKind.DATE), found["about"]),)
    if found := _HOW_MUCH.match(text):
        return (Asked(Column(name="total", kind=ColumnKind.AMOUNT), found["about"]),)
    if found := _WHAT.match(text):
        return tuple(_splits(found["rest"]))
    return ()


def _splits(rest: str) -> Iterator[Asked]:
    ends = [(len(rest), len(rest)), *(m.span() for m in reversed([*_JOINT.finditer(rest)]))]
    for end, start in ends:
        name = rest[:end].strip()
        if name and len(name.split()) <= LONGEST_NAME and len(name) <= 60 and content(name):
            yield Asked(_column(name), rest[start:].strip())


def _column(name: str) -> Column:
    column = Column(name=name)
    return column.model_copy(update={"kind": _KINDS.get(known(column), ColumnKind.TEXT)})


# --- which file is meant -------------------------------------------------------------------------


class Named(NamedTuple):
    """What a question says of the file that it means."""

    days: tuple[DateValue, ...]
    amounts: tuple[Decimal, ...]
    words: tuple[str, ...]

    @property
    def says_something(self) -> bool:
        return bool(self.days or self.amounts or self.words)


def named(about: str) -> Named:
    dates = typed(ColumnKind.DATE, about)
    rest = _without(about, dates)
    amounts = typed(ColumnKind.AMOUNT, rest)
    words = content(_without(rest, amounts))
    return Named(
        days=tuple(each.value for each in dates if isinstance(each.value, DateValue)),
        amounts=tuple(each.value.number for each in amounts if isinstance(each.value, AmountValue)),
        words=tuple(dict.fromkeys(word for word in words if word not in _OF_FILES)),
    )


def _without(text: str, values: Sequence[Typed]) -> str:
    for each in values:
        text = f"{text[: each.start]}{' ' * (each.end - each.start)}{text[each.end :]}"
    return text


def fits(wanted: Named, name: str, text: str) -> float:
    """How well a file of that name and text is what is meant, in [0, 1]; 0 where it is not.

    Every day and amount must stand in it, and most of the words.
    """
    days = {day for each in typed(ColumnKind.DATE, text, bare=True) for day in _days(each)}
    if not all(each.day in days or each.or_else in days for each in wanted.days):
        return 0.0
    if wanted.amounts and not set(wanted.amounts) <= _numbers(text):
        return 0.0
    if not wanted.words:
        return 1.0
    there = frozenset(content(f"{name} {text}"))
    share = sum(_stands(word, there) for word in wanted.words) / len(wanted.words)
    return share if share >= NAMED else 0.0


def _days(told: Typed) -> tuple[date, ...]:
    value = told.value
    both = (value.day, value.or_else) if isinstance(value, DateValue) else ()
    return tuple(day for day in both if day is not None)


def _numbers(text: str) -> set[Decimal]:
    values = [told.value for told in typed(ColumnKind.AMOUNT, text, bare=True)]
    values += [told.value for told in typed(ColumnKind.NUMBER, text)]
    return {value.number for value in values if isinstance(value, AmountValue | NumberValue)}


def _stands(word: str, there: frozenset[str]) -> bool:
    if word in there:
        return True
    if len(word) <= _SHORT or word[0].isdigit():
        return False
    near = (other for other in there if abs(len(other) - len(word)) <= 2)
    return any(SequenceMatcher(None, word, other).ratio() >= _LIKE for other in near)
