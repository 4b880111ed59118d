"""Where the lines of text are: a segmentation network's map → turned rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from pincite.models.onnx_session import Session
from pincite.models.ports import Picture

Floats = npt.NDArray[np.float32]


class Strip(NamedTuple):
    """A turned rectangle; `angle` is degrees clockwise that its width lies from level."""

    x: float
    y: float
    width: float
    height: float
    angle: float

    def corners(self) -> npt.NDArray[np.float64]:
        """Top-left, top-right, bottom-right, bottom-left as its text is read; shape (4, 2)."""
        turn = np.radians(self.angle)
        along = np.array([np.cos(turn), np.sin(turn)]) * self.width / 2
        down = np.array([-np.sin(turn), np.cos(turn)]) * self.height / 2
        middle = np.array([self.x, self.y])
        return np.stack(
            [
                middle - along - down,
                middle + along - down,
                middle + along + down,
                middle - along + down,
            ]
        )

    def turned(self, quarters: int) -> Strip:
        """The same place, read after turning the picture back by `quarters` clockwise turns."""
        sides = (self.width, self.height) if quarters % 2 == 0 else (self.height, self.width)
        return Strip(self.x, self.y, *sides, self.angle + 90 * quarters)


@dataclass(frozen=True, slots=True)
class DetectionSettings:
    long_side: int = 1280
    """Pixels that the longer side is brought down to."""
    short_side: int = 960
    """Pixels that the shorter side is brought up to."""
    threshold: float = 0.3
    score: float = 0.5
    """Least mean of the map inside a rectangle."""
    grow: float = 1.6
    """The map marks the core of a line; by this ratio of area to outline it is widened."""
    most: int = 1500


class TextDetector:
    def __init__(self, session: Session, settings: DetectionSettings) -> None:
        self._session = session
        self._settings = settings

    def strips(self, picture: Picture) -> list[Strip]:
        """Lines of text in any direction, in pixels of `picture`; angles in [-45, 45)."""
        height, width = picture.shape[:2]
        chart = self._session.run(self._prepared(picture))[0, 0]
        scale = (width / chart.shape[1], height / chart.shape[0])
        return [_scaled(strip, *scale) for strip in self._found(chart)]

    def _prepared(self, picture: Picture) -> Floats:
        height, width = picture.shape[:2]
        shrink = self._settings.long_side / max(height, width)
        enlarge = self._settings.short_side / min(height, width)
        scale = min(shrink, max(1.0, enlarge))
        sides = tuple(max(32, round(side * scale / 32) * 32) for side in (width, height))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = cv2.resize(picture, sides, interpolation=way)
        level = small[:, :, ::-1].astype(np.float32) / 127.5 - 1.0
        return np.ascontiguousarray(level.transpose(2, 0, 1)[None])

    def _found(self, chart: Floats) -> list[Strip]:
        mask = (chart > self._settings.threshold).astype(np.uint8)
        mask = cv2.dilate(mask, np.ones((2, 2), dtype=np.uint8))
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        found: list[Strip] = []
        for contour in contours[: self._settings.most]:
            strip = _level(cv2.minAreaRect(contour))
            if min(strip.width, strip.height) < 2 or _score(chart, strip) < self._settings.score:
                continue
            reach = (
                strip.width
                * strip.height
                * self._settings.grow
                / (2 * (strip.width + strip.height))
            )
            grown = strip._replace(width=strip.width + 2 * reach, height=strip.height + 2 * reach)
            if min(grown.width, grown.height) >= 5:
                found.append(grown)
        return found


def _level(rectangle: Sequence[object]) -> Strip:
    """OpenCV's rectangle with the angle nearest to level."""
    (x, y), (width, height), angle = rectangle  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]
    strip = Strip(float(x), float(y), float(width), float(height), float(angle))  # pyright: ignore[reportUnknownArgumentType, reportArgumentType]
    while strip.angle >= 45:
        strip = Strip(strip.x, strip.y, strip.height, strip.width, strip.angle - 90)
    while strip.angle < -45:
        strip = Strip(strip.x, strip.y, strip.height, strip.width, strip.angle + 90)
    return strip


def _score(chart: Floats, strip: Strip) -> float:
    corners = strip.corners()
    left, top = np.floor(corners.min(axis=0)).astype(int).clip(0)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 1
    part = chart[top:bottom, left:right]
    if not part.size:
        return 0.0
    mask = np.zeros(part.shape, dtype=np.uint8)
    cv2.fillPoly(mask, [np.round(corners - (left, top)).astype(np.int32)], (1,))
    inside = int(mask.sum())
    return float((part * mask).sum() / inside) if inside else 0.0


def _scaled(strip: Strip, across: float, down: float) -> Strip:
    """The two scales differ by rounding only, so angles stay."""
    return Strip(
        strip.x * across, strip.y * down, strip.width * across, strip.height * down, strip.angle
    )
