"""Fields that a model reads enter a picture's elements with places of words, or with none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from ingestion.readers.image import ImageReader
from ingestion.readers.ports import UnitRead
from pincite.config import Ingestion
from pincite.elements import How, Kind, ParsedElement
from pincite.locators import ImageBox
from pincite.models.donut import placed
from pincite.models.ports import Picture, Quad, ReadField, RecognizedLine, RecognizedWord


def _quad(left: float, top: float) -> Quad:
    right, bottom = left + 80, top + 20
    return ((left, top), (right, top), (right, bottom), (left, bottom))


class TwoLines:
    """A recognizer that always reads the same receipt."""

    id = "two-lines"

    def recognize(self, picture: Picture) -> list[RecognizedLine]:
        return [self._line(40, "Coffee", "3.20"), self._line(80, "TOTAL", "3.20")]

    def read_again(self, picture: Picture, places: Sequence[Quad]) -> list[RecognizedLine]:
        return [RecognizedLine(text="", quad=place, confidence=0) for place in places]

    @staticmethod
    def _line(top: float, *texts: str) -> RecognizedLine:
        words = tuple(
            RecognizedWord(text=text, quad=_quad(30 + 100 * n, top), confidence=0.9)
            for n, text in enumerate(texts)
        )
        quad = (words[0].quad[0], words[-1].quad[1], words[-1].quad[2], words[0].quad[3])
        return RecognizedLine(text=" ".join(texts), quad=quad, confidence=0.9, words=words)


class Scripted:
    """A field reader that always says the same."""

    id = "scripted"

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._pairs = pairs

    def fields(self, picture: Picture, words: Sequence[RecognizedWord]) -> list[ReadField]:
        return placed(self._pairs, words, 0.7)


def _fields(tmp_path: Path, *pairs: tuple[str, str]) -> list[ParsedElement]:
    file = tmp_path / "receipt.png"
    Image.new("RGB", (300, 200), "white").save(file)
    reader = ImageReader(Ingestion(), TwoLines, Scripted(*pairs))
    assert reader.version.endswith("+scripted")
    read = reader.read(file, 1, slow=True)
    assert isinstance(read, UnitRead)
    return [element for element in read.elements if element.kind is Kind.FIELD]


def test_a_value_on_the_page_is_told_in_the_words_and_boxes_of_the_page(tmp_path: Path) -> None:
    item, total = _fields(tmp_path, ("menu.nm", "COFFEE"), ("total", "3.20"))
    assert (item.text, total.text) == ("Coffee", "3.20")
    assert item.how is How.OCR
    assert item.field is not None
    assert (item.field.name, item.field.value) == ("menu.nm", "Coffee")
    assert total.field is not None
    [place] = total.field.value_locators
    assert isinstance(place, ImageBox)
    assert (place.left, place.top, place.right, place.bottom) == (130, 40, 210, 60)


def test_what_stands_nowhere_is_the_models_own_label_of_the_whole_page(tmp_path: Path) -> None:
    [tip] = _fields(tmp_path, ("tip", "9.99"))
    assert tip.text == "tip: 9.99"
    assert not tip.how.may_support
    assert tip.field is None
    [place] = tip.locators
    assert isinstance(place, ImageBox)
    assert (place.left, place.top, place.right, place.bottom) == (0, 0, 300, 200)
    assert tip.confidence == 0.7
