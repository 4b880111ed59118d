"""What may leave: drafts only where the receiver says that it shows them as drafts."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from pincite.answers import Answer, Answered, CheckedSentence
from pincite.events import AskEvent, Checked, Delta, Draft, Finished, Revised


def without_drafts(answer: Answer) -> Answer:
    """The same answer without the drafts that sentences were revised from."""
    if not isinstance(answer, Answered):
        return answer
    return answer.model_copy(update={"sentences": tuple(map(_checked_only, answer.sentences))})


def _checked_only(sentence: CheckedSentence) -> CheckedSentence:
    return sentence.model_copy(update={"revised_from": None})


def outgoing(event: AskEvent) -> AskEvent | None:
    """The event as a surface that shows no drafts may see it; None where it is all draft."""
    match event:
        case Delta() | Draft():
            return None
        case Checked(sentence=sentence) | Revised(sentence=sentence):
            return event.model_copy(update={"sentence": _checked_only(sentence)})
        case Finished(answer=answer):
            return Finished(answer=without_drafts(answer))
        case _:
            return event


async def checked_only(events: AsyncGenerator[AskEvent, None]) -> AsyncGenerator[AskEvent, None]:
    async with aclosing(events):
        async for event in events:
            if (allowed := outgoing(event)) is not None:
                yield allowed
