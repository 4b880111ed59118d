"""FUNSD (Jaume et al. 2019): scanned forms; words with boxes, entities, links between them.

On disk: `testing_data/` and `training_data/`, each with `images/*.png` and `annotations/*.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from evals.datasets.marked import MarkedPage, MarkedText
from pincite.errors import CorruptSource
from pincite.values import Value

Split = Literal["testing_data", "training_data"]
Label = Literal["header", "question", "answer", "other"]


class Entity(Value):
    """A header, a question, an answer or other text of a form."""

    id: int
    label: Label
    whole: MarkedText
    words: tuple[MarkedText, ...]
    linking: tuple[tuple[int, int], ...]
    """Pairs of entity ids, from question to answer or from header to question."""


class Form(Value):
    id: str
    split: Split
    image: Path
    entities: tuple[Entity, ...]

    @property
    def page(self) -> MarkedPage:
        """All its words."""
        words = tuple(word for entity in self.entities for word in entity.words if word.text)
        return MarkedPage(id=self.id, split=self.split, image=self.image, texts=words)


def read(folder: Path, split: Split = "testing_data") -> Iterator[Form]:
    """The forms of one split, by name; none where the split is not there.

    Raises:
        CorruptSource: an annotation is not in the official format, or its picture is missing.
    """
    for file in sorted((folder / split / "annotations").glob("*.json")):
        image = folder / split / "images" / f"{file.stem}.png"
        if not image.is_file():
            raise CorruptSource(f"FUNSD lacks the picture {image.name}; unpack the set again")
        try:
            form = json.loads(file.read_text(encoding="utf-8"))["form"]
            entities = tuple(_entity(raw) for raw in form)
        except (KeyError, TypeError, ValueError, ValidationError) as exc:
            raise CorruptSource(f"{file.name} is not a FUNSD annotation") from exc
        yield Form(id=file.stem, split=split, image=image, entities=entities)


def _entity(raw: dict[str, Any]) -> Entity:
    return Entity(
        id=raw["id"],
        label=raw["label"],
        whole=_marked(raw),
        words=tuple(_marked(word) for word in raw["words"]),
        linking=tuple((int(a), int(b)) for a, b in raw["linking"]),
    )


def _marked(raw: dict[str, Any]) -> MarkedText:
    left, top, right, bottom = raw["box"]
    return MarkedText(text=str(raw["text"]).strip(), left=left, top=top, right=right, bottom=bottom)
