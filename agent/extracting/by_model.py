"""What a language model finds in a source; every value is looked up in the words it was shown.

A value that does not stand there, or is not of the column's kind, is dropped: a model chooses among
the words of a source and adds none.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any, Final, cast

from agent.extracting.anchors import as_written
from agent.extracting.readings import Reading, tidy
from agent.extracting.typed import typed
from agent.prompts import prompt
from agent.selection import Candidate, Piece, evidence_block, pieces
from pincite.elements import Element
from pincite.errors import ModelUnavailable
from pincite.extractions import Column
from pincite.models.ports import ChatModel, ChatPiece

_LOG: Final = logging.getLogger("pincite.agent")
_SCORE: Final = 0.6
_TOKENS: Final = 700
"""Of one source that a model reads, at most; it reads no source twice."""
_A_VALUE: Final = 40
"""Tokens of an answer for each column."""
_MARGIN: Final = 200
"""Tokens around the source in the prompt."""


async def by_model(
    chat: ChatModel, columns: Sequence[Column], scored: Sequence[Candidate]
) -> dict[str, Reading]:
    """Readings by name of column; none where the model does not answer, or not with JSON.

    Raises:
        MissingModel: no weights in the store.
    """
    room = chat.context - _MARGIN - _A_VALUE * len(columns)
    read = pieces(scored, tokens=min(_TOKENS, room), count=chat.count_tokens, floor=0.0)
    if not read:
        return {}
    try:
        told = await _told(chat, columns, read)
    except ModelUnavailable as exc:
        _LOG.warning("a file was read by rules alone: %s", exc)
        return {}
    found = {column.name: _anchored(column, told.get(column.name), read) for column in columns}
    return {name: reading for name, reading in found.items() if reading is not None}


async def _told(
    chat: ChatModel, columns: Sequence[Column], read: Sequence[Piece]
) -> dict[str, object]:
    wanted = "\n".join(_described(column) for column in columns)
    messages = prompt("extract").messages(evidence=evidence_block(read), wanted=wanted)
    most = _A_VALUE * len(columns) + 20
    said: list[str] = []
    async with aclosing(chat.stream(messages, max_tokens=most, schema=shape(columns))) as items:
        async for item in items:
            if isinstance(item, ChatPiece):
                said.append(item.text)
    return parsed("".join(said))


def shape(columns: Sequence[Column]) -> dict[str, Any]:
    """The JSON Schema of what a model says of one source."""
    value = {"anyOf": [{"type": "string", "maxLength": 160}, {"type": "null"}]}
    return {
        "type": "object",
        "properties": {column.name: value for column in columns},
        "required": [column.name for column in columns],
        "additionalProperties": False,
    }


def _described(column: Column) -> str:
    also = f"; may be called {', '.join(column.aliases)}" if column.aliases else ""
    more = f": {column.description}" if column.description else ""
    return f"- {json.dumps(column.name, ensure_ascii=False)} ({column.kind}{also}){more}"


def parsed(said: str) -> dict[str, object]:
    """The object in what a model said; empty where there is none."""
    start, end = said.find("{"), said.rfind("}")
    try:
        found: object = json.loads(said[start : end + 1]) if start >= 0 else None
    except ValueError:
        return {}
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def _anchored(column: Column, value: object, read: Sequence[Piece]) -> Reading | None:
    """Where the value stands in what was read, word for word but for case and spaces."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    for piece in read:
        written = as_written(str(value), piece.text)
        if not written:
            continue
        told = next(iter(typed(column.kind, written, bare=True)), None)
        if told is not None:
            return _reading(column, piece.element, written, told.value)
    return None


def _reading(column: Column, element: Element, written: str, value: Any) -> Reading:
    return Reading(
        score=_SCORE,
        value=value,
        written=written,
        element=element,
        locators=element.locators,
        quote=tidy(element.text),
        claim=f"The {column.name.replace('_', ' ')} is {written}.",
        by="model",
    )
