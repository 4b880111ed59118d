"""One question on its way: what the nodes share and no checkpoint keeps."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from agent.gathered import Gathered
from agent.keeping import held_back
from agent.prompts import Prompt, prompt
from agent.ready import Ready
from agent.selection import Candidate
from agent.services import AgentServices
from agent.state import Found
from agent.structured.shapes import tokens_of
from agent.structured.sides import Comparison
from agent.weaving import Shown
from pincite.answer_form import Form
from pincite.answers import (
    AnswerId,
    CheckedSentence,
    Citation,
    DrawnPicture,
    ModelUse,
    Quote,
    RefusalReason,
    Voice,
)
from pincite.asking import AS_EVER, Wishes
from pincite.conflicts import Conflict
from pincite.egress import Allowed
from pincite.elements import PassageId, Scope
from pincite.errors import UnknownSource
from pincite.evidence import Coverage, Evidence
from pincite.grounding.memory import RememberingEncoder
from pincite.models.answering import answering
from pincite.models.ports import ChatModel, Numbered
from pincite.structured import Structured

logger = logging.getLogger("pincite.agent")
_PROMPTS: Final = {
    Form.SHORT: "write",
    Form.QUOTES: "write",
    Form.EXPLANATION: "explain",
    Form.TABLE: "table",
    Form.COMPARISON: "compare",
    Form.JSON: "json",
}
_LENGTHS: Final = {Form.EXPLANATION: 2, Form.TABLE: 3}
"""How often as long as a short answer one may be."""


@dataclass(slots=True)
class Run:
    """The run-time context of the graph; text of documents lives here, for one question."""

    services: AgentServices
    encoder: RememberingEncoder
    scope: Scope
    wishes: Wishes = AS_EVER
    allowed: Allowed = field(default_factory=Allowed)
    """Where its text may be sent."""
    language: str = "en"
    """Of the question, and so of the answer; ISO 639-1."""
    answering: ChatModel | None = field(init=False)
    """The model that may read it."""
    began: float = field(default_factory=time.monotonic)
    answer_id: AnswerId = field(default_factory=lambda: AnswerId(uuid4().hex))
    coverage: Coverage = field(default_factory=Coverage)
    known: dict[PassageId, Evidence] = field(default_factory=dict[PassageId, Evidence])
    scored: list[Candidate] = field(default_factory=list[Candidate])
    chosen: list[Candidate] = field(default_factory=list[Candidate])
    """What is quoted, in the order of `quotes`."""
    quotes: tuple[Quote, ...] = ()
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Numbered, ...] = ()
    block: str = ""
    """The evidence as the prompt has it."""
    shown: tuple[Shown, ...] = ()
    """What a model that sees is shown of it."""
    comparison: Comparison | None = None
    """What is compared, where sources are."""
    looked_for: dict[str, list[Candidate]] = field(default_factory=dict[str, list[Candidate]])
    """Sentences for each thing that the answer has a place for, best first."""
    sentences: list[CheckedSentence] = field(default_factory=list[CheckedSentence])
    data: Structured | None = None
    """The sentences, taken apart, where their form has places."""
    conflicts: tuple[Conflict, ...] = ()
    """Where sources say different things."""
    ready: Ready | None = None
    """The answer, where code can make it from what was found."""
    said_not_found: bool = False
    gathered: Gathered = field(default_factory=Gathered)
    """What a model was shown by its tools."""
    gathering: ModelUse = field(default_factory=ModelUse)
    """What that took."""
    asked: str = ""
    """The whole question, where a picture is asked for in a part of it."""
    to_draw: str | None = None
    """What a model that calls tools is left to draw; empty where the asker does not say what."""
    pictures: tuple[DrawnPicture, ...] = ()
    refused_because: str = ""
    """Why what was asked for cannot be done, as a sentence for the reader."""
    missing: tuple[str, ...] = ()
    """Parts of the question that what was found likely does not answer."""
    voice: Voice = Voice.QUOTES
    use: ModelUse = field(default_factory=ModelUse)
    reason: RefusalReason = RefusalReason.NO_EVIDENCE
    recalled_by: str = ""
    """By what the answer is known again; empty where it is not to be."""
    degraded: bool = False
    """A configured part did not work, so the next answer may be better."""
    notice: str = ""
    """That part, as a sentence for the reader."""
    exhausted: bool = False
    """Every file was looked at."""
    steps: list[str] = field(default_factory=list[str])
    """A clause for each thing that was done, for the record."""

    def __post_init__(self) -> None:
        services = self.services
        self.answering = answering(services.chat, services.stand_in, self.allowed)
        if told := held_back(services, self.allowed, self.answering):
            self.tell(told)
            self.steps.append("sent nothing to another machine, by the rule of the collection")

    @property
    def chat(self) -> ChatModel | None:
        """None where quotes are the answer."""
        return None if self.wishes.form is Form.QUOTES else self.answering

    def tell(self, sentence: str) -> None:
        """Of what did not work as configured, for the reader."""
        self.notice = f"{self.notice} {sentence}".strip()

    @property
    def used(self) -> ModelUse:
        """What the model did, gathering and writing together."""
        use, before = self.use if self.use.model else self.gathering, self.gathering
        if use is before or not before.model:
            return use
        costs = [each.cost_usd for each in (before, use) if each.cost_usd is not None]
        return use.model_copy(
            update={
                "prompt_tokens": before.prompt_tokens + use.prompt_tokens,
                "output_tokens": before.output_tokens + use.output_tokens,
                "prompt_version": f"{before.prompt_version}, {use.prompt_version}",
                "cost_usd": sum(costs) if costs else None,
            }
        )

    @property
    def gathers(self) -> bool:
        """Whether the model itself decides what to search, open and compute."""
        return self.chat is not None and self.chat.calls_tools

    @property
    def instructions(self) -> Prompt:
        """By which the answer is written."""
        return prompt(_PROMPTS[self.form])

    @property
    def form(self) -> Form:
        """As wished; a short answer to what compares sources is a comparison."""
        may_compare = self.wishes.form in (Form.SHORT, Form.TABLE)
        return Form.COMPARISON if self.comparison and may_compare else self.wishes.form

    @property
    def answer_tokens(self) -> int:
        """At most; what is more than a sentence or two may be longer."""
        usual = self.services.settings.answer_tokens
        if (shape := self.wishes.shape) is not None:
            return min(max(usual, tokens_of(shape)), 4 * usual)
        return usual * _LENGTHS.get(self.form, 1)

    @property
    def deadline(self) -> float:
        """On the clock of the running event loop."""
        spent = time.monotonic() - self.began
        return asyncio.get_running_loop().time() + self.services.settings.seconds - spent

    async def evidence_for(self, found: Sequence[Found]) -> list[Evidence]:
        """The evidence behind the ids of the state, read again where this run did not see it."""
        missing = [PassageId(f["passage"]) for f in found if f["passage"] not in self.known]
        if missing:
            await asyncio.to_thread(self._read_again, missing, found)
        known = [self.known.get(PassageId(f["passage"])) for f in found]
        return [item for item in known if item is not None]

    def _read_again(self, missing: Sequence[PassageId], found: Sequence[Found]) -> None:
        library = self.services.library
        by_id = {PassageId(f["passage"]): (rank, f) for rank, f in enumerate(found, 1)}
        for id_, (passage, elements) in library.passages(missing).items():
            rank, entry = by_id[id_]
            try:
                source = library.source(passage.source, self.scope)
            except UnknownSource:
                continue
            self.known[id_] = Evidence(
                passage=passage,
                elements=elements,
                source=source,
                score=entry["score"],
                rank=rank,
                found_by=tuple(entry["found_by"]),
                similarity=entry["similarity"],
            )
