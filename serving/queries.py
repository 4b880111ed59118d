"""What a search is given, looked at before anything is searched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from pincite.elements import Scope
from pincite.errors import TooLarge, UserError
from pincite.index.ports import ElementIndex, Facet
from pincite.texts import TextStore
from retrievers.asking import Named
from retrievers.filters import Filter, filtered
from retrievers.fused import LONGEST_QUESTION
from retrievers.searching import today
from serving.service import Query

_FACETS: Final[Mapping[str, Facet]] = MappingProxyType(
    {
        "collection": "collection",
        "kind": "kinds",
        "language": "language",
        "medium": "medium",
    }
)
"""Filters whose values can be listed."""


def sensible(query: Query) -> None:
    """Raises UserError: there is nothing to search with. TooLarge: the question is too long."""
    length = len(query.question.strip())
    if not length and query.audio is None and query.image is None:
        raise UserError("there is nothing to search for; give a question, a recording or a picture")
    if length > LONGEST_QUESTION:
        raise TooLarge(
            f"the question has {length:,} characters, and at most {LONGEST_QUESTION:,} are "
            "searched for; shorten it, or add the text as a file"
        )


def narrowed_by(filters: Sequence[Filter], scope: Scope, *, texts: TextStore) -> Scope | None:
    """None where the filters exclude each other. Raises UserError, see `filtered`."""
    if not filters:
        return scope
    names = [Named(source, name) for source, name in texts.names(scope)]
    return filtered(scope, filters, names, today())


def nothing_left(
    filters: Sequence[Filter], scope: Scope, part: Scope | None, index: ElementIndex
) -> tuple[str, ...]:
    """That `part` of `scope` is empty, and what there is to filter by instead; else nothing."""
    if not filters or (part is not None and index.count(part)):
        return ()
    asked = dict.fromkeys(field for field, _ in filters if field in _FACETS)
    there = [_listed(field, index.facet(scope, _FACETS[field])) for field in asked]
    return ("; ".join(["the filters leave nothing to search", *there]),)


def _listed(field: str, counts: Mapping[str, int]) -> str:
    most = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    values = ", ".join(f"{value} ({count:,})" for value, count in most)
    return f"{field} may be {values}" if values else f"no passage has a {field}"
