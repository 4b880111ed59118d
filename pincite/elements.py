"""What can be cited and where it is: content, source, element, passage."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, NewType

from pydantic import Field

from pincite.locators import Locator
from pincite.values import Value

ContentId = NewType("ContentId", str)
"""SHA-256 of the bytes, 64 lower-case hex digits."""
SourceId = NewType("SourceId", str)
"""Opaque, random, unguessable; says nothing about the bytes."""
ElementId = NewType("ElementId", str)
"""`<source id>.<ordinal>`; see `element_id`."""
PassageId = NewType("PassageId", str)
"""`<source id>.p<ordinal>`; see `passage_id`."""
BlobKey = NewType("BlobKey", str)
"""Key in the blob store, e.g. a crop of a figure."""


def element_id(source: SourceId, ordinal: int) -> ElementId:
    return ElementId(f"{source}.{ordinal}")


def passage_id(source: SourceId, ordinal: int) -> PassageId:
    return PassageId(f"{source}.p{ordinal}")


def source_of(item: ElementId | PassageId) -> SourceId:
    return SourceId(item.rpartition(".")[0])


def ordinal_of(item: ElementId | PassageId) -> int:
    return int(item.rpartition(".")[2].removeprefix("p"))


class Kind(StrEnum):
    """What an element is."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    LIST_ITEM = "list_item"
    TABLE = "table"
    FIGURE = "figure"
    FORMULA = "formula"
    CAPTION = "caption"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTE = "footnote"
    PHOTO = "photo"
    SPEECH = "speech"
    CODE = "code"
    FIELD = "field"


class How(StrEnum):
    """How an element's text came to be."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    SPEECH = "speech"
    MACHINE_CAPTION = "machine_caption"
    MACHINE_LABEL = "machine_label"

    @property
    def may_support(self) -> bool:
        """Whether a claim may rest on it; what a machine wrote about a picture only finds it."""
        return self not in (How.MACHINE_CAPTION, How.MACHINE_LABEL)


class Medium(StrEnum):
    """What a source is to the person who added it."""

    PDF = "pdf"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    OFFICE = "office"
    TEXT = "text"
    EMAIL = "email"


class Cell(Value):
    """One cell of a table; rows and columns are counted from 0."""

    row: int = Field(ge=0)
    column: int = Field(ge=0)
    row_span: int = Field(default=1, ge=1)
    column_span: int = Field(default=1, ge=1)
    text: str
    is_header: bool = False
    locator: Locator | None = None


class Table(Value):
    """The cells of a table in row-major order; HTML and Markdown are made from them on demand."""

    cells: tuple[Cell, ...]
    html: str
    continues: bool = False
    """Whether it goes on from the table that ends the page before."""
    names: tuple[str, ...] = ()
    """Of its columns, from the page where it began; empty where it has a header of its own."""


class FormField(Value):
    """A value of a form or receipt and the label that it belongs to.

    Derived: its words stand in other elements of the same page as well.
    """

    name: str = ""
    """What the value is, e.g. `date`, `total`, `company`; empty where only the label says it."""
    label: str = ""
    """As it stands on the page; empty for a value that is known by its form or place."""
    value: str
    label_locator: Locator | None = None
    value_locators: tuple[Locator, ...] = Field(min_length=1)
    """Exactly the value, line by line; `ParsedElement.locators` are the lines that it stands in."""


class Word(Value):
    """A word with its own place, kept where a narrower citation than the element is useful."""

    text: str
    locator: Locator
    confidence: float | None = Field(default=None, ge=0, le=1)


class ParsedElement(Value):
    """What a reader found at one place of a content, before it belongs to any source."""

    kind: Kind
    text: str
    locators: tuple[Locator, ...] = Field(min_length=1)
    """Several where a paragraph crosses a page break, in reading order."""
    how: How
    confidence: float | None = Field(default=None, ge=0, le=1)
    """Of OCR or speech recognition; None where nothing was guessed."""
    heading_path: tuple[str, ...] = ()
    """The headings above it, outermost first."""
    table: Table | None = None
    field: FormField | None = None
    """Of a `field` that was found among the words of other elements, which it does not replace."""
    words: tuple[Word, ...] = ()
    crop: BlobKey | None = None
    """Key of its picture in the blob store, for figures, photos and tables."""
    flags: frozenset[Literal["hidden_text", "low_confidence"]] = frozenset()
    """`hidden_text`: present in the file but not visible to a person (white, tiny, off-page)."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what was read and where, whatever source it belongs to.

        Another one means that the place was read anew since, and reads differently.
        """
        left_out = {"id", "source", "words", "crop", "flags"}
        read = self.model_dump(mode="json", exclude=left_out, exclude_defaults=True)
        told = json.dumps(read, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


class Element(ParsedElement):
    """The smallest citable thing of one source."""

    id: ElementId
    source: SourceId


class ParsedPassage(Value):
    """Neighbouring elements of one content that are embedded and found together."""

    elements: tuple[int, ...] = Field(min_length=1)
    """Ordinals of its elements, in reading order."""
    text: str
    """What is embedded and searched: heading path, then the elements' texts."""
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    """The page it starts on, from 1; None without pages."""


class Passage(Value):
    """One or more neighbouring elements of one source; never crosses a section."""

    id: PassageId
    source: SourceId
    elements: tuple[ElementId, ...] = Field(min_length=1)
    text: str
    heading_path: tuple[str, ...] = ()
    page: int | None = None


class Content(Value):
    """Bytes, known by their hash; parsed once per parser version, shared, never shown."""

    id: ContentId
    size: int = Field(ge=0)
    media_type: str
    medium: Medium


class Source(Value):
    """One upload of a content. Rights, vectors and deletes belong to the source."""

    id: SourceId
    content: ContentId
    name: str
    """File name as the user knows it, without folders."""
    origin: str
    """Where it came from: a path or URI, for the person who added it."""
    medium: Medium
    collection: str = "default"
    readers: frozenset[str] = frozenset({"local"})
    """Principals who may see it; `local` is the owner of a one-person installation."""
    version: int = Field(default=1, ge=1)
    """Counts up when the same origin is added again with other bytes."""
    added_at: datetime
    """In UTC."""
    dated: date | None = None
    """The day it is of, as its own metadata say (of a PDF the date it was made, of a photo the one
    it was taken, of an e-mail its `Date`, of an office file its last change); without such, the
    day on which its file was last changed, which for an upload is the day it came."""


class Scope(Value):
    """Whose eyes, and which part of the library; part of every query, never applied afterwards."""

    principals: frozenset[str] = frozenset({"local"})
    """The asker and the groups the asker is in."""
    collections: frozenset[str] = frozenset({"default"})
    """Empty means every collection that the principals may see."""
    sources: frozenset[SourceId] = frozenset()
    """Empty means all."""
    media: frozenset[Medium] = frozenset()
    """Empty means all."""
    pages: tuple[int, int] | None = None
    """First and last page, both included."""
    kinds: frozenset[Kind] = frozenset()
    """Passages that hold an element of one of these; empty means all."""
    languages: frozenset[str] = frozenset()
    """ISO 639-1; empty means all, and those of unknown language."""
    dates: tuple[date, date] | None = None
    """First and last day that a source may be of, both included."""

    def admits(self, source: Source) -> bool:
        """Whether anything of it may be; pages, kinds and languages are those of passages."""
        return (
            bool(self.principals & source.readers)
            and (not self.collections or source.collection in self.collections)
            and (not self.sources or source.id in self.sources)
            and (not self.media or source.medium in self.media)
            and (self.dates is None or _is_within(source.dated, self.dates))
        )


def _is_within(day: date | None, days: tuple[date, date]) -> bool:
    return day is not None and days[0] <= day <= days[1]
