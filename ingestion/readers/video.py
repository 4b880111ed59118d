"""Videos → what is said, a stretch at a time, and what is to be read in their pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from ingestion.layout.elements import Writer, mean_confidence
from ingestion.layout.marks import Box
from ingestion.layout.prose import vocabulary
from ingestion.readers.audio import AudioReader, stretches_of
from ingestion.readers.film import Still, film_length, scenes
from ingestion.readers.pictures import as_png
from ingestion.readers.ports import Later, Outline, UnitRead
from ingestion.readers.recognized import recognized
from pincite.config import Ingestion
from pincite.elements import BlobKey, How, Kind, ParsedElement
from pincite.errors import CorruptSource
from pincite.locators import FrameBox
from pincite.models.ports import TextRecognizer, Transcriber
from pincite.models.sound import has_sound

_OURS = "2"
_MOST_STILLS = 20
"""Of a stretch; each costs about a second of OCR."""
_THUMBNAIL = 640


class _Read(NamedTuple):
    elements: list[ParsedElement]
    picture: bytes


class VideoReader:
    """Reads anything with pictures that move; without a sound track, the pictures alone.

    A picture is taken where the scene changes. It is an element itself, and the text in it follows
    as elements of their own, each with its second and box; what stood there just before is not
    told again.
    """

    def __init__(
        self,
        settings: Ingestion,
        transcriber: Transcriber,
        recognizer: Callable[[], TextRecognizer],
    ) -> None:
        self._settings = settings
        self._sound = AudioReader(transcriber)
        self._recognizer = recognizer

    @property
    def version(self) -> str:
        return f"video-{_OURS}+{self._sound.version}+{self._recognizer().id}"

    def outline(self, path: Path) -> Outline:
        if has_sound(path):
            return self._sound.outline(path)
        seconds = self._silent_s(path)
        units = len(stretches_of(seconds))
        return Outline(units=units, unit_name="stretch", seconds=round(seconds, 3))

    def read(self, path: Path, unit: int, *, slow: bool) -> UnitRead | Later:
        if not slow:
            return Later(why="speech recognition and OCR come after all text")
        if has_sound(path):
            said = self._sound.read(path, unit, slow=True)
            start_s, end_s = self._sound.stretch(path, unit)
            if unit == self.outline(path).units:
                end_s = max(end_s, self._pictures_s(path))
        else:
            said = UnitRead(how="empty", warnings=("this video has no sound track",))
            start_s, end_s = stretches_of(self._silent_s(path))[unit - 1]
        return said if isinstance(said, Later) else self._with_pictures(said, path, start_s, end_s)

    def _silent_s(self, path: Path) -> float:
        seconds = self._pictures_s(path)
        if seconds <= 0:
            raise CorruptSource("this recording has no sound and its pictures last 0 seconds")
        return seconds

    @staticmethod
    def _pictures_s(path: Path) -> float:
        length = film_length(path)
        return length.seconds if length else 0.0

    def _with_pictures(self, said: UnitRead, path: Path, start_s: float, end_s: float) -> UnitRead:
        stills = scenes(
            path,
            start_s=start_s,
            end_s=end_s,
            most=_MOST_STILLS,
            max_megapixels=self._settings.max_megapixels,
        )
        found = list(self._read_stills(stills))
        if not found:
            return said
        elements = [element for read in found for element in read.elements]
        has_text = any(element.text for element in elements)
        how = "speech" if not has_text else "ocr" if not said.elements else "mixed"
        return said.model_copy(
            update={
                "elements": (*said.elements, *elements),
                "how": how if has_text or said.elements else said.how,
                "crops": {str(read.elements[0].crop): read.picture for read in found},
            }
        )

    def _read_stills(self, stills: Iterator[Still]) -> Iterator[_Read]:
        before: list[ParsedElement] = []
        for number, still in enumerate(stills, start=1):
            whole, *texts = self._still(still, BlobKey(f"still-{number}"))
            new = [each for each in texts if not any(_same(each, other) for other in before)]
            before = texts
            yield _Read([whole, *new], as_png(still.pixels, _THUMBNAIL))

    def _still(self, still: Still, key: BlobKey) -> list[ParsedElement]:
        """The whole picture, then what is to be read in it."""
        height, width = still.pixels.shape[:2]

        def locate(box: Box) -> FrameBox:
            left, right = (min(max(0.0, edge), width) for edge in (box.left, box.right))
            top, bottom = (min(max(0.0, edge), height) for edge in (box.top, box.bottom))
            return FrameBox(
                at_s=still.at_s,
                left=left,
                top=top,
                right=right,
                bottom=bottom,
                frame_width=width,
                frame_height=height,
            )

        found = recognized(still.pixels, self._recognizer(), lambda box: box)
        writer = Writer(
            locate, How.OCR, vocabulary(word.text for word in found.words), keep_words=True
        )
        whole = ParsedElement(
            kind=Kind.PHOTO,
            text="",
            locators=(locate(Box(0, 0, width, height)),),
            how=How.OCR,
            confidence=mean_confidence(found.words),
            crop=key,
        )
        return [whole, *writer.elements(found.blocks)]


def _same(one: ParsedElement, other: ParsedElement) -> bool:
    """Whether two elements of neighbouring pictures are one thing that stood still."""
    a, b = one.locators[0], other.locators[0]
    if one.text.casefold() != other.text.casefold():
        return False
    if not isinstance(a, FrameBox) or not isinstance(b, FrameBox):
        return False
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
