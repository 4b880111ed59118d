"""Questions with and without an answer: SQuAD's, the same about changed texts, and RAGTruth's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from evals.datasets import ragtruth
from evals.datasets.posed import chooses
from pincite.grounding.words import content
from scripts.train_checker.examples import Text, text_of
from scripts.train_checker.swaps import SWAPS, Around
from scripts.train_checker.synthetic import sentences_of
from scripts.train_reader.examples import SOMEWHERE, Answer, Example, example, found_in

_CHANGES: Final = {"number": 4.0, "date": 4.0, "name": 3.0, "roles": 1.5, "opposite": 3.0,
                   "unit": 3.0}  # fmt: skip
"""How much earlier a change is tried than others; those that rarely fit come first."""
_CANNOT: Final = re.compile(
    r"unable to answer|cannot (?:be )?answer|not (?:possible|able) to answer|"
    r"do(?:es)? not (?:provide|contain|mention|specify|include)|"
    r"no (?:information|mention)|not (?:mentioned|provided)",
    re.IGNORECASE,
)
CHANGED, REMOVED, ELSEWHERE = 0.5, 0.15, 0.15
"""Shares of the answered questions that are also asked of a changed text, or changed themselves."""
DENIED: Final = 0.08
"""Of the changed ones those with a `not`."""


class _Asked(NamedTuple):
    question: str
    text: Text
    answer: Answer | None
    answer_text: str


def squad(rng: Random, folder: Path) -> Iterator[Example]:
    """Of the articles that may train: those of version 2.0, and what 1.1 has more."""
    told = [
        json.loads((folder / name).read_text(encoding="utf-8"))["data"]
        for name in ("dev-v2.0.json", "dev-v1.1.json")
        if (folder / name).is_file()
    ]
    seen: set[str] = set()
    for article in (each for version in told for each in version if chooses(each["title"])):
        paragraphs = [
            (part, text_of(f"squad-{article['title']}-{number}", [part["context"]]))
            for number, part in enumerate(article["paragraphs"])
        ]
        texts = [text for _, text in paragraphs]
        for part, text in paragraphs:
            new = [asked for asked in part["qas"] if asked["id"] not in seen]
            seen |= {asked["id"] for asked in new}
            for asked in new:
                yield from _of_question(rng, article["title"], _asked(part, asked, text), texts)


def _asked(part: dict[str, Any], asked: dict[str, Any], text: Text) -> _Asked:
    question = " ".join(asked["question"].split())
    if asked.get("is_impossible"):
        return _Asked(question, text, None, "")
    said = asked["answers"][0]
    answer = found_in(text.spots, part["context"], said["text"], said["answer_start"])
    return _Asked(question, text, answer, said["text"])


def _of_question(
    rng: Random, article: str, asked: _Asked, texts: Sequence[Text]
) -> Iterator[Example]:
    if not asked.answer_text:
        yield from _made("squad", article, asked)
        return
    if asked.answer is None:
        return
    yield from _made("squad", article, asked)
    if rng.random() < CHANGED:
        around = Around(sentences_of(asked.text), sentences_of(rng.choice(texts)))
        yield from _changed(rng, article, asked, around)
    if rng.random() < REMOVED:
        rest = tuple(s for n, s in enumerate(asked.text.spots) if n != asked.answer.spot)
        if rest and not any(asked.answer_text in spot.text for spot in rest):
            text = Text(asked.text.group, rest)
            yield from _made("removed", article, asked._replace(text=text, answer=None))
    if rng.random() < ELSEWHERE and (other := _nearest(asked, texts)):
        yield from _made("elsewhere", article, asked._replace(text=other, answer=None))


def _made(origin: str, article: str, asked: _Asked) -> Iterator[Example]:
    made = example(origin, article, asked.question, asked.text, asked.answer)
    if made:
        yield made


def _changed(rng: Random, article: str, asked: _Asked, around: Around) -> Iterator[Example]:
    """One or two words of the question exchanged, so that nothing answers it any more."""
    names = sorted(_CHANGES, key=lambda name: rng.random() / _CHANGES[name])
    if rng.random() < DENIED:
        names = ["negation", *names]
    for name in names:
        changed = SWAPS[name](rng, asked.question, around)
        if changed and changed.text != asked.question:
            again = asked._replace(question=changed.text, answer=None)
            yield from _made(f"changed-{name}", article, again)
            return


def _nearest(asked: _Asked, texts: Sequence[Text]) -> Text | None:
    """Of the other paragraphs without the answer's words, the one with most of the question's."""
    wanted = set(content(asked.question))
    others = [
        text
        for text in texts
        if text.group != asked.text.group
        and not any(asked.answer_text.casefold() in spot.text.casefold() for spot in text.spots)
    ]
    return max(others, key=lambda t: len(wanted & _stems(t)), default=None)


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
            made = example("searched", f"ragtruth-{source}", responses[0].question, text, None)
            if made and made.window:
                yield made if cannot else made._replace(answer=SOMEWHERE)


def foreign(rng: Random, made: Sequence[Example], number: int) -> Iterator[Example]:
    """Questions with the window of another one."""
    for _ in range(number):
        one, other = rng.choice(made), rng.choice(made)
        if one.group != other.group:
            yield one._replace(origin="foreign", window=other.window, answer=None)
