"""Values that a source may have for a column, each with the words and the place it stands at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from agent.extracting.labels import fit, known, stems
from agent.extracting.typed import Typed, typed
from pincite.elements import Element, FormField
from pincite.extractions import CellValue, Column
from pincite.locators import Locator

By = Literal["field", "table", "text", "model"]
LEAST: Final = 0.4
"""Score below which a value is not taken."""
SURE: Final = 0.75
"""Score from which no model is asked."""
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
        field = element.field or _header(element)
        score = _score(column, field) if field else 0.0
        if field is None or score <= 0:
            continue
        earlier = sum(each.by == "field" for each in found)
        if told := first_typed(column, field.value):
            found.append(_of_field(score - _LATER * earlier, field, told, element))
    return found


def first_typed(column: Column, text: str) -> Typed | None:
    return next(iter(typed(column.kind, text, bare=True)), None)


def _header(element: Element) -> FormField | None:
    """Of a mail header, which is text like any other: `Subject: Hull coating`."""
    label, colon, value = element.text.partition(":")
    if not colon or not value.strip() or len(label) > 40:
        return None
    return FormField(label=label, value=value.strip(), value_locators=element.locators)


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
