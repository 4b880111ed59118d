"""What a question asks for, apart from how it wants the answer written. Pure."""

from __future__ import annotations

import re
from typing import Final

_SENTENCES: Final = re.compile(r"(?<=[.?!])\s+|(?<=\?)(?=[A-Z])")
_DIRECTION: Final = re.compile(
    r"(?:(?:please|kindly)\s+)?(?:(?:write|answer|give|round|format|respond|approach|assume|base|"
    r"directly|note that|use|define|represent|express|state|explain|for example|e\.g\.|"
    r"your (?:answer|response)|the answer|do not|don't|be (?:concise|brief)|calculate \()\b|"
    r"if .{1,120}\b(?:not|isn't|isn’t|no)\b.{0,80}\b(?:metric|explicit|applicable|relevant|"
    r"useful|available|meaningful|state|answer|explain))",
    re.IGNORECASE,
)
"""How a sentence begins that tells the answerer what to do."""
_FOLLOWING: Final = re.compile(r"^.*\b(?:following|this) question\b[^:]*:\s*", re.IGNORECASE)
_TRAILING: Final = re.compile(
    r"[,;]\s+(?:please\s+)?(?:write|give|answer|round|return|format|provide|express)\b"
    r"\s+(?:down|me|in|it|your|the|a|an|to)\b[^?]*$",
    re.IGNORECASE,
)
_LEAST_WORDS: Final = 3
_QUARTERS: Final = ("first", "second", "third", "fourth")
_QUARTER: Final = re.compile(r"\bQ([1-4])\s*(?:of\s+|[-/]\s*)?(?:FY\s*)?['’]?(\d{4}|\d{2})\b", re.I)
_YEAR_QUARTER: Final = re.compile(
    r"\b(?:FY\s*)?['’]?(\d{4}|(?<=FY)\d{2})\s*[-/]?\s*Q([1-4])\b", re.I
)
_YEAR: Final = re.compile(r"\bFY\s*['’]?(\d{4}|\d{2})\b", re.I)


def asked_for(question: str) -> str:
    """The question without sentences that direct the answer (`Round to two decimal places.`).

    What would leave fewer than three words is left alone.
    """
    sentences = [_FOLLOWING.sub("", part) for part in _SENTENCES.split(question.strip()) if part]
    kept = [part for part in sentences if not _DIRECTION.match(part)]
    text = " ".join(_TRAILING.sub("", part) for part in kept)
    return text if len(text.split()) >= _LEAST_WORDS else question


def periods_written_out(text: str) -> str:
    """`FY19` as `fiscal year 2019`, `Q2 FY2024` as `Q2 second quarter fiscal year 2024`."""
    text = _YEAR_QUARTER.sub(lambda found: _quarter(found[2], found[1]), text)
    text = _QUARTER.sub(lambda found: _quarter(found[1], found[2]), text)
    return _YEAR.sub(lambda found: f"fiscal year {_whole(found[1])}", text)


def _quarter(number: str, year: str) -> str:
    return f"Q{number} {_QUARTERS[int(number) - 1]} quarter fiscal year {_whole(year)}"


def _whole(year: str) -> str:
    return year if len(year) == 4 else f"20{year}"
