"""The reader of all formats that have neither pages nor time: parse once, hand out in parts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ingestion.readers.ports import Outline, UnitRead
from pincite.elements import Kind, ParsedElement
from pincite.errors import PinciteError, TooLarge
from pincite.locators import TextSpan

PART_BYTES = 256 << 10
"""Text bytes of a file per unit of work; small enough that a unit never holds 10 000 elements."""
MOST_ELEMENTS = 9_000


class Document(NamedTuple):
    """All that was found in a file."""

    elements: tuple[ParsedElement, ...]
    warnings: tuple[str, ...] = ()


class Format(NamedTuple):
    """How one file format is read."""

    name: str
    """With a version that changes whenever the same bytes would give other elements."""
    text_bytes: Callable[[Path], int]
    """Size of what will be parsed; decides how many units a file has. Raises like a reader."""
    parse: Callable[[Path], Document]
    """Raises like a reader."""
    admit: Callable[[Path], object] | None = None
    """Refuses, when a file is opened, what must not be parsed at all. Raises like a reader."""


class DocumentReader:
    """Reads a whole file at the first unit and keeps it until another file is asked for."""

    def __init__(self, form: Format) -> None:
        self._format = form
        self._lock = threading.Lock()
        self._kept: tuple[tuple[Path, int, int], Document | PinciteError] | None = None

    @property
    def version(self) -> str:
        return self._format.name

    def outline(self, path: Path) -> Outline:
        units = self._units(path)
        if self._format.admit is not None:
            self._format.admit(path)
        return Outline(units=units, unit_name="document")

    def read(self, path: Path, unit: int, *, slow: bool) -> UnitRead:
        """Always has text of its own, so `slow` changes nothing."""
        units = self._units(path)
        document = self._document(path, units)
        count = len(document.elements)
        part = document.elements[(unit - 1) * count // units : unit * count // units]
        return UnitRead(
            elements=part,
            how="text_layer" if part else "empty",
            warnings=document.warnings if unit == 1 else (),
        )

    def _units(self, path: Path) -> int:
        return max(1, -(-self._format.text_bytes(path) // PART_BYTES))

    def _document(self, path: Path, units: int) -> Document:
        stat = path.stat()
        key = (path, stat.st_mtime_ns, stat.st_size)
        with self._lock:
            if self._kept is None or self._kept[0] != key:
                self._kept = None
                self._kept = (key, self._parsed(path, units))
            found = self._kept[1]
        if isinstance(found, PinciteError):
            raise found
        return found

    def _parsed(self, path: Path, units: int) -> Document | PinciteError:
        """What is wrong with a file is found out once, not for each of its units."""
        try:
            return _bounded(self._format.parse(path), units)
        except PinciteError as exc:
            return exc


def _bounded(document: Document, units: int) -> Document:
    """Join neighbours of one kind where there are more elements than the units may hold.

    Their texts are joined as in the extracted text, so their places stay exact.
    """
    room = MOST_ELEMENTS * units
    if len(document.elements) <= room:
        return document
    together = 2 * -(-len(document.elements) // room)
    joined: list[list[ParsedElement]] = []
    for element in document.elements:
        if joined and len(joined[-1]) < together and _may_join(joined[-1][-1], element):
            joined[-1].append(element)
        else:
            joined.append([element])
    if len(joined) > room:
        raise TooLarge(f"this file falls into {len(joined):,} pieces, more than can be kept")
    return document._replace(elements=tuple(_joined(group) for group in joined))


def _may_join(one: ParsedElement, other: ParsedElement) -> bool:
    return (
        one.kind is other.kind
        and one.kind not in {Kind.TITLE, Kind.HEADING, Kind.TABLE}
        and one.heading_path == other.heading_path
        and one.flags == other.flags
    )


def _joined(group: list[ParsedElement]) -> ParsedElement:
    if len(group) == 1:
        return group[0]
    spans = [span for element in group for span in element.locators if isinstance(span, TextSpan)]
    return group[0].model_copy(
        update={
            "text": "\n".join(element.text for element in group),
            "locators": (TextSpan(start=spans[0].start, end=spans[-1].end),),
        }
    )
