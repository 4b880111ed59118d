"""Questions that a text answers or does not; shared by the sets that measure refusal."""

from __future__ import annotations

import hashlib

from pincite.values import Value


class Posed(Value):
    id: str
    question: str
    is_answerable: bool
    group: str
    """The file, article or passage: questions of one group are no independent cases."""
    title: str
    """Of what is given to read."""
    text: str = ""
    """The passage that is given to read; empty where a whole file is."""


def chooses(id_: str) -> bool:
    """Whether cuts may be chosen on a question, so that figures leave it out: the SHA-256 is even.

    For sets of which there is one part only.
    """
    return int(hashlib.sha256(id_.encode()).hexdigest(), 16) % 2 == 0
