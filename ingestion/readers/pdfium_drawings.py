"""Pictures and drawn lines of a PDF page."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ingestion.layout.marks import Box, Mark, Rule, around
from ingestion.readers.pdfium import PdfPage
from ingestion.readers.pdfium_objects import (
    IDENTITY,
    MOST_OBJECTS,
    Matrix,
    Shape,
    matrix_of,
    shapes,
)
from ingestion.readers.pdfium_raw import Handle, fast, raw

_MOST_PATHS = 4_000
"""A page with more is a drawing or a map; its lines rule no table."""
_MOST_SEGMENTS = 80
_THIN = 2.5
"""Points; a thicker bar is no rule."""
_SHORTEST = 6.0
_WHITE = 250
_CURVE_SIDE, _SLANT = 15.0, 1.5
_CHART_SIDE, _NEAR = 24.0, 0.1
_MOST_MARKS = 1_500
_TALLEST_TYPE = 48.0
_OF_FRAME, _CORNERS = 5, 12
"""Segments of a plain frame, and bent parts of one with round corners, at most."""

_bounds = fast("FPDFPageObj_GetBounds")
_draw_mode = fast("FPDFPath_GetDrawMode")
_count_segments = fast("FPDFPath_CountSegments")
_segment = fast("FPDFPath_GetPathSegment", Handle)
_segment_point = fast("FPDFPathSegment_GetPoint")
_segment_type = fast("FPDFPathSegment_GetType")
_fill_color = fast("FPDFPageObj_GetFillColor")
_stroke_color = fast("FPDFPageObj_GetStrokeColor")
_fill, _stroke = ctypes.c_int(), ctypes.c_int()
_rgba = (ctypes.c_uint * 4)()
_rgba_slots = tuple(ctypes.byref(_rgba, 4 * index) for index in range(4))


class Cover(NamedTuple):
    """A picture or a filled rectangle that is drawn after text."""

    address: int
    """Of PDFium's object."""
    box: Box


class Outline(NamedTuple):
    """A filled shape that is no rectangle and no higher than large type."""

    box: Box
    segments: int


@dataclass(slots=True)
class Drawings:
    pictures: list[Box] = field(default_factory=list[Box])
    """Placed pictures, cut off at the edge of the page."""
    rules: list[Rule] = field(default_factory=list[Rule])
    curves: list[Box] = field(default_factory=list[Box])
    """Around what is neither level nor upright: the lines, slices and areas of charts."""
    marks: list[Mark] = field(default_factory=list[Mark])
    """What charts may be made of, thin lines left out."""
    paths: int = 0
    thin: int = 0
    """Of the paths, those that are one straight line."""
    covers: list[Cover] = field(default_factory=list[Cover])
    outlines: list[Outline] = field(default_factory=list[Outline])


def read_drawings(page: PdfPage) -> Drawings:
    """Look through the page's objects and the forms among them."""
    found = Drawings()
    edge = Box(0, 0, page.width, page.height)
    objects = 0
    for objects, shape in enumerate(shapes(page)):
        thing, kind, _, is_above = shape
        if objects > MOST_OBJECTS:
            break
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            box = _cut(shown_bounds(page, shape), edge)
            if box.area > 0:
                found.pictures.append(box)
                if is_above:
                    found.covers.append(Cover(thing.value or 0, box))
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            found.paths += 1
            if found.paths <= _MOST_PATHS:
                _add_rules(found, page, shape)
    return found


_edges = (ctypes.c_float * 4)()
_edge_slots = tuple(ctypes.byref(_edges, 4 * index) for index in range(4))


def _bounds_of(thing: Handle) -> Box:
    """In the space of what holds it: left, bottom, right, top."""
    if not _bounds(thing, *_edge_slots):
        return Box(0, 0, 0, 0)
    return Box(*_edges)


def _shown(page: PdfPage, bounds: Box, matrix: Matrix) -> Box:
    left, bottom, right, top = bounds
    if matrix is not IDENTITY:
        corners = [matrix.at(x, y) for x in (left, right) for y in (bottom, top)]
        left, bottom, right, top = around(Box(x, y, x, y) for x, y in corners)
    return page.shown_box(left, bottom, right, top)


def shown_bounds(page: PdfPage, shape: Shape) -> Box:
    """Where a picture or a path is seen on the page."""
    return _shown(page, _bounds_of(shape.handle), shape.matrix)


def _cut(box: Box, edge: Box) -> Box:
    return Box(
        max(box.left, edge.left),
        max(box.top, edge.top),
        max(edge.left, min(box.right, edge.right)),
        max(edge.top, min(box.bottom, edge.bottom)),
    )


def _add_rules(found: Drawings, page: PdfPage, shape: Shape) -> None:
    """Thin paths are rules as they are; frames and grids are taken apart."""
    path, matrix = shape.handle, shape.matrix
    box = _shown(page, _bounds_of(path), matrix)
    if min(box.width, box.height) <= _THIN:
        found.thin += 1
        if max(box.width, box.height) >= _SHORTEST and not _is_white(path):
            found.rules.append(_rule(box))
        return
    count = _count_segments(path)
    _draw_mode(path, ctypes.byref(_fill), ctypes.byref(_stroke))
    is_filled, is_stroked = bool(_fill.value), bool(_stroke.value)
    if is_filled:
        _add_filled(found, shape, box, count)
    if min(box.width, box.height) >= _CURVE_SIDE and _is_curved(path):
        found.curves.append(box)
        found.marks.append(Mark(box, "slanted"))
        return
    if len(found.marks) < _MOST_MARKS and count <= _MOST_SEGMENTS:
        found.marks.extend(_marks(page, path, box, matrix, is_filled=is_filled))
    if count <= _MOST_SEGMENTS and is_stroked:
        found.rules.extend(_sides(page, path, matrix.after(matrix_of(path))))


def _add_filled(found: Drawings, shape: Shape, box: Box, count: int) -> None:
    if count > _OF_FRAME:
        if box.height <= _TALLEST_TYPE:
            found.outlines.append(Outline(box, count))
    elif shape.is_above_text:
        found.covers.append(Cover(shape.handle.value or 0, box))


def _fill_of(path: Handle) -> Literal["filled", "panel"]:
    return "panel" if _has_white(path, _fill_color) else "filled"


def _marks(
    page: PdfPage, path: Handle, box: Box, matrix: Matrix, *, is_filled: bool
) -> Iterator[Mark]:
    """Slanted strokes; filled rectangles one by one."""
    count = _count_segments(path)
    if is_filled and count <= _OF_FRAME:
        yield Mark(box, _fill_of(path))
        return
    if count in (_OF_FRAME - 1, _OF_FRAME) and _is_upright(path):
        return
    whole = matrix.after(matrix_of(path))
    strokes = [(whole.at(*one), whole.at(*other)) for one, other in _strokes(path, curves=True)]
    slants = sum(_is_slant(one, other) for one, other in strokes)
    if max(box.width, box.height) >= _CHART_SIDE and slants > (_CORNERS if is_filled else 0):
        yield Mark(box, "slanted")
    elif slants or not is_filled:
        yield Mark(box, "other")
    else:
        form = _fill_of(path)
        yield from (Mark(part, form) for part in _rectangles(page, strokes))


def _is_upright(path: Handle) -> bool:
    """Whether a path without filling is a plain frame, by its first stroke."""
    one, other = next(_strokes(path), ((0.0, 0.0), (1.0, 1.0)))
    return min(abs(one[0] - other[0]), abs(one[1] - other[1])) <= _SLANT


def _is_slant(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return min(abs(one[0] - other[0]), abs(one[1] - other[1])) > _SLANT


def _rectangles(
    page: PdfPage, strokes: Sequence[tuple[tuple[float, float], tuple[float, float]]]
) -> Iterator[Box]:
    """Boxes of the closed parts of a path."""
    start = 0
    for index, (_, end) in enumerate(strokes):
        (x, y), (x0, y0) = end, strokes[start][0]
        if index > start and abs(x - x0) + abs(y - y0) < _NEAR:
            xs, ys = zip(*(end for _, end in strokes[start : index + 1]), strict=True)
            yield page.shown_box(min(xs), min(ys), max(xs), max(ys))
            start = index + 1


def _is_curved(path: Handle) -> bool:
    """Whether a path has slanted strokes; the round corners of a frame are none."""
    count = _count_segments(path)
    if count > _MOST_SEGMENTS:
        return True
    if count <= _OF_FRAME:
        return False
    slanted = [
        (across, down)
        for (x0, y0), (x1, y1) in _strokes(path, curves=True)
        if min(across := abs(x1 - x0), down := abs(y1 - y0)) > _SLANT
    ]
    return len(slanted) > _CORNERS or any(max(step) > _CURVE_SIDE for step in slanted)


def _sides(page: PdfPage, path: Handle, matrix: Matrix) -> Iterator[Rule]:
    for one, other in _strokes(path):
        x0, y0 = matrix.at(*one)
        x1, y1 = matrix.at(*other)
        side = page.shown_box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        if min(side.width, side.height) <= _THIN and max(side.width, side.height) >= _SHORTEST:
            yield _rule(side)


def _rule(box: Box) -> Rule:
    if box.width >= box.height:
        return Rule(horizontal=True, at=(box.top + box.bottom) / 2, start=box.left, end=box.right)
    return Rule(horizontal=False, at=(box.left + box.right) / 2, start=box.top, end=box.bottom)


def _is_stroked(path: Handle) -> bool:
    _draw_mode(path, ctypes.byref(_fill), ctypes.byref(_stroke))
    return bool(_stroke.value)


def _is_white(path: Handle) -> bool:
    return _has_white(path, _stroke_color if _is_stroked(path) else _fill_color)


def _has_white(path: Handle, color: Callable[..., int]) -> bool:
    if not color(path, *_rgba_slots):
        return False
    red, green, blue, alpha = bytes(_rgba)[::4]
    return alpha == 0 or min(red, green, blue) >= _WHITE


def _strokes(
    path: Handle, *, curves: bool = False
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight parts of a path, before its own matrix; with `curves` also the bent ones."""
    x, y = ctypes.c_float(), ctypes.c_float()
    last = first = (0.0, 0.0)
    for index in range(_count_segments(path)):
        part = _segment(path, index)
        _segment_point(part, ctypes.byref(x), ctypes.byref(y))
        kind, here = _segment_type(part), (x.value, y.value)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = here
        elif curves or kind == raw.FPDF_SEGMENT_LINETO:
            yield last, here
        last = here
    if last != first:
        yield last, first
