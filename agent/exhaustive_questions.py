"""Questions that the best few passages cannot answer: all, how many, in total, compare. Rules only.

A question is taken apart whole or not at all: words that are left over mean that something else was
asked for as well, and then it is searched for as any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from agent.exhaustive_forms import ANY, FORMS, LOOKS, MEDIA, MOST
from agent.extracting.extractor import SALES
from agent.extracting.labels import known
from agent.extracting.typed import typed
from pincite.elements import Medium
from pincite.extractions import AmountValue, Column, ColumnKind
from retrievers.asking.dates import Days, days

Task = Literal["list", "count", "sum", "mean", "min", "max"]

_AMOUNT_SAID: Final = re.compile(
    r"[ ,]+(?:(?:that (?:is|are) |with (?:a |an )?(?:total|amount) (?:of )?)?)"
    r"(?P<how>above|over|more than|greater than|at least|below|under|less than|at most) "
    r"(?P<amount>[^\s]*\d[\d.,]*(?: ?[A-Za-z]{2,3})?)\Z",
    re.IGNORECASE,
)
_PERIOD_SAID: Final = re.compile(
    r"(?P<rest>.*)[ ,]+(?:dated |made |issued )?"
    r"(?P<how>from|in|of|since|during|before|after|dated|on) "
    r"(?P<when>(?:the )?[\w ,.-]*(?:\d{4}|today|yesterday|(?:last|this) (?:week|month|year)))\Z",
    re.IGNORECASE,
)
_AMOUNTS: Final = re.compile(
    r"\b(?:amount|total|price|cost|fee|rent|salary|tax|gst|vat|sum|balance|revenue|income|profit|"
    r"payment|charge|discount|subtotal|value)\b",
    re.IGNORECASE,
)
_DATES: Final = re.compile(r"\b(?:date|day|deadline|birthday|expiry|expiration)\b|\bdue\Z", re.I)
_NUMBERS: Final = re.compile(r"\b(?:number of|count|quantity|how many)\b", re.IGNORECASE)
_ALL: Final = re.compile(r"\b(?:all|each|every|any|across|compare)\b", re.IGNORECASE)


class Exhaustive(NamedTuple):
    """What is to be done with every file."""

    task: Task
    noun: str
    """As asked, e.g. `receipts`."""
    kind: str
    """Which files are meant, e.g. `receipt`; empty for all."""
    media: frozenset[Medium]
    columns: tuple[Column, ...]
    about: str = ""
    """The column that is computed over; empty where files are listed or counted."""
    period: Days | None = None
    """That the date must be in."""
    least: Decimal | None = None
    most: Decimal | None = None
    """Of the amount, both excluded unless `at least` or `at most` was said."""


def recognised(question: str, today: date) -> Exhaustive | None:
    """How every file answers it; None for a question of another kind, or with more in it."""
    text = " ".join(question.split()).strip(" ?.!")
    text, least, most = _amount_said(text)
    text, period = _period_said(text, today)
    for form, pattern in FORMS:
        found = pattern.match(text)
        if found is not None:
            made = _made(form, found.groupdict())
            said = made is not None and _means_all(made, found["doc"], text)
            return _narrowed(made, period, least, most) if made and said else None
    return None


def _means_all(made: Exhaustive, noun: str, text: str) -> bool:
    """`The letter` is one, `the letters` may be all; what is open is asked of all in words."""
    if _ALL.search(text):
        return True
    if singular(noun.lower()) == noun.lower():
        return text.lower().startswith((f"which {noun.lower()} ", f"what {noun.lower()} "))
    is_open = any(c.kind is ColumnKind.TEXT and not known(c) for c in made.columns)
    return made.task != "list" or not is_open


def looks_exhaustive(question: str) -> bool:
    """Whether an answer from the best passages may leave something out."""
    return bool(LOOKS.search(question))


def _made(form: str, parts: dict[str, str | None]) -> Exhaustive | None:
    noun = (parts["doc"] or "").lower()
    one = singular(noun)
    task: Task = "list"
    if form == "most":
        told = MOST[(parts.get("super") or "").lower()]
        task = "max" if told == "max" else "min" if told == "min" else "mean"
    elif form in ("count", "sum"):
        task = "count" if form == "count" else "sum"
    columns = tuple(columns_in(parts.get("cols") or ""))
    if any(len(column.name.split()) > 4 for column in columns):
        return None
    if task in ("sum", "mean", "min", "max"):
        columns = columns[:1] or (_default(parts.get("super") or "") if one in SALES else ())
        if not columns:
            return None
    elif task == "list" and not columns and one in SALES:
        columns = SALE
    is_any = one in ANY or one in MEDIA
    return Exhaustive(
        task=task,
        noun=noun if noun.endswith("s") else f"{noun}s",
        kind="" if is_any else one,
        media=frozenset({MEDIA[one]} if one in MEDIA else ()),
        columns=tuple(_as_amount(c) for c in columns) if task in ("sum", "mean") else columns,
        about=columns[0].name if task in ("sum", "mean", "min", "max") else "",
    )


SALE: Final = (
    Column(name="company"),
    Column(name="date", kind=ColumnKind.DATE),
    Column(name="total", kind=ColumnKind.AMOUNT),
)


def _default(superlative: str) -> tuple[Column, ...]:
    """`the latest receipt` is about dates, `the largest` about totals."""
    by_date = superlative.lower() in {
        "latest",
        "newest",
        "most recent",
        "earliest",
        "oldest",
        "first",
    }
    return (SALE[1],) if by_date else (SALE[2],)


def _as_amount(column: Column) -> Column:
    is_number = column.kind in (ColumnKind.AMOUNT, ColumnKind.NUMBER)
    return column if is_number else column.model_copy(update={"kind": ColumnKind.AMOUNT})


def singular(noun: str) -> str:
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def columns_in(text: str) -> Iterator[Column]:
    """`their dates and totals` → date, total."""
    seen: set[str] = set()
    for part in re.split(r"\s*(?:,|;|&|/|\band\b|\bas well as\b)\s*", text):
        name = re.sub(
            r"\A(?:the|their|its|a|an|all|each|every|of)\s+", "", part.strip(), flags=re.I
        )
        name = singular(name.lower()).strip()
        if name and name not in seen:
            seen.add(name)
            yield Column(name=name[:60], kind=_kind_of(name))


def _kind_of(name: str) -> ColumnKind:
    called = known(Column(name=name[:60]))
    if called == "date" or _DATES.search(name):
        return ColumnKind.DATE
    if _NUMBERS.search(name):
        return ColumnKind.NUMBER
    if called == "total" or (not called and _AMOUNTS.search(name)):
        return ColumnKind.AMOUNT
    return ColumnKind.TEXT


# --- conditions ----------------------------------------------------------------------------------


def _amount_said(text: str) -> tuple[str, Decimal | None, Decimal | None]:
    found = _AMOUNT_SAID.search(text)
    told = typed(ColumnKind.AMOUNT, found["amount"], bare=True) if found else []
    if found is None or not told or not isinstance(told[0].value, AmountValue):
        return text, None, None
    number, how = told[0].value.number, found["how"].lower()
    cent = Decimal("0.005")
    rest = text[: found.start()]
    if how in ("above", "over", "more than", "greater than", "at least"):
        return rest, number - cent if how == "at least" else number, None
    return rest, None, number + cent if how == "at most" else number


def _period_said(text: str, today: date) -> tuple[str, Days | None]:
    found = _PERIOD_SAID.match(text)
    when = found["when"].removeprefix("the ") if found else ""
    told = days(when, today) if when else None
    if found is None or told is None:
        return text, None
    first, last = told
    match found["how"].lower():
        case "since":
            told = first, date.max
        case "after":
            told = last, date.max
        case "before":
            told = date.min, first
        case _:
            pass
    return found["rest"], told


def _narrowed(
    made: Exhaustive, period: Days | None, least: Decimal | None, most: Decimal | None
) -> Exhaustive | None:
    """With the columns that its conditions look at."""
    columns = made.columns
    if period and not any(column.kind is ColumnKind.DATE for column in columns):
        columns = (*columns, SALE[1])
    bounded = least is not None or most is not None
    if bounded and not any(column.kind is ColumnKind.AMOUNT for column in columns):
        columns = (*columns, SALE[2])
    return made._replace(columns=columns, period=period, least=least, most=most)
