"""PDF files through PDFium: opening, page geometry, pictures of pages.

PDFium is not thread-safe: whoever touches a page holds `PDFIUM`.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pypdfium2

from ingestion.layout.marks import Box
from ingestion.readers.pdfium_raw import raw
from pincite.errors import CorruptSource, PasswordNeeded

PDFIUM = threading.RLock()
"""Held during every call into PDFium, process-wide."""

Floats = npt.NDArray[np.float64]
_DRAWN_NOTES = (raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP, raw.FPDF_ANNOT_WIDGET)
_FACTS = ("Title", "Author", "Subject", "Keywords", "Creator", "CreationDate", "ModDate")
_MOST_NOTES = 500


class PdfPage:
    """One open page; valid inside `PdfFile.page` only."""

    def __init__(self, page: Any, number: int) -> None:
        self.number = number
        self.handle: Any = page.raw
        self._page = page
        self.rotation = int(page.get_rotation())
        self._edges = cast(tuple[float, float, float, float], page.get_bbox())
        self.width = max(1.0, float(page.get_width()))
        self.height = max(1.0, float(page.get_height()))

    def shown(self, boxes: Floats) -> Floats:
        """Turn rows of (left, bottom, right, top) in PDF space into (left, top, right, bottom).

        The result is as a reader sees the page: crop box and page rotation applied, y down.
        """
        left, bottom, right, top = self._edges
        x0, y0, x1, y1 = boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3]
        match self.rotation:
            case 90:
                columns = (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
            case 180:
                columns = (right - x1, y0 - bottom, right - x0, y1 - bottom)
            case 270:
                columns = (top - y1, right - x1, top - y0, right - x0)
            case _:
                columns = (x0 - left, top - y1, x1 - left, top - y0)
        return np.stack(columns, axis=1)

    def shown_box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The same for one box."""
        edge_left, edge_bottom, edge_right, edge_top = self._edges
        match self.rotation:
            case 90:
                return Box(
                    bottom - edge_bottom, left - edge_left, top - edge_bottom, right - edge_left
                )
            case 180:
                return Box(
                    edge_right - right, bottom - edge_bottom, edge_right - left, top - edge_bottom
                )
            case 270:
                return Box(edge_top - top, edge_right - right, edge_top - bottom, edge_right - left)
            case _:
                return Box(left - edge_left, edge_top - top, right - edge_left, edge_top - bottom)

    def render(self, scale: float, part: Box | None = None) -> npt.NDArray[np.uint8]:
        """The page, or a part of it in points, as RGB; `scale` in pixels per point."""
        crop = (0.0, 0.0, 0.0, 0.0)
        if part is not None:
            crop = (
                max(0.0, part.left),
                max(0.0, self.height - part.bottom),
                max(0.0, self.width - part.right),
                max(0.0, part.top),
            )
        bitmap: Any = self._page.render(
            scale=scale,
            crop=crop,
            may_draw_forms=False,
            rev_byteorder=True,
            prefer_bgrx=False,
            limit_image_cache=True,
        )
        try:
            picture = cast(npt.NDArray[np.uint8], bitmap.to_numpy())
            if picture.ndim == 2:
                picture = picture[:, :, None]
            channels = 3 if picture.shape[2] >= 3 else 1
            picture = picture[:, :, :channels]
            return np.repeat(picture, 3, axis=2) if channels == 1 else picture.copy()
        finally:
            bitmap.close()


class PdfFile:
    """An open PDF. Use as a context, or call `close`."""

    def __init__(self, path: Path) -> None:
        """Open `path` with the empty password.

        Raises:
            PasswordNeeded: encrypted with another password.
            CorruptSource: not a PDF, or too damaged to find a page.
        """
        self.path = path
        with PDFIUM:
            self._document: Any = _open(path)
            self.pages = len(self._document)
            self._has_form = bool(raw.FPDF_GetFormType(self._document.raw))
        if not self.pages:
            self.close()
            raise CorruptSource(f"{path.name} has no page that can be found; it may be cut short")

    def __enter__(self) -> PdfFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with PDFIUM:
            self._document.close()

    def facts(self) -> dict[str, str]:
        """Title, author and dates as the file states them."""
        with PDFIUM:
            found = cast(dict[str, str], self._document.get_metadata_dict(skip_empty=True))
        kept = {
            name: found[name].replace("\0", "").strip()[:500] for name in _FACTS if name in found
        }
        return {name: value for name, value in kept.items() if value}

    @contextmanager
    def page(self, number: int) -> Generator[PdfPage]:
        """Open page `number`, counted from 1, and close it at the end; holds `PDFIUM`.

        Filled-in form fields and typed notes become part of the page, as a reader sees them.
        """
        with PDFIUM:
            page = self._load(number)
            try:
                if self._flatten(page):
                    page.close()
                    page = self._load(number)
                yield PdfPage(page, number)
            finally:
                page.close()

    def _load(self, number: int) -> Any:
        try:
            return self._document[number - 1]
        except (pypdfium2.PdfiumError, IndexError) as exc:
            raise CorruptSource(
                f"page {number} of {self.path.name} is damaged and cannot be read"
            ) from exc

    @staticmethod
    def _flatten(page: Any) -> bool:
        """Draw form fields and typed notes into the page in memory; whether there were any."""
        count = min(int(raw.FPDFPage_GetAnnotCount(page.raw)), _MOST_NOTES)
        for index in range(count):
            note = raw.FPDFPage_GetAnnot(page.raw, index)
            if not note:
                continue
            subtype = raw.FPDFAnnot_GetSubtype(note)
            raw.FPDFPage_CloseAnnot(note)
            if subtype in _DRAWN_NOTES:
                flat = raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY)
                return bool(flat == raw.FLATTEN_SUCCESS)
        return False


def _open(path: Path) -> Any:
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as exc:
        if getattr(exc, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise PasswordNeeded(
                f"{path.name} is protected by a password; save a copy without one and add that"
            ) from exc
        raise CorruptSource(f"{path.name} is not a readable PDF; it may be cut short") from exc
    except FileNotFoundError as exc:
        raise CorruptSource(f"{path.name} is no longer there") from exc
