"""What a terminal shows of an answer while it is made, replaced and finished."""

from __future__ import annotations

import pytest

from pincite.answers import (
    CheckedClaim,
    CheckedSentence,
    Claim,
    Label,
    SentenceId,
    Verdict,
)
from pincite.events import Checked, Revised
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
