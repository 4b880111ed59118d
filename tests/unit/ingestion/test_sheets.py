"""Spreadsheet cells: as a person sees them, in tables that know their columns."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from ingestion.readers.cell_texts import displayed
from ingestion.readers.flow import Flow
from ingestion.readers.sheets import Place, Sheet, write_sheet
from pincite.elements import Kind, ParsedElement
from tests.unit.ingestion.spans import assert_exact


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "General", ""),
        (0.125, "0.0%", "12.5%"),
        (0.125, "General", "0.125"),
        (0.1 + 0.2, "General", "0.3"),
        (3.0, "General", "3"),
        (12_345_678, "General", "12345678"),
        (1e20, "General", "1e+20"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234.5, '#,##0.00 "€"', "1,234.50 €"),
        (1234.5, "[$€-407] #,##0", "€ 1,234"),
        (1234.5, '"$"#,##0.00_);("$"#,##0.00)', "$1,234.50"),
        (-1234.5, '"$"#,##0.00_);("$"#,##0.00)', "($1,234.50)"),
        (-7, "0", "-7"),
        (2_500_000, '0.0,,"M"', "2.5M"),
        (0.5, "# ?/?", "0.5"),
        (1234.5, "0.00E+00", "1234.5"),
        (True, "General", "TRUE"),
        (datetime(2024, 5, 9), "mm-dd-yy", "2024-05-09"),  # noqa: DTZ001
        (datetime(2024, 5, 9, 14, 30), "General", "2024-05-09 14:30"),  # noqa: DTZ001
        (date(2024, 5, 9), "General", "2024-05-09"),
        (time(8, 5), "h:mm", "08:05:00"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05:00"),
        ("  two\n words ", "@", "two words"),
    ],
)
def test_a_value_reads_as_it_is_displayed(value: object, number_format: str, text: str) -> None:
    assert displayed(value, number_format) == text


def _written(
    rows: dict[int, list[str]],
    *,
    spans: dict[Place, Place] | None = None,
    is_hidden: bool = False,
) -> tuple[ParsedElement, ...]:
    texts = {
        (number, column): text
        for number, row in rows.items()
        for column, text in enumerate(row, start=1)
        if text
    }
    flow = Flow()
    comments = {(2, 28): "check this"} if is_hidden else {}
    write_sheet(Sheet("Sales", is_hidden, texts, comments, spans or {}), flow)
    assert_exact(flow.elements)
    return flow.elements


def test_a_row_says_what_its_values_are() -> None:
    heading, table = _written(
        {1: ["Region", "Q1", "Q2"], 2: ["North", "1", "2"], 3: ["South", "3"]}
    )
    assert (heading.kind, heading.text) == (Kind.HEADING, "Sales")
    assert table.text == "Region: North | Q1: 1 | Q2: 2\nRegion: South | Q1: 3"
    assert table.heading_path == ("Sales",)
    assert table.table is not None
    assert [cell.text for cell in table.table.cells if cell.row == 2] == ["South", "3", ""]


def test_lines_around_a_table_are_notes_on_it() -> None:
    elements = _written(
        {1: ["Report 2024"], 2: ["Region", "Q1"], 3: ["North", "1"], 4: ["Source: us"]}
    )
    assert [(one.kind, one.text) for one in elements[1:]] == [
        (Kind.CAPTION, "Report 2024"),
        (Kind.TABLE, "Region: North | Q1: 1"),
        (Kind.TEXT, "Source: us"),
    ]


def test_totals_below_a_blank_row_are_read_under_the_header_above() -> None:
    elements = _written({1: ["Region", "Q1"], 2: ["North", "1"], 4: ["Total", "1"]})
    assert elements[-1].text == "Region: Total | Q1: 1"


def test_a_second_table_has_its_own_header() -> None:
    elements = _written(
        {1: ["Region", "Q1"], 2: ["North", "1"], 4: ["Name", "Age"], 5: ["Ann", "41"]}
    )
    assert elements[-1].text == "Name: Ann | Age: 41"


def test_years_may_head_columns() -> None:
    elements = _written({1: ["Item", "2023", "2024"], 2: ["Rent", "10", "11"]})
    assert elements[-1].text == "Item: Rent | 2023: 10 | 2024: 11"


def test_merged_headers_name_all_their_columns() -> None:
    elements = _written(
        {
            1: ["Region", "2024", "", "2025", ""],
            2: ["", "Q1", "Q2", "Q1", "Q2"],
            3: ["North", "1", "2", "3", "4"],
        },
        spans={(1, 1): (2, 1), (1, 2): (1, 2), (1, 4): (1, 2)},
    )
    assert elements[-1].text == (
        "Region: North | 2024 Q1: 1 | 2024 Q2: 2 | 2025 Q1: 3 | 2025 Q2: 4"
    )


def test_a_stray_cell_far_out_costs_nothing() -> None:
    flow = Flow()
    texts = {(1, 1): "a", (1, 16_384): "b", (1_048_576, 3): "c"}
    write_sheet(Sheet("S", is_hidden=False, texts=texts, comments={}, spans={}), flow)
    assert [one.text for one in flow.elements] == ["S", "a | b", "c"]


def test_hidden_sheets_are_flagged_and_comments_keep_their_address() -> None:
    elements = _written({1: ["a", "b"], 2: ["1", "2"]}, is_hidden=True)
    assert elements[0].text == "Sales (hidden sheet)"
    assert elements[-1].text == "Comment on AB2: check this"
    assert all("hidden_text" in one.flags for one in elements[1:])


def test_an_empty_sheet_leaves_no_trace() -> None:
    assert _written({}) == ()
