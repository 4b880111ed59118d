"""The parser child: `python -m ingestion.worker DESCRIPTOR`, started by `ingestion.parser`.

It confines itself, then answers one request after another until the other side hangs up. Readers
and their models stay loaded between requests. Nothing here trusts the files it reads, and the
parent trusts nothing that comes from here.
"""

from __future__ import annotations

import gc
import importlib
import socket
import sys
from collections.abc import Callable
from typing import cast

from ingestion.dates import day_of
from ingestion.frames import Garbled, receive, send
from ingestion.messages import (
    REQUEST,
    Begin,
    Describe,
    Described,
    Open,
    OpenedFile,
    ParserSettings,
    Postponed,
    Read,
    Ready,
    Refused,
    Request,
    UnitResult,
)
from ingestion.readers.ports import Later, Reader
from ingestion.sandbox import allow_memory, confine
from pincite.config import Settings
from pincite.errors import PinciteError
from pincite.models.freed_memory import return_small_blocks
from pincite.models.store import ModelStore
from pincite.values import Value

ReaderFor = Callable[[str, Settings, ModelStore], Reader]

_LONGEST_MESSAGE = 500
_OBJECTS_BETWEEN_SWEEPS = 50_000
"""A page makes thousands of tuples and no cycles; Python's own 700 costs a sixth of the time."""


class Parser:
    """Answers requests with the readers that they need."""

    def __init__(self, settings: ParserSettings, reader_for: ReaderFor) -> None:
        self._settings = Settings(
            ingestion=settings.ingestion,
            ocr=settings.ocr,
            speech=settings.speech,
            layout=settings.layout,
            fields=settings.fields,
            models=settings.models,
        )
        self._store = ModelStore(settings.models)
        self._reader_for = reader_for
        self._readers: dict[str, Reader] = {}

    def answer(self, request: Request) -> tuple[Value, list[bytes]]:
        """A reply and the frames of bytes that follow it; never raises."""
        try:
            allow_memory(self._settings.ingestion.unit_memory_mib)
            reader = self._reader(request.media_type)
            match request:
                case Describe():
                    return Described(parser=reader.version), []
                case Open():
                    outline = reader.outline(request.path)
                    day = day_of(request.path, outline.facts)
                    outline = outline.model_copy(update={"dated": day})
                    return OpenedFile(parser=reader.version, outline=outline), []
                case Read():
                    return _read(reader, request)
        except PinciteError as exc:
            return Refused(error=type(exc).__name__, message=_clipped(str(exc))), []
        except MemoryError:
            mib = self._settings.ingestion.unit_memory_mib
            return Refused(error="MemoryError", message=f"it needs more than {mib} MiB"), []
        except Exception as exc:  # noqa: BLE001  a process edge: the parent must hear of it
            return Refused(error="Exception", message=_clipped(f"{type(exc).__name__}: {exc}")), []

    def _reader(self, media_type: str) -> Reader:
        if media_type not in self._readers:
            self._readers[media_type] = self._reader_for(media_type, self._settings, self._store)
        return self._readers[media_type]


def _read(reader: Reader, request: Read) -> tuple[Value, list[bytes]]:
    found = reader.read(request.path, request.unit, slow=request.slow)
    if isinstance(found, Later):
        return Postponed(parser=reader.version, why=found.why), []
    return (
        UnitResult(
            parser=reader.version,
            read=found.model_copy(update={"crops": {}}),
            crops=tuple(found.crops),
        ),
        list(found.crops.values()),
    )


def _clipped(text: str) -> str:
    """One line, not too long, and sendable whatever a file put into it."""
    line = " ".join(text.split()).encode("utf-8", "replace").decode()
    return line if len(line) <= _LONGEST_MESSAGE else line[:_LONGEST_MESSAGE] + "…"


def main() -> int:
    """Serve one parent until it hangs up."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    try:
        begin = Begin.model_validate_json(receive(channel, "json"))
        protections = confine(begin.confinement)
        module = importlib.import_module(begin.registry)
        parser = Parser(begin.settings, cast(ReaderFor, module.reader_for))
        gc.freeze()
        gc.set_threshold(_OBJECTS_BETWEEN_SWEEPS, 20, 20)
        send(channel, "json", Ready(protections=protections).model_dump_json().encode())
        while True:
            request = REQUEST.validate_json(receive(channel, "json"))
            reply, blobs = parser.answer(request)
            send(channel, "json", reply.model_dump_json().encode())
            for blob in blobs:
                send(channel, "bytes", blob)
            if isinstance(request, Read) and request.slow:
                return_small_blocks()
    except (Garbled, ProcessLookupError):
        return 0


if __name__ == "__main__":
    sys.exit(main())
