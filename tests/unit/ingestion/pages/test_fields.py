from __future__ import annotations

import pytest

from ingestion.layout.fields import field_elements, fields_of
from ingestion.layout.form_fields import labelled
from ingestion.layout.lines import lines_of
from ingestion.layout.marks import Box, Line, Word
from ingestion.layout.typed_values import amount_of, amounts_in, dates_in
from ingestion.passages import make_passages
from pincite.elements import How, Kind
from pincite.locators import ImageBox

RECEIPT = """\
50 HARBOUR SUPPLIES SDN BHD (123456-X)
50 NO. 12, JALAN LAUT 3,
50 81100 JOHOR BAHRU.
50 TEL : 07-355 2616
50 TAX INVOICE
50 INVOICE NO: TD0116
50 DATE : 25/12/2018 8:13:39 PM
50 ROPE 8MM | 300 9.02
50 SUB TOTAL | 300 9.02
50 ROUNDING ADJ | 300 -0.02
50 TOTAL (RM) : | 300 9.00
50 CASH | 300 10.00
50 CHANGE | 300 1.00"""


def page(text: str) -> list[Line]:
    """A line of text per row: `left words | left words`; letters are 6 wide, rows 20 apart."""
    words: list[Word] = []
    for number, row in enumerate(text.splitlines()):
        for part in row.split(" | "):
            start, *rest = part.split()
            left = float(start)
            for word in rest:
                box = Box(left, 20.0 * number, left + 6 * len(word), 20.0 * number + 10)
                words.append(Word(word, box, box, 12, confidence=0.9))
                left = box.right + 6
    return lines_of(words)


def values(text: str) -> dict[str, str]:
    return {
        field.name or " ".join(word.text for word in field.label): " ".join(
            word.text for word in field.value
        )
        for field in reversed(fields_of(page(text)))
    }


def test_a_receipt_says_who_where_when_and_how_much() -> None:
    found = values(RECEIPT)
    assert found["company"] == "HARBOUR SUPPLIES SDN BHD"
    assert found["address"] == "NO. 12, JALAN LAUT 3, 81100 JOHOR BAHRU."
    assert found["date"] == "25/12/2018"
    assert found["total"] == "9.00"
    assert found["phone"] == "07-355 2616"
    assert found["number"] == "TD0116"


def test_without_a_total_the_change_tells_what_was_paid() -> None:
    found = values(RECEIPT.replace("TOTAL (RM) :", "PLEASE PAY"))
    assert found["total"] == "9.00"


def test_a_page_of_prose_has_no_fields() -> None:
    prose = "\n".join(["50 Note: the total was 9.00 and the invoice of 12/03/2018 is paid"] * 3)
    assert fields_of(page(prose + "\n50 It ends here." * 20)) == []


def test_a_label_has_its_value_beside_or_below_it() -> None:
    form = page(
        "50 Name: Ada Lovelace | 300 Date: 10 Mar 2018\n"
        "50 Vessel: | 300 Port:\n"
        "50 Persephone | 300 Hull\n"
        "50 Remarks | 300 : none"
    )
    found = {
        " ".join(word.text for word in field.label): " ".join(word.text for word in field.value)
        for field in labelled(form)
    }
    assert found == {
        "Name:": "Ada Lovelace",
        "Date:": "10 Mar 2018",
        "Port:": "Hull",
        "Remarks": "none",
        "Vessel:": "Persephone",
    }


def test_a_field_has_a_box_for_its_label_and_one_for_its_value() -> None:
    def locate(box: Box) -> ImageBox:
        left, top, right, bottom = box
        return ImageBox(
            left=left, top=top, right=right, bottom=bottom, image_width=600, image_height=400
        )

    elements = field_elements(page(RECEIPT), locate, How.OCR)
    total = next(e for e in elements if e.field is not None and e.field.name == "total")
    assert total.kind is Kind.FIELD
    assert total.field is not None
    assert isinstance(total.field.label_locator, ImageBox)
    assert total.field.label_locator.left == 50
    (place,) = total.field.value_locators
    assert isinstance(place, ImageBox)
    assert place.left == 300
    address = next(e for e in elements if e.field is not None and e.field.name == "address")
    assert len(address.locators) == 2
    assert make_passages(elements) == []


@pytest.mark.parametrize(
    "text",
    [
        "25/12/2018",
        "2016-07-31",
        "9.3.18",
        "10 MAR 2018",
        "March 10, 2018",
        "1st Jan 2020",
        "1-Feb-21",
    ],
)
def test_dates_are_known_by_their_form(text: str) -> None:
    assert [text[start:end] for start, end in dates_in(text)] == [text]


@pytest.mark.parametrize("text", ["8:13:39", "45/13/2018", "03-89410243", "1/2", "192.168.1.10"])
def test_what_no_calendar_has_is_no_date(text: str) -> None:
    assert list(dates_in(text)) == []


def test_amounts_are_known_by_their_two_decimals() -> None:
    text = "3 x RM 1,007.50 at 6.00% and 9,00 € on 12.05.2018"
    assert [text[start:end] for start, end in amounts_in(text)] == ["RM 1,007.50", "9,00 €"]
    assert amount_of("RM 1,007.50") == 1007.5


def test_the_number_of_a_thing_is_no_date_though_it_looks_like_one() -> None:
    assert list(dates_in("SPRAYER HC03-7 - 15")) == []
    assert [tuple(span) for span in dates_in("Date25/12/2018 HC03-7-15")] == [(4, 14)]


def test_an_address_begins_with_a_house_number_though_words_are_glued() -> None:
    text = RECEIPT.replace("NO. 12, JALAN LAUT 3,", "54,JALANLAUT23/11.")
    assert values(text)["address"] == "54,JALANLAUT23/11. 81100 JOHOR BAHRU."
