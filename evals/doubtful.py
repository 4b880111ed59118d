"""Which questions about a given paragraph may be asked of a whole collection.

A question that was written beside a paragraph need not make sense without it, and one that its own
paragraph does not answer may be answered by another. The rule looks at words only, never at what
any system finds. Left out are

- questions with fewer than three telling words;
- questions that point back (`he`, `it`, `this`, …) and name nothing;
- unanswerable ones whose telling words all stand in another paragraph, which may answer them;
- unanswerable ones with the telling words of an answerable one, up to a fifth (Jaccard above .8).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from agent.understanding import wanted
from evals.datasets.posed import Posed
from pincite.grounding.names import names_in
from pincite.grounding.words import content

FEWEST: Final = 3
ALIKE: Final = 0.8
_POINTS_BACK: Final = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|this|that|these|those)\b", re.IGNORECASE
)

Words = frozenset[str]


def clear(posed: Sequence[Posed]) -> list[Posed]:
    """Those that can be asked without their paragraph, in the order given."""
    told = {each.id: frozenset(wanted(each.question)) for each in posed}
    paragraphs = {text: frozenset(content(text)) for text in dict.fromkeys(p.text for p in posed)}
    answered = _by_word(told[each.id] for each in posed if each.is_answerable)
    return [
        each
        for each in posed
        if stands_alone(each.question)
        and (
            each.is_answerable
            or not _may_be_answered(told[each.id], each.text, paragraphs.items(), answered)
        )
    ]


def stands_alone(question: str) -> bool:
    points_back = bool(_POINTS_BACK.search(question)) and not names_in(question)
    return len(wanted(question)) >= FEWEST and not points_back


def _by_word(asked: Iterable[Words]) -> Mapping[str, set[Words]]:
    having: defaultdict[str, set[Words]] = defaultdict(set)
    for words in asked:
        for word in words:
            having[word].add(words)
    return having


def _may_be_answered(
    asked: Words,
    own: str,
    paragraphs: Iterable[tuple[str, Words]],
    answered: Mapping[str, set[Words]],
) -> bool:
    if any(asked <= words for text, words in paragraphs if text != own):
        return True
    # Whoever is so much alike has one of any few words; the rarest have the fewest candidates.
    few = sorted(asked, key=lambda word: len(answered.get(word, ())))
    few = few[: int((1 - ALIKE) * len(asked)) + 1]
    return any(_alike(asked, other) > ALIKE for word in few for other in answered.get(word, ()))


def _alike(one: Words, other: Words) -> float:
    return len(one & other) / max(len(one | other), 1)
