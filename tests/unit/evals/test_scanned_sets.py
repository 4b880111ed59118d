import json
from pathlib import Path

import pytest

from evals.datasets import funsd, sroie
from evals.datasets.marked import MarkedText
from pincite.errors import CorruptSource

WORD = {"box": [10, 20, 40, 30], "text": "DATE:"}
ENTITY = {**WORD, "id": 0, "label": "question", "words": [WORD], "linking": [[0, 1]]}


def form(folder: Path, *entities: object, split: str = "testing_data") -> None:
    for name in ("images", "annotations"):
        (folder / split / name).mkdir(parents=True)
    (folder / split / "images" / "a.png").write_bytes(b"")
    told = json.dumps({"form": entities})
    (folder / split / "annotations" / "a.json").write_text(told, "utf-8")


def test_a_form_gives_words_entities_and_links(tmp_path: Path) -> None:
    form(tmp_path, ENTITY)
    (only,) = funsd.read(tmp_path)
    assert only.entities[0].linking == ((0, 1),)
    assert only.page.texts == (MarkedText(text="DATE:", left=10, top=20, right=40, bottom=30),)
    assert list(funsd.read(tmp_path, "training_data")) == []


def test_an_annotation_of_another_format_is_named(tmp_path: Path) -> None:
    form(tmp_path, {"text": "no box"})
    with pytest.raises(CorruptSource, match=r"a\.json"):
        list(funsd.read(tmp_path))


def receipt(folder: Path, box: str, key: object) -> None:
    for name, text in (("img", ""), ("box", box), ("key", json.dumps(key))):
        (folder / name).mkdir(parents=True)
        ending = {"img": "jpg", "box": "csv", "key": "json"}[name]
        (folder / name / f"000.{ending}").write_text(text, "utf-8")


def test_a_receipt_gives_lines_with_commas_and_its_fields(tmp_path: Path) -> None:
    receipt(tmp_path, "1,2,30,2,30,9,1,9,NO.5, JALAN 1,\n", {"total": "9.00", "date": ""})
    (only,) = sroie.read(tmp_path)
    assert only.lines == (MarkedText(text="NO.5, JALAN 1,", left=1, top=2, right=30, bottom=9),)
    assert only.fields == {"total": "9.00"}
    assert only.split == "all"


def test_splits_in_folders_are_found(tmp_path: Path) -> None:
    receipt(tmp_path / "test", "1,2,30,2,30,9,1,9,X\n", {})
    assert [only.split for only in sroie.read(tmp_path)] == ["test"]


def test_a_box_file_of_another_format_is_named(tmp_path: Path) -> None:
    receipt(tmp_path, "1,2,3\n", {})
    with pytest.raises(CorruptSource, match=r"000\.csv"):
        list(sroie.read(tmp_path))
