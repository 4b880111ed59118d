"""Rows of the text store ↔ domain values."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pincite.answers import Answer
from pincite.elements import (
    ContentId,
    Element,
    Medium,
    ParsedElement,
    ParsedPassage,
    Passage,
    Source,
    SourceId,
    element_id,
    passage_id,
    source_of,
)
from pincite.texts.words import unpack

UNIT_STRIDE = 10_000
"""Ordinals that each unit has to itself."""
_ORDINAL_BITS = 32
_ORDINAL_MASK = (1 << _ORDINAL_BITS) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

SOURCE_COLUMNS = """
    sources.id, contents.id, name, origin, sources.medium, collection, readers, version, added_us,
    coalesce(contents.dated, sources.dated)
"""


def row_number(content_key: int, ordinal: int) -> int:
    return content_key << _ORDINAL_BITS | ordinal


def ordinal_in(number: int) -> int:
    return number & _ORDINAL_MASK


def content_key_in(number: int) -> int:
    return number >> _ORDINAL_BITS


def microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def source_from(row: tuple[Any, ...]) -> Source:
    """From `SOURCE_COLUMNS`."""
    return Source(
        id=SourceId(row[0]),
        content=ContentId(row[1]),
        name=row[2],
        origin=row[3],
        medium=Medium(row[4]),
        collection=row[5],
        readers=frozenset(json.loads(row[6])),
        version=row[7],
        added_at=_EPOCH + timedelta(microseconds=row[8]),
        dated=date.fromisoformat(row[9]) if row[9] else None,
    )


def names_json(names: frozenset[str]) -> str:
    return json.dumps(sorted(names), ensure_ascii=False)


def element_body(element: ParsedElement) -> str:
    """JSON without fields that say nothing, and without the words, which have their own column.

    `element_from` reads it back, whatever class of element it came from.
    """
    said = {
        name
        for name, field in ParsedElement.model_fields.items()
        if field.is_required() or getattr(element, name) != field.default
    }
    return element.model_dump_json(include=said - {"words"})


def element_from(source: SourceId, number: int, body: str, words: str | None) -> Element:
    element = Element.model_validate_json(
        f'{{"id":{json.dumps(element_id(source, ordinal_in(number)))},'
        f'"source":{json.dumps(source)},{body[1:]}'
    )
    return element.model_copy(update={"words": unpack(words)}) if words else element


def passage_row(number: int, base: int, passage: ParsedPassage) -> tuple[Any, ...]:
    """`passage.elements` are positions in the unit; stored are ordinals, counted from `base`."""
    ordinals = [base + position for position in passage.elements]
    headings = json.dumps(passage.heading_path, ensure_ascii=False)
    return (number, json.dumps(ordinals), passage.text, headings, passage.page)


def passage_from(source: SourceId, row: tuple[Any, ...]) -> Passage:
    """From `id, elements, text, headings, page`."""
    return Passage(
        id=passage_id(source, ordinal_in(row[0])),
        source=source,
        elements=tuple(element_id(source, ordinal) for ordinal in json.loads(row[1])),
        text=row[2],
        heading_path=tuple(json.loads(row[3])),
        page=row[4],
    )


def sources_behind(answer: Answer) -> set[SourceId]:
    """Every source an answer may show anything of: cited, quoted, or read for it."""
    found = {citation.source for citation in answer.citations}
    found |= {quote.citation.source for quote in answer.quotes}
    if answer.record is not None:
        found |= {source_of(shown.element) for shown in answer.record.shown}
    if answer.kind == "answered":
        claims = [claim for sentence in answer.sentences for claim in sentence.claims]
        found |= {source_of(element) for claim in claims for element in claim.verdict.supports}
    return found
