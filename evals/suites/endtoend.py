"""How far can a verdict be trusted, from a file as it was read to the claim that is shown?

Two kinds of claims, checked by what ships against what its own readers, OCR and speech recognition
made of the files:
- pairs: a right claim made of gold annotations, and twins of it that are wrong in one place (see
  `evals.claim_pairs`), held against all that was read on the page, the right element being cited;
- answers: the claims of real answers that tell the gold, and those that reply otherwise (see
  `evals.claim_truth`); claims of which gold tells neither do not count.

By medium, and `all`, every claim counting once:
- `false_support`: of the wrong claims, those shown as supported. `supported_share`: of the right
  ones. `not_checkable_share`: of both, those that are shown as such.
- `joint`: of the questions, those with an answer that is right (`evals.scorers.answers`), of which
  the claim that tells it is supported and cites a gold page. A refusal is not right.
- `answer_right`, `answer_rate`: of the same questions.

Compared are the rules alone where more ships, similarity and shared words on the same claims, and
the mode without a language model on the same questions. Slices: `pairs`, `answers`, each set, each
way of turning a claim wrong. Intervals by the bootstrap over files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from evals.asked_sets import STANDARD, TABLES, AskedSet, asked_set
from evals.asking import Asking, Dealt
from evals.claim_pairs import pairs_of
from evals.endtoend_figures import (
    Held,
    Tried,
    cases,
    claim_figures,
    none,
    of_answers,
    of_pairs,
    question_figures,
)
from evals.pair_checks import PairLabels, checked
from evals.refusing import QUOTES
from evals.results import PRODUCT, Case, Result
from evals.suites import Context
from evals.twins import Pair
from pincite.config import NoChat


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    sets = [found for name in (*STANDARD, TABLES) if (found := asked_set(context, name))]
    if not sets:
        yield from none("no folder of a set with answers in --data")
        return
    with asyncio.Runner() as runner:
        with Asking(context, runner) as asking:
            unread = asking.fill(sets)
            mute = asking.is_mute
            held = [each for set_ in sets for each in _held(context, asking, set_)]
            dealt = [] if mute else _asked(asking, sets)
            systems = list(asking.checkers)
        with Asking(context, runner, quotes=True) as asking:
            quoted = _asked(asking, sets)
    tried = Tried(context, tuple(sets), tuple(unread))
    claims = [*of_pairs(held), *of_answers(dealt)]
    yield from claim_figures(tried, claims, systems)
    yield from question_figures(tried, PRODUCT, dealt, mute)
    if not isinstance(context.settings.chat, NoChat):
        yield from question_figures(tried, QUOTES, quoted)
    yield from cases(held, dealt, PRODUCT)
    yield from cases((), quoted, QUOTES)


def _asked(asking: Asking, sets: Sequence[AskedSet]) -> list[Dealt]:
    return [dealt for each in sets for dealt in asking.dealt(each)]


def _held(context: Context, asking: Asking, set_: AskedSet) -> Iterator[Held]:
    """The pairs of a set; with a limit, so many."""
    pairs = pairs_of(set_)
    checkers = "+".join(checker.id for checker in asking.checkers.values())
    for pair in context.sample(pairs, lambda each: each.id, len(pairs)):
        if context.out_of_time:
            return

        def make(pair: Pair = pair) -> PairLabels:
            return checked(asking, set_.name, pair)

        labels = context.once(PairLabels, f"{checkers}/{pair.id}", make)
        yield Held(set_.name, pair, labels)
