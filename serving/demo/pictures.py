"""What a citation looks or sounds like: the page with the place outlined, the seconds of speech."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw

from pincite.answers import Citation
from pincite.elements import Scope
from pincite.errors import PinciteError
from pincite.locators import ImageBox, PageBox, TimeSpan
from pincite.values import Value
from serving.service import Service

DPI = 110
MARGIN = 46
"""Pixels around the outlined place that are shown with it."""
LONGEST_S = 30
LEAD_S = 0.4


class Exhibit(Value):
    """Bytes that a browser can show, small enough to be part of a page."""

    media_type: Literal["image/jpeg", "audio/wav"]
    content: bytes


async def exhibits(
    service: Service, citations: Iterable[Citation], scope: Scope
) -> dict[int, Exhibit]:
    """By citation number; a citation of text without pages has none."""
    found: dict[int, Exhibit] = {}
    for citation in citations:
        try:
            exhibit = await _exhibit(service, citation, scope)
        except PinciteError:
            continue  # the report shows the quote, which needs no picture
        if exhibit is not None:
            found[citation.number] = exhibit
    return found


async def _exhibit(service: Service, citation: Citation, scope: Scope) -> Exhibit | None:
    match citation.locators[0]:
        case PageBox(page=page):
            boxes = [b for b in citation.locators if isinstance(b, PageBox) and b.page == page]
            picture = await service.picture(citation.source, page, scope, dpi=DPI)
            return await asyncio.to_thread(outlined, picture, boxes)
        case ImageBox():
            images = [b for b in citation.locators if isinstance(b, ImageBox)]
            picture = await service.picture(citation.source, 1, scope, dpi=DPI)
            return await asyncio.to_thread(outlined, picture, images)
        case TimeSpan() as span:
            recording, _ = await service.original(citation.source, scope)
            return await asyncio.to_thread(heard, recording, span)
        case _:
            return None


def outlined(png: bytes, boxes: Sequence[PageBox | ImageBox]) -> Exhibit:
    """The part of the picture around the boxes, as a JPEG."""
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    draw = ImageDraw.Draw(picture)
    places = [_pixels(box, picture.size) for box in boxes]
    for left, top, right, bottom in places:
        draw.rectangle((left - 4, top - 4, right + 4, bottom + 4), outline="#d9480f", width=3)
    top = max(0, min(place[1] for place in places) - MARGIN)
    bottom = min(picture.height, max(place[3] for place in places) + MARGIN)
    out = io.BytesIO()
    picture.crop((0, round(top), picture.width, round(bottom))).save(out, "JPEG", quality=72)
    return Exhibit(media_type="image/jpeg", content=out.getvalue())


def _pixels(box: PageBox | ImageBox, size: tuple[int, int]) -> tuple[float, float, float, float]:
    width, height = _whole(box)
    x, y = size[0] / width, size[1] / height
    return box.left * x, box.top * y, box.right * x, box.bottom * y


def _whole(box: PageBox | ImageBox) -> tuple[float, float]:
    if isinstance(box, PageBox):
        return box.page_width, box.page_height
    return box.image_width, box.image_height


def heard(recording: Path, span: TimeSpan) -> Exhibit:
    """The cited seconds, a little before and after them, as a WAV of 16 kHz."""
    from pincite.models.sound import RATE, stretch_of

    start = max(0.0, span.start_s - LEAD_S)
    end = min(span.end_s + LEAD_S, start + LONGEST_S)
    samples = stretch_of(recording, start_s=start, end_s=end).samples
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype(np.int16).tobytes())
    return Exhibit(media_type="audio/wav", content=out.getvalue())
