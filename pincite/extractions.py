"""What is extracted from every file of a scope: columns, a row for each file, and what is missing.

A cell is found, with its citation and verdict, or empty; a file is in the table or it is named with
the reason why not. `Extraction` refuses to be built where a file is neither.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from pincite.answers import Citation, Label, Verdict
from pincite.elements import SourceId
from pincite.events import Failed
from pincite.evidence import Coverage
from pincite.values import Value

MOST_COLUMNS = 24


class ColumnKind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    DATE = "date"
    AMOUNT = "amount"
    NUMBER = "number"


class Column(Value):
    """One thing that is wanted of every file."""

    name: str = Field(min_length=1, max_length=60)
    kind: ColumnKind = ColumnKind.TEXT
    description: str = Field(default="", max_length=300)
    """In plain words; it is searched for, and a model reads it."""
    aliases: tuple[str, ...] = Field(default=(), max_length=12)
    """What files may call it."""


class Asked(Value):
    """What is to be extracted."""

    columns: tuple[Column, ...] = Field(min_length=1, max_length=MOST_COLUMNS)
    rows: Literal["auto", "files"] = "auto"
    """`files`: one row a file. `auto`: a file with a table that has all of several columns gives a
    row for each row of it."""
    with_model: bool = True
    """Whether a language model, where there is one, reads what the rules leave open."""

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [column.name.casefold() for column in self.columns]
        if len(set(names)) < len(names):
            raise ValueError("two columns have the same name")
        return self


class TextValue(Value):
    kind: Literal["text"] = "text"
    text: str

    def __str__(self) -> str:
        return self.text


class DateValue(Value):
    kind: Literal["date"] = "date"
    day: date
    or_else: date | None = None
    """The other reading of one such as 03/04/2018, which may be meant as well."""

    def __str__(self) -> str:
        return self.day.isoformat()


class AmountValue(Value):
    kind: Literal["amount"] = "amount"
    number: Decimal
    currency: str = ""
    """As it is written, e.g. `RM`, `$`, `EUR`; empty where it is not beside the number."""

    def __str__(self) -> str:
        return f"{self.number:,f} {self.currency}".strip()


class NumberValue(Value):
    kind: Literal["number"] = "number"
    number: Decimal

    def __str__(self) -> str:
        return f"{self.number:,f}"


CellValue = Annotated[
    TextValue | DateValue | AmountValue | NumberValue, Field(discriminator="kind")
]


class FoundCell(Value):
    kind: Literal["found"] = "found"
    value: CellValue
    """Normalised, so that it can be compared and added up."""
    written: str
    """As it stands in the source."""
    citation: Citation
    """Its number is that of the cell in the whole table."""
    claim: str = ""
    """What was held against the source, in its own words where it has a label."""
    verdict: Verdict
    """On the claim."""
    by: Literal["field", "table", "text", "model"]
    """What it was taken from: a field or table that was recognised when the file was read, the
    running text, or a model that read the text; its words always stand in the source."""
    is_sure: bool = False
    """Rules found it, under a name that leaves little doubt that it is what was asked for."""

    @property
    def is_supported(self) -> bool:
        return self.verdict.label is Label.SUPPORTED


class EmptyCell(Value):
    kind: Literal["empty"] = "empty"
    why: str = ""


Cell = Annotated[FoundCell | EmptyCell, Field(discriminator="kind")]


class Row(Value):
    """A file, or an item of a table in a file."""

    source: SourceId
    name: str
    """Of the file."""
    item: int | None = None
    """Which row of its table, from 1; None for the file as a whole."""
    cells: tuple[Cell, ...]
    """In the order of the columns."""


class FileState(Value):
    """What is known of one file of the scope."""

    source: SourceId
    name: str
    state: Literal["read", "partly", "unread", "failed", "left"]
    """`partly`: some of its pages are not read; `left`: there was no time to look at it."""
    why: str = ""

    @property
    def is_in_table(self) -> bool:
        return self.state in ("read", "partly")


class Extraction(Value):
    """A table over every file of a scope."""

    asked: Asked
    rows: tuple[Row, ...]
    files: tuple[FileState, ...]
    """Every file of the scope."""
    coverage: Coverage

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        width = len(self.asked.columns)
        if any(len(row.cells) != width for row in self.rows):
            raise ValueError("every row needs a cell for each column")
        there = {row.source for row in self.rows}
        if there != {file.source for file in self.files if file.is_in_table}:
            raise ValueError("every file that was read has a row, and no other")
        return self

    @property
    def not_whole(self) -> tuple[FileState, ...]:
        """Files of which something, or everything, was not looked at."""
        return tuple(file for file in self.files if file.state != "read")

    def without(self, column: str) -> tuple[str, ...]:
        """Names of the files that were read and have no value of it, each once."""
        at = self.place(column)
        having = {row.source for row in self.rows if isinstance(row.cells[at], FoundCell)}
        names = {row.source: row.name for row in self.rows if row.source not in having}
        return tuple(names.values())

    def found(self, column: str) -> tuple[tuple[Row, FoundCell], ...]:
        """The cells of a column that have a value, with their rows."""
        at = self.place(column)
        pairs = ((row, row.cells[at]) for row in self.rows)
        return tuple((row, cell) for row, cell in pairs if isinstance(cell, FoundCell))

    def place(self, column: str) -> int:
        """Raises ValueError where there is no such column."""
        return [each.name for each in self.asked.columns].index(column)


class Extracting(Value):
    """One more file was looked at."""

    kind: Literal["extracting"] = "extracting"
    done: int
    total: int
    name: str
    kept: bool = False
    """Whether its cells were there from an earlier time."""


class Extracted(Value):
    """The last event of an extraction."""

    kind: Literal["table"] = "table"
    table: Extraction


ExtractEvent = Annotated[Extracting | Extracted | Failed, Field(discriminator="kind")]
EXTRACT_EVENT: TypeAdapter[ExtractEvent] = TypeAdapter(ExtractEvent)
ROWS: TypeAdapter[tuple[Row, ...]] = TypeAdapter(tuple[Row, ...])
