"""A reader's word against a verdict."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import Field

from pincite.answers import Answer, Answered, AnswerId, Label, SentenceId
from pincite.errors import UserError
from pincite.values import Value

LONGEST_NOTE: Final = 2_000
"""Characters."""


class Objection(Value):
    """`This verdict is wrong`, as a reader says it."""

    sentence: SentenceId
    claim: int = Field(default=1, ge=1)
    """Which claim of the sentence, from 1."""
    label: Label | None = None
    """What the verdict should be; None where the reader only says that it is wrong."""
    note: str = Field(default="", max_length=LONGEST_NOTE)


class Feedback(Value):
    """An objection as it is kept: with what it is about, who made it and when."""

    answer: AnswerId
    objection: Objection
    text: str
    """Of the claim, as it was checked."""
    shown: Label
    """The verdict that the reader saw."""
    probability: float
    by: str
    """Whose eyes the reader had; `local` where there are no accounts."""
    at: datetime
    """In UTC."""


def feedback_on(answer: Answer, objection: Objection, by: str, at: datetime) -> Feedback:
    """Raises UserError: the answer has no such claim."""
    sentences = answer.sentences if isinstance(answer, Answered) else ()
    found = next((each for each in sentences if each.id == objection.sentence), None)
    if found is None or objection.claim > len(found.claims):
        raise UserError(
            f"the answer {answer.id} has no claim {objection.claim} in a sentence "
            f"{objection.sentence}; they are numbered as in its JSON, from 1"
        )
    checked = found.claims[objection.claim - 1]
    return Feedback(
        answer=answer.id,
        objection=objection,
        text=checked.claim.text,
        shown=checked.verdict.label,
        probability=checked.verdict.probability,
        by=by,
        at=at,
    )
