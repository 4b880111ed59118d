"""The demo over the real readers and the real index, without a language model."""

from __future__ import annotations

import asyncio

import pytest

from pincite.answers import Answered
from pincite.config import NoChat, Settings
from pincite.models.store import ModelStore
from serving.demo.questions import load
from serving.demo.run import Run, Watcher, run
from serving.demo.samples import samples

pytestmark = pytest.mark.real


def _silent(_: object) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, store: ModelStore) -> Run:
    assert store.has("whisper-tiny.en")
    library = tmp_path_factory.mktemp("demo") / "library"
    settings = Settings.load().model_copy(update={"data_dir": library, "chat": NoChat()})
    watcher = Watcher(_silent, _silent, _silent)
    questions = load(samples() / "questions.toml")
    return asyncio.run(run(settings, samples() / "library", questions, watcher))


def test_every_file_is_read_completely(demo: Run) -> None:
    assert {status.source.name: status.state for status in demo.sources} == dict.fromkeys(
        (path.name for path in (samples() / "library").iterdir()), "complete"
    )


@pytest.mark.parametrize("id_", ["spoken", "picture", "unanswerable", "injection"])
def test_quotes_alone_are_enough_for(demo: Run, id_: str) -> None:
    (asked,) = [asked for asked in demo.asked if asked.question.id == id_]
    assert asked.problems == ()


def test_what_is_forbidden_is_said_in_no_answer(demo: Run) -> None:
    assert [p for asked in demo.asked for p in asked.problems if p.startswith("it says")] == []


def test_every_citation_of_a_page_a_picture_or_a_recording_can_be_seen_or_heard(
    demo: Run,
) -> None:
    kinds = {x.media_type for asked in demo.asked for x in asked.exhibits.values()}
    assert kinds == {"image/jpeg", "audio/wav"}


def test_nothing_was_asked_of_a_model(demo: Run) -> None:
    answers = [asked.answer for asked in demo.asked if isinstance(asked.answer, Answered)]
    assert answers
    assert {answer.model.output_tokens for answer in answers} == {0}
