"""The agent with a model that sees behind a real vLLM: looks, cites, is checked, and survives."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.assistant import Assistant
from agent.services import AgentServices
from agent.views import View
from pincite.answers import Answered, Label, Refused, Voice
from pincite.config import Agent
from pincite.elements import BlobKey, Element, Kind, Scope
from pincite.events import AskEvent, Finished, Looked
from pincite.grounding.rules import RuleChecker
from pincite.grounding.visual import VisualChecker
from pincite.locators import ImageBox
from pincite.models.fakes import FakeTextEncoder
from pincite.models.litellm_chat import LiteLLMChatModel
from pincite.models.picture_judge import seeing_judge
from scripts.tiny_vlm.cards import Card
from serving.picture_cutting import cut
from serving.vlm.process import Server
from tests.unit.agent.library import MemoryLibrary
from tests.vlm.served import card_png, chat_settings, judge_settings

pytestmark = [
    pytest.mark.server,
    pytest.mark.filterwarnings("ignore:Accessing the 'model_:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict:UserWarning"),
    pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning"),
]
SIZE = 300
WHOLE = ImageBox(left=0, top=0, right=SIZE, bottom=SIZE, image_width=SIZE, image_height=SIZE)
CAPTION = "Inventory card of the north hall."
DIGIT = "Which digit is shown on the inventory card of the north hall?"


class Shelf:
    """Cards in picture files: a library, their pictures, and what happens when they are drawn."""

    def __init__(self, server: Server) -> None:
        self.library = MemoryLibrary()
        self.pictures: dict[str, bytes] = {}
        self.server = server
        self.kills = False

    def add(self, name: str, card: Card, caption: str = CAPTION) -> None:
        key = f"key of {name}"
        self.pictures[key] = card_png(card, 40, SIZE)
        self.library.add(name, [caption], kind=Kind.PHOTO, crop=key, locators=(WHOLE,))

    async def seen(self, element: Element, scope: Scope, view: View) -> tuple[bytes, ...]:
        del scope
        if self.kills:
            self.server.kill()
        return cut(self.pictures[element.crop or ""], [WHOLE], view)

    def picture(self, key: BlobKey) -> bytes:
        return self.pictures[key]


@pytest.fixture
def shelf(server: Server) -> Shelf:
    return Shelf(server)


def assistant(shelf: Shelf, tmp_path: Path) -> Assistant:
    encoder = FakeTextEncoder()
    judge = seeing_judge(judge_settings(shelf.server.plan))
    services = AgentServices(
        retriever=shelf.library,
        encoder=encoder,
        checker=VisualChecker(RuleChecker(encoder), judge, shelf.picture),
        chat=LiteLLMChatModel(chat_settings(shelf.server.plan)),
        library=shelf.library,
        coverage=shelf.library.coverage,
        settings=Agent(answer_tokens=60),
        places=shelf,
    )
    return Assistant(services, tmp_path / "conversations.sqlite")


async def asked(shelf: Shelf, tmp_path: Path, question: str = DIGIT) -> list[AskEvent]:
    return [event async for event in assistant(shelf, tmp_path).ask(question, Scope())]


def answer_of(events: list[AskEvent]) -> Answered | Refused:
    last = events[-1]
    assert isinstance(last, Finished), last
    return last.answer


async def test_a_photo_is_looked_at_told_of_cited_and_judged(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add("card.png", Card("digit", digit=7))
    events = await asked(shelf, tmp_path)
    assert [(e.number, e.look) for e in events if isinstance(e, Looked)] == [(1, "place")]
    answer = answer_of(events)
    assert isinstance(answer, Answered)
    assert answer.text == "The picture shows the digit 7 [1]."
    assert answer.sentences[0].label is Label.SUPPORTED
    assert "A model looked at the picture" in answer.sentences[0].claims[0].verdict.reason


async def test_another_picture_in_its_place_gives_another_answer(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.add("card.png", Card("digit", digit=4))
    answer = answer_of(await asked(shelf, tmp_path))
    assert isinstance(answer, Answered)
    assert answer.text == "The picture shows the digit 4 [1]."


async def test_which_of_two_is_answered_by_its_number(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add("card.png", Card("shapes", colour="red", shape="circle", many=3))
    shelf.add("hall.png", Card("shapes", colour="blue", shape="square", many=1))
    question = "Which of these two pictures shows three red circles?"
    answer = answer_of(await asked(shelf, tmp_path, question))
    assert isinstance(answer, Answered)
    [cited] = answer.citations
    assert cited.source_name == "card.png"
    assert f"[{cited.number}]" in answer.text


async def test_what_cannot_be_made_out_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add("scan.png", Card("page"))
    assert isinstance(answer_of(await asked(shelf, tmp_path)), Refused)


async def test_a_server_that_is_killed_leaves_the_text_and_that_is_said(
    shelf: Shelf, tmp_path: Path
) -> None:
    """The last test of the folder: it ends the server."""
    shelf.add("card.png", Card("digit", digit=7))
    shelf.library.add("report.pdf", ["The inventory card of the north hall shows the digit 7."])
    shelf.kills = True
    events = await asked(shelf, tmp_path)
    assert any(isinstance(event, Looked) for event in events)
    answer = answer_of(events)
    assert isinstance(answer, Answered)
    assert answer.voice is Voice.QUOTES
    assert "digit 7" in answer.text
    assert "did not answer, so quotes are the answer" in answer.notice
    assert not shelf.server.is_running
