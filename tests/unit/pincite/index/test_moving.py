from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from pincite import config
from pincite.elements import Kind, Medium, Scope, SourceId, passage_id
from pincite.errors import DiskFull, IncompatibleData, IndexUnavailable
from pincite.index.edge import EdgeIndex
from pincite.index.folder import IndexFolder, Made
from pincite.index.memory import MemoryIndex
from pincite.index.moving import export_points, import_points
from pincite.index.ports import IMAGE, TEXT, Point, Space, SparseVector
from pincite.index.qdrant import QdrantIndex

SPACES = {
    TEXT: Space(encoder="one", dimensions=4),
    IMAGE: Space(encoder="two", dimensions=2),
}
MADE = Made(spaces=SPACES, words="words-1")
EVERYTHING = Scope(collections=frozenset())


def made_points(count: int = 300) -> list[Point]:
    random = np.random.default_rng(0)

    def unit(size: int) -> np.ndarray:
        drawn = random.standard_normal(size)
        return (drawn / np.linalg.norm(drawn)).astype(np.float32)

    def words(number: int) -> SparseVector:
        size = number % 3
        return SparseVector(
            np.arange(size, dtype=np.uint32), random.random(size).astype(np.float32) + 0.1
        )

    return [
        Point(
            passage=passage_id(SourceId(f"s{n % 7}"), n),
            source=SourceId(f"s{n % 7}"),
            collection="default",
            readers=frozenset({"local", f"r{n % 3}"}),
            medium=Medium.PDF,
            page=n if n % 2 else None,
            vectors={TEXT: unit(4)} | ({IMAGE: unit(2)} if n % 4 == 0 else {}),
            words=words(n),
            kinds=frozenset({Kind.TABLE} if n % 5 == 0 else {Kind.TEXT}),
            language="de" if n % 2 else None,
            day=date(2020, 1, 1 + n % 28) if n % 3 else None,
        )
        for n in range(count)
    ]


def silent(_done: int) -> None:
    pass


def fields(point: Point) -> list[object]:
    return [
        getattr(point, name) for name in Point.__slots__ if name not in ("vectors", "words")
    ] + [sorted(point.vectors), point.words.indices.tolist()]


def assert_same(found: Sequence[Point], expected: Sequence[Point]) -> None:
    assert len(found) == len(expected)
    by_name = {point.passage: point for point in found}
    for wanted in expected:
        point = by_name[wanted.passage]
        assert fields(point) == fields(wanted)
        assert np.allclose(point.words.values, wanted.words.values, atol=1e-5)
        for space, vector in wanted.vectors.items():
            assert np.allclose(point.vectors[space], vector, atol=1e-5)


def exported(tmp_path: Path) -> Path:
    index = MemoryIndex()
    index.upsert(made_points())
    file = tmp_path / "index.bin"
    assert export_points(index, MADE, file, silent) == 300
    return file


def test_every_point_comes_back_as_it_was_through_edge_a_file_and_a_server(tmp_path: Path) -> None:
    first, second = tmp_path / "first.bin", tmp_path / "second.bin"
    with EdgeIndex(IndexFolder(tmp_path / "edge"), SPACES, optimize_above=10**9) as edge:
        edge.upsert(made_points())
        export_points(edge, MADE, first, silent)
    with QdrantIndex(":memory:", MADE, config.Index()) as qdrant:
        heard: list[int] = []
        assert import_points(qdrant, MADE, first, heard.append) == 300
        assert heard[-1] == 300
        export_points(qdrant, MADE, second, silent)
    index = MemoryIndex()
    import_points(index, MADE, second, silent)
    assert_same([point for page in index.points() for point in page], made_points())
    assert not list(tmp_path.glob("*.partial"))


def test_an_import_can_be_run_again(tmp_path: Path) -> None:
    file, index = exported(tmp_path), MemoryIndex()
    index.upsert(made_points(17))
    import_points(index, MADE, file, silent)
    import_points(index, MADE, file, silent)
    assert index.count(EVERYTHING) == 300


@pytest.mark.parametrize("at", [0, 40, 2_000, -300, -10, -1])
def test_a_damaged_file_is_refused_and_the_index_is_as_it_was(tmp_path: Path, at: int) -> None:
    file, index = exported(tmp_path), MemoryIndex()
    data = bytearray(file.read_bytes())
    data[at] ^= 0x55
    file.write_bytes(bytes(data))
    with pytest.raises(IncompatibleData, match=r"index\.bin"):
        import_points(index, MADE, file, silent)
    assert index.count(EVERYTHING) == 0


@pytest.mark.parametrize("length", [0, 10, 500, 20_000, -1])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, length: int) -> None:
    file, index = exported(tmp_path), MemoryIndex()
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(IncompatibleData, match=r"index\.bin"):
        import_points(index, MADE, file, silent)
    assert index.count(EVERYTHING) == 0


def test_another_encoder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    file, index = exported(tmp_path), MemoryIndex()
    other = MADE.model_copy(update={"spaces": {TEXT: Space(encoder="new", dimensions=4)}})
    with pytest.raises(
        IncompatibleData,
        match=r"was made with .*encoder one .*; this index has text encoder new .*; nothing was",
    ):
        import_points(index, other, file, silent)
    assert index.count(EVERYTHING) == 0


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    file = exported(tmp_path)
    file.write_bytes(file.read_bytes().replace(b'"version":1', b'"version":9', 1))
    with pytest.raises(IncompatibleData, match="format pincite-index 9, not pincite-index 1"):
        import_points(MemoryIndex(), MADE, file, silent)


def test_an_export_that_fails_leaves_no_file(tmp_path: Path) -> None:
    class Torn(MemoryIndex):
        def points(self) -> Iterator[list[Point]]:
            yield made_points(3)
            raise IndexUnavailable("gone")

    with pytest.raises(IndexUnavailable):
        export_points(Torn(), MADE, tmp_path / "index.bin", silent)
    with pytest.raises(DiskFull, match="could not be written"):
        export_points(MemoryIndex(), MADE, tmp_path / "missing" / "index.bin", silent)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_index_can_be_moved(tmp_path: Path) -> None:
    file = tmp_path / "index.bin"
    assert export_points(MemoryIndex(), MADE, file, silent) == 0
    index = MemoryIndex()
    assert import_points(index, MADE, file, silent) == 0
