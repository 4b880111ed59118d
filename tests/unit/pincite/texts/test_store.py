from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from pincite.elements import (
    Cell,
    ContentId,
    ElementId,
    How,
    Kind,
    Medium,
    ParsedElement,
    PassageId,
    Scope,
    SourceId,
    Table,
    Word,
)
from pincite.errors import TooLarge, UnknownSource
from pincite.locators import TimeSpan
from pincite.texts import UNIT_STRIDE, TextStore
from tests.unit.pincite.texts.conftest import CONTENT, box, content, element, passage, source


def filled(texts: TextStore, *names: str) -> None:
    texts.add_content(content())
    for name in names:
        texts.add_source(source(name))


def test_a_source_and_its_content_come_back_as_they_were(texts: TextStore) -> None:
    filled(texts, "a")
    assert texts.source(SourceId("a")) == source("a")
    assert texts.content(CONTENT) == content()
    assert texts.content(ContentId("d" * 64)) is None


def test_a_source_outside_the_scope_is_as_unknown_as_none(texts: TextStore) -> None:
    filled(texts, "a")
    with pytest.raises(UnknownSource) as hidden:
        texts.source(SourceId("a"), Scope(principals=frozenset({"bob"})))
    with pytest.raises(UnknownSource) as missing:
        texts.source(SourceId("b"))
    assert str(hidden.value) == str(missing.value).replace("source b", "source a")


def test_sources_are_listed_newest_first_and_only_as_the_scope_admits(texts: TextStore) -> None:
    texts.add_content(content())
    everyone = [
        source("old", second=1),
        source("new", second=2),
        source("other", second=3, collection="other"),
        source("alices", second=4, readers=frozenset({"alice"})),
    ]
    for one in everyone:
        texts.add_source(one)
    for scope in (
        Scope(),
        Scope(collections=frozenset()),
        Scope(principals=frozenset({"alice", "local"}), collections=frozenset()),
        Scope(sources=frozenset({SourceId("old"), SourceId("alices")})),
        Scope(media=frozenset({Medium.AUDIO})),
    ):
        expected = [one.id for one in reversed(everyone) if scope.admits(one)]
        assert [one.id for one in texts.sources(scope)] == expected


def test_a_source_is_of_the_day_its_content_tells_else_of_its_own(texts: TextStore) -> None:
    texts.add_content(content())
    texts.add_source(source("a").model_copy(update={"dated": date(2024, 1, 1)}))
    texts.add_source(source("b"))
    assert texts.source(SourceId("a")).dated == date(2024, 1, 1)
    assert texts.source(SourceId("b")).dated is None
    texts.date_content(CONTENT, date(2020, 2, 3))
    assert {each.dated for each in texts.all_sources()} == {date(2020, 2, 3)}


def test_sources_are_listed_by_the_day_they_are_of(texts: TextStore) -> None:
    texts.add_content(content())
    days = {"early": date(2019, 12, 31), "first": date(2020, 1, 1), "last": date(2020, 12, 31)}
    for name, day in days.items():
        texts.add_source(source(name).model_copy(update={"dated": day}))
    texts.add_source(source("undated"))
    year = Scope(dates=(date(2020, 1, 1), date(2020, 12, 31)))
    assert {one.id for one in texts.sources(year)} == {"first", "last"}
    assert {one for one, _ in texts.names(year)} == {"first", "last"}
    assert {one.id for one in texts.all_sources() if year.admits(one)} == {"first", "last"}
    with pytest.raises(UnknownSource):
        texts.source(SourceId("undated"), year)
    texts.date_content(CONTENT, date(2020, 2, 3))
    assert len(texts.sources(year)) == 4
    assert texts.sources(Scope(dates=(date(2020, 2, 4), date.max))) == []


def test_a_store_of_an_earlier_version_is_taken_over_with_the_days_its_files_came(
    tmp_path: Path,
) -> None:
    path = tmp_path / "texts.sqlite"
    with TextStore(path) as store:
        filled(store, "a")
    with closing(sqlite3.connect(path)) as db:
        for table in ("contents", "sources"):
            db.execute(f"ALTER TABLE {table} DROP COLUMN dated")
        db.execute("DROP TABLE feedback")
        db.execute("DROP INDEX answers_by_recall")
        db.execute("ALTER TABLE answers DROP COLUMN recalled_by")
        db.execute("PRAGMA user_version = 2")
    with TextStore(path) as store:
        assert store.source(SourceId("a")).dated == date(2025, 1, 1)


def test_a_passage_is_of_the_kinds_of_its_elements(texts: TextStore) -> None:
    filled(texts, "a", "b")
    table = element("12").model_copy(update={"kind": Kind.TABLE})
    made = [element("x"), table, element("y")]
    texts.put_unit(CONTENT, "v1", 1, made, [passage(0, 1), passage(2)])
    wanted = [PassageId(name) for name in ("a.p10000", "b.p10001", "b.p7", "gone.p1")]
    assert texts.kinds(wanted) == {
        "a.p10000": {Kind.TEXT, Kind.TABLE},
        "b.p10001": {Kind.TEXT},
    }


def test_a_unit_comes_back_with_ordinals_in_reading_order(texts: TextStore) -> None:
    filled(texts, "a")
    texts.put_unit(CONTENT, "v1", 2, [element("late", 2)], [passage(0, page=2)])
    texts.put_unit(CONTENT, "v1", 1, [element("x"), element("y")], [passage(0, 1), passage(1)])
    assert [one.id for one in texts.elements_on(SourceId("a"), 1)] == ["a.10000", "a.10001"]
    assert [one.text for one in texts.elements_on(SourceId("a"), 2)] == ["late"]
    first, second = texts.passages_of(SourceId("a"), 1)
    assert (first.id, first.elements) == ("a.p10000", ("a.10000", "a.10001"))
    assert (second.id, second.elements) == ("a.p10001", ("a.10001",))
    assert (first.text, first.heading_path, first.page) == ("words", ("A", "B"), 1)


def test_everything_an_element_holds_survives(texts: TextStore) -> None:
    filled(texts, "a")
    rich = ParsedElement(
        kind=Kind.TABLE,
        text="12 %",
        locators=(box(1), box(2, top=0.1 + 0.2)),
        how=How.OCR,
        confidence=0.0,
        heading_path=("Top", "“Quoted” \\ ü"),
        table=Table(cells=(Cell(row=0, column=0, text="12 %", locator=box(1)),), html="<table>"),
        words=(
            Word(text="12", locator=box(1), confidence=0.5),
            Word(text="%", locator=TimeSpan(start_s=1.5, end_s=2)),
        ),
        flags=frozenset({"hidden_text"}),
    )
    texts.put_unit(CONTENT, "v1", 1, [rich], [passage(0)])
    back = texts.element(ElementId("a.10000"))
    assert (
        ParsedElement(**{name: getattr(back, name) for name in ParsedElement.model_fields}) == rich
    )
    (_, (found,)) = texts.passages([PassageId("a.p10000")])[PassageId("a.p10000")]
    assert found == back.model_copy(update={"words": ()})


def test_putting_a_unit_again_replaces_it_whole(texts: TextStore) -> None:
    filled(texts, "a")
    texts.put_unit(CONTENT, "v1", 1, [element("x"), element("y")], [passage(0), passage(1)])
    texts.put_unit(CONTENT, "v2", 1, [element("z")], [passage(0)])
    assert [one.text for one in texts.elements_on(SourceId("a"), 1)] == ["z"]
    assert len(texts.passages_of(SourceId("a"), 1)) == 1
    assert not texts.has_unit(CONTENT, "v1", 1)
    assert texts.has_unit(CONTENT, "v2", 1)
    assert not texts.has_unit(CONTENT, "v2", 2)


def test_a_unit_that_cannot_be_stored_leaves_the_old_one(texts: TextStore) -> None:
    filled(texts, "a")
    texts.put_unit(CONTENT, "v1", 1, [element("x")], [passage(0)])
    texts.put_unit(CONTENT, "v1", 2, [element("y")], [passage(0)])
    too_many = [element("n")] * (UNIT_STRIDE + 1)
    with pytest.raises(TooLarge):
        texts.put_unit(CONTENT, "v2", 1, too_many, [passage(0)])
    assert [one.text for one in texts.elements_on(SourceId("a"), 1)] == ["x"]


def test_a_lone_unit_may_be_longer_than_the_stride(texts: TextStore) -> None:
    filled(texts, "a")
    many = [element(str(n)) for n in range(UNIT_STRIDE + 5)]
    texts.put_unit(CONTENT, "v1", 1, many, [passage(UNIT_STRIDE + 4)])
    assert len(texts.elements_on(SourceId("a"), 1)) == UNIT_STRIDE + 5
    (only,) = texts.passages_of(SourceId("a"), 1)
    assert texts.element(only.elements[0]).text == str(UNIT_STRIDE + 4)


def test_passages_come_in_the_order_asked_for_and_missing_ones_are_left_out(
    texts: TextStore,
) -> None:
    filled(texts, "a", "b")
    texts.put_unit(CONTENT, "v1", 1, [element("x"), element("y")], [passage(0), passage(1, 0)])
    asked = [
        PassageId(item) for item in ("b.p10001", "a.p10000", "a.p77", "gone.p10000", "b.p10000")
    ]
    found = texts.passages(asked)
    assert list(found) == ["b.p10001", "a.p10000", "b.p10000"]
    assert [one.text for one in found[PassageId("b.p10001")][1]] == ["y", "x"]
    assert {one.source for _, elements in found.values() for one in elements} == {"a", "b"}
    assert texts.passages([]) == {}


def test_deleting_one_of_two_sources_keeps_what_they_share(texts: TextStore) -> None:
    filled(texts, "a", "b")
    texts.put_unit(CONTENT, "v1", 1, [element("x")], [passage(0)])
    assert texts.delete_source(SourceId("a")) is None
    assert [one.text for one in texts.elements_on(SourceId("b"), 1)] == ["x"]
    with pytest.raises(UnknownSource):
        texts.elements_on(SourceId("a"), 1)
    with pytest.raises(UnknownSource):
        texts.element(ElementId("a.10000"))
    assert texts.delete_source(SourceId("b")) == CONTENT
    assert texts.content(CONTENT) is None
    assert texts.delete_source(SourceId("b")) is None


def test_a_later_content_never_sees_what_an_earlier_one_left(texts: TextStore) -> None:
    filled(texts, "a")
    texts.put_unit(CONTENT, "v1", 1, [element("x")], [passage(0)])
    texts.delete_source(SourceId("a"))
    filled(texts, "b")
    assert texts.elements_on(SourceId("b"), 1) == []


def test_the_same_upload_is_known_by_bytes_collection_and_readers(texts: TextStore) -> None:
    filled(texts, "a")
    local = frozenset({"local"})
    assert texts.same_upload(CONTENT, "default", local) == source("a")
    assert texts.same_upload(CONTENT, "other", local) is None
    assert texts.same_upload(CONTENT, "default", local | {"bob"}) is None


def test_a_replaced_version_is_not_listed_but_can_be_had_by_its_id(texts: TextStore) -> None:
    filled(texts, "a")
    texts.add_content(content("d"))
    texts.add_source(source("b", of="d", version=2, second=5))
    texts.supersede(SourceId("a"), SourceId("b"))
    assert [one.id for one in texts.sources(Scope())] == ["b"]
    assert texts.source(SourceId("a"), Scope()).version == 1
    assert texts.same_upload(CONTENT, "default", frozenset({"local"})) is None
    versions = texts.versions("/files/report.pdf", "default", frozenset({"local"}))
    assert [one.version for one in versions] == [2, 1]
    assert texts.current_sources() == {"b"}


def test_a_unit_of_a_deleted_content_is_refused(texts: TextStore) -> None:
    with pytest.raises(UnknownSource):
        texts.put_unit(CONTENT, "v1", 1, [element("x")], [])


def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "texts.sqlite"
    with TextStore(path) as texts:
        filled(texts, "a")
    with TextStore(path) as texts:
        assert texts.source(SourceId("a")) == source("a")


def test_bytes_that_were_offered_from_two_places_can_move_to_the_other(texts: TextStore) -> None:
    filled(texts, "a")
    texts.also_from(SourceId("a"), "/files/report.pdf")
    assert not texts.move_origin(SourceId("a"))
    texts.also_from(SourceId("a"), "/files/copy.pdf")
    assert texts.move_origin(SourceId("a"))
    assert texts.source(SourceId("a")).origin == "/files/copy.pdf"
    assert not texts.move_origin(SourceId("a"))
