"""Columns as people write them: `total:amount`, `invoice no|number`, `rent:amount:cold`."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError

from agent.extracting.labels import known
from pincite.errors import UserError
from pincite.extractions import Column, ColumnKind

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


def _kind(written: str, column: Column) -> ColumnKind:
    if written.strip():
        return ColumnKind(written.strip().casefold())
    return _KINDS.get(known(column), ColumnKind.TEXT)
