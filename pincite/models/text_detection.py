"""Where the lines of text are: a segmentation network's map → turned rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from pincite.models.onnx_session import Session
from pincite.models.ports import Picture, Quad

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


_ABOVE, _BEFORE = 0.2, 0.15
"""White that a strip has around the ink of its line, in heights of the ink, on each side."""


def strip_around(ink: Quad) -> Strip:
    """A line's strip as it would be detected, by the quad around its ink."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = ink
    width, height = float(np.hypot(x1 - x0, y1 - y0)), float(np.hypot(x3 - x0, y3 - y0))
    return Strip(
        (x0 + x1 + x2 + x3) / 4,
        (y0 + y1 + y2 + y3) / 4,
        width + 2 * _BEFORE * height,
        height + 2 * _ABOVE * height,
        float(np.degrees(np.arctan2(y1 - y0, x1 - x0))),
    )


class Detected(NamedTuple):
    strips: list[Strip]
    """Lines of text in any direction, in pixels of the picture; angles in [-45, 45)."""
    loose: list[Strip]
    """Parts of what runs together with something else, a stamp for one; may cover `strips`."""


_TANGLED = 10.0
"""Pixels of the map by which lines that run together are higher than a line's core."""
_LEAST = 5.0
_STRICTER = (0.5, 0.7, 0.85)
"""Thresholds at which such lines may come apart."""


class TextDetector:
    def __init__(self, session: Session, settings: DetectionSettings) -> None:
        self._session = session
        self._settings = settings

    def detect(self, picture: Picture) -> Detected:
        height, width = picture.shape[:2]
        chart = self._session.run(self._prepared(picture))[0, 0]
        scale = (width / chart.shape[1], height / chart.shape[0])
        found, loose = self._found(chart, self._settings.threshold)
        return Detected(
            [_scaled(strip, *scale) for strip in found], [_scaled(strip, *scale) for strip in loose]
        )

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

    def _found(self, chart: Floats, threshold: float) -> tuple[list[Strip], list[Strip]]:
        mask = (chart > threshold).astype(np.uint8)
        mask = cv2.dilate(mask, np.ones((2, 2), dtype=np.uint8))
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        found: list[Strip] = []
        loose: list[Strip] = []
        for contour in contours[: self._settings.most]:
            strip = _level(cv2.minAreaRect(contour))
            if min(strip.width, strip.height) < 2:
                continue
            if _score(chart, strip) >= self._settings.score:
                found.append(self._grown(strip))
            elif min(strip.width, strip.height) > _TANGLED:
                loose.extend(self._untangled(chart, contour, threshold))
        return [strip for strip in found if min(strip.width, strip.height) >= _LEAST], loose

    def _untangled(self, chart: Floats, contour: cv2.typing.MatLike, above: float) -> list[Strip]:
        """The strips into which a patch falls at the next stricter threshold."""
        stricter = next((threshold for threshold in _STRICTER if threshold > above), None)
        if stricter is None:
            return []
        left, top, width, height = cv2.boundingRect(contour)
        part = chart[top : top + height, left : left + width].copy()
        inside = np.zeros(part.shape, dtype=np.uint8)
        cv2.drawContours(inside, [contour], -1, (1,), cv2.FILLED, offset=(-left, -top))
        part[inside == 0] = 0
        found, loose = self._found(part, stricter)
        return [
            strip._replace(x=strip.x + left, y=strip.y + top)
            for strip in (*found, *loose)
            if min(strip.width, strip.height) > _TANGLED
        ]

    def _grown(self, strip: Strip) -> Strip:
        outline = 2 * (strip.width + strip.height)
        reach = strip.width * strip.height * self._settings.grow / outline
        return strip._replace(width=strip.width + 2 * reach, height=strip.height + 2 * reach)


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
