"""Evidence whose elements say exactly what was asked for learns the second or the box of it."""

from __future__ import annotations

from collections.abc import Sequence

from pincite.elements import Element, Kind
from pincite.evidence import Evidence
from pincite.texts import TextStore
from retrievers.asking import Asked
from retrievers.word_for_word import Spot, spot_of

SPOKEN = "spoken"


def with_spots(items: Sequence[Evidence], asked: Asked, texts: TextStore) -> list[Evidence]:
    """In their order, but for words of a recording: where they are said comes first.

    Where only recordings were asked for, and some say it, the others are left out.
    Reads the words of the elements, which a search otherwise leaves in the store.
    """
    wanted = tuple(dict.fromkeys((*asked.phrases, *filter(None, (asked.spoken,)))))
    if not wanted:
        return list(items)
    elements = texts.elements([element.id for item in items for element in item.elements])
    told: list[tuple[float, Evidence]] = []
    for item in items:
        whole = [elements.get(element.id, element) for element in item.elements]
        found = [spot for spot in (_best(whole, words) for words in wanted) if spot is not None]
        is_speech = any(element.kind is Kind.SPEECH for element in item.elements)
        said = max((spot.share for spot in found), default=0.0) if asked.spoken and is_speech else 0
        spots = tuple(locator for spot in found for locator in spot.locators)
        by = (*item.found_by, SPOKEN) if said else item.found_by
        told.append((said, item.model_copy(update={"spots": spots, "found_by": by})))
    only = asked.scope.kinds == frozenset({Kind.SPEECH}) and any(said for said, _ in told)
    return [item for said, item in sorted(told, key=lambda pair: -pair[0]) if said or not only]


def _best(elements: Sequence[Element], words: str) -> Spot | None:
    """The element that holds most of the words, the first of equals."""
    found = [spot for spot in (spot_of(element, words) for element in elements) if spot]
    return max(found, key=lambda spot: spot.share, default=None)
