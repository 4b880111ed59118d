from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from pincite.answers import Voice
from pincite.config import JudgeReranker, NoReranker, OnnxReranker
from pincite.errors import BadSettings, Withheld
from pincite.models.chat_judge import ChatJudge, judge, verdict
from pincite.models.factory import reranker
from pincite.models.onnx_reranker import relevance
from pincite.models.ports import ChatPiece, ChatUsage, Message, Tool


class Seer:
    """Says yes to what holds the last word of the question, and to pictures."""

    name, sha256, endpoint, context = "seer", "", "local", 4096
    voice, vision, calls_tools = Voice.SMALL_LOCAL_MODEL, None, False
    tokens_per_second = 100.0

    def __init__(self) -> None:
        self.asked: list[Message] = []

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
        [message] = messages
        self.asked.append(message)
        question = message.content.partition("Question: ")[2].splitlines()[0]
        passage = message.content.partition("Passage: ")[2]
        yes = bool(message.pictures) or question.split()[-1] in passage
        for piece in (" Ye", "s.") if yes else ("No", ""):
            yield ChatPiece(text=piece)
        yield ChatUsage(prompt_tokens=1, output_tokens=1, first_token_s=0, seconds=0)

    def count_tokens(self, text: str) -> int:
        return len(text)

    async def warm_up(self) -> None: ...


def test_a_chat_model_judges_texts_and_pictures() -> None:
    seer = Seer()
    model = ChatJudge(seer, sees=True)
    assert model.modalities == {"text", "picture"}
    scores = model.scores("what of the pump", ["a pump", "a crane", b"png", "the pump"])
    assert scores == [1, 0, 1, 1]
    assert seer.asked[2].pictures == (b"png",)


def test_what_was_judged_is_not_asked_again() -> None:
    seer = Seer()
    model = ChatJudge(seer, sees=False)
    assert model.scores("what of the pump", ["a pump", "a crane", "a pump"]) == [1, 0, 1]
    assert len(seer.asked) == 2
    assert model.scores("what of the pump", ["a crane", "the pump"]) == [0, 1]
    assert len(seer.asked) == 3
    assert model.scores("what of the crane", ["a crane"]) == [1]
    assert model.scores("what of it", []) == []
    assert len(seer.asked) == 4


@pytest.mark.parametrize(
    ("answer", "score"),
    [("Yes.", 1), ("**yes**, it does", 1), ("No", 0), ("Nein!", 0), ("Perhaps", 0.5), ("", 0.5)],
)
def test_the_first_yes_or_no_counts(answer: str, score: float) -> None:
    assert verdict(answer) == score


def test_passages_stay_on_this_machine_unless_they_may_leave() -> None:
    away = judge(JudgeReranker(model="openai/far", api_base="https://models.example.com/v1"))
    with pytest.raises(Withheld, match=r"models\.example\.com"):
        away.scores("?", ["a passage"])


def test_logits_become_shares() -> None:
    one = relevance(np.array([[0.0], [50.0], [-1e9]], dtype=np.float32))
    assert one == pytest.approx([0.5, 1, 0], abs=1e-6)
    two = relevance(np.array([[1.0, 1.0], [0.0, 3.0]], dtype=np.float32))
    assert two == pytest.approx([0.5, 1 / (1 + np.exp(-3))], abs=1e-6)
    with pytest.raises(BadSettings, match="3 labels, so it is no reranker"):
        relevance(np.zeros((2, 3), dtype=np.float32))


def test_none_is_none_and_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    assert reranker(NoReranker()) is None
    model = reranker(OnnxReranker(folder=str(tmp_path / "nowhere")))
    assert model is not None
    assert model.scores("x", []) == []
    with pytest.raises(BadSettings, match="PINCITE_RERANKER__FOLDER: there is no folder"):
        model.scores("x", ["y"])
