from __future__ import annotations

import pytest

from pincite.drawing.safety import SMALL_LIST, WordList


@pytest.mark.parametrize(
    "prompt",
    ["a nude person", "NUDE!", "Ｎude", "nu\u200bde", "núde", "a (naked) man", "Enthauptung"],
)
def test_a_listed_word_is_named_in_any_writing(prompt: str) -> None:
    assert "is on the list" in WordList(SMALL_LIST).objection(prompt)


@pytest.mark.parametrize(
    "prompt", ["a red circle", "Essex", "denuded hills", "grapes", "a nu-metal band", ""]
)
def test_a_word_within_a_word_is_none(prompt: str) -> None:
    assert WordList(SMALL_LIST).objection(prompt) == ""


def test_a_list_of_one_s_own_may_hold_phrases() -> None:
    own = WordList(["Our  Competitor", " ", ""])
    assert own.objection("the logo of our competitor, small") == (
        "'our competitor' is on the list of words that are refused"
    )
    assert own.objection("our old competitor") == ""
