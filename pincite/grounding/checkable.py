"""What of an answer can be held against evidence at all."""

from __future__ import annotations

import re
from typing import Final

from pincite.grounding.marks import without_marks
from pincite.grounding.words import content

LONGEST: Final = 120
"""Words of a claim: a checker that reads a part of it only would speak of that part."""
_META: Final = re.compile(
    r"^(?:here (?:is|are)|thank you|thanks|(?:i )?hope (?:this|that) helps|let me know|"
    r"please (?:note|let)|feel free)\b[^.!?]*[:!.]?$",
    re.IGNORECASE,
)
_OPENER: Final = re.compile(
    r"^(?:sure|certainly|of course|okay|ok|yes|no|hello|hi|in (?:summary|conclusion|short)|"
    r"(?:the )?answer(?: is)?)\b[\s,:!.–-]*",
    re.IGNORECASE,
)
"""What comes before a statement and is none."""
_SEE: Final = re.compile(
    r"^\(?see (?:also |the )?(?:below|above|sections?|pages?|figures?|tables?|chapters?|appendix|"
    r"annex|notes?|open points)\b",
    re.IGNORECASE,
)
_META_MAX_WORDS: Final = 7
_TO_READER: Final = re.compile(
    r"^(?:(?:please )?let me know|(?:please )?feel free|(?:please )?do(?: not|n['’]t) hesitate|"
    r"(?:i )?hope (?:this|that|it) helps|if you (?:have|need|want|would like)\b.{0,40}\b(?:more|"
    r"further|other|additional|questions?|details?|help)|"
    r"i(?: am|['’]m|['’]d| would) (?:be )?happy)\b",
    re.IGNORECASE,
)
"""What is said to the reader and not about the files, however long it is."""
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
LEADING: Final = re.compile(r"^(?:[-*•–]|\(?\d{1,2}[.)])\s+|^(?:and|but|while|whereas)\s+", re.I)
"""Bullets and conjunctions, which state nothing."""


def is_code(sentence: str) -> bool:
    return sentence.startswith("```")


def states_nothing(sentence: str) -> bool:
    """Greetings, announcements, questions, headings."""
    bare = re.sub(r"\*+|`", "", without_marks(sentence)).strip()
    if bare.startswith("#"):
        return True
    bare = LEADING.sub("", bare)
    if not content(_OPENER.sub("", bare)) or bare.endswith("?") or _TO_READER.match(bare):
        return True
    short = len(bare.split()) <= _META_MAX_WORDS
    return (short and bool(_META.match(bare) or _SEE.match(bare))) or (
        bare.endswith(":") and not re.search(r"\d", bare)
    )


def why_not_checkable(claim: str) -> str:
    """One sentence, or an empty string for a claim that can be held against evidence."""
    if is_code(claim):
        return "It is code, which no evidence states."
    if len(claim.split()) > LONGEST:
        return f"It is one statement of more than {LONGEST} words, which is too long to check."
    if _ABSENCE.search(claim):
        return "It says what the sources lack, which no single spot can show."
    if _HEDGE.search(claim):
        return "It is an opinion or a guess, not a statement about the sources."
    return ""
