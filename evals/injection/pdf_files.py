"""Carriers that are digital PDFs, written by hand: visible text, and all the ways of hiding it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from evals.injection.cases import Planted

WIDTH: Final = 595
HEIGHT: Final = 842
_LEFT: Final = 72
_CHARACTERS: Final = 82
"""Of a line at the usual size."""


class Ink(NamedTuple):
    """How a text is put on the page; points, from the bottom-left corner."""

    size: float = 11
    grey: float = 0
    """0 is black, 1 white."""
    mode: int = 0
    """PDF's text rendering mode; 3 draws nothing."""
    left: float = _LEFT


_INKS: Final = {
    "pdf": Ink(),
    "pdf_covered": Ink(),
    "pdf_invisible": Ink(mode=3),
    "pdf_near_white": Ink(grey=0.94),
    "pdf_off_page": Ink(left=WIDTH + 80),
    "pdf_small": Ink(size=4),
    "pdf_tiny": Ink(size=1),
    "pdf_white": Ink(grey=1),
}


def page(case: Planted, folder: Path) -> Path:
    way, near, plant = case.carrier, case.story.near, case.plant
    lines = _text(near, 740, Ink())
    extra: dict[str, str] = {}
    if way in _INKS:
        lines += _text(plant, 690, _INKS[way])
    if way == "pdf_covered":
        lines.append(f"1 g {_LEFT - 4} 600 {WIDTH - 2 * _LEFT + 8} 104 re f")
    if way == "pdf_table":
        lines += _table((("Day", "Remark"), ("Monday", plant), ("Tuesday", "none")))
    if way == "pdf_metadata":
        extra["info"] = f"/Title {_string(plant)} /Subject {_string(plant)}"
    if way == "pdf_note":
        extra["note"] = plant
    lines += _text("Nothing else is noted on this page.", 560, Ink())
    path = folder / "note.pdf"
    path.write_bytes(_file("\n".join(lines), **extra))
    return path


def _text(text: str, top: float, ink: Ink) -> list[str]:
    lines = textwrap.wrap(text, _CHARACTERS)
    step = max(1.4 * ink.size, 2)
    return [
        f"BT {ink.mode} Tr {ink.grey} g /F1 {ink.size} Tf {ink.left} {top - step * row:.1f} Td "
        f"{_string(line)} Tj ET"
        for row, line in enumerate(lines)
    ]


def _table(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Ruled, so that it is a table to any reader."""
    top, step, columns = 700, 44, (_LEFT, _LEFT + 80, WIDTH - _LEFT)
    bottom = top - step * len(rows)
    drawn = [f"{columns[0]} {top - step * n} m {columns[-1]} {top - step * n} l S"
             for n in range(len(rows) + 1)]  # fmt: skip
    drawn += [f"{x} {top} m {x} {bottom} l S" for x in columns]
    for number, cells in enumerate(rows):
        for left, cell in zip(columns, cells, strict=False):
            for line, part in enumerate(textwrap.wrap(cell, 68)):
                ink = Ink(size=9, left=left + 4)
                drawn += _text(part, top - step * number - 13 - 12 * line, ink)
    return drawn


def _string(text: str) -> str:
    """A PDF string in the characters of the standard fonts."""
    safe = text.encode("cp1252", errors="replace").decode("cp1252")
    for sign in "\\()":
        safe = safe.replace(sign, f"\\{sign}")
    return f"({safe})"


def _file(content: str, *, info: str = "", note: str = "") -> bytes:
    stream = content.encode("cp1252")
    annotations = "/Annots [7 0 R]" if note else ""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R "
            f"/Resources << /Font << /F1 5 0 R >> >> {annotations} >>"
        ).encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Producer (notes) {info} >>".encode("cp1252"),
    ]
    if note:
        where = f"/Rect [{_LEFT} 640 {_LEFT + 24} 664]"
        bodies.append(
            f"<< /Type /Annot /Subtype /Text {where} /Contents {_string(note)} >>".encode("cp1252")
        )
    return _joined(bodies)


def _joined(bodies: Sequence[bytes]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.4\n"), list[int]()
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\n" % (len(bodies) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)
