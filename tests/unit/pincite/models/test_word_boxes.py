from __future__ import annotations

import numpy as np
import pytest

from pincite.models.line_pictures import HEIGHT
from pincite.models.ports import Picture
from pincite.models.word_boxes import Letters, words_of

PITCH, LETTER = 24, 16


def _line(shape: str, *, ruled: bool = False) -> Picture:
    """A block of ink for every letter that is not a blank, on white paper."""
    picture = np.full((HEIGHT, PITCH * len(shape), 3), 255, dtype=np.uint8)
    for place, letter in enumerate(shape):
        if letter != " ":
            picture[12:36, place * PITCH : place * PITCH + LETTER] = 0
    if ruled:
        picture[40:43] = 0
    return picture


def _letters(shape: str, *, spaces: bool) -> Letters:
    kept = [place for place, letter in enumerate(shape) if spaces or letter != " "]
    at = np.array([place * PITCH + LETTER / 2 for place in kept], dtype=np.float32)
    return Letters([shape[place] for place in kept], np.full(len(kept), 0.9, np.float32), at)


def test_words_are_parted_at_the_spaces_that_were_read() -> None:
    words = words_of(_letters("ab cd", spaces=True), _line("ab cd"))
    assert [word.text for word in words] == ["ab", "cd"]


@pytest.mark.parametrize("ruled", [False, True])
def test_wide_white_parts_words_where_no_space_was_read(*, ruled: bool) -> None:
    words = words_of(_letters("ab  cd", spaces=False), _line("ab  cd", ruled=ruled))
    assert [word.text for word in words] == ["ab", "cd"]


def test_a_ruled_line_under_a_word_is_not_in_its_box() -> None:
    (word,) = words_of(_letters("ab", spaces=True), _line("ab", ruled=True))
    assert (word.top * HEIGHT, word.bottom * HEIGHT) == (12, 36)
    assert (word.left, word.right) == (0.0, (PITCH + LETTER) / (2 * PITCH))


def test_white_ink_on_dark_paper_is_ink() -> None:
    (word,) = words_of(_letters("ab", spaces=True), np.asarray(255 - _line("ab")))
    assert (word.top * HEIGHT, word.bottom * HEIGHT) == (12, 36)
