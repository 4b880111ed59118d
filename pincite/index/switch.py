"""One thing in use that another one can replace, while many threads use it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Switch(Generic[T]):
    """Whoever uses the thing keeps it until done; a change waits for those who have the old one."""

    def __init__(self, first: T) -> None:
        self._now = first
        self._users: Counter[int] = Counter()
        self._turn = threading.Condition()

    @property
    def now(self) -> T:
        """For a look only: it may be replaced, and closed, at any moment."""
        return self._now

    @contextmanager
    def using(self) -> Generator[T]:
        """Not for code that changes it: that would wait for itself."""
        with self._turn:
            thing = self._now
            self._users[id(thing)] += 1
        try:
            yield thing
        finally:
            with self._turn:
                self._users[id(thing)] -= 1
                self._turn.notify_all()

    def change(self, new: T) -> T:
        """Put another in its place; the old one, which nobody uses any more on return."""
        with self._turn:
            old, self._now = self._now, new
            self._turn.wait_for(lambda: not self._users[id(old)])
        return old
