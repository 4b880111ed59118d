"""Peers that find tables: cells from boxes, and what is said where one is not installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from evals import peers_tables
from evals.peers_tables import TablePeer, TablesRead, how_to_install, slots_of
from evals.scorers.adjacency import Slot
from evals.scorers.table_trees import leaves
from evals.scorers.teds import Leaf
from pincite.errors import ParserFailed


def test_a_cell_takes_the_rows_and_columns_between_its_edges() -> None:
    cells = [
        ((10.0, 10.0, 50.0, 20.0), "both columns"),
        ((10.2, 20.0, 30.0, 40.0), "left"),
        ((30.1, 20.3, 50.0, 30.0), "upper"),
        ((30.0, 30.0, 49.8, 40.0), "lower"),
    ]
    assert slots_of(cells) == [
        Slot(0, 0, 0, 1, "both columns"),
        Slot(1, 0, 2, 0, "left"),
        Slot(1, 1, 1, 1, "upper"),
        Slot(2, 1, 2, 1, "lower"),
    ]
    assert slots_of([]) == []


def test_places_without_a_cell_are_empty_leaves_and_spans_are_kept() -> None:
    slots = [Slot(3, 1, 3, 2, "a  head"), Slot(4, 2, 4, 2, "5")]
    assert leaves(slots) == [[Leaf("a head", 1, 2)], [Leaf(""), Leaf("5")]]
    assert leaves([]) == []


def test_a_table_finder_that_is_not_there_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nowhere(_: str) -> None:
        return None

    monkeypatch.setattr(peers_tables, "find_spec", nowhere)
    assert how_to_install("pdfplumber") == "pip install -e '.[office,peers]'"


def test_a_table_finder_whose_process_ends_is_an_error_and_not_a_hang(tmp_path: Path) -> None:
    with TablePeer("no such program") as peer, pytest.raises(ParserFailed, match="ended while"):
        peer.read(tmp_path / "a.pdf")


def test_a_table_finder_answers_with_tables_by_page_or_says_what_went_wrong() -> None:
    code = (
        "from evals import peers_tables as p\n"
        "from evals.scorers.adjacency import Slot\n"
        "def read(file):\n"
        "    if file.name == 'bad.pdf': raise ValueError('no page')\n"
        "    return [[], [[Slot(0, 0, 0, 0, file.name)]]]\n"
        "p._MAKERS['fake'] = lambda: read\n"
        "p.serve('fake')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        input='"a.pdf"\n"bad.pdf"\n',
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(peers_tables.__file__).parents[1],
    )
    first, second = map(TablesRead.model_validate_json, ran.stdout.splitlines())
    assert first.pages == ((), ((Slot(0, 0, 0, 0, "a.pdf"),),))
    assert (first.read, first.failed) == (2, "")
    assert second.failed == "ValueError: no page"
