"""What tools showed of the library: numbered once, for the model and for the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from agent.arithmetic import Computed
from agent.plain_text import evidence_name, evidence_text
from agent.selection import LINE_TOKENS, Piece, where
from pincite.elements import Element, ElementId, Passage, Source, ordinal_of, passage_id
from pincite.evidence import Evidence

_MARKS: Final = re.compile(r"\[\s*(\d+(?:\s*[,;]\s*\d+)*)\s*\]")


class Gathered:
    """Elements that a model was shown by its tools, by the number that each keeps."""

    def __init__(self) -> None:
        self._pieces: dict[ElementId, Piece] = {}
        self._named: tuple[int, ...] = ()
        self.computed: list[Computed] = []
        self.alone: set[ElementId] = set()
        """Those that no passage of a search brought."""

    def __bool__(self) -> bool:
        return bool(self._pieces)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """By number."""
        return tuple(self._pieces.values())

    @property
    def named(self) -> tuple[int, ...]:
        """Those on which the answer is to rest, as the model says."""
        return self._named

    def show(self, element: Element, source: Source, text: str, *, alone: bool = False) -> Piece:
        """As the model sees it; an element that is shown again keeps its number."""
        known = self._pieces.get(element.id)
        if known is not None and len(known.text) >= len(text):
            return known
        if known is None and alone:
            self.alone.add(element.id)
        number = known.number if known is not None else len(self._pieces) + 1
        self._pieces[element.id] = Piece(number, element, source, text)
        return self._pieces[element.id]

    def piece(self, number: int) -> Piece | None:
        return next((piece for piece in self._pieces.values() if piece.number == number), None)

    def name(self, said: str) -> None:
        """Take up the numbers of what the model wrote at its end; those of nothing are left out."""
        told = (int(n) for mark in _MARKS.findall(said) for n in re.findall(r"\d{1,6}", mark))
        self._named = tuple(dict.fromkeys(n for n in told if self.piece(n) is not None))

    def lone(self) -> list[Evidence]:
        """What was opened or extracted, as evidence; each element stands alone."""
        opened = [piece for piece in self.pieces if piece.element.id in self.alone]
        return [_evidence(piece, rank) for rank, piece in enumerate(opened, 1)]

    def read(
        self, chosen: Iterable[Piece], *, tokens: int, count: Callable[[str], int]
    ) -> tuple[Piece, ...]:
        """What the model named, then what was `chosen`, in at most `tokens`; by number."""
        if not self._pieces:
            return tuple(chosen)
        named = [piece for number in self._named if (piece := self.piece(number)) is not None]
        taken: dict[ElementId, Piece] = {}
        left = tokens
        for piece in (*named, *chosen):
            price = LINE_TOKENS + count(piece.text)
            if piece.element.id not in taken and price <= left:
                left -= price
                taken[piece.element.id] = piece
        return self.numbered(tuple(taken.values()))

    def numbered(self, read: Sequence[Piece]) -> tuple[Piece, ...]:
        """Under the numbers that were shown; as they are where nothing was."""
        if not self._pieces:
            return tuple(read)
        shown = [self.show(piece.element, piece.source, piece.text) for piece in read]
        kept = (piece._replace(number=own.number) for piece, own in zip(read, shown, strict=True))
        return tuple(sorted(kept, key=lambda piece: piece.number))


def line(piece: Piece) -> str:
    """`[3] report.pdf, page 12: «…»`, as data."""
    name = f"{evidence_name(piece.source.name)}{where(piece.element.locators[0])}"
    return f"[{piece.number}] {name}: «{evidence_text(piece.text)}»"


def _evidence(piece: Piece, rank: int) -> Evidence:
    element = piece.element
    passage = Passage(
        id=passage_id(element.source, ordinal_of(element.id)),
        source=element.source,
        elements=(element.id,),
        text=element.text,
    )
    return Evidence(
        passage=passage,
        elements=(element,),
        source=piece.source,
        score=0.0,
        rank=rank,
        found_by=("opened",),
    )
