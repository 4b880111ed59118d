"""What every test gets: the model store, a data folder of its own, and no network but loopback."""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from pincite.config import Settings
from pincite.models.store import ModelStore


class ForbiddenConnection(ConnectionError):
    """A test tried to leave this machine."""


_attempts: list[str] = []


def _is_loopback(host: str) -> bool:
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return False


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return False
    return True


def _named_host(value: object) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")


def _watch(event: str, args: tuple[Any, ...]) -> None:
    """Audit hook: sees what Python code of this process asks of sockets, not native code."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        connection, address = args
        inet = connection.family in {socket.AF_INET, socket.AF_INET6}
        if not inet or not isinstance(address, tuple) or _is_loopback(_named_host(address[0])):  # pyright: ignore[reportUnknownArgumentType]
            return
        what = f"{event} {address}"
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = _named_host(args[0])
        # An address needs no name server; a connection to it is seen above.
        if _is_loopback(host) or _is_address(host):
            return
        what = f"{event} {host}"
    else:
        return
    _attempts.append(what)
    raise ForbiddenConnection(f"a test tried to leave this machine: {what}")


sys.addaudithook(_watch)


@pytest.fixture
def network_attempts() -> list[str]:
    """What was tried so far; a test that provokes attempts on purpose clears it."""
    return _attempts


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fails the test even where the product swallowed the error."""
    yield
    tried, _attempts[:] = list(_attempts), []
    if tried:
        pytest.fail(f"tried to leave this machine: {', '.join(tried)}", pytrace=False)


@pytest.fixture(autouse=True, scope="session")
def _own_data_folder(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """No test ever opens the library of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PINCITE_DATA_DIR", str(tmp_path_factory.mktemp("library")))
        yield


@pytest.fixture(scope="session")
def store() -> ModelStore:
    """The user's model store; `make test` filled it, and a missing model fails the test."""
    return ModelStore(Settings.load().models)
