"""The delivery note: printed, signed, then scanned askew on a tired machine."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
DPI = 216
"""A multiple of 72."""
TILT_DEGREES = 2.3
PEN = HexColor("#27408b")

LINES = (
    ("1", "Stern tube bearing, 90 mm", "1", "38 kg"),
    ("2", "Shaft sleeve, bronze", "1", "21 kg"),
    ("3", "Seal kit SK-90", "1", "2 kg"),
    ("4", "Fixing bolts M12", "16", "4 kg"),
)


def write(path: Path) -> None:
    scanned = _scanned(_printed())
    page = Canvas(str(path), pagesize=A4, invariant=1)
    page.setTitle("Scan")
    page.drawImage(ImageReader(scanned), 0, 0, WIDTH, HEIGHT)
    page.save()


def _printed() -> Image.Image:
    """The note as it left the printer and the pen."""
    pdf = io.BytesIO()
    page = Canvas(pdf, pagesize=A4, invariant=1)
    _head(page)
    _items(page)
    _receipt(page)
    page.save()
    with pdfium.PdfDocument(pdf.getvalue()) as document:
        return document[0].render(scale=DPI // 72).to_pil().convert("RGB")


def _head(page: Any) -> None:
    page.setFont("Helvetica-Bold", 20)
    page.drawString(25 * mm, 265 * mm, "NORDHAVN BEARINGS")
    page.setFont("Helvetica", 11)
    page.drawString(25 * mm, 258 * mm, "Kaiweg 7, Nordhavn")
    page.setFont("Helvetica-Bold", 16)
    page.drawString(25 * mm, 240 * mm, "Delivery note No. 4471")
    page.setFont("Helvetica", 12)
    for row, (name, value) in enumerate(
        (
            ("Date", "14 November 2025"),
            ("Your order", "BF-2025-088"),
            ("Deliver to", "Tolland Slipway, berth 3"),
            ("For vessel", "MV Sandpiper"),
        )
    ):
        page.drawString(25 * mm, (228 - 8 * row) * mm, f"{name}:")
        page.drawString(60 * mm, (228 - 8 * row) * mm, value)


def _items(page: Any) -> None:
    top, step = 186, 10
    columns = (25, 40, 115, 140, 170)
    page.setLineWidth(0.8)
    for row in range(len(LINES) + 2):
        page.line(
            columns[0] * mm, (top - step * row) * mm, columns[-1] * mm, (top - step * row) * mm
        )
    for column in columns:
        page.line(column * mm, top * mm, column * mm, (top - step * (len(LINES) + 1)) * mm)
    page.setFont("Helvetica-Bold", 11)
    for column, name in zip(columns, ("Pos", "Item", "Quantity", "Weight"), strict=False):
        page.drawString((column + 2) * mm, (top - 7) * mm, name)
    page.setFont("Helvetica", 12)
    for row, line in enumerate(LINES, start=1):
        for column, cell in zip(columns, line, strict=False):
            page.drawString((column + 2) * mm, (top - 7 - step * row) * mm, cell)
    page.drawString(25 * mm, 126 * mm, "Gross weight with crate: 71 kg")


def _receipt(page: Any) -> None:
    page.setFont("Helvetica", 12)
    page.drawString(25 * mm, 108 * mm, "Remarks of the receiver:")
    page.drawString(25 * mm, 74 * mm, "Received by (name):")
    page.drawString(25 * mm, 58 * mm, "Signature:")
    page.setFillColor(PEN)
    page.setFont("Courier-BoldOblique", 14)
    page.drawString(30 * mm, 99 * mm, "Seal kit SK-90 was not in the crate.")
    page.drawString(30 * mm, 91 * mm, "All other items complete.")
    page.drawString(70 * mm, 74 * mm, "Dilys Okafor, storekeeper")
    page.setStrokeColor(PEN)
    page.setLineWidth(1.6)
    page.bezier(62 * mm, 58 * mm, 70 * mm, 74 * mm, 74 * mm, 44 * mm, 84 * mm, 60 * mm)
    page.bezier(84 * mm, 60 * mm, 92 * mm, 70 * mm, 88 * mm, 48 * mm, 112 * mm, 62 * mm)
    page.ellipse(140 * mm, 50 * mm, 166 * mm, 76 * mm)
    page.setFont("Courier-Bold", 10)
    page.drawCentredString(153 * mm, 62 * mm, "TOLLAND")


def _scanned(printed: Image.Image) -> io.BytesIO:
    """Tilt, shadow, grain, specks and a lossy file; seeded, so that it is the same every time."""
    random = np.random.default_rng(4471)
    tilted = printed.rotate(TILT_DEGREES, Image.Resampling.BICUBIC, fillcolor="#c9c6bf")
    grey = np.asarray(tilted.filter(ImageFilter.GaussianBlur(0.7)).convert("L"), dtype=np.float32)
    height, width = grey.shape
    shadow = np.linspace(0.82, 1.0, width)[None, :] * np.linspace(1.0, 0.93, height)[:, None]
    noisy = grey * shadow + random.normal(0, 9, grey.shape)
    specks = random.random(grey.shape) < 0.0004
    noisy[specks] = random.uniform(0, 120, int(specks.sum()))
    out = io.BytesIO()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(out, format="JPEG", quality=52)
    out.seek(0)
    return out
