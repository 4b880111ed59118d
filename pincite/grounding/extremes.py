"""Claims that something has the most or the least: of a table that can be looked up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pincite.grounding.features import Reading
from pincite.grounding.numbers import Quantity, same
from pincite.grounding.spots import Spot
from pincite.grounding.words import content

_MOST: Final = re.compile(
    r"\b(?:the\s+)?(?:most|highest|largest|biggest|greatest|maximum|longest|heaviest|fastest|"
    r"strongest|tallest|dearest|oldest)\b(?!\s+(?:of|recent|likely|common))",
    re.IGNORECASE,
)
_LEAST: Final = re.compile(
    r"\b(?:the\s+)?(?:least|lowest|smallest|fewest|minimum|shortest|lightest|slowest|weakest|"
    r"cheapest|youngest)\b",
    re.IGNORECASE,
)
_AT: Final = re.compile(r"\bat (?:the )?(?:most|least)\b", re.IGNORECASE)
SUMS: Final = frozenset(content("total totals sum subtotal overall average mean"))


def beaten_by(claim: Reading, row: Spot, spots: Sequence[Spot]) -> Spot | None:
    """The row of the same table that has more (or less) of what the claim says `row` has most of.

    None where the claim says no such thing, or the column it speaks of is not clear.
    """
    text = _AT.sub("", claim.text)
    sign = 1 if _MOST.search(text) else -1 if _LEAST.search(text) else 0
    column = _column(claim, row) if sign else None
    own = _value(row, column)
    if own is None:
        return None
    others = [s for s in spots if s.element.id == row.element.id and s.row not in {None, row.row}]
    known = [(value, s) for s in others if (value := _value(s, column)) is not None]
    best = max(known, key=lambda each: sign * each[0], default=None)
    return best[1] if best and sign * best[0] > sign * own else None


def _column(claim: Reading, row: Spot) -> int | None:
    """The one with the claim's figure; else that whose head it names; else the only one."""
    numeric = [place for place in range(len(row.columns)) if _quantity(row, place)]
    stated = [
        place
        for place in numeric
        if any(same(mine, q) for q in _quantities(row, place) for mine in claim.quantities)
    ]
    named = [
        place for place in numeric if frozenset(content(row.columns[place][0])) & {*claim.stems}
    ]
    for found in (stated, named, numeric):
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _value(row: Spot, column: int | None) -> float | None:
    if column is None or column >= len(row.columns) or row.label & SUMS:
        return None
    found = _quantity(row, column)
    return found.values[0].value if found else None


def _quantity(row: Spot, column: int) -> Quantity | None:
    """The figure of a cell that has one and is little else."""
    found = [q for q in _quantities(row, column) if q.values]
    words = [stem for stem in content(row.columns[column][1]) if not stem[0].isdigit()]
    return found[0] if found and len(words) <= 1 else None


def _quantities(row: Spot, column: int) -> tuple[Quantity, ...]:
    return tuple(q for q in row.quantities_of(row.columns[column][1]) if not q.is_date)
