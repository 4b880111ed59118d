"""Where speech can be cut without cutting a word. Pure."""

from __future__ import annotations

import numpy as np

from pincite.models.sound import RATE, Samples

CUT_WITHIN_S = 10.0
"""How far from an even border a pause is looked for."""
_FRAME = RATE // 50
_PAUSE_FRAMES = 20
"""0.4 seconds: longer than the stops inside words."""


def quietest(sound: Samples) -> float:
    """The middle of the quietest 0.4 s, in seconds from the start of `sound`.

    Of several that are about as quiet, the one nearest to the middle of `sound`.
    """
    frames = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME)
    if len(frames) < _PAUSE_FRAMES:
        return len(sound) / RATE / 2
    loudness = np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1))
    window = np.ones(_PAUSE_FRAMES) / _PAUSE_FRAMES
    level = np.convolve(loudness, window, mode="valid")
    quiet = np.flatnonzero(level <= level.min() * 1.5 + 1e-5)
    middle = (len(level) - 1) / 2
    best = int(quiet[np.argmin(np.abs(quiet - middle))])
    return (best + _PAUSE_FRAMES / 2) * _FRAME / RATE
