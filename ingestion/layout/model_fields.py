"""Fields that a model read → `field` elements of words of the page, or marked as its own words."""

from __future__ import annotations

from collections.abc import Sequence

from ingestion.layout.elements import Locate
from ingestion.layout.fields import field_element
from ingestion.layout.form_fields import Field
from ingestion.layout.marks import Box, Line, Word
from pincite.elements import How, Kind, ParsedElement
from pincite.models.ports import FieldReader, Picture, ReadField, RecognizedWord


def model_field_elements(
    reader: FieldReader,
    picture: Picture,
    lines: Sequence[Line],
    locate: Locate,
    *,
    scale: float = 1.0,
) -> list[ParsedElement]:
    """Beside the other elements of the page; `scale` is pixels per unit of the lines' boxes.

    The text and the boxes of a field are those of the words that say it, never the model's. What
    stands nowhere on the page is told as the model's own label of the whole page, which may help
    to find the page and supports no claim.
    """
    words = [word for line in lines for word in line.words]
    height, width = picture.shape[:2]
    page = Box(0, 0, width / scale, height / scale)
    return [
        _located(field, words, lines, locate)
        if field.value_words
        else _unlocated(field, locate, page)
        for field in reader.fields(picture, [recognized_word(word, scale) for word in words])
    ]


def _located(
    field: ReadField, words: Sequence[Word], lines: Sequence[Line], locate: Locate
) -> ParsedElement:
    value = tuple(words[position] for position in field.value_words)
    label = tuple(words[position] for position in field.label_words)
    own = tuple(line for line in lines if any(word in line.words for word in value))
    return field_element(Field(field.label, label, value, own), locate, How.OCR)


def _unlocated(field: ReadField, locate: Locate, page: Box) -> ParsedElement:
    return ParsedElement(
        kind=Kind.FIELD,
        text=f"{field.label}: {field.value}",
        locators=(locate(page),),
        how=How.MACHINE_LABEL,
        confidence=field.confidence,
    )


def recognized_word(word: Word, scale: float) -> RecognizedWord:
    """A word of the page as a model takes it, in pixels."""
    left, top, right, bottom = (edge * scale for edge in word.shown)
    quad = ((left, top), (right, top), (right, bottom), (left, bottom))
    sure = 1.0 if word.confidence is None else word.confidence
    return RecognizedWord(text=word.text, quad=quad, confidence=min(1.0, max(0.0, sure)))
