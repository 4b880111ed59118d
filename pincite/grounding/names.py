"""Names in a claim: capitalised words, codes and quoted words that the evidence must know too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pincite.grounding.odd_numerals import is_roman
from pincite.grounding.words import folded, stem

_TOKEN: Final = re.compile(r"[A-Za-zÀ-ɏ0-9][\w'’&/-]*(?:\.[\w-]+)*(?:@[\w.-]+)?")
_CODE: Final = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[\w/-]+\Z|[\w.+-]+@[\w.-]+\Z")
_NOT_NAMES: Final = frozenset(
    re.findall(
        r"\w+",
        "i a an the this that these those it he she we they you his her its their our my in on at "
        "by for from of to and or but if as is are was were no yes not all some each both such "
        "there here when where while after before during since because however therefore thus "
        "also another according based overall finally additionally moreover furthermore mr mrs "
        "ms dr prof sir madam may source sources document documents evidence passage passages "
        "says one two three four five six seven eight nine ten q1 q2 q3 q4 fy km kg kwh pm am "
        "usd eur gbp chf jpy",
    )
)
_UNIT_LIKE: Final = re.compile(
    r"(?:FY|CY|Q[1-4]|H[12])[-/]?\d{0,4}\Z|\d[\d.,]*(?:st|nd|rd|th|s|k|m|bn|mn|km|kg|cm|mm|g|h|min|%)?\Z",
    re.I,
)
CLOSE_ENOUGH: Final = 0.8
"""Similarity at which a misread name (OCR, speech) still counts as the same."""


def names_in(text: str) -> list[str]:
    """Name words in order, without repetition; the first word of a sentence only where it is odd.

    A first word is taken when a capital follows inside it or in the next word, or it is a code.
    """
    found: dict[str, None] = {}
    tokens = list(_TOKEN.finditer(text))
    for place, token in enumerate(tokens):
        word = re.sub(r"['’]s\Z", "", token.group())
        if folded(word) in _NOT_NAMES or _UNIT_LIKE.match(word) or is_roman(word):
            continue
        first = place == 0 or re.search(r"[.!?:\"“]\s*\Z", text[: token.start()])
        following = tokens[place + 1].group() if place + 1 < len(tokens) else ""
        if _is_name(word) and (not first or _is_odd(word, following)):
            found[word] = None
    return list(found)


def _is_name(word: str) -> bool:
    return bool(_CODE.match(word)) or (word[0].isupper() and len(word) > 1)


def _is_odd(word: str, following: str) -> bool:
    inner = any(letter.isupper() or letter.isdigit() for letter in word[1:])
    return inner or (following[:1].isupper() and folded(following) not in _NOT_NAMES)


def missing_names(claim: str, evidence: str, *, misread: bool = False) -> list[str]:
    """Names of `claim` that `evidence` does not hold, in any form that is known to mean the same.

    With `misread` (OCR, speech) similar spellings count. Initials stand for the names they come
    from (`WHO` for World Health Organization) and the other way round.
    """
    names = names_in(claim)
    if not names:
        return []
    held = _forms(_TOKEN.findall(evidence))
    joined = re.sub(r"[\W_]+", "", folded(evidence))
    initials = _initials(evidence)
    missing = [name for name in names if not _is_held(name, held, joined, initials)]
    if misread:
        missing = [name for name in missing if not _resembles(folded(name), held)]
    return missing


def _is_held(name: str, held: set[str], joined: str, initials: set[str]) -> bool:
    plain = re.sub(r"[\W_]+", "", folded(name))
    if plain in held or stem(plain) in held:
        return True
    if len(plain) >= 5 and plain in joined:
        return True
    return name.isupper() and plain in initials


def _forms(tokens: Iterable[str]) -> set[str]:
    forms: set[str] = set()
    for token in tokens:
        for part in (token, *re.split(r"[-/&.']", token)):
            plain = re.sub(r"[\W_]+", "", folded(re.sub(r"['’]s\Z", "", part)))
            forms.update((plain, stem(plain)))
    return forms


def _initials(text: str) -> set[str]:
    """Initials of every run of two to six capitalised words, small words between them skipped."""
    runs = re.findall(
        r"(?:[A-Z][\w'-]+(?:\s+(?:of|the|and|for|de|und))*\s+){1,5}[A-Z][\w'-]+", text
    )
    found: set[str] = set()
    for run in runs:
        letters = [word[0].casefold() for word in run.split() if word[0].isupper()]
        for start in range(len(letters) - 1):
            for end in range(start + 2, len(letters) + 1):
                found.add("".join(letters[start:end]))
    return found


def _resembles(name: str, held: set[str]) -> bool:
    if len(name) < 4:
        return False
    return any(
        abs(len(name) - len(word)) <= 2 and _similarity(name, word) >= CLOSE_ENOUGH
        for word in held
        if len(word) >= 4
    )


def _similarity(a: str, b: str) -> float:
    """One minus the edit distance over the longer length."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            cost = min(row[j] + 1, row[j - 1] + 1, before + (x != y))
            before, row[j] = row[j], cost
    return 1 - row[-1] / max(len(a), len(b), 1)
