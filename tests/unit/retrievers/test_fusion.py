from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.elements import PassageId
from pincite.index.ports import Hit
from retrievers.fusion import DAMPING, balanced, reciprocal_rank_fusion


def ranked(*names: str) -> list[Hit]:
    return [Hit(PassageId(name), 1.0 - n / 100) for n, name in enumerate(names)]


def order(rankings: dict[str, list[Hit]]) -> list[str]:
    return [fused.passage for fused in reciprocal_rank_fusion(rankings)]


def test_nothing_gives_nothing() -> None:
    assert reciprocal_rank_fusion({}) == []
    assert reciprocal_rank_fusion({"dense": [], "words": []}) == []


def test_one_list_keeps_its_order() -> None:
    assert order({"dense": ranked("a", "b", "c")}) == ["a", "b", "c"]


def test_what_both_lists_hold_comes_before_what_one_list_puts_first() -> None:
    assert order({"dense": ranked("a", "x"), "words": ranked("b", "x")})[0] == "x"


def test_the_score_is_the_sum_over_the_lists() -> None:
    best = reciprocal_rank_fusion({"dense": ranked("a", "b"), "words": ranked("b")})[0]
    assert best.passage == "b"
    assert best.score == pytest.approx(1 / (DAMPING + 2) + 1 / (DAMPING + 1))
    assert best.found_by == ("dense", "words")


def test_each_modality_counts_as_much_as_every_other() -> None:
    weights = balanced({"dense": "text", "words": "text", "pictures": "picture"})
    assert weights == {"dense": 1, "words": 1, "pictures": 2}
    assert balanced({"dense": "text", "words": "text"}) == {"dense": 1, "words": 1}
    assert balanced({}) == {}
    lists = {"dense": ranked("a", "b"), "words": ranked("a", "b"), "pictures": ranked("photo")}
    fused = reciprocal_rank_fusion(lists, weights)
    assert [item.passage for item in fused] == ["a", "photo", "b"]
    assert reciprocal_rank_fusion(lists)[-1].passage == "photo"


def test_ties_keep_the_order_of_first_appearance() -> None:
    assert order({"dense": ranked("a", "c"), "words": ranked("b", "d")}) == ["a", "b", "c", "d"]


LISTS = st.dictionaries(
    st.sampled_from(["dense", "words", "image"]),
    st.lists(st.sampled_from("abcdefgh"), max_size=8).map(lambda names: ranked(*names)),
)


@given(LISTS)
def test_every_passage_comes_out_once_and_scores_fall(rankings: dict[str, list[Hit]]) -> None:
    fused = reciprocal_rank_fusion(rankings)
    assert {f.passage for f in fused} == {h.passage for hits in rankings.values() for h in hits}
    assert len({f.passage for f in fused}) == len(fused)
    assert [f.score for f in fused] == sorted((f.score for f in fused), reverse=True)
    for item in fused:
        holders = [n for n, hits in rankings.items() if item.passage in {h.passage for h in hits}]
        assert list(item.found_by) == holders


@given(LISTS)
def test_scores_do_not_depend_on_the_order_of_the_lists(rankings: dict[str, list[Hit]]) -> None:
    turned = dict(reversed(rankings.items()))
    scores = {f.passage: f.score for f in reciprocal_rank_fusion(rankings)}
    assert scores == pytest.approx({f.passage: f.score for f in reciprocal_rank_fusion(turned)})


@given(LISTS)
def test_scores_of_the_finders_do_not_matter(rankings: dict[str, list[Hit]]) -> None:
    scaled = {
        name: [Hit(hit.passage, hit.score * 1_000) for hit in hits]
        for name, hits in rankings.items()
    }
    assert reciprocal_rank_fusion(rankings) == reciprocal_rank_fusion(scaled)
