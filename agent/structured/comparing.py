"""The form `comparison`: a row for each thing that is compared, a column for each source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from agent.run import Run
from agent.structured.anchoring import anchored
from agent.structured.asking import asked_for
from agent.structured.checking import checked
from agent.structured.grid import Filled, Grid, checked_grid
from agent.structured.parsing import Said
from agent.structured.quoting import said_of
from agent.structured.shapes import for_model
from agent.structured.sides import Comparison, Side
from agent.structured.tables import entries, entries_schema
from pincite.answer_shapes import Leaf, Members
from pincite.answers import CheckedClaim, Citation, Voice
from pincite.models.ports import ChatModel

NOT_FOUND: Final = "not found"
_TEXT: Final = Leaf(type="string")
Cells = dict[tuple[int, int], Filled]


async def compare(run: Run, chat: ChatModel, question: str, compared: Comparison) -> Said:
    """Each source is read by itself, so that no word of one stands in the column of another."""
    rows: list[str] = list(compared.aspects)
    cells: Cells = {}
    whole: dict[str, Any] = {}
    is_cut = False
    for column, side in enumerate(compared.sides):
        shown = [c for c in run.citations if c.source == side.source]
        if not shown:
            continue
        said = await _of_side(run, chat, question, compared, shown)
        whole, is_cut = whole | said.value, is_cut or said.is_cut
        for name, cell in _cells(compared, said, shown):
            if name not in rows:
                rows.append(name)
            cells.setdefault((rows.index(name), column), cell)
    if chat.voice is Voice.SMALL_LOCAL_MODEL:
        _complete(run, compared, cells)
    await give_comparison(run, compared.sides, rows, cells)
    return Said(whole, is_cut=is_cut)


def _complete(run: Run, compared: Comparison, cells: Cells) -> None:
    """By the best sentence: a small model misses what is there."""
    for row, aspect in enumerate(compared.aspects):
        for column, side in enumerate(compared.sides):
            if (row, column) not in cells and (told := said_of(run, aspect, side.source)):
                cells[row, column] = told


async def _of_side(
    run: Run, chat: ChatModel, question: str, compared: Comparison, shown: Sequence[Citation]
) -> Said:
    """Its evidence alone, under the numbers that it has in the whole answer."""
    marks = tuple(f"[{c.number}]" for c in shown)
    block = "\n".join(line for line in run.block.splitlines() if line.startswith(marks))
    messages = run.instructions.messages(
        evidence=block, question=question, wanted=", ".join(compared.aspects) or "what is asked"
    )
    if compared.aspects:
        members = tuple((aspect, _TEXT) for aspect in compared.aspects)
        schema = for_model(Members(members=members), [c.number for c in shown])
    else:
        schema = entries_schema([c.number for c in shown])
    return await asked_for(run, chat, messages, schema)


def _cells(compared: Comparison, said: Said, shown: Sequence[Citation]) -> list[tuple[str, Filled]]:
    if not compared.aspects:
        found = entries(said.value, shown)
        return [(each.row if each.column in each.row else each.column, each.cell) for each in found]
    told = [(aspect, anchored(_TEXT, said.value.get(aspect), shown)) for aspect in compared.aspects]
    return [(aspect, Filled(f.written, f.number)) for aspect, f in told if f.number]


async def give_comparison(
    run: Run, sides: Sequence[Side], rows: Sequence[str], cells: Cells
) -> None:
    """The table, each cell held against its own source; nothing where no cell is filled."""
    if not cells:
        return

    async def check(row: int, column: int, cell: Filled) -> CheckedClaim:
        return await checked(run, rows[row], cell.written, cell.number, {sides[column].source})

    def why(row: int, column: int) -> str:
        del row
        return f"Not found in {sides[column].name}."

    grid = Grid("", tuple(_heads(sides)), tuple(rows), cells, NOT_FOUND)
    sentence, run.data = await checked_grid(grid, "comparison", check, why)
    run.sentences = [sentence]


def _heads(sides: Sequence[Side]) -> list[str]:
    """Names of the files; those of the same name are told apart."""
    names = [side.name for side in sides]
    return [
        name if names.count(name) == 1 else f"{name} ({names[: place + 1].count(name)})"
        for place, name in enumerate(names)
    ]
