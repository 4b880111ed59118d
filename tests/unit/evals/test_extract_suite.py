"""How cells of a table are scored against the four fields of receipts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from evals.datasets.sroie import FIELDS, Receipt
from evals.suites.extract import COLUMNS, cell_f1, scored_cells, silently_missing
from pincite.answers import Label, Verdict
from pincite.elements import SourceId
from pincite.evidence import Coverage
from pincite.extractions import (
    AmountValue,
    Asked,
    DateValue,
    EmptyCell,
    Extraction,
    FileState,
    FoundCell,
    Row,
    TextValue,
)
from tests.unit.serving.scripted_library import citation

GOLD = {"company": "A B SDN BHD", "date": "12/03/2018", "address": "1 Road", "total": "RM 12.50"}


def receipt(name: str) -> Receipt:
    return Receipt(id=name, split="all", image=Path(f"{name}.jpg"), lines=(), fields=GOLD)


def cell(value: TextValue | DateValue | AmountValue, written: str) -> FoundCell:
    verdict = Verdict(label=Label.SUPPORTED, probability=0.9, reason="It stands there.")
    return FoundCell(
        value=value, written=written, citation=citation(1), verdict=verdict, by="field"
    )


def table(*names: str, left: str = "") -> Extraction:
    cells = (
        cell(TextValue(text="A.B. Sdn Bhd"), "A.B. Sdn Bhd"),
        cell(DateValue(day=date(2018, 3, 12)), "12-MAR-18"),
        EmptyCell(),
        cell(AmountValue(number=Decimal("21.50")), "21.50"),
    )
    rows = tuple(Row(source=SourceId(n), name=f"{n}.jpg", cells=cells) for n in names)
    files = [FileState(source=SourceId(n), name=f"{n}.jpg", state="read") for n in names]
    if left:
        files.append(FileState(source=SourceId(left), name=f"{left}.jpg", state="failed"))
    return Extraction(
        asked=Asked(columns=COLUMNS), rows=rows, files=tuple(files), coverage=Coverage()
    )


def test_cells_are_right_by_day_amount_and_letters() -> None:
    [scored] = scored_cells(table("a"), [receipt("a")])
    assert {each.field: each.is_right for each in scored} == {
        "company": True, "date": True, "address": False, "total": False
    }  # fmt: skip
    assert cell_f1([scored], [0]) == 2 * 2 / (3 + 4)
    assert tuple(column.name for column in COLUMNS) == FIELDS


def test_a_receipt_that_is_neither_given_nor_named_is_missing_silently() -> None:
    receipts = [receipt("a"), receipt("b"), receipt("c")]
    assert silently_missing(table("a", left="b"), receipts) == ["c"]
    scored = scored_cells(table("a"), receipts)
    assert [len(cells) for cells in scored] == [4, 4, 4]
