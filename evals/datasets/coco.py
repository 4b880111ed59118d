"""Boxes of page pictures in COCO's format, as PubLayNet and DocLayNet have them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple, cast

from evals.scorers.average_precision import Box, Marked

_PARTS = {"images", "annotations", "categories"}
_PICTURES = frozenset({".jpg", ".jpeg", ".png"})


class Page(NamedTuple):
    name: str
    picture: Path
    truth: tuple[Marked, ...]


class Pages(NamedTuple):
    split: str
    """Name of the annotation file."""
    pages: list[Page]
    labels: tuple[str, ...]


def load(folder: Path) -> list[Pages]:
    """Each annotation file of the folder with the pages whose picture is there."""
    return [
        pages
        for file in sorted(folder.rglob("*.json"))
        if (pages := _pages(file, folder)) is not None
    ]


def _pages(file: Path, folder: Path) -> Pages | None:
    found: Any = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or not set(cast("dict[str, Any]", found)) >= _PARTS:
        return None
    found = cast("dict[str, Any]", found)
    labels = {item["id"]: str(item["name"]) for item in found["categories"]}
    marked: dict[int, list[Marked]] = {}
    for item in found["annotations"]:
        left, top, width, height = map(float, item["bbox"])
        box = Box(left, top, left + width, top + height)
        crowd = bool(item.get("iscrowd"))
        marked.setdefault(item["image_id"], []).append(
            Marked(labels[item["category_id"]], box, is_crowd=crowd)
        )
    pictures = {path.name: path for path in folder.rglob("*") if path.suffix in _PICTURES}
    pages = [
        Page(item["file_name"], pictures[name], tuple(marked.get(item["id"], ())))
        for item in found["images"]
        if (name := Path(item["file_name"]).name) in pictures
    ]
    return Pages(file.stem, pages, tuple(labels.values()))
