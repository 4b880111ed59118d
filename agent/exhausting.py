"""From a table over all files to the sentences that answer a question about all of them.

What is computed is computed here, by code: its verdict says over how many cited cells, and it is no
better than theirs. Which files were not looked at, or have no value, is said in the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from agent.exhausted_table import table_of
from agent.exhaustive_questions import Exhaustive, singular
from agent.extracting.figures import Figure, figure_of
from pincite.answers import (
    CheckedClaim,
    CheckedSentence,
    Citation,
    Claim,
    Label,
    SentenceId,
    Verdict,
)
from pincite.elements import SourceId
from pincite.extractions import (
    AmountValue,
    Cell,
    CellValue,
    DateValue,
    Extraction,
    FoundCell,
    NumberValue,
    Row,
)
from pincite.structured import Structured

MOST_ROWS: Final = 40
"""That an answer lists; a table of all is written by `pincite extract`."""
_MOST_NAMES: Final = 12
INCOMPLETE: Final = (
    "This may be incomplete: it rests on the passages that search put first, not on every file."
)


class Told(NamedTuple):
    """Sentences, and what they cite by its number."""

    sentences: tuple[CheckedSentence, ...]
    citations: tuple[Citation, ...]
    data: Structured | None = None
    """The rows, where they are a table."""


def told(
    wanted: Exhaustive,
    table: Extraction,
    members: Collection[SourceId],
    *,
    in_table: bool = False,
) -> Told:
    """`members` are the files of the kind that is asked about.

    A sentence for each row, or one table for all of them, which then stands first.
    """
    rows = [row for row in table.rows if row.source in members and _admits(wanted, row)]
    if wanted.task in ("min", "max"):
        rows = _extreme(wanted, table, rows)
    lines = [*_heads(wanted, table, rows)]
    data = None
    shown = [row for row in rows[:MOST_ROWS] if _cells(row)]
    if wanted.columns and in_table and shown:
        first, data = table_of(table, shown)
        lines.insert(0, first)
    elif wanted.columns:
        lines += [_of_row(table, row) for row in shown]
    elif wanted.task == "list":
        names = dict.fromkeys(row.name for row in rows)
        lines.append(_stated(f"They are: {_listed(list(names), MOST_ROWS)}."))
    lines += map(_stated, _missing(wanted, table, rows, members))
    sentences = tuple(
        line.model_copy(update={"id": SentenceId(f"s{place}")})
        for place, line in enumerate(lines, 1)
    )
    cited = {number for line in lines for each in line.claims for number in each.claim.cites}
    cells = (cell for row in rows for cell in _cells(row))
    citations = tuple(cell.citation for cell in cells if cell.citation.number in cited)
    return Told(sentences, citations, data)


# --- which rows ----------------------------------------------------------------------------------


def _admits(wanted: Exhaustive, row: Row) -> bool:
    """Whether the row fulfils the conditions; one whose value is not known does not."""
    values = [cell.value for cell in _cells(row)]
    if wanted.period is not None:
        first, last = wanted.period
        days = [value.day for value in values if isinstance(value, DateValue)]
        if not days or not first <= days[0] <= last:
            return False
    if wanted.least is None and wanted.most is None:
        return True
    numbers = [value.number for value in values if isinstance(value, AmountValue | NumberValue)]
    return bool(numbers) and (
        (wanted.least is None or numbers[0] > wanted.least)
        and (wanted.most is None or numbers[0] < wanted.most)
    )


def _extreme(wanted: Exhaustive, table: Extraction, rows: Sequence[Row]) -> list[Row]:
    """The rows with the highest or lowest value."""
    at = table.place(wanted.about)
    ranked = [(key, row) for row in rows if (key := _rank(row.cells[at])) is not None]
    if not ranked:
        return []
    best = (max if wanted.task == "max" else min)(key for key, _ in ranked)
    return [row for key, row in ranked if key == best]


def _rank(cell: Cell) -> float | None:
    match cell:
        case FoundCell(value=DateValue(day=day)):
            return float(day.toordinal())
        case FoundCell(value=AmountValue() | NumberValue() as value):
            return float(value.number)
        case _:
            return None


def _cells(row: Row) -> list[FoundCell]:
    return [cell for cell in row.cells if isinstance(cell, FoundCell)]


# --- what is said --------------------------------------------------------------------------------


def _heads(wanted: Exhaustive, table: Extraction, rows: Sequence[Row]) -> Iterator[CheckedSentence]:
    """What was computed, or counted."""
    numbers = [cell.citation.number for row in rows for cell in _cells(row)]
    match wanted.task:
        case "sum" | "mean":
            found = list(figure_of(table, wanted.about, wanted.task, numbers))
            told = [figure for figure in found if figure.value is not None]
            yield from (_computed(wanted, table, figure) for figure in told)
        case "min" | "max":
            what = "highest" if wanted.task == "max" else "lowest"
            if wanted.about and _is_date(table, wanted.about):
                what = "latest" if wanted.task == "max" else "earliest"
            many = "" if len(rows) < 2 else f" It is that of {len(rows)} {wanted.noun}."
            yield _stated(f"The {what} {wanted.about} of the {wanted.noun}:{many}")
        case _:
            yield _counted(wanted, rows)


def _is_date(table: Extraction, column: str) -> bool:
    return any(isinstance(cell.value, DateValue) for _, cell in table.found(column))


def _counted(wanted: Exhaustive, rows: Sequence[Row]) -> CheckedSentence:
    """A count rests on one cell of each file; where there are no cells, on the list of files."""
    files = dict.fromkeys(row.source for row in rows)
    first = {row.source: _cells(row)[0] for row in reversed(rows) if _cells(row)}
    noun = wanted.noun if len(files) != 1 else singular(wanted.noun)
    text = f"I found {len(files)} {noun}{_conditions(wanted)}."
    if len(first) < len(files) or not files:
        why = "Counted in the list of files, which no file states."
        return _claimed(text, Verdict(label=Label.NOT_CHECKABLE, probability=0.5, reason=why), ())
    return _claimed(text, _over(list(first.values()), "Counted"), _numbers(first.values()))


def _conditions(wanted: Exhaustive) -> str:
    told = ""
    if wanted.period is not None:
        first, last = wanted.period
        told += f" dated {first.isoformat()} to {last.isoformat()}"
    if wanted.least is not None:
        told += f" above {wanted.least.normalize():f}"
    if wanted.most is not None:
        told += f" below {wanted.most.normalize():f}"
    return told


def _computed(wanted: Exhaustive, table: Extraction, figure: Figure) -> CheckedSentence:
    """E.g. `The total of 61 receipts adds up to 1,234.50 MYR.`."""
    cells = [cell for _, cell in table.found(figure.column) if _number(cell) in figure.cells]
    how = "adds up to" if wanted.task == "sum" else "is on average"
    noun = f"{len(cells)} {wanted.noun}{_conditions(wanted)}"
    text = f"The {figure.column} of {noun} {how} {_said(figure.value)}."
    verb = "Added up" if wanted.task == "sum" else "Averaged"
    return _claimed(text, _over(cells, verb), figure.cells)


def _over(cells: Sequence[FoundCell], verb: str) -> Verdict:
    """On what is computed over cells: supported where all are, as sure as the least sure."""
    unsure = [cell for cell in cells if not cell.is_supported]
    told = f"{verb} by Pincite over {len(cells)} cells, each with its place in a source"
    if unsure:
        told += f"; {len(unsure)} of them are not surely borne out"
    read = [c.verdict.read_confidence for c in cells if c.verdict.read_confidence is not None]
    return Verdict(
        label=Label.UNSUPPORTED if unsure else Label.SUPPORTED,
        probability=min((cell.verdict.probability for cell in cells), default=0.0),
        supports=tuple(dict.fromkeys(cell.citation.element for cell in cells)),
        reason=f"{told}.",
        read_confidence=min(read, default=None),
        computed_from=tuple(dict.fromkeys(cell.written for cell in cells)),
    )


def _of_row(table: Extraction, row: Row) -> CheckedSentence:
    """`inv1.pdf: date 2021-04-03 [1]; total 12.50 EUR [2].`, a claim for each cell."""
    item = f", item {row.item}" if row.item is not None else ""
    text = f"{row.name}{item}: "
    claims: list[CheckedClaim] = []
    for column, cell in zip(table.asked.columns, row.cells, strict=True):
        if isinstance(cell, FoundCell):
            start = len(text)
            text += f"{column.name} {_said(cell.value)} [{_number(cell)}]"
            claim = Claim(
                text=cell.claim or f"{column.name}: {cell.written}",
                start=start,
                end=len(text),
                cites=(_number(cell),),
            )
            claims.append(CheckedClaim(claim=claim, verdict=cell.verdict))
            text += "; "
    return CheckedSentence(
        id=SentenceId("s0"), text=f"{text.removesuffix('; ')}.", claims=tuple(claims)
    )


def _missing(
    wanted: Exhaustive, table: Extraction, rows: Sequence[Row], members: Collection[SourceId]
) -> Iterator[str]:
    """What the answer leaves out."""
    if len(rows) > MOST_ROWS and wanted.columns:
        yield f"{len(rows) - MOST_ROWS} more rows are not listed here; {command(table)} has them."
    lacking = {row.source: row.name for row in table.rows if row.source in members}
    for column in wanted.columns:
        names = [name for name in table.without(column.name) if name in lacking.values()]
        if names:
            yield f"No {column.name} was found in {_listed(names)}."
    partly = [file.name for file in table.files if file.state == "partly"]
    unread = [file.name for file in table.files if not file.is_in_table]
    if partly:
        yield f"Only partly read: {_listed(partly)}."
    if unread:
        yield f"Not looked at, as they are not read: {_listed(unread)}."
    whole = len(table.files) - len(partly) - len(unread)
    yield f"All {len(table.files)} files were gone through, {whole} of them read whole."


def command(table: Extraction) -> str:
    """What writes the same table to a file."""
    columns = " ".join(f'--column "{c.name}:{c.kind}"' for c in table.asked.columns)
    return f"`pincite extract {columns} --out table.csv`"


def _listed(names: Sequence[str], most: int = _MOST_NAMES) -> str:
    shown = ", ".join(names[:most])
    more = len(names) - most
    return f"{shown} and {more} more" if more > 0 else shown


def _said(value: CellValue | None) -> str:
    return str(value) if value is not None else ""


def _number(cell: FoundCell) -> int:
    return cell.citation.number


def _numbers(cells: Collection[FoundCell]) -> tuple[int, ...]:
    return tuple(sorted(map(_number, cells)))


def _claimed(text: str, verdict: Verdict, cites: tuple[int, ...]) -> CheckedSentence:
    claim = Claim(text=text, start=0, end=len(text), cites=cites)
    return CheckedSentence(
        id=SentenceId("s0"), text=text, claims=(CheckedClaim(claim=claim, verdict=verdict),)
    )


def _stated(text: str) -> CheckedSentence:
    """A sentence about the answer, which claims nothing of a source."""
    return CheckedSentence(id=SentenceId("s0"), text=text)
