"""The normal forms in which transcripts are compared: as written, and as spoken in English.

As written: Unicode NFKC and case-folding; all but letters, digits, apostrophes and white space is
dropped, so that `lower-case` is one word.

As spoken, in this order: Unicode NFKC and case-folding; `&` and `%` become words; whole numbers
below a billion are spelled out, four digits from 1100 to 1999 as years are read; a word is a run of
letters and digits with apostrophes inside, all else parts words. Other numbers (decimals, ordinals
such as `2nd`) keep their digits.
"""

from __future__ import annotations

import re
import unicodedata

_ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *(
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w]|[.,]\d)|(?<![\w.,])\d+(?![\w]|[.,]\d)")
_DROPPED = re.compile(r"[^\w\s']|_")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LARGEST = 999_999_999
_YEARS = range(1100, 2000)


def written_words(text: str) -> list[str]:
    """The words of a transcript as written; see the module."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return _DROPPED.sub("", plain).split()


def spoken_words(text: str) -> list[str]:
    """The words of a transcript as spoken; see the module."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = plain.replace("&", " and ").replace("%", " percent ").replace("’", "'")
    return _WORD.findall(_NUMBER.sub(_spelled, plain))


def _spelled(found: re.Match[str]) -> str:
    digits = found.group()
    number = int(digits.replace(",", ""))
    if number > _LARGEST or (digits.startswith("0") and len(digits) > 1):
        return digits
    if len(digits) == 4 and number in _YEARS:
        return " ".join(_year(number))
    return " ".join(_cardinal(number))


def _year(number: int) -> list[str]:
    century, rest = divmod(number, 100)
    match rest:
        case 0:
            return [*_cardinal(century), "hundred"]
        case _ if rest < 10:
            return [*_cardinal(century), "oh", _ONES[rest]]
        case _:
            return [*_cardinal(century), *_cardinal(rest)]


def _cardinal(number: int) -> list[str]:
    for size, name in ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if number >= size:
            count, rest = divmod(number, size)
            return [*_cardinal(count), name, *(_cardinal(rest) if rest else ())]
    if number < len(_ONES):
        return [_ONES[number]]
    tens, ones = divmod(number, 10)
    return [_TENS[tens - 2], *([_ONES[ones]] if ones else ())]
