from __future__ import annotations

from datetime import UTC, datetime

from agent.selection import candidates
from pincite.elements import (
    ContentId,
    Element,
    How,
    Kind,
    Medium,
    Passage,
    Source,
    SourceId,
    element_id,
    passage_id,
)
from pincite.evidence import Evidence
from pincite.locators import TextSpan
from pincite.models.fake_text import FakeTextEncoder

REPORT = SourceId("report")


def element(ordinal: int, text: str) -> Element:
    return Element(
        id=element_id(REPORT, ordinal),
        source=REPORT,
        kind=Kind.TEXT,
        text=text,
        locators=(TextSpan(start=0, end=1),),
        how=How.TEXT_LAYER,
    )


def evidence(*elements: Element, context: tuple[Element, ...] = ()) -> Evidence:
    return Evidence(
        passage=Passage(
            id=passage_id(REPORT, 1),
            source=REPORT,
            elements=tuple(each.id for each in elements),
            text=" ".join(each.text for each in elements),
        ),
        elements=elements,
        context=context,
        source=Source(
            id=REPORT,
            content=ContentId("c" * 64),
            name="report",
            origin="/report",
            medium=Medium.TEXT,
            added_at=datetime(2025, 1, 1, tzinfo=UTC),
        ),
        score=1,
        rank=1,
        found_by=("words",),
    )


def test_a_line_of_the_accounts_answers_by_another_name() -> None:
    found = evidence(
        element(1, "The committee met four times in 2018 and again in spring."),
        element(2, "Purchases of property, plant and equipment 1,577 in 2018."),
    )
    best = candidates("How high was the capex in 2018?", [found], FakeTextEncoder())[0]
    assert best.spot.element.id == element_id(REPORT, 2)


def test_what_stands_around_a_passage_may_hold_the_answer() -> None:
    found = evidence(
        element(1, "Corner Shop, Main Street 5."),
        context=(element(2, "The total of the receipt was 12.50 euro."),),
    )
    best = candidates("What was the total of the receipt?", [found], FakeTextEncoder())[0]
    assert best.spot.element.id == element_id(REPORT, 2)
