"""What is remembered between questions, and what is not."""

from __future__ import annotations

import stat
from pathlib import Path

from agent.conversations import Conversations, thread_of
from pincite.elements import Scope, SourceId
from pincite.models.fakes import ScriptedChatModel
from tests.unit.agent.conftest import Build
from tests.unit.agent.library import MemoryLibrary
from tests.unit.agent.test_assistant import WHEN, ask, events_of, refused

COST = "And what did it cost?"


def bytes_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def modes_under(folder: Path) -> list[tuple[str, int]]:
    return [(path.name, stat.S_IMODE(path.stat().st_mode)) for path in folder.rglob("*")]


async def test_a_follow_up_is_read_with_the_question_before_it(
    build: Build, library: MemoryLibrary
) -> None:
    assistant = build(fake=True)
    await ask(assistant, WHEN, "talk")
    answer = await ask(assistant, COST, "talk")
    assert library.searched[-1] == f"{WHEN} {COST}"
    assert answer.kind == "answered"
    assert answer.question == COST


async def test_a_follow_up_without_conversation_stands_alone(
    build: Build, library: MemoryLibrary
) -> None:
    assistant = build(fake=True)
    await ask(assistant, WHEN)
    await events_of(assistant, COST)
    assert COST in library.searched


async def test_the_same_conversation_id_of_another_asker_opens_nothing(
    build: Build, library: MemoryLibrary
) -> None:
    assistant = build(fake=True)
    await ask(assistant, WHEN, "talk")
    stranger = Scope(principals=frozenset({"stranger"}))
    async for _ in assistant.ask(COST, stranger, conversation="talk"):
        pass
    assert WHEN not in " ".join(library.searched[1:])


async def test_a_conversation_survives_a_restart(build: Build, library: MemoryLibrary) -> None:
    first = build(fake=True)
    await ask(first, WHEN, "talk")
    await first.close()
    await ask(build(fake=True), COST, "talk")
    assert library.searched[-1] == f"{WHEN} {COST}"


async def test_no_text_of_a_document_is_in_the_file(build: Build, tmp_path: Path) -> None:
    said = "The harbour pump was replaced on 3 May 2024 [1]. The pump came from Norway [1]."
    assistant = build(ScriptedChatModel([said]))
    await ask(assistant, WHEN, "talk")
    await assistant.close()
    kept = bytes_under(tmp_path)
    assert b"source1.0" in kept
    assert WHEN.encode() in kept
    for text in (b"3 May 2024", b"15,000", b"Norway", b"report.pdf", b"was replaced on"):
        assert text not in kept


async def test_forgetting_a_source_leaves_no_byte_of_it(build: Build, tmp_path: Path) -> None:
    assistant = build(fake=True)
    await ask(assistant, WHEN, "talk")
    await ask(assistant, "Which crane lifts 40 tonnes?", "talk")
    await assistant.forget(SourceId("source1"))
    kept = bytes_under(tmp_path)
    assert b"source1." not in kept
    assert WHEN.encode() not in kept


async def test_forgetting_a_source_keeps_other_conversations(build: Build, tmp_path: Path) -> None:
    assistant = build(fake=True)
    await ask(assistant, WHEN, "talk")
    await assistant.forget(SourceId("source9"))
    assert WHEN.encode() in bytes_under(tmp_path)


async def test_a_conversation_can_be_forgotten(build: Build, tmp_path: Path) -> None:
    assistant = build(fake=True)
    await ask(assistant, WHEN, "talk")
    await assistant.forget_conversation("talk", Scope())
    assert WHEN.encode() not in bytes_under(tmp_path)
    await refused(assistant, "Why?")


async def test_questions_without_conversation_write_no_file(build: Build, tmp_path: Path) -> None:
    assistant = build(fake=True)
    await ask(assistant, WHEN)
    await assistant.forget(SourceId("source1"))
    assert bytes_under(tmp_path) == b""


async def test_the_file_is_for_its_owner_only(build: Build, tmp_path: Path) -> None:
    assistant = build(fake=True)
    await ask(assistant, WHEN, "talk")
    assert {mode for name, mode in modes_under(tmp_path) if "sqlite" in name} == {0o600}


async def test_a_domain_object_in_a_checkpoint_is_not_brought_back_to_life(tmp_path: Path) -> None:
    async with await Conversations.open(tmp_path / "c.sqlite") as memory:
        kind, data = memory.saver.serde.dumps_typed({"scope": Scope()})
        assert not isinstance(memory.saver.serde.loads_typed((kind, data))["scope"], Scope)


def test_threads_differ_by_asker_and_conversation() -> None:
    alice, bob = (Scope(principals=frozenset({name})) for name in ("alice", "bob"))
    threads = {thread_of("a", alice), thread_of("a", bob), thread_of("b", alice)}
    assert len(threads) == 3
