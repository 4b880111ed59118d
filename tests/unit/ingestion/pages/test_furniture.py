"""Headers and footers are told from a page's own first and last lines."""

from __future__ import annotations

from ingestion.layout.furniture import edges_of, furniture
from ingestion.layout.lines import lines_of
from ingestion.layout.marks import Box, Line, Word

HEIGHT = 800.0


def lines(*rows: tuple[float, str]) -> list[Line]:
    """Top of a row and its `left text | left text`; letters are 5 wide, 10 high."""
    found: list[Word] = []
    for top, row in rows:
        for part in row.split("|"):
            start, *texts = part.split()
            left = float(start)
            for text in texts:
                box = Box(left, top, left + 5 * len(text), top + 10)
                found.append(Word(text, box, box, 10))
                left = box.right + 2.5
    return lines_of(found)


def heads(page: list[Line], other: list[Line]) -> list[str]:
    found, _ = furniture(page, HEIGHT, [edges_of(other, HEIGHT)])
    return [line.text for line in found]


BODY = [
    (200.0 + 14 * row, "50 Ships wait outside of the wall until the tide turns") for row in range(9)
]
NAMES = "50 Fiscal year ended | 300 March 3, 2023 | 400 March 4, 2022"
VALUES = [(82.0, "50 Fees | 310 412 | 410 380"), (96.0, "50 Ropes | 310 80 | 410 91")]


def test_what_comes_again_below_a_running_title_is_header_too() -> None:
    page = lines((30, "50 Harbour Board"), (44, "50 Yearly report"), *BODY)
    assert heads(page, page) == ["Harbour Board", "Yearly report"]


def test_what_comes_again_below_a_title_of_its_own_page_is_no_header() -> None:
    page = lines((40, "50 Statement of fees"), (54, "50 in thousands"), (68, NAMES), *VALUES)
    other = lines((40, "50 Balance of stores"), (54, "50 in thousands"), (68, NAMES), *VALUES)
    assert heads(page, other) == []


def test_names_of_columns_at_the_head_of_every_page_stay_with_the_values_below() -> None:
    page = lines((40, "50 Harbour Board"), (68, NAMES), *VALUES, *BODY)
    assert heads(page, page) == ["Harbour Board"]


def test_a_header_of_two_parts_is_one_above_values_that_stand_elsewhere() -> None:
    page = lines((68, "50 Harbour Board | 500 Page nine"), *VALUES, *BODY)
    assert heads(page, page) == ["Harbour Board", "Page nine"]


TEXTS = [
    (96.0 + 14 * row, "50 Anna (1911) | 200 Steam | 300 Coal | 400 Winter") for row in range(4)
]


def test_names_of_columns_stay_with_texts_below_and_with_the_row_above_them() -> None:
    groups, names = "200 Trade | 400 Season", "50 Ship | 200 Engine | 300 Goods | 400 Time"
    page = lines((20, "50 Harbour Board"), (56, groups), (68, names), *TEXTS)
    assert heads(page, page) == ["Harbour Board"]


def test_a_header_of_three_parts_above_columns_of_prose_is_one() -> None:
    prose = [
        (
            96.0 + 14 * row,
            "50 Ships wait outside until the tide turns again | 300 and so do all who",
        )
        for row in range(9)
    ]
    page = lines((68, "50 Harbour Board | 250 Volume ten | 500 Page nine"), *prose)
    assert heads(page, page) == ["Harbour Board", "Volume ten", "Page nine"]


def test_a_letterhead_that_is_drawn_is_header_and_a_scan_has_none_for_that() -> None:
    head, *body = lines((30, "50 Harbour Board"), (58, "50 Fees"), *BODY)
    drawn = [word._replace(confidence=0.9) for word in head.words]
    assert heads([*lines_of(drawn), *body], lines_of([])) == ["Harbour Board"]
    scan = [word._replace(confidence=0.9) for line in (head, *body) for word in line.words]
    assert heads(lines_of(scan), lines_of([])) == []
