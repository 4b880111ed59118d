"""Lines of a page as they lie: turned pages, lines across the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pincite.models.coloured_ink import added, layers
from pincite.models.page_contrast import with_contrast
from pincite.models.page_orientation import OrientationModel
from pincite.models.ports import Picture
from pincite.models.text_detection import Strip, TextDetector
from pincite.models.text_reading import Reading, TextReader

_SAMPLE = 6
"""Lines that are read both ways to prove which way a page is turned."""
_SURE = 0.6
"""Chance of a page to stand upright from which no proof is asked."""
_TALL = 1.5
_DOUBTFUL = 0.95
"""Confidence of a line below which it is looked at again."""
_STRETCHES = (0.85, 1.25)
"""Widths of a second look: letters that run into each other, or lie far apart, read better so."""


class Eyes(NamedTuple):
    """The networks, loaded."""

    detector: TextDetector
    orientation: OrientationModel
    reader: TextReader


class Seen(NamedTuple):
    strip: Strip
    reading: Reading


def read_page(eyes: Eyes, picture: Picture) -> list[Seen]:
    """Every strip that looks like text, with what it says; a strip may say nothing."""
    picture = with_contrast(picture)
    found, loose = eyes.detector.detect(picture)
    if not found and not loose:
        return []
    quarter = _quarter(eyes, picture, found)
    seen = _looked_at(eyes.reader, picture, found, quarter)
    if loose:
        for layer in layers(picture):
            more = added(found, eyes.detector.detect(layer).strips)
            seen.extend(_looked_at(eyes.reader, layer, more, quarter))
            found.extend(more)
        seen.extend(_looked_at(eyes.reader, picture, added(found, loose), quarter))
    return seen


def _looked_at(
    reader: TextReader, picture: Picture, strips: Sequence[Strip], quarter: int
) -> list[Seen]:
    seen = _read(reader, picture, [strip.turned(quarter) for strip in strips])
    _look_across(reader, picture, seen)
    _look_again(reader, picture, seen)
    return seen


def _look_across(reader: TextReader, picture: Picture, seen: list[Seen]) -> None:
    """Lines that stand across the page are read both ways; the better reading takes the place."""
    across = [place for place, line in enumerate(seen) if _is_tall(line.strip)]
    for turn in (1, 3):
        turned = [seen[place].strip.turned(turn) for place in across]
        for place, line in zip(across, _read(reader, picture, turned), strict=True):
            seen[place] = max(seen[place], line, key=_weight)


def _look_again(reader: TextReader, picture: Picture, seen: list[Seen]) -> None:
    """Doubtful lines are read narrower and wider; the surest reading takes the place."""
    doubtful = [place for place, line in enumerate(seen) if 0 < line.reading.confidence < _DOUBTFUL]
    strips = [seen[place].strip for place in doubtful]
    for stretch in _STRETCHES:
        readings = reader.read(picture, strips, stretch)
        for place, strip, reading in zip(doubtful, strips, readings, strict=True):
            if reading.confidence > seen[place].reading.confidence:
                seen[place] = Seen(strip, reading)


def _read(reader: TextReader, picture: Picture, strips: Sequence[Strip]) -> list[Seen]:
    return list(map(Seen, strips, reader.read(picture, strips)))


def _quarter(eyes: Eyes, picture: Picture, strips: Sequence[Strip]) -> int:
    """Quarters clockwise that the page is turned by.

    The strips tell whether it lies on its side, the orientation network which of the two ways are
    left; where that is not upright, or not sure, the longest lines are read both ways.
    """
    tall = sum(strip.height for strip in strips if _is_tall(strip))
    wide = sum(strip.width for strip in strips if strip.width > _TALL * strip.height)
    if tall <= wide and eyes.orientation.chances(picture)[0] > _SURE:
        return 0
    sample = sorted(strips, key=lambda strip: -max(strip.width, strip.height))[:_SAMPLE]
    pair = (1, 3) if tall > wide else (0, 2)
    surest = {
        quarter: _mean(eyes.reader.read(picture, [strip.turned(quarter) for strip in sample]))
        for quarter in pair
    }
    return max(pair, key=surest.__getitem__)


def _is_tall(strip: Strip) -> bool:
    return strip.height > _TALL * strip.width


def _weight(line: Seen) -> float:
    """More for surer readings and, up to four letters, for longer ones."""
    return line.reading.confidence**2 * min(4, len(line.reading.text))


def _mean(readings: Sequence[Reading]) -> float:
    letters = sum(len(reading.text) for reading in readings)
    if not letters:
        return 0.0
    return sum(reading.confidence * len(reading.text) for reading in readings) / letters
