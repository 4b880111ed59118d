"""An answer whose parts a program can take: the cells of a table, the values of a JSON object."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from pincite.values import Value
from pincite.verdicts import Label, Verdict


class Datum(Value):
    """One value with what it rests on, or why there is none."""

    path: tuple[str | int, ...]
    """In JSON: names and places from the outermost on. In a table: the row, from 0, and the name of
    the column."""
    value: str | int | float | bool | None = None
    """None where the evidence does not bear one out."""
    written: str = ""
    """As the source has it; of one that was withdrawn as the model said it."""
    cites: tuple[int, ...] = ()
    """Numbers of citations of the answer."""
    verdict: Verdict | None = None
    """On the claim that this is the value."""
    why: str = ""
    """Why there is no value."""

    @property
    def is_supported(self) -> bool:
        return self.verdict is not None and self.verdict.label is Label.SUPPORTED


class Structured(Value):
    """The same as the text of the answer, taken apart."""

    form: Literal["table", "comparison", "json"]
    columns: tuple[str, ...] = ()
    """Of a table; the first one names the rows."""
    rows: tuple[str, ...] = ()
    """Of a table: what each row is called."""
    data: tuple[Datum, ...]
    """Cells row by row, or values in the order of the schema."""
    content: JsonValue = None
    """Of the form `json`: what follows the caller's schema, but that any value may be null."""
