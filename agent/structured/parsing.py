"""JSON as a model says it: among other words, or cut off before its end. Pure."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple, cast

LONGEST: Final = 60_000
"""Characters that are looked at; no answer is as long."""
_DECODER: Final = json.JSONDecoder()


class Said(NamedTuple):
    value: dict[str, Any]
    """Empty where there is no object in it."""
    is_cut: bool
    """Whether its end is missing; what was complete is there."""


def said_in(text: str) -> Said:
    """The first object in what a model said."""
    start = text.find("{")
    text = text[start : start + LONGEST] if start >= 0 else ""
    try:
        found, _ = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return Said(_rescued(text), is_cut=True)
    return Said(_object(found), is_cut=False)


def _rescued(text: str) -> dict[str, Any]:
    """Up to the last place at which closing what is open makes an object of it."""
    for end, closing in reversed(_ends(text)):
        try:
            return _object(json.loads(text[:end] + closing))
        except (ValueError, RecursionError):
            continue
    return {}


def _object(found: object) -> dict[str, Any]:
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _ends(text: str) -> list[tuple[int, str]]:
    """Places behind a closing bracket or before a comma, with the brackets that are open there.

    The last few only: an end that fails is due to what is broken before it.
    """
    found: list[tuple[int, str]] = []
    opened: list[str] = []
    quoted = escaped = False
    for at, sign in enumerate(text):
        if quoted:
            quoted = escaped or sign != '"'
            escaped = not escaped and sign == "\\"
        elif sign == '"':
            quoted = True
        elif sign in "{[":
            opened.append("}" if sign == "{" else "]")
        elif sign in "}]" and opened:
            opened.pop()
            found.append((at + 1, "".join(reversed(opened))))
        elif sign == "," and opened:
            found.append((at, "".join(reversed(opened))))
    return found[-40:]
