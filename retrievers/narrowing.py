"""Smaller scopes: what a filter or a question asks for, never more than the asker may see."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from pincite.elements import Kind, Medium, Scope, SourceId
from pincite.values import Value

_Bound = TypeVar("_Bound", int, date)
_Member = TypeVar("_Member")


class Part(Value):
    """A part of a library; an empty set or None stands for all of it."""

    collections: frozenset[str] = frozenset()
    sources: frozenset[SourceId] = frozenset()
    media: frozenset[Medium] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    languages: frozenset[str] = frozenset()
    pages: tuple[int, int] | None = None
    dates: tuple[date, date] | None = None


class _Nothing(Exception):
    """Two conditions exclude each other."""


def narrowed(scope: Scope, part: Part) -> Scope | None:
    """What both admit; None where that is nothing. Principals are never touched.

    An empty set in a scope means everything, so two sets without a common member must not become
    one.
    """
    try:
        return scope.model_copy(
            update={
                "collections": _both(scope.collections, part.collections),
                "sources": _both(scope.sources, part.sources),
                "media": _both(scope.media, part.media),
                "kinds": _both(scope.kinds, part.kinds),
                "languages": _both(scope.languages, part.languages),
                "pages": _overlap(scope.pages, part.pages),
                "dates": _overlap(scope.dates, part.dates),
            }
        )
    except _Nothing:
        return None


def _both(one: frozenset[_Member], other: frozenset[_Member]) -> frozenset[_Member]:
    if not one or not other:
        return one or other
    if one.isdisjoint(other):
        raise _Nothing
    return one & other


def _overlap(
    one: tuple[_Bound, _Bound] | None, other: tuple[_Bound, _Bound] | None
) -> tuple[_Bound, _Bound] | None:
    if one is None or other is None:
        return one or other
    first, last = max(one[0], other[0]), min(one[1], other[1])
    if first > last:
        raise _Nothing
    return first, last
