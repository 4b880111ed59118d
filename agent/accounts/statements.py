"""The statements of a filing: which pages have them, and what their lines say of which year."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from agent.accounts.lines import LINES, Statement, marks, patterns, plain, title
from agent.calculating import figure
from pincite.elements import Element
from pincite.grounding.spots import Spot, spots_of

_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_PART: Final = re.compile(
    r"quarter|months|weeks|versus|\bvs\b|change|increase|decrease|variance|%", re.IGNORECASE
)
"""In the head of a column that is not of a year."""
_SCALE: Final = re.compile(
    r"(?:\b(?:dollars|amounts?|usd|euros?) )?\bin (?P<scale>thousand|million|billion)s\b"
    r"|\((?P<alone>thousand|million|billion)s\b",
    re.IGNORECASE,
)
SCALES: Final = {"thousand": Decimal(10**3), "million": Decimal(10**6), "billion": Decimal(10**9)}


class Cell(NamedTuple):
    value: Decimal
    written: str


class AccountRow(NamedTuple):
    """A line with its figures by year."""

    label: str
    """As it is written."""
    cells: Mapping[int, Cell]
    spot: Spot

    @property
    def element(self) -> Element:
        return self.spot.element


@dataclass(frozen=True, slots=True)
class Statements:
    """The rows of each statement, in the order of the pages."""

    rows: Mapping[Statement, Sequence[AccountRow]]
    scale: str
    """`million` and the like; empty where no statement says it."""
    is_dollars: bool

    def of(self, line: str, year: int) -> list[AccountRow]:
        """The first row by the surest label with a figure for the year; all, of lines that add up.

        Empty where there is none.
        """
        rows = [row for row in self.rows.get(LINES[line].statement, ()) if year in row.cells]
        for pattern in patterns(line):
            found = [row for row in rows if pattern.match(plain(row.label))]
            if found:
                return found if LINES[line].adds_up and pattern is patterns(line)[-1] else found[:1]
        return []

    @property
    def pages(self) -> frozenset[int]:
        """That the statements stand on, from 1."""
        tables = (row.element for rows in self.rows.values() for row in rows)
        return frozenset(at.page for table in tables for at in table.locators if at.kind == "page")

    @property
    def years(self) -> list[int]:
        """That any line has, the latest first."""
        found = {year for rows in self.rows.values() for row in rows for year in row.cells}
        return sorted(found, reverse=True)


def scale_in(text: str) -> str:
    """`million` for `(In millions, except per share amounts)`; empty where none is told."""
    found = _SCALE.search(text)
    return (found["scale"] or found["alone"]).casefold() if found else ""


def statements(tables: Iterable[Element]) -> Statements | None:
    """None where no page looks like a statement; a pass over all rows, about 0.1 s for a filing."""
    by_page: dict[int, list[Element]] = defaultdict(list)
    for table in tables:
        page = next((at.page for at in table.locators if at.kind == "page"), 0)
        by_page[page].append(table)
    rows = {page: _rows(of_page) for page, of_page in by_page.items()}
    labels = {page: _labels(of_page) for page, of_page in by_page.items()}
    above = {page: _above(of_page) for page, of_page in by_page.items()}
    found: dict[Statement, Sequence[AccountRow]] = {}
    for statement in ("income", "balance", "cash"):
        best = _page(labels, above, statement)
        if best is not None:
            goes_on = rows.get(best + 1, ()) if statement == "cash" else ()
            found[statement] = [*rows[best], *goes_on]
    found = {statement: each for statement, each in found.items() if each}
    if not found:
        return None
    of_all = [row for each in found.values() for row in each]
    said = " ".join({f"{row.spot.context} {row.spot.columns[0][0]}" for row in of_all})
    return Statements(
        rows=found,
        scale=scale_in(said),
        is_dollars=any("$" in cell.written for row in of_all for cell in row.cells.values()),
    )


def _labels(tables: Sequence[Element]) -> list[str]:
    """Plain labels of all rows, also of heads."""
    spots = [spot for table in tables for spot in spots_of(table) if spot.columns]
    told = dict.fromkeys(text for spot in spots for text in spot.columns[0])
    return [label for text in told if (label := plain(text))]


def _above(tables: Sequence[Element]) -> str:
    return " ".join({spot.context for table in tables for spot in spots_of(table)})


def _page(
    labels: Mapping[int, Sequence[str]], above: Mapping[int, str], statement: Statement
) -> int | None:
    """The page with the most of what the statement has; of equals one with its title."""
    wanted, least = marks(statement)
    scores: dict[int, tuple[int, bool, int]] = {}
    for page, own in labels.items():
        both = [*own, *(labels.get(page + 1, ()) if statement == "cash" else ())]
        hits = sum(any(mark.match(label) for label in both) for mark in wanted)
        if hits >= least:
            scores[page] = (hits, bool(title(statement).search(above[page])), len(own))
    return max(scores, key=lambda page: scores[page], default=None)


def _rows(tables: Sequence[Element]) -> list[AccountRow]:
    """Of the tables of one page; one that goes on without heads takes those of the one before."""
    found: list[AccountRow | None] = []
    years: list[int] = []
    for table in tables:
        spots = [spot for spot in spots_of(table) if spot.row is not None and spot.columns]
        if not spots:
            continue
        heads = [head for head, _ in max(spots, key=lambda spot: len(spot.columns)).columns]
        own = _years(heads[1:])
        years = own or years
        if not own:  # its first row is taken for its head
            found.append(_under(heads, years, spots[0]))
        for spot in spots:
            texts = [text for _, text in spot.columns]
            of_row = _years([head for head, _ in spot.columns[1:]])
            found.append(_of_heads(texts, of_row, spot) if own else _under(texts, years, spot))
    return [row for row in found if row is not None]


def _years(heads: Sequence[str]) -> list[int]:
    """The year of each head, 0 for none; empty where no head has one."""
    told = [[int(year) for year in _YEAR.findall(head)] for head in heads]
    years = [
        of_head[0] if len(set(of_head)) == 1 and not _PART.search(head) else 0
        for head, of_head in zip(heads, told, strict=True)
    ]
    return years if any(years) else []


def _of_heads(texts: Sequence[str], years: Sequence[int], spot: Spot) -> AccountRow | None:
    return _made(texts[0], zip(years, texts[1:], strict=False), spot)


def _under(texts: Sequence[str], years: Sequence[int], spot: Spot) -> AccountRow | None:
    """The figures of a row in the order of the years above it, if there are as many."""
    known = [year for year in years if year]
    figures = [text for text in texts[1:] if figure(text) is not None]
    if len(known) != len(figures):
        return None
    return _made(texts[0], zip(known, figures, strict=True), spot)


def _made(label: str, pairs: Iterable[tuple[int, str]], spot: Spot) -> AccountRow | None:
    cells: dict[int, Cell] = {}
    for year, text in pairs:
        value = figure(text) if year and not text.rstrip(") ").endswith("%") else None
        if value is not None and year not in cells:
            cells[year] = Cell(value, text.strip())
    return AccountRow(label.strip(), cells, spot) if label.strip() and cells else None
