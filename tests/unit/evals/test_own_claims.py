"""The labelled claims of our own answers: their files, the labellers' agreement, the figures."""

from __future__ import annotations

import pytest

from evals.own_claims import FOLDER, judged
from evals.scorers.agreement import agreement, kappa
from pincite.answers import Label


def test_kappa_is_what_is_more_than_chance() -> None:
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert agreement(first, second) == pytest.approx(0.7)
    assert kappa(first, second) == pytest.approx(0.4)  # the example of the textbooks
    assert kappa(["a", "b"], ["a", "b"]) == 1
    assert kappa(["a", "a"], ["a", "a"]) == 1
    with pytest.raises(ValueError, match="same items"):
        agreement([], [])


def test_every_claim_has_an_answer_two_labels_and_a_place_in_its_sentence() -> None:
    items = judged()
    assert len(items) >= 200
    assert len({item.split.id for item in items}) == len(items)
    for item in items:
        claim, sentence = item.split.claim, item.told.sentences[item.split.sentence]
        assert 0 <= claim.start < claim.end <= len(sentence)
        assert item.first.claim == item.second.claim == item.split.id
        assert all(0 < number < 100 for number in claim.cites)
    labels = {item.gold for item in items}
    assert labels >= {Label.SUPPORTED, Label.CONTRADICTED, Label.UNSUPPORTED}
    assert (FOLDER / "README.md").is_file()
