"""After a delete with `now` the marker is in no byte of the data folder, nor in a file's name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pincite import config
from pincite.elements import Scope
from pincite.index.factory import open_index
from pincite.index.memory import MemoryIndex
from pincite.index.ports import TEXT, ElementIndex, Space
from pincite.models.fakes import FakeTextEncoder
from tests.unit.ingestion.library import (
    EVERYTHING,
    accepted,
    bytes_under,
    found,
    ingested,
    opened,
)

MARKER = "zqxjmarker"


def _edge(folder: Path) -> ElementIndex:
    encoder = FakeTextEncoder()
    space = Space(encoder=encoder.id, dimensions=encoder.dimensions)
    return open_index(config.Index(kind="edge"), folder, {TEXT: space})


def _memory(_: Path) -> ElementIndex:
    return MemoryIndex()


@pytest.fixture(params=[_memory, _edge], ids=["memory", "edge"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> ElementIndex:
    make: Callable[[Path], ElementIndex] = request.param
    return make(tmp_path / "data" / "index")


def bodies(marked: bool) -> str:
    word = MARKER if marked else "ordinary"
    kinds = ("page", "scan", "crop", "buggy", "torn", "blurred")
    return "\n".join(f"{kinds[n % 6]} {word} {n} {word}" for n in range(60))


async def test_after_a_delete_no_byte_of_the_source_is_left(
    tmp_path: Path, index: ElementIndex
) -> None:
    data = tmp_path / "data"
    files = tmp_path / "files"
    files.mkdir()
    (files / f"{MARKER}.txt").write_text(bodies(marked=True), encoding="utf-8")
    (files / "kept.txt").write_text(bodies(marked=False), encoding="utf-8")
    async with opened(data, index=index) as ingestor:
        marked, kept = (one.source for one in reversed(accepted(await ingested(ingestor, files))))
        assert marked is not None
        assert kept is not None
        assert MARKER.encode() in bytes_under(data)
        of_kept = Scope(sources=frozenset({kept}))
        count = ingestor._library.index.count(of_kept)
        texts_of_both = [found(ingestor, word)[0] for word in (MARKER, "ordinary")]
        for vector in FakeTextEncoder().embed_documents(texts_of_both):
            assert vector.tobytes() in bytes_under(data)
        await ingestor.delete(marked, now=True)
        left = bytes_under(data)
        assert MARKER.encode() not in left
        assert marked.encode() not in left
        assert kept.encode() in left
        # A vector tells much of its text, so it is content too.
        known = FakeTextEncoder().embed_documents(texts_of_both)
        assert [vector.tobytes() in left for vector in known] == [False, True]
        assert found(ingestor, MARKER) == []
        assert ingestor._library.index.count(of_kept) == count
        assert all("ordinary" in text for text in found(ingestor, "ordinary"))
        (status,) = await ingestor.statuses(EVERYTHING)
        assert status.source.id == kept
    assert MARKER.encode() not in bytes_under(data)


async def test_versions_that_were_replaced_go_too(tmp_path: Path, index: ElementIndex) -> None:
    data, path = tmp_path / "data", tmp_path / "a.txt"
    async with opened(data, index=index) as ingestor:
        path.write_text(bodies(marked=True), encoding="utf-8")
        await ingested(ingestor, path)
        path.write_text(bodies(marked=False), encoding="utf-8")
        (new,) = accepted(await ingested(ingestor, path))
        assert MARKER.encode() in bytes_under(data)
        assert new.source is not None
        await ingestor.delete(new.source, now=True)
        assert MARKER.encode() not in bytes_under(data)
