"""Word and PowerPoint files by `unstructured`, offline and silent. Needs the extra `office`.

Only the structure that the file states is used: `unstructured`'s guesses from the wording (is this
short line a title?) are switched off. They need a language model, take nine tenths of the time, and
turn bullets into headings.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from ingestion.packages import check_package, xml_bytes
from ingestion.readers.documents import Document, Format
from ingestion.readers.flow import Flag, Flow
from ingestion.readers.hypertext import read_html
from ingestion.readers.unseen import Strip, strip_slides, strip_word, without_unseen
from ingestion.readers.word_extras import extras_of
from pincite.elements import Kind
from pincite.errors import CorruptSource, MissingExtra

try:
    import spacy
    import unstructured.partition.docx as word
    import unstructured.partition.pptx as powerpoint
    from spacy.language import Language
    from unstructured.__version__ import __version__ as VERSION  # noqa: N812
    from unstructured.documents.elements import Element
    from unstructured.nlp import tokenize
except ModuleNotFoundError as exc:
    if (exc.name or "").partition(".")[0] not in {"unstructured", "docx", "pptx", "spacy"}:
        raise
    raise MissingExtra("unstructured", extra="office") from exc

_BROKEN = (
    SyntaxError, zipfile.BadZipFile, KeyError, ValueError, IndexError, TypeError,
    AttributeError, AssertionError, OSError, RecursionError, NotImplementedError,
)  # fmt: skip
"""What the libraries below raise on a damaged file; they promise nothing."""
_HIDDEN: frozenset[Flag] = frozenset({"hidden_text"})
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg")
_MARKUP = 4
"""Bytes of XML for a byte of text, at least."""
_KINDS = {
    "ListItem": Kind.LIST_ITEM,
    "Header": Kind.HEADER,
    "Footer": Kind.FOOTER,
    "FigureCaption": Kind.CAPTION,
    "CodeSnippet": Kind.CODE,
    "Formula": Kind.FORMULA,
}


def _blank_language() -> Language:
    """In place of a spaCy model, which `unstructured` would fetch at the first call for one."""
    language = spacy.blank("en")
    language.add_pipe("sentencizer")
    return language


def _never(*_: object, **__: object) -> bool:
    return False


def _silence() -> None:
    for module in (word, powerpoint):
        for guess in ("is_possible_narrative_text", "is_possible_title"):
            setattr(module, guess, _never)
    setattr(tokenize, "_load_spacy_model", _blank_language)  # noqa: B010  it is private


_silence()


def _partitioned(
    partition: Callable[..., list[Element]], path: Path, **options: Any
) -> list[Element]:
    # An empty language switches its guessing off.
    return partition(filename=str(path), languages=[""], **options)


def _parse(path: Path, spoken: str, fill: Callable[[Path, Flow], None], strip: Strip) -> Document:
    check_package(path, f"this {spoken} file")
    flow = Flow()
    try:
        with without_unseen(path, strip) as (seen, unseen):
            fill(seen, flow)
        for text in unseen:
            flow.text(text, flags=_HIDDEN)
    except _BROKEN as exc:
        raise CorruptSource(f"this {spoken} file is damaged and cannot be read") from exc
    if unseen:
        flow.warnings.append(
            f"{len(unseen)} part(s) that a reader of this {spoken} file does not see were flagged"
        )
    pictures = _pictures_in(path)
    if pictures:
        flow.warnings.append(f"{pictures} picture(s) in this {spoken} file were not read")
    return Document(flow.elements, tuple(flow.warnings))


def _pictures_in(path: Path) -> int:
    with zipfile.ZipFile(path) as package:
        names = (name.lower() for name in package.namelist())
        return sum("/media/" in name and name.endswith(_PICTURES) for name in names)


def _put(flow: Flow, element: Element) -> None:
    """One element that is no heading."""
    markup = element.metadata.text_as_html
    if element.category == "Table" and markup:
        read_html(markup, flow)
    elif element.category != "PageBreak":
        flow.text(element.text, kind=_KINDS.get(element.category, Kind.TEXT))


# --- Word ----------------------------------------------------------------------------------------


def _fill_from_word(path: Path, flow: Flow) -> None:
    extras = extras_of(path)
    elements = _partitioned(word.partition_docx, path, include_page_breaks=False)
    for element in elements:
        if element.category == "Title":
            is_title = " ".join(element.text.split()) == extras.title
            # Below the title of the document stand all headings, whatever their level.
            level = 1 if is_title else 2 + (element.metadata.category_depth or 0)
            flow.heading(element.text, level=level, title=is_title)
        else:
            _put(flow, element)
    _put_all(flow, extras.boxes, Kind.TEXT, known=elements)
    _put_all(flow, extras.footnotes, Kind.FOOTNOTE)
    _put_all(flow, extras.comments, Kind.TEXT)


def _put_all(
    flow: Flow, texts: Iterable[str], kind: Kind, *, known: Sequence[Element] = ()
) -> None:
    seen = {" ".join(element.text.split()) for element in known}
    for text in texts:
        if " ".join(text.split()) not in seen:
            flow.text(text, kind=kind)


# --- PowerPoint ----------------------------------------------------------------------------------


def _fill_from_slides(path: Path, flow: Flow) -> None:
    elements = _partitioned(
        powerpoint.partition_pptx, path, include_page_breaks=False, include_slide_notes=True
    )
    for number, slide in groupby(elements, key=lambda element: element.metadata.page_number):
        _put_slide(flow, number or 0, list(slide))


def _put_slide(flow: Flow, number: int, slide: Sequence[Element]) -> None:
    """The title with the slide's number, its content, then what the speaker noted."""
    titles = [element.text for element in slide if element.category == "Title"]
    title = " ".join(" ".join(titles).split())
    flow.heading(f"Slide {number}: {title}" if title else f"Slide {number}", level=1)
    # With the guesses off, only the notes are "narrative".
    notes = [element for element in slide if element.category == "NarrativeText"]
    for element in slide:
        if element.category not in {"Title", "NarrativeText"}:
            _put(flow, element)
    for element in notes:
        flow.text(f"Speaker notes: {element.text}")


def _parse_word(path: Path) -> Document:
    return _parse(path, "Word", _fill_from_word, strip_word)


def _parse_slides(path: Path) -> Document:
    return _parse(path, "PowerPoint", _fill_from_slides, strip_slides)


def _admit_word(path: Path) -> None:
    check_package(path, "this Word file")


def _admit_slides(path: Path) -> None:
    check_package(path, "this PowerPoint file")


def _word_bytes(path: Path) -> int:
    return xml_bytes(path, "word/document") // _MARKUP


def _slide_bytes(path: Path) -> int:
    return xml_bytes(path, "ppt/slides/") // _MARKUP


WORD = Format(f"docx-2+unstructured-{VERSION}", _word_bytes, _parse_word, _admit_word)
SLIDES = Format(f"pptx-2+unstructured-{VERSION}", _slide_bytes, _parse_slides, _admit_slides)
