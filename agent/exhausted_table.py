"""Rows over all files as one table of an answer."""

from __future__ import annotations

from collections.abc import Sequence

from agent.structured.grid import EMPTY, row_of
from pincite.answers import CheckedClaim, CheckedSentence, Claim, SentenceId
from pincite.extractions import Extraction, FoundCell, Row
from pincite.structured import Datum, Structured


def table_of(table: Extraction, rows: Sequence[Row]) -> tuple[CheckedSentence, Structured]:
    """A claim for each cell that has a value, with the verdict that it was given."""
    heads = [column.name for column in table.asked.columns]
    text = f"{row_of(['file', *heads])}\n{row_of(['---'] * (1 + len(heads)))}"
    claims: list[CheckedClaim] = []
    data: list[Datum] = []
    names = [row.name if row.item is None else f"{row.name}, item {row.item}" for row in rows]
    for place, (name, row) in enumerate(zip(names, rows, strict=True)):
        text += f"\n{row_of([name])}"
        for head, cell in zip(heads, row.cells, strict=True):
            if not isinstance(cell, FoundCell):
                text += f" {EMPTY} |"
                data.append(Datum(path=(place, head), why=cell.why or "It has no such value."))
                continue
            start = len(text) + 1
            number = cell.citation.number
            text += f" {row_of([f'{cell.value} [{number}]'])[2:]}"
            said = cell.claim or f"{head}: {cell.written}"
            claim = Claim(text=said, start=start, end=len(text) - 2, cites=(number,))
            claims.append(CheckedClaim(claim=claim, verdict=cell.verdict))
            data.append(_datum(place, head, cell))
    sentence = CheckedSentence(id=SentenceId("s0"), text=text, claims=tuple(claims))
    told = Structured(form="table", columns=("file", *heads), rows=tuple(names), data=tuple(data))
    return sentence, told


def _datum(place: int, head: str, cell: FoundCell) -> Datum:
    return Datum(
        path=(place, head),
        value=str(cell.value),
        written=cell.written,
        cites=(cell.citation.number,),
        verdict=cell.verdict,
    )
