"""One process owns a data folder; others are told who, and a killed owner leaves no trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from pincite.errors import DataFolderBusy, SetupError
from serving.owner import LOCK, NOTE, Ownership, current_owner, owning

_HOLD = """
import sys, time
from pathlib import Path
from serving.owner import Ownership
Ownership.take(Path(sys.argv[1]), "pincite ingest")
print("held", flush=True)
time.sleep(60)
"""


def _holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_nobody_owns_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert current_owner(tmp_path / "nowhere") is None


def test_the_folder_and_its_note_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with owning(folder, "pincite serve") as ownership:
        ownership.announce("http://127.0.0.1:1", SecretStr("secret"))
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / LOCK).stat().st_mode & 0o777 == 0o600
        assert (folder / NOTE).stat().st_mode & 0o777 == 0o600
        owner = current_owner(folder)
        assert owner is not None
        assert owner.token is not None
        assert owner.token.get_secret_value() == "secret"
        assert "secret" not in repr(owner)
    assert current_owner(folder) is None
    assert not (folder / NOTE).exists()


def test_a_second_owner_gets_one_sentence_that_says_who(tmp_path: Path) -> None:
    with _holder(tmp_path) as holder:
        with pytest.raises(DataFolderBusy) as refused:
            Ownership.take(tmp_path, "pincite ask")
        assert "`pincite ingest`" in str(refused.value)
        assert str(holder.pid) in str(refused.value)
        holder.kill()


def test_a_killed_owner_is_recognised_and_its_folder_taken(tmp_path: Path) -> None:
    with _holder(tmp_path) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert (tmp_path / NOTE).exists()
    assert current_owner(tmp_path) is None
    with owning(tmp_path, "pincite ask"):
        owner = current_owner(tmp_path)
        assert owner is not None
        assert owner.pid == os.getpid()


def test_a_forked_child_does_not_keep_the_folder(tmp_path: Path) -> None:
    code = _HOLD.replace(
        'print("held"', 'import os\nif os.fork() == 0:\n    time.sleep(5)\nprint("held"'
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
        start_new_session=True,
    )
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
        process.wait()
        deadline = time.monotonic() + 3
        while current_owner(tmp_path) is not None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert current_owner(tmp_path) is None
        os.killpg(process.pid, signal.SIGKILL)


def test_a_held_folder_without_a_note_is_still_one_sentence(tmp_path: Path) -> None:
    with owning(tmp_path, "pincite serve"):
        (tmp_path / NOTE).write_text("not json")
        with pytest.raises(DataFolderBusy, match="another process"):
            current_owner(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(SetupError, match="PINCITE_DATA_DIR"):
        Ownership.take(tmp_path / "locked" / "library", "pincite serve")


def test_a_folder_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SetupError, match="PINCITE_DATA_DIR"):
        Ownership.take(tmp_path / "file", "pincite serve")
