"""The same question again: the same answer, as long as nothing that it depends on has changed."""

from __future__ import annotations

import pytest

from agent.assistant import Assistant
from pincite.answer_form import Form
from pincite.answers import Answer
from pincite.asking import AS_EVER, Wishes
from pincite.elements import Scope
from pincite.events import Checked, Finished
from pincite.models.fakes import ScriptedChatModel
from tests.unit.agent.conftest import Build
from tests.unit.agent.library import MemoryLibrary

WHEN = "When was the harbour pump replaced?"
TRUE = "The harbour pump was replaced on 3 May 2024 [1]."


async def ask(
    assistant: Assistant, question: str = WHEN, scope: Scope | None = None, wishes: Wishes = AS_EVER
) -> Answer:
    stream = assistant.ask(question, scope or Scope(), wishes=wishes)
    last = [event async for event in stream][-1]
    assert isinstance(last, Finished), last
    return last.answer


@pytest.fixture
def chat() -> ScriptedChatModel:
    return ScriptedChatModel([TRUE, TRUE, TRUE])


async def test_it_is_given_again_and_says_so(build: Build, chat: ScriptedChatModel) -> None:
    assistant = build(chat)
    first, again = await ask(assistant), await ask(assistant, f"  {WHEN} ")
    assert (first.recalled, again.recalled) == (False, True)
    assert (again.id, again.citations) == (first.id, first.citations)
    assert len(chat.heard) == 1


async def test_its_sentences_come_as_events_too(build: Build, chat: ScriptedChatModel) -> None:
    assistant = build(chat)
    await ask(assistant)
    events = [event async for event in assistant.ask(WHEN, Scope())]
    assert [e.sentence.text for e in events if isinstance(e, Checked)] == [TRUE]


async def test_a_new_file_an_other_asker_form_or_question_is_another_matter(
    build: Build, chat: ScriptedChatModel, library: MemoryLibrary
) -> None:
    assistant = build(chat)
    await ask(assistant)
    other = Scope(principals=frozenset({"local", "bob"}))
    assert not (await ask(assistant, scope=other)).recalled
    assert not (await ask(assistant, wishes=Wishes(form=Form.QUOTES))).recalled
    library.add("new.pdf", ["The harbour pump was replaced again on 7 June 2025."])
    assert not (await ask(assistant)).recalled


async def test_who_wants_it_anew_gets_it_anew(build: Build, chat: ScriptedChatModel) -> None:
    assistant = build(chat)
    await ask(assistant)
    assert not (await ask(assistant, wishes=Wishes(fresh=True))).recalled


async def test_quotes_are_given_without_the_model(build: Build, chat: ScriptedChatModel) -> None:
    answer = await ask(build(chat), wishes=Wishes(form=Form.QUOTES))
    assert answer.kind == "answered"
    assert answer.model.model == ""
    assert chat.heard == []


async def test_a_conversation_goes_on_from_an_answer_given_again(
    build: Build, chat: ScriptedChatModel
) -> None:
    assistant = build(chat)
    await ask(assistant)
    again = [e async for e in assistant.ask(WHEN, Scope(), conversation="c")][-1]
    assert isinstance(again, Finished)
    assert again.answer.recalled
    await ask_in(assistant, "And why?")
    assert chat.heard[-1][-1].content.count(WHEN) == 1


async def ask_in(assistant: Assistant, question: str) -> None:
    async for _ in assistant.ask(question, Scope(), conversation="c"):
        pass


async def test_an_explanation_has_instructions_of_its_own(
    build: Build, chat: ScriptedChatModel
) -> None:
    answer = await ask(build(chat), wishes=Wishes(form=Form.EXPLANATION))
    assert answer.model.prompt_version.startswith("explain/")
    assert "Explain" in chat.heard[0][-1].content
