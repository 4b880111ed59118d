"""Elements → Markdown, for a person or another program to read on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from pincite.elements import Cell, Kind, ParsedElement, Table

_ASIDE = frozenset({Kind.HEADER, Kind.FOOTER})
_DEEPEST = 6
_BULLET = re.compile(r"[•●○◦▪▫■□❑❖➢➤►▶‣⁃·–—−\uf000-\uf0ff*-]\s+")


def markdown(elements: Iterable[ParsedElement], *, with_margins: bool = False) -> str:
    """One text in the order given; headers, footers and page numbers only with `with_margins`.

    What a person cannot see is left out, and so are fields whose words stand in other elements.
    Pictures without text say nothing. Tables with cells over several rows or columns stand as HTML,
    which Markdown allows.
    """
    shown = (
        element
        for element in elements
        if "hidden_text" not in element.flags
        and element.field is None
        and (with_margins or element.kind not in _ASIDE)
    )
    return "\n\n".join(_joined(shown))


def _joined(elements: Iterable[ParsedElement]) -> Iterator[str]:
    """One text per block; the items of a list stand together."""
    items: list[str] = []
    for element in elements:
        text = _block(element)
        if element.kind is Kind.LIST_ITEM and text:
            items.append(text)
            continue
        if items:
            yield "\n".join(items)
            items = []
        if text:
            yield text
    if items:
        yield "\n".join(items)


def _block(element: ParsedElement) -> str:
    text = element.text.strip()
    if element.kind is Kind.TABLE and element.table is not None:
        return table_markdown(element.table)
    return _marked(element, text) if text else ""


def _marked(element: ParsedElement, text: str) -> str:
    match element.kind:
        case Kind.TITLE | Kind.HEADING:
            return f"{'#' * _level(element)} {_one_line(text)}"
        case Kind.LIST_ITEM:
            return f"- {_BULLET.sub('', _one_line(text), count=1)}"
        case Kind.FORMULA:
            return f"$$\n{text}\n$$"
        case Kind.CODE:
            return f"```\n{text}\n```"
        case _:
            return text.replace("\n", "  \n")


def _level(heading: ParsedElement) -> int:
    if heading.kind is Kind.TITLE:
        return 1
    above = [part for part in heading.heading_path if part != heading.text]
    return min(_DEEPEST, 2 + len(above))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def table_markdown(table: Table) -> str:
    """A pipe table where every cell has one place, else HTML."""
    cells = table.cells
    if any(cell.row_span > 1 or cell.column_span > 1 for cell in cells):
        return table.html
    width = 1 + max((cell.column for cell in cells), default=0)
    rows: dict[int, list[str]] = {}
    for cell in cells:
        rows.setdefault(cell.row, [""] * width)[cell.column] = _cell(cell)
    lines = [f"| {' | '.join(row)} |" for _, row in sorted(rows.items())]
    ruler = "|" + " --- |" * width
    return "\n".join([*lines[:1], ruler, *lines[1:]])


def _cell(cell: Cell) -> str:
    return escape(_one_line(cell.text), quote=False).replace("|", "\\|")
