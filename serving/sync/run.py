"""Carrying out a plan through a service, whether that is in this process or another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

from pincite.elements import Scope, SourceId
from pincite.errors import UserError
from pincite.values import Value
from serving.following import follow
from serving.service import Accepted, IngestProgress, Service, Upload
from serving.sync.plan import Plan, Planner, Step
from serving.sync.refusals import Refusals
from serving.sync.rules import Rules
from serving.sync.tree import Tree


class Wanted(Value):
    """What somebody asked for."""

    rules: Rules
    collection: str = "default"
    allow_deletes: bool = False


class Synchroniser:
    """One run. Broken off anywhere, the next run goes on: every step may be done twice."""

    def __init__(
        self, service: Service, tree: Tree, wanted: Wanted, folder: Path, judge: str = ""
    ) -> None:
        """`folder` is the data folder; for `judge` see `refusals.judge_of`."""
        self._service = service
        self._refusals = Refusals(folder, judge)
        self._tree = tree
        self._wanted = wanted
        self._scratch = folder
        self._reading: dict[frozenset[str], set[SourceId]] = {}

    async def plan(self) -> Plan:
        """Compare; changes nothing.

        Raises:
            UserError, UpstreamError: as `Tree`.
        """
        tree, wanted = self._tree, self._wanted
        entries = await asyncio.to_thread(tree.entries)
        placed = await self._service.placed(tree.prefix, wanted.collection)
        planner = Planner(wanted.rules, tree.origin, tree.digest, self._refusals.why)
        return await asyncio.to_thread(planner.plan, entries, placed, tree.prefix)

    async def carry_out(self, plan: Plan) -> AsyncGenerator[IngestProgress, None]:
        """Do it, and end when all is read.

        Raises:
            UserError: it would delete more than a tenth unasked; nothing was changed.
        """
        if plan.deletes_too_much and not self._wanted.allow_deletes:
            gone = len(plan.of("delete"))
            raise UserError(
                f"{gone} of the {plan.known} files known from {self._tree.address} are not there "
                "any more; nothing was changed. If they shall go from the library too, add "
                "--allow-deletes"
            )
        self._refusals.forget(self._tree.prefix, besides={one.origin for one in plan.refused})
        for number, step in enumerate(plan.steps, 1):
            accepted = await self._done(step)
            yield IngestProgress(
                at=datetime.now(UTC),
                accepted=(accepted,) if accepted else (),
                units_done=0,
                units_total=0,
                now=f"{step.path} ({number} of {len(plan.steps)})",
            )
        for readers, sources in self._reading.items():
            scope = Scope(principals=readers, collections=frozenset({self._wanted.collection}))
            async with aclosing(follow(self._service, sources, scope)) as reports:
                async for report in reports:
                    yield report

    async def _done(self, step: Step) -> Accepted | None:
        """The outcome, where bytes were offered."""
        match step.kind:
            case "delete":
                for one in step.before:
                    await self._service.displace(one.source, one.origin)
                return None
            case "move" | "touch":
                await self._settled(step)
                return None
            case "add" | "change" | "regrant":
                return await self._offered(step)

    async def _settled(self, step: Step) -> None:
        """Known bytes: only the places change."""
        assert step.entry is not None  # noqa: S101
        known = [one for one in step.before if one.readers == step.readers][-1]
        await self._service.place(known.source, origin=step.origin, stamp=step.entry.stamp)
        for one in step.before:
            if one.origin != step.origin or one.readers != step.readers:
                await self._service.displace(one.source, one.origin)

    async def _offered(self, step: Step) -> Accepted:
        entry = step.entry
        assert entry is not None  # noqa: S101
        with self._tree.lent(entry, self._scratch) as path:
            upload = Upload(path=path, name=Path(step.path).name, origin=step.origin, is_ours=False)
            (accepted,) = await self._service.add(
                [upload], collection=self._wanted.collection, readers=step.readers
            )
        if accepted.source is None:
            self._refusals.note(step.origin, entry.stamp, accepted.why or "")
            return accepted.model_copy(update={"name": step.path})
        await self._service.place(accepted.source, origin=step.origin, stamp=entry.stamp)
        self._reading.setdefault(step.readers, set()).add(accepted.source)
        # A new version takes the place of the old one by itself, once it has been read.
        is_new_version = accepted.outcome == "added"
        for one in step.before:
            gives_way_later = is_new_version and one.readers == step.readers
            if one.source != accepted.source and not gives_way_later:
                await self._service.displace(one.source, one.origin)
        return accepted.model_copy(update={"name": step.path})
