from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from pincite.answers import (
    CheckedClaim,
    CheckedSentence,
    Claim,
    Label,
    SentenceId,
    Verdict,
)
from pincite.elements import (
    ContentId,
    How,
    Medium,
    Scope,
    Source,
    SourceId,
    element_id,
    ordinal_of,
    passage_id,
    source_of,
)
from pincite.evidence import Coverage
from pincite.locators import PageBox, TextSpan, TimeSpan


def source(**changes: object) -> Source:
    return Source.model_validate(
        {
            "id": "s1",
            "content": ContentId("0" * 64),
            "name": "a.pdf",
            "origin": "a.pdf",
            "medium": Medium.PDF,
            "added_at": datetime(2026, 1, 1, tzinfo=UTC),
            **changes,
        }
    )


def sentence(*labels: Label) -> CheckedSentence:
    claims = tuple(
        CheckedClaim(
            claim=Claim(text="x", start=0, end=1),
            verdict=Verdict(label=label, probability=0.5, reason="because"),
        )
        for label in labels
    )
    return CheckedSentence(id=SentenceId("s1"), text="It is so.", claims=claims)


def test_ids_name_their_source_and_place() -> None:
    element = element_id(SourceId("abc"), 20_003)
    passage = passage_id(SourceId("abc"), 7)
    assert source_of(element) == source_of(passage) == "abc"
    assert (ordinal_of(element), ordinal_of(passage)) == (20_003, 7)


@pytest.mark.parametrize(
    "build",
    [
        lambda: PageBox(page=1, left=2, top=0, right=1, bottom=1, page_width=10, page_height=10),
        lambda: PageBox(page=0, left=0, top=0, right=1, bottom=1, page_width=10, page_height=10),
        lambda: TimeSpan(start_s=2, end_s=1),
        lambda: TextSpan(start=2, end=1),
    ],
    ids=["left beyond right", "page zero", "time backwards", "text backwards"],
)
def test_an_impossible_locator_cannot_be_built(build: object) -> None:
    with pytest.raises(ValidationError):
        build()  # pyright: ignore[reportCallIssue]


def test_what_a_machine_wrote_about_a_picture_never_supports() -> None:
    assert {how for how in How if not how.may_support} == {
        How.MACHINE_CAPTION,
        How.MACHINE_LABEL,
    }


@pytest.mark.parametrize(
    ("scope", "admitted"),
    [
        (Scope(), True),
        (Scope(principals=frozenset({"bob"})), False),
        (Scope(collections=frozenset({"other"})), False),
        (Scope(collections=frozenset()), True),
        (Scope(media=frozenset({Medium.AUDIO})), False),
        (Scope(sources=frozenset({SourceId("s1")})), True),
        (Scope(dates=(date.min, date.max)), False),
    ],
)
def test_a_scope_admits_only_what_its_principals_may_see(scope: Scope, admitted: bool) -> None:
    assert scope.admits(source()) is admitted


def test_a_sentence_is_as_good_as_its_worst_claim() -> None:
    assert sentence(Label.SUPPORTED, Label.UNSUPPORTED).label is Label.UNSUPPORTED
    assert sentence(Label.CONTRADICTED, Label.UNSUPPORTED).label is Label.CONTRADICTED


@pytest.mark.parametrize("label", [label for label in Label if label is not Label.SUPPORTED])
def test_a_sentence_that_is_not_supported_is_marked_in_plain_text(label: Label) -> None:
    marked = sentence(label).marked
    assert marked != "It is so."
    assert marked.endswith("It is so.")


def test_a_supported_sentence_and_one_without_claims_carry_no_mark() -> None:
    assert sentence(Label.SUPPORTED).marked == sentence().marked == "It is so."


def test_coverage_with_a_failed_page_is_not_complete() -> None:
    done = Coverage(sources_read=1, sources_total=1, pages_read=3, pages_total=3)
    failed = done.model_copy(update={"pages_failed": 1})
    assert done.complete
    assert not failed.complete
    assert str(done) == "searched 1 of 1 files (3 of 3 pages)"
