"""The characters of a PDF page: what they are, where their ink is, how they are set.

PDFium tells one thing about one character per call, and a page has thousands: see `Gather`.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from ingestion.layout.prose import SOFT
from ingestion.readers.accents import NOTHING, composed, has_accents
from ingestion.readers.pdfium import Floats, PdfPage
from ingestion.readers.pdfium_raw import Gather, Handle, fast, raw

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

INVISIBLE = 3
"""PDF's text rendering mode without ink."""
SAMPLE = 200
"""Characters of a page that are asked for their meaning."""
_WHITE = 244
_CLEAR = 16
_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "black", "heavy", "demi", "-medi", "cmbx", "sfbx", "ecbx")

_char_boxes = Gather(fast("FPDFText_GetCharBox"), ctypes.c_double, (0, 2, 1, 3))
_loose_boxes = Gather(fast("FPDFText_GetLooseCharBox"), ctypes.c_float, (0,), width=4)
_origins = Gather(fast("FPDFText_GetCharOrigin"), ctypes.c_double, (0, 1))
_unicode = fast("FPDFText_GetUnicode", ctypes.c_uint)
_no_meaning = fast("FPDFText_HasUnicodeMapError")
_text_object = fast("FPDFText_GetTextObject", Handle)
_font_of = fast("FPDFTextObj_GetFont", Handle)
_render_mode = fast("FPDFTextObj_GetTextRenderMode")
_fill_colors = Gather(fast("FPDFPageObj_GetFillColor"), ctypes.c_uint, (0, 1, 2, 3))
_font_weight = fast("FPDFFont_GetWeight")
_font_name = fast("FPDFFont_GetBaseFontName", ctypes.c_size_t)

_HYPHEN = "\x02"
"""What PDFium calls a hyphen at the end of a line when asked for one character."""
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")

_IS_SPACE = np.zeros(0x10000, dtype=np.bool_)
_IS_SPACE[[0, 9, 10, 13, 32, 0xA0, *range(0x2000, 0x200C), 0x2028, 0x3000, 0xFEFF]] = True


@dataclass(slots=True)
class Characters:
    text: str
    """One code point per character of PDFium, spaces and line ends included."""
    space: Bools
    box: Floats
    """As shown; rows of NaN for spaces and for characters without ink."""


class Styles(NamedTuple):
    """How characters are set; one entry per character asked for."""

    bold: list[bool]
    white: Bools
    """White or clear ink."""
    invisible: Bools
    things: list[int]
    """Addresses of the text objects that they are drawn by; 0 where PDFium does not tell."""


def characters_of(page: PdfPage, text_page: Handle, count: int) -> Characters:
    text = _whole(_text(text_page, count))
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    space = _IS_SPACE[np.minimum(codes, 0xFFFF)]
    box = np.full((count, 4), np.nan)
    inked = np.flatnonzero(~space)
    box[inked] = _char_boxes(_same(text_page, len(inked)), inked.tolist())
    empty = ~((box[:, 2] > box[:, 0]) & (box[:, 3] > box[:, 1]))
    box[empty] = np.nan
    box = page.shown(box)
    if has_accents(text):
        text = composed(text, space, box)
    return Characters(text, space, box)


def _same(thing: Handle, count: int) -> Sequence[Handle]:
    return [thing] * count


def _text(text_page: Handle, count: int) -> str:
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(ctypes.cast(text_page, raw.FPDF_TEXTPAGE), 0, count, buffer)
    units = np.frombuffer(bytes(buffer), dtype=np.uint16)[: max(0, written - 1)]
    if len(units) == count:
        return units.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    codes = map(_unicode, repeat(text_page), range(count))
    text = "".join(chr(code) if code <= 0x10FFFF else "\ufffd" for code in codes)
    return text.replace(_HYPHEN, SOFT)


def _whole(text: str) -> str:
    """PDFium counts letters beyond the basic plane, such as 𝑥, as two halves: one and `NOTHING`."""
    return _HALVES.sub(_put_together, text)


def _put_together(halves: re.Match[str]) -> str:
    if len(halves.group()) == 1:
        return "\ufffd"
    return halves.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le") + NOTHING


def heights_of(text_page: Handle, indices: Ints, lying: Bools) -> Floats:
    """From ascent to descent of the type, in points; `lying` where text runs up or down in PDF."""
    loose = _loose_boxes(_same(text_page, len(indices)), indices.tolist())
    tall, wide = np.abs(loose[:, 1] - loose[:, 3]), np.abs(loose[:, 2] - loose[:, 0])
    return np.maximum(np.where(lying, wide, tall).astype(np.float64), 0.1)


def origins_of(page: PdfPage, text_page: Handle, indices: Ints) -> Floats:
    """Points on the baseline as empty boxes, as shown; for characters without ink."""
    points = _origins(_same(text_page, len(indices)), indices.tolist())
    return page.shown(np.hstack([points, points]))


def unmapped_of(text_page: Handle, indices: Ints) -> float:
    """Share of characters for which the font does not say what they mean, from a sample."""
    sample = indices[:: max(1, len(indices) // SAMPLE)].tolist()
    missing = sum(flag == 1 for flag in map(_no_meaning, repeat(text_page), sample))
    return missing / max(1, len(sample))


def styles_of(text_page: Handle, indices: Ints) -> Styles:
    """Ask each text object once, each font once."""
    things = cast(list[Handle], list(map(_text_object, repeat(text_page), indices.tolist())))
    numbers = [thing.value or 0 for thing in things]
    addresses = np.array(numbers, dtype=np.uint64)
    _, firsts, owner = cast(
        tuple[Ints, Ints, Ints], np.unique(addresses, return_index=True, return_inverse=True)
    )
    places = cast(list[int], firsts.tolist())
    asked = [things[place] for place in places]
    known = next((thing for thing in asked if thing.value), None)
    if known is None:
        none = np.zeros(len(things), dtype=np.bool_)
        return Styles([False] * len(things), none, none, numbers)
    asked = [thing if thing.value else known for thing in asked]
    fonts = cast(list[Handle], list(map(_font_of, asked)))
    weights = {font.value: _is_bold(font) for font in {font.value: font for font in fonts}.values()}
    bold = [weights[font.value] for font in fonts]
    modes = np.array(list(map(_render_mode, asked)), dtype=np.int64)
    colors = _fill_colors(asked)
    white = (colors[:, 3] < _CLEAR) | (colors[:, :3] >= _WHITE).all(axis=1)
    invisible = modes == INVISIBLE
    back = owner.tolist()
    return Styles(
        [bold[index] for index in back], (white & ~invisible)[owner], invisible[owner], numbers
    )


def _is_bold(font: Handle) -> bool:
    if not font.value:
        return False
    length = _font_name(font, None, ctypes.c_size_t(0))
    buffer = ctypes.create_string_buffer(max(1, length))
    _font_name(font, buffer, ctypes.c_size_t(length))
    name = buffer.value.decode("utf-8", "replace").lower()
    return any(mark in name for mark in _BOLD_NAMES) or (_font_weight(font) >= _BOLD_WEIGHT)
