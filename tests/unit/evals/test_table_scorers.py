from __future__ import annotations

import itertools
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from evals.datasets import icdar2013
from evals.scorers.adjacency import Slot, agreement, f1, normalized, relations
from evals.scorers.teds import Leaf, levenshtein, teds

STRUCTURE = """<?xml version="1.0" encoding="UTF-8"?>
<document filename="made-up-str.xml">
  <table id="1">
    <region col-increment="0" id="1" page="2" row-increment="0">
      <cell end-col="1" end-row="0" id="1" start-col="0" start-row="0">
        <bounding-box x1="10" x2="90" y1="700" y2="712"/>
        <content>Fuel
(l)</content>
      </cell>
      <cell id="1" start-col="1" start-row="1"><content>12</content></cell>
    </region>
  </table>
</document>
"""


def grid(*rows: str) -> list[Slot]:
    """Cells of a plain grid; `.` is an empty cell."""
    return [
        Slot(number, place, number, place, "" if text == "." else text)
        for number, row in enumerate(rows)
        for place, text in enumerate(row.split())
    ]


def leaves(*rows: str) -> list[list[Leaf]]:
    return [[Leaf(text) for text in row.split()] for row in rows]


def test_text_is_compared_without_space_case_and_special_signs() -> None:
    assert normalized(" Fuel\n(l/h)  ﬁne ") == "FUEL_L_H_FINE"


def test_neighbours_are_right_and_below() -> None:
    assert relations(grid("a b", "c d")) == Counter(
        [("A", "B", "right"), ("C", "D", "right"), ("A", "C", "below"), ("B", "D", "below")]
    )


def test_empty_cells_are_passed_over() -> None:
    assert relations(grid("a . b", ". . .", "c . .")) == Counter(
        [("A", "B", "right"), ("A", "C", "below")]
    )


def test_a_span_meets_each_neighbour_once() -> None:
    cells = [Slot(0, 0, 1, 0, "a"), Slot(0, 1, 1, 1, "b"), Slot(2, 0, 2, 1, "c")]
    assert relations(cells) == Counter(
        [("A", "B", "right"), ("A", "C", "below"), ("B", "C", "below")]
    )


def test_a_merged_cell_loses_the_relations_that_it_swallows() -> None:
    gold = relations(grid("a b c", "1 2 3"))
    found = relations([*grid("a bc", "1 2"), Slot(1, 2, 1, 2, "3")])
    result = agreement(found, gold)
    # found: a-bc, 1-2, 2-3, a/1, bc/2; gold: a-b, b-c, 1-2, 2-3, a/1, b/2, c/3
    assert result == (3, 5, 7)
    assert f1(result.precision, result.recall) == pytest.approx(2 * 0.6 * (3 / 7) / (0.6 + 3 / 7))


def test_a_relation_is_used_once() -> None:
    assert agreement(relations(grid("x x", "x x")), relations(grid("x x"))) == (1, 4, 1)


def test_equal_tables_have_a_similarity_of_one() -> None:
    assert teds(leaves("a b", "c d"), leaves("a b", "c d")) == 1


def test_a_missing_row_costs_its_cells_and_itself() -> None:
    # 10 nodes in the gold: table, 3 rows, 6 cells; 3 of them are missing
    assert teds(leaves("a b", "c d"), leaves("a b", "c d", "e f")) == pytest.approx(1 - 3 / 10)


def test_text_costs_its_share_of_changed_letters() -> None:
    # 4 nodes: table, row, two cells; one letter of four differs in one cell
    assert teds(leaves("abcd x"), leaves("abce x")) == pytest.approx(1 - 0.25 / 4)


def test_another_span_costs_a_whole_cell() -> None:
    assert teds([[Leaf("a", 1, 2)]], leaves("a")) == pytest.approx(1 - 1 / 3)


def test_cells_survive_where_two_rows_become_one() -> None:
    # both rows removed, one put in around all four cells: 3 operations on 7 nodes
    assert teds(leaves("a b", "c d"), leaves("a b c d")) == pytest.approx(1 - 3 / 7)


def test_nothing_is_like_no_table() -> None:
    assert teds([], leaves("a")) == 0


def test_similarity_is_that_of_a_plain_search_over_mappings() -> None:
    rows = ["a", "b c", "a b c"]
    for found in itertools.product(rows, repeat=2):
        for gold in itertools.product(rows, repeat=2):
            one, other = leaves(*found), leaves(*gold)
            most = max(1 + sum(1 + len(row) for row in rows) for rows in (one, other))
            assert teds(one, other) == pytest.approx(
                1 - _least(_forest(one), _forest(other)) / most
            )


Node = tuple[str, tuple["Node", ...]]


def _forest(rows: list[list[Leaf]]) -> tuple[Node, ...]:
    cells = [("row", tuple((leaf.text, ()) for leaf in row)) for row in rows]
    return (("table", tuple(cells)),)


@cache
def _least(one: tuple[Node, ...], other: tuple[Node, ...]) -> float:
    """The definition of the distance, by the rightmost roots; exponential, so for tiny trees."""
    if not one or not other:
        return float(sum(_size(node) for node in (*one, *other)))
    (label, below), (wanted, under) = one[-1], other[-1]
    return min(
        _least((*one[:-1], *below), other) + 1,
        _least(one, (*other[:-1], *under)) + 1,
        _least(below, under) + _least(one[:-1], other[:-1]) + (label != wanted),
    )


def _size(node: Node) -> int:
    return 1 + sum(_size(child) for child in node[1])


def test_letters_to_change_are_counted() -> None:
    assert levenshtein("kitten", "sitting") == 3


def test_the_official_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "made-up-str.xml").write_text(STRUCTURE, encoding="utf-8")
    assert icdar2013.load(tmp_path) == []
    (tmp_path / "made-up.pdf").write_bytes(b"%PDF-")
    (document,) = icdar2013.load(tmp_path)
    (table,) = document.tables
    assert (document.name, table.page) == ("made-up", 2)
    first, last = table.cells
    assert (first.end_row, first.end_column, first.text) == (0, 1, "Fuel\n(l)")
    assert first.box == (10, 700, 90, 712)
    assert (last.row, last.column, last.end_row, last.end_column) == (1, 1, 1, 1)
