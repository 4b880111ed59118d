"""Short answers to questions, from SQuAD: right, another phrase of the paragraph, or none there."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from pincite.grounding.names import names_in
from pincite.grounding.numbers import quantities
from scripts.train_checker.examples import (
    CONTRADICTED,
    SUPPORTED,
    UNSUPPORTED,
    Example,
    Text,
    example,
    text_of,
)

_ORIGIN: Final = "squad-question"


def trains(title: str) -> bool:
    """Half of the articles; refusal is measured on the others."""
    return int(hashlib.sha256(title.encode()).hexdigest(), 16) % 2 == 0


def articles(file: Path) -> Iterator[dict[str, Any]]:
    """Those that may train."""
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        if trains(article["title"]):
            yield article


def examples(rng: Random, file: Path, share: float) -> Iterator[Example]:
    for article in articles(file):
        for number, paragraph in enumerate(article["paragraphs"]):
            text = text_of(f"squad-{article['title']}-{number}", [paragraph["context"]])
            for asked in paragraph["qas"]:
                if rng.random() < share:
                    yield from of_question(rng, text, paragraph["context"], asked)


def of_question(
    rng: Random, text: Text, paragraph: str, asked: dict[str, Any]
) -> Iterator[Example]:
    question = asked["question"].strip()
    if not question.endswith("?"):
        return
    if asked.get("is_impossible"):
        for plausible in asked.get("plausible_answers", [])[:1]:
            yield _answered(text, question, plausible["text"], UNSUPPORTED)
        return
    right = asked["answers"][0]["text"]
    yield _answered(text, question, right, SUPPORTED)
    others = [o for o in _alike(right, paragraph) if o.casefold() not in _said(asked)]
    if others:
        yield _answered(text, question, rng.choice(others), CONTRADICTED)


def _said(asked: dict[str, Any]) -> str:
    return " ; ".join(answer["text"].casefold() for answer in asked["answers"])


def _answered(text: Text, question: str, answer: str, label: int) -> Example:
    claim = f"{question} {answer}"
    marks = () if label == SUPPORTED else ((len(question) + 1, len(claim)),)
    return example(text, _ORIGIN, claim, label, marks)


def _alike(answer: str, paragraph: str) -> list[str]:
    """Phrases of the same kind elsewhere in the paragraph."""
    if quantities(answer):
        dated = quantities(answer)[0].is_date
        return [
            q.text for q in quantities(paragraph) if q.is_date is dated and q.text not in answer
        ]
    if names_in(f"is {answer}"):
        found = re.findall(r"(?:[A-Z][\w'-]+ )*[A-Z][\w'-]+", paragraph)
        return [name for name in found if name not in answer and len(name) > 3]
    return [
        phrase
        for phrase in re.findall(r"\b(?:the|a|an) [a-z]+ [a-z]+(?= (?:of|in|and|to)\b)", paragraph)
        if phrase not in answer
    ]
