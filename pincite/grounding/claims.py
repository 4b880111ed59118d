"""The checkable statements of a sentence, each with its place and what it cites."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pincite.answers import Claim
from pincite.grounding.marks import Mark, marks_in, without_marks
from pincite.grounding.words import content

_META: Final = re.compile(
    r"^(?:sure|certainly|of course|okay|ok|yes|no|hello|hi|thank you|thanks|here (?:is|are)|"
    r"(?:i )?hope (?:this|that) helps|let me know|please (?:note|let)|feel free|"
    r"in (?:summary|conclusion|short)|(?:the )?answer(?: is)?)\b[^.!?]*[:!.]?$",
    re.IGNORECASE,
)
_META_MAX_WORDS: Final = 7
_ABSENCE: Final = re.compile(
    r"\b(?:evidence|documents?|sources?|passages?|texts?|files?|context|information|excerpts?)\b"
    r"[^.]{0,40}\b(?:do(?:es)? not|did not|don't|doesn't|never|no)\b[^.]{0,30}"
    r"\b(?:mention|state|say|specif|provide|contain|include|give|indicate|tell|list|describe|"
    r"report|disclose|available|information)"
    r"|\b(?:do|does|did)(?: not|n't) (?:\w+ly )?(?:mention|state|specify|indicate|say)\b"
    r"|\bnot (?:mentioned|stated|specified|provided|found|"
    r"given|available)\b|\bthere is no (?:information|mention|evidence|data)\b|^not found\b",
    re.IGNORECASE,
)
_HEDGE: Final = re.compile(
    r"\b(?:i (?:think|believe|guess|assume|suppose)|in my (?:opinion|view)|it seems likely|"
    r"perhaps|presumably|possibly|might be|may be that|one could|it is (?:hard|difficult) to say|"
    r"as an ai|i (?:cannot|can't|am unable to|do not))\b",
    re.IGNORECASE,
)
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|does|did|will|would|can|could|may|must|should|"
    r"shall|costs?|rose|fell|grew|made|paid|began|ended|took|takes?|gave|gives?|said|says?|"
    r"states?|shows?|holds?|held|runs?|ran|went|goes|came|comes?|found|finds?|saw|sees?|wrote|"
    r"left|leaves?|lost|won|met|kept|keeps?|sold|bought|includes?|contains?|requires?|needs?|"
    r"uses?|works?|lives?|weighs?|measures?|equals?|means?|allows?|provides?|covers?|starts?|"
    r"stands?|became|becomes?|remains?|receives?|expects?|\w{3,}(?:ed|izes|ises))\b",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(r";\s+|,\s+(?:and|but|while|whereas|although)\s+", re.IGNORECASE)
_SHORTEST: Final = 3
"""Content words that each half of a split sentence needs."""
_LONGEST_FRAGMENT: Final = 5
"""Content words; a longer text without a verb is a line of a table or list, which states enough."""
_LEADING: Final = re.compile(r"^(?:[-*•–]|\(?\d{1,2}[.)])\s+|^(?:and|but|while|whereas)\s+", re.I)


class _Part(NamedTuple):
    start: int
    end: int
    cites: tuple[int, ...]


def claims_of(sentence: str, question: str = "") -> tuple[Claim, ...]:
    """Claims in order; a claim without marks of its own takes those at the end of its sentence.

    A fragment (`14.2`, `Maria Keller`) only states something with the question that it answers,
    so `question` is put before it.

    Split only where a mark, a semicolon or a conjunction parts two halves that each have a verb.
    Empty for a sentence that states nothing.
    """
    if states_nothing(sentence):
        return ()
    marks = marks_in(sentence)
    parts = [half for part in _by_marks(sentence, marks) for half in _halves(sentence, part)]
    last = marks[-1].numbers if marks and not sentence[marks[-1].end :].strip(" .!?\"'”") else ()
    claims = [_claim(sentence, part, last) for part in parts]
    if len(claims) == 1 and question and is_fragment(claims[0].text):
        whole = f"{question.strip()} {claims[0].text}"
        claims = [claims[0].model_copy(update={"text": whole})]
    return tuple(claim for claim in claims if claim.text)


def is_fragment(text: str) -> bool:
    """Whether a text has too few words or no verb to state something by itself."""
    return not _VERB.search(text) and len(content(text)) <= _LONGEST_FRAGMENT


def states_nothing(sentence: str) -> bool:
    """Greetings, announcements, questions, headings that end in a colon."""
    bare = without_marks(sentence).strip()
    bare = _LEADING.sub("", bare)
    if not content(bare) or bare.endswith("?"):
        return True
    short = len(bare.split()) <= _META_MAX_WORDS
    return (short and bool(_META.match(bare))) or (
        bare.endswith(":") and not re.search(r"\d", bare)
    )


def why_not_checkable(claim: str) -> str:
    """One sentence, or an empty string for a claim that can be held against evidence."""
    if _ABSENCE.search(claim):
        return "It says what the sources lack, which no single spot can show."
    if _HEDGE.search(claim):
        return "It is an opinion or a guess, not a statement about the sources."
    return ""


def _by_marks(sentence: str, marks: list[Mark]) -> list[_Part]:
    """Parts that end in marks; what has no verb is left with the part before it."""
    parts: list[_Part] = []
    start = 0
    for mark in _joined(sentence, marks):
        parts.append(_Part(start, mark.end, mark.numbers))
        start = mark.end
    parts.append(_Part(start, len(sentence), ()))
    merged: list[_Part] = []
    for part in parts:
        if merged and not (_whole(sentence, part) and _whole(sentence, merged[-1])):
            before = merged.pop()
            cites = tuple(dict.fromkeys(before.cites + part.cites))
            merged.append(_Part(before.start, part.end, cites))
        else:
            merged.append(part)
    return merged


def _joined(sentence: str, marks: list[Mark]) -> list[Mark]:
    """Marks that stand next to each other as one."""
    joined: list[Mark] = []
    for mark in marks:
        if joined and not sentence[joined[-1].end : mark.start].strip(" ,;"):
            before = joined.pop()
            joined.append(Mark(before.start, mark.end, before.numbers + mark.numbers))
        else:
            joined.append(mark)
    return joined


def _halves(sentence: str, part: _Part) -> list[_Part]:
    text = sentence[part.start : part.end]
    for joint in _JOINT.finditer(text):
        if _stands(text[: joint.start()]) and _stands(text[joint.end() :]):
            middle = part.start + joint.end()
            first = _Part(part.start, part.start + joint.start(), part.cites)
            return [first, *_halves(sentence, _Part(middle, part.end, part.cites))]
    return [part]


def _whole(sentence: str, part: _Part) -> bool:
    return _stands(sentence[part.start : part.end])


def _stands(text: str) -> bool:
    bare = without_marks(text)
    return bool(_VERB.search(bare)) and len(content(bare)) >= _SHORTEST


def _claim(sentence: str, part: _Part, last: tuple[int, ...]) -> Claim:
    start, end = part.start, part.end
    while start < end and sentence[start] in " ,;.":
        start += 1
    if lead := _LEADING.match(sentence[start:end]):
        start += lead.end()
    while end > start and sentence[end - 1].isspace():
        end -= 1
    text = re.sub(r"\*+|`", "", without_marks(sentence[start:end])).strip(" ,;")
    return Claim(text=text, start=start, end=end, cites=part.cites or last)
