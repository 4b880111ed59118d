from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ingestion.layout.lines import lines_of, rows_of
from ingestion.layout.marks import Box, Placed, Rule, Word
from ingestion.layout.ruled import ruled_tables
from ingestion.layout.tables import tables_in
from ingestion.readers.raster_rules import raster_rules

Said = dict[tuple[int, int], tuple[str, int, int]]


def words(*rows: str, pitch: float = 14) -> list[Word]:
    """`left text | left text` per row; letters are 5 wide, 10 high."""
    found: list[Word] = []
    for number, row in enumerate(rows):
        for part in filter(str.strip, row.split("|")):
            start, *texts = part.split()
            left, top = float(start), pitch * number + 2
            for text in texts:
                box = Box(left, top, left + 5 * len(text), top + 10)
                found.append(Word(text, box, box, 10))
                left = box.right + 2.5
    return found


def level(at: float, start: float, end: float) -> Rule:
    return Rule(horizontal=True, at=at, start=start, end=end)


def upright(at: float, start: float, end: float) -> Rule:
    return Rule(horizontal=False, at=at, start=start, end=end)


def said(table: Placed) -> Said:
    return {
        (cell.row, cell.column): (
            " ".join(word.text for word in cell.words),
            cell.row_span,
            cell.column_span,
        )
        for cell in table.cells
    }


def texts(table: Placed) -> dict[tuple[int, int], str]:
    return {place: text for place, (text, _, _) in said(table).items()}


def ruled(found: Sequence[Word], *rules: Rule) -> Placed:
    (table,) = ruled_tables(found, rules)
    return table.table


def test_columns_that_are_ruled_in_the_head_only_are_columns_of_the_body() -> None:
    found = words("5 Port | 55 Fuel | 105 Hours", "5 Hull | 55 12 | 105 7", "5 Kiel | 55 9 | 105 4")
    rules = [level(at, 0, 150) for at in (0, 14, 28, 42)]
    table = ruled(found, *rules, upright(0, 0, 42), upright(50, 0, 14), upright(100, 0, 14))
    assert texts(table)[2, 1] == "9"
    assert len(table.cells) == 9


def test_lines_of_text_between_two_drawn_lines_are_rows_where_values_stand_beside() -> None:
    found = words("5 Port | 55 Fuel", "5 Hull | 55 12", "5 Kiel | 55 9", "5 All | 55 21")
    rules = [level(at, 0, 90) for at in (0, 14, 42, 56)]
    table = ruled(found, *rules, upright(0, 0, 56), upright(50, 0, 56), upright(90, 0, 56))
    assert texts(table)[1, 0] == "Hull"
    assert texts(table)[2, 1] == "9"
    assert texts(table)[3, 0] == "All"


def test_lines_of_one_text_stay_one_cell() -> None:
    found = words(
        "5 Port | 55 Remark", "5 Hull | 55 the berth", "5 | 55 is dry", "5 Kiel | 55 none"
    )
    rules = [level(at, 0, 110) for at in (0, 14, 42, 56)]
    table = ruled(found, *rules, upright(0, 0, 56), upright(50, 0, 56), upright(110, 0, 56))
    assert texts(table)[1, 1] == "the berth is dry"


def test_a_line_left_out_in_one_row_makes_a_span() -> None:
    found = words("5 Both ports of call", "5 Hull | 55 12", "5 Kiel | 55 9")
    rules = [level(at, 0, 110) for at in (0, 14, 28, 42)]
    table = ruled(found, *rules, upright(0, 0, 42), upright(50, 14, 42), upright(110, 0, 42))
    assert said(table)[0, 0] == ("Both ports of call", 1, 2)


def test_white_parts_columns_where_no_line_does() -> None:
    found = words("5 Port | 95 Fuel | 155 Hours", "5 Hull | 95 12 | 155 7", "5 Kiel | 95 9 | 155 4")
    rules = [level(at, 0, 190) for at in (0, 14, 42)]
    table = ruled(found, *rules, upright(80, 0, 42))
    assert texts(table)[0, 1] == "Fuel"
    assert texts(table)[1, 2] == "7"


def only(rows: Sequence[Word], *rules: Rule, curves: Sequence[Box] = ()) -> Placed | None:
    found = tables_in(rows_of(lines_of(rows)), rules, curves)
    return found[0].table if found else None


def test_names_on_several_lines_are_one_head() -> None:
    table = only(
        words(
            "| 100 January | 160 January",
            "5 Million | 100 28, | 160 29,",
            "5 Sales | 100 3,226 | 160 2,729",
            "5 Costs | 100 762 | 160 650",
            pitch=11,
        )
    )
    assert table is not None
    assert texts(table)[0, 1] == "January 28,"
    assert [cell.header for cell in table.cells if cell.row == 0] == [True] * 3
    assert texts(table)[1, 0] == "Sales"


def test_a_name_over_a_line_stands_over_the_columns_below_it() -> None:
    table = only(
        words(
            "| 112 Weeks",
            "| 100 2023 | 150 2022 | 220 Notes",
            "5 Sales | 100 3,226 | 150 2,729 | 220 1",
            "5 Costs | 100 762 | 150 650 | 220 2",
        ),
        level(14, 95, 175),
    )
    assert table is not None
    assert said(table)[0, 1] == ("Weeks", 1, 2)


def test_a_text_that_goes_on_below_stays_one_cell() -> None:
    table = only(
        words(
            "5 Port | 80 Berth | 200 Remark",
            "5 Hull | 80 12 | 200 Dry at low",
            "| 200 water only",
            "5 Kiel | 80 9 | 200 Locked at",
            "| 200 night",
            "5 Riga | 80 7 | 200 Open",
        )
    )
    assert table is not None
    assert texts(table)[1, 2] == "Dry at low water only"
    assert texts(table)[3, 0] == "Riga"


def test_a_sign_of_a_currency_goes_with_the_amount_on_its_right() -> None:
    table = only(
        words(
            "| 100 2023 | 150 2022",
            "5 Sales | 100 3,226 | 131 $ 2,729",
            "5 Costs | 100 762 | 160 650",
        )
    )
    assert table is not None
    assert texts(table)[1, 2] == "$ 2,729"


def test_a_sentence_parts_two_tables() -> None:
    rows = words(
        "| 100 2023 | 150 2022",
        "5 Sales | 100 3,226 | 150 2,729",
        "5 The amounts that are expected for the next years follow here:",
        "| 100 2024 | 150 2025",
        "5 Sales | 100 4,226 | 150 5,729",
    )
    assert len(tables_in(rows_of(lines_of(rows)))) == 2


def test_the_numbers_of_a_chart_are_no_table() -> None:
    rows = words("| 20 50 | 60 10 | 90 20", "| 20 40 | 60 30 | 90 10", "| 20 30 | 60 10 | 90 20")
    assert only(rows) is not None
    assert only(rows, curves=[Box(20, 5, 110, 40)]) is None


def test_lines_on_paper_are_found_and_meet() -> None:
    picture = np.full((300, 400, 3), 255, dtype=np.uint8)
    for down in (50, 150, 250):
        cv2.line(picture, (50, down), (350, down), (60, 60, 60), 2)
    for across in (50, 200, 350):
        cv2.line(picture, (across, 54), (across, 246), (60, 60, 60), 2)
    cv2.putText(picture, "Hull", (70, 110), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1)
    rules = raster_rules(picture, 16)
    flat = [rule for rule in rules if rule.horizontal]
    tall = [rule for rule in rules if not rule.horizontal]
    assert [round(rule.at, -1) for rule in sorted(flat, key=lambda rule: rule.at)] == [50, 150, 250]
    assert len(tall) == 3
    ends = {rule.at for rule in flat}
    assert all(rule.start in ends and rule.end in ends for rule in tall)
