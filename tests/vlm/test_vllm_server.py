"""A tiny LLaVA behind a real vLLM, asked through our own adapter, judge and agent.

`make test-vlm` makes the environment, trains the model and runs this; nothing here is faked but
the library that is searched.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
from pathlib import Path

import pytest

from agent.prompts import prompt
from agent.views import View
from agent.weaving import Shown, with_pictures, woven
from pincite.errors import ModelUnavailable
from pincite.locators import ImageBox
from pincite.models.litellm_chat import LiteLLMChatModel
from pincite.models.picture_judge import seeing_judge
from pincite.models.ports import ChatPiece, Message
from scripts.tiny_vlm.cards import SIDE, Card, any_card, page_with
from serving.picture_cutting import cut
from serving.vlm.process import Server
from tests.vlm.served import (
    MODEL,
    by_the_library,
    card_png,
    chat_settings,
    judge_settings,
    png,
    said,
    shown,
    tokenized,
)

# LiteLLM uses its own pydantic models in ways that pydantic warns of.
pytestmark = [
    pytest.mark.server,
    pytest.mark.filterwarnings("ignore:Accessing the 'model_:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict:UserWarning"),
    pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning"),
]

DIGIT = "Which digit does the picture show?"
SHAPES = "Which shapes does the picture show?"


@pytest.fixture
def chat(server: Server) -> LiteLLMChatModel:
    return LiteLLMChatModel(chat_settings(server.plan))


def digit(number: int, seed: int = 0) -> bytes:
    return card_png(Card("digit", digit=number), seed)


def share(right: list[bool]) -> float:
    return sum(right) / len(right)


# --- it sees -------------------------------------------------------------------------------------


def test_training_ended_far_above_chance() -> None:
    measured = json.loads((MODEL / "measured.json").read_text())
    assert measured["plain, new drawings"] > 0.8
    assert measured["two, new drawings"] > 0.8
    assert measured["one, held-out shapes"] > 0.5  # 1 of 96 by chance


async def test_digits_are_read_from_pictures_through_our_adapter(chat: LiteLLMChatModel) -> None:
    right = [
        (await said(chat, shown(DIGIT, digit(n, seed))))[0] == f"The picture shows the digit {n}."
        for n in range(10)
        for seed in (1, 2)
    ]
    assert share(right) >= 0.8


async def test_combinations_that_were_never_trained_on_are_named(chat: LiteLLMChatModel) -> None:
    chance = random.Random(5)  # noqa: S311
    cards = [any_card(chance, held_out=True) for _ in range(20)]
    right = [
        (await said(chat, shown(SHAPES, card_png(card, n))))[0]
        == f"The picture shows {card.words}."
        for n, card in enumerate(cards)
    ]
    assert share(right) >= 0.5


async def test_swapping_the_pictures_changes_the_answer(chat: LiteLLMChatModel) -> None:
    three, eight = digit(3, 7), digit(8, 7)
    lines = "[1] card.png: «»\n[2] hall.png: «»"
    numbers: list[str] = []
    for first, second in ((three, eight), (eight, three)):
        evidence = woven(lines, [Shown(1, "place", (first,)), Shown(2, "place", (second,))])
        asked = "Which of these two pictures shows the digit 8?"
        messages = prompt("write").messages(evidence=evidence.text, question=asked)
        text, _ = await said(chat, *with_pictures(messages, evidence, prompt("see").system))
        numbers.append(text)
    assert numbers == [
        "Picture 2 shows the digit 8 [2].",
        "Picture 1 shows the digit 8 [1].",
    ]


async def test_looking_closer_reads_what_is_unreadable_at_page_scale(
    chat: LiteLLMChatModel,
) -> None:
    chance = random.Random(11)  # noqa: S311
    far: list[bool] = []
    near: list[bool] = []
    for n in range(20):
        page, (left, top, right, bottom) = page_with(Card("digit", digit=n % 10), chance)
        box = ImageBox(
            left=left, top=top, right=right, bottom=bottom,
            image_width=page.width, image_height=page.height,
        )  # fmt: skip
        for view, read in ((View("page", SIDE), far), (View("place", SIDE), near)):
            [picture] = cut(png(page), [box], view)
            text, _ = await said(chat, shown(DIGIT, picture))
            read.append(text == f"The picture shows the digit {n % 10}.")
    assert share(far) <= 0.2
    assert share(near) >= 0.7


# --- the protocol --------------------------------------------------------------------------------


async def test_an_answer_is_streamed_piece_by_piece(chat: LiteLLMChatModel) -> None:
    stream = chat.stream([shown(DIGIT, digit(4))], max_tokens=40)
    pieces = [item.text async for item in stream if isinstance(item, ChatPiece)]
    assert len(pieces) > 3


async def test_concurrent_questions_keep_their_pictures(chat: LiteLLMChatModel) -> None:
    messages = [shown(DIGIT, digit(n, 3)) for n in range(8)]
    alone = [(await said(chat, message))[0] for message in messages]
    together = await asyncio.gather(*(said(chat, message) for message in messages))
    assert [text for text, _ in together] == alone
    assert len(set(alone)) >= 6


async def test_prompt_and_picture_tokens_are_those_of_the_librarys_own_processor(
    server: Server, chat: LiteLLMChatModel, tmp_path: Path
) -> None:
    files = [tmp_path / "one.png", tmp_path / "two.png"]
    for number, file in enumerate(files):
        file.write_bytes(card_png(Card("digit", digit=number), number, size=180 + 97 * number))
    texts = ("[1] (picture)", "\n[2] (picture)", "\nWhich of these two?")
    theirs = by_the_library([_theirs(*texts)], files)
    assert tokenized(server, [_ours(texts, files)]) == theirs["ids"]
    content = "".join(texts)
    message = Message(
        role="user",
        content=content,
        pictures=tuple(file.read_bytes() for file in files),
        places=(len(texts[0]), len(texts[0]) + len(texts[1])),
    )
    _, usage = await said(chat, message)
    assert usage.prompt_tokens == len(theirs["ids"])
    assert theirs["ids"].count(theirs["image"]) == 2 * 16


def _theirs(first: str, second: str, last: str) -> dict[str, object]:
    parts = [
        {"type": "text", "text": first}, {"type": "image"},
        {"type": "text", "text": second}, {"type": "image"},
        {"type": "text", "text": last},
    ]  # fmt: skip
    return {"role": "user", "content": parts}


def _ours(texts: tuple[str, str, str], files: list[Path]) -> dict[str, object]:
    parts: list[dict[str, object]] = []
    for text, file in zip(texts, files, strict=False):
        data = base64.b64encode(file.read_bytes()).decode()
        parts.append({"type": "text", "text": text})
        parts.append({"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}})
    parts.append({"type": "text", "text": texts[2]})
    return {"role": "user", "content": parts}


async def test_a_bad_picture_is_one_sentence_and_harms_nobody(chat: LiteLLMChatModel) -> None:
    with pytest.raises(ModelUnavailable, match="pincite-vlm"):
        await said(chat, shown(DIGIT, b"this is no PNG"))
    text, _ = await said(chat, shown(DIGIT, digit(2, 1)))
    assert text.startswith("The picture shows the digit")


# --- claims --------------------------------------------------------------------------------------


async def test_the_same_model_judges_claims_about_pictures(server: Server) -> None:
    judge = seeing_judge(judge_settings(server.plan))
    right: list[bool] = []
    for n in range(10):
        for claimed in (n, (n + 3) % 10):
            claim = f"The picture shows the digit {claimed}."
            sight = await asyncio.to_thread(judge.look, digit(n, 20 + n), claim)
            right.append(sight.shows == ("yes" if claimed == n else "no"))
    assert share(right) >= 0.8
