"""Questions as claims: borne out by a text that answers them, and by no other.

From SQuAD's questions with and without an answer, the same about changed texts, and questions of
people to a search engine in RAGTruth.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from evals.datasets import ragtruth
from evals.datasets.posed import chooses
from pincite.grounding.words import content
from scripts.train_checker.examples import (
    CONTRADICTED,
    SUPPORTED,
    UNSUPPORTED,
    Example,
    Spans,
    Text,
    example,
    text_of,
)
from scripts.train_checker.swaps import SWAPS, Around
from scripts.train_checker.synthetic import sentences_of

_CHANGES: Final = {"number": 4.0, "date": 4.0, "name": 3.0, "roles": 1.5, "opposite": 3.0,
                   "unit": 3.0}  # fmt: skip
"""How much earlier a change is tried than others; those that rarely fit come first."""
DENIED: Final = 0.08
"""Of the changed questions those with a `not`."""
CHANGED, REMOVED, ELSEWHERE = 0.5, 0.15, 0.15
"""Shares of the answered questions that are also asked of a changed text, or changed themselves."""
_CANNOT: Final = re.compile(
    r"unable to answer|cannot (?:be )?answer|not (?:possible|able) to answer|"
    r"do(?:es)? not (?:provide|contain|mention|specify|include)|"
    r"no (?:information|mention)|not (?:mentioned|provided)",
    re.IGNORECASE,
)


class _Asked(NamedTuple):
    question: str
    text: Text
    answer: str
    """Empty for a question without one."""


def validates(article: str) -> bool:
    """Articles kept from training, on which the reader's word is weighed with other signals."""
    return int(hashlib.sha256(b"reader" + article.encode()).hexdigest(), 16) % 4 == 0


def squad(rng: Random, folder: Path, *, validation: bool) -> Iterator[Example]:
    """Of the articles that may train: those of version 2.0, and what 1.1 has more."""
    told = [
        json.loads((folder / name).read_text(encoding="utf-8"))["data"]
        for name in ("dev-v2.0.json", "dev-v1.1.json")
        if (folder / name).is_file()
    ]
    seen: set[str] = set()
    for article in (each for version in told for each in version):
        title = article["title"]
        if not chooses(title) or validates(title) is not validation:
            continue
        texts = [
            text_of(f"squad-{title}-{number}", [part["context"]])
            for number, part in enumerate(article["paragraphs"])
        ]
        for part, text in zip(article["paragraphs"], texts, strict=True):
            for asked in (each for each in part["qas"] if each["id"] not in seen):
                seen.add(asked["id"])
                yield from _of_question(rng, _asked(asked, text), texts)


def _asked(asked: dict[str, Any], text: Text) -> _Asked:
    answer = "" if asked.get("is_impossible") else asked["answers"][0]["text"]
    return _Asked(" ".join(asked["question"].split()), text, answer)


def _of_question(rng: Random, asked: _Asked, texts: Sequence[Text]) -> Iterator[Example]:
    if not asked.answer:
        yield _made("squad", asked, UNSUPPORTED)
        return
    right = _made("squad", asked, SUPPORTED)
    if not _holds(right.evidence, asked.answer):
        return  # the window that is read leaves it out
    yield right
    if rng.random() < CHANGED:
        around = Around(sentences_of(asked.text), sentences_of(rng.choice(texts)))
        yield from _changed(rng, asked, around)
    if rng.random() < REMOVED:
        rest = tuple(s for s in asked.text.spots if not _holds(s.text, asked.answer))
        if rest:
            yield _made("removed", asked._replace(text=asked.text._replace(spots=rest)))
    if rng.random() < ELSEWHERE and (other := _nearest(asked, texts)):
        yield _made("elsewhere", asked._replace(text=other))


def _made(
    kind: str, asked: _Asked, label: int = UNSUPPORTED, marks: Spans | None = None
) -> Example:
    told = () if label == SUPPORTED else marks
    return example(asked.text, f"question-{kind}", asked.question, label, told)


def _changed(rng: Random, asked: _Asked, around: Around) -> Iterator[Example]:
    """One or two words of the question exchanged, so that nothing answers it any more."""
    names = sorted(_CHANGES, key=lambda name: rng.random() / _CHANGES[name])
    if rng.random() < DENIED:
        names = ["negation", *names]
    for name in names:
        changed = SWAPS[name](rng, asked.question, around)
        if changed and changed.text != asked.question:
            again = asked._replace(question=changed.text)
            yield _made(f"changed-{name}", again, CONTRADICTED, changed.marks)
            return


def _nearest(asked: _Asked, texts: Sequence[Text]) -> Text | None:
    """Of the other paragraphs without the answer's words, the one with most of the question's."""
    wanted = set(content(asked.question))
    others = [
        text
        for text in texts
        if text.group != asked.text.group
        and not any(_holds(spot.text, asked.answer) for spot in text.spots)
    ]
    return max(others, key=lambda t: len(wanted & _stems(t)), default=None)


def _holds(text: str, answer: str) -> bool:
    return " ".join(answer.casefold().split()) in " ".join(text.casefold().split())


def _stems(text: Text) -> frozenset[str]:
    return frozenset[str]().union(*(spot.stems for spot in text.spots))


def searched(folder: Path) -> Iterator[Example]:
    """Questions of people to a search engine; what most models could not answer has no answer."""
    asked: dict[str, list[ragtruth.Response]] = {}
    for response in ragtruth.read(folder):
        if response.task == "qa" and ragtruth.trains(response.split, response.source):
            asked.setdefault(response.source, []).append(response)
    for source, responses in asked.items():
        cannot = sum(bool(_CANNOT.search(response.answer)) for response in responses)
        if cannot in (0, len(responses), len(responses) - 1):
            text = text_of(f"ragtruth-{source}", responses[0].contexts)
            label = UNSUPPORTED if cannot else SUPPORTED
            if text.spots:
                yield _made("searched", _Asked(responses[0].question, text, ""), label)


def foreign(rng: Random, made: Sequence[Example], number: int) -> Iterator[Example]:
    """Questions with the text of another one."""
    for _ in range(number):
        one, other = rng.choice(made), rng.choice(made)
        if one.group != other.group:
            marks = ((0, len(one.claim)),)
            told = {"origin": "question-foreign", "label": UNSUPPORTED, "marks": marks}
            yield one._replace(evidence=other.evidence, **told)
