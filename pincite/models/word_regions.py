"""Words that were given a label each → regions: neighbours of one label, or a BIO entity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pincite.elements import Kind
from pincite.models.ports import Quad, RecognizedWord, Region
from pincite.models.region_labels import Kinds, kind_of, plain_label

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Verdict(NamedTuple):
    """The label of one word, as the model names it (`B-ANSWER`, `Table`), and how sure it is."""

    label: str
    confidence: float


class _Reach(NamedTuple):
    """How far apart neighbours of a region may be, in heights of their line."""

    across: float
    down: float


_PROSE = _Reach(across=1.5, down=1.0)
_SPREAD = _Reach(across=20.0, down=2.5)
"""Of cells of a table and words in a figure, which stand apart."""
_LINE = _Reach(across=1.5, down=-float("inf"))
_SPREAD_KINDS = {Kind.TABLE, Kind.FIGURE, Kind.FORMULA}


def regions_of(
    words: Sequence[RecognizedWord], verdicts: Sequence[Verdict], kinds: Kinds
) -> list[Region]:
    """Regions by descending confidence; every word is in exactly one of them.

    In a BIO scheme `B-` begins a region and `I-` goes on with the nearest one of its label that is
    in reach; words without an entity, and all words of other schemes, are joined by nearness.
    """
    if not words:
        return []
    boxes = _boxes([word.quad for word in words])
    groups = [
        (label, group)
        for label in dict.fromkeys(plain_label(verdict.label) for verdict in verdicts)
        for group in _groups(label, boxes, verdicts, _reach(label, kinds))
    ]
    regions = [_region(label, group, boxes, verdicts, kinds) for label, group in groups]
    return sorted(regions, key=lambda region: -region.confidence)


def verdicts_of(
    sure: Floats, words: Sequence[RecognizedWord], labels: Sequence[str]
) -> list[Verdict]:
    """One label per word from its probabilities, shape (words, labels).

    Words that stand close together in a line are one piece of text and decide together, except
    in a BIO scheme, where they may be different entities. A word with zeros only, which no model
    has judged, goes with its line or else with the word before it.
    """
    if not words:
        return []
    alone = [[position] for position in range(len(words))]
    lines = alone if _is_bio(labels) else _connected(_near(_boxes([w.quad for w in words]), _LINE))
    found: list[Verdict | None] = [None] * len(words)
    for line in lines:
        judged = sure[line][sure[line].any(axis=1)]
        if len(judged):
            mean = judged.mean(axis=0)
            best = int(mean.argmax())
            for position in line:
                found[position] = Verdict(labels[best], float(mean[best]))
    return _filled(found, Verdict(labels[0], 0.0))


def _filled(found: Sequence[Verdict | None], first: Verdict) -> list[Verdict]:
    filled: list[Verdict] = []
    for verdict in found:
        before = filled[-1] if filled else first
        filled.append(verdict or Verdict(before.label, 0.0))
    return filled


def _is_bio(labels: Iterable[str]) -> bool:
    return any(label[:2].upper() in {"B-", "I-"} for label in labels)


def _reach(label: str, kinds: Kinds) -> _Reach:
    return _SPREAD if kind_of(label, kinds) in _SPREAD_KINDS else _PROSE


def _groups(
    label: str, boxes: Floats, verdicts: Sequence[Verdict], reach: _Reach
) -> list[list[int]]:
    members = [i for i, verdict in enumerate(verdicts) if plain_label(verdict.label) == label]
    near = _near(boxes[members], reach)
    if _is_bio(verdicts[i].label for i in members):
        begins = [verdicts[i].label[:2].upper() == "B-" for i in members]
        parts = _entities(near, begins)
    else:
        parts = _connected(near)
    return [[members[position] for position in part] for part in parts]


def _connected(near: Flags) -> list[list[int]]:
    """Connected parts of the graph of neighbours, each in ascending order."""
    left = set(range(len(near)))
    parts: list[list[int]] = []
    while left:
        part, edge = set[int](), {min(left)}
        while edge:
            part |= edge
            around = np.flatnonzero(near[sorted(edge)].any(axis=0))
            edge = {int(position) for position in around} - part
        left -= part
        parts.append(sorted(part))
    return parts


def _entities(near: Flags, begins: Sequence[bool]) -> list[list[int]]:
    parts: list[list[int]] = []
    for position, begin in enumerate(begins):
        home = next((part for part in reversed(parts) if near[position, part].any()), None)
        if begin or home is None:
            parts.append([position])
        else:
            home.append(position)
    return parts


def _near(boxes: Floats, reach: _Reach) -> Flags:
    """Which words are neighbours: beside each other in a line, or in lines under each other."""
    left, top, right, bottom = boxes.T
    heights = bottom - top
    height = np.minimum.outer(heights, heights)
    across = np.maximum.outer(left, left) - np.minimum.outer(right, right)
    down = np.maximum.outer(top, top) - np.minimum.outer(bottom, bottom)
    beside = (-down >= 0.5 * height) & (across <= reach.across * height)
    under = (across < 0) & (down <= reach.down * height)
    return beside | under


def _region(
    label: str, group: Sequence[int], boxes: Floats, verdicts: Sequence[Verdict], kinds: Kinds
) -> Region:
    left, top = boxes[group, :2].min(axis=0)
    right, bottom = boxes[group, 2:].max(axis=0)
    sure = float(np.mean([verdicts[i].confidence for i in group]))
    return Region(
        label=label,
        left=float(left),
        top=float(top),
        right=float(right),
        bottom=float(bottom),
        confidence=min(1.0, max(0.0, sure)),
        kind=kind_of(label, kinds),
    )


def _boxes(quads: Sequence[Quad]) -> Floats:
    corners = np.asarray(quads, dtype=np.float64)
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
