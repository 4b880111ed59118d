"""`pincite-eval audit`: answers of any system, a line each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.audit import OUT, Audited, Totals, audit, markdown
from evals.cli import app
from pincite.checking import Checking
from pincite.errors import UserError
from pincite.grounding.rules import RuleChecker
from pincite.models.fake_text import FakeTextEncoder

RENT = "The rent is 980 EUR a month."
RIGHT = {"id": "a", "answer": RENT, "contexts": ["Dogs are welcome.", RENT], "label": 1}
WRONG = {"id": 2, "answer": "The rent is 930 EUR a month.", "contexts": [RENT], "label": False}


@pytest.fixture
def checking() -> Checking:
    return Checking(RuleChecker(FakeTextEncoder()))


def told(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / OUT).read_text("utf-8").splitlines()]


def test_a_line_has_the_claims_of_an_answer_and_what_they_rest_on(
    checking: Checking, tmp_path: Path
) -> None:
    named = {**RIGHT, "contexts": [{"id": "lease", "text": f"Tenants! {RENT}"}], "tenant": "x"}
    audit([json.dumps(named)], tmp_path, checking)
    (line,) = told(tmp_path)
    assert (line["id"], line["supported"]) == ("a", True)
    (claim,) = line["claims"]
    assert RENT[claim["start"] : claim["end"]] == claim["text"] == RENT
    assert claim["verdict"] == "supported"
    assert claim["evidence"] == [{"context": "lease", "start": 9, "end": 37, "text": RENT}]


def test_bad_lines_are_named_and_stop_nothing(checking: Checking, tmp_path: Path) -> None:
    lines = [
        json.dumps(RIGHT),
        "",
        "{cut",
        '{"id": "b"}',
        "[]",
        json.dumps({**WRONG, "contexts": [{"text": "no id"}]}),
        json.dumps(RIGHT),
        "[" * 100_000,
        "\ufeff" + json.dumps(WRONG),
    ]
    heard: list[str] = []
    totals = audit(lines, tmp_path, checking, tell=heard.append)
    assert [line["id"] for line in told(tmp_path)] == ["a", 2]
    assert heard == totals.bad
    assert [why.partition(":")[0] for why in heard] == [f"line {n}" for n in (3, 4, 5, 6, 7, 8)]
    assert "answer: Field required" in heard[1]
    assert heard[4] == "line 7: its id 'a' stands in line 1 too"
    assert "6 lines could not be used" in (tmp_path / "audit.md").read_text("utf-8")


def test_labels_give_balanced_accuracy_and_f1(checking: Checking, tmp_path: Path) -> None:
    missed = {**WRONG, "id": "c", "label": 1}
    totals = audit(map(json.dumps, (RIGHT, WRONG, missed)), tmp_path, checking)
    figures = totals.figures()
    assert figures["supported_share"] == pytest.approx(1 / 3)
    assert figures["balanced_accuracy"] == pytest.approx(0.75)
    assert figures["f1"] == pytest.approx(2 / 3)
    assert figures["f1_supported"] == pytest.approx(2 / 3)
    assert "| `balanced_accuracy` | 0.750 |" in (tmp_path / "audit.md").read_text("utf-8")
    only_right = audit([json.dumps(RIGHT)], tmp_path, checking).figures()
    assert "balanced_accuracy" not in only_right


def test_an_audit_that_was_cut_goes_on_and_checks_nothing_twice(
    checking: Checking, tmp_path: Path
) -> None:
    lines = list(map(json.dumps, (RIGHT, WRONG)))
    whole = audit(lines, tmp_path, checking)
    written = (tmp_path / OUT).read_bytes()
    (tmp_path / OUT).write_bytes(written[:-20])

    asked: list[str] = []

    class Counting(RuleChecker):
        def check(self, claim: Any, evidence: Any) -> Any:
            asked.append(claim.text)
            return super().check(claim, evidence)

    again = audit(lines, tmp_path, Checking(Counting(FakeTextEncoder())), resume=True)
    assert asked == [WRONG["answer"]]
    assert (tmp_path / OUT).read_bytes() == written
    assert again.figures() == whole.figures()


def test_an_audit_by_another_checker_is_not_mixed_in(checking: Checking, tmp_path: Path) -> None:
    audit([json.dumps(RIGHT)], tmp_path, checking)
    other = Checking(RuleChecker(FakeTextEncoder(64)))
    with pytest.raises(UserError, match="another checker"):
        audit([json.dumps(RIGHT)], tmp_path, other, resume=True)
    assert audit([json.dumps(RIGHT)], tmp_path, other).lines == 1


def test_an_empty_file_is_an_empty_audit() -> None:
    assert Totals("c", 0.5).figures() == {}
    assert "0 answers, 0 claims (none)" in markdown(Totals("c", 0.5))


def test_the_command_reads_a_pipe_and_gates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, checking: Checking
) -> None:
    monkeypatch.setattr("pincite.checking.shipped", lambda: checking)

    def run(*words: str, given: str = json.dumps(RIGHT)) -> int:
        return CliRunner().invoke(app, ["audit", *words, "--out", str(tmp_path)], given).exit_code

    assert run("-") == 0
    Audited.model_validate(told(tmp_path)[0])
    assert run("-", given="{") == 3
    assert run("-", "--fail-under", "supported_share=1") == 0
    assert run("-", "--fail-under", "balanced_accuracy=.5") == 5
    assert run(str(tmp_path / "gone.jsonl")) == 2
    assert run("-", "--fail-under", "x") == 2
