import json
from pathlib import Path

import pytest
from PIL import Image

from evals.datasets.coco import load
from evals.scorers.average_precision import (
    Box,
    Guessed,
    Marked,
    average_precision,
    mean_average_precision,
    overlap,
)

ONE, TWO = Box(0, 0, 10, 10), Box(20, 0, 30, 10)
FAR = Box(50, 50, 60, 60)
TRUTH = (Marked("text", ONE), Marked("text", TWO))


def guess(box: Box, confidence: float, label: str = "text") -> Guessed:
    return Guessed(label, box, confidence)


def test_overlap_is_shared_over_joint_area() -> None:
    assert overlap(ONE, ONE) == 1
    assert overlap(ONE, Box(0, 0, 10, 5)) == pytest.approx(0.5)
    assert overlap(ONE, FAR) == 0


def test_all_right_is_one_and_nothing_found_is_zero() -> None:
    assert average_precision([(TRUTH, [guess(ONE, 0.9), guess(TWO, 0.8)])], "text") == 1
    assert average_precision([(TRUTH, [])], "text") == 0
    assert average_precision([(TRUTH, [])], "table") is None


def test_half_of_the_recall_is_51_of_101_places() -> None:
    assert average_precision([(TRUTH, [guess(ONE, 0.9)])], "text") == pytest.approx(51 / 101)


def test_a_surer_wrong_guess_halves_the_precision() -> None:
    found = [guess(FAR, 0.95), guess(ONE, 0.9), guess(TWO, 0.8)]
    # precisions 0, 1/2, 2/3; the best from each recall on is 2/3 everywhere
    assert average_precision([(TRUTH, found)], "text") == pytest.approx(2 / 3)


def test_thresholds_that_a_loose_box_misses_count_as_zero() -> None:
    loose = [guess(Box(0, 0, 10, 7), 0.9)]
    # an overlap of .7 meets .5, .55, .6, .65 and .7
    value = average_precision([((Marked("text", ONE),), loose)], "text")
    assert value == pytest.approx(0.5)


def test_a_box_is_matched_once_and_crowds_forgive() -> None:
    twice = [guess(ONE, 0.9), guess(ONE, 0.8)]
    assert average_precision([((Marked("text", ONE),), twice)], "text") == 1
    crowd = (Marked("text", TWO), Marked("text", ONE, is_crowd=True))
    assert average_precision([(crowd, [guess(ONE, 0.9), guess(TWO, 0.8)])], "text") == 1


def test_the_mean_is_over_labels_of_the_truth() -> None:
    truth = (Marked("text", ONE), Marked("table", TWO))
    pages = [(truth, [guess(ONE, 0.9)])]
    assert mean_average_precision(pages, ["text", "table", "list"]) == pytest.approx(0.5)


def test_coco_files_give_boxes_by_page(tmp_path: Path) -> None:
    Image.new("RGB", (20, 20)).save(tmp_path / "a.jpg")
    annotations = {
        "images": [{"id": 7, "file_name": "a.jpg"}, {"id": 8, "file_name": "absent.jpg"}],
        "annotations": [{"image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4], "iscrowd": 0}],
        "categories": [{"id": 1, "name": "text"}],
    }
    (tmp_path / "val.json").write_text(json.dumps(annotations), encoding="utf-8")
    (tmp_path / "other.json").write_text("[]", encoding="utf-8")
    (pages,) = load(tmp_path)
    assert pages.split == "val"
    assert [page.truth for page in pages.pages] == [(Marked("text", Box(1, 2, 4, 6)),)]
