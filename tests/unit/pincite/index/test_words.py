from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pincite.index.ports import SparseVector
from pincite.index.terms import LONGEST, STOP_WORDS, numeral, terms
from pincite.index.words import QUERY_TERMS, Bm25Words, term_id

WORDS = Bm25Words()


def score(question: str, document: str) -> float:
    query, found = WORDS.embed_query(question), WORDS.embed_documents([document])[0]
    return float(found.values[np.isin(found.indices, query.indices)].sum())


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234", "1234"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("5.00", "5"),
        ("0.50", "0.5"),
        ("007", "7"),
        ("1.2.3", None),
        ("0", "0"),
        ("٣٫"[:1], "3"),
    ],
)
def test_a_number_is_known_by_its_value(written: str, value: str | None) -> None:
    assert numeral(written) == value


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("1234.56", "a sum of $1,234.56 was paid"),
        ("1,234.56", "a sum of 1234.56 was paid"),
        ("1234567", "1 234 567 habitants".replace(" ", "\u202f")),
        ("covid19", "the COVID-19 pandemic"),
        ("art", "state-of-the-art"),
        ("e-mail", "an email arrived"),
        ("naive mueller", "a naïve plan"),
        ("cafe", "the CAFÉ"),
        ("company", "the companies’ reports"),
        ("finance", "ﬁnance"),
        ("2023", "on 2023-08-30"),
        ("東京", "東京都の人口"),
        ("хлеб", "Хлеб и вода"),
        ("5 kg", "a bag of 5kg"),
        ("USA", "the U.S.A. economy"),
        ("snake case", "snake_case"),
        ("हिन्दी", "यह हिन्दी है"),
    ],
)
def test_a_question_finds_the_same_thing_written_otherwise(question: str, document: str) -> None:
    assert score(question, document) > 0


def test_stop_words_are_not_terms() -> None:
    assert list(terms(" ".join(sorted(STOP_WORDS)))) == []
    assert len(WORDS.embed_query("what is the").indices) == 0


def test_more_occurrences_weigh_more_but_less_than_in_proportion() -> None:
    filler = " rain" * 40
    one, two, many = (score("wind", "wind " * n + filler) for n in (1, 2, 20))
    assert one < two < 2 * one
    assert two < many < 2.5


def test_a_longer_document_weighs_less() -> None:
    assert score("wind", "wind" + " rain" * 10) > score("wind", "wind" + " rain" * 200)


def test_a_pasted_document_asks_for_a_bounded_number_of_terms() -> None:
    assert len(WORDS.embed_query(" ".join(f"w{n}" for n in range(5_000))).indices) == QUERY_TERMS


def test_ids_are_the_same_in_another_process() -> None:
    code = "from pincite.index.words import term_id; print(term_id('straße'))"
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    assert int(other.stdout) == term_id("straße")


TEXTS = st.text(max_size=200) | st.lists(
    st.sampled_from(["Wind", "1,234.5", "RX-480", "l’été", "東京都", "don't", "U.S.", "5kg", "a_b"])
).map(" ".join)


@given(TEXTS)
def test_any_text_gives_a_sound_vector(text: str) -> None:
    for vector in (WORDS.embed_documents([text])[0], WORDS.embed_query(text)):
        assert isinstance(vector, SparseVector)
        assert vector.indices.dtype == np.uint32
        assert vector.values.dtype == np.float32
        assert len(vector.indices) == len(vector.values)
        assert (np.diff(vector.indices.astype(np.int64)) > 0).all()
        assert (vector.values > 0).all()
    assert all(0 < len(term) <= LONGEST for term in terms(text))


@given(TEXTS)
def test_a_text_finds_itself(text: str) -> None:
    if list(terms(text)):
        assert score(text, text) > 0


@given(TEXTS, TEXTS)
def test_a_vector_depends_on_its_own_text_only(text: str, other: str) -> None:
    alone, beside = WORDS.embed_documents([text])[0], WORDS.embed_documents([other, text])[1]
    assert np.array_equal(alone.indices, beside.indices)
    assert np.array_equal(alone.values, beside.values)


@given(st.integers(min_value=0, max_value=10**12))
def test_a_grouped_number_equals_the_plain_one(value: int) -> None:
    assert numeral(f"{value:,}") == str(value)
    assert str(value) in set(terms(f"It was {value:,}."))
