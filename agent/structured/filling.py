"""Fills in the answer where its form has places: a table, a comparison, JSON."""

from __future__ import annotations

from collections.abc import Callable

from agent.run import Run, logger
from agent.structured.asking import asked_for
from agent.structured.by_rules import NEEDS_MODEL, fill_by_rules
from agent.structured.comparing import compare
from agent.structured.parsing import Said
from agent.structured.shapes import for_model, wanted
from agent.structured.tables import tabulate
from agent.structured.values import give_values
from pincite.answer_form import Form
from pincite.answer_shapes import Members
from pincite.answers import Label, Voice
from pincite.errors import MissingModel, ModelUnavailable
from pincite.events import AskEvent, Checked, Reading
from pincite.models.ports import ChatModel

Emit = Callable[[AskEvent], None]


async def fill(run: Run, emit: Emit, question: str, *, quotable: bool) -> bool:
    """Whether the answer is there, or that there is none; else it is to be given by quotes.

    Raises:
        ModelUnavailable: it did not answer, and there is nothing to give instead.
    """
    chat, before = run.chat, run.citations
    if chat is None or not run.evidence:
        done, why = await fill_by_rules(run), "" if chat else NEEDS_MODEL
    else:
        try:
            done, why = await _by_model(run, chat, question)
        except (MissingModel, ModelUnavailable) as exc:
            logger.warning("%s: %s", chat.name, exc)
            done, why = await fill_by_rules(run), f"{chat.name} did not answer"
            if not done and not quotable and isinstance(exc, ModelUnavailable):
                raise
            run.degraded = True
    if why and not (chat is None and done):
        _tell(run, why, done=done)
    if run.citations != before:
        emit(Reading(citations=run.citations))
    for sentence in run.sentences:
        emit(Checked(sentence=sentence))
    return done


async def _by_model(run: Run, chat: ChatModel, question: str) -> tuple[bool, str]:
    """Whether it did, and what went wrong, as a clause."""
    match run.form:
        case Form.JSON if (shape := run.wishes.shape) is not None:
            said = await _by_schema(run, chat, question, shape)
        case Form.COMPARISON if run.comparison is not None:
            said = await compare(run, chat, question, run.comparison)
        case _:
            said = await tabulate(run, chat, question)
    if not said.value:
        run.degraded = True
        return await fill_by_rules(run), f"{chat.name} did not answer with the JSON of this form"
    if said.is_cut:
        run.tell(f"What {chat.name} wrote was cut off, so parts may be missing.")
    _count(run, chat)
    if chat.voice is Voice.SMALL_LOCAL_MODEL and not _any_borne_out(run):
        run.sentences, run.data = [], None
        return await fill_by_rules(run), f"Nothing that {chat.name} filled in is borne out"
    run.said_not_found = not run.sentences
    return True, ""


def _any_borne_out(run: Run) -> bool:
    return run.data is not None and any(datum.is_supported for datum in run.data.data)


async def _by_schema(run: Run, chat: ChatModel, question: str, shape: Members) -> Said:
    messages = run.instructions.messages(
        evidence=run.block, question=question, wanted=wanted(shape)
    )
    schema = for_model(shape, [each.number for each in run.citations])
    said = await asked_for(run, chat, messages, schema)
    if said.value:
        await give_values(run, shape, said.value)
    return said


def _count(run: Run, chat: ChatModel) -> None:
    claims = [claim for sentence in run.sentences for claim in sentence.claims]
    borne_out = sum(claim.verdict.label is Label.SUPPORTED for claim in claims)
    run.steps.append(
        f"{chat.name} filled in {len(claims)} places with words of the evidence; each was checked, "
        f"{borne_out} are borne out"
    )


def _tell(run: Run, why: str, *, done: bool) -> None:
    instead = "rules filled in what they find" if done else "quotes are the answer"
    told = f"{why}, so {instead}."
    run.steps.append(told.rstrip("."))
    run.tell(told)
