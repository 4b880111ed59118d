"""Values that a source may have for a column, each with the words and the place it stands at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from agent.extracting.labels import fit, known, stems
from agent.extracting.typed import Typed, typed
from pincite.elements import Element, FormField, Kind
from pincite.extractions import CellValue, Column
from pincite.locators import Locator

By = Literal["field", "table", "text", "model"]
LEAST: Final = 0.4
"""Score below which a value is not taken."""
SURE: Final = 0.75
"""Score from which no model is asked."""
_LONGEST_LABEL: Final = 40
_LATER: Final = 0.02
"""What each further field of the same name is less sure: readers give the surest first."""


class Reading(NamedTuple):
    """A value with how surely it is that of the column."""

    score: float
    value: CellValue
    written: str
    element: Element
    locators: tuple[Locator, ...]
    quote: str
    claim: str
    """What is held against the element."""
    by: By
    added: int = 0
    """Of how many of the claim's first characters the element says nothing itself, but what it is
    called by: a field without a label is called by its name."""
    said: str = ""
    """The words of the element that say it, label and value, where they stand together; the claim
    is then held against these alone."""


def best(readings: Sequence[Reading]) -> Reading | None:
    """The surest; of equals the first."""
    found = max(readings, key=lambda reading: reading.score, default=None)
    return found if found is not None and found.score >= LEAST else None


def tidy(text: str) -> str:
    return " ".join(text.split())


# --- fields --------------------------------------------------------------------------------------


def from_fields(column: Column, elements: Sequence[Element]) -> list[Reading]:
    """By the name that the reader of the file gave them, or by the label that stands there."""
    found: list[Reading] = []
    for element in elements:
        if not element.how.may_support or "hidden_text" in element.flags:
            continue
        for field in (element.field,) if element.field else _headers(element):
            score = _score(column, field)
            told = first_typed(column, field.value) if score > 0 else None
            if told is not None:
                found.append(_of_field(score - _LATER * len(found), field, told, element))
    return found


def first_typed(column: Column, text: str) -> Typed | None:
    return next(iter(typed(column.kind, text, bare=True)), None)


def _headers(element: Element) -> Iterator[FormField]:
    """Of a mail, whose head is text like any other: `From: Jonas Reimer`; and of what has a title.

    A title is what its file calls `subject` or `title`, in no words.
    """
    if element.kind is Kind.TITLE:
        title = tidy(element.text)
        if title:
            yield FormField(name="title", value=title, value_locators=element.locators)
        return
    for line in element.text.splitlines():
        label, colon, value = line.partition(":")
        if colon and value.strip() and len(label) <= _LONGEST_LABEL:
            yield FormField(label=label, value=value.strip(), value_locators=element.locators)


def _score(column: Column, field: FormField) -> float:
    by_label = fit(column, field.label)
    if not field.name or field.name != known(column):
        return by_label
    plain = not field.label or by_label >= 0.9 or field.name == "total"
    own = stems(column.name) == stems(field.label)
    return 1.0 if plain or own else max(0.8, by_label)


def _of_field(score: float, field: FormField, told: Typed, element: Element) -> Reading:
    label = tidy(field.label)
    value = tidy(field.value)
    unlabelled = f"The {field.name} is "
    claim = f"{label}: {value}" if label else f"{unlabelled}{value}"
    return Reading(
        score=score,
        value=told.value,
        written=value,
        element=element,
        locators=field.value_locators,
        quote=tidy(element.text),
        claim=claim,
        by="field",
        added=0 if label else len(unlabelled),
        said=claim if label else "",
    )
