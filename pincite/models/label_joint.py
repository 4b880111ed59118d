"""Words find photos without CLIP: pictures are put where the words for what they show are.

ConSE (arXiv 1312.5650): a classifier's best labels, weighted by their probabilities, make a mean of
text vectors. Here a label's vector is the mean of its name, its gloss and both together with what
it is a kind of (WordNet), the picture is classified in two views, and its colours and whether it is
a photo, a drawing, a chart or a document are numbers of their own beside that. Temperature, number
of labels and weights were chosen on half of the queries in evals/datasets/imagenet_queries.tsv.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from pincite import config
from pincite.models.joint_space import Floats, not_embedded, unit_length
from pincite.models.onnx_session import Session
from pincite.models.onnx_text import OnnxTextEncoder
from pincite.models.picture_facts import (
    COLOURS,
    FORMS,
    asked_colours,
    asked_forms,
    colour_shares,
    form_shares,
)
from pincite.models.ports import Calibration, Modality, Picture, TextEncoder, Vectors, Wave
from pincite.models.store import ModelStore

ENCODER = "all-minilm-l6-v2-int8"
"""Of the labels' vectors, whatever encoder the passages are embedded with."""
_FOLDER = Path(__file__).with_name("image_labels")
_DIMENSIONS = 384
_VERSION = 1
"""Counts up when the same picture would give another vector."""
_SIDE, _SHORT_SIDE = 224, 256
_TEMPERATURE = 2.0
_LABELS = 10
_COLOUR = _FORM = 0.4
"""Length of these parts of a picture's vector beside the labels' part of length 1."""
_BATCH = 8


class Label(NamedTuple):
    names: tuple[str, ...]
    gloss: str
    kinds: tuple[str, ...]
    """What it is a kind of, nearest first."""

    @property
    def texts(self) -> tuple[str, str, str]:
        """What its vector is the mean of."""
        names = ", ".join(self.names[:3])
        kinds = ", ".join(self.kinds[:3])
        return self.names[0], self.gloss, f"{names}, a kind of {kinds}: {self.gloss}"


def labels() -> tuple[Label, ...]:
    """In the order of the classifier's output."""
    lines = _file("labels.tsv").decode("utf-8").splitlines()
    return tuple(
        Label(tuple(names.split(" | ")), gloss, tuple(kinds.split(" | ")))
        for _, names, gloss, kinds in (line.split("\t") for line in lines)
    )


class LabelEncoder:
    """Implements `JointEncoder` without torch and without CLIP weights."""

    modalities: frozenset[Modality] = frozenset({"text", "picture"})
    dimensions = _DIMENSIONS + len(COLOURS) + len(FORMS)
    calibration = Calibration(scale=25, bias=-8)
    """Set by hand, on the dev half of the photo queries and 200 questions about documents: of the
    photos that are right 96 in 100 are above one half, of the best for such a question 3."""
    degraded = (
        "no CLIP weights: pictures are found by the names of 1000 things that a small classifier "
        "knows, and by their colours"
    )

    def __init__(
        self, settings: config.LabelImages, store: ModelStore, texts: TextEncoder | None = None
    ) -> None:
        """`texts` spares loading the same encoder twice; one of another kind is left aside."""
        own = OnnxTextEncoder(config.OnnxEncoder(model=ENCODER), store)
        self._texts = texts if texts is not None and texts.id == own.id else own
        self._threads = settings.threads
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        return self._id

    @cached_property
    def _id(self) -> str:
        weights = hashlib.sha256(_file("classifier.onnx")).hexdigest()[:12]
        return f"labels-{_VERSION}-{weights}+{self._texts.id}"

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """See `JointEncoder.embed_texts`. Raises MissingModel without the text encoder."""
        asked = [
            np.concatenate([_FORM * asked_forms(text), _COLOUR * asked_colours(text)])
            for text in texts
        ]
        facts = np.array(asked, dtype=np.float32).reshape(len(texts), len(FORMS) + len(COLOURS))
        return unit_length(np.hstack([self._texts.embed_documents(texts), facts]))

    def embed_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        """About 50 ms each on one core."""
        if not pictures:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        meant = unit_length(_best(self._probabilities(pictures)) @ self._label_vectors)
        forms = unit_length([np.sqrt(form_shares(picture)) for picture in pictures])
        colours = unit_length([np.sqrt(colour_shares(picture)) for picture in pictures])
        return unit_length(np.hstack([meant, _FORM * forms, _COLOUR * colours]))

    def embed_sounds(self, sounds: Sequence[Wave]) -> Vectors:
        raise not_embedded(self.id, "sound")

    def names(self, picture: Picture, *, keep: int = 3) -> list[tuple[str, float]]:
        """What the classifier calls the picture, with its probability, best first."""
        sure = self._probabilities([picture])[0]
        order = np.argsort(-sure)[:keep]
        return [(self._labels[int(place)].names[0], float(sure[place])) for place in order]

    def warm_up(self) -> None:
        self._texts.warm_up()
        _ = self._session, self._label_vectors

    def _probabilities(self, pictures: Sequence[Picture]) -> Floats:
        """Shape (pictures, labels), of the mean of two views at temperature 1."""
        logits = [
            self._session.run(np.stack(_views(pictures[start : start + _BATCH])))
            for start in range(0, len(pictures), _BATCH)
        ]
        both = np.concatenate(logits)
        return _softmax(both.reshape(len(pictures), 2, -1).mean(axis=1))

    @cached_property
    def _labels(self) -> tuple[Label, ...]:
        return labels()

    @cached_property
    def _label_vectors(self) -> Vectors:
        return np.load(io.BytesIO(_file("vectors.npy")), allow_pickle=False).astype(np.float32)

    @property
    def _session(self) -> Session:
        with self._lock:
            return self._loaded

    @cached_property
    def _loaded(self) -> Session:
        return Session(_FOLDER / "classifier.onnx", self._threads)


def label_vectors(encoder: TextEncoder) -> Vectors:
    """What `vectors.npy` holds; about 20 s on one core."""
    texts = [text for label in labels() for text in label.texts]
    each = encoder.embed_documents(texts)
    return unit_length(each.reshape(-1, 3, each.shape[1]).mean(axis=1))


def _best(sure: Floats) -> Floats:
    """The best labels' probabilities at `_TEMPERATURE`, the others zero; rows sum to 1."""
    soft = np.power(sure, 1 / _TEMPERATURE)
    least = np.partition(soft, -_LABELS, axis=1)[:, -_LABELS][:, None]
    kept = np.where(soft >= least, soft, 0)
    return (kept / kept.sum(axis=1, keepdims=True)).astype(np.float32)


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def _views(pictures: Sequence[Picture]) -> list[Floats]:
    """Each picture twice: its middle, and all of it made square."""
    return [view for picture in pictures for view in (_middle(picture), _square(picture))]


def _middle(picture: Picture) -> Floats:
    height, width = picture.shape[:2]
    scale = _SHORT_SIDE / min(height, width)
    keep_w, keep_h = (min(side, max(1, round(_SIDE / scale))) for side in (width, height))
    left, top = (width - keep_w) // 2, (height - keep_h) // 2
    return _square(picture[top : top + keep_h, left : left + keep_w])


def _square(picture: Picture) -> Floats:
    larger = max(picture.shape[:2]) > _SIDE
    how = cv2.INTER_AREA if larger else cv2.INTER_CUBIC
    small = cv2.resize(np.ascontiguousarray(picture), (_SIDE, _SIDE), interpolation=how)
    values = small.astype(np.float32) / np.float32(127.5) - np.float32(1)
    return np.ascontiguousarray(values.transpose(2, 0, 1))


def _file(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
