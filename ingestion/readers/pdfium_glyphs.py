"""The single glyphs in parts of a PDF page; asked for where a formula is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingestion.layout.glyphs import Glyph
from ingestion.layout.marks import Box
from ingestion.readers.accents import NOTHING
from ingestion.readers.pdfium import PdfPage
from ingestion.readers.pdfium_characters import characters_of, origins_of
from ingestion.readers.pdfium_raw import handle_of, raw


def glyphs_in(page: PdfPage, boxes: Sequence[Box]) -> list[list[Glyph]]:
    """The glyphs whose middle lies in each box, in the order of the file; `PDFIUM` is held."""
    handle = raw.FPDFText_LoadPage(page.handle)
    if not handle:
        return [[] for _ in boxes]
    try:
        text_page = handle_of(handle)
        count = int(raw.FPDFText_CountChars(handle))
        found = characters_of(page, text_page, count)
        across = (found.box[:, 0] + found.box[:, 2]) / 2
        down = (found.box[:, 1] + found.box[:, 3]) / 2
        groups: list[list[Glyph]] = []
        for box in boxes:
            inside = (across >= box.left - 1) & (across <= box.right + 1)
            inside &= (down >= box.top - 1) & (down <= box.bottom + 1)
            places = np.flatnonzero(inside & ~found.space)
            if not len(places):
                groups.append([])
                continue
            sizes = [float(raw.FPDFText_GetFontSize(handle, index)) for index in places.tolist()]
            baselines = origins_of(page, text_page, places)[:, 1]
            groups.append(
                [
                    Glyph(
                        found.text[index],
                        Box(*found.box[index].tolist()),
                        size,
                        baseline,
                        bool(index and found.space[index - 1]),
                    )
                    for index, size, baseline in zip(
                        places.tolist(), sizes, baselines.tolist(), strict=True
                    )
                    if found.text[index] != NOTHING
                ]
            )
        return groups
    finally:
        raw.FPDFText_ClosePage(handle)
