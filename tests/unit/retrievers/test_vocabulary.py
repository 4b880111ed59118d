from __future__ import annotations

import re

import numpy as np
import pytest

from pincite.elements import Medium, PassageId, Scope, SourceId
from pincite.index.memory import MemoryIndex
from pincite.index.ports import Point
from pincite.index.words import Bm25Words
from retrievers.accounting import MEASURES
from retrievers.vocabulary import other_words
from retrievers.words import WordsFinder, joined


@pytest.mark.parametrize(
    ("question", "line", "statement"),
    [
        ("What was the capex of 2018?", "purchases of property plant and equipment", "cash flows"),
        ("What is the quick ratio?", "total current liabilities", "balance sheets"),
        ("Is the gross margin stable?", "cost of sales", "statements of income"),
        ("Which lawsuits are open?", "legal proceedings", ""),
    ],
)
def test_a_measure_is_looked_for_by_the_lines_it_is_made_of(
    question: str, line: str, statement: str
) -> None:
    found = other_words(question)
    assert line in found.lines
    assert statement in found.around


@pytest.mark.parametrize("question", ["", "When was the turbine inspected?", "Who wrote Faust?"])
def test_other_questions_have_no_other_words(question: str) -> None:
    assert other_words(question) == ("", "")


def test_every_measure_has_words_and_no_empty_pattern() -> None:
    for measure in MEASURES:
        assert measure.lines or measure.statements
        assert not re.search(measure.asked, "")


def test_of_a_term_in_two_parts_the_higher_weight_counts() -> None:
    words = Bm25Words()
    both = joined([(words.embed_query("net sales"), 1.0), (words.embed_query("sales tax"), 0.5)])
    assert both.indices.tolist() == sorted(both.indices.tolist())
    assert sorted(both.values.tolist()) == [0.5, 1.0, 1.0]


def index_of(*texts: str) -> MemoryIndex:
    index, words = MemoryIndex(), Bm25Words()
    index.upsert(
        [
            Point(
                passage=PassageId(f"s.p{number}"),
                source=SourceId("s"),
                collection="default",
                readers=frozenset({"local"}),
                medium=Medium.PDF,
                page=number,
                vectors={"text": np.ones(1, np.float32)},
                words=words.embed_documents([text])[0],
            )
            for number, text in enumerate(texts, start=1)
        ]
    )
    return index


def test_a_line_of_the_accounts_is_found_by_what_people_call_it() -> None:
    index = index_of(
        "Purchases of property, plant and equipment (1,577)", "Our team met in spring 2018"
    )
    question = "What was the capex?"
    found = WordsFinder(index, Bm25Words()).find(question, Scope(), keep=3)
    assert [hit.passage for hit in found] == ["s.p1"]
    assert WordsFinder(index, Bm25Words(), other_words=0).find(question, Scope(), keep=3) == []
