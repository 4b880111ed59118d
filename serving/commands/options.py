"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pincite.elements import Scope

Json = Annotated[bool, typer.Option("--json", help="Write JSON lines.")]
Collections = Annotated[
    list[str] | None,
    typer.Option("--collection", "-c", help="Look only here; may be repeated. Default: all."),
]
As = Annotated[
    str, typer.Option("--as", metavar="NAME", help="See what this person may see.", hidden=True)
]


def scope_of(collections: list[str] | None, person: str = "local") -> Scope:
    from pincite.elements import Scope

    return Scope(principals=frozenset({person}), collections=frozenset(collections or ()))
