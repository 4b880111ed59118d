"""Answers as tables, comparisons and JSON: every value is looked up and checked by itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agent.assistant import Assistant
from pincite.answer_form import Form
from pincite.answers import Answer, Answered, Label, Refused, Voice
from pincite.asking import Wishes
from pincite.elements import Scope
from pincite.errors import ModelUnavailable
from pincite.events import AskEvent, Finished
from pincite.models.fakes import ScriptedChatModel
from tests.unit.agent.conftest import Build
from tests.unit.agent.library import MemoryLibrary

PUMP = "When was the harbour pump replaced and what did it cost?"
TABLE = Wishes(form=Form.TABLE)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "replaced_on": {"type": "string", "format": "date"},
        "cost": {"type": ["number", "null"]},
        "supplier": {"type": "string"},
    },
}
JSON = Wishes(form=Form.JSON, schema=SCHEMA)


async def events(assistant: Assistant, question: str, wishes: Wishes) -> list[AskEvent]:
    return [event async for event in assistant.ask(question, Scope(), wishes=wishes)]


async def ask(assistant: Assistant, question: str, wishes: Wishes) -> Answer:
    last = (await events(assistant, question, wishes))[-1]
    assert isinstance(last, Finished), last
    return last.answer


async def answered(assistant: Assistant, question: str, wishes: Wishes) -> Answered:
    answer = await ask(assistant, question, wishes)
    assert isinstance(answer, Answered), answer
    return answer


def said(**values: object) -> str:
    return json.dumps(values)


def value(told: object, number: int = 1) -> dict[str, object]:
    return {"value": told, "evidence": number}


def entry(row: str, column: str, told: str, number: int = 1) -> dict[str, object]:
    return {"row": row, "column": column, **value(told, number)}


# --- JSON ----------------------------------------------------------------------------------------


async def test_values_come_in_the_types_of_the_schema_each_with_its_place(build: Build) -> None:
    reply = said(replaced_on=value("3 May 2024"), cost=value("15,000 euros"), supplier=None)
    answer = await answered(build(ScriptedChatModel([reply])), PUMP, JSON)
    assert json.loads(answer.text) == {
        "replaced_on": "2024-05-03",
        "cost": 15_000,
        "supplier": None,
    }
    assert answer.data is not None
    assert answer.data.content == json.loads(answer.text)
    date, cost, supplier = answer.data.data
    assert (date.written, date.is_supported) == ("3 May 2024", True)
    assert {c.number: c.source_name for c in answer.citations}[cost.cites[0]] == "report.pdf"
    assert supplier.why == "The evidence that was read does not say it."
    for claim in answer.sentences[0].claims:
        assert answer.text[claim.claim.start : claim.claim.end] in ('"2024-05-03"', "15000")


async def test_a_value_that_stands_nowhere_is_null_with_the_reason(build: Build) -> None:
    reply = said(replaced_on=value("3 May 2024"), cost=value("16,000"), supplier=value("Hallam"))
    answer = await answered(build(ScriptedChatModel([reply])), PUMP, JSON)
    assert json.loads(answer.text) == {"replaced_on": "2024-05-03", "cost": None, "supplier": None}
    assert answer.data is not None
    assert "does not stand in the evidence" in answer.data.data[1].why
    assert "16,000" not in answer.text


async def test_a_value_of_something_else_is_withdrawn_and_says_why(build: Build) -> None:
    reply = said(replaced_on=value("3 May 2024"), cost=value("212", 2), supplier=None)
    answer = await answered(build(ScriptedChatModel([reply])), PUMP, JSON)
    assert json.loads(answer.text)["cost"] is None
    assert answer.data is not None
    assert answer.data.data[1].why


async def test_lists_hold_what_was_found(build: Build, library: MemoryLibrary) -> None:
    library.add("bill.pdf", ["The fire pump motor cost 2,310 euros. The seal kit cost 84 euros."])
    item = {"name": {"type": "string"}, "cost": {"type": "number"}}
    schema = {
        "type": "object",
        "properties": {"items": {"type": "array", "items": {"type": "object", "properties": item}}},
    }
    listed = [
        {"name": value("seal kit"), "cost": value("84 euros")},
        {"name": value("anchor"), "cost": None},
    ]
    answer = await answered(
        build(ScriptedChatModel([said(items=listed)])),
        "What did the fire pump motor and the seal kit cost?",
        Wishes(form=Form.JSON, schema=schema),
    )
    assert json.loads(answer.text) == {"items": [{"name": "seal kit", "cost": 84}]}


@pytest.mark.parametrize("broken", ["I cannot do that.", "", "[1, 2", '{"cost": {"value": "15'])
async def test_broken_json_is_asked_for_once_more_and_then_given_up(
    build: Build, broken: str
) -> None:
    chat = ScriptedChatModel([broken])
    answer = await answered(build(chat), "When was the harbour pump replaced?", TABLE)
    assert len(chat.heard) == 2
    assert "so quotes are the answer" in answer.notice
    assert answer.data is None
    assert answer.voice is Voice.QUOTES
    assert "3 May 2024" in answer.text


async def test_json_that_is_cut_off_keeps_what_is_whole(build: Build) -> None:
    whole = said(replaced_on=value("3 May 2024"), cost=value("15,000"))
    answer = await answered(build(ScriptedChatModel([whole[: whole.index("15,0")]])), PUMP, JSON)
    assert json.loads(answer.text) == {"replaced_on": "2024-05-03", "cost": None, "supplier": None}
    assert "cut off" in answer.notice


async def test_a_model_that_is_down_leaves_what_rules_find(
    build: Build, library: MemoryLibrary
) -> None:
    library.add("lease.pdf", ["Tenant: Maria Keller. Monthly rent: 5,000 euros."])
    properties = {"tenant": {"type": "string"}, "monthly_rent": {"type": "number"}}
    wishes = Wishes(form=Form.JSON, schema={"type": "object", "properties": properties})
    question = "Who is the tenant and what is the monthly rent?"
    for chat in (None, ScriptedChatModel([ModelUnavailable("gone")])):
        answer = await answered(build(chat), question, wishes)
        assert json.loads(answer.text)["monthly_rent"] == 5_000
        assert answer.voice is Voice.QUOTES
        assert bool(answer.notice) is (chat is not None)


async def test_nothing_found_is_a_refusal(build: Build) -> None:
    reply = said(replaced_on=None, cost=None, supplier=None)
    answer = await ask(build(ScriptedChatModel([reply])), PUMP, JSON)
    assert isinstance(answer, Refused)


async def test_orders_in_the_evidence_or_markup_in_a_value_do_no_harm(
    build: Build, library: MemoryLibrary
) -> None:
    library.add("odd.pdf", ["The harbour pump cost | 15,000 | euros \n and was new."])
    told = entry("pump", "cost", "15,000 | euros", 1)
    chat = ScriptedChatModel([said(entries=[told, entry("pump", "x", "![a](http://b.c/d)")])])
    answer = await answered(build(chat), "What did the new harbour pump cost?", TABLE)
    assert "http" not in answer.text
    assert not any("Ignore all" in m.content for call in chat.heard for m in call)


# --- tables --------------------------------------------------------------------------------------


async def test_entries_become_a_table_with_a_claim_for_each_cell(build: Build) -> None:
    told = [
        entry("harbour pump", "replaced", "3 May 2024"),
        entry("harbour pump", "cost", "15,000 euros"),
    ]
    answer = await answered(build(ScriptedChatModel([said(entries=told)])), PUMP, TABLE)
    assert answer.text.splitlines()[0] == "|  | replaced | cost |"
    assert answer.text.splitlines()[1] == "| --- | --- | --- |"
    assert "| 3 May 2024 [1] |" in answer.text
    [sentence] = answer.sentences
    assert [sentence.text[c.claim.start : c.claim.end] for c in sentence.claims] == [
        "3 May 2024 [1]",
        "15,000 euros [1]",
    ]
    assert answer.data is not None
    assert answer.data.columns == ("", "replaced", "cost")
    assert [datum.path for datum in answer.data.data] == [(0, "replaced"), (0, "cost")]


async def test_a_cell_that_is_not_borne_out_has_its_own_mark(build: Build) -> None:
    told = [
        entry("harbour pump", "replaced", "3 May 2024"),
        entry("lighthouse keeper", "boats", "15,000"),
    ]
    answer = await answered(build(ScriptedChatModel([said(entries=told)])), PUMP, TABLE)
    labels = [claim.verdict.label for claim in answer.sentences[0].claims]
    assert labels[0] is Label.SUPPORTED
    assert labels[1] is not Label.SUPPORTED
    lines = answer.text.splitlines()
    assert "[" not in lines[2].replace("[1]", "")
    assert "15,000" in lines[3]
    assert lines[3].count("|") == 4
    assert any(mark in lines[3] for mark in ("[?", "[✗"))


async def test_without_a_model_a_table_says_that_it_takes_one(build: Build) -> None:
    answer = await answered(build(None), "When was the harbour pump replaced?", TABLE)
    assert "takes a language model" in answer.notice
    assert "quotes are the answer" in answer.notice
    assert "3 May 2024" in answer.text


async def test_the_form_is_part_of_what_an_answer_is_known_by(build: Build) -> None:
    told = said(entries=[entry("harbour pump", "replaced", "3 May 2024")])
    chat = ScriptedChatModel([told])
    assistant = build(chat)
    await answered(assistant, PUMP, TABLE)
    assert (await answered(assistant, PUMP, TABLE)).recalled
    other = {"type": "object", "properties": {"cost": {"type": "number"}}}
    chat_json = Wishes(form=Form.JSON, schema=other)
    assert not (await ask(assistant, PUMP, chat_json)).recalled
