from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from pincite.elements import Kind
from pincite.models.ports import RecognizedWord
from pincite.models.region_labels import (
    CDLA,
    DOCLAYNET,
    FUNSD,
    PUBLAYNET,
    Kinds,
    kind_of,
    kinds_for,
)
from pincite.models.word_regions import Verdict, regions_of, verdicts_of


def _word(left: float, top: float, width: float = 40, height: float = 10) -> RecognizedWord:
    right, bottom = left + width, top + height
    quad = ((left, top), (right, top), (right, bottom), (left, bottom))
    return RecognizedWord(text="w", quad=quad, confidence=1)


def _found(
    placed: Sequence[tuple[float, float, str]], kinds: Kinds
) -> list[tuple[str, tuple[float, ...]]]:
    words = [_word(left, top) for left, top, _ in placed]
    verdicts = [Verdict(label, 0.9) for _, _, label in placed]
    return sorted(
        (region.label, (region.left, region.top, region.right, region.bottom))
        for region in regions_of(words, verdicts, kinds)
    )


def test_neighbours_of_one_label_are_one_region_and_columns_stay_apart() -> None:
    left = [(x, y, "Text") for y in (0, 14, 28) for x in (0, 45)]
    right = [(x, y, "Text") for y in (0, 14, 28) for x in (200, 245)]
    assert _found([*left, *right], DOCLAYNET) == [
        ("text", (0, 0, 85, 38)),
        ("text", (200, 0, 285, 38)),
    ]


def test_cells_far_apart_are_still_one_table() -> None:
    cells = [(x, y, "Table") for y in (0, 25, 50) for x in (0, 110, 220)]
    assert _found(cells, DOCLAYNET) == [("table", (0, 0, 260, 60))]


def test_another_label_between_splits_nothing_that_is_near() -> None:
    placed: list[tuple[float, float, str]] = [
        (0, 0, "Section-header"),
        (0, 14, "Text"),
        (0, 28, "Text"),
    ]
    assert _found(placed, DOCLAYNET) == [
        ("section-header", (0, 0, 40, 10)),
        ("text", (0, 14, 40, 38)),
    ]


def test_bio_labels_begin_a_region_even_where_words_touch() -> None:
    placed: list[tuple[float, float, str]] = [
        (0, 0, "B-QUESTION"),
        (45, 0, "I-QUESTION"),
        (90, 0, "B-QUESTION"),
        (135, 0, "B-ANSWER"),
        (135, 14, "I-ANSWER"),
        (400, 400, "O"),
    ]
    assert _found(placed, FUNSD) == [
        ("answer", (135, 0, 175, 24)),
        ("o", (400, 400, 440, 410)),
        ("question", (0, 0, 85, 10)),
        ("question", (90, 0, 130, 10)),
    ]


def test_an_inside_label_goes_on_with_the_nearest_entity_in_reach() -> None:
    """Two answers side by side whose second lines come after both first lines."""
    placed: list[tuple[float, float, str]] = [
        (0, 0, "B-ANSWER"),
        (200, 0, "B-ANSWER"),
        (0, 14, "I-ANSWER"),
        (200, 14, "I-ANSWER"),
    ]
    assert _found(placed, FUNSD) == [
        ("answer", (0, 0, 40, 24)),
        ("answer", (200, 0, 240, 24)),
    ]


def test_words_close_together_in_a_line_decide_together_unless_entities_begin_anywhere() -> None:
    words = [_word(0, 0), _word(45, 0), _word(90, 0), _word(300, 0)]
    sure = np.array([[0.9, 0.1], [0.3, 0.7], [0.0, 0.0], [0.2, 0.8]])
    decided = verdicts_of(sure, words, ("Text", "Table"))
    assert [verdict.label for verdict in decided] == ["Text", "Text", "Text", "Table"]
    assert decided[0].confidence == pytest.approx(0.6)
    alone = verdicts_of(sure, words, ("B-ANSWER", "O"))
    assert [verdict.label for verdict in alone] == ["B-ANSWER", "O", "O", "O"]
    assert [round(verdict.confidence, 6) for verdict in alone] == [0.9, 0.7, 0.0, 0.8]


def test_confidence_is_the_mean_and_the_surest_region_comes_first() -> None:
    words = [_word(0, 0), _word(45, 0), _word(0, 300)]
    verdicts = [Verdict("text", 0.4), Verdict("text", 0.6), Verdict("table", 0.8)]
    regions = regions_of(words, verdicts, PUBLAYNET)
    assert [(r.label, round(r.confidence, 6)) for r in regions] == [("table", 0.8), ("text", 0.5)]
    assert regions_of([], [], PUBLAYNET) == []


@pytest.mark.parametrize(
    ("labels", "scheme"),
    [
        (["Text", "Title", "List", "Table", "Figure"], PUBLAYNET),
        (["Caption", "List-item", "Page-header", "Section-header", "Text"], DOCLAYNET),
        (["O", "B-HEADER", "I-HEADER", "B-QUESTION", "B-ANSWER"], FUNSD),
        (["text", "figure_caption", "header", "equation"], CDLA),
    ],
)
def test_the_scheme_is_told_by_its_labels(labels: list[str], scheme: Kinds) -> None:
    assert kinds_for(labels) is scheme
    assert all(kind_of(label, scheme) for label in labels)


def test_a_title_is_a_heading_in_publaynet_and_the_document_title_in_doclaynet() -> None:
    assert kind_of("Title", PUBLAYNET) is Kind.HEADING
    assert kind_of("Title", DOCLAYNET) is Kind.TITLE
    assert kind_of("list_item", DOCLAYNET) is Kind.LIST_ITEM


def test_labels_that_no_scheme_knows_have_no_kind() -> None:
    kinds = kinds_for(["LABEL_0", "LABEL_1"])
    assert kind_of("LABEL_0", kinds) is None
