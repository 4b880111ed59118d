"""The retriever of the index in use, while another index may take its place at any moment."""

from __future__ import annotations

from pincite.elements import Scope
from pincite.evidence import Evidence
from pincite.index.switch import Switch
from retrievers.ports import Retriever


class SwitchedRetriever:
    """A search is done wholly with one index and the encoder that it was made with."""

    def __init__(self, retriever: Switch[Retriever]) -> None:
        self._retriever = retriever

    def search(self, question: str, scope: Scope, *, keep: int) -> list[Evidence]:
        with self._retriever.using() as retriever:
            return retriever.search(question, scope, keep=keep)
