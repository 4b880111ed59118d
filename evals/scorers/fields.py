"""Key fields of receipts: is the value right, and is its box where the value stands?

A value is right if it equals the gold after normalisation: company and address by their letters and
digits, capitals or not (spaces and punctuation are where annotators themselves differ); a date by
the day that it names, day before month where both could be meant; a total by its amount.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from evals.datasets.marked import MarkedText

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TOLD = 0.6
"""Share of a value's letters that its lines must have, so that they say where it stands."""
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[a-z]{3,}")


def same_value(field: str, found: str, gold: str) -> bool:
    """Whether a value of `company`, `address`, `date` or `total` is right."""
    match field:
        case "date":
            return day_of(found) == day_of(gold)
        case "total":
            return amount_of(found) == amount_of(gold)
        case _:
            return letters_of(found) == letters_of(gold)


def letters_of(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def amount_of(text: str) -> str:
    """`RM 1,007.50` and `1007.5` are the same amount; the text itself where there is none."""
    found = re.search(r"\d[\d,. ]*", text)
    if found is None:
        return letters_of(text)
    parts = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", found[0].replace(" ", "").rstrip(".,"))
    whole, cents = parts.groups(default="") if parts else ("", "")
    return f"{int(''.join(_NUMBER.findall(whole)) or 0)}.{cents.ljust(2, '0')}"


def day_of(text: str) -> str:
    """`yyyy-mm-dd`; the letters of the text where it names no day."""
    lowered = text.casefold()
    numbers = [int(number) for number in _NUMBER.findall(lowered)]
    month = next(
        (_MONTHS.index(word[:3]) + 1 for word in _WORD.findall(lowered) if word[:3] in _MONTHS), 0
    )
    if month and len(numbers) >= 2:
        first, last = numbers[0], numbers[1]
        day, year = (last, first) if first > 31 else (first, last)
    elif len(numbers) >= 3 and numbers[0] > 31:
        year, month, day = numbers[:3]
    elif len(numbers) >= 3:
        day, month, year = numbers[:3]
    else:
        return letters_of(text)
    return f"{year + 2000 if year < 100 else year:04}-{month:02}-{day:02}"


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


def gold_boxes(field: str, gold: str, lines: Sequence[MarkedText]) -> list[Box]:
    """Where the value may stand: each line that contains it; around its lines if it takes several.

    Empty where no line of the gold transcription has it, so that no box can be right or wrong.
    """
    wanted = letters_of(gold)
    if not wanted:
        return []
    whole = [line for line in lines if wanted in letters_of(line.text)]
    if whole:
        return [Box(line.left, line.top, line.right, line.bottom) for line in whole]
    if field not in ("company", "address"):
        return []
    return [_around(run) for run in _runs(lines, wanted) if _letters(run) >= _TOLD * len(wanted)]


def _runs(lines: Sequence[MarkedText], wanted: str) -> list[list[MarkedText]]:
    """Lines that are parts of a value, those right below one another together."""
    runs: list[list[MarkedText]] = []
    for line in sorted(lines, key=lambda line: line.top):
        part = letters_of(line.text)
        if len(part) < 3 or part not in wanted:
            continue
        height = line.bottom - line.top
        if runs and line.top - runs[-1][-1].bottom <= height:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _letters(lines: Sequence[MarkedText]) -> int:
    return sum(len(letters_of(line.text)) for line in lines)


def _around(lines: Sequence[MarkedText]) -> Box:
    return Box(
        min(line.left for line in lines),
        min(line.top for line in lines),
        max(line.right for line in lines),
        max(line.bottom for line in lines),
    )


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    shared = max(0.0, width) * max(0.0, height)
    total = _area(one) + _area(other) - shared
    return shared / total if total > 0 else 0.0


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)
