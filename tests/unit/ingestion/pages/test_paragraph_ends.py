"""Last lines that look like something else belong to their paragraph or list item."""

from __future__ import annotations

from pathlib import Path

from pincite.elements import Kind
from tests.unit.ingestion.pages.drawn import PROSE, Pen, draw, paragraph
from tests.unit.ingestion.pages.harbour import read


def test_a_short_last_line_above_two_columns_belongs_to_the_paragraph_across(
    tmp_path: Path,
) -> None:
    def page(pen: Pen) -> None:
        pen.drawString(
            72, 740, "The board of the harbour met in spring of that year, and all who had"
        )
        pen.drawString(
            72, 726, "a ship in the basin or a store on the quay were asked to come and to say"
        )
        pen.drawString(72, 712, "what they had seen.")
        paragraph(pen, PROSE, 72, 170, 190)
        paragraph(pen, PROSE, 300, 170, 190)

    texts = [element.text for element in read(draw(tmp_path / "a.pdf", page)).elements]
    assert texts[0].endswith("to come and to say what they had seen.")
    assert texts[1].startswith("The harbour office")


def test_a_number_alone_at_the_end_of_an_item_is_no_item(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        pen.drawString(
            72, 740, "3. Anna Harbour, Books of the board, Archive of the port 76, pages 406–"
        )
        pen.drawString(86, 726, "415.")
        pen.drawString(
            72, 712, "4. Otto Quay, The sixth book, Archive of the port 77, pages 12–14."
        )

    elements = read(draw(tmp_path / "a.pdf", page)).elements
    assert [element.kind for element in elements] == [Kind.LIST_ITEM, Kind.LIST_ITEM]
    assert elements[0].text.endswith("415.")
