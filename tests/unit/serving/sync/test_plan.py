"""What is there against what is known, without any file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pincite.elements import ContentId, SourceId
from pincite.errors import UserError
from pincite.texts.placing import Placed
from serving.sync.plan import Plan, Planner
from serving.sync.refusals import NAME, Refusals
from serving.sync.rules import Rules, matches
from serving.sync.tree import Entry

LOCAL = frozenset({"local"})
ROOT = "s3://b/"


def content(text: str) -> ContentId:
    return ContentId(hashlib.sha256(text.encode()).hexdigest())


class There:
    """Files by path with their texts; remembers which of them were read."""

    def __init__(self, **texts: str) -> None:
        self.texts = {path.replace("_", "/"): text for path, text in texts.items()}
        self.read: list[str] = []

    @property
    def entries(self) -> list[Entry]:
        return [Entry(path, len(text), f"st-{text}") for path, text in sorted(self.texts.items())]

    def digest(self, entry: Entry) -> ContentId:
        self.read.append(entry.path)
        return content(self.texts[entry.path])

    def plan(self, *placed: Placed, rules: Rules | None = None) -> Plan:
        rules = rules or Rules.everything_for(LOCAL)
        return Planner(rules, lambda path: ROOT + path, self.digest).plan(
            self.entries, placed, ROOT
        )


def known(path: str, text: str, **more: object) -> Placed:
    return Placed.model_validate({
        "source": f"s-{path}", "content": content(text), "size": len(text),
        "origin": ROOT + path, "readers": LOCAL, "version": 1, "stamp": f"st-{text}", **more,
    })  # fmt: skip


def kinds(plan: Plan) -> dict[str, str]:
    return {step.path: step.kind for step in plan.steps}


def test_what_is_new_changed_gone_or_the_same_is_told_apart() -> None:
    there = There(a="one", b="two", c="new")
    plan = there.plan(known("a", "one"), known("b", "old!"), known("d", "gone"))
    assert kinds(plan) == {"b": "change", "c": "add", "d": "delete"}
    assert (plan.unchanged, plan.known) == (1, 3)


def test_nothing_is_read_where_the_stamps_agree() -> None:
    there = There(a="one", b="two")
    assert there.plan(known("a", "one"), known("b", "two")).steps == ()
    assert there.read == []


def test_a_file_that_moved_is_known_by_its_bytes_and_only_likely_ones_are_read() -> None:
    there = There(x_new="one", other="twenty")
    plan = there.plan(known("old", "one"))
    assert kinds(plan) == {"x/new": "move", "other": "add"}
    assert plan.of("move")[0].before[0].origin == f"{ROOT}old"
    assert there.read == ["x/new"]


def test_a_file_that_was_only_touched_needs_no_reading_again() -> None:
    plan = There(a="one").plan(known("a", "one", stamp="older"))
    assert kinds(plan) == {"a": "touch"}


def test_a_file_that_ingest_added_is_taken_over() -> None:
    plan = There(a="one", b="two").plan(known("a", "one", stamp=None))
    assert kinds(plan) == {"a": "touch", "b": "add"}


def test_what_somebody_else_added_for_other_readers_is_left_alone() -> None:
    theirs = known("a", "one", stamp=None, readers=frozenset({"bob"}))
    gone = known("b", "two", stamp=None, readers=frozenset({"bob"}))
    assert kinds(There(a="one").plan(theirs, gone)) == {"a": "add"}


def test_other_readers_by_the_rules_are_a_change_of_its_own() -> None:
    rules = Rules(rules=(("board/**", frozenset({"board"})), ("*", LOCAL)))
    there = There(board_a="one", b="two", far_away="three")
    plan = there.plan(known("board/a", "one"), known("far/away", "three"), rules=rules)
    assert kinds(plan) == {"board/a": "regrant", "b": "add", "far/away": "delete"}
    assert plan.left_out == ("far/away",)


@pytest.mark.parametrize(("gone", "too_much"), [(1, False), (2, True)])
def test_more_than_a_tenth_is_not_deleted_unasked(gone: int, too_much: bool) -> None:
    texts = [f"text {number}" for number in range(10)]
    there = There(**{f"f{number}": text for number, text in enumerate(texts[gone:], gone)})
    plan = there.plan(*(known(f"f{number}", text) for number, text in enumerate(texts)))
    assert len(plan.of("delete")) == gone
    assert plan.deletes_too_much is too_much


def test_what_was_refused_is_offered_again_only_when_it_or_the_judge_changed(
    tmp_path: Path,
) -> None:
    there = There(a="one", b="two")

    def plan(judge: str) -> Plan:
        refused = Refusals(tmp_path, judge).why
        planner = Planner(
            Rules.everything_for(LOCAL), lambda path: ROOT + path, there.digest, refused
        )
        return planner.plan(there.entries, [known("a", "none")], ROOT)

    Refusals(tmp_path, "v1").note(f"{ROOT}a", "st-one", "it is no kind of file that is read")
    Refusals(tmp_path, "v1").note(f"{ROOT}b", "st-older", "it is empty")
    assert [(one.path, one.why) for one in plan("v1").refused] == [
        ("a", "it is no kind of file that is read")
    ]
    assert kinds(plan("v1")) == {"b": "add"}
    assert kinds(plan("v2")) == {"a": "change", "b": "add"}
    Refusals(tmp_path, "v1").forget(ROOT, besides=[f"{ROOT}b"])
    assert kinds(plan("v1")) == {"a": "change", "b": "add"}


def test_refusals_that_cannot_be_read_are_no_refusals(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("{", encoding="utf-8")
    assert Refusals(tmp_path, "v1").why(f"{ROOT}a", "st-one") is None


def test_the_newest_version_counts() -> None:
    old, new = known("a", "one"), known("a", "three", version=2, source=SourceId("s2"))
    assert kinds(There(a="three").plan(old, new)) == {}


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("*.pdf", "a.pdf", True),
        ("*.pdf", "x/a.pdf", False),
        ("**/*.pdf", "a.pdf", True),
        ("**/*.pdf", "x/y/a.pdf", True),
        ("board/**", "board/x/a", True),
        ("board/**", "boards/x", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("a.c", "abc", False),
        ("**", "x/\n/y", True),
    ],
)
def test_globs(glob: str, path: str, fits: bool) -> None:
    assert matches(glob, path) is fits


def test_a_mapping_file_is_read_and_its_mistakes_are_named(tmp_path: Path) -> None:
    path = tmp_path / "who.toml"
    path.write_text('"board/**" = ["board", "cfo"]\n"**" = ["local"]\n', encoding="utf-8")
    rules = Rules.from_option(str(path))
    assert rules.readers_of("board/a") == {"board", "cfo"}
    assert rules.readers_of("a") == {"local"}
    path.write_text('"board/**" = "board"\n', encoding="utf-8")
    with pytest.raises(UserError, match="needs a list of names"):
        Rules.from_option(str(path))
    path.write_text("[", encoding="utf-8")
    with pytest.raises(UserError, match="not valid TOML"):
        Rules.from_option(str(path))
    assert Rules.from_option("anna, ben").readers_of("a") == {"anna", "ben"}
    assert Rules.from_option("").readers_of("a") == {"local"}
