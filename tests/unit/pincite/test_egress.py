"""What may leave: the rule of every collection that a text is of, and nothing where nobody said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from itertools import product

import pytest

from pincite.egress import Allowed, Egress, each_sending, host_of, is_here, now, sending
from pincite.elements import Scope
from pincite.errors import UserError

FAR = "models.example.com"


class Rules:
    def __init__(self, **hosts: str) -> None:
        self._hosts = {name: frozenset(told.split()) for name, told in hosts.items()}

    def egress(self) -> dict[str, frozenset[str]]:
        return self._hosts

    def collections(self, scope: Scope) -> dict[str, int]:
        return {name: 1 for name in self._hosts if not scope.collections & {"empty"}}


def test_nothing_leaves_where_nobody_has_said_of_what_a_text_is() -> None:
    assert not now().permits(FAR)
    assert all(now().permits(here) for here in ("local", "localhost", "127.0.0.1", "::1"))


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "vllm", "localhost.example.com", ""])  # noqa: S104
def test_other_machines_are_not_here(host: str) -> None:
    assert not is_here(host)


def test_a_collection_without_a_rule_is_under_the_default() -> None:
    assert not Egress(Rules()).of({"a"}).permits(FAR)
    assert Egress(Rules(), ["https://models.example.com/v1"]).of({"a"}).permits(FAR)
    assert Egress(Rules(), [FAR]).of(()).permits(FAR)


def test_a_rule_of_its_own_goes_before_the_default() -> None:
    egress = Egress(Rules(secret=""), [FAR])
    assert not egress.of({"secret"}).permits(FAR)
    assert egress.of({"other"}).permits(FAR)


def test_a_text_of_several_collections_goes_only_where_each_of_them_may() -> None:
    hosts = ("", FAR, f"{FAR} vllm")
    for each in product(hosts, repeat=3):
        egress = Egress(Rules(**dict(zip("abc", each, strict=True))))
        for host in (FAR, "vllm"):
            assert egress.of("abc").permits(host) == all(host in told.split() for told in each)


def test_a_question_is_under_the_rules_of_what_it_asks_and_of_what_it_refers_to() -> None:
    egress = Egress(Rules(a=FAR, b=""))
    assert not egress.asked(Scope(collections=frozenset())).permits(FAR)
    empty = Scope(collections=frozenset({"empty"}))
    assert egress.asked(empty).collections == {"empty"}
    assert not egress.asked(empty, also={"b"}).permits(FAR)


def test_what_forbids_is_named_with_the_command() -> None:
    why = Egress(Rules(a=FAR, b="", c="")).of("abc").why_not(FAR)
    assert "“b” (and 1 more)" in why
    assert f'pincite egress allow "b" {FAR}' in why
    assert "PINCITE_EGRESS__HOSTS" in Allowed().why_not(FAR)


def test_hosts_are_known_by_name_or_address() -> None:
    assert host_of(" https://API.Example.com:8443/v1 ") == "api.example.com"
    assert host_of("192.168.0.7") == "192.168.0.7"
    for told in ("", "local", "a b", "http://", "x/y"):
        with pytest.raises(UserError, match="no host"):
            host_of(told)


async def _seen(closed: list[Allowed]) -> AsyncGenerator[Allowed, None]:
    try:
        for _ in range(3):
            yield await asyncio.to_thread(now)
    finally:
        closed.append(now())


async def test_items_are_made_under_a_rule_and_taken_outside_of_it() -> None:
    allowed, closed = Allowed(hosts=frozenset({FAR})), list[Allowed]()
    async with aclosing(each_sending(allowed, _seen(closed))) as items:
        async for item in items:
            assert item == allowed
            assert now() == Allowed()
    assert closed == [allowed]


async def test_closing_early_closes_the_maker_under_its_rule() -> None:
    allowed, closed = Allowed(hosts=frozenset({FAR})), list[Allowed]()
    items = each_sending(allowed, _seen(closed))
    await anext(items)
    await items.aclose()
    assert closed == [allowed]


async def test_a_cancelled_taker_cancels_the_maker() -> None:
    ended: list[str] = []

    async def slow() -> AsyncGenerator[int, None]:
        try:
            await asyncio.sleep(60)
            yield 1
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    task = asyncio.create_task(anext(each_sending(Allowed(), slow())))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert ended == ["cancelled"]


async def test_two_questions_at_once_do_not_mix_their_rules() -> None:
    async def asked(host: str) -> set[frozenset[str]]:
        seen: set[frozenset[str]] = set()
        with sending(Allowed(hosts=frozenset({host}))):
            for _ in range(20):
                await asyncio.sleep(0)
                seen.add((await asyncio.to_thread(now)).hosts)
        return seen

    found = await asyncio.gather(*(asked(host) for host in "abc"))
    assert found == [{frozenset({host})} for host in "abc"]
