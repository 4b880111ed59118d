"""What a line of text says and where its words are: a recognition network with CTC output."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, cast

import numpy as np

from pincite.models.line_pictures import cut, halvings, prepared
from pincite.models.onnx_session import Floats, Session
from pincite.models.ports import Picture
from pincite.models.scripts import readable
from pincite.models.text_detection import Strip
from pincite.models.word_boxes import Letters, ReadWord, words_of
from pincite.models.word_spelling import DOUBT, Words


class Reading(NamedTuple):
    text: str
    confidence: float
    words: tuple[ReadWord, ...]


class TextReader:
    """Reads each line by itself: padding to a common width would cost more than calls do."""

    def __init__(
        self,
        session: Session,
        threads: int,
        languages: Sequence[str] = (),
        known: Words = frozenset(),
    ) -> None:
        """`session` computes in the thread that calls it; `threads` of them call it."""
        self._known = known
        self._session = session
        self._threads = threads
        self._alphabet = ["", *session.fact("character").splitlines(), " "]
        self._barred = np.flatnonzero(~readable(self._alphabet, languages))

    def read(
        self, picture: Picture, strips: Sequence[Strip], stretch: float = 1.0
    ) -> list[Reading]:
        """One reading per strip, in order; an unreadable one has no text.

        Lines are stretched along by `stretch` before they are read.
        """
        levels = halvings(picture, max((strip.height for strip in strips), default=0))
        one = partial(self._one, levels, stretch)
        if self._threads == 1 or len(strips) < 2:
            return list(map(one, strips))
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(one, strips))

    def _one(self, levels: Sequence[Picture], stretch: float, strip: Strip) -> Reading:
        part = cut(levels, strip, stretch)
        values = prepared(part)
        answer = self._session.run(values)[0]
        letters = self._decoded(answer, values.shape[3] / len(answer))
        words = words_of(letters, part, self._known)
        if not words:
            return Reading("", 0.0, ())
        size = sum(len(word.text) for word in words)
        chance = sum(word.confidence * len(word.text) for word in words) / size
        return Reading(" ".join(word.text for word in words), min(1.0, chance), words)

    def _decoded(self, answer: Floats, step: float) -> Letters:
        answer[:, self._barred] = 0
        best = answer.argmax(axis=1)
        kept = best != 0
        kept[1:] &= best[1:] != best[:-1]
        columns = np.flatnonzero(kept)
        codes = cast("list[int]", best[columns].tolist())
        letters = [self._alphabet[code] for code in codes]
        chance = answer[columns, best[columns]]
        at = ((columns + 0.5) * step).astype(np.float32)
        others = [self._others(answer[column], int(best[column])) for column in columns]
        return Letters(letters, chance, at, others)

    def _others(self, chances: Floats, best: int) -> tuple[tuple[str, float], ...]:
        if not self._known or chances[best] > 1 - DOUBT:
            return ()
        codes = np.flatnonzero(chances >= DOUBT).tolist()
        return tuple(
            (self._alphabet[code], float(chances[code])) for code in codes if code not in (0, best)
        )
