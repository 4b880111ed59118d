"""A page of words as a token classifier takes it: boxes of 0 to 1000 and windows that overlap.

LayoutLM (arXiv 1912.13318) and its kin read at most 512 tokens at a time. A longer page is read in
windows; a word that lies in several is judged where it has most context on its nearer side, and a
word of several tokens by its first, which is the one that these models are trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pincite.models.ports import Quad

SCALE = 1000
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Window(NamedTuple):
    """Tokens [start, end) of a page."""

    start: int
    end: int


def scaled_boxes(quads: Sequence[Quad], width: float, height: float) -> Ints:
    """Left, top, right, bottom of each word in thousandths of the page, rounded down.

    What reaches over the edge is cut there: the models have no place for it.
    """
    if not quads:
        return np.zeros((0, 4), dtype=np.int64)
    corners = np.asarray(quads, dtype=np.float64)
    pixels = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    thousandths = SCALE * (pixels / np.array([width, height, width, height]))
    return np.clip(thousandths.astype(np.int64), 0, SCALE)


def windows_of(tokens: int, size: int, overlap: int) -> list[Window]:
    """Windows of at most `size` tokens; neighbours share `overlap`. No tokens, no window.

    The last one may be short. This is how the `tokenizers` library cuts an overlong text.
    """
    step = size - min(overlap, size - 1)
    found: list[Window] = []
    start = 0
    while tokens:
        found.append(Window(start, min(start + size, tokens)))
        if start + size >= tokens:
            break
        start += step
    return found


def first_tokens(word_of_token: Sequence[int], words: int) -> Ints:
    """Position of each word's first token; -1 for a word that the tokenizer drops."""
    first = np.full(words, -1, dtype=np.int64)
    for position in reversed(range(len(word_of_token))):
        first[word_of_token[position]] = position
    return first


def best_window(token: int, windows: Sequence[Window]) -> int:
    """The window in which the token is farthest from a cut; edges of the page are no cuts."""
    last = len(windows) - 1

    def context(index: int) -> float:
        window = windows[index]
        if not window.start <= token < window.end:
            return -1
        left = float("inf") if index == 0 else token - window.start
        right = float("inf") if index == last else window.end - 1 - token
        return min(left, right)

    return max(range(len(windows)), key=context)


def per_word(
    probabilities: Sequence[Floats], windows: Sequence[Window], first: Ints, labels: int
) -> Floats:
    """Shape (words, labels) from one (tokens, labels) per window; zeros for a dropped word."""
    found = np.zeros((len(first), labels))
    for word, token in enumerate(first):
        if token >= 0:
            index = best_window(int(token), windows)
            found[word] = probabilities[index][token - windows[index].start]
    return found
