"""What the graph remembers between steps and turns: ids and plain JSON, no document text."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NotRequired, TypedDict

VERSION: Final = 1
TURNS_KEPT: Final = 20
"""Earlier questions of a conversation that are remembered."""


class Found(TypedDict):
    """A passage that a search put forward, in the order of the merged list."""

    passage: str
    score: float
    similarity: float | None
    found_by: list[str]


class Turn(TypedDict):
    """An earlier question, as asked and as understood, and the id of its answer."""

    question: str
    understood: str
    answer: str
    collections: NotRequired[list[str]]
    """Whose rules its words are under, and those that it refers to; of answers of versions that did
    not know rules it is missing."""


class State(TypedDict):
    """Reset by every question but for `turns`."""

    version: int
    question: str
    understood: str
    """The question with what it refers to, as it is searched for."""
    queries: list[str]
    """All that were searched for, or are about to be, in order."""
    searched: int
    """How many of them were."""
    found: list[Found]
    numbered: list[str]
    """Element ids; the place in the list, from 1, is the citation number."""
    enough: bool
    refusal: str
    """Why there is no answer; empty where there is one."""
    labels: list[str]
    """The checker's word on each sentence."""
    answer: str
    """Id of the answer in the library."""
    turns: NotRequired[list[Turn]]


class Change(TypedDict, total=False):
    """What a node changes."""

    version: int
    question: str
    understood: str
    queries: list[str]
    searched: int
    found: list[Found]
    numbered: list[str]
    enough: bool
    refusal: str
    labels: list[str]
    answer: str
    turns: list[Turn]


def with_turn(state: State, answer: str, collections: Collection[str]) -> Change:
    """The question is answered, and remembered as a turn of its conversation."""
    turn = Turn(
        question=state["question"],
        understood=state["understood"],
        answer=answer,
        collections=sorted(collections),
    )
    return Change(answer=answer, turns=[*state.get("turns", []), turn][-TURNS_KEPT:])


def opened(question: str) -> State:
    """The state in which a question enters the graph; earlier turns stay."""
    return State(
        version=VERSION,
        question=question,
        understood="",
        queries=[],
        searched=0,
        found=[],
        numbered=[],
        enough=False,
        refusal="",
        labels=[],
        answer="",
    )
