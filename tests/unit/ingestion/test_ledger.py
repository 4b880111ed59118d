from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.ledger import Ledger, UnitDone
from ingestion.readers.ports import Outline
from pincite.elements import ContentId, Medium, Source, SourceId
from pincite.evidence import Coverage

A, B = SourceId("a"), SourceId("b")
BYTES = ContentId("c" * 64)
DONE = UnitDone(how="text_layer", elements=3, seconds=0.5)


@pytest.fixture
def ledger(tmp_path: Path) -> Generator[Ledger, None, None]:
    with Ledger(tmp_path / "ledger.sqlite") as one:
        yield one


def source(name: SourceId) -> Source:
    return Source(
        id=name,
        content=BYTES,
        name="r.pdf",
        origin="/r.pdf",
        medium=Medium.PDF,
        added_at=datetime.now(UTC),
    )


def open_with(ledger: Ledger, name: SourceId, pages: int, parser: str = "v1") -> None:
    ledger.add(name, BYTES)
    ledger.opened(name, parser, Outline(units=pages, unit_name="page"))


def state(ledger: Ledger, name: SourceId = A) -> str:
    return ledger.status(source(name)).state


def waiting(ledger: Ledger) -> list[tuple[str, int, bool]]:
    return [(one.source, one.unit, one.slow) for one in ledger.waiting()]


def test_a_source_waits_to_be_opened_then_each_unit_to_be_read(ledger: Ledger) -> None:
    ledger.add(A, BYTES)
    assert waiting(ledger) == [("a", 0, False)]
    assert ledger.opening(A) is None
    open_with(ledger, A, 2)
    assert waiting(ledger) == [("a", 1, False), ("a", 2, False)]
    opening = ledger.opening(A)
    assert opening is not None
    assert (opening.content, opening.parser, opening.units) == (BYTES, "v1", 2)


def test_states_follow_the_units(ledger: Ledger) -> None:
    ledger.add(A, BYTES)
    assert state(ledger) == "pending"
    open_with(ledger, A, 2)
    assert state(ledger) == "pending"
    ledger.reading(A, 1)
    assert state(ledger) == "reading"
    ledger.done([(A, 1, DONE)])
    assert state(ledger) == "reading"
    ledger.done([(A, 2, DONE.model_copy(update={"low": True}))])
    assert state(ledger) == "complete"
    assert [unit.state for unit in ledger.status(source(A)).units] == ["done", "low_confidence"]


@pytest.mark.parametrize("how", ["failed", "skipped"])
def test_a_source_with_a_unit_that_was_not_read_is_never_complete(ledger: Ledger, how: str) -> None:
    open_with(ledger, A, 2)
    ledger.done([(A, 1, DONE)])
    ledger.not_read(A, 2, "failed" if how == "failed" else "skipped", "it was torn")
    status = ledger.status(source(A))
    assert (status.state, status.units_done, status.units_failed) == ("incomplete", 1, 1)
    assert status.units[1].why == "it was torn"
    assert not ledger.coverage([A]).complete


def test_a_source_of_which_nothing_was_read_failed_and_says_why(ledger: Ledger) -> None:
    open_with(ledger, A, 1)
    ledger.not_read(A, 1, "failed", "it was torn")
    ledger.add(B, BYTES)
    ledger.open_failed(B, "it needs a password", may_heal=False)
    assert [(one.state, one.why) for one in ledger.statuses([source(A), source(B)])] == [
        ("failed", "it was torn"),
        ("failed", "it needs a password"),
    ]
    assert waiting(ledger) == []


def test_a_unit_for_the_slow_pass_waits_again_and_stays_slow(ledger: Ledger) -> None:
    open_with(ledger, A, 1)
    ledger.reading(A, 1)
    ledger.later(A, 1)
    assert waiting(ledger) == [("a", 1, True)]


def test_after_a_start_what_was_being_read_waits_again(ledger: Ledger) -> None:
    open_with(ledger, A, 4)
    ledger.reading(A, 1)
    ledger.done([(A, 2, DONE)])
    ledger.not_read(A, 3, "skipped", "no model")
    ledger.not_read(A, 4, "failed", "torn")
    ledger.recover()
    assert waiting(ledger) == [("a", 1, False), ("a", 3, False)]


def test_a_file_that_could_not_be_opened_is_tried_again_only_where_that_may_help(
    ledger: Ledger,
) -> None:
    ledger.add(A, BYTES)
    ledger.add(B, BYTES)
    ledger.open_failed(A, "no model", may_heal=True)
    ledger.open_failed(B, "torn", may_heal=False)
    ledger.recover()
    assert waiting(ledger) == [("a", 0, False)]
    ledger.retry(B)
    assert waiting(ledger) == [("a", 0, False), ("b", 0, False)]


def test_offering_a_file_again_retries_what_failed(ledger: Ledger) -> None:
    open_with(ledger, A, 2)
    ledger.done([(A, 1, DONE)])
    ledger.not_read(A, 2, "failed", "torn")
    ledger.retry(A)
    assert waiting(ledger) == [("a", 2, False)]


def test_a_new_parser_version_starts_the_units_anew(ledger: Ledger) -> None:
    open_with(ledger, A, 2)
    ledger.done([(A, 1, DONE)])
    open_with(ledger, A, 2)
    assert waiting(ledger) == [("a", 2, False)]
    open_with(ledger, A, 2, parser="v2")
    assert waiting(ledger) == [("a", 1, False), ("a", 2, False)]


def test_how_bytes_were_read_is_known_across_sources(ledger: Ledger) -> None:
    open_with(ledger, A, 2)
    assert ledger.record(BYTES, 1, "v1") is None
    ledger.done([(A, 1, DONE)])
    assert ledger.record(BYTES, 1, "v1") == DONE
    assert ledger.record(BYTES, 1, "v2") is None
    assert ledger.record(BYTES, 2, "v1") is None


def test_coverage_counts_only_the_sources_asked_about(ledger: Ledger) -> None:
    open_with(ledger, A, 2)
    open_with(ledger, B, 3)
    ledger.done([(A, 1, DONE), (A, 2, DONE), (B, 1, DONE)])
    ledger.not_read(B, 2, "failed", "torn")
    assert ledger.coverage([A]) == Coverage(
        sources_read=1, sources_total=1, pages_read=2, pages_total=2
    )
    assert ledger.coverage([A, B]) == Coverage(
        sources_read=1, sources_total=2, pages_read=3, pages_total=5, pages_failed=1
    )
    assert ledger.coverage([]) == Coverage()


def test_a_condemned_source_is_remembered_until_it_is_forgotten(ledger: Ledger) -> None:
    open_with(ledger, A, 1)
    ledger.condemn(A)
    assert ledger.condemned() == [(A, BYTES)]
    assert ledger.known() == set()
    assert waiting(ledger) == []
    ledger.forget(A)
    assert ledger.condemned() == []
    assert ledger.status(source(A)).units == ()


def test_a_purge_leaves_no_byte_of_a_forgotten_reason(ledger: Ledger, tmp_path: Path) -> None:
    open_with(ledger, A, 200)
    for unit in range(1, 201):
        ledger.not_read(A, unit, "failed", "zqxj-marker " * unit)
    ledger.forget(A)
    ledger.purge()
    assert not any(b"zqxj" in path.read_bytes() for path in tmp_path.iterdir())
