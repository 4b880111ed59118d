from __future__ import annotations

import pytest

from pincite.grounding.checkable import states_nothing, why_not_checkable
from pincite.grounding.claims import claims_of
from pincite.grounding.marks import marks_in, without_marks
from pincite.grounding.sentences import SentenceStream, sentences


def split(text: str, *, lines: bool = True) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text, lines=lines)]


def test_abbreviations_decimals_and_marks_end_no_sentence() -> None:
    text = (
        "Dr. Smith paid $3.50 [1]. It was no. 5 in the list. “Really?” he said. "
        "The U.S. economy grew 3.2 percent. [2] Then e.g. this. J. Smith left. [3][4] End"
    )
    assert split(text) == [
        "Dr. Smith paid $3.50 [1].",
        "It was no. 5 in the list.",
        "“Really?” he said.",
        "The U.S. economy grew 3.2 percent. [2]",
        "Then e.g. this.",
        "J. Smith left. [3][4]",
        "End",
    ]


def test_a_wrapped_line_of_a_document_is_no_sentence() -> None:
    assert split("The pump was\nreplaced. It runs.", lines=False) == [
        "The pump was\nreplaced.",
        "It runs.",
    ]


def test_list_items_are_sentences() -> None:
    assert split("Found:\n- the pump\n- the valve") == ["Found:", "- the pump", "- the valve"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_stream_is_cut_like_the_whole_text(size: int) -> None:
    text = "It costs 3.5 EUR [1]. It was fixed. [2] See no. 5 of the list.\n- Ends here [1][2]."
    stream = SentenceStream()
    got = [s for i in range(0, len(text), size) for s in stream.feed(text[i : i + size])]
    assert [*got, stream.rest] == split(text)


def test_marks_are_read_in_all_their_forms() -> None:
    text = "A [1], b [2][3], c [4, 5] and d [6-8]."
    assert [mark.numbers for mark in marks_in(text)] == [(1,), (2,), (3,), (4, 5), (6, 7, 8)]
    assert without_marks(text) == "A, b, c and d."


def test_marks_part_claims_that_each_have_a_verb() -> None:
    sentence = "The pump costs 5,000 EUR [1] and the valve was replaced in 2019 [2]."
    first, second = claims_of(sentence)
    assert (first.text, first.cites) == ("The pump costs 5,000 EUR", (1,))
    assert (second.text, second.cites) == ("the valve was replaced in 2019.", (2,))
    assert sentence[second.start : second.end] == "the valve was replaced in 2019 [2]."


def test_a_conjunction_parts_claims_that_share_the_marks_at_the_end() -> None:
    claims = claims_of("Revenue rose by 5 %, and costs fell by 3 % [1][2].")
    assert [(c.text, c.cites) for c in claims] == [
        ("Revenue rose by 5 %", (1, 2)),
        ("costs fell by 3 %.", (1, 2)),
    ]


def test_an_enumeration_stays_one_claim() -> None:
    [claim] = claims_of("A [1], B [2] and C [3] were inspected by the team.")
    assert claim.cites == (1, 2, 3)


@pytest.mark.parametrize(
    "text",
    ["Here is what I found:", "I hope this helps!", "Sure!", "What else?", "In summary:", "- "],
)
def test_announcements_and_questions_state_nothing(text: str) -> None:
    assert states_nothing(text)
    assert claims_of(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "The report does not mention the price.",
        "There is no information about the warranty.",
        "The price is not stated in the documents.",
        "I think the pump is new.",
        "Perhaps the valve leaks.",
    ],
)
def test_absence_and_guesses_cannot_be_checked(text: str) -> None:
    assert why_not_checkable(text)


def test_a_plain_statement_can_be_checked() -> None:
    assert not why_not_checkable("The report was not approved by the board.")


def test_a_day_before_its_month_ends_no_sentence() -> None:
    text = "Der Vertrag beginnt am 1. Oktober 2024. Er endet am 3. Mai. Es sind 12. Danach nicht."
    assert [text[s.start : s.end] for s in sentences(text)] == [
        "Der Vertrag beginnt am 1. Oktober 2024.",
        "Er endet am 3. Mai.",
        "Es sind 12.",
        "Danach nicht.",
    ]


def test_a_state_in_capitals_ends_its_sentence_and_an_abbreviation_does_not() -> None:
    text = "It is in Fresno, CA. It opened ca. 1990. Acme Co. Ltd. owns it."
    assert [text[s.start : s.end] for s in sentences(text)] == [
        "It is in Fresno, CA.",
        "It opened ca. 1990.",
        "Acme Co. Ltd. owns it.",
    ]
