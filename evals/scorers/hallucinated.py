"""Things that a caption names and the picture does not show: CHAIR (Rohrbach et al. 2018).

`chair_i`: of all things named, each as often as it is, the share that is not there. `chair_s`: the
share of captions that name any such thing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from evals.scorers.captions import words

_LONGEST: Final = 5
"""Words of a name."""


class Chair(NamedTuple):
    chair_i: float
    chair_s: float
    named: int
    """Things, over all captions."""


def chair(named: Sequence[Sequence[str]], there: Sequence[Collection[str]]) -> Chair:
    """Of the things that each caption names, and those that its picture shows.

    Noughts where nothing is named.
    """
    invented = [
        [thing for thing in things if thing not in seen]
        for things, seen in zip(named, there, strict=True)
    ]
    total = sum(map(len, named))
    return Chair(
        sum(map(len, invented)) / total if total else 0.0,
        sum(map(bool, invented)) / len(invented) if invented else 0.0,
        total,
    )


class Things:
    """Finds names of known things in captions, singular or plural, the longest that fits."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {tuple(map(_singular, words(name))): name.lower() for name in names}

    def named(self, caption: str) -> list[str]:
        """In order, each as often as it stands there."""
        said = tuple(map(_singular, words(caption)))
        found: list[str] = []
        at = 0
        while at < len(said):
            lengths = range(min(_LONGEST, len(said) - at), 0, -1)
            many = next((n for n in lengths if said[at : at + n] in self._names), 0)
            if many:
                found.append(self._names[said[at : at + many]])
            at += many or 1
        return found


def _singular(word: str) -> str:
    """Alike for one and several, which is all that is asked of it."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    for ending in ("ches", "shes", "xes", "sses"):
        if word.endswith(ending):
            return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
