"""What of a reading by OCR counts as text, and what the page's note says of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pincite.models.ports import RecognizedLine
from pincite.models.scripts import READ

_GOOD_PAGE = 0.85
_NOISE = 0.4
"""Confidence below which a line is not taken for text."""
_NOISE_ON_GOOD = 0.8
"""The same where the rest of the page reads well: such lines are signatures, specks, drawings."""
_HARDLY_READ = 0.65
_FEWEST = 5


class Legible(NamedTuple):
    lines: list[RecognizedLine]
    notes: tuple[str, ...]
    """One sentence each, for the ledger: nothing is left out in silence."""


def legible(seen: Iterable[RecognizedLine]) -> Legible:
    """Part lines that are text from places that only look like it."""
    written = [line for line in seen if line.text.strip()]
    least = _NOISE_ON_GOOD if _confidence(written) >= _GOOD_PAGE else _NOISE
    lines = [line for line in written if line.confidence >= least]
    return Legible(lines, tuple(_notes(written, len(written) - len(lines))))


def _notes(written: Sequence[RecognizedLine], unread: int) -> Iterable[str]:
    if unread:
        places = "1 place looks" if unread == 1 else f"{unread} places look"
        yield f"{places} like writing but could not be read"
    if len(written) >= _FEWEST and _confidence(written) < _HARDLY_READ:
        yield (
            "most of the page could hardly be read: a poor scan, handwriting, or a script other "
            f"than those that the OCR reads ({', '.join(READ)})"
        )


def _confidence(lines: Sequence[RecognizedLine]) -> float:
    """Mean over letters; 0 without any."""
    letters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / letters if letters else 0.0
