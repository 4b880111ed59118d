"""Accents that a file draws beside their letters, as TeX does, put back onto them."""

from __future__ import annotations

import unicodedata
from typing import cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_COMBINING = {
    "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "¨": "\u0308", "ˇ": "\u030c",
    "˘": "\u0306", "˙": "\u0307", "˝": "\u030b", "˚": "\u030a", "¯": "\u0304", "¸": "\u0327",
    "˛": "\u0328",
}  # fmt: skip
_DOTLESS = {"ı": "i", "ȷ": "j"}
_BELOW = frozenset("¸˛")
_ACCENTS = frozenset(_COMBINING)
NOTHING = "\u2060"
"""Stands for a sign that has become a part of another."""
_NO_GAP = 0.15
"""White between letters of one word, in heights of a letter."""
_MOST = 500


def has_accents(text: str) -> bool:
    return not _ACCENTS.isdisjoint(text)


def composed(text: str, space: Bools, box: Floats) -> str:
    """The text with accented letters; `space` and `box` are changed in place.

    Both count as many characters as before: an accent becomes `NOTHING`, or a space where it
    stood alone, and a space that PDFium took for granted inside a word becomes `NOTHING`.
    """
    letters = list(text)
    alphabetic = np.array([letter.isalpha() for letter in letters]) & ~np.isnan(box[:, 0])
    placed = [at for at, letter in enumerate(letters) if letter in _ACCENTS][:_MOST]
    moved = [at for at in placed if _put_on(at, letters, alphabetic, box)]
    for at in moved:
        letters[at] = NOTHING
        box[at] = np.nan
    for at in moved:
        _close_up(at, letters, space, box)
    for at in moved:
        space[at] = _is_alone(at, letters, space)
    return "".join(letters)


def _put_on(at: int, letters: list[str], alphabetic: Bools, box: Floats) -> bool:
    """Whether a letter under (or over) the accent takes it."""
    left, top, right, bottom = cast("list[float]", box[at].tolist())
    middle = (left + right) / 2
    height = box[:, 3] - box[:, 1]
    with np.errstate(invalid="ignore"):
        fits = alphabetic & (box[:, 0] - 1 <= middle) & (middle <= box[:, 2] + 1)
        if letters[at] in _BELOW:
            fits &= np.abs(top - box[:, 3]) < 0.4 * height
        else:
            fits &= (bottom <= box[:, 1] + 0.5 * height) & (bottom >= box[:, 1] - 0.6 * height)
        places = np.flatnonzero(fits)
    if not len(places):
        return False
    off = np.abs((box[places, 0] + box[places, 2]) / 2 - middle)
    target = int(places[int(np.argmin(off))])
    base = _DOTLESS.get(letters[target], letters[target])
    whole = unicodedata.normalize("NFC", base + _COMBINING[letters[at]])
    if len(whole) > 1:
        return False
    letters[target] = whole
    return True


def _close_up(at: int, letters: list[str], space: Bools, box: Floats) -> None:
    """Take out the spaces next to a moved accent where the letters around them touch."""
    for gap in range(max(0, at - 2), min(len(letters), at + 3)):
        if not space[gap]:
            continue
        before = next((i for i in range(gap - 1, max(-1, gap - 5), -1) if _has_ink(box, i)), None)
        after = next(
            (i for i in range(gap + 1, min(len(letters), gap + 5)) if _has_ink(box, i)), None
        )
        if before is None or after is None:
            continue
        height = max(box[before, 3] - box[before, 1], box[after, 3] - box[after, 1])
        white = box[after, 0] - box[before, 2]
        level = abs(box[after, 3] - box[before, 3]) < height
        if level and -height < white < _NO_GAP * height:
            space[gap] = False
            letters[gap] = NOTHING


def _has_ink(box: Floats, at: int) -> bool:
    return not bool(np.isnan(box[at, 0]))


def _is_alone(at: int, letters: list[str], space: Bools) -> bool:
    """Whether what stands between two spaces is nothing but moved accents."""
    start, end = at, at
    while start > 0 and not space[start - 1]:
        start -= 1
    while end + 1 < len(letters) and not space[end + 1]:
        end += 1
    return all(letter == NOTHING for letter in letters[start : end + 1])
