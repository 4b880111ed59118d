"""Which part of long evidence a claim is read against."""

from __future__ import annotations

from pincite.elements import SourceId
from pincite.grounding.contexts import placed
from pincite.grounding.evidence_window import pieces, rendered, window
from pincite.grounding.spots import Spot, spots_of

PUMP = "The harbour pump was replaced on 3 May 2024."
COST = "It cost 15,000 euros."
FILLING = [f"Nothing was said about matter number {n} of the long list." for n in range(100, 200)]


def spots(*contexts: str) -> list[Spot]:
    return [
        spot
        for number, context in enumerate(contexts)
        for each in placed(context, SourceId(f"s{number}"))
        for spot in spots_of(each.element)
    ]


def test_the_sentences_that_share_words_are_read_in_document_order() -> None:
    text = " ".join([*FILLING[:50], PUMP, COST, *FILLING[50:]])
    found = window("For 15,000 euros the harbour pump was replaced.", spots(text), tokens=60)
    assert f"{PUMP} {COST}" in found.text
    assert {spot.text for spot in found.spots[:2]} == {PUMP, COST}
    assert pieces(found.text) <= 60


def test_a_claim_may_rest_on_sentences_that_are_far_apart() -> None:
    text = " ".join([PUMP, *FILLING, "The crane of Maria Keller was painted."])
    claim = "The pump was replaced, and Maria Keller has a painted crane."
    found = window(claim, spots(text), tokens=60)
    assert "replaced" in found.text
    assert "painted" in found.text


def test_a_family_of_words_meets() -> None:
    text = " ".join([*FILLING, "Two hundred were employed there."])
    assert "employed" in window("Employment was high.", spots(text), tokens=40).text


def test_what_fits_is_read_whole() -> None:
    assert window("Something else.", spots(f"{PUMP} {COST}")).text == f"{PUMP} {COST}"


def test_keys_that_begin_alike_are_said_once() -> None:
    record = '{"hours": {"Monday": "9:0-17:0", "Tuesday": "9:0-18:0"}, "stars": 4.5}'
    assert rendered(spots(record)) == "hours Monday: 9:0-17:0 Tuesday: 9:0-18:0 stars: 4.5"


def test_a_speaker_keeps_the_whole_name() -> None:
    talk = "Sales Agent: We sell pumps here.\nSales Agent: They are blue."
    assert rendered(spots(talk)).count("Sales Agent:") == 2


def test_headings_stand_before_what_they_hold_for() -> None:
    found = rendered(spots("# Costs\n\nThe pump was dear.\n\nThe crane was cheap."))
    assert found.endswith("Costs: The pump was dear. The crane was cheap.")


def test_no_evidence_gives_an_empty_window() -> None:
    assert window("The pump.", []).text == ""


def test_one_spot_is_read_however_long_it_is() -> None:
    assert window("The pump.", spots(PUMP), tokens=1).text == PUMP
