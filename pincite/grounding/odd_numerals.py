"""Numerals that are not plain digits: fractions, powers of ten, Roman ones."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pincite.grounding.numerals import Reading

_PARTS: Final = {
    "½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅛": 1 / 8, "⅜": 3 / 8,
    "⅝": 5 / 8, "⅞": 7 / 8,
}  # fmt: skip
_FRACTION: Final = re.compile(
    rf"(?<![\w.,/])(?:(?P<whole>\d{{1,4}})\s?)?(?P<part>[{''.join(_PARTS)}])"
    r"|(?<![\w.,/])(?P<over>\d{1,4})[ -](?P<top>[1-7])/(?P<bottom>[2-8])(?![\d/])"
)
_TOPS: Final = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_BOTTOMS: Final = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_SHARE: Final = re.compile(
    rf"\b(?P<tops>{'|'.join(_TOPS)})[ -](?P<bottoms>{'|'.join(_BOTTOMS)})s?(?= of\b)",
    re.IGNORECASE,
)
_RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−–", "0123456789-+--")
_POWER: Final = re.compile(
    r"(?<![\w.])(?P<digits>\d+(?:[.,]\d+)?)\s?[x×·*]\s?10"
    r"(?:(?:\^|\*\*)\s?(?P<exponent>[-−–+]?\d{1,2})|(?P<raised>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))"
)
_ROMAN: Final = r"(?=[MDCLXVI])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_NAMED: Final = (
    r"(?:Chapter|Part|Volume|Section|Book|Act|Article|Annex|Appendix|Title|Bowl|War|Phase|Type|"
    r"Class|Grade|Stage|Level|Table|Figure|Schedule|Form)"
)
_RANK: Final = re.compile(
    rf"(?<![\w.'’-])(?:(?P<sure>(?=[IVX]{{2,}}\b|[MDCLXVI]{{5,}}\b){_ROMAN})"
    rf"|(?<=\b){_NAMED}\s+(?P<named>{_ROMAN}))(?![\w'’-])"
)
"""Two letters of I, V and X, or five of any, or what follows a word that is numbered; `I`, `CD` and
`MD` are mostly something else."""
_LETTERS: Final = {"M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1}


class Odd(NamedTuple):
    start: int
    end: int
    reading: Reading
    is_share: bool = False
    """Of a whole, in per cent."""


def odd_numerals(text: str) -> list[Odd]:
    """In no order; they do not overlap."""
    found = [_fraction(match) for match in _FRACTION.finditer(text)]
    found += [_share(match) for match in _SHARE.finditer(text)]
    found += [_power(match) for match in _POWER.finditer(text)]
    found += [_rank(match) for match in _RANK.finditer(text)]
    return found


def is_roman(word: str) -> bool:
    """Whether a word is a Roman numeral wherever it stands."""
    match = _RANK.fullmatch(word)
    return match is not None and match["sure"] is not None


def _fraction(match: re.Match[str]) -> Odd:
    if match["part"]:
        value = int(match["whole"] or 0) + _PARTS[match["part"]]
    else:
        value = int(match["over"]) + int(match["top"]) / int(match["bottom"])
    return Odd(match.start(), match.end(), Reading(value, 0.01))


def _share(match: re.Match[str]) -> Odd:
    value = 100 * _TOPS[match["tops"].casefold()] / _BOTTOMS[match["bottoms"].casefold()]
    return Odd(match.start(), match.end(), Reading(value, 1.01), is_share=True)


def _power(match: re.Match[str]) -> Odd:
    exponent = int((match["exponent"] or match["raised"]).translate(_RAISED))
    mantissa = match["digits"].replace(",", ".")
    decimals = len(mantissa.partition(".")[2])
    factor = 10.0**exponent
    return Odd(
        match.start(), match.end(), Reading(float(mantissa) * factor, factor * 10.0**-decimals)
    )


def _rank(match: re.Match[str]) -> Odd:
    name = "sure" if match["sure"] else "named"
    letters = [_LETTERS[letter] for letter in match[name]]
    signed = [
        -value if any(later > value for later in letters[place + 1 : place + 2]) else value
        for place, value in enumerate(letters)
    ]
    return Odd(match.start(name), match.end(name), Reading(float(sum(signed)), 1.0))
