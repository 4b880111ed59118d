"""Which lines are headings, and which heading stands above which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ingestion.layout.marks import Line

_NUMBERED = re.compile(
    r"(?:(?:item|part|section|article|chapter|note)\s+)?[\dIVX]+[A-Z]?[.:)]?", re.I
)
_SIGN = re.compile(r"[^\w\s(\[\"'“‘«§¿¡]")
_HEADING_LINES = 3
_FEWEST_LETTERS, _HEADING_LETTERS = 3, 200
BIGGER = 1.12
"""Of a heading's type, against the type of the page."""
_MAIN_SHARE = 0.3
_QUOTES = "\"'”’»)"
_CAPITALS, _CAPITAL_WORDS = 5, 10


class Type(NamedTuple):
    """The type that most of a page is set in."""

    size: float
    bold: bool
    capitals: bool = False
    """Whether the page is set in capitals, as forms and receipts are."""


def body_type(lines: Sequence[Line]) -> Type:
    """The largest type that a good part of the characters is set in; a bibliography is smaller."""
    sizes, bold, total, capitals = Counter[float](), 0, 0, 0
    for line in lines:
        letters = sum(len(word.text) for word in line.words)
        capitals += letters if _is_upper(line) else 0
        sizes[round(line.size * 2) / 2] += letters
        total += letters
        bold += letters if line.bold else 0
        for cell in line.placed.cells if line.placed else ():
            for word in cell.words:
                sizes[round(word.size * 2) / 2] += len(word.text)
    return Type(_main_size(sizes), bold > 0.6 * total, capitals > _MAIN_SHARE * total)


def _is_upper(line: Line) -> bool:
    first = line.words[0].text
    return first == first.upper() and line.text.isupper()


def _main_size(sizes: Counter[float]) -> float:
    if not sizes:
        return 10.0
    commonest = sizes.most_common(1)[0][0]
    enough = _MAIN_SHARE * sizes.total()
    # sizes that differ by rounding only count together
    near = {size: sizes[size] + sizes[size - 0.5] + sizes[size + 0.5] for size in sizes}
    return max(
        (size for size in sizes if near[size] >= enough and sizes[size] >= 0.4 * near[size]),
        default=commonest,
    )


def is_heading(lines: Sequence[Line], text: str, body: Type) -> bool:
    if len(lines) > _HEADING_LINES or len(text) > _HEADING_LETTERS:
        return False
    letters = sum(map(str.isalpha, text))
    if letters < _FEWEST_LETTERS:
        return False
    if text.rstrip(_QUOTES).endswith((".", ",", ";", "-", "–")) and not _NUMBERED.fullmatch(text):
        return False
    if _SIGN.match(text) or letters < 0.5 * len(text.replace(" ", "")):
        return False
    size = min(line.size for line in lines)
    stands_out = size >= BIGGER * body.size
    return (
        stands_out
        or _is_in_capitals(lines, text, body)
        or (not body.bold and all(line.bold for line in lines) and size > 0.9 * body.size)
    )


def _is_in_capitals(lines: Sequence[Line], text: str, body: Type) -> bool:
    if body.capitals or len(lines) > 1 or not text.isupper():
        return False
    words = [word for word in text.split() if sum(map(str.isalpha, word)) >= _CAPITALS]
    return bool(words) and len(text.split()) <= _CAPITAL_WORDS and lines[0].size >= 0.7 * body.size


def _is_louder(text: str) -> bool:
    """Capitals raise a heading above others of its size, unless its number says where it stands."""
    return text.isupper() and not text[0].isdigit()


def rank_of(lines: Sequence[Line], text: str) -> float:
    size = max(line.size for line in lines)
    return (
        size + (0.6 if all(line.bold for line in lines) else 0) + (0.4 if _is_louder(text) else 0)
    )
