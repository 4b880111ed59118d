"""Sources that say almost the same: MinHash over runs of words (Broder 1997).

Costs a pass over all text, about a second for a few million words, and no model.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from pincite.elements import Scope, Source, SourceId
from pincite.texts import TextStore
from pincite.values import Value

ALIKE = 0.8
"""Share of common runs of words from which two sources are reported."""
_RUN = 5
"""Words."""
_HASHES, _BANDS = 128, 32
"""Pairs that are 80 % alike share one of the bands but for one in ten million."""
_FEWEST = 20
"""Runs below which a text is too short to be called a copy."""
_CROWD = 200
"""Sources that share a band are compared pair by pair up to so many."""
_WORD = re.compile(r"\w+")
Signature = npt.NDArray[np.uint64]


class Alike(Value):
    """Two sources, the older one first."""

    one: Source
    other: Source
    share: float
    """Of runs of words that both have, estimated to ± 0.04."""


def duplicates_in(texts: TextStore, scope: Scope) -> list[Alike]:
    """Among the sources that `scope` admits, the most alike first."""
    sources = texts.sources(scope)
    found = {source.id: signature(texts.texts_of(source.content)) for source in sources}
    return alike(sources, {one: sign for one, sign in found.items() if sign is not None})


def signature(texts: Iterable[str]) -> Signature | None:
    """None where there is too little text to tell."""
    words = [zlib.crc32(word.encode()) for text in texts for word in _WORD.findall(text.lower())]
    if len(words) < _FEWEST + _RUN:
        return None
    hashed = np.asarray(words, dtype=np.uint64)
    runs = np.zeros(len(hashed) - _RUN + 1, dtype=np.uint64)
    for place in range(_RUN):
        runs = runs * np.uint64(0x9E3779B97F4A7C15) + hashed[place : place + len(runs)]
    runs = np.unique(runs)
    multipliers, shifts = _constants()
    lowest = [
        ((runs * multiplier + shift) >> np.uint64(20)).min()
        for multiplier, shift in zip(multipliers, shifts, strict=True)
    ]
    return np.asarray(lowest, dtype=np.uint64)


def alike(
    sources: Sequence[Source], signatures: Mapping[SourceId, Signature], *, least: float = ALIKE
) -> list[Alike]:
    """Pairs, the most alike first."""
    by_id = {source.id: source for source in sources}
    found: list[Alike] = []
    for first, second in sorted(_near(signatures)):
        share = float((signatures[first] == signatures[second]).mean())
        if share >= least:
            pair = sorted((by_id[first], by_id[second]), key=lambda one: (one.added_at, one.id))
            found.append(Alike(one=pair[0], other=pair[1], share=round(share, 2)))
    return sorted(found, key=lambda pair: -pair.share)


def _near(signatures: Mapping[SourceId, Signature]) -> set[tuple[SourceId, SourceId]]:
    rows = _HASHES // _BANDS
    near: set[tuple[SourceId, SourceId]] = set()
    for band in range(_BANDS):
        together: defaultdict[bytes, list[SourceId]] = defaultdict(list)
        for source, values in signatures.items():
            together[values[band * rows : (band + 1) * rows].tobytes()].append(source)
        for crowd in together.values():
            near.update(combinations(sorted(crowd[:_CROWD]), 2))
    return near


def _constants() -> tuple[Signature, Signature]:
    drawn = np.random.default_rng(11).integers(1, 1 << 63, (2, _HASHES), dtype=np.uint64)
    return drawn[0] | np.uint64(1), drawn[1]
