"""Questions with known answers, as `samples/questions.toml` holds them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from pincite.errors import BadSettings
from pincite.values import Value


class Expected(Value):
    """A place that a right answer cites."""

    file: str
    page: int | None = None
    seconds: tuple[float, float] | None = None
    """The cited stretch has to lie in it."""
    says: str
    """What the cited element says; `|` separates spellings."""


class Question(Value):
    id: str
    shows: str = ""
    """What it is there for, for a person."""
    ask: str
    expect: Literal["answer", "refusal"] | None = None
    """None where nothing is known about the right answer."""
    contains: tuple[str, ...] = ()
    """Each must be said; `|` separates spellings."""
    cites: tuple[Expected, ...] = ()
    forbid: tuple[str, ...] = ()
    """Must be said nowhere in the answer."""


class _File(Value):
    question: tuple[Question, ...] = Field(min_length=1)


def load(path: Path) -> tuple[Question, ...]:
    """Raises BadSettings with the first problem of the file."""
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).question
    except (tomllib.TOMLDecodeError, ValidationError) as exc:
        raise BadSettings(f"{path} is not a list of questions: {exc}") from exc
