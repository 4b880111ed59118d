"""Pictures found by words, by another picture, by a part of a page, or by a picture and words.

All of them look in the space `image` of the index, where a passage that stands for a picture has a
vector: a photo, or a figure of a page, so that the same search finds pictures and pages.
"""

from __future__ import annotations

import random
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pincite.elements import Scope
from pincite.errors import CorruptSource
from pincite.index.ports import IMAGE, ElementIndex, Hit, Vector
from pincite.models.ports import JointEncoder, Modality, Picture
from pincite.models.shape_probe import draw, things

WORDS = 0.7
"""Weight of words against a picture in one query; chosen on the dev half of the photo queries."""
_DRAWN = 96
_EVERYDAY = (
    "person dog bird fish insect tree flower food bottle table chair house street car ship tool "
    "machine computer book clothes ball lamp instrument mountain sea sky chart page sign room"
)


class Means(NamedTuple):
    """Of the vectors of many pictures and of many texts in one space."""

    pictures: Vector
    texts: Vector


class Box(NamedTuple):
    """Part of a page's picture, in shares of its width and height from the top left."""

    left: float
    top: float
    right: float
    bottom: float


class PictureFinder:
    """Nearest in the space of pictures; implements `retrievers.finders.Finder` for words.

    Cosines of words and pictures are never compared with those of words and words: fuse by rank,
    with `fusion.balanced`.
    """

    name = "pictures"
    modality: Modality = "picture"
    scores_are_cosines = False

    def __init__(
        self, index: ElementIndex, encoder: JointEncoder, means: Means | None = None
    ) -> None:
        """`means` of what the library holds, where they are known."""
        self._index = index
        self._encoder = encoder
        self._given = means

    @property
    def degraded(self) -> str:
        """Why it finds less than with CLIP weights; empty for a full encoder."""
        return self._encoder.degraded

    @property
    def counts_in_full(self) -> bool:
        return self._threshold is not None

    def find(self, question: str, scope: Scope, *, keep: int) -> list[Hit]:
        """A calibrated encoder's hits only where the picture rather shows it than not.

        So a question about documents brings no photo forward. Without a calibration the nearest
        pictures are hits, however far they are.
        """
        if not question.strip():
            return []
        hits = self._nearest(self._encoder.embed_texts([question])[0], scope, keep)
        least = self._threshold
        return hits if least is None else [hit for hit in hits if hit.score >= least]

    def find_all(self, question: str, scope: Scope, *, keep: int) -> list[Hit]:
        """Whatever they show, those first that are nearest to the question; for a scope of few."""
        vector = self._encoder.embed_texts([question])[0]
        if not np.any(vector):  # nothing is known of these words, and all are as near
            vector = _direction(np.ones_like(vector))
        return self._index.search_dense(vector, scope, keep=keep, space=IMAGE)

    def find_like(self, picture: Picture, scope: Scope, *, keep: int) -> list[Hit]:
        """Pictures, and pages with a figure, that look like it; itself among them where indexed."""
        return self._nearest(self._encoder.embed_pictures([picture])[0], scope, keep)

    def find_part(self, page: Picture, box: Box, scope: Scope, *, keep: int) -> list[Hit]:
        """What looks like a part of a page's picture. Raises CorruptSource for an empty part."""
        return self.find_like(part_of(page, box), scope, keep=keep)

    def find_like_but(self, picture: Picture, words: str, scope: Scope, *, keep: int) -> list[Hit]:
        """Like the picture, but as the words say: `this, but in winter`.

        Mean-centred addition, which found more than rank fusion of the two lists did; the suite
        `images` measures both.
        """
        if not words.strip():
            return self.find_like(picture, scope, keep=keep)
        shown = self._encoder.embed_pictures([picture])[0]
        said = self._encoder.embed_texts([words])[0]
        return self._nearest(centred_sum(shown, said, self._means), scope, keep)

    @property
    def _threshold(self) -> float | None:
        """The cosine from which a picture rather shows what is said than not, if that is known."""
        calibration = self._encoder.calibration
        if calibration is None or calibration.bias is None:
            return None
        return -calibration.bias / calibration.scale

    @cached_property
    def _means(self) -> Means:
        return self._given or means_of(self._encoder)

    def _nearest(self, vector: Vector, scope: Scope, keep: int) -> list[Hit]:
        if keep < 1 or not np.any(vector):
            return []
        hits = self._index.search_dense(vector, scope, keep=keep, space=IMAGE)
        return [hit for hit in hits if hit.score > 0]


def part_of(page: Picture, box: Box) -> Picture:
    """At least one pixel wide and high. Raises CorruptSource where the box has no area inside."""
    height, width = page.shape[:2]
    left, right = (min(1.0, max(0.0, edge)) for edge in (box.left, box.right))
    top, bottom = (min(1.0, max(0.0, edge)) for edge in (box.top, box.bottom))
    if left >= right or top >= bottom:
        raise CorruptSource("the marked part of the page is empty; draw a box with some area")
    x, y = min(width - 1, int(left * width)), min(height - 1, int(top * height))
    return page[y : max(y + 1, round(bottom * height)), x : max(x + 1, round(right * width))]


def means_of(encoder: JointEncoder) -> Means:
    """From drawn shapes and everyday words, where the library's own means are not known.

    Embeds 22 small pictures and some words.
    """
    chance = random.Random(0)  # noqa: S311
    drawn = [draw(thing, _DRAWN, chance) for thing in things()[::3]]
    return Means(
        pictures=encoder.embed_pictures(drawn).mean(axis=0),
        texts=encoder.embed_texts(_EVERYDAY.split()).mean(axis=0),
    )


def centred_sum(picture: Vector, words: Vector, means: Means, *, weight: float = WORDS) -> Vector:
    """A query between a picture and words: each less the mean of its modality, then added.

    Without the means the sum lies in the gap between the modalities (arXiv 2203.02053), and what is
    nearest to it is nearest to one of the two. `weight` is that of the words.
    """
    shown = _direction(picture - means.pictures)
    said = _direction(words - means.texts)
    return _direction(np.float32(1 - weight) * shown + np.float32(weight) * said)


def _direction(vector: npt.NDArray[np.floating]) -> Vector:
    return (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
