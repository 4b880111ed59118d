"""What is in a Word file beside its running text: title, footnotes, comments, text boxes.

Read from the package itself, because unstructured passes over it. Only for packages that
`check_package` let through: their XML declares no entities.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SEPARATORS = frozenset({"separator", "continuationSeparator", "continuationNotice"})


class Extras(NamedTuple):
    """Texts in the order of the file."""

    title: str = ""
    """Of the first paragraph in the style "Title"."""
    footnotes: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()


def extras_of(path: Path) -> Extras:
    """Raises ParseError, KeyError, BadZipFile where the file is damaged."""
    with zipfile.ZipFile(path) as package:
        names = set(package.namelist())

        def root(name: str) -> ET.Element | None:
            return ET.fromstring(package.read(name)) if name in names else None  # noqa: S314

        body = root("word/document.xml")
        notes = [root("word/footnotes.xml"), root("word/endnotes.xml")]
        return Extras(
            title=_title(body, root("word/styles.xml")),
            footnotes=tuple(text for note in notes for text in _notes(note)),
            comments=tuple(_comments(root("word/comments.xml"))),
            boxes=tuple(_boxes(body)),
        )


def _title(body: ET.Element | None, styles: ET.Element | None) -> str:
    if body is None or styles is None:
        return ""
    ids = {
        style.get(f"{_W}styleId")
        for style in styles.iter(f"{_W}style")
        if (name := style.find(f"{_W}name")) is not None and name.get(f"{_W}val") == "Title"
    }
    for paragraph in body.iter(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        if style is not None and style.get(f"{_W}val") in ids:
            return _text(paragraph)
    return ""


def _notes(root: ET.Element | None) -> Iterator[str]:
    for note in root if root is not None else ():
        if note.get(f"{_W}type") not in _SEPARATORS and (text := _paragraphs(note)):
            yield text


def _comments(root: ET.Element | None) -> Iterator[str]:
    for comment in root if root is not None else ():
        if text := _paragraphs(comment):
            yield f"Comment by {comment.get(f'{_W}author') or 'somebody'}: {text}"


def _boxes(body: ET.Element | None) -> Iterator[str]:
    """A box stands in a file twice, for new and for old programs: the second is left out."""
    if body is None:
        return
    old = {id(box) for fallback in body.iter(_CHOICE) for box in fallback.iter(f"{_W}txbxContent")}
    for box in body.iter(f"{_W}txbxContent"):
        if id(box) not in old and (text := _paragraphs(box)):
            yield text


def _paragraphs(root: ET.Element) -> str:
    return "\n".join(filter(None, (_text(paragraph) for paragraph in root.iter(f"{_W}p"))))


def _text(paragraph: ET.Element) -> str:
    pieces = (
        (node.text or "") if node.tag == f"{_W}t" else " "
        for node in paragraph.iter()
        if node.tag in {f"{_W}t", f"{_W}tab", f"{_W}br"}
    )
    return " ".join("".join(pieces).split())
