"""What there is and what the library has → what to do. Pure, but for the bytes it asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from pincite.elements import ContentId
from pincite.texts.placing import Placed
from pincite.values import Value
from serving.sync.rules import Rules
from serving.sync.tree import Entry

ASK_ABOVE = 0.1
"""Share of the files known from a place above which they are not deleted unasked."""
Kind = Literal["add", "change", "move", "regrant", "touch", "delete"]


class Step(Value):
    """One thing to do; which fields are set follows from `kind`.

    add: new here. change: other bytes. move: known bytes, another path. regrant: other readers.
    touch: the same bytes with another stamp. delete: no longer there.
    """

    kind: Kind
    path: str
    origin: str
    entry: Entry | None = None
    """None for `delete`."""
    readers: frozenset[str] = frozenset()
    before: tuple[Placed, ...] = ()
    """What lies there for the library, or lay there; gives way once the step is done."""


class StillRefused(Value):
    """A file that was refused, and is what it was."""

    path: str
    origin: str
    why: str


class Plan(Value):
    steps: tuple[Step, ...] = ()
    refused: tuple[StillRefused, ...] = ()
    left_out: tuple[str, ...] = ()
    """Paths that no rule gives readers to."""
    unchanged: int = 0
    known: int = 0
    """Files that the library has from this place."""

    def of(self, *kinds: Kind) -> list[Step]:
        return [step for step in self.steps if step.kind in kinds]

    @property
    def deletes_too_much(self) -> bool:
        return len(self.of("delete")) > ASK_ABOVE * self.known


class Planner:
    """Compares entries with places. `digest` is asked only where size and stamp leave a doubt."""

    def __init__(
        self,
        rules: Rules,
        origin: Callable[[str], str],
        digest: Callable[[Entry], ContentId],
        refused: Callable[[str, str], str | None] = lambda _origin, _stamp: None,
    ) -> None:
        """`refused` says why a file at an origin with a stamp was refused, if it was."""
        self._refused = refused
        self._rules = rules
        self._origin = origin
        self._digest = digest

    def plan(self, entries: Sequence[Entry], placed: Sequence[Placed], prefix: str) -> Plan:
        here = self._ours(placed)
        steps: list[Step] = []
        new: list[Step] = []
        refused: list[StillRefused] = []
        left_out: list[str] = []
        seen: set[str] = set()
        unchanged = 0
        for entry in entries:
            readers = self._rules.readers_of(entry.path)
            if readers is None:
                left_out.append(entry.path)
                continue
            origin = self._origin(entry.path)
            seen.add(origin)
            step = self._step(entry, origin, readers, here.get(origin, []))
            why = self._refused(origin, entry.stamp)
            if step is None:
                unchanged += 1
            elif why is not None and step.kind in ("add", "change"):
                refused.append(StillRefused(path=entry.path, origin=origin, why=why))
            else:
                (new if step.kind == "add" else steps).append(step)
        gone = {origin: places for origin, places in here.items() if origin not in seen}
        steps += [self._moved(step, gone) for step in new]
        steps += [
            Step(
                kind="delete",
                path=origin.removeprefix(prefix),
                origin=origin,
                before=tuple(places),
            )
            for origin, places in sorted(gone.items())
        ]
        return Plan(
            steps=tuple(steps),
            refused=tuple(refused),
            left_out=tuple(left_out),
            unchanged=unchanged,
            known=len(here),
        )

    def _ours(self, placed: Sequence[Placed]) -> dict[str, list[Placed]]:
        """By origin, newest last; what others added for readers of their own is none of ours."""
        found: dict[str, list[Placed]] = {}
        for one in placed:
            if one.stamp is not None or one.readers in self._rules.reader_sets:
                found.setdefault(one.origin, []).append(one)
        return found

    def _step(
        self, entry: Entry, origin: str, readers: frozenset[str], here: Sequence[Placed]
    ) -> Step | None:
        same = [one for one in here if one.readers == readers]
        others = tuple(one for one in here if one.readers != readers)

        def step(kind: Kind, before: tuple[Placed, ...] = ()) -> Step:
            return Step(
                kind=kind,
                path=entry.path,
                origin=origin,
                entry=entry,
                readers=readers,
                before=before,
            )

        if not same:
            return step("regrant", others) if others else step("add")
        newest = same[-1]
        if newest.stamp == entry.stamp and not others:
            return None
        if newest.stamp == entry.stamp:
            return step("regrant", others)
        if newest.size == entry.size and newest.content == self._digest(entry):
            return step("touch", (newest, *others))
        return step("change", (*same, *others))

    def _moved(self, step: Step, gone: dict[str, list[Placed]]) -> Step:
        """The same step, or a move where what is gone elsewhere has its bytes and readers."""
        entry = step.entry
        assert entry is not None  # noqa: S101  an `add` has one
        near = [
            places[-1]
            for places in gone.values()
            if places[-1].size == entry.size and places[-1].readers == step.readers
        ]
        digest = self._digest(entry) if near else None
        found = next((one for one in near if one.content == digest), None)
        if found is None:
            return step
        return step.model_copy(update={"kind": "move", "before": tuple(gone.pop(found.origin))})
