from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from evals.among_texts import (
    BY_COSINE,
    EVERY_PICTURE,
    TEXTS_ALONE,
    AmongTexts,
    paragraph,
    photo,
)
from evals.datasets import imagenet_sample, opencqa
from evals.photo_search import COMPOSED, composed, ranked, siblings
from evals.results import PRODUCT
from pincite.errors import CorruptSource
from pincite.models.fake_text import FakeTextEncoder
from pincite.models.joint_space import not_embedded
from pincite.models.label_joint import labels
from pincite.models.ports import Calibration, Modality, Picture, Vectors, Wave


def _set(folder: Path, *names: str) -> Path:
    (folder / "images").mkdir(parents=True)
    lines = [{"image": f"{n}.JPEG", "label": n, "wnid": "n0"} for n in names]
    for name in names:
        (folder / "images" / f"{name}.JPEG").write_bytes(b"x")
    (folder / "labels.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return folder


def test_photos_have_their_names_as_queries_and_those_that_were_written(tmp_path: Path) -> None:
    photos = imagenet_sample.read(_set(tmp_path, "toaster", "borzoi"))
    queries = imagenet_sample.queries(photos)
    assert [query.text for query in queries[:2]] == ["toaster", "borzoi"]
    kinds = {query.kind for query in queries if query.labels == frozenset({"toaster"})}
    assert {"name", "paraphrase", "attribute"} <= kinds
    assert all(query.labels <= {"toaster", "borzoi"} for query in queries)


def test_written_queries_name_classes_of_the_classifier_and_never_in_their_own_words() -> None:
    known = {name for label in labels() for name in label.names}
    for query in imagenet_sample._written():
        assert query.labels <= known, query
        if query.kind != "hypernym":
            assert not any(label.casefold() == query.text.casefold() for label in query.labels)


def test_at_least_sixty_queries_of_each_half_are_written() -> None:
    parts = [query.part for query in imagenet_sample._written()]
    assert min(parts.count("dev"), parts.count("test")) >= 60


def test_a_photo_that_is_missing_is_told(tmp_path: Path) -> None:
    folder = _set(tmp_path, "toaster")
    (folder / "images" / "toaster.JPEG").unlink()
    with pytest.raises(CorruptSource, match=r"toaster\.JPEG is missing"):
        imagenet_sample.read(folder)
    with pytest.raises(CorruptSource, match=r"labels\.jsonl"):
        imagenet_sample.read(tmp_path / "nothing")


def test_charts_are_read_with_what_is_asked_of_them(tmp_path: Path) -> None:
    (tmp_path / "chart_images").mkdir()
    (tmp_path / "chart_images" / "7.png").write_bytes(b"x")
    row = {"id": "7", "image": "7.png", "title": "T", "summary": "S", "question": "Q?"}
    (tmp_path / "val.jsonl").write_text(json.dumps(row) + "\n\n", encoding="utf-8")
    [chart] = opencqa.read(tmp_path)
    assert (chart.split, chart.question, chart.title, chart.answer) == ("val", "Q?", "T", "")
    (tmp_path / "val.jsonl").write_text("{}", encoding="utf-8")
    with pytest.raises(CorruptSource, match="line 1 of OpenCQA's val"):
        list(opencqa.read(tmp_path))


def test_siblings_are_of_one_kind_and_not_the_class_itself() -> None:
    assert siblings(["borzoi", "toaster", "Ibizan hound"]) == [[2], [], [0]]


def test_the_photo_that_was_shown_comes_last_whatever_the_way() -> None:
    seen = np.eye(3, dtype=np.float32)
    said = np.eye(3, dtype=np.float32)[:2]
    ways = composed(0, said[1], seen, said)
    assert all(ranked(scores[None])[0][-1] == 0 for scores in ways.values())
    assert ranked(ways[COMPOSED][None])[0][0] == 1


class Loud:
    """A space in which every picture is near to every word."""

    id, dimensions, degraded = "loud", 2, ""
    calibration = Calibration(scale=100, bias=-99.5)
    modalities: frozenset[Modality] = frozenset({"text", "picture"})

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1, 0] for _ in texts], dtype=np.float32)

    def embed_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        raise not_embedded(self.id, "picture")

    def embed_sounds(self, sounds: Sequence[Wave]) -> Vectors:
        raise not_embedded(self.id, "sound")

    def warm_up(self) -> None:
        return


def test_photos_among_texts_are_joined_in_every_way() -> None:
    seen = np.array([[1, 0], [0.9, 0.43589]], dtype=np.float32)
    texts = ["the tower is tall", "lunch is at noon"]
    found = AmongTexts(FakeTextEncoder(), Loud(), seen, texts).joined("a tall house")
    assert found.orders[BY_COSINE][0] == photo(0)
    assert found.orders[PRODUCT][:2] == [paragraph(0), photo(0)]
    assert photo(1) not in found.orders[PRODUCT]
    assert photo(1) in found.orders[EVERY_PICTURE]
    assert set(found.orders[TEXTS_ALONE]) <= {paragraph(0), paragraph(1)}
    assert found.offset < 0
