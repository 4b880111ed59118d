"""Whether a text layer says what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingestion.layout.marks import Word

_NAMED_GLYPHS = re.compile(r"/?(?:g|glyph|cid|uni|char|c|G)[_:]?[0-9A-Fa-f]{1,5}|\(cid:\d+\)")
_MOST_MEANINGLESS = 0.12
_MOST_UNMAPPED = 0.3
_MOST_NAMED = 0.3
_MOST_OUTSIDE = 0.5
_FEW_WORDS = 5
_ENOUGH_LETTERS = 200
_VOWELS = (0.2, 0.7)
_FEWEST_LETTERS = 0.15
"""Share of letters and digits in any script that text has."""


def why_unsound(words: Sequence[Word], unmapped: float, width: float, height: float) -> str | None:
    """A reason to read the page by OCR instead; None if the text can be trusted.

    `unmapped` is the share of characters whose meaning the font does not tell.
    """
    text = "".join(word.text for word in words)
    if not text:
        return "the page has no text layer"
    meaningless = sum(_is_meaningless(letter) for letter in text)
    named = sum(_NAMED_GLYPHS.fullmatch(word.text) is not None for word in words)
    outside = sum(not _is_inside(word, width, height) for word in words)
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
        (outside > _MOST_OUTSIDE * len(words), "most of the text layer lies outside the page"),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _is_meaningless(letter: str) -> bool:
    code = ord(letter)
    return (
        code < 0x20
        or 0x7F <= code < 0xA0
        or 0xE000 <= code < 0xF000
        or 0xF100 <= code <= 0xF8FF
        or code in (0xFFFD, 0xFFFF)
        or code >= 0xF0000
    )


def _has_vowels(text: str) -> bool:
    """Whether Latin letters are mixed as in a language; true where there are too few to tell."""
    latin = [letter for letter in text.lower() if "a" <= letter <= "z"]
    if len(latin) < _ENOUGH_LETTERS:
        return True
    vowels = sum(letter in "aeiouy" for letter in latin) / len(latin)
    return _VOWELS[0] <= vowels <= _VOWELS[1]


def _has_letters(text: str) -> bool:
    if len(text) < _ENOUGH_LETTERS:
        return True
    return sum(letter.isalnum() for letter in text) >= _FEWEST_LETTERS * len(text)


def _is_inside(word: Word, width: float, height: float) -> bool:
    left, top, right, bottom = word.shown
    return 0 <= (left + right) / 2 <= width and 0 <= (top + bottom) / 2 <= height
