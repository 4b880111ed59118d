"""Who checks claims in the suite `grounding`: what ships, and what it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Final, NamedTuple

from evals.plain_checkers import CUTS, OVERLAP, SIMILARITY, OverlapChecker, SimilarityChecker
from evals.results import PRODUCT
from evals.suites import Context
from pincite.checking import Checking, WholeCheck
from pincite.config import LlamaCppChat
from pincite.grounding.judged import JudgeChecker
from pincite.grounding.memory import remembering
from pincite.grounding.rules import RuleChecker
from pincite.grounding.shipped import Cut, shipped_checker
from pincite.models.factory import chat_model, text_encoder
from pincite.models.store import ModelStore
from pincite.values import Value

RULES: Final = "rules only"
JUDGE: Final = "judge"
"""With the name of the model behind it."""


class System(NamedTuple):
    name: str
    checking: Checking
    cut: Cut


class Checked(Value):
    """What one system says of one answer."""

    whole: WholeCheck
    seconds: float


def systems(context: Context) -> list[System]:
    """What ships first; rules only where more than rules ships."""
    store = ModelStore(context.settings.models)
    encoder = remembering(text_encoder(context.settings.encoder, store))
    shipped, rules = Checking(shipped_checker(encoder)), Checking(RuleChecker(encoder))
    alone = [System(RULES, rules, rules.cut)] if rules.id != shipped.id else []
    return [
        System(PRODUCT, shipped, shipped.cut),
        *alone,
        System(OVERLAP, Checking(OverlapChecker()), CUTS[OVERLAP]),
        System(SIMILARITY, Checking(SimilarityChecker(encoder)), CUTS[SIMILARITY]),
    ]


def judge(context: Context) -> System | None:
    """The local language model; None where there is none, or another kind is configured."""
    settings, store = context.settings.chat, ModelStore(context.settings.models)
    if not isinstance(settings, LlamaCppChat) or settings.file or not store.has(settings.model):
        return None
    chat = chat_model(settings, store)
    if chat is None:
        return None
    checking = Checking(JudgeChecker(chat))
    return System(f"{JUDGE}, {chat.name}", checking, checking.cut)


class Asked(NamedTuple):
    """An answer to be checked."""

    id: str
    """Names it within the whole suite."""
    answer: str
    contexts: Sequence[str]
    question: str = ""


def checked(context: Context, system: System, asked: Asked) -> Checked:
    """A run that is resumed checks nothing twice."""

    def make() -> Checked:
        began = perf_counter()
        whole = system.checking.whole(asked.answer, asked.contexts, asked.question)
        return Checked(whole=whole, seconds=perf_counter() - began)

    return context.once(Checked, f"{asked.id}/{system.checking.id}", make)
