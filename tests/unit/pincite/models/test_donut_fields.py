"""What becomes of what a generating reader writes: no weights are needed for that."""

from __future__ import annotations

from pincite.models.donut import leaves, placed
from pincite.models.ports import RecognizedWord


def _words(text: str) -> list[RecognizedWord]:
    return [
        RecognizedWord(
            text=word,
            quad=((40.0 * n, 0), (40.0 * n + 30, 0), (40.0 * n + 30, 10), (40.0 * n, 10)),
            confidence=0.9,
        )
        for n, word in enumerate(text.split())
    ]


def test_nested_values_are_labelled_by_their_path_in_order() -> None:
    said = {"menu": [{"nm": "Milk", "price": "2.50"}, {"nm": "Bread"}], "total": "5.00", "x": " "}
    assert list(leaves(said)) == [
        ("menu.nm", "Milk"),
        ("menu.price", "2.50"),
        ("menu.nm", "Bread"),
        ("total", "5.00"),
    ]


def test_a_value_on_the_page_has_its_words_and_an_invented_one_has_none() -> None:
    words = _words("Milk 2.50 TOTAL 5.00")
    fields = placed([("total", "5.00"), ("tip", "1.00")], words, 0.8)
    assert [(field.label, field.value_words) for field in fields] == [("total", (3,)), ("tip", ())]
    assert fields[0].confidence == 0.8


def test_a_misspelt_value_is_less_sure() -> None:
    [field] = placed([("name", "Generel Store")], _words("General Store"), 1.0)
    assert field.value_words == (0, 1)
    assert field.confidence < 1
