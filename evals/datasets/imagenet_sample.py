"""Photos with class names: `labels.jsonl` beside `images/`, and queries of our own for them.

A line has `image` (a file name), `label` (a class name) and `wnid`. The queries are written for
this product, see `imagenet_queries.tsv`; those whose classes the set has not are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pincite.errors import CorruptSource
from pincite.values import Value

Kind = Literal["name", "paraphrase", "hypernym", "attribute"]
KINDS: tuple[Kind, ...] = ("paraphrase", "hypernym", "attribute")
"""Of queries without a class name."""


class Photo(Value):
    image: Path
    label: str


class PhotoQuery(Value):
    text: str
    kind: Kind
    labels: frozenset[str]
    """Class names of the photos that are right."""

    @property
    def part(self) -> Literal["dev", "test"]:
        """What was chosen is chosen on `dev` only; by hash of the text."""
        return "dev" if int(hashlib.sha256(self.text.encode()).hexdigest(), 16) % 2 == 0 else "test"


def read(folder: Path) -> list[Photo]:
    """All photos, in the order of the file.

    Raises:
        CorruptSource: a line is not as described, or its photo is missing.
    """
    file = folder / "labels.jsonl"
    if not file.is_file():
        raise CorruptSource("the folder imagenet_sample lacks its labels.jsonl; unpack it again")
    lines = file.read_text(encoding="utf-8").splitlines()
    return [_photo(folder, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def queries(photos: Sequence[Photo]) -> list[PhotoQuery]:
    """The class names, each a query, then the others in the order of their file."""
    there = {photo.label for photo in photos}
    names = [
        PhotoQuery(text=label, kind="name", labels=frozenset([label])) for label in _once(photos)
    ]
    return names + [
        query.model_copy(update={"labels": query.labels & there})
        for query in _written()
        if query.labels & there
    ]


def _photo(folder: Path, number: int, line: str) -> Photo:
    try:
        told: dict[str, Any] = json.loads(line)
        photo = Photo(image=folder / "images" / told["image"], label=told["label"])
    except (KeyError, TypeError, ValueError) as exc:
        raise CorruptSource(f"line {number} of imagenet_sample's labels is not a photo") from exc
    if not photo.image.is_file():
        raise CorruptSource(f"the photo {photo.image.name} is missing; unpack the set again")
    return photo


def _once(photos: Sequence[Photo]) -> list[str]:
    return list(dict.fromkeys(photo.label for photo in photos))


def _written() -> Iterator[PhotoQuery]:
    text = resources.files("evals.datasets").joinpath("imagenet_queries.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            labels, kind, query = line.split("\t")
            yield PhotoQuery.model_validate(
                {"text": query, "kind": kind, "labels": frozenset(labels.split("|"))}
            )
