"""Tables in Markdown or HTML as grids: the text at each place, and which places are headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

Place = tuple[int, int]


class Grid(NamedTuple):
    """Row and column → text; a spanning cell's text stands at every place that it covers."""

    texts: dict[Place, str]
    owners: dict[Place, Place]
    """Every place → the first place of its cell."""
    headings: frozenset[Place]

    def beside(self, place: Place, down: int, across: int) -> set[str]:
        """Texts of the next cells in one direction from the cell at `place`."""
        return {self.texts[other] for other in self._next(place, down, across)}

    def heads(self, place: Place, down: int, across: int) -> set[str]:
        """Texts of headings in one direction, and of the outermost cells that say something."""
        owner = self.owners[place]
        found: set[str] = set()
        for start in [other for other, first in self.owners.items() if first == owner]:
            line = [
                other
                for other in self._way(start, down, across)
                if self.owners[other] != owner and self.texts[other].strip()
            ]
            found.update(self.texts[other] for other in line if other in self.headings)
            found.update(self.texts[other] for other in line[-1:])
        return found

    def _next(self, place: Place, down: int, across: int) -> set[Place]:
        owner = self.owners[place]
        mine = [other for other, first in self.owners.items() if first == owner]
        steps = [(row + down, column + across) for row, column in mine]
        return {
            self.owners[step]
            for step in steps
            if step in self.owners and self.owners[step] != owner
        }

    def _way(self, place: Place, down: int, across: int) -> Iterator[Place]:
        row, column = place
        height = max(other for other, _ in self.owners)
        width = max(other for _, other in self.owners)
        while 0 <= (row := row + down) <= height and 0 <= (column := column + across) <= width:
            if (row, column) in self.owners:
                yield row, column


class Cell(NamedTuple):
    text: str
    row_span: int = 1
    column_span: int = 1
    is_heading: bool = False


def grid_of(rows: list[list[Cell]]) -> Grid:
    """Lay cells out as HTML does: a span pushes the later cells on."""
    texts: dict[Place, str] = {}
    owners: dict[Place, Place] = {}
    headings: set[Place] = set()
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in owners:
                column += 1
            for down in range(min(cell.row_span, len(rows) - row)):
                for across in range(cell.column_span):
                    place = row + down, column + across
                    owners.setdefault(place, (row, column))
                    texts.setdefault(place, cell.text)
                    if cell.is_heading:
                        headings.add(place)
            column += cell.column_span
    return Grid(texts, owners, frozenset(headings))


def markdown_tables(text: str) -> list[Grid]:
    """Pipe tables: rows of cells, the second row a ruler; its first row holds the headings."""
    grids: list[Grid] = []
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if "|" in line:
            rows.append(_pipe_cells(line))
            continue
        if len(rows) > 1 and _is_ruler(rows[1]):
            named = [[Cell(part, is_heading=True) for part in rows[0]]]
            grids.append(grid_of(named + [[Cell(part) for part in row] for row in rows[2:]]))
        rows = []
    return grids


def _pipe_cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [part.replace("\\|", "|").strip() for part in re.split(r"(?<!\\)\|", inner)]


def _is_ruler(row: list[str]) -> bool:
    return bool(row) and all(re.fullmatch(r":?-+:?", part) for part in row)


def html_tables(text: str) -> list[Grid]:
    reader = _TableReader()
    reader.feed(text)
    reader.close()
    return [grid_of(rows) for rows in reader.tables if any(rows)]


class _TableReader(HTMLParser):
    """Rows of cells of each table; a table within a table reads as part of its cell."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[Cell]]] = []
        self._depth = 0
        self._shape: Cell | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif self._depth == 1 and tag == "tr":
            self._end_cell()
            self.tables[-1].append([])
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            spans = dict(attrs)
            self._shape = Cell(
                "", _span(spans.get("rowspan")), _span(spans.get("colspan")), tag == "th"
            )
        elif tag == "br":
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            if self._depth == 1:
                self._end_cell()
            self._depth -= 1
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._shape is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._shape is not None:
            if not self.tables[-1]:
                self.tables[-1].append([])
            text = " ".join("".join(self._text).split())
            self.tables[-1][-1].append(self._shape._replace(text=text))
        self._shape, self._text = None, []


def _span(value: str | None) -> int:
    return min(1000, max(1, int(value))) if value and value.isdigit() else 1
