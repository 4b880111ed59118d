"""File names in a question: `in budget.pdf`, `the 3M report of 2018`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log
from pathlib import PurePath
from typing import Final, NamedTuple

from pincite.elements import SourceId
from pincite.index.terms import STOP_WORDS, fold
from retrievers.asking.values import Named

_PIECES: Final = re.compile(r"(?:19|20)\d{2}(?!\d)|\d+[a-z]+|[^\W\d_]+|\d+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GENERAL: Final = (
    "a an and at by copy dated de der des die doc document documents draft du edition el en file "
    "files final first for from in la le les las los new of old on page pages part pdf report "
    "reports scan scanned the to und v version vol volume with y"
)
_ASKING: Final = frozenset(["who", "whom", "whose", "what", "when", "where", "which", "why", "how"])
_GENERIC: Final = frozenset(_GENERAL.split()) | STOP_WORDS | _ASKING
_IN: Final = re.compile(
    r"\b(?:in|from|of|inside|within|per|according to|see|file|named|called|aus|laut|dans|selon|"
    r"según)"
    r"\s+(?:(?:the|a|my|our|der|dem|die|das|le|la|el)\s+)?(?:file\s+)?[\"“„']?$",
    re.IGNORECASE,
)
_LONGEST_RUN: Final = 4
"""Words of a question that may be one word of a name: `Best Buy` is in `BESTBUY_2023`."""
_LEAST: Final = 0.5
"""A question must hold more than this share of the telling parts of a name; years do not count.

More than half: *black* alone does not name `Black_Death`.
"""


class Mentioned(NamedTuple):
    sources: tuple[SourceId, ...]
    said: str
    """The words that name it, as they stand in the question; empty for a likeness."""
    shown: str
    """For the asker."""


def whole_names(question: str, names: Sequence[Named]) -> Mentioned | None:
    """Files whose name stands in the question: with its ending, or after `in` and the like.

    A name of one word counts with its ending only: `the lease` may be another file's contents.
    """
    best: tuple[int, str] = (0, "")
    folded = question.casefold()
    for name in {named.name for named in names}:
        stem = PurePath(name).stem
        for form in (name, stem):
            at = _found(form.casefold(), folded)
            if at < 0 or len(form) <= best[0]:
                continue
            if form == name != stem or (_has_words(stem) and _IN.search(question[:at])):
                best = (len(form), question[at : at + len(form)])
    if not best[0]:
        return None
    said = best[1].casefold()
    of = [each for each in names if said in {each.name.casefold(), _stem(each.name)}]
    return Mentioned(tuple(each.source for each in of), _with_lead(question, best[1]), of[0].name)


def alike_names(question: str, names: Sequence[Named]) -> Mentioned | None:
    """Files whose names tell, in the main, what the question tells; the most alike only.

    A part of a name tells the more, the fewer files have it (as IDF does for words); years and
    general words tell nothing on their own.
    """
    if len(names) < 2:  # there is nothing to tell apart
        return None
    asked = _runs(question)
    parts = {named.source: pieces(named.name) for named in names}
    having = Counter(part for own in parts.values() for part in own)
    scores: dict[SourceId, float] = {}
    for source, own in parts.items():
        weights = {part: log(1 + len(names) / having[part]) for part in own}
        telling = {part for part in own if _tells(part, having[part], len(names))}
        held = {part for part in own if part in asked}
        if telling and _sum(weights, telling & held) > _LEAST * _sum(weights, telling):
            scores[source] = _sum(weights, held)
    if not scores:
        return None
    best = max(scores.values())
    chosen = [named for named in names if scores.get(named.source, 0.0) >= best - 1e-9]
    shown = chosen[0].name if len(chosen) == 1 else f"{len(chosen)} files like {chosen[0].name}"
    return Mentioned(tuple(named.source for named in chosen), "", shown)


@lru_cache(maxsize=20_000)
def pieces(name: str) -> frozenset[str]:
    """What a file name is made of, without its ending, general words and small numbers."""
    stem = _CAMEL.sub(" ", PurePath(name).stem)
    found = _PIECES.findall(fold(stem))
    return frozenset(
        piece
        for piece in found
        if piece not in _GENERIC and len(piece) > 1 and not (piece.isdecimal() and len(piece) < 4)
    )


def _sum(weights: Mapping[str, float], parts: Iterable[str]) -> float:
    return sum(weights[part] for part in parts)


def _has_words(stem: str) -> bool:
    return len(_PIECES.findall(fold(stem))) > 1


def _tells(piece: str, files: int, total: int) -> bool:
    """Whether a piece may name a file on its own."""
    return not piece.isdecimal() and files <= max(2, total // 4)


def _runs(question: str) -> frozenset[str]:
    """Words of a question, and neighbours written as one."""
    words = [word for word in _PIECES.findall(fold(_CAMEL.sub(" ", question))) if word]
    return frozenset(_joined(words))


def _joined(words: Sequence[str]) -> Iterable[str]:
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST_RUN) + 1):
            yield "".join(words[start:end])


def _stem(name: str) -> str:
    return PurePath(name).stem.casefold()


def _found(form: str, text: str) -> int:
    """Where it stands as words of its own; -1 where it does not, or folding moved the letters."""
    if len(form) < 2:
        return -1
    match = re.search(rf"(?<![\w.]){re.escape(form)}(?!\w)", text)
    return match.start() if match else -1


def _with_lead(question: str, said: str) -> str:
    """With the preposition before it and the marks around it."""
    around = re.search(
        rf"(?:\b(?:in|from|of|inside|within|according to|aus|laut|dans|selon|según)\s+)?"
        rf"(?:the\s+)?(?:file\s+)?[\"“„']?{re.escape(said)}[\"”“']?",
        question,
        re.IGNORECASE,
    )
    return around[0] if around else said
