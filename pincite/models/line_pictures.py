"""Strips of a page as the recogniser wants them: level, 48 pixels high."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pincite.models.onnx_session import Floats
from pincite.models.ports import Picture
from pincite.models.text_detection import Strip

HEIGHT = 48
_WIDEST = 3200
_NARROWEST = 16
_SHORTEST = 64
"""Pixels that a short line is padded to."""


def halvings(picture: Picture, height: float) -> list[Picture]:
    """The picture and its halves, down to where a strip of `height` is at most 96 pixels high."""
    levels = [picture]
    for _ in range(_level(height)):
        levels.append(_halved(levels[-1]))
    return levels


def cut(levels: Sequence[Picture], strip: Strip, stretch: float = 1.0) -> Picture:
    """The strip laid level and stretched along the line, out of the halving nearest above."""
    level = min(_level(strip.height), len(levels) - 1)
    width = round(HEIGHT * stretch * strip.width / max(1.0, strip.height))
    width = min(_WIDEST, max(_NARROWEST, width))
    corners = strip.corners()[[0, 1, 3]] / 2**level
    target = np.array([[0, 0], [width, 0], [0, HEIGHT]], dtype=np.float32)
    flat = cv2.warpAffine(
        levels[level],
        cv2.getAffineTransform(corners.astype(np.float32), target),
        (width, HEIGHT),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return flat.astype(np.uint8, copy=False)


def prepared(part: Picture) -> Floats:
    """The input of the network, shape (1, 3, 48, width)."""
    values = np.zeros((1, 3, HEIGHT, max(_SHORTEST, part.shape[1])), dtype=np.float32)
    values[0, :, :, : part.shape[1]] = part[:, :, ::-1].transpose(2, 0, 1) / 127.5 - 1.0
    return values


def _level(height: float) -> int:
    return max(0, int(np.log2(max(1.0, height / HEIGHT))))


def _halved(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    sides = (max(1, width // 2), max(1, height // 2))
    return cv2.resize(picture, sides, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
