"""The SQLite file in which LangGraph remembers conversations: opened late, forgotten for good."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import aiosqlite
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from pincite.elements import Scope, SourceId

_THREADS_WITH: Final = (
    "SELECT DISTINCT thread_id FROM checkpoints"
    " WHERE instr(checkpoint, ?1) > 0 OR instr(metadata, ?1) > 0"
    " UNION SELECT DISTINCT thread_id FROM writes WHERE instr(value, ?1) > 0"
)


def thread_of(conversation: str, scope: Scope) -> str:
    """A thread per conversation *and* asker: another asker's id of the same name opens nothing."""
    key = "\0".join((*sorted(scope.principals), conversation))
    return hashlib.sha256(key.encode()).hexdigest()


class Conversations:
    """Holds the open file; what is deleted leaves no byte behind (`secure_delete`, no WAL rest)."""

    def __init__(self, connection: aiosqlite.Connection, saver: AsyncSqliteSaver) -> None:
        self._connection = connection
        self.saver = saver
        self._lock = asyncio.Lock()

    @classmethod
    async def open(cls, path: Path) -> Self:
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        await asyncio.to_thread(path.touch, 0o600)
        connection = await aiosqlite.connect(path)
        await connection.execute("PRAGMA secure_delete = ON")
        # Plain data only: a type in a checkpoint is refused, on writing it and on reading it.
        serde = JsonPlusSerializer(allowed_msgpack_modules=None)
        saver = AsyncSqliteSaver(connection, serde=serde)
        await saver.setup()
        return cls(connection, saver)

    async def forget_source(self, source: SourceId) -> None:
        """Delete every conversation that mentions an id of the source."""
        async with self._lock:
            query = await self._connection.execute(_THREADS_WITH, (source.encode(),))
            threads = [str(row[0]) for row in await query.fetchall()]
            await query.close()
            for thread in threads:
                await self.saver.adelete_thread(thread)
            await self._settle()

    async def forget(self, conversation: str, scope: Scope) -> None:
        async with self._lock:
            await self.saver.adelete_thread(thread_of(conversation, scope))
            await self._settle()

    async def _settle(self) -> None:
        await self._connection.commit()
        await self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        await self._connection.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
