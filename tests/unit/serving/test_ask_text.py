"""What a terminal shows of an answer while it is made, replaced and finished."""

from __future__ import annotations

import pytest

from pincite.answers import (
    Answered,
    AnswerId,
    CheckedClaim,
    CheckedSentence,
    Claim,
    DrawnPicture,
    Label,
    SentenceId,
    Verdict,
    Voice,
)
from pincite.events import Checked, Finished, Revised
from pincite.evidence import Coverage
from serving.commands.ask_text import AskPrinter


def _sentence(text: str, label: Label) -> CheckedSentence:
    claim = CheckedClaim(
        claim=Claim(text=text, start=0, end=len(text)),
        verdict=Verdict(label=label, probability=0.5, reason="Because."),
    )
    return CheckedSentence(id=SentenceId("s1"), text=text, claims=(claim,))


def test_a_sentence_that_stands_in_is_shown_once_and_after_the_one_it_replaces(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show = AskPrinter()
    wrong = _sentence("It is blue.", Label.UNSUPPORTED)
    right = _sentence("It is red.", Label.SUPPORTED)
    show(Checked(sentence=wrong))
    show(Checked(sentence=right))
    show(Revised(sentence=right))
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "Answer",
        "? It is blue.",
        "not found in the sources: Because.",
        "Instead of that:",
        "✓ It is red.",
    ]


def test_a_generated_picture_is_told_apart_from_the_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    picture = DrawnPicture(id="a" * 20, prompt="a red circle", model="m", width=8, height=8)
    told = CheckedSentence(id=SentenceId("s1"), text="Here is a picture.")
    answer = Answered(
        id=AnswerId("a"),
        question="Draw a red circle",
        coverage=Coverage(),
        sentences=(told,),
        voice=Voice.QUOTES,
        pictures=(picture,),
    )
    AskPrinter()(Finished(answer=answer))
    assert "Generated, no evidence: “a red circle”" in capsys.readouterr().out
