"""Vectors by text: nothing is embedded twice, nothing outlives its file, and room is bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from ingestion.vector_cache import VectorCache
from pincite.elements import ContentId
from pincite.models.fakes import FakeTextEncoder
from pincite.models.ports import Vectors

ONE, OTHER = ContentId("1" * 64), ContentId("2" * 64)
ROW = 4 * 128
"""Bytes of a vector of the fake."""


class Counting(FakeTextEncoder):
    def __init__(self, dimensions: int = 128) -> None:
        super().__init__(dimensions)
        self.asked: list[str] = []

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().embed_documents(texts)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[VectorCache]:
    with VectorCache(tmp_path / "vectors.db", most_bytes=10 * ROW) as opened:
        yield opened


def keep(cache: VectorCache, content: ContentId, *texts: str, encoder: FakeTextEncoder) -> None:
    vectors = cache.embedded(encoder, texts)
    cache.keep(encoder.id, zip([content] * len(texts), texts, vectors, strict=True))


def asked(cache: VectorCache, *texts: str, dimensions: int = 128) -> list[str]:
    """What has to be embedded."""
    encoder = Counting(dimensions)
    vectors = cache.embedded(encoder, texts)
    assert np.array_equal(vectors, FakeTextEncoder(dimensions).embed_documents(texts))
    return encoder.asked


def test_a_text_is_embedded_once_per_encoder(cache: VectorCache) -> None:
    encoder = FakeTextEncoder()
    assert cache.embedded(encoder, []).shape == (0, 128)
    keep(cache, ONE, "rain", "snow", encoder=encoder)
    assert asked(cache, "snow", "hail", "rain", "hail") == ["hail", "hail"]
    assert asked(cache, "rain", dimensions=64) == ["rain"]


def test_a_vector_goes_with_the_last_content_that_holds_its_text(cache: VectorCache) -> None:
    encoder = FakeTextEncoder()
    keep(cache, ONE, "rain", "snow", encoder=encoder)
    keep(cache, OTHER, "rain", encoder=encoder)
    keep(cache, ONE, "snow", encoder=FakeTextEncoder(64))
    assert cache.contents() == {ONE, OTHER}
    cache.forget(ONE)
    assert asked(cache, "rain", "snow") == ["snow"]
    assert asked(cache, "snow", dimensions=64) == ["snow"]
    cache.forget(OTHER)
    assert asked(cache, "rain") == ["rain"]
    assert cache.contents() == set()


def test_no_byte_of_a_forgotten_vector_is_left(cache: VectorCache, tmp_path: Path) -> None:
    encoder = FakeTextEncoder()
    keep(cache, ONE, "rain", encoder=encoder)
    vector = encoder.embed_query("rain").tobytes()

    def files() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert vector in files()
    cache.forget(ONE)
    cache.purge()
    assert vector not in files()


def test_what_was_added_first_goes_when_the_room_is_full(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(25)]
    path = tmp_path / "vectors.db"
    for text in texts:  # opened anew each time: how much is taken is known from the file
        with VectorCache(path, most_bytes=10 * ROW) as cache:
            keep(cache, ONE, text, encoder=FakeTextEncoder())
    with VectorCache(path, most_bytes=10 * ROW) as cache:
        missing = asked(cache, *texts)
        assert missing == texts[: len(missing)]
        assert 15 <= len(missing) <= 16
    with VectorCache(tmp_path / "none.db", most_bytes=0) as none:
        keep(none, ONE, "rain", encoder=FakeTextEncoder())
        assert asked(none, "rain") == ["rain"]
