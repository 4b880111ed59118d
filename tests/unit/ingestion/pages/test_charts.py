"""Charts that are drawn with lines, bars and slices, and what is written in and around them."""

from pathlib import Path

from ingestion.readers.pdf import PdfReader
from ingestion.readers.ports import UnitRead
from pincite.config import Ingestion
from pincite.elements import Kind, ParsedElement
from pincite.models.fakes import FakeTextRecognizer
from tests.unit.ingestion.pages.drawn import HEIGHT, PROSE, Pen, box_of, draw, heading, paragraph


def _read(path: Path) -> UnitRead:
    found = PdfReader(Ingestion(layout="never"), FakeTextRecognizer).read(path, 1, slow=False)
    assert isinstance(found, UnitRead), found
    return found


def _of(read: UnitRead, kind: Kind) -> list[ParsedElement]:
    return [element for element in read.elements if element.kind is kind]


def _bar_chart(pen: Pen) -> None:
    paragraph(pen, PROSE, 72, 100, 450)
    heading(pen, "More ships carry timber", 72, 230, size=14)
    pen.setFillColorRGB(0.3, 0.5, 0.2)
    for row, length in enumerate((210, 140, 75)):
        pen.rect(160, HEIGHT - 280 - 40 * row, length, 24, stroke=0, fill=1)
    pen.setFillColorRGB(0, 0, 0)
    pen.setFont("Helvetica", 8)
    for row, (name, share) in enumerate((("Timber", 51), ("Coal", 34), ("Grain", 18))):
        pen.drawRightString(152, HEIGHT - 272 - 40 * row, name)
        pen.drawString(170, HEIGHT - 272 - 40 * row, str(share))
    pen.drawString(72, HEIGHT - 384, "Source: Harbour office, survey of all ships of the year.")
    paragraph(pen, "After the chart. " + PROSE, 72, 430, 450)


def test_bars_and_their_labels_are_one_figure_bound_to_title_and_source(tmp_path: Path) -> None:
    read = _read(draw(tmp_path / "a.pdf", _bar_chart))
    assert [element.kind for element in read.elements] == [
        Kind.TEXT,
        Kind.CAPTION,
        Kind.FIGURE,
        Kind.CAPTION,
        Kind.TEXT,
    ]
    figure = read.elements[2]
    assert figure.text == "Timber 51\nCoal 34\nGrain 18"
    assert figure.crop is not None
    box = box_of(figure)
    assert box.left < 152
    assert [round(edge) for edge in (box.top, box.right, box.bottom)] == [256, 370, 360]
    assert read.elements[1].text == "More ships carry timber"


def test_lines_with_a_scale_are_one_figure(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        paragraph(pen, PROSE, 72, 100, 450)
        path = pen.beginPath()
        path.moveTo(120, HEIGHT - 400)
        for step, height in enumerate((350, 370, 300, 260)):
            path.lineTo(180 + 60 * step, HEIGHT - height)
        pen.drawPath(path)
        pen.setFont("Helvetica", 8)
        for step in range(5):
            pen.drawString(112 + 60 * step, HEIGHT - 416, str(2019 + step))
        for step in range(4):
            pen.drawString(100, HEIGHT - 400 + 40 * step, f"{10 * step}")

    (figure,) = _of(_read(draw(tmp_path / "a.pdf", page)), Kind.FIGURE)
    assert "2019 2020 2021 2022 2023" in figure.text
    assert set(figure.text.split()) >= {"0", "10", "20", "30"}


def test_shaded_cells_of_a_table_are_no_bars(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        for row in range(6):
            for left, width in ((72, 200), (272, 90), (362, 90)):
                pen.setFillColorRGB(0.8, 0.9, 1)
                pen.rect(left, HEIGHT - 204 - 16 * row, width, 16, stroke=0, fill=1)
                pen.setFillColorRGB(0, 0, 0)
                pen.drawString(left + 4, HEIGHT - 200 - 16 * row, f"{left + row},5")

    read = _read(draw(tmp_path / "a.pdf", page))
    assert not _of(read, Kind.FIGURE)
    assert len(_of(read, Kind.TABLE)) == 1


def test_a_small_number_in_the_page_is_no_footnote_and_a_note_at_its_foot_is(
    tmp_path: Path,
) -> None:
    def page(pen: Pen) -> None:
        end = paragraph(pen, PROSE, 72, 130, 400)
        pen.setFont("Helvetica", 7)
        pen.drawString(300, HEIGHT - end - 30, "48 Ships")
        paragraph(pen, PROSE, 72, end + 60, 400)
        pen.setFont("Helvetica", 7)
        pen.drawString(72, HEIGHT - 700, "1 As the auditors found in November.")

    read = _read(draw(tmp_path / "a.pdf", page))
    assert [note.text for note in _of(read, Kind.FOOTNOTE)] == [
        "1 As the auditors found in November."
    ]


def test_list_items_go_on_in_lines_without_an_indent(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        for at, line in enumerate(
            (
                "• The first of the items fills the whole of its line and goes",
                "on in a second line that is not indented at all and then",
                "ends.",
                "• The second one is as wide as the measure of the column is",
                "and ends here.",
            )
        ):
            pen.drawString(72, HEIGHT - 100 - 14 * at, line)

    read = _read(draw(tmp_path / "a.pdf", page))
    assert [element.kind for element in read.elements] == [Kind.LIST_ITEM] * 2
    assert read.elements[0].text.endswith("and then ends.")
