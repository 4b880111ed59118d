from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.models.ports import Quad
from pincite.models.word_windows import (
    Window,
    best_window,
    first_tokens,
    per_word,
    scaled_boxes,
    windows_of,
)


def _quad(left: float, top: float, right: float, bottom: float) -> Quad:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def test_boxes_are_thousandths_of_the_page_rounded_down_and_cut_at_its_edge() -> None:
    quads = [_quad(0, 0, 50, 33.39), _quad(-9, 190, 101, 205)]
    assert scaled_boxes(quads, 100, 200).tolist() == [[0, 0, 500, 166], [0, 950, 1000, 1000]]
    assert scaled_boxes([], 100, 200).shape == (0, 4)


def test_a_leaning_quad_gives_the_upright_box_around_it() -> None:
    leaning = ((10.0, 20.0), (30.0, 10.0), (32.0, 18.0), (12.0, 28.0))
    assert scaled_boxes([leaning], 100, 100).tolist() == [[100, 100, 320, 280]]


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (0, []),
        (10, [(0, 10)]),
        (11, [(0, 10), (6, 11)]),
        (16, [(0, 10), (6, 16)]),
        (17, [(0, 10), (6, 16), (12, 17)]),
    ],
)
def test_windows_step_by_their_size_less_the_overlap(
    tokens: int, expected: list[tuple[int, int]]
) -> None:
    assert windows_of(tokens, 10, 4) == [Window(*each) for each in expected]


@given(st.integers(1, 300), st.integers(1, 60), st.integers(0, 80))
def test_every_token_is_in_a_window_and_no_window_is_too_long(
    tokens: int, size: int, overlap: int
) -> None:
    windows = windows_of(tokens, size, overlap)
    assert {token for window in windows for token in range(*window)} == set(range(tokens))
    assert all(0 < window.end - window.start <= size for window in windows)
    for token in range(tokens):
        chosen = windows[best_window(token, windows)]
        assert chosen.start <= token < chosen.end


def test_a_token_is_judged_where_its_nearer_cut_is_farthest() -> None:
    windows = windows_of(16, 10, 4)
    assert [best_window(token, windows) for token in (0, 7, 8, 15)] == [0, 0, 1, 1]


def test_a_word_is_judged_by_its_first_token_and_a_dropped_word_not_at_all() -> None:
    first = first_tokens([0, 0, 2, 2, 2, 3], 4)
    assert first.tolist() == [0, -1, 2, 5]
    windows = [Window(0, 4), Window(3, 6)]
    said = [np.array([[0.1], [0.2], [0.3], [0.4]]), np.array([[0.5], [0.6], [0.7]])]
    assert per_word(said, windows, first, 1).ravel().tolist() == [0.1, 0.0, 0.3, 0.7]
