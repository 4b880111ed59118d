"""Machine captions: asked for once, kept beside the picture, and never more than a way to find."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from ingestion.captions import Captioner
from ingestion.readers.ports import UnitRead
from pincite.blobs import BlobStore
from pincite.config import LiteLLMCaptions, NoCaptions
from pincite.elements import BlobKey, ContentId, How, Kind, ParsedElement
from pincite.errors import ModelUnavailable, Withheld
from pincite.locators import ImageBox
from pincite.models.factory import picture_describer

CONTENT = ContentId("a" * 64)
BOX = ImageBox(left=0, top=0, right=9, bottom=9, image_width=9, image_height=9)


class Describer:
    """Says what it was told to, and remembers what it was shown."""

    id = "describer-1"

    def __init__(self, *said: str) -> None:
        self.said = list(said)
        self.shown: list[int] = []

    def describe(self, pictures: Sequence[bytes]) -> list[str]:
        if not self.said:
            raise ModelUnavailable("the model does not answer")
        self.shown.append(len(pictures))
        return [self.said.pop(0) for _ in pictures]


def _png(side: int = 64, gray: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("L", (side, side), gray).save(out, "PNG")
    return out.getvalue()


def _unit(*pictures: bytes) -> UnitRead:
    crops = {f"{CONTENT}/u1-{number}-x": png for number, png in enumerate(pictures)}
    photos = [
        ParsedElement(kind=Kind.PHOTO, text="", locators=(BOX,), how=How.OCR, crop=BlobKey(key))
        for key in crops
    ]
    text = ParsedElement(kind=Kind.TEXT, text="Read.", locators=(BOX,), how=How.OCR)
    return UnitRead(elements=(*photos, text), how="ocr", crops=crops)


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path)


def test_a_caption_stands_behind_its_picture_and_may_not_support(blobs: BlobStore) -> None:
    read = Captioner(Describer("A crane.", "A ship."), blobs).described(
        CONTENT, _unit(_png(), _png(gray=9))
    )
    assert [each.text for each in read.elements] == ["", "A crane.", "", "A ship.", "Read."]
    caption = read.elements[1]
    assert caption.how is How.MACHINE_CAPTION
    assert not caption.how.may_support
    assert (caption.locators, caption.crop) == ((BOX,), read.elements[0].crop)


def test_pictures_go_out_together_and_none_goes_out_twice(blobs: BlobStore) -> None:
    describer = Describer("A crane.", "A ship.")
    unit = _unit(_png(), _png(gray=9), _png())
    first = Captioner(describer, blobs).described(CONTENT, unit)
    assert describer.shown == [2]
    again = Captioner(describer, blobs).described(CONTENT, unit)
    assert again == first
    assert describer.shown == [2]


def test_captions_go_with_the_file(blobs: BlobStore, tmp_path: Path) -> None:
    Captioner(Describer("A purple crane."), blobs).described(CONTENT, _unit(_png()))
    blobs.delete(CONTENT)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_rules_and_bullets_are_not_described(blobs: BlobStore) -> None:
    unit = _unit(_png(side=20))
    assert Captioner(Describer("A dot."), blobs).described(CONTENT, unit) == unit


def test_a_model_that_does_not_answer_costs_a_note_only(blobs: BlobStore) -> None:
    unit = _unit(_png())
    read = Captioner(Describer(), blobs).described(CONTENT, unit)
    assert read.elements == unit.elements
    assert read.warnings == ("pictures were not described: the model does not answer",)


def test_pictures_leave_the_machine_only_where_that_was_said() -> None:
    assert picture_describer(NoCaptions()) is None
    away = picture_describer(LiteLLMCaptions(model="openai/gpt-4o"))
    assert away is not None
    with pytest.raises(Withheld, match=r"api\.openai\.com"):
        away.describe([_png()])


def test_pictures_that_may_not_be_sent_are_noted(blobs: BlobStore) -> None:
    away = picture_describer(LiteLLMCaptions(model="openai/gpt-4o"))
    assert away is not None
    read = Captioner(away, blobs).described(CONTENT, _unit(_png()))
    assert "nothing may be sent to api.openai.com" in read.warnings[0]
