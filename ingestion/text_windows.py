"""How long a text is for an encoder, and windows over texts that are too long for one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_PIECE = re.compile(r"\d{1,3}|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,9}|[^\s_]|_+")
_SENTENCE_END = re.compile(r"(?<=[.!?…;])[\"'”’)\]]*\s+|(?<=[。！？])|\n+")


def pieces(text: str) -> int:
    """Estimated word pieces: about 1.3 per English word, one per sign, one per CJK character."""
    return len(_PIECE.findall(text))


def sentences(text: str) -> list[str]:
    """Sentences and lines without the blanks around them; nothing else is lost."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]


def windows(text: str, *, limit: int, overlap: int) -> list[str]:
    """Cut `text` into windows of at most `limit` pieces, at sentence ends where there are any.

    Each window begins with what the last one ended with, up to `overlap` pieces of it, so that a
    fact which spans two sentences lies whole in one window.
    """
    if pieces(text) <= limit:
        return [text]
    parts = [part for sentence in sentences(text) for part in _cut(sentence, limit - overlap)]
    return list(_joined(parts, limit=limit, overlap=overlap))


def _joined(parts: Sequence[str], *, limit: int, overlap: int) -> Iterator[str]:
    window: list[str] = []
    size = 0
    for part in parts:
        length = pieces(part)
        if window and size + length > limit:
            yield " ".join(window)
            window, size = _tail(window, overlap)
        window.append(part)
        size += length
    if window:
        yield " ".join(window)


def _tail(window: Sequence[str], overlap: int) -> tuple[list[str], int]:
    """The last parts of a window that fit into `overlap` pieces; possibly none."""
    kept: list[str] = []
    size = 0
    for part in reversed(window):
        length = pieces(part)
        if size + length > overlap:
            break
        kept.insert(0, part)
        size += length
    return kept, size


def _cut(sentence: str, limit: int) -> Iterator[str]:
    """A sentence that is longer than a window, in runs of words; a longer word in runs of signs."""
    if pieces(sentence) <= limit:
        yield sentence
        return
    run: list[str] = []
    size = 0
    words = [part for whole in sentence.split() for part in _short(whole, limit)]
    for word in words:
        length = pieces(word)
        if run and size + length > limit:
            yield " ".join(run)
            run, size = [], 0
        run.append(word)
        size += length
    if run:
        yield " ".join(run)


def _short(word: str, limit: int) -> list[str]:
    """A word has at most one piece per sign, so `limit` signs always fit."""
    if pieces(word) <= limit:
        return [word]
    return [word[at : at + limit] for at in range(0, len(word), limit)]
