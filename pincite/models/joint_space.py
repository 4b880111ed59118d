"""What adapters of joint spaces share: prompt templates, unit length, what cannot be embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from pincite.errors import UnsupportedMedia
from pincite.models.ports import Modality, Vectors

Floats = npt.NDArray[np.float32]

TEMPLATES = ("{}", "a photo of {}.", "a picture that shows {}.", "an image of {}.", "there is {}.")
"""Sentences around a query, as CLIP's training texts have them; their mean is more robust than any
one of them (arXiv 2103.00020, 3.1.4)."""


def unit_length(vectors: npt.ArrayLike) -> Vectors:
    """Rows of length 1; a row of zeros stays one."""
    rows = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.maximum(lengths, 1e-12)).astype(np.float32)


def ensembled(
    texts: Sequence[str], templates: Sequence[str], embed: Callable[[Sequence[str]], Floats]
) -> Vectors:
    """Mean direction of each text in all templates; `embed` gives rows of any length."""
    filled = [template.replace("{}", text) for text in texts for template in templates]
    each = unit_length(embed(filled))
    return unit_length(each.reshape(len(texts), len(templates), -1).mean(axis=1))


def mark_of(templates: Sequence[str]) -> str:
    """Short and the same for the same templates; vectors of other templates are other vectors."""
    return hashlib.sha256("\n".join(templates).encode()).hexdigest()[:6]


def not_embedded(encoder: str, modality: Modality) -> UnsupportedMedia:
    return UnsupportedMedia(f"the encoder {encoder} puts no {modality} into its space")
