"""Where sound begins and ends in a clean recording: a reference for times where none was marked."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_FRAME_S = 0.01
_BELOW_PEAK_DB = 30.0
"""Speech is taken to be within this of the loudest 10 ms; breath and room are further below."""
_QUIET_DB = 38.0
"""A recording whose quietest tenth is not this far below has no pause to see an edge against."""
_LASTING = 3
"""Frames: a shorter burst is a click."""


class Edges(NamedTuple):
    start_s: float
    end_s: float


def sound_edges(samples: npt.NDArray[np.float32], rate: int) -> Edges | None:
    """First and last moment of sound; None where noise hides them or nothing is heard."""
    size = int(rate * _FRAME_S)
    frames = samples[: len(samples) // size * size].astype(np.float64).reshape(-1, size)
    if len(frames) <= _LASTING:
        return None
    power = np.maximum((frames**2).mean(axis=1), 1e-12)
    level = 10 * np.log10(power / power.max())
    if np.percentile(level, 10) > -_QUIET_DB:
        return None
    loud = level > -_BELOW_PEAK_DB
    lasting = np.convolve(loud, np.ones(_LASTING), "valid") == _LASTING
    found = np.flatnonzero(lasting)
    if not len(found):
        return None
    return Edges(float(found[0]) * _FRAME_S, float(found[-1] + _LASTING) * _FRAME_S)
