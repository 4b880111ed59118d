"""Numerals: digits with separators, scale words, and numbers written as words."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

DIGITS: Final = (
    r"(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?"
    r"|\d{1,3}(?:\.\d{3})+,\d+"
    r"|\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)?(?:[eE][-+]?\d{1,2})?|[.]\d+)"
)
SCALES: Final = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "tsd": 1e3, "lakh": 1e5, "million": 1e6,
    "millions": 1e6, "mn": 1e6, "mm": 1e6, "mio": 1e6, "m": 1e6, "crore": 1e7, "billion": 1e9,
    "billions": 1e9, "bn": 1e9, "b": 1e9, "mrd": 1e9, "trillion": 1e12, "tn": 1e12, "dozen": 12,
}  # fmt: skip
_ONES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
SMALL: Final = {word: number for number, word in enumerate(_ONES.split())} | {
    word: 10 * number for number, word in enumerate(_TENS.split(), 2)
}
ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(),  # noqa: SIM905
        1,
    )
}
IN_WORDS: Final = (
    rf"(?:{'|'.join(SMALL)})(?:(?:[- ]|\s+and\s+)(?:{'|'.join(SMALL)}|hundred|thousand|million))*"
)


class Reading(NamedTuple):
    value: float
    ulp: float
    """The value of one in the last place that is written: how exact the writer was."""


def readings(text: str) -> tuple[Reading, ...]:
    """What a numeral may mean; `1.234` may be a decimal or a German thousand."""
    bare = re.sub(r"[ \u00a0\u202f'’]", "", text)
    if re.search(r"[eE]", bare):
        return (_plain(bare.replace(",", ".")),)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", bare):
        return (_plain(bare.replace(".", "").replace(",", ".")),)
    if re.fullmatch(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?", bare):
        return (_plain(bare.replace(",", "")),)
    if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", bare):
        return (_plain(bare), _plain(bare.replace(".", "")))
    return (_plain(bare.replace(",", ".")),)


def _plain(text: str) -> Reading:
    mantissa, _, exponent = text.lower().partition("e")
    scale = 10.0 ** int(exponent or 0)
    decimals = len(mantissa.partition(".")[2])
    return Reading(float(mantissa) * scale, scale * 10.0**-decimals)


def from_words(text: str) -> float:
    """`two hundred and twelve thousand` → 212000."""
    total, current = 0.0, 0.0
    for word in re.findall(r"[a-z]+", text.casefold()):
        if word in SMALL:
            current += SMALL[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in SCALES:
            total += (current or 1) * SCALES[word]
            current = 0.0
    return total + current
