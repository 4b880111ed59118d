"""What stands around a passage: the answer may be in the next lines, or on the next page.

A receipt's total stands below the line that names the shop; a sentence that begins on one page ends
on another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

from pincite.elements import Element, Passage, PassageId, Scope, ordinal_of, passage_id
from pincite.evidence import Evidence
from pincite.texts import TextStore
from pincite.texts.rows import UNIT_STRIDE
from retrievers.ports import Retriever

_Stored = Mapping[PassageId, tuple[Passage, tuple[Element, ...]]]


class WithNeighbours:
    """Finds what another retriever finds, each with its `Evidence.context`."""

    def __init__(self, retriever: Retriever, texts: TextStore, *, words: int) -> None:
        """`words` before and after each passage, at most."""
        self._retriever = retriever
        self._texts = texts
        self._words = words

    def search(self, question: str, scope: Scope, *, keep: int) -> list[Evidence]:
        found = self._retriever.search(question, scope, keep=keep)
        return with_neighbours(found, self._texts, words=self._words) if self._words else found


def with_neighbours(found: Sequence[Evidence], texts: TextStore, *, words: int) -> list[Evidence]:
    """The same evidence with the elements around it; one read of the text store.

    A neighbour is of the same section, or right across the edge of a page. What is evidence itself
    is nobody's neighbour.
    """
    near = texts.passages([each for item in found for each in _around(item.passage)])
    taken = {element.id for item in found for element in item.elements}
    more: list[Evidence] = []
    for item in found:
        context = tuple(e for e in _context(item, near, words) if e.id not in taken)
        taken |= {element.id for element in context}
        more.append(item.model_copy(update={"context": context}) if context else item)
    return more


def _around(passage: Passage) -> Iterator[PassageId]:
    """The one before, the one after, and the first of the next page."""
    ordinal = ordinal_of(passage.id)
    wanted = (ordinal - 1, ordinal + 1, (ordinal // UNIT_STRIDE + 1) * UNIT_STRIDE)
    return (passage_id(passage.source, number) for number in wanted if number >= 0)


def _context(item: Evidence, near: _Stored, words: int) -> list[Element]:
    passage = item.passage
    ordinal = ordinal_of(passage.id)
    before = near.get(passage_id(passage.source, ordinal - 1))
    after = near.get(passage_id(passage.source, ordinal + 1))
    own = {element.id for element in item.elements}
    context: list[Element] = []
    if before is not None and _goes_on(before[0], passage):
        context += reversed(_within(reversed([e for e in before[1] if e.id not in own]), words))
    if after is None:
        following = (ordinal // UNIT_STRIDE + 1) * UNIT_STRIDE
        after = near.get(passage_id(passage.source, following))
        context += _within(after[1], words) if after is not None else []
    elif _goes_on(passage, after[0]):
        context += _within([e for e in after[1] if e.id not in own], words)
    return context


def _goes_on(passage: Passage, following: Passage) -> bool:
    """Whether both stand in one section of one page."""
    same_unit = ordinal_of(passage.id) // UNIT_STRIDE == ordinal_of(following.id) // UNIT_STRIDE
    return same_unit and passage.heading_path == following.heading_path


def _within(elements: Iterable[Element], words: int) -> list[Element]:
    """The first ones, as far as they have no more words than that together."""
    left = words

    def fits(element: Element) -> bool:
        nonlocal left
        left -= len(element.text.split())
        return left >= 0 and "hidden_text" not in element.flags

    return list(takewhile(fits, elements))
