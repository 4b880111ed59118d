"""Statements made of sources and true claims: reworded, broken, or said of another source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final, NamedTuple

from pincite.grounding.words import content
from scripts.train_checker.examples import SUPPORTED, UNSUPPORTED, Example, Text, example
from scripts.train_checker.noise import heard, scanned
from scripts.train_checker.rewordings import REWORDINGS, joined
from scripts.train_checker.swaps import SWAPS, Around, Changed

_NOISY: Final = 0.1
"""Share of evidence that is made to look scanned or heard."""
_REWORDED: Final = 0.6
_OFTEN: Final = {
    "number": 6.0,
    "date": 6.0,
    "unit": 6.0,
    "name": 3.0,
    "roles": 3.0,
    "addition": 0.7,
}
"""How much earlier a swap is tried than others; those that rarely fit come first."""
_FEWEST_WORDS: Final = 6
_MOST_WORDS: Final = 45
_ELSEWHERE: Final = 0.45
"""Share of a claim's words in the rest of its source, below which the rest does not say it."""


class Base(NamedTuple):
    """A true claim and its source."""

    text: Text
    claim: str
    origin: str
    """`sentence` of the source itself, or `answer` in other words."""


def sentences_of(text: Text) -> list[str]:
    """Of the source: those that are long enough to state something by themselves."""
    return [
        spot.text
        for spot in text.spots
        if spot.row is None
        and _FEWEST_WORDS <= len(spot.text.split()) <= _MOST_WORDS
        and spot.text[-1] in ".!"
        and spot.text[0].isupper()
    ]


def examples(rng: Random, bases: Sequence[Base]) -> Iterator[Example]:
    """For every base one true claim and one or two that are not; bases come shuffled."""
    for place, base in enumerate(bases):
        other = [bases[rng.randrange(len(bases))] for _ in range(4)]
        foreign = [each for each in other if each.text.group != base.text.group]
        yield from _true(rng, base)
        around = Around(sentences_of(base.text)[:60], [each.claim for each in foreign])
        changed = _changed(rng, base, around)
        if changed:
            yield _noisy(rng, _example(base, changed))
        if place % 4 == 0 and foreign:
            yield from _foreign(rng, base, foreign[0])
        if place % 4 == 1:
            yield from _without_its_spot(base)


def _true(rng: Random, base: Base) -> Iterator[Example]:
    if base.origin != "sentence":
        return  # as it stands it is an example already
    said, kind = _reworded(rng, base.claim)
    own = sentences_of(base.text)
    if rng.random() < 0.12 and len(own) > 1:
        at = rng.randrange(len(own) - 1)
        said, kind = joined(rng, own[at], own[at + 1]), "joined"
    yield _noisy(rng, _example(base, Changed(kind, said, (), SUPPORTED)))


def _reworded(rng: Random, claim: str) -> tuple[str, str]:
    kind = "verbatim"
    if rng.random() < _REWORDED:
        for name in rng.sample(sorted(REWORDINGS), len(REWORDINGS)):
            if said := REWORDINGS[name](rng, claim):
                claim, kind = said, name
                if rng.random() < 0.6:
                    break
    return claim, kind


def _changed(rng: Random, base: Base, around: Around) -> Changed | None:
    """A broken claim, of a reworded one as often as true ones are reworded."""
    claim = _reworded(rng, base.claim)[0] if base.origin == "sentence" else base.claim
    for name in sorted(SWAPS, key=lambda name: rng.random() / _OFTEN.get(name, 1.0)):
        changed = SWAPS[name](rng, claim, around)
        if changed and changed.text != claim:
            return changed
    return None


def _foreign(rng: Random, base: Base, other: Base) -> Iterator[Example]:
    """What another source says, held against this one; alone or behind a true claim."""
    claim, start = other.claim, 0
    if rng.random() < 0.3:
        first = base.claim.rstrip(" .")
        claim, start = f"{first}, and {other.claim[0].lower()}{other.claim[1:]}", len(first) + 6
    found = Changed("transplant", claim, ((start, len(claim)),), UNSUPPORTED)
    yield _example(base, found)


def _without_its_spot(base: Base) -> Iterator[Example]:
    """The claim held against its source without what it rests on."""
    stems = set(content(base.claim))
    rest = tuple(spot for spot in base.text.spots if len(stems & spot.stems) < 0.3 * len(stems))
    held = frozenset[str]().union(*(spot.stems for spot in rest))
    if rest and len(stems & held) < _ELSEWHERE * len(stems):
        text = Text(base.text.group, rest)
        whole = Changed("removed", base.claim, ((0, len(base.claim)),), UNSUPPORTED)
        yield _example(base._replace(text=text), whole)


def _example(base: Base, changed: Changed) -> Example:
    origin = f"synthetic-{changed.kind}"
    return example(base.text, origin, changed.text, changed.label, changed.marks)


def _noisy(rng: Random, made: Example) -> Example:
    """Sometimes with evidence as it was scanned or heard, whatever the label."""
    if rng.random() >= _NOISY:
        return made
    evidence = scanned(rng, made.evidence) if rng.random() < 0.75 else heard(made.evidence)
    return made._replace(evidence=evidence, origin=f"{made.origin}-noisy")
