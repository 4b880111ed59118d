"""A chat model as a claim checker."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence

import pytest

from pincite.answers import Label, Voice
from pincite.checking import Checking
from pincite.grounding.judged import JudgeChecker
from pincite.models.ports import ChatPiece, ChatUsage, Message, Tool

RENT = "The rent is 980 EUR a month."


class Says:
    """Says what it was told to say."""

    name, sha256, endpoint = "says", "", "local"
    voice, vision, calls_tools = Voice.SMALL_LOCAL_MODEL, None, False
    tokens_per_second = 100.0

    def __init__(self, *words: str, context: int = 4_096) -> None:
        self.words, self.context = words, context
        self.asked: list[str] = []

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 400,
        stop: Sequence[str] = (),
        schema: Mapping[str, object] | None = None,
        tools: Sequence[Tool] = (),
    ) -> AsyncGenerator[ChatPiece | ChatUsage, None]:
        del max_tokens, stop, schema, tools
        self.asked.append(messages[-1].content)
        for word in self.words:
            yield ChatPiece(text=word)
        yield ChatUsage(prompt_tokens=1, output_tokens=1, first_token_s=0, seconds=0)

    def count_tokens(self, text: str) -> int:
        return len(text)

    async def warm_up(self) -> None: ...


@pytest.mark.parametrize(
    ("words", "label", "probability"),
    [
        (("Supp", "orted."), Label.SUPPORTED, 0.95),
        (("Not supported",), Label.UNSUPPORTED, 0.05),
        (("unsupported",), Label.UNSUPPORTED, 0.05),
        (("Contradicted", " by [1]"), Label.CONTRADICTED, 0.05),
        (("Well …",), Label.UNSUPPORTED, 0.5),
    ],
)
def test_its_word_is_the_verdict(words: tuple[str, ...], label: Label, probability: float) -> None:
    (claim,) = Checking(JudgeChecker(Says(*words))).check("The rent is 950 EUR.", [RENT])
    assert (claim.verdict, claim.probability) == (label, pytest.approx(probability))


def test_the_evidence_stands_before_the_claim_and_is_the_same_for_all_claims() -> None:
    chat = Says("supported")
    Checking(JudgeChecker(chat)).check("The rent is high. The flat has a garden.", [RENT])
    first, second = chat.asked
    assert first.partition("Statement:")[0] == second.partition("Statement:")[0]
    assert RENT in first


def test_evidence_that_is_too_long_is_cut_and_no_evidence_is_not_asked_about() -> None:
    chat = Says("supported", context=500)
    checking = Checking(JudgeChecker(chat))
    checking.check("The rent is high.", ["Rent. " * 500])
    assert len(chat.asked[0]) < 300
    (claim,) = checking.check("The rent is high.", [])
    assert claim.verdict is Label.UNSUPPORTED
    (claim,) = checking.check("The rent is high [3].", [RENT])
    assert (claim.verdict, len(chat.asked)) == (Label.UNSUPPORTED, 1)
    (claim,) = checking.check("The text does not mention the rent.", [RENT])
    assert claim.verdict is Label.NOT_CHECKABLE
