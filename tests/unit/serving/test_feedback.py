"""“This verdict is wrong”: over HTTP, on the command line, on the page, and as eval cases."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from evals.audit import audit
from pincite.answers import Label
from pincite.checking import Checking
from pincite.elements import Scope
from pincite.errors import UnknownSource
from pincite.feedback import Feedback, Objection, feedback_on
from pincite.grounding.rules import RuleChecker
from pincite.models.fakes import FakeTextEncoder
from serving.feedback import cases, holds
from serving.remote import RemoteService
from tests.unit.serving.live import live
from tests.unit.serving.scripted import ScriptedService
from tests.unit.serving.scripted_library import ANSWER, LIE, NOON, REFUSAL
from tests.unit.serving.test_cli import Run, run

__all__ = ["run"]
WEB = Path(__file__).parents[3] / "ui" / "web"
WRONG = Objection.model_validate({"sentence": "t2", "label": "supported", "note": "it does"})


def said(sentence: str, label: Label | None) -> Feedback:
    objection = Objection.model_validate({"sentence": sentence, "label": label})
    return feedback_on(ANSWER, objection, "local", NOON)


# --- over HTTP -----------------------------------------------------------------------------------


async def test_a_word_against_a_verdict_is_kept_with_what_it_is_about(
    client: httpx.AsyncClient, service: ScriptedService
) -> None:
    body = {"sentence": "t2", "claim": 1, "label": "supported", "note": "<b>it does</b>"}
    answer = await client.post("/v1/answers/a1/feedback", json=body)
    assert answer.status_code == 201
    kept = answer.json()
    assert (kept["text"], kept["shown"], kept["by"]) == (LIE, "contradicted", "local")
    assert kept["objection"]["note"] == "<b>it does</b>"
    assert (await client.get("/v1/feedback")).json() == [kept]
    assert service.objections[0].objection.label is Label.SUPPORTED


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("other", {"sentence": "t1"}, 404),
        ("a1", {"sentence": "t9"}, 400),
        ("a1", {"sentence": "t1", "claim": 2}, 400),
        ("a1", {"sentence": "t1", "label": "maybe"}, 422),
        ("a1", {"sentence": "t1", "note": "x" * 2001}, 422),
        ("a1", {}, 422),
    ],
)
async def test_a_word_about_nothing_is_refused(
    client: httpx.AsyncClient, path: str, body: dict[str, object], status: int
) -> None:
    answer = await client.post(f"/v1/answers/{path}/feedback", json=body)
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "message"}


async def test_the_remote_service_says_the_same(service: ScriptedService, tmp_path: Path) -> None:
    with live(service, tmp_path / "library") as running:
        async with RemoteService(running.url, running.token) as remote:
            kept = await remote.object_to(ANSWER.id, WRONG, Scope())
            assert await remote.feedback(Scope()) == [kept]
            with pytest.raises(UnknownSource):
                await remote.object_to(REFUSAL.id, WRONG, Scope())


# --- as eval cases -------------------------------------------------------------------------------


async def test_a_case_has_the_contexts_that_the_answer_cites_by_their_place(
    service: ScriptedService,
) -> None:
    await service.object_to(ANSWER.id, WRONG, Scope())
    [case] = await cases(service, Scope())
    assert [each["id"] for each in case["contexts"]] == ["1", "2", "3"]
    assert case["contexts"][1]["text"] == "The crane lifts forty tonnes."
    assert case["answer"].startswith("The harbour opened in 1872 [1].")
    [claim] = case["claims"]
    assert (claim["verdict"], claim["label"], claim["note"]) == (
        Label.CONTRADICTED,
        Label.SUPPORTED,
        "it does",
    )
    assert case["label"] == 1


def test_a_label_for_the_answer_is_given_only_where_it_is_known() -> None:
    assert holds(ANSWER, [said("t2", Label.SUPPORTED)]) is True
    assert holds(ANSWER, [said("t2", None)]) is None
    assert holds(ANSWER, [said("t2", Label.NOT_CHECKABLE)]) is None
    assert holds(ANSWER, [said("t1", Label.UNSUPPORTED)]) is False
    assert holds(REFUSAL, []) is None


def test_an_exported_case_is_read_by_the_audit(
    run: Run, library: Path, tmp_path: Path, service: ScriptedService
) -> None:
    out = tmp_path / "out.jsonl"
    with live(service, library):
        given = run("feedback", "give", "a1", "t2", "--label", "supported", "--note", "it does")
        assert given.code == 0, given.err
        assert "was shown as contradicted" in given.out
        assert "should be supported" in run("feedback", "list").out
        assert run("feedback", "export", str(out)).code == 0
        assert run("feedback", "export", str(out)).code != 0
        assert run("feedback", "give", "a1", "t2", "--label", "perhaps").code != 0
    totals = audit(
        out.read_text(encoding="utf-8").splitlines(),
        tmp_path / "audit",
        Checking(RuleChecker(FakeTextEncoder())),
    )
    assert (totals.lines, totals.bad) == (1, [])
    assert json.loads(out.read_text(encoding="utf-8"))["label"] == 1


# --- on the page ---------------------------------------------------------------------------------


def test_the_page_asks_at_each_verdict_of_a_whole_answer_and_builds_no_markup() -> None:
    script = (WEB / "feedback.js").read_text(encoding="utf-8")
    assert "innerHTML" not in script
    assert "insertAdjacentHTML" not in script
    assert "answer ? flag(" in (WEB / "answer.js").read_text(encoding="utf-8")
    assert "this.#open, answer.id)" in (WEB / "turn.js").read_text(encoding="utf-8")
    assert "/feedback`" in (WEB / "api.js").read_text(encoding="utf-8")


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "library"
    monkeypatch.setenv("PINCITE_DATA_DIR", str(folder))
    return folder
