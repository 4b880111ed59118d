"""What is on a page before anything is understood: words, lines, rules and pictures.

Plain tuples, because a page has thousands of them; `ParsedElement` is made at the very end.
Coordinates are those of a page as a reader sees it, origin top-left, y pointing down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return max(0.0, self.width) * max(0.0, self.height)

    def overlap(self, other: Box) -> float:
        """Area that both cover."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height if width > 0 and height > 0 else 0.0

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box around all; there must be one at least."""
    boxes = tuple(boxes)
    if len(boxes) == 1:
        return boxes[0]
    lefts, tops, rights, bottoms = zip(*boxes, strict=False)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


class Word(NamedTuple):
    """A run of characters without a space."""

    text: str
    box: Box
    """Where it is laid out: in the reading frame, in which text runs left to right."""
    shown: Box
    """Where a reader sees it, on the page; the same as `box` unless the text is turned."""
    size: float
    """Height of a line of this type, in the unit of the page; compares, nothing more."""
    bold: bool = False
    confidence: float | None = None
    hidden: bool = False


class Cell(NamedTuple):
    """A cell of a table on the page; rows and columns are counted from 0."""

    row: int
    column: int
    words: tuple[Word, ...]
    row_span: int = 1
    column_span: int = 1
    header: bool = False


class Placed(NamedTuple):
    """A table, picture or formula that takes the place of lines in the reading order."""

    box: Box
    cells: tuple[Cell, ...] = ()
    """Of a table; none for a picture."""
    formula: str = ""
    """LaTeX, of a formula."""
    words: tuple[Word, ...] = ()
    """What a formula is made of."""


class Line(NamedTuple):
    """Words side by side with ordinary gaps; a table row has several."""

    words: tuple[Word, ...]
    box: Box
    size: float
    """That most of its characters are set in: signs and bullets are often set larger."""
    bold: bool
    """Whether every word is."""
    order: int = 0
    """Place of its first word in the file; what is read on comes next to it."""
    placed: Placed | None = None
    """Set for a table or picture that stands in the flow like one tall line."""

    @property
    def text(self) -> str:
        return " ".join([word.text for word in self.words])


def line_of(words: Sequence[Word], order: int = 0) -> Line:
    if len(words) == 1:
        word = words[0]
        return Line((word,), word.box, word.size, word.bold, order)
    return Line(
        tuple(words),
        around([word.box for word in words]),
        _size_of(words),
        all(word.bold for word in words),
        order,
    )


def _size_of(words: Sequence[Word]) -> float:
    """The size that most characters are set in."""
    if len({word.size for word in words}) == 1:
        return words[0].size
    letters: dict[float, int] = {}
    for word in words:
        letters[word.size] = letters.get(word.size, 0) + len(word.text)
    return max(letters, key=letters.__getitem__)


def one_line(left: Line, right: Line) -> Line:
    return Line(
        left.words + right.words,
        around((left.box, right.box)),
        _size_of((*left.words, *right.words)),
        left.bold and right.bold,
        min(left.order, right.order),
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin drawn line."""

    horizontal: bool
    at: float
    """Its height if horizontal, else its place across."""
    start: float
    end: float


class Mark(NamedTuple):
    """Something drawn that is more than a thin line."""

    box: Box
    form: Literal["slanted", "filled", "panel", "other"]
    """`filled`: an upright rectangle in a colour; `panel`: a white one; `slanted`: anything large
    with strokes that are neither level nor upright."""
