"""What a model reads for cells and values: something for each of them, and for each side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agent.run import Run
from agent.selection import Candidate, Piece, candidates, citation, evidence_block, pieces
from agent.structured.shapes import questions
from pincite.evidence import Evidence
from pincite.models.ports import Numbered

MOST_ASKED: Final = 14
"""Things that are looked for one by one; more of them share what is found."""


def asked_of(run: Run, question: str) -> list[str]:
    """The question, and each thing that the answer has a place for."""
    shape, compared = run.wishes.shape, run.comparison
    if shape is not None:
        return [question, *questions(shape)][:MOST_ASKED]
    if compared is not None:
        return [compared.query, *compared.aspects][:MOST_ASKED]
    return [question]


def number_for_places(
    run: Run, asked: Sequence[str], evidence: Sequence[Evidence], tokens: int
) -> None:
    """Number what is read: the best sentence for each thing, then the second best, and so on."""
    run.looked_for = {each: candidates(each, evidence, run.encoder) for each in asked}
    lists = list(run.looked_for.values())
    sides = run.comparison.sides if run.comparison else ()
    if not sides:
        read = list(_read(run, lists, tokens))
    else:
        read = [
            piece
            for side in sides
            for piece in _read(
                run,
                [[c for c in found if c.source.id == side.source] for found in lists],
                tokens // len(sides),
            )
        ]
    read = [piece._replace(number=number) for number, piece in enumerate(read, 1)]
    run.citations = tuple(citation(p.number, p.element, p.source, p.text) for p in read)
    run.evidence = tuple(
        Numbered(number=p.number, element=p.element, source_name=p.source.name) for p in read
    )
    run.block = evidence_block(read)


def _read(run: Run, lists: Sequence[Sequence[Candidate]], tokens: int) -> tuple[Piece, ...]:
    count = run.chat.count_tokens if run.chat else len
    return pieces(in_turn(lists), tokens=tokens, count=count, spread=False)


def in_turn(lists: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    """The first of every list, then the second of every list; none twice."""
    seen: dict[tuple[str, int], Candidate] = {}
    for place in range(max((len(found) for found in lists), default=0)):
        for found in lists:
            if place < len(found):
                each = found[place]
                seen.setdefault((each.spot.element.id, each.place), each)
    return list(seen.values())
