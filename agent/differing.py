"""Says in the answer that sources say different things, each with its place and verdict."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from agent.conflicts import Found, conflict
from agent.dating import are_apart, dated, newest_first
from agent.run import Run
from agent.structured.checking import placed
from agent.structured.quoting import cite
from pincite.answer_form import Form
from pincite.answers import CheckedClaim, CheckedSentence, Claim, Label, SentenceId
from pincite.conflicts import Conflict, Position
from pincite.events import AskEvent, Checked, Differing, Reading

Emit = Callable[[AskEvent], None]


async def tell_conflict(run: Run, emit: Emit, question: str) -> None:
    """Add a sentence to an answer that stands; in JSON, which has no place for one, a notice.

    A comparison shows what differs by itself.
    """
    if run.form is Form.COMPARISON or not run.sentences:
        return
    found = await asyncio.to_thread(conflict, question, run.scored)
    if not found:
        return
    elements = [each.spot.element for each in run.scored]
    days = [dated(each.candidate.source, elements) for each in found]
    order = newest_first(days)
    told = [(found[at], days[at]) for at in order]
    before = run.citations
    sentence, positions = await asyncio.to_thread(_sentence, run, told, by_date=are_apart(days))
    if any(each.verdict.label is not Label.SUPPORTED for each in sentence.claims):
        return
    run.conflicts = (Conflict(positions=positions, by_date=are_apart(days)),)
    run.steps.append("found that sources differ, and says so")
    if run.citations != before:
        emit(Reading(citations=run.citations))
    emit(Differing(conflict=run.conflicts[0]))
    if run.form is Form.JSON:
        run.tell(sentence.text)
    else:
        run.sentences.append(sentence)
        emit(Checked(sentence=sentence))


def _sentence(
    run: Run, told: Sequence[tuple[Found, str]], *, by_date: bool
) -> tuple[CheckedSentence, tuple[Position, ...]]:
    text = "The sources differ, newest first: " if by_date else "The sources differ: "
    claims: list[CheckedClaim] = []
    positions: list[Position] = []
    for place, (found, day) in enumerate(told):
        candidate = found.candidate
        number = cite(run, candidate.spot.element, candidate.source, candidate.spot.text)
        quote = " ".join(candidate.spot.text.split())
        lead = f"{candidate.source.name}{f' ({day})' if day else ''} says “"
        text += f"{'; ' if place else ''}{lead}"
        claims.append(placed(_checked(run, quote, number), len(text), len(text) + len(quote)))
        text += f"{quote}” [{number}]"
        positions.append(
            Position(
                source=candidate.source.id,
                source_name=candidate.source.name,
                dated=day,
                value=found.value,
                cites=number,
            )
        )
    sentence = CheckedSentence(
        id=SentenceId(f"s{len(run.sentences) + 1}"), text=f"{text}.", claims=tuple(claims)
    )
    return sentence, tuple(positions)


def _checked(run: Run, quote: str, number: int) -> CheckedClaim:
    evidence = [item for item in run.evidence if item.number == number]
    claim = Claim(text=quote, start=0, end=len(quote), cites=(number,))
    return CheckedClaim(claim=claim, verdict=run.services.checker.check(claim, evidence))
