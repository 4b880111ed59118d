"""Pictures of pages for the page: made by a confined child, remembered for a while in memory."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ingestion.messages import ParserSettings
from ingestion.parser import ParserProcess
from ingestion.readers.ports import Later
from ingestion.renderers import REGISTRY, asking
from pincite.elements import Content, ContentId
from pincite.errors import CorruptSource

_REMEMBERED_BYTES = 48 << 20
_IDLE_S = 120.0

Key = tuple[ContentId, int, int]


class PagePictures:
    """Used from one event loop; close it when done."""

    def __init__(self, scratch: Path, settings: ParserSettings) -> None:
        """`scratch` is a private folder on the file system of the blobs."""
        self._parser = ParserProcess(scratch, settings, threads=1, registry=REGISTRY)
        # The child dies with the thread that started it: one thread, for as long as this lives.
        self._thread = ThreadPoolExecutor(1, "pictures")
        self._made: OrderedDict[Key, bytes] = OrderedDict()
        self._resting: asyncio.TimerHandle | None = None

    async def png(self, content: Content, original: Path, page: int, *, dpi: int) -> bytes:
        """About 0.1 s for a page; half a second more where the child has to be started.

        Raises:
            UnsupportedMedia: it has no pages.
            CorruptSource: there is no such page, or it cannot be drawn.
        """
        key = (content.id, page, dpi)
        if key not in self._made:
            loop = asyncio.get_running_loop()
            self._remember(
                key,
                await loop.run_in_executor(self._thread, self._draw, content, original, page, dpi),
            )
            self._rest_later(loop)
        self._made.move_to_end(key)
        return self._made[key]

    async def forget(self, content: ContentId) -> None:
        """Nothing of it is left in memory or in the child."""
        for key in [key for key in self._made if key[0] == content]:
            del self._made[key]
        if content in self._parser.seen:
            await self._stop()

    async def close(self) -> None:
        if self._resting:
            self._resting.cancel()
        self._parser.interrupt()
        await self._stop()
        self._thread.shutdown()

    def _draw(self, content: Content, original: Path, page: int, dpi: int) -> bytes:
        media_type = asking(content.media_type, dpi)
        read = self._parser.read(content.id, original, media_type, page, slow=True).read
        if isinstance(read, Later) or not read.crops:
            raise CorruptSource(f"page {page} cannot be drawn")
        return next(iter(read.crops.values()))

    def _remember(self, key: Key, png: bytes) -> None:
        self._made[key] = png
        while len(self._made) > 1 and sum(map(len, self._made.values())) > _REMEMBERED_BYTES:
            self._made.popitem(last=False)

    def _rest_later(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._resting:
            self._resting.cancel()
        self._resting = loop.call_later(_IDLE_S, lambda: asyncio.ensure_future(self._stop()))

    async def _stop(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._parser.stop)
