"""A generated picture can be no evidence: no type of evidence has a place for one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from pincite.answers import Answer, Citation
from pincite.elements import Content, Element, ParsedElement, Passage, Source
from pincite.events import AskEvent
from pincite.evidence import Evidence, Findings
from pincite.generated import GeneratedId, GeneratedPicture, PictureDrawn, Provenance
from pincite.values import Value

PICTURE = GeneratedPicture(
    id=GeneratedId("a" * 20),
    provenance=Provenance(
        prompt="x", model="m", seed=1, steps=1, guidance=1, generated_by="Pincite 0"
    ),
    width=8,
    height=8,
    size=1,
    made_at=datetime(2026, 1, 1, tzinfo=UTC),
)
CITABLE = (Content, Source, ParsedElement, Element, Passage, Evidence, Findings, Citation)


def _within(annotation: Any, seen: set[Any]) -> Iterator[type[Value]]:
    """Every value that a type can hold, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, Value) and annotation not in seen:
        seen.add(annotation)
        yield annotation
        for field in annotation.model_fields.values():
            yield from _within(field.annotation, seen)
    for part in get_args(annotation):
        yield from _within(part, seen)


@pytest.mark.parametrize("kind", [*CITABLE, Answer, AskEvent], ids=str)
def test_no_field_of_what_is_cited_can_hold_one(kind: Any) -> None:
    held = set(_within(kind, set()))
    assert held
    assert not held & {GeneratedPicture, Provenance, PictureDrawn}
    assert not any(issubclass(one, GeneratedPicture) for one in held)


@pytest.mark.parametrize("kind", CITABLE)
def test_none_of_them_can_be_made_of_one(kind: type[Value]) -> None:
    assert not issubclass(GeneratedPicture, kind)
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(PICTURE)
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_json(PICTURE.model_dump_json())
