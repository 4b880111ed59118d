"""Places that are filled without a language model: fields and labels of files, and best quotes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import cast

from agent.extracting.readings import Reading, best, from_fields
from agent.extracting.tables import from_tables
from agent.extracting.texts import from_texts
from agent.run import Run
from agent.selection import Candidate
from agent.structured.comparing import Cells, give_comparison
from agent.structured.quoting import cite, said_of
from agent.structured.reading import in_turn
from agent.structured.shapes import label_of
from agent.structured.sides import Comparison
from agent.structured.values import give_values
from pincite.answer_form import Form
from pincite.answer_shapes import Leaf, Members, leaves_of
from pincite.answers import Voice
from pincite.elements import Element, Source
from pincite.extractions import Column, ColumnKind

NEEDS_MODEL = (
    "This form takes a language model (`pincite models pull`, `pincite connect`) and there is none"
)
_KINDS = {
    "string": ColumnKind.TEXT,
    "date": ColumnKind.DATE,
    "number": ColumnKind.NUMBER,
    "integer": ColumnKind.NUMBER,
}


async def fill_by_rules(run: Run) -> bool:
    """Whether anything was filled in; a table is never: which columns it has, no rule tells."""
    run.evidence, run.citations, run.block = (), (), ""
    if run.form is Form.COMPARISON and run.comparison is not None:
        await _compare(run, run.comparison)
    elif (shape := run.wishes.shape) is not None:
        await _values(run, shape)
    if not run.sentences:
        return False
    run.voice = Voice.QUOTES
    run.steps.append("filled in what rules find without a language model, and checked it")
    return True


# --- comparisons ----------------------------------------------------------------------------------


async def _compare(run: Run, compared: Comparison) -> None:
    rows = compared.aspects or (compared.query,)
    cells: Cells = {}
    for row, aspect in enumerate(rows):
        for column, side in enumerate(compared.sides):
            if told := said_of(run, aspect, side.source):
                cells[row, column] = told
    await give_comparison(run, compared.sides, rows, cells)


# --- values ---------------------------------------------------------------------------------------


async def _values(run: Run, shape: Members) -> None:
    """Of the source that the best sentence is of; what is in a list is left out."""
    if not run.scored:
        return
    source = max(run.scored, key=lambda each: each.standing).source
    said = await asyncio.to_thread(_said, run, shape, source)
    await give_values(run, shape, said)


def _said(run: Run, shape: Members, source: Source) -> dict[str, object]:
    """What a model would say; lists are left out."""
    said: dict[str, object] = {}
    found = [each for each in in_turn([*run.looked_for.values()]) if each.source.id == source.id]
    scored = sorted(found, key=lambda each: -each.relevance)
    elements = list({c.spot.element.id: c.spot.element for c in scored}.values())
    for path, leaf in leaves_of(shape):
        told = best(list(_readings(path, leaf, elements, scored)))
        if told is not None:
            number = cite(run, told.element, source, told.element.text)
            _put(said, path, {"value": told.written, "evidence": number})
    return said


def _readings(
    path: tuple[str, ...], leaf: Leaf, elements: Sequence[Element], scored: Sequence[Candidate]
) -> Iterator[Reading]:
    if leaf.type not in _KINDS or leaf.choices:
        return
    kinds = [_KINDS[leaf.type]]
    if kinds == [ColumnKind.NUMBER]:
        kinds.append(ColumnKind.AMOUNT)
    for kind in kinds:
        column = Column(
            name=label_of(path)[:60], kind=kind, description=leaf.description, aliases=path[-1:]
        )
        yield from from_fields(column, elements)
        yield from from_tables(column, elements)
        yield from from_texts(column, scored)


def _put(said: dict[str, object], path: tuple[str, ...], value: dict[str, object]) -> None:
    for name in path[:-1]:
        said = cast("dict[str, object]", said.setdefault(name, {}))
    said[path[-1]] = value
