"""Plain texts become elements whose pieces stand where they say."""

from __future__ import annotations

import json

import pytest

from pincite.elements import Kind, SourceId
from pincite.grounding.alignment import MOST, bearing_pieces
from pincite.grounding.contexts import Piece, Placed, placed

SOURCE = SourceId("context-1")


def pieces(context: str) -> list[str]:
    return [piece.text for item in placed(context, SOURCE) for piece in item.pieces]


def cut_out(context: str, items: list[Placed]) -> list[str]:
    return [context[piece.start : piece.end] for item in items for piece in item.pieces]


def test_sentences_stand_where_they_say_and_wrapped_lines_belong_together() -> None:
    prose = "The rent is 980 EUR\na month. It rises yearly."
    context = f"# Rent\n\n{prose}\n- heating is extra\n- so is water"
    items = placed(context, SOURCE)
    assert cut_out(context, items) == [
        "# Rent",
        "The rent is 980 EUR\na month.",
        "It rises yearly.",
        "- heating is extra",
        "- so is water",
    ]
    assert [item.element.kind for item in items][:2] == [Kind.HEADING, Kind.TEXT]
    assert items[1].element.heading_path == ("Rent",)
    assert len({item.element.id for item in items}) == len(items)


def test_a_line_that_is_complete_is_a_paragraph_of_its_own() -> None:
    context = "Agent: Good morning.\nClient: Hello!\nI am looking for\na flat."
    assert len(placed(context, SOURCE)) == 3


def test_a_markdown_table_is_rows_under_their_headers() -> None:
    rows = "| item | price |\n| --- | ---: |\n| tea \\| milk | 3 |\n| coffee | 4 |"
    context = f"Prices:\n\n{rows}\n\nAll in EUR."
    _, table, _ = items = placed(context, SOURCE)
    assert table.element.kind is Kind.TABLE
    assert [piece.text for piece in table.pieces] == [
        "item: tea | milk; price: 3",
        "item: coffee; price: 4",
    ]
    assert cut_out(context, items)[2] == "| coffee | 4 |"
    assert table.element.table is not None
    assert [cell.is_header for cell in table.element.table.cells][:3] == [True, True, False]


def test_a_ruler_without_a_table_and_a_code_block_are_no_tables() -> None:
    assert [item.element.kind for item in placed("Title\n---\ntext", SOURCE)] == [Kind.TEXT]
    (code,) = placed("```\na = 1\nb = 2\n```", SOURCE)
    assert code.element.kind is Kind.CODE
    assert len(code.pieces) == 4


def test_a_record_is_a_line_for_each_value_that_is_known() -> None:
    told = {
        "name": "Café “Nord”",
        "hours": {"Monday": "9-17"},
        "attributes": {"WiFi": False, "OutdoorSeating": True, "Music": None},
        "stars": 4.5,
    }
    context = json.dumps(told, indent=1)
    assert pieces(context) == [
        "name: Café “Nord”",
        "hours Monday: 9-17",
        "attributes WiFi: no",
        "attributes Outdoor Seating: yes",
        "stars: 4.5",
    ]
    assert cut_out(context, placed(context, SOURCE))[1:3] == ['"9-17"', "false"]


def test_a_long_value_is_read_sentence_by_sentence_even_where_it_is_escaped() -> None:
    review = (
        'What a "great" brunch – really.\nWe stayed for two hours. ' + "We will come again. " * 5
    )
    context = json.dumps({"reviews": [{"text": review, "stars": 5}]})
    first, second = next(item.pieces[:2] for item in placed(context, SOURCE))
    assert context[first.start : first.end] == 'What a \\"great\\" brunch \\u2013 really.'
    assert context[second.start : second.end] == "We stayed for two hours."


def test_alike_records_are_the_rows_of_a_table() -> None:
    context = '[{"item": "Tea", "price": 3}, {"item": "Coffee", "price": null, "hot": true}]'
    (table,) = placed(context, SOURCE)
    assert table.element.kind is Kind.TABLE
    assert [piece.text for piece in table.pieces] == [
        "item: Tea; price: 3",
        "item: Coffee; hot: yes",
    ]
    assert cut_out(context, [table])[0] == '{"item": "Tea", "price": 3}'


@pytest.mark.parametrize("context", ["{not json", "[1, 2", "[" * 5_000, "{}", "", "  \n "])
def test_what_only_looks_like_a_record_is_text_or_nothing(context: str) -> None:
    assert "".join(pieces(context)) == ("" if context.strip() in {"{}", ""} else context)


def test_the_pieces_that_hold_a_claim_together_come_best_first() -> None:
    rent = Piece("The rent is 980 EUR a month.", 0, 28)
    built = Piece("The house was built in 1990 by Keller.", 30, 60)
    other = Piece("Dogs are welcome.", 60, 77)
    claim = "The rent of the house that Keller built in 1990 is 980 EUR."
    assert bearing_pieces(claim, [other, rent, built]) == [built, rent]
    assert bearing_pieces("Cats purr.", [other, rent]) == [other]
    assert bearing_pieces("Cats purr.", []) == []
    many = [Piece(f"word{n} word{n + 1} word{n + 2}", n, n + 1) for n in range(0, 30, 3)]
    assert len(bearing_pieces(" ".join(p.text for p in many), many)) <= MOST
