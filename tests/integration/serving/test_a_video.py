"""A video from the file to the citation: found by its pictures, shown by second and box."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from pincite.config import Ocr, Speech
from pincite.elements import Kind, Scope
from pincite.errors import UnsupportedMedia
from pincite.locators import FrameBox
from serving.bootstrap import services
from serving.service import Query
from tests.integration.serving import library
from tests.unit.ingestion.recordings import bursts, slide, write_slides

ALL = Scope()


async def test_what_a_slide_says_is_found_and_its_picture_holds_ink_in_the_box(
    tmp_path: Path,
) -> None:
    folder = library.make_files(tmp_path / "files")
    slides = [(slide("Harbour office"), 5), (slide("", "Cranes of the north quay"), 5)]
    write_slides(folder / "talk.mp4", slides, sound=bursts(10, [(2, 3)]))
    settings = library.settings(tmp_path / "data").model_copy(
        update={"ocr": Ocr(kind="rapidocr"), "speech": Speech(kind="fake")}
    )
    async with services(settings) as opened:
        service = opened.service
        ingesting = service.ingest([folder], collection="default", readers=frozenset({"local"}))
        _ = [progress async for progress in ingesting]
        (talk,) = [one for one in await service.sources(ALL) if one.source.name == "talk.mp4"]
        elements = await service.elements(talk.source.id, 1, ALL)
        assert {Kind.SPEECH, Kind.PHOTO} <= {element.kind for element in elements}
        (found,) = [element for element in elements if "north quay" in element.text]
        (box,) = found.locators
        assert isinstance(box, FrameBox)
        picture = Image.open(io.BytesIO(await service.frame(talk.source.id, box.at_s, ALL)))
        assert picture.size == (box.frame_width, box.frame_height)
        inside = picture.convert("L").crop((box.left, box.top, box.right, box.bottom))
        assert min(inside.tobytes()) < 80
        asked = Query(question="cranes of the north quay")
        evidence = (await service.search(asked, ALL, keep=3)).evidence
        assert any(found.id in {one.id for one in each.elements} for each in evidence)
        others = [one for one in await service.sources(ALL) if one.source.name == "harbour.pdf"]
        with pytest.raises(UnsupportedMedia):
            await service.frame(others[0].source.id, 1.0, ALL)
