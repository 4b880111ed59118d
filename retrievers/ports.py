"""What a retriever promises."""

from __future__ import annotations

from typing import Protocol

from pincite.elements import Scope
from pincite.evidence import Evidence


class Retriever(Protocol):
    """Puts passages forward for a question."""

    def search(self, question: str, scope: Scope, *, keep: int) -> list[Evidence]:
        """At most `keep` pieces of evidence that `scope` admits, best first, ranks from 1.

        An empty question, or a library in which nothing matches, gives an empty list.
        """
        ...


class PictureRetriever(Protocol):
    """Puts passages forward for a picture, or for a picture and words about it."""

    def search_all(self, words: str, scope: Scope, *, keep: int) -> list[Evidence]:
        """Pictures of a scope of few, whatever they show, those first that show what is said."""
        ...

    def search_picture(
        self, picture: bytes, words: str, scope: Scope, *, keep: int
    ) -> list[Evidence]:
        """As `Retriever.search`. `picture` is a PNG; `words` may be empty.

        Raises:
            MissingModel, MissingExtra: there is no model that sees.
        """
        ...
