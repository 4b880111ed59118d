"""Pictures of text → elements: OCR, then the same layout as for text layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ingestion.layout.blocks import Block
from ingestion.layout.lines import lines_of
from ingestion.layout.marks import Box, Line, Rule, Word
from ingestion.layout.page import Surface, page_blocks, standing_lines
from ingestion.readers.facing_pages import facing_pages
from ingestion.readers.legibility import legible
from ingestion.readers.raster_rules import moved, raster_rules
from ingestion.readers.second_look import Draw, Looked, second_look
from pincite.models.ports import Picture, Quad, RecognizedLine, TextRecognizer

Floats = npt.NDArray[np.float64]

_LINE_HEIGHT = 1.25
"""Height of the type, from ascent to descent, in heights of a recognized line."""
_SAME_TYPE = (0.72, 1.35)
"""Heights in shares of the usual one that are taken for the same type: OCR measures roughly."""
_OTHER_WAY = 30.0
"""Degrees by which a line must lie otherwise than the rest to be read apart."""

Place = Callable[[Box], Box]
"""From pixels of the picture to the unit of the locators."""


class Recognized(NamedTuple):
    words: list[Word]
    """Of all groups, with their places as shown."""
    blocks: list[Block]
    lines: list[Line]
    """Of the commonest direction, laid out level; a picture turned back by `Word.shown`."""
    notes: tuple[str, ...]
    """One sentence each, for the ledger."""


class _Frame(NamedTuple):
    """The reading frame: the picture turned back until text lies level."""

    turn: Floats
    shift: Floats
    width: float
    height: float

    def box(self, quad: Quad) -> Box:
        points = np.array(quad) @ self.turn.T + self.shift
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        return Box(float(left), float(top), float(right), float(bottom))


def recognized(
    picture: Picture, recognizer: TextRecognizer, place: Place, draw: Draw | None = None
) -> Recognized:
    """Read a picture and lay out what it says; blocks of the commonest direction come first.

    Doubtful lines are read again from what `draw` draws larger.
    """
    seen = recognizer.recognize(picture)
    looked = second_look(seen, recognizer, draw) if draw else Looked(seen)
    lines, notes = legible(looked.lines)
    found = Recognized([], [], [], (*looked.notes, *notes))
    for group in _directions(lines):
        frame = _frame(_angle(group), picture.shape[1], picture.shape[0])
        words = _words(group, frame, place)
        rules: list[Rule] = []
        if not found.lines:
            found.lines.extend(lines_of(words))
            rules = _rules(picture, frame, words)
        found.words.extend(words)
        surface = Surface(frame.width, frame.height, rules)
        for page in facing_pages(words, frame.width, frame.height):
            found.blocks.extend(page_blocks(standing_lines(page, rules), surface, ordered=False))
    return found


def _rules(picture: Picture, frame: _Frame, words: Sequence[Word]) -> list[Rule]:
    size = float(np.median([word.size for word in words]))
    return moved(raster_rules(picture, size), frame.turn, frame.shift)


def _directions(lines: Sequence[RecognizedLine]) -> list[list[RecognizedLine]]:
    """Lines by the way they lie, the longest group first."""
    groups: list[list[RecognizedLine]] = []
    for line in sorted(lines, key=lambda line: -_length(line)):
        for group in groups:
            if abs(_between(_slope(group[0]), _slope(line))) <= _OTHER_WAY:
                group.append(line)
                break
        else:
            groups.append([line])
    groups.sort(key=lambda group: -sum(len(line.text) for line in group))
    return groups


def _length(line: RecognizedLine) -> float:
    (x0, y0), (x1, y1), _, _ = line.quad
    return float(np.hypot(x1 - x0, y1 - y0))


def _slope(line: RecognizedLine) -> float:
    """Degrees clockwise from level."""
    (x0, y0), (x1, y1), _, _ = line.quad
    return float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))


def _between(one: float, other: float) -> float:
    return (one - other + 180) % 360 - 180


def _angle(lines: Sequence[RecognizedLine]) -> float:
    """The slope that most of the text has: a median by length, around the longest line."""
    base = _slope(lines[0])
    off = sorted((_between(_slope(line), base), _length(line)) for line in lines)
    half, so_far = sum(length for _, length in off) / 2, 0.0
    for step, length in off:
        so_far += length
        if so_far >= half:
            return base + step
    return base


def _frame(angle: float, width: int, height: int) -> _Frame:
    turn = np.radians(-angle)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]]) @ matrix.T
    least, most = corners.min(axis=0), corners.max(axis=0)
    return _Frame(matrix, -least, *(float(side) for side in most - least))


def _words(lines: Sequence[RecognizedLine], frame: _Frame, place: Place) -> list[Word]:
    """In rows from top to bottom; sizes that differ no more than OCR errs are made one."""
    boxes = [frame.box(line.quad) for line in lines]
    heights = np.array([box.height for box in boxes])
    lengths = np.array([len(line.text) for line in lines])
    usual = _weighted_median(heights, lengths)
    least, most = (share * usual for share in _SAME_TYPE)
    words: list[Word] = []
    for index in sorted(range(len(lines)), key=lambda index: (boxes[index].top, boxes[index].left)):
        height = float(heights[index])
        size = _LINE_HEIGHT * (usual if least <= height <= most else height)
        words.extend(_line_words(lines[index], frame, place, size))
    return words


def _line_words(line: RecognizedLine, frame: _Frame, place: Place, size: float) -> list[Word]:
    if not line.words:
        box = frame.box(line.quad)
        return [Word(line.text, box, place(_around(line.quad)), size, confidence=line.confidence)]
    return [
        Word(
            word.text,
            frame.box(word.quad),
            place(_around(word.quad)),
            size,
            confidence=word.confidence,
        )
        for word in line.words
    ]


def _around(quad: Quad) -> Box:
    across, down = zip(*quad, strict=True)
    return Box(min(across), min(down), max(across), max(down))


def _weighted_median(values: Floats, weights: npt.NDArray[np.int64]) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
