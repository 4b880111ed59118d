"""A picture as the question: what looks like it, as evidence that can be read and cited."""

from __future__ import annotations

import io
from typing import NamedTuple

import numpy as np
from PIL import Image

from pincite.config import Retrieval
from pincite.elements import Scope
from pincite.evidence import Evidence
from pincite.index.ports import Hit
from pincite.models.ports import Modality, Picture
from pincite.texts import TextStore
from retrievers.fused import FusedRetriever
from retrievers.pictures import PictureFinder

_NO_WORDS = "picture"
"""Stands for an empty question, which would find nothing."""


class PictureSearch:
    """Implements `retrievers.ports.PictureRetriever`."""

    def __init__(self, finder: PictureFinder, texts: TextStore, settings: Retrieval) -> None:
        self._finder = finder
        self._texts = texts
        self._settings = settings

    def search_all(self, words: str, scope: Scope, *, keep: int) -> list[Evidence]:
        retriever = FusedRetriever((_All(self._finder),), self._texts, self._settings)
        return retriever.search(words, scope, keep=keep)

    def search_picture(
        self, picture: bytes, words: str, scope: Scope, *, keep: int
    ) -> list[Evidence]:
        """With words, what is like the picture but as they say."""
        with Image.open(io.BytesIO(picture), formats=("PNG",)) as opened:
            pixels = np.asarray(opened.convert("RGB"))
        finders = (_Likeness(self._finder, pixels, words),)
        retriever = FusedRetriever(finders, self._texts, self._settings)
        return retriever.search(words or _NO_WORDS, scope, keep=keep)


class _Likeness(NamedTuple):
    finder: PictureFinder
    picture: Picture
    words: str
    name: str = "picture"
    modality: Modality = "picture"
    counts_in_full: bool = True
    scores_are_cosines: bool = False

    def find(self, question: str, scope: Scope, *, keep: int) -> list[Hit]:
        del question
        return self.finder.find_like_but(self.picture, self.words, scope, keep=keep)


class _All(NamedTuple):
    finder: PictureFinder
    name: str = "pictures"
    modality: Modality = "picture"
    counts_in_full: bool = True
    scores_are_cosines: bool = False

    def find(self, question: str, scope: Scope, *, keep: int) -> list[Hit]:
        return self.finder.find_all(question, scope, keep=keep)
