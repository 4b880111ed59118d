"""What a PDF page is drawn with, in the order in which it is drawn."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import repeat
from typing import NamedTuple

from ingestion.readers.pdfium import PdfPage
from ingestion.readers.pdfium_raw import Handle, fast, handle_of, raw

MOST_OBJECTS = 60_000
_DEEPEST = 4

_get_object = fast("FPDFPage_GetObject", Handle)
_form_object = fast("FPDFFormObj_GetObject", Handle)
_count_inside = fast("FPDFFormObj_CountObjects")
_type_of = fast("FPDFPageObj_GetType")
_matrix_of = fast("FPDFPageObj_GetMatrix")


class Matrix(NamedTuple):
    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, inner: Matrix) -> Matrix:
        """First `inner`, then this."""
        e, f = self.at(inner.e, inner.f)
        return Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            e,
            f,
        )


IDENTITY = Matrix(1, 0, 0, 1, 0, 0)


class Shape(NamedTuple):
    """A picture, a path or the like."""

    handle: Handle
    kind: int
    matrix: Matrix
    """Of the forms it is in."""
    is_above_text: bool
    """Whether text may have been drawn before it."""


def shapes(page: PdfPage) -> Iterator[Shape]:
    """All but text, also what is inside of forms."""
    text, form = raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_FORM
    handle = handle_of(page.handle)
    above = False
    for index, kind in enumerate(map(_type_of, map(_get_object, repeat(handle), _count(page)))):
        if kind == text:
            above = True
            continue
        thing = _get_object(handle, index)
        if kind == form:
            above = True
            yield from _inside(thing, matrix_of(thing), 1)
        else:
            yield Shape(thing, kind, IDENTITY, above)


def _count(page: PdfPage) -> range:
    return range(min(MOST_OBJECTS, raw.FPDFPage_CountObjects(page.handle)))


def _inside(form: Handle, matrix: Matrix, depth: int) -> Iterator[Shape]:
    for index in range(_count_inside(form)):
        thing = _form_object(form, ctypes.c_ulong(index))
        kind = _type_of(thing)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            yield from _inside(thing, matrix.after(matrix_of(thing)), depth + 1)
        elif kind != raw.FPDF_PAGEOBJ_TEXT:
            yield Shape(thing, kind, matrix, is_above_text=True)


def matrix_of(thing: Handle) -> Matrix:
    """The object's own."""
    values = (ctypes.c_float * 6)()
    return Matrix(*values) if _matrix_of(thing, ctypes.byref(values)) else IDENTITY


def places_in_order(page: PdfPage) -> dict[int, int]:
    """For each object by its address, how many are drawn before it; 2 µs for each."""
    handle = handle_of(page.handle)
    order: dict[int, int] = {}
    for index in _count(page):
        _add(order, _get_object(handle, index), 0)
    return order


def _add(order: dict[int, int], thing: Handle, depth: int) -> None:
    order[thing.value or 0] = len(order)
    if depth < _DEEPEST and _type_of(thing) == raw.FPDF_PAGEOBJ_FORM:
        for index in range(min(MOST_OBJECTS, _count_inside(thing))):
            _add(order, _form_object(thing, ctypes.c_ulong(index)), depth + 1)
