"""What claims, citations and answers are worth, and the figures made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.asking import Dealt, Reply, ToldClaim
from evals.claim_truth import is_joint, truth
from evals.datasets.answerable import Answerable, Form
from evals.datasets.pages import Page
from evals.endtoend_figures import (
    Held,
    Tried,
    cases,
    claim_figures,
    none,
    of_answers,
    of_pairs,
    question_figures,
)
from evals.intervals import grouped_interval
from evals.pair_checks import PairLabels, cited, label_of
from evals.results import PRODUCT
from evals.suites import Context
from evals.suites.citations import at_random, first_found
from evals.suites.citations import cited as cited_pages
from evals.twins import Pair, Wrong
from pincite.answers import Claim, Label, Verdict
from pincite.config import Settings
from pincite.elements import Element, ElementId, How, Kind, SourceId
from pincite.locators import TextSpan
from pincite.models.ports import Numbered

GOLD, OTHER = Page("a.pdf", 3), Page("a.pdf", 9)


def asked(
    answer: str = "980", form: Form = "figure", *, question: str = "What is the rent?"
) -> Answerable:
    return Answerable(
        id="financebench/1",
        question=question,
        answers=(answer,),
        form=form,
        gold=frozenset({GOLD}),
        medium="pdf",
    )


def claim(text: str, label: Label = Label.SUPPORTED, **more: Any) -> ToldClaim:
    fields: dict[str, Any] = {"text": text, "label": label, "cites": (GOLD,), "is_quote": False}
    return ToldClaim.model_validate(fields | more)


def reply(*claims: ToldClaim, text: str | None = None) -> Reply:
    said = " ".join(each.text for each in claims) if text is None else text
    return Reply(found=(OTHER, GOLD), text=said, claims=claims, seconds=1)


# --- claims of answers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("The rent is 980 EUR.", True),
        ("The rent is 950 EUR.", False),
        ("What is the rent? 950", False),
        ("The lease ends in 2030.", None),
        ("The rent is not 950 EUR.", None),
        ("The rent is high.", None),
    ],
)
def test_only_what_replies_to_the_question_is_right_or_wrong(
    text: str, *, worth: bool | None
) -> None:
    told = claim(text)
    assert truth(asked(), reply(told), told) is worth


def test_a_quotation_and_what_stands_beside_a_right_answer_are_not_wrong() -> None:
    quote = claim("The rent is 950 EUR.", is_quote=True)
    assert truth(asked(), reply(quote), quote) is None
    beside = claim("The rent was 950 EUR.")
    assert truth(asked(), reply(beside, claim("It is 980.")), beside) is None


@pytest.mark.parametrize(
    ("told", "joint"),
    [
        (claim("The rent is 980 EUR."), True),
        (claim("The rent is 980 EUR.", Label.UNSUPPORTED), False),
        (claim("The rent is 980 EUR.", cites=(OTHER,)), False),
        (claim("The rent is 950 EUR."), False),
    ],
)
def test_all_of_an_answer_must_hold_together(told: ToldClaim, *, joint: bool) -> None:
    lease = claim("The lease is of May.")
    assert is_joint(Dealt(asked(), reply(told, lease))) is joint
    assert not is_joint(Dealt(asked(), None, "no"))


# --- citations -----------------------------------------------------------------------------------


def test_cited_pages_are_compared_with_gold_ones() -> None:
    gold = asked().model_copy(update={"gold": frozenset({GOLD, Page("a.pdf", 4)})})
    told = cited_pages(Dealt(gold, reply(claim("x", cites=(GOLD, OTHER)))))
    assert (told.precision, told.recall, told.is_answered) == (0.5, 0.5, True)
    refused = cited_pages(Dealt(gold, reply(text="")))
    assert (refused.precision, refused.recall, refused.is_answered) == (None, 0, False)
    failed = cited_pages(Dealt(gold, None, "no"))
    assert (failed.recall, failed.is_answered) == (0, False)


def test_baselines_cite_what_was_found_or_anything() -> None:
    dealt = Dealt(asked(), reply())
    assert first_found(dealt, 1).precision == 0
    assert (first_found(dealt, 3).precision, first_found(dealt, 3).recall) == (0.5, 1)
    chance = at_random(dealt, {"a.pdf": 10, "b.pdf": 10})
    assert (chance.precision, chance.recall) == (0.05, 0.05)
    inside = Dealt(asked().model_copy(update={"file": "a.pdf"}), reply())
    assert at_random(inside, {"a.pdf": 10, "b.pdf": 10}).recall == 0.1


# --- claims that are held against pages ----------------------------------------------------------


def element(text: str, number: int) -> Numbered:
    source = SourceId("s")
    made = Element(
        id=ElementId(f"s.{number}"),
        source=source,
        kind=Kind.TEXT,
        text=text,
        locators=(TextSpan(start=0, end=len(text)),),
        how=How.TEXT_LAYER,
    )
    return Numbered(number=number, element=made)


EVIDENCE = [element("The lease is of May.", 1), element("Rent: 980", 2), element("980 birds", 3)]
PAIR = Pair(
    id="financebench/1",
    medium="pdf",
    pages=(GOLD,),
    right="The rent is 980.",
    value="980",
    wrong=(Wrong(kind="digit", text="The rent is 910."),),
)


def test_a_careful_writer_cites_what_has_the_value_and_speaks_of_it() -> None:
    assert cited(PAIR, EVIDENCE) == 2
    assert cited(PAIR.model_copy(update={"value": "77"}), EVIDENCE) == 2
    assert cited(PAIR, []) == 0


class Strict:
    """Supports what its cited element says word for word."""

    id = "strict"

    def check(self, claim: Claim, evidence: list[Numbered]) -> Verdict:
        texts = [item.element.text for item in evidence if item.number in claim.cites]
        label = Label.SUPPORTED if claim.text.rstrip(".") in texts else Label.UNSUPPORTED
        return Verdict(label=label, probability=0.5, reason="")


def test_claims_go_with_their_citation_and_the_worst_of_a_sentence_counts() -> None:
    said = [element("The rent is 980", 1)]
    assert label_of("The rent is 980.", said, 1, Strict()) is Label.SUPPORTED  # pyright: ignore[reportArgumentType]
    assert label_of("The rent is 980.", said, 0, Strict()) is Label.UNSUPPORTED  # pyright: ignore[reportArgumentType]
    both = "The rent is 980 and the old lease was signed in May."
    assert label_of(both, said, 1, Strict()) is Label.UNSUPPORTED  # pyright: ignore[reportArgumentType]


# --- figures -------------------------------------------------------------------------------------


def test_figures_are_shares_of_wrong_and_of_right_claims(tmp_path: Path) -> None:
    tried = Tried(Context(settings=Settings(), data=None, scratch=tmp_path), (), ())
    labels = PairLabels(by={PRODUCT: (Label.SUPPORTED, Label.UNSUPPORTED)})
    dealt = [
        Dealt(asked(), reply(claim("The rent is 950.", Label.SUPPORTED))),
        Dealt(asked(), reply(claim("The rent is 980.", Label.NOT_CHECKABLE))),
        Dealt(asked(), None, "no answer"),
    ]
    claims = [*of_pairs([Held("financebench", PAIR, labels)]), *of_answers(dealt)]
    found = {
        (r.dataset, r.metric, r.slice): r
        for r in (
            *claim_figures(tried, claims, [PRODUCT]),
            *question_figures(tried, PRODUCT, dealt),
        )
    }
    for medium in ("pdf", "all"):
        assert found[medium, "false_support", "all"].value == 0.5
        assert found[medium, "supported_share", "all"].value == 0.5
        assert found[medium, "not_checkable_share", "all"].value == 0.25
    assert found["pdf", "false_support", "pairs"].value == 0
    assert found["pdf", "false_support", "wrong: answer otherwise"].value == 1
    assert found["pdf", "answer_right", "all"].value == pytest.approx(1 / 3)
    assert found["pdf", "joint", "all"].value == 0
    assert found["pdf", "joint", "all"].n_failed == 1
    assert found["speech", "joint", "all"].status == "not_applicable"
    told = list(cases([Held("financebench", PAIR, labels)], dealt, PRODUCT))
    assert [case.score for _, case in told] == [1, 1, 0, 0.5, 0]
    assert len(list(none("why"))) == 20


def test_whole_groups_are_resampled() -> None:
    values = [("a", 1.0), ("a", 1.0), ("b", 0.0), ("b", 0.0)]
    assert grouped_interval(values) == (0, 1)
    low, high = grouped_interval([("a", 0.0), ("a", 0.0), ("b", 0.0)]) or (1, 0)
    assert (low, round(high, 2)) == (0, 0.66)
    assert grouped_interval([]) is None
