"""The form `table`: a model says entries, code puts them into rows and columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from agent.run import Run
from agent.structured.anchoring import anchored
from agent.structured.asking import asked_for
from agent.structured.checking import checked
from agent.structured.grid import Filled, Grid, checked_grid
from agent.structured.parsing import Said
from agent.structured.shapes import closed, evidence
from pincite.answer_shapes import Leaf
from pincite.answers import CheckedClaim, Citation
from pincite.grounding.words import content, folded
from pincite.models.ports import ChatModel

MOST_ENTRIES: Final = 24
_TEXT: Final = Leaf(type="string")
_NAME: Final = {"type": "string", "minLength": 1, "maxLength": 60}


class Entry(NamedTuple):
    row: str
    column: str
    cell: Filled


async def tabulate(run: Run, chat: ChatModel, question: str) -> Said:
    messages = run.instructions.messages(evidence=run.block, question=question)
    said = await asked_for(run, chat, messages, entries_schema([c.number for c in run.citations]))
    grid = grid_of(entries(said.value, run.citations))
    if grid.cells:

        async def check(row: int, column: int, cell: Filled) -> CheckedClaim:
            label = f"{grid.rows[row]}, {grid.columns[column]}"
            return await checked(run, label, cell.written, cell.number)

        def why(row: int, column: int) -> str:
            del row, column
            return "The evidence that was read does not say it."

        sentence, run.data = await checked_grid(grid, "table", check, why)
        run.sentences = [sentence]
    return said


def entries_schema(numbers: Sequence[int]) -> dict[str, Any]:
    value = {"type": "string", "minLength": 1, "maxLength": 120}
    entry = {"row": _NAME, "column": _NAME, "value": value, "evidence": evidence(numbers)}
    return closed({"entries": {"type": "array", "items": closed(entry), "maxItems": MOST_ENTRIES}})


def entries(said: Mapping[str, object], shown: Sequence[Citation]) -> list[Entry]:
    """Those whose value stands in the evidence; of a row the first word on each column."""
    listed = said.get("entries")
    found: dict[tuple[str, str], Entry] = {}
    for each in cast("list[object]", listed) if isinstance(listed, list) else []:
        told = cast("dict[str, object]", each) if isinstance(each, dict) else {}
        row, column = (" ".join(str(told.get(key) or "").split()) for key in ("row", "column"))
        value = anchored(_TEXT, told, shown)
        key = (folded(row), folded(column))
        if row and column and value.number and not _repeats(value.written, row):
            entry = Entry(row, column, Filled(value.written, value.number))
            found.setdefault(key, entry)
    return list(found.values())[:MOST_ENTRIES]


def _repeats(value: str, row: str) -> bool:
    """Whether a cell only says what its row is called."""
    return content(value) == content(row)


def grid_of(told: Sequence[Entry]) -> Grid:
    """Rows and columns in the order in which they were first named."""
    rows = {folded(each.row): each.row for each in reversed(told)}
    columns = {folded(each.column): each.column for each in reversed(told)}
    row_at = {name: place for place, name in enumerate(dict.fromkeys(folded(e.row) for e in told))}
    column_at = {
        name: place for place, name in enumerate(dict.fromkeys(folded(e.column) for e in told))
    }
    return Grid(
        corner="",
        columns=tuple(columns[name] for name in column_at),
        rows=tuple(rows[name] for name in row_at),
        cells={(row_at[folded(e.row)], column_at[folded(e.column)]): e.cell for e in told},
    )
