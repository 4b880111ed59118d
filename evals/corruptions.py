"""Right statements turned wrong in one place; the rest stays as it was."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from evals.scorers.answers import figures

T = TypeVar("T")

PRINTED: Final = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?!\w|[.,]\d)")
"""A figure as it is printed, without sign and unit."""
_NEAR: Final = 0.02
_NOT: Final = re.compile(r"(?<!\bif )\b(?:not|never)\s+", re.IGNORECASE)
_DENYING: Final = re.compile(r"\b(?:not?|never|none|nothing|neither|nor)\b|n't\b", re.IGNORECASE)
_HELPING: Final = re.compile(
    r"\b(?:is|are|was|were|will|would|can|could|should|may|might|must|shall|has|have|had)\b"
    r"(?!\s+(?:not|never|no)\b)",
    re.IGNORECASE,
)
_OPPOSITE: Final = {
    "increase": "decrease", "increased": "decreased", "increases": "decreases",
    "higher": "lower", "growth": "decline", "grew": "shrank", "rose": "fell",
    "improved": "worsened", "improving": "worsening", "improve": "worsen",
    "gain": "loss", "gains": "losses", "positive": "negative", "highest": "lowest",
    "largest": "smallest", "most": "least", "strong": "weak", "expanded": "contracted",
    "raised": "cut", "generated": "consumed",
}  # fmt: skip
_TURNED: Final = _OPPOSITE | {other: one for one, other in _OPPOSITE.items()}
_WORD: Final = re.compile(r"[A-Za-z]+")
_SPOKEN: Final = re.findall(
    r"\w+",
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety",
)


def drawn(key: str, items: Iterable[T]) -> T | None:
    """One of the items by the hash of `key`, the same in every run; None of none."""
    there = list(items)
    if not there:
        return None
    return there[int(hashlib.sha256(key.encode()).hexdigest(), 16) % len(there)]


def other_figure(text: str, figure: str, others: Iterable[str], key: str) -> str | None:
    """`text` with another figure for `figure`, of the same shape, drawn from `others`.

    The same shape is as many decimals, and whole digits that differ by at most one place, a year
    for a year; values within 2 % are left out, but for years, as they may be rounded forms of it.
    None where there is none.
    """
    alike = {other for other in others if _same_shape(figure, other)}
    chosen = drawn(key, sorted(alike))
    return _replaced(text, figure, chosen) if chosen else None


def other_digit(text: str, figure: str) -> str | None:
    """`text` with the first digit of `figure` that is not its first significant one changed.

    Of a figure of one digit, that digit.
    """
    places = [at for at, letter in enumerate(figure) if letter.isdigit()]
    if not places:
        return None
    at = places[min(1, len(places) - 1)]
    digit = str((int(figure[at]) + 3) % 10)
    return _replaced(text, figure, figure[:at] + digit + figure[at + 1 :])


def negated(text: str) -> str | None:
    """With `not` behind the first helping verb, or without the one that is there.

    None where there is neither, or more than one word that denies.
    """
    denied = len(_DENYING.findall(text))
    if denied == 1 and _NOT.search(text):
        return _NOT.sub("", text, count=1)
    verb = _HELPING.search(text) if not denied else None
    return f"{text[: verb.end()]} not{text[verb.end() :]}" if verb else None


def turned(text: str) -> str | None:
    """With the first word of direction turned round (`increased`, `higher`); None without."""
    for match in _WORD.finditer(text):
        if other := _TURNED.get(match[0].casefold()):
            other = _cased(other, match[0])
            before = re.sub(r"\b(a)n? \Z", rf"\1{_n(other)} ", text[: match.start()])
            return before + other + text[match.end() :]
    return None


def _cased(word: str, like: str) -> str:
    if like.isupper():
        return word.upper()
    return word.capitalize() if like[0].isupper() else word


def _n(word: str) -> str:
    return "n" if word[0].casefold() in "aeiou" else ""


def other_spoken_number(text: str) -> str | None:
    """With the first number that is written as a word changed to the next; None without."""
    for match in _WORD.finditer(text):
        word = match[0].casefold()
        if word in _SPOKEN:
            other = _cased(_SPOKEN[(_SPOKEN.index(word) + 1) % len(_SPOKEN)], match[0])
            return text[: match.start()] + other + text[match.end() :]
    return None


def swapped(text: str, value: str, others: Sequence[str], key: str) -> str | None:
    """`text` with another value for `value`, drawn from `others`; None where there is none."""
    other = drawn(key, others)
    return text.replace(value, other, 1) if other and value in text else None


def is_year(figure: str) -> bool:
    return len(figure) == 4 and figure.isdigit() and 1900 <= int(figure) <= 2100


def _replaced(text: str, figure: str, other: str) -> str | None:
    """The last place of the figure: a question may stand before it, an answer never behind."""
    found = [match for match in PRINTED.finditer(text) if match[0] == figure]
    if not found:
        return None
    return text[: found[-1].start()] + other + text[found[-1].end() :]


def _same_shape(one: str, other: str) -> bool:
    whole, _, decimals = one.replace(",", "").partition(".")
    others_whole, _, others_decimals = other.replace(",", "").partition(".")
    if len(decimals) != len(others_decimals) or abs(len(whole) - len(others_whole)) > 1:
        return False
    if is_year(one) is not is_year(other):
        return False
    a, b = figures(one), figures(other)
    room = 0 if is_year(one) else _NEAR
    return bool(a and b) and abs(a[0].value - b[0].value) > room * max(a[0].value, b[0].value)
