"""A model that sees: what it is shown, and what happens where that fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path

import pytest

from agent.assistant import Assistant
from agent.services import AgentServices, Places
from agent.views import View
from pincite.answers import Answer, Answered, Refused, Voice
from pincite.config import Agent
from pincite.elements import Element, Kind, Scope
from pincite.errors import CorruptSource, ModelUnavailable
from pincite.events import AskEvent, Failed, Finished, Looked
from pincite.grounding.rules import RuleChecker
from pincite.models.fakes import FakeTextEncoder, ScriptedChatModel
from pincite.models.ports import ChatModel, ChatPiece, ChatUsage, Message, Tool, Vision
from tests.unit.agent.library import MemoryLibrary

WHEN = "When was the harbour pump replaced?"
TRUE = "The harbour pump was replaced on 3 May 2024 [1]."
VISION = Vision(side=400, tokens=200, pictures=4)
DOWN = ModelUnavailable("the model at host did not answer")


class Album:
    """Pictures that say what they are of."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, View]] = []
        self.error: Exception | None = None

    async def seen(self, element: Element, scope: Scope, view: View) -> tuple[bytes, ...]:
        assert scope == Scope()
        self.asked.append((element.id, view))
        if self.error:
            raise self.error
        return tuple(f"{view.look} {element.id}".encode() for _ in range(view.columns * view.rows))


@pytest.fixture
def album() -> Album:
    return Album()


@pytest.fixture
def library() -> MemoryLibrary:
    known = MemoryLibrary({"report.pdf": ["The harbour pump was replaced on 3 May 2024."]})
    known.add("chart.pdf", ["Pumps of the harbour by year."], kind=Kind.FIGURE, crop="key")
    return known


Build = Callable[..., Assistant]


@pytest.fixture
def build(library: MemoryLibrary, album: Album, tmp_path: Path) -> Build:
    def make(chat: ChatModel, *, places: Places | None = album) -> Assistant:
        encoder = FakeTextEncoder()
        services = AgentServices(
            retriever=library,
            encoder=encoder,
            checker=RuleChecker(encoder),
            chat=chat,
            library=library,
            coverage=library.coverage,
            settings=Agent(),
            places=places,
        )
        return Assistant(services, tmp_path / "conversations.sqlite")

    return make


def seeing(*replies: str | Exception) -> ScriptedChatModel:
    return ScriptedChatModel(replies, vision=VISION)


async def events_of(assistant: Assistant, question: str = WHEN) -> list[AskEvent]:
    return [event async for event in assistant.ask(question, Scope())]


async def ask(assistant: Assistant, question: str = WHEN) -> Answer:
    last = (await events_of(assistant, question))[-1]
    assert isinstance(last, Finished), last
    return last.answer


def steps(answer: Answer) -> str:
    assert answer.record is not None
    return "; ".join(answer.record.steps)


# --- what is shown -------------------------------------------------------------------------------


async def test_a_figure_is_shown_behind_its_number_and_looks_are_events(build: Build) -> None:
    chat = seeing(TRUE)
    events = await events_of(build(chat))
    looked = [event for event in events if isinstance(event, Looked)]
    assert [each.look for each in looked] == ["page", "place"]
    assert {each.number for each in looked} == {2}
    [(system, user)] = chat.heard
    assert len(user.pictures) == sum(each.parts for each in looked)
    texts = [part for part in user.parts if isinstance(part, str)]
    assert texts[0].endswith("[2] (its page)")
    assert texts[1].endswith("[2] (picture, part 1 of 3)")
    assert "[2] (picture)" in system.content


async def test_pictures_take_context_and_leave_room_for_text(build: Build) -> None:
    costly = Vision(side=400, tokens=1_280, pictures=6)
    slow = ScriptedChatModel([TRUE], vision=costly, tokens_per_second=20)
    await ask(build(slow))
    [(_, user)] = slow.heard
    assert 1 <= len(user.pictures) <= 3  # half of 8 192 tokens
    assert "The harbour pump was replaced on 3 May 2024." in user.content


async def test_the_prompt_of_pictures_is_recorded(build: Build) -> None:
    answer = await ask(build(seeing(TRUE)))
    assert answer.model.prompt_version.endswith(", see/1")
    assert "showed the place of [2]" in steps(answer)


async def test_a_model_that_does_not_see_is_given_text_and_nothing_is_drawn(
    build: Build, album: Album
) -> None:
    chat = ScriptedChatModel([TRUE])
    answer = await ask(build(chat))
    assert chat.heard[0][-1].pictures == ()
    assert album.asked == []
    assert "see" not in answer.model.prompt_version


async def test_without_a_maker_of_pictures_a_model_that_sees_reads(build: Build) -> None:
    chat = seeing(TRUE)
    await ask(build(chat, places=None))
    assert chat.heard[0][-1].pictures == ()


async def test_a_photo_without_words_is_shown_and_can_be_cited(
    build: Build, library: MemoryLibrary
) -> None:
    library.add("harbour.jpg", [""], kind=Kind.PHOTO, crop="key")
    chat = seeing(TRUE)
    await ask(build(chat))
    assert "harbour.jpg, page 1: «»" in chat.heard[0][-1].content


async def test_a_picture_that_fits_is_looked_at_although_no_text_answers(
    build: Build, library: MemoryLibrary
) -> None:
    library.add("crane.jpg", ["Blue crane."], kind=Kind.PHOTO, crop="key")
    chat = seeing("NOT FOUND")
    assert isinstance(await ask(build(chat), "How many wheels has the yellow crane?"), Refused)
    assert len(chat.heard) == 1


# --- what goes wrong -----------------------------------------------------------------------------


async def test_a_page_that_cannot_be_drawn_is_read_all_the_same(build: Build, album: Album) -> None:
    album.error = CorruptSource("page 1 cannot be drawn")
    chat = seeing(TRUE)
    answer = await ask(build(chat))
    assert isinstance(answer, Answered)
    assert chat.heard[0][-1].pictures == ()
    assert "could not make a picture of the place of [2], so only read it" in steps(answer)


async def test_a_model_that_does_not_take_the_pictures_is_given_the_text(build: Build) -> None:
    chat = seeing(DOWN, TRUE)
    answer = await ask(build(chat))
    assert isinstance(answer, Answered)
    assert answer.text == TRUE
    assert [len(messages[-1].pictures) for messages in chat.heard] == [4, 0]
    assert "did not take the pictures, so it was given text only" in steps(answer)
    assert "it was given text only" in answer.notice


class BreaksOff(ScriptedChatModel):
    """Writes a sentence that is borne out, begins another, and is gone."""

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
        self.heard.append(tuple(messages))
        for piece in (TRUE, " It", " cost"):
            await asyncio.sleep(0.01)
            yield ChatPiece(text=piece)
        raise DOWN


async def test_what_a_model_wrote_before_it_was_killed_is_withdrawn(build: Build) -> None:
    chat = BreaksOff(["unused"], vision=VISION)
    answer = await ask(build(chat))
    assert isinstance(answer, Answered)
    assert answer.voice is Voice.QUOTES
    assert [sentence.id for sentence in answer.sentences] == ["s1"]
    assert "cost" not in answer.text
    assert len(chat.heard) == 2  # with the pictures, then with the text alone
    assert "quotes are the answer" in answer.notice


async def test_a_model_that_is_gone_leaves_the_quotes_and_that_is_said(build: Build) -> None:
    answer = await ask(build(seeing(DOWN)))
    assert isinstance(answer, Answered)
    assert answer.voice is Voice.QUOTES
    assert "3 May 2024" in answer.text
    assert "scripted did not answer, so quotes are the answer" in steps(answer)


async def test_a_model_that_is_gone_and_no_quote_is_one_sentence(
    build: Build, library: MemoryLibrary
) -> None:
    library.add("crane.jpg", ["Blue crane."], kind=Kind.PHOTO, crop="key")
    last = (await events_of(build(seeing(DOWN)), "How many wheels has the yellow crane?"))[-1]
    assert last == Failed(error="ModelUnavailable", message=str(DOWN))
