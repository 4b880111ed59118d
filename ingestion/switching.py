"""The index in use and the one that is being filled, as one."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

from pincite.elements import PassageId, Scope, SourceId
from pincite.index.ports import (
    TEXT,
    ElementIndex,
    Facet,
    Hit,
    Point,
    SparseEncoder,
    SparseVector,
    Vector,
)
from pincite.index.switch import Switch
from pincite.models.ports import TextEncoder


@dataclass(frozen=True, eq=False)
class Written:
    """An index, and what the points in it are made with."""

    index: ElementIndex
    encoder: TextEncoder | None
    """None where its weights are gone: what is new is then found by its words only."""
    words: SparseEncoder | None
    pictures: bool = True
    """Whether it has a place for them that fits their encoder."""


class SwitchingIndex:
    """Answers from the index in use. Deletes go to both; what is new is written to each apart."""

    def __init__(self, in_use: Written, filling: Written) -> None:
        self._all = (in_use, filling)
        self._switch: Switch[ElementIndex] = Switch(in_use.index)
        self._whole = threading.RLock()
        """Held while both are worked on, so that none is closed meanwhile."""

    @property
    def written(self) -> tuple[Written, ...]:
        """What new passages must be written to; the one in use first."""
        return self._all

    @property
    def filling(self) -> Written:
        """The same one still, once it is in use."""
        return self._all[-1]

    def switch(self) -> ElementIndex:
        """Use the one that was filled from now on; the old one, which nobody asks any more."""
        with self._whole:
            self._all = self._all[-1:]
            return self._switch.change(self._all[0].index)

    def upsert(self, points: Sequence[Point]) -> None:
        """To the one in use, whose encoders must have made them."""
        with self._switch.using() as index:
            index.upsert(points)

    def delete(self, source: SourceId, *, besides: Collection[PassageId] = ()) -> None:
        with self._whole:
            for each in self._all:
                each.index.delete(source, besides=besides)

    def search_dense(
        self, vector: Vector, scope: Scope, *, keep: int, space: str = TEXT
    ) -> list[Hit]:
        with self._switch.using() as index:
            return index.search_dense(vector, scope, keep=keep, space=space)

    def search_words(self, words: SparseVector, scope: Scope, *, keep: int) -> list[Hit]:
        with self._switch.using() as index:
            return index.search_words(words, scope, keep=keep)

    def count(self, scope: Scope) -> int:
        with self._switch.using() as index:
            return index.count(scope)

    def facet(self, scope: Scope, field: Facet) -> dict[str, int]:
        with self._switch.using() as index:
            return index.facet(scope, field)

    def sources(self) -> set[SourceId]:
        with self._switch.using() as index:
            return index.sources()

    async def optimize(self) -> None:
        """A switch waits for it."""
        with self._switch.using() as index:
            await index.optimize()

    def purge(self) -> None:
        with self._whole:
            for each in self._all:
                each.index.purge()

    def close(self) -> None:
        with self._whole:
            for each in self._all:
                each.index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
