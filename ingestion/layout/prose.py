"""Text as it is meant: ligatures undone, hyphens at line ends joined, odd spaces gone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

SOFT = "\ufffe"
"""How PDFium marks a hyphen at the end of a line."""
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
    0x00AD: "",
    0x200B: "",
    0x2060: "",
    0xFEFF: "",
    0x00A0: " ",
    0x2010: "-",
    0x2011: "-",
    0xFFFE: "-",
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF0D8: "➢",
    0xF06E: "■",
    0xF0FC: "✓",
    0xF078: "☒",
    0xF06F: "☐",
}
_UNSPACED = re.compile("[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60]")
"""Chinese and Japanese letters and punctuation."""
_HYPHENS = frozenset("-\u2010\u2011\u00ad") | {SOFT}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_CORE = re.compile(r"\w[\w'’-]*\w|\w")


def clean(text: str) -> str:
    """One word as a person would type it."""
    if _PLAIN.fullmatch(text):
        return text
    return _CONTROL.sub("", text.translate(_LIGATURES))


def vocabulary(words: Iterable[str]) -> frozenset[str]:
    """The words of a page in small letters, by which broken words are judged; none without such."""
    words = list(words)
    if not any(word[-1:] in _HYPHENS for word in words):
        return frozenset()
    return frozenset(
        core.group().lower() for word in words if (core := _CORE.search(word)) is not None
    )


def joined(lines: Sequence[Sequence[str]], known: frozenset[str]) -> str:
    """Words of lines as one text; a word broken at a line end is put together again."""
    text = ""
    for words in lines:
        if not words:
            continue
        start = clean(words[0])
        rest = "".join(f" {clean(word)}" for word in words[1:])
        if text and _is_broken(text, start):
            text = _mend(text, start, known) + rest
        else:
            white = "" if not text or _runs_on(text, start) else " "
            text = text + white + start + rest
    return " ".join(text.split())


def _runs_on(text: str, start: str) -> bool:
    """Whether a script without spaces goes on in the next line."""
    return _UNSPACED.match(text[-1]) is not None and _UNSPACED.match(start) is not None


def _is_broken(text: str, start: str) -> bool:
    return (
        text.endswith("-")
        and len(text) > 1
        and text[-2].isalpha()
        and bool(start)
        and start[0].islower()
    )


def _mend(text: str, start: str, known: frozenset[str]) -> str:
    """Drop the hyphen unless the page writes the word with one."""
    head = text[:-1].rpartition(" ")[2]
    core = _CORE.search(head)
    tail = _CORE.match(start)
    if core is None or tail is None:
        return text + start
    front, back = core.group().lower(), tail.group().lower()
    hyphenated, whole = f"{front}-{back}", front + back
    keeps = whole not in known and (hyphenated in known or "-" in front)
    return text + start if keeps else text[:-1] + start
