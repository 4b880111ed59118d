"""Sentences of joined claims and pronouns, checked and mended."""

from __future__ import annotations

from collections.abc import Sequence

from pincite.answers import (
    CheckedSentence,
    Claim,
    DraftSentence,
    Label,
    SentenceId,
    Verdict,
)
from pincite.grounding.repair import Context, checked_sentence
from pincite.grounding.rules import RuleChecker
from pincite.models.fakes import FakeTextEncoder
from pincite.models.ports import Numbered
from tests.unit.agent.library import element

BUILT = "The pump was built by Maria Keller. The pump costs 5,000 euros."
HARBOUR = "The harbour pump costs 5,000 euros."


def checked(text: str, evidence: str, *before: str) -> CheckedSentence:
    items = [Numbered(number=1, element=element(evidence, 1))]
    draft = DraftSentence(id=SentenceId("s1"), text=text)
    return checked_sentence(draft, items, RuleChecker(FakeTextEncoder()), Context("", before))


def test_the_half_that_stands_keeps_its_subject() -> None:
    said = checked("The pump costs 7,000 euros and was built by Maria Keller [1].", BUILT)
    assert said.label is Label.SUPPORTED
    assert said.text == (
        "The source says: “The pump costs 5,000 euros.” [1] The pump was built by Maria Keller [1]."
    )


def test_a_pronoun_is_checked_as_what_it_stands_for_and_shown_as_it_was() -> None:
    before = "The harbour pump was replaced in May [1]."
    right = checked("It costs 5,000 euros [1].", HARBOUR, before)
    assert (right.text, right.label) == ("It costs 5,000 euros [1].", Label.SUPPORTED)
    assert right.claims[0].claim.text == "The harbour pump costs 5,000 euros."
    other = checked("It costs 5,000 euros [1].", HARBOUR, "The river crane was painted in May [1].")
    assert other.label is not Label.SUPPORTED


def test_doubtful_words_are_shown_where_they_stand_in_the_sentence() -> None:
    class Doubting:
        id = "doubting"

        def check(self, claim: Claim, evidence: Sequence[Numbered]) -> Verdict:
            del evidence
            spans = tuple(
                (at, at + len(word))
                for word in ("7,000", "harbour pump")
                if (at := claim.text.find(word)) >= 0
            )
            return Verdict(label=Label.UNSUPPORTED, probability=0, reason="", doubtful=spans)

    draft = DraftSentence(id=SentenceId("s1"), text="In May, it cost **7,000** euros [1].")
    context = Context("", ("The harbour pump was replaced.",))
    said = checked_sentence(draft, [], Doubting(), context)
    [claim] = said.claims
    assert claim.claim.text == "In May, the harbour pump cost 7,000 euros."
    assert [said.text[start:end] for start, end in claim.doubtful] == ["7,000", "it"]


def test_a_table_is_not_given_a_number_behind_it() -> None:
    table = "| Item | EUR |\n|---|---|\n| Harbour pump | 5,000 |"
    said = checked(table, "The harbour pump costs 5,000 EUR.")
    assert (said.text, said.label) == (table, Label.SUPPORTED)
