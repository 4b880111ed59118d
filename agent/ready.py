"""An answer that code made, without a model: its sentences and their places."""

from __future__ import annotations

from typing import NamedTuple

from pincite.answers import CheckedSentence, Citation
from pincite.models.ports import Numbered


class Ready(NamedTuple):
    sentences: tuple[CheckedSentence, ...]
    citations: tuple[Citation, ...]
    """Numbered from 1, as the sentences cite them."""
    evidence: tuple[Numbered, ...]
    """The same elements under the same numbers."""
    step: str
    """How it was made."""
