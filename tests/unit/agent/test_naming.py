"""Files that a question names."""

from __future__ import annotations

from agent.naming import narrowed
from pincite.elements import Scope
from retrievers.asking import FILE_NAME
from tests.unit.agent.library import MemoryLibrary


def test_where_files_are_named_only_these_are_left(library: MemoryLibrary) -> None:
    found = library.search("What does the memo say of the crane?", Scope(), keep=8)
    assert len({item.source.id for item in found}) == 2
    assert narrowed(Scope(), found) == Scope()
    told = [
        item.model_copy(update={"found_by": ("dense", FILE_NAME)})
        if item.source.name == "memo.pdf"
        else item
        for item in found
    ]
    [memo] = narrowed(Scope(), told).sources
    assert library.source(memo).name == "memo.pdf"


def test_rights_stay_in_the_narrowed_scope(library: MemoryLibrary) -> None:
    mine = Scope(principals=frozenset({"bob"}))
    [first, *_] = library.search("the crane", Scope(), keep=1)
    told = [first.model_copy(update={"found_by": (FILE_NAME,)})]
    assert narrowed(mine, told).principals == mine.principals
