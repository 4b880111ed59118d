from __future__ import annotations

from ingestion.layout.marks import Box, Word
from ingestion.readers.facing_pages import facing_pages

WIDTH, HEIGHT = 1600.0, 1000.0


def _words(left: float, *, per_line: int, lines: int = 8, name: str = "w") -> list[Word]:
    boxes = [
        Box(left + column * 100, 80 + row * 60, left + column * 100 + 90, 110 + row * 60)
        for row in range(lines)
        for column in range(per_line)
    ]
    return [Word(name, box, box, 30.0) for box in boxes]


def _names(parts: list[list[Word]]) -> list[set[str]]:
    return [{word.text for word in part} for part in parts]


def test_an_open_book_is_two_pages_the_left_one_first() -> None:
    words = _words(860, per_line=7, name="right") + _words(60, per_line=7, name="left")
    assert _names(facing_pages(words, WIDTH, HEIGHT)) == [{"left"}, {"right"}]


def test_a_line_over_the_fold_makes_it_one_page() -> None:
    across = Box(700, 20, 900, 50)
    words = [
        *_words(60, per_line=7),
        *_words(860, per_line=7),
        Word("across", across, across, 30.0),
    ]
    assert len(facing_pages(words, WIDTH, HEIGHT)) == 1


def test_short_columns_of_a_broad_table_are_not_pages() -> None:
    words = _words(60, per_line=1) + _words(600, per_line=1) + _words(900, per_line=7)
    assert len(facing_pages(words, WIDTH, HEIGHT)) == 1


def test_an_upright_page_of_two_columns_is_one_page() -> None:
    words = _words(60, per_line=4) + _words(560, per_line=4)
    assert len(facing_pages(words, 1000, 1400)) == 1


def test_a_picture_without_words_is_one_page() -> None:
    assert facing_pages([], WIDTH, HEIGHT) == [[]]
