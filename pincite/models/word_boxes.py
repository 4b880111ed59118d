"""Letters of a line with their places → words, each with a box drawn in to its ink."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from pincite.models.line_pictures import HEIGHT
from pincite.models.onnx_session import Floats
from pincite.models.ports import Picture
from pincite.models.word_spelling import Letter, Words, spelled

Bools = npt.NDArray[np.bool_]

_INK = 0.35
"""Share of the way from paper to the darkest ink where ink begins."""
_FAINTEST = 4.0
"""Grays, of 255, that ink differs from paper by at least."""
_RULE = 48
"""Pixels from which a level stroke is a ruled line rather than part of a letter."""
_GAP = 0.40
"""White of this share of a line's height parts words, where the network saw no space."""


class ReadWord(NamedTuple):
    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float
    """Edges as shares of the strip, along and across it."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters of one line with the places of their middles, in pixels of the strip's picture."""

    text: Sequence[str]
    chance: Floats
    at: Floats
    others: Sequence[tuple[tuple[str, float], ...]] = ()
    """What else each may be, with the chance of that; none where it is not asked for."""

    def of(self, group: Sequence[int]) -> list[Letter]:
        return [
            Letter(
                self.text[index],
                float(self.chance[index]),
                self.others[index] if self.others else (),
            )
            for index in group
        ]


def words_of(letters: Letters, part: Picture, known: Words = frozenset()) -> tuple[ReadWord, ...]:
    """Parted at the spaces that were read and at wide white; doubts are settled by known words."""
    ink = _ink(part)
    return tuple(
        _word(letters, spelled(letters.of(group), known), group, (before, after), ink)
        for group, before, after in _groups(letters, np.asarray(ink.any(axis=0)))
    )


def _ink(part: Picture) -> Bools:
    """Where there is ink, dark on light or light on dark, without ruled lines."""
    gray = part[:, :, 1].astype(np.int16)
    paper = int(np.median(gray))
    depth = np.abs(gray - paper)
    ink = (depth > max(_FAINTEST, _INK * float(np.percentile(depth, 99)))).astype(np.uint8)
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, _RULE), dtype=np.uint8))
    return np.asarray((ink > 0) & (rules == 0))


def _groups(letters: Letters, inked: Bools) -> Iterator[tuple[list[int], float, float]]:
    """Letters of each word, with the places before and after it that it cannot reach over."""
    groups: list[list[int]] = [[]]
    for index, letter in enumerate(letters.text):
        if letter.isspace():
            groups.append([])
            continue
        if groups[-1] and _is_gap(letters, index, inked):
            groups.append([])
        groups[-1].append(index)
    filled = [group for group in groups if group]
    at = letters.at
    for place, group in enumerate(filled):
        first, last = float(at[group[0]]), float(at[group[-1]])
        before = (float(at[filled[place - 1][-1]]) + first) / 2 if place else 0.0
        is_last = place == len(filled) - 1
        after = float(len(inked)) if is_last else (last + float(at[filled[place + 1][0]])) / 2
        yield group, before, after


def _is_gap(letters: Letters, index: int, inked: Bools) -> bool:
    """Whether there is a wide white between a letter and the one before it."""
    start, end = int(letters.at[index - 1]), int(letters.at[index])
    if end - start < _GAP * HEIGHT:
        return False
    between = inked[start : end + 1].astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate(([1], between, [1]))))
    white = edges[1::2] - edges[::2]
    return bool(len(white)) and int(white.max()) >= _GAP * HEIGHT


def _word(
    letters: Letters,
    said: Sequence[Letter],
    group: Sequence[int],
    between: tuple[float, float],
    ink: Bools,
) -> ReadWord:
    """The word, its box drawn in to its ink."""
    left, right = _reach(letters, group, *between)
    part = ink[:, int(left) : max(int(left) + 1, round(right))]
    columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    top, bottom = 0.0, float(HEIGHT)
    if len(columns):
        left, right = int(left) + int(columns[0]), int(left) + int(columns[-1]) + 1
        top, bottom = float(rows[0]), float(rows[-1]) + 1
    width = ink.shape[1]
    return ReadWord(
        "".join(letter.text for letter in said),
        min(1.0, sum(letter.chance for letter in said) / len(said)),
        left / width,
        top / HEIGHT,
        right / width,
        bottom / HEIGHT,
    )


def _reach(
    letters: Letters, group: Sequence[int], before: float, after: float
) -> tuple[float, float]:
    """How far the outer letters can go: as far as a letter is wide, but not into a neighbour."""
    first, last = float(letters.at[group[0]]), float(letters.at[group[-1]])
    pitch = (last - first) / (len(group) - 1) if len(group) > 1 else 0.6 * HEIGHT
    reach = min(max(pitch, 0.3 * HEIGHT), 0.8 * HEIGHT)
    return max(0.0, before, first - reach), max(first + 1, min(after, last + reach))
