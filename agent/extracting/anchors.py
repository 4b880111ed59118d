"""Where what a model says stands in what it was shown: it chooses among words and adds none."""

from __future__ import annotations

from pincite.grounding.words import folded


def as_written(said: str, text: str) -> str:
    """The words of `text` that `said` is, but for case and spaces; empty where it is not there.

    Whole words count only: `2.50` is no part of `12.50`.
    """
    wanted, within = folded(said).strip(" ."), folded(text)
    if not wanted or not _stands(wanted, within):
        return ""
    words = text.split()
    count = len(wanted.split())
    for start in range(len(words) - count + 1):
        part = " ".join(words[start : start + count])
        if wanted in folded(part):
            return part.strip(" .,;:«»") if folded(part).strip(" .,;:") == wanted else wanted
    return wanted


def _stands(wanted: str, within: str) -> bool:
    at = within.find(wanted)
    while at >= 0 and not _is_whole(within, at, at + len(wanted)):
        at = within.find(wanted, at + 1)
    return at >= 0


def _is_whole(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (
        after.isalnum() and text[end - 1].isalnum()
    )
