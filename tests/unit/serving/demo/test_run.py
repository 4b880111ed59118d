"""A demo run over a scripted service, its report, and the library that it makes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pincite.answers import Answer, Label
from pincite.errors import ModelUnavailable, SetupError
from serving.commands.demo_text import DemoPrinter
from serving.demo.page import page
from serving.demo.questions import Question
from serving.demo.run import Asked, Run, Watcher, empty_library, examine
from serving.service import IngestProgress
from tests.unit.serving.scripted import ScriptedService
from tests.unit.serving.scripted_library import ANSWER, REFUSAL, sentence

GOOD = Question(id="good", ask="When did it <open>?", expect="answer", contains=("1872",))
BAD = Question(id="bad", ask="When?", expect="answer", contains=("1999",))


class Heard:
    def __init__(self) -> None:
        self.progress: list[IngestProgress] = []
        self.seconds: list[float] = []
        self.asked: list[Asked] = []
        self.watcher = Watcher(self.progress.append, self.seconds.append, self.asked.append)


async def _run(tmp_path: Path, *questions: Question, answer: Answer = ANSWER) -> Run:
    service = ScriptedService(tmp_path, answer=answer)
    return await examine(service, tmp_path, questions, Heard().watcher)


def _page(run: Run) -> str:
    return page(run, at=datetime(2026, 1, 2, tzinfo=UTC), version="0.1.0")


async def test_every_step_is_told_while_it_happens(tmp_path: Path) -> None:
    heard = Heard()
    await examine(ScriptedService(tmp_path), tmp_path, [GOOD, BAD], heard.watcher)
    assert heard.progress[-1].done
    assert len(heard.seconds) == 1
    assert [asked.question for asked in heard.asked] == [GOOD, BAD]


async def test_one_wrong_answer_makes_the_run_wrong(tmp_path: Path) -> None:
    assert (await _run(tmp_path, GOOD)).is_as_expected
    assert not (await _run(tmp_path, GOOD, BAD)).is_as_expected


async def test_a_question_that_fails_is_a_problem_and_the_next_one_is_asked(tmp_path: Path) -> None:
    service = ScriptedService(tmp_path)
    broken = ScriptedService(tmp_path)
    broken.error = ModelUnavailable("the model did not answer")
    service.ask = broken.ask
    run = await examine(service, tmp_path, [GOOD, GOOD], Heard().watcher)
    assert [asked.problems for asked in run.asked] == [("the model did not answer",)] * 2


async def test_a_citation_is_seen_or_heard(tmp_path: Path) -> None:
    sentences = tuple(
        sentence(n, f"As cited [{n}].", Label.SUPPORTED, cites=(n,)) for n in (1, 2, 3)
    )
    answer = ANSWER.model_copy(update={"sentences": sentences})
    (asked,) = (await _run(tmp_path, GOOD, answer=answer)).asked
    assert asked.exhibits[1].content.startswith(b"\xff\xd8")
    assert asked.exhibits[2].content.startswith(b"RIFF")
    assert 3 not in asked.exhibits, "a text without pages has no picture"


async def test_the_report_shows_sentences_verdicts_places_and_what_it_took(tmp_path: Path) -> None:
    html = _page(await _run(tmp_path, GOOD, BAD))
    assert "The harbour opened in 1872 [1]." in html
    assert "[✗ contradicted by the source]" in html
    assert "harbour report.pdf p. 3" in html
    assert "210 tokens read, 41 written" in html
    assert "1 of 2 came out as expected" in html
    assert "no sentence says &#x27;1999&#x27;" in html
    assert "data:image/jpeg;base64," in html


async def test_the_report_shows_a_refusal_with_what_was_looked_for(tmp_path: Path) -> None:
    refusal = Question(id="none", ask="Who paid?", expect="refusal")
    html = _page(await _run(tmp_path, refusal, answer=REFUSAL))
    assert "The library does not say who paid." in html
    assert "harbour funding" in html


async def test_text_from_outside_is_escaped_and_nothing_is_loaded(tmp_path: Path) -> None:
    html = _page(await _run(tmp_path, GOOD))
    assert "When did it &lt;open&gt;?" in html
    assert "<script" not in html
    assert "://" not in html
    assert "default-src 'none'" in html


def test_an_earlier_demo_library_is_removed(tmp_path: Path) -> None:
    library = tmp_path / "library"
    empty_library(library)
    (library / "old").touch()
    empty_library(library)
    assert not (library / "old").exists()


def test_a_folder_that_the_demo_did_not_make_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    with pytest.raises(SetupError, match="--out"):
        empty_library(tmp_path)
    assert (tmp_path / "precious").exists()


async def test_the_terminal_shows_the_outcome_and_where_the_report_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with DemoPrinter(tmp_path) as shown:
        run = await examine(ScriptedService(tmp_path), tmp_path, [GOOD, BAD], shown.watcher)
    shown.finish(run, tmp_path / "report.html", tmp_path / "library")
    out = capsys.readouterr().out
    assert "✓ The harbour opened in 1872 [1]." in out
    assert "not as expected: no sentence says '1999'" in out
    assert "1 of 2 came out as expected." in out
    assert "report.html" in out
