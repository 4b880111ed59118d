"""Picture files → elements: the picture itself, and the text in it by OCR."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingestion.layout.elements import Writer, mean_confidence
from ingestion.layout.fields import field_elements
from ingestion.layout.marks import Box
from ingestion.layout.model_fields import model_field_elements
from ingestion.layout.prose import vocabulary
from ingestion.readers.exif import photo_facts
from ingestion.readers.pictures import Loaded, as_png, count_pages, load_picture
from ingestion.readers.ports import Later, Outline, UnitRead
from ingestion.readers.recognized import recognized
from pincite.config import Ingestion
from pincite.elements import BlobKey, How, Kind, ParsedElement
from pincite.errors import CorruptSource, TooLarge
from pincite.locators import ImageBox, Locator, PageBox
from pincite.models.ports import FieldReader, TextRecognizer

_OURS = "4"
_CROP = "picture"
_THUMBNAIL = 768
_MOSTLY_TEXT = 40
"""Letters from which a picture is called a figure rather than a photo."""
_POINTS_PER_INCH = 72


class ImageReader:
    """Reads PNG, JPEG, TIFF (each of its pages is a unit), WebP, BMP and GIF (first frame)."""

    def __init__(
        self,
        settings: Ingestion,
        recognizer: Callable[[], TextRecognizer],
        fields: FieldReader | None = None,
    ) -> None:
        """Nothing is opened or loaded; `recognizer` is called at the first picture.

        Without `fields` the rules of the page layout find the fields of forms and receipts.
        """
        self._settings = settings
        self._recognizer = recognizer
        self._fields = fields

    @property
    def version(self) -> str:
        fields = f"+{self._fields.id}" if self._fields else ""
        places = "p" if self._settings.photo_places else ""
        return f"image-{_OURS}{places}+{self._recognizer().id}{fields}"

    def outline(self, path: Path) -> Outline:
        pages = count_pages(path)
        if pages > self._settings.max_pages:
            raise TooLarge(
                f"{path.name} has {pages} pages, more than the {self._settings.max_pages} allowed; "
                "split it, or raise PINCITE_INGESTION__MAX_PAGES"
            )
        unit = "picture" if pages == 1 else "page"
        return Outline(units=pages, unit_name=unit, facts=self._facts(path))

    def read(self, path: Path, unit: int, *, slow: bool) -> UnitRead | Later:
        """A picture has no text of its own: everything waits for the slow pass."""
        pages = count_pages(path)
        if not 1 <= unit <= pages:
            raise CorruptSource(f"{path.name} has no page {unit}")
        if not slow:
            return Later(why="a picture is read by OCR")
        loaded = load_picture(path, self._settings.max_megapixels, unit)
        facts = self._facts(path) if unit == 1 else {}
        return self._read(loaded, unit if pages > 1 else None, facts)

    def _facts(self, path: Path) -> dict[str, str]:
        return photo_facts(path, places=self._settings.photo_places)

    def _read(self, loaded: Loaded, page: int | None, facts: dict[str, str]) -> UnitRead:
        locate = _locator(loaded, page)
        found = recognized(loaded.pixels, self._recognizer(), lambda box: box)
        writer = Writer(
            locate, How.OCR, vocabulary(word.text for word in found.words), keep_words=True
        )
        fields = (
            model_field_elements(self._fields, loaded.pixels, found.lines, locate)
            if self._fields
            else field_elements(found.lines, locate, How.OCR)
        )
        letters = sum(len(word.text) for word in found.words)
        height, width = loaded.pixels.shape[:2]
        whole = ParsedElement(
            kind=Kind.FIGURE if letters >= _MOSTLY_TEXT else Kind.PHOTO,
            text="",
            locators=(locate(Box(0, 0, width, height)),),
            how=How.OCR,
            crop=BlobKey(_CROP),
        )
        return UnitRead(
            elements=(
                whole,
                *_told(facts, whole),
                *writer.elements(found.blocks),
                *fields,
            ),
            how="ocr",
            confidence=mean_confidence(found.words),
            warnings=found.notes,
            page_size=(width, height),
            crops={_CROP: as_png(loaded.pixels, _THUMBNAIL)},
        )


def _told(facts: dict[str, str], whole: ParsedElement) -> list[ParsedElement]:
    """What the camera wrote, to be found and cited like any other text of the file."""
    if not facts:
        return []
    text = ", ".join(f"{name}: {value}" for name, value in facts.items())
    return [ParsedElement(kind=Kind.FIELD, text=text, locators=whole.locators, how=How.TEXT_LAYER)]


def _locator(loaded: Loaded, page: int | None) -> Callable[[Box], Locator]:
    """Pixels of a single picture; points of a page where there are several."""
    height, width = loaded.pixels.shape[:2]
    scale = _POINTS_PER_INCH / loaded.dpi

    def on_picture(box: Box) -> Locator:
        left, top, right, bottom = _cut(box, width, height)
        return ImageBox(
            left=left, top=top, right=right, bottom=bottom, image_width=width, image_height=height
        )

    def on_page(box: Box) -> Locator:
        left, top, right, bottom = (edge * scale for edge in _cut(box, width, height))
        return PageBox(
            page=page or 1,
            left=left,
            top=top,
            right=right,
            bottom=bottom,
            page_width=width * scale,
            page_height=height * scale,
        )

    return on_picture if page is None else on_page


def _cut(box: Box, width: float, height: float) -> Box:
    left, right = (min(max(0.0, edge), width) for edge in (box.left, box.right))
    top, bottom = (min(max(0.0, edge), height) for edge in (box.top, box.bottom))
    return Box(left, top, right, bottom)
