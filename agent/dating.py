"""Of which day, month or year a source is, as far as anything tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from agent.extracting.typed import typed
from pincite.elements import Element, Source
from pincite.extractions import ColumnKind, DateValue

_IN_NAME: Final = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)"
    r"(?:(?P<gap>[-_. ]?)(?P<month>0[1-9]|1[0-2])(?:(?P=gap)(?P<day>0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)
_DAY_FIRST: Final = re.compile(
    r"(?<!\d)(?P<day>0[1-9]|[12]\d|3[01])(?P<gap>[-_. ])(?P<month>0[1-9]|1[0-2])(?P=gap)"
    r"(?P<year>(?:19|20)\d\d)(?!\d)"
)


def dated(source: Source, elements: Iterable[Element] = ()) -> str:
    """ISO 8601, as exact as it is known; empty where it is not.

    By the file's name, else by a date field among `elements` of it, else by the file's own
    metadata. The day on which a file came tells nothing of what is in it.
    """
    for pattern in (_DAY_FIRST, _IN_NAME):
        if found := pattern.search(source.name):
            return "-".join(filter(None, (found["year"], found["month"], found["day"])))
    for element in elements:
        if element.source == source.id and element.field and element.field.name == "date":
            told = typed(ColumnKind.DATE, element.field.value, bare=True)
            if len(told) == 1 and isinstance(told[0].value, DateValue):
                return told[0].value.day.isoformat()
    if source.dated is None or source.dated == source.added_at.date():
        return ""
    return source.dated.isoformat()


def newest_first(dates: Iterable[str]) -> list[int]:
    """Places in the order of the dates, what is not dated last; equals keep their order."""
    listed = list(dates)
    return sorted(range(len(listed)), key=lambda at: listed[at], reverse=True)


def are_apart(dates: Iterable[str]) -> bool:
    """Whether all are known and no two may be the same day: 2021 may be 2021-03-05."""
    listed = sorted(dates)
    return (
        bool(listed)
        and all(listed)
        and not any(after.startswith(before) for before, after in pairwise(listed))
    )
