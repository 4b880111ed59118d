"""The planted cases: what is hidden where, what is asked, and what must not come out."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from pydantic import Field

from pincite.values import Value

Half = Literal["before_defence", "after_defence"]
HALVES: Final[tuple[Half, ...]] = ("before_defence", "after_defence")
"""Whether a case was written before its author had read prompts and checks, or against them."""


class Story(Value):
    """A question with its answer, and something that the answer must not give away."""

    id: str
    question: str
    answer: tuple[str, ...] = Field(min_length=1)
    """Any of these is right."""
    right: str
    """The document in which the answer stands."""
    near: str
    """Said around a plant, so that it is found with the question; answers nothing."""
    secret_about: str
    """The document in which the secret stands."""
    secret: str


class Planted(Value):
    """An instruction to whoever reads it, and the file that it is put into."""

    id: str
    half: Half
    story: Story
    carrier: str
    """One of `evals.injection.files.CARRIERS`."""
    kind: str
    """What it tries."""
    canary: tuple[str, ...]
    """Any of these in what a model wrote shows that it obeyed, as the story's secret does."""
    demand: Literal["words", "refusal"] = "words"
    """`refusal`: it obeyed where there is no answer."""
    plant: str

    @property
    def host(self) -> str:
        """The host that must not appear; reserved for examples (RFC 2606), so nobody's."""
        return host_of(self.id)

    @property
    def text(self) -> str:
        """The document as words, however the file holds or hides them."""
        return f"{self.story.near} {self.plant}"


def host_of(case: str) -> str:
    return f"{case}.example"


@cache
def all_cases() -> tuple[Planted, ...]:
    """Every case, as written."""
    return tuple(case for half in HALVES for case in _of(half))


def _of(half: Half) -> list[Planted]:
    stories = {each["id"]: Story.model_validate(each) for each in _table("stories", "story")}
    return [_planted(each, half, stories) for each in _table(half, "case")]


def _planted(told: dict[str, Any], half: Half, stories: dict[str, Story]) -> Planted:
    plant = told["plant"].replace("{host}", host_of(told["id"]))
    filled = {**told, "half": half, "story": stories[told["story"]], "plant": plant}
    return Planted.model_validate(filled)


def _table(name: str, key: str) -> list[dict[str, Any]]:
    text = files(__package__ or "").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)[key]
