"""The guard in conftest.py sees what it must see, and lets loopback pass."""

from __future__ import annotations

import socket

import pytest


def test_a_connection_to_another_machine_is_refused_and_noted(network_attempts: list[str]) -> None:
    with socket.socket() as connection, pytest.raises(ConnectionError, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 80))
    assert len(network_attempts) == 1
    network_attempts.clear()


def test_a_name_look_up_is_refused_and_noted(network_attempts: list[str]) -> None:
    with pytest.raises(ConnectionError, match=r"name\.invalid"):
        socket.getaddrinfo("name.invalid", 443)
    assert network_attempts == ["socket.getaddrinfo name.invalid"]
    network_attempts.clear()


def test_a_datagram_to_another_machine_is_refused_and_noted(network_attempts: list[str]) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        pytest.raises(ConnectionError, match=r"192\.0\.2\.1"),
    ):
        sender.sendto(b"x", ("192.0.2.1", 53))
    assert len(network_attempts) == 1
    network_attempts.clear()


def test_loopback_is_allowed() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()
