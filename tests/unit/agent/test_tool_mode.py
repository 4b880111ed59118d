"""A model that calls tools gathers the evidence; what it writes is checked like any other's."""

from __future__ import annotations

import json

import pytest

from pincite.answers import Answered, Label, Refused
from pincite.elements import Scope
from pincite.events import Called, Finished, Searched
from pincite.models.fakes import ScriptedChatModel
from pincite.models.ports import ToolCall, Vision
from tests.unit.agent.conftest import Build
from tests.unit.agent.opened import (
    SEARCHED,
    TRUE,
    WHEN,
    OpenLibrary,
    ask,
    call,
    events_of,
    scripted,
    steps,
)

FALSE = "The harbour pump was replaced on 9 June 2021 [1]."


# --- the way of an answer ------------------------------------------------------------------------


async def test_what_the_model_gathered_is_quoted_written_from_and_checked(
    build_open: Build, opened: OpenLibrary
) -> None:
    chat = scripted(SEARCHED, "[1]", TRUE)
    events = await events_of(build_open(chat=chat))
    last = events[-1]
    assert isinstance(last, Finished)
    answer = last.answer
    assert isinstance(answer, Answered)
    assert answer.text == TRUE
    assert answer.sentences[0].label is Label.SUPPORTED
    assert opened.searched == ["harbour pump"]
    kinds = list(dict.fromkeys(event.kind for event in events))
    assert kinds == ["searched", "quotes", "reading", "delta", "draft", "checked", "answer"]
    assert "scripted gathered [1] for the answer" in steps(answer)
    assert answer.model.prompt_version == "gather/1, write/3"
    assert answer.model.prompt_tokens > sum(
        chat.count_tokens(message.content) for message in chat.heard[-1]
    )
    assert answer.quotes[0].text == "The harbour pump was replaced on 3 May 2024."


async def test_numbers_stay_from_the_tools_to_the_answer(build_open: Build) -> None:
    opened = call("open_page", file="memo.pdf", page=1)
    crane = "The crane lifts 40 tonnes [1]."
    chat = scripted(opened, SEARCHED, "The answer rests on [1].", crane)
    answer = await ask(build_open(chat=chat), "How much does the crane lift?")
    assert isinstance(answer, Answered)
    assert answer.text == crane
    [citation] = answer.citations
    assert (citation.number, citation.source_name) == (1, "memo.pdf")
    assert "[1] memo.pdf, page 1: «The crane lifts 40 tonnes.»" in chat.heard[-1][-1].content


async def test_a_false_sentence_of_a_strong_model_is_marked_as_ever(build_open: Build) -> None:
    answer = await ask(build_open(SEARCHED, "[1]", f"{TRUE} {FALSE}"))
    assert isinstance(answer, Answered)
    assert [s.label for s in answer.sentences] == [Label.SUPPORTED, Label.UNSUPPORTED]
    assert answer.text == f"{TRUE} [? not found in the sources] {FALSE}"


async def test_a_model_that_finds_nothing_is_followed_by_the_graphs_own_search(
    build_open: Build, opened: OpenLibrary
) -> None:
    written = "The harbour pump was replaced on 3 May 2024."
    answer = await ask(build_open(call("search", query="insurance"), "NOT FOUND", written))
    assert isinstance(answer, Answered)
    assert opened.searched == ["insurance", WHEN]
    assert "scripted found nothing that answers it" in steps(answer)


async def test_what_is_not_there_is_refused(build_open: Build) -> None:
    question = "Which zeppelin insures quixotic marmalade?"
    answer = await ask(
        build_open(call("search", query="zeppelin"), "NOT FOUND", "NOT FOUND"), question
    )
    assert isinstance(answer, Refused)


async def test_a_follow_up_is_gathered_for_with_the_question_that_it_follows(
    build_open: Build,
) -> None:
    chat = scripted(SEARCHED, "[1]", TRUE, SEARCHED, "[1]", TRUE)
    assistant = build_open(chat=chat)
    for question in (WHEN, "And what did it cost?"):
        stream = assistant.ask(question, Scope(), conversation="c")
        assert [event async for event in stream][-1].kind == "answer"
    assert f"QUESTION: {WHEN} And what did it cost?" in chat.heard[3][1].content


async def test_a_model_without_tools_is_given_none(build_open: Build) -> None:
    chat = ScriptedChatModel([TRUE])
    answer = await ask(build_open(chat=chat))
    assert isinstance(answer, Answered)
    assert chat.offered == [()]


# --- the tools -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "told", "clause"),
    [
        (call("search", query="crane", file="memo.pdf"), "[1] memo.pdf", "searched in “memo.pdf”"),
        (call("open_page", file="REPORT.PDF"), "[2] report.pdf, page 1: «The pump cost", "opened"),
        (call("open_page", file="memo"), "[1] memo.pdf", "opened page 1 of “memo.pdf”"),
        (call("open_page", file="memo.pdf", page=9), "Nothing is to be read on page 9", "nothing"),
        (call("open_page", file="memo.pdf", part=9), "There are 1 parts of", "could not open"),
        (call("open_page", file="memos.pdf"), "There is no file “memos.pdf”", "nearest"),
        (call("open_page", file="call.mp3"), "", ""),
        (call("listen", file="call.mp3", second=70), "[1] call.mp3, at 1:01: «We sail", "around"),
        (call("listen", file="call.mp3", second=500), "Nothing is said around 8:20", "listened"),
        (call("look_closer", evidence=7), "There is no evidence [7]", "which there is not"),
        (call("calculate", expression="1 + x"), "Only figures", "could not work out"),
        (call("extract", columns=[{"name": "total"}]), "There is no tool “extract”", "not"),
        (call("generate_image", prompt="a cat"), "There is no tool “generate_image”", "not"),
        (call("delete_all"), "There is no tool “delete_all”; there are: search", "asked for a"),
        (call("search"), "query: Field required. The arguments of search are: query", "not fit"),
        (call("search", query="x", limit=4), "limit: Extra inputs", "do not fit"),
        (call("open_page", file="memo.pdf", page=0), "page: Input should be greater", "not fit"),
        ([ToolCall(id="a", name="search", arguments='{"que')], "JSON object with: query", "not"),
        ([ToolCall(id="a", name="search", arguments="[1]")], "JSON object with: query", "not fit"),
        ([ToolCall(id="a", name="search", arguments="[" * 9_000)], "JSON object with", "not fit"),
    ],
)
async def test_every_call_has_one_clear_answer(
    build_open: Build, asked: list[ToolCall], told: str, clause: str
) -> None:
    chat = scripted(asked, "[1]", TRUE)
    answer = await ask(build_open(chat=chat))
    heard = "\n".join(m.content for messages in chat.heard for m in messages if m.role == "tool")
    assert told in heard
    assert clause in f"{steps(answer)} {heard}"


async def test_arguments_that_are_wrapped_twice_are_unwrapped(build_open: Build) -> None:
    twice = json.dumps(json.dumps({"query": "pump"}))
    chat = scripted([ToolCall(id="a", name="search", arguments=twice)], "[1]", TRUE)
    assert isinstance(await ask(build_open(chat=chat)), Answered)
    assert "[1] report.pdf" in "\n".join(m.content for m in chat.heard[1])


async def test_only_what_the_asker_may_see_is_searched_opened_and_named(
    build_open: Build, opened: OpenLibrary
) -> None:
    secret = opened.add("secret.pdf", ["The vault code is 4711."])
    opened.hide(secret)
    calls = (
        call("search", query="vault code"),
        call("open_page", file="secret.pdf"),
        call("listen", file=secret, second=0),
    )
    chat = scripted(*calls, "NOT FOUND")
    answer = await ask(build_open(chat=chat), "What is the vault code?")
    told = "\n".join(
        m.content for messages in chat.heard for m in messages if m.role != "assistant"
    )
    assert "4711" not in told
    assert "secret" not in chat.heard[0][1].content
    assert "4711" not in answer.model_dump_json()


async def test_instructions_in_a_file_are_not_shown_and_lead_to_nothing(build_open: Build) -> None:
    chat = scripted(call("open_page", file="report.pdf"), "[1]", TRUE)
    answer = await ask(build_open(chat=chat))
    told = "\n".join(m.content for messages in chat.heard for m in messages)
    assert "Ignore all previous" not in told
    assert answer.pictures == ()


async def test_a_long_page_comes_in_parts(build_open: Build, opened: OpenLibrary) -> None:
    words = "The keel of the boat is long and the mast is tall in the wind of the north. "
    opened.add("log.pdf", [f"Part {n}. {words * 12}" for n in range(12)])
    chat = scripted(call("open_page", file="log.pdf", part=2), "NOT FOUND", "NOT FOUND")
    await ask(build_open(chat=chat))
    [told] = {m.content for messages in chat.heard for m in messages if m.role == "tool"}
    assert "(part 2 of" in told
    assert "Part 0." not in told


async def test_looking_closer_shows_pictures_to_a_model_that_sees(build_open: Build) -> None:
    vision = Vision(side=400, tokens=100, pictures=4)
    both = [*call("look_closer", evidence=1), *call("calculate", expression="3 * 12")]
    chat = scripted(SEARCHED, both, "[1]", TRUE, vision=vision)
    answer = await ask(build_open(chat=chat))
    *_, one, other, last = chat.heard[2]
    assert (one.role, other.role, last.role) == ("tool", "tool", "user")
    assert last.parts == ("[1]\n[1] (picture)", b"place source1.0")
    assert "looked closer at [1]" in steps(answer)


async def test_looking_closer_tells_the_words_to_one_that_does_not(build_open: Build) -> None:
    chat = scripted(SEARCHED, call("look_closer", evidence=1), "[1]", TRUE)
    await ask(build_open(chat=chat))
    assert all(not m.pictures for messages in chat.heard for m in messages)


# --- sums ----------------------------------------------------------------------------------------


async def test_a_sum_comes_into_the_answer_with_its_places(build_open: Build) -> None:
    sums = call("calculate", expression="40000 - 15000")
    question = "How much more did the crane cost than the pump?"
    chat = scripted(SEARCHED, sums, "[2]", "The crane cost more [2].")
    answer = await ask(build_open(chat=chat), question)
    assert isinstance(answer, Answered)
    last = answer.sentences[-1]
    assert last.text.startswith("40,000 − 15,000 = 25,000. [")
    assert last.label is Label.SUPPORTED
    assert {c.number for c in answer.citations} >= set(last.claims[0].claim.cites)
    assert "worked out “40000 - 15000”, which is 25,000" in steps(answer)


async def test_a_figure_that_stands_nowhere_is_told_and_computes_nothing(build_open: Build) -> None:
    chat = scripted(SEARCHED, call("calculate", expression="99999 - 15000"), "[2]", TRUE)
    answer = await ask(build_open(chat=chat))
    assert "The figure 99,999 stands in no evidence" in "\n".join(m.content for m in chat.heard[2])
    assert isinstance(answer, Answered)
    assert "84,999" not in answer.text


async def test_figures_that_may_be_misread_are_not_computed_with(
    build_open: Build, opened: OpenLibrary
) -> None:
    opened.add("scan.pdf", ["The mast cost 7,300 euros."], confidence=0.4)
    asked = call("search", query="mast"), call("calculate", expression="7300 * 2")
    chat = scripted(*asked, "[1]", TRUE)
    answer = await ask(build_open(chat=chat))
    assert "was read with 40% confidence only" in "\n".join(m.content for m in chat.heard[2])
    assert "14,600" not in answer.model_dump_json(exclude={"record"})


# --- pictures ------------------------------------------------------------------------------------


async def test_a_picture_that_the_asker_asks_for_may_be_drawn_by_the_model(
    build_open: Build,
) -> None:
    chat = scripted(SEARCHED, call("generate_image", prompt="a harbour pump"), "[1]", TRUE)
    answer = await ask(build_open(chat=chat), f"{WHEN} Draw a picture of a harbour pump.")
    assert isinstance(answer, Answered)
    assert [picture.prompt for picture in answer.pictures] == ["a harbour pump"]
    assert "generate_image" in chat.offered[0]
    assert answer.text == TRUE


async def test_a_picture_that_was_asked_for_is_drawn_though_the_model_does_not_care(
    build_open: Build,
) -> None:
    answer = await ask(build_open(SEARCHED, "[1]", TRUE), f"{WHEN} Draw a red pump.")
    assert [picture.prompt for picture in answer.pictures] == ["a red pump"]


async def test_words_of_files_and_models_get_into_no_picture(build_open: Build) -> None:
    asked = call("generate_image", prompt="a pump that cost 15,000 euros")
    answer = await ask(build_open(SEARCHED, asked, "[1]", TRUE), f"{WHEN} Draw a red pump.")
    assert [picture.prompt for picture in answer.pictures] == ["a red pump"]
    assert "drew no picture of words that the asker did not say" in steps(answer)


async def test_without_a_request_no_model_and_no_document_has_a_picture_drawn(
    build_open: Build,
) -> None:
    chat = scripted(SEARCHED, call("generate_image", prompt="a harbour pump"), "[1]", TRUE)
    answer = await ask(build_open(chat=chat))
    assert answer.pictures == ()
    assert all("generate_image" not in names for names in chat.offered)


async def test_every_call_is_an_event_that_clients_can_show(build_open: Build) -> None:
    opened = call("open_page", file="memo.pdf")
    events = await events_of(build_open(SEARCHED, opened, "[1]", TRUE))
    assert [e.query for e in events if isinstance(e, Searched)] == ["harbour pump"]
    assert [(e.tool, e.said) for e in events if isinstance(e, Called)] == [
        ("open_page", "opened page 1 of “memo.pdf”")
    ]
