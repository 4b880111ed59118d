"""A claim whose evidence the model was not given may be looked up once more."""

from __future__ import annotations

from pincite.answers import Answered, Label
from pincite.elements import Scope, SourceId
from pincite.events import Finished
from pincite.models.fakes import ScriptedChatModel
from tests.unit.agent.conftest import Build
from tests.unit.agent.library import MemoryLibrary
from tests.unit.agent.test_assistant import answered

WHEN = "When was the harbour pump replaced?"
REPLACED = "The harbour pump was replaced on 3 May 2024 [1]."
LIFTED = "The old crane lifted 25 tonnes."


async def _asked(build: Build, *sentences: str, **settings: object) -> Answered:
    return await answered(build(ScriptedChatModel([" ".join(sentences)]), **settings), WHEN)


async def test_unless_it_is_wanted_only_the_evidence_at_hand_counts(build: Build) -> None:
    answer = await _asked(build, REPLACED, LIFTED)
    assert answer.sentences[1].label is Label.UNSUPPORTED


async def test_what_bears_a_claim_out_becomes_evidence_with_a_number(build: Build) -> None:
    answer = await _asked(build, REPLACED, LIFTED, search_claims=True)
    said = answer.sentences[1]
    assert said.label is Label.SUPPORTED
    cited = next(c for c in answer.citations if f"[{c.number}]" in said.text)
    assert "lifted 25 tonnes" in cited.quote
    assert len({c.number for c in answer.citations}) == len(answer.citations)


async def test_a_claim_that_nothing_bears_out_stays_unsupported(build: Build) -> None:
    answer = await _asked(build, REPLACED, "The quay is 900 metres long.", search_claims=True)
    assert answer.sentences[1].label is Label.UNSUPPORTED


async def test_a_file_outside_of_the_scope_bears_nothing_out(
    build: Build, library: MemoryLibrary
) -> None:
    secret = library.add("secret.pdf", ["The admiral lives in Rose Lane."])
    said = f"{REPLACED} The admiral lives in Rose Lane."
    assistant = build(ScriptedChatModel([said] * 2), search_claims=True)
    everything = ["source1", "source2", secret]
    labels: list[Label] = []
    for sources in (everything, everything[:2]):
        stream = assistant.ask(WHEN, Scope(sources=frozenset(map(SourceId, sources))))
        last = [event async for event in stream][-1]
        assert isinstance(last, Finished)
        assert isinstance(last.answer, Answered)
        labels.append(last.answer.sentences[1].label)
    assert labels == [Label.SUPPORTED, Label.UNSUPPORTED]
