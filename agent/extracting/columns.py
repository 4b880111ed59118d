"""Columns as people write them: `total:amount`, `invoice no|number`, `rent:amount:cold`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from pydantic import ValidationError

from agent.extracting.labels import known
from pincite.errors import UserError
from pincite.extractions import Asked, Column, ColumnKind

_KINDS: Final = {"date": ColumnKind.DATE, "total": ColumnKind.AMOUNT}
"""Of columns that every file means the same by."""


def column_from(text: str) -> Column:
    """`NAME`, other names behind `|`; then `:KIND`, then `:DESCRIPTION`.

    Raises:
        UserError: no name, or no such kind.
    """
    names, _, rest = text.partition(":")
    kind, _, description = rest.partition(":")
    name, *aliases = [part.strip() for part in names.split("|")]
    try:
        column = Column.model_validate(
            {
                "name": name,
                "aliases": [alias for alias in aliases if alias],
                "description": description.strip(),
            }
        )
        return column.model_copy(update={"kind": _kind(kind, column)})
    except (ValidationError, ValueError) as exc:
        kinds = ", ".join(ColumnKind)
        raise UserError(
            f"{text!r} is no column; write NAME:KIND, where KIND is one of {kinds}, such as "
            '"total:amount", or "total|amount due:amount" with another name'
        ) from exc


def asked_of(texts: Sequence[str], *, rows: Literal["auto", "files"], with_model: bool) -> Asked:
    """Raises UserError: no column, too many, one twice, or one that is none."""
    columns = [column_from(text) for text in texts]
    try:
        told = {"columns": columns, "rows": rows, "with_model": with_model}
        return Asked.model_validate(told)
    except ValidationError as exc:
        why = exc.errors()[0]["msg"].removeprefix("Value error, ")
        raise UserError(f"--column: {why}") from exc


def _kind(written: str, column: Column) -> ColumnKind:
    if written.strip():
        return ColumnKind(written.strip().casefold())
    return _KINDS.get(known(column), ColumnKind.TEXT)
