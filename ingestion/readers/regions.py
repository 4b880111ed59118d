"""Regions of a digital page by a layout model, where rules do not see what belongs together."""

from __future__ import annotations

from ingestion.layout.marks import Box
from ingestion.layout.model_fields import recognized_word
from ingestion.readers.pdf_page import PageFound
from ingestion.readers.pdfium import PdfPage
from pincite.models.ports import LayoutModel

_LONG_SIDE = 1100
"""Pixels; the model looks at about 800."""
_SURE = 0.5
_FIGURES = frozenset({"figure", "picture"})
"""As the models name them."""
_LEAST, _MOST = 0.02, 0.7
"""Share of the page that a figure takes."""
_FEWEST_CURVES = 3


def is_complex(found: PageFound) -> bool:
    """Whether charts are drawn among the text: their labels would be read as if they were text."""
    return len(found.curves) >= _FEWEST_CURVES


def figures_on(page: PdfPage, found: PageFound, model: LayoutModel) -> list[Box]:
    """Figures that are drawn rather than placed as pictures; about 0.15 s."""
    scale = _LONG_SIDE / max(page.width, page.height)
    words = [recognized_word(word, scale) for word in found.words]
    regions = model.regions(page.render(scale), words)
    boxes = [
        Box(region.left / scale, region.top / scale, region.right / scale, region.bottom / scale)
        for region in regions
        if region.label.lower() in _FIGURES and region.confidence >= _SURE
    ]
    whole = page.width * page.height
    kept: list[Box] = []
    for box in boxes:
        known = [*found.pictures, *kept]
        if _LEAST * whole <= box.area <= _MOST * whole and not any(
            box.overlap(other) > 0.3 * min(box.area, other.area) for other in known
        ):
            kept.append(box)
    return kept
