"""The library `layoutparser`: its layouts in and out of our regions, and its models.

The only file that knows it (extra `layoutparser`). Its detection models need an engine of their own
(detectron2, effdet or paddlepaddle) and weights that the user has; nothing is fetched, so the names
`lp://…`, which download, are not taken.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, cast

from pincite import config
from pincite.errors import BadSettings, UnsafeWeights
from pincite.models.optional_package import optional_package
from pincite.models.ports import Picture, RecognizedWord, Region
from pincite.models.region_labels import kind_of, kinds_for
from pincite.models.store import file_sha256

EXTRA = "layoutparser"
_MODELS = {
    "detectron2": "Detectron2LayoutModel",
    "effdet": "EfficientDetLayoutModel",
    "paddledetection": "PaddleDetectionLayoutModel",
}


def regions_of(layout: Any) -> list[Region]:
    """Regions of a `layoutparser.Layout`, by descending confidence; nested layouts are opened.

    A block without a type is labelled `text`, one without a score counts as sure; of a
    quadrilateral the upright box around it is taken.
    """
    blocks = list(_blocks(layout))
    kinds = kinds_for(str(block.type) for block in blocks if _has(block, "type"))
    regions = [_region(block, kinds) for block in blocks]
    return sorted(regions, key=lambda region: -region.confidence)


def layout_of(regions: Iterable[Region]) -> Any:
    """A `layoutparser.Layout` of text blocks, in the order given. Raises MissingExtra."""
    library = optional_package("layoutparser", extra=EXTRA)
    return library.Layout(
        [
            library.TextBlock(
                library.Rectangle(region.left, region.top, region.right, region.bottom),
                type=region.label,
                score=region.confidence,
                id=number,
            )
            for number, region in enumerate(regions)
        ]
    )


class LayoutParserModel:
    """A detection model of the user's own behind the layout port."""

    def __init__(self, settings: config.LayoutParser) -> None:
        self._settings = settings
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        return self._id

    @cached_property
    def _id(self) -> str:
        return f"layoutparser-{self._settings.engine}-{file_sha256(self._settings.weights)[:16]}"

    def regions(self, picture: Picture, words: Sequence[RecognizedWord] = ()) -> list[Region]:
        """See `LayoutModel.regions`.

        Raises:
            MissingExtra: layoutparser is not installed.
            UnsafeWeights: pickled weights were not accepted.
            BadSettings: a file, or the engine behind the model, is not there.
        """
        with self._lock:
            return regions_of(self._model.detect(picture))

    @cached_property
    def _model(self) -> Any:
        settings = self._settings
        for file in (settings.config, settings.weights):
            if not file.is_file():
                raise BadSettings(f"the layoutparser model lacks a file: there is no {file}")
        if not settings.accept_pickle:
            raise UnsafeWeights(
                f"{settings.engine} loads {settings.weights.name} as a pickle, which can run code; "
                "if you trust the file, set PINCITE_LAYOUT__ACCEPT_PICKLE=true"
            )
        library = optional_package("layoutparser", extra=EXTRA)
        # The library has a class only where the engine behind it is installed.
        found = getattr(library, _MODELS[settings.engine], None)
        if found is None:
            raise BadSettings(
                f"layoutparser finds no working {settings.engine}; install it as its makers say"
            )
        return found(
            config_path=str(settings.config),
            model_path=str(settings.weights),
            label_map=dict(settings.labels) or None,
            device=None if settings.device == "auto" else settings.device,
        )


def _blocks(layout: Any) -> Iterator[Any]:
    for block in cast("Iterable[Any]", layout):
        if hasattr(block, "coordinates"):
            yield block
        else:
            yield from _blocks(block)


def _region(block: Any, kinds: Any) -> Region:
    left, top, right, bottom = (float(value) for value in block.coordinates)
    label = str(block.type) if _has(block, "type") else "text"
    sure = float(block.score) if _has(block, "score") else 1.0
    return Region(
        label=label,
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        confidence=min(1.0, max(0.0, sure)),
        kind=kind_of(label, kinds),
    )


def _has(block: Any, name: str) -> bool:
    return getattr(block, name, None) is not None
