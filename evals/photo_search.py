"""Photos ranked by words in one process: the shipped space of pictures, and what it is beside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ingestion.readers.pictures import load_picture
from pincite.errors import PinciteError
from pincite.models.label_joint import LabelEncoder, labels
from pincite.models.ports import JointEncoder, Picture, TextEncoder, Vectors
from retrievers.pictures import Means, centred_sum

PLAIN = "plain ConSE"
COMPOSED = "mean-centred addition"
_LABELS = 10
_BATCH = 16
_LONGEST = 768
"""Pixels; the crops that ingestion keeps are no larger."""
_KINDS = 2
Scores = npt.NDArray[np.float32]


class Photos(Protocol):
    """Texts and photos as one system embeds them."""

    def texts(self, texts: Sequence[str]) -> Vectors: ...

    def pictures(self, pictures: Sequence[Picture]) -> Vectors: ...


class Joint:
    """The encoder that ships, or that the settings name."""

    def __init__(self, encoder: JointEncoder) -> None:
        self._encoder = encoder

    def texts(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.embed_texts(texts)

    def pictures(self, pictures: Sequence[Picture]) -> Vectors:
        starts = range(0, len(pictures), _BATCH)
        return np.concatenate(
            [self._encoder.embed_pictures(pictures[start : start + _BATCH]) for start in starts]
        )


class PlainConse:
    """Probability-weighted mean of the text vectors of the best labels' names (arXiv 1312.5650)."""

    def __init__(self, classifier: LabelEncoder, encoder: TextEncoder) -> None:
        self._classifier = classifier
        self._encoder = encoder

    def texts(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.embed_documents(texts)

    def pictures(self, pictures: Sequence[Picture]) -> Vectors:
        return np.stack([self._one(picture) for picture in pictures])

    def _one(self, picture: Picture) -> Scores:
        named = self._classifier.names(picture, keep=_LABELS)
        weights = np.array([sure for _, sure in named], dtype=np.float32)
        mean = weights @ self._encoder.embed_documents([name for name, _ in named])
        return (mean / np.linalg.norm(mean)).astype(np.float32)


def loaded(photo: Path, max_megapixels: int) -> Picture | None:
    """As it is read on ingestion; None where it cannot be."""
    try:
        return load_picture(photo, max_megapixels, longest=_LONGEST).pixels
    except PinciteError:
        return None


def ranked(near: Scores) -> list[list[int]]:
    """Numbers of the photos for each query, best first; `near` has shape (queries, photos)."""
    return [[int(place) for place in row] for row in np.argsort(-near, axis=1, kind="stable")]


def siblings(names: Sequence[str]) -> list[list[int]]:
    """For each class name, the others of the same nearest kinds in WordNet."""
    kinds = {label.names[0]: frozenset(label.kinds[:_KINDS]) for label in labels()}
    own = [kinds.get(name, frozenset[str]()) for name in names]
    return [
        [other for other, kind in enumerate(own) if other != place and kind & own[place]]
        for place in range(len(names))
    ]


def composed(picture: int, words: Scores, seen: Vectors, said: Vectors) -> dict[str, Scores]:
    """Scores of all photos for one of them and words together; by way of putting them together.

    `seen` and `said` are the vectors of all photos and of all queries; the photo itself is last.
    """
    by_picture, by_words = seen @ seen[picture], seen @ words
    means = Means(seen.mean(axis=0), said.mean(axis=0))
    ways: dict[str, Scores] = {
        COMPOSED: seen @ centred_sum(seen[picture], words, means),
        "rank fusion": _reciprocal(by_picture) + _reciprocal(by_words),
        "words alone": by_words,
        "picture alone": by_picture,
    }
    for scores in ways.values():
        scores[picture] = -np.inf
    return ways


def _reciprocal(scores: Scores) -> Scores:
    ranks = np.argsort(np.argsort(-scores, kind="stable"), kind="stable")
    return (1 / (61 + ranks)).astype(np.float32)
