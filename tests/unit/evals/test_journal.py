from pathlib import Path

import pytest

from evals.journal import Journal
from pincite.errors import UserError
from pincite.values import Value


class Found(Value):
    words: int


def finished(file: Path, *, resume: bool, made_by: str = "one") -> tuple[int, list[str]]:
    """Words found, and which items were computed."""
    journal = Journal.open(file, made_by=made_by, resume=resume)
    computed: list[str] = []

    def make(name: str) -> Found:
        computed.append(name)
        return Found(words=len(name))

    total = sum(journal.once(Found, name, lambda n=name: make(n)).words for name in ("a", "bb"))
    return total, computed


def test_finished_work_is_not_computed_again(tmp_path: Path) -> None:
    file = tmp_path / "ocr.jsonl"
    assert finished(file, resume=True) == (3, ["a", "bb"])
    assert finished(file, resume=True) == (3, [])
    assert finished(file, resume=False) == (3, ["a", "bb"])


def test_a_line_that_was_cut_is_computed_again(tmp_path: Path) -> None:
    file = tmp_path / "ocr.jsonl"
    finished(file, resume=False)
    file.write_text(file.read_text("utf-8")[:-9], "utf-8")
    assert finished(file, resume=True) == (3, ["bb"])
    assert finished(file, resume=True) == (3, [])


def test_work_of_another_version_is_refused(tmp_path: Path) -> None:
    finished(tmp_path / "ocr.jsonl", resume=False)
    with pytest.raises(UserError, match="without --resume"):
        finished(tmp_path / "ocr.jsonl", resume=True, made_by="another")


def test_an_error_is_not_kept() -> None:
    journal = Journal()

    def fail() -> Found:
        raise UserError("no")

    with pytest.raises(UserError):
        journal.once(Found, "a", fail)
    assert journal.once(Found, "a", lambda: Found(words=1)).words == 1


def test_what_is_big_lies_beside_the_report_until_a_run_starts_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file = tmp_path / "out" / "suite.jsonl"

    def folder(*, resume: bool) -> Path:
        found = Journal.open(file, made_by="one", resume=resume).folder
        assert found is not None
        return found

    kept = folder(resume=False) / "library"
    kept.mkdir(parents=True)
    assert not kept.is_relative_to(file.parent)
    assert folder(resume=True) == kept.parent
    assert kept.is_dir()
    folder(resume=False)
    assert not kept.exists()
    assert Journal().folder is None
