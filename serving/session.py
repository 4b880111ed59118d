"""The service that a command talks to: its own, or the one that already owns the data folder."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pincite.config import Settings
from pincite.errors import DataFolderBusy
from serving.owner import Owner, Ownership, busy, current_owner, keep_private
from serving.service import Service


@asynccontextmanager
async def session(settings: Settings, command: str) -> AsyncGenerator[Service, None]:
    """One process owns the folder: a running service is used, another command is waited for.

    Raises:
        DataFolderBusy: another command owns the folder.
    """
    owner = current_owner(settings.data_dir)
    if owner is None:
        try:
            ownership = Ownership.take(settings.data_dir, command)
        except DataFolderBusy:
            owner = current_owner(settings.data_dir)  # somebody was faster
            if owner is None or not owner.is_service:
                raise
        else:
            async with _own(settings, ownership) as service:
                yield service
            return
    if not owner.is_service:
        raise busy(settings.data_dir, owner)
    async with _theirs(owner) as service:
        yield service


@asynccontextmanager
async def _own(settings: Settings, ownership: Ownership) -> AsyncGenerator[Service, None]:
    from serving.bootstrap import services

    keep_private()
    try:
        async with services(settings) as opened:
            yield opened.service
    finally:
        ownership.release()


@asynccontextmanager
async def _theirs(owner: Owner) -> AsyncGenerator[Service, None]:
    from serving.remote import RemoteService

    assert owner.url is not None  # noqa: S101
    assert owner.token is not None  # noqa: S101
    async with RemoteService(owner.url, owner.token) as service:
        yield service
