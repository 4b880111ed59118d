"""What a place looks or sounds like: its picture with a box drawn, the seconds of speech."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw

from pincite.answers import Citation
from pincite.elements import Scope, SourceId
from pincite.errors import PinciteError
from pincite.locators import FrameBox, ImageBox, Locator, PageBox, TimeSpan
from pincite.values import Value
from serving.service import Service

DPI = 110
MARGIN = 46
"""Pixels around the outlined place that are shown with it."""
LONGEST_S = 30
LEAD_S = 0.4

Drawn = Literal["image/jpeg", "image/png"]
Box = PageBox | ImageBox | FrameBox


class Exhibit(Value):
    """Bytes that a browser can show, small enough to be part of a page."""

    media_type: Literal["image/jpeg", "image/png", "audio/wav"]
    content: bytes


async def exhibits(
    service: Service, citations: Sequence[Citation], scope: Scope
) -> dict[int, Exhibit]:
    """By citation number; a citation of text without pages has none."""
    found: dict[int, Exhibit] = {}
    for citation in citations:
        try:
            shown = await exhibit(service, citation.source, citation.locators, scope)
        except PinciteError:
            continue  # the report shows the quote, which needs no picture
        if shown is not None:
            found[citation.number] = shown
    return found


async def exhibit(
    service: Service,
    source: SourceId,
    locators: Sequence[Locator],
    scope: Scope,
    *,
    drawn: Drawn = "image/jpeg",
) -> Exhibit | None:
    """What the first page, frame or stretch of a place shows; None for text without pages.

    Raises as `Service.picture` and `Service.original`.
    """
    match locators[0]:
        case PageBox(page=page):
            boxes = [b for b in locators if isinstance(b, PageBox) and b.page == page]
            picture = await service.picture(source, page, scope, dpi=DPI)
        case ImageBox():
            boxes = [b for b in locators if isinstance(b, ImageBox)]
            picture = await service.picture(source, 1, scope, dpi=DPI)
        case FrameBox(at_s=at_s):
            boxes = [b for b in locators if isinstance(b, FrameBox) and b.at_s == at_s]
            picture = await service.frame(source, at_s, scope)
        case TimeSpan() as span:
            recording, _ = await service.original(source, scope)
            return await asyncio.to_thread(heard, recording, span)
        case _:
            return None
    return await asyncio.to_thread(outlined, picture, boxes, drawn)


def outlined(png: bytes, boxes: Sequence[Box], drawn: Drawn = "image/jpeg") -> Exhibit:
    """The part of the picture around the boxes, over its whole width."""
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    draw = ImageDraw.Draw(picture)
    places = [_pixels(box, picture.size) for box in boxes]
    for left, top, right, bottom in places:
        draw.rectangle((left - 4, top - 4, right + 4, bottom + 4), outline="#d9480f", width=3)
    top = max(0, min(place[1] for place in places) - MARGIN)
    bottom = min(picture.height, max(place[3] for place in places) + MARGIN)
    crop = picture.crop((0, round(top), picture.width, round(bottom)))
    out = io.BytesIO()
    if drawn == "image/png":
        crop.save(out, "PNG", optimize=True)
    else:
        crop.save(out, "JPEG", quality=72)
    return Exhibit(media_type=drawn, content=out.getvalue())


def _pixels(box: Box, size: tuple[int, int]) -> tuple[float, float, float, float]:
    width, height = _whole(box)
    x, y = size[0] / width, size[1] / height
    return box.left * x, box.top * y, box.right * x, box.bottom * y


def _whole(box: Box) -> tuple[float, float]:
    match box:
        case PageBox():
            return box.page_width, box.page_height
        case ImageBox():
            return box.image_width, box.image_height
        case FrameBox():
            return box.frame_width, box.frame_height


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
