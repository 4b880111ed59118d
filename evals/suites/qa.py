"""Is the right answer told, and what does it cost? Real answers of what ships, beside simpler ways.

- `score`: share of the questions that are answered rightly; a refusal is right where the set says
  that there is no answer (some questions of MMLongBench-Doc and SQuAD), and only there.
  MMLongBench-Doc by its own rules (`evals.scorers.mmlongbench`), the others by those of
  `evals.scorers.answers`: FinanceBench's figures as exactly as the gold is written, or within one
  hundredth. Slices: by form, by field of a receipt, and by whether there is an answer.
- `mmlongbench_doc.f1`: that of the set, of scores over questions with an answer and over answers.
- SQuAD, whose questions are put to all articles at once: `f1` and `correct_refusals` of questions
  with and without an answer; `em` and `f1_added` count only those words of an answer that its
  question does not have, as it is told in a full sentence.
- `answer_rate`, and `seconds_per_answer`: from question to checked answer, refusals included,
  models loaded. `prompt_tokens`, `output_tokens`: of the language model, for each question.
- `wrong`, `refused`: questions. `wrong_supported`: wrong answers of which a claim is shown as
  supported; `wrong_supported_own_words`: and is no quotation. One-shot generation has no verdicts:
  all that it says is shown alike, so `wrong` is to be compared.
- `score_gain`: the agent's score less that of one-shot generation on the same questions; paired
  bootstrap. `pooled` are FinanceBench and MMLongBench-Doc together.

Compared are the mode without a language model, one-shot generation by the same model from the
passages that the product's own search puts first (`evals.one_shot`), and the agent without one of
its steps (`evals.ablations`); in the standard profile steps are taken away for the first questions
of each kind of each set, and one-shot generation is asked those of SQuAD and receipts only. What is
said to the model is mostly the same for these, and read only once: they have no times.

Which questions are asked, and of which files, says `evals.asked_sets`; the answers are those of the
suites `citations` and `endtoend` where these are run together with this one. Intervals by the
bootstrap over files, `f1` of MMLongBench-Doc and gains over questions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from evals.ablations import ABLATIONS
from evals.asked_sets import AskedSet, asked_set
from evals.asking import Asking, Dealt, Way, shared_fields
from evals.datasets.answerable import Answerable
from evals.one_shot import ONE_SHOT, one_shot
from evals.qa_figures import PAIRED, SUITE, figures, gains, none
from evals.refusing import QUOTES
from evals.results import PRODUCT, Case, Result
from evals.suites import Context
from pincite.config import NoChat

__all__ = ["SUITE", "run"]
SETS: Final = ("financebench", "mmlongbench_doc", "squad", "sroie")
BESIDE: Final = 8
"""Questions with and without an answer that one-shot generation is asked of the other sets."""
WITHOUT_A_STEP: Final = 3
"""Questions with and without an answer, of each set, that ablations are asked."""
Answers = dict[str, list[Dealt]]
"""By set."""


class Given(NamedTuple):
    by_system: dict[str, Answers]
    unread: list[str]
    mute: str
    """Why no language model answered although one is configured; else empty."""


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    sets = [found for name in SETS if (found := asked_set(context, name))]
    for name in SETS:
        if name not in {each.name for each in sets}:
            yield from none(name, f"no folder {name} in --data")
    if not sets:
        return
    given = _given(context, sets)
    for each in sets:
        more = shared_fields(context, given.unread, each.total + each.unanswerable_total)
        if given.mute:
            yield from none(each.name, given.mute)
        for system, answers in given.by_system.items():
            told = {**_sampled(context, system), **more}
            yield from _told(context, each.name, system, answers[each.name], told)
    if PRODUCT in given.by_system and ONE_SHOT in given.by_system:
        more = {"reason": f"ours less {ONE_SHOT}; paired bootstrap"}
        more |= shared_fields(context, given.unread, 0)
        yield from gains(given.by_system[PRODUCT], given.by_system[ONE_SHOT], more, context.seed)


def _given(context: Context, sets: Sequence[AskedSet]) -> Given:
    """Set by set, single steps last: a run that is cut has what matters most."""
    by_system: dict[str, Answers] = {}
    with asyncio.Runner() as runner:
        with Asking(context, runner) as asking:
            unread, mute = asking.fill(sets), asking.is_mute
            has_model = asking.opened.chat is not None
            if not mute:
                by_system[PRODUCT] = {}
            if has_model:
                by_system[ONE_SHOT] = {}
            for each in sets:
                for system, answers in by_system.items():
                    answers[each.name] = _asked(context, asking, each, system)
        if not isinstance(context.settings.chat, NoChat):
            with Asking(context, runner, quotes=True) as asking:
                quoted = {each.name: _asked(context, asking, each, QUOTES) for each in sets}
            by_system[QUOTES] = quoted
        if has_model:
            with Asking(context, runner) as asking:
                by_system |= _without_steps(context, asking, sets)
    return Given(by_system, unread, mute)


def _told(
    context: Context, name: str, system: str, dealt: Sequence[Dealt], more: Mapping[str, object]
) -> Iterator[Result | tuple[str, Case]]:
    for item in figures(name, system, dealt, more, context.seed):
        metric = item.metric if isinstance(item, Result) else ""
        no_time = metric == "seconds_per_answer" and system in _NAMES
        no_verdict = metric.startswith("wrong_supported") and system == ONE_SHOT
        if not (no_time or no_verdict):
            yield item


_NAMES: Final = frozenset(way.name for way in ABLATIONS)


def _asked(context: Context, asking: Asking, set_: AskedSet, system: str) -> list[Dealt]:
    way, asked, none = None, set_.asked, set_.unanswerable
    if system == ONE_SHOT:
        way = Way(ONE_SHOT, one_shot)
        if set_.name not in PAIRED and context.profile == "standard":
            asked, none = asked[:BESIDE], none[:BESIDE]
    dealt = (asking.dealt_one(set_.name, each, way) for each in chain(asked, none))
    return [each for each in dealt if each is not None]


def _without_steps(
    context: Context, asking: Asking, sets: Sequence[AskedSet]
) -> dict[str, Answers]:
    """All ways in turn for each question: what the model read it need not read again."""
    found: dict[str, Answers] = {way.name: {} for way in ABLATIONS}
    for each in sets:
        for answers in found.values():
            answers[each.name] = []
        for asked in _few(context, each.asked) + _few(context, each.unanswerable):
            for way in ABLATIONS:
                if (dealt := asking.dealt_one(each.name, asked, way)) is not None:
                    found[way.name][each.name].append(dealt)
    return found


def _few(context: Context, asked: Sequence[Answerable]) -> list[Answerable]:
    many = {"smoke": 1, "standard": WITHOUT_A_STEP, "full": len(asked)}[context.profile]
    return list(asked[:many])


def _sampled(context: Context, system: str) -> dict[str, object]:
    if system not in _NAMES or context.profile == "full":
        return {}
    return {"reason": "the first questions of each kind, in the order of the sample"}
