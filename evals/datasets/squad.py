"""SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016, 2018): questions about paragraphs of articles.

Version 2.0 has questions that their paragraph does not answer, written by people who saw it.

Official format: `dev-v1.1.json` and `dev-v2.0.json`, `train-…` likewise. A paragraph is a page of
its article, counted from 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.datasets.answerable import Answerable
from evals.datasets.pages import Asked, Page
from evals.datasets.posed import Posed
from evals.doubtful import clear
from pincite.errors import CorruptSource
from pincite.values import Value

NAME = "squad"


class Article(Value):
    """One page of Wikipedia."""

    title: str
    paragraphs: tuple[str, ...]


def read(folder: Path) -> tuple[list[Article], list[Asked]]:
    """Articles, and the questions that have an answer, of version 1.1 or else of 2.0.

    Raises:
        CorruptSource: no file of the set is there, or it is not as described.
    """
    found = sorted(folder.glob("dev-v*.json"))
    if not found:
        raise CorruptSource(f"{folder} holds no dev-v1.1.json of SQuAD; unpack the set again")
    try:
        told: dict[str, Any] = json.loads(found[0].read_text(encoding="utf-8"))
        articles = [_article(article) for article in told["data"]]
        return articles, [asked for article in told["data"] for asked in _asked(article)]
    except (KeyError, TypeError, ValueError) as exc:
        raise CorruptSource(f"{found[0]} is no file of SQuAD; unpack the set again") from exc


def read_answers(folder: Path) -> tuple[list[Article], list[Answerable]]:
    """Articles, and the questions that have an answer, with its wordings; see `read`.

    Raises:
        CorruptSource: no file of the set is there, or it is not as described.
    """
    articles, asked = read(folder)
    told: dict[str, Any] = json.loads(sorted(folder.glob("dev-v*.json"))[0].read_text("utf-8"))
    wordings = {
        f"{NAME}/{question['id']}": [answer["text"].strip() for answer in question["answers"]]
        for article in told["data"]
        for paragraph in article["paragraphs"]
        for question in paragraph["qas"]
        if question.get("answers")
    }
    return articles, [
        Answerable(
            id=each.id,
            question=each.question,
            answers=tuple(dict.fromkeys(wordings[each.id])),
            form="span",
            gold=each.gold,
            medium="pdf",
        )
        for each in asked
        if each.id in wordings
    ]


def read_open(folder: Path) -> tuple[list[Article], list[Answerable]]:
    """Articles of version 2.0, and the questions that can be asked of all of them at once.

    Which these are, says `evals.doubtful`; those that its paragraph does not answer are among them.

    Raises:
        CorruptSource: the file is not there, or it is not as described.
    """
    articles, posed = read_posed(folder)
    told: dict[str, Any] = json.loads(sorted(folder.glob("dev-v2*.json"))[0].read_text("utf-8"))
    every = {
        each.id: each
        for article in told["data"]
        for number, paragraph in enumerate(article["paragraphs"], start=1)
        for each in _open(article["title"], number, paragraph)
    }
    return articles, [every[each.id] for each in clear(posed) if each.id in every]


def _open(title: str, number: int, paragraph: dict[str, Any]) -> Iterator[Answerable]:
    for question in paragraph["qas"]:
        wordings = tuple(dict.fromkeys(a["text"].strip() for a in question.get("answers", ())))
        is_answerable = not question.get("is_impossible", False)
        if wordings or not is_answerable:
            yield Answerable(
                id=f"{NAME}/{question['id']}",
                question=str(question["question"]).strip(),
                answers=wordings if is_answerable else (),
                form="span" if is_answerable else "none",
                gold=frozenset({Page(file=title, number=number)} if is_answerable else ()),
                medium="pdf",
                about=title,
            )


def read_posed(folder: Path) -> tuple[list[Article], list[Posed]]:
    """Articles and all questions of version 2.0, each with its paragraph.

    Raises:
        CorruptSource: the file is not there, or it is not as described.
    """
    found = sorted(folder.glob("dev-v2*.json"))
    if not found:
        raise CorruptSource(f"{folder} holds no dev-v2.0.json of SQuAD; unpack the set again")
    try:
        told: dict[str, Any] = json.loads(found[0].read_text(encoding="utf-8"))
        articles = [_article(article) for article in told["data"]]
        return articles, [posed for article in told["data"] for posed in _posed(article)]
    except (KeyError, TypeError, ValueError) as exc:
        raise CorruptSource(f"{found[0]} is no file of SQuAD; unpack the set again") from exc


def _posed(told: dict[str, Any]) -> Iterator[Posed]:
    for paragraph in told["paragraphs"]:
        text = " ".join(str(paragraph["context"]).split())
        for question in paragraph["qas"]:
            yield Posed(
                id=f"{NAME}/{question['id']}",
                question=str(question["question"]).strip(),
                is_answerable=not question.get("is_impossible", False),
                group=told["title"],
                title=told["title"].replace("_", " "),
                text=text,
            )


def _article(told: dict[str, Any]) -> Article:
    paragraphs = tuple(" ".join(str(part["context"]).split()) for part in told["paragraphs"])
    return Article(title=told["title"], paragraphs=paragraphs)


def _asked(told: dict[str, Any]) -> Iterator[Asked]:
    for number, paragraph in enumerate(told["paragraphs"], start=1):
        for question in paragraph["qas"]:
            if not question.get("is_impossible", False):
                yield Asked(
                    id=f"{NAME}/{question['id']}",
                    question=str(question["question"]).strip(),
                    gold=frozenset({Page(file=told["title"], number=number)}),
                    modalities=frozenset({"text"}),
                )
