"""Questions to what ships, and what was answered; asked once for all suites of a run."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from time import perf_counter
from typing import Final, NamedTuple

from pydantic import Field

from evals.asked_sets import AskedSet
from evals.checking_systems import RULES
from evals.datasets.answerable import Answerable
from evals.datasets.pages import Page
from evals.page_library import READERS, fill
from evals.plain_checkers import OVERLAP, SIMILARITY, OverlapChecker, SimilarityChecker
from evals.results import PRODUCT
from evals.suites import Context
from pincite.answers import Answer, Answered, CheckedClaim, Citation, Label
from pincite.config import NoChat, Settings
from pincite.elements import Scope, SourceId
from pincite.errors import ModelUnavailable, PinciteError
from pincite.events import Failed, Finished
from pincite.evidence import Evidence
from pincite.grounding.memory import remembering
from pincite.grounding.rules import RuleChecker
from pincite.grounding.shipped import shipped_checker
from pincite.grounding.words import folded
from pincite.locators import Locator, PageBox
from pincite.models.ports import ClaimChecker, Numbered, TextEncoder
from pincite.values import Value
from serving.bootstrap import Services, services

_SAID: Final = re.compile(r'the source says: "(.*)"\.?\Z')
"""How a contradicted sentence is replaced by what its source says; folded."""
FOUND: Final = 10
"""Passages whose pages are kept beside an answer."""


class ToldClaim(Value):
    """A claim of an answer, as it is shown."""

    text: str
    label: Label
    cites: tuple[Page, ...]
    is_quote: bool
    """Word for word in what was shown to the checker."""
    others: dict[str, Label] = Field(default_factory=dict[str, Label])
    """What other checkers say of it, by system."""


class Reply(Value):
    """What became of one question."""

    found: tuple[Page, ...]
    """Pages that search put forward, best first."""
    text: str
    """Without marks of verdicts; empty where it was refused."""
    claims: tuple[ToldClaim, ...]
    seconds: float
    prompt_tokens: int = 0
    output_tokens: int = 0

    @property
    def cited(self) -> tuple[Page, ...]:
        """Where the answer points, each page once."""
        return tuple(dict.fromkeys(page for claim in self.claims for page in claim.cites))


class Said(NamedTuple):
    """What a system says that neither cites nor checks."""

    text: str
    """Empty where it says that it does not know."""
    prompt_tokens: int = 0
    output_tokens: int = 0


Ask = Callable[[Services, str, Scope], Awaitable[Answer | Said]]


class Way(NamedTuple):
    """How questions are answered."""

    name: str
    """Of the system, as figures have it."""
    ask: Ask


class Dealt(NamedTuple):
    asked: Answerable
    reply: Reply | None
    """None where it failed."""
    why: str = ""


class Asking:
    """The services over the run's one library, within a block; questions are asked at most once."""

    def __init__(self, context: Context, runner: asyncio.Runner, *, quotes: bool = False) -> None:
        self._context, self._runner = context, runner
        self._mode = "quotes" if quotes else "shipped"
        self._stack = AsyncExitStack()
        self._settings = _settings(context, quotes=quotes)
        self._warm = False
        self._known: dict[str, dict[str, SourceId]] = {}

    def __enter__(self) -> Asking:
        opening = self._stack.enter_async_context(services(self._settings))
        self.opened: Services = self._runner.run(opening)
        self.checkers = checkers(self.opened.encoder)
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._stack.aclose())

    def fill(self, sets: Sequence[AskedSet]) -> list[str]:
        """Read what is not yet read; what was refused or failed."""
        files = {each.name: each.files for each in sets}
        go_on = lambda: not self._context.out_of_time  # noqa: E731
        return self._runner.run(fill(self.opened.service, files, go_on))

    def dealt(self, set_: AskedSet) -> list[Dealt]:
        """The questions of a set in order, as far as the time suffices."""
        asked = ((each, self.dealt_one(set_.name, each)) for each in set_.asked)
        return [dealt for _, dealt in asked if dealt is not None]

    def dealt_one(self, collection: str, asked: Answerable, way: Way | None = None) -> Dealt | None:
        """One question by what ships, or another way; None where the time is spent."""
        if self._context.out_of_time:
            return None

        def make() -> Reply:
            return self._runner.run(self._reply(collection, asked, way.ask if way else shipped))

        try:
            key = f"{way.name if way else self._mode}/{asked.id}"
            return Dealt(asked, self._context.shared.once(Reply, key, make))
        except PinciteError as exc:
            return Dealt(asked, None, str(exc))

    @property
    def is_mute(self) -> str:
        """Why there are no answers of a language model although one is configured; else empty."""
        if self.opened.chat is None and not isinstance(self._settings.chat, NoChat):
            return "there is no language model; run: pincite models pull"
        return ""

    def pages(self, collection: str) -> dict[str, int]:
        """How many each file has, as far as it was read."""
        scope = Scope(principals=READERS, collections=frozenset({collection}))
        told = self._runner.run(self.opened.service.sources(scope))
        return {each.source.name: each.units_total for each in told}

    def sources(self, collection: str) -> dict[str, SourceId]:
        """By file name."""
        if collection not in self._known:
            scope = Scope(principals=READERS, collections=frozenset({collection}))
            names = self.opened.library.texts.names(scope)
            self._known[collection] = {name: source for source, name in names}
        return self._known[collection]

    def scope(self, collection: str, file: str) -> Scope:
        """One file of a collection, or all where `file` is empty or was not read."""
        source = self.sources(collection).get(file)
        return Scope(
            principals=READERS,
            collections=frozenset({collection}),
            sources=frozenset({source} if source else ()),
        )

    async def _reply(self, collection: str, asked: Answerable, ask: Ask) -> Reply:
        if not self._warm:
            await self.opened.warm_up()
            self._warm = True
        scope = self.scope(collection, asked.file)
        search = self.opened.retriever.search
        hits = await asyncio.to_thread(search, asked.question, scope, keep=FOUND)
        began = perf_counter()
        answer = await ask(self.opened, asked.question, scope)
        seconds = perf_counter() - began
        claims, text = (), ""
        if isinstance(answer, Said):
            text, use = answer.text, answer
        else:
            use = answer.model
        if isinstance(answer, Answered):
            claims = await asyncio.to_thread(self._claims, answer)
            text = " ".join(sentence.text for sentence in answer.sentences)
        return Reply(
            found=tuple(dict.fromkeys(page for hit in hits for page in _pages_of(hit))),
            text=text,
            claims=claims,
            seconds=seconds,
            prompt_tokens=use.prompt_tokens,
            output_tokens=use.output_tokens,
        )

    def _claims(self, answer: Answered) -> tuple[ToldClaim, ...]:
        places = {citation.number: _pages(citation) for citation in answer.citations}
        shown = answer.record.shown if answer.record else ()
        known = self.opened.library.texts.elements([each.element for each in shown])
        evidence = [
            Numbered(
                number=each.number,
                element=known[each.element],
                source_name=self.opened.library.texts.source(known[each.element].source).name,
            )
            for each in shown
            if each.element in known
        ]
        texts = [folded(item.element.text) for item in evidence]
        return tuple(
            self._told(checked, places, evidence, texts)
            for sentence in answer.sentences
            for checked in sentence.claims
        )

    def _told(
        self,
        checked: CheckedClaim,
        places: Mapping[int, Sequence[Page]],
        evidence: Sequence[Numbered],
        texts: Sequence[str],
    ) -> ToldClaim:
        claim = checked.claim
        bare = _SAID.sub(r"\1", folded(claim.text)).rstrip(" .")
        return ToldClaim(
            text=claim.text,
            label=checked.verdict.label,
            cites=tuple(dict.fromkeys(p for n in claim.cites for p in places.get(n, ()))),
            is_quote=any(bare in text for text in texts),
            others={
                name: checker.check(claim, evidence).label
                for name, checker in self.checkers.items()
                if name != PRODUCT
            },
        )


async def shipped(opened: Services, question: str, scope: Scope) -> Answer:
    """Raises ModelUnavailable where no answer came to its end."""
    async with aclosing(opened.service.ask(question, scope)) as events:
        last = [event async for event in events][-1]
    match last:
        case Finished(answer=answer):
            return answer
        case Failed(message=message):
            raise ModelUnavailable(message)
        case _:
            raise ModelUnavailable("the answer ended before it was complete")


def shared_fields(context: Context, unread: Sequence[str], total: int) -> dict[str, object]:
    """Of all figures about the questions of a set, of which there are `total`."""
    more: dict[str, object] = {"n_total": total}
    if unread:
        more["reason"] = f"{len(unread)} files or parts of files could not be read"
    if context.out_of_time:
        more |= {"status": "partial", "reason": "the time budget was spent"}
    return more


def checkers(encoder: TextEncoder) -> dict[str, ClaimChecker]:
    """By system: the one that ships, and what it is compared with."""
    remembered = remembering(encoder)
    shipped, rules = shipped_checker(remembered), RuleChecker(remembered)
    return {
        PRODUCT: shipped,
        **({RULES: rules} if rules.id != shipped.id else {}),
        OVERLAP: OverlapChecker(),
        SIMILARITY: SimilarityChecker(remembered),
    }


def _settings(context: Context, *, quotes: bool) -> Settings:
    folder = context.shared.folder or context.scratch
    update: dict[str, object] = {"data_dir": folder / "library"}
    if quotes:
        update["chat"] = NoChat()
    return context.settings.model_copy(update=update)


def _pages(citation: Citation) -> list[Page]:
    return _places(citation.source_name, citation.locators)


def _pages_of(hit: Evidence) -> list[Page]:
    if hit.passage.page is not None:
        return [Page(hit.source.name, hit.passage.page)]
    return [Page(hit.source.name, 1)]


def _places(name: str, locators: Sequence[Locator]) -> list[Page]:
    numbers = [at.page for at in locators if isinstance(at, PageBox)]
    return [Page(name, number) for number in dict.fromkeys(numbers or [1])]
