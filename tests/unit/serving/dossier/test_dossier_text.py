from __future__ import annotations

from pathlib import Path

import pytest

from pincite.elements import Scope
from serving.commands.dossier_text import show
from serving.dossier.replay import looked_up, opened, replayed
from serving.terminal import console
from tests.unit.serving.dossier.conftest import CHECKER, forged, packed
from tests.unit.serving.scripted import ScriptedService
from tests.unit.serving.scripted_library import REFUSAL


@pytest.fixture(autouse=True)
def _own_console() -> None:
    console.cache_clear()


async def test_a_replay_is_told_line_by_line(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = opened(made)
    found = await looked_up(given.dossier, ScriptedService(tmp_path), Scope())
    show(replayed(given, CHECKER, found))
    assert capsys.readouterr().out == (
        "When did the harbour open?\n"
        "✓ Every part of the file is as it was packed.\n"
        "✓ 2 of 2 verdicts come out the same.\n"
        "✓ harbour report.pdf is in this library, byte for byte: s1\n"
        "✓ call.wav is in this library, byte for byte: s2\n"
        "✓ notes.md is in this library, byte for byte: s3\n"
        "✓ The quote [1] still stands at harbour report.pdf p. 3\n"
        "✓ The quote [2] still stands at call.wav 0:02–0:04\n"
        "✓ The quote [3] still stands at notes.md\n"
        "All as it was.\n"
    )


def test_another_checker_is_named(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(told: dict[str, dict[str, dict[str, dict[str, str]]]]) -> None:
        told["answer"]["record"]["made_with"]["checker"] = "older-1\x1b[31m"

    show(replayed(opened(forged(made, change)), CHECKER, None))
    told = capsys.readouterr().out
    assert f"The checker is another one: older-1[31m then, {CHECKER.id} now." in told
    assert "no library on this machine" in told


async def test_a_refusal_has_nothing_to_judge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show(replayed(opened(await packed(tmp_path, REFUSAL)), CHECKER, None))
    assert "states nothing that could be judged anew" in capsys.readouterr().out
