from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from ingestion.ledger import Ledger
from ingestion.library import Library
from ingestion.parser import OpenResult, ParserProcess, ReadResult
from ingestion.readers.ports import Later, Outline, UnitRead
from ingestion.schedule import Pass, Task
from ingestion.station import Again, Ended, Poison, Slow, Station, ToDo, ToWrite
from pincite.blobs import BlobStore
from pincite.config import Ingestion
from pincite.elements import (
    Content,
    ContentId,
    How,
    Kind,
    Medium,
    ParsedElement,
    Source,
    SourceId,
)
from pincite.errors import DiskFull, MissingModel, ParserFailed
from pincite.index.memory import MemoryIndex
from pincite.index.words import Bm25Words
from pincite.locators import ImageBox
from pincite.models.fakes import FakeTextEncoder
from pincite.texts import TextStore

SOURCE = SourceId("s")
BYTES = ContentId("c" * 64)
OPEN = Task(SOURCE, BYTES, 0, Pass.OPEN)
LIMITS = Ingestion(max_pages=10, retries=2, retry_seconds=1)
READ = Task(SOURCE, BYTES, 1, Pass.QUICK)


class Parser:
    """A parser that answers what it is told to, in order."""

    def __init__(self) -> None:
        self.answers: list[ReadResult | Exception] = []
        self.version = "v1"
        self.pages = 3
        self.units = 0
        self.memory_mib = 10.0
        self.interrupted = False
        self.stopped = 0

    def open(self, *_: object) -> OpenResult:
        return OpenResult(self.version, Outline(units=self.pages, unit_name="page"))

    def read(self, *_: object, slow: bool) -> ReadResult:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def stop(self) -> None:
        self.stopped += 1


def page(parser: str = "v1") -> ReadResult:
    return ReadResult(parser, UnitRead(how="text_layer", warnings=("It is", "odd.")))


@pytest.fixture
def library(tmp_path: Path) -> Generator[Library, None, None]:
    with (
        TextStore(tmp_path / "texts.sqlite") as texts,
        Ledger(tmp_path / "ledger.sqlite") as ledger,
        closing(MemoryIndex()) as index,
    ):
        texts.add_content(
            Content(id=BYTES, size=1, media_type="application/pdf", medium=Medium.PDF)
        )
        texts.add_source(
            Source(
                id=SOURCE,
                content=BYTES,
                name="a.pdf",
                origin="/a.pdf",
                medium=Medium.PDF,
                added_at=datetime.now(UTC),
            )
        )
        ledger.add(SOURCE, BYTES)
        yield Library(
            texts=texts,
            blobs=BlobStore(tmp_path / "blobs"),
            ledger=ledger,
            index=index,
            encoder=FakeTextEncoder(),
            words=Bm25Words(),
        )


@pytest.fixture
def parser() -> Parser:
    return Parser()


@pytest.fixture
def station(library: Library, parser: Parser) -> Station:
    return Station(library, cast("ParserProcess", parser), LIMITS)


def state(library: Library, unit: int = 1) -> tuple[str, str | None]:
    status = library.ledger.status(library.texts.source(SOURCE)).units[unit - 1]
    return status.state, status.why


def test_opening_finds_the_units(station: Station) -> None:
    outcome = station.work(OPEN)
    assert isinstance(outcome, ToDo)
    assert [one.unit for one in outcome.waiting] == [1, 2, 3]


def test_a_unit_that_was_read_is_to_be_written_and_is_not_done_before(
    station: Station, library: Library, parser: Parser
) -> None:
    station.work(OPEN)
    parser.answers = [page()]
    outcome = station.work(READ)
    assert isinstance(outcome, ToWrite)
    assert outcome.done.note == "It is odd."
    assert state(library) == ("reading", "It is odd.")


def test_a_crash_is_tried_again_later_and_later_and_then_put_into_quarantine(
    station: Station, library: Library, parser: Parser
) -> None:
    station.work(OPEN)
    parser.answers = [ParserFailed("it died") for _ in range(3)]
    assert station.work(READ) == Again(1, 1)
    assert state(library) == ("pending", "it died; it is tried again")
    assert [one.tries for one in library.ledger.waiting([SOURCE])] == [1, 0, 0]
    assert station.work(READ._replace(tries=1)) == Again(2, 4)
    assert isinstance(station.work(READ._replace(tries=2)), Ended)
    assert state(library) == (
        "quarantined",
        "it died; tried 3 times; to try it again: pincite sources retry s",
    )


def test_a_file_whose_pages_all_end_the_parser_is_given_up_whole(
    library: Library, parser: Parser
) -> None:
    parser.pages = 9
    station = Station(library, cast("ParserProcess", parser), Ingestion(retries=0))
    station.work(OPEN)
    parser.answers = [ParserFailed("it died") for _ in range(4)]
    outcomes = [station.work(READ._replace(unit=unit)) for unit in range(1, 5)]
    assert [type(outcome) for outcome in outcomes] == [Ended, Ended, Ended, Poison]
    assert library.ledger.waiting([SOURCE]) == []
    assert state(library, 9)[1] == (
        "not tried, because 4 others ended the parser "
        "(it died; tried once; to try it again: pincite sources retry s)"
    )
    library.ledger.let_out(SOURCE)
    assert len(library.ledger.waiting([SOURCE])) == 9


def test_a_file_that_cannot_even_be_opened_is_given_up_until_it_is_let_out(
    library: Library, parser: Parser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise ParserFailed("it died")

    monkeypatch.setattr(parser, "open", die)
    station = Station(library, cast("ParserProcess", parser), LIMITS)
    assert station.work(OPEN) == Again(1, 1)
    assert library.ledger.waiting([SOURCE])[0].tries == 1
    assert station.work(OPEN._replace(tries=2)) == Poison()
    library.ledger.recover()
    library.ledger.retry(SOURCE)
    assert library.ledger.waiting([SOURCE]) == []
    library.ledger.let_out(SOURCE)
    assert len(library.ledger.waiting([SOURCE])) == 1


def test_what_was_read_is_kept_at_once_and_not_read_again_after_a_kill(
    station: Station, library: Library, parser: Parser
) -> None:
    station.work(OPEN)
    parser.answers = [page()]
    station.work(READ)
    library.ledger.recover()
    outcome = station.work(READ)
    assert isinstance(outcome, ToWrite)
    assert outcome.done.note == "It is odd."


def test_being_interrupted_is_not_held_against_a_unit(station: Station, parser: Parser) -> None:
    station.work(OPEN)
    parser.answers = [ParserFailed("it died")]
    parser.interrupted = True
    assert station.work(READ._replace(tries=1)) == Again(1, 0)


def test_what_an_operator_can_mend_is_skipped_not_failed(
    station: Station, library: Library, parser: Parser
) -> None:
    station.work(OPEN)
    parser.answers = [MissingModel("OCR", "ocr")]
    assert isinstance(station.work(READ), Ended)
    assert state(library)[0] == "skipped"


def test_a_unit_is_put_off_once_and_not_for_ever(
    station: Station, library: Library, parser: Parser
) -> None:
    station.work(OPEN)
    parser.answers = [ReadResult("v1", Later(why="no text"))] * 2
    assert isinstance(station.work(READ), Slow)
    assert isinstance(station.work(READ._replace(kind=Pass.SLOW)), Ended)
    assert state(library)[0] == "failed"


def test_a_parser_that_changed_in_between_starts_the_source_anew(
    station: Station, library: Library, parser: Parser
) -> None:
    station.work(OPEN)
    parser.version = "v2"
    parser.answers = [page("v2")]
    outcome = station.work(READ)
    assert isinstance(outcome, ToDo)
    assert len(outcome.waiting) == 3


def test_a_source_that_was_deleted_is_not_read(
    station: Station, library: Library, parser: Parser
) -> None:
    station.work(OPEN)
    library.delete(SOURCE)
    assert isinstance(station.work(READ), Ended)
    assert isinstance(station.work(OPEN), Ended)


def test_a_full_disk_is_no_fault_of_the_file(
    station: Station, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskFull("no space left")

    monkeypatch.setattr(library.ledger, "opened", full)
    with pytest.raises(DiskFull):
        station.work(OPEN)


def test_a_child_that_has_grown_or_worked_long_is_replaced(
    station: Station, parser: Parser
) -> None:
    station.work(OPEN)
    assert parser.stopped == 0
    parser.memory_mib = 2000
    station.work(OPEN)
    assert parser.stopped == 1
    parser.memory_mib, parser.units = 10, 5000
    station.work(OPEN)
    assert parser.stopped == 2


def test_a_heavy_child_makes_room_when_the_kind_of_work_changes(
    station: Station, parser: Parser
) -> None:
    station.work(OPEN)
    parser.memory_mib = 600
    parser.answers = [page(), page(), page()]
    station.work(READ)
    stopped = parser.stopped
    station.work(READ)
    station.work(OPEN)
    assert parser.stopped == stopped
    station.work(READ._replace(kind=Pass.SLOW))
    assert parser.stopped == stopped + 1


def test_a_child_that_holds_the_models_of_slow_work_keeps_them_between_files(
    station: Station, parser: Parser
) -> None:
    station.work(OPEN)
    parser.answers = [page() for _ in range(6)]
    station.work(READ._replace(kind=Pass.SLOW))
    parser.memory_mib = 600
    for kind in (Pass.QUICK, Pass.SLOW, Pass.QUICK, Pass.SLOW):
        station.work(READ._replace(kind=kind))
    assert parser.stopped == 0
    station.work(READ._replace(kind=Pass.SOUND))
    assert parser.stopped == 1


@pytest.mark.parametrize(
    ("kind", "text", "low"),
    [
        (Kind.PHOTO, "KL7", False),
        (Kind.PHOTO, "a board full of writing, none of it to be made out", True),
        (Kind.FIGURE, "KL7", True),
    ],
)
def test_a_few_unsure_letters_in_a_photo_make_it_no_bad_page(
    station: Station, parser: Parser, kind: Kind, text: str, *, low: bool
) -> None:
    box = ImageBox(left=0, top=0, right=9, bottom=9, image_width=9, image_height=9)
    shown = ParsedElement(kind=kind, text="", locators=(box,), how=How.OCR)
    written = ParsedElement(kind=Kind.TEXT, text=text, locators=(box,), how=How.OCR)
    read = UnitRead(elements=(shown, written), how="ocr", confidence=0.4)
    parser.answers = [ReadResult("v1", read)]
    station.work(OPEN)
    outcome = station.work(READ)
    assert isinstance(outcome, ToWrite)
    assert outcome.done.low == low
