"""Follow-up questions and second tries, by rules; no model takes part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pincite.grounding.words import COMMON, content, words

_REFERS: Final = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|"
    r"the same|the (?:first|second|third|last|other|latter|former) (?:one|of)|such)\b",
    re.IGNORECASE,
)
_CONTINUES: Final = re.compile(
    r"^\s*(?:and|or|but|so|also|what about|how about|what else|why|why not|how so|how come|"
    r"when exactly|where exactly|more|else|really|are you sure|und|warum|wieso)\b",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(
    r"\?\s+(?=\S)|[,;]?\s+(?:and|or)\s+(?=(?:(?:on|at|in|by|for|from|to|with|of)\s+)?"
    r"(?:what|which|who|whom|whose|when|where|why|how)\b)",
    re.IGNORECASE,
)
_ASKING: Final = frozenset(
    words(
        "what which who whom whose when where why how much many long far often tell show give list "
        "name explain describe state find please do does did is are was were can could would say "
        "says said mention mentions according document documents file files source sources report"
    )
)
LONGEST: Final = 400
"""Characters of an earlier question that a follow-up is read with."""


def understood(question: str, earlier: Sequence[str]) -> str:
    """The question with the one it follows, where it points back or is too short to stand alone.

    `earlier` are the earlier questions as they were understood, oldest first.
    """
    question = " ".join(question.split())
    if not earlier or not _follows(question):
        return question
    return f"{earlier[-1][-LONGEST:]} {question}"


def _follows(question: str) -> bool:
    if _CONTINUES.search(question):
        return True
    asked = wanted(question)
    return (bool(_REFERS.search(question)) and len(asked) <= 6) or len(asked) <= 1


def parts(question: str) -> tuple[str, ...]:
    """The questions in a question: `which item, and on what day` asks two things.

    The whole comes first; it is the only one for a question that asks one thing.
    """
    found = [part.strip(" ,;") for part in _PARTS.split(question)]
    telling = [part for part in found if len(wanted(part)) >= 2]
    return (question, *telling) if len(telling) > 1 else (question,)


def wanted(question: str) -> list[str]:
    """Stems of what the question is about, without the words of asking."""
    asking = {word for text in _ASKING for word in content(text)}
    return [stem for stem in dict.fromkeys(content(question)) if stem not in asking]


def second_try(question: str, tried: Sequence[str]) -> str:
    """Another query for the same question: its telling words alone; empty where nothing is new."""
    telling = [w for w in words(question) if w not in COMMON and w not in _ASKING]
    query = " ".join(dict.fromkeys(telling))
    return "" if not query or query in tried else query
