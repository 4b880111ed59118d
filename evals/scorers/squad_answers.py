"""Exact match and F1 of short answers, as SQuAD counts them (Rajpurkar et al. 2016, 2018).

Words in lower case, without punctuation and the articles `a`, `an`, `the`; of several gold wordings
the best counts. A question without an answer is right where nothing is said, and only there.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence
from typing import Final

_PUNCTUATION: Final = str.maketrans("", "", string.punctuation)
_MARK: Final = re.compile(r"\s*\[\d+\]")
_ARTICLES: Final = re.compile(r"\b(?:a|an|the)\b")


def exact(golds: Sequence[str], said: str) -> float:
    """1 where the words are those of a gold wording."""
    told = normal(said)
    return float(any(normal(gold) == told for gold in golds or ("",)))


def f1(golds: Sequence[str], said: str) -> float:
    """Of the words of the best gold wording, as a multiset."""
    return max(_f1(normal(gold).split(), normal(said).split()) for gold in golds or ("",))


def added(question: str, said: str) -> str:
    """The words of an answer that its question does not have, each as often as it is said.

    A full sentence says the question again: `The Rhine rises in Switzerland` of `Where does the
    Rhine rise?` adds `rises in switzerland`.
    """
    asked = set(normal(question).split())
    return " ".join(word for word in normal(said).split() if word not in asked)


def without_marks(said: str) -> str:
    """Without the numbers of what is cited."""
    return _MARK.sub("", said)


def normal(text: str) -> str:
    bare = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def _f1(gold: Sequence[str], said: Sequence[str]) -> float:
    if not gold or not said:
        return float(gold == said)
    shared = (Counter(gold) & Counter(said)).total()
    return 2 * shared / (len(gold) + len(said))
