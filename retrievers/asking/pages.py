"""Page numbers in a question: `on page 12`, `pages 3–5`, `Seite 4`, `the first page`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_PAGE: Final = (
    r"(?:pages?|pp?\.|slides?|seiten?|folien?|página|páginas|pág\.|pagina|diapositiva|feuille)"
)
_WORDS: Final = {
    word: number
    for number, words in enumerate(
        (
            "one eins un une uno una first erste ersten première primera",
            "two zwei deux dos second zweite zweiten deuxième segunda",
            "three drei trois tres third dritte dritten troisième tercera",
            "four vier quatre cuatro fourth vierte vierten quatrième cuarta",
            "five fünf cinq cinco fifth fünfte fünften cinquième quinta",
            "six sechs seis sixth sechste sechsten",
            "seven sieben sept siete seventh siebte siebten",
            "eight acht huit ocho eighth achte achten",
            "nine neun neuf nueve ninth neunte neunten",
            "ten zehn dix diez tenth zehnte zehnten",
        ),
        start=1,
    )
    for word in words.split()
}
_NUMBER: Final = rf"(\d{{1,5}}|{'|'.join(_WORDS)})"
_LEAD: Final = (
    r"(?:\b(?:on|at|from|in|of|auf|von|sur|de|dans|en)\s+)?(?:(?:the|der|den|la|las|les)\s+)?"
)
_RANGE: Final = re.compile(
    rf"{_LEAD}\b{_PAGE}\s*{_NUMBER}\b(?:\s*(?:-|–|—|to|and|through|until|bis|und|à|et|a|y)\s*"
    rf"(?:{_PAGE}\s*)?(\d{{1,5}})\b)?",
    re.IGNORECASE,
)
_ORDINAL: Final = re.compile(
    rf"{_LEAD}\b({'|'.join(_WORDS)})\s+(?:page|slide|seite|folie|página)\b", re.IGNORECASE
)
_COVER: Final = re.compile(rf"{_LEAD}\b(?:cover|title page|titelseite)\b", re.IGNORECASE)


class Pages(NamedTuple):
    first: int
    last: int
    said: str
    """The words that say so."""

    def __str__(self) -> str:
        return (
            f"page {self.first}" if self.first == self.last else f"pages {self.first}–{self.last}"
        )


def pages(question: str) -> Pages | None:
    """The first ones that are named; a range that runs backwards is its first page."""
    if (found := _RANGE.search(question)) is not None:
        first = _number(found[1])
        last = int(found[2]) if found[2] else first
        return Pages(first, max(first, last), found[0]) if first else None
    if (found := _ORDINAL.search(question)) is not None:
        number = _number(found[1])
        return Pages(number, number, found[0])
    found = _COVER.search(question)
    return Pages(1, 1, found[0]) if found else None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _WORDS[text.lower()]
