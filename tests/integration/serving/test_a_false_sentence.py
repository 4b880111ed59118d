"""A model whose second sentence is false: no surface gives that sentence out unmarked."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from tests.integration.serving.liar import FALSE, TRUE, liar
from tests.integration.serving.library import make_files
from tests.integration.serving.process import Serving, run_command

QUESTION = "When did the harbour of Lindwick open?"
YEAR = "in 1903"
"""Not the digits alone: an id or a duration may hold those."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[Serving]:
    folder = tmp_path_factory.mktemp("liar")
    make_files(folder / "files")
    with liar() as environment:
        serving = Serving(folder / "library", environment)
        read = run_command(folder / "library", "ingest", str(folder / "files"))
        assert read.returncode == 0, read.stderr
        yield serving
        assert serving.end() == 0


@pytest.fixture
def client(running: Serving) -> Generator[httpx.Client]:
    headers = {"authorization": f"Bearer {running.token}"}
    with httpx.Client(
        base_url=running.url, headers=headers, trust_env=False, timeout=120
    ) as client:
        yield client


@pytest.fixture(scope="module")
def folder(running: Serving, tmp_path_factory: pytest.TempPathFactory) -> Path:
    del running
    return tmp_path_factory.getbasetemp() / "liar0" / "library"


def test_the_terminal_shows_the_true_sentence_and_not_the_false_one(folder: Path) -> None:
    asked = run_command(folder, "ask", QUESTION)
    assert asked.returncode == 0, asked.stderr
    assert f"✓ {TRUE}" in asked.stdout
    assert YEAR not in asked.stdout


def test_the_lines_for_programs_do_not_hold_it(folder: Path) -> None:
    asked = run_command(folder, "ask", QUESTION, "--json")
    assert asked.returncode == 0, asked.stderr
    assert TRUE in asked.stdout
    assert YEAR not in asked.stdout


def test_the_answer_over_http_does_not_hold_it(client: httpx.Client) -> None:
    reply = client.post("/v1/ask", json={"question": QUESTION})
    assert reply.status_code == 200, reply.text
    assert TRUE in reply.json()["text"]
    assert YEAR not in reply.text
    stored = client.get(f"/v1/answers/{reply.json()['answer']['id']}")
    assert YEAR not in stored.text


@pytest.mark.parametrize("drafts", [False, True])
def test_the_stream_shows_it_at_most_as_a_draft(client: httpx.Client, *, drafts: bool) -> None:
    body = {"question": QUESTION, "drafts": drafts, "fresh": True}
    accept = {"accept": "text/event-stream"}
    reply = client.post("/v1/ask", json=body, headers=accept)
    events = [line[6:] for line in reply.text.splitlines() if line.startswith("data: ")]
    revised = f'"revised_from":"{FALSE}"'
    kinds = {json.loads(event)["kind"] for event in events if YEAR in event.replace(revised, "")}
    assert kinds == ({"delta", "draft"} if drafts else set())
    assert json.loads(events[-1])["kind"] == "answer"
