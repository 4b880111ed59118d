"""OCR against marked text: words as a multiset of the page, characters line by line.

Words. Both texts are brought to Unicode NFKC and case-folded; a word is a run of letters and
digits, so `$1,214.00` is three. A word counts as read as often as it stands in both texts of the
page. Order, place and punctuation play no part.

Characters. Marked words are gathered into lines; each read word goes to the line it covers most of,
and is an insertion where it covers none. The edit distance is summed over lines, each read from
left to right, over all characters of the same normal form without white space.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from evals.datasets.marked import MarkedText
from evals.scorers.edits import distance
from pincite.values import Value

_WORD = re.compile(r"[^\W_]+")
_WIDE_GAP = 2.0
"""In heights of a line: where a gap is wider, another line begins."""


class WordCounts(Value):
    """Sums over pages, so that figures of a whole set are made of them."""

    matched: int = 0
    expected: int = 0
    got: int = 0
    edits: int = 0
    characters: int = 0

    def __add__(self, other: WordCounts) -> WordCounts:
        return WordCounts(
            matched=self.matched + other.matched,
            expected=self.expected + other.expected,
            got=self.got + other.got,
            edits=self.edits + other.edits,
            characters=self.characters + other.characters,
        )

    @property
    def precision(self) -> float:
        return self.matched / self.got if self.got else float(not self.expected)

    @property
    def recall(self) -> float:
        return self.matched / self.expected if self.expected else float(not self.got)

    @property
    def f1(self) -> float:
        both = self.expected + self.got
        return 2 * self.matched / both if both else 1.0

    @property
    def cer(self) -> float:
        """Edits per marked character; may be above 1."""
        return self.edits / self.characters if self.characters else float(self.edits > 0)


def words_of(text: str) -> list[str]:
    """The words of a text in normal form; see the module."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def compare(expected: Sequence[MarkedText], got: Sequence[MarkedText]) -> WordCounts:
    """Counts of one page; items may be words or lines."""
    wanted = Counter(word for item in expected for word in words_of(item.text))
    seen = Counter(word for item in got for word in words_of(item.text))
    edits, characters = _edits(expected, got)
    return WordCounts(
        matched=(wanted & seen).total(),
        expected=wanted.total(),
        got=seen.total(),
        edits=edits,
        characters=characters,
    )


def unmatched(expected: Iterable[MarkedText], got: Iterable[MarkedText]) -> list[MarkedText]:
    """Items of `expected` with a word that `got` lacks, in order."""
    left = Counter(word for item in got for word in words_of(item.text))
    missed: list[MarkedText] = []
    for item in expected:
        words = Counter(words_of(item.text))
        if words - left:
            missed.append(item)
        left -= words
    return missed


def _edits(expected: Sequence[MarkedText], got: Sequence[MarkedText]) -> tuple[int, int]:
    lines = marked_lines([word for item in expected for word in single_words(item)])
    read: list[list[MarkedText]] = [[] for _ in lines]
    edits = 0
    for word in (word for item in got for word in single_words(item)):
        covered = [sum(_overlap(word, other) for other in line) for line in lines]
        best = max(range(len(lines)), key=covered.__getitem__, default=None)
        if best is None or not covered[best]:
            edits += len(_plain([word]))
        else:
            read[best].append(word)
    edits += sum(
        distance(_plain(line), _plain(words)) for line, words in zip(lines, read, strict=True)
    )
    return edits, sum(len(_plain(line)) for line in lines)


def single_words(item: MarkedText) -> Iterator[MarkedText]:
    """The words of a line, its width dealt out by their number of characters."""
    step = (item.right - item.left) / max(1, len(item.text))
    start = 0
    for word in item.text.split():
        start = item.text.index(word, start)
        end = start + len(word)
        yield MarkedText(
            text=word,
            left=item.left + step * start,
            top=item.top,
            right=item.left + step * end,
            bottom=item.bottom,
        )
        start = end


def marked_lines(words: Iterable[MarkedText]) -> list[list[MarkedText]]:
    """Words that stand level and near each other, from top to bottom, each from left to right."""
    rows: list[list[MarkedText]] = []
    for word in sorted(words, key=_middle):
        if rows and _level(rows[-1][-1], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [line for row in rows for line in _parted(sorted(row, key=lambda word: word.left))]


def _middle(word: MarkedText) -> float:
    return (word.top + word.bottom) / 2


def _level(one: MarkedText, other: MarkedText) -> bool:
    height = min(one.bottom - one.top, other.bottom - other.top)
    return abs(_middle(one) - _middle(other)) < 0.5 * height


def _parted(row: Sequence[MarkedText]) -> Iterator[list[MarkedText]]:
    line = [row[0]]
    for word in row[1:]:
        if word.left - line[-1].right > _WIDE_GAP * (word.bottom - word.top):
            yield line
            line = []
        line.append(word)
    yield line


def _plain(words: Sequence[MarkedText]) -> str:
    """As characters are compared: in order from the left, case-folded, without white space."""
    ordered = sorted(words, key=lambda word: word.left)
    text = unicodedata.normalize("NFKC", "".join(word.text for word in ordered))
    return "".join(text.casefold().split())


def _overlap(one: MarkedText, other: MarkedText) -> float:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0.0, width) * max(0.0, height)
