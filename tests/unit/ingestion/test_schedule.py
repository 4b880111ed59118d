from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.ledger import Pending
from ingestion.schedule import Pass, Schedule, Task, task_for
from pincite.elements import ContentId, Medium, SourceId

BYTES = ContentId("c" * 64)


def task(source: str, unit: int, kind: Pass) -> Task:
    return Task(SourceId(source), BYTES, unit, kind)


def drained(schedule: Schedule) -> list[tuple[str, int, str]]:
    taken: list[tuple[str, int, str]] = []
    while (one := schedule.take()) is not None:
        taken.append((one.source, one.unit, one.kind.name))
    return taken


def test_everything_is_opened_then_first_pages_then_text_then_ocr_then_sound() -> None:
    schedule = Schedule()
    schedule.add([task("audio", 1, Pass.SOUND), task("scan", 2, Pass.SLOW)])
    schedule.add(task("book", unit, Pass.QUICK) for unit in (1, 2, 3))
    schedule.add([task("scan", 1, Pass.SLOW), task("photo", 1, Pass.SLOW)])
    schedule.add(task("leaflet", unit, Pass.QUICK) for unit in (1, 2))
    schedule.add([task("new", 0, Pass.OPEN)])
    assert drained(schedule) == [
        ("new", 0, "OPEN"),
        ("book", 1, "QUICK"),
        ("leaflet", 1, "QUICK"),
        ("book", 2, "QUICK"),
        ("book", 3, "QUICK"),
        ("leaflet", 2, "QUICK"),
        ("scan", 1, "SLOW"),
        ("photo", 1, "SLOW"),
        ("scan", 2, "SLOW"),
        ("audio", 1, "SOUND"),
    ]


def test_what_somebody_has_open_comes_first_also_what_is_found_in_it_later() -> None:
    schedule = Schedule()
    schedule.add([task("book", 1, Pass.QUICK), task("scan", 1, Pass.SLOW)])
    schedule.prioritise(SourceId("scan"))
    schedule.add([task("scan", 2, Pass.SLOW), task("new", 0, Pass.OPEN)])
    assert [source for source, _, _ in drained(schedule)] == ["scan", "scan", "new", "book"]


def test_what_is_dropped_is_not_done() -> None:
    schedule = Schedule()
    schedule.add([task("a", 1, Pass.QUICK), task("b", 1, Pass.QUICK), task("a", 2, Pass.SLOW)])
    schedule.drop(SourceId("a"))
    assert not schedule.has(SourceId("a"))
    assert drained(schedule) == [("b", 1, "QUICK")]


def test_sound_has_no_quick_pass() -> None:
    assert task_for(Pending(SourceId("a"), BYTES, 1, slow=False), Medium.AUDIO).kind is Pass.SOUND
    assert task_for(Pending(SourceId("a"), BYTES, 0, slow=False), Medium.AUDIO).kind is Pass.OPEN
    assert task_for(Pending(SourceId("a"), BYTES, 1, slow=True), Medium.PDF).kind is Pass.SLOW
    assert task_for(Pending(SourceId("a"), BYTES, 1, slow=False), Medium.IMAGE).kind is Pass.QUICK


_TASKS = st.builds(task, st.sampled_from("abc"), st.integers(0, 4), st.sampled_from(list(Pass)))


@settings(deadline=None)
@given(st.lists(_TASKS), st.lists(st.sampled_from("abc")))
def test_every_task_is_done_exactly_once(tasks: list[Task], hurried: list[str]) -> None:
    schedule = Schedule()
    schedule.add(tasks)
    schedule.add(tasks)
    for source in hurried:
        schedule.prioritise(SourceId(source))
    assert len(schedule) == len(set(tasks))
    taken = [schedule.take() for _ in range(len(schedule))]
    assert set(taken) == set(tasks)
    assert schedule.take() is None
