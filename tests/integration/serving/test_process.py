"""`pincite serve` as a process: commands go through it; ended or killed, it harms nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.serving.library import make_files
from tests.integration.serving.process import MAIN, Serving, environment_of, run_command


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_files(tmp_path / "files")
    return tmp_path / "library"


@pytest.fixture
def serving(folder: Path) -> Generator[Serving]:
    running = Serving(folder)
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGKILL)


def _lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_commands_go_through_a_running_service(serving: Serving, folder: Path) -> None:
    ingested = run_command(folder, "ingest", str(folder.parent / "files"), "--json")
    assert ingested.returncode == 0, ingested.stderr
    reports = _lines(ingested.stdout)
    assert reports[-1]["done"]
    assert {s["state"] for s in reports[-1]["finished"]} == {"complete"}
    again = run_command(folder, "ingest", str(folder.parent / "files"))
    assert again.returncode == 0
    assert "2 of 2 files are in the library." in again.stdout
    asked = run_command(folder, "ask", "When did the harbour of Lindwick open?")
    assert asked.returncode == 0, asked.stderr
    assert "harbour.pdf p. 2" in asked.stdout
    assert "1872" in asked.stdout
    headers = {"authorization": f"Bearer {serving.token}"}
    listed = httpx.get(f"{serving.url}/v1/sources", headers=headers, trust_env=False).json()
    assert len(listed["sources"]) == 2
    assert listed["coverage"]["sources_read"] == 2


def test_a_second_service_is_one_sentence(serving: Serving, folder: Path) -> None:
    second = run_command(folder, "serve", "--port", "0")
    assert second.returncode == 4
    assert second.stderr.count("\n") == 1
    assert f"`pincite serve` (process {serving.process.pid})" in second.stderr


def test_the_service_ends_cleanly_when_told(serving: Serving, folder: Path) -> None:
    assert serving.end(signal.SIGTERM) == 0
    assert not (folder / "owner.json").exists()
    assert not (folder / "texts.db-wal").exists()


def test_a_killed_service_is_no_obstacle(serving: Serving, folder: Path) -> None:
    assert run_command(folder, "ingest", str(folder.parent / "files")).returncode == 0
    serving.end(signal.SIGKILL)
    assert (folder / "owner.json").exists()
    found = run_command(folder, "search", "harbour of Lindwick", "--json")
    assert found.returncode == 0, found.stderr
    assert _lines(found.stdout)[0]["source"]["name"] == "harbour.pdf"
    fresh = Serving(folder)
    try:
        assert fresh.token != serving.token
        old = {"authorization": f"Bearer {serving.token}"}
        answer = httpx.get(f"{fresh.url}/v1/sources", headers=old, trust_env=False)
        assert answer.status_code == 401
    finally:
        fresh.end()


def test_everything_in_the_folder_is_for_its_user_alone(serving: Serving, folder: Path) -> None:
    assert run_command(folder, "ingest", str(folder.parent / "files")).returncode == 0
    serving.end()
    assert folder.stat().st_mode & 0o077 == 0
    open_to_others = [p for p in folder.rglob("*") if p.is_file() and p.stat().st_mode & 0o077]
    assert open_to_others == []


def test_nothing_that_could_be_done_is_an_exit_code_of_its_own(folder: Path) -> None:
    nothing = run_command(folder, "ingest", str(folder / "nowhere.pdf"))
    assert nothing.returncode == 3
    assert "cannot be opened" in nothing.stdout


@pytest.fixture
def interruptible() -> Generator[None]:
    """What is started hears of an interrupt, even where the tests run in a shell's background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_ingestion_says_so_and_goes_on_later(folder: Path) -> None:
    for number in range(150):
        (folder.parent / "files" / f"{number}.txt").write_text(f"Note {number} on the harbour.")
    process = subprocess.Popen(
        [*MAIN, "ingest", str(folder.parent / "files"), "--json"],
        env=environment_of(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.strip().splitlines()[-1].startswith("pincite: interrupted")
    again = run_command(folder, "ingest", str(folder.parent / "files"), "--json")
    assert again.returncode == 0, again.stderr
    states = {s["source"]["name"]: s["state"] for s in _all(folder)}
    assert len(states) == 152
    assert set(states.values()) == {"complete"}


def _all(folder: Path) -> list[dict[str, Any]]:
    return _lines(run_command(folder, "sources", "list", "--json").stdout)


def test_a_service_goes_on_with_what_a_killed_command_left(folder: Path) -> None:
    for number in range(40):
        (folder.parent / "files" / f"{number}.txt").write_text(f"Note {number} on the harbour.")
    process = subprocess.Popen(
        [*MAIN, "ingest", str(folder.parent / "files"), "--json"],
        env=environment_of(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["units_done"]:
            break
    process.kill()
    process.communicate()
    running = Serving(folder)
    try:
        headers = {"authorization": f"Bearer {running.token}"}
        deadline = time.monotonic() + 60
        states = {"pending"}
        while states - {"complete"} and time.monotonic() < deadline:
            time.sleep(0.3)
            listed = httpx.get(f"{running.url}/v1/sources", headers=headers, trust_env=False)
            states = {status["state"] for status in listed.json()["sources"]}
        assert states == {"complete"}
    finally:
        running.end()
