from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pincite.elements import (
    Content,
    ContentId,
    How,
    Kind,
    Medium,
    ParsedElement,
    ParsedPassage,
    Source,
    SourceId,
)
from pincite.locators import PageBox
from pincite.texts import TextStore

CONTENT = ContentId("c" * 64)


@pytest.fixture
def texts(tmp_path: Path) -> Generator[TextStore, None, None]:
    with TextStore(tmp_path / "data" / "texts.sqlite") as store:
        yield store


def content(name: str = "c") -> Content:
    return Content(id=ContentId(name * 64), size=9, media_type="application/pdf", medium=Medium.PDF)


def source(
    name: str,
    *,
    of: str = "c",
    readers: frozenset[str] = frozenset({"local"}),
    collection: str = "default",
    second: int = 0,
    version: int = 1,
) -> Source:
    return Source(
        id=SourceId(name),
        content=ContentId(of * 64),
        name=f"{name}.pdf",
        origin="/files/report.pdf",
        medium=Medium.PDF,
        collection=collection,
        readers=readers,
        version=version,
        added_at=datetime(2025, 1, 1, 0, 0, second, 123_456, tzinfo=UTC),
    )


def box(page: int, *, top: float = 10) -> PageBox:
    return PageBox(
        left=1.25, top=top, right=99.5, bottom=top + 9, page=page, page_width=595, page_height=842
    )


def element(text: str, page: int = 1) -> ParsedElement:
    return ParsedElement(kind=Kind.TEXT, text=text, locators=(box(page),), how=How.TEXT_LAYER)


def passage(*positions: int, text: str = "words", page: int = 1) -> ParsedPassage:
    return ParsedPassage(elements=positions, text=text, heading_path=("A", "B"), page=page)
