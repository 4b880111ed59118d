"""Questions about all of what is listed in the rows of a table: counted and added by code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from agent.exhaustive_questions import Exhaustive, singular
from agent.extracting.labels import stems
from agent.extracting.typed import typed
from agent.selection import citation
from pincite.answers import (
    CheckedClaim,
    CheckedSentence,
    Citation,
    Claim,
    Label,
    SentenceId,
    Verdict,
)
from pincite.elements import Element, Source
from pincite.extractions import AmountValue, ColumnKind, NumberValue
from pincite.grounding.checking import UNSURE_READING
from pincite.grounding.extremes import SUMS
from pincite.grounding.spots import Spot, spots_of

SURE: Final = 0.95
"""That the rows are what was asked about; the arithmetic itself is certain."""
_MONEY: Final = frozenset({"amount", "total", "sum", "price", "cost", "value"})
_CENT: Final = Decimal("0.01")


class Listing(NamedTuple):
    """A table that has a column of what was asked about, and its rows without sums.

    Tables of one file with the same heads are one, which page breaks took apart.
    """

    source: Source
    elements: tuple[Element, ...]
    rows: tuple[Spot, ...]

    @property
    def heads(self) -> frozenset[str]:
        return frozenset(head for head, _ in self.rows[0].columns)


def listing(kind: str, element: Element, source: Source) -> Listing | None:
    """None where no head of the table is called so."""
    wanted = stems(kind)
    rows = tuple(
        row
        for row in spots_of(element)
        if row.row is not None
        and any(text and wanted <= stems(head) for head, text in row.columns)
        and not row.label & SUMS
    )
    return Listing(source, (element,), rows) if rows else None


def joined(listings: Sequence[Listing]) -> list[Listing]:
    """Those of one file with the same heads as one, in order."""
    known: dict[tuple[str, frozenset[str]], Listing] = {}
    for each in listings:
        key = (each.source.id, each.heads)
        before = known.get(key)
        if before:
            each = Listing(
                each.source, (*before.elements, *each.elements), (*before.rows, *each.rows)
            )
        known[key] = each
    return list(known.values())


def told_of_rows(
    wanted: Exhaustive, listings: Sequence[Listing]
) -> tuple[list[CheckedSentence], tuple[Citation, ...]] | None:
    """A sentence for each table; None where it asks for what is not done with rows."""
    if wanted.period or wanted.least is not None or wanted.most is not None:
        return None
    numbers = {e.id: n for n, e in enumerate((e for li in listings for e in li.elements), 1)}
    lines = [_line(wanted, each, [numbers[e.id] for e in each.elements]) for each in listings]
    made = [line for line in lines if line is not None]
    if len(made) < len(listings) or wanted.task == "list":
        return None
    cited = tuple(
        citation(numbers[element.id], element, each.source, element.text)
        for each in listings
        for element in each.elements
    )
    noun = singular(wanted.noun)
    last = f"Counted are rows of tables; a file that is {_an(noun)} itself is not among them."
    told = [*made, CheckedSentence(id=SentenceId("s0"), text=last)]
    return [
        line.model_copy(update={"id": SentenceId(f"s{place}")})
        for place, line in enumerate(told, 1)
    ], cited


def _an(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def _line(wanted: Exhaustive, listing: Listing, cites: Sequence[int]) -> CheckedSentence | None:
    rows, name = listing.rows, listing.source.name
    noun = wanted.noun if len(rows) != 1 else singular(wanted.noun)
    if wanted.task == "count":
        return _claimed(f"{name} lists {len(rows)} {noun}", listing, cites)
    found = _column(wanted, rows)
    if found is None:
        return None
    head, numbers = found
    match wanted.task:
        case "sum":
            said = f"adds up to {sum(numbers):,}"
        case "mean":
            said = f"is on average {(sum(numbers, Decimal()) / len(numbers)).quantize(_CENT):,}"
        case "min" | "max":
            best = (max if wanted.task == "max" else min)(numbers)
            row = rows[numbers.index(best)]
            what = "highest" if wanted.task == "max" else "lowest"
            return _claimed(f"The {what} {head} in {name} is that of {row.text}", listing, cites)
        case _:
            return None
    return _claimed(f"{head} of the {len(rows)} {noun} in {name} {said}", listing, cites)


def _column(wanted: Exhaustive, rows: Sequence[Spot]) -> tuple[str, list[Decimal]] | None:
    """The one that was asked about, or the only one of money; every row must have a figure."""
    heads = dict.fromkeys(head for row in rows for head, _ in row.columns)
    asked = stems(wanted.about)
    called = [head for head in heads if asked and asked <= stems(head)]
    money = [head for head in heads if _MONEY & {word.lower() for word in head.split()}]
    for found in (called, money):
        if len(found) == 1:
            numbers = list(_numbers(found[0], rows))
            return (found[0], numbers) if len(numbers) == len(rows) else None
    return None


def _numbers(wanted: str, rows: Sequence[Spot]) -> Iterator[Decimal]:
    for row in rows:
        cell = next((text for head, text in row.columns if head == wanted), "")
        values = [each.value for each in typed(ColumnKind.AMOUNT, cell, bare=True)]
        if len(values) == 1 and isinstance(values[0], AmountValue | NumberValue):
            yield values[0].number


def _claimed(text: str, listing: Listing, cites: Sequence[int]) -> CheckedSentence:
    sure = [e.confidence for e in listing.elements if e.confidence is not None]
    read = min(sure, default=None)
    doubtful = read is not None and read < UNSURE_READING
    verdict = Verdict(
        label=Label.UNSUPPORTED if doubtful else Label.SUPPORTED,
        probability=read if doubtful and read is not None else SURE,
        supports=tuple(element.id for element in listing.elements),
        reason=f"Computed by Pincite over the {len(listing.rows)} rows of the table.",
        read_confidence=read,
    )
    claim = Claim(text=f"{text}.", start=0, end=len(text), cites=tuple(cites))
    checked = CheckedClaim(claim=claim, verdict=verdict)
    marks = "".join(f"[{number}]" for number in cites)
    return CheckedSentence(id=SentenceId("s0"), text=f"{text} {marks}.", claims=(checked,))
