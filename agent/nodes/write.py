"""Lets the model write, and has every sentence checked right behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from langgraph.runtime import Runtime

from agent.claim_search import find_elsewhere
from agent.computed import calculate
from agent.differing import tell_conflict
from agent.languages import to_be_answered_in
from agent.making_ready import give
from agent.nodes.quote import number_quotes
from agent.prompts import prompt
from agent.run import Run, logger
from agent.selection import worthy
from agent.state import Change, State
from agent.structured.filling import fill
from agent.understanding import parts
from agent.using import used, voice
from agent.weaving import with_pictures, woven
from agent.writing import Writer
from pincite.answers import (
    CheckedSentence,
    DraftSentence,
    Label,
    Quote,
    RefusalReason,
    SentenceId,
    Voice,
)
from pincite.errors import MissingModel, ModelUnavailable
from pincite.events import AskEvent, Checked, Draft, Reading, Revised
from pincite.grounding.repair import Context, checked_sentence
from pincite.models.ports import ChatModel

Emit = Callable[[AskEvent], None]


async def write(state: State, runtime: Runtime[Run]) -> Change:
    run, emit = runtime.context, runtime.stream_writer
    try:
        async with asyncio.timeout_at(run.deadline):
            await _written(run, emit, _asked(state))
            if _stands(run):
                await tell_conflict(run, emit, state["understood"])
    except TimeoutError:
        run.reason = RefusalReason.BUDGET
        return Change(refusal=RefusalReason.BUDGET.value, numbered=_numbered(run))
    labels = [sentence.label.value for sentence in run.sentences]
    return Change(labels=labels, numbered=_numbered(run), refusal=_refusal(run))


def _asked(state: State) -> str:
    """The question as the model gets it; a follow-up with the question before it."""
    question, earlier = state["question"], state.get("turns", [])
    if not earlier or state["understood"] == " ".join(question.split()):
        return question
    return f"{question} (It follows the question: {earlier[-1]['question']})"


async def _written(run: Run, emit: Emit, question: str) -> None:
    if run.ready is not None:
        give(run, run.ready, emit)
        return
    done = False
    if run.form.is_structured:
        done = await fill(run, emit, question, quotable=bool(_worthy(run)))
    elif run.chat is not None:
        done = await _by_chat(run, emit, run.chat, question)
    if done:
        return
    if run.chat is not None or run.form.is_structured:
        number_quotes(run)
        emit(Reading(citations=run.citations))
    await _by_quotes(run, emit, _worthy(run))


async def _by_chat(run: Run, emit: Emit, chat: ChatModel, question: str) -> bool:
    """Whether it did; else quotes are the answer."""
    if not run.evidence:
        return False
    try:
        await _by_model(run, emit, chat, question)
        calculate(run, emit, question)
        if _stands(run):
            await _complete(run, emit, question)
        elif quotes_may_stand_in(run, chat):
            await _stand_in(run, emit, question)
    except (MissingModel, ModelUnavailable) as exc:
        if isinstance(exc, ModelUnavailable) and not _worthy(run):
            raise
        _given_up(run, f"{chat.name} did not answer, so quotes are the answer", exc)
        return False
    return True


async def _by_model(run: Run, emit: Emit, chat: ChatModel, question: str) -> None:
    """With the pictures that were made; where that fails, once more with the text alone."""
    if run.shown:
        try:
            await _generated(run, emit, chat, question)
        except ModelUnavailable as exc:
            _given_up(run, f"{chat.name} did not take the pictures, so it was given text only", exc)
            run.shown = ()
        else:
            return
    await _generated(run, emit, chat, question)


def _given_up(run: Run, said: str, why: Exception) -> None:
    """Sentences that were written so far are withdrawn; their ids are used again."""
    logger.warning("%s: %s", said, why)
    run.steps.append(said)
    run.tell(f"{said}.")
    run.degraded, run.sentences = True, []


async def _generated(run: Run, emit: Emit, chat: ChatModel, question: str) -> None:
    text, see = run.instructions, prompt("see")
    evidence = woven(run.block, run.shown)
    asked = to_be_answered_in(question, run.language)
    messages = text.messages(evidence=evidence.text, question=asked)
    if run.shown:
        messages = with_pictures(messages, evidence, see.system)
    drafts: asyncio.Queue[DraftSentence | None] = asyncio.Queue()
    writer = Writer(chat, emit, drafts, max_tokens=run.answer_tokens)
    checking = asyncio.create_task(_check_all(run, emit, drafts, question))
    try:
        await writer.write(messages)
        drafts.put_nowait(None)
        await checking
    finally:
        checking.cancel()
        await asyncio.wait({checking})
    run.steps.append(
        f"{chat.name} wrote that it found nothing"
        if writer.said_not_found
        else f"{chat.name} wrote {len(run.sentences)} sentences, each of which was checked"
    )
    run.said_not_found = writer.said_not_found
    version = f"{text.version}, {see.version}" if run.shown else text.version
    run.use = used(run, chat, writer.usage, prompt_version=version)
    run.voice = voice(chat, run.use)


def _worthy(run: Run) -> list[Quote]:
    return list(run.quotes[: worthy(run.chosen)])


async def _by_quotes(run: Run, emit: Emit, answering: Sequence[Quote]) -> None:
    """The quotes as sentences; checked like any others."""
    drafts: asyncio.Queue[DraftSentence | None] = asyncio.Queue()
    for place, quote in enumerate(answering, 1):
        text = f"{quote.text.rstrip()} [{quote.citation.number}]"
        draft = DraftSentence(id=SentenceId(f"s{place}"), text=" ".join(text.split()))
        emit(Draft(sentence=draft))
        drafts.put_nowait(draft)
    drafts.put_nowait(None)
    await _check_all(run, emit, drafts, "")
    run.steps.append(f"took the best quotes ({len(answering)}) as the answer and checked them")
    run.voice = Voice.QUOTES


def quotes_may_stand_in(run: Run, chat: ChatModel) -> bool:
    """Whether the best quote is the answer where the model's draft is not.

    A strong model that finds nothing is believed. A small one is not: it misses what is there.
    """
    return bool(_worthy(run)) and chat.voice is Voice.SMALL_LOCAL_MODEL


async def _complete(run: Run, emit: Emit, question: str) -> None:
    """Where several things are asked, add the best quote if no sentence rests on it yet."""
    answering = _worthy(run)
    if len(parts(question)) == 1 or not answering:
        return
    best = answering[0]
    rests_on = {e for s in run.sentences for c in s.claims for e in c.verdict.supports}
    numbers = {item.element.id: item.number for item in run.evidence}
    if best.citation.element in rests_on or best.citation.element not in numbers:
        return
    text = f"{' '.join(best.text.split())} [{numbers[best.citation.element]}]"
    draft = DraftSentence(id=SentenceId(f"s{len(run.sentences) + 1}"), text=text)
    emit(Draft(sentence=draft))
    drafts: asyncio.Queue[DraftSentence | None] = asyncio.Queue()
    drafts.put_nowait(draft)
    drafts.put_nowait(None)
    await _check_all(run, emit, drafts, "")
    run.steps.append("added the best quote, on which no sentence rested yet, and checked it")


async def _stand_in(run: Run, emit: Emit, question: str) -> None:
    """Put the best quote, or all where several things are asked, in the place of the draft."""
    logger.info("the draft of %s did not hold; a quote stands in", run.use.model)
    run.steps.append("withdrew the draft, of which nothing was borne out")
    withdrawn, run.sentences = run.sentences, []
    answering = _worthy(run)
    if len(parts(question)) == 1:
        run.quotes = tuple(answering := answering[:1])
    number_quotes(run)
    emit(Reading(citations=run.citations))
    await _by_quotes(run, emit, answering)
    if withdrawn and run.sentences:
        draft = " ".join(sentence.text for sentence in withdrawn)
        run.sentences[0] = run.sentences[0].model_copy(update={"revised_from": draft})
        emit(Revised(sentence=run.sentences[0]))


async def _check_all(
    run: Run, emit: Emit, drafts: asyncio.Queue[DraftSentence | None], question: str
) -> None:
    """Without a question each draft is a quote, which means what it means in its source."""
    while (draft := await drafts.get()) is not None:
        before = tuple(sentence.text for sentence in run.sentences) if question else ()
        sentence = await _checked(run, emit, draft, Context(question, before))
        run.sentences.append(sentence)
        revised = sentence.revised_from is not None
        emit(Revised(sentence=sentence) if revised else Checked(sentence=sentence))


async def _checked(run: Run, emit: Emit, draft: DraftSentence, context: Context) -> CheckedSentence:
    checker = run.services.checker
    sentence = await asyncio.to_thread(checked_sentence, draft, run.evidence, checker, context)
    if not (context.question and run.services.settings.search_claims):
        return sentence
    if not await asyncio.to_thread(find_elsewhere, run, sentence):
        return sentence
    emit(Reading(citations=run.citations))
    return await asyncio.to_thread(checked_sentence, draft, run.evidence, checker, context)


def _refusal(run: Run) -> str:
    """Refuse where the model found nothing, or nothing of what it wrote is borne out."""
    return "" if _stands(run) else RefusalReason.NO_EVIDENCE.value


def _stands(run: Run) -> bool:
    if run.data is not None:
        return any(datum.is_supported for datum in run.data.data)
    return any(sentence.label is Label.SUPPORTED for sentence in run.sentences)


def _numbered(run: Run) -> list[str]:
    return [item.element.id for item in run.evidence]
