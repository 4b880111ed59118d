"""Which sentences or rows, among those a verdict rests on, a claim is to be held against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pincite.grounding.contexts import Piece
from pincite.grounding.words import content

MOST: Final = 3
"""Pieces that one claim points at."""
ADDS: Final = 0.2
"""Share of the claim's words that each further piece must add."""


def bearing_pieces(claim: str, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that together hold most of the claim's words, in the order they were chosen.

    A greedy cover: each next piece is the one that adds most, of equal ones the first and
    shortest. The first piece comes even where no word is shared.
    """
    wanted = frozenset(content(claim))
    held = {piece: frozenset(content(piece.text)) & wanted for piece in dict.fromkeys(pieces)}
    chosen: list[Piece] = []
    covered: frozenset[str] = frozenset()
    while held and len(chosen) < MOST:
        best = max(held, key=lambda piece: len(held[piece] - covered))
        gain = len(held.pop(best) - covered)
        if chosen and gain < max(2, ADDS * len(wanted)):
            break
        chosen.append(best)
        covered = covered | frozenset(content(best.text)) & wanted
    return chosen
