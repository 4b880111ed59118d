"""Files that are searched with: a recording becomes words, a picture a PNG, in a confined child."""

from __future__ import annotations

import asyncio
import hashlib
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from ingestion import renderers
from ingestion.media import Sniffed, sniff
from ingestion.messages import REGISTRY, ParserSettings
from ingestion.parser import ParserProcess
from ingestion.readers.ports import UnitRead
from pincite.elements import ContentId, Medium
from pincite.errors import CorruptSource, TooLarge, UnsupportedMedia, UserError
from serving.service import Upload

_Made = TypeVar("_Made")
MOST_STRETCHES = 2
"""Of a recording that is a question; about six minutes."""
_SMALLEST = 8
"""Pixels of a side below which nothing can be seen."""
_DPI = 150
_PNG_SIZE = slice(16, 24)


class QueryFiles:
    """Used from one event loop. Its child lives for one file: such files are rare."""

    def __init__(self, scratch: Path, settings: ParserSettings) -> None:
        """`scratch` is a private folder."""
        self._scratch = scratch
        self._settings = settings
        self._turn = asyncio.Lock()

    async def words_of(self, recording: Upload) -> str:
        """What is said in it.

        Raises:
            UserError: nothing is said, or it is no recording, or too long a one.
            CorruptSource: it cannot be decoded.
            MissingModel: there is no model that hears.
        """
        kind = await asyncio.to_thread(self._kind, recording)
        if kind.medium not in {Medium.AUDIO, Medium.VIDEO}:
            raise UnsupportedMedia(f"{recording.name} is no recording; give a sound file")
        said = await self._in_child(lambda parser: _heard(parser, recording, kind))
        if not said:
            raise UserError(
                f"nothing is said in {recording.name}, so there are no words to search for"
            )
        return said

    async def png_of(self, picture: Upload) -> bytes:
        """As a viewer shows it.

        Raises:
            UserError: it is no picture, or too small a one.
            CorruptSource: it cannot be decoded.
        """
        kind = await asyncio.to_thread(self._kind, picture)
        if kind.medium is not Medium.IMAGE:
            raise UnsupportedMedia(f"{picture.name} is no picture; give a PNG or JPEG file")
        png = await self._in_child(
            lambda parser: _drawn(parser, picture, kind), registry=renderers.REGISTRY
        )
        width, height = struct.unpack(">II", png[_PNG_SIZE])
        if min(width, height) < _SMALLEST:
            raise UserError(
                f"{picture.name} has {width} × {height} pixels, in which nothing can be seen; "
                f"give one of at least {_SMALLEST} × {_SMALLEST}"
            )
        return png

    def _kind(self, file: Upload) -> Sniffed:
        limit = self._settings.ingestion.max_file_mib
        try:
            return sniff(file.path, name=file.name, max_mib=limit)
        except OSError as exc:
            raise UserError(f"{file.name} cannot be read: {exc.strerror}") from exc

    async def _in_child(
        self, work: Callable[[ParserProcess], _Made], *, registry: str = REGISTRY
    ) -> _Made:
        """The child dies with the thread that started it: both live as long as the work."""

        def run() -> _Made:
            parser = ParserProcess(self._scratch, self._settings, registry=registry)
            try:
                return work(parser)
            finally:
                parser.stop()

        async with self._turn:
            with ThreadPoolExecutor(1, "query file") as thread:
                return await asyncio.get_running_loop().run_in_executor(thread, run)


def _content(file: Upload) -> ContentId:
    return ContentId(hashlib.sha256(str(file.path).encode()).hexdigest())


def _heard(parser: ParserProcess, file: Upload, kind: Sniffed) -> str:
    content = _content(file)
    outline = parser.open(content, file.path, kind.media_type).outline
    if outline.units > MOST_STRETCHES:
        minutes = (outline.seconds or 0) / 60
        raise TooLarge(f"{file.name} lasts {minutes:.0f} minutes; a spoken question may last six")
    said: list[str] = []
    for unit in range(1, outline.units + 1):
        read = parser.read(content, file.path, kind.media_type, unit, slow=True).read
        if isinstance(read, UnitRead):
            said += [e.text for e in read.elements if any(map(str.isalnum, e.text))]
    return " ".join(" ".join(said).split())


def _drawn(parser: ParserProcess, file: Upload, kind: Sniffed) -> bytes:
    content = _content(file)
    media_type = renderers.asking(kind.media_type, _DPI)
    read = parser.read(content, file.path, media_type, 1, slow=True).read
    if not isinstance(read, UnitRead) or not read.crops:
        raise CorruptSource(f"{file.name} cannot be drawn")
    return next(iter(read.crops.values()))
