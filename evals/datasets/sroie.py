"""SROIE (ICDAR 2019): scanned receipts; text lines with boxes, and four key fields.

On disk: `img/*.jpg`, `box/*` with lines `x1,y1,x2,y2,x3,y3,x4,y4,text`, `key/*` with one JSON
object each; in the folder itself or in folders of splits, such as `train/` and `test/`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from evals.datasets.marked import MarkedPage, MarkedText
from pincite.errors import CorruptSource
from pincite.values import Value

FIELDS = ("company", "date", "address", "total")
_BOX, _KEY = ("box",), ("key", "entities")


class Receipt(Value):
    id: str
    split: str
    """Name of the split's folder, or `all`."""
    image: Path
    lines: tuple[MarkedText, ...]
    fields: dict[str, str]
    """By names of `FIELDS`; a field that the receipt lacks is left out. Empty without `key/`."""

    @property
    def page(self) -> MarkedPage:
        return MarkedPage(id=self.id, split=self.split, image=self.image, texts=self.lines)


def read(folder: Path) -> Iterator[Receipt]:
    """All receipts of all splits, by name.

    Raises:
        CorruptSource: a file is not in the official format, or lacks its partner.
    """
    for images in sorted(path for path in folder.rglob("img") if path.is_dir()):
        split = "all" if images.parent == folder else images.parent.name
        for image in sorted(images.glob("*.jpg")):
            boxes, key = _partner(image, _BOX), _partner(image, _KEY)
            if boxes is None:
                raise CorruptSource(f"SROIE lacks the boxes of {image.name}; unpack the set again")
            yield Receipt(
                id=image.stem,
                split=split,
                image=image,
                lines=tuple(_lines(boxes)),
                fields=_fields(key) if key else {},
            )


def _partner(image: Path, folders: tuple[str, ...]) -> Path | None:
    for name in folders:
        for file in sorted((image.parent.parent / name).glob(f"{image.stem}.*")):
            return file
    return None


def _lines(file: Path) -> Iterator[MarkedText]:
    for line in file.read_text(encoding="utf-8-sig", errors="replace").splitlines():
        if not line.strip():
            continue
        *corners, text = line.split(",", 8)
        try:
            numbers = [float(corner) for corner in corners]
        except ValueError as exc:
            raise CorruptSource(f"{file.name} is not a box file of SROIE") from exc
        if len(numbers) != 8:
            raise CorruptSource(f"{file.name} is not a box file of SROIE")
        across, down = numbers[::2], numbers[1::2]
        yield MarkedText(
            text=text.strip(),
            left=min(across),
            top=min(down),
            right=max(across),
            bottom=max(down),
        )


def _fields(file: Path) -> dict[str, str]:
    try:
        found: object = json.loads(file.read_text(encoding="utf-8-sig"))
    except ValueError as exc:
        raise CorruptSource(f"{file.name} is not a key file of SROIE") from exc
    if not isinstance(found, dict):
        raise CorruptSource(f"{file.name} is not a key file of SROIE")
    told = cast("dict[str, object]", found)
    return {name: str(told[name]).strip() for name in FIELDS if told.get(name)}
