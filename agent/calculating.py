"""Arithmetic over cells that are cited: by code, never by a model.

Asked is how something changed from one year to another; taken are the two cells of the row that
speaks of it. What is computed says with which figures, so that a reader can do it again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from agent.selection import Candidate
from agent.understanding import wanted
from pincite.grounding.numbers import quantities
from pincite.grounding.words import content

_CHANGE: Final = re.compile(
    r"\b(?:chang\w*|increas\w*|decreas\w*|gr[eo]w\w*|ris\w*|rose|fall|fell|declin\w*|drop\w*|"
    r"differ\w*|compar\w*|shrink|shrank)\b",
    re.IGNORECASE,
)
_OF_CHANGE: Final = frozenset(
    content(
        "change changed increase increased decrease decreased grow grew growth rise rose fall fell "
        "decline declined drop dropped difference compare compared compares comparison percent "
        "percentage year years fiscal between from"
    )
)
_FIGURE: Final = re.compile(
    r"\(?[-−+]?\s?[$€£]?\s?\(?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\)?\s*(?P<share>%)?\)?"
)
ON_TOPIC: Final = 0.5
"""Share of the question's words that the row's label must hold."""


class Change(NamedTuple):
    """A cell of one year, a cell of a later one, and what lies between them."""

    candidate: Candidate
    label: str
    years: tuple[int, int]
    cells: tuple[str, str]
    """As they are written."""
    difference: Decimal
    share: Decimal | None
    """Of the earlier figure, in per cent; None where that is not positive, or a percentage."""

    @property
    def text(self) -> str:
        """One sentence with both figures."""
        (one, other), (first, last) = self.cells, self.years
        points = " percentage points" if one.endswith("%") else ""
        share = f" ({self.share:+.1f} %)" if self.share is not None else ""
        return (
            f"{self.label}: {one} in {first} and {other} in {last}, a change of "
            f"{_written(self.difference)}{points}{share}."
        )


def change(question: str, scored: Sequence[Candidate]) -> Change | None:
    """What the first row on the topic says, by standing; None for a question of another kind.

    Figures are taken as the table has them, in its own unit.
    """
    years = sorted({m.year for q in quantities(question) for m in q.moments if m.year})
    if len(years) != 2 or not _CHANGE.search(question):
        return None
    topic = [s for s in wanted(question) if s not in _OF_CHANGE and not s[0].isdigit()]
    rows = [c for c in scored if c.spot.columns]
    for candidate in sorted(rows, key=lambda c: -c.standing):
        label = candidate.spot.label
        held = label | frozenset(content(candidate.source.name))
        on_topic = sum(stem in held for stem in topic) >= ON_TOPIC * max(len(topic), 1)
        found = _between(candidate, (years[0], years[1])) if on_topic and label else None
        if found:
            return found
    return None


def _between(candidate: Candidate, years: tuple[int, int]) -> Change | None:
    columns = candidate.spot.columns
    cells = [[t for head, t in columns if _years_of(head) == {year}] for year in years]
    if [len(found) for found in cells] != [1, 1]:
        return None
    one, other = (figure(found[0]) for found in cells)
    if one is None or other is None:
        return None
    written = (cells[0][0].strip(), cells[1][0].strip())
    shares = [text.rstrip(") ").endswith("%") for text in written]
    if shares[0] is not shares[1]:
        return None
    share = None if shares[0] or one <= 0 else (other - one) / one * 100
    label = " ".join(text for head, text in columns if not _years_of(head)).strip(" :;")
    return Change(candidate, label or "It", years, written, other - one, share)


def _years_of(head: str) -> set[int]:
    return {m.year for q in quantities(head) for m in q.moments if m.year}


def figure(text: str) -> Decimal | None:
    """A cell that is one figure; an accountant's brackets make it negative."""
    found = _FIGURE.fullmatch(text.strip())
    if found is None:
        return None
    try:
        value = Decimal(found["digits"].replace(",", ""))
    except InvalidOperation:
        return None
    return -value if "(" in text or re.match(r"\s*[$€£]?\s*[-−]", text) else value


def _written(value: Decimal) -> str:
    return f"{value:+,}"
