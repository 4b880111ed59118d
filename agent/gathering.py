"""A model that calls tools gathers evidence, within a budget of calls, seconds and tokens.

What it writes meanwhile is shown to nobody: the answer is written from the evidence afterwards, and
checked, as ever.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from agent.plain_text import evidence_name
from agent.prompts import prompt
from agent.run import Run, logger
from agent.tools.bench import AnyTool, Bench, Told, called
from agent.tools.calculate import CALCULATE
from agent.tools.extract import EXTRACT
from agent.tools.generate_image import GENERATE_IMAGE
from agent.tools.listen import LISTEN
from agent.tools.look_closer import LOOK_CLOSER
from agent.tools.open_page import OPEN_PAGE
from agent.tools.search import SEARCH
from agent.using import used
from agent.weaving import Shown, woven
from pincite.errors import MissingModel, ModelUnavailable
from pincite.events import Called
from pincite.models.ports import ChatModel, ChatUsage, Message, ToolCall

MOST_SAID: Final = 1_000
"""Tokens of one turn of the model."""
SHARE: Final = 0.6
"""Of a question's time that gathering may take; the rest is for writing and checking."""
_ENDLESS: Final = 12
"""Characters a token, beyond which a turn that was to end has no end."""
_AGAIN: Final = 2
"""The same call once more is told so; twice more, and the model goes in circles."""
_FILES: Final = 40
"""Names that the model is told of."""
_MOST_CALLS: Final = 8
"""Of one turn."""


class _Turn(NamedTuple):
    said: str
    calls: tuple[ToolCall, ...]


@dataclass(slots=True)
class Gathering:
    """One question's turns of model and tools."""

    bench: Bench
    chat: ChatModel
    tools: tuple[AnyTool, ...]
    messages: list[Message] = field(default_factory=list[Message])
    seen: dict[str, int] = field(default_factory=dict[str, int])
    """How often each call was made."""
    calls: int = 0
    tokens: int = 0

    @property
    def run(self) -> Run:
        return self.bench.run


def offered(run: Run) -> tuple[AnyTool, ...]:
    """The tools of this question: what is not there is not offered, and no picture unasked."""
    services = run.services
    tools: list[AnyTool] = [SEARCH]
    if services.files is not None:
        tools += [OPEN_PAGE, LISTEN]
    tools += [LOOK_CLOSER, CALCULATE]
    if services.extractor is not None:
        tools.append(EXTRACT)
    if run.to_draw:
        tools.append(GENERATE_IMAGE)
    return tuple(tools)


async def gather_evidence(bench: Bench, chat: ChatModel, question: str) -> bool:
    """Whether the model said on what the answer rests, or had no time to; what ended it is a step.

    False where it was gone, asked for nothing, or found nothing: then the graph searches.
    """
    run, settings = bench.run, bench.run.services.settings
    work = Gathering(bench, chat, offered(run))
    loop = asyncio.get_running_loop()
    left = run.deadline - loop.time()
    limit = loop.time() + min(settings.tool_seconds, SHARE * left)
    try:
        async with asyncio.timeout_at(limit):
            work.messages += await _opening(run, question)
            return await _turns(work)
    except TimeoutError:
        run.steps.append(f"{chat.name} gathered until its time was over")
        return work.calls > 0
    except (MissingModel, ModelUnavailable) as exc:
        said = f"{chat.name} did not answer while it gathered, so it was searched for without it"
        logger.warning("%s: %s", said, exc)
        run.steps.append(said)
        run.tell(f"{said}.")
        run.degraded = True
        return False


async def _opening(run: Run, question: str) -> tuple[Message, Message]:
    files = run.services.files
    known = await asyncio.to_thread(files.sources, run.scope) if files else []
    names = [evidence_name(source.name) for source in known[:_FILES]]
    more = len(known) - len(names)
    told = "\n".join([*names, f"… and {more} more" if more > 0 else ""]).strip()
    return prompt("gather").messages(question=question, files=told, count=str(len(known)))


async def _turns(work: Gathering) -> bool:
    """Until the model calls no tool, goes in circles, or a budget is spent."""
    run, settings = work.run, work.run.services.settings
    while True:
        turn = await _turn(work)
        if not turn.calls:
            return _ended(work, turn.said)
        calls = turn.calls[:_MOST_CALLS]
        work.messages.append(Message(role="assistant", content=turn.said, calls=calls))
        shown = [each for call in calls for each in await _call(work, call)]
        if shown:
            work.messages.append(_pictures(shown))
        if max(work.seen.values()) > _AGAIN:
            run.steps.append(f"{work.chat.name} went in circles, so gathering ended")
            return True
        if work.calls >= settings.tool_calls:
            run.steps.append(f"ended gathering after {work.calls} calls")
            return True
        if work.tokens >= settings.tool_tokens or not _fits(work):
            run.steps.append(f"ended gathering after {work.tokens} tokens")
            return True


async def _turn(work: Gathering) -> _Turn:
    said: list[str] = []
    calls: list[ToolCall] = []
    length = 0
    stream = work.chat.stream(
        work.messages, max_tokens=MOST_SAID, tools=[tool.offered for tool in work.tools]
    )
    async with aclosing(stream) as items:
        async for item in items:
            if isinstance(item, ToolCall):
                calls.append(item)
            elif isinstance(item, ChatUsage):
                _count(work, item)
            else:
                said.append(item.text)
                length += len(item.text)
            if length > _ENDLESS * MOST_SAID:
                break
    return _Turn("".join(said)[: _ENDLESS * MOST_SAID], tuple(calls))


def _count(work: Gathering, usage: ChatUsage) -> None:
    run = work.run
    work.tokens += usage.prompt_tokens + usage.output_tokens
    version = prompt("gather").version
    run.gathering = used(run, work.chat, usage, prompt_version=version, before=run.gathering)


def _pictures(shown: Sequence[Shown]) -> Message:
    """Behind the answers to all calls of a turn, which hold text only, each by its number."""
    numbers = dict.fromkeys(each.number for each in shown)
    seen = woven("\n".join(f"[{number}]" for number in numbers), shown)
    return Message(role="user", content=seen.text, pictures=seen.pictures, places=seen.places)


async def _call(work: Gathering, call: ToolCall) -> tuple[Shown, ...]:
    """Do it, and tell the model and the reader; what is to be seen of it is given back."""
    run, bench = work.run, work.bench
    work.calls += 1
    key = _key(call)
    work.seen[key] = work.seen.get(key, 0) + 1
    if work.seen[key] > 1:
        told = Told("You called that already; its answer stands above.", "asked the same again")
    elif work.calls > run.services.settings.tool_calls:
        told = Told("No more calls are left; write the numbers.", "had no more calls left")
    else:
        told = await called(bench, work.tools, call)
    run.steps.append(told.said)
    if call.name != "search" or work.seen[key] > 1:
        known = any(tool.name == call.name for tool in work.tools)
        bench.emit(Called(tool=call.name if known else "", said=told.said))
    work.messages.append(Message(role="tool", content=told.text, answers=call.id))
    return told.shown


def _key(call: ToolCall) -> str:
    """The same for the same arguments, however they are spaced and ordered."""
    try:
        return f"{call.name} {json.dumps(json.loads(call.arguments), sort_keys=True)}"
    except (ValueError, RecursionError):
        return f"{call.name} {call.arguments}"


def _fits(work: Gathering) -> bool:
    """Whether another turn has room in the model's context."""
    chat = work.chat
    pictures = sum(len(message.pictures) for message in work.messages)
    seen = pictures * chat.vision.tokens if chat.vision else 0
    told = sum(chat.count_tokens(message.content) for message in work.messages)
    return told + seen + 2 * MOST_SAID < chat.context


def _ended(work: Gathering, said: str) -> bool:
    """Whether the model named something that the answer rests on."""
    run, name = work.run, work.chat.name
    run.gathered.name(said)
    told = ", ".join(f"[{n}]" for n in run.gathered.named)
    if work.calls == 0:
        run.steps.append(f"{name} called no tool, so it was searched for without it")
    elif told:
        run.steps.append(f"{name} gathered {told} for the answer")
    else:
        run.steps.append(f"{name} found nothing that answers it")
    return bool(told)
