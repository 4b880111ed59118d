"""Is an answer in sentences right against a short gold answer?

Figures are read here by a reading of its own, not by the product's: digits with separators, words
up to twelve, scales (`million`). A figure is told where one sentence states it, as exactly as the
gold is written: whole numbers to the unit, others within half a unit of the gold's last digit or
`NEAR` of its value; where the question asks for an amount in millions or the like, any power of a
thousand. Signs do not count. A sentence of more than `MOST_OTHERS` other figures tells none (years
and the question's own aside): who shows a whole table has not answered.

By form of the gold:
- `figure`: it is told. `list`: each item is told, as a figure or as text.
- `text`: at least `TEXT` of its telling words stand in the answer, of up to three words all; a
  single word must stand in a sentence with a word of the question, or alone.
- `statement`: the answer does not begin with the opposite `yes` or `no`, and tells at least half
  of the gold's figures that the question does not have, or where there are none at least `HALF` of
  its telling words that the question does not have. Of a bare `yes` or `no` the answer begins so.
- `day`: a day of the answer is the same, in any way of writing. `amount`: a figure to the cent.
- `name`: its letters and digits stand in the answer with at most `SLIPS` of them edited, as readers
  of scans slip.
- `span`: the words of one of the gold wordings stand in one sentence of the answer, all that tell.
- `speech`: at least `HALF` of the telling words that the question does not have stand in it.
- `none`: nothing is answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from evals.datasets.answerable import Answerable, Form
from evals.scorers.fields import amount_of, day_of, letters_of
from evals.scorers.fuzzy import first_and_last_match
from pincite.grounding.sentences import sentences
from pincite.grounding.words import content, folded

NEAR: Final = 0.01
MOST_OTHERS: Final = 4
TEXT: Final = 0.75
HALF: Final = 0.5
SLIPS: Final = 0.15
_SCALES: Final = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SHORT: Final = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9}
_WORDS: Final = re.findall(
    r"\w+", "zero one two three four five six seven eight nine ten eleven twelve"
)
_FIGURE: Final = re.compile(
    r"(?<![\w.])(?P<digits>\d[\d,]*(?:\.\d+)?|\.\d+)(?![\d])"
    r"(?:\s?(?P<short>k|mn|m|bn|b)\b|[\s-]*(?P<scale>thousand|million|billion|trillion)s?\b)?"
    rf"|\b(?P<word>{'|'.join(_WORDS)})\b",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    r"\d{1,4}\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,4}"
    r"|\d{1,2}(?:st|nd|rd|th)?[\s-]?[a-z]{3,9}[\s.,'-]*\d{2,4}|[a-z]{3,9}\.?\s\d{1,2},?\s\d{2,4}",
    re.IGNORECASE,
)
_AMOUNT: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_POLAR: Final = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)
_NO_FIGURE: Final = re.compile(r"\(\d\)|\bone\b", re.IGNORECASE)
"""Numbers of a list, and a word that mostly is a pronoun."""
_MARK: Final = re.compile(r"\[\d+\]")


class Figure(NamedTuple):
    value: float
    last: float
    """What a unit of its last digit is worth; 1 for whole numbers."""


def is_right(asked: Answerable, said: str) -> bool:
    """Whether `said` tells the gold answer, by the rule of its form."""
    said = _MARK.sub(" ", said).strip()
    return (bool(said) or asked.form == "none") and _RULES[asked.form](asked, said)


def figures(text: str) -> list[Figure]:
    """In order; `1,214`, `1.2 million`, `five`; without signs and units."""
    found: list[Figure] = []
    for match in _FIGURE.finditer(text):
        if match["word"]:
            found.append(Figure(float(_WORDS.index(match["word"].lower())), 1))
            continue
        digits = match["digits"].replace(",", "")
        _, _, decimals = digits.partition(".")
        scale = _SCALES.get((match["scale"] or "").lower(), 1)
        scale *= _SHORT.get((match["short"] or "").lower(), 1)
        last = 1 if not decimals.strip("0") else 10.0 ** -len(decimals)
        found.append(Figure(float(digits) * scale, last * scale))
    return found


def same_figure(gold: Figure, said: Figure, question: str = "") -> bool:
    """As exactly as the gold is written; see the module."""
    exact = gold.last == 1 and gold.value == int(gold.value)
    room = max(0.5 * gold.last, 0 if exact else NEAR * gold.value)
    scales = [1.0]
    if re.search(r"\b(?:thousand|million|billion|crore|lakh|lac)s?\b", question, re.IGNORECASE):
        scales = [1.0, 1e3, 1e6, 1e9, 1e-3, 1e-6, 1e-9]
    for scale in scales:
        gap = abs(said.value * scale - gold.value)
        if gap < room or gap <= 1e-9 * max(gold.value, 1) or (not exact and gap <= room):
            return True
    return False


def share_told(gold: str, question: str, said: str) -> float:
    """The share of the gold's telling words that stand in what was said.

    Words of the question aside, where the gold has others.
    """
    wanted = set(content(gold))
    wanted = (wanted - set(content(question))) or wanted
    return len(wanted & set(content(said))) / len(wanted) if wanted else 0.0


def _all_told(golds: Sequence[str], question: str, said: str) -> bool:
    wanted = [figure for gold in golds for figure in figures(gold)]
    return bool(wanted) and all(_figure_told(gold, question, said) for gold in wanted)


def _amount_told(gold: str, said: str) -> bool:
    wanted = amount_of(gold)
    for span in sentences(said, lines=True):
        stated = {amount_of(match[0]) for match in _AMOUNT.finditer(said[span.start : span.end])}
        if wanted in stated and len(stated) <= MOST_OTHERS + 1:
            return True
    return False


def _figure_told(gold: Figure, question: str, said: str) -> bool:
    asked = {figure.value for figure in figures(question)}
    for span in sentences(said, lines=True):
        stated = figures(said[span.start : span.end])
        others = [each for each in stated if not same_figure(gold, each, question)]
        unasked = [each for each in others if not _is_year(each) and each.value not in asked]
        if len(others) < len(stated) and len(unasked) <= MOST_OTHERS:
            return True
    return False


def _is_year(figure: Figure) -> bool:
    return figure.last == 1 and 1900 <= figure.value <= 2100


def _item_told(item: str, question: str, said: str) -> bool:
    bare = figures(item) and not re.search(r"[a-z]{2,}", item, re.IGNORECASE)
    return _all_told([item], question, said) if bare else share_told(item, "", said) >= _least(item)


def _least(gold: str) -> float:
    return 1.0 if len(set(content(gold))) <= 3 else TEXT


def _text_told(gold: str, question: str, said: str) -> bool:
    words = set(content(gold))
    if not words:
        return folded(gold) in folded(said)
    if share_told(gold, "", said) < _least(gold):
        return False
    if len(words) > 1:
        return True
    asked = set(content(question))
    for span in sentences(said, lines=True):
        stated = set(content(said[span.start : span.end]))
        if words <= stated and (stated & asked or len(stated) <= 3):
            return True
    return False


def _span_told(gold: str, said: str) -> bool:
    wanted = set(content(gold))
    texts = (said[span.start : span.end] for span in sentences(said, lines=True))
    if not wanted:
        return any(folded(gold) in folded(text) for text in texts)
    return any(wanted <= set(content(text)) for text in texts)


def _stated(gold: str, question: str, said: str) -> bool:
    wanted, had = _POLAR.match(gold), _POLAR.match(said)
    if wanted and had and wanted[1].lower() != had[1].lower():
        return False
    rest = gold[wanted.end() :] if wanted else gold
    if not content(rest):
        return had is not None
    known = {figure.value for figure in figures(question)}
    told = _NO_FIGURE.sub(" ", rest)
    new = [f for f in figures(told) if f.value not in known and not _is_year(f)]
    if new:
        hits = sum(_figure_told(figure, question, said) for figure in new)
        return hits >= HALF * len(new)
    return share_told(told, question, said) >= HALF


def _named(gold: str, said: str) -> bool:
    wanted, told = letters_of(gold), letters_of(said)
    slips = int(SLIPS * len(wanted))
    return bool(wanted) and first_and_last_match(wanted, told, slips) is not None


_RULES: Final[dict[Form, Callable[[Answerable, str], bool]]] = {
    "figure": lambda asked, said: _all_told(asked.answers, asked.question, said),
    "amount": lambda asked, said: _amount_told(asked.answers[0], said),
    "list": lambda asked, said: all(
        _item_told(item, asked.question, said) for item in asked.answers
    ),
    "text": lambda asked, said: _text_told(asked.answers[0], asked.question, said),
    "statement": lambda asked, said: _stated(asked.answers[0], asked.question, said),
    "day": lambda asked, said: (
        day_of(asked.answers[0]) in {day_of(day) for day in _DATE.findall(said)}
    ),
    "name": lambda asked, said: _named(asked.answers[0], said),
    "span": lambda asked, said: any(_span_told(gold, said) for gold in asked.answers),
    "speech": lambda asked, said: share_told(asked.answers[0], asked.question, said) >= HALF,
    "none": lambda _, said: not said,
}
