"""What a client sees while it waits for an answer, in the order in which it happens.

`going_through`* → `searched` → `quotes` → `reading` → `looked`* →
(`delta` … `draft` → `checked` | `revised`)* → `differing`? → `answer`, or `failed`.
`drawing`* → `drawn` come first where the question asks for a picture.
A client that is not the page ignores `delta` and `draft`: they are unchecked.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from pincite.answers import (
    Answer,
    CheckedSentence,
    Citation,
    DraftSentence,
    DrawnPicture,
    Quote,
    SentenceId,
)
from pincite.conflicts import Conflict
from pincite.evidence import Coverage
from pincite.values import Value


class Searched(Value):
    """One round of retrieval is over."""

    kind: Literal["searched"] = "searched"
    query: str
    found: int
    coverage: Coverage


class Quotes(Value):
    """The best verbatim quotes, before any model has read anything."""

    kind: Literal["quotes"] = "quotes"
    quotes: tuple[Quote, ...]


class Reading(Value):
    """The evidence that the model is given; `citations` are what `[n]` will mean."""

    kind: Literal["reading"] = "reading"
    citations: tuple[Citation, ...]


class Looked(Value):
    """A model that sees was shown a piece of evidence, not only its text."""

    kind: Literal["looked"] = "looked"
    number: int
    """The n of `[n]`."""
    look: Literal["page", "place"]
    """The whole page that it stands on, or the place itself, closer."""
    parts: int = Field(ge=1)
    """Pictures of it; several where the place is large."""


class GoingThrough(Value):
    """One more of all files was looked at, where all of them are asked about."""

    kind: Literal["going_through"] = "going_through"
    done: int
    total: int
    name: str
    """Of the file."""


class Drawing(Value):
    """A step of a picture that the question asked for is done; only some models tell."""

    kind: Literal["drawing"] = "drawing"
    step: int = Field(ge=1)
    steps: int


class Drawn(Value):
    """The picture is done and kept apart; it is no evidence."""

    kind: Literal["drawn"] = "drawn"
    picture: DrawnPicture


class Called(Value):
    """A model that calls tools had something done; searches are `searched`."""

    kind: Literal["called"] = "called"
    tool: str
    """Empty for one that there is not."""
    said: str
    """A clause, such as `opened page 12 of report.pdf`."""


class Delta(Value):
    """A piece of a draft sentence."""

    kind: Literal["delta"] = "delta"
    sentence: SentenceId
    text: str


class Draft(Value):
    """A draft sentence is complete and about to be checked."""

    kind: Literal["draft"] = "draft"
    sentence: DraftSentence


class Checked(Value):
    """A sentence was checked and stands as drafted."""

    kind: Literal["checked"] = "checked"
    sentence: CheckedSentence


class Revised(Value):
    """A sentence was checked and replaced; `sentence.revised_from` is the draft."""

    kind: Literal["revised"] = "revised"
    sentence: CheckedSentence


class Differing(Value):
    """Sources say different things of what was asked; the sentence that says it follows."""

    kind: Literal["differing"] = "differing"
    conflict: Conflict


class Finished(Value):
    """The last event of a question that was dealt with."""

    kind: Literal["answer"] = "answer"
    answer: Answer


class Failed(Value):
    """The last event of a question that could not be dealt with; `message` is one sentence."""

    kind: Literal["failed"] = "failed"
    error: str
    """Name of the error class."""
    message: str


AskEvent = Annotated[
    Searched
    | Drawing
    | Drawn
    | Called
    | Quotes
    | Reading
    | Looked
    | GoingThrough
    | Delta
    | Draft
    | Checked
    | Revised
    | Differing
    | Finished
    | Failed,
    Field(discriminator="kind"),
]
ASK_EVENT: TypeAdapter[AskEvent] = TypeAdapter(AskEvent)
