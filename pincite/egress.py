"""What may leave this machine: a rule for each collection, and what the text at hand is of.

The rule of a collection is a set of hosts, empty for `local`. Who is about to send text says of
which collections it is (`sending`); adapters of models ask here before they send. Where nobody has
said, nothing leaves: a forgotten call is refused, never let through.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import AsyncGenerator, Collection, Generator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any, Final, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from pincite.elements import Scope
from pincite.errors import UserError
from pincite.values import Value

LOCAL: Final = "local"
"""The endpoint of a model in this process; as a rule: nothing leaves."""
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*")
T = TypeVar("T")


class Allowed(Value):
    """Of which collections a text is, and the hosts that every one of them may be sent to."""

    collections: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    forbidding: tuple[tuple[str, frozenset[str]], ...] = ()
    """Each collection with its hosts, by name, so that the one that forbids can be named."""

    def permits(self, endpoint: str) -> bool:
        return is_here(endpoint) or endpoint.casefold() in self.hosts

    def why_not(self, endpoint: str) -> str:
        """One sentence, with the command that changes it."""
        host = endpoint.casefold()
        names = [name for name, hosts in self.forbidding if host not in hosts]
        if not names:
            return (
                f"nothing may be sent to {endpoint}; if what is of no collection may be, add it to "
                "PINCITE_EGRESS__HOSTS"
            )
        more = f" (and {len(names) - 1} more)" if names[1:] else ""
        return (
            f"the collection “{names[0]}”{more} is not sent to {endpoint}; if it may be, run: "
            f'pincite egress allow "{names[0]}" {endpoint}'
        )


class Ruled(Protocol):
    """The part of the text store that knows collections; thread-safe."""

    def egress(self) -> dict[str, frozenset[str]]:
        """Hosts by collection; a collection that is not among them has no rule of its own."""
        ...

    def collections(self, scope: Scope) -> dict[str, int]:
        """Those of which `scope` admits anything."""
        ...


class Egress:
    """The rules that are in force; each method is a query of the library."""

    def __init__(self, library: Ruled, default: Collection[str] = ()) -> None:
        """`default` are the hosts of collections without a rule, and of what is of none."""
        self._library = library
        self._default = frozenset(map(host_of, default))

    def of(self, collections: Collection[str]) -> Allowed:
        """For text that is of all of these."""
        rules = self._library.egress()
        each = tuple((name, rules.get(name, self._default)) for name in sorted(set(collections)))
        hosts = [hosts for _, hosts in each] or [self._default]
        return Allowed(
            collections=frozenset(collections),
            hosts=hosts[0].intersection(*hosts),
            forbidding=each,
        )

    def asked(self, scope: Scope, also: Collection[str] = ()) -> Allowed:
        """For a question over `scope` and what is found for it; of `also` is what it refers to."""
        return self.of({*self._library.collections(scope), *scope.collections, *also})


_NOW: ContextVar[Allowed] = ContextVar("egress", default=Allowed())  # noqa: B039


def now() -> Allowed:
    """Of the text at hand; nothing but this machine where nobody has said."""
    return _NOW.get()


@contextmanager
def sending(allowed: Allowed) -> Generator[None, None, None]:
    """Text of these collections is worked on inside. Never around a `yield`: see `each_sending`."""
    token = _NOW.set(allowed)
    try:
        yield
    finally:
        _NOW.reset(token)


async def each_sending(allowed: Allowed, items: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """The same items, each made inside `sending(allowed)`; who takes them is not in it.

    Closing it closes `items`.
    """
    context, end = copy_context(), object()
    context.run(_NOW.set, allowed)

    async def step() -> object:
        return await anext(items, end)

    try:
        while (item := await asyncio.create_task(step(), context=context)) is not end:
            yield cast("T", item)
    finally:
        await asyncio.create_task(_closed(items), context=context)


async def _closed(items: AsyncGenerator[Any, None]) -> None:
    await items.aclose()


def is_here(endpoint: str) -> bool:
    """Whether what is sent there stays on this machine."""
    return endpoint == LOCAL or _is_loopback(endpoint)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(told: str) -> str:
    """The host that somebody names, by its name or by an address with a path.

    Raises:
        UserError: it is none.
    """
    plain = told.strip().casefold()
    host = (urlsplit(plain).hostname or "") if "://" in plain else plain
    if host == LOCAL or not _HOST.fullmatch(host):
        raise UserError(f"{told!r} is no host; name one like api.example.com or 192.168.0.7")
    return host
