"""An application over the scripted service, and clients with and without its token."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from pincite.config import Server
from serving.app import create_app
from serving.security import Gate, Guard
from tests.unit.serving.scripted import ScriptedService

TOKEN = "a-token-of-this-start"
BASE = "http://127.0.0.1:8765"


@pytest.fixture
def service(tmp_path: Path) -> ScriptedService:
    return ScriptedService(tmp_path)


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    folder = tmp_path / "incoming"
    folder.mkdir()
    return folder


@pytest.fixture
def app(service: ScriptedService, incoming: Path) -> Guard:
    gate = Gate.of(SecretStr(TOKEN), host="127.0.0.1", port=8765)
    return create_app(service, gate=gate, server=Server(max_upload_mib=1), incoming=incoming)


@pytest.fixture
async def stranger(app: Guard) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Without a token."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


@pytest.fixture
async def client(app: Guard) -> AsyncGenerator[httpx.AsyncClient, None]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers) as client:
        yield client
