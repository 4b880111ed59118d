"""`Where does she say that the pump failed?`: words of a recording whose second is asked for."""

from __future__ import annotations

import re
from typing import Final

_SAY: Final = r"(?:say|says|said|mentions?|mentioned|talk(?:s|ed)? about|speaks? of)"
_PLACE_OF: Final = r"\b(?:place|moment|second|minute|point|passage|part|spot)\b"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:where|when|at (?:what|which) (?:second|minute|time|point))\s+(?:is|are|was|were)\s+"
        r"(?P<said>(?!it\s+(?:said|mentioned)\b).+?)\s+"
        r"(?:said|mentioned|spoken of|talked about)\b",
        rf"^(?:where|when|at (?:what|which) (?:second|minute|time|point))\b.{{0,60}}?\b"
        rf"(?:does|do|did|is|are|was|were)\b.{{0,60}}?\b{_SAY}\b\s*(?:that\s+)?(?P<said>.+)$",
        rf"{_PLACE_OF}.{{0,20}}?\b(?:where|when|that|in which|at which)\b.{{0,40}}?\b{_SAY}\b"
        r"\s*(?:that\s+)?(?P<said>.+)$",
        rf"{_PLACE_OF}\s+(?:where|when|that|at which)\s+(?P<said>.+?)\s+"
        r"(?:is|are|was|were|gets?|got)\s+(?:said|mentioned|spoken of|talked about)",
        r"^(?:wo|wann|an welcher stelle)\b.{0,60}?\b(?:sagt|sagen|gesagt|erwähnt)\b.{0,40}?"
        r"\bdass\s+(?P<said>.+)$",
        r"^(?:wo|wann|an welcher stelle)\b.{0,40}?\b(?:sagt|sagen|gesagt|erwähnt|spricht)\b"
        r"[\s,]*(?:dass\s+)?(?P<said>.+)$",
        r"^(?:wo|wann)\s+wird\s+(?P<said>.+?)\s+(?:gesagt|erwähnt)\b",
        r"^(?:où|quand)\b.{0,30}?\b(?:dit(?:-on|-il|-elle)?|mentionne)\b\s*(?:que\s+)?"
        r"(?P<said>.+)$",
        r"^(?:¿\s*)?(?:dónde|cuándo)\b.{0,30}?\b(?:dice|dicen|menciona)\b\s*(?:que\s+)?(?P<said>.+)$",
    )
)
_PLACE: Final = re.compile(
    r"\s+(?:in|on|during|of|from)\s+(?:the|this|that|my|his|her|our|any)\s+(?:\w+\s+)?"
    r"(?:recordings?|calls?|interviews?|podcasts?|voice ?(?:notes?|memos?|messages?)|audio|"
    r"video|meeting|speech|talk)\s*$",
    re.IGNORECASE,
)
_MARKS: Final = " \t?!.,;:\"'“”„‘’«»¿"


def spoken(question: str) -> str:
    """The words that were said; empty where no such thing is asked."""
    question = " ".join(question.split()).rstrip(" ?!.")
    for pattern in _PATTERNS:
        if (found := pattern.search(question)) is not None:
            said = _PLACE.sub("", found["said"]).strip(_MARKS)
            if any(character.isalnum() for character in said):
                return said
    return ""
