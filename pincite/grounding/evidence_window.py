"""The part of the evidence that a claim is read against: its nearest spots, in document order.

A cross-encoder reads a few hundred tokens, evidence has many thousands. The same choice is made in
training and in use, by words alone: rare words of the claim count most, and each should be covered
once before any is covered twice, as a claim may rest on several sentences.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pincite.grounding.names import missing_names
from pincite.grounding.spots import Spot
from pincite.grounding.words import content

EVIDENCE_TOKENS: Final = 150
"""About how many word pieces a window has."""
LONGEST_HEADING: Final = 12
"""Words of the headings that stand before the spots they hold for."""
_PIECES: Final = re.compile(r"\w+|[^\w\s]")
_KEY: Final = re.compile(r"([\w ]+): ")
_PREFIX: Final = 5
"""Letters from which two words of one family (`employ`, `employment`) are taken to meet."""
_ALIKE: Final = 0.5
"""What such a meeting is worth beside that of the same word."""
_HEADING: Final = 0.4
_AGAIN: Final = 0.2
"""What a word is worth that another spot of the window has already."""
_NUMBER: Final = 1.5
"""Weight of a number beside a word that is as rare."""
_LENGTH: Final = 0.01
"""What a token costs, so that of two spots with the same words the shorter one is nearer."""


_LITTLE: Final = 0.15
"""Share of what the nearest spot adds, below which what stands beside it tells more."""


class Window(NamedTuple):
    text: str
    spots: tuple[Spot, ...]
    """Those in it, nearest first."""


class _Spots(NamedTuple):
    """What is asked of each spot again and again."""

    worth: list[dict[str, float]]
    """Of the claim's words in each spot."""
    sizes: list[int]


def window(claim: str, spots: Sequence[Spot], tokens: int = EVIDENCE_TOKENS) -> Window:
    """The nearest spots, then what stands beside them, up to about `tokens`; at least one spot."""
    if not spots:
        return Window("", ())
    known = _weighed(claim, spots)
    chosen = list(_nearest(known, tokens))
    left = tokens - sum(known.sizes[place] for place in chosen)
    kept = [*chosen, *_beside(chosen, known, left)]
    text = rendered([spots[n] for n in sorted(kept)])
    return Window(_named(claim, text, [spots[n] for n in kept]), tuple(spots[n] for n in kept))


def _named(claim: str, text: str, spots: Sequence[Spot]) -> str:
    """With the name of the file before it, where the claim calls by it what the text does not."""
    missing = missing_names(claim, text)
    origins = dict.fromkeys(spot.origin for spot in spots if spot.origin)
    told = [each for each in origins if len(missing_names(claim, f"{text} {each}")) < len(missing)]
    return f"{' '.join(told)}: {text}" if told else text


def rendered(spots: Sequence[Spot]) -> str:
    """Their texts in the order given, headings once.

    Of keys that begin alike (`hours Monday: 9-17`) only what differs is repeated.
    """
    parts: list[str] = []
    heading, key = "", list[str]()
    for spot in spots:
        above = " ".join(" ".join(spot.element.heading_path[-2:]).split()[-LONGEST_HEADING:])
        if above != heading:
            heading, key = above, []
            parts.append(f"{above}:" if above else "")
        said, key = _without_shared_key(spot.text, key)
        parts.append(said)
    return " ".join(" ".join(part.split()) for part in parts if part)


def pieces(text: str) -> int:
    """About how many word pieces a tokenizer makes of a text."""
    return sum(1 + (len(part) - 1) // 7 for part in _PIECES.findall(text))


def _weighed(claim: str, spots: Sequence[Spot]) -> _Spots:
    wanted = dict.fromkeys(content(claim))
    held = Counter(stem for spot in spots for stem in spot.stems)
    worth = {
        stem: math.log(1 + len(spots) / (1 + held[stem])) * (_NUMBER if stem[0].isdigit() else 1)
        for stem in wanted
    }
    found = [{stem: worth[stem] * share for stem, share in _met(wanted, s)} for s in spots]
    return _Spots(found, [pieces(spot.text) for spot in spots])


def _met(wanted: Iterable[str], spot: Spot) -> Iterable[tuple[str, float]]:
    beginnings = {stem[:_PREFIX] for stem in spot.stems if len(stem) >= _PREFIX}
    for stem in wanted:
        if stem in spot.stems:
            yield stem, 1.0
        elif len(stem) >= _PREFIX and stem[:_PREFIX] in beginnings:
            yield stem, _ALIKE
        elif stem in spot.context_stems:
            yield stem, _HEADING


def _nearest(known: _Spots, tokens: int) -> Iterable[int]:
    """Greedy: the spot that adds most; ends where the rest adds little."""
    covered: dict[str, float] = {}
    free = set(range(len(known.sizes)))
    least = -math.inf
    while free:
        gains = {n: _gain(known.worth[n], covered) - _LENGTH * known.sizes[n] for n in free}
        best = max(free, key=lambda n: (gains[n], -n))
        if gains[best] < least:
            return
        free.discard(best)
        if least > -math.inf and known.sizes[best] > tokens:
            continue
        least = max(least, _LITTLE * gains[best], 0.0)
        tokens -= known.sizes[best]
        for stem, value in known.worth[best].items():
            covered[stem] = max(value, covered.get(stem, 0.0))
        yield best


def _gain(worth: dict[str, float], covered: dict[str, float]) -> float:
    return sum(
        max(value - covered.get(stem, 0.0), 0.0) + _AGAIN * value for stem, value in worth.items()
    )


def _beside(chosen: Sequence[int], known: _Spots, left: int) -> Iterable[int]:
    """As long as there is room: neighbours of the nearest, then the others by what they hold."""
    near = [place + way * step for step in (1, 2) for place in chosen for way in (1, -1)]
    rest = sorted(range(len(known.sizes)), key=lambda n: -sum(known.worth[n].values()))
    taken = set(chosen)
    for place in (*near, *rest):
        if 0 <= place < len(known.sizes) and place not in taken and known.sizes[place] <= left:
            taken.add(place)
            left -= known.sizes[place]
            yield place


def _without_shared_key(text: str, before: list[str]) -> tuple[str, list[str]]:
    found = _KEY.match(text)
    if not found:
        return text, []
    key = found.group(1).split()
    shared = 0
    while shared < min(len(key), len(before)) - 1 and key[shared] == before[shared]:
        shared += 1
    if key == before:
        return text, key  # the same speaker again
    return f"{' '.join(key[shared:])}: {text[found.end() :]}", key
