"""The gate to models elsewhere, and what it writes down."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pincite.egress import Allowed, sending
from pincite.errors import ModelUnavailable, Withheld
from pincite.models.outgoing import KEPT, LOG, CallLog, CallMade, Outgoing, size_of

FAR = "models.example.com"
TO_FAR = Allowed(collections=frozenset({"b", "a"}), hosts=frozenset({FAR}))


@pytest.fixture
def log(tmp_path: Path) -> CallLog:
    return CallLog(tmp_path / LOG, most_bytes=1 << 20)


def made(log: CallLog) -> list[CallMade]:
    return list(log.read())


def test_a_call_is_written_down_with_what_is_known_of_it(log: CallLog) -> None:
    with (
        sending(TO_FAR),
        Outgoing(log).call("chat", FAR, "openai/m", sent_bytes=12) as call,
    ):
        call.got(sent_tokens=3, got_tokens=2, cost_usd=0.5)
    [line] = made(log)
    assert (line.outcome, line.endpoint, line.model, line.purpose) == (
        "answered",
        FAR,
        "openai/m",
        "chat",
    )
    assert line.collections == ("a", "b")
    assert (line.sent_bytes, line.sent_tokens, line.got_tokens, line.cost_usd) == (12, 3, 2, 0.5)
    assert not line.here


def test_what_may_not_leave_is_held_back_before_anything_is_done(log: CallLog) -> None:
    inside: list[int] = []
    with (
        pytest.raises(Withheld, match=FAR),
        Outgoing(log).call("embedding", FAR, "m", sent_bytes=12),
    ):
        inside.append(1)
    assert not inside
    [line] = made(log)
    assert (line.outcome, line.sent_bytes) == ("withheld", 0)


def test_calls_to_this_machine_are_marked_and_need_no_rule(log: CallLog) -> None:
    with Outgoing(log).call("judge", "127.0.0.1", "m", sent_bytes=1):
        pass
    assert [(line.here, line.outcome) for line in made(log)] == [(True, "answered")]


def test_failures_and_interruptions_are_told_apart(log: CallLog) -> None:
    gate = Outgoing(log)
    with (
        pytest.raises(ModelUnavailable),
        gate.call("chat", "localhost", "m", sent_bytes=1),
    ):
        raise ModelUnavailable("the key sk-secret is bad")
    with (
        pytest.raises(asyncio.CancelledError),
        gate.call("chat", "localhost", "m", sent_bytes=1),
    ):
        raise asyncio.CancelledError
    assert [(line.outcome, line.why) for line in made(log)] == [
        ("failed", "ModelUnavailable"),
        ("cancelled", ""),
    ]


def test_the_file_is_its_owners_and_is_put_aside_when_it_is_full(tmp_path: Path) -> None:
    log = CallLog(tmp_path / LOG, most_bytes=1_000)
    gate = Outgoing(log)
    for number in range(60):
        with gate.call("chat", "localhost", f"m{number}", sent_bytes=1):
            pass
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == [LOG, *(f"{LOG}.{n}" for n in range(1, KEPT + 1))]
    assert all(path.stat().st_size <= 1_000 for path in tmp_path.iterdir())
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())
    names = [line.model for line in made(log)]
    assert names == [f"m{n}" for n in range(60 - len(names), 60)]


def test_a_line_that_was_cut_off_is_passed_over(tmp_path: Path, log: CallLog) -> None:
    with Outgoing(log).call("chat", "localhost", "m", sent_bytes=1):
        pass
    with (tmp_path / LOG).open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-0')
    assert len(made(log)) == 1


def test_size_counts_bytes_not_characters() -> None:
    assert size_of("ä") == 4
