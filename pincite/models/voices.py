"""Who writes, by where a model is and how large."""

from __future__ import annotations

import re
from typing import Final

from pincite.answers import Voice
from pincite.egress import is_here

SMALL_BELOW: Final = 4.0
"""Billion parameters, where the name tells them."""


def voice_of(model: str, endpoint: str) -> Voice:
    """By where it is, and by the size that its name tells."""
    if not is_here(endpoint):
        return Voice.REMOTE_MODEL
    size = re.search(r"(\d+(?:\.\d+)?)b(?![a-z])", model.casefold())
    small = size is not None and float(size.group(1)) < SMALL_BELOW
    return Voice.SMALL_LOCAL_MODEL if small else Voice.LOCAL_MODEL
