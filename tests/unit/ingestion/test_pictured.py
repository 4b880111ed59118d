from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingestion.passages import make_passages
from ingestion.pictured import PictureSpace, picture_passages
from pincite.blobs import BlobStore
from pincite.elements import (
    BlobKey,
    Element,
    ElementId,
    How,
    Kind,
    ParsedElement,
    Passage,
    PassageId,
    SourceId,
)
from pincite.errors import UnsupportedMedia
from pincite.locators import PageBox
from pincite.models.ports import Modality, Picture, Vectors, Wave

BOX = PageBox(left=0, top=0, right=9, bottom=9, page=3, page_width=595, page_height=842)
CONTENT = hashlib.sha256(b"a file").hexdigest()


def element(kind: Kind, text: str = "", crop: str | None = None) -> ParsedElement:
    return ParsedElement(
        kind=kind,
        text=text,
        locators=(BOX,),
        how=How.TEXT_LAYER,
        crop=BlobKey(f"{CONTENT}/{crop}") if crop else None,
    )


class Colours:
    """The mean colour of a picture is its direction."""

    id, dimensions, calibration, degraded = "colours", 3, None, ""
    modalities: frozenset[Modality] = frozenset({"picture"})

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        raise UnsupportedMedia("colours have no words")

    def embed_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        means = np.array([picture.mean(axis=(0, 1)) for picture in pictures], np.float32)
        return means.reshape(-1, 3) / np.linalg.norm(means, axis=-1, keepdims=True)

    def embed_sounds(self, sounds: Sequence[Wave]) -> Vectors:
        raise UnsupportedMedia("colours make no sound")

    def warm_up(self) -> None:
        return


def test_a_photo_without_a_word_has_a_passage_of_its_own() -> None:
    elements = [element(Kind.PHOTO, crop="a.png")]
    (own,) = picture_passages(elements, make_passages(elements))
    assert (own.elements, own.text, own.page) == ((0,), "", 3)


def test_a_passage_that_shows_one_picture_stands_for_it() -> None:
    elements = [
        element(Kind.FIGURE, "Fuel by month", crop="a.png"),
        element(Kind.CAPTION, "Figure 1. Fuel."),
    ]
    passages = make_passages(elements)
    assert any(0 in passage.elements for passage in passages)
    assert picture_passages(elements, passages) == []


def test_each_of_several_pictures_in_one_passage_gets_its_own() -> None:
    elements = [
        element(Kind.FIGURE, "Fuel", crop="a.png"),
        element(Kind.TEXT, "Both charts are of May."),
        element(Kind.FIGURE, "Water", crop="b.png"),
    ]
    passages = make_passages(elements)
    if any({0, 2} <= set(passage.elements) for passage in passages):
        assert [own.elements for own in picture_passages(elements, passages)] == [(0,), (2,)]
    else:
        assert picture_passages(elements, passages) == []


def test_a_picture_and_what_a_machine_says_of_it_are_one_picture() -> None:
    elements = [element(Kind.PHOTO, crop="a.png"), element(Kind.PHOTO, "A red ox.", crop="a.png")]
    assert picture_passages(elements, make_passages(elements)) == []
    (own,) = picture_passages(elements, [])
    assert own.elements == (0,)


def test_tables_and_figures_that_were_not_cut_out_are_no_pictures() -> None:
    elements = [element(Kind.TABLE, "a | b", crop="t.png"), element(Kind.FIGURE, "x")]
    assert picture_passages(elements, []) == []


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    store = BlobStore(tmp_path / "blobs")
    for name, colour in (("red.png", (255, 0, 0)), ("blue.png", (0, 0, 255))):
        data = io.BytesIO()
        Image.new("RGB", (4, 4), colour).save(data, "PNG")
        store.put(BlobKey(f"{CONTENT}/{name}"), data.getvalue())
    return store


def shown(ordinal: int, *parts: ParsedElement) -> tuple[Passage, tuple[Element, ...]]:
    source = SourceId("s")
    elements = tuple(
        Element(**dict(part), id=ElementId(f"s.{ordinal}{n}"), source=source)
        for n, part in enumerate(parts)
    )
    passage = Passage(
        id=PassageId(f"s.p{ordinal}"),
        source=source,
        elements=tuple(each.id for each in elements),
        text="",
    )
    return passage, elements


def test_passages_that_stand_for_a_picture_have_its_vector(blobs: BlobStore) -> None:
    red, blue, lost = (element(Kind.PHOTO, crop=f"{n}.png") for n in ("red", "blue", "lost"))
    found = [shown(0, red), shown(1, element(Kind.TEXT, "x"), blue), shown(2, red, blue)]
    found += [shown(3, lost), shown(4, element(Kind.TEXT, "y"))]
    encoder = Colours()
    vectors = PictureSpace(encoder, blobs).vectors({each[0].id: each for each in found})
    assert {passage: vector.round(2).tolist() for passage, vector in vectors.items()} == {
        "s.p0": [1, 0, 0],
        "s.p1": [0, 0, 1],
    }


def test_no_picture_no_vector(blobs: BlobStore) -> None:
    assert PictureSpace(Colours(), blobs).vectors({}) == {}
