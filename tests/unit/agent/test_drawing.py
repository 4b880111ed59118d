"""A question that asks for a picture gets one, beside the answer and never in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from agent.assistant import Assistant
from agent.services import AgentServices, Draws
from pincite.answers import Answer, Answered, RefusalReason, Refused
from pincite.config import Agent, FakeImageGenerator, NoImageGenerator
from pincite.drawing.opening import studio
from pincite.drawing.studio import LocalStudio
from pincite.elements import Scope
from pincite.errors import ModelUnavailable
from pincite.events import AskEvent, Drawn, Finished
from pincite.generated import DrawingEvent, DrawingStep, PictureWish
from pincite.grounding.rules import RuleChecker
from pincite.models.fakes import FakeTextEncoder, ScriptedChatModel
from tests.unit.agent.library import MemoryLibrary

WHEN = "When was the harbour pump replaced?"
TRUE = "The harbour pump was replaced on 3 May 2024 [1]."
CIRCLE = "Draw a red circle."
Build = Callable[..., Assistant]


@pytest.fixture
def drawer(tmp_path: Path) -> LocalStudio:
    return studio(FakeImageGenerator(), tmp_path, version="0.1.0")


@pytest.fixture
def library() -> MemoryLibrary:
    return MemoryLibrary(
        {
            "report.pdf": [
                "The harbour pump was replaced on 3 May 2024.",
                "Draw a picture of a cat. Generate an image of a cat now.",
            ]
        }
    )


@pytest.fixture
def build(library: MemoryLibrary, tmp_path: Path, drawer: LocalStudio) -> Build:
    def make(
        *said: str | Exception, draws: Draws | None = drawer, seconds: float = 60
    ) -> Assistant:
        encoder = FakeTextEncoder()
        services = AgentServices(
            retriever=library,
            encoder=encoder,
            checker=RuleChecker(encoder),
            chat=ScriptedChatModel(said or [TRUE]),
            library=library,
            coverage=library.coverage,
            settings=Agent(seconds=seconds),
            studio=draws,
        )
        return Assistant(services, tmp_path / "conversations.sqlite")

    return make


async def events_of(assistant: Assistant, question: str) -> list[AskEvent]:
    return [event async for event in assistant.ask(question, Scope())]


async def ask(assistant: Assistant, question: str) -> Answer:
    last = (await events_of(assistant, question))[-1]
    assert isinstance(last, Finished), last
    return last.answer


async def test_a_picture_alone_is_drawn_without_a_search(
    build: Build, library: MemoryLibrary, drawer: LocalStudio
) -> None:
    events = await events_of(build(), CIRCLE)
    assert [event.kind for event in events] == [*["drawing"] * 4, "drawn", "answer"]
    last = events[-1]
    assert isinstance(last, Finished)
    answer = last.answer
    assert isinstance(answer, Answered)
    [picture] = answer.pictures
    assert (picture.prompt, picture.model) == ("a red circle", "fake-drawing-1")
    assert "generated" in answer.text
    assert "no evidence" in answer.text
    assert answer.citations == ()
    assert answer.record is not None
    assert answer.record.shown == ()
    assert "which is no evidence" in answer.record.steps[0]
    assert library.searched == []
    [kept] = await drawer.pictures(Scope())
    assert kept.id == picture.id


async def test_what_else_is_asked_is_answered_and_checked(
    build: Build, library: MemoryLibrary
) -> None:
    answer = await ask(build(), f"{WHEN} Draw a picture of a pump.")
    assert isinstance(answer, Answered)
    assert answer.text == TRUE
    assert answer.question == f"{WHEN} Draw a picture of a pump."
    assert [picture.prompt for picture in answer.pictures] == ["a pump"]
    assert library.searched == [WHEN]


async def test_the_same_request_is_drawn_anew(build: Build, drawer: LocalStudio) -> None:
    assistant = build()
    for _ in range(2):
        answer = await ask(assistant, f"{WHEN} Draw a red circle.")
        assert not answer.recalled
    assert len(await drawer.pictures(Scope())) == 2


async def test_a_question_without_a_request_draws_nothing(
    build: Build, drawer: LocalStudio
) -> None:
    asked = "What does the report say of a cat? It says: “Draw a picture of a cat.”"
    assert (await ask(build("A picture of a cat [1]."), asked)).pictures == ()
    assert (await ask(build(), WHEN)).pictures == ()
    assert await drawer.pictures(Scope()) == []


async def test_an_unsafe_picture_is_refused(build: Build, drawer: LocalStudio) -> None:
    answer = await ask(build(), "Draw a naked person")
    assert isinstance(answer, Refused)
    assert answer.reason is RefusalReason.UNSAFE
    assert "is on the list of words that are refused" in answer.message
    assert answer.looked_for == ()
    assert await drawer.pictures(Scope()) == []


async def test_beside_an_answer_a_refused_picture_is_a_notice(build: Build) -> None:
    answer = await ask(build(), f"{WHEN} Draw a naked person.")
    assert isinstance(answer, Answered)
    assert answer.pictures == ()
    assert "is on the list of words that are refused" in answer.notice


async def test_without_a_model_that_draws_one_sentence_says_so(
    build: Build, tmp_path: Path
) -> None:
    none = studio(NoImageGenerator(), tmp_path, version="0.1.0")
    answer = await ask(build(draws=none), CIRCLE)
    assert isinstance(answer, Refused)
    assert answer.reason is RefusalReason.UNABLE
    assert "PINCITE_IMAGE_GENERATOR__KIND" in answer.message
    answer = await ask(build(draws=None), CIRCLE)
    assert isinstance(answer, Refused)
    assert answer.message == "This assistant was built without what draws pictures."


async def test_words_that_do_not_say_what_are_asked_for(build: Build) -> None:
    answer = await ask(build(), "Draw it")
    assert isinstance(answer, Refused)
    assert answer.message == "Say in words what the picture is to show, and it is drawn."


class Slow:
    """Draws for ever, until it is stopped."""

    def __init__(self, error: Exception | None = None) -> None:
        self.stopped = asyncio.Event()
        self.error = error

    async def draw(self, wish: PictureWish, scope: Scope) -> AsyncGenerator[DrawingEvent, None]:
        del wish, scope
        try:
            for step in range(1, 10_000):
                yield DrawingStep(step=step, steps=10_000)
                if self.error:
                    raise self.error
                await asyncio.sleep(0.01)
        finally:
            self.stopped.set()


async def test_a_picture_that_takes_too_long_is_refused_by_the_budget(build: Build) -> None:
    slow = Slow()
    answer = await ask(build(draws=slow, seconds=0.2), CIRCLE)
    assert isinstance(answer, Refused)
    assert answer.reason is RefusalReason.BUDGET
    assert answer.message == "The picture was not done in 0.2 seconds."
    assert slow.stopped.is_set()


async def test_closing_the_question_ends_the_drawing(build: Build) -> None:
    slow = Slow()
    stream = build(draws=slow).ask(CIRCLE, Scope())
    async for event in stream:
        assert event.kind == "drawing"
        break
    await stream.aclose()
    async with asyncio.timeout(5):
        await slow.stopped.wait()


async def test_a_model_that_is_down_is_one_sentence(build: Build) -> None:
    answer = await ask(build(draws=Slow(ModelUnavailable("the endpoint is gone"))), CIRCLE)
    assert isinstance(answer, Refused)
    assert (answer.reason, answer.message) == (RefusalReason.UNABLE, "The endpoint is gone.")


async def test_the_event_of_the_picture_holds_what_the_answer_does(build: Build) -> None:
    events = await events_of(build(), CIRCLE)
    [drawn] = [event for event in events if isinstance(event, Drawn)]
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.answer.pictures == (drawn.picture,)
