"""Text → the terms that keyword search knows; the same for documents and questions.

Pure and stable: a change here changes what is stored, so it needs a new `words.VERSION`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from pincite.index.stemming import stem_english

LONGEST = 64
"""Characters of a term; what is longer (hashes, base64) is cut."""

_MARKS = "".join(c for c in map(chr, range(0x300, 0x1D00)) if unicodedata.category(c)[0] == "M")
_UNSEGMENTED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han, kana
    "\uac00-\ud7af\U00020000-\U0003ffff"  # Hangul, rarer Han
)
_W = rf"[\w{re.escape(_MARKS)}]"  # `fold` has taken the underscore out
_ATOM = rf"(?:\d+(?:[.,]\d+)*{_W}*|{_W}+(?:['.]{_W}+)*)"
_COMPOUND = re.compile(rf"{_ATOM}(?:[-\u2010\u2011]{_ATOM})*")
_ATOMS = re.compile(_ATOM)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SCRIPTS = re.compile(rf"[{_UNSEGMENTED}]+|[^{_UNSEGMENTED}]+")
_IS_UNSEGMENTED = re.compile(rf"[{_UNSEGMENTED}]")
_IN_NUMBER = re.compile(r"(?<=\d)[\u00a0\u2009\u202f'\u2019](?=\d{3}(?!\d))")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200d\u2060\ufeff]")
_LATIN_ACCENTS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_THOUSANDS_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3}){2,}")
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_CLITICS = frozenset({"s", "t", "d", "m", "re", "ve", "ll"})

_STOP_WORDS = (
    "a about above after again all also am an and any are as at be because been before being "
    "below between both but by can could did do does doing down during each few for from further "
    "had has have having he her here hers him his how i if in into is it its itself just me more "
    "most my no nor not of off on once only or other our out over own same she should so some "
    "such than that the their them then there these they this those through to too under until "
    "up very was we were what when where which while who whom why will with would you your"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())


def terms(text: str) -> Iterator[str]:
    """Terms in reading order, repeated as often as they occur.

    English stop words are left out and Latin words are stemmed. A number gives its value without
    separators and, where that differs, its written form; `state-of-the-art` its parts and the
    whole; scripts without spaces overlapping pairs of characters.
    """
    for compound in _COMPOUND.findall(fold(text)):
        yield from _of_compound(compound)


def fold(text: str) -> str:
    """Case, width, ligatures and Latin accents do not matter to search."""
    text = _IN_NUMBER.sub("", text.replace("_", " "))
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).replace("_", " ")
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFD", text.casefold().replace("\u2019", "'"))
    return unicodedata.normalize("NFC", _LATIN_ACCENTS.sub("", text))


def numeral(written: str) -> str | None:
    """The value as plain digits: `1,234.50` and `1.234,5` are 1234.5, `08` is 8.

    None for what is no single number, such as `1.2.3`. A single point is a decimal point, a single
    comma before three digits groups thousands.
    """
    whole, _, fraction = _plain(written).partition(".")
    if "." in fraction:
        return None
    fraction = str(int(f"1{fraction}"))[1:].rstrip("0")  # int: digits of any script become ASCII
    return f"{int(whole)}.{fraction}" if fraction else str(int(whole))


def _plain(written: str) -> str:
    if "," in written and "." in written:
        decimal = max(written.rfind(","), written.rfind("."))
        head = written[:decimal].replace(",", "").replace(".", "")
        return f"{head}.{written[decimal + 1 :]}"
    if _THOUSANDS.fullmatch(written) or _THOUSANDS_DOTTED.fullmatch(written):
        return written.replace(",", "").replace(".", "")
    return written.replace(",", ".")


@lru_cache(maxsize=50_000)
def _of_compound(compound: str) -> tuple[str, ...]:
    atoms = _ATOMS.findall(compound)
    found = [term for atom in atoms for term in _of_atom(atom)]
    whole = "".join(atoms)
    if 1 < len(atoms) <= 3 and whole.isalnum() and not whole.isdecimal():
        found.append(_stem(whole))
    return tuple(found)


def _of_atom(atom: str) -> Iterator[str]:
    number = _NUMBER.match(atom)
    if number is None:
        yield from _of_word(atom)
        return
    digits, unit = number.group()[:LONGEST], atom[number.end() :]
    value = numeral(digits)
    if value is not None:
        yield value
    if value != digits:
        yield digits
    if unit and unit not in _ORDINALS:
        if unit.isascii():
            yield atom[:LONGEST]
        yield from _of_word(unit)


def _of_word(word: str) -> Iterator[str]:
    for run in _SCRIPTS.findall(word):
        if _IS_UNSEGMENTED.match(run):
            yield from (run[i : i + 2] for i in range(max(1, len(run) - 1)))
        else:
            yield from _of_letters(run.strip("'."))


def _of_letters(word: str) -> Iterator[str]:
    parts = word.split(".")
    if len(parts) > 1 and all(len(part) == 1 for part in parts):  # u.s.a
        yield "".join(parts)[:LONGEST]
        return
    for part in parts:
        head, apostrophe, tail = part.rpartition("'")
        pieces = (part,) if not apostrophe or tail in _CLITICS else (*head.split("'"), tail)
        for piece in pieces:
            if piece and piece not in STOP_WORDS:
                yield _stem(piece)


def _stem(word: str) -> str:
    return stem_english(word[:LONGEST]) if word.isascii() else word[:LONGEST]
