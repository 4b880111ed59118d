"""A table as Markdown, a claim for each of its cells."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from agent.structured.checking import placed
from pincite.answers import CheckedClaim, CheckedSentence, SentenceId
from pincite.structured import Datum, Structured

EMPTY: Final = "–"
"""A cell that says nothing."""


class Filled(NamedTuple):
    written: str
    number: int
    """Of the citation."""


class Grid(NamedTuple):
    corner: str
    """Above what the rows are called."""
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: Mapping[tuple[int, int], Filled]
    """By row and column."""
    empty: str = EMPTY
    """What stands in a cell without a value."""


Check = Callable[[int, int, Filled], Awaitable[CheckedClaim]]


async def checked_grid(
    grid: Grid,
    form: Literal["table", "comparison"],
    check: Check,
    why: Callable[[int, int], str],
) -> tuple[CheckedSentence, Structured]:
    """`check` is given a row, a column and what stands there; `why` says why nothing does."""
    text = f"{row_of([grid.corner, *grid.columns])}\n{row_of(['---'] * (1 + len(grid.columns)))}"
    claims: list[CheckedClaim] = []
    data: list[Datum] = []
    for row, name in enumerate(grid.rows):
        text += f"\n| {_bare(name)} |"
        for column, head in enumerate(grid.columns):
            cell = grid.cells.get((row, column))
            if cell is None:
                text += f" {grid.empty} |"
                data.append(Datum(path=(row, head), why=why(row, column)))
                continue
            found = await check(row, column, cell)
            marks = "".join(f"[{number}]" for number in found.claim.cites)
            start = len(text) + 1
            text += f" {_bare(cell.written)} {marks} |"
            claims.append(placed(found, start, len(text) - 2))
            data.append(
                Datum(
                    path=(row, head),
                    value=cell.written,
                    written=cell.written,
                    cites=found.claim.cites,
                    verdict=found.verdict,
                )
            )
    sentence = CheckedSentence(id=SentenceId("s1"), text=text, claims=tuple(claims))
    told = Structured(
        form=form, columns=(grid.corner, *grid.columns), rows=grid.rows, data=tuple(data)
    )
    return sentence, told


def row_of(cells: Sequence[str]) -> str:
    """A line of the table, or its beginning."""
    return f"| {' | '.join(_bare(cell) for cell in cells)} |"


def _bare(text: str) -> str:
    """As one cell: no line ends, no bars."""
    return " ".join(text.split()).replace("|", "\\|")
