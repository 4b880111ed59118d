"""Filters that an asker sets by hand: `kind=table`, `pages=3-5`, `date=2021..2022`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final, TypeVar

from pincite.elements import Kind, Medium, Scope, SourceId
from pincite.errors import UnknownSource, UserError
from retrievers.asking.dates import Days, days
from retrievers.asking.values import Named
from retrievers.narrowing import Part, narrowed

_PAGES: Final = re.compile(r"(\d{1,6})(?:\s*(?:-|–|\.\.)\s*(\d{1,6}))?")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
FIELDS: Final = ("collection", "source", "kind", "medium", "pages", "date", "language")

_Span = TypeVar("_Span")
_Member = TypeVar("_Member", bound=StrEnum)

Filter = tuple[str, str]
"""A field and its value, as the asker wrote them."""


def split(text: str) -> Filter:
    """Raises UserError: it is not `KEY=VALUE`."""
    field, sign, value = text.partition("=")
    if not sign or not field.strip() or not value.strip():
        raise UserError(f"{text!r} is no filter; write it as KEY=VALUE, such as kind=table")
    return field.strip(), value.strip()


def filtered(
    scope: Scope, filters: Sequence[Filter], names: Sequence[Named], today: date
) -> Scope | None:
    """The part of `scope` that all fields admit; None where that is nothing.

    Several values of one field mean any of them. `names` are the files that `scope` admits; a
    source is given by its id, its name or a pattern such as `*.pdf`.

    Raises:
        UserError: a field or value that is not known; the message lists the known ones.
        UnknownSource: no such file in the scope.
    """
    by_field: dict[str, list[str]] = {}
    for field, value in filters:
        by_field.setdefault(_known(field), []).append(value)
    smaller: Scope | None = scope
    for field, values in by_field.items():
        if smaller is not None:
            smaller = narrowed(smaller, _part(field, values, names, today))
    return smaller


def _known(field: str) -> str:
    name = {"name": "source", "file": "source", "page": "pages", "dates": "date"}.get(field, field)
    if name not in FIELDS:
        raise UserError(f"no filter is called {field!r}; these are: {', '.join(FIELDS)}")
    return name


def _part(field: str, values: Sequence[str], names: Sequence[Named], today: date) -> Part:
    match field:
        case "collection":
            part = Part(collections=frozenset(values))
        case "source":
            part = Part(sources=frozenset(_sources(values, names)))
        case "kind":
            part = Part(kinds=frozenset(_members(Kind, values)))
        case "medium":
            part = Part(media=frozenset(_members(Medium, values)))
        case "language":
            part = Part(languages=frozenset(map(_language, values)))
        case "pages":
            part = Part(pages=_only([_pages(value) for value in values], "pages"))
        case _:
            part = Part(dates=_only([_dates(value, today) for value in values], "date"))
    return part


def _only(spans: Sequence[_Span], field: str) -> _Span:
    if len(spans) > 1:
        raise UserError(f"only one filter {field} can be set; write it as one range")
    return spans[0]


def _sources(values: Iterable[str], names: Sequence[Named]) -> Iterable[SourceId]:
    for value in values:
        found = [
            each.source
            for each in names
            if value == each.source or fnmatchcase(each.name.casefold(), value.casefold())
        ]
        if not found:
            raise UnknownSource(f"no file is called {value}; see: pincite sources list")
        yield from found


def _members(values_of: type[_Member], values: Iterable[str]) -> Iterable[_Member]:
    for value in values:
        try:
            yield values_of(value.lower())
        except ValueError as exc:
            raise UserError(
                f"no {values_of.__name__.lower()} is called {value!r}; these are: "
                f"{', '.join(values_of)}"
            ) from exc


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value.lower()):
        raise UserError(f"{value!r} is no language; write its ISO 639 code, such as en or de")
    return value.lower()


def _pages(value: str) -> tuple[int, int]:
    found = _PAGES.fullmatch(value)
    first = int(found[1]) if found else 0
    last = int(found[2] or first) if found else 0
    if not 0 < first <= last:
        raise UserError(f"{value!r} are no pages; write pages=3 or pages=3-5")
    return first, last


def _dates(value: str, today: date) -> Days:
    begin, dots, end = value.partition("..")
    first = days(begin, today) if begin else (date.min, date.min)
    last = days(end, today) if end else (date.max, date.max)
    if not dots:
        last = first
    if first is None or last is None or first[0] > last[1]:
        raise UserError(
            f"{value!r} is no date; write date=2021-03-05, date=2021 or date=2020..2021-06-30"
        )
    return first[0], last[1]
