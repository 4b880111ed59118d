from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from pincite.elements import Medium, PassageId, Scope, SourceId
from pincite.errors import CorruptSource
from pincite.index.memory import MemoryIndex
from pincite.index.ports import IMAGE, Point
from pincite.index.words import Bm25Words
from pincite.models.fake_text import FakeTextEncoder
from pincite.models.joint_space import not_embedded, unit_length
from pincite.models.ports import Calibration, Modality, Picture, Vectors, Wave
from retrievers.dense import DenseFinder
from retrievers.fused import weights_of
from retrievers.pictures import Box, Means, PictureFinder, centred_sum, part_of
from retrievers.words import WordsFinder

COLOURS = ("red", "green", "blue")
EVERYTHING = Scope()


class Colours:
    """Words name colours; texts lie apart from pictures, as CLIP's do."""

    id, dimensions, degraded = "colours", 4, "only three colours"
    calibration: Calibration | None = None
    modalities: frozenset[Modality] = frozenset({"text", "picture"})

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return unit_length([[*(2.0 * (c in t) for c in COLOURS), 3.0] for t in texts])

    def embed_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        return unit_length([[*(p.mean(axis=(0, 1)) / 100), -3.0] for p in pictures])

    def embed_sounds(self, sounds: Sequence[Wave]) -> Vectors:
        raise not_embedded(self.id, "sound")

    def warm_up(self) -> None:
        return


def flat(*colour: int) -> Picture:
    return np.full((6, 8, 3), colour, dtype=np.uint8)


SHOWN = {
    "red": flat(255, 0, 0),
    "green": flat(0, 255, 0),
    "blue": flat(0, 0, 255),
    "dark red": flat(120, 0, 0),
    "dark blue": flat(0, 0, 120),
}


@pytest.fixture
def finder() -> PictureFinder:
    encoder, index = Colours(), MemoryIndex()
    vectors = encoder.embed_pictures(list(SHOWN.values()))
    for (name, _), vector in zip(SHOWN.items(), vectors, strict=True):
        index.upsert([_point(name, {IMAGE: vector})])
    index.upsert([_point("a text", {"text": np.ones(4, np.float32)})])
    texts = encoder.embed_texts(COLOURS)
    return PictureFinder(index, encoder, Means(vectors.mean(axis=0), texts.mean(axis=0)))


def _point(name: str, vectors: dict[str, np.ndarray], reader: str = "local") -> Point:
    return Point(
        passage=PassageId(name),
        source=SourceId(name),
        collection="default",
        readers=frozenset({reader}),
        medium=Medium.IMAGE,
        page=None,
        vectors=vectors,
        words=Bm25Words().embed_query(""),
    )


def test_a_picture_finds_itself_and_then_what_looks_like_it(finder: PictureFinder) -> None:
    found = [hit.passage for hit in finder.find_like(SHOWN["blue"], EVERYTHING, keep=2)]
    assert found == ["blue", "dark blue"]


def test_pictures_of_few_files_are_found_whatever_they_show(finder: PictureFinder) -> None:
    named = Scope(sources=frozenset(map(SourceId, ("red", "dark blue", "a text"))))
    found = [hit.passage for hit in finder.find_all("blue", named, keep=5)]
    assert found == ["dark blue", "red"]
    nobody = Scope(principals=frozenset({"other"}), sources=named.sources)
    assert finder.find_all("blue", nobody, keep=5) == []


class Sure(Colours):
    """Knows from which cosine on a picture shows what is said."""

    calibration = Calibration(scale=10, bias=-1)


def test_only_a_list_that_may_be_empty_counts_as_much_as_all_lists_of_texts() -> None:
    index = MemoryIndex()
    texts = (DenseFinder(index, FakeTextEncoder()), WordsFinder(index, Bm25Words()))
    sure, unsure = PictureFinder(index, Sure()), PictureFinder(index, Colours())
    assert weights_of([*texts, sure]) == {"dense": 1, "words": 1, "pictures": 2}
    assert weights_of([*texts, unsure]) == {"dense": 1, "words": 1}
    assert weights_of([sure]) == {"pictures": 1}


def test_a_part_of_a_page_finds_what_it_shows(finder: PictureFinder) -> None:
    page = np.concatenate([SHOWN["red"], SHOWN["green"]], axis=1)
    found = finder.find_part(page, Box(0.5, 0, 1, 1), EVERYTHING, keep=1)
    assert [hit.passage for hit in found] == ["green"]


def test_a_picture_and_words_meet_in_the_middle(finder: PictureFinder) -> None:
    found = finder.find_like_but(SHOWN["dark red"], "but blue", EVERYTHING, keep=1)
    assert found[0].passage in {"blue", "dark blue"}
    same = finder.find_like_but(SHOWN["dark red"], " ", EVERYTHING, keep=3)
    assert same == finder.find_like(SHOWN["dark red"], EVERYTHING, keep=3)


def test_the_sum_of_centred_vectors_lies_in_no_gap() -> None:
    encoder = Colours()
    pictures, texts = encoder.embed_pictures(list(SHOWN.values())), encoder.embed_texts(COLOURS)
    means = Means(pictures.mean(axis=0), texts.mean(axis=0))
    query = centred_sum(pictures[0], texts[2], means, weight=0.5)
    assert np.isclose(np.linalg.norm(query), 1, atol=1e-5)
    assert query[2] > 0 < query[0]
    assert abs(query[3]) < 0.2


def test_nothing_is_asked_where_nothing_is_looked_for(finder: PictureFinder) -> None:
    assert finder.find(" ", EVERYTHING, keep=5) == []
    assert finder.find_like(SHOWN["red"], EVERYTHING, keep=0) == []
    assert finder.find_like(SHOWN["red"], Scope(principals=frozenset({"other"})), keep=5) == []
    assert finder.degraded == "only three colours"


def test_a_part_is_at_least_a_pixel_and_stays_inside() -> None:
    assert part_of(SHOWN["red"], Box(0.99, 0.99, 1, 1)).shape == (1, 1, 3)
    assert part_of(SHOWN["red"], Box(-1, -1, 2, 2)).shape == SHOWN["red"].shape
    with pytest.raises(CorruptSource, match="empty"):
        part_of(SHOWN["red"], Box(0.5, 0, 0.5, 1))
