"""What is said to a language model, and what comes back."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from pincite.values import Value


class Tool(Value):
    """What a model may ask to have done."""

    name: str = Field(pattern=r"^[a-z_]+$")
    description: str
    parameters: dict[str, Any]
    """JSON Schema of its arguments, an object."""


class ToolCall(Value):
    """A model asks for a tool; nothing of it was looked at yet."""

    id: str
    """By which the answer to it is told."""
    name: str
    arguments: str
    """As the model wrote them: JSON, or what it takes for it."""


class Message(Value):
    role: Literal["system", "user", "assistant", "tool"]
    content: str
    calls: tuple[ToolCall, ...] = ()
    """Of an `assistant` that asked for tools; a `tool` message for each of them follows."""
    answers: str = ""
    """Of a `tool`: the id of the call."""
    pictures: tuple[bytes, ...] = ()
    """PNG files; only for a model that sees, any other is given `content` alone."""
    places: tuple[int, ...] = ()
    """For each picture the character of `content` before which it stands, in ascending order; empty
    where all stand above the text."""

    @model_validator(mode="after")
    def _pictures_have_places(self) -> Self:
        if self.places and len(self.places) != len(self.pictures):
            raise ValueError("a message has a place for each of its pictures, or for none")
        if list(self.places) != sorted(self.places):
            raise ValueError("the places of pictures ascend")
        return self

    @property
    def parts(self) -> tuple[str | bytes, ...]:
        """Text and pictures in the order in which they are read; no text is empty."""
        places = self.places or (0,) * len(self.pictures)
        starts, ends = (0, *places), (*places, len(self.content))
        texts = [self.content[start:end] for start, end in zip(starts, ends, strict=True)]
        woven = [part for pair in zip(texts, self.pictures, strict=False) for part in pair]
        return tuple(part for part in (*woven, texts[-1]) if part)


class Vision(Value):
    """How a model sees: what a prompt has to keep to."""

    side: int = Field(default=1_024, gt=0)
    """Pixels of the longer side that it sees one by one; larger pictures it sees shrunk."""
    tokens: int = Field(default=1_280, gt=0)
    """Of its context that one picture takes, at most."""
    pictures: int = Field(default=6, gt=0)
    """That it is shown in one prompt, at most."""


class ChatPiece(Value):
    """A piece of text, as it is generated."""

    text: str


class ChatUsage(Value):
    """What a generation took; always the last item of a stream."""

    prompt_tokens: int
    cached_tokens: int = 0
    """Prompt tokens that were not computed again."""
    output_tokens: int
    first_token_s: float
    seconds: float
    stopped_by: Literal["end", "length", "cancelled"] = "end"
    model: str = ""
    """The one of several that answered; empty where there is one only."""
    endpoint: str = ""
    """Of that one."""
    passed_over: tuple[str, ...] = ()
    """Models before it that did not answer, or could not be asked, in order."""
    cost_usd: float | None = None
    """By a price list that ships; None for a model of this machine, or one that is not on it."""
