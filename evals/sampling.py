"""Which items of a data set are measured: a fixed sample by the hash of each item's id."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def sample(items: Iterable[T], n: int | None, *, id_of: Callable[[T], str], seed: int) -> list[T]:
    """At most `n` items in the order of their hash; the same ones in every run of this seed.

    A sample of a smaller `n` is the head of that of a larger one, so profiles nest. With `n` None
    all items come, in the same order.
    """
    ordered = sorted(items, key=lambda item: _rank(id_of(item), seed))
    return ordered if n is None else ordered[:n]


def _rank(name: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()
