"""Writing to a terminal: text of documents never moves the cursor, colours or reverses a line."""

from __future__ import annotations

import re
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from pincite.values import Value

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_WIDTH_ELSEWHERE = 160
"""Columns where there is no terminal: tables in a file or a log are not squeezed."""
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """Without control and direction characters; line breaks and tabs stay."""
    return _CONTROLS.sub("", text)


def one_line(text: str, *, most: int = 0) -> str:
    """Plain, white space as single blanks, cut to `most` characters where that is not 0."""
    line = _SPACE.sub(" ", plain(text)).strip()
    return line if not most or len(line) <= most else line[: most - 1].rstrip() + "…"


@cache
def console() -> Console:
    """Standard output; text is printed as it is, without markup or emoji codes."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _WIDTH_ELSEWHERE
    return Console(markup=False, emoji=False, highlight=False, width=width)


def write_json(value: Value) -> None:
    """One line of JSON, with every control and direction character escaped."""
    sys.stdout.write(_CONTROLS.sub(_escape, value.model_dump_json()) + "\n")
    sys.stdout.flush()


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def complain(message: str) -> None:
    sys.stderr.write(f"pincite: {one_line(message)}\n")
