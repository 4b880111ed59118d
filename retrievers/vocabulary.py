"""Other words for what a question asks for, as the documents may have them. Pure."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from retrievers.accounting import MEASURES, Measure


class OtherWords(NamedTuple):
    """Both may be empty."""

    lines: str
    """Of what is asked for."""
    around: str
    """Of the page that holds it."""


def other_words(question: str) -> OtherWords:
    """By which lines, and on which statements, a report answers it."""
    found = [measure for pattern, measure in _patterns() if pattern.search(question)]
    around = dict.fromkeys(name for measure in found for name in measure.statements)
    return OtherWords(" ".join(measure.lines for measure in found).strip(), " ".join(around))


@cache
def _patterns() -> list[tuple[re.Pattern[str], Measure]]:
    return [(re.compile(measure.asked, re.IGNORECASE), measure) for measure in MEASURES]
