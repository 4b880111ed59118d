"""Encoders that a test can hold up, count or have killed; and a program that is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import serving.bootstrap
from pincite.config import Encoder, FakeEncoder, Settings
from pincite.models.fakes import FakeTextEncoder
from pincite.models.outgoing import Outgoing
from pincite.models.ports import TextEncoder, Vectors
from pincite.models.store import ModelStore
from tests.integration.serving.library import settings

FILLER = "re-embedding"
"""Name of the thread that fills an index."""


class WatchedEncoder(FakeTextEncoder):
    """Stops the thread that fills an index while its gate is closed; counts what it embeds."""

    def __init__(self, dimensions: int, *, kill_after: int | None = None) -> None:
        super().__init__(dimensions)
        self.gate = threading.Event()
        self.gate.set()
        self.texts = 0
        self._kill_after = kill_after

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        if threading.current_thread().name == FILLER:
            self.gate.wait(60)
            if self._kill_after is not None and self.texts >= self._kill_after:
                os.kill(os.getpid(), signal.SIGKILL)
        self.texts += len(texts)
        return super().embed_documents(texts)


def always(encoder: TextEncoder) -> Callable[[Encoder, ModelStore, Outgoing], TextEncoder]:
    """Stands for `text_encoder`."""

    def given(settings: Encoder, store: ModelStore, gate: Outgoing) -> TextEncoder:
        del settings, store, gate
        return encoder

    return given


def with_encoder(folder: Path, dimensions: int) -> Settings:
    return settings(folder).model_copy(update={"encoder": FakeEncoder(dimensions=dimensions)})


async def _be_killed(folder: Path) -> None:
    serving.bootstrap.text_encoder = always(WatchedEncoder(64, kill_after=100))
    async with serving.bootstrap.services(with_encoder(folder, 64)):
        await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(_be_killed(Path(sys.argv[1])))
