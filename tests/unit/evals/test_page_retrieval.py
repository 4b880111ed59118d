"""Sets of questions about pages, plain search over them, and how rankings are scored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from math import log2
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from evals.datasets import financebench, mmlongbench_doc, squad
from evals.datasets.pages import Asked, Page
from evals.page_library import Paragraphs, written
from evals.plain_search import BM25, DENSE, FUSION, PlainSearch, embedded, page_texts
from evals.results import PRODUCT, Result
from evals.retrieval_figures import RERANK_GAIN, Found, cases, figures
from evals.retrieval_variants import NOT_RERANKED
from evals.scorers.ranking import hit, ndcg, reciprocal_rank
from evals.suites import Context
from pincite.config import NoReranker, OnnxReranker, Reranker, Settings
from pincite.elements import Element, ElementId, How, Kind, SourceId
from pincite.errors import CorruptSource
from pincite.locators import TextSpan
from pincite.models.fake_text import FakeTextEncoder


def test_the_first_gold_page_decides_and_each_counts_once() -> None:
    ranked, gold = ["a", "b", "b", "c"], {"b", "c", "x"}
    assert [hit(ranked, gold, k) for k in (1, 2)] == [0, 1]
    assert reciprocal_rank(ranked, gold) == 0.5
    assert reciprocal_rank(ranked, {"z"}) == 0
    best = 1 + 1 / log2(3) + 1 / log2(4)
    assert ndcg(ranked, gold, 10) == pytest.approx((1 / log2(3) + 1 / log2(4)) / best)
    assert ndcg(["x"], {"x"}, 10) == 1
    assert ndcg([], set(), 10) == 0


# --- sets ----------------------------------------------------------------------------------------


def long_documents(folder: Path) -> Path:
    (folder / "documents").mkdir()
    (folder / "documents" / "a.pdf").touch()
    sample = {
        "doc_id": "a.pdf",
        "question": "How many? ",
        "answer": "3",
        "evidence_pages": "[2, 4]",
        "evidence_sources": "['Table', 'Pure-text (Plain-text)']",
    }
    samples = [sample, {**sample, "answer": "Not answerable"}, {**sample, "doc_id": "gone.pdf"}]
    (folder / "samples.json").write_text(json.dumps(samples))
    return folder


def test_a_question_about_a_long_document_has_pages_and_what_they_show(tmp_path: Path) -> None:
    (asked,) = mmlongbench_doc.read(long_documents(tmp_path))
    assert asked.question == "How many?"
    assert asked.gold == {Page("a.pdf", 2), Page("a.pdf", 4)}
    assert asked.modalities == {"table", "text"}


def test_evidence_of_filings_is_counted_from_one(tmp_path: Path) -> None:
    for folder in ("data", "pdfs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pdfs" / "ACME_2022_10K.pdf").touch()
    told = {
        "financebench_id": "id_1",
        "doc_name": "ACME_2022_10K",
        "question": "Capex?",
        "evidence": [{"evidence_page_num": 0}, {"evidence_page_num": 58}],
    }
    lines = [told, {**told, "doc_name": "GONE_2022_10K"}]
    file = tmp_path / "data" / "financebench_open_source.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n")
    (asked,) = financebench.read(tmp_path)
    assert {page.number for page in asked.gold} == {1, 59}


def articles(folder: Path) -> Path:
    questions = [
        {"id": "q1", "question": "Who?"},
        {"id": "q2", "question": "Why?", "is_impossible": True},
    ]
    paragraphs: list[dict[str, object]] = [
        {"context": "First  one.", "qas": []},
        {"context": "Second.", "qas": questions},
    ]
    told = {"data": [{"title": "AC/DC", "paragraphs": paragraphs}]}
    (folder / "dev-v2.0.json").write_text(json.dumps(told))
    return folder


def test_a_paragraph_is_a_page_of_its_article(tmp_path: Path) -> None:
    (article,), (asked,) = squad.read(articles(tmp_path))
    assert article.paragraphs == ("First one.", "Second.")
    assert asked.gold == {Page("AC/DC", 2)}


def test_a_found_element_is_known_by_its_paragraph(tmp_path: Path) -> None:
    found, _ = squad.read(articles(tmp_path))
    (file,) = written(found, tmp_path / "articles")
    element = Element(
        id=ElementId("s.1"),
        source=SourceId("s"),
        kind=Kind.TEXT,
        text="Second.",
        locators=(TextSpan(start=0, end=1),),
        how=How.TEXT_LAYER,
    )
    assert Paragraphs(found).page(file.name, element) == Page("AC/DC", 2)
    other = element.model_copy(update={"text": "Third."})
    assert Paragraphs(found).page(file.name, other) is None


@pytest.mark.parametrize("read", [mmlongbench_doc.read, financebench.read, squad.read])
def test_a_folder_without_its_questions_is_named(
    tmp_path: Path, read: Callable[[Path], Iterable[object]]
) -> None:
    with pytest.raises(CorruptSource, match="unpack the set again"):
        list(read(tmp_path))


# --- the baseline --------------------------------------------------------------------------------


def test_plain_search_ranks_pages_by_words_by_meaning_and_by_both(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    for text in ("the turbine was inspected in May", "lunch is at noon", ""):
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    texts = page_texts(tmp_path / "a.pdf")
    assert [page.number for page in texts] == [1, 2, 3]
    encoder, cache = FakeTextEncoder(), tmp_path / "windows" / "a.npy"
    windows = embedded(texts, encoder, cache, lambda: True)
    assert windows is not None
    found = PlainSearch(texts, [windows], encoder).rankings("When was the turbine inspected?", 5)
    assert [found[name][0].number for name in (BM25, DENSE, FUSION)] == [1, 1, 1]
    assert [page.number for page in found[BM25]] == [1]
    again = embedded(texts, encoder, cache, lambda: False)
    assert again is not None
    assert (again.vectors == windows.vectors).all()


def test_embedding_stops_when_the_time_is_spent(tmp_path: Path) -> None:
    texts = {Page("a.pdf", 1): "some words"}
    assert embedded(texts, FakeTextEncoder(), tmp_path / "a.npy", lambda: False) is None
    assert not (tmp_path / "a.npy").exists()


# --- figures -------------------------------------------------------------------------------------


def found(system: str, place: int) -> dict[str, list[Found]]:
    asked = Asked(id="q", question="?", gold=frozenset({Page("a", 1)}), modalities=frozenset())
    others = tuple(Page("b", number) for number in range(place - 1))
    return {system: [Found(asked, (*others, Page("a", 1)), 0.1)] * 4}


def told(tmp_path: Path, reranker: Reranker) -> dict[str, Result]:
    systems = {**found(PRODUCT, 1), **found(NOT_RERANKED, 9), **found(FUSION, 1)}
    settings = Settings(data_dir=tmp_path, reranker=reranker)
    context = Context(settings=settings, data=None, scratch=tmp_path)
    return {one.metric: one for one in figures(context, "set", systems, 4, 0)}


def test_what_reranking_gains_is_told_where_there_is_a_reranker(tmp_path: Path) -> None:
    gain = told(tmp_path, OnnxReranker(folder="mine"))[RERANK_GAIN]
    assert (gain.value, gain.n) == (1.0, 4)
    none = told(tmp_path, NoReranker())[RERANK_GAIN]
    assert (none.status, none.value) == ("not_applicable", None)
    assert "PINCITE_RERANKER__KIND" in str(none.reason)


def test_pages_of_pdfs_are_shown_beside_the_one_that_was_wanted(tmp_path: Path) -> None:
    asked = Asked(id="q", question="?", gold=frozenset({Page("a.pdf", 4)}), modalities=frozenset())
    one = Found(asked, (Page("b.pdf", 7), Page("c.txt", 1)), 0)
    files = [tmp_path / name for name in ("a.pdf", "b.pdf", "c.txt")]
    [(_, case)] = cases("set", {PRODUCT: [one]}, files)
    shown = [(each.file.name, each.page, each.told) for each in case.thumbnails]
    assert shown == [("a.pdf", 4, "wanted a p. 4"), ("b.pdf", 7, "1. b p. 7")]
