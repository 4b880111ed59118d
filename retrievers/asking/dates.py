"""Days that files are of: `e-mails from March 2021`, `documents added since 5 May 2020`.

A year beside anything else is a word of the content and no filter: `revenue in 2019` stands in the
report of 2020 as well.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Final, NamedTuple

Days = tuple[date, date]

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero",
            "february feb februar février febrero",
            "march mar märz mars marzo",
            "april apr avril abril",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet julio",
            "august aug août agosto",
            "september sep sept septembre septiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH: Final = rf"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_DATE: Final = (
    r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|"
    rf"\d{{1,2}}(?:st|nd|rd|th|\.|er)?\s+(?:of\s+|de\s+)?{_MONTH}\.?(?:\s+de)?,?\s+\d{{4}}|"
    rf"{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|{_MONTH}\.?(?:\s+de)?\s+\d{{4}}|"
    r"(?:19|20)\d{2}|today|yesterday|(?:this|last) (?:week|month|year)|heute|gestern)"
)
_FILES: Final = (
    r"(?:files?|documents?|e-?mails?|messages?|recordings?|photos?|pictures?|scans?|dateien?|dokumente?|fichiers?|courriels?|archivos?|"
    r"documentos?|correos?)"
)
_DONE: Final = (
    r"(?:added|uploaded|sent|received|dated|written|recorded|taken|filed|created|hinzugefügt|"
    r"gesendet|empfangen|datiert|envoyés?|reçus?|ajoutés?|enviados?|recibidos?)"
)
_HOW: Final = (
    r"(?P<how>from|of|in|on|since|after|before|until|by|between|vom|von|aus|seit|nach|vor|bis|"
    r"zwischen|du|de|depuis|avant|après|entre|desde|antes de|después de)"
)
_ASKED: Final = re.compile(
    rf"\b(?:{_FILES}(?:\s+{_DONE})?|{_DONE})\s+(?:{_HOW}\s+(?:the\s+)?)?(?P<first>{_DATE})"
    rf"(?:\s*(?:and|to|until|–|-|und|bis|et|y)\s*(?P<last>{_DATE}))?",
    re.IGNORECASE,
)
_FROM_ON: Final = frozenset(("since", "seit", "depuis", "desde"))
_LATER: Final = frozenset(("after", "nach", "après", "después de"))
_EARLIER: Final = frozenset(("before", "vor", "avant", "antes de"))
_UP_TO: Final = frozenset(("until", "bis", "by"))


class Asked(NamedTuple):
    days: Days
    said: str


def file_dates(question: str, today: date) -> Asked | None:
    """First and last day that is asked for; None where no file is told by its date."""
    found = _ASKED.search(question)
    if found is None or not (found["how"] or _relative(found["first"].lower(), today)):
        return None
    first = days(found["first"], today)
    last = days(found["last"], today) if found["last"] else None
    if first is None:
        return None
    asked = (
        (first[0], last[1]) if last and last[1] >= first[0] else _open(found["how"] or "in", first)
    )
    # What kind of file is meant stays among the words that are searched for.
    return Asked(asked, question[found.start("how" if found["how"] else "first") : found.end()])


def _open(how: str, days: Days) -> Days:
    how = how.lower()
    if how in _FROM_ON:
        return (days[0], date.max)
    if how in _LATER:
        return (min(days[1], date.max - timedelta(1)) + timedelta(1), date.max)
    if how in _EARLIER:
        return (date.min, max(days[0], date.min + timedelta(1)) - timedelta(1))
    return (date.min, days[1]) if how in _UP_TO else days


def days(text: str, today: date) -> Days | None:
    """The first and last day of a written date, month or year; None for a day that is none."""
    text = " ".join(text.lower().split())
    if (relative := _relative(text, today)) is not None:
        return relative
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    month = next((_MONTHS[w] for w in re.findall(r"[^\W\d]+", text) if w in _MONTHS), None)
    try:
        return _calendar(text, numbers, month)
    except ValueError:
        return None


def _calendar(text: str, numbers: list[int], month: int | None) -> Days | None:
    """Raises ValueError for a day that is not in the calendar."""
    if month is None and len(numbers) == 2 and "-" in text:
        month = numbers.pop()
    if month is not None:
        year = next((number for number in numbers if number > 31), None)
        day = next((number for number in numbers if number <= 31), None)
        if year is None:
            return None
        if day is None:
            first = date(year, month, 1)
            return first, date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    if len(numbers) == 3:
        one = date(*numbers) if "-" in text else date(numbers[2], numbers[1], numbers[0])
        return one, one
    return (date(numbers[0], 1, 1), date(numbers[0], 12, 31)) if len(numbers) == 1 else None


def _relative(text: str, today: date) -> Days | None:
    monday = today - timedelta(today.weekday())
    first_of_month = today.replace(day=1)
    last_month = first_of_month - timedelta(1)
    return {
        "today": (today, today),
        "heute": (today, today),
        "yesterday": (today - timedelta(1), today - timedelta(1)),
        "gestern": (today - timedelta(1), today - timedelta(1)),
        "this week": (monday, today),
        "last week": (monday - timedelta(7), monday - timedelta(1)),
        "this month": (first_of_month, today),
        "last month": (last_month.replace(day=1), last_month),
        "this year": (date(today.year, 1, 1), today),
        "last year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }.get(text)


def told(days: Days) -> str:
    """`of 2021-03-05`, `from 2021-03-01 to 2021-03-31`, `since 2020-05-05`, `until 2020-05-04`."""
    first, last = days
    if first == last:
        return f"of {first}"
    if last == date.max:
        return f"since {first}"
    return f"until {last}" if first == date.min else f"from {first} to {last}"
