"""Questions that are made of annotations, and sets that bring their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.asked_sets import asked_set
from evals.datasets import financebench, mmlongbench_doc, squad
from evals.datasets.funsd import Entity, Form
from evals.datasets.made_questions import of_clips, of_forms, of_receipts
from evals.datasets.marked import MarkedText
from evals.datasets.pages import Page
from evals.datasets.speech import Clip
from evals.datasets.sroie import Receipt
from evals.suites import Context
from pincite.config import Settings
from pincite.errors import CorruptSource


def receipt(id_: str, **fields: str) -> Receipt:
    return Receipt(id=id_, split="all", image=Path(f"{id_}.jpg"), lines=(), fields=fields)


def test_receipts_are_named_by_their_other_fields() -> None:
    first = receipt("1", company="A Ltd", date="1/2/2018", total="9.00", address="Quay 1")
    again = receipt("2", company="A LTD.", date="01/02/2018", total="9.00", address="Quay 2")
    bare = receipt("3", total="7.00")
    asked = of_receipts([first, again, bare])
    assert asked[0].question == "Which company issued the receipt of 1/2/2018 with a total of 9.00?"
    assert asked[0].gold == {Page("1.jpg", 1), Page("2.jpg", 1)}
    assert asked[1].question == "What is the date of the receipt from A LTD. with a total of 9.00?"
    assert len(asked) == 2
    address = receipt("4", company="A Ltd", address="Quay 1")
    other = receipt("5", company="A Ltd", address="Quay 2")
    assert of_receipts([address, other]) == []


def form(name: str, *texts: tuple[str, str]) -> Form:
    """Keys and what is entered for them."""
    entities: list[Entity] = []
    for key, value in texts:
        at = len(entities)
        for step, (label, text) in enumerate((("question", key), ("answer", value))):
            entities.append(
                Entity.model_validate(
                    {
                        "id": at + step,
                        "label": label,
                        "whole": MarkedText(text=text, left=0, top=at, right=9, bottom=at + 5),
                        "words": (),
                        "linking": ((at, at + 1),) if value else (),
                    }
                )
            )
    return Form(id=name, split="testing_data", image=Path(f"{name}.png"), entities=tuple(entities))


def test_forms_are_asked_for_keys_that_stand_on_them_once() -> None:
    forms = [
        form("a", ("BRAND NAME:", "Harbour"), ("TO", "Ann"), ("Region", "")),
        form("b", ("Date", "08/ 14/ 87"), ("Size:", "long"), ("SIZE", "short")),
    ]
    first, second = of_forms(forms)
    assert first.question == "What is the brand name?"
    assert (first.answers, first.gold) == (("Harbour",), frozenset({Page("a.png", 1)}))
    assert (second.question, second.answers) == ("What is the Date?", ("08/14/87",))


def test_recordings_are_asked_for_by_the_words_that_few_others_have() -> None:
    clips = [
        Clip(
            id="a", audio=Path("a.wav"), text="Old ships left the harbour, carrying coal northward"
        ),
        Clip(id="b", audio=Path("b.wav"), text="old ships left"),
    ]
    (asked,) = of_clips(clips)
    assert asked.question == "What is said about harbour and northward?"
    assert asked.gold == {Page("a.wav", 1)}


def test_answers_of_filings_and_documents_come_with_form_and_medium(tmp_path: Path) -> None:
    for folder, below in (("financebench", "pdfs"), ("mmlongbench_doc", "documents")):
        (tmp_path / folder / below).mkdir(parents=True)
        (tmp_path / folder / below / "a.pdf").touch()
    (tmp_path / "financebench/data").mkdir()
    evidence = [{"evidence_page_num": 4, "evidence_text": "Capex 1,577 1,373 1,420"}]
    told = {"financebench_id": "1", "doc_name": "a", "question": " Q? ", "answer": "$1577.00"}
    lines = [{**told, "evidence": evidence}, {**told, "evidence": evidence, "doc_name": "gone"}]
    file = tmp_path / "financebench/data/financebench_open_source.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    (filing,) = financebench.read_answers(tmp_path / "financebench")
    assert (filing.form, filing.medium, filing.question) == ("figure", "table", "Q?")
    assert (filing.gold, filing.file) == (frozenset({Page("a.pdf", 5)}), "")

    sample = {"doc_id": "a.pdf", "question": "Who?", "evidence_pages": "[2]"}
    samples = [
        {
            **sample,
            "answer": "['x', 'y']",
            "answer_format": "List",
            "evidence_sources": "['Table']",
        },
        {**sample, "answer": "Ann", "answer_format": "Str", "evidence_sources": "[]"},
        {**sample, "answer": "Not answerable", "evidence_sources": "[]"},
    ]
    (tmp_path / "mmlongbench_doc/samples.json").write_text(json.dumps(samples))
    several, one = mmlongbench_doc.read_answers(tmp_path / "mmlongbench_doc")
    assert (several.answers, several.form, several.medium) == (("x", "y"), "list", "table")
    assert (one.answers, one.form, one.file) == (("Ann",), "text", "a.pdf")


def test_of_squad_any_wording_is_gold(tmp_path: Path) -> None:
    answers = [{"text": "in May "}, {"text": "May"}, {"text": "May"}]
    qas: list[dict[str, object]] = [
        {"id": "q", "question": "When?", "answers": answers},
        {"id": "r", "question": "Why?", "answers": [], "is_impossible": True},
    ]
    article = {"title": "Rent", "paragraphs": [{"context": "It rose in May.", "qas": qas}]}
    (tmp_path / "dev-v1.1.json").write_text(json.dumps({"data": [article]}))
    articles, (asked,) = squad.read_answers(tmp_path)
    assert (asked.answers, asked.form, asked.gold) == (
        ("in May", "May"),
        "span",
        frozenset({Page("Rent", 1)}),
    )
    assert [each.title for each in articles] == ["Rent"]


def test_a_set_that_is_not_there_is_none_and_a_broken_one_is_named(tmp_path: Path) -> None:
    context = Context(settings=Settings(), data=tmp_path, scratch=tmp_path)
    assert asked_set(context, "financebench") is None
    (tmp_path / "financebench").mkdir()
    with pytest.raises(CorruptSource, match="unpack the set again"):
        asked_set(context, "financebench")
