"""One PDF page as found: what is text, what is hidden, what only OCR can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ingestion.layout.charts import charts_on
from ingestion.layout.frames import upright_rules, upright_words
from ingestion.layout.marks import Box, Line, Rule, Word, around
from ingestion.layout.page import standing_lines
from ingestion.layout.soundness import why_misread, why_unsound
from ingestion.readers.pdf_covered import lying_under, unseen
from ingestion.readers.pdf_outlined import drawn_places
from ingestion.readers.pdfium import PdfPage
from ingestion.readers.pdfium_drawings import Drawings, read_drawings
from ingestion.readers.pdfium_words import ASKEW, Found, read_words

_TINY = 2.2
"""Points from ascent to descent, on a page of common height: type of less than 2 points."""
_COMMON_HEIGHT = 792.0
_LOOK_SCALE = 1.5
_LEAST_CONTRAST = 24
_FEW_CODES = 200
"""A page with fewer characters beside a large picture is taken for a scan with a stamp."""
_SCAN_SHARE = 0.5
_FIGURE_SHARE, _FIGURE_SIDE = 0.02, 36.0
_BACKGROUND_SHARE = 0.8
_INK_PATHS = 3

State = Literal["text", "mixed", "scan", "empty"]


@dataclass(frozen=True, slots=True)
class PageFound:
    width: float
    height: float
    words: tuple[Word, ...]
    """What a person sees, in the order of the file."""
    lines: dict[int, list[Line]]
    """The same as lines, in their reading frame, by quarter turns; see `Found.turns`."""
    hidden: tuple[Word, ...]
    rules: tuple[Rule, ...]
    curves: tuple[Box, ...]
    """Where charts are drawn; see `Drawings.curves`."""
    charts: tuple[Box, ...]
    """Drawn, with their labels."""
    pictures: tuple[Box, ...]
    """Large enough to show something; backgrounds left out."""
    turns: tuple[int, ...]
    """Of each word; see `Found.turns`."""
    drawn: tuple[Box, ...]
    """Where words may be drawn rather than set."""
    state: State
    why: str = ""
    """What the text layer does not give, if anything."""


def look_at(page: PdfPage) -> PageFound:
    """Read words and drawings, and judge them."""
    found, drawings = read_words(page), read_drawings(page)
    hidden = _hidden(page, found, drawings)
    shown = [index for index in range(len(found.words)) if index not in hidden]
    words = tuple(found.words[index] for index in shown)
    state, why = _state(page, found, drawings, words)
    turns = tuple(found.turns[index] for index in shown)
    lines = lines_by_turn(page, words, turns, drawings.rules)
    pictures = tuple(_figures(page, drawings.pictures, scanned=state in ("scan", "mixed")))
    charts = charts_on(lines.get(0, []), drawings.marks, pictures, page.width * page.height)
    known = (*pictures, *charts)
    return PageFound(
        width=page.width,
        height=page.height,
        words=words,
        lines=lines,
        hidden=tuple(found.words[index]._replace(hidden=True) for index in sorted(hidden)),
        rules=tuple(drawings.rules),
        curves=tuple(drawings.curves),
        charts=tuple(charts),
        pictures=pictures,
        turns=turns,
        drawn=drawn_places(page, drawings, words, known) if state == "text" else (),
        state=state,
        why=why,
    )


def lines_by_turn(
    page: PdfPage, words: Sequence[Word], turns: Sequence[int], rules: Sequence[Rule]
) -> dict[int, list[Line]]:
    """Lines in their reading frame, by quarter turns of their words."""
    groups: dict[int, list[Word]] = {}
    if any(turns):
        for word, turn in zip(words, turns, strict=True):
            groups.setdefault(turn, []).append(word)
    else:
        groups[0] = list(words)
    return {
        turn: standing_lines(
            upright_words(group, turn % ASKEW, page.width, page.height),
            upright_rules(rules, turn % ASKEW, page.width, page.height),
        )
        for turn, group in groups.items()
    }


# --- what a person cannot see --------------------------------------------------------------------


def _hidden(page: PdfPage, found: Found, drawings: Drawings) -> set[int]:
    """Some scanners lay the text that was read below the scan: there the ink of the scan counts."""
    tiny = _TINY * min(1.0, max(page.width, page.height) / _COMMON_HEIGHT)
    hidden = {index for index, word in enumerate(found.words) if word.size < tiny}
    hidden.update(found.outside)
    hidden.update(
        index
        for index in found.invisible
        if not _on_picture(found.words[index].shown, drawings.pictures)
    )
    suspects = [index for index in found.suspects if index not in hidden]
    if suspects:
        hidden.update(_without_contrast(page, suspects, found.words))
    known = hidden | set(found.invisible)
    under = [index for index in lying_under(page, found, drawings.covers) if index not in known]
    if not under:
        return hidden
    if _share(page, drawings.pictures) >= _SCAN_SHARE:
        return hidden | _without_contrast(page, under, found.words)
    return hidden | unseen(page, found, under)


def _on_picture(box: Box, pictures: Sequence[Box]) -> bool:
    """Scanners lay text without ink over the picture it was read from."""
    across, down = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return any(picture.holds(across, down) for picture in pictures)


def _without_contrast(page: PdfPage, suspects: Sequence[int], words: Sequence[Word]) -> set[int]:
    scale = min(_LOOK_SCALE, 3000 / max(page.width, page.height))
    picture = page.render(scale)
    found: set[int] = set()
    for index in suspects:
        left, top, right, bottom = (round(edge * scale) for edge in words[index].shown)
        part = picture[max(0, top) : bottom + 1, max(0, left) : right + 1].reshape(-1, 3)
        if not len(part) or int(np.ptp(part, axis=0).max()) < _LEAST_CONTRAST:
            found.add(index)
    return found


# --- what only OCR can read ----------------------------------------------------------------------


def _state(
    page: PdfPage, found: Found, drawings: Drawings, words: Sequence[Word]
) -> tuple[State, str]:
    covered = _share(page, drawings.pictures)
    if not words and not found.outside:
        if covered > 0 or drawings.paths - drawings.thin > _INK_PATHS:
            return ("scan", "the page has no text layer") if _has_ink(page) else ("empty", "")
        return "empty", ""
    why = why_unsound(words, found.unmapped, len(found.outside))
    if why is None and covered >= _BACKGROUND_SHARE:
        misread = why_misread(words)
        if misread is not None:
            return "mixed", misread
    if why is not None:
        return "scan", why
    letters = sum(len(word.text) for word in words)
    if covered >= _SCAN_SHARE and letters < _FEW_CODES:
        return "mixed", "most of the page is a picture"
    return "text", ""


def _share(page: PdfPage, pictures: Sequence[Box]) -> float:
    """Share of the page under pictures; those that overlap count once, roughly."""
    cells = np.zeros((20, 20), dtype=np.bool_)
    for box in pictures:
        columns = slice(round(20 * box.left / page.width), round(20 * box.right / page.width))
        rows = slice(round(20 * box.top / page.height), round(20 * box.bottom / page.height))
        cells[rows, columns] = True
    return float(cells.mean())


def _has_ink(page: PdfPage) -> bool:
    green = page.render(min(1.0, 800 / max(page.width, page.height)))[:, :, 1].astype(np.int16)
    dark = np.abs(green - int(np.median(green))) > _LEAST_CONTRAST
    return bool(dark.mean() > 0.0005)


# --- pictures that show something ----------------------------------------------------------------


def _figures(page: PdfPage, pictures: Sequence[Box], *, scanned: bool) -> list[Box]:
    """Pictures joined where they touch, without specks and without backgrounds."""
    if scanned:
        return []
    whole = page.width * page.height
    joined = _joined([box for box in pictures if box.area > 0.0004 * whole])
    return [
        box
        for box in joined
        if _FIGURE_SHARE * whole <= box.area <= _BACKGROUND_SHARE * whole
        and min(box.width, box.height) >= _FIGURE_SIDE
    ]


def _joined(boxes: list[Box]) -> list[Box]:
    """Pictures are often cut into strips."""
    found: list[Box] = []
    for box in boxes[:400]:
        grown = Box(box.left - 2, box.top - 2, box.right + 2, box.bottom + 2)
        touching = [other for other in found if grown.overlap(other) > 0]
        found = [other for other in found if grown.overlap(other) <= 0]
        found.append(around((box, *touching)))
    return found
