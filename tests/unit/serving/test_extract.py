"""Tables over all files on the surfaces: files that are written, HTTP, the command line."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx
import openpyxl
import pytest

from agent.extracting.figures import figure_of, figures
from pincite.answers import Label, Verdict
from pincite.elements import SourceId
from pincite.errors import UserError
from pincite.evidence import Coverage
from pincite.extractions import (
    AmountValue,
    Asked,
    Column,
    ColumnKind,
    DateValue,
    EmptyCell,
    Extraction,
    FileState,
    FoundCell,
    Row,
    TextValue,
)
from serving.extraction_files import as_csv, as_json, as_xlsx, written_as
from serving.workbooks import workbook
from tests.unit.serving.scripted import ScriptedService
from tests.unit.serving.scripted_library import citation

ASKED = Asked(
    columns=(
        Column(name="seller"),
        Column(name="date", kind=ColumnKind.DATE),
        Column(name="total", kind=ColumnKind.AMOUNT),
    )
)


def cell(number: int, value: object, label: Label = Label.SUPPORTED) -> FoundCell:
    return FoundCell.model_validate(
        {
            "value": value,
            "written": str(value),
            "citation": citation(1).model_copy(update={"number": number}),
            "verdict": Verdict(label=label, probability=0.9, reason="As it stands there."),
            "by": "field",
        }
    )


def amount(number: int, told: str, currency: str = "", label: Label = Label.SUPPORTED) -> FoundCell:
    return cell(number, AmountValue(number=Decimal(told), currency=currency), label)


def row(name: str, *cells: FoundCell | EmptyCell) -> Row:
    return Row(source=SourceId(name), name=name, cells=cells)


def state(name: str, told: str = "read", why: str = "") -> FileState:
    return FileState.model_validate(
        {"source": SourceId(name), "name": name, "state": told, "why": why}
    )


TABLE = Extraction(
    asked=ASKED,
    rows=(
        row(
            "a.jpg",
            cell(1, TextValue(text='=HYPERLINK("http://x")')),
            cell(2, DateValue(day=date(2018, 3, 12))),
            amount(3, "12.50", "RM"),
        ),
        row("b.jpg", cell(4, TextValue(text="Bäckerei")), EmptyCell(), amount(5, "-2.00", "MYR")),
        row("c.jpg", EmptyCell(), EmptyCell(), amount(6, "1.25", "", Label.UNSUPPORTED)),
        row("d.jpg", EmptyCell(), EmptyCell(), amount(7, "9.00", "EUR")),
        row("e.jpg", EmptyCell(), EmptyCell(), EmptyCell()),
    ),
    files=(
        *(state(name) for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg")),
        state("e.jpg", "partly", "page 2 could not be read"),
        state("f.pdf", "failed", "it is encrypted"),
    ),
    coverage=Coverage(),
)


def test_a_table_that_leaves_a_file_out_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="every file that was read has a row"):
        Extraction(asked=ASKED, rows=(), files=(state("a.jpg"),), coverage=Coverage())


def test_sums_are_exact_and_apart_for_each_currency_and_say_what_is_missing() -> None:
    first, second, bare = figure_of(TABLE, "total", "sum")
    assert first.value == AmountValue(number=Decimal("10.50"), currency="MYR")
    assert first.cells == (3, 5)
    assert first.without == ("e.jpg",)
    assert first.not_read == ("e.jpg", "f.pdf")
    assert (first.unsure, first.other) == (0, 2)
    assert second.value == AmountValue(number=Decimal("9.00"), currency="EUR")
    assert (bare.value, bare.unsure) == (AmountValue(number=Decimal("1.25")), 1)
    assert not first.is_whole


def test_a_column_of_words_is_counted_only() -> None:
    assert [f.what for f in figures(TABLE) if f.column == "seller"] == ["count"]


def test_csv_has_every_file_and_runs_nothing() -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(TABLE).decode("utf-8-sig"))))
    assert [line["file"] for line in lines] == [
        *("a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "f.pdf")
    ]
    first, second = lines[:2]
    assert first["seller"] == '\'=HYPERLINK("http://x")'
    assert (first["date"], first["total"], first["total currency"]) == (
        *("2018-03-12", "12.50", "MYR"),
    )
    assert second["total"] == "-2.00"
    assert first["total verdict"] == "supported"
    assert first["total place"].startswith("p. 3")
    assert lines[4]["reading"] == "partly read: page 2 could not be read"
    assert lines[5]["reading"] == "not read: it is encrypted"


def test_xlsx_opens_with_numbers_days_and_texts(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(as_xlsx(TABLE))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["table", "evidence", "figures", "files"]
    head, first, *rest = book["table"].iter_rows(values_only=True)
    assert head == ("file", "seller", "date", "total", "total currency", "reading")
    assert first[1] == '=HYPERLINK("http://x")'
    assert book["table"]["B2"].data_type == "s"
    assert first[2].date() == date(2018, 3, 12)  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess, reportUnknownMemberType]
    assert first[3] == 12.5
    assert rest[-1][0] == "f.pdf"
    assert book["evidence"].max_row == 1 + 7
    book.close()


def test_a_workbook_keeps_odd_texts_and_the_same_bytes() -> None:
    sheets = {"a<&>": [["head"], ["line\nbreak & <b> \x00 end"]]}
    made = workbook(sheets)
    assert made == workbook(sheets)
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book["a<&>"]["A2"].value == "line\nbreak & <b> \ufffd end"


def test_json_has_the_table_and_its_figures() -> None:
    told = json.loads(as_json(TABLE))
    assert told["rows"][0]["cells"][2]["value"]["number"] == "12.50"
    assert {figure["what"] for figure in told["figures"]} >= {"sum", "count"}


def test_no_other_form_is_written() -> None:
    with pytest.raises(UserError, match="csv, xlsx, json"):
        written_as(TABLE, "pdf")


# --- HTTP ----------------------------------------------------------------------------------------


BODY = {"columns": [{"name": "opened", "kind": "text"}], "filters": ["kind=field"]}


async def test_http_gives_the_table_in_the_format_asked_for(
    client: httpx.AsyncClient, service: ScriptedService
) -> None:
    told = await client.post("/v1/extract", json=BODY)
    assert told.json()["rows"][0]["cells"][0]["written"] == "=1872"
    asked = service.heard[-1][1]
    assert "('kind', 'field')" in str(asked)
    written = await client.post("/v1/extract", json={**BODY, "format": "csv"})
    assert written.headers["content-type"].startswith("text/csv")
    assert "'=1872" in written.text
    assert "call.wav" in written.text


async def test_http_streams_progress_then_the_table(client: httpx.AsyncClient) -> None:
    headers = {"accept": "text/event-stream"}
    told = await client.post("/v1/extract", json=BODY, headers=headers)
    kinds = [line.removeprefix("event: ") for line in told.text.splitlines() if "event: " in line]
    assert kinds == ["extracting", "extracting", "table"]


@pytest.mark.parametrize(
    "columns",
    [[], [{"name": ""}], [{"name": "a"}, {"name": "A"}], [{"name": "a", "kind": "picture"}]],
)
async def test_http_refuses_columns_that_are_none(
    client: httpx.AsyncClient, columns: list[dict[str, str]]
) -> None:
    told = await client.post("/v1/extract", json={"columns": columns})
    assert told.status_code in {400, 422}
