"""Who has the most of a table."""

from __future__ import annotations

import pytest

from pincite.elements import Cell, Kind, Table
from pincite.grounding.extremes import beaten_by
from pincite.grounding.features import Reading
from pincite.grounding.spots import Spot, spots_of
from tests.unit.agent.library import element

ROWS = (
    ("Supplier", "Date", "Amount EUR"),
    ("Tolland", "2025-11-05", "11670"),
    ("Corran", "2025-11-17", "6480"),
    ("Nordhavn", "2025-11-18", "14920"),
    ("Total", "", "33070"),
)


@pytest.fixture
def spots() -> list[Spot]:
    cells = tuple(
        Cell(row=r, column=c, text=text, is_header=r == 0)
        for r, row in enumerate(ROWS)
        for c, text in enumerate(row)
    )
    base = element("; ".join(" ".join(row) for row in ROWS), 1)
    table = Table(html="", cells=cells)
    return spots_of(base.model_copy(update={"kind": Kind.TABLE, "table": table}))


@pytest.mark.parametrize(
    ("claim", "row", "by"),
    [
        ("Tolland was paid the most, 11670 euro.", 0, "Nordhavn"),
        ("Nordhavn was paid the most, 14920 euro.", 2, None),
        ("Tolland had the lowest amount.", 0, "Corran"),
        ("Corran had the lowest amount.", 1, None),
        ("Tolland was paid 11670 euro.", 0, None),
        ("Tolland was paid at most 11670 euro.", 0, None),
    ],
)
def test_a_row_is_the_extreme_only_if_no_other_goes_further(
    spots: list[Spot], claim: str, row: int, by: str | None
) -> None:
    found = beaten_by(Reading.of(claim), spots[row], spots)
    assert (found.columns[0][1] if found else None) == by


def test_a_sentence_is_never_beaten() -> None:
    (said,) = spots_of(element("Tolland was paid 11670 euro.", 1))
    assert beaten_by(Reading.of("Tolland was paid the most."), said, [said]) is None
