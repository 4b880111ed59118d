"""Records in JSON as evidence: a line a value, a table for a list of alike records."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping, Sequence
from json.decoder import scanstring  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]
from typing import Any, Final, NamedTuple, cast

from pincite.elements import Cell, Table
from pincite.grounding.sentences import sentences

LONG: Final = 120
"""Characters from which a value is a text of its own, sentence by sentence."""
_HUMP: Final = re.compile(r"(?<=[a-z]{2})(?=[A-Z][a-z]{2})|_+")
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_string = cast("Any", scanstring)
_DECODER: Final = json.JSONDecoder()


class Record(NamedTuple):
    text: str
    pieces: tuple[tuple[str, int, int], ...]
    """Text and its characters [start, end)."""
    path: tuple[str, ...] = ()
    """Names of what it is inside; part of `text` where that is one value."""
    table: Table | None = None


def records(text: str) -> list[Record] | None:
    """The values of a JSON text in order, without those that are null; None for any other text.

    `{"hours": {"Monday": "9-17"}}` gives `hours Monday: 9-17`, and what is true or false `yes` or
    `no`. Objects in a list that all have short plain values are the rows of a table.
    """
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        json.loads(text)
        return list(_walk(text, 0, ()))
    except (ValueError, RecursionError):
        return None


_Walk = Generator[Record, None, int]
"""Gives back where the value ends."""


def _walk(text: str, at: int, path: tuple[str, ...]) -> _Walk:
    at = _skip(text, at)
    if text[at] == "{":
        return (yield from _object(text, at, path))
    if text[at] == "[":
        return (yield from _list(text, at, path))
    value, end = _value(text, at)
    if value is not None and value != "":
        yield _plain(text, at, end, path, value)
    return end


def _object(text: str, at: int, path: tuple[str, ...]) -> _Walk:
    at = _skip(text, at + 1)
    while text[at] != "}":
        key, at = cast("tuple[str, int]", _string(text, at + 1))
        at = yield from _walk(text, _skip(text, at) + 1, (*path, _HUMP.sub(" ", key).strip()))
        at = _comma(text, at)
    return at + 1


def _list(text: str, at: int, path: tuple[str, ...]) -> _Walk:
    value, end = _value(text, at)
    if _is_tabular(value):
        yield _table(text, at, path, cast("list[dict[str, Any]]", value))
        return end
    at = _skip(text, at + 1)
    while text[at] != "]":
        at = yield from _walk(text, at, path)
        at = _comma(text, at)
    return at + 1


def _plain(text: str, start: int, end: int, path: tuple[str, ...], value: Any) -> Record:
    said = _said(value)
    if len(said) <= LONG:
        line = f"{' '.join(path)}: {said}" if path else said
        return Record(line, ((line, start, end),))
    pieces: list[tuple[str, int, int]] = []
    at = start
    for span in sentences(said):
        sentence = said[span.start : span.end]
        found, length = _written(text, sentence, at, end)
        pieces.append((sentence, found, found + length))
        at = found + length
    return Record(said, tuple(pieces), path)


def _written(text: str, sentence: str, at: int, end: int) -> tuple[int, int]:
    """Where a sentence stands in its escaped string, and how long it is there."""
    for ascii_only in (False, True):
        escaped = json.dumps(sentence, ensure_ascii=ascii_only)[1:-1]
        found = text.find(escaped, at, end)
        if found >= 0:
            return found, len(escaped)
    return at, max(0, end - at)


def _is_tabular(value: Any) -> bool:
    if not isinstance(value, list):
        return False
    rows = cast("list[Any]", value)
    return len(rows) >= 2 and all(isinstance(row, dict) and _is_flat(row) for row in rows)  # pyright: ignore[reportUnknownArgumentType]


def _is_flat(row: Mapping[str, Any]) -> bool:
    return bool(row) and all(
        not isinstance(value, dict | list) and len(_said(value)) <= LONG for value in row.values()
    )


def _table(text: str, at: int, path: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> Record:
    columns = {key: n for n, key in enumerate(dict.fromkeys(key for row in rows for key in row))}
    names = {key: _HUMP.sub(" ", key).strip() for key in columns}
    cells = [Cell(row=0, column=n, text=names[k], is_header=True) for k, n in columns.items()]
    pieces: list[tuple[str, int, int]] = []
    at = _skip(text, at + 1)
    for number, row in enumerate(rows, 1):
        told = {key: _said(value) for key, value in row.items() if value is not None}
        cells += [Cell(row=number, column=columns[k], text=said) for k, said in told.items()]
        _, end = _value(text, at)
        pieces.append(("; ".join(f"{names[k]}: {said}" for k, said in told.items()), at, end))
        at = _comma(text, end)
    lines = "\n".join(line for line, _, _ in pieces)
    return Record(lines, tuple(pieces), path, Table(cells=tuple(cells), html=""))


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()


def _value(text: str, at: int) -> tuple[Any, int]:
    return _DECODER.raw_decode(text, at)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _comma(text: str, at: int) -> int:
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at
