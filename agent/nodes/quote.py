"""Finds the sentences that bear on the question: shown at once, then given to the model."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from langgraph.runtime import Runtime

from agent.making_ready import show
from agent.pictures import most_pictures, picture_tokens, wordless
from agent.run import Run
from agent.selection import (
    LEAST_RELEVANT,
    best_quotes,
    candidates,
    citation,
    evidence_block,
    pieces,
    quotes,
)
from agent.state import Change, State
from agent.structured.reading import asked_of, number_for_places
from pincite.answers import Voice
from pincite.events import Quotes, Reading
from pincite.evidence import Evidence
from pincite.models.ports import ChatModel, Numbered

MARGIN = 64
"""Tokens of the chat template, and for what an estimate may miss."""
LEAST_TOKENS = 200
"""Of evidence, however slow the model is: below that it has little to answer from, and its speed,
once measured on a busy machine, would never be measured anew."""

FOCUS = 0.7
"""Share of the best sentence's relevance below which a small model is not given a sentence: what is
beside the point misleads it more than it helps."""


async def quote(state: State, runtime: Runtime[Run]) -> Change:
    run = runtime.context
    if run.ready is not None:
        show(run, run.ready, runtime.stream_writer)
        return Change(numbered=[item.element.id for item in run.evidence])
    evidence = [*await run.evidence_for(state["found"]), *run.gathered.lone()]
    run.scored = await asyncio.to_thread(candidates, state["understood"], evidence, run.encoder)
    run.chosen = best_quotes(run.scored, keep=run.services.settings.quotes)
    run.quotes = quotes(run.chosen)
    run.steps.append(f"chose {len(run.chosen)} sentences of the sources as quotes")
    runtime.stream_writer(Quotes(quotes=run.quotes))
    chat = run.chat
    if run.form.is_structured:
        await _number_for_places(run, chat, state["understood"], evidence)
    elif chat is None:
        number_quotes(run)
    else:
        number_pieces(run, chat, state["question"], evidence if run.services.places else [])
    if chat is not None:
        run.steps.append(f"gave {chat.name} {len(run.evidence)} pieces of evidence to read")
    runtime.stream_writer(Reading(citations=run.citations))
    return Change(numbered=[item.element.id for item in run.evidence])


async def _number_for_places(
    run: Run, chat: ChatModel | None, question: str, evidence: Sequence[Evidence]
) -> None:
    """Without a model nothing is read, and rules look at all that was found."""
    asked = asked_of(run, question)
    tokens = 0 if chat is None else reading_tokens(run, chat, " ".join(asked))
    await asyncio.to_thread(number_for_places, run, asked, evidence, tokens)


def number_quotes(run: Run) -> None:
    """Without a model the quotes are the evidence."""
    elements = {c.spot.element.id: c.spot.element for c in run.scored}
    run.citations = tuple({q.citation.element: q.citation for q in run.quotes}.values())
    run.evidence = tuple(
        Numbered(number=c.number, element=elements[c.element], source_name=c.source_name)
        for c in run.citations
    )
    run.block = ""


def number_pieces(
    run: Run, chat: ChatModel, question: str, to_see: Sequence[Evidence] = ()
) -> None:
    """What the model reads in the time that the settings give it, numbered.

    A model that sees is given the pictures of `to_see` beside it.
    """
    tokens = reading_tokens(run, chat, question, pictures=picture_tokens(to_see, chat))
    best = max((candidate.relevance for candidate in run.scored), default=0.0)
    floor = FOCUS * best if chat.voice is Voice.SMALL_LOCAL_MODEL else 0.0
    read = pieces(
        run.scored, tokens=tokens, count=chat.count_tokens, floor=max(floor, LEAST_RELEVANT)
    )
    read = run.gathered.read(read, tokens=tokens, count=chat.count_tokens)
    read = run.gathered.numbered(read + wordless(to_see, read, most_pictures(chat)))
    run.citations = tuple(citation(p.number, p.element, p.source, p.text) for p in read)
    run.evidence = tuple(
        Numbered(number=p.number, element=p.element, source_name=p.source.name) for p in read
    )
    run.block = evidence_block(read)


def reading_tokens(run: Run, chat: ChatModel, question: str, *, pictures: int = 0) -> int:
    """Tokens of evidence: by the model's measured speed, its context, and the settings' limit.

    The system prompt is not charged to the time: after `warm_up` it is not read again. `pictures`
    is what they take of the context.
    """
    settings, fixed = run.services.settings, run.instructions
    asked = chat.count_tokens(question)
    by_time = int(settings.read_seconds * chat.tokens_per_second) - asked
    around = chat.count_tokens(fixed.system + fixed.user) + asked
    by_context = chat.context - around - run.answer_tokens - MARGIN - pictures
    by_time = max(by_time, LEAST_TOKENS)
    return max(0, min(by_time, by_context, settings.max_evidence_tokens))
