"""Four fields of every receipt, as `pincite extract` gives them over a whole library.

`cell_f1`: of all four fields of all receipts, those given with the right value (see
`evals.scorers.fields`; dates and totals as they are normalised), as F1 of precision and recall.
`files_missing`: receipts that are neither in the table nor named with the reason why not.
`supported_share`, `false_support`: of the right, and of the wrong cells, the share with the verdict
supported. `seconds_per_file`: of the extraction, files read before.

Slices: each field; and the halves by `evals.datasets.posed.chooses`, of which only the one called
`tuned on` was looked at while the rules were written. Compared are the rules alone, and the same
extraction of only the files among the passages that one search for the columns puts first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from time import perf_counter
from typing import Final, NamedTuple

from agent.extracting.texts import question_of
from evals.datasets import sroie
from evals.datasets.posed import chooses
from evals.datasets.sroie import FIELDS, Receipt
from evals.intervals import interval_of, share_interval
from evals.page_library import READERS, fill
from evals.results import PRODUCT, Case, Result, measured, missing
from evals.scorers.fields import same_value
from evals.suites import Context
from pincite.elements import Scope
from pincite.extractions import (
    AmountValue,
    Asked,
    Cell,
    Column,
    ColumnKind,
    DateValue,
    Extracted,
    Extraction,
    FoundCell,
)
from serving.bootstrap import Services, services

SUITE: Final = "extract"
SET: Final = "sroie"
COLLECTION: Final = "extract-sroie"
RULES: Final = "rules alone"
FIRST: Final = "first passages of a search"
METRICS: Final = (
    *("cell_f1", "files_missing", "supported_share", "false_support", "seconds_per_file"),
)
STANDARD: Final = 600
_KINDS: Final = {"date": ColumnKind.DATE, "total": ColumnKind.AMOUNT}
COLUMNS: Final = tuple(Column(name=name, kind=_KINDS.get(name, ColumnKind.TEXT)) for name in FIELDS)
HALVES: Final = {True: "tuned on", False: "not tuned on"}


class Scored(NamedTuple):
    """One field of one receipt."""

    receipt: str
    field: str
    gold: str
    found: str
    is_right: bool
    is_supported: bool
    why: str


class Made(NamedTuple):
    table: Extraction
    seconds: float


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    folder = context.dataset(SET)
    receipts = [each for each in sroie.read(folder) if each.fields] if folder else []
    if not receipts:
        for metric in METRICS:
            yield missing(SUITE, SET, metric, "no data set sroie with keys in --data")
        return
    chosen = context.sample(receipts, lambda each: each.id, standard=STANDARD)
    made = asyncio.run(_made(context, chosen))
    for system, (table, seconds) in made.items():
        more: dict[str, object] = {"system": system, "n_total": len(receipts)}
        if context.out_of_time:
            more |= {"status": "partial", "reason": "the time budget was spent"}
        scored = scored_cells(table, chosen)
        yield from _figures(scored, chosen, more)
        lost = silently_missing(table, chosen)
        failed = len(chosen) - len({row.name for row in table.rows})
        more |= {"n": len(chosen), "n_failed": failed if system != FIRST else 0}
        if system != FIRST:
            yield _counted("files_missing", len(lost), unit="files", **more)
            yield _counted("seconds_per_file", seconds / len(chosen), unit="s", **more)
        for cell in (cell for cells in scored for cell in cells):
            yield SET, _case(cell, system)


async def _made(context: Context, chosen: Sequence[Receipt]) -> dict[str, Made]:
    folder = context.shared.folder or context.scratch
    settings = context.settings.model_copy(update={"data_dir": folder / "library"})
    async with services(settings) as opened:
        files = {COLLECTION: [receipt.image for receipt in chosen]}
        await fill(opened.service, files, lambda: not context.out_of_time)
        rules = await _table(opened, with_model=False)
        first = Made(await _among_first(opened, rules.table), 0.0)
        if opened.chat is None:
            return {PRODUCT: rules, FIRST: first}
        await opened.warm_up()
        return {PRODUCT: await _table(opened, with_model=True), RULES: rules, FIRST: first}


async def _table(opened: Services, *, with_model: bool) -> Made:
    asked = Asked(columns=COLUMNS, rows="files", with_model=with_model)
    began = perf_counter()
    async with aclosing(opened.service.extract(asked, _SCOPE)) as events:
        last = [event async for event in events][-1]
    assert isinstance(last, Extracted)  # noqa: S101
    return Made(last.table, perf_counter() - began)


_SCOPE: Final = Scope(principals=READERS, collections=frozenset({COLLECTION}))


async def _among_first(opened: Services, table: Extraction) -> Extraction:
    """Only what stands in the files that one search for each column finds."""
    keep = opened.settings.retrieval.keep
    searches = [
        asyncio.to_thread(opened.retriever.search, question_of(column), _SCOPE, keep=keep)
        for column in COLUMNS
    ]
    found = {hit.source.id for hits in await asyncio.gather(*searches) for hit in hits}
    rows = tuple(row for row in table.rows if row.source in found)
    states = tuple(
        file if file.source in found else file.model_copy(update={"state": "left", "why": ""})
        for file in table.files
    )
    return table.model_copy(update={"rows": rows, "files": states})


# --- scoring -------------------------------------------------------------------------------------


def scored_cells(table: Extraction, receipts: Sequence[Receipt]) -> list[list[Scored]]:
    """For each receipt the fields that it has or was given."""
    rows = {row.name: row for row in table.rows}
    scored: list[list[Scored]] = []
    for receipt in receipts:
        row = rows.get(receipt.image.name)
        cells = {name: row.cells[at] for at, name in enumerate(FIELDS)} if row else {}
        scored.append([_scored(receipt, name, cells) for name in FIELDS])
    return [[cell for cell in cells if cell.gold or cell.found] for cells in scored]


def _scored(receipt: Receipt, name: str, cells: Mapping[str, Cell]) -> Scored:
    gold, cell = receipt.fields.get(name, ""), cells.get(name)
    found = told(cell) if isinstance(cell, FoundCell) else ""
    return Scored(
        receipt=receipt.id,
        field=name,
        gold=gold,
        found=found,
        is_right=bool(gold and found) and same_value(name, found, gold),
        is_supported=isinstance(cell, FoundCell) and cell.is_supported,
        why=cell.by if isinstance(cell, FoundCell) else "",
    )


def told(cell: FoundCell) -> str:
    match cell.value:
        case DateValue() as value:
            return value.day.isoformat()
        case AmountValue() as value:
            return f"{value.number:f}"
        case _:
            return cell.written


def silently_missing(table: Extraction, receipts: Sequence[Receipt]) -> list[str]:
    named = {row.name for row in table.rows} | {file.name for file in table.not_whole}
    return [receipt.id for receipt in receipts if receipt.image.name not in named]


def cell_f1(receipts: Sequence[Sequence[Scored]], chosen: Sequence[int]) -> float:
    cells = [cell for index in chosen for cell in receipts[index]]
    right = sum(cell.is_right for cell in cells)
    total = sum(bool(cell.found) for cell in cells) + sum(bool(cell.gold) for cell in cells)
    return 2 * right / total if total else 0.0


def _figures(
    scored: Sequence[Sequence[Scored]], receipts: Sequence[Receipt], more: Mapping[str, object]
) -> Iterator[Result]:
    halves = [HALVES[chooses(receipt.id)] for receipt in receipts]
    for name in ("all", *FIELDS, *HALVES.values()):
        of_slice = [
            [cell for cell in cells if name in ("all", cell.field, half)]
            for cells, half in zip(scored, halves, strict=True)
            if name not in HALVES.values() or name == half
        ]
        count = len(of_slice)
        value = cell_f1(of_slice, range(count))
        interval = interval_of(partial(cell_f1, of_slice), count)
        total = count if name in HALVES.values() else more["n_total"]
        fields = {**more, "n": count, "n_total": total, "slice": name, "ci95": interval}
        yield measured(
            SUITE, SET, "cell_f1", value, unit="fraction", higher_is_better=True, **fields
        )
    cells = [cell for each in scored for cell in each if cell.found]
    for metric, is_right in (("supported_share", True), ("false_support", False)):
        part = [cell.is_supported for cell in cells if cell.is_right is is_right]
        if part:
            yield measured(
                SUITE,
                SET,
                metric,
                sum(part) / len(part),
                unit="fraction",
                higher_is_better=is_right,
                **{**more, "n": len(part), "n_total": len(part)},
                ci95=share_interval(sum(part), len(part)),
            )


def _counted(metric: str, value: float, **more: object) -> Result:
    return measured(SUITE, SET, metric, value, higher_is_better=False, **more)


def _case(cell: Scored, system: str) -> Case:
    return Case(
        input=f"sroie/{cell.receipt}#{cell.field}",
        system=system,
        expected=cell.gold,
        got=cell.found,
        score=float(cell.is_right),
        why=cell.why,
    )
