"""What finds passages by one kind of likeness; fusion makes one list of several."""

from __future__ import annotations

from typing import Protocol

from pincite.elements import Scope
from pincite.index.ports import Hit
from pincite.models.ports import Modality


class Finder(Protocol):
    """Ranks passages against a question by one measure of its own."""

    @property
    def name(self) -> str:
        """As it stands in `Evidence.found_by`."""
        ...

    @property
    def modality(self) -> Modality:
        """Of what it looks at."""
        ...

    @property
    def counts_in_full(self) -> bool:
        """Whether its list may count for a whole modality.

        Not where it is the only one of its modality and always finds something, however far.
        """
        ...

    @property
    def scores_are_cosines(self) -> bool:
        """Whether a score may be shown as `Evidence.similarity`."""
        ...

    def find(self, question: str, scope: Scope, *, keep: int) -> list[Hit]:
        """At most `keep` hits, best first."""
        ...
