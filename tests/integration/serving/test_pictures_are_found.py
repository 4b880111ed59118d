"""Pictures without a word in them, found with what ships: by words, by a picture, by both."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from PIL import Image

from pincite.config import Index, NoChat, Settings
from pincite.elements import Kind, Scope
from pincite.evidence import Evidence
from pincite.models.shape_probe import Thing, draw
from pincite.models.store import ModelStore
from serving.bootstrap import Services, services
from serving.service import Query, Upload

pytestmark = pytest.mark.real
THINGS = (Thing("circle", "red"), Thing("star", "blue"), Thing("triangle", "green"))
LOCAL = frozenset({"local"})
BOB = Scope(principals=frozenset({"bob"}))


def _png(thing: Thing, seed: int) -> bytes:
    data = io.BytesIO()
    chance = random.Random(seed)  # noqa: S311
    Image.fromarray(draw(thing, 160, chance)).save(data, "PNG")
    return data.getvalue()


def _shown(folder: Path, thing: Thing) -> Path:
    """Another drawing of it, to search with."""
    file = folder / "shown.png"
    file.write_bytes(_png(thing, 1))
    return file


def _files(folder: Path) -> Path:
    folder.mkdir()
    for thing in THINGS:
        (folder / f"{thing.colour}.png").write_bytes(_png(thing, 0))
    (folder / "notes.txt").write_text("The crane lifts forty tonnes.", encoding="utf-8")
    return folder


async def _filled(parts: Services, files: Path) -> None:
    reports = parts.service.ingest([files], collection="default", readers=LOCAL)
    assert [r async for r in reports]


async def _found(
    parts: Services, words: str, shown: Path | None = None, scope: Scope | None = None
) -> list[Evidence]:
    image = Upload(path=shown, name=shown.name, origin="", is_ours=False) if shown else None
    asked = Query(question=words, image=image)
    return list((await parts.service.search(asked, scope or Scope(), keep=5)).evidence)


async def test_pictures_are_found_by_their_looks(tmp_path: Path, store: ModelStore) -> None:
    del store  # its weights are what is used
    settings = Settings(data_dir=tmp_path / "library", chat=NoChat(), index=Index(kind="memory"))
    async with services(settings) as parts:
        await _filled(parts, _files(tmp_path / "files"))
        for thing in THINGS:
            (best, *_) = await _found(parts, "", _shown(tmp_path, thing))
            assert best.source.name == f"{thing.colour}.png"
            assert {element.kind for element in best.elements} == {Kind.PHOTO}
            assert best.found_by == ("picture",)
        red = _shown(tmp_path, THINGS[0])
        (best, *_) = await _found(parts, "all of it blue", red)
        assert best.source.name == "blue.png"
        assert await _found(parts, "", red, BOB) == []
        (best, *_) = await _found(parts, "How much does the crane lift?")
        assert best.source.name == "notes.txt"
