"""From the words to a kept picture, with the deterministic stand-in."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pincite.config import FakeImageGenerator, NoImageGenerator
from pincite.drawing.marks import labelled, mark_of
from pincite.drawing.opening import studio
from pincite.drawing.safety import WordList
from pincite.drawing.shelf import Shelf
from pincite.drawing.studio import LocalStudio, Studio
from pincite.elements import Scope
from pincite.errors import BadSettings, ModelUnavailable, UnknownPicture, UnsafePicture
from pincite.generated import (
    DrawingStep,
    GeneratedId,
    GeneratedPicture,
    PictureDrawn,
    PictureWish,
)
from pincite.models.drawing_ports import Drawing
from pincite.models.fake_drawing import FakeImageGenerator as Fake

ME = Scope()
WISH = PictureWish(prompt="a red circle", seed=7)


def opened(folder: Path, **settings: object) -> LocalStudio:
    return studio(FakeImageGenerator.model_validate(settings), folder, version="0.1.0")


def files_below(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(path.relative_to(folder).as_posix() for path in files)


async def drawn(room: Studio, wish: PictureWish = WISH, scope: Scope = ME) -> GeneratedPicture:
    *steps, last = [event async for event in room.draw(wish, scope)]
    assert all(isinstance(step, DrawingStep) for step in steps)
    assert isinstance(last, PictureDrawn)
    return last.picture


async def test_steps_come_first_and_then_the_picture(tmp_path: Path) -> None:
    events = [event async for event in opened(tmp_path).draw(WISH, ME)]
    assert [e.step for e in events if isinstance(e, DrawingStep)] == [1, 2, 3, 4]
    assert isinstance(events[-1], PictureDrawn)


async def test_the_picture_is_kept_apart_with_label_and_mark(tmp_path: Path) -> None:
    room = opened(tmp_path)
    picture = await drawn(room)
    assert files_below(tmp_path) == [
        f"generated/{picture.id}.json", f"generated/{picture.id}.png",
    ]  # fmt: skip
    path = tmp_path / "generated" / f"{picture.id}.png"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert mark_of(path) == "Pincite 0.1.0"
    assert picture.size == path.stat().st_size
    async for piece in Fake().draw(WISH):
        if isinstance(piece, Drawing):
            shown = np.asarray(Image.open(path))
            assert (shown == labelled(piece.pixels)).all()
            assert (shown != piece.pixels).any()


async def test_the_same_seed_is_the_same_file_and_another_is_another(tmp_path: Path) -> None:
    room = opened(tmp_path)
    one, two = await drawn(room), await drawn(room)
    other = await drawn(room, PictureWish(prompt="a red circle", seed=8))
    assert one.id != two.id
    assert await room.png(one.id, ME) == await room.png(two.id, ME)
    assert await room.png(one.id, ME) != await room.png(other.id, ME)


async def test_a_wish_says_size_and_steps(tmp_path: Path) -> None:
    wish = PictureWish(prompt="x", width=640, height=320, steps=2, guidance=3)
    picture = await drawn(opened(tmp_path), wish)
    assert (picture.width, picture.height) == (640, 320)
    assert (picture.provenance.steps, picture.provenance.guidance) == (2, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        {"prompt": ""},
        {"prompt": "  \n"},
        {"prompt": "x" * 2001},
        {"prompt": "x", "width": 512},
        {"prompt": "x", "width": 513, "height": 512},
        {"prompt": "x", "width": 4096, "height": 4096},
        {"prompt": "x", "seed": -1},
        {"prompt": "x", "steps": 0},
        {"prompt": "x", "strength": 1},
    ],
)
def test_a_wish_that_makes_no_sense_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        PictureWish.model_validate(wrong)


async def test_without_a_model_the_message_says_who_sets_what(tmp_path: Path) -> None:
    room = studio(NoImageGenerator(), tmp_path, version="0.1.0")
    with pytest.raises(BadSettings, match="PINCITE_IMAGE_GENERATOR__KIND=diffusers"):
        await drawn(room)
    assert await room.pictures(ME) == []


async def test_what_is_on_the_list_is_refused_before_the_model_is_asked(tmp_path: Path) -> None:
    with pytest.raises(UnsafePicture, match="not drawn: 'nude' is on the list"):
        await drawn(opened(tmp_path), PictureWish(prompt="a nude"))
    assert await drawn(opened(tmp_path, word_list=False), PictureWish(prompt="a nude"))
    own = opened(tmp_path, word_list=False, refused_words=("logo",))
    with pytest.raises(UnsafePicture, match="'logo'"):
        await drawn(own, PictureWish(prompt="Our LOGO"))


async def test_pictures_are_seen_and_deleted_by_who_asked_for_them_only(tmp_path: Path) -> None:
    room = opened(tmp_path)
    anna, ben = (Scope(principals=frozenset({name})) for name in ("anna", "ben"))
    hers, his = await drawn(room, scope=anna), await drawn(room, scope=ben)
    assert [each.id for each in await room.pictures(anna)] == [hers.id]
    with pytest.raises(UnknownPicture):
        await room.png(his.id, anna)
    with pytest.raises(UnknownPicture):
        await room.delete(his.id, anna)
    await room.delete(his.id, ben)
    with pytest.raises(UnknownPicture):
        await room.png(his.id, ben)
    assert {path.stem for path in (tmp_path / "generated").iterdir()} == {hers.id}


@pytest.mark.parametrize("name", ["../library", "", "a" * 20 + "/x", "..", "A" * 20])
async def test_a_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownPicture, match="there is no generated picture"):
        await opened(tmp_path).png(GeneratedId(name), ME)


async def test_half_a_picture_is_none(tmp_path: Path) -> None:
    room = opened(tmp_path)
    whole, torn = await drawn(room), await drawn(room)
    (tmp_path / "generated" / f"{torn.id}.json").write_text('{"id": ', encoding="utf-8")
    (tmp_path / "generated" / "left-over.png").write_bytes(b"x")
    assert [each.id for each in await room.pictures(ME)] == [whole.id]


class Slow:
    """Draws until it is closed."""

    name, endpoint = "slow", "local"

    def __init__(self, *, ends: bool = False) -> None:
        self.ends = ends
        self.closed = False

    def weights(self) -> str:
        return ""

    async def draw(self, wish: PictureWish) -> AsyncGenerator[DrawingStep | Drawing, None]:
        del wish
        try:
            for step in range(1, 1_000_000):
                yield DrawingStep(step=step, steps=1_000_000)
                if self.ends:
                    return
                await asyncio.sleep(0)
        finally:
            self.closed = True


def with_model(model: Slow, folder: Path) -> LocalStudio:
    return LocalStudio(model, WordList(()), Shelf(folder / "generated"), version="1")


async def test_whoever_leaves_ends_the_work_and_nothing_is_kept(tmp_path: Path) -> None:
    slow = Slow()
    async with aclosing(with_model(slow, tmp_path).draw(WISH, ME)) as events:
        await anext(events)
    assert slow.closed
    assert files_below(tmp_path) == []


async def test_a_model_that_ends_without_a_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="slow ended without a picture"):
        await drawn(with_model(Slow(ends=True), tmp_path))
