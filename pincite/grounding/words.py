"""Words as they are compared: folded, lightly stemmed, without the words that say nothing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"\d+(?:[.,]\d+)+(?![^\W\d_])|[^\W_]+(?:['’][^\W\d_]+)?")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+\Z")
COMMON: Final = frozenset(
    _WORD.findall(
        "a about above according after all also although am among an and another any are as at be "
        "because been before being below between both but by can could did do does doing down "
        "during each either else for from further had has have having he her here hers him his "
        "how however i if in into is it its itself just may me might more most must my no nor not "
        "now of off on once one only or other others our out over own per same shall she should "
        "since so some such than that the their them then there therefore these they this those "
        "through thus to too under until up upon us very was we were what when where whether "
        "which while who whom whose why will with within without would yes yet you your"
    )
)
_ENDINGS: Final = (
    ("ational", "ate"), ("ization", "ize"), ("isation", "ize"), ("fulness", "ful"),
    ("iveness", "ive"), ("ations", "ate"), ("ation", "ate"), ("ments", "ment"), ("ities", "ity"),
    ("ising", "ize"), ("izing", "ize"), ("ises", "ize"), ("ised", "ize"), ("ies", "y"),
    ("ied", "y"), ("ings", ""), ("ing", ""), ("edly", ""), ("ed", ""), ("sses", "ss"), ("ly", ""),
)  # fmt: skip


def folded(text: str) -> str:
    """Lower case, compatibility forms, plain quotes and dashes, single spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"[‘’ʼ]", "'", re.sub(r"[“”„«»]", '"', plain))
    return re.sub(r"\s+", " ", re.sub(r"[‐-―−]", "-", plain)).strip()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A light stem: enough that `increases`, `increased` and `increasing` meet."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return _even(word[: -len(ending)] + instead)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return _even(word[:-2] if word.endswith("es") else word[:-1])
    return _even(word)


def _even(word: str) -> str:
    """Drop what the endings left uneven: a final `e`, a doubled consonant."""
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word


def words(text: str) -> list[str]:
    """All words of a folded text; no possessive endings, no commas in thousands."""
    return [_bare(word) for word in _WORD.findall(folded(text))]


def _bare(word: str) -> str:
    if word[0].isdigit():
        return word.replace(",", "") if _THOUSANDS.match(word) else word
    return re.sub(r"'s?\Z", "", word)


def content(text: str) -> list[str]:
    """Stems of the words that say something, in order, with repetitions; numbers included."""
    return [stem(word) for word in words(text) if word not in COMMON]


def spoken(text: str) -> list[str]:
    """Like `content`, without numbers."""
    return [word for word in content(text) if not word[0].isdigit()]
