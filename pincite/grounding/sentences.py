"""Where sentences end, in whole texts and in texts that are still being written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

_END: Final = re.compile(
    r"[.!?…]+[\"'”’»)]*(?:\s*\[\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\])*(?:[.!?]+(?=\s|$))?(?=\s|$)"
)
_BREAK: Final = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*•–]|\d{1,2}[.)])\s)")
_LINE: Final = re.compile(r"\n")
_BULLET: Final = re.compile(r"\s*(?:[-*•–]|\(?\d{1,2}[.)])\s*\Z")
_ABBREVIATIONS: Final = frozenset(
    re.findall(
        r"\S+",
        "mr mrs ms dr prof st jr sr vs etc e.g i.e cf fig figs eq sec art approx inc ltd co corp "
        "dept est ed vol pp p al ca jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed "
        "thu fri sat sun a.m p.m u.s u.k ph.d gen col lt sgt rev hon gov sen rep ave blvd rd bros "
        "max min incl excl resp z.b d.h bzw usw ggf",
    )
)
_STATES: Final = frozenset({"AL", "CA", "CO"})
"""In capitals an American state and no abbreviation: `in Fresno, CA. It opened`."""
_BEFORE_NUMBER: Final = frozenset({"no", "nos", "nr", "art", "sec", "fig", "vol", "ch", "pp", "p"})
_MONTH: Final = re.compile(
    r"(?:Jan(?:uar|\.)|Feb(?:ruar|\.)|März|April|Mai|Jun[ei]|Jul[iy]|Aug(?:ust|\.)|"
    r"Sept?(?:ember|\.)|O[ck]tober|Nov(?:ember|\.)|De[cz]ember)\b"
)
"""Behind a day of its own: `am 1. Oktober 2024`."""
_TOKEN: Final = re.compile(r"\S+\Z")
_BLOCK: Final = re.compile(
    r"^[ \t]*```[^\n]*\n(?:.*?^[ \t]*```[ \t]*$|.*\Z)|(?:^[ \t]*\|[^\n]*(?:\n|\Z))+", re.M | re.S
)
"""Code between fences, also where the second one is still to come, and lines of a table."""


class Span(NamedTuple):
    start: int
    end: int


def answer_sentences(text: str) -> list[Span]:
    """Sentences of what a model wrote: by lines, a table or a block of code being one."""
    blocks = [block.span() for block in _BLOCK.finditer(text)]
    ends = _ends(text, lines=True)
    return _spans(text, (e for e in ends if not any(a < e < _end(text, b) for a, b in blocks)))


def _end(text: str, end: int) -> int:
    """Without the line break that a block ends in."""
    return end - 1 if text[end - 1 : end] == "\n" else end


def sentences(text: str, *, lines: bool = False) -> list[Span]:
    """Sentences without the white space around them; marks behind the full stop belong to it.

    With `lines` every line break ends a sentence; without it only empty lines and bullets do (text
    of a document, whose lines are often just wrapped).
    """
    return _spans(text, _ends(text, lines=lines))


def _spans(text: str, ends: Iterable[int]) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for end in ends:
        if end > start:
            spans.append(_trimmed(text, start, end))
            start = end
    return [span for span in spans if span.end > span.start]


def _ends(text: str, *, lines: bool) -> Iterator[int]:
    breaks = {m.start() for m in (_LINE if lines else _BREAK).finditer(text)}
    stops = {m.end() for m in _END.finditer(text) if _ends_sentence(text, m)}
    yield from sorted(breaks | stops | {len(text)})


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    after = text[stop.end() :].lstrip()
    if not after:
        return True
    if stop.group()[0] in "!?…" or "[" in stop.group():
        return not after[0].islower()
    token = _TOKEN.search(text[: stop.start()])
    written = token.group().lstrip("(\"'“‘[") if token else ""
    word = "" if written in _STATES else written.casefold()
    if _BULLET.fullmatch(text[text.rfind("\n", 0, stop.start()) + 1 : stop.end()]):
        return False
    if word in _BEFORE_NUMBER and after[0].isdigit():
        return False
    if word.isdigit() and _MONTH.match(after):
        return False
    initial = len(word) == 1 and word.isalpha() and word != "i" and not _is_unit(text, stop, word)
    return not (word in _ABBREVIATIONS or initial or after[0].islower())


def _is_unit(text: str, stop: re.Match[str], word: str) -> bool:
    """`1.24 m. The` ends a sentence, `J. Smith` does not."""
    return word in "mglkstvwh" and bool(re.search(r"\d\s?\w\Z", text[: stop.start()]))


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


class SentenceStream:
    """Cuts a growing text; a sentence is given out when the next one has begun."""

    def __init__(self) -> None:
        self._text = ""

    def feed(self, piece: str) -> list[str]:
        """Sentences that are complete now, in order."""
        self._text += piece
        spans = answer_sentences(self._text)
        if len(spans) < 2 or _may_be_mark(self._text[spans[-1].start :]):
            return []
        done = [self._text[span.start : span.end] for span in spans[:-1]]
        self._text = self._text[spans[-1].start :]
        return done

    @property
    def rest(self) -> str:
        """What has been written of the sentence that is not complete."""
        return self._text.strip()


def _may_be_mark(rest: str) -> bool:
    """Whether the rest may turn out to be a citation that belongs to the sentence before."""
    return bool(re.fullmatch(r"\[[\d\s,;–-]*\]?[.!?]?", rest))
