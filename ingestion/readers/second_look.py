"""Doubtful lines of a page are read again from a larger picture of it; the surer reading stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ingestion.layout.marks import Box, around
from pincite.models.ports import Picture, Quad, RecognizedLine, RecognizedWord, TextRecognizer

DOUBTFUL = 0.95
"""Confidence of a line below which it is read again."""
_MOST = 60
"""Lines; a page with more is handwriting or no text."""
_MARGIN = 0.6
"""Of the height of a line, around it."""


class Closer(NamedTuple):
    """A part of the page, larger than it was read from."""

    picture: Picture
    times: float


Draw = Callable[[Box], Closer | None]
"""Draws a part of the picture, in its pixels, larger; None where that would show nothing new."""


class Looked(NamedTuple):
    lines: list[RecognizedLine]
    notes: tuple[str, ...] = ()
    """One sentence, for the ledger."""


def second_look(lines: Sequence[RecognizedLine], recognizer: TextRecognizer, draw: Draw) -> Looked:
    """Only the places of doubtful lines are read, some 20 ms each; nothing is searched for."""
    doubtful = [place for place, line in enumerate(lines) if line.confidence < DOUBTFUL][:_MOST]
    found = list(lines)
    if not doubtful:
        return Looked(found)
    box = around(_with_margin(lines[place].quad) for place in doubtful)
    closer = draw(box)
    if closer is None:
        return Looked(found)

    def inside(quad: Quad) -> Quad:
        return _moved(quad, -box.left, -box.top, closer.times)

    def outside(quad: Quad) -> Quad:
        return _moved(quad, box.left * closer.times, box.top * closer.times, 1 / closer.times)

    again = recognizer.read_again(closer.picture, [inside(lines[at].quad) for at in doubtful])
    better = 0
    for place, line in zip(doubtful, again, strict=True):
        if line.confidence > found[place].confidence:
            found[place] = _placed(line, outside)
            better += 1
    return Looked(found, (_note(len(doubtful), better, closer.times),))


def _note(doubtful: int, better: int, times: float) -> str:
    lines = "1 doubtful line was" if doubtful == 1 else f"{doubtful} doubtful lines were"
    return f"{lines} read again at {times:.1f} times the resolution; {better} read better so"


def _with_margin(quad: Quad) -> Box:
    across, down = zip(*quad, strict=True)
    (x0, y0), _, _, (x3, y3) = quad
    margin = _MARGIN * max(abs(x3 - x0), abs(y3 - y0))
    return Box(
        max(0.0, min(across) - margin),
        max(0.0, min(down) - margin),
        max(across) + margin,
        max(down) + margin,
    )


def _moved(quad: Quad, across: float, down: float, times: float) -> Quad:
    first, second, third, fourth = (((x + across) * times, (y + down) * times) for x, y in quad)
    return first, second, third, fourth


def _placed(line: RecognizedLine, outside: Callable[[Quad], Quad]) -> RecognizedLine:
    words = tuple(
        RecognizedWord(text=word.text, quad=outside(word.quad), confidence=word.confidence)
        for word in line.words
    )
    return RecognizedLine(
        text=line.text, quad=outside(line.quad), confidence=line.confidence, words=words
    )
