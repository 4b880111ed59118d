"""Tables → CSV, for a spreadsheet."""

from __future__ import annotations

import csv
import io

from pincite.elements import Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_csv(table: Table) -> str:
    """RFC 4180 with a line per row; a cell over several places stands in the first of them.

    A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers do not.
    """
    height = max((cell.row + cell.row_span for cell in table.cells), default=0)
    width = max((cell.column + cell.column_span for cell in table.cells), default=0)
    grid = [[""] * width for _ in range(height)]
    for cell in table.cells:
        grid[cell.row][cell.column] = harmless(" ".join(cell.text.split()))
    out = io.StringIO(newline="")
    csv.writer(out).writerows(grid)
    return out.getvalue()


def harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it."""
    is_number = text.lstrip("+-").replace(",", "").replace(".", "", 1).rstrip("%").isdigit()
    is_mark = not any(letter.isalnum() for letter in text)
    return f"'{text}" if text.startswith(_FORMULA) and not (is_number or is_mark) else text
