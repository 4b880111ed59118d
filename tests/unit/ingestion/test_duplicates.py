from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from ingestion.duplicates import Signature, alike, signature
from pincite.elements import ContentId, Medium, Source, SourceId

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def source(name: str, minutes: int = 0) -> Source:
    return Source(
        id=SourceId(name),
        content=ContentId("c" * 64),
        name=name,
        origin=f"/{name}",
        medium=Medium.TEXT,
        added_at=NOON + timedelta(minutes=minutes),
    )


def words(number: int, seed: int) -> list[str]:
    drawn = random.Random(seed)  # noqa: S311
    return [f"w{drawn.randrange(5000)}" for _ in range(number)]


def signed(*texts: str) -> Signature:
    found = signature(texts)
    assert found is not None
    return found


def runs(said: list[str]) -> set[tuple[str, ...]]:
    return {tuple(said[at : at + 5]) for at in range(len(said) - 4)}


@pytest.mark.parametrize("changed", [0, 4, 20])
def test_the_estimate_is_near_the_true_share(changed: int) -> None:
    one = words(2000, seed=1)
    other = list(one)
    for at in range(0, changed * 90, 90):
        other[at] = "other"
    true = len(runs(one) & runs(other)) / len(runs(one) | runs(other))
    (pair,) = alike(
        [source("b", 1), source("a")],
        {SourceId("a"): signed(" ".join(one)), SourceId("b"): signed(" ".join(other))},
    )
    assert abs(pair.share - true) < 0.1
    assert (pair.one.id, pair.other.id) == ("a", "b")


def test_line_breaks_capitals_and_passages_make_no_difference() -> None:
    text = " ".join(words(100, seed=2))
    assert (signed(text) == signed(text.upper().replace(" ", "\n"))).all()
    assert (signed(text) == signed(*text.split(" "))).all()


def test_different_texts_and_very_short_ones_are_not_alike() -> None:
    signs = {SourceId(f"s{n}"): signed(" ".join(words(500, seed=n))) for n in range(30)}
    assert alike([source(name) for name in signs], signs) == []
    assert signature(["Page 1 of 1"]) is None
