"""Finders → fusion → evidence with its text and source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from pincite.config import Retrieval
from pincite.elements import Element, Passage, Scope, Source, SourceId
from pincite.errors import UnknownSource
from pincite.evidence import Evidence
from pincite.texts import TextStore
from retrievers.finders import Finder
from retrievers.fusion import Fused, balanced, reciprocal_rank_fusion

LONGEST_QUESTION = 4_000
"""Characters of a question that are searched for."""


class FusedRetriever:
    """Asks every finder, fuses by rank, and leaves out what says the same again."""

    def __init__(self, finders: Sequence[Finder], texts: TextStore, settings: Retrieval) -> None:
        self._finders = finders
        self._texts = texts
        self._settings = settings

    def search(self, question: str, scope: Scope, *, keep: int) -> list[Evidence]:
        question = question.strip()[:LONGEST_QUESTION]
        if not question or keep < 1:
            return []
        candidates = max(self._settings.candidates, 2 * keep)
        rankings = {
            finder.name: finder.find(question, scope, keep=candidates) for finder in self._finders
        }
        cosines = {
            hit.passage: min(1.0, hit.score)
            for finder in self._finders
            if finder.scores_are_cosines
            for hit in rankings[finder.name]
        }
        ranked = reciprocal_rank_fusion(rankings, weights_of(self._finders))
        read = self._read(ranked, scope, slice_size=2 * keep)
        different = islice(without_repeats(read), keep)
        return [
            Evidence(
                passage=passage,
                elements=elements,
                source=source,
                score=fused.score,
                rank=rank,
                found_by=fused.found_by,
                similarity=cosines.get(fused.passage),
            )
            for rank, (fused, passage, elements, source) in enumerate(different, start=1)
        ]

    def _read(self, ranked: Sequence[Fused], scope: Scope, *, slice_size: int) -> Iterator[_Read]:
        """Best first; what the text store no longer has, or the scope does not admit, is skipped.

        The index has applied the scope already. It is applied again because the text store, not
        the index, is what a delete or a change of readers is done in first.
        """
        sources: dict[SourceId, Source | None] = {}
        for start in range(0, len(ranked), slice_size):
            fused = ranked[start : start + slice_size]
            found = self._texts.passages([item.passage for item in fused])
            for item in fused:
                passage, elements = found.get(item.passage, (None, ()))
                if passage is None:
                    continue
                if passage.source not in sources:
                    sources[passage.source] = self._source(passage.source, scope)
                source = sources[passage.source]
                if source is not None:
                    yield item, passage, elements, source

    def _source(self, source: SourceId, scope: Scope) -> Source | None:
        try:
            return self._texts.source(source, scope)
        except UnknownSource:
            return None


def weights_of(finders: Sequence[Finder]) -> dict[str, float]:
    """What the list of each finder counts."""
    return balanced({each.name: each.modality for each in finders if each.counts_in_full})


_Read = tuple[Fused, Passage, tuple[Element, ...], Source]


def without_repeats(read: Iterator[_Read]) -> Iterator[_Read]:
    """Keep the first of passages with the same words, whatever their spacing and case.

    Passages without words, which pictures have, are all different.
    """
    seen: set[str] = set()
    for item in read:
        key = " ".join(item[1].text.casefold().split()) or item[1].id
        if key not in seen:
            seen.add(key)
            yield item
