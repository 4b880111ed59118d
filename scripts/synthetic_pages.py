"""Made-up pages whose words have places and labels; place tells more than text.

All kinds of text use one small vocabulary, so the words themselves say little: numbers are commoner
in tables, captions often begin with `figure`, and prose has both as well. Size, indent, columns and
margins tell the rest, as on real pages.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

from pincite.models.ports import RecognizedWord

WIDTH, HEIGHT = 600, 800
LABELS = (
    "Caption",
    "Footnote",
    "List-item",
    "Page-footer",
    "Page-header",
    "Section-header",
    "Table",
    "Text",
    "Title",
)
_SYLLABLES = (
    "ba",
    "con",
    "de",
    "fer",
    "ga",
    "in",
    "lo",
    "mi",
    "nor",
    "pe",
    "ra",
    "sol",
    "tu",
    "ve",
)


class Labelled(NamedTuple):
    word: RecognizedWord
    label: str


class _Type(NamedTuple):
    """How a block is set; lengths in pixels."""

    label: str
    size: float
    left: float
    right: float
    numbers: float = 0.06
    """Share of its words that are numbers."""
    opening: str = ""


def vocabulary() -> list[str]:
    """Every word that a page can have, but for numbers."""
    words = [one + other for one in _SYLLABLES for other in _SYLLABLES]
    return [*words, "figure", "page", "table", "note"]


def page(seed: int) -> list[Labelled]:
    """One page in reading order; the same seed gives the same page."""
    return _Sheet(random.Random(seed)).filled()  # noqa: S311


def shuffled_boxes(words: Sequence[RecognizedWord], seed: int) -> list[RecognizedWord]:
    """The same words in the same order, each at the place of another."""
    quads = [word.quad for word in words]
    random.Random(seed).shuffle(quads)  # noqa: S311
    return [word.model_copy(update={"quad": quad}) for word, quad in zip(words, quads, strict=True)]


def without_boxes(words: Sequence[RecognizedWord]) -> list[RecognizedWord]:
    nowhere = ((0.0, 0.0),) * 4
    return [word.model_copy(update={"quad": nowhere}) for word in words]


class _Sheet:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._words: list[Labelled] = []
        self._margin = chance.uniform(35, 80)
        self._body = chance.uniform(9, 12.5)
        self._columns = chance.choice((1, 2))

    def filled(self) -> list[Labelled]:
        chance, left, right = self._chance, self._margin, WIDTH - self._margin
        if chance.random() < 0.8:
            at = chance.uniform(12, 30)
            self._lines(_Type("Page-header", self._body * 0.9, left, right), at, words=(2, 7))
        top = self._margin + 10
        if chance.random() < 0.5:
            inset = chance.uniform(0, 90)
            kind = _Type("Title", self._body * 1.7, left + inset, right)
            top = self._lines(kind, top, words=(3, 9)) + self._body
        gap = 22.0
        width = (right - left - gap * (self._columns - 1)) / self._columns
        for column in range(self._columns):
            edge = left + column * (width + gap)
            self._column(edge, edge + width, top, HEIGHT - self._margin - 40)
        if chance.random() < 0.8:
            at = HEIGHT - chance.uniform(18, 32)
            middle = chance.choice((left, WIDTH / 2 - 20))
            kind = _Type("Page-footer", self._body * 0.9, middle, right, numbers=0.5)
            self._lines(kind, at, words=(1, 4))
        return self._words

    def _column(self, left: float, right: float, top: float, bottom: float) -> None:
        foot = bottom
        if self._chance.random() < 0.4:
            foot = bottom - 3 * self._body
        while top < foot - 5 * self._body:
            top = self._block(left, right, top, foot) + self._body * self._chance.uniform(0.7, 1.6)
        if foot < bottom:
            kind = _Type("Footnote", self._body * 0.78, left, right, opening="1")
            self._lines(kind, foot + self._body, words=(6, 12), bottom=HEIGHT - self._margin + 5)

    def _block(self, left: float, right: float, top: float, bottom: float) -> float:
        """Set one block and say where it ends."""
        chance, body = self._chance, self._body
        match chance.choices(("text", "heading", "list", "table", "figure"), (5, 2, 2, 2, 1))[0]:
            case "heading":
                size = body * chance.uniform(1.05, 1.3)
                kind = _Type("Section-header", size, left, right)
                return self._lines(kind, top + body * 0.6, words=(1, 5))
            case "list":
                inset = chance.uniform(14, 28)
                kind = _Type("List-item", body, left + inset, right)
                for _ in range(chance.randint(2, 4)):
                    top = self._lines(kind, top, words=(4, 14), bottom=bottom) + body * 0.3
                return top
            case "table":
                return self._table(left, right, top, bottom)
            case "figure":
                top = min(top + chance.uniform(60, 140), bottom - 3 * body)
                opening = "figure" if chance.random() < 0.6 else ""
                inset = chance.uniform(0, 25)
                kind = _Type("Caption", body * 0.85, left + inset, right - inset, opening=opening)
                return self._lines(kind, top, words=(6, 16), bottom=bottom)
            case _:
                opening = "figure" if chance.random() < 0.1 else ""
                kind = _Type("Text", body, left, right, opening=opening)
                return self._lines(kind, top, words=(18, 60), bottom=bottom)

    def _table(self, left: float, right: float, top: float, bottom: float) -> float:
        chance, body = self._chance, self._body
        columns = chance.randint(3, 5)
        width = (right - left) / columns
        for _ in range(chance.randint(3, 7)):
            if top + body > bottom:
                break
            for column in range(columns):
                edge = left + column * width
                kind = _Type("Table", body * 0.95, edge, edge + width, numbers=0.35)
                self._lines(kind, top, words=(1, 1))
            top += body * 1.5
        return top

    def _lines(
        self, kind: _Type, top: float, *, words: tuple[int, int], bottom: float = HEIGHT
    ) -> float:
        """Set words in lines from `top` on; what reaches `bottom` is left out."""
        left, space = kind.left, 0.3 * kind.size
        for number in range(self._chance.randint(*words)):
            text = kind.opening if number == 0 and kind.opening else self._text(kind)
            length = 0.5 * kind.size * len(text)
            if left + length > kind.right and left > kind.left:
                left, top = kind.left, top + 1.3 * kind.size
            if top + kind.size > bottom:
                break
            self._set(kind, text, left, top, length)
            left += length + space
        return top + 1.3 * kind.size

    def _set(self, kind: _Type, text: str, left: float, top: float, length: float) -> None:
        right, bottom = left + length, top + kind.size
        quad = ((left, top), (right, top), (right, bottom), (left, bottom))
        word = RecognizedWord(text=text, quad=quad, confidence=1)
        self._words.append(Labelled(word, kind.label))

    def _text(self, kind: _Type) -> str:
        if self._chance.random() < kind.numbers:
            return str(self._chance.randint(1, 999))
        return self._chance.choice(_VOCABULARY)


_VOCABULARY = vocabulary()
