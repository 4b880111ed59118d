"""Answers that code can make, tried before any model writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agent.accounts.answering import from_accounts
from agent.looking_up import look_up
from agent.ready import Ready
from agent.run import Run
from pincite.answers import Quote, Voice
from pincite.events import AskEvent, Checked, Quotes, Reading
from pincite.evidence import Evidence


async def made_ready(run: Run, question: str, evidence: Sequence[Evidence]) -> Ready | None:
    """A value that a short file has in a field, or a figure of accounts; None for all else."""
    found = await look_up(run, question, evidence)
    return found or await from_accounts(run, question, evidence)


def show(run: Run, ready: Ready, emit: Callable[[AskEvent], None]) -> None:
    """Its places are what is quoted and cited."""
    run.citations, run.evidence = ready.citations, ready.evidence
    run.quotes = tuple(
        Quote(citation=cited, text=cited.quote, relevance=1.0) for cited in ready.citations
    )
    emit(Quotes(quotes=run.quotes))
    emit(Reading(citations=run.citations))


def give(run: Run, ready: Ready, emit: Callable[[AskEvent], None]) -> None:
    """Make it the answer."""
    run.voice = Voice.COMPUTED
    run.sentences = list(ready.sentences)
    run.steps.append(ready.step)
    for sentence in run.sentences:
        emit(Checked(sentence=sentence))
