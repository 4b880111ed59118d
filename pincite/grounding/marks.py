"""Citation marks: `[1]`, `[1][2]`, `[1, 3]`, `[2-4]`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

MARK: Final = re.compile(r"\s*\[\s*(\d{1,3}(?:\s*(?:,|;|-|–)\s*\d{1,3})*)\s*\]")
_PART: Final = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")
LONGEST_RANGE: Final = 20


class Mark(NamedTuple):
    start: int
    """With the white space before it."""
    end: int
    numbers: tuple[int, ...]


def marks_in(text: str) -> list[Mark]:
    return [Mark(m.start(), m.end(), _numbers(m.group(1))) for m in MARK.finditer(text)]


def without_marks(text: str) -> str:
    return MARK.sub("", text)


def _numbers(inner: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in _PART.finditer(inner):
        first, last = int(part.group(1)), int(part.group(2) or part.group(1))
        if first <= last < first + LONGEST_RANGE:
            found.extend(range(first, last + 1))
        else:
            found.extend((first, last))
    return tuple(dict.fromkeys(found))
