"""Blocks → elements, with locators, heading path and tables as cells and HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape

from ingestion.layout.blocks import Block
from ingestion.layout.marks import Box, Cell, Placed, Word, around
from ingestion.layout.prose import clean, joined
from ingestion.layout.sections import Headings, Open
from pincite.elements import BlobKey, How, Kind, ParsedElement, Table
from pincite.elements import Cell as TableCell
from pincite.elements import Word as CitedWord
from pincite.locators import Locator

Locate = Callable[[Box], Locator]
LOW_CONFIDENCE = 0.75
"""Below this mean, a person should look at the original."""


class Writer:
    """Makes elements of one page."""

    def __init__(
        self,
        locate: Locate,
        how: How,
        known: frozenset[str] = frozenset(),
        *,
        keep_words: bool = False,
        crop: Callable[[Box], BlobKey | None] | None = None,
        above: Open = (),
    ) -> None:
        """`crop` takes the picture of a figure; `above` are headings of the pages before."""
        self._locate = locate
        self._how = how
        self._known = known
        self._keep_words = keep_words
        self._crop = crop
        self._headings = Headings(above)

    def elements(self, blocks: Iterable[Block]) -> list[ParsedElement]:
        """In the order given; blocks without text are left out."""
        made = (self.element(block) for block in blocks)
        return [element for element in made if element is not None]

    def element(self, block: Block) -> ParsedElement | None:
        if block.placed is not None:
            return self._placed(block.placed)
        words = [word for line in block.lines for word in line.words]
        text = self._text(block)
        if not text or not words:
            return None
        path = self._headings.path
        if block.kind in (Kind.HEADING, Kind.TITLE):
            path = self._headings.enter(text, block.rank)
        elif block.kind in (Kind.HEADER, Kind.FOOTER):
            path = ()
        return self._made(block.kind, text, words, path, None)

    def _placed(self, placed: Placed) -> ParsedElement | None:
        if placed.formula:
            made = self._made(Kind.FORMULA, placed.formula, placed.words, self._headings.path, None)
            return made.model_copy(update={"crop": self._crop(placed.box) if self._crop else None})
        return self._table(placed) if placed.cells else self._figure(placed)

    def _text(self, block: Block) -> str:
        lines = [[word.text for word in line.words] for line in block.lines]
        if not block.rows:
            return joined(lines, self._known)
        return "\n".join(joined([line], self._known) for line in lines)

    def _made(
        self,
        kind: Kind,
        text: str,
        words: Sequence[Word],
        path: tuple[str, ...],
        table: Table | None,
    ) -> ParsedElement:
        confidence = mean_confidence(words)
        low = confidence is not None and confidence < LOW_CONFIDENCE
        hidden = all(word.hidden for word in words)
        flags = [name for name, is_so in _flags(hidden=hidden, low=low) if is_so]
        return ParsedElement.model_validate(
            {
                "kind": kind,
                "text": text,
                "locators": (self._locate(around(word.shown for word in words)),),
                "how": self._how_of(words),
                "confidence": confidence,
                "heading_path": path,
                "table": table,
                "words": self._words(words) if self._keeps(words) else (),
                "flags": frozenset(flags),
            }
        )

    def _how_of(self, words: Sequence[Word]) -> How:
        """OCR also reads what is drawn rather than set on a page with a text layer."""
        return How.OCR if _all_guessed(words) else self._how

    def _keeps(self, words: Sequence[Word]) -> bool:
        return self._keep_words or _all_guessed(words)

    def _words(self, words: Sequence[Word]) -> tuple[CitedWord, ...]:
        return tuple(
            CitedWord(
                text=clean(word.text), locator=self._locate(word.shown), confidence=word.confidence
            )
            for word in words
        )

    def _figure(self, placed: Placed) -> ParsedElement | None:
        """With what is written in it; None where there is neither picture nor text."""
        key = self._crop(placed.box) if self._crop else None
        text = "\n".join(joined([words], self._known) for words in _texts_in(placed.words))
        if key is None and not text:
            return None
        return ParsedElement(
            kind=Kind.FIGURE,
            text=text,
            locators=(self._locate(placed.box),),
            how=self._how_of(placed.words),
            heading_path=self._headings.path,
            words=self._words(placed.words) if self._keeps(placed.words) else (),
            crop=key,
        )

    def _table(self, placed: Placed) -> ParsedElement | None:
        words = [word for cell in placed.cells for word in cell.words]
        if not words:
            return None
        cells = tuple(self._cell(cell) for cell in placed.cells)
        table = Table(cells=cells, html=table_html(cells))
        text = "\n".join(table_lines(cells))
        return self._made(Kind.TABLE, text, words, self._headings.path, table)

    def _cell(self, cell: Cell) -> TableCell:
        lines = _lines_in(cell.words)
        return TableCell(
            row=cell.row,
            column=cell.column,
            row_span=cell.row_span,
            column_span=cell.column_span,
            text=joined([[word.text for word in line] for line in lines], self._known),
            is_header=cell.header,
            locator=self._locate(around(word.shown for word in cell.words)) if cell.words else None,
        )


def _all_guessed(words: Sequence[Word]) -> bool:
    return bool(words) and all(word.confidence is not None for word in words)


def _flags(*, hidden: bool, low: bool) -> tuple[tuple[str, bool], ...]:
    return (("hidden_text", hidden), ("low_confidence", low))


def _lines_in(words: Sequence[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in words:
        if (
            lines
            and word.box.top < lines[-1][-1].box.bottom
            and word.box.left >= lines[-1][-1].box.left
        ):
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _texts_in(words: Sequence[Word]) -> list[list[str]]:
    return [[word.text for word in line] for line in _lines_in(words)]


def mean_confidence(words: Iterable[Word]) -> float | None:
    """Weighted by length; None where nothing was guessed."""
    rated = [(word.confidence, len(word.text)) for word in words if word.confidence is not None]
    letters = sum(length for _, length in rated)
    if not letters:
        return None
    return min(1.0, sum(value * length for value, length in rated) / letters)


def table_lines(cells: Sequence[TableCell]) -> list[str]:
    """A line per row that can be read alone: `label | column: value | column: value`.

    Header rows come first, as they stand; a label that spans rows is said in each.
    """
    names = column_names(cells)
    rows: dict[int, list[str]] = {}
    for cell in sorted(cells, key=lambda cell: (cell.column, cell.row)):
        if not cell.text:
            continue
        named = not cell.is_header and cell.column > 0 and cell.column in names
        text = f"{names[cell.column]}: {cell.text}" if named else cell.text
        span = cell.row_span if cell.column == 0 and not cell.is_header else 1
        for row in range(cell.row, cell.row + span):
            rows.setdefault(row, []).append(text)
    return [" | ".join(parts) for _, parts in sorted(rows.items())]


def column_names(cells: Sequence[TableCell]) -> dict[int, str]:
    """What the header rows say of each column, from top to bottom."""
    names: dict[int, list[str]] = {}
    for cell in cells:
        if cell.is_header and cell.text:
            for column in range(cell.column, cell.column + cell.column_span):
                names.setdefault(column, []).append(cell.text)
    return {column: " ".join(parts) for column, parts in names.items()}


def table_html(cells: Sequence[TableCell]) -> str:
    """Rows of equal length; places without a cell are empty cells."""
    width = max((cell.column + cell.column_span for cell in cells), default=0)
    height = max((cell.row + cell.row_span for cell in cells), default=0)
    starts = {(cell.row, cell.column): cell for cell in cells}
    taken: set[tuple[int, int]] = set()
    rows: list[str] = []
    for row in range(height):
        parts: list[str] = []
        for column in range(width):
            cell = starts.get((row, column))
            if (row, column) in taken:
                continue
            parts.append(_html_cell(cell) if cell else "<td></td>")
            if cell:
                taken.update(
                    (row + down, column + across)
                    for down in range(cell.row_span)
                    for across in range(cell.column_span)
                )
        rows.append(f"<tr>{''.join(parts)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _html_cell(cell: TableCell) -> str:
    tag = "th" if cell.is_header else "td"
    spans = "".join(
        f' {name}="{span}"'
        for name, span in (("colspan", cell.column_span), ("rowspan", cell.row_span))
        if span > 1
    )
    return f"<{tag}{spans}>{escape(cell.text)}</{tag}>"
