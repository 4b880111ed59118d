"""Whether a text layer says what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.layout.marks import Word

_NAMED_GLYPHS = re.compile(r"(?:/?(?:g|glyph|cid|uni|char|c|G)[_:]?[0-9A-Fa-f]{1,5}|\(cid:\d+\))+")
_MEANINGLESS = re.compile(
    "[\x00-\x1f\x7f-\x9f\ue000-\uefff\uf100-\uf8ff\ufffd\uffff\U000f0000-\U0010ffff]+"
)
_LATIN = re.compile(r"[A-Za-z]+")
_WORDLIKE = re.compile(r"[^\W_]+")
_MOST_MEANINGLESS = 0.12
_MOST_UNMAPPED = 0.3
_MOST_NAMED = 0.3
_MOST_OUTSIDE = 0.5
_FEW_WORDS = 5
_ENOUGH_LETTERS = 200
_VOWELS = (0.2, 0.7)
_FEWEST_WORDS = 40
_MOST_ODD = 0.02
_ODD = re.compile(r".*(?:[a-z][A-Z]|[A-Za-z]\d+[A-Za-z]|\d[a-z]{2,}\d)")
_LONE = re.compile(r"[^\W\d]|[^\w\s]")
_LONE_WORDS = frozenset("aAI&–—-•|+=/*©®")
_FEWEST_LETTERS = 0.15
"""Share of letters and digits in any script that text has."""


def why_unsound(words: Sequence[Word], unmapped: float, outside: int) -> str | None:
    """A reason to read the page by OCR instead; None if the text can be trusted.

    `unmapped` is the share of characters whose meaning the font does not tell, `outside` how many
    further words lie off the page.
    """
    text = "".join([word.text for word in words])
    if outside > _MOST_OUTSIDE * (outside + len(words)):
        return "most of the text layer lies outside the page"
    if not text:
        return "the page has no text layer"
    meaningless = sum(map(len, _MEANINGLESS.findall(text)))
    named = sum(_NAMED_GLYPHS.fullmatch(word.text) is not None for word in words)
    like_language = _has_vowels(text) and _has_letters(text)
    reasons = (
        (
            meaningless > _MOST_MEANINGLESS * len(text),
            "the text layer has characters without meaning",
        ),
        (
            unmapped > _MOST_UNMAPPED and not like_language,
            "the fonts do not say what their characters mean",
        ),
        (
            len(words) > _FEW_WORDS and named > _MOST_NAMED * len(words),
            "the text layer holds glyph names instead of text",
        ),
        (not like_language, "the text layer is in no language"),
    )
    return next((reason for holds, reason in reasons if holds), None)


def why_misread(words: Sequence[Word], fewest: int = _FEWEST_WORDS) -> str | None:
    """A reason to read a scan anew although another program has laid its text over it."""
    if len(words) < fewest:
        return None
    odd = sum(_is_odd(word.text) for word in words)
    if odd > _MOST_ODD * len(words):
        return "the text laid over the scan is badly read"
    return None


def _is_odd(text: str) -> bool:
    """Stray letters and signs, capitals and digits in the middle of words."""
    if len(text) == 1:
        return text not in _LONE_WORDS and _LONE.fullmatch(text) is not None
    return _ODD.match(text) is not None


def _has_vowels(text: str) -> bool:
    """Whether Latin letters are mixed as in a language; true where there are too few to tell."""
    latin = "".join(_LATIN.findall(text)).lower()
    if len(latin) < _ENOUGH_LETTERS:
        return True
    vowels = sum(latin.count(vowel) for vowel in "aeiouy") / len(latin)
    return _VOWELS[0] <= vowels <= _VOWELS[1]


def _has_letters(text: str) -> bool:
    if len(text) < _ENOUGH_LETTERS:
        return True
    return sum(map(len, _WORDLIKE.findall(text))) >= _FEWEST_LETTERS * len(text)
