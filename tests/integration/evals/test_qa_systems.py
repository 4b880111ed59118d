"""The agent, the agent without a step, and one-shot generation answer the same questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.ablations import ABLATIONS
from evals.one_shot import ONE_SHOT
from evals.refusing import QUOTES
from evals.results import PRODUCT, Result
from evals.suites import Context
from evals.suites.qa import run
from pincite.config import FakeChat, FakeEncoder, Settings
from tests.integration.evals.made_up_data import TOWER


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Of the articles some are measured, by the hash of their titles."""

    def article(place: str) -> dict[str, object]:
        tall = {"id": f"{place}1", "question": "How tall is the tower of the harbour?"}
        deep = {"id": f"{place}2", "question": "Which company insures the copper mine of Zanzibar?"}
        qas = [{**tall, "answers": [{"text": "30 metres"}]}, {**deep, "is_impossible": True}]
        return {"title": place, "paragraphs": [{"context": TOWER, "qas": qas}]}

    (tmp_path / "squad").mkdir()
    told = json.dumps({"data": [article(place) for place in "abcdef"]})
    (tmp_path / "squad/dev-v2.0.json").write_text(told, "utf-8")
    return tmp_path


def test_every_system_answers_the_same_questions(data: Path, tmp_path: Path) -> None:
    settings = Settings(chat=FakeChat(), encoder=FakeEncoder())
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    context = Context(settings=settings, data=data, scratch=scratch, profile="smoke", limit=1)
    results = [item for item in run(context) if isinstance(item, Result) and item.slice == "all"]
    of = {(each.dataset, each.metric, each.system): each for each in results}
    systems = (PRODUCT, ONE_SHOT, QUOTES, *(way.name for way in ABLATIONS))
    for system in systems:
        assert of["squad", "score", system].n == 2, system
        assert of["squad", "score", system].n_failed == 0, of["squad", "score", system].reason
    assert of["squad", "f1", PRODUCT].value
    assert of["squad", "prompt_tokens", PRODUCT].value
    assert of["squad", "score_gain", PRODUCT].n == 2
    assert ("squad", "seconds_per_answer", ABLATIONS[0].name) not in of
    assert of["financebench", "score", PRODUCT].status == "not_applicable"
