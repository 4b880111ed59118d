from pathlib import Path

from ingestion.layout.sections import Headings
from ingestion.readers.pdf import PdfReader
from ingestion.readers.ports import UnitRead
from pincite.config import Ingestion
from pincite.models.fakes import FakeTextRecognizer
from tests.unit.ingestion.pages.drawn import HEIGHT, PROSE, Pen, draw, paragraph


def test_a_larger_heading_closes_smaller_ones() -> None:
    headings = Headings()
    headings.enter("Part", 20)
    headings.enter("Chapter", 16)
    assert headings.enter("Another chapter", 16) == ("Part",)
    assert headings.enter("Another part", 20) == ()


def test_numbers_tell_more_than_type() -> None:
    headings = Headings()
    headings.enter("3 LOUD METHODS", 14)
    headings.enter("3.1 First", 12)
    assert headings.enter("4 Results", 13) == ()
    assert headings.enter("4.1 Main", 13) == ("4 Results",)


def heading(pen: Pen, text: str, top: float, size: float = 18) -> None:
    pen.setFont("Helvetica-Bold", size)
    pen.drawString(72, HEIGHT - top, text)


def first(pen: Pen) -> None:
    heading(pen, "Annual Report", 90, 28)
    heading(pen, "Harbour Works", 140)
    paragraph(pen, PROSE, 72, 180, 400)


def second(pen: Pen) -> None:
    paragraph(pen, PROSE, 72, 120, 400)


def third(pen: Pen) -> None:
    paragraph(pen, PROSE, 72, 120, 400)
    heading(pen, "Ferries", 300)
    paragraph(pen, PROSE, 72, 340, 400)


def paths(file: Path, *pages: int) -> list[list[tuple[str, ...]]]:
    reader = PdfReader(Ingestion(), FakeTextRecognizer)
    read = [reader.read(file, page, slow=False) for page in pages]
    return [
        [element.heading_path for element in unit.elements if element.text.startswith("The har")]
        for unit in read
        if isinstance(unit, UnitRead)
    ]


def test_a_section_goes_on_over_page_breaks_in_whatever_order_pages_are_read(
    tmp_path: Path,
) -> None:
    file = draw(tmp_path / "a.pdf", first, second, third)
    in_order = paths(file, 1, 2, 3)
    assert in_order[1] == [("Harbour Works",)]
    assert in_order[2] == [("Harbour Works",), ("Ferries",)]
    assert paths(file, 3) == [in_order[2]]
