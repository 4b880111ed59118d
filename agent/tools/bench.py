"""What every tool works with, and what it gives back."""

from __future__ import annotations

import asyncio
import difflib
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.gathered import Gathered, line
from agent.pictures import PICTURED
from agent.plain_text import answer_text, evidence_name, evidence_text
from agent.readable import readable
from agent.run import Run
from agent.weaving import Shown
from pincite.elements import Element, Kind, Scope, Source
from pincite.errors import PinciteError
from pincite.events import AskEvent
from pincite.evidence import Evidence
from pincite.models.ports import Tool, ToolCall

SHOWN_TOKENS: Final = 1_200
"""That one call shows, at most."""
_NEAREST: Final = 3
_LONGEST_SAID: Final = 120


class Arguments(BaseModel):
    """What a model fills in; anything else is told back to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Told(NamedTuple):
    """What came of a call."""

    text: str
    """For the model: numbered evidence, or one sentence that says why there is none."""
    said: str
    """For the reader, a clause of what was done."""
    shown: tuple[Shown, ...] = ()
    """Pictures, for a model that sees."""


class Nothing(Exception):
    """Nothing to show, and why: a sentence for the model, and a clause for the reader."""

    def __init__(self, text: str, said: str) -> None:
        super().__init__(text)
        self.told = Told(text, said)


@dataclass(slots=True)
class Bench:
    """One question's tools at work."""

    run: Run
    emit: Callable[[AskEvent], None]
    gathered: Gathered
    found: list[Evidence] = field(default_factory=list[Evidence])
    """What searches put forward, in order."""
    queries: list[str] = field(default_factory=list[str])

    @property
    def scope(self) -> Scope:
        """What the asker may see, and of that what the question is about; of every tool."""
        return self.run.scope

    def show(self, shown: Iterable[tuple[Element, Source]], *, alone: bool = False) -> str:
        """Lines of numbered evidence, in order, as many as fit; empty where nothing is to read."""
        lines: list[str] = []
        left = SHOWN_TOKENS
        chat = self.run.chat
        for element, source in shown:
            text = readable(element)
            if element.kind is Kind.TEXT and not any(map(str.isalpha, text)):
                text = ""  # a tick of an axis, the number of a page
            if not text:
                if seen := self._picture(element, source, alone=alone):
                    lines.append(seen)
                continue
            price = chat.count_tokens(text) if chat else 0
            if price > left:
                text = text[: max(0, len(text) * left // max(price, 1))].rsplit(" ", 1)[0]
            if not text or left <= 0:
                lines.append("… more was left out, as it is too long for one call.")
                break
            left -= price
            lines.append(line(self.gathered.show(element, source, text, alone=alone)))
        return "\n".join(lines)

    def _picture(self, element: Element, source: Source, *, alone: bool) -> str:
        """The line of a picture without words, for a model that sees; else empty."""
        chat = self.run.chat
        if chat is None or chat.vision is None or element.kind not in PICTURED:
            return ""
        if not element.crop or "hidden_text" in element.flags:
            return ""
        piece = self.gathered.show(element, source, "", alone=alone)
        return f"{line(piece).rpartition(': ')[0]}: (a picture; look_closer shows it)"

    async def source(self, called: str) -> Source:
        """Of a file's name, or of the number of its evidence. Raises Nothing."""
        number = re.fullmatch(r"\s*\[?(\d{1,6})\]?\s*", called)
        piece = self.gathered.piece(int(number.group(1))) if number else None
        if piece is not None:
            return piece.source
        files = self.run.services.files
        known = await asyncio.to_thread(files.sources, self.scope) if files else []
        names: dict[str, Source] = {}
        for source in sorted(known, key=lambda each: (each.added_at, each.id)):
            names[evidence_name(source.name).casefold()] = source
            names[source.name.casefold()] = source
        wanted = " ".join(called.split()).casefold()
        if wanted in names:
            return names[wanted]
        within = {each.id: each for name, each in names.items() if wanted and wanted in name}
        if len(within) == 1:
            return next(iter(within.values()))
        near = difflib.get_close_matches(wanted, list(names), n=_NEAREST, cutoff=0.4)
        told = ", ".join(evidence_name(names[name].name) for name in near)
        raise Nothing(
            f"There is no file {clause(called)} among those that may be searched"
            + (f"; the nearest names are: {told}." if told else "; search shows names."),
            f"asked for a file {clause(called)} that there is not",
        )


A = TypeVar("A", bound=Arguments)


class AgentTool(NamedTuple, Generic[A]):
    """A tool as the model is told of it, and what it does."""

    name: str
    description: str
    arguments: type[A]
    use: Callable[[Bench, A], Awaitable[Told]]

    @property
    def offered(self) -> Tool:
        return Tool(
            name=self.name,
            description=self.description,
            parameters=_plain(self.arguments.model_json_schema()),
        )


AnyTool = AgentTool[Any]


async def called(bench: Bench, tools: Sequence[AnyTool], call: ToolCall) -> Told:
    """Whatever a model asks for, there is one clear answer."""
    tool = next((tool for tool in tools if tool.name == call.name), None)
    if tool is None:
        names = ", ".join(tool.name for tool in tools)
        return Told(
            f"There is no tool {clause(call.name)}; there are: {names}.",
            f"asked for a tool {clause(call.name)} that there is not",
        )
    try:
        arguments = tool.arguments.model_validate(_object(call.arguments))
    except (ValueError, TypeError, RecursionError) as exc:
        return Told(_wrong(tool, exc), f"asked for {tool.name} with arguments that do not fit")
    try:
        return await tool.use(bench, arguments)
    except Nothing as nothing:
        return nothing.told
    except PinciteError as exc:
        return Told(f"That did not work: {exc}.", f"could not use {tool.name}: {clause(str(exc))}")


def clause(text: str) -> str:
    """What a model or a file said, as a short quotation on one line."""
    plain = evidence_text(answer_text(text))
    return f"“{plain if len(plain) <= _LONGEST_SAID else plain[:_LONGEST_SAID] + '…'}”"


def _object(arguments: str) -> dict[str, object]:
    """Raises ValueError, TypeError."""
    told: object = json.loads(arguments) if arguments.strip() else {}
    if isinstance(told, str):  # some servers wrap the object once more
        told = json.loads(told)
    if not isinstance(told, dict):
        raise TypeError("no object")
    return cast("dict[str, object]", told)


def _wrong(tool: AnyTool, exc: Exception) -> str:
    names = ", ".join(tool.arguments.model_fields)
    if not isinstance(exc, ValidationError):
        return f"The arguments of {tool.name} are a JSON object with: {names}."
    first = exc.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])[:60] or "arguments"
    return f"{where}: {first['msg']}. The arguments of {tool.name} are: {names}."


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Without titles and docstrings of ours, which cost tokens and say nothing."""
    kept: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "title" and isinstance(value, str):
            continue
        if key == "properties" or key == "$defs":
            kept[key] = {name: _plain(each) for name, each in value.items()}
        else:
            kept[key] = _plain(cast("dict[str, Any]", value)) if isinstance(value, dict) else value
    return kept
