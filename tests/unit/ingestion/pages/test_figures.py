from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from ingestion.layout.marks import Box
from ingestion.readers.pdf import PdfReader
from ingestion.readers.ports import Later, UnitRead
from pincite.config import Ingestion
from pincite.elements import How, Kind
from pincite.locators import PageBox
from pincite.models.fakes import FakeTextRecognizer
from pincite.models.ports import Picture, RecognizedWord, Region
from tests.unit.ingestion.pages.drawn import HEIGHT, PROSE, WIDTH, Pen, draw, paragraph, picture


def _reader() -> PdfReader:
    return PdfReader(Ingestion(), FakeTextRecognizer)


def _read(path: Path, *, slow: bool = False) -> UnitRead:
    found = _reader().read(path, 1, slow=slow)
    assert isinstance(found, UnitRead), found
    return found


def _texts(read: UnitRead, kind: Kind) -> list[str]:
    return [element.text for element in read.elements if element.kind is kind]


def test_the_text_in_a_large_picture_is_read_by_ocr_and_the_rest_is_not(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        paragraph(pen, PROSE, 72, 130, 400)
        image = Image.new("L", (300, 200), 255)
        image.paste(0, (50, 80, 150, 95))
        picture(pen, image, Box(100, 300, 400, 500))

    path = draw(tmp_path / "a.pdf", page)
    assert isinstance(_reader().read(path, 1, slow=False), Later)
    read = _read(path, slow=True)
    assert [element.how for element in read.elements] == [How.TEXT_LAYER, How.OCR]
    figure = read.elements[1]
    assert (read.how, figure.kind, figure.text) == ("mixed", Kind.FIGURE, "line1word1")
    word = figure.words[0].locator
    assert isinstance(word, PageBox)
    assert [round(edge) for edge in (word.left, word.top)] == [150, 380]
    assert read.warnings == ("the text in a picture on the page was read by OCR",)


class _OneFigure:
    id = "one figure"

    def regions(self, picture: Picture, words: Sequence[RecognizedWord] = ()) -> list[Region]:
        height, width = picture.shape[:2]
        return [
            Region(label="figure", left=0, top=0, right=width, bottom=height / 2, confidence=0.9)
        ]


def test_labels_of_a_drawn_figure_go_with_it_where_a_layout_model_sees_one(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        pen.drawString(100, HEIGHT - 200, "Ships")
        pen.drawString(300, HEIGHT - 300, "Cranes")
        paragraph(pen, PROSE, 72, 560, 400)

    path = draw(tmp_path / "a.pdf", page)
    reader = PdfReader(Ingestion(layout="every_page"), FakeTextRecognizer, _OneFigure)
    read = reader.read(path, 1, slow=False)
    assert isinstance(read, UnitRead)
    assert _texts(read, Kind.FIGURE) == ["Ships\nCranes"]
    assert " ".join(_texts(read, Kind.TEXT)) == PROSE
    assert reader.modelled == 1
    plain = PdfReader(Ingestion(), FakeTextRecognizer, _OneFigure).read(path, 1, slow=False)
    assert isinstance(plain, UnitRead)
    assert Kind.FIGURE not in {element.kind for element in plain.elements}


def test_turned_text_in_the_margin_is_no_part_of_the_body(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        paragraph(pen, PROSE, 72, 130, 400)
        pen.saveState()
        pen.translate(WIDTH - 12, 200)
        pen.rotate(90)
        pen.drawString(0, 0, "Downloaded from the archive of the harbour")
        pen.restoreState()

    read = _read(draw(tmp_path / "a.pdf", page))
    assert _texts(read, Kind.FOOTER) == ["Downloaded from the archive of the harbour"]
