"""A first look at files before they are added: a few of them are read, and nothing is kept."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, median

from ingestion.intake import Offer, admitted, walk
from ingestion.parser import ParserProcess
from ingestion.readers.ports import Later, UnitRead
from ingestion.report import Accepted, ReadHow
from pincite.config import Ingestion
from pincite.elements import ContentId, Medium
from pincite.errors import CorruptSource, ParserFailed, PinciteError, SetupError, UserError
from pincite.values import Value


class Looked(Value):
    """One page, picture, stretch or document of a sample."""

    name: str
    medium: Medium
    units: int
    """Of the whole file."""
    unit: int
    how: ReadHow | None = None
    confidence: float | None = None
    seconds: float = 0
    elements: int = 0
    why: str | None = None
    """Where it could not be read; else what the reader warned of."""


class Sample(Value):
    """What a sample tells about all files."""

    looked: tuple[Looked, ...]
    files: dict[str, int]
    """All files that can be taken in, by medium."""
    refused: tuple[Accepted, ...] = ()
    units: int = 0
    """Of all files, estimated."""
    seconds: float = 0
    """To read all of them, estimated; embedding and writing not counted."""


class Sampler:
    """Reads with one parser; use from one thread."""

    def __init__(self, parser: ParserProcess, limits: Ingestion) -> None:
        self._parser = parser
        self._limits = limits

    def look(self, paths: Sequence[Path], number: int) -> Iterator[Looked | Sample]:
        """`number` units of files all over these folders, then what they tell about the rest."""
        offers: list[tuple[Offer, Medium, str]] = []
        refused: list[Accepted] = []
        for found in walk(paths):
            if isinstance(found, Accepted):
                refused.append(found)
                continue
            try:
                kind = admitted(found, self._limits)
                offers.append((found, kind.medium, kind.media_type))
            except (UserError, CorruptSource) as exc:
                refused.append(Accepted(name=found.name, outcome="refused", why=str(exc)))
        offers.sort(key=lambda one: _shuffled(one[0].origin))
        looked: list[Looked] = []
        each = max(1, number // max(1, len(offers)))
        for offer, medium, media_type in offers[:number]:
            for one in self._units(offer, medium, media_type, each):
                looked.append(one)
                yield one
        counts = Counter(medium for _, medium, _ in offers)
        yield _estimated(looked, counts, refused, self._limits.workers)

    def _units(
        self, offer: Offer, medium: Medium, media_type: str, number: int
    ) -> Iterator[Looked]:
        content = ContentId(hashlib.sha256(offer.origin.encode()).hexdigest())
        try:
            outline = self._parser.open(content, offer.path, media_type).outline
        except (UserError, CorruptSource, ParserFailed, SetupError) as exc:
            yield Looked(name=offer.name, medium=medium, units=0, unit=0, why=str(exc))
            return
        wanted = sorted(
            range(1, outline.units + 1), key=lambda unit: _shuffled(f"{offer.origin} {unit}")
        )
        for unit in sorted(wanted[:number]):
            start = Looked(name=offer.name, medium=medium, units=outline.units, unit=unit)
            yield self._unit(start, content, offer.path, media_type)

    def _unit(self, start: Looked, content: ContentId, path: Path, media_type: str) -> Looked:
        began = time.monotonic()
        try:
            read = self._parser.read(content, path, media_type, start.unit, slow=False).read
            if isinstance(read, Later):
                read = self._parser.read(content, path, media_type, start.unit, slow=True).read
        except PinciteError as exc:
            return start.model_copy(update={"why": str(exc), "seconds": time.monotonic() - began})
        assert isinstance(read, UnitRead)  # noqa: S101  the slow pass is the last
        return start.model_copy(
            update={
                "how": read.how,
                "confidence": read.confidence,
                "seconds": round(time.monotonic() - began, 3),
                "elements": len(read.elements),
                "why": " ".join(read.warnings) or None,
            }
        )


def _estimated(
    looked: Sequence[Looked], files: Counter[Medium], refused: Sequence[Accepted], workers: int
) -> Sample:
    """Medians per medium: a model that is loaded once must not count for every page."""
    units: defaultdict[Medium, dict[str, int]] = defaultdict(dict)
    seconds: defaultdict[Medium, list[float]] = defaultdict(list)
    for one in looked:
        units[one.medium][one.name] = one.units
        if one.unit:
            seconds[one.medium].append(one.seconds)
    total, time_s = 0.0, 0.0
    for medium, number in files.items():
        of_medium = number * mean(units[medium].values()) if units[medium] else number
        total += of_medium
        every = seconds[medium] or [second for many in seconds.values() for second in many] or [0]
        time_s += of_medium * median(every)
    return Sample(
        looked=tuple(looked),
        files={medium.value: number for medium, number in sorted(files.items())},
        refused=tuple(refused),
        units=round(total),
        seconds=round(time_s / workers, 1),
    )


def _shuffled(text: str) -> str:
    """The same order at every look."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
