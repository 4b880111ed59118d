"""The words of a PDF page with exact boxes, fast.

PDFium gives a box for one character per call, and a page has thousands: the calls are cheap ones
(see `pdfium_raw`), and everything after them is done on arrays.
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ingestion.layout.marks import Box, Word
from ingestion.readers.pdfium import Floats, PdfPage
from ingestion.readers.pdfium_raw import Handle, fast, handle_of, raw

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


_char_box = fast("FPDFText_GetCharBox")
_loose_box = fast("FPDFText_GetLooseCharBox")
_origin = fast("FPDFText_GetCharOrigin")
_unicode = fast("FPDFText_GetUnicode", ctypes.c_uint)
_angle = fast("FPDFText_GetCharAngle", ctypes.c_float)
_text_object = fast("FPDFText_GetTextObject", Handle)
_font_of = fast("FPDFTextObj_GetFont", Handle)
_render_mode = fast("FPDFTextObj_GetTextRenderMode")
_fill_color = fast("FPDFPageObj_GetFillColor")
_font_weight = fast("FPDFFont_GetWeight")
_is_made_up = fast("FPDFText_IsGenerated")
_no_meaning = fast("FPDFText_HasUnicodeMapError")
_font_name = fast("FPDFFont_GetBaseFontName", ctypes.c_size_t)

_BATCH = 4096
_boxes = np.zeros((_BATCH, 4), dtype=np.float64)
_slots = [
    tuple(
        ctypes.byref(ctypes.c_double.from_address(_boxes.ctypes.data + 32 * row + 8 * column))
        for column in (0, 2, 1, 3)  # PDFium's order is left, right, bottom, top
    )
    for row in range(_BATCH)
]
_SPACES = np.array([0, 9, 10, 13, 32, 0xA0, *range(0x2000, 0x200C), 0x2028, 0x3000, 0xFEFF])
INVISIBLE = 3
"""PDF's text rendering mode without ink."""
ASKEW = 4
"""In `Found.turns`: not a multiple of a quarter turn."""
SAMPLE = 200
_STRAIGHT = 0
_WHITE = 244
_CLEAR = 16
_BOLD_WEIGHT = 600
_SHORT = 2
_TILT = 8.0
_NO_ROOM = 0.18
"""Share of a letter's height; the narrowest real space is wider."""


@dataclass(slots=True)
class Found:
    """The words of a page in the order of the file, with what needs a second look."""

    words: list[Word] = field(default_factory=list[Word])
    turns: list[int] = field(default_factory=list[int])
    """Per word: quarter turns clockwise from upright; `ASKEW` for any other angle."""
    suspects: list[int] = field(default_factory=list[int])
    """Indices of words in white or clear ink; only a picture of the page can tell."""
    invisible: list[int] = field(default_factory=list[int])
    """Indices of words drawn without ink, as scanners do over the scan."""
    codes: int = 0
    """Characters that are not spaces."""
    unmapped: int = 0
    """Of `SAMPLE` characters: those for which the font does not say what they mean."""


@dataclass(slots=True)
class _Characters:
    text: str
    space: Bools
    box: Floats
    """Shown; rows of NaN for spaces and for characters without ink."""


@dataclass(slots=True)
class _Runs:
    starts: Ints
    ends: Ints
    sizes: Floats
    turns: Ints


def read_words(page: PdfPage) -> Found:
    handle = raw.FPDFText_LoadPage(page.handle)
    if not handle:
        return Found()
    try:
        text_page = handle_of(handle)
        return _found(page, text_page, int(raw.FPDFText_CountChars(handle)))
    finally:
        raw.FPDFText_ClosePage(handle)


def _found(page: PdfPage, text_page: Handle, count: int) -> Found:
    if count <= 0:
        return Found()
    characters = _characters(page, text_page, count)
    starts, ends = _runs(characters.space)
    if not len(starts):
        return Found()
    turns = _turns(page, text_page, characters, starts, ends)
    runs = _Runs(starts, ends, _sizes(page, text_page, starts, turns), turns)
    runs = _split(characters, runs)
    boxes = _unions(text_page, page, characters, runs)
    styles = _Styles(text_page)
    found = Found(codes=int((~characters.space).sum()), turns=runs.turns.tolist())
    for index, (start, end, size, box) in enumerate(
        zip(
            runs.starts.tolist(),
            runs.ends.tolist(),
            runs.sizes.tolist(),
            boxes.tolist(),
            strict=True,
        )
    ):
        bold, faint = styles.at(start)
        place = Box(*box)
        text = characters.text[start:end].replace(" ", "")
        found.words.append(Word(text, place, place, size, bold))
        if faint:
            (found.invisible if faint == INVISIBLE else found.suspects).append(index)
    found.unmapped = _unmapped(text_page, characters)
    return found


def _characters(page: PdfPage, text_page: Handle, count: int) -> _Characters:
    text = _text(text_page, count)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    space = np.isin(codes, _SPACES)
    box = np.full((count, 4), np.nan)
    inked = np.flatnonzero(~space)
    for first in range(0, len(inked), _BATCH):
        part = inked[first : first + _BATCH]
        _boxes[:] = 0
        for index, (left, right, bottom, top) in zip(part.tolist(), _slots, strict=False):
            _char_box(text_page, index, left, right, bottom, top)
        box[part] = _boxes[: len(part)]
    empty = ~((box[:, 2] > box[:, 0]) & (box[:, 3] > box[:, 1]))
    box[empty] = np.nan
    _heal(text_page, space, box)
    return _Characters(text, space, page.shown(box))


def _heal(text_page: Handle, space: Bools, box: Floats) -> None:
    """Take back spaces that PDFium made up where there is no room for one."""
    inner = np.flatnonzero(space[1:-1] & ~space[:-2] & ~space[2:]) + 1
    if not len(inner):
        return
    before, after = box[inner - 1], box[inner + 1]
    tall = np.maximum(before[:, 3] - before[:, 1], after[:, 3] - after[:, 1])
    gap = np.maximum(after[:, 0] - before[:, 2], after[:, 1] - before[:, 3])
    with np.errstate(invalid="ignore"):
        tight = np.abs(gap) < _NO_ROOM * tall
    for index in inner[tight].tolist():
        if _is_made_up(text_page, index) == 1:
            space[index] = False


def _text(text_page: Handle, count: int) -> str:
    """One code point per PDFium character."""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(ctypes.cast(text_page, raw.FPDF_TEXTPAGE), 0, count, buffer)
    text = bytes(buffer)[: 2 * max(0, written - 1)].decode("utf-16-le", "replace")
    if len(text) == count and written - 1 == count:
        return text
    codes = [_unicode(text_page, index) for index in range(count)]
    return "".join(chr(code) if code <= 0x10FFFF else "\ufffd" for code in codes)


def _runs(space: Bools) -> tuple[Ints, Ints]:
    """Starts and ends of the stretches without a space."""
    edges = np.diff(np.concatenate(([True], space, [True])).astype(np.int8))
    return np.flatnonzero(edges == -1), np.flatnonzero(edges == 1)


def _turns(
    page: PdfPage, text_page: Handle, characters: _Characters, starts: Ints, ends: Ints
) -> Ints:
    """Quarter turns of each run; the angle is asked for only where its characters go oddly."""
    first, last = characters.box[starts], characters.box[ends - 1]
    across = (last[:, 0] + last[:, 2] - first[:, 0] - first[:, 2]) / 2
    down = (last[:, 1] + last[:, 3] - first[:, 1] - first[:, 3]) / 2
    lone = (ends - starts) < _SHORT
    odd = ~lone & ((np.abs(down) > 0.3 * np.abs(across)) | (across < 0))
    turns = np.full(len(starts), _STRAIGHT, dtype=np.int64)
    if odd.any():
        for index in np.flatnonzero(odd | lone).tolist():
            turns[index] = _turn(page, float(_angle(text_page, int(starts[index]))))
    return turns


def _turn(page: PdfPage, angle: float) -> int:
    """Quarter turns clockwise as shown; PDFium counts clockwise in PDF space, in radians."""
    degrees = (math.degrees(max(0.0, angle)) + page.rotation) % 360
    quarter = round(degrees / 90)
    return quarter % 4 if abs(degrees - 90 * quarter) < _TILT else ASKEW


def _sizes(page: PdfPage, text_page: Handle, starts: Ints, turns: Ints) -> Floats:
    """Height of the type at each start, from ascent to descent, whichever way it is turned."""
    rectangle = (ctypes.c_float * 4)()
    place = ctypes.byref(rectangle)
    lying = ((turns - page.rotation // 90) % 2 == 1) & (turns != ASKEW)
    found: list[float] = []
    for start, wide in zip(starts.tolist(), lying.tolist(), strict=True):
        _loose_box(text_page, start, place)
        left, top, right, bottom = rectangle
        found.append(abs(right - left) if wide else abs(top - bottom))
    return np.maximum(np.array(found), 0.1)


def _split(characters: _Characters, runs: _Runs) -> _Runs:
    """Cut upright runs where the next character is far away: PDFium set no space there."""
    box = characters.box
    size = np.zeros(len(box))
    upright = np.zeros(len(box), dtype=np.bool_)
    lengths = runs.ends - runs.starts
    inside = np.flatnonzero(~characters.space)
    size[inside] = np.repeat(runs.sizes, lengths)
    upright[inside] = np.repeat(runs.turns == _STRAIGHT, lengths)
    gap = box[1:, 0] - box[:-1, 2]
    drop = np.abs(box[1:, 1] + box[1:, 3] - box[:-1, 1] - box[:-1, 3]) / 2
    with np.errstate(invalid="ignore"):
        jump = (gap > 0.6 * size[1:]) | (gap < -1.5 * size[1:]) | (drop > 0.8 * size[1:])
    jump &= upright[1:] & upright[:-1]
    cuts = np.flatnonzero(jump) + 1
    if not len(cuts):
        return runs
    starts = np.union1d(runs.starts, cuts)
    owner = np.searchsorted(runs.starts, starts, side="right") - 1
    ends = np.union1d(runs.ends, cuts)
    return _Runs(starts, ends, runs.sizes[owner], runs.turns[owner])


def _unions(text_page: Handle, page: PdfPage, characters: _Characters, runs: _Runs) -> Floats:
    """The box of each run's ink; a run without any gets a point where its text begins."""
    edges = np.stack([runs.starts, runs.ends], axis=1).ravel()
    padded = np.vstack([characters.box, np.full((1, 4), np.nan)])
    least = np.fmin.reduceat(padded[:, :2], edges, axis=0)[::2]
    most = np.fmax.reduceat(padded[:, 2:], edges, axis=0)[::2]
    found = np.hstack([least, most])
    for index in np.flatnonzero(np.isnan(found[:, 0])).tolist():
        found[index] = _point(text_page, page, int(runs.starts[index]))
    return found


def _point(text_page: Handle, page: PdfPage, index: int) -> tuple[float, ...]:
    across, up = ctypes.c_double(), ctypes.c_double()
    _origin(text_page, index, ctypes.byref(across), ctypes.byref(up))
    return page.shown_box(across.value, up.value, across.value, up.value)


class _Styles:
    """Weight and ink of characters; PDFium is asked once per text object and font."""

    def __init__(self, text_page: Handle) -> None:
        self._text_page = text_page
        self._last: int | None = None
        self._style = (False, 0)
        self._bold: dict[int | None, bool] = {}
        self._rgba = tuple(ctypes.c_uint() for _ in range(4))
        self._rgba_slots = tuple(ctypes.byref(part) for part in self._rgba)

    def at(self, index: int) -> tuple[bool, int]:
        """Whether bold, and how the ink may hide it: 0 not, 1 white or clear, 3 none at all."""
        thing = _text_object(self._text_page, index)
        if thing.value is None or thing.value == self._last:
            return self._style
        self._last = thing.value
        self._style = (self._is_bold(_font_of(thing)), self._faint(thing))
        return self._style

    def _is_bold(self, font: Handle) -> bool:
        if font.value not in self._bold:
            self._bold[font.value] = font.value is not None and _named_bold(font)
        return self._bold[font.value]

    def _faint(self, thing: Handle) -> int:
        if _render_mode(thing) == INVISIBLE:
            return INVISIBLE
        if not _fill_color(thing, *self._rgba_slots):
            return 0
        red, green, blue, alpha = (part.value for part in self._rgba)
        return int(alpha < _CLEAR or min(red, green, blue) >= _WHITE)


def _named_bold(font: Handle) -> bool:
    length = _font_name(font, None, 0)
    buffer = ctypes.create_string_buffer(max(1, length))
    _font_name(font, buffer, ctypes.c_size_t(length))
    name = buffer.value.decode("utf-8", "replace").lower()
    return any(mark in name for mark in ("bold", "black", "heavy", "demi")) or (
        _font_weight(font) >= _BOLD_WEIGHT
    )


def _unmapped(text_page: Handle, characters: _Characters) -> int:
    inked = np.flatnonzero(~characters.space)
    sample = inked[:: max(1, len(inked) // SAMPLE)][:SAMPLE]
    return sum(_no_meaning(text_page, index) == 1 for index in sample.tolist())
