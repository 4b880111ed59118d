"""A table of a web page while its rows and cells come in."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingestion.readers.grids import Box


@dataclass
class MarkupTable:
    """A table that is being read."""

    boxes: list[Box] = field(default_factory=list[Box])
    row: int = -1
    column: int = 0
    taken: dict[int, int] = field(default_factory=dict[int, int])
    """Column to the last row that a span from above covers."""
    caption: str = ""
    is_layout: bool = False
    """Whether it holds a table or a heading: then it only arranges the page."""

    def rows(self) -> list[str]:
        """Its cells' texts, a line per row."""
        lines: dict[int, list[str]] = {}
        for box in self.boxes:
            lines.setdefault(box.row, []).append(box.text)
        return [" | ".join(filter(None, line)) for line in lines.values()]

    def next_row(self) -> None:
        self.row += 1
        self.column = 0

    def place(self, row_span: int, column_span: int) -> int:
        """The column of the next cell, which is then taken."""
        while self.taken.get(self.column, -1) >= self.row:
            self.column += 1
        first = self.column
        for column in range(first, first + column_span):
            self.taken[column] = self.row + row_span - 1
        self.column += column_span
        return first
