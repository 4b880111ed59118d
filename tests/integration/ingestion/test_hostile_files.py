"""Files made to do harm, offered to the real readers in their confined children."""

from __future__ import annotations

import zipfile
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest
from docx import Document as new_letter  # noqa: N813
from openpyxl import Workbook
from pptx import Presentation as new_slides  # noqa: N813

from ingestion.messages import REGISTRY
from ingestion.pipeline import Ingestor
from ingestion.report import SourceStatus
from tests.unit.ingestion.library import EVERYTHING, accepted, ingested, opened

MIB = 1 << 20


@pytest.fixture
async def ingestor(tmp_path: Path) -> AsyncGenerator[Ingestor, None]:
    async with opened(tmp_path / "data", registry=REGISTRY) as one:
        yield one


async def read(ingestor: Ingestor, path: Path) -> SourceStatus:
    """What became of a file that was taken in."""
    (one,) = accepted(await ingested(ingestor, path))
    assert one.source is not None, one.why
    return await ingestor.status(one.source, EVERYTHING)


# --- bombs ----------------------------------------------------------------------------------------


def letter(path: Path) -> None:
    document = new_letter()
    document.add_paragraph("An honest paragraph.")
    document.save(str(path))


def workbook(path: Path) -> None:
    book = Workbook()
    book.active.append(["An honest cell."])  # pyright: ignore[reportOptionalMemberAccess]
    book.save(path)


def slides(path: Path) -> None:
    show = new_slides()
    show.slides.add_slide(show.slide_layouts[6])
    show.save(str(path))


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, change(name, data))
    return path


OFFICE = [
    ("a.docx", letter, "word/document.xml"),
    ("a.xlsx", workbook, "xl/worksheets/sheet1.xml"),
    ("a.pptx", slides, "ppt/slides/slide1.xml"),
]


@pytest.mark.parametrize(("name", "make", "part"), OFFICE)
async def test_a_zip_bomb_is_refused_once_and_has_no_units(
    ingestor: Ingestor, tmp_path: Path, name: str, make: Callable[[Path], None], part: str
) -> None:
    path = tmp_path / name
    make(path)
    repacked(path, lambda at, data: b" " * (150 * MIB) if at == part else data)
    assert path.stat().st_size < MIB
    status = await read(ingestor, path)
    assert (status.state, status.units_total, status.units) == ("failed", 0, ())
    assert "as a zip bomb does; it was not opened" in (status.why or "")


@pytest.mark.parametrize(("name", "make", "part"), OFFICE)
async def test_entities_that_multiply_are_refused_once_and_have_no_units(
    ingestor: Ingestor, tmp_path: Path, name: str, make: Callable[[Path], None], part: str
) -> None:
    path = tmp_path / name
    make(path)
    lol = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    # Large enough for several units, were it read.
    body = lol + b"<!--" + bytes(range(97, 123)) * 100_000 + b"-->"
    repacked(path, lambda at, data: body if at == part else data)
    status = await read(ingestor, path)
    assert (status.state, status.units_total, status.units) == ("failed", 0, ())
    assert "declares XML entities" in (status.why or "")
