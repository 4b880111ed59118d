"""Right answers by the rules of MMLongBench-Doc (Ma et al. 2024, section 3.3 and appendix).

The set's rules compare short answers by the form of the gold:

- `Int`: the same whole number. `Float`: within one hundredth, or the same when rounded as the
  coarser of the two is written; a percentage counts as its share as well.
- `Str`: likeness by edits (ANLS), nought up to .5; addresses, dates, telephone numbers and the like
  must be the same. `List`: the worst of its items, as `Str`; figures must be the same.
- `None`: right where nothing is answered.

The set has a large model pick the short answer out of a long one. Here the piece of the answer that
fits the gold best is taken, as an ideal model would: a figure of a sentence with at most
`MOST_OTHERS` other figures, a run of as many words as the gold has. A gold of one word must stand
there as it is, `yes` or `no` at the beginning. Items too many in a list do not count.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from evals.scorers.answers import MOST_OTHERS, Figure, figures
from evals.scorers.edits import distance
from pincite.grounding.sentences import sentences

LEAST_LIKE: Final = 0.5
_WITHIN: Final = 0.01
_MARK: Final = re.compile(r"\[\d+\]")
_IN_BRACKETS: Final = re.compile(r"\s*\([^)]*\)")
_AROUND: Final = "'\" .,;:!?"
_SAME: Final = re.compile(
    r".*https?://.*|.*\.py|.*ipynb|page.*|\d+(?:[-\s]\d+)?|.*[ap]\.m\..*|\d{4}[-\s]\d{2}(?:[-\s]\d{2})?"
    r"|[\w.%+-]+@[\w.-]+\.[a-z]{2,}"
)
"""What is right or wrong sign for sign."""


class Judged(NamedTuple):
    """A question, as the figures of the set need it."""

    score: float
    is_answerable: bool
    is_answered: bool


def score(form: str, golds: Sequence[str], question: str, said: str) -> float:
    """How right an answer is, in 0–1; `said` is empty where nothing was answered.

    `form` is `Int`, `Float`, `Str`, `List` or `None`.
    """
    said = _MARK.sub(" ", said).strip()
    if form == "None" or not said:
        return float(form == "None" and not said)
    if form in {"Int", "Float"}:
        return _figure(form, golds[0], question, said)
    return min((_text(gold, question, said) for gold in golds), default=0.0)


def accuracy(judged: Sequence[Judged]) -> float:
    """Mean score over all questions, those without an answer included."""
    return sum(each.score for each in judged) / len(judged) if judged else 0.0


def f1(judged: Sequence[Judged]) -> float:
    """Of the score over questions with an answer, and over those that were answered."""
    right = sum(each.score for each in judged if each.is_answerable)
    wanted = sum(each.is_answerable for each in judged)
    given = sum(each.is_answered for each in judged)
    return 2 * right / (wanted + given) if wanted + given else 0.0


def likeness(gold: str, said: str) -> float:
    """1 less the share of edits (ANLS; Biten et al. 2019); nought up to `LEAST_LIKE`."""
    longest = max(len(gold), len(said))
    like = 1 - distance(gold, said) / longest if longest else 1.0
    return like if like > LEAST_LIKE else 0.0


def clean(text: str) -> str:
    """Without case, brackets, quotation marks, a dollar sign before and a per cent sign behind."""
    bare = _IN_BRACKETS.sub("", text.lower()).strip(_AROUND)
    return bare.lstrip("$").rstrip("%").strip(_AROUND)


def _figure(form: str, gold: str, question: str, said: str) -> float:
    wanted = figures(gold)
    if not wanted:
        return _text(gold, question, said)
    told = _told_figures(question, said)
    if form == "Int":
        return float(any(int(each.value) == int(wanted[0].value) for each in told))
    return float(any(_same_float(wanted[0], each) for each in told))


def _same_float(gold: Figure, said: Figure) -> bool:
    for value in (gold.value / 100, gold.value, gold.value * 100):
        places = max(min(_decimals(value), _decimals(said.value)), 2)
        if math.isclose(value, said.value, rel_tol=_WITHIN):
            return True
        if round(value, places) == round(said.value, places):
            return True
    return False


def _decimals(value: float) -> int:
    return len(f"{value:.10f}".rstrip("0").partition(".")[2])


def _told_figures(question: str, said: str) -> Iterator[Figure]:
    """Those of sentences that are no tables; figures of the question are no others."""
    asked = {figure.value for figure in figures(question)}
    for text in _sentences(said):
        stated = figures(text)
        if len({each.value for each in stated} - asked) <= MOST_OTHERS + 1:
            yield from stated


def _text(gold: str, question: str, said: str) -> float:
    wanted = clean(gold)
    if re.fullmatch(r"-?[\d,]*\.?\d+", wanted):
        values = {each.value for each in _told_figures(question, said)}
        return float(any(each.value in values for each in figures(wanted)))
    many = len(wanted.split())
    if wanted in {"yes", "no"}:
        return float(bool(re.match(rf"\W*{wanted}\b", said, re.IGNORECASE)))
    pieces = [*_runs(said, many), clean(said)]
    if many == 1 or _SAME.fullmatch(wanted):
        return float(wanted in pieces)
    return max(likeness(wanted, piece) for piece in pieces)


def _runs(said: str, many: int) -> Iterable[str]:
    words = said.split()
    for at in range(len(words) - many + 1):
        yield clean(" ".join(words[at : at + many]))


def _sentences(said: str) -> Iterator[str]:
    return (said[span.start : span.end] for span in sentences(said, lines=True))
