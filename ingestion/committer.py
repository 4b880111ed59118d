"""Units that the texts have → vectors, ledger; many at once, for embedding likes company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.ledger import UnitDone
from ingestion.library import Library
from ingestion.station import ToWrite
from pincite.elements import Passage, Source, SourceId

PASSAGES = 64
"""Embedded in one go."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """A unit that the texts have now."""

    source: Source
    unit: int
    done: UnitDone
    passages: list[Passage]


class Committer:
    """Used by one thread at a time."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def commit(self, units: Sequence[ToWrite]) -> None:
        """Index units in the order that `Library` promises; those of dead sources vanish."""
        stored = [kept for unit in units if (kept := self._stored(unit)) is not None]
        work = [(each.source, passage) for each in stored for passage in each.passages]
        for start in range(0, len(work), PASSAGES):
            for index in self._library.written:
                self._library.write(index, work[start : start + PASSAGES])
        with self._library.lock:
            alive = self._alive({each.source.id for each in stored})
            self._library.ledger.done(
                (each.source.id, each.unit, each.done) for each in stored if each.source.id in alive
            )

    def _stored(self, unit: ToWrite) -> _Stored | None:
        library = self._library
        with library.lock:
            if not library.is_alive(unit.source):
                return None
            if not library.texts.has_unit(unit.content, unit.parser, unit.unit):
                library.ledger.pending(unit.source, unit.unit)
                return None
            return _Stored(
                source=library.texts.source(unit.source),
                unit=unit.unit,
                done=unit.done,
                passages=library.texts.passages_of(unit.source, unit.unit),
            )

    def _alive(self, sources: set[SourceId]) -> set[SourceId]:
        return {source for source in sources if self._library.is_alive(source)}
