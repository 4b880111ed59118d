from __future__ import annotations

from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from pincite.index.edge_whole import Whole
from pincite.index.frames import POINT_FIELDS, Header

READERS, COLLECTIONS, MEDIA = ["ann", "bob", "eve"], ["default", "other"], ["pdf", "audio"]


def row(readers: list[str], collection: str = "default", medium: str = "pdf") -> list[object]:
    known = {"readers": readers, "collection": collection, "medium": medium}
    return [known.get(field) for field in POINT_FIELDS]


def whole(*rows: list[object]) -> Whole:
    found = Whole({"readers": [], "collection": [], "medium": []}, without_readers=False)
    found.add(rows)
    return found


def test_what_every_point_meets_is_not_looked_at() -> None:
    points = whole(row(["ann"]), row(["ann", "bob"]))
    scope: Header = {"readers": ["ann", "bob"], "collection": ["default"], "medium": ["pdf"]}
    assert points.left_of(scope) == {}
    assert points.left_of({**scope, "page": [1, 9]}) == {"page": [1, 9]}


def test_what_some_point_may_fail_is_looked_at() -> None:
    points = whole(row(["ann"]), row(["bob"], "other"))
    assert points.left_of({"readers": ["ann"]}) == {"readers": ["ann"]}
    both = {"readers": ["ann", "bob"], "collection": ["default"]}
    assert points.left_of(both) == {"collection": ["default"]}


def test_nobody_sees_what_has_no_readers() -> None:
    scope: Header = {"readers": ["ann"]}
    assert whole(row(["ann"]), row([])).left_of(scope) == scope


def test_a_condition_that_is_met_by_nothing_stays() -> None:
    assert whole(row(["ann"])).left_of({"readers": []}) == {"readers": []}


@given(
    st.lists(
        st.builds(
            row,
            st.lists(st.sampled_from(READERS), unique=True),
            st.sampled_from(COLLECTIONS),
            st.sampled_from(MEDIA),
        ),
        max_size=5,
    ),
    st.lists(st.sampled_from(READERS), unique=True),
    st.lists(st.sampled_from(COLLECTIONS), unique=True),
)
def test_what_is_left_admits_the_same_points(
    rows: list[list[object]], readers: list[str], collections: list[str]
) -> None:
    scope: Header = {"readers": readers, "collection": collections}
    left = whole(*rows).left_of(scope)
    assert [_admits(scope, each) for each in rows] == [_admits(left, each) for each in rows]


def _admits(scope: Header, of_point: list[object]) -> bool:
    point: dict[str, object] = dict(zip(POINT_FIELDS, of_point, strict=True))
    return all(
        any(value == point[field] or value in _values(point[field]) for value in wanted)
        for field, wanted in scope.items()
    )


def _values(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
