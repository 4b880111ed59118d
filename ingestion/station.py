"""One parser child and its work: tasks in, outcomes out, every failure in the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ingestion.ledger import Pending, UnitDone
from ingestion.lending import ParserCannotStart
from ingestion.library import Library, UnitAt
from ingestion.parser import ParserProcess
from ingestion.passages import make_passages
from ingestion.pictured import picture_passages
from ingestion.readers.ports import Later, UnitRead
from ingestion.schedule import Pass, Task
from pincite.config import Ingestion
from pincite.elements import ContentId, How, Kind, Source, SourceId
from pincite.errors import (
    CorruptSource,
    DiskFull,
    ParserFailed,
    PinciteError,
    TooLarge,
    UserError,
)

T = TypeVar("T")

_LOW = 0.6
"""Mean confidence of a unit below which a person should look."""
_LETTERING = 40
"""Letters below which what a photo shows of writing, surely read or not, is no text of a page."""
_RECYCLE_UNITS = 1000
_RECYCLE_MIB = 900
_LIGHT_MIB = 300
"""A child above this starts other slow work afresh: it holds models that this does not need."""
_LONGER = 4
"""By so much each pause before another try is longer than the one before."""


@dataclass(frozen=True, slots=True)
class ToWrite:
    """A unit that was read, now or earlier, which the texts have and the index shall have."""

    source: SourceId
    content: ContentId
    unit: int
    parser: str
    done: UnitDone
    passages: int = 0
    """How many, where that is known."""


@dataclass(frozen=True, slots=True)
class ToDo:
    """More units wait now."""

    waiting: tuple[Pending, ...]
    total: int
    """Units of the source."""
    copies: tuple[tuple[Source, Pending], ...] = ()
    """Sources of the same bytes that an earlier version of the reader read: they start anew."""


@dataclass(frozen=True, slots=True)
class Again:
    """The parser died on it, or was ended from outside; it is worth another try."""

    tries: int
    after_s: float = 0


@dataclass(frozen=True, slots=True)
class Slow:
    """The unit needs the slow pass."""


@dataclass(frozen=True, slots=True)
class Poison:
    """The whole source is left alone; the ledger says why."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing more is to be done for this task; the ledger says why."""


Outcome = ToWrite | ToDo | Again | Slow | Poison | Ended


class _NotRead(Exception):
    """A task ends here; raised and caught in this module only."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class Station:
    """Used by one thread at a time, always the same."""

    def __init__(self, library: Library, parser: ParserProcess, limits: Ingestion) -> None:
        self._library = library
        self._ledger = library.ledger
        self.parser = parser
        self._limits = limits
        self._slow: Pass | None = None
        """The kind of slow work whose models the child may hold."""

    def work(self, task: Task) -> Outcome:
        """Do one task.

        Raises:
            PinciteError: of the stores or the installation; of the file, never.
        """
        if not self._library.is_alive(task.source):
            return Ended()
        self._change_over(task.kind)
        try:
            return self._open(task) if task.kind is Pass.OPEN else self._read(task)
        except _NotRead as exc:
            return exc.outcome
        finally:
            if self.parser.units >= _RECYCLE_UNITS or self.parser.memory_mib > _RECYCLE_MIB:
                self._start_afresh()

    def _change_over(self, kind: Pass) -> None:
        """Files that come one by one take turns between quick and slow: that loads nothing anew."""
        if kind in (Pass.OPEN, Pass.QUICK):
            return
        if kind is not self._slow and self.parser.memory_mib > _LIGHT_MIB:
            self._start_afresh()
        self._slow = kind

    def _start_afresh(self) -> None:
        self.parser.stop()
        self._slow = None

    # --- opening ----------------------------------------------------------------------------------

    def _open(self, task: Task) -> Outcome:
        media_type, original = self._file(task.content)
        opened = self._asked(task, lambda: self.parser.open(task.content, original, media_type))
        units = opened.outline.units
        if units > self._limits.max_pages:
            why = f"it has {units} pages, more than the limit of {self._limits.max_pages}"
            return self._not_read(task, TooLarge(f"{why} (setting ingestion.max_pages)"))
        if opened.outline.dated is not None:
            self._library.texts.date_content(task.content, opened.outline.dated)
        copies = self._ledger.opened(task.source, opened.parser, opened.outline)
        return ToDo(
            tuple(self._ledger.waiting([task.source])),
            units,
            tuple(
                (self._library.texts.source(one.source), one)
                for one in self._ledger.waiting(copies)
                if self._library.is_alive(one.source)
            ),
        )

    def _file(self, content: ContentId) -> tuple[str, Path]:
        found = self._library.texts.content(content)
        if found is None:
            raise _NotRead(Ended())
        return found.media_type, self._library.blobs.path(content)

    # --- reading ----------------------------------------------------------------------------------

    def _read(self, task: Task) -> Outcome:
        opening = self._ledger.opening(task.source)
        if opening is None:
            return Ended()
        known = self._known(task, opening.parser)
        if known is not None:
            return known
        media_type, original = self._file(task.content)
        self._ledger.reading(task.source, task.unit)
        began = time.monotonic()
        slow = task.kind is not Pass.QUICK
        result = self._asked(
            task,
            lambda: self.parser.read(task.content, original, media_type, task.unit, slow=slow),
        )
        if result.parser != opening.parser:
            return self._open(task._replace(unit=0, kind=Pass.OPEN))
        if isinstance(result.read, Later):
            return self._later(task, result.read)
        return self._kept(task, result.parser, result.read, time.monotonic() - began)

    def _known(self, task: Task, parser: str) -> ToWrite | None:
        """A unit of these bytes that was read before needs only to be indexed."""
        if not self._library.texts.has_unit(task.content, parser, task.unit):
            return None
        done = self._ledger.record(task.content, task.unit, parser)
        if done is None:
            return None
        self._ledger.reading(task.source, task.unit)
        return ToWrite(task.source, task.content, task.unit, parser, done)

    def _later(self, task: Task, later: Later) -> Outcome:
        if task.kind is Pass.QUICK:
            self._ledger.later(task.source, task.unit)
            return Slow()
        why = f"the reader puts it off for ever ({later.why})"
        return self._not_read(task, CorruptSource(why))

    def _kept(self, task: Task, parser: str, read: UnitRead, seconds: float) -> Outcome:
        read = self._library.described(task.content, read)
        done = UnitDone(
            how=read.how,
            confidence=read.confidence,
            low=_is_low(read),
            elements=len(read.elements),
            seconds=round(seconds, 3),
            note=" ".join(read.warnings)[:500] or None,
        )
        texts = make_passages(read.elements)
        passages = (*texts, *picture_passages(read.elements, texts))
        at = UnitAt(task.content, parser, task.unit)
        if not self._library.keep_unit(task.source, at, read, passages):
            return Ended()
        self._ledger.was_read(task.source, task.unit, done)
        return ToWrite(task.source, task.content, task.unit, parser, done, len(passages))

    # --- failures ---------------------------------------------------------------------------------

    def _asked(self, task: Task, ask: Callable[[], T]) -> T:
        """What the parser answers; where it does not, the ledger gets to know why."""
        try:
            return ask()
        except (ParserCannotStart, DiskFull):
            raise
        except ParserFailed as exc:
            if not self._library.is_alive(task.source):
                raise _NotRead(Ended()) from exc
            raise _NotRead(self._died(task, exc)) from exc
        except PinciteError as exc:
            raise _NotRead(self._not_read(task, exc)) from exc

    def _died(self, task: Task, error: ParserFailed) -> Again | Poison | Ended:
        """A machine under load may be to blame, so there are other tries, later and later."""
        if self.parser.interrupted:
            self._ledger.again(task.source, task.unit, task.tries, "interrupted")
            return Again(task.tries)
        tries = task.tries + 1
        if tries <= self._limits.retries:
            why = f"{error}; it is tried again"
            self._ledger.again(task.source, task.unit, tries, why)
            return Again(tries, self._limits.retry_seconds * _LONGER ** (tries - 1))
        times = "once" if tries == 1 else f"{tries} times"
        mend = f"tried {times}; to try it again: pincite sources retry {task.source}"
        if self._ledger.quarantine(task.source, task.unit, f"{error}; {mend}"):
            return Poison()
        return Ended()

    def _not_read(self, task: Task, error: PinciteError) -> Ended:
        """Failed is what no operator can mend; skipped is tried again at the next start."""
        fatal = isinstance(error, UserError | CorruptSource)
        if task.unit == 0:
            self._ledger.open_failed(task.source, str(error), may_heal=not fatal)
        else:
            state = "failed" if fatal else "skipped"
            self._ledger.not_read(task.source, task.unit, state, str(error))
        return Ended()


def _is_low(read: UnitRead) -> bool:
    """Whether a person should look; a photo with a few unsure letters in it is a fine photo."""
    if read.confidence is None or read.confidence >= _LOW:
        return False
    guessed = sum(len(one.text) for one in read.elements if one.how is How.OCR)
    is_photo = any(one.kind is Kind.PHOTO for one in read.elements)
    return not (is_photo and guessed < _LETTERING)
