"""Lists of evidence for one question become one list. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pincite.elements import PassageId
from pincite.evidence import Evidence
from retrievers.fusion import DAMPING


def merged(lists: Mapping[str, Sequence[Evidence]], weights: Mapping[str, float]) -> list[Evidence]:
    """Rank by the sum of weight / (60 + rank) over the lists, best first.

    The list named "" is the whole of what was found: its members keep their own `found_by`. Being
    on another one adds its name. Ties keep the order of first appearance.
    """
    if [name for name in lists if lists[name]] == [""]:
        return list(lists[""])
    scores: dict[PassageId, float] = {}
    firsts: dict[PassageId, Evidence] = {}
    names: dict[PassageId, dict[str, None]] = {}
    for name, items in lists.items():
        seen: set[PassageId] = set()
        for rank, item in enumerate(items, start=1):
            key = item.passage.id
            if key in seen:
                continue
            seen.add(key)
            scores[key] = scores.get(key, 0.0) + weights.get(name, 1.0) / (DAMPING + rank)
            by = names.setdefault(key, {})
            by.update(dict.fromkeys(item.found_by))
            if name:
                by[name] = None
            firsts.setdefault(key, item)
    order = sorted(scores, key=lambda key: -scores[key])
    return [
        firsts[key].model_copy(update={"score": scores[key], "found_by": tuple(names[key])})
        for key in order
    ]


def put_first(
    items: Sequence[Evidence], wanted: Callable[[Evidence], bool], name: str
) -> list[Evidence]:
    """Those that are `wanted` before all others, each group in its order, under a further name."""
    first = [_also(item, name) for item in items if wanted(item)]
    return first + [item for item in items if not wanted(item)]


def ranked(items: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """With ranks from 1, in the order they stand."""
    return tuple(
        item if item.rank == rank else item.model_copy(update={"rank": rank})
        for rank, item in enumerate(items, start=1)
    )


def _also(item: Evidence, name: str) -> Evidence:
    if name in item.found_by:
        return item
    return item.model_copy(update={"found_by": (*item.found_by, name)})
