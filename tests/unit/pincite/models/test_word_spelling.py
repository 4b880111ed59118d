"""Doubtful letters are settled by known words, and by nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pincite.models.word_spelling import Letter, Words, known_words, spelled

KNOWN: Words = frozenset({"week", "summons", "address"})


def _letters(text: str, **doubts: str) -> list[Letter]:
    """`at3="e"`: the letter at place 3 may be an e as well."""
    return [
        Letter(letter, 0.6, tuple((other, 0.3) for other in doubts.get(f"at{place}", "")))
        for place, letter in enumerate(text)
    ]


def _read(letters: list[Letter]) -> str:
    return "".join(letter.text for letter in spelled(letters, KNOWN))


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        (_letters("WSEK:", at1="E"), "WEEK:"),
        (_letters("(Addreaa)", at6="s", at7="s"), "(Address)"),
        (_letters("(Adoreas)", at3="d", at6="s"), "(Address)"),
        (_letters("Summone", at6="sr"), "Summons"),
    ],
)
def test_letters_in_doubt_make_a_known_word(letters: list[Letter], said: str) -> None:
    assert _read(letters) == said


@pytest.mark.parametrize(
    "letters",
    [
        _letters("wsek"),
        _letters("week", at0="m"),
        _letters("Berlind", at6="t"),
        _letters("40017", at1="O"),
        _letters("", at0="a"),
    ],
)
def test_what_is_not_in_doubt_or_no_word_stays(letters: list[Letter]) -> None:
    assert spelled(letters, KNOWN) == letters


def test_a_letter_that_was_settled_is_as_sure_as_it_was_held_possible() -> None:
    assert [letter.chance for letter in spelled(_letters("wsek", at1="e"), KNOWN)] == [
        0.6,
        0.3,
        0.6,
        0.6,
    ]


def test_pieces_and_short_words_of_a_vocabulary_are_no_words(tmp_path: Path) -> None:
    vocabulary = {"[CLS]": 0, "week": 1, "##ness": 2, "the": 3, "été1": 4}
    file = tmp_path / "tokenizer.json"
    file.write_text(json.dumps({"model": {"vocab": vocabulary}}), encoding="utf-8")
    assert known_words(file) == {"week"}
