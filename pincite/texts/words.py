"""A compact form of an element's words: what their locators share is written once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

from pydantic import TypeAdapter

from pincite.elements import Word
from pincite.locators import Locator

_COORDINATES = ("left", "top", "right", "bottom", "start_s", "end_s", "start", "end")
_LOCATOR: TypeAdapter[Locator] = TypeAdapter(Locator)


def pack(words: Sequence[Word]) -> str | None:
    """JSON of `{"shared": [...], "words": [[text, confidence, shared index, coordinates…]]}`."""
    if not words:
        return None
    shared: dict[str, int] = {}
    rows: list[list[Any]] = []
    for word in words:
        place = word.locator.model_dump()
        coordinates = [place.pop(name) for name in _COORDINATES if name in place]
        index = shared.setdefault(_dumps(place), len(shared))
        rows.append([word.text, word.confidence, index, *coordinates])
    return _dumps({"shared": [json.loads(text) for text in shared], "words": rows})


def unpack(packed: str | None) -> tuple[Word, ...]:
    if packed is None:
        return ()
    data = cast("dict[str, list[Any]]", json.loads(packed))
    shared = cast("list[dict[str, Any]]", data["shared"])
    rows = cast("list[list[Any]]", data["words"])
    names = [_coordinates_of(str(place["kind"])) for place in shared]
    return tuple(_word(row, shared[int(row[2])], names[int(row[2])]) for row in rows)


def _word(row: list[Any], shared: dict[str, Any], names: tuple[str, ...]) -> Word:
    place = shared | dict(zip(names, row[3:], strict=True))
    return Word(text=row[0], confidence=row[1], locator=_LOCATOR.validate_python(place))


def _coordinates_of(kind: str) -> tuple[str, ...]:
    match kind:
        case "time":
            return ("start_s", "end_s")
        case "text":
            return ("start", "end")
        case _:
            return ("left", "top", "right", "bottom")


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
