"""Places of a real file as a model that sees is shown them."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from agent.services import Places
from agent.views import View
from pincite.elements import Element, Kind, Scope
from pincite.errors import UnknownSource, UnsupportedMedia
from pincite.locators import PageBox, TextSpan
from serving.bootstrap import Services, services
from tests.integration.serving.library import settings

ALL = Scope(collections=frozenset())
OTHERS = Scope(principals=frozenset({"bob"}), collections=frozenset())
RED = (200, 30, 30)


def _file(folder: Path) -> Path:
    folder.mkdir()
    canvas: Any = Canvas(str(folder / "card.pdf"), pagesize=(595, 842))
    canvas.setFont("Helvetica", 12)
    for line in range(6):
        canvas.drawString(72, 780 - 16 * line, f"Line {line + 1} of the report about the hall.")
    picture = Image.new("RGB", (200, 200), RED)
    canvas.drawImage(ImageReader(picture), 200, 300, 200, 200)
    canvas.drawString(200, 280, "Figure 1: Inventory card of the north hall.")
    canvas.save()
    return folder


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncGenerator[Services, None]:
    async with services(settings(tmp_path / "library")) as parts:
        reports = parts.service.ingest(
            [_file(tmp_path / "files")], collection="default", readers=frozenset({"local"})
        )
        assert [report async for report in reports][-1].done
        yield parts


async def _figure(parts: Services) -> Element:
    [status] = await parts.service.sources(ALL)
    elements = await parts.service.elements(status.source.id, 1, ALL)
    return next(each for each in elements if each.kind in {Kind.FIGURE, Kind.PHOTO})


def _places(parts: Services) -> Places:
    places = parts.assistant._services.places
    assert places is not None
    return places


def _opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def _red(picture: Image.Image) -> float:
    colours = picture.getcolors(picture.width * picture.height) or []
    red = sum(
        n for n, c in colours if isinstance(c, tuple) and c[0] > 150 and c[1] < 90 and c[2] < 90
    )
    return red / (picture.width * picture.height)


async def test_a_page_a_place_and_its_parts_are_shown(opened: Services) -> None:
    figure, places = await _figure(opened), _places(opened)
    [page] = map(_opened, await places.seen(figure, ALL, View("page", 300)))
    [place] = map(_opened, await places.seen(figure, ALL, View("place", 300)))
    parts = await places.seen(figure, ALL, View("place", 300, columns=2, rows=2))
    assert page.size == (212, 300)
    assert 0.04 < _red(page) < 0.15
    assert _red(place) > 0.6
    assert max(place.size) <= 300
    assert [_red(_opened(part)) > 0.5 for part in parts] == [True] * 4


async def test_nobody_is_shown_a_place_of_a_file_that_is_not_theirs(opened: Services) -> None:
    figure = await _figure(opened)
    with pytest.raises(UnknownSource):
        await _places(opened).seen(figure, OTHERS, View("page", 300))


async def test_what_stands_on_no_page_is_said_to_have_no_picture(opened: Services) -> None:
    figure = await _figure(opened)
    text = figure.model_copy(update={"locators": (TextSpan(start=0, end=4),)})
    with pytest.raises(UnsupportedMedia):
        await _places(opened).seen(text, ALL, View("page", 300))


async def test_a_place_over_two_pages_is_shown_where_it_begins(opened: Services) -> None:
    figure = await _figure(opened)
    first = figure.locators[0]
    assert isinstance(first, PageBox)
    two = figure.model_copy(update={"locators": (first, first.model_copy(update={"page": 2}))})
    assert len(await _places(opened).seen(two, ALL, View("place", 300))) == 1
