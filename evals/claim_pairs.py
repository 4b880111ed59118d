"""Right claims made of gold annotations, each with wrong ones that differ from it in one place.

By set:
- FinanceBench, MMLongBench-Doc: the gold answer, of several sentences the first that a page states,
  where it is a fragment as one statement with the question (`evals.statements`), or else with the
  question before it, as the product reads fragments. Stated is what has all
  its figures in the text of at most two gold pages, and of its other telling words `STATED`, or
  `STATED_BESIDE` where it has figures. Left out are lists, whole numbers up to `COUNT`, as mostly
  they are counted, and what the question wants computed.
- Tables of ICDAR 2013, receipts, forms, recordings: see `evals.marked_pairs`.

How claims are turned wrong, see `evals.corruptions`: `number of the page` (another one of the same
shape), `digit`, `row` or `column` (another cell's figure), `receipt`, `field` (another value),
`direction`, `negation`, `answer` (that to another question about the file), `word` and `number`
said, `recording` (the right claim, held against another recording alone).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from evals.asked_sets import AskedSet
from evals.corruptions import (
    PRINTED,
    drawn,
    is_year,
    negated,
    other_digit,
    other_figure,
    turned,
)
from evals.datasets.answerable import Answerable
from evals.marked_pairs import of_clips, of_document, of_form, of_receipts
from evals.scorers.answers import figures, share_told
from evals.scorers.fields import letters_of
from evals.statements import as_statement
from evals.twins import Pair, Wrong, twin
from pincite.grounding.claims import is_fragment
from pincite.grounding.sentences import Span, sentences
from pincite.grounding.words import content

STATED: Final = 0.6
STATED_BESIDE: Final = 0.3
COUNT: Final = 12
MOST_PAGES: Final = 2
_COMPUTED: Final = re.compile(
    r"\b(?:difference|gap|how much (?:higher|lower|more|less|longer|greater)|ratio|average|"
    r"combined|in total|sum of|calculate|compute|cagr)\b",
    re.IGNORECASE,
)
_DENYING: Final = re.compile(r"\b(?:none|nothing)\b", re.IGNORECASE)
_POLAR: Final = re.compile(r"\A(?:yes|no)\b[\s,.;:]*", re.IGNORECASE)


def pairs_of(set_: AskedSet) -> list[Pair]:
    """In the order of the set; none that has no wrong twin."""
    made = [
        *_of_answers(set_.everything),
        *(pair for document in set_.tables for pair in of_document(document)),
        *of_receipts(set_.receipts),
        *(pair for form in set_.forms for pair in of_form(form)),
        *of_clips(set_.clips),
    ]
    return [pair for pair in made if pair.wrong]


def _of_answers(everything: Sequence[Answerable]) -> Iterator[Pair]:
    for asked in everything:
        answer = stated(asked)
        if not answer:
            continue
        said = as_statement(asked.question, answer) if is_fragment(answer) else None
        others = [
            each.answers[0]
            for each in everything
            if each.form == asked.form == "text" and each.group == asked.group
        ]
        yield Pair(
            id=asked.id,
            medium=asked.medium,
            pages=tuple(sorted(asked.gold)),
            right=said or answer,
            value=answer,
            wrong=tuple(_turned_answers(asked, said or answer, answer, others)),
            question="" if said else asked.question,
        )


def stated(asked: Answerable) -> str:
    """The first sentence of the gold answer that the gold pages state, without `yes` or `no`."""
    if asked.form == "list" or len(asked.gold) > MOST_PAGES or _COMPUTED.search(asked.question):
        return ""
    gold = _POLAR.sub("", asked.answers[0]).strip()
    spans = sentences(gold) if asked.form == "statement" else [Span(0, len(gold))]
    for span in spans:
        text = gold[span.start : span.end]
        if not _DENYING.search(text) and _stands(asked, text):
            return text[:1].upper() + text[1:]
    return ""


def _stands(asked: Answerable, gold: str) -> bool:
    there = [figure.value for figure in figures(asked.evidence)]
    asked_for = {figure.value for figure in figures(asked.question)}
    told = [figure for figure in figures(gold) if figure.value not in asked_for]
    if asked.form == "figure" and all(each.value <= COUNT and each.last == 1 for each in told):
        return False
    if not all(any(_same(each.value, other) for other in there) for each in told):
        return False
    words = " ".join(word for word in set(content(gold)) if not word[0].isdigit())
    if not words:
        return bool(told)
    return share_told(words, "", asked.evidence) >= (STATED_BESIDE if told else STATED)


def _same(gold: float, there: float) -> bool:
    """Tables often leave out that they are in thousands or millions."""
    return any(abs(there * scale - gold) <= 1e-9 * gold for scale in (1, 1e3, 1e6))


def _turned_answers(
    asked: Answerable, right: str, answer: str, others: Sequence[str]
) -> Iterator[Wrong]:
    """Figures and names are exchanged in the answer alone."""
    for kind, other in _other_answers(asked, answer, others):
        yield from twin(kind, right.replace(answer.rstrip("."), other.rstrip("."), 1), right)
    yield from twin("direction", turned(right), right)
    yield from twin("negation", _denied(right, answer), right)


def _denied(right: str, answer: str) -> str | None:
    """Of a statement with a question in it the answer, not what the question takes for granted."""
    if right == answer:
        return negated(right)
    end = re.search(rf"\b(is|are|was|were) {re.escape(answer.rstrip('.'))}\.\Z", right)
    return f"{right[: end.end(1)]} not{right[end.end(1) :]}" if end else None


def _other_answers(
    asked: Answerable, answer: str, others: Sequence[str]
) -> Iterator[tuple[str, str]]:
    known = {match[0] for match in PRINTED.finditer(asked.question)}
    own = [match[0] for match in PRINTED.finditer(answer) if match[0] not in known]
    figure = next((each for each in own if not is_year(each)), next(iter(own), ""))
    there = [match[0] for match in PRINTED.finditer(asked.evidence) if match[0] not in own]
    unlike = {each for each in others if letters_of(each) != letters_of(answer)}
    unlike = sorted(each for each in unlike if not _POLAR.match(each))
    made = {
        "number of the page": other_figure(answer, figure, there, asked.id) if figure else None,
        "digit": other_digit(answer, figure) if figure else None,
        "answer": drawn(asked.id, unlike),
    }
    yield from ((kind, text) for kind, text in made.items() if text)
