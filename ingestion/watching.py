"""What somebody who waits for ingestion gets to know, and of nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ingestion.ledger_told import Told
from ingestion.report import SourceStatus
from ingestion.schedule import Pass
from pincite.elements import Medium, Source, SourceId

_USUAL = {Pass.OPEN: 0.02, Pass.QUICK: 0.05, Pass.SLOW: 2.0, Pass.SOUND: 4.0}
"""Seconds, before anything was measured."""
_USUAL_UNITS = {"page": 10.0, "picture": 1.0, "stretch": 10.0, "document": 1.0}
_UNIT_OF = {
    Medium.PDF: "page",
    Medium.IMAGE: "picture",
    Medium.AUDIO: "stretch",
    Medium.VIDEO: "stretch",
}
_PASS_OF = {"text_layer": Pass.QUICK, "ocr": Pass.SLOW, "speech": Pass.SOUND}
_NEWEST = 0.2
"""Weight of the last measurement in a smoothed one."""


@dataclass
class Track:
    """A source that is being worked on."""

    source: Source
    total: int
    """Units; 0 before the file was opened."""
    settled: int
    """Units of which nothing more is to be expected."""
    is_scan: bool = False
    """A unit of it needs the slow pass."""

    @property
    def kind(self) -> Pass:
        """What most of its units take, as far as that is known."""
        if self.source.medium in {Medium.AUDIO, Medium.VIDEO}:
            return Pass.SOUND
        return Pass.SLOW if self.is_scan or self.source.medium is Medium.IMAGE else Pass.QUICK


@dataclass
class Pace:
    """Seconds that a unit takes, smoothed; at first what it took in this library before."""

    reading: dict[Pass, float] = field(default_factory=lambda: dict(_USUAL))
    writing: float = 0
    units: dict[str, float] = field(default_factory=lambda: dict(_USUAL_UNITS))
    """Of one source, by the name of the unit; for files that were not opened yet."""

    @classmethod
    def known_from(cls, ledger: Told) -> Pace:
        seconds = ledger.seconds_per_unit()
        before = {_PASS_OF[how]: mean for how, mean in seconds.items() if how in _PASS_OF}
        return cls(reading=_USUAL | before, units=_USUAL_UNITS | ledger.units_per_source())

    def units_of(self, medium: Medium) -> float:
        return self.units[_UNIT_OF.get(medium, "document")]

    def read(self, kind: Pass, seconds: float) -> None:
        before = self.reading.get(kind, seconds)
        self.reading[kind] = (1 - _NEWEST) * before + _NEWEST * seconds

    def wrote(self, seconds: float, units: int) -> None:
        each = seconds / units
        self.writing = (1 - _NEWEST) * (self.writing or each) + _NEWEST * each


class Watch:
    """A view on the tracks that `wants` lets through."""

    def __init__(
        self, wants: Callable[[Source], bool], tracks: Mapping[SourceId, Track], pace: Pace
    ) -> None:
        self.wants = wants
        self.news = asyncio.Event()
        self.failure: BaseException | None = None
        """Why nothing goes on."""
        self._tracks = tracks
        self._pace = pace
        self._finished: list[SourceStatus] = []
        self._units_of_finished = 0

    def ended(self, status: SourceStatus) -> None:
        self._finished.append(status)
        self._units_of_finished += status.units_total

    def take_finished(self) -> tuple[SourceStatus, ...]:
        """New since the last call."""
        taken, self._finished = tuple(self._finished), []
        return taken

    @property
    def _mine(self) -> list[Track]:
        return [track for track in self._tracks.values() if self.wants(track.source)]

    @property
    def busy(self) -> bool:
        return bool(self._mine)

    @property
    def units_done(self) -> int:
        return self._units_of_finished + sum(track.settled for track in self._mine)

    @property
    def units_total(self) -> int:
        return self._units_of_finished + sum(track.total for track in self._mine)

    def eta_s(self, workers: int) -> float | None:
        """Rough, from the first moment on; None where there is nothing to do."""
        if not self._mine:
            return None
        reading = writing = 0.0
        for track in self._mine:
            left = (track.total or self._pace.units_of(track.source.medium)) - track.settled
            reading += left * self._pace.reading[track.kind]
            writing += left * self._pace.writing
        return round(reading / workers + writing, 1)

    async def wait(self, seconds: float) -> None:
        """Until there is news, but no longer than `seconds`."""
        try:
            await asyncio.wait_for(self.news.wait(), seconds)
        except TimeoutError:
            return
        self.news.clear()
