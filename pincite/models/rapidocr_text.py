"""Text recognition with the PP-OCRv6 weights that the `rapidocr` package carries.

Only its weights are used: they are run by ONNX Runtime here, so nothing is logged or downloaded,
words get boxes drawn in to their ink, and turned pages are read as they lie.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from pincite.errors import MissingModel
from pincite.models.onnx_session import Session, cores
from pincite.models.ports import Picture, Quad, RecognizedLine, RecognizedWord
from pincite.models.text_detection import DetectionSettings, Strip, TextDetector
from pincite.models.text_reading import Reading, ReadWord, TextReader

_OURS = "1"
_LEAST = 0.35
"""Confidence below which a line is taken for noise."""
_PROBED = 6
"""Lines that are read both ways to find which way a page is turned."""
_DOUBT = 0.8
"""Mean confidence of a page below which it may stand on its head."""
_TALL = 1.5


class RapidOcrRecognizer:
    """PP-OCRv6 small. Weights load at the first picture (0.2 s) and stay; about 150 MB."""

    def __init__(self, settings: DetectionSettings | None = None, *, threads: int = 0) -> None:
        """`threads` 0 means one per core that this process may use."""
        self._settings = settings or DetectionSettings()
        self._threads = threads
        self._lock = Lock()
        self._loaded: tuple[TextDetector, TextReader] | None = None

    @property
    def id(self) -> str:
        return f"ppocr-v6-small-{_OURS}"

    def recognize(self, picture: Picture) -> list[RecognizedLine]:
        detector, reader = self._models()
        strips = detector.strips(picture)
        if not strips:
            return []
        quarter = _lying(reader, picture, strips)
        turned = [strip.turned(quarter) for strip in strips]
        readings = reader.read(picture, turned)
        if _is_doubtful(readings):
            flipped = [strip.turned(2) for strip in turned]
            if _gain(reader, picture, turned, readings) > 0:
                turned, readings = flipped, reader.read(picture, flipped)
        return [
            _line(strip, reading)
            for strip, reading in zip(turned, readings, strict=True)
            if reading.text and reading.confidence >= _LEAST
        ]

    def warm_up(self) -> None:
        self._models()

    def _models(self) -> tuple[TextDetector, TextReader]:
        with self._lock:
            if self._loaded is None:
                folder, threads = _folder(), self._threads or cores()
                self._loaded = (
                    TextDetector(
                        Session(folder / "PP-OCRv6_det_small.onnx", threads), self._settings
                    ),
                    TextReader(Session(folder / "PP-OCRv6_rec_small.onnx", threads=1), threads),
                )
            return self._loaded


def _folder() -> Path:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise MissingModel("OCR", "rapidocr")
    return Path(spec.origin).parent / "models"


def _lying(reader: TextReader, picture: Picture, strips: list[Strip]) -> int:
    """Quarter turns clockwise that a page with mostly upright strips is turned by; else 0."""
    tall = sum(strip.height for strip in strips if strip.height > _TALL * strip.width)
    wide = sum(strip.width for strip in strips if strip.width > _TALL * strip.height)
    if tall <= wide:
        return 0
    sample = sorted(strips, key=lambda strip: -strip.height)[:_PROBED]
    chances = {
        quarter: _mean(reader.read(picture, [strip.turned(quarter) for strip in sample]))
        for quarter in (1, 3)
    }
    return max(chances, key=chances.__getitem__)


def _is_doubtful(readings: list[Reading]) -> bool:
    return _mean(readings) < _DOUBT


def _gain(
    reader: TextReader, picture: Picture, strips: list[Strip], readings: list[Reading]
) -> float:
    """How much better the longest lines read when the page is turned upside down."""
    order = sorted(range(len(strips)), key=lambda index: -strips[index].width)[:_PROBED]
    now = _mean([readings[index] for index in order])
    return _mean(reader.read(picture, [strips[index].turned(2) for index in order])) - now


def _mean(readings: list[Reading]) -> float:
    letters = sum(len(reading.text) for reading in readings)
    if not letters:
        return 0.0
    return sum(reading.confidence * len(reading.text) for reading in readings) / letters


def _line(strip: Strip, reading: Reading) -> RecognizedLine:
    return RecognizedLine(
        text=reading.text,
        quad=_quad(
            strip,
            min(word.left for word in reading.words),
            min(word.top for word in reading.words),
            max(word.right for word in reading.words),
            max(word.bottom for word in reading.words),
        ),
        confidence=reading.confidence,
        words=tuple(_recognized(strip, word) for word in reading.words),
    )


def _recognized(strip: Strip, word: ReadWord) -> RecognizedWord:
    return RecognizedWord(
        text=word.text,
        quad=_quad(strip, word.left, word.top, word.right, word.bottom),
        confidence=word.confidence,
    )


def _quad(strip: Strip, left: float, top: float, right: float, bottom: float) -> Quad:
    """A part of the strip in pixels of the picture."""
    corners = strip.corners()
    start = corners[0]
    along, down = corners[1] - start, corners[3] - start

    def at(x: float, y: float) -> tuple[float, float]:
        point = start + x * along + y * down
        return float(point[0]), float(point[1])

    return at(left, top), at(right, top), at(right, bottom), at(left, bottom)
