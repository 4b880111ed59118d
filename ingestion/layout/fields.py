"""Lines of a page → `field` elements: values with their labels, each with its own box."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ingestion.layout.elements import LOW_CONFIDENCE, Locate, mean_confidence
from ingestion.layout.form_fields import Field, labelled
from ingestion.layout.marks import Line, Word, around
from ingestion.layout.prose import joined
from ingestion.layout.receipt_fields import receipt_fields
from pincite.elements import FormField, How, Kind, ParsedElement

_FEWEST = 3
_SHARE = 0.15
"""Share of a page's lines that have a label and a value, where the page is a form."""


def fields_of(lines: Sequence[Line]) -> list[Field]:
    """Fields of a receipt, then the labelled values of a receipt or form, each value once."""
    receipt = receipt_fields(lines)
    pairs = labelled(lines)
    if not receipt and (len(pairs) < _FEWEST or len(pairs) < _SHARE * len(lines)):
        return []
    taken = {word for field in receipt for word in field.value}
    return [*receipt, *(pair for pair in pairs if not taken.intersection(pair.value))]


def field_elements(lines: Sequence[Line], locate: Locate, how: How) -> list[ParsedElement]:
    """Beside the other elements of the page, not instead of them; see decision 8."""
    return [field_element(field, locate, how) for field in fields_of(lines)]


def field_element(field: Field, locate: Locate, how: How) -> ParsedElement:
    label, value = _text(field.label).rstrip(" :："), _text(field.value)
    confidence = mean_confidence(field.value)
    low = confidence is not None and confidence < LOW_CONFIDENCE
    return ParsedElement(
        kind=Kind.FIELD,
        text=f"{label}: {value}" if label else value,
        locators=tuple(locate(around(word.shown for word in line.words)) for line in field.lines),
        how=how,
        confidence=confidence,
        field=FormField(
            name=field.name,
            label=label,
            value=value,
            label_locator=locate(around(word.shown for word in field.label)) if label else None,
            value_locators=tuple(
                locate(around(word.shown for word in line)) for line in _by_line(field)
            ),
        ),
        flags=frozenset({"low_confidence"} if low else ()),
    )


def _by_line(field: Field) -> Iterator[list[Word]]:
    """The words of the value, apart for each line that they stand in."""
    for _, words in groupby(field.value, key=lambda word: _line_at(word, field.lines)):
        yield list(words)


def _line_at(word: Word, lines: Sequence[Line]) -> int:
    middle = (word.box.top + word.box.bottom) / 2
    away = [abs(middle - (line.box.top + line.box.bottom) / 2) for line in lines]
    return min(range(len(lines)), key=away.__getitem__)


def _text(words: Iterable[Word]) -> str:
    return joined([[word.text for word in words]], frozenset()).lstrip(":： ")
