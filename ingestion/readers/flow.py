"""Running text → elements with their place in the extracted text of the file. Pure.

The extracted text is the elements' texts with a line feed between them, in reading order; an
element's `TextSpan` counts characters of it. `extracted_text` gives it back for a viewer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from ingestion.readers.grids import Box, parts_of
from pincite.elements import How, Kind, ParsedElement, Table
from pincite.locators import TextSpan

LONGEST = 1_200
"""Characters of one element; a longer paragraph is split at sentence ends."""
_SENTENCE = re.compile(r"(?<=[.!?…。！？])[\"'”’)\]]*\s+|\n+")
Flag = Literal["hidden_text", "low_confidence"]
Paths = tuple[str, ...]


def extracted_text(elements: Iterable[ParsedElement]) -> str:
    """The text that the `TextSpan`s of all elements of one file count in."""
    return "\n".join(element.text for element in elements)


class Flow:
    """Collects what a reader finds, in reading order, and keeps the headings above it."""

    def __init__(self) -> None:
        self._elements: list[ParsedElement] = []
        self._length = 0
        self._headings: list[tuple[int, str]] = []
        self.warnings: list[str] = []

    def __len__(self) -> int:
        return len(self._elements)

    @property
    def elements(self) -> tuple[ParsedElement, ...]:
        return tuple(self._elements)

    @property
    def path(self) -> Paths:
        """The headings above what comes next."""
        return tuple(text for _, text in self._headings)

    def heading(self, text: str, *, level: int, title: bool = False) -> None:
        """A heading closes those of its level and below it; level 1 is the outermost."""
        text = " ".join(text.split())
        if not text:
            return
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        self._put(Kind.TITLE if title else Kind.HEADING, text)
        self._headings.append((level, text))

    def text(
        self, text: str, *, kind: Kind = Kind.TEXT, flags: frozenset[Flag] = frozenset()
    ) -> None:
        """A paragraph, list item or the like; empty text is no element."""
        for part in _pieces(text.strip()):
            self._put(kind, part, flags=flags)

    def table(
        self, boxes: Sequence[Box], *, caption: str = "", flags: frozenset[Flag] = frozenset()
    ) -> None:
        """A table, in several elements where it is long."""
        if caption.strip():
            self.text(caption, kind=Kind.CAPTION, flags=flags)
        for part in parts_of(boxes):
            if part.text:
                self._put(Kind.TABLE, part.text, table=part.table, flags=flags)

    def _put(
        self,
        kind: Kind,
        text: str,
        *,
        table: Table | None = None,
        flags: frozenset[Flag] = frozenset(),
    ) -> None:
        start = self._length
        self._elements.append(
            ParsedElement(
                kind=kind,
                text=text,
                locators=(TextSpan(start=start, end=start + len(text)),),
                how=How.TEXT_LAYER,
                heading_path=self.path,
                table=table,
                flags=flags,
            )
        )
        self._length = start + len(text) + 1


def _pieces(text: str) -> Iterator[str]:
    """Parts of at most about `LONGEST` characters, cut at sentence or line ends, else at blanks."""
    at, end = 0, len(text)
    while end - at > LONGEST:
        lowest, highest = at + LONGEST // 3, at + LONGEST
        ends = [found.start() for found in _SENTENCE.finditer(text, lowest, highest)]
        cut = ends[-1] if ends else text.rfind(" ", lowest, highest)
        cut = cut if cut > 0 else highest
        yield text[at:cut].strip()
        at = cut
        while at < end and text[at].isspace():
            at += 1
    if at < end:
        yield text[at:]
