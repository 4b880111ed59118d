"""Fields of receipts as the shipped picture reader gives them, against SROIE's four keys.

`cell_f1`: of all four fields of all receipts, those given with the right value (see
`evals.scorers.fields`), as F1 of precision (of what was given) and recall (of what the gold has).
`box_iou_50`: of the gold fields whose value stands in gold lines, the share that was given with a
box that overlaps such a line by at least half (the lines together where a value takes several); the
value itself need not be right. Slices give each field. Receipts that fail count as nothing given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from evals.datasets import sroie
from evals.datasets.sroie import FIELDS, Receipt
from evals.intervals import interval_of
from evals.results import Case, Result, measured, missing
from evals.scorers.fields import Box, gold_boxes, overlap, same_value
from evals.shipped import box_of, read_once
from evals.sketches import Mark, Sketch, Tone
from evals.suites import Context
from ingestion.readers.ports import UnitRead
from pincite.elements import ParsedElement
from pincite.errors import PinciteError

_DATASET = "sroie"
_METRICS = ("cell_f1", "box_iou_50")


class _Cell(NamedTuple):
    field: str
    gold: str
    found: str
    is_right: bool
    is_placed: bool | None
    """None where the gold lines do not say where the value stands."""
    box: Box | None


class _Scored(NamedTuple):
    cells: tuple[_Cell, ...]
    failed: str = ""


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    folder = context.dataset(_DATASET)
    receipts = [r for r in sroie.read(folder) if r.fields] if folder else []
    if not receipts:
        for metric in _METRICS:
            yield missing("fields", _DATASET, metric, "no data set sroie with keys in --data")
        return
    chosen = context.sample(receipts, lambda receipt: receipt.id, standard=100)
    scored: list[_Scored] = []
    for receipt in chosen:
        if context.out_of_time:
            break
        scored.append(_score(context, receipt))
        for cell in scored[-1].cells:
            yield _DATASET, _case(receipt, cell, scored[-1].failed)
    yield from _results(scored, len(receipts), cut=len(scored) < len(chosen))


def _score(context: Context, receipt: Receipt) -> _Scored:
    failed, found = "", dict[str, ParsedElement]()
    try:
        read = read_once(context, receipt.image)
        found = _fields(read) if read is not None else {}
    except PinciteError as exc:
        failed = str(exc)
    cells = [_cell(receipt, name, found.get(name)) for name in FIELDS]
    return _Scored(tuple(cell for cell in cells if cell is not None), failed)


def _fields(read: UnitRead) -> dict[str, ParsedElement]:
    """The first field of each name: readers give the surest first."""
    found: dict[str, ParsedElement] = {}
    for element in read.elements:
        if element.field is not None:
            found.setdefault(element.field.name, element)
    return found


def _cell(receipt: Receipt, name: str, element: ParsedElement | None) -> _Cell | None:
    gold = receipt.fields.get(name, "")
    value = element.field.value if element is not None and element.field is not None else ""
    if not gold and not value:
        return None
    places = gold_boxes(name, gold, receipt.lines)
    box = _box(element) if element is not None else None
    placed = box is not None and any(overlap(box, place) >= 0.5 for place in places)
    return _Cell(
        name,
        gold,
        value,
        is_right=bool(gold and value) and same_value(name, value, gold),
        is_placed=placed if places else None,
        box=box,
    )


def _box(element: ParsedElement) -> Box | None:
    """Around the lines that the value stands in."""
    boxes = [box for locator in element.locators if (box := box_of(locator)) is not None]
    if not boxes:
        return None
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _case(receipt: Receipt, cell: _Cell, failed: str) -> Case:
    return Case(
        input=f"sroie/{receipt.image.name}#{cell.field}",
        expected=cell.gold,
        got=cell.found,
        score=float(cell.is_right),
        why=failed or ("the box is elsewhere" if cell.is_placed is False else ""),
        sketch=Sketch(
            file=receipt.image,
            marks=(
                *_marks(gold_boxes(cell.field, cell.gold, receipt.lines), "expected"),
                *_marks([cell.box] if cell.box else [], "got" if cell.is_right else "wrong"),
            ),
        ),
    )


def _marks(boxes: Sequence[Box], tone: Tone) -> Iterator[Mark]:
    for left, top, right, bottom in boxes:
        yield Mark(left=left, top=top, right=right, bottom=bottom, tone=tone)


def _results(scored: Sequence[_Scored], n_total: int, *, cut: bool) -> Iterator[Result]:
    reason = "the time budget ended before the last receipt" if cut else None
    if not scored:
        for metric in _METRICS:
            yield missing("fields", _DATASET, metric, reason or "", "partial")
        return
    common = {
        "unit": "fraction",
        "higher_is_better": True,
        "n": len(scored),
        "n_total": n_total,
        "n_failed": sum(bool(receipt.failed) for receipt in scored),
        "status": "partial" if cut else "ok",
        "reason": reason,
    }
    for metric, score in zip(_METRICS, (_cell_f1, _placed_share), strict=True):
        for name in ("all", *FIELDS):
            wanted = FIELDS if name == "all" else (name,)
            cells = [[c for c in receipt.cells if c.field in wanted] for receipt in scored]
            drawn = partial(score, cells)
            value = score(cells, range(len(cells)))
            interval = interval_of(drawn, len(cells))
            yield measured("fields", _DATASET, metric, value, slice=name, ci95=interval, **common)


def _cell_f1(receipts: Sequence[Sequence[_Cell]], chosen: Sequence[int]) -> float:
    cells = [cell for index in chosen for cell in receipts[index]]
    right = sum(cell.is_right for cell in cells)
    total = sum(bool(cell.found) for cell in cells) + sum(bool(cell.gold) for cell in cells)
    return 2 * right / total if total else 0.0


def _placed_share(receipts: Sequence[Sequence[_Cell]], chosen: Sequence[int]) -> float:
    told = [c.is_placed for index in chosen for c in receipts[index] if c.is_placed is not None]
    return sum(told) / len(told) if told else 0.0
