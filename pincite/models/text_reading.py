"""What a line of text says and where its words are: a recognition network with CTC output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import cv2
import numpy as np
import numpy.typing as npt

from pincite.models.onnx_session import Floats, Session
from pincite.models.ports import Picture
from pincite.models.text_detection import Strip

Bools = npt.NDArray[np.bool_]

_HEIGHT = 48
_WIDEST = 3200
_NARROWEST = 16
_BATCH_WIDTH = 4800
"""Pixels of width, padding included, that are read at once."""
_MOST_AT_ONCE = 16
_INK = 0.35
"""Share of the way from paper to the darkest ink where ink begins."""
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


class Reading(NamedTuple):
    text: str
    confidence: float
    words: tuple[ReadWord, ...]


@dataclass(frozen=True, slots=True)
class _Letters:
    """Letters of one line with the places of their middles, in pixels of the strip's picture."""

    text: Sequence[str]
    chance: Floats
    at: Floats


class TextReader:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._alphabet = ["", *session.fact("character").splitlines(), " "]

    def read(self, picture: Picture, strips: Sequence[Strip]) -> list[Reading]:
        """One reading per strip, in order; an unreadable one has no text."""
        levels = [picture]
        cut = [_cut(levels, strip) for strip in strips]
        found: dict[int, Reading] = {}
        for batch in _batches([part.shape[1] for part in cut]):
            stack = _stacked([cut[index] for index in batch])
            answers = self._session.run(stack)
            step = stack.shape[3] / answers.shape[1]
            for index, answer in zip(batch, answers, strict=True):
                found[index] = _reading(self._decoded(answer, step), cut[index])
        return [found[index] for index in range(len(strips))]

    def _decoded(self, answer: Floats, step: float) -> _Letters:
        best = answer.argmax(axis=1)
        kept = best != 0
        kept[1:] &= best[1:] != best[:-1]
        columns = np.flatnonzero(kept)
        codes = cast(list[int], best[columns].tolist())
        letters = [self._alphabet[code] for code in codes]
        chance = answer[columns, best[columns]]
        return _Letters(letters, chance, ((columns + 0.5) * step).astype(np.float32))


# --- pictures of lines ---------------------------------------------------------------------------


def _cut(levels: list[Picture], strip: Strip) -> Picture:
    """The strip laid level, 48 pixels high; `levels` are halved pictures, made as needed."""
    level = max(0, int(np.log2(max(1.0, strip.height / _HEIGHT))))
    while len(levels) <= level:
        levels.append(_halved(levels[-1]))
    width = round(_HEIGHT * strip.width / max(1.0, strip.height))
    width = min(_WIDEST, max(_NARROWEST, width))
    corners = strip.corners()[[0, 1, 3]] / 2**level
    target = np.array([[0, 0], [width, 0], [0, _HEIGHT]], dtype=np.float32)
    turn = cv2.getAffineTransform(corners.astype(np.float32), target)
    flat = cv2.warpAffine(
        levels[level],
        turn,
        (width, _HEIGHT),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return flat.astype(np.uint8, copy=False)


def _halved(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    sides = (max(1, width // 2), max(1, height // 2))
    return cv2.resize(picture, sides, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of lines of like width."""
    batch: list[int] = []
    for index in sorted(range(len(widths)), key=widths.__getitem__):
        wide = (len(batch) + 1) * widths[index] > _BATCH_WIDTH
        if batch and (wide or len(batch) >= _MOST_AT_ONCE):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _stacked(parts: Sequence[Picture]) -> Floats:
    width = max(part.shape[1] for part in parts)
    stack = np.zeros((len(parts), 3, _HEIGHT, width), dtype=np.float32)
    for place, part in zip(stack, parts, strict=True):
        place[:, :, : part.shape[1]] = part[:, :, ::-1].transpose(2, 0, 1) / 127.5 - 1.0
    return stack


# --- words ---------------------------------------------------------------------------------------


def _reading(letters: _Letters, part: Picture) -> Reading:
    ink = _ink(part)
    words = tuple(
        _word(letters, group, before, after, ink)
        for group, before, after in _groups(letters, np.asarray(ink.any(axis=0)))
    )
    if not words:
        return Reading("", 0.0, ())
    size = sum(len(word.text) for word in words)
    chance = sum(word.confidence * len(word.text) for word in words) / size
    return Reading(" ".join(word.text for word in words), min(1.0, chance), words)


def _ink(part: Picture) -> Bools:
    """Where there is ink, dark on light or light on dark."""
    gray = part[:, :, 1].astype(np.int16)
    paper = int(np.median(gray))
    depth = np.abs(gray - paper)
    return depth > max(24.0, _INK * float(np.percentile(depth, 99)))


def _groups(letters: _Letters, inked: Bools) -> Iterator[tuple[list[int], float, float]]:
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


def _is_gap(letters: _Letters, index: int, inked: Bools) -> bool:
    """Whether there is a wide white between a letter and the one before it."""
    start, end = int(letters.at[index - 1]), int(letters.at[index])
    if end - start < _GAP * _HEIGHT:
        return False
    between = inked[start : end + 1].astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate(([1], between, [1]))))
    white = edges[1::2] - edges[::2]
    return bool(len(white)) and int(white.max()) >= _GAP * _HEIGHT


def _word(
    letters: _Letters, group: Sequence[int], before: float, after: float, ink: Bools
) -> ReadWord:
    """The word, its box drawn in to its ink."""
    left, right = _reach(letters, group, before, after)
    part = ink[:, int(left) : max(int(left) + 1, round(right))]
    columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
    top, bottom = 0.0, float(_HEIGHT)
    if len(columns):
        left, right = int(left) + int(columns[0]), int(left) + int(columns[-1]) + 1
        top, bottom = float(rows[0]), float(rows[-1]) + 1
    width = ink.shape[1]
    return ReadWord(
        "".join(letters.text[index] for index in group),
        min(1.0, float(letters.chance[list(group)].mean())),
        left / width,
        top / _HEIGHT,
        right / width,
        bottom / _HEIGHT,
    )


def _reach(
    letters: _Letters, group: Sequence[int], before: float, after: float
) -> tuple[float, float]:
    """How far the outer letters can go: as far as a letter is wide, but not into a neighbour."""
    first, last = float(letters.at[group[0]]), float(letters.at[group[-1]])
    pitch = (last - first) / (len(group) - 1) if len(group) > 1 else 0.6 * _HEIGHT
    reach = min(max(pitch, 0.3 * _HEIGHT), 0.8 * _HEIGHT)
    return max(0.0, before, first - reach), max(first + 1, min(after, last + reach))
