"""Pages so faint that no text is found on them are brought to full contrast."""

from __future__ import annotations

import numpy as np

from pincite.models.ports import Picture

_FAINT = 48.0
"""Grays, of 255, between the darkest and the lightest parts of a page that is too faint."""
_FAINTEST = 3.0
_ENDS = (0.2, 99.8)
_EVERY = 3


def with_contrast(picture: Picture) -> Picture:
    """The picture itself, unless all of it is nearly of one gray but for noise."""
    darkest, lightest = np.percentile(picture[::_EVERY, ::_EVERY], _ENDS)
    if not _FAINTEST < lightest - darkest < _FAINT:
        return picture
    grays = (np.arange(256) - darkest) * (255 / (lightest - darkest))
    return grays.clip(0, 255).astype(np.uint8)[picture]
