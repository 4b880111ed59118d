"""The socket of the service: bound before anything is opened, so that the port is ours."""

from __future__ import annotations

import socket

from pincite.config import Server
from pincite.errors import SetupError

_WAITING = 128
"""Connections that may wait; whoever comes before everything is open waits instead of failing."""


def bind(server: Server) -> socket.socket:
    """Listen, so that the port is known and ours before anything is opened."""
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((server.host, server.port))
        listener.listen(_WAITING)
    except OSError as exc:
        listener.close()
        raise SetupError(
            f"cannot listen on {server.host}:{server.port} ({exc.strerror}); "
            f"try: pincite serve --port 0"
        ) from exc
    return listener


def shown_host(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - the address to open, not one to listen on
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
